"""The Activation page: a vector goes through a function, number by number."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.playground.activation import LAB, LENGTH
from tests.browser.conftest import PHONE, Welcome
from tests.browser.look import MEASURE
from tests.browser.test_accessibility import HEADERLESS, violations
from tests.browser.test_looks import DESKS, PHONES, name
from tests.browser.visitor import Visitor, available, unavailable
from tests.web.markup import agrees


@pytest.fixture
def lab(visitor: Visitor) -> Visitor:
    return visitor.open("/activation")


def dots(visitor: Visitor) -> int:
    return visitor.page.locator("#panel-plot .value .dots circle").count()


def test_the_whole_vector_goes_through_by_keyboard_and_back(lab: Visitor) -> None:
    for index, x in enumerate(LAB):
        lab.key("PageDown")
        lab.sees(f"Number {index}:")
        assert agrees(lab.number(f"activation:output[{index}]").inner_text(), max(x, 0))
        assert dots(lab) == index
    unavailable(lab.at("step"))
    assert lab.page.locator("#panel-vector .masked").count() == 0
    lab.key("PageDown")
    assert lab.settle().revision == LENGTH
    for index in reversed(range(LENGTH - 1)):
        lab.key("PageUp")
        lab.sees(f"Number {index}:")
    lab.key("PageUp")
    lab.sees("Eight numbers go through a function")
    assert lab.page.locator("#panel-plot .now").count() == 0
    unavailable(lab.at("back"))


def test_by_beat_the_value_comes_last(lab: Visitor) -> None:
    lab.press("by-beat")
    expect(lab.at("by-beat")).to_have_attribute("aria-pressed", "true")
    for now in ("1 it goes in", "2 the function", "3 it comes out"):
        expect(lab.page.locator("#panel-beats [aria-current] span:visible")).to_have_text(now)
        lab.press("step")
    lab.sees("Number 1:")


def test_another_function_and_another_vector(lab: Visitor) -> None:
    lab.press("function-tanh")
    expect(lab.at("function-tanh")).to_have_attribute("aria-pressed", "true")
    lab.at("x-0").fill("40")
    lab.at("x-0").press("Enter")
    expect(lab.at("source-typed")).to_have_attribute("aria-pressed", "true")
    lab.press("step")
    lab.sees("tanh of 40 is 1, and its slope is 0: no gradient gets back through here.")
    lab.press("source-drawn")
    expect(lab.at("source-drawn")).to_have_attribute("aria-pressed", "true")
    lab.press("source-lab")
    expect(lab.at("x-6")).to_have_value("−1.49")
    lab.press("undo", "undo")
    expect(lab.at("x-0")).to_have_value("40")


def test_typed_means_the_same_numbers_to_be_changed(lab: Visitor) -> None:
    lab.press("source-typed")
    expect(lab.at("source-typed")).to_have_attribute("aria-pressed", "true")
    assert lab.ask("session")["revision"] == 1
    expect(lab.at("x-6")).to_have_value("−1.49")
    lab.at("x-6").focus()
    lab.key("ArrowDown")
    expect(lab.at("x-7")).to_be_focused()


def test_a_press_on_a_row_goes_there(lab: Visitor) -> None:
    lab.page.get_by_role("button", name="number 3: to come").click()
    lab.sees("Number 3:")
    assert dots(lab) == 3


def test_a_value_is_predicted_before_it_is_shown(lab: Visitor) -> None:
    lab.press("function-sigmoid")
    lab.press("show-true")
    lab.sees("Number 0: what does sigmoid make of −1.024?")
    unavailable(lab.at("step"))
    assert lab.page.locator("#panel-plot circle").count() == 0
    lab.key("0", "Period", "2", "6")
    lab.press("lock")
    expect(lab.at("panel-predict")).to_contain_text("Right, to the digits shown.")
    available(lab.at("step"))
    lab.key("PageDown")
    lab.sees("Number 1: what does sigmoid make of −0.427?")
    assert lab.page.locator("#panel-plot circle").count() == 2
    lab.page.locator(".keypad [data-key='−']").click()
    lab.key("1")
    lab.press("lock")
    expect(lab.at("panel-track")).to_contain_text("1 of 2 predicted right")
    expect(lab.at("panel-predict")).to_contain_text("0.39")


def situations(visitor: Visitor) -> list[str]:
    """Bring the page to one state after the other, and return what is wrong with how it looks, state by state."""
    desk = (visitor.page.viewport_size or PHONE)["width"] > PHONE["width"]
    wrong = []

    def look(state: str) -> None:
        visitor.page.reload()
        visitor.page.evaluate("() => document.fonts.ready.then(() => true)")
        rules = {"desk": desk, "touch": 0}
        wrong.extend(f"{state}: {fault}" for fault in visitor.page.evaluate(MEASURE, rules))

    look("first visit")
    for function in ("leaky_relu", "sigmoid", "relu"):
        visitor.do("activation-settings", function=function)
        visitor.do("activation-go", index=6)
        look(function)
    visitor.do("activation-vector", values=[-1e6, -12345.678, 0, 1, -999999, 12.5, 100000, 40])
    visitor.do("activation-go", index=1)
    look("large numbers")
    visitor.do("activation-predict", on=True)
    visitor.do("activation-go", index=2)
    look("predict")
    visitor.do("activation-predict", value=-3)
    look("revealed")
    return wrong


@pytest.mark.parametrize("size", [*DESKS, *PHONES], ids=name)
def test_it_fits_the_screen(welcome: Welcome, size: tuple[int, int]) -> None:
    touch = size in PHONES
    viewport = {"width": size[0], "height": size[1]}
    visitor = welcome(viewport=viewport, has_touch=touch, is_mobile=touch).open("/activation")
    assert situations(visitor) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(welcome: Welcome, scheme: str) -> None:
    visitor = welcome(color_scheme=scheme).open("/activation")
    assert violations(visitor) == []
    visitor.do("activation-go", index=6)
    visitor.page.reload()
    assert violations(visitor) == []
    assert visitor.page.evaluate(HEADERLESS) == []
    visitor.press("more")
    assert violations(visitor) == []
    visitor.do("activation-predict", on=True)
    visitor.do("activation-step")
    visitor.page.reload()
    visitor.sees("what does ReLU make of")
    assert violations(visitor) == []


def test_axe_finds_nothing_on_a_phone(phone: Visitor) -> None:
    assert violations(phone.open("/activation")) == []


def test_it_works_without_script(without_script: Visitor) -> None:
    visitor = without_script.open("/activation")
    visitor.press("function-step")
    visitor.press("step")
    visitor.sees("step of −1.024 is 0")
    visitor.press("source-drawn")
    expect(visitor.at("source-drawn")).to_have_attribute("aria-pressed", "true")
