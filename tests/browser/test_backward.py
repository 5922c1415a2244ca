"""The backward pass as a walk, and the ledger of the step: in a browser, by keyboard, without script, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.playground.backward import PLACES, STAGES
from tests.browser.conftest import PHONE, Welcome
from tests.browser.look import faults
from tests.browser.visitor import Visitor, available, unavailable
from tests.web.markup import agrees


def expect_at(visitor: Visitor, address: str) -> None:
    expect(visitor.at("panel-explanation")).to_have_attribute("data-pointed", address)


def test_a_whole_backward_pass_by_keyboard_alone(welcome: Welcome) -> None:
    visitor = welcome().open()
    visitor.at("show-backward").focus()
    visitor.key("Enter")
    expect_at(visitor, "grad.logits[0]")
    assert visitor.page.locator(".stage .masked").count() == 110 + 10 - 1
    for _ in STAGES:  # three numbers of each stage one by one, then the rest of it
        visitor.key("PageDown", "ArrowRight", "PageDown", "w")
    visitor.settle()
    expect_at(visitor, "grad.conv.bias[3]")
    unavailable(visitor.at("step"))
    assert visitor.page.locator(".stage .masked").count() == 0
    known, shown = visitor.ask("network/gradients"), visitor.numbers
    for layer in ("conv.weight", "fc.weight"):
        value = known[layer][3]
        while isinstance(value, list):
            value = value[0]
        address = f"grad.{layer}[3,0{',0,0' if layer == 'conv.weight' else ''}]"
        assert agrees(shown[address], value), address
    visitor.key("PageUp", "PageUp")
    expect_at(visitor, "grad.conv.bias[1]")
    assert visitor.settle().step == 0, "walking back takes no step"


def test_a_step_lights_what_it_reads_and_masks_what_is_to_come(visitor: Visitor) -> None:
    visitor.shows("backward")
    visitor.at("stage-4").click()
    expect_at(visitor, "grad.conv[0,0,0]")
    expect(visitor.at("stage-4")).to_have_attribute("aria-current", "step")
    expect(visitor.page.locator("#panel-kernels .masked")).to_have_count(20)
    expect(visitor.page.locator("#panel-maps .masked")).to_have_count(15)
    expect(visitor.number("grad.relu[0,0,0]")).to_have_class("term")
    visitor.at("stage-5").click()
    visitor.key("s", "s")
    expect(visitor.at("panel-explanation")).to_contain_text("position 3 of 4")
    expect(visitor.page.locator("#panel-kernels .now")).to_have_count(1)
    visitor.key("s")
    expect(visitor.number("grad.conv.weight[0,0,0,0]")).to_be_visible()
    visitor.number("grad.logits[2]").click()
    expect_at(visitor, "grad.logits[2]")
    visitor.key("PageDown")
    expect_at(visitor, "grad.conv.weight[0,0,0,1]")


def test_it_plays_by_itself_to_the_end(visitor: Visitor) -> None:
    visitor.do("show", voices="backward")
    visitor.do("backward-go", index=len(PLACES) - 3)
    visitor.do("play", lab="backward", every=100)
    visitor.page.reload()
    expect_at(visitor, "grad.conv.bias[3]")
    expect(visitor.at("tick")).to_have_count(0)


def test_the_walk_and_the_ledger_without_script(welcome: Welcome) -> None:
    visitor = welcome(java_script_enabled=False).open()
    visitor.press("step", "show-backward", "whole", "step")
    expect_at(visitor, "grad.fc.weight[0,0]")
    visitor.press("back")
    expect_at(visitor, "grad.logits[9]")
    visitor.press("show-ledger", "layer-3", "by-change", "by-change")
    expect(visitor.page.locator("th[aria-sort=descending]")).to_contain_text("change")
    visitor.page.locator(".fold button").first.click()
    expect(visitor.page.locator(".lines p")).to_have_count(3)
    visitor.at("print-all").click()
    expect(visitor.page.locator("table")).to_have_count(4)


def test_a_step_beside_the_ledger_turns_to_the_next(visitor: Visitor) -> None:
    visitor.shows("ledger")
    visitor.sees("No step was taken yet")
    visitor.key("PageDown")
    visitor.sees("The ledger of step 1.")
    available(visitor.at("undo"))
    expect(visitor.page.locator("#panel-ledger tbody tr")).to_have_count(16)
    visitor.number("velocity.conv.weight[0,0,0,0]").click()
    expect_at(visitor, "velocity.conv.weight[0,0,0,0]")


def test_every_place_of_the_walk_finds_room(visitor: Visitor) -> None:
    visitor.do("step", steps=4)
    for stage in range(len(STAGES)):
        visitor.do("backward-go", stage=stage)
        assert faults(visitor.open(), "backward") == [("backward", [])], stage


def test_on_a_phone_nothing_scrolls_sideways(welcome: Welcome) -> None:
    visitor = welcome(viewport=PHONE, has_touch=True, is_mobile=True).open()
    visitor.do("step")
    visitor.do("ledger", layer="conv.bias", opened="conv.bias[2]")
    assert faults(visitor.open(), "backward", desk=False, touch=44) == [("backward", [])]
    assert ledger_faults(visitor, desk=False, touch=44) == []


@pytest.mark.parametrize("size", ["1024x640", "1024x768", "1280x720"])
def test_the_ledger_finds_room_at_a_desk(welcome: Welcome, size: str) -> None:
    width, height = map(int, size.split("x"))
    visitor = welcome(viewport={"width": width, "height": height}).open()
    visitor.do("step", steps=4)
    visitor.do("ledger", layer="conv.bias", opened="conv.bias[2]")
    assert ledger_faults(visitor.open()) == []


def ledger_faults(visitor: Visitor, desk: bool = True, touch: int = 0) -> list[str]:
    """Return what is wrong with the ledger; the stage stands behind it, and is not to be seen."""
    _, found = faults(visitor, "ledger", desk=desk, touch=touch)[0]
    return [fault for fault in found if not fault.startswith("sent and not seen")]
