"""Opening what somebody shared."""

from __future__ import annotations

from typing import ClassVar

from app.playground.actions.base import Change, Outcome
from app.playground.state import Table, unpack


class OpenCopy(Change):
    """Put a copy on the table; what was there before stays reachable by undo."""

    name: ClassVar[str] = "open-copy"
    summary: ClassVar[str] = "Put on the table what a share link leads to."
    internal: ClassVar[bool] = True  # what it puts there comes from the store, never from outside
    begins: ClassVar[bool] = True
    stops: ClassVar[bool] = True
    packed: str

    def apply(self, table: Table) -> Outcome:
        """Return the table that was shared."""
        return Outcome(unpack(self.packed.encode()) or table)

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return "the copy that was opened"
