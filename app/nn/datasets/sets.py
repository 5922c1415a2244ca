"""The sets to train on, by name, and where each comes from."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from app.nn.datasets.samples import Samples
from app.nn.digits import SAMPLES, SIZE, Digit

HANDWRITING = Path(__file__).with_name("handwriting.txt")
CODE = "0123456789abcdefghijklmnopqrstuv"  # five bits a letter: int(letter, 32)


class Named(NamedTuple):
    """What a set is called, and one sentence on where it comes from."""

    title: str
    source: str


SETS = {
    "lab": Named("The lab's three digits", "A zero and two fours, drawn in the lab text."),
    "glyphs": Named("Drawn digits", "Each digit in twelve clear shapes, made for this playground."),
    "handwriting": Named(
        "Real handwriting",
        "1,797 digits written by 13 people: UCI's optical digits (E. Alpaydin and C. Kaynak, 1998, CC BY 4.0), "
        "as shipped by scikit-learn, averaged from 8×8 to 5×5 pixels; ink where the average is over 0.4.",
    ),
    "own": Named("Your own drawings", "What you have drawn here and given a label, or read from a file."),
}


def samples(name: str, own: tuple[Digit, ...] = ()) -> Samples:
    """Return the set of this name; ``own`` is what the set ``own`` holds. Raise ``KeyError`` for any other name."""
    return Samples.drawn(own) if name == "own" else _named(name)


@lru_cache
def _named(name: str) -> Samples:
    return {"lab": _lab, "glyphs": _glyphs, "handwriting": _handwriting}[name]()


def _lab() -> Samples:
    return Samples.drawn([SAMPLES[name] for name in ("zero", "four", "another-four")])


def _glyphs() -> Samples:
    from app.nn.datasets.glyphs import glyphs

    return Samples.drawn(glyphs())


def _handwriting() -> Samples:
    """Read the data file: words behind #, then six letters a sample, a row of pixels each and the label."""
    lines = HANDWRITING.read_text(encoding="ascii").splitlines()
    letters = np.frombuffer("".join(line for line in lines if not line.startswith("#")).encode(), np.uint8)
    values = np.zeros(128, np.uint8)
    values[np.frombuffer(CODE.encode(), np.uint8)] = np.arange(len(CODE))
    table = values[letters].reshape(-1, SIZE + 1)
    pixels = table[:, :SIZE, None] >> np.arange(SIZE - 1, -1, -1) & 1
    return Samples.of(pixels, table[:, SIZE])
