"""The main job without JavaScript: every press is a form, every answer a page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor, available, unavailable


@pytest.fixture
def visitor(without_script: Visitor) -> Visitor:
    return without_script


def test_a_digit_is_drawn_pixel_by_pixel(visitor: Visitor) -> None:
    visitor.pixel(2, 2).click()
    expect(visitor.pixel(2, 2)).to_have_attribute("aria-pressed", "true")
    visitor.pixel(0, 1).click()
    expect(visitor.pixel(0, 1)).to_have_attribute("aria-pressed", "false")
    assert visitor.drawing == "..##. #...# #.#.# #...# .###."
    visitor.press("clear")
    visitor.sees("The drawing is blank")


def test_a_step_and_ten_more(visitor: Visitor) -> None:
    visitor.sees("Press Step")
    visitor.press("step")
    visitor.sees("Step 1: the loss fell from 2.250")
    visitor.press("step-10")
    visitor.sees("Steps 2 to 11")
    assert visitor.revision == 2


def test_undo_and_redo_say_what_they_do(visitor: Visitor) -> None:
    unavailable(visitor.at("undo"))
    visitor.press("step-10")
    expect(visitor.at("undo")).to_have_attribute("aria-label", "Undo: 10 steps, network")
    visitor.press("undo")
    visitor.sees("Undone")
    visitor.press("redo")
    visitor.sees("Redone")
    available(visitor.at("undo"))


def test_a_label_and_a_sample(visitor: Visitor) -> None:
    visitor.press("label-3")
    visitor.sees("Now it should say 3")
    visitor.press("more", "sample-four")
    expect(visitor.at("label-4")).to_have_attribute("aria-pressed", "true")
    assert visitor.drawing == "#.#.. #.#.. ##### ..#.. ..#.."


def test_a_seed_a_reset_and_starting_over(visitor: Visitor) -> None:
    visitor.press("more")
    visitor.at("seed").fill("7")
    visitor.press("new-weights")
    visitor.sees("New weights, seed 7")
    visitor.press("step", "reset")
    visitor.sees("New weights, seed 7")
    visitor.press("more", "start-over")
    visitor.sees("Started over")


def test_the_rate_is_set_by_a_plain_button(visitor: Visitor) -> None:
    visitor.at("rate").fill("0.5")
    visitor.page.get_by_role("button", name="Set", exact=True).click()
    visitor.sees("The learning rate is 0.5 now")
    expect(visitor.at("rate")).to_have_value("0.5")


def test_the_scrubber_goes_by_a_plain_button(visitor: Visitor) -> None:
    visitor.press("step-10")
    visitor.at("scrub").fill("4")
    visitor.page.get_by_role("button", name="Go").click()
    visitor.sees_step(4)
    assert visitor.step == 4


def test_what_needs_script_is_not_offered(visitor: Visitor) -> None:
    for name in ("play", "referee", "letters"):
        expect(visitor.at(name)).to_be_hidden()
    visitor.press("more")
    expect(visitor.at("theme-dark")).to_be_hidden()


def test_the_switch_works_all_the_same(visitor: Visitor) -> None:
    visitor.shows("gradients")
    expect(visitor.number("grad.fc.weight[0,0]")).to_be_visible()
    expect(visitor.number("fc.weight[0,0]")).to_be_hidden()


def test_a_press_of_what_is_unavailable_leads_to_a_sentence_and_back(visitor: Visitor) -> None:
    visitor.watch.allow("409")
    visitor.at("undo").click(force=True)
    expect(visitor.page.locator("main")).to_contain_text("nothing to undo")
    visitor.page.get_by_role("link", name="Back to the network").click()
    visitor.sees("Press Step")


def test_an_address_that_is_none_has_a_way_back(visitor: Visitor) -> None:
    visitor.watch.allow("404")
    visitor.open("/nothing-here")
    expect(visitor.page.locator("main")).to_contain_text("There is nothing at this address.")
    visitor.page.get_by_role("link", name="Back to the network").click()
    visitor.sees("Press Step")


def test_a_reload_after_a_step_steps_no_further(visitor: Visitor) -> None:
    visitor.press("step")
    visitor.sees("Step 1:")
    visitor.page.reload()
    visitor.sees("Step 1:")
    assert visitor.revision == 1


@pytest.mark.parametrize(
    ("lab", "address", "title"),
    [
        ("network", "logits[3]", "Logit 3"),
        ("classifier", "classifier:logits[3]", "Logit 3"),
        ("training", "training:test.right", "Share of the test digits"),
    ],
)
def test_a_number_explains_itself_by_its_address(visitor: Visitor, lab: str, address: str, title: str) -> None:
    visitor.open(f"/{lab}")
    visitor.press("more")
    visitor.page.get_by_role("link", name="explain").click()
    visitor.at("address").fill(address)
    visitor.press("explain")
    expect(visitor.at("panel-explanation")).to_contain_text(title)
    visitor.press("unpoint")
    expect(visitor.at("panel-explanation")).not_to_contain_text(title)
