"""The curve of a run: losses of the batches, the test set's, and earlier runs to compare."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from app.views.curve import Curve, Plot, curve
from app.views.moment import Moment
from app.views.panels import Panel
from app.views.training.paths import means, path
from app.views.training.runs import Other, others

MOST_POINTS = 64


@dataclass(frozen=True, slots=True)
class RunCurve(Panel):
    """The curve of the lab, with the test set's losses (``tests``) and those of earlier runs (``others``) beside it.

    Paths are in steps and losses, as those of ``Curve``. ``detail`` says what is looked at.
    """

    name: ClassVar[str] = "run-curve"
    curve: Curve
    detail: str
    tests: str
    tests_ahead: str
    others: tuple[Other, ...]

    @property
    def key(self) -> str:
        """It is what the curve is on other pages."""
        return "curve"


def run_curve(moment: Moment, present: float) -> RunCurve:
    """Return the curve of the run that a moment stands on; ``present``: the loss over the training set now."""
    line = moment.line("training")
    records, here = line.losses, line.here
    found = curve(line._replace(losses=np.ascontiguousarray(records["loss"])), present, Plot("training", "Loss", ""))
    further = here < len(records)
    middles, losses = means(records["loss"], MOST_POINTS)
    train = list(zip(middles.tolist(), (losses / found.unit).tolist(), strict=True))
    known = np.flatnonzero(~np.isnan(records["test"]))
    tests = list(zip(known.tolist(), (records["test"][known] / found.unit).tolist(), strict=True))
    split, cut = int(np.searchsorted(middles, here)), int(np.searchsorted(known, here))
    return RunCurve(
        replace(
            found,
            past=path([*train[:split], (here, present / found.unit)]),
            ahead=path(train[max(0, split - 1) :]) if further else "",
            dots=(),
        ),
        f"step {here}: looking back" if further else "drag the handle: the whole page goes back" if here else "",
        path(tests[:cut], found.high),
        path(tests[max(0, cut - 1) :], found.high) if further else "",
        others(moment, found.wide, found.high * found.unit) if math.isfinite(found.high) else (),
    )
