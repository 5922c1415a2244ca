"""Drawings and labels as two arrays, as training reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.nn.digits import SIZE, Digit

PIXELS = SIZE * SIZE

Images = NDArray[np.float32]
Labels = NDArray[np.int64]


class Samples(NamedTuple):
    """n drawings with their labels; both arrays are read-only."""

    images: Images  # shape (n, 25): 1 is ink, 0 is paper, row by row
    labels: Labels  # shape (n,): 0 … 9

    @classmethod
    def of(cls, images: ArrayLike, labels: ArrayLike) -> Samples:
        """Return samples of anything that makes an array of n·25 pixels and one of n labels; both are copied."""
        inks = np.array(images, np.float32).reshape(-1, PIXELS)
        meant = np.array(labels, np.int64).reshape(-1)
        if len(inks) != len(meant):
            raise ValueError(f"{len(inks)} images and {len(meant)} labels")
        inks.setflags(write=False)
        meant.setflags(write=False)
        return cls(inks, meant)

    @classmethod
    def drawn(cls, digits: Sequence[Digit]) -> Samples:
        """Return these drawings as samples, in their order."""
        pixels = np.frombuffer(b"".join(digit.pixels for digit in digits), np.uint8)
        return cls.of(pixels, [digit.label for digit in digits])

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.labels)

    def digit(self, index: int) -> Digit:
        """Return one of them as a drawing."""
        return Digit(self.images[index].astype(np.uint8).tobytes(), int(self.labels[index]))

    def at(self, indices: NDArray[np.intp]) -> Samples:
        """Return those at these indices, in the order given."""
        return Samples.of(self.images[indices], self.labels[indices])
