"""A moment: a revision and everything that its panels are made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.nn.backward import Backward, backward
from app.nn.network import Forward, forward
from app.playground.actions import PLACE, Action, action_of
from app.playground.losses import Line
from app.playground.session import Session
from app.playground.state import Playground, Table


@dataclass(frozen=True)
class Moment:
    """What a session shows at a revision, and how it came there.

    ``action`` is the last one that was not a look, None at the opening state or after a rewind into the middle of a
    step action (``arrived`` says which); ``before`` is the table that it found. ``undo`` and ``redo`` say in words
    what they would do, "" where there is nothing.
    """

    revision: int
    arrived: str
    action: Action | None
    state: Playground
    before: Table
    run: Forward
    back: Backward
    line: Line
    stepped: bool  # whether this session ever took a step
    undo: str
    redo: str

    @property
    def table(self) -> Table:
        """The table at this revision."""
        return self.state.table

    @cached_property
    def run_before(self) -> Forward:
        """The forward pass before the action."""
        return forward(self.before.network.parameters, self.before.digit)


def moment(session: Session, revision: int) -> Moment:
    """Return the moment of a revision that exists."""
    state = session.state(revision)
    entry = session.spoken(revision)
    known = entry is not None and entry.action != PLACE
    run = forward(state.table.network.parameters, state.table.digit)
    return Moment(
        revision=revision,
        arrived=entry.action if entry else "",
        action=action_of(entry.action, entry.payload) if entry and known else None,
        state=state,
        before=session.table(entry.revision - 1) if entry else state.table,
        run=run,
        back=backward(state.table.network.parameters, run),
        line=session.line(revision),
        stepped=session.timeline.stepped(revision),
        undo=session.described(revision),
        redo=session.redone(revision),
    )
