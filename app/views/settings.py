"""Settings that go up and down by one, along rows and columns: what they are, and what can be chosen next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

from app.nn.windows import DoesNotFit, Pair, Window
from app.views.panels import Panel


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


@dataclass(frozen=True, slots=True)
class OnOff:
    """A setting that is on or off."""

    id: str
    field: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class SettingsPanel(Panel):
    """What goes up and down by one, then what is on or off."""

    name: ClassVar[str] = "settings"
    lab: str
    settings: tuple[Setting, ...]
    linked: bool
    switches: tuple[OnOff, ...] = ()


class Axes(NamedTuple):
    """A setting along both axes, and from where to where it goes."""

    field: str
    label: str
    sides: Pair
    least: int
    most: int


def walk_settings(
    window: Window, label: str, most: tuple[int, int, int, int], linked: bool, check: Callable[[Window], object]
) -> tuple[tuple[Setting, ...], bool]:
    """Return how a window walks, as it can be changed, and whether rows and columns go together.

    ``label`` is what its size is called; ``most`` ends kernel_size, stride, padding and dilation; ``check`` raises
    ``DoesNotFit`` for a window that cannot be.
    """
    labels, least = (label, "stride", "padding", "dilation"), (1, 1, 0, 1)
    axes = [
        Axes(field, name, getattr(window, field), *ends)
        for field, name, *ends in zip(FIELDS, labels, least, most, strict=True)
    ]

    def why_not(field: str, sides: Pair) -> str:
        try:
            check(replace(window, **{field: sides}))  # type: ignore[arg-type]
        except DoesNotFit as problem:
            return problem.sentence
        return ""

    together = linked and all(one.sides[0] == one.sides[1] for one in axes)
    ways = ("",) if together else ("rows", "columns")
    return tuple(_setting(one, axis, why_not) for one in axes for axis in ways), together


FIELDS = ("kernel_size", "stride", "padding", "dilation")


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
