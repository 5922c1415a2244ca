"""The loss of one prediction as a function of p − y, above its slope; the kink of the absolute loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from app.nn.neuron import LOSSES, Array
from app.playground.neuron import Neuron
from app.views.axes import Axes
from app.views.curve import Tick, nice
from app.views.neuron.plane import broad, label
from app.views.neuron.work import LOSS_RULES, shown
from app.views.panels import Formula, Panel

REACH = 2.0
"""The axis goes from −2 to 2 at least."""
MOST_REACH = 1e9
POINTS = 41


@dataclass(frozen=True, slots=True)
class LossPlot(Panel):
    """The loss above its slope, on one axis from −reach to reach; ``at``: the residual of the point that is shown.

    ``holes`` are the ends of the slope at the kink, in percent of its part; ``taken`` what stands there instead.
    """

    name: ClassVar[str] = "loss-plot"
    rule: Formula
    words: str
    reach: float
    ticks: tuple[Tick, ...]
    at: float | None
    value: Axes
    slope: Axes
    holes: tuple[tuple[float, float], ...]
    taken: tuple[float, float] | None
    broad: bool  # the ticks take more room than usual

    @property
    def key(self) -> str:
        """It shares its place with the loss over w and b."""
        return "loss"


WORDS = {
    "squared": "Smooth: the slope is as steep as the gap is wide, and 0 at the bottom.",
    "absolute": "A kink at 0: slope −1 on the left, 1 on the right, none at 0. PyTorch takes 0.",
}


def loss_plot(lab: Neuron) -> LossPlot:
    """Return the loss as a function of the residual, with the points on it."""
    every = shown(lab).run.residuals.tolist()
    residuals = [residual for residual in every if abs(residual) <= MOST_REACH]  # neither inf nor nan
    reach = max(REACH, nice(max(map(abs, residuals), default=REACH)))
    here = every[lab.shown] if every[lab.shown] in residuals else None
    value, slope = _value(lab.loss, reach, residuals, here), _slope(lab.loss, reach, residuals, here)
    kink = lab.loss == "absolute"
    return LossPlot(
        rule=Formula(LOSS_RULES[lab.loss]),
        words=WORDS[lab.loss],
        reach=reach,
        ticks=tuple(Tick(25.0 * place, label(reach * (place - 2) / 2)) for place in range(5)),
        at=None if here is None else _across(here, reach),
        value=value,
        slope=slope,
        holes=tuple((50.0, tick.place) for tick in slope.ticks if tick.text != "0") if kink else (),
        taken=(50.0, 50.0) if kink else None,
        broad=broad(*value.ticks, *slope.ticks),
    )


def _value(loss: str, reach: float, residuals: list[float], here: float | None) -> Axes:
    """Return the loss, with the other one beside it."""
    xs, high = np.linspace(-reach, reach, POINTS), reach * reach
    curves = {name: _path(xs, rules.forward(xs)) for name, rules in LOSSES.items()}
    heights = LOSSES[loss].forward(np.array(residuals)).tolist()
    other = next(path for name, path in curves.items() if name != loss)
    return _axes(curves[loss], (0.0, high), (0.0, high / 2, high), reach, (residuals, heights), here, other)


def _slope(loss: str, reach: float, residuals: list[float], here: float | None) -> Axes:
    """Return the slope, which jumps where the loss has a kink."""
    heights = LOSSES[loss].derivative(np.array(residuals)).tolist()
    if loss == "absolute":
        jump = f"M{-reach:g} -1L0 -1M0 1L{reach:g} 1"
        return _axes(jump, (-1.5, 1.5), (-1.0, 0.0, 1.0), reach, (residuals, heights), here)
    steep, ends = 2 * reach, np.array([-reach, reach])
    return _axes(_path(ends, 2 * ends), (-steep, steep), (-steep, 0.0, steep), reach, (residuals, heights), here)


def _axes(
    path: str,
    ends: tuple[float, float],
    ticks: tuple[float, ...],
    reach: float,
    points: tuple[list[float], list[float]],
    here: float | None,
    other: str = "",
) -> Axes:
    low, high = ends

    def down(y: float) -> float:
        return round(100 * (high - y) / (high - low), 2)

    on = list(zip(*points, strict=True))
    return Axes(
        path,
        low,
        high,
        tuple(Tick(down(tick), label(tick)) for tick in ticks),
        tuple((_across(x, reach), down(y)) for x, y in on if x != here),
        next((down(y) for x, y in on if x == here), None),
        other,
    )


def _across(residual: float, reach: float) -> float:
    return round(50 + 50 * residual / reach, 2)


def _path(xs: Array, ys: Array) -> str:
    return "M" + "L".join(f"{x:.5g} {y:.5g}" for x, y in zip(xs.tolist(), ys.tolist(), strict=True))
