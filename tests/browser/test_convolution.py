"""The Convolution lab: a window is walked by mouse, by keyboard alone, by touch and without script."""

from __future__ import annotations

import random

import pytest
import torch
from playwright.sync_api import expect
from torch.nn.functional import conv2d

from tests.browser.conftest import Welcome
from tests.browser.fresh import same_as_fresh
from tests.browser.look import MEASURE, nothing_wrong
from tests.browser.test_accessibility import violations
from tests.browser.test_looks import DESKS, PHONES, name
from tests.browser.visitor import Visitor, available, unavailable

LARGE = (
    ("convolution-image", {"sample": "two"}),
    ("convolution-settings", {"padding": 0, "filters": 8, "bias": True}),
    ("convolution-go", {"index": 546}),
)
WIDE = (
    ("convolution-settings", {"kernel_size": 5, "padding": 3, "dilation": [1, 2], "bias": True, "linked": False}),
    ("convolution-kernel", {"seed": 3}),
    ("convolution-go", {"index": 4}),
)
SITUATIONS = {
    "at the start": (),
    "half-way": (("convolution-go", {"index": 12}),),
    "large": LARGE,
    "a wide kernel": WIDE,
    "predicting": (("convolution-predict", {"on": True}),),
}
CROWDED = {
    "wide, with many maps": (
        ("convolution-image", {"sample": "lab"}),
        ("convolution-settings", {"kernel_size": 5, "padding": 2, "filters": 8, "bias": True}),
        ("convolution-kernel", {"seed": 3}),
        ("convolution-go", {"index": 130}),
    ),
    "tall, apart": (
        ("convolution-settings", {"kernel_size": [5, 2], "padding": 2, "bias": True, "linked": False}),
        ("convolution-kernel", {"seed": 3}),
        ("convolution-go", {"index": 8}),
    ),
}
ZERO = [[0, 1, 1, 1, 0], [1, 0, 0, 0, 1], [1, 0, 0, 0, 1], [1, 0, 0, 0, 1], [0, 1, 1, 1, 0]]
EDGES = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


@pytest.fixture
def visitor(visitor: Visitor) -> Visitor:
    return visitor.open("/convolution")


def output() -> list[float]:
    """Return what the opening walk makes, as PyTorch works it out."""
    image, kernel = torch.tensor([[ZERO]], dtype=torch.float64), torch.tensor([[EDGES]], dtype=torch.float64)
    return [float(value) for value in conv2d(image, kernel, padding=1).ravel()]


def filled(visitor: Visitor) -> list[float]:
    """Return the numbers of the map that can be seen, in reading order."""
    texts = visitor.page.locator("#panel-output td [data-at]").all_text_contents()
    return [float(text.replace("−", "-")) for text in texts]


def test_a_whole_convolution_forward_and_back_by_keyboard(visitor: Visitor) -> None:
    truth = output()
    for position in range(25):
        visitor.key("PageDown")
        visitor.sees_revision(position + 1)
        assert filled(visitor) == truth[: position + 1]
        row, column = divmod(position, 5)
        visitor.sees(f"Rows {row}:{row + 3}, columns {column}:{column + 3}")
    unavailable(visitor.at("step"))
    same_as_fresh(visitor)
    for position in reversed(range(25)):
        visitor.key("PageUp")
        visitor.sees_revision(50 - position)
        assert filled(visitor) == truth[:position]
    unavailable(visitor.at("back"))
    same_as_fresh(visitor)


def test_by_beat_the_window_lands_the_products_appear_and_they_add_up(visitor: Visitor) -> None:
    products = visitor.page.locator("#panel-products [data-at]")
    visitor.press("by-beat")
    visitor.press("step")
    expect(products).to_have_count(9)
    assert filled(visitor) == []
    visitor.press("step")
    expect(visitor.page.locator('[data-at="convolution:sum"]')).to_have_text("2")
    assert filled(visitor) == [2]
    visitor.press("step")
    expect(products).to_have_count(0)
    visitor.press("back", "back")
    expect(products).to_have_count(9)
    same_as_fresh(visitor)


def test_a_click_goes_to_a_cell_and_the_ends_are_one_press_away(visitor: Visitor) -> None:
    visitor.page.locator("#panel-output button").nth(13).click()
    visitor.sees("Rows 2:5, columns 3:6")
    assert filled(visitor) == output()[:14]
    visitor.press("end")
    visitor.sees("Rows 4:7, columns 4:7")
    assert filled(visitor) == output()
    visitor.press("start")
    visitor.sees("Press Step")
    assert filled(visitor) == []


