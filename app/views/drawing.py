"""The drawing that all labs share, and what it is meant to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.nn.digits import BLANK, SIZE, Digit
from app.views.panels import Panel


@dataclass(frozen=True, slots=True)
class Pad(Panel):
    """The drawing: 25 pixels; ``unread`` has a 1 where no window reads. ``blank``: nothing is inked."""

    name: ClassVar[str] = "pad"
    lab: str
    shape: str
    pixels: bytes
    unread: bytes
    blank: bool


@dataclass(frozen=True, slots=True)
class Label(Panel):
    """What the drawing is meant to be, 0 … 9."""

    name: ClassVar[str] = "label"
    lab: str
    label: int


def pad(lab: str, digit: Digit, shape: str, unread: bytes = bytes(SIZE * SIZE)) -> Pad:
    """Return the pad of a lab, with the shape that its input has there."""
    return Pad(lab, shape, digit.pixels, unread, digit.pixels == BLANK)
