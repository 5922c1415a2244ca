"""The backward pass of the network as a walk: looks, since no number changes."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.playground.actions.base import Look
from app.playground.backward import FIRST, LAST, PLACES
from app.playground.errors import Invalid
from app.playground.state import Playground

END = len(PLACES) - 1


class _Walk(Look):
    """A look that moves along the walk. Walking on is pointing at the next number, so it ends pointing at others."""

    lab: ClassVar[str] = "network"
    part: ClassVar[str] = "backward"
    ends: ClassVar[str] = "pointed"

    def look(self, state: Playground) -> int:
        """Return the place on the walk after it."""
        return self.moved(state.view.backward)

    @abstractmethod
    def moved(self, here: int) -> int:
        """Return the place after it."""


class Forward(_Walk):
    """Go to the next number."""

    name: ClassVar[str] = "backward-step"
    summary: ClassVar[str] = "Go to the next number of the backward pass, or the next part of its sum."

    def moved(self, here: int) -> int:
        """Return the next place; at the end, the end."""
        return min(here + 1, END)


class Back(_Walk):
    """Go to the number before."""

    name: ClassVar[str] = "backward-back"
    summary: ClassVar[str] = "Go to the number of the backward pass before, or the part of its sum before."

    def moved(self, here: int) -> int:
        """Return the place before; at the start, the start."""
        return max(here - 1, 0)


class Go(_Walk):
    """Go to a place, to a stage, to the start or to the end."""

    name: ClassVar[str] = "backward-go"
    summary: ClassVar[str] = (
        "Go to a place (index), to where a stage begins (stage), to the start or the end, or to the end of the "
        "present stage, and from there of the next (to)."
    )
    index: Annotated[int, Field(ge=0, le=END)] | None = None
    stage: Annotated[int, Field(ge=0, le=len(FIRST) - 1)] | None = None
    to: Literal["start", "end", "stage"] | None = None

    def moved(self, here: int) -> int:
        """Return the place there."""
        match self:
            case Go(index=int(index), stage=None, to=None):
                return index
            case Go(index=None, stage=int(stage), to=None):
                return FIRST[stage]
            case Go(index=None, stage=None, to="start" | "end" as to):
                return 0 if to == "start" else END
            case Go(index=None, stage=None, to="stage"):
                return next((last for last in LAST if last > here), END)
        raise Invalid(f"{self.name} takes one of index, stage and to.", "index", ["index", "stage", "to"])
