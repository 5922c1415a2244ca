"""The convolution, as PyTorch computes it (a cross-correlation): forward and derivative side by side."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


class Kernels(NamedTuple):
    """The kernels of one input channel, or their gradients."""

    weight: Array  # (filters, taps)
    bias: Array  # (filters,)


def convolve(read: Array, kernels: Kernels) -> Array:
    """Return each filter's weighted sum of each window plus its bias, shape (filters, positions).

    ``read`` holds what the windows read, shape (taps, positions), as ``windows.unfold`` lays it out.
    """
    return kernels.weight @ read + kernels.bias[:, None]


def convolve_gradient(read: Array, gradient: Array) -> Kernels:
    """Return ∂loss/∂weight and ∂loss/∂bias: each weight adds up pixel × gradient over all positions.

    ``gradient`` is ∂loss/∂output, shape (filters, positions).
    """
    return Kernels(gradient @ read.T, gradient.sum(axis=1))


def products(read: Array, kernels: Kernels, chosen: int, position: int) -> Array:
    """Return pixel × weight, tap by tap, of the ``chosen`` filter at one position, shape (taps,).

    Their sum plus the filter's bias is the output cell.
    """
    terms: Array = read[:, position] * kernels.weight[chosen]
    return terms


def flip(weight: Array) -> Array:
    """Return each kernel turned by 180°, shape (filters, taps): with it the cross-correlation is a true convolution."""
    return weight[..., ::-1]
