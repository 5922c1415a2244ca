"""The Convolution lab's part of the table: an image, kernels, and how the window walks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from app.nn.convolution import Kernels, convolve, flip
from app.nn.digits import SIZE, Digit
from app.nn.windows import Array, Pair, Window, read

MOST_SIDE = 12  # of an image
MOST_BITS = 8
MOST_KERNEL = 5
MOST_STRIDE = 5
MOST_PADDING = 3
MOST_DILATION = 3
MOST_FILTERS = 8


@dataclass(frozen=True, slots=True)
class Image:
    """An image of ``rows`` × ``columns`` whole numbers from 0 to 2^bits − 1, row by row.

    ``ink`` is what a press puts.
    """

    rows: int
    columns: int
    bits: int
    pixels: tuple[int, ...]
    ink: int = 1

    @property
    def array(self) -> Array:
        """The pixels, shape (rows, columns)."""
        return np.array(self.pixels, np.float64).reshape(self.rows, self.columns)


def image_of(digit: Digit) -> Image:
    """Return the drawing as an image of one bit a pixel."""
    return Image(SIZE, SIZE, 1, tuple(digit.pixels))


@dataclass(frozen=True, slots=True)
class Convolution:
    """What the lab convolves, with what, and how.

    ``image`` is None where it is the drawing on the table. ``weight`` holds the filters' weights in PyTorch's order
    (filter, row, column), ``bias`` one number a filter, which counts where ``biased``. ``names`` says where each
    filter's weights come from. ``linked``: rows and columns have equal settings. ``flipped``: each kernel is turned by
    180° first, so that the result is a convolution in the mathematicians' sense.
    """

    image: Image | None
    window: Window
    weight: tuple[float, ...]
    bias: tuple[float, ...]
    names: tuple[str, ...]
    biased: bool = False
    linked: bool = True
    flipped: bool = False
    seed: int = 15

    @property
    def filters(self) -> int:
        """How many kernels there are."""
        return len(self.bias)

    @property
    def array(self) -> Array:
        """The weights, shape (filters, rows, columns)."""
        return np.array(self.weight, np.float64).reshape(self.filters, *self.window.kernel_size)

    def seen(self, digit: Digit) -> Image:
        """Return the image that is convolved."""
        return self.image or image_of(digit)

    def with_weights(self, weight: Array, names: tuple[str, ...] | None = None) -> Convolution:
        """Return the lab with other weights of shape (filters, rows, columns); the kernel takes their size."""
        window = replace(self.window, kernel_size=(weight.shape[1], weight.shape[2]))
        return replace(self, window=window, weight=tuple(weight.ravel().tolist()), names=names or self.names)

    def resized(self, kernel_size: Pair) -> Convolution:
        """Return the lab with kernels of another size: what both hold stays; random kernels show more of their draw."""
        old = self.array
        new = np.zeros((self.filters, *kernel_size))
        fresh, _ = drawn(self.seed)
        for index, name in enumerate(self.names):
            if name == RANDOM:
                new[index] = fresh[index, : kernel_size[0], : kernel_size[1]]
        tall, wide = (min(pair) for pair in zip(old.shape[1:], kernel_size, strict=True))
        new[:, :tall, :wide] = old[:, :tall, :wide]
        return self.with_weights(new)

    def counted(self, filters: int) -> Convolution:
        """Return the lab with so many filters; new ones are random, rounded to quarters."""
        fresh, bias = drawn(self.seed)
        tall, wide = self.window.kernel_size
        weight = np.concatenate((self.array, quarters(fresh[self.filters : filters, :tall, :wide])))[:filters]
        biases = (*self.bias, *quarters(bias[self.filters : filters]).tolist())[:filters]
        names = (*self.names, *(RANDOM for _ in range(self.filters, filters)))[:filters]
        return replace(self, bias=biases).with_weights(weight, names)


RANDOM = "random"


@lru_cache(maxsize=16)
def drawn(seed: int) -> tuple[Array, Array]:
    """Return as many standard normal weights and biases as any setting needs: (filters, rows, columns), (filters,)."""
    source = np.random.RandomState(seed)
    return source.randn(MOST_FILTERS, MOST_KERNEL, MOST_KERNEL), source.randn(MOST_FILTERS)


def quarters(values: Array) -> Array:
    """Return the nearest quarters: nice numbers, that a board can hold."""
    return np.round(values * 4) / 4 + 0.0  # + 0.0: no −0


def linear(inputs: int, outputs: int) -> int:
    """Return the parameters of a linear layer in the convolution's place, biases included."""
    return inputs * outputs + outputs


