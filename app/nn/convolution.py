"""The convolution, as PyTorch computes it (a cross-correlation): forward and derivative side by side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


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
