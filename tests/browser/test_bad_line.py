"""Answers that are lost, late, or not ours: every panel equals that of a fresh page, and each press counted once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.fresh import same_as_fresh
from tests.browser.line import Line
from tests.browser.visitor import Visitor

PRESSES = "**/network/*"


def posts(page: Page) -> list[Request]:
    """Return a list that grows with every POST of a page."""
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    return sent


def on_press(visitor: Visitor, answer: Callable[[Route], None]) -> None:
    """Let every press of a page go through ``answer``."""

    def handle(route: Route) -> None:
        if route.request.method == "POST":
            answer(route)
        else:
            route.continue_()

    visitor.page.route(PRESSES, handle)


def test_a_press_whose_answer_is_lost_is_sent_again_and_counts_once(visitor: Visitor) -> None:
    visitor.watch.allow("net::ERR_FAILED")
    sent = posts(visitor.page)
    lost: set[str] = set()

    def lose_the_first_answer(route: Route) -> None:
        nonce = route.request.headers["idempotency-key"]
        if nonce in lost:
            return route.continue_()
        lost.add(nonce)
        route.fetch()
        return route.abort()

    on_press(visitor, lose_the_first_answer)
    visitor.press_at_once("step", "label-3", "step")
    visitor.sees_revision(3)
    assert (len(sent), len(lost)) == (6, 3)
    assert visitor.settle().step == 2
    same_as_fresh(visitor)


def test_an_answer_that_breaks_off_half_way_is_asked_for_again_and_counts_once(caller: Visitor, line: Line) -> None:
    caller.watch.allow("net::ERR_")
    sent = posts(caller.page)
    line.breaks = 2
    caller.press("step")
    caller.sees_revision(1)
    assert (len(sent), line.breaks) == (3, 0)
    assert len({request.headers["idempotency-key"] for request in sent}) == 1
    assert caller.settle().step == 1
    caller.sees("Step 1: the loss fell from 2.250")
    expect(caller.at("notice")).to_be_empty()
    expect(caller.at("connection")).to_be_hidden()
    same_as_fresh(caller)


def test_a_lost_answer_does_not_hide_what_another_tab_did_meanwhile(visitor: Visitor) -> None:
    visitor.watch.allow("net::ERR_FAILED")
    other = visitor.another_tab()
    held: list[Route] = []
    on_press(visitor, lambda route: route.continue_() if held else held.append(route))
    visitor.press("step")
    visitor.waits(lambda: held, "the press has left")
    held[0].fetch()
    other.press("label-3", "clear")
    other.sees("The drawing is blank")
    held[0].abort()
    visitor.sees_revision(3)
    assert visitor.step == 1
    same_as_fresh(visitor)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_proxys_error_page_means_try_again(visitor: Visitor, status: int) -> None:
    visitor.watch.allow(str(status))
    sent = posts(visitor.page)

    def away_at_first(route: Route) -> None:
        if len(sent) < 3:
            return route.fulfill(status=status, content_type="text/html", body="<h1 id='panel-pad'>Bad Gateway</h1>")
        return route.continue_()

    on_press(visitor, away_at_first)
    visitor.press("step")
    expect(visitor.at("connection")).to_be_visible()
    visitor.sees_revision(1)
    expect(visitor.at("connection")).to_be_hidden()
    assert len({request.headers["idempotency-key"] for request in sent}) == 1
    same_as_fresh(visitor)


@pytest.mark.parametrize(("status", "press"), [(200, "step"), (200, "px-2-2"), (500, "step")])
def test_a_page_that_is_not_ours_never_comes_in(visitor: Visitor, status: int, press: str) -> None:
    visitor.watch.allow("500")
    foreign = '<h1 id="panel-pad" hx-swap-oob="outerMorph">Pay for the wireless network</h1>'
    on_press(visitor, lambda route: route.fulfill(status=status, content_type="text/html", body=foreign))
    visitor.page.mouse.click(*visitor.middle(visitor.at(press)))
    expect(visitor.at("notice")).to_contain_text("That could not be done")
    expect(visitor.page.locator("body")).not_to_contain_text("wireless")
    same_as_fresh(visitor)
    visitor.page.unroute_all()
    visitor.press("step")
    visitor.sees_revision(1)
    same_as_fresh(visitor)


def test_pause_need_not_wait_behind_slow_ticks(visitor: Visitor) -> None:
    held: list[Route] = []
    visitor.page.route("**/network/tick", lambda route: held.append(route))
    visitor.press("play")
    visitor.waits(lambda: visitor.page.evaluate("() => window.ticksDue()") >= 3, "three ticks were due")
    visitor.press("play")
    assert len(held) == 1
    held[0].continue_()
    expect(visitor.at("play")).to_have_attribute("aria-label", "Play")
    assert visitor.step == 1
    same_as_fresh(visitor)


def test_slow_answers_keep_their_order(visitor: Visitor) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    on_press(visitor, hold)
    visitor.press("step", "label-3")
    visitor.drag([(1, 1), (1, 2)])
    visitor.press("step")
    for number in range(4):
        visitor.waits(lambda sent=number: len(held) > sent, "the next press leaves")  # type: ignore[misc]
        assert len(held) == number + 1
        held[number].continue_()
    visitor.sees_revision(4)
    assert visitor.step == 2
    same_as_fresh(visitor)
