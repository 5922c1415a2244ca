"""Words in a plot: each finds a place where it lies over nothing else, or is left out."""

from __future__ import annotations

from dataclasses import dataclass

from app.views.panels import Sentence, words

LETTER = 4.2
"""A letter's width in percent of a plot: half a unit of the narrowest one, which is some 12 units wide."""
HEIGHT = 8.0


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place in percent, y downwards; ``anchor`` says which end of them it is: start, middle or end."""

    words: Sentence
    x: float
    y: float
    anchor: str


Box = tuple[float, float, float, float]


class Room:
    """What room a plot has left for words."""

    def __init__(self, taken: tuple[tuple[float, float], ...] = (), size: float = 4.0) -> None:
        """Keep these places free, discs of a size."""
        self._taken: list[Box] = [(x - size, x + size, y - size, y + size) for x, y in taken]

    def place(self, *wishes: Label) -> Label | None:
        """Return the first of some labels that finds room, and take it; None where none does."""
        for label in wishes:
            box = _box(label)
            if self._free(box):
                self._taken.append(box)
                return label
        return None

    def _free(self, box: Box) -> bool:
        left, right, top, bottom = box
        inside = left >= 0 and right <= 100 and top >= 0 and bottom <= 100
        return inside and all(
            right <= other[0] or other[1] <= left or bottom <= other[2] or other[3] <= top for other in self._taken
        )


def _box(label: Label) -> Box:
    wide = LETTER * len(words(label.words))
    left = label.x - {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor]
    return left, left + wide, label.y - HEIGHT / 2, label.y + HEIGHT / 2
