"""Max and average pooling; max pooling with its derivative side by side."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.nn.windows import DoesNotFit, Window, read, unfold

Array = NDArray[np.floating[Any]]
Kind = Literal["max", "average"]


class Pooled(NamedTuple):
    """The largest value of each window, and where it stood."""

    values: Array  # (channels, windows)
    winners: NDArray[np.intp]  # (channels, windows): indices into the flattened map


def max_pool(maps: Array, windows: NDArray[np.intp]) -> Pooled:
    """Return the largest value of each window of each map.

    Ties go to the first in row-major order; a nan wins over everything, the last one over the others.

    ``maps`` has shape (channels, cells), ``windows`` (taps, windows) as ``windows.unfold`` lays it out.
    """
    values, first = _largest(maps.take(windows, axis=1))
    return Pooled(values, windows[first, np.arange(windows.shape[1])])


def max_pool_gradient(gradient: Array, winners: NDArray[np.intp], cells: int) -> Array:
    """Return ∂loss/∂maps, shape (channels, cells): each window hands its gradient to its winner alone."""
    handed = np.zeros((len(gradient), cells), gradient.dtype)
    channel = np.arange(len(gradient))[:, None]
    np.add.at(handed, (channel, winners), gradient)  # windows may overlap
    return handed


def _largest(taken: Array) -> tuple[Array, NDArray[np.intp]]:
    """Return the largest value of each window and its tap, both (channels, windows), of (channels, taps, windows)."""
    values, first = taken.max(axis=1), taken.argmax(axis=1)
    if np.isnan(values.sum()):  # to PyTorch every nan is larger than all before it: the last one wins
        last = taken.shape[1] - 1 - taken[:, ::-1].argmax(axis=1)
        first = np.where(np.isnan(values), last, first)
    return values, first


def check(kind: Kind, rows: int, columns: int, window: Window) -> None:
    """Raise ``DoesNotFit`` if a window cannot pool maps of this size.

    The rules are PyTorch's, and one more: a window that holds no pixel is refused, where PyTorch answers −∞ and an
    index that lies outside.
    """
    if kind == "average" and window.dilation != (1, 1):
        raise DoesNotFit(f"Average pooling has no dilation: it is 1, not {max(window.dilation)}.")
    for kernel, padding in zip(window.kernel_size, window.padding, strict=True):
        if padding > kernel // 2:
            raise DoesNotFit(
                f"Pooling pads by at most half its kernel, whatever the dilation: "
                f"floor({kernel}/2) = {kernel // 2}, not {padding}."
            )
    outside = unfold(rows, columns, window) >= rows * columns
    empty = int(outside.all(axis=0).sum())
    if empty:
        held = "1 window holds" if empty == 1 else f"{empty} windows hold"
        raise DoesNotFit(f"{held} no pixel: with this dilation every tap falls into the padding.")


class Max(NamedTuple):
    """Max pooling with what led to it."""

    values: Array  # (channels, windows)
    winners: NDArray[np.intp]  # (channels, windows): indices into the flattened map
    largest: NDArray[np.bool_]  # (channels, taps, windows): which taps hold the largest value; more than one is a tie


def max_pooling(maps: Array, window: Window) -> Max:
    """Return the largest value of each window of each map, of shape (channels, rows, columns).

    The padding is −∞ and never wins, not even over pixels of −∞. Raises ``DoesNotFit``.
    """
    _, rows, columns = maps.shape
    check("max", rows, columns, window)
    windows = unfold(rows, columns, window)
    inside = windows < rows * columns
    taken = read(maps, window, pad=-np.inf, beyond=-np.inf)
    with np.errstate(all="ignore"):  # inf and nan are results here, and are shown
        values, first = _largest(taken)
    shown = values[:, None, :]
    largest = ((taken == shown) | (np.isnan(taken) & np.isnan(shown))) & inside
    first = np.where(np.isneginf(values), largest.argmax(axis=1), first)
    return Max(values, windows[first, np.arange(windows.shape[1])], largest)


def divisors(rows: int, columns: int, window: Window) -> NDArray[np.intp]:
    """Return by what the sum of each window is divided to average it, shape (windows,).

    Cells of the padding count, the cells beyond it do not.
    """
    counted: NDArray[np.intp] = (unfold(rows, columns, window) <= rows * columns).sum(axis=0, dtype=np.intp)
    return counted


def average_pooling(maps: Array, window: Window) -> Array:
    """Return the mean of each window of each map, shape (channels, windows), of (channels, rows, columns).

    The padding is 0 and counts. Raises ``DoesNotFit``.
    """
    _, rows, columns = maps.shape
    check("average", rows, columns, window)
    with np.errstate(all="ignore"):  # inf and nan are results here, and are shown
        total: Array = read(maps, window).sum(axis=1)
        return total / divisors(rows, columns, window).astype(maps.dtype)
