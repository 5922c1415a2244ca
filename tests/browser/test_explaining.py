"""Every number on the page can be pointed at: it says where it comes from, and one can walk on from there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Welcome
from tests.browser.visitor import Visitor


def pointed(visitor: Visitor) -> str:
    return visitor.at("panel-explanation").get_attribute("data-pointed") or ""


def expect_pointed(visitor: Visitor, address: str) -> None:
    expect(visitor.at("panel-explanation")).to_have_attribute("data-pointed", address)


def test_a_click_on_a_number_shows_its_sum_and_lights_its_terms(welcome: Welcome) -> None:
    visitor = welcome().open()
    visitor.number("logits[0]").click()
    expect_pointed(visitor, "logits[0]")
    panel = visitor.at("panel-explanation")
    expect(panel).to_contain_text("Σ over i: flat[i] × fc.weight[0,i] + fc.bias[0]")
    expect(panel.locator("h2 strong")).to_have_text("0.1622")
    expect(panel).to_contain_text("as printed the terms give 0.1586: rounding")
    expect(visitor.at("panel-sentence")).to_be_hidden()
    assert visitor.page.locator(".stage .term").count() == 9
    assert visitor.page.locator(".stage .pointed").count() == 1
    visitor.page.keyboard.press("Escape")
    expect(visitor.at("panel-sentence")).to_be_visible()
    assert visitor.page.locator(".stage .term").count() == 0


def test_from_a_probability_to_a_pixel_by_keyboard_alone(welcome: Welcome) -> None:
    visitor = welcome().open()
    keys = visitor.page.keyboard
    visitor.page.get_by_role("table", name="Probabilities").focus()
    for key in ["ArrowDown", "ArrowDown", "Enter"]:
        keys.press(key)
    expect_pointed(visitor, "probabilities[1]")
    for address in ["logits[1]", "flat[2]", "pool[2,0,0]", "relu[2,1,0]", "conv[2,1,0]", "input[2,0]"]:
        link = visitor.at("panel-explanation").locator(f'.worked button[value="{address}"]').first
        link.focus()
        keys.press("Enter")
        expect_pointed(visitor, address)
    up = visitor.at("panel-explanation").locator('.feeds button[value="conv[2,1,0]"], .feeds button').first
    up.focus()
    keys.press("Enter")
    expect_pointed(visitor, "conv[0,1,0]")


def test_the_arrows_move_from_number_to_number_and_keep_their_place(welcome: Welcome) -> None:
    visitor = welcome().open()
    keys, head = visitor.page.keyboard, visitor.ask("session")["revision"]
    visitor.page.get_by_role("table", name="Linear layer").focus()
    for key in ["ArrowRight", "ArrowDown", "ArrowRight"]:
        keys.press(key)
    assert visitor.ask("session")["revision"] == head, "an arrow inside a grid is no step"
    keys.press("Enter")
    expect_pointed(visitor, "fc.weight[0,1]")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect_pointed(visitor, "fc.weight[1,1]")
    keys.press("PageDown")
    expect(visitor.at("panel-explanation")).to_contain_text("old.fc.weight[1,1] + change.fc.weight[1,1]")


def test_what_is_pointed_at_stays_through_steps_reloads_and_other_tabs(welcome: Welcome) -> None:
    visitor = welcome().open()
    visitor.number("loss").click()
    expect_pointed(visitor, "loss")
    before = visitor.at("panel-explanation").locator("h2 strong").inner_text()
    visitor.at("step").click()
    expect(visitor.at("panel-explanation").locator("h2 strong")).not_to_have_text(before)
    assert visitor.page.locator(".stage .term").count() == 10
    visitor.page.reload()
    expect_pointed(visitor, "loss")
    other = visitor.another_tab()
    expect_pointed(other, "loss")


def test_a_pixel_is_pointed_at_with_the_shift_key_and_stays_as_it_is(welcome: Welcome) -> None:
    visitor = welcome().open()
    visitor.pixel(0, 1).click(modifiers=["Shift"])
    expect_pointed(visitor, "input[0,1]")
    expect(visitor.pixel(0, 1)).to_have_attribute("aria-pressed", "true")
    expect(visitor.at("panel-explanation")).to_contain_text("feeds conv[0,0,0]")


def test_on_a_phone_a_tap_explains_and_the_number_stays_in_sight(welcome: Welcome) -> None:
    visitor = welcome(viewport=PHONE, has_touch=True, is_mobile=True).open()
    visitor.number("logits[9]").tap()
    expect_pointed(visitor, "logits[9]")
    number, sheet = visitor.number("logits[9]").bounding_box(), visitor.at("panel-explanation").bounding_box()
    assert number
    assert sheet
    assert number["y"] + number["height"] <= sheet["y"] + 1
    assert sheet["height"] <= PHONE["height"] / 2 + 1
    visitor.at("unpoint").tap()
    expect(visitor.at("panel-explanation")).to_be_hidden()


@pytest.mark.parametrize("javascript", [False])
def test_without_script_the_links_of_an_explanation_lead_on(welcome: Welcome, javascript: bool) -> None:
    visitor = welcome(java_script_enabled=javascript).open()
    visitor.do("point", address="logits[3]")
    visitor.open()
    visitor.at("panel-explanation").locator('button[value="fc.bias[3]"]').click()
    expect_pointed(visitor, "fc.bias[3]")


@pytest.mark.parametrize("lab", ["convolution", "pooling", "activation"])
def test_the_numbers_of_the_walked_labs_explain_themselves(welcome: Welcome, lab: str) -> None:
    visitor = welcome()
    visitor.do(f"{lab}-go", to="end")
    visitor.open(f"/{lab}")
    found = visitor.page.eval_on_selector_all("main [data-at]", "all => all.map((one) => one.dataset.at)")
    assert len(found) > 8
    for address in sorted(set(found)):
        assert visitor.ask(f"explain/{address}")["address"] == address
    visitor.page.locator(f"[data-at^='{lab}:output']").first.click(modifiers=["Shift"])
    expect(visitor.at("panel-explanation")).to_have_attribute("data-pointed", re.compile(f"{lab}:output"))
    assert visitor.page.locator(".board .term").count()


def test_every_number_on_the_page_can_be_pointed_at(welcome: Welcome) -> None:
    visitor = welcome().open()
    visitor.do("step", steps=2)
    for voices in ("values", "gradients", "ledger"):
        visitor.do("show", voices=voices)
        visitor.open()
        found = visitor.page.eval_on_selector_all("main [data-at]", "all => all.map((one) => one.dataset.at)")
        assert len(found) > 100
        for address in sorted(set(found)):
            assert visitor.ask(f"explain/{address}")["address"] == address


@pytest.mark.parametrize(("lab", "address"), [("neuron", "neuron:w"), ("classifier", "classifier:logits[0]")])
def test_the_numbers_of_the_labs_that_train_explain_themselves(welcome: Welcome, lab: str, address: str) -> None:
    visitor = welcome()
    visitor.do(f"{lab}-step", steps=2)
    visitor.open(f"/{lab}")
    found = visitor.page.eval_on_selector_all("main [data-at]", "all => all.map((one) => one.dataset.at)")
    assert len(found) > 8
    for one in sorted(set(found)):
        assert visitor.ask(f"explain/{one}")["address"] == one
    visitor.do("point", address=address)
    visitor.open(f"/{lab}")
    expect_pointed(visitor, address)
    assert visitor.page.locator("main .pointed").count()
