"""The stepper: one set of looks, that serves every lab which has positions to walk."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.nn.activation import ACTIVATIONS
from app.nn.windows import Array, DoesNotFit
from app.playground.actions.base import Look
from app.playground.actions.fields import Guess
from app.playground.convolution import worked
from app.playground.errors import Invalid, NothingThere, OutOfRange
from app.playground.pooling import pooled
from app.playground.state import Playground, Table
from app.playground.stepper import RESULT, WINDOW, Stepper
from app.playground.told import Mask, certain

WALKS: dict[str, Callable[[Table], Array]] = {
    "convolution": lambda table: worked(table.convolution, table.digit).output,
    "pooling": lambda table: pooled(table.pooling, table.convolution, table.digit).output,
    "activation": lambda table: ACTIVATIONS[table.activation.function].forward(table.activation.array),
}
"""What the positions of a lab make: one number each, in the order of the walk once it is flattened."""

TOLD: dict[str, Callable[[Playground], Mask]] = {"pooling": certain}
"""Which of them hang on nothing that another lab hides, where they could."""


class Stepping(Look):
    """A look that moves a lab's stepper."""

    def look(self, state: Playground) -> Stepper:
        """Return where the stepper stands after it."""
        try:
            values = WALKS[self.lab](state.table).ravel()
        except DoesNotFit as problem:  # what is pooled has become too small since the window was set
            raise NothingThere(problem.sentence) from None
        here: Stepper = getattr(state.view, self.lab)
        return self.moved(here.on(len(values)), values)

    @abstractmethod
    def moved(self, here: Stepper, values: Array) -> Stepper:
        """Return the stepper after it; ``values`` holds what each position makes."""


class Forward(Stepping):
    """Go to the next position."""

    summary: ClassVar[str] = "Go to the next position, or the next beat where the stepper goes by beat."

    def moved(self, here: Stepper, values: Array) -> Stepper:
        """Return the stepper one further."""
        return here.forward(len(values))


class Back(Stepping):
    """Go to the position before."""

    summary: ClassVar[str] = "Go to the position before, or the beat before where the stepper goes by beat."

    def moved(self, here: Stepper, values: Array) -> Stepper:
        """Return the stepper one back."""
        return here.back()


class Go(Stepping):
    """Go to a position, to the start or to the end; go by beat or by position."""

    summary: ClassVar[str] = "Go to a position (index), to the start or the end (to); by_beat sets what a step is."
    index: Annotated[int, Field(ge=0)] | None = None
    to: Literal["start", "end"] | None = None
    by_beat: bool | None = None

    def moved(self, here: Stepper, values: Array) -> Stepper:
        """Return the stepper there."""
        last = len(values) - 1
        if self.index is not None and self.index > last:
            raise OutOfRange(
                f"There is no position {self.index}: they go from 0 to {last}.",
                "index",
                {"minimum": 0, "maximum": last},
            )
        stepper = here
        if self.by_beat is not None:
            stepper = replace(here, by_beat=self.by_beat)
        if self.to == "start":
            return stepper.at(0, WINDOW)
        if self.to == "end":
            return stepper.at(last, RESULT)
        return stepper if self.index is None else stepper.at(self.index, RESULT)


class Predict(Stepping):
    """Predict the next value before it is shown."""

    summary: ClassVar[str] = (
        "on: hide each value until it is predicted; value: lock a prediction; skip: just reveal it."
    )
    on: bool | None = None
    value: Guess | None = None
    skip: bool = False

    def look(self, state: Playground) -> Stepper:
        """Return where the stepper stands after it; what another lab hides cannot be predicted here."""
        stepper = super().look(state)
        if self.value is not None and self.lab in TOLD:
            told = TOLD[self.lab](state).ravel()
            if not told[getattr(state.view, self.lab).on(len(told)).index]:
                raise NothingThere("The convolution still hides a number here: predict it there, or skip this one.")
        return stepper

    def moved(self, here: Stepper, values: Array) -> Stepper:
        """Return the stepper after it."""
        if (self.on is not None) + (self.value is not None) + self.skip != 1:
            raise Invalid(f"{self.name} takes one of on, value and skip.", "value", ["on", "value", "skip"])
        if self.on is not None:
            return replace(here, predicting=self.on, guess=None)
        return here.predicted(self.value, float(values[here.index]))


def stepping(lab: str) -> tuple[type[Stepping], ...]:
    """Return the actions of a lab's stepper: ``<lab>-step`` and so on."""
    kinds: dict[str, type[Stepping]] = {"step": Forward, "back": Back, "go": Go, "predict": Predict}
    return tuple(
        type(
            f"{lab.title()}{kind.__name__}",
            (kind,),
            {"__module__": __name__, "__doc__": kind.__doc__, "name": f"{lab}-{verb}", "lab": lab, "part": lab},
        )
        for verb, kind in kinds.items()
    )
