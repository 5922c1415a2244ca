"""Losses as paths of an SVG, in steps and losses."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Means(NamedTuple):
    """Losses of stretches of steps: the step in the middle of each, and its mean."""

    steps: NDArray[np.intp]
    losses: NDArray[Any]


def means(losses: NDArray[Any], most: int) -> Means:
    """Return at most ``most`` means: batches differ, so that the loss of one says little."""
    count = len(losses)
    width = max(1, -(-count // most))
    starts = np.arange(0, count, width)
    sizes = np.minimum(width, count - starts)
    total = np.add.reduceat(losses, starts) if count else losses
    return Means(starts + sizes // 2, total / np.maximum(sizes, 1))


def path(points: Iterable[tuple[int, float]], ceiling: float = math.inf) -> str:
    """Return an SVG path through points, with a gap where a loss is not finite; none is drawn above ``ceiling``."""
    drawn, pen = [], "M"
    for step, loss in points:
        if math.isfinite(loss):
            drawn.append(f"{pen}{step} {min(loss, ceiling):.3f}")
            pen = "L"
        else:
            pen = "M"
    return "".join(drawn)
