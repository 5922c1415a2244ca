"""What comes into the Training lab from elsewhere: a checkpoint, drawings from a file, the drawing on the table."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import Field

from app.playground.actions.base import Change, Outcome
from app.playground.actions.training import after
from app.playground.checkpoint import LONGEST as LONGEST_CHECKPOINT
from app.playground.checkpoint import loaded
from app.playground.errors import Invalid, NothingThere, OutOfRange
from app.playground.state import Table
from app.playground.training import MOST_OWN, Training, packed

LONGEST_CSV = 64_000  # letters


class Load(Change):
    """Go on from a checkpoint; its steps are counted from 0."""

    name: ClassVar[str] = "training-load"
    lab: ClassVar[str] = "training"
    summary: ClassVar[str] = "Go on from a checkpoint."
    internal: ClassVar[bool] = True  # a checkpoint comes as a file: POST checkpoint
    begins: ClassVar[bool] = True
    checkpoint: Annotated[str, Field(max_length=LONGEST_CHECKPOINT, description="a checkpoint as JSON text")]

    def apply(self, table: Table) -> Outcome:
        """Return the table with what the checkpoint holds."""
        return after(table, loaded(table.training, self.checkpoint))

    def cost(self, table: Table) -> int:
        """Return how much work it is: it is read number by number."""
        return 600

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return "checkpoint, training"


class Import(Change):
    """Take drawings from CSV as the visitor's own."""

    name: ClassVar[str] = "training-import"
    lab: ClassVar[str] = "training"
    summary: ClassVar[str] = (
        "Take drawings from CSV, 25 pixels and a label a line, in the place of the visitor's own set."
    )
    csv: Annotated[str, Field(max_length=LONGEST_CSV, description="lines of 25 pixels and a label")]

    def apply(self, table: Table) -> Outcome:
        """Return the table with these drawings as the visitor's own; refuse a line that is wrong."""
        from app.nn.datasets.csv import Unreadable, read  # here: the first page is not to wait for data sets

        try:
            digits = read(self.csv)
        except Unreadable as problem:
            raise Invalid(problem.sentence, "csv") from None
        return after(table, _owning(table.training, tuple(map(packed, digits))))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return "drawings from CSV, training"


class Add(Change):
    """Keep the drawing on the table, with its label, as one of the visitor's own."""

    name: ClassVar[str] = "training-add"
    lab: ClassVar[str] = "training"
    summary: ClassVar[str] = "Add the drawing on the table, with its label, to the visitor's own set."

    def apply(self, table: Table) -> Outcome:
        """Return the table with one more drawing in the visitor's set."""
        lab = table.training
        if len(lab.own) >= MOST_OWN:
            raise NothingThere(f"Your own set holds at most {MOST_OWN} drawings.")
        return after(table, _owning(lab, (*lab.own, packed(table.digit))))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return "drawing added, training"


class Remove(Change):
    """Take a drawing out of the visitor's own set."""

    name: ClassVar[str] = "training-remove"
    lab: ClassVar[str] = "training"
    summary: ClassVar[str] = "Take a drawing out of the visitor's own set, by its place, from 0."
    index: Annotated[int, Field(ge=0, lt=MOST_OWN)]

    def apply(self, table: Table) -> Outcome:
        """Return the table without that drawing in the visitor's set."""
        own = table.training.own
        if self.index >= len(own):
            raise OutOfRange(
                f"There is no drawing {self.index}: there are {len(own)}, counted from 0.",
                "index",
                {"minimum": 0, "maximum": len(own) - 1},
            )
        return after(table, _owning(table.training, own[: self.index] + own[self.index + 1 :]))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return "drawing removed, training"


def _owning(lab: Training, own: tuple[int, ...]) -> Training:
    """Return the lab with these drawings; where it learns from them, the epoch begins again with the new split."""
    return replace(lab, own=own, seen=0 if lab.data.name == "own" else lab.seen)
