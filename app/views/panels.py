"""What the panels of every lab are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from app.views.grids import Grid


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page that an answer can replace: the template ``panels/<name>.html``.

    Its root element has the id ``panel-<key>``: the name, unless a page has several of its kind. Two panels that
    compare equal look the same.
    """

    name: ClassVar[str]
    inside: ClassVar[str] = ""  # the panel that holds it, and brings it along when it is sent itself

    @property
    def key(self) -> str:
        """What tells this panel from the others of a page."""
        return self.name

    @property
    def holds(self) -> tuple[Panel, ...]:
        """The panels in it that the page does not name: they are sent alone where only they differ."""
        return ()


@dataclass(frozen=True, slots=True)
class Away(Panel):
    """Nothing in the place of a panel that makes room for another."""

    name: ClassVar[str] = "away"
    of: str

    @property
    def key(self) -> str:
        """The panel that is away."""
        return self.of


class Piece(NamedTuple):
    """A few words of a sentence; a number of the model carries its address."""

    text: str
    strong: bool = False
    address: str = ""


Sentence = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    r"""A formula in LaTeX; ``#0`` … ``#9`` in it stand for its numbers: ``"S_0 - y_0 = #0 - #1"``."""

    latex: str
    numbers: tuple[Piece, ...] = ()


def words(sentence: Sentence) -> str:
    """Return a sentence as plain text."""
    return "".join(piece.text for piece in sentence)


@dataclass(frozen=True, slots=True)
class Say(Panel):
    """The sentence that says what just happened, or, while gradients are shown, what they say.

    ``first``: nothing was done yet, the page says one thing alone.
    """

    name: ClassVar[str] = "sentence"
    sentence: Sentence
    first: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a switch: what it sends, what it says, what a pointer is told, and the end of its word.

    Where the head is short, the word does without its end.
    """

    value: str
    text: str
    hint: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Switch(Panel):
    """The page's one switch: posts ``field`` to ``action``."""

    name: ClassVar[str] = "switch"
    label: str
    action: str
    field: str
    choices: tuple[Choice, ...]
    chosen: str


class Numbers(NamedTuple):
    """A grid in the voices that are to be seen: the value, its gradient."""

    value: Grid | None
    gradient: Grid | None = None
