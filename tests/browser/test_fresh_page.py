"""After anything, every panel equals that of a fresh page, and each press counted once."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.fresh import catches_up, same_as_fresh
from tests.browser.server import Server
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


# --- fast hands ------------------------------------------------------------------------------------------------------


def test_ten_clicks_in_one_breath_are_ten_steps(visitor: Visitor) -> None:
    visitor.press_at_once(*["step"] * 10)
    visitor.sees_revision(10)
    assert visitor.step == 10
    same_as_fresh(visitor)


def test_five_clicks_of_the_mouse_are_five_steps(visitor: Visitor) -> None:
    for _ in range(5):
        visitor.page.mouse.click(*visitor.middle(visitor.at("step")))
    visitor.sees_revision(5)
    same_as_fresh(visitor)


def test_a_double_click_is_two_steps(visitor: Visitor) -> None:
    visitor.at("step").dblclick()
    visitor.sees_revision(2)
    same_as_fresh(visitor)


def test_step_and_undo_mixed_quickly_leave_no_panel_wrong(visitor: Visitor) -> None:
    visitor.press("step")
    visitor.sees_revision(1)
    visitor.press_at_once("step", "undo", "step", "step-10", "undo", "undo", "step", "undo")
    visitor.sees_revision(9)
    assert visitor.step == 1
    same_as_fresh(visitor)


def test_everything_at_once_leaves_no_panel_wrong(visitor: Visitor) -> None:
    visitor.press_at_once("label-3", "step", "clear", "px-1-1", "px-2-2", "sample-four", "step-10", "label-7")
    visitor.sees_revision(8)
    same_as_fresh(visitor)


def test_a_quick_drag_then_steps(visitor: Visitor) -> None:
    visitor.drag([(1, 1), (1, 2), (2, 2)])
    visitor.drag([(3, 3), (3, 2)])
    visitor.press_at_once("step", "undo", "undo")
    visitor.sees_revision(5)
    assert visitor.drawing == ".###. ###.# #.#.# #...# .###."
    same_as_fresh(visitor)


def test_what_was_scrubbed_and_typed_is_put_right_by_the_next_answer(visitor: Visitor) -> None:
    visitor.press("step-10")
    visitor.at("scrub").fill("4")
    visitor.sees_step(4)
    same_as_fresh(visitor)
    visitor.set_rate("0.30")
    visitor.sees("The learning rate is 0.3 now")
    same_as_fresh(visitor)


def test_a_refusal_leaves_everything_as_it_is(visitor: Visitor) -> None:
    visitor.watch.allow("422")
    visitor.set_rate("much")
    expect(visitor.at("notice")).not_to_be_empty()
    visitor.press("step")
    visitor.sees_revision(1)
    same_as_fresh(visitor)


def test_numbers_that_are_none_and_back(visitor: Visitor) -> None:
    visitor.break_numbers()
    same_as_fresh(visitor)
    visitor.press("undo")
    visitor.sees("Undone")
    same_as_fresh(visitor)


# --- several pages ---------------------------------------------------------------------------------------------------


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


# --- a bad line ------------------------------------------------------------------------------------------------------


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


# --- a server that goes away -----------------------------------------------------------------------------------------


def test_a_killed_server_loses_nothing_and_the_page_goes_on_by_itself(witness: Visitor, own_server: Server) -> None:
    witness.press_at_once(*["step"] * 25)
    witness.waits(lambda: witness.revision >= 3, "three presses were answered")
    own_server.kill()
    answered = witness.revision
    expect(witness.at("connection")).to_be_visible()
    assert 3 <= answered <= witness.revision < 25
    own_server.start()
    witness.sees_revision(25)
    assert witness.step == 25
    expect(witness.at("connection")).to_be_hidden()
    same_as_fresh(witness)


def test_playing_goes_on_when_a_killed_server_is_back(witness: Visitor, own_server: Server) -> None:
    witness.press("play")
    witness.sees_it_play(2)
    own_server.kill()
    expect(witness.at("connection")).to_be_visible()
    own_server.start()
    expect(witness.at("connection")).to_be_hidden()
    witness.sees_it_play(2)
    witness.press("play")
    expect(witness.at("play")).to_have_attribute("aria-label", "Play")
    assert witness.settle().ask("session")["playing"] is None
    same_as_fresh(witness)


def test_a_press_while_the_server_is_away_counts_when_it_is_back(witness: Visitor, own_server: Server) -> None:
    own_server.stop()
    witness.press("step")
    expect(witness.at("connection")).to_be_visible()
    witness.press("label-3")
    own_server.start()
    witness.sees_revision(2)
    expect(witness.at("connection")).to_be_hidden()
    same_as_fresh(witness)


def test_a_page_that_outlived_its_session_says_so_and_shows_the_new_one(visitor: Visitor) -> None:
    visitor.press("step-10", "label-3")
    visitor.sees_revision(2)
    visitor.page.context.clear_cookies()
    visitor.press("step")
    expect(visitor.at("notice")).to_contain_text("That session has ended")
    visitor.sees_revision(1)
    same_as_fresh(visitor)
    visitor.press("step")
    visitor.sees("Step 2:")
    same_as_fresh(visitor)


def test_only_a_page_or_a_press_begins_a_session(visitor: Visitor) -> None:
    # Otherwise the cookie of a GET that was under way puts the session of a press out of reach.
    visitor.page.context.clear_cookies()
    answer = visitor.page.context.request.get(f"{visitor.url}/network/referee")
    assert answer.ok
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("keeps_secret", [False, True])
def test_a_server_that_lost_its_data_says_so(witness: Visitor, own_server: Server, keeps_secret: bool) -> None:
    witness.press("step-10", "label-3")
    witness.sees_revision(2)
    own_server.kill()
    if keeps_secret:
        for file in own_server.data.glob("sessions*"):
            file.unlink()
    else:
        shutil.rmtree(own_server.data)
    own_server.start()
    witness.press("step")
    witness.sees_revision(1)
    expect(witness.at("notice")).to_contain_text("That session has ended")
    same_as_fresh(witness)


# --- at random -------------------------------------------------------------------------------------------------------

BUTTONS = [
    "step",
    "step",
    "step-10",
    "undo",
    "redo",
    "reset",
    "clear",
    "label-3",
    "label-0",
    "sample-four",
    "start-over",
]


def at_random(visitor: Visitor, luck: random.Random) -> None:
    """Do something, without waiting for what comes of it."""
    match luck.randrange(8):
        case 0:
            visitor.come_to_front()
            visitor.page.mouse.click(*visitor.middle(visitor.pixel(luck.randrange(5), luck.randrange(5))))
        case 1:
            visitor.drag([(luck.randrange(5), luck.randrange(5)) for _ in range(3)])
        case 2:
            visitor.at("rate").evaluate(
                "(field, rate) => { field.value = rate; field.dispatchEvent(new Event('change', {bubbles: true})); }",
                luck.choice(["0.1", "0.5", "1e20"]),
            )
        case 3:
            visitor.page.evaluate(
                """share => {
                  const scrub = document.getElementById("scrub");
                  if (!scrub) return;
                  scrub.value = Math.round(share * scrub.max);
                  for (const name of ["input", "change"]) scrub.dispatchEvent(new Event(name, {bubbles: true}));
                }""",
                luck.random(),
            )
        case 4:
            visitor.key(luck.choice(["PageDown", "PageUp", "s", "u", "r"]))
        case _:
            visitor.press_at_once(*luck.choices(BUTTONS, k=luck.randrange(1, 4)))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_walk_over_two_tabs_leaves_no_panel_wrong(visitor: Visitor, seed: int) -> None:
    luck = random.Random(seed)
    visitor.watch.allow("409", "422")  # what became unavailable while a press waited
    tabs = [visitor, visitor.another_tab()]
    for number in range(1, 41):
        tab = luck.choice(tabs)
        at_random(tab, luck)
        if number % 10 == 0:
            for each in tabs:
                each.settle()
            tab.press_at_once("label-5", "label-6")
            tab.settle()
            same_as_fresh(tab)
