"""The Neuron page: a line learns two points, step by step or all at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Welcome
from tests.browser.fresh import same_as_fresh
from tests.browser.look import MEASURE, nothing_wrong
from tests.browser.test_accessibility import HEADERLESS, violations
from tests.browser.test_looks import DESKS, PHONES, name
from tests.browser.visitor import Visitor, available, unavailable
from tests.web.markup import agrees

# The lab's sequence (cells 18–33): after each step w, b; before it the point, what was said there, and its loss.
SEQUENCE = [
    {"point": 0, "prediction": 0, "loss": 1, "grad.w": 0, "grad.b": -2, "w": 0, "b": 0.2},
    {"point": 1, "prediction": 0.2, "loss": 7.84, "grad.w": -5.6, "grad.b": -5.6, "w": 0.56, "b": 0.76},
    {"point": 0, "prediction": 0.76, "loss": 0.0576, "grad.w": 0, "grad.b": -0.48, "w": 0.56, "b": 0.808},
]


@pytest.fixture
def lab(visitor: Visitor) -> Visitor:
    return visitor.open("/neuron")


def test_the_labs_sequence_number_by_number(lab: Visitor) -> None:
    for step, wanted in enumerate(SEQUENCE, 1):
        lab.key("PageDown")
        lab.sees(f"Step {step}:")
        expect(lab.at(f"point-{wanted['point']}")).to_have_attribute("aria-pressed", "true")
        for number in ("prediction", "loss", "grad.w", "grad.b"):
            assert agrees(lab.number(f"neuron:old.{number}").inner_text(), wanted[number]), number
        for number in ("w", "b"):
            assert agrees(lab.page.locator(f"#panel-answer [data-at='neuron:{number}']").inner_text(), wanted[number])
    assert lab.page.locator("#panel-path .dots circle").count() == 4
    lab.key("PageDown")
    lab.sees("Step 4:")
    assert agrees(lab.number("neuron:old.prediction").inner_text(), 1.368)
    assert agrees(lab.number("neuron:old.loss").inner_text(), 2.663424)


def test_every_number_of_the_neuron_can_be_typed_over(lab: Visitor) -> None:
    typing = (("w", "2", 2), ("b", "0,5", 0.5), ("x", "−1", -1), ("y", "3", 3))
    for revision, (field, typed, value) in enumerate(typing, 1):
        lab.at(field).fill(typed)
        lab.at(field).press("Enter")
        lab.sees_revision(revision)
        assert agrees(lab.at(field).input_value(), value)
    assert agrees(lab.number("neuron:prediction").inner_text(), -1.5)
    lab.watch.allow("422")
    lab.at("w").fill("much")
    lab.at("w").press("Enter")
    expect(lab.at("notice")).to_contain_text("w: a number from")
    expect(lab.at("w")).to_have_value("2")
    same_as_fresh(lab)


def test_points_come_and_go(lab: Visitor) -> None:
    lab.press("add-point")
    lab.sees("A new point (2, 2)")
    expect(lab.at("point-2")).to_have_attribute("aria-pressed", "true")
    assert lab.page.locator("#panel-line .point").count() == 3
    lab.press("point-0")
    lab.sees("Point (0, 1):")
    lab.press("remove-point")
    lab.sees("A point less")
    lab.press("remove-point")
    lab.sees("1 is left")
    unavailable(lab.at("remove-point"))
    lab.press("undo")
    lab.sees_revision(5)
    assert lab.page.locator("#panel-line .point").count() == 2
    same_as_fresh(lab)


def test_solve_and_descend_stand_side_by_side(lab: Visitor) -> None:
    lab.press("step-10")
    lab.shows("solve")
    lab.sees("Two points, two unknowns: w is 2 and b is 1")
    assert lab.page.locator("#panel-work tbody tr").all_inner_texts() == [
        "solved\t2\t1\t0",
        "descent, 10 steps\t1.316\t1.399\t0.120",
    ]
    lab.press("solve")
    expect(lab.number("neuron:mean_loss")).to_have_text("0")
    unavailable(lab.at("solve"))
    lab.at("x").fill("1")
    lab.at("x").press("Enter")
    lab.sees("Both points have x = 1: the line would stand upright")
    expect(lab.at("panel-work")).to_contain_text("divided by 0")
    lab.shows("descend")
    same_as_fresh(lab)


def test_a_rate_that_diverges_is_one_click_away_and_so_is_the_way_back(lab: Visitor) -> None:
    lab.press("more")
    lab.press("rate-3")
    lab.sees("The rate is 0.8 now. Each round ends further away")
    lab.do("neuron-settings", rate=1e30)
    lab.do("neuron-step", steps=30)
    lab.page.reload()
    lab.sees("It diverged")
    unavailable(lab.at("step"))
    assert lab.page.locator("#panel-line .now-line").count() == 0
    lab.press("undo")
    available(lab.at("step"))
    same_as_fresh(lab)


def test_the_kink_has_no_derivative(lab: Visitor) -> None:
    lab.press("loss-absolute")
    lab.press("show-loss")
    expect(lab.at("panel-loss")).to_contain_text("none at 0. PyTorch takes 0.")
    assert lab.page.locator("#panel-loss .taken").count() == 1
    lab.press("show-surface")
    expect(lab.page.locator("#panel-loss.map")).to_be_visible()
    same_as_fresh(lab)


def test_a_number_that_is_pointed_at_says_where_it_comes_from(lab: Visitor) -> None:
    lab.press("step", "step")
    lab.sees("Step 2:")
    lab.number("neuron:old.grad.w").click()
    explanation = lab.at("panel-explanation")
    expect(explanation).to_contain_text("∂loss/∂w of the last step")
    expect(explanation.locator("strong")).to_have_text("−5.6000")
    expect(lab.at("x")).to_have_class("term")
    explanation.get_by_role("button", name="−2.80").click()
    expect(explanation).to_contain_text("Gap before the last step")
    lab.press("unpoint")
    lab.sees("Step 2:")
    same_as_fresh(lab)


def test_playing_and_scrubbing_are_those_of_every_lab(lab: Visitor) -> None:
    lab.press("play")
    lab.waits(lambda: lab.ask("neuron")["step"] >= 2, "two ticks")
    lab.press("play")
    expect(lab.at("play")).to_have_attribute("aria-label", "Play")
    lab.settle()
    lab.at("scrub").evaluate("scrub => { scrub.value = 1; scrub.form.requestSubmit(); }")
    lab.sees("This is step 1.")
    assert agrees(lab.page.locator("#panel-answer [data-at='neuron:b']").inner_text(), 0.2)
    same_as_fresh(lab)


def test_axe_finds_nothing_on_a_phone(phone: Visitor) -> None:
    assert violations(phone.open("/neuron")) == []


def situations(visitor: Visitor) -> list[tuple[str, list[str]]]:
    """Bring the page to one state after the other, and return what is wrong with how it looks, state by state."""
    desk = (visitor.page.viewport_size or PHONE)["width"] > PHONE["width"]
    wrong: list[tuple[str, list[str]]] = []

    def look(state: str, more: bool = False) -> None:
        visitor.page.reload()
        visitor.page.evaluate("() => document.fonts.ready.then(() => true)")
        if more:
            visitor.press("more")
        rules = {"desk": desk, "touch": 0 if desk else 44}
        wrong.append((state, visitor.page.evaluate(MEASURE, rules)))

    def do(state: str, *actions: tuple[str, dict[str, object]]) -> None:
        for action, fields in actions:
            visitor.do(f"neuron-{action}", **fields)
        look(state)

    look("first visit")
    do("a step", ("step", {"steps": 11}), ("step", {}))
    do("all, absolute", ("settings", {"teach": "all", "loss": "absolute"}), ("step", {}), ("show", {"plot": "loss"}))
    do("equal x", ("point", {"index": 0, "x": 1}), ("show", {"way": "solve", "plot": "surface"}))
    do("many points", *(("point", {"x": x, "y": y}) for x, y in ((2, 2.5), (-1.25, 0.5), (1, -1), (0.75, 4))))
    do("many, descend", ("show", {"way": "descend"}), ("settings", {"loss": "squared"}), ("step", {}))
    far = (("point", {"index": 0, "x": -123.456, "y": 98765.4}), ("point", {"index": 1, "x": 1e6, "y": -1e6}))
    do("far solve", *far, ("show", {"way": "solve"}), ("settings", {"turn": 0}))
    do("far, one", ("show", {"way": "descend"}), ("settings", {"teach": "one", "rate": 0.0125}), ("step", {}))
    look("far, more", more=True)
    do("diverged", ("settings", {"rate": 1e38}), ("step", {"steps": 20}))
    return wrong


@pytest.mark.parametrize("size", [*DESKS, *PHONES], ids=name)
def test_it_fits_the_screen(welcome: Welcome, size: tuple[int, int]) -> None:
    touch = size in PHONES
    viewport = {"width": size[0], "height": size[1]}
    visitor = welcome(viewport=viewport, has_touch=touch, is_mobile=touch).open("/neuron")
    nothing_wrong(situations(visitor))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(welcome: Welcome, scheme: str) -> None:
    visitor = welcome(color_scheme=scheme, reduced_motion="reduce").open("/neuron")
    visitor.press("step")
    visitor.sees("Step 1:")
    assert violations(visitor) == []
    assert visitor.page.evaluate(HEADERLESS) == []
    visitor.press("more")
    assert violations(visitor) == []
    visitor.do("neuron-show", way="solve", plot="loss")
    visitor.page.reload()
    assert violations(visitor) == []


def test_it_works_without_script(without_script: Visitor) -> None:
    visitor = without_script.open("/neuron")
    visitor.press("step")
    visitor.sees("Step 1: at point (0, 1) it said 1 too little, so b rises to 0.200; x is 0, so w stays.")
    visitor.at("w").fill("2")
    visitor.at("w").press("Enter")
    visitor.sees("A new start: w is 2")
    visitor.press("teach-all")
    visitor.press("loss-absolute")
    visitor.sees("Absolute loss")
