"""Two tabs, a stale tab, F5, Back: every panel equals that of a fresh page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.fresh import catches_up, same_as_fresh
from tests.browser.visitor import Visitor


def test_two_tabs_take_turns(visitor: Visitor) -> None:
    other = visitor.another_tab()
    for revision in range(1, 7):
        tab = visitor if revision % 2 else other
        tab.press("step" if revision % 3 else "undo")
        tab.sees_revision(revision)
        same_as_fresh(tab)


def test_a_stale_tab_still_counts_and_then_shows_everything(visitor: Visitor) -> None:
    stale = visitor.another_tab()
    visitor.press("step", "label-3", "clear", "step-10")
    visitor.sees_revision(4)
    stale.press("step")
    stale.sees_revision(5)
    assert stale.step == 12
    same_as_fresh(stale)


def test_two_tabs_that_watch_play_at_one_speed_and_stay_right(visitor: Visitor) -> None:
    visitor.press("play")
    other = visitor.another_tab()
    other.sees_it_play(4)
    other.press("play")
    expect(other.at("play")).to_have_attribute("aria-label", "Play")
    assert visitor.ask("session")["playing"] is None
    expect(visitor.at("play")).to_have_attribute("aria-label", "Play")
    same_as_fresh(other)
    visitor.press("step")
    catches_up(visitor)
    same_as_fresh(visitor)


def test_a_reload_changes_nothing(visitor: Visitor) -> None:
    visitor.press("step", "label-3")
    visitor.sees("Now it should say 3")
    visitor.page.reload()
    assert visitor.revision == 2
    same_as_fresh(visitor)


@pytest.mark.parametrize("elsewhere", ["/docs", "/network?revision=0", "/nothing"])
def test_back_and_forward_never_show_an_old_state(visitor: Visitor, elsewhere: str) -> None:
    visitor.watch.allow("404")
    visitor.press("step", "label-3")
    visitor.sees("Now it should say 3")
    visitor.open(elsewhere)
    visitor.do("step", steps=5)
    visitor.page.go_back()
    catches_up(visitor)
    same_as_fresh(visitor)
    visitor.press("step")
    visitor.sees_revision(4)
    same_as_fresh(visitor)


def test_what_was_left_in_a_field_does_not_come_back_with_the_page(visitor: Visitor) -> None:
    visitor.press("step-10")
    visitor.at("scrub").fill("4")
    visitor.sees_step(4)
    visitor.press("more")
    visitor.at("seed").fill("99")
    visitor.open("/docs")
    visitor.page.go_back()
    same_as_fresh(visitor)
    visitor.page.reload()
    same_as_fresh(visitor)
