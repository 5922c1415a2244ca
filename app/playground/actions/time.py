"""Moves in time, playing, and starting over."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.playground.actions.base import Change, Look, Move, Outcome
from app.playground.actions.train import Steps
from app.playground.state import Playground, Playing, Table, opening

Training = Literal["network", "neuron", "classifier", "training"]
"""The labs that train."""
Playable = Literal["network", "backward", "convolution", "pooling", "activation", "neuron", "classifier", "training"]
"""What steps by itself: the labs, and the walk back through the network."""


class Undo(Move):
    """Take the last change back."""

    name: ClassVar[str] = "undo"
    summary: ClassVar[str] = "Take the last change back; 409 where there is nothing."


class Redo(Move):
    """Bring back what was undone."""

    name: ClassVar[str] = "redo"
    summary: ClassVar[str] = "Bring back what was undone; 409 where there is nothing."


class Rewind(Move):
    """Go to any place in time: a revision, or an SGD step on the way to it."""

    name: ClassVar[str] = "rewind"
    summary: ClassVar[str] = "Go to what a revision showed, or to a step of a lab on its line. Nothing is lost."
    revision: Annotated[int, Field(ge=0)]
    step: Annotated[int, Field(ge=0)] | None = None
    lab_: Training = Field("network", alias="lab")


class Play(Look):
    """Let a lab step by itself while a page watches."""

    name: ClassVar[str] = "play"
    summary: ClassVar[str] = "Let a lab step by itself while a page is open."
    part: ClassVar[str] = "playing"
    lab_: Playable = Field("network", alias="lab")
    steps: Steps = 1
    every: Annotated[int, Field(ge=100, le=10_000)] = 400  # milliseconds
    epochs: Annotated[int, Field(ge=1, le=1000)] | None = None  # of the training, after which it ends

    def look(self, state: Playground) -> Playing:
        """Return what plays after it."""
        if self.epochs and self.lab_ == "training":
            return Playing(self.lab_, self.steps, self.every, state.table.training.epoch + self.epochs)
        return Playing(self.lab_, self.steps, self.every)


class Pause(Look):
    """Stop playing."""

    name: ClassVar[str] = "pause"
    summary: ClassVar[str] = "Stop playing."
    part: ClassVar[str] = "playing"

    def look(self, state: Playground) -> None:
        """Return what plays after it: nothing."""


class StartOver(Change):
    """Put the opening table back; what was before stays reachable by undo."""

    name: ClassVar[str] = "start-over"
    summary: ClassVar[str] = "A new opening state; what was before stays reachable by undo."
    begins: ClassVar[bool] = True
    stops: ClassVar[bool] = True

    def apply(self, table: Table) -> Outcome:
        """Return the opening table."""
        return Outcome(opening())
