"""What an action is: a small model whose fields are its payload."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict

from app.playground.state import Playground, Table


class Outcome(NamedTuple):
    """The table after a change, and what each step that it took leaves in the log (the loss before it), as bytes."""

    table: Table
    losses: bytes = b""


class Action(BaseModel):
    """Something a visitor can do. Its route, its form, its place in the log and in the API follow from it."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True, defer_build=True)

    name: ClassVar[str]
    lab: ClassVar[str] = ""  # the lab that an action belongs to; "" for what all labs share
    summary: ClassVar[str] = ""
    internal: ClassVar[bool] = False  # it has no route of its own


class Change(Action):
    """An action that changes the table; undo takes it back."""

    begins: ClassVar[bool] = False  # whether it starts the loss curve of its lab afresh, without a lab that of all
    stops: ClassVar[bool] = False  # whether it ends playing

    def cost(self, table: Table) -> int:
        """Return how much work it is to apply to a table, in SGD steps of the lab's network; a simple action is 16."""
        return 16

    def check(self, table: Table) -> None:
        """Refuse what would be too much work for one action; nobody asks again about an entry of the log."""

    @abstractmethod
    def apply(self, table: Table) -> Outcome:
        """Return what this action makes of a table."""

    def describe(self, step: int) -> str:
        """Return its name on the undo button; ``step`` is its lab's count of steps after it."""
        return self.name.replace("-", " ")


class Look(Action):
    """An action that changes one part of the view alone; undo skips it, and it does not cut redo.

    What it leaves of its part is what the log keeps: it is resolved when it is appended, as moves are.
    """

    part: ClassVar[str]  # the field of ``View`` that it changes
    ends: ClassVar[str] = ""  # another one that begins anew with it

    @abstractmethod
    def look(self, state: Playground) -> object:
        """Return what its part of the view is after it."""


class Move(Action):
    """A move in time; the session resolves it to a place when it is appended."""
