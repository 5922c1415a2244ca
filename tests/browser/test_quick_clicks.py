"""However fast the hands, every panel equals that of a fresh page, and each press counted once."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.fresh import same_as_fresh
from tests.browser.visitor import Visitor


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


def test_the_switch_between_quick_steps_leaves_no_panel_wrong(visitor: Visitor) -> None:
    visitor.press("step")
    visitor.sees_revision(1)
    visitor.press_at_once("step", "show-both", "step", "show-gradients", "undo", "show-ledger", "step-10", "show-both")
    visitor.sees_revision(9)
    assert visitor.step == 12
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


def test_presses_before_the_page_is_ready_count_too(visitor: Visitor) -> None:
    visitor.page.add_init_script(
        """document.addEventListener("DOMContentLoaded", () => {
          window.here = true;
          for (const name of ["step", "step", "label-3", "step"]) document.getElementById(name).click();
        });"""
    )
    visitor.open()
    visitor.sees_revision(4)
    assert visitor.page.evaluate("window.here")
    assert visitor.step == 3
    same_as_fresh(visitor)
