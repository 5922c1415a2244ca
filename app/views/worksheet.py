"""What is worked out in a line: a sum with its terms, the size formula with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.nn.windows import Size
from app.playground.writing import as_printed, plain
from app.views.panels import Panel


@dataclass(frozen=True, slots=True)
class Sum(Panel):
    """The worked sum: terms with their signs, what they make, and a remark."""

    name: ClassVar[str] = "sum"
    terms: tuple[str, ...]
    total: str
    address: str
    remark: str
    turn: int


@dataclass(frozen=True, slots=True)
class SizeLine:
    """The size formula along one axis with its numbers put in."""

    axis: str  # "rows", "columns", or "" for both
    travel: str
    rounding: str  # what floor or ceil does, "" where it changes nothing
    rest: str
    result: str


@dataclass(frozen=True, slots=True)
class SizeFormula(Panel):
    """The size formula, once for both axes where they are equal."""

    name: ClassVar[str] = "size"
    formula: str
    lines: tuple[SizeLine, ...]


def size_formula(down: Size, across: Size) -> SizeFormula:
    """Return the size formula of rows and columns, in one line where all of it is equal."""
    if down == across:
        lines: tuple[SizeLine, ...] = (_line("", down),)
    else:
        lines = (_line("rows", down), _line("columns", across))
    rounding = "ceil" if down.ceil_mode else "floor"
    return SizeFormula(f"{rounding}((W + 2P − D·(F − 1) − 1)/S) + 1", lines)


def _line(axis: str, size: Size) -> SizeLine:
    travel = f"({size.pixels} + 2·{size.padding} − {size.dilation}·({size.kernel} − 1) − 1)/{size.stride}"
    rounding = ""
    if size.bites:
        rounding = f"{size.quotient:.3g} → {size.rounded}"
    less = " − 1" if size.dropped else ""
    return SizeLine(axis, travel, rounding, f"+ 1{less}", str(size.result))


def worked_sum(terms: Sequence[float], grouped: Sequence[float], bias: float | None) -> tuple[tuple[str, ...], float]:
    """Return the terms of a sum with their signs, and what they give as they are printed.

    Zeros are left out where there are many terms; where there still are, they are added up by rows.
    """
    shown = list(terms)
    if len(shown) > MANY:
        shown = [term for term in shown if term != 0]
    if len(shown) > MANY:
        shown = list(grouped)
    written = [plain(abs(term)) for term in shown]
    signs = ["−" if term < 0 else "+" for term in shown]
    first = [("−" if signs[0] == "−" else "") + written[0]] if shown else []
    rest = [f"{sign} {number}" for sign, number in zip(signs[1:], written[1:], strict=True)]
    if bias is not None:
        rest.append(f"{'−' if bias < 0 else '+'} bias {plain(abs(bias))}")
    return tuple(first + rest), sum(map(as_printed, shown)) + as_printed(bias or 0)


MANY = 9
"""Terms that find room in one sum."""
