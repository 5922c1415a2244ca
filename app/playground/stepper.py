"""Where a stepper stands: a position, a beat, and a prediction."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.playground.errors import NothingThere
from app.playground.writing import agrees

WINDOW, PRODUCTS, RESULT = range(3)
BEATS = ("window", "products", "result")
"""What happens at a position, one after the other."""


@dataclass(frozen=True, slots=True)
class Stepper:
    """A place on a walk, one of the view's parts.

    ``index`` counts the output cells from 0, filter outermost; ``beat`` is one of ``BEATS``. ``by_beat``: Step goes one
    beat, not one position. ``predicting`` hides a value until its prediction is locked: ``guess`` is the one that was
    locked at this place; ``right`` of ``asked`` were right so far.
    """

    index: int = 0
    beat: int = WINDOW
    by_beat: bool = False
    predicting: bool = False
    guess: float | None = None
    right: int = 0
    asked: int = 0

    def on(self, positions: int) -> Stepper:
        """Return the stepper on a walk of so many positions; a place that the walk does not have is its start."""
        return self if self.index < positions else replace(self, index=0, beat=WINDOW, guess=None)

    @property
    def hidden(self) -> bool:
        """Whether the value at this place waits for a prediction."""
        return self.predicting and self.beat < RESULT

    @property
    def done(self) -> int:
        """How many output cells can be seen."""
        return self.index + (self.beat == RESULT)

    def at(self, index: int, beat: int) -> Stepper:
        """Return the stepper at another place; where predictions are asked for, it stops before the result."""
        if (index, beat) == (self.index, self.beat):
            return self
        hides = self.predicting and index >= self.done
        return replace(self, index=index, beat=WINDOW if hides else beat, guess=None)

    def forward(self, positions: int) -> Stepper:
        """Return the stepper one position further, or one beat; at the end, itself."""
        if self.hidden:
            raise NothingThere("Lock your prediction first, or skip it.")
        if self.beat < RESULT:
            return self.at(self.index, self.beat + 1 if self.by_beat else RESULT)
        if self.index + 1 >= positions:
            return self
        return self.at(self.index + 1, WINDOW if self.by_beat else RESULT)

    def back(self) -> Stepper:
        """Return the stepper one position back, or one beat; at the start, itself."""
        if self.by_beat and self.beat > WINDOW and not self.predicting:
            return self.at(self.index, self.beat - 1)
        if self.index == 0:
            return self.at(0, WINDOW)
        return replace(self, index=self.index - 1, beat=RESULT, guess=None)

    def predicted(self, guess: float | None, value: float) -> Stepper:
        """Return the stepper after a prediction was locked, or skipped (None): the value is revealed."""
        if not self.hidden:
            raise NothingThere("Nothing is hidden here: step on, then predict.")
        if guess is None:
            return replace(self, beat=RESULT, guess=None)
        return replace(self, beat=RESULT, guess=guess, right=self.right + agrees(guess, value), asked=self.asked + 1)


START = Stepper()
