"""Rates worth trying on these points: one that crawls, one that swings, one that diverges."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from app.nn.neuron import growth
from app.playground.neuron import LossName, Neuron, Point, Teach
from app.views.neuron.work import rate_text

SLOW = 150
"""A rate so many times below the first that diverges crawls."""
SURE = 0.05
"""By so much a round is to grow or shrink the distance where a rate is called diverging or not."""
FIXED = (0.005, 0.1, 1.0)
"""For the absolute loss, whose steps are as long however far the lowest point is."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate to try: what it does in a word, and in a sentence."""

    rate: float
    word: str
    sentence: str

    @property
    def text(self) -> str:
        """The rate as it is written."""
        return rate_text(self.rate)


def suggested(lab: Neuron) -> tuple[Rate, ...]:
    """Return rates to try on the points as they are taught."""
    return _suggested(lab.points, lab.loss, lab.teach, lab.turn)


@lru_cache(maxsize=64)
def _suggested(points: tuple[Point, ...], loss: LossName, teach: Teach, turn: int) -> tuple[Rate, ...]:
    lab = Neuron(points=points, loss=loss, teach=teach, turn=turn)
    if lab.loss == "absolute":
        slow, steady, far = FIXED
        return (
            Rate(slow, "crawls", f"Each step moves b by {slow} at most: it takes hundreds to get there."),
            Rate(
                steady,
                "jumps",
                "Each step is as long as the one before, so at last it jumps to and fro over the bottom.",
            ),
            Rate(far, "jumps far", "It overshoots by far, yet never diverges: the slope is 1 however far away it is."),
        )
    swings, far = _ladder(lab.points, tuple(_round(lab)))
    slow = _down(far / SLOW)
    return (
        Rate(slow, "crawls", "So short a step that ten of them change next to nothing."),
        Rate(0.1, "the lab’s", describe(lab, 0.1)),
        Rate(swings, "swings", "Each step overshoots the bottom and comes back, a little lower each time."),
        Rate(far, "diverges", "Each round ends further away than it began, until numbers are inf and nan."),
    )


def diverges(lab: Neuron) -> bool:
    """Return whether rounds of steps at the present rate end further and further away."""
    return lab.loss == "squared" and growth(lab.array, lab.rate, _round(lab)) > 1 + 1e-9


def describe(lab: Neuron, rate: float) -> str:
    """Return what a rate does to these points, in a sentence without its end."""
    if lab.loss == "absolute":
        return "Each step is as long as the one before, however near the bottom is."
    if diverges(replace(lab, rate=rate)):
        return "Each round ends further away than it began: it diverges."
    if any(2 * rate * curvature > 1 for curvature in _curvatures(lab)):
        return "A step goes past the bottom, so the loss swings to and fro."
    if rate <= 1.001 * _ladder(lab.points, tuple(_round(lab)))[1] / SLOW:
        return "So short a step that it crawls."
    return "It goes down steadily."


def _round(lab: Neuron) -> list[int | None]:
    """Return what a whole round teaches."""
    return lab.lessons(len(lab.points) if lab.teach == "turns" else 1)


def _curvatures(lab: Neuron) -> list[float]:
    """Return how fast the slope of each lesson's loss grows along its gradient, halved."""
    design = np.column_stack((lab.array[:, 0], np.ones(len(lab.points))))
    if lab.lesson is None:
        return [float(np.linalg.eigvalsh(design.T @ design).max()) / len(design)]
    rows = design[[lesson for lesson in _round(lab) if lesson is not None]]
    return [float(size) for size in np.square(rows).sum(axis=1)]


@lru_cache(maxsize=64)
def _ladder(points: tuple[Point, ...], lessons: tuple[int | None, ...]) -> tuple[float, float]:
    """Return the highest round rate that surely converges, and the lowest that surely diverges."""
    taught = np.array(points)
    read = taught[[lesson for lesson in lessons if lesson is not None] or slice(None)]
    steepest = 2 * (np.square(read[:, 0]).max() + 1)
    power = math.floor(math.log10(1 / steepest))
    rates = [float(f"{digit}e{power + more}") for more in range(3) for digit in range(1, 10)]
    found = [(rate, growth(taught, rate, lessons)) for rate in rates]
    far = next((rate for rate, factor in found if factor > 1 + SURE), rates[-1])
    return max((rate for rate, factor in found if rate < far and factor < 1 - SURE), default=rates[0]), far


def _down(rate: float) -> float:
    """Return the next rate below with one digit: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rate))
    return next(float(f"{factor * power:.1g}") for factor in (5, 2, 1) if factor * power <= rate * 1.001)
