"""Numbers as JSON: the shortest decimals that read back to the same float; null for what is not finite or not seen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.views.grids import addresses

Nested = Any  # lists of lists of float | int | bool | None
Mask = NDArray[np.bool_]


def nested(array: NDArray[Any], shown: Mask | None = None) -> Nested:
    """Return an array as nested lists, a scalar as one number; null where it is not finite or not ``shown``."""
    whole = np.asarray(array).dtype.kind in "biu"  # whole numbers and truth values are themselves
    flat = np.ravel(array).tolist() if whole else [_shortest(value) for value in np.ravel(array)]
    if shown is not None:
        flat = [value if seen else None for value, seen in zip(flat, np.ravel(shown).tolist(), strict=True)]
    return _folded(flat, np.shape(array))


def named(
    tensors: Mapping[str, NDArray[Any]], prefix: str = "", shown: Mapping[str, Mask] | None = None
) -> dict[str, Nested]:
    """Return tensors by name, and under ``not_finite`` the address of each number that JSON cannot say.

    ``shown`` holds a mask for each tensor that is seen in part; what it leaves out is null and not named.
    """
    masks = shown or {}
    wrong: dict[str, str] = {}
    for name, array in tensors.items():
        odd = ~np.isfinite(array) & masks.get(name, True)
        if odd.any():
            cells = zip(addresses(prefix + name, np.shape(array)), np.ravel(array).tolist(), np.ravel(odd), strict=True)
            wrong |= {address: said(value) for address, value, is_odd in cells if is_odd}
    return {name: nested(array, masks.get(name)) for name, array in tensors.items()} | {"not_finite": wrong}


def said(value: float) -> str:
    """Return the name of a number that is not finite."""
    return "nan" if value != value else ("inf" if value > 0 else "-inf")


def _shortest(value: np.floating[Any]) -> float | None:
    return float(str(value)) if np.isfinite(value) else None


def _folded(flat: list[Any], shape: tuple[int, ...]) -> Nested:
    if not shape:
        return flat[0]
    if len(shape) == 1:
        return flat
    size = math.prod(shape[1:])
    return [_folded(flat[start : start + size], shape[1:]) for start in range(0, len(flat), size)]
