"""What is shown, and what is kept: the switch, the theme, More."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor, unavailable

CELL = "fc.weight[0,0]"
VOICES = {"values": "v", "gradients": "g", "both": "vg", "ledger": ""}


def shows_alone(visitor: Visitor, choice: str) -> None:
    """Wait until the switch and the numbers say that this is shown, and nothing else."""
    for other in VOICES:
        expect(visitor.at(f"show-{other}")).to_have_attribute("aria-pressed", "true" if other == choice else "false")
    for voice, address in {"v": CELL, "g": f"grad.{CELL}"}.items():
        expect(visitor.number(address)).to_have_count(1 if voice in VOICES[choice] else 0)


@pytest.mark.parametrize("choice", VOICES)
def test_the_switch_shows_what_it_says_and_sends_nothing_else(visitor: Visitor, choice: str) -> None:
    visitor.press("step")
    visitor.sees("Step 1:")
    if choice == "values":  # they are shown already: a press alone would prove nothing
        visitor.shows("both")
    visitor.shows(choice)
    shows_alone(visitor, choice)
    for voice, address in {"v": CELL, "g": f"grad.{CELL}"}.items():
        expect(visitor.number(address)).to_be_visible(visible=voice in VOICES[choice])
    visitor.sees({"": "The ledger of step 1.", "v": "Step 1:"}.get(VOICES[choice], "Backward:"))


def test_a_gradient_is_italic_and_a_value_upright(visitor: Visitor) -> None:
    visitor.shows("both")
    expect(visitor.number(f"grad.{CELL}")).to_have_css("font-style", "italic")
    expect(visitor.number(CELL)).to_have_css("font-style", "normal")


def test_the_switch_and_the_theme_outlast_a_reload(visitor: Visitor) -> None:
    visitor.shows("both")
    visitor.press("more")
    visitor.at("theme-dark").check()
    expect(visitor.page.locator("body")).to_have_css("color", "rgb(242, 241, 236)")
    visitor.page.reload()
    expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(visitor.page.locator("body")).to_have_css("color", "rgb(242, 241, 236)")
    expect(visitor.at("theme-dark")).to_be_checked()
    shows_alone(visitor, "both")


def test_the_switch_is_one_entry_that_a_step_and_an_undo_leave_alone(visitor: Visitor) -> None:
    visitor.press("step")
    visitor.sees_revision(1)
    visitor.shows("gradients")
    assert visitor.settle().revision == 2
    visitor.press("show-gradients")  # it is pressed already
    assert visitor.settle().revision == 2
    visitor.press("step")
    visitor.sees_revision(3)
    shows_alone(visitor, "gradients")
    visitor.press("undo", "undo")  # both steps, over the switch that lies between them
    visitor.sees_step(0)
    unavailable(visitor.at("undo"))
    shows_alone(visitor, "gradients")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_switch_goes_by_keyboard_and_keeps_the_focus(visitor: Visitor, key: str) -> None:
    visitor.at("show-values").focus()
    visitor.key("Tab", "Tab", key)
    shows_alone(visitor, "both")
    expect(visitor.at("show-both")).to_be_focused()
    assert visitor.settle().revision == 1


def test_another_tab_shows_what_the_switch_says(visitor: Visitor) -> None:
    visitor.press("step")
    visitor.shows("ledger")
    other = visitor.another_tab()
    shows_alone(other, "ledger")
    other.press("show-gradients")
    shows_alone(other, "gradients")
    visitor.press("step")
    visitor.sees_revision(4)
    shows_alone(visitor, "gradients")


def test_the_theme_follows_the_system_until_it_is_chosen(dark: Visitor) -> None:
    expect(dark.page.locator("html")).to_have_css("background-color", "rgb(15, 17, 20)")
    dark.press("more")
    dark.at("theme-light").check()
    expect(dark.page.locator("html")).to_have_css("background-color", "rgb(251, 250, 247)")


def test_more_stays_open_while_the_answer_comes(visitor: Visitor) -> None:
    visitor.press("more")
    visitor.key("PageDown")
    visitor.sees_revision(1)
    expect(visitor.at("panel-more")).to_be_visible()
