"""The Pooling lab's part of the table: what is pooled, and how."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.nn.activation import relu
from app.nn.digits import Digit
from app.nn.pooling import Kind, average_pooling, divisors, max_pooling
from app.nn.windows import Array, Window, read
from app.playground.convolution import Convolution, worked

MOST_KERNEL = 5
MOST_STRIDE = 5
MOST_PADDING = 2
MOST_DILATION = 3


@dataclass(frozen=True, slots=True)
class Pooling:
    """What is pooled, and how.

    ``typed`` is a map of numbers as rows, None where the feature maps of the Convolution lab are pooled; ``rectified``:
    they go through ReLU first. ``linked``: rows and columns have equal settings.
    """

    window: Window
    kind: Kind = "max"
    rectified: bool = True
    typed: tuple[tuple[float, ...], ...] | None = None
    linked: bool = True

    def maps(self, convolution: Convolution, digit: Digit) -> Array:
        """Return what is pooled, shape (channels, rows, columns)."""
        maps = np.array([self.typed]) if self.typed else worked(convolution, digit).output
        return relu(maps) if self.rectified else maps


OPENING = Pooling(Window((2, 2), (2, 2)))
TYPED: tuple[tuple[float, ...], ...] = ((1, 3, 2, 4), (5, 6, 6, 0), (-1, 2, 0.5, 1), (0, 2, -3, 1.5))
"""The map that typing starts from; its upper right window holds no tie, its lower left one does."""


class Worked(NamedTuple):
    """A pooling worked out."""

    maps: Array  # (channels, rows, columns)
    read: Array  # (channels, taps, positions): what the windows read, with −∞ or 0 in the padding
    output: Array  # (channels, rows, columns)
    winners: NDArray[np.intp] | None  # (channels, positions): cells of the flattened map; None for the average
    largest: NDArray[np.bool_] | None  # (channels, taps, positions): which taps hold the largest value
    divisors: NDArray[np.intp]  # (positions,): what the average divides by


@lru_cache(maxsize=64)
def pooled(lab: Pooling, convolution: Convolution, digit: Digit) -> Worked:
    """Return the lab's pooling of its maps; raise ``DoesNotFit`` where the window cannot walk them."""
    maps = lab.maps(convolution, digit)
    channels, rows, columns = maps.shape
    shape = (channels, *lab.window.output_size(rows, columns))
    share = divisors(rows, columns, lab.window)
    if lab.kind == "average":
        mean = average_pooling(maps, lab.window)
        return Worked(maps, read(maps, lab.window), mean.reshape(shape), None, None, share)
    found = max_pooling(maps, lab.window)
    taken = read(maps, lab.window, pad=-np.inf, beyond=-np.inf)
    return Worked(maps, taken, found.values.reshape(shape), found.winners, found.largest, share)
