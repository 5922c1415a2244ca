"""ReLU: forward and derivative side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def relu(values: Array) -> Array:
    """Return max(0, x) of each value; nan stays nan."""
    return np.maximum(values, 0)


def relu_gradient(values: Array, gradient: Array) -> Array:
    """Return the gradient that ReLU lets through to its input: all of it above 0, nothing at 0 and below.

    A nan input lets it through, as PyTorch's does.
    """
    return np.where(values <= 0, 0, gradient)
