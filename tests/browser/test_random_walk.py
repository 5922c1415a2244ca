"""Anything, in any order, over two tabs: every panel equals that of a fresh page."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import door
from tests.browser.fresh import same_as_fresh
from tests.browser.visitor import Visitor
from tests.server import Server

BUTTONS = [
    "step",
    "step",
    "step-10",
    "undo",
    "redo",
    "reset",
    "clear",
    "label-3",
    "label-0",
    "sample-four",
    "start-over",
    "show-values",
    "show-gradients",
    "show-both",
    "show-ledger",
    "code",
]


def at_random(visitor: Visitor, luck: random.Random) -> None:
    """Do something, without waiting for what comes of it."""
    match luck.randrange(8):
        case 0 | 1:
            length = luck.choice([1, 3])  # a click, or a drag
            with suppress(AssertionError):  # the ledger may stand where the pad was
                visitor.drag([(luck.randrange(5), luck.randrange(5)) for _ in range(length)])
        case 2:
            visitor.at("rate").evaluate(
                "(field, rate) => { field.value = rate; field.dispatchEvent(new Event('change', {bubbles: true})); }",
                luck.choice(["0.1", "0.5", "1e20"]),
            )
        case 3:
            visitor.page.evaluate(
                """share => {
                  const scrub = document.getElementById("scrub");
                  if (!scrub) return;
                  scrub.value = Math.round(share * scrub.max);
                  for (const name of ["input", "change"]) scrub.dispatchEvent(new Event(name, {bubbles: true}));
                }""",
                luck.random(),
            )
        case 4:
            visitor.key(luck.choice(["PageDown", "PageUp", "s", "u", "r"]))
        case _:
            visitor.press_at_once(*luck.choices(BUTTONS, k=luck.randrange(1, 4)))


def walk(visitor: Visitor, seed: int) -> None:
    luck = random.Random(seed)
    visitor.watch.allow("409", "422")  # what became unavailable while a press waited
    tabs = [visitor, visitor.another_tab()]
    for number in range(1, 41):
        tab = luck.choice(tabs)
        at_random(tab, luck)
        if number % 10 == 0:
            for each in tabs:
                each.settle()
            tab.press_at_once("label-5", "label-6")
            tab.settle()
            same_as_fresh(tab)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_walk_over_two_tabs_leaves_no_panel_wrong(visitor: Visitor, seed: int) -> None:
    walk(visitor, seed)


def test_nor_does_it_where_two_workers_take_turns(browser: Browser, tmp_path: Path) -> None:
    server = Server(tmp_path, "--workers", "2", "--rate", "0").start()
    with door(browser, server) as welcome:
        walk(welcome().open(), 3)
    server.stop()
