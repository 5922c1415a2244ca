"""The code beside the picture: opened by mouse and by keyboard alone, followed beat by beat, copied."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Welcome
from tests.browser.fresh import same_as_fresh
from tests.browser.look import MEASURE, nothing_wrong
from tests.browser.test_accessibility import violations
from tests.browser.test_convolution import meant
from tests.browser.test_looks import DESKS, PHONES, name
from tests.browser.visitor import Visitor

LABS = ("network", "convolution", "pooling", "activation", "neuron", "classifier")
NO_CLIPBOARD = "Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined })"


def code(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("region", name="The present step as code")


def lit(visitor: Visitor) -> Locator:
    return code(visitor).locator("[aria-current]")


IN_SIGHT = """() => {
  const pre = document.querySelector("#panel-code pre").getBoundingClientRect();
  return [...document.querySelectorAll("#panel-code [aria-current]")].some((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return top > pre.top - 1 && bottom < pre.bottom + 1;
  });
}"""


def test_by_mouse_the_lit_line_moves_with_the_beats(visitor: Visitor) -> None:
    visitor.open("/convolution")
    visitor.press("by-beat", "code")
    expect(lit(visitor)).to_contain_text("row, col = 0, 0")
    visitor.press("voice-numpy")
    for line in ("products = window * k", "out = products.sum()", "window = x[row:row + 3, col:col + 3]"):
        visitor.press("step")
        expect(lit(visitor)).to_contain_text(line)
        visitor.waits(lambda: visitor.page.evaluate(IN_SIGHT), "the lit line is in sight")
    same_as_fresh(visitor)
    visitor.press("code")
    expect(code(visitor)).to_have_count(0)
    expect(visitor.at("panel-aside")).to_be_visible()


def test_by_keyboard_alone(visitor: Visitor) -> None:
    visitor.key("d")
    expect(code(visitor)).to_be_visible()
    expect(visitor.sentence).not_to_be_visible()
    visitor.at("voice-python").focus()
    visitor.key("Tab", "Tab", "Enter")
    expect(visitor.at("voice-torch")).to_have_attribute("aria-pressed", "true")
    expect(lit(visitor)).to_contain_text("loss = F.cross_entropy(y, label)")
    expect(visitor.at("voice-torch")).to_be_focused()
    visitor.key("Tab", "Tab")  # over Copy
    expect(code(visitor)).to_be_focused()
    visitor.key("ArrowRight", "Space")  # scroll, and do not step
    assert visitor.settle().step == 0
    visitor.key("PageDown", "d")
    expect(code(visitor)).to_have_count(0)
    visitor.sees("Step 1:")


def test_the_switch_of_the_network_leads_the_light(visitor: Visitor) -> None:
    visitor.press("code", "voice-numpy")
    visitor.shows("backward")
    expect(lit(visitor)).to_contain_text("grad.logits[0] = ")
    visitor.press("stage-4")
    expect(lit(visitor)).to_contain_text("conv_grad = relu_grad * (conv > 0)")
    visitor.page.locator("#panel-linear [data-at='grad.fc.bias[0]']").click()
    expect(visitor.at("unpoint")).to_be_visible()  # what is pointed at comes first
    expect(code(visitor)).not_to_be_visible()
    visitor.at("unpoint").click()
    expect(code(visitor)).to_be_visible()
    visitor.shows("ledger")
    expect(lit(visitor)).to_contain_text("new = old - rate * gradient")
    same_as_fresh(visitor)


def test_copy_takes_the_code_along(welcome: Welcome) -> None:
    visitor = welcome(permissions=["clipboard-read", "clipboard-write"]).open("/pooling")
    visitor.press("step", "code", "voice-torch", "copy")
    expect(visitor.at("copied")).to_have_text("copied")
    copied = visitor.page.evaluate("() => navigator.clipboard.readText()")
    assert copied.splitlines() == visitor.ask("code/pooling", voice="torch")["lines"]


def test_where_there_is_no_clipboard_there_is_no_button_for_it(welcome: Welcome) -> None:
    visitor = welcome()
    visitor.page.add_init_script(NO_CLIPBOARD)
    visitor.open()
    visitor.press("code")
    expect(code(visitor)).to_be_visible()
    expect(visitor.at("copy")).not_to_be_visible()


def test_without_script_the_code_is_there_too(without_script: Visitor) -> None:
    visitor = without_script
    visitor.press("code", "voice-numpy", "step")
    expect(lit(visitor)).to_contain_text("loss = np.log(e.sum())")
    expect(visitor.at("copy")).not_to_be_visible()
    visitor.press("code")
    visitor.sees("Step 1:")


def test_a_prediction_has_the_place_of_the_code(visitor: Visitor) -> None:
    visitor.open("/activation")
    visitor.press("code", "show-true")
    expect(visitor.at("guess")).to_be_visible()
    expect(visitor.at("panel-code")).not_to_be_visible()
    visitor.press("show-false")
    expect(code(visitor)).to_be_visible()


def test_a_follower_sees_it_as_well_and_it_is_there_after_a_reload(visitor: Visitor) -> None:
    visitor.press("code", "step")
    expect(code(visitor.another_tab("/neuron"))).to_be_visible()
    visitor.page.reload()
    expect(code(visitor)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(welcome: Welcome, scheme: str) -> None:
    visitor = welcome(color_scheme=scheme, reduced_motion="reduce")
    for lab in LABS:
        visitor.open(f"/{lab}")
        visitor.do("code", voice="python")
        visitor.page.reload()
        assert violations(visitor) == [], lab


def faults(visitor: Visitor, phone: bool) -> list[str]:
    visitor.page.reload()
    visitor.page.evaluate("() => document.fonts.ready.then(() => true)")
    found = visitor.page.evaluate(MEASURE, {"desk": not phone, "touch": 44 if phone else 0})
    small = ("pooling:window", "panel-vector", "activation:")  # as in the tests of these labs
    return [
        fault for fault in found if not meant(fault) and not ("touch" in fault and any(at in fault for at in small))
    ]


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("size", DESKS + PHONES, ids=name)
def test_it_fits_and_can_be_read(welcome: Welcome, size: tuple[int, int], lab: str) -> None:
    phone = size in PHONES
    viewport = {"width": size[0], "height": size[1]}
    visitor = welcome(viewport=viewport, has_touch=phone, is_mobile=phone, reduced_motion="reduce").open(f"/{lab}")
    if lab in ("network", "neuron", "classifier"):
        visitor.do("step" if lab == "network" else f"{lab}-step", steps=3)
    else:
        visitor.do(f"{lab}-go", index=2)
    found = []
    for voice in ("python", "numpy", "torch"):
        visitor.do("code", voice=voice)
        found.append((voice, faults(visitor, phone)))
        assert visitor.page.evaluate(IN_SIGHT), voice
    if lab == "network":
        for voices in ("both", "backward", "gradients"):
            visitor.do("show", voices=voices)
            found.append((voices, faults(visitor, phone)))
    nothing_wrong(found)
