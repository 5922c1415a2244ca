"""What the panels of every lab are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.views.grids import Grid


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page that an answer can replace: the template ``panels/<name>.html``.

    Its root element has the id ``panel-<name>``. Two panels that compare equal look the same.
    """

    name: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A few words of a sentence; a number of the model carries its address."""

    text: str
    strong: bool = False
    address: str = ""


Sentence = tuple[Piece, ...]


def words(sentence: Sentence) -> str:
    """Return a sentence as plain text."""
    return "".join(piece.text for piece in sentence)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A grid in its three voices: the value, its gradient, and the value before the last SGD step."""

    value: Grid
    gradient: Grid | None = None
    old: Grid | None = None
