"""Somebody with a browser, in a visitor's verbs."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.watch import Watch

PATIENCE = 30  # seconds that anything may take on a busy machine

Cell = tuple[int, int]
Point = tuple[float, float]


class Visitor:
    """A page of the playground, and what somebody does on it."""

    def __init__(self, page: Page, url: str, watch: Watch) -> None:
        self.page = page
        self.url = url
        self.watch = watch

    # Coming and going

    def open(self, path: str = "/network") -> Visitor:
        self.page.goto(self.url + path)
        return self

    def another_tab(self, path: str = "/network") -> Visitor:
        return Visitor(self.page.context.new_page(), self.url, self.watch).open(path)

    @cached_property
    def mirror(self) -> Visitor:
        """Another tab, kept to look at the session in a fresh page again and again."""
        return Visitor(self.page.context.new_page(), self.url, self.watch)

    def shows(self, voices: str) -> None:
        """Press a button of the page's switch, and wait until the page has done so."""
        button = self.at(f"show-{voices}")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")

    # Looking

    def at(self, name: str) -> Locator:
        """Return an element by its id."""
        return self.page.locator(f"#{name}")

    def number(self, address: str) -> Locator:
        return self.page.locator(f'main [data-at="{address}"]').first

    def pixel(self, row: int, column: int) -> Locator:
        return self.at(f"px-{row}-{column}")

    @property
    def sentence(self) -> Locator:
        return self.page.locator("#panel-sentence p")

    @property
    def drawing(self) -> str:
        """The drawing as five words of # and ."""
        pressed = self.page.locator("#panel-pad td button").evaluate_all(
            "pixels => pixels.map(pixel => pixel.getAttribute('aria-pressed') === 'true' ? '#' : '.')"
        )
        return " ".join("".join(pressed[start : start + 5]) for start in range(0, 25, 5))

    @property
    def numbers(self) -> dict[str, str]:
        """Every number on the page that has an address, as it is shown."""
        found = self.page.locator("main [data-at]").evaluate_all(
            "cells => cells.map(cell => [cell.dataset.at, cell.textContent])"
        )
        return dict(found)

    @property
    def revision(self) -> int:
        """The revision that the page shows."""
        mark = self.at("revision").get_attribute("data-revision") or ""
        return int(mark.partition("@")[0])

    def ask(self, path: str, **query: str | int) -> Any:
        """Ask the API, in the session of this page."""
        response = self.page.context.request.get(f"{self.url}/api/v1/{path}", params=dict(query))
        assert response.ok, response.text()
        return response.json()

    @property
    def step(self) -> int:
        """The SGD steps taken, as the server knows them."""
        return int(self.ask("session")["step"])

    def presses(self) -> list[str]:
        """Return a list that grows with the addresses of the presses that leave this page."""
        sent: list[str] = []
        self.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        return sent

    # Acting

    def do(self, action: str, **fields: object) -> None:
        """Act behind the page's back, through the API."""
        response = self.page.context.request.post(f"{self.url}/api/v1/actions/{action}", data=fields)
        assert response.ok, response.text()

    def come_to_front(self) -> None:
        """Choose this tab; one in the background draws no frames, and takes seconds to notice the mouse."""
        if len(self.page.context.pages) > 1:
            self.page.bring_to_front()

    def press(self, *names: str) -> None:
        """Click buttons one after the other, as fast as the page lets."""
        self.come_to_front()
        for name in names:
            self.at(name).click()

    def press_at_once(self, *names: str) -> None:
        """Click buttons in one breath: no answer can come between."""
        self.page.evaluate("names => { for (const name of names) document.getElementById(name).click(); }", list(names))

    def key(self, *keys: str) -> None:
        self.come_to_front()
        for key in keys:
            self.page.keyboard.press(key)

    def drag(self, cells: Sequence[Cell]) -> None:
        """Draw over pixels with the mouse, without letting go."""
        self.come_to_front()
        mouse, (start, *rest) = self.page.mouse, [self.middle(self.pixel(*cell)) for cell in cells]
        mouse.move(*start)
        mouse.down()
        for point in rest:
            mouse.move(*point, steps=4)
        mouse.up()

    def drag_finger(self, cells: Sequence[Cell]) -> None:
        """Draw over pixels with a finger, without lifting it."""
        self.swipe([self.middle(self.pixel(*cell)) for cell in cells])

    def swipe(self, points: Sequence[Point]) -> None:
        """Put a finger down, move it, and lift it."""
        finger = self.page.context.new_cdp_session(self.page)
        for kind, point in zip(["touchStart"] + ["touchMove"] * (len(points) - 1), points, strict=True):
            touch = {"type": kind, "touchPoints": [{"x": point[0], "y": point[1]}]}
            finger.send("Input.dispatchTouchEvent", touch)
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        finger.detach()

    def middle(self, element: Locator) -> Point:
        box = element.bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def set_rate(self, rate: str) -> None:
        self.at("rate").fill(rate)
        self.at("rate").blur()

    def break_numbers(self) -> None:
        """Step until a weight is no number: a rate that is far too high, and a label that it does not expect."""
        for action, fields in (("learning-rate", {"rate": 1e20}), ("label", {"label": 3}), ("step", {"steps": 10})):
            self.do(action, **fields)
        self.page.reload()

    # Waiting

    def waits(self, come: Callable[[], object], what: str) -> None:
        """Wait until something has come true, and fail with a sentence if it never does."""
        deadline = time.monotonic() + PATIENCE
        while not come():
            assert time.monotonic() < deadline, f"It never came about that {what}."
            self.page.wait_for_timeout(10)  # meanwhile the page goes on

    def settle(self) -> Visitor:
        """Wait until every press of this page was answered."""
        self.waits(lambda: not self.page.evaluate("() => window.pressesUnderWay()"), "all presses were answered")
        return self

    def sees_revision(self, revision: int) -> None:
        expect(self.at("revision")).to_have_attribute("data-revision", re.compile(f"^{revision}@"))

    def sees_it_play(self, steps: int) -> None:
        """Wait until the page has shown so many more revisions, by itself."""
        before = self.revision
        self.waits(lambda: self.revision >= before + steps, f"{steps} more revisions were shown")

    def sees_step(self, step: int) -> None:
        """The curve stands at this step; before the first one there is no curve to stand on."""
        expect(self.at("scrub")).to_have_attribute("aria-valuetext", f"step {step}")

    def sees(self, words: str) -> None:
        expect(self.sentence).to_contain_text(words)


def unavailable(button: Locator) -> None:
    expect(button).to_have_attribute("aria-disabled", "true")


def available(button: Locator) -> None:
    expect(button).not_to_have_attribute("aria-disabled", "true")
