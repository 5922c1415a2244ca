"""The 5×5 drawing that every lab works on, its label, and the drawings that come with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

SIZE = 5
CLASSES = 10


@dataclass(frozen=True, slots=True)
class Digit:
    """A drawing of ink (1) on paper (0) and the digit that it is meant to be.

    ``pixels`` holds 25 bytes, each 0 or 1, row by row; ``label`` is 0 … 9.
    """

    pixels: bytes
    label: int

    def painted(self, cells: Iterable[tuple[int, int]], on: bool) -> Digit:
        """Return the digit with these (row, column) cells inked or wiped."""
        pixels = bytearray(self.pixels)
        for row, column in cells:
            pixels[row * SIZE + column] = on
        return replace(self, pixels=bytes(pixels))

    @property
    def rows(self) -> list[list[int]]:
        """The pixels as five lists of five."""
        return [list(self.pixels[start : start + SIZE]) for start in range(0, SIZE * SIZE, SIZE)]

    @property
    def image(self) -> NDArray[np.float32]:
        """The pixels as a float32 array of shape (5, 5)."""
        return np.frombuffer(self.pixels, np.uint8).astype(np.float32).reshape(SIZE, SIZE)


BLANK = bytes(SIZE * SIZE)


def _drawn(label: int, picture: str) -> Digit:
    return Digit(bytes(mark == "#" for mark in picture if mark in ".#"), label)


SAMPLES: dict[str, Digit] = {
    "zero": _drawn(0, ".###. #...# #...# #...# .###."),
    "four": _drawn(4, "#.#.. #.#.. ##### ..#.. ..#.."),
    "another-four": _drawn(4, "..#.. .##.. ##### ..#.. ..#.."),
    "glyph-0": _drawn(0, ".###. #..## #.#.# ##..# .###."),
    "glyph-1": _drawn(1, "..#.. .##.. ..#.. ..#.. .###."),
    "glyph-2": _drawn(2, "####. ....# .###. #.... #####"),
    "glyph-3": _drawn(3, "####. ....# .###. ....# ####."),
    "glyph-4": _drawn(4, "#..#. #..#. ##### ...#. ...#."),
    "glyph-5": _drawn(5, "##### #.... ####. ....# ####."),
    "glyph-6": _drawn(6, ".###. #.... ####. #...# .###."),
    "glyph-7": _drawn(7, "##### ....# ...#. ..#.. ..#.."),
    "glyph-8": _drawn(8, ".###. #...# .###. #...# .###."),
    "glyph-9": _drawn(9, ".###. #...# .#### ....# .###."),
}
"""The lab's three drawings (cells 34–36) and one glyph for each digit, by the name that loads them."""