def test_it_plays_to_the_end_and_stops(visitor: Visitor) -> None:
    visitor.at("speed").select_option("faster")
    visitor.page.locator("#panel-output button").nth(21).click()
    visitor.sees("Rows 4:7, columns 1:4")
    visitor.press("play")
    visitor.sees("Rows 4:7, columns 4:7")
    expect(visitor.at("play")).to_have_attribute("aria-label", "Play")
    assert visitor.settle().ask("session")["playing"] is None


def test_settings_change_without_losing_the_rest(visitor: Visitor) -> None:
    unavailable(visitor.at("stride-minus"))
    visitor.press("stride-plus", "biased-on")
    expect(visitor.page.locator("#panel-output button")).to_have_count(9)
    visitor.page.locator('[data-at="convolution:weight[0,0,1,1]"]').fill("−0,5")
    visitor.key("Enter")
    expect(visitor.at("panel-named")).to_have_text("Typed in by hand.")
    expect(visitor.page.locator('[data-at="convolution:weight[0,0,1,1]"]')).to_have_value("−.50")
    visitor.press("undo")
    expect(visitor.page.locator('[data-at="convolution:weight[0,0,1,1]"]')).to_have_value("0")
    expect(visitor.page.locator("#panel-output button")).to_have_count(9)
    same_as_fresh(visitor)


def test_what_does_not_fit_cannot_be_chosen(visitor: Visitor) -> None:
    visitor.do("convolution-settings", kernel_size=5, padding=0)
    visitor.page.reload()
    unavailable(visitor.at("dilation-plus"))
    assert "floor((5 + 2·0 − 2·(5 − 1) − 1)/1)" in (visitor.at("dilation-plus").get_attribute("title") or "")
    available(visitor.at("padding-plus"))


def test_the_drawing_is_drawn_on_here_too(visitor: Visitor) -> None:
    visitor.drag([(2, 1), (2, 2), (2, 3)])
    expect(visitor.pixel(2, 2)).to_have_attribute("aria-pressed", "true")
    visitor.open("/network")
    assert visitor.drawing == ".###. #...# ##### #...# .###."


def test_any_image_is_edited_cell_by_cell(visitor: Visitor) -> None:
    visitor.press("more", "image-lab")
    expect(visitor.pixel(5, 7)).to_have_text("0")
    visitor.pixel(5, 7).click()
    expect(visitor.pixel(5, 7)).to_have_text("3")
    visitor.press("more")
    visitor.at("image-text").fill("12\n30")
    visitor.press("image-typed")
    expect(visitor.page.locator("#panel-image button")).to_have_count(4)
    assert visitor.settle().page.locator("#panel-image button").all_text_contents() == ["1", "2", "3", "0"]


def test_an_output_cell_lights_its_window_and_a_weight_all_that_it_touches(visitor: Visitor) -> None:
    visitor.press("end")
    visitor.sees("Rows 4:7, columns 4:7")
    lit = visitor.page.locator("#panel-image .lit")
    visitor.page.locator("#panel-output button").nth(12).hover()
    expect(lit).to_have_count(9)
    visitor.page.locator("#panel-kernel input").nth(4).hover()
    expect(lit).to_have_count(25)
    visitor.pixel(0, 0).hover()
    expect(visitor.page.locator("#panel-output .lit")).to_have_count(4)
    visitor.page.mouse.move(5, 5)
    expect(visitor.page.locator(".lit")).to_have_count(0)


def test_a_prediction_is_typed_locked_and_revealed(visitor: Visitor) -> None:
    visitor.do("convolution-kernel", filter=0, row=1, column=2, value=77.25)
    visitor.page.reload()
    visitor.press("show-true")
    expect(visitor.at("guess")).to_be_visible()
    unavailable(visitor.at("step"))
    assert "77.25 " not in visitor.page.locator("#panel-products").inner_text()
    visitor.key("1", "2")
    expect(visitor.at("guess")).to_have_value("12")
    visitor.key("Enter")
    expect(visitor.page.locator("#panel-predict")).to_contain_text("The sign is right,")
    expect(visitor.page.locator("#panel-track")).to_contain_text("0 of 1 predicted right")
    visitor.press("step")
    visitor.page.locator('[data-key="3"]').click()
    visitor.press("lock")
    expect(visitor.page.locator("#panel-track")).to_contain_text("of 2 predicted right")
    visitor.press("step", "skip")
    expect(visitor.page.locator("#panel-track")).to_contain_text("of 2 predicted right")
    same_as_fresh(visitor)


