"""The Neuron lab's part of the table: a line, the points that it is to learn, and how it is taught."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.nn.neuron import Array, Line, Pass, work_out

LossName = Literal["squared", "absolute"]
Teach = Literal["turns", "one", "all"]
Way = Literal["descend", "solve"]
Picture = Literal["surface", "loss"]
Point = tuple[float, float]

MOST_POINTS = 6
ZERO = Line(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Neuron:
    """A neuron w·x + b, and the points (x, y) that it is to learn.

    ``teach``: each step is taught one point after the other in turns, one chosen point, or all (the mean of their
    losses). ``turn`` is the point whose turn it is next, and the one that the page works out. ``start`` is where
    descent began; ``step`` counts the steps since; ``before`` is the line before the last of them, and ``taught`` what
    it was taught (None: all points). ``before`` is None where none was taken, or something else was changed since: then
    the page works out the next step.
    """

    line: Line = ZERO
    points: tuple[Point, ...] = ((0.0, 1.0), (1.0, 3.0))
    loss: LossName = "squared"
    rate: float = 0.1
    teach: Teach = "turns"
    turn: int = 0
    start: Line = ZERO
    step: int = 0
    before: Line | None = None
    taught: int | None = None

    @property
    def finite(self) -> bool:
        """Whether w and b are finite."""
        return self.line.finite

    @property
    def array(self) -> Array:
        """The points, shape (points, 2)."""
        return np.array(self.points)

    @property
    def lesson(self) -> int | None:
        """What the next step is taught: the index of a point, None for all of them."""
        return None if self.teach == "all" else self.turn

    @property
    def shown(self) -> int:
        """The point that the page works out: that of the last step, else the one whose turn it is."""
        return self.turn if self.taught is None else self.taught

    @property
    def pair(self) -> tuple[int, int] | None:
        """The two points that the analytic solver takes: that whose turn it is and the one after; None of one point."""
        if len(self.points) < 2:
            return None
        first, second = sorted((self.turn, self.following(self.turn)))
        return first, second

    def following(self, turn: int) -> int:
        """Return the point whose turn comes after another's."""
        return (turn + 1) % len(self.points)

    def lessons(self, steps: int, point: int | None = None) -> list[int | None]:
        """Return what so many steps are taught; ``point``: all of them this one."""
        if point is not None or self.teach != "turns":
            return [self.lesson if point is None else point] * steps
        return [(self.turn + step) % len(self.points) for step in range(steps)]

    def next_pass(self) -> Pass:
        """Return the forward and backward pass that the next step uses."""
        return work_out(self.line, self.array, self.loss, self.lesson)

    def last_pass(self) -> Pass | None:
        """Return the pass that the last step used, None where there is none to show."""
        return self.before and work_out(self.before, self.array, self.loss, self.taught)


OPENING = Neuron()
"""The lab's line, still to be found, and its two points."""


@dataclass(frozen=True, slots=True)
class Looking:
    """What is seen of the lab: the way to the answer that is worked out, and the picture of the loss beside it."""

    way: Way = "descend"
    plot: Picture = "surface"


LOOKING = Looking()
