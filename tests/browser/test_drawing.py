"""Draw with the mouse, load a sample, choose the label."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.visitor import Visitor, unavailable

MIDDLE = [(1, 1), (1, 2), (1, 3)]  # paper in the opening drawing


def test_a_click_inks_a_pixel_and_another_wipes_it(visitor: Visitor) -> None:
    visitor.pixel(2, 2).click()
    expect(visitor.pixel(2, 2)).to_have_attribute("aria-label", "1 at row 2, column 2")
    expect(visitor.number("input[2,2]")).to_have_text("1")
    expect(visitor.at("undo")).to_have_attribute("aria-label", "Undo: ink [2, 2]")
    visitor.pixel(2, 2).click()
    expect(visitor.pixel(2, 2)).to_have_attribute("aria-label", "0 at row 2, column 2")
    expect(visitor.at("undo")).to_have_attribute("aria-label", "Undo: wipe [2, 2]")
    assert visitor.settle().revision == 2


def test_a_drag_is_one_action_and_one_undo_takes_it_back(visitor: Visitor) -> None:
    before = visitor.drawing
    visitor.drag(MIDDLE)
    visitor.sees_revision(1)
    assert visitor.drawing == ".###. ##### #...# #...# .###."
    visitor.press("undo")
    visitor.sees("Undone")
    assert visitor.drawing == before


def test_a_drag_paints_what_its_first_pixel_became_and_never_toggles(visitor: Visitor) -> None:
    visitor.drag([(0, 1), (0, 2), (1, 2), (0, 2), (0, 3)])  # begins on ink, crosses paper, and comes back
    visitor.sees_revision(1)
    assert visitor.drawing == "..... #...# #...# #...# .###."


def test_a_fast_drag_leaves_no_pixel_out_that_the_mouse_reported(visitor: Visitor) -> None:
    visitor.press("clear")
    visitor.drag([(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)])
    visitor.sees_revision(2)
    assert all(visitor.drawing.split()[place][place] == "#" for place in range(5))


def test_a_label_says_what_the_network_should_say(visitor: Visitor) -> None:
    visitor.press("label-3")
    visitor.sees("Now it should say 3, and it does")
    expect(visitor.at("label-3")).to_have_attribute("aria-pressed", "true")
    expect(visitor.at("label-0")).to_have_attribute("aria-pressed", "false")
    expect(visitor.page.locator("#panel-softmax tr.label th")).to_have_text("3")


def test_a_sample_brings_its_label_and_more_makes_room_for_it(visitor: Visitor) -> None:
    visitor.press("samples", "sample-four")
    expect(visitor.at("label-4")).to_have_attribute("aria-pressed", "true")
    assert visitor.drawing == "#.#.. #.#.. ##### ..#.. ..#.."
    expect(visitor.at("panel-more")).to_be_hidden()


def test_a_blank_drawing_says_so(visitor: Visitor) -> None:
    visitor.press("clear")
    visitor.sees("The drawing is blank: only the biases speak.")
    unavailable(visitor.at("clear"))
    visitor.press("step")
    visitor.sees("Step 1:")


def test_a_pixel_that_no_window_reads_says_so(visitor: Visitor) -> None:
    visitor.pixel(4, 4).click()
    visitor.sees("No window reads pixel [4, 4]")
