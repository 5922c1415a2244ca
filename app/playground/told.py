"""What may be told: what is hidden in one lab for a prediction is hidden in all that reads it, too."""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.typing import NDArray

from app.nn.windows import Window, read
from app.playground.convolution import worked
from app.playground.pooling import Worked as Pooled
from app.playground.pooling import pooled
from app.playground.state import Playground
from app.playground.stepper import Stepper

Mask = NDArray[np.bool_]


def first(shape: tuple[int, ...], count: int) -> Mask:
    """Return a mask of this shape that shows the first numbers alone, in reading order."""
    mask: Mask = (np.arange(prod(shape)) < count).reshape(shape)
    return mask


def ahead(shape: tuple[int, ...], here: Stepper) -> Mask:
    """Return what may be told of what a walk makes: all of it, unless it is to be predicted number by number."""
    return first(shape, here.on(prod(shape)).done if here.predicting else prod(shape))


def convolved(state: Playground) -> Mask:
    """Return which of the Convolution lab's outputs may be told, (filters, rows, columns)."""
    output = worked(state.table.convolution, state.table.digit).output
    return ahead(output.shape, state.view.convolution)


def known(state: Playground) -> Mask:
    """Return which cells of what is pooled may be told, (channels, rows, columns)."""
    typed = state.table.pooling.typed
    return np.full(np.shape([typed]), True) if typed else convolved(state)


def readable(told: Mask, found: Pooled, window: Window) -> tuple[Mask, Mask]:
    """Return which numbers that the windows read may be told, and which of those that they make.

    ``told`` says it of the maps, (channels, rows, columns); the padding is no secret. The first answer has shape
    (channels, taps, positions), the second that of the output.
    """
    there: Mask = read(told.astype(float), window, pad=1, beyond=1) > 0
    certain: Mask = np.all(there, axis=1).reshape(found.output.shape)
    return there, certain


def certain(state: Playground) -> Mask:
    """Return which of the Pooling lab's outputs hang on nothing that is hidden, in the shape of the output."""
    table = state.table
    return readable(known(state), pooled(table.pooling, table.convolution, table.digit), table.pooling.window)[1]
