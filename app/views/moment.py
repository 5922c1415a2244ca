"""A moment: a revision and everything that its panels are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from app.nn.backward import Backward, Passes, passes
from app.nn.network import Forward
from app.playground.actions import PLACE, Action, action_of
from app.playground.losses import Line
from app.playground.session import Deed, Session
from app.playground.state import Playground, Table


@dataclass(frozen=True)
class Moment:
    """What a session shows at a revision, and how it came there; what costs something is worked out when it is asked.

    ``action`` is the last one that was not a look, None at the opening state or after a rewind into the middle of a
    step action (``arrived`` says which); ``before`` is the table that it found.
    """

    revision: int
    arrived: str
    action: Action | None
    state: Playground
    before: Table
    session: Session = field(repr=False)

    @property
    def table(self) -> Table:
        """The table at this revision."""
        return self.state.table

    @cached_property
    def passes(self) -> Passes:
        """The network's passes."""
        return passes(self.table.network.parameters, self.table.digit)

    @property
    def run(self) -> Forward:
        """The network's forward pass."""
        return self.passes.forward

    @property
    def back(self) -> Backward:
        """The network's backward pass."""
        return self.passes.backward

    @cached_property
    def run_before(self) -> Forward:
        """The network's forward pass before the action."""
        return passes(self.before.network.parameters, self.before.digit).forward

    @cached_property
    def lesson(self) -> Passes | None:
        """The network's passes that its last SGD step was taken from; None before there is one."""
        net = self.table.network
        return passes(net.before, net.taught) if net.before and net.taught else None

    def line(self, lab: str) -> Line:
        """Return the losses of a lab's steps on this line, those ahead included."""
        return self.session.line(self.revision, lab)

    def stepped(self, lab: str) -> bool:
        """Return whether this session ever took a step of a lab."""
        return self.session.course(lab).stepped(self.revision)

    @cached_property
    def undo(self) -> str:
        """What undo would take back, in words; "" where there is nothing."""
        return self._undo.words

    def elsewhere(self, lab: str) -> str:
        """Return the lab where undo would take something back, "" where it is this one, or all of them."""
        return self._undo.lab if self._undo.lab != lab else ""

    @cached_property
    def redo(self) -> str:
        """What redo would bring back, in words; "" where there is nothing."""
        return self.session.redone(self.revision).words

    @cached_property
    def _undo(self) -> Deed:
        return self.session.described(self.revision)


def moment(session: Session, revision: int) -> Moment:
    """Return the moment of a revision that exists."""
    state = session.state(revision)
    entry = session.spoken(revision)
    known = entry is not None and entry.action != PLACE
    return Moment(
        revision=revision,
        arrived=entry.action if entry else "",
        action=action_of(entry.action, entry.payload) if entry and known else None,
        state=state,
        before=session.table(entry.revision - 1) if entry else state.table,
        session=session,
    )
