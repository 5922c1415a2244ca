"""How a window walks an image: where it starts, what it reads, what it leaves out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Pair = tuple[int, int]
Axis = Literal[0, 1]

ROWS: Axis = 0
COLUMNS: Axis = 1


class DoesNotFit(ValueError):  # noqa: N818 - it reads as what is the matter
    """A window that cannot walk this image, or no image at all; ``sentence`` tells a learner why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def signed(number: int) -> str:
    """Return a whole number with a true minus sign."""
    return str(number).replace("-", "−")


@dataclass(frozen=True, slots=True)
class Size:
    """The size formula along one axis, part by part: floor((W + 2P − D·(F − 1) − 1)/S) + 1.

    With ``ceil_mode`` the quotient is rounded up, so that a last window may hang over the far edge.
    """

    pixels: int  # W
    kernel: int  # F
    stride: int  # S
    padding: int  # P, on each side
    dilation: int  # D
    ceil_mode: bool

    @property
    def numerator(self) -> int:
        """W + 2P − D·(F − 1) − 1: how far the window can travel; below 0 it is too large."""
        return self.pixels + 2 * self.padding - self.dilation * (self.kernel - 1) - 1

    @property
    def quotient(self) -> float:
        """How many strides that is, before rounding."""
        return self.numerator / self.stride

    @property
    def bites(self) -> bool:
        """Whether rounding changes the quotient."""
        return self.numerator % self.stride != 0

    @property
    def rounded(self) -> int:
        """The quotient rounded down, or up with ``ceil_mode``."""
        return -(-self.numerator // self.stride) if self.ceil_mode else self.numerator // self.stride

    @property
    def dropped(self) -> bool:
        """Whether a last window is left out because it would start beyond the image and its left padding."""
        return self.ceil_mode and self.rounded > 0 and self.rounded * self.stride >= self.pixels + self.padding

    @property
    def result(self) -> int:
        """How many times the window fits; below 1 it does not."""
        return self.rounded + 1 - self.dropped

    @property
    def text(self) -> str:
        """The formula with its numbers put in, up to its result."""
        rounding = "ceil" if self.ceil_mode else "floor"
        travel = f"{self.pixels} + 2·{self.padding} − {self.dilation}·({self.kernel} − 1) − 1"
        less = " − 1" if self.dropped else ""
        return f"{rounding}(({travel})/{self.stride}) + 1{less} = {signed(self.result)}"


@dataclass(frozen=True, slots=True)
class Window:
    """A window in PyTorch's terms, each a pair (for rows, for columns)."""

    kernel_size: Pair
    stride: Pair
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        """Refuse settings that no window can have."""
        for name, least in (("kernel_size", 1), ("stride", 1), ("padding", 0), ("dilation", 1)):
            smallest = min(getattr(self, name))
            if smallest < least:
                word = name.removesuffix("_size")
                raise DoesNotFit(f"The {word} is a whole number from {least} on; {signed(smallest)} is too small.")

    @property
    def taps(self) -> int:
        """How many cells the window reads at once."""
        return math.prod(self.kernel_size)

    @property
    def span(self) -> Pair:
        """How many rows and columns the window covers, gaps of the dilation included: D·(F − 1) + 1."""
        (tall, wide), (down, across) = self.kernel_size, self.dilation
        return down * (tall - 1) + 1, across * (wide - 1) + 1

    def formula(self, pixels: int, axis: Axis) -> Size:
        """Return the size formula for ``pixels`` rows (axis 0) or columns (axis 1), whether it fits or not."""
        return Size(
            pixels,
            self.kernel_size[axis],
            self.stride[axis],
            self.padding[axis],
            self.dilation[axis],
            self.ceil_mode,
        )

    def output_size(self, rows: int, columns: int) -> Pair:
        """Return how many times the window fits down and across an image; raise ``DoesNotFit`` if it does not."""
        down, across = self.formula(rows, ROWS), self.formula(columns, COLUMNS)
        for size in (down, across):
            if size.result < 1:
                raise DoesNotFit(
                    f"A kernel of {size.kernel} with dilation {size.dilation} does not fit into "
                    f"{size.pixels} + 2·{size.padding} pixels: {size.text}."
                )
        return down.result, across.result


@lru_cache(maxsize=256)
def unfold(rows: int, columns: int, window: Window) -> NDArray[np.intp]:
    """Return which pixels each window reads, as indices into the flattened image.

    Shape (taps, positions), both in row-major order, like ``torch.nn.functional.unfold``. Outside the image stand
    ``rows * columns`` for a cell of the padding, and ``rows * columns + 1`` for a cell beyond it, where only
    ``ceil_mode`` leads.
    """
    down, across = window.output_size(rows, columns)
    row = _places(down, window, ROWS)[:, None, :, None]
    column = _places(across, window, COLUMNS)[None, :, None, :]
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    beyond = (row >= rows + window.padding[0]) | (column >= columns + window.padding[1])
    outside = np.where(beyond, rows * columns + 1, rows * columns)
    indices = np.where(inside, row * columns + column, outside).reshape(window.taps, -1)
    indices.setflags(write=False)  # the cache hands out the same array again
    return indices


def _places(count: int, window: Window, axis: Axis) -> NDArray[np.intp]:
    """Return the rows (or columns) that each of ``count`` windows reads, shape (kernel, count)."""
    taps = np.arange(window.kernel_size[axis]) * window.dilation[axis]
    starts = np.arange(count) * window.stride[axis] - window.padding[axis]
    return taps[:, None] + starts


def read(image: Array, window: Window, pad: float = 0.0, beyond: float = 0.0) -> Array:
    """Return what the windows read of each image, shape (…, taps, positions).

    ``image`` has shape (…, rows, columns); ``pad`` stands in the padding, ``beyond`` in the cells beyond it.
    """
    *several, rows, columns = image.shape
    flat = np.empty((*several, rows * columns + 2), image.dtype)
    flat[..., :-2] = image.reshape(*several, rows * columns)
    flat[..., -2:] = pad, beyond
    taken: Array = flat[..., unfold(rows, columns, window)]
    return taken


def corner(position: int, window: Window, columns_out: int) -> Pair:
    """Return the first row and column that the window of an output cell covers; below 0 they lie in the padding.

    ``position`` counts output cells in row-major order, ``columns_out`` of them a row.
    """
    row, column = divmod(position, columns_out)
    return row * window.stride[0] - window.padding[0], column * window.stride[1] - window.padding[1]


def readers(rows: int, columns: int, window: Window, cell: int) -> NDArray[np.intp]:
    """Return the positions whose windows read a pixel, in order; ``cell`` is its index in the flattened image."""
    return np.flatnonzero((unfold(rows, columns, window) == cell).any(axis=0))


@lru_cache(maxsize=256)
def unread(rows: int, columns: int, window: Window) -> bytes:
    """Return one byte a pixel, row by row: 1 where no window ever reads."""
    mask = np.ones(rows * columns + 2, np.uint8)  # with the two cells that stand for all outside
    mask[unfold(rows, columns, window)] = 0
    return mask[:-2].tobytes()
