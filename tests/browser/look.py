"""How a page looks, measured: what scrolls, is cut off, too small, too pale, or lies over something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.browser.visitor import Visitor

MEASURE = (Path(__file__).parent / "measure.js").read_text()
Found = Iterable[tuple[str, list[str]]]
MOST_LINES = 25
MODES = ("gradients", "backward", "both", "values")


def _stepped(visitor: Visitor) -> None:
    visitor.do("step")


def _ten(visitor: Visitor) -> None:
    visitor.do("step", steps=10)


def _back(visitor: Visitor) -> None:
    visitor.do("rewind", revision=visitor.ask("session")["revision"], step=4)


def _blank(visitor: Visitor) -> None:
    visitor.do("clear")


def _many(visitor: Visitor) -> None:
    visitor.do("load", name="four")
    visitor.do("learning-rate", rate=0.0125)
    visitor.do("step", steps=1000)
    visitor.do("step", steps=500)


def _too_high(visitor: Visitor) -> None:
    visitor.do("learning-rate", rate=1000)
    visitor.do("label", label=9)
    visitor.do("step", steps=2)
    visitor.do("label", label=3)


def _broken(visitor: Visitor) -> None:
    visitor.do("learning-rate", rate=1e20)
    visitor.do("label", label=5)
    visitor.do("step", steps=3)


STATES: dict[str, Callable[[Visitor], None]] = {
    "first visit": lambda visitor: None,
    "after a step": _stepped,
    "after ten": _ten,
    "scrubbed back": _back,
    "blank": _blank,
    "after many": _many,
    "rate too high": _too_high,
    "not finite": _broken,
}
"""What the page is brought to, one after the other."""


def faults(visitor: Visitor, *modes: str, desk: bool = True, touch: int = 0) -> list[tuple[str, list[str]]]:
    """Return what is wrong with how the page looks in these modes of its switch, by default in all."""
    visitor.page.evaluate("() => document.fonts.ready.then(() => true)")
    found = []
    for mode in modes or MODES:
        visitor.shows(mode)
        found.append((mode, visitor.page.evaluate(MEASURE, {"desk": desk, "touch": touch})))
    return found


def faults_in_all_states(visitor: Visitor, *modes: str, desk: bool = True, touch: int = 0) -> Found:
    """Bring the page to one state after the other, at last open More, and return what is wrong."""
    for state, come in STATES.items():
        come(visitor)
        visitor.page.reload()
        for mode, sentences in faults(visitor, *modes, desk=desk, touch=touch):
            yield f"{state}, {mode}", sentences
    visitor.press("more")
    for mode, sentences in faults(visitor, *modes, desk=desk, touch=touch):
        yield f"more, {mode}", sentences


def nothing_wrong(found: Found) -> None:
    """Fail with a line for each kind of fault and the situation where it was seen first."""
    first: dict[str, str] = {}
    for situation, sentences in found:
        for sentence in sentences:
            first.setdefault(re.sub(r"[\d.−]+", "#", sentence), f"{situation}: {sentence}")
    if first:
        rest = len(first) - MOST_LINES
        lines = [*list(first.values())[:MOST_LINES], *([f"… and {rest} more"] if rest > 0 else [])]
        pytest.fail("\n".join(lines), pytrace=False)
