"""How a window walks an image: where it starts, what it reads, what it leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Window:
    """A square window in PyTorch's terms: ``kernel_size`` and ``stride``, equal for rows and columns."""

    kernel_size: int
    stride: int

    def output_size(self, size: int) -> int:
        """Return how many times the window fits along ``size`` pixels: floor((W − F) / S) + 1."""
        return (size - self.kernel_size) // self.stride + 1


@lru_cache(maxsize=256)
def unfold(rows: int, columns: int, window: Window) -> NDArray[np.intp]:
    """Return which pixels each window reads, as indices into the flattened image.

    Shape (kernel_size², positions), both in row-major order, like ``torch.nn.functional.unfold``.
    """
    taps = np.arange(window.kernel_size)
    top = np.arange(window.output_size(rows)) * window.stride
    left = np.arange(window.output_size(columns)) * window.stride
    row = taps[:, None, None, None] + top[None, None, :, None]
    column = taps[None, :, None, None] + left[None, None, None, :]
    indices = (row * columns + column).reshape(window.kernel_size**2, -1)
    indices.setflags(write=False)  # the cache hands out the same array again
    return indices


@lru_cache(maxsize=256)
def unread(rows: int, columns: int, window: Window) -> bytes:
    """Return one byte a pixel, row by row: 1 where no window ever reads."""
    mask = np.ones(rows * columns, np.uint8)
    mask[unfold(rows, columns, window)] = 0
    return mask.tobytes()