def test_without_script_it_walks_as_well(without_script: Visitor) -> None:
    visitor = without_script.open("/convolution")
    for _ in range(3):
        visitor.press("step")
    assert filled(visitor) == output()[:3]
    visitor.press("back")
    assert filled(visitor) == output()[:2]
    visitor.page.locator("#panel-output button").nth(7).click()
    assert filled(visitor) == output()[:8]
    visitor.pixel(2, 2).click()
    expect(visitor.pixel(2, 2)).to_have_attribute("aria-pressed", "true")
    visitor.press("show-true")
    visitor.press("step")
    visitor.at("guess").fill("1.5")
    visitor.press("lock")
    expect(visitor.page.locator("#panel-predict")).to_contain_text("your prediction")


def test_a_finger_steps_and_goes_to_a_cell(phone: Visitor) -> None:
    phone.open("/convolution")
    phone.at("step").tap()
    phone.sees("Rows 0:3, columns 0:3")
    phone.page.locator("#panel-output button").nth(6).tap()
    phone.sees("Rows 1:4, columns 1:4")


def test_on_a_phone_what_is_worked_out_comes_into_sight(phone: Visitor) -> None:
    def in_sight(name: str) -> bool:
        box = phone.page.locator(name).bounding_box()
        return box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390

    for action, fields in (*LARGE, ("convolution-go", {"index": 8})):
        phone.do(action, **fields)
    phone.open("/convolution")
    for place in ("columns 9:12", "columns 0:3"):  # the last cell of a row, and the first of the next
        phone.at("step").tap()
        phone.sees(place)
        for shown in ("#panel-output .now", "#panel-frame .edge"):
            phone.waits(lambda shown=shown: in_sight(shown), f"{shown} can be seen")  # type: ignore[misc]


def brought(visitor: Visitor, situation: str) -> Visitor:
    visitor.open("/convolution")
    for action, fields in (SITUATIONS | CROWDED)[situation]:
        visitor.do(action, **fields)
    visitor.page.reload()
    visitor.page.evaluate("() => document.fonts.ready.then(() => true)")
    return visitor


def meant(fault: str) -> bool:
    """Return whether a fault is meant: the chosen cell of a large map grows, and its window brings its numbers."""
    grown = "one over the other" in fault and fault.count("panel-output") + fault.count("convolution:output") == 2
    twice = "sent and not seen" in fault and "convolution:window" in fault  # the image shows the same numbers
    return grown or twice or ("contrast" in fault and "panel-frame" in fault)


@pytest.mark.parametrize("situation", SITUATIONS | CROWDED)
@pytest.mark.parametrize("size", DESKS + PHONES, ids=name)
def test_it_fits_and_can_be_read(welcome: Welcome, size: tuple[int, int], situation: str) -> None:
    phone = size in PHONES
    viewport = {"width": size[0], "height": size[1]}
    visitor = brought(welcome(viewport=viewport, has_touch=phone, is_mobile=phone, reduced_motion="reduce"), situation)
    faults = visitor.page.evaluate(MEASURE, {"desk": not phone, "touch": 44 if phone else 0})
    nothing_wrong([(situation, [fault for fault in faults if not meant(fault)])])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_axe_finds_nothing(welcome: Welcome, scheme: str, situation: str) -> None:
    visitor = brought(welcome(color_scheme=scheme, reduced_motion="reduce"), situation)
    assert violations(visitor) == []
    visitor.press("more")
    expect(visitor.at("panel-image-more")).to_be_visible()
    assert violations(visitor) == []


PRESSES = [
    "step", "step", "back", "start", "end", "undo", "redo", "by-beat", "by-window", "show-true", "show-false", "skip",
    "kernel_size-minus", "kernel_size-plus", "stride-plus", "stride-minus", "padding-minus", "padding-plus",
    "dilation-plus", "filters-plus", "filters-minus", "biased-on", "biased-off", "flip", "preset-blur", "own", "nice",
    "px-1-1", "px-0-0", "image-lab", "image-digit", "start-over",
]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_after_anything_every_panel_equals_that_of_a_fresh_page(visitor: Visitor, seed: int) -> None:
    luck = random.Random(seed)
    visitor.watch.allow("409", "422")  # what became unavailable while a press waited
    tabs = [visitor, visitor.another_tab("/convolution")]
    for number in range(1, 31):
        tab = luck.choice(tabs)
        there = [name for name in luck.choices(PRESSES, k=luck.randrange(1, 4)) if tab.at(name).count()]
        tab.press_at_once(*there)
        if number % 10 == 0:
            for each in tabs:
                each.settle()
            tab.press_at_once("undo", "preset-corner")
            tab.settle()
            same_as_fresh(tab)
