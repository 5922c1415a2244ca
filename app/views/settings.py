"""Settings that go up and down by one, along rows and columns: what they are, and what can be chosen next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from app.nn.windows import Pair


@dataclass(frozen=True, slots=True)
class Setting:
    """A number that a visitor changes by one.

    ``minus`` and ``plus`` are what a press would send, None where that cannot be, and then ``less`` and ``more`` may
    say why.
    """

    field: str
    label: str
    axis: str  # "rows" or "columns" where they are unlinked
    text: str
    minus: str | None
    plus: str | None
    less: str = ""
    more: str = ""


class Axes(NamedTuple):
    """A setting along both axes, and from where to where it goes."""

    field: str
    label: str
    sides: Pair
    least: int
    most: int


def settings(axes: Iterable[Axes], linked: bool, why_not: Callable[[str, Pair], str]) -> tuple[Setting, ...]:
    """Return the settings as they can be changed: one control each, or one an axis where they are not linked.

    ``why_not`` says why a setting cannot have a pair, "" where it can.
    """
    together = ("",) if linked else ("rows", "columns")
    return tuple(_setting(one, axis, why_not) for one in axes for axis in together)


def _setting(one: Axes, axis: str, why_not: Callable[[str, Pair], str]) -> Setting:
    down, across = one.sides
    value = across if axis == "columns" else down

    def beside(change: int) -> tuple[str | None, str]:
        side = value + change
        if not one.least <= side <= one.most:
            return None, ""
        pair = {"": (side, side), "rows": (side, across), "columns": (down, side)}[axis]
        problem = why_not(one.field, pair)
        return (None, problem) if problem else (f"{pair[0]},{pair[1]}", "")

    minus, less = beside(-1)
    plus, more = beside(1)
    text = f"{down} × {across}" if one.field == "kernel_size" and not axis else str(value)
    return Setting(one.field, one.label, axis, text, minus, plus, less, more)
