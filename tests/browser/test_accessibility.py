"""Whoever hears the page, or sees it in other colours, gets the same page."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Welcome
from tests.browser.visitor import Visitor


def violations(visitor: Visitor) -> list[str]:
    """Return what axe finds, a line for each place."""
    found = Axe().run(visitor.page).response["violations"]
    return [
        f"{violation['id']}: {', '.join(node['target'])}: {node['html'][:160]} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_a_desk(welcome: Welcome, scheme: str) -> None:
    visitor = welcome(color_scheme=scheme).open()
    assert violations(visitor) == []
    visitor.press("step")
    visitor.sees("Step 1:")
    for mode in ("values", "gradients", "both", "backward", "ledger"):
        visitor.shows(mode)
        assert violations(visitor) == [], mode


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_numbers_end(welcome: Welcome, scheme: str) -> None:
    visitor = welcome(color_scheme=scheme).open()
    visitor.break_numbers()
    visitor.sees("The step was too big")
    assert violations(visitor) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_more(welcome: Welcome, scheme: str) -> None:
    visitor = welcome(color_scheme=scheme).open()
    visitor.press("more")
    expect(visitor.at("panel-more")).to_be_visible()
    assert violations(visitor) == []


def test_axe_finds_nothing_on_a_phone(phone: Visitor) -> None:
    assert violations(phone) == []
    phone.press("step-10", "more", "labs-button")
    expect(phone.at("labs")).to_be_visible()
    assert violations(phone) == []


def test_axe_finds_nothing_without_script_or_in_an_error(visitor: Visitor) -> None:
    visitor.watch.allow("404")
    visitor.open("/nothing-here")
    expect(visitor.page.locator("main")).to_contain_text("There is nothing at this address.")
    assert violations(visitor) == []


def test_the_api_has_a_page_that_needs_nobody_else(visitor: Visitor) -> None:
    visitor.open("/docs")
    expect(visitor.page.locator(".opblock").first).to_be_visible()
    assert visitor.page.locator(".opblock").count() >= 20


HEADERLESS = """() => [...document.querySelectorAll("main [data-at]")].filter((cell) => {
  const place = cell.closest("td");
  if (!place) return !cell.closest("p, section");
  const named = (header) => header && (header.textContent.trim() || header.getAttribute("aria-label"));
  const beside = [...place.parentElement.cells].some((one) => one.matches("th[scope=row]") && named(one));
  const above = [...place.closest("table").rows].some((row) => {
    const one = row.cells[place.cellIndex];
    return one?.matches("th[scope=col]") && named(one);
  });
  const several = place.parentElement.querySelectorAll("td [data-at]").length > 1;
  return !beside || (several && place.parentElement.querySelectorAll("td").length > 1 && !above);
}).map((cell) => cell.dataset.at)"""


def test_every_number_stands_in_a_table_that_says_its_row_and_column(visitor: Visitor) -> None:
    visitor.press("step")
    visitor.sees("Step 1:")
    assert visitor.page.evaluate(HEADERLESS) == []
    for table in visitor.page.locator("main table").all():
        assert table.get_attribute("aria-label")


def test_what_happened_is_said_aloud(visitor: Visitor) -> None:
    expect(visitor.at("panel-sentence")).to_have_attribute("aria-live", "polite")
    expect(visitor.at("notice")).to_have_attribute("role", "alert")
    expect(visitor.at("connection")).to_have_attribute("role", "status")


def test_with_reduced_motion_nothing_moves(welcome: Welcome) -> None:
    visitor = welcome(reduced_motion="reduce").open()
    visitor.press("step")
    visitor.sees("Step 1:")
    assert visitor.page.evaluate("() => document.getAnimations().length") == 0


def test_with_forced_colours_the_sign_still_shows(welcome: Welcome) -> None:
    visitor = welcome(forced_colors="active").open()
    expect(visitor.number("conv.weight[0,0,0,0]")).to_be_visible()
    shades = {
        visitor.page.locator(f'[data-level="{level}"]').first.evaluate("cell => getComputedStyle(cell).backgroundColor")
        for level in (-3, 3)
    }
    assert len(shades) == 2
