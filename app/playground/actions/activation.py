"""The Activation lab: the function, and the vector."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.playground.actions.base import Change, Outcome
from app.playground.actions.fields import Number, Seed, in_forms
from app.playground.activation import LAB, LENGTH, Function, drawn
from app.playground.errors import Invalid, OutOfRange
from app.playground.state import Table


def _vector(text: str) -> object:
    # The numbers stand one after the other, parted by spaces, with or without commas.
    return re.split(r"[,;]?\s+", text.strip())


Vector = Annotated[list[Number], Field(min_length=LENGTH, max_length=LENGTH), in_forms(_vector)]


class Settings(Change):
    """Choose the function."""

    name: ClassVar[str] = "activation-settings"
    lab: ClassVar[str] = "activation"
    summary: ClassVar[str] = "Choose the function: identity, step, relu, leaky_relu, sigmoid or tanh."
    function: Function

    def apply(self, table: Table) -> Outcome:
        """Return the table with this function."""
        return Outcome(replace(table, activation=replace(table.activation, function=self.function)))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return f"{self.function}, activation"


class ChangeVector(Change):
    """Choose the numbers that go through it."""

    name: ClassVar[str] = "activation-vector"
    lab: ClassVar[str] = "activation"
    summary: ClassVar[str] = (
        "source: lab; seed (eight drawn numbers); values (eight numbers); or index and value (one)."
    )
    source: Literal["lab"] | None = None
    seed: Seed | None = None
    values: Vector | None = None
    index: Annotated[int, Field(ge=0, lt=LENGTH)] | None = None
    value: Number | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table with this vector."""
        lab = table.activation
        ways = [self.source, self.seed, self.values, self.value]
        if sum(way is not None for way in ways) != 1:
            raise Invalid(
                "The vector is changed in one way at a time.", "values", ["source", "seed", "values", "value"]
            )
        if self.source:
            lab = replace(lab, vector=LAB, source="lab")
        elif self.seed is not None:
            lab = replace(lab, vector=drawn(self.seed), source="drawn", seed=self.seed)
        elif self.values is not None:
            lab = replace(lab, vector=tuple(self.values), source="typed")
        else:
            assert self.value is not None
            if self.index is None:
                raise OutOfRange("Which of the eight numbers is it?", "index", {"minimum": 0, "maximum": LENGTH - 1})
            vector = (*lab.vector[: self.index], self.value, *lab.vector[self.index + 1 :])
            lab = replace(lab, vector=vector, source="typed")
        return Outcome(replace(table, activation=lab))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return "vector, activation"
