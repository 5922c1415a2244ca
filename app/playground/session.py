"""A session: the log of one visitor, and what it comes to."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import NamedTuple

from app.playground.actions import PLACE, REGISTRY, Action, Change, Look, Outcome, action_of
from app.playground.actions.time import Redo, Rewind, Undo
from app.playground.errors import Full, Missing, NothingThere, OutOfRange
from app.playground.losses import Line, Lines, Losses
from app.playground.state import Playground, Playing, Table, View
from app.playground.store import Entry, Store, Trace
from app.playground.tables import Tables
from app.playground.timeline import Kind, Timeline

MOST_LOSSES = 100_000
_MOVES = {"undo": Kind.UNDO, "redo": Kind.REDO, "rewind": Kind.REWIND, PLACE: Kind.PLACE}
_KINDS = {name: (kind, False, True) for name, kind in _MOVES.items()} | {
    name: (Kind.CHANGE, action.begins, action.stops) if issubclass(action, Change) else (Kind.LOOK, False, False)
    for name, action in REGISTRY.items()
    if name not in _MOVES
}


class Attempt(NamedTuple):
    """An action worked out on top of a head; it counts once it is committed."""

    entry: Entry
    table: Table | None  # the table after it, where it is a change


class Session:
    """The log of one visitor: act on it, and read what any revision showed.

    Every method that reads catches up with the store only where it says so (``read_on``): another process may append
    to the same log at any time, and ``commit`` notices.
    """

    def __init__(self, store: Store, name: str) -> None:
        """Open a session by its name; nothing is written before the first action."""
        self._store = store
        self.name = name
        self.timeline = Timeline()
        self._tables = Tables(store, name, self.timeline)
        self._lines = Lines(store, name, self.timeline)
        self.read_on()

    @property
    def head(self) -> int:
        """The last revision known."""
        return self.timeline.head

    def read_on(self) -> int:
        """Catch up with the store and return the head."""
        for trace in self._store.read(self.name, self.head):
            self._fold(trace)
        return self.head

    # What a revision shows

    def check(self, revision: int | None) -> int:
        """Return the revision to look at, by default the head; refuse one that does not exist yet."""
        if revision is None:
            return self.head
        if revision > self.head:
            raise Missing(*self._ends_at(revision))
        return revision

    def _ends_at(self, revision: int) -> tuple[str, str, dict[str, int]]:
        sentence = f"There is no revision {revision}: the last one is {self.head}."
        return sentence, "revision", {"minimum": 0, "maximum": self.head}

    def state(self, revision: int) -> Playground:
        """Return the whole state at a revision."""
        return Playground(self.table(revision), View(self._playing(revision)))

    def table(self, revision: int) -> Table:
        """Return the table at a revision."""
        return self._tables.at(revision)

    def line(self, revision: int) -> Line:
        """Return the losses along the line of steps that a revision stands on."""
        return self._lines.through(revision)

    def losses(self, revision: int) -> Losses:
        """Return the loss before each SGD step since the weights were initialised."""
        line = self.line(revision)
        return line.losses[: line.here]

    def spoken(self, revision: int) -> Entry | None:
        """Return the last entry up to a revision that is not a look; None before the first."""
        found = self.timeline.spoken(revision)
        return self._store.entry(self.name, found) if found else None

    def described(self, revision: int) -> str:
        """Return what undo would take back at a revision, in words; "" where there is nothing."""
        time = self.timeline
        shown = time.shown[revision]
        if shown == 0:
            return ""
        entry = self._store.entry(self.name, shown)
        if entry.action != PLACE:
            action = action_of(entry.action, entry.payload)
            assert isinstance(action, Change)
            return action.describe(time.steps[shown])
        steps = time.steps[shown] - time.steps[time.parent[shown]]
        return f"{steps} step{'s' if steps > 1 else ''}, network"

    def redone(self, revision: int) -> str:
        """Return what redo would bring back at a revision, in words; "" where there is nothing."""
        child = self.timeline.child[self.timeline.shown[revision]]
        return self.described(child) if child > 0 else ""

    # Acting

    def act(self, action: Action, nonce: str | None = None) -> int:
        """Apply an action at the head of the log and return its revision.

        The head itself where it changes nothing; the revision that it got then where the nonce is known.
        """
        while True:
            attempt = self.attempt(action, nonce)
            if isinstance(attempt, int):
                return attempt
            if self.commit(attempt):
                return attempt.entry.revision

    def attempt(
        self, action: Action, nonce: str | None = None, worked: tuple[Table, Outcome] | None = None
    ) -> Attempt | int:
        """Work an action out at the head; return the revision alone where there is nothing to append.

        ``worked``: what a change comes to on a table, if somebody worked it out already (in a thread, say). Raises a
        ``Refusal`` where the action makes no sense here.
        """
        self.read_on()
        digest = blake2b(nonce.encode(), digest_size=12).digest() if nonce else None
        if digest and (known := self._store.find(self.name, digest)) is not None:
            return known
        if isinstance(action, Change):
            return self._change(action, digest, worked)
        if isinstance(action, Look):
            return self._look(action, digest)
        return self._move(action, digest)

    def commit(self, attempt: Attempt) -> bool:
        """Append what was worked out; False if something came between, and it is to be worked out again."""
        entry = attempt.entry
        if not self._store.append(self.name, entry):
            return False
        self.read_on()
        if attempt.table is not None:
            self._tables.keep(entry.revision, attempt.table)
        return True

    def playing(self) -> Playing | None:
        """Return what plays at the head."""
        return self._playing(self.head)

    def forget(self) -> None:
        """Drop what can be computed again, so that an idle session costs little memory."""
        self._tables.forget()
        self._lines.forget()

    def _change(self, action: Change, nonce: bytes | None, worked: tuple[Table, Outcome] | None) -> Attempt | int:
        head = self.head
        table = self.table(head)
        taken = getattr(action, "steps", 0)
        if table.network.step + taken > MOST_LOSSES:
            raise Full(f"One line holds at most {MOST_LOSSES} steps. Reset, or start over: both can be undone.")
        outcome = worked[1] if worked and worked[0] == table else action.apply(table)
        if outcome.table == table and not (action.stops and self._playing(head)):
            return head
        entry = Entry(head + 1, action.name, _payload(action), None, nonce, outcome.losses)
        return Attempt(entry, outcome.table)

    def _look(self, action: Look, nonce: bytes | None) -> Attempt | int:
        head = self.head
        if action.playing() == self._playing(head):
            return head
        return Attempt(Entry(head + 1, action.name, _payload(action), None, nonce), None)

    def _move(self, action: Action, nonce: bytes | None) -> Attempt | int:
        time, head = self.timeline, self.head
        entry = Entry(head + 1, action.name, _payload(action), None, nonce)
        if isinstance(action, Undo):
            target = time.undo_target()
            if target is None:
                raise NothingThere("There is nothing to undo: this is the opening state.")
        elif isinstance(action, Redo):
            target = time.redo_target()
            if target is None:
                raise NothingThere("There is nothing to redo: nothing was undone here.")
        else:
            assert isinstance(action, Rewind)
            if action.revision > head:
                raise OutOfRange(*self._ends_at(action.revision))
            target = time.shown[action.revision]
            if action.step is not None:
                target = self._reached(action.revision, action.step)
                if time.steps[target] != action.step:
                    return self._inside(target, action.step, entry)
        return head if target == time.shown[head] else Attempt(entry._replace(target=target), None)

    def _reached(self, revision: int, step: int) -> int:
        time = self.timeline
        found = time.place(revision, step)
        if found is None:
            most = time.steps[time.shown[revision]]
            raise OutOfRange(
                f"There is no step {step} on this line: it goes from 0 to {most}.",
                "step",
                {"minimum": 0, "maximum": most},
            )
        return found

    def _inside(self, found: int, step: int, entry: Entry) -> Attempt | int:
        time, here = self.timeline, self.timeline.shown[self.head]
        whole = found if time.target[found] < 0 else time.target[found]  # found may itself be a place in a step action
        if time.target[here] == whole and time.steps[here] == step:
            return self.head
        payload = json.dumps({"step": step})
        return Attempt(entry._replace(action=PLACE, payload=payload, target=whole), None)

    # The fold

    def _fold(self, trace: Trace) -> None:
        _, action, target, steps, payload = trace
        kind, begins, stops = _KINDS[action]
        if kind is Kind.CHANGE:
            self.timeline.add(kind, None, steps, steps or 16, begins, stops)
        elif kind is Kind.PLACE:
            assert target is not None
            step = json.loads(payload)["step"]
            cost = step - self.timeline.steps[self.timeline.parent[target]]
            self.timeline.add(kind, target, step, cost)
        else:
            self.timeline.add(kind, target, 0)

    def _playing(self, revision: int) -> Playing | None:
        found = self.timeline.last_played(revision)
        if not found:
            return None
        entry = self._store.entry(self.name, found)
        if entry.action == PLACE:
            return None
        played = action_of(entry.action, entry.payload)
        return played.playing() if isinstance(played, Look) else None  # a move or a new beginning ended it


def _payload(action: Action) -> str:
    return action.model_dump_json(by_alias=True) if type(action).model_fields else ""
