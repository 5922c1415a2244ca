"""What an export is made from."""

from __future__ import annotations

from dataclasses import dataclass

from app.playground.actions import TRAINS, Change
from app.playground.session import Session
from app.playground.state import Table, opening
from app.playground.stepper import START, Stepper
from app.views.moment import Moment, moment


@dataclass(frozen=True, slots=True)
class History:
    """What was done in a lab that trains: the table that its parameters began on, and each change since, in order."""

    start: Table
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """What a session shows, and how the labs that train came there."""

    moment: Moment
    histories: dict[str, History]

    def touched(self, lab: str) -> bool:
        """Return whether a lab has something to tell: it was changed, or walked."""
        state = self.moment.state
        here = getattr(state.view, lab, START)
        walked = isinstance(here, Stepper) and here != START
        return walked or getattr(state.table, lab) != getattr(opening(), lab)


def record(session: Session, revision: int) -> Record:
    """Return the record of a revision that exists."""
    histories = {}
    for lab in TRAINS:
        start, changes = session.history(revision, lab)
        histories[lab] = History(start, tuple(changes))
    return Record(moment(session, revision), histories)
