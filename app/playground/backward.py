"""The backward pass as a walk: its stages, and the numbers of each in the order in which they come about."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

from app.nn.digits import CLASSES
from app.nn.network import FEATURES, FILTERS, SHAPES, SIDE

POSITIONS = SIDE * SIDE
"""Where a window of the kernel lands: a weight's gradient adds up over them, one after the other."""
SIZES = {
    "logits": CLASSES,
    "flat": FEATURES,
    "pool": FEATURES,
    "relu": FILTERS * POSITIONS,
    "conv": FILTERS * POSITIONS,
    **{name: prod(shape) for name, shape in SHAPES.items()},
}
STAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("S − y", ("logits",)),
    ("linear", ("fc.weight", "fc.bias")),
    ("pooled", ("flat", "pool")),
    ("winner", ("relu",)),
    ("ReLU gate", ("conv",)),
    ("kernels", ("conv.weight", "conv.bias")),
)
"""The stages, from the loss back to the drawing, each with the tensors whose gradients it makes."""


class Place(NamedTuple):
    """A place on the walk: number ``at`` of a tensor's gradient, row-major, and which of its ``parts`` is added."""

    stage: int
    tensor: str
    at: int
    part: int = 0
    parts: int = 1

    @property
    def done(self) -> bool:
        """Whether the number is whole here."""
        return self.part + 1 == self.parts


def _parts(tensor: str) -> int:
    return POSITIONS if tensor == "conv.weight" else 1


PLACES = tuple(
    Place(stage, tensor, at, part, _parts(tensor))
    for stage, (_, tensors) in enumerate(STAGES)
    for tensor in tensors
    for at in range(SIZES[tensor])
    for part in range(_parts(tensor))
)
FIRST = tuple(next(index for index, place in enumerate(PLACES) if place.stage == stage) for stage in range(len(STAGES)))
"""The place at which each stage begins."""
LAST = (*(first - 1 for first in FIRST[1:]), len(PLACES) - 1)
"""And the one at which it ends."""
_BEGINS = {place.tensor: index for index, place in reversed(list(enumerate(PLACES)))}


def reached(tensor: str, index: int) -> int:
    """Return how many numbers of a tensor's gradient are whole at a place of the walk."""
    found = (index + 1 - _BEGINS[tensor]) // _parts(tensor)
    return min(max(found, 0), SIZES[tensor])
