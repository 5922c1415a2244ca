"""Numbers as JSON: the shortest decimals that read back to the same float32; null for what is not finite."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.views.grids import addresses

Nested = Any  # lists of lists of float | None


def nested(array: NDArray[np.float32]) -> Nested:
    """Return an array as nested lists, a scalar as one number; null where it is not finite."""
    flat = [_shortest(value) for value in np.ravel(array)]
    return _folded(flat, np.shape(array))


def named(tensors: Mapping[str, NDArray[np.float32]], prefix: str = "") -> dict[str, Nested]:
    """Return tensors by name, and under ``not_finite`` the address of each number that JSON cannot say."""
    wrong: dict[str, str] = {}
    for name, array in tensors.items():
        if not np.isfinite(array).all():
            cells = zip(addresses(prefix + name, np.shape(array)), np.ravel(array).tolist(), strict=True)
            wrong |= {address: said(value) for address, value in cells if not math.isfinite(value)}
    return {name: nested(array) for name, array in tensors.items()} | {"not_finite": wrong}


def said(value: float) -> str:
    """Return the name of a number that is not finite."""
    return "nan" if value != value else ("inf" if value > 0 else "-inf")


def _shortest(value: np.float32) -> float | None:
    return float(str(value)) if np.isfinite(value) else None


def _folded(flat: list[float | None], shape: tuple[int, ...]) -> Nested:
    if not shape:
        return flat[0]
    if len(shape) == 1:
        return flat
    size = math.prod(shape[1:])
    return [_folded(flat[start : start + size], shape[1:]) for start in range(0, len(flat), size)]
