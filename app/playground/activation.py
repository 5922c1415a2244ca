"""The Activation lab's part of the table: a function, and the vector that goes through it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.nn.windows import Array

Function = Literal["identity", "step", "relu", "leaky_relu", "sigmoid", "tanh"]

LENGTH = 8
LAB = (-1.02432329, -0.42662539, -0.24859638, 0.59464189, 1.03328345, 0.6536854, -1.49163869, -1.25539448)
"""The lab's vector (cell 167)."""


@dataclass(frozen=True, slots=True)
class Activation:
    """A function's name, and eight numbers; ``source`` says where they come from."""

    function: Function = "relu"
    vector: tuple[float, ...] = LAB
    source: Literal["lab", "typed", "drawn"] = "lab"
    seed: int = 15

    @property
    def array(self) -> Array:
        """The vector, shape (8,)."""
        return np.array(self.vector, np.float64)


OPENING = Activation()


def drawn(seed: int) -> tuple[float, ...]:
    """Return eight standard normal numbers, as NumPy draws them with this seed."""
    return tuple(np.random.RandomState(seed).randn(LENGTH).tolist())
