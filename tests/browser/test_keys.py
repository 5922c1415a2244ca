"""The keyboard alone, and a presenter's clicker."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor


def to_the_pad(visitor: Visitor) -> None:
    """Tab along until a pixel has the focus."""

    def there() -> bool:
        visitor.key("Tab")
        return bool(visitor.page.evaluate("() => document.activeElement.id.startsWith('px-')"))

    visitor.waits(there, "Tab reaches the pad")


def test_the_pad_is_drawn_on_by_keyboard(visitor: Visitor) -> None:
    to_the_pad(visitor)
    expect(visitor.pixel(0, 0)).to_be_focused()
    visitor.key("ArrowDown", "ArrowRight", "Space")
    expect(visitor.pixel(1, 1)).to_have_attribute("aria-label", "1 at row 1, column 1")
    expect(visitor.pixel(1, 1)).to_be_focused()
    visitor.key("ArrowLeft", "Enter")
    expect(visitor.pixel(1, 0)).to_have_attribute("aria-label", "0 at row 1, column 0")
    assert visitor.settle().revision == 2


def test_the_arrows_stop_at_the_edge_of_the_pad(visitor: Visitor) -> None:
    visitor.pixel(0, 0).focus()
    visitor.key("ArrowUp", "ArrowLeft")
    expect(visitor.pixel(0, 0)).to_be_focused()
    assert visitor.settle().revision == 0


def test_escape_leaves_the_pad_and_then_the_keys_step(visitor: Visitor) -> None:
    visitor.pixel(2, 2).focus()
    visitor.key("ArrowRight")
    assert visitor.settle().revision == 0
    visitor.key("Escape", "ArrowRight")
    visitor.sees("Step 1:")


@pytest.mark.parametrize(
    ("forward", "back"), [("PageDown", "PageUp"), ("Space", "ArrowLeft"), ("ArrowRight", "PageUp")]
)
def test_a_presenters_keys_step_and_take_back(visitor: Visitor, forward: str, back: str) -> None:
    visitor.key(forward)
    visitor.sees("Step 1:")
    visitor.key(forward)
    visitor.sees("Step 2:")
    visitor.key(back)
    visitor.sees_step(1)


def test_page_keys_step_wherever_the_focus_is(visitor: Visitor) -> None:
    for place in ("px-2-2", "step", "rate"):
        visitor.at(place).focus()
        visitor.key("PageDown")
    visitor.sees("Step 3:")
    visitor.key("PageUp")
    visitor.sees_step(2)


def test_the_letters_on_the_buttons_press_them(visitor: Visitor) -> None:
    visitor.key("s")
    visitor.sees("Step 1:")
    visitor.key("t")
    visitor.sees("Steps 2 to 11:")
    visitor.key("u")
    visitor.sees_step(1)
    visitor.key("r")
    visitor.sees_step(11)
    visitor.key("i")
    visitor.sees("New weights, seed 15.")
    visitor.key("c")
    visitor.sees("The drawing is blank")


def test_p_plays_and_pauses_and_m_opens_more(visitor: Visitor) -> None:
    visitor.key("p")
    expect(visitor.at("play")).to_have_attribute("aria-label", "Pause")
    visitor.key("p")
    expect(visitor.at("play")).to_have_attribute("aria-label", "Play")
    visitor.key("m")
    expect(visitor.at("panel-more")).to_be_visible()
    visitor.key("Escape")
    expect(visitor.at("panel-more")).to_be_hidden()


@pytest.mark.parametrize("key", [".", "b"])
def test_a_key_blanks_the_projector_and_lights_it_again(visitor: Visitor, key: str) -> None:
    visitor.key(key)
    expect(visitor.at("blank")).to_be_visible()
    visitor.key(key)
    expect(visitor.at("blank")).to_be_hidden()


@pytest.mark.parametrize("key", ["PageDown", "Space", "s"])
def test_a_held_key_steps_once(visitor: Visitor, key: str) -> None:
    for _ in range(4):
        visitor.page.keyboard.down(key)
    visitor.page.keyboard.up(key)
    visitor.sees("Step 1:")
    assert visitor.settle().step == 1


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_held_on_a_button_presses_it_once(visitor: Visitor, key: str) -> None:
    visitor.at("step").focus()
    for _ in range(4):
        visitor.page.keyboard.down(key)
    visitor.page.keyboard.up(key)
    visitor.sees("Step 1:")
    assert visitor.settle().step == 1


def test_letter_keys_can_be_switched_off_and_stay_off(visitor: Visitor) -> None:
    visitor.key("m")
    visitor.at("letters").uncheck()
    visitor.page.reload()
    visitor.key("s", "t", "c", "b", "PageDown")
    visitor.sees("Step 1:")
    assert visitor.settle().revision == 1
    expect(visitor.at("blank")).to_be_hidden()


def test_letters_typed_into_a_field_press_nothing(visitor: Visitor) -> None:
    visitor.at("rate").focus()
    visitor.key("s", "c", "b", ".", "Space", "ArrowLeft")
    assert visitor.settle().revision == 0
    expect(visitor.at("blank")).to_be_hidden()


def test_keys_of_the_browser_are_left_alone(visitor: Visitor) -> None:
    visitor.key("Control+s", "Alt+ArrowRight", "Control+ArrowRight")
    assert visitor.settle().revision == 0


def test_everything_that_acts_can_be_reached_by_tab(visitor: Visitor) -> None:
    visitor.press("more")
    reached: set[str] = set()

    def again() -> bool:
        visitor.key("Tab")
        name = str(visitor.page.evaluate("() => document.activeElement.id"))
        known = name in reached
        reached.add(name)
        return known and name == first

    visitor.key("Tab")
    first = str(visitor.page.evaluate("() => document.activeElement.id"))
    visitor.waits(again, "Tab comes round")
    acts = {"undo", "step", "step-10", "play", "redo", "reset", "rate", "more", "clear", "samples", "label-0"}
    assert acts | {"px-0-0", "seed", "new-weights", "start-over", "sample-four"} <= reached
    assert {"show-values", "show-gradients", "show-both", "show-backward", "show-ledger"} <= reached


def test_a_button_that_is_unavailable_does_nothing_but_can_be_read(visitor: Visitor) -> None:
    visitor.at("undo").focus()
    visitor.key("Enter")
    visitor.at("undo").click(force=True)
    expect(visitor.at("undo")).to_be_focused()
    assert visitor.settle().revision == 0
    expect(visitor.at("notice")).to_be_empty()
