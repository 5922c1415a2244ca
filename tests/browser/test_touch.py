"""The pad under a finger."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.visitor import Visitor


def test_a_finger_draws_and_the_page_stays_where_it_is(phone: Visitor) -> None:
    phone.drag_finger([(1, 2), (2, 2), (3, 2)])
    phone.sees_revision(1)
    assert phone.drawing == ".###. #.#.# #.#.# #.#.# .###."
    assert phone.page.evaluate("() => [scrollX, scrollY]") == [0, 0]
    phone.press("undo")
    phone.sees_revision(2)
    assert phone.drawing == ".###. #...# #...# #...# .###."


def test_a_tap_inks_a_pixel_once(phone: Visitor) -> None:
    phone.pixel(2, 2).tap()
    expect(phone.pixel(2, 2)).to_have_attribute("aria-label", "1 at row 2, column 2")
    assert phone.settle().revision == 1


def test_after_a_finger_has_drawn_the_keyboard_still_draws(phone: Visitor) -> None:
    phone.drag_finger([(1, 1), (1, 2), (1, 3)])
    phone.sees_revision(1)
    phone.pixel(3, 3).focus()
    phone.key("Space")
    expect(phone.pixel(3, 3)).to_have_attribute("aria-label", "1 at row 3, column 3")


def test_a_finger_beside_the_pad_scrolls_the_phone(phone: Visitor) -> None:
    phone.swipe([(8, height) for height in range(600, 200, -10)])
    assert phone.page.evaluate("() => scrollY") > 100
    assert phone.revision == 0
