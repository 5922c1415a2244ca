"""The drawing and its label, shared by all labs."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from app.nn.digits import BLANK, CLASSES, SAMPLES, SIZE
from app.playground.actions.base import Change, Outcome
from app.playground.state import Table

Coordinate = Annotated[int, Field(ge=0, lt=SIZE)]
Cell = Annotated[list[Coordinate], Field(min_length=2, max_length=2)]
Sample = Literal[
    "zero", "four", "another-four",
    "glyph-0", "glyph-1", "glyph-2", "glyph-3", "glyph-4",
    "glyph-5", "glyph-6", "glyph-7", "glyph-8", "glyph-9",
]  # fmt: skip


def _painting(on: bool, what: str) -> str:
    return f"{'ink' if on else 'wipe'} {what}"


def _spot(row: int, column: int) -> str:
    return f"[{row}, {column}]"


class Paint(Change):
    """Ink one pixel, or wipe it."""

    name: ClassVar[str] = "paint"
    summary: ClassVar[str] = "Ink one pixel (on: true) or wipe it (on: false)."
    row: Coordinate
    column: Coordinate
    on: bool

    def apply(self, table: Table) -> Outcome:
        """Return the table with the pixel painted."""
        digit = table.digit.painted([(self.row, self.column)], self.on)
        return Outcome(replace(table, digit=digit))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return _painting(self.on, _spot(self.row, self.column))


class Stroke(Change):
    """Ink the pixels of one drag, or wipe them: one action, one undo."""

    name: ClassVar[str] = "stroke"
    summary: ClassVar[str] = "Ink or wipe several pixels at once; cells is a list of [row, column]."
    cells: Annotated[list[Cell], Field(min_length=1, max_length=SIZE * SIZE)]
    on: bool

    @field_validator("cells", mode="before")
    @classmethod
    def _spelt(cls, cells: object, info: ValidationInfo) -> object:
        # A form has no lists: there "0,1 0,2" stands for [[0, 1], [0, 2]].
        if info.mode == "json" or not isinstance(cells, str):
            return cells
        return [[int(part) for part in cell.split(",")] for cell in cells.split()]

    def apply(self, table: Table) -> Outcome:
        """Return the table with all pixels of the drag painted."""
        digit = table.digit.painted([(row, column) for row, column in self.cells], self.on)
        return Outcome(replace(table, digit=digit))

    def describe(self, step: int) -> str:
        """Return its name on the undo button; a stroke over one pixel, such as a click, reads as paint does."""
        cells = {(row, column) for row, column in self.cells}
        return _painting(self.on, f"{len(cells)} pixels" if len(cells) > 1 else _spot(*self.cells[0]))


class Clear(Change):
    """Wipe all pixels; the label stays."""

    name: ClassVar[str] = "clear"
    summary: ClassVar[str] = "Wipe the whole drawing; the label stays."

    def apply(self, table: Table) -> Outcome:
        """Return the table with a blank drawing."""
        return Outcome(replace(table, digit=replace(table.digit, pixels=BLANK)))


class Load(Change):
    """Put a sample drawing on the table, with its label."""

    name: ClassVar[str] = "load"
    summary: ClassVar[str] = "Put a sample drawing on the table; sets the label too. GET samples lists the names."

    sample: Sample = Field(alias="name")

    def apply(self, table: Table) -> Outcome:
        """Return the table with the sample on it."""
        return Outcome(replace(table, digit=SAMPLES[self.sample]))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return f"load {self.sample}"


class SetLabel(Change):
    """Say which digit the drawing is meant to be."""

    name: ClassVar[str] = "label"
    summary: ClassVar[str] = "Choose which digit the drawing is meant to be."
    label: Annotated[int, Field(ge=0, lt=CLASSES)]

    def apply(self, table: Table) -> Outcome:
        """Return the table with that label."""
        return Outcome(replace(table, digit=replace(table.digit, label=self.label)))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return f"label {self.label}"
