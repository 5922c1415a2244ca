"""Pooling, window by window, by keyboard and mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Welcome
from tests.browser.look import MEASURE, nothing_wrong
from tests.browser.test_accessibility import violations
from tests.browser.test_convolution import meant
from tests.browser.test_looks import DESKS, PHONES, name
from tests.browser.visitor import Visitor, unavailable


def filled(visitor: Visitor) -> int:
    """Return how many cells of the pooled map show a number."""
    return visitor.page.locator("#panel-output [data-level]").count()


def test_a_whole_pooling_is_walked_by_keyboard_forth_and_back(visitor: Visitor) -> None:
    visitor.open("/pooling")
    visitor.sees("Press Step")
    for count, place in enumerate(("rows 0:2, columns 0:2", "columns 2:4", "rows 2:4", "columns 2:4"), 1):
        visitor.key("PageDown")
        expect(visitor.page.locator("#panel-track p span")).to_have_text(f"position {count} of 4")
        visitor.settle()
        assert place.lower() in visitor.sentence.inner_text().lower()
        assert filled(visitor) == count
        expect(visitor.page.locator('#panel-window [data-mark~="win"]')).to_have_count(1)
    unavailable(visitor.at("step"))
    assert [visitor.numbers[f"pooling:output[0,{row},{column}]"] for row in (0, 1) for column in (0, 1)] == [
        "2", "2", "1", "4",
    ]  # fmt: skip
    for count in (3, 2, 1, 0):
        visitor.key("PageUp")
        visitor.waits(lambda count=count: filled(visitor) == count, f"{count} cells are left")  # type: ignore[misc]
    unavailable(visitor.at("back"))


def test_a_cell_of_the_map_is_gone_to_and_a_tie_is_dashed(visitor: Visitor) -> None:
    visitor.open("/pooling")
    visitor.press("source-typed")
    visitor.sees("Other numbers.")
    visitor.page.locator("#panel-output td button").nth(2).click()
    visitor.sees("Rows 2:4, columns 0:2: the largest is 2.")
    posts = visitor.presses()
    visitor.at("typed-3-0").fill("2")
    visitor.at("typed-3-0").press("Enter")
    expect(visitor.page.locator('#panel-window [data-mark="win tie"]')).to_have_count(1)
    expect(visitor.page.locator('#panel-window [data-mark="equal"]')).to_have_count(2)
    expect(visitor.at("panel-statement")).to_contain_text("the first in reading order stays")
    visitor.at("typed-3-0").blur()
    visitor.settle()
    assert len(posts) == 1  # Enter sends a field once, though it changes it too


def test_a_value_is_predicted_before_it_drops(visitor: Visitor) -> None:
    visitor.open("/pooling")
    visitor.shows("true")
    expect(visitor.page.locator("#panel-output .now")).to_have_text("?")
    assert "pooling:output[0,0,0]" not in visitor.numbers
    visitor.key("2")
    visitor.press("lock")
    expect(visitor.at("panel-predict")).to_contain_text("Right")
    expect(visitor.at("panel-track")).to_contain_text("1 of 1 predicted right")


def test_axe_finds_nothing_whatever_is_pooled(welcome: Welcome) -> None:
    for scheme in ("light", "dark"):
        visitor = welcome(color_scheme=scheme, reduced_motion="reduce").open("/pooling")
        assert violations(visitor) == []
        visitor.do("convolution-settings", filters=4)
        visitor.do("pooling-settings", kernel_size=3, padding=1, ceil_mode=True, rectified=False)
        visitor.do("pooling-go", index=20)
        visitor.open("/pooling")
        assert violations(visitor) == []
        visitor.shows("true")
        visitor.press("step")
        expect(visitor.at("guess")).to_be_visible()
        assert violations(visitor) == []
        visitor.shows("false")
        visitor.press("kind-average", "source-typed", "more")
        visitor.sees("Other numbers.")
        expect(visitor.at("panel-pool-more")).to_be_visible()
        assert violations(visitor) == []


def test_a_window_that_no_longer_fits_says_why_and_pointing_does_no_harm(visitor: Visitor) -> None:
    visitor.do("pooling-settings", kernel_size=4)
    visitor.do("convolution-settings", padding=0)
    visitor.open("/pooling")
    visitor.sees("does not fit")
    unavailable(visitor.at("step"))
    visitor.page.locator("#panel-source td").first.hover()
    expect(visitor.page.locator("#walk")).to_have_attribute("data-lit", "")


SITUATIONS: dict[str, tuple[tuple[str, dict[str, object]], ...]] = {
    "half-way": (("pooling-go", {"index": 1}),),
    "padded, rounded up": (
        ("convolution-kernel", {"network": True}),
        ("convolution-settings", {"stride": 1, "padding": 0}),
        ("pooling-settings", {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
        ("pooling-go", {"index": 25}),
    ),
    "predicting": (("pooling-map", {"source": "typed"}), ("pooling-predict", {"on": True})),
}


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("size", DESKS + PHONES, ids=name)
def test_it_fits_and_can_be_read(welcome: Welcome, size: tuple[int, int], situation: str) -> None:
    phone = size in PHONES
    viewport = {"width": size[0], "height": size[1]}
    visitor = welcome(viewport=viewport, has_touch=phone, is_mobile=phone, reduced_motion="reduce").open("/pooling")
    for action, fields in SITUATIONS[situation]:
        visitor.do(action, **fields)
    visitor.page.reload()
    visitor.page.evaluate("() => document.fonts.ready.then(() => true)")
    faults = visitor.page.evaluate(MEASURE, {"desk": not phone, "touch": 44 if phone else 0})
    shown = [fault for fault in faults if not meant(fault) and not ("touch" in fault and "pooling:window" in fault)]
    nothing_wrong([(situation, shown)])  # what the window reads is no button
