"""On a projector every number is on one screen, large enough; on a phone everything can be read and touched."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Welcome
from tests.browser.look import faults, faults_in_all_states, nothing_wrong
from tests.browser.visitor import Visitor

DESKS = [(1024, 640), (1024, 768), (1280, 590), (1280, 720), (1920, 1080)]
PHONES = [(390, 844), (320, 640)]


def name(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def at_a_desk(welcome: Welcome, size: tuple[int, int], **options: object) -> Visitor:
    return welcome(viewport={"width": size[0], "height": size[1]}, **options).open()


def on_a_phone(welcome: Welcome, size: tuple[int, int]) -> Visitor:
    return welcome(viewport={"width": size[0], "height": size[1]}, has_touch=True, is_mobile=True).open()


@pytest.mark.parametrize("size", DESKS, ids=name)
def test_every_number_is_on_one_screen_and_can_be_read(welcome: Welcome, size: tuple[int, int]) -> None:
    nothing_wrong(faults_in_all_states(at_a_desk(welcome, size)))


@pytest.mark.parametrize("size", DESKS, ids=name)
def test_what_the_page_has_to_say_besides_fits_too(welcome: Welcome, size: tuple[int, int]) -> None:
    visitor = at_a_desk(welcome, size)
    visitor.watch.allow("422")
    visitor.press("play")
    expect(visitor.at("play")).to_have_attribute("aria-label", "Pause")
    visitor.set_rate("-1")
    expect(visitor.at("notice")).not_to_be_empty()
    nothing_wrong(faults(visitor))
    visitor.press("play")


@pytest.mark.parametrize("size", [(1280, 720), (1024, 768)], ids=name)
def test_the_dark_theme_can_be_read_as_well(welcome: Welcome, size: tuple[int, int]) -> None:
    nothing_wrong(faults_in_all_states(at_a_desk(welcome, size, color_scheme="dark"), "both"))


@pytest.mark.parametrize("size", DESKS, ids=name)
def test_without_script_it_fits_as_well(welcome: Welcome, size: tuple[int, int]) -> None:
    visitor = at_a_desk(welcome, size, java_script_enabled=False)
    nothing_wrong(faults(visitor))
    visitor.press("step-10")
    visitor.sees("Steps 1 to 10")
    nothing_wrong(faults(visitor))


@pytest.mark.parametrize("size", PHONES, ids=name)
def test_a_phone_never_scrolls_sideways_and_fingers_hit_what_they_mean(welcome: Welcome, size: tuple[int, int]) -> None:
    nothing_wrong(faults_in_all_states(on_a_phone(welcome, size), desk=False, touch=44))


@pytest.mark.parametrize("size", PHONES, ids=name)
def test_on_a_phone_the_stages_stack(welcome: Welcome, size: tuple[int, int]) -> None:
    visitor = on_a_phone(welcome, size)
    names = ("panel-answer", "panel-pad", "panel-sentence", "panel-label", "panel-kernels", "panel-linear")
    heights = [visitor.page.locator(f"#{name} >> :scope > *, #{name}").first.bounding_box() for name in names]
    tops = [box["y"] for box in heights if box]
    assert len(tops) == len(names)
    assert tops == sorted(tops)


@pytest.mark.parametrize("size", PHONES, ids=name)
def test_on_a_phone_step_is_always_at_the_thumb_and_the_answer_in_sight(
    welcome: Welcome, size: tuple[int, int]
) -> None:
    visitor = on_a_phone(welcome, size)
    visitor.page.evaluate("() => scrollTo(0, 600)")
    assert visitor.page.evaluate("() => scrollY") > 100
    for place in ("step", "undo", "panel-answer"):
        expect(visitor.at(place)).to_be_in_viewport(ratio=1)
    visitor.at("step").tap()
    visitor.sees_revision(1)
