"""Max pooling: forward and derivative side by side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


class Pooled(NamedTuple):
    """The largest value of each window, and where it stood."""

    values: Array  # (channels, windows)
    winners: NDArray[np.intp]  # (channels, windows): indices into the flattened map


def max_pool(maps: Array, windows: NDArray[np.intp]) -> Pooled:
    """Return the largest value of each window of each map.

    Ties go to the first in row-major order; a nan wins over everything, the last one over the others.

    ``maps`` has shape (channels, cells), ``windows`` (taps, windows) as ``windows.unfold`` lays it out.
    """
    read = maps[:, windows]  # (channels, taps, windows)
    values, first = read.max(axis=1), read.argmax(axis=1)  # (channels, windows)
    if np.isnan(values.sum()):  # to PyTorch every nan is larger than all before it: the last one wins
        last = len(windows) - 1 - read[:, ::-1].argmax(axis=1)
        first = np.where(np.isnan(values), last, first)
    return Pooled(values, windows[first, np.arange(windows.shape[1])])


def max_pool_gradient(gradient: Array, winners: NDArray[np.intp], cells: int) -> Array:
    """Return ∂loss/∂maps, shape (channels, cells): each window hands its gradient to its winner alone."""
    handed = np.zeros((len(gradient), cells), gradient.dtype)
    channel = np.arange(len(gradient))[:, None]
    np.add.at(handed, (channel, winners), gradient)  # windows may overlap
    return handed
