"""The Pooling lab: settings, and what is pooled."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.nn.windows import DoesNotFit
from app.playground.actions.base import Change, Outcome
from app.playground.actions.fields import Number, cell, filled, given, in_forms, pair_of, sent, settled
from app.playground.convolution import MOST_SIDE
from app.playground.errors import Invalid, OutOfRange
from app.playground.pooling import MOST_DILATION, MOST_KERNEL, MOST_PADDING, MOST_STRIDE, TYPED, Pooling, pooled
from app.playground.state import Table


def _put(table: Table, lab: Pooling, field: str | None) -> Outcome:
    """Return the table with this lab on it; refuse what does not fit."""
    try:
        pooled(lab, table.convolution, table.digit)
    except DoesNotFit as problem:
        raise OutOfRange(problem.sentence, field) from None
    return Outcome(replace(table, pooling=lab))


class Settings(Change):
    """Change how the window pools; what is not named stays."""

    name: ClassVar[str] = "pooling-settings"
    lab: ClassVar[str] = "pooling"
    summary: ClassVar[str] = (
        "Window, stride, padding, dilation ([rows, columns] or one number), ceil_mode, kind, ReLU first."
    )
    kernel_size: pair_of(1, MOST_KERNEL) | None = None  # type: ignore[valid-type]
    stride: pair_of(1, MOST_STRIDE) | None = None  # type: ignore[valid-type]
    padding: pair_of(0, MOST_PADDING) | None = None  # type: ignore[valid-type]
    dilation: pair_of(1, MOST_DILATION) | None = None  # type: ignore[valid-type]
    ceil_mode: bool | None = None
    kind: Literal["max", "average"] | None = None
    rectified: bool | None = None
    linked: bool | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table with these settings."""
        lab = table.pooling
        walked = settled(self, "kernel_size", "stride", "padding", "dilation")
        if self.kind == "average" and self.dilation is None:
            walked["dilation"] = (1, 1)  # it has none
        walked |= given({"ceil_mode": self.ceil_mode})
        lab = replace(lab, window=replace(lab.window, **walked))
        switches = {"kind": self.kind, "rectified": self.rectified, "linked": self.linked}
        lab = replace(lab, **given(switches))
        return _put(table, lab, next(iter(sent(self)), None))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return ", ".join(sent(self)).replace("_", " ") + ", pooling"


def _map(text: str) -> object:
    # Its rows are lines, its numbers stand apart.
    return [[word.rstrip(",;") for word in line.split()] for line in text.strip().splitlines()]


MapRow = Annotated[list[Number], Field(min_length=1, max_length=MOST_SIDE)]


class ChangeMap(Change):
    """Pool typed numbers, or the feature maps again."""

    name: ClassVar[str] = "pooling-map"
    lab: ClassVar[str] = "pooling"
    summary: ClassVar[str] = (
        "source: typed or convolution; values (rows of numbers); or row, column and value (one number)."
    )
    source: Literal["typed", "convolution"] | None = None
    values: Annotated[
        Annotated[list[MapRow], Field(min_length=1, max_length=MOST_SIDE)], in_forms(_map)
    ] | None = None  # fmt: skip
    row: Annotated[int, Field(ge=0, lt=MOST_SIDE)] | None = None
    column: Annotated[int, Field(ge=0, lt=MOST_SIDE)] | None = None
    value: Number | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table with this map."""
        lab = table.pooling
        filled(self.row, self.column, self.value)
        if self.source == "convolution":
            return _put(table, replace(lab, typed=None), "source")
        typed = lab.typed or TYPED
        if self.values is not None:
            if len({len(row) for row in self.values}) > 1:
                raise Invalid("All rows of a map have the same length.", "values")
            typed = tuple(map(tuple, self.values))
        if self.value is not None:
            row, column = cell(self.row, self.column, (len(typed), len(typed[0])), "a map")
            changed = (*typed[row][:column], self.value, *typed[row][column + 1 :])
            typed = (*typed[:row], changed, *typed[row + 1 :])
        return _put(table, replace(lab, typed=typed), next(iter(sent(self)), None))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return "numbers, pooling"
