"""What stands in a page: the numbers with their addresses, and the panels."""

from __future__ import annotations

import math
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "wbr", "br", "img", "hr"}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str | None, list[str]]] = []
        self.heard: list[str] = []
        self.numbers: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if named.get("id"):
            self.ids.append(named["id"] or "")
        if tag not in VOID:
            self.open.append((named.get("data-at"), []))
            self.heard.append(named.get("aria-label") or "")
        elif named.get("data-at"):
            self.numbers.append((named["data-at"] or "", named.get("value") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if dict(attrs).get("id"):
            self.ids.append(dict(attrs)["id"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        address, text = self.open.pop()
        heard = self.heard.pop()
        if address:  # a cell that is too small for its number says it to those who hear
            self.numbers.append((address, "".join(text) or heard))

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        for _, text in self.open:
            text.append(data)


def parsed(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page


def numbers(html: str) -> list[tuple[str, str]]:
    """Return (address, text) of every number that has an address."""
    return parsed(html).numbers


def panels(html: str) -> set[str]:
    """Return the names of the panels in a page or an answer."""
    return {name.removeprefix("panel-") for name in parsed(html).ids if name.startswith("panel-")} - {"more-panel"}


def agrees(text: str, value: float) -> bool:
    """Return whether a text shows a value, to the digits shown."""
    text = text.strip().replace("−", "-").replace("∞", "inf").removesuffix("%").strip()
    if not math.isfinite(value):
        return repr(float(text)) == repr(value)
    shown = float(text)
    mantissa, _, power = text.partition("e")
    digits = len(mantissa.partition(".")[2])
    unit = 10.0 ** (int(power or 0) - digits)
    return abs(shown - value) <= unit * 0.500001