class Worked(NamedTuple):
    """A convolution worked out."""

    read: Array  # (taps, positions): what the windows read
    kernels: Kernels  # weight (filters, taps) as it is laid on the image, bias (filters,)
    output: Array  # (filters, rows, columns)


@lru_cache(maxsize=64)
def worked(lab: Convolution, digit: Digit) -> Worked:
    """Return the lab's convolution of its image."""
    image = lab.seen(digit)
    weight = lab.array.reshape(lab.filters, -1)
    kernels = Kernels(flip(weight) if lab.flipped else weight, np.array(lab.bias) * lab.biased)
    taken = read(image.array, lab.window)
    output = convolve(taken, kernels).reshape(lab.filters, *lab.window.output_size(image.rows, image.columns)) + 0.0
    return Worked(taken, kernels, output)


class Preset(NamedTuple):
    """A kernel worth knowing, and what it does in one sentence."""

    rows: tuple[tuple[float, ...], ...]
    sentence: str


PRESETS: dict[str, Preset] = {
    "identity": Preset(
        ((0, 0, 0), (0, 1, 0), (0, 0, 0)), "Identity: copies the pixel in its middle, so nothing changes."
    ),
    "edges": Preset(((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)), "Edges: right minus left, so upright edges stand out."),
    "blur": Preset(
        ((0.0625, 0.125, 0.0625), (0.125, 0.25, 0.125), (0.0625, 0.125, 0.0625)),
        "Blur: a mean of the neighbourhood that trusts the middle most.",
    ),
    "sharpen": Preset(
        ((0, -1, 0), (-1, 5, -1), (0, -1, 0)), "Sharpen: the middle five times, less its four neighbours."
    ),
    "corner": Preset(
        ((-1, -1, -1), (-1, 1, 1), (-1, 1, 1)), "Corner: ink below and to the right, paper above and left."
    ),
    "lab": Preset(
        ((-0.4036377, -2.63969468), (-0.54287506, -1.11070243)),
        "The lab's own 2×2 kernel (cell 122), drawn at random: all its weights are negative.",
    ),
}

OPENING = Convolution(
    image=None,
    window=Window((3, 3), (1, 1), (1, 1)),
    weight=tuple(float(weight) for row in PRESETS["edges"].rows for weight in row),
    bias=(0.25,),
    names=("edges",),
)
"""The drawing under the edge detector: every number is whole."""

IMAGES: dict[str, Image] = {
    "lab": Image(
        6, 8, 2,
        (
            0, 0, 1, 0, 1, 2, 3, 2,
            1, 3, 0, 3, 3, 0, 0, 1,
            0, 3, 2, 0, 1, 0, 3, 1,
            0, 3, 2, 0, 3, 0, 1, 0,
            3, 2, 3, 3, 1, 1, 1, 3,
            0, 1, 2, 2, 2, 3, 2, 0,
        ),
        ink=3,
    ),
    "two": Image(
        12, 12, 1,
        tuple(
            int(mark == "#")
            for mark in (
                "............" "...#####...." "..##...##..." ".##.....##.." ".##.....##.." ".......##..."
                "......##...." ".....##....." "...##......." "..##........" ".#########.." "............"
            )
        ),
    ),
}  # fmt: skip
"""Images beside the drawing: the lab's, with two bits a pixel, and a digit of 12×12."""
