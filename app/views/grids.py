"""Grids of numbers: an address, a text and a colour for every cell; the one colour law."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import isfinite
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.playground.writing import text

STEPS = (0.005, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0, 2.0)
"""The law: a level is how many of these the magnitude reaches. Fixed, so one colour is one number."""

NOT_FINITE = 99
"""The level of a number that is not finite (shown as ``data-level="nan"``)."""

# Marks of a cell, one bit each.
HATCHED = 1  # not read by any window, or blocked by ReLU
WINNER = 2  # handed on by max pooling
TIED = 4  # a winner only because it came first
UP = 8  # the last step moved it up by much
DOWN = 16
MASKED = 32  # still to come on a walk: its number is not to be shown
NOW = 64  # the masked one that is worked out


def levels(values: NDArray[Any]) -> list[int]:
    """Return the colour level of each value, float32 or float64: −8 … 8, or NOT_FINITE."""
    size = np.abs(values)
    level = np.searchsorted(_STEPS[values.dtype], size, side="right") * np.sign(values)
    return np.where(np.isfinite(values), level, NOT_FINITE).astype(int).tolist()  # type: ignore[no-any-return]


_STEPS = {np.dtype(kind): np.array(STEPS, kind) for kind in (np.float32, np.float64)}


def level(value: float) -> int:
    """Return the colour level of one float64 number, as ``levels`` does for many."""
    if not isfinite(value):
        return NOT_FINITE
    found = bisect_right(STEPS, abs(value))
    return -found if value < 0 else found


@lru_cache(maxsize=512)
def addresses(name: str, shape: tuple[int, ...]) -> tuple[str, ...]:
    """Return the address of every cell of a grid, row-major: ``conv.bias[0]`` and so on."""
    if not shape:
        return (name,)
    indices = product(*(range(size) for size in shape))
    return tuple(f"{name}[{','.join(map(str, index))}]" for index in indices)


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a grid, ready to be shown."""

    address: str
    value: float
    text: str
    level: int
    marks: int


class Grid(NamedTuple):
    """Numbers of one name, held as bytes: cheap to build, and compared bit by bit.

    So nan equals nan and −0 differs from 0. ``marks`` holds one byte a cell, or nothing at all.
    """

    address: str
    shape: tuple[int, ...]
    data: bytes
    marks: bytes = b""

    @property
    def values(self) -> NDArray[np.float32]:
        """The numbers as a flat float32 array."""
        return np.frombuffer(self.data, np.float32)

    @property
    def cells(self) -> Iterator[Cell]:
        """The numbers one by one, for templates and tests."""
        values = self.values
        marks = self.marks or bytes(len(values))
        names = addresses(self.address, self.shape)
        for name, value, level, mark in zip(names, values.tolist(), levels(values), marks, strict=True):
            yield Cell(name, value, text(value), level, mark)


def grid(address: str, values: NDArray[np.float32], marks: bytes = b"") -> Grid:
    """Return the grid of an array; its shape is the array's."""
    return Grid(address, values.shape, values.tobytes(), marks)
