"""The Classifier page: the lab's sequence, W as cards, the worksheet, the derivation, autograd by hand."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Welcome
from tests.browser.fresh import same_as_fresh
from tests.browser.look import MEASURE
from tests.browser.test_accessibility import HEADERLESS, violations
from tests.browser.test_looks import DESKS, PHONES, name
from tests.browser.visitor import Visitor, unavailable


@pytest.fixture
def lab(visitor: Visitor) -> Visitor:
    return visitor.open("/classifier")


def reads(visitor: Visitor, address: str, text: str) -> None:
    expect(visitor.number(f"classifier:{address}")).to_have_text(text)


def test_the_labs_sequence_by_mouse(lab: Visitor) -> None:
    """Zeros, a tenth each, 2.303; a step; standard normal numbers."""
    lab.sees("All 260 numbers are 0")
    for digit in range(10):
        reads(lab, f"probabilities[{digit}]", "0.100")
    expect(lab.at("panel-answer")).to_contain_text("2.303")
    expect(lab.at("panel-answer")).to_contain_text("tied")
    reads(lab, "grad.logits[0]", "−0.90")
    reads(lab, "grad.logits[9]", "0.10")
    lab.press("step")
    lab.sees("From zeros every lit weight moved.")
    expect(lab.number("classifier:weight[0,1]")).to_have_value("0.09")
    expect(lab.number("classifier:weight[0,0]")).to_have_value("0")
    lab.press("more")
    lab.at("seed").fill("1")
    lab.press("start-normal")
    lab.sees("Standard normal numbers, seed 1.")
    expect(lab.at("panel-answer")).to_contain_text("6.129")
    lab.press("step", "step")
    lab.sees("Step 2: the loss fell from 4.509 to 2.969.")
    expect(lab.at("panel-entropy")).to_contain_text("(3.750 + ln 3.744) − 2.102 = 2.969")
    same_as_fresh(lab)
    lab.press("undo", "undo", "undo", "undo")
    lab.sees("Undone: step 0. The largest logits tie")


def test_by_keyboard_alone(lab: Visitor) -> None:
    lab.key("PageDown", "PageDown")
    lab.sees("Step 2:")
    lab.key("PageUp")
    lab.sees("Undone: step 1.")
    lab.number("classifier:weight[0,1]").focus()
    lab.key("ArrowDown")
    expect(lab.number("classifier:weight[0,6]")).to_be_focused()
    lab.key("Control+A", "2", "Period", "5", "Enter")
    lab.sees("weight[0,6] is 2.500 now, but its pixel is dark")
    expect(lab.number("classifier:weight[0,6]")).to_have_value("2.50")


def test_a_number_that_is_no_number_is_refused_and_the_field_says_what_holds(lab: Visitor) -> None:
    field = lab.number("classifier:bias[4]")
    field.fill("many")
    lab.watch.allow("422")
    field.press("Enter")
    expect(lab.at("notice")).to_contain_text("value: a number")
    expect(field).to_have_value("0")
    assert lab.settle().revision == 0


def test_a_press_opens_another_row_and_one_logit_is_worked_out(lab: Visitor) -> None:
    lab.do("classifier-initialise", start="normal", seed=1)
    lab.page.reload()
    lab.page.get_by_role("button", name="class 3: open its row of W").click()
    expect(lab.page.locator(".note")).to_contain_text("Row 3 of W")
    lab.press("tab-logit")
    reads(lab, "terms[3,0]", "0")
    strong = lab.page.locator(".adds strong")
    expect(strong).to_have_text(lab.number("classifier:logits[3]").inner_text())
    lab.press("pick-7")
    expect(strong).to_have_attribute("data-at", "classifier:logits[7]")
    same_as_fresh(lab)


def test_the_shift_off_shows_the_overflow(lab: Visitor) -> None:
    lab.press("more")
    lab.press("huge")
    lab.sees("−ln 0 would be ∞")
    lab.press("shift-off")
    lab.sees("exp 1000 is ∞ for the computer")
    reads(lab, "unshifted.exponentials[8]", "∞")
    reads(lab, "unshifted.probabilities[8]", "nan")
    expect(lab.at("panel-entropy")).to_contain_text("ln ∞ − 0 = ∞")
    lab.press("step")
    lab.press("shift-on")
    reads(lab, "probabilities[8]", "1")
    same_as_fresh(lab)


def test_the_derivation_unfolds(lab: Visitor) -> None:
    lab.press("tab-derivation")
    lines = lab.page.locator(".derivation li")
    for number in range(1, 10):
        expect(lines).to_have_count(number)
        expect(lines.nth(number - 1).locator("math")).to_have_count(2)
        if number < 9:
            lab.press("line-next")
    unavailable(lab.at("line-next"))
    expect(lab.number("classifier:jacobian[0,0]")).to_have_text("0.090")
    lab.press("tab-weights")
    expect(lab.at("panel-pad").locator("td button")).to_have_count(25)


def test_autograd_by_hand_and_by_pytorch(lab: Visitor) -> None:
    lab.press("tab-autograd")
    expect(lab.at("panel-aspect")).to_contain_text(re.compile(r"W\.grad\[0\] is None"))
    for text in ("−0.90", "−1.80"):
        lab.press("backward")
        reads(lab, "held.weight[0,1]", text)
    lab.sees("backward() again: the new gradients were added")
    lab.press("zero-grad")
    expect(lab.at("panel-aspect")).to_contain_text(re.compile(r"b\.grad is None"))
    lab.press("weight-off")
    lab.press("bias-off")
    lab.watch.allow("409")
    lab.press("backward")
    expect(lab.at("notice")).to_contain_text("does not require grad and does not have a grad_fn")
    lab.press("bias-on")
    rows = lab.page.locator("#panel-side tbody tr")
    expect(rows.first.locator("td").nth(1)).to_have_text("2.30258509299")  # PyTorch's, once it is there
    expect(lab.at("panel-side")).to_contain_text("forward and backward pass:")


def test_it_plays_until_it_is_paused(lab: Visitor) -> None:
    lab.press("play")
    lab.sees_it_play(3)
    lab.press("play")
    expect(lab.at("play")).to_have_attribute("aria-label", "Play")
    lab.settle()
    assert lab.ask("classifier")["step"] >= 2
    same_as_fresh(lab)


def test_what_is_typed_as_json_is_taken(lab: Visitor) -> None:
    lab.press("more")
    lab.at("typed-bias").fill("[0, 0, 0, 0, 5, 0, 0, 0, 0, 0]")
    lab.press("use-weights")
    lab.sees("Your own weights. It says 4, it should say 0")
    lab.press("step")
    lab.press("reset")
    expect(lab.number("classifier:bias[4]")).to_have_value("5.00")
    lab.press("more")
    lab.watch.allow("favicon")  # JSON names no icon
    lab.page.get_by_role("link", name="See all").click()
    lab.page.wait_for_url("**/api/v1/classifier")


def situations(visitor: Visitor) -> list[str]:
    """Bring the page to one state after the other, and return what is wrong with how it looks, state by state."""
    desk = (visitor.page.viewport_size or PHONE)["width"] > PHONE["width"]
    wrong = []

    def look(state: str) -> None:
        visitor.page.reload()
        visitor.page.evaluate("() => document.fonts.ready.then(() => true)")
        rules = {"desk": desk, "touch": 0 if desk else 44}
        wrong.extend(f"{state}: {fault}" for fault in visitor.page.evaluate(MEASURE, rules))

    look("first visit")
    visitor.do("classifier-step")
    look("from zeros")
    visitor.do("classifier-initialise", start="normal", seed=1)
    visitor.do("classifier-step", steps=2)
    for voices in ("both", "values"):
        visitor.do("classifier-show", voices=voices)
        look(voices)
    for aspect in ("shapes", "logit", "derivation", "autograd"):
        visitor.do("classifier-show", aspect=aspect, line=8, open=3)
        look(aspect)
    visitor.do("classifier-show", aspect="weights", shift=False)
    visitor.do("classifier-number", output=8, value=-12345.678)
    visitor.do("classifier-number", output=3, input=1, value=1000)
    look("large numbers, no shift")
    visitor.do("classifier-show", shift=True)
    visitor.do("classifier-settings", twice=True)
    visitor.press("more")
    look("softmax twice")
    return wrong


@pytest.mark.parametrize("size", [size for size in (*DESKS, *PHONES) if size != (1920, 1080)], ids=name)
def test_it_fits_the_screen(welcome: Welcome, size: tuple[int, int]) -> None:
    touch = size in PHONES
    viewport = {"width": size[0], "height": size[1]}
    visitor = welcome(viewport=viewport, has_touch=touch, is_mobile=touch).open("/classifier")
    assert situations(visitor) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(welcome: Welcome, scheme: str) -> None:
    visitor = welcome(color_scheme=scheme, reduced_motion="reduce").open("/classifier")
    visitor.do("classifier-initialise", start="normal", seed=1)
    visitor.do("classifier-step", steps=2)
    for aspect in ("shapes", "logit", "derivation", "autograd", "weights")[:: 1 if scheme == "light" else 2]:
        visitor.do("classifier-show", aspect=aspect, line=8)
        visitor.page.reload()
        assert violations(visitor) == [], aspect
        assert visitor.page.evaluate(HEADERLESS) == [], aspect
    visitor.press("more")
    assert violations(visitor) == []


def test_axe_finds_nothing_on_a_phone(phone: Visitor) -> None:
    assert violations(phone.open("/classifier")) == []


def test_it_works_without_script(without_script: Visitor) -> None:
    visitor = without_script.open("/classifier")
    visitor.press("step")
    visitor.sees("Step 1:")
    visitor.press("tab-derivation")
    visitor.press("line-next")
    expect(visitor.page.locator(".derivation li")).to_have_count(2)
    visitor.press("tab-autograd")
    visitor.press("backward")
    visitor.sees("backward() again")  # the step left its gradient
    visitor.press("undo")
    visitor.sees("Undone: step 1.")
