"""The loss curve: points thinned to what a screen can show, and ticks."""

from __future__ import annotations

import math
import sys
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.playground.losses import Line
from app.views.panels import Panel

MOST_POINTS = 64
LEAST_STEPS = 10  # the axis is never shorter
LEAST_LOSS = 3.0
GUESSING = math.log(10)
MOST_DOTS = 25
LARGE = 1e6

Array = NDArray[Any]  # of floats


class Plot(NamedTuple):
    """What a curve is of: the lab, what its losses are called, and whether guessing among ten classes is a mark."""

    lab: str
    title: str = "loss"
    detail: str = " at each step"
    guess: bool = True


class Tick(NamedTuple):
    """A tick of an axis: its place on it, 0 … 100, and its text."""

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class Curve(Panel):
    """The loss before each step, and the present one. Places run from 0 to 100, y downwards.

    ``past`` and ``ahead`` are SVG paths in steps and losses ("M0 2.250L1 2.054…", empty where there is nothing), with
    gaps at losses that are not finite: they are drawn, and read off, in a box of ``wide`` steps and ``high`` losses.
    Losses over a million are counted in ``unit``; ``dots`` are places of single steps (up to 25 steps); ``marker`` is
    the present loss (x, y; y is None where it is not finite). ``guess`` is the height of ln 10, None when off the
    scale. ``broken_at`` is the x of the first step without a finite loss. ``step`` of ``last`` is where the scrubber
    stands, ``reach`` how far across the plot it goes; rewinding goes to ``revision`` with a step.
    """

    name: ClassVar[str] = "curve"
    plot: Plot
    past: str
    ahead: str
    wide: int
    high: float
    unit: float
    dots: tuple[tuple[float, float], ...]
    marker: tuple[float, float | None]
    guess: float | None
    broken_at: float | None
    broken_step: int | None
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    step: int
    last: int
    reach: float
    revision: int


def curve(line: Line, present: float, plot: Plot) -> Curve:
    """Return the curve of the losses, one a step, along a line of steps; ``present`` is the loss now."""
    losses, here = line.losses, line.here
    last = len(losses)
    wide = max(LEAST_STEPS, last)
    now = present if math.isfinite(present) else None
    finite = np.isfinite(losses)
    high, gap = _scale(max(losses.max(where=finite, initial=0).item(), now or 0))
    kept = thinned(losses)
    xs = kept.tolist()
    split = bisect_left(xs, here)

    unit = 10.0 ** math.floor(math.log10(high)) if high > LARGE else 1.0  # a drawing has no room for 1e38
    ys = (losses[kept] / losses.dtype.type(unit)).tolist()
    x_now, y_now = round(100 * here / wide, 1), _down(now, high)
    broken_step = here if now is None else None
    if not finite[:here].all():
        broken_step = int(finite.argmin())
    dots = zip(xs[:split], losses[:split].tolist(), strict=True) if last <= MOST_DOTS else ()
    return Curve(
        plot=plot,
        past=_path([*xs[:split], here], [*ys[:split], math.nan if now is None else now / unit]),
        ahead=_path(xs[split:], ys[split:]),
        wide=wide,
        high=high / unit,
        unit=unit,
        dots=tuple((round(100 * x / wide, 1), round(100 - 100 * (y / high), 1)) for x, y in dots if math.isfinite(y)),
        marker=(x_now, y_now),
        guess=_down(GUESSING, high) if plot.guess and high <= 20 * GUESSING else None,
        broken_at=None if broken_step is None else round(100 * broken_step / wide, 1),
        broken_step=broken_step,
        x_ticks=_step_ticks(wide),
        y_ticks=_loss_ticks(high, gap),
        step=here,
        last=last,
        reach=round(100 * last / wide, 1),
        revision=line.end,
    )


def _down(loss: float | None, high: float) -> float | None:
    return None if loss is None else round(100 - 100 * (loss / high), 1)


def _path(steps: list[int], losses: list[float]) -> str:
    """Return an SVG path through points, with a gap where a loss is not finite."""
    drawn, pen = [], "M"
    for step, loss in zip(steps, map(_thousandths, losses), strict=True):
        if loss:
            drawn.append(f"{pen}{step} {loss}")
            pen = "L"
        else:
            pen = "M"
    return "".join(drawn)


@lru_cache(maxsize=512)
def _thousandths(loss: float) -> str:
    # A step draws again what the one before drew, and a point more.
    return f"{loss:.3f}" if math.isfinite(loss) else ""


def thinned(losses: Array) -> NDArray[np.intp]:
    """Return which steps to draw, at most MOST_POINTS: the lowest and the highest of each stretch, and both ends."""
    count = len(losses)
    if count <= MOST_POINTS:
        return np.arange(count)
    width = -(-count // ((MOST_POINTS - 2) // 2))  # of a stretch; it stays for many steps, so that points stay too
    stretches = np.full((-(-count // width), width), np.nan, losses.dtype)
    stretches.ravel()[:count] = losses
    finite = np.isfinite(stretches)
    starts = np.arange(0, count, width)
    low = starts + np.where(finite, stretches, np.inf).argmin(axis=1)
    high = starts + np.where(finite, stretches, -np.inf).argmax(axis=1)
    return np.array(sorted({0, *low.tolist(), *high.tolist(), count - 1}))


def nice(size: float) -> float:
    """Return the next round number: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(size))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= size * 0.999)


def _scale(loss: float) -> tuple[float, float]:
    """Return where the axis of losses ends, and how far apart its ticks are."""
    if loss <= LEAST_LOSS:
        return LEAST_LOSS, 1.0
    gap = nice(loss / 4)
    return min(gap * math.ceil(loss / gap), sys.float_info.max), gap


@lru_cache(maxsize=64)
def _loss_ticks(high: float, gap: float) -> tuple[Tick, ...]:
    values = (gap * number for number in range(math.floor(high / gap + 0.01) + 1))
    return tuple(Tick(round(100 - 100 * (value / high), 1), short(value)) for value in values)


@lru_cache(maxsize=64)
def _step_ticks(wide: int) -> tuple[Tick, ...]:
    gap = max(1, int(nice(wide / 5)))
    # The last tick carries the word "step": it needs the room of those just before it.
    near = [step for step in range(0, wide, gap) if step <= 0.65 * wide]
    return (*(Tick(round(100 * step / wide, 1), short(step)) for step in near), Tick(100.0, f"step {wide}"))


def short(value: float) -> str:
    """Return what a tick says."""
    return f"{value:g}" if value < 10_000 else f"{value:.0e}".replace("e+0", "e").replace("e+", "e")
