"""Undo, redo, start over, and the scrubber."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.browser.visitor import Visitor, unavailable


def test_undo_and_redo_name_what_they_take_back(visitor: Visitor) -> None:
    visitor.press("step", "label-3")
    expect(visitor.at("undo")).to_have_attribute("aria-label", "Undo: label 3")
    visitor.press("undo")
    expect(visitor.at("undo")).to_have_attribute("aria-label", "Undo: step 1, network")
    expect(visitor.at("redo")).to_have_attribute("aria-label", "Redo: label 3")
    visitor.press("redo")
    visitor.sees("Redone")
    unavailable(visitor.at("redo"))


def test_undo_links_to_the_lab_where_it_takes_something_back(visitor: Visitor) -> None:
    visitor.press("label-3", "step")
    visitor.sees_revision(2)
    expect(visitor.at("there")).to_have_count(0)
    visitor.open("/pooling").press("there")
    expect(visitor.page.locator("h1")).to_have_text("Network")
    visitor.press("undo")
    visitor.sees_revision(3)
    visitor.open("/pooling")
    expect(visitor.at("undo")).to_have_attribute("aria-label", "Undo: label 3")
    expect(visitor.at("there")).to_have_count(0)  # the drawing and its label are everywhere
    visitor.page.get_by_role("link", name="Change it there").click()
    expect(visitor.page.locator("h1")).to_have_text("Convolution")


def test_start_over_is_the_opening_state_and_undo_brings_all_back(visitor: Visitor) -> None:
    opening = visitor.numbers
    visitor.press("step", "label-3")
    visitor.sees("Now it should say 3")
    left = visitor.numbers
    visitor.press("more", "start-over")
    visitor.sees("Started over")
    assert visitor.numbers.items() >= {at: text for at, text in opening.items() if "conv" in at}.items()
    visitor.press("undo")
    visitor.sees("Undone")
    assert visitor.numbers.items() >= {at: text for at, text in left.items() if "losses" not in at}.items()


def place(visitor: Visitor, share: float) -> tuple[float, float]:
    """Return a place on the scrubber, from its first step (0) to its last (1)."""
    box = visitor.at("scrub").bounding_box()
    assert box
    thumb = visitor.page.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)")
    return box["x"] + thumb / 2 + share * (box["width"] - thumb), box["y"] + box["height"] / 2


def test_the_scrubber_goes_back_by_mouse_and_reads_off_the_loss_on_the_way(visitor: Visitor) -> None:
    visitor.press("step-10")
    visitor.sees("Steps 1 to 10")
    losses = visitor.ask("network/losses")
    mouse = visitor.page.mouse
    mouse.move(*place(visitor, 1))
    mouse.down()
    mouse.move(*place(visitor, 0.4), steps=5)
    expect(visitor.at("readout")).to_have_text(f"step 4: {losses[4]:.3f}")
    assert visitor.settle().revision == 1
    mouse.up()
    visitor.sees_step(4)
    assert len(visitor.ask("network/losses")) == 4


def test_an_answer_that_comes_during_a_drag_does_not_take_the_scrubber_away(visitor: Visitor) -> None:
    visitor.press("step-10")
    visitor.sees("Steps 1 to 10")
    held: list[Route] = []
    visitor.page.route("**/network/referee", lambda route: held.append(route))
    visitor.waits(lambda: held, "the referee is asked")
    visitor.page.mouse.move(*place(visitor, 1))
    visitor.page.mouse.down()
    visitor.page.mouse.move(*place(visitor, 0.4), steps=5)
    with visitor.page.expect_event("requestfinished"):
        held[0].continue_()
    expect(visitor.page.locator("#referee.htmx-request")).to_have_count(0)
    visitor.page.mouse.up()
    visitor.sees_step(4)


def test_each_key_on_the_scrubber_counts_while_an_answer_is_under_way(visitor: Visitor) -> None:
    visitor.press("step-10")
    visitor.sees("Steps 1 to 10")
    held: list[Route] = []
    visitor.page.route("**/network/rewind", lambda route: held.append(route))
    visitor.at("scrub").focus()
    visitor.key("ArrowLeft", "ArrowLeft")
    visitor.waits(lambda: held, "the first press left")
    held[0].continue_()
    visitor.sees_revision(2)
    visitor.key("ArrowLeft")
    for number in (1, 2):
        visitor.waits(lambda sent=number: len(held) > sent, "the next press left")  # type: ignore[misc]
        held[number].continue_()
    visitor.sees_step(7)


def test_the_scrubber_goes_step_by_step_by_keyboard(visitor: Visitor) -> None:
    visitor.press("step-10")
    visitor.sees("Steps 1 to 10")
    visitor.at("scrub").focus()
    visitor.key("ArrowLeft")
    visitor.sees_step(9)
    visitor.key("ArrowLeft")
    visitor.sees_step(8)
    visitor.key("Home")
    visitor.sees_step(0)
    expect(visitor.at("scrub")).to_be_focused()
    visitor.key("End")
    visitor.sees_step(10)


def test_from_the_middle_undo_redo_and_step_go_where_they_say(visitor: Visitor) -> None:
    visitor.press("step-10")
    visitor.sees("Steps 1 to 10")
    visitor.at("scrub").fill("4")
    visitor.sees_step(4)
    expect(visitor.at("undo")).to_have_attribute("aria-label", "Undo: 4 steps, network")
    for press, step in (("undo", 0), ("redo", 4), ("redo", 10)):
        visitor.press(press)
        visitor.sees_step(step)
    visitor.at("scrub").fill("4")
    visitor.sees_step(4)
    visitor.press("step")
    visitor.sees("Step 5:")
