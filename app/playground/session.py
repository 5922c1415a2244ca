"""A session: the log of one visitor, and what it comes to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from typing import Any, NamedTuple

from pydantic import ValidationError

from app.playground.actions import PLACE, REGISTRY, TRAINS, Action, Change, Look, Outcome, action_of
from app.playground.actions.time import Redo, Rewind, Undo
from app.playground.actions.train import Train
from app.playground.bounds import DEFAULT
from app.playground.course import Course
from app.playground.errors import Ended, Full, Missing, NothingThere, OutOfRange, Refusal
from app.playground.losses import Line, Lines, Losses
from app.playground.runs import Run, Runs
from app.playground.state import PARTS, Playground, Playing, Table, View
from app.playground.store import Entry, Store, Trace
from app.playground.tables import Tables
from app.playground.timeline import NOWHERE, Kind, Timeline

MOST_LOSSES = 100_000
REMEMBERED = 4  # entries: what was pressed, what undo and redo would do, what plays
_MOVES = {"undo": Kind.UNDO, "redo": Kind.REDO, "rewind": Kind.REWIND, PLACE: Kind.PLACE}
_NUMBERS = {lab: number for number, lab in enumerate(TRAINS)}


class _Fold(NamedTuple):
    """What the fold knows of an action by its name."""

    kind: Kind
    part: str = ""  # of the view, that it says something of
    ends: str = ""  # another part, that begins anew with it
    lab: int = NOWHERE  # that it takes steps in
    size: int = 1  # of what each step leaves, in bytes
    begins: int = 0  # one bit for each lab whose count of steps it starts afresh


def _fold_of(action: type[Action]) -> _Fold:
    if issubclass(action, Look):
        return _Fold(Kind.LOOK, action.part, action.ends)
    assert issubclass(action, Change)
    labs = [] if not action.begins else [action.lab] if action.lab else [*TRAINS]
    lab, size = (_NUMBERS[action.lab], action.record.itemsize) if issubclass(action, Train) else (NOWHERE, 1)
    begins = sum(1 << _NUMBERS[lab] for lab in labs)
    return _Fold(Kind.CHANGE, "", "playing" if action.stops else "", lab, size, begins)


_FOLDS = {name: _fold_of(action) for name, action in REGISTRY.items() if name not in _MOVES}
_FOLDS |= {name: _Fold(kind, ends="playing") for name, kind in _MOVES.items()}  # a move ends playing

_NOTHING = View()


class Attempt(NamedTuple):
    """An action worked out on top of a head; it counts once it is committed."""

    entry: Entry
    table: Table | None  # the table after it, where it is a change


class Deed(NamedTuple):
    """A change in words, "" where there is none, and the lab that it belongs to, "" for what all labs share."""

    words: str = ""
    lab: str = ""


class Session:
    """The log of one visitor: act on it, and read what any revision showed.

    Every method that reads catches up with the store only where it says so (``read_on``): another process may append
    to the same log at any time, and ``commit`` notices.
    """

    def __init__(self, store: Store, name: str, most: int = DEFAULT.actions) -> None:
        """Open a session by its name, that takes so many actions; nothing is written before the first."""
        self._store = store
        self._most = most
        self._doubtful = False  # an append was refused: its nonce may be known
        self.ended = False  # the store has it no more, so it is to be opened anew
        self.name = name
        self.timeline = Timeline()
        self._tables = Tables(store, name, self.timeline)
        # Made when somebody asks: most sessions train in one lab, or in none.
        self._courses: dict[str, Course] = {}
        self._lines: dict[str, Lines] = {}
        self._runs: dict[str, Runs] = {}
        self._left: list[Run] = []  # those that were asked for last: a run that was left changes no more
        self._last: dict[int, Entry] = {}  # the entries that were asked for last: a page asks for the same again
        self._parts: dict[str, tuple[int, object]] = {}  # parts of the view, and the revision that says so
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
        return Playground(self.table(revision), self.view(revision))

    def table(self, revision: int) -> Table:
        """Return the table at a revision."""
        return self._tables.at(revision)

    def view(self, revision: int) -> View:
        """Return the view at a revision."""
        return View(
            **{part: self._part(part, found) for part in PARTS if (found := self.timeline.looked(part, revision))}
        )

    def course(self, lab: str) -> Course:
        """Return how far a lab that trains has come at each revision."""
        if lab not in self._courses:
            self._courses[lab] = Course(self.timeline, _NUMBERS[lab])
        return self._courses[lab].read_on()

    def line(self, revision: int, lab: str = "network") -> Line:
        """Return the losses along the line of a lab's steps that a revision stands on."""
        return self._lines_of(lab).through(revision)

    def losses(self, revision: int, lab: str = "network") -> Losses:
        """Return the loss before each step of a lab since its parameters were initialised."""
        return self.line(revision, lab).taken

    def left(self, lab: str, end: int, most: int) -> list[Run]:
        """Return the latest runs of a lab that do not lead to ``end``, the oldest first."""
        runs = self._runs.setdefault(lab, Runs(self.timeline, _NUMBERS[lab]))
        ends = runs.others(end, self.course(lab).began[end], most)
        known = {run.end: run for run in self._left if run.end in ends}
        self._left = [
            known.get(one) or Run(one, getattr(self.table(one), lab), self._lines_of(lab).to(one).tobytes())
            for one in ends
        ]
        return self._left

    def history(self, revision: int, lab: str) -> tuple[Table, list[Change]]:
        """Return the table that a lab's parameters began on, and what was changed since on the line to a revision.

        Of other labs only what all labs share; of a step action the steps that were taken.
        """
        course, time = self.course(lab), self.timeline
        began, *line = course.path(time.shown[revision])
        changes = []
        for here in line:
            source = here if time.target[here] == NOWHERE else time.target[here]  # a place: the first steps of that
            entry = self._store.entry(self.name, source)
            change = action_of(entry.action, entry.payload)
            assert isinstance(change, Change)
            if isinstance(change, Train) and change.lab == lab:
                change = change.model_copy(update={"steps": course.taken(here)})
            if change.lab in ("", lab):
                changes.append(change)
        return self.table(began), changes

    def spoken(self, revision: int) -> Entry | None:
        """Return the last entry up to a revision that is not a look; None before the first."""
        found = self.timeline.spoken(revision)
        return self._entry(found) if found else None

    def described(self, revision: int) -> Deed:
        """Return what undo would take back at a revision."""
        time = self.timeline
        shown = time.shown[revision]
        if shown == 0:
            return Deed()
        entry = self._entry(shown)
        if entry.action == PLACE:
            lab = _place(entry.payload)[0]
            steps = self.course(lab).taken(shown)
            return Deed(f"{steps} step{'s' if steps > 1 else ''}, {lab}", lab)
        action = action_of(entry.action, entry.payload)
        assert isinstance(action, Change)
        words = action.describe(self.course(action.lab).steps[shown] if action.lab in TRAINS else 0)
        return Deed(words, action.lab)

    def redone(self, revision: int) -> Deed:
        """Return what redo would bring back at a revision."""
        child = self.timeline.child[self.timeline.shown[revision]]
        return self.described(child) if child > 0 else Deed()

    def _lines_of(self, lab: str) -> Lines:
        if lab not in self._lines:
            self._lines[lab] = Lines(self._losses_of, self.timeline, self.course(lab), TRAINS[lab].record)
        return self._lines[lab]

    def _losses_of(self, revisions: Sequence[int]) -> Mapping[int, bytes]:
        if self._last.keys() >= {*revisions}:
            return {revision: self._last[revision].losses for revision in revisions}
        found = self._store.losses(self.name, revisions)
        if not found.keys() >= {*revisions}:
            raise Ended
        return found

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
        digest = blake2b(nonce.encode(), digest_size=12).digest() if nonce else None
        if not self._doubtful:
            # What is appended need not be sure of the head: the store refuses it if something came between, or if the
            # nonce is known. So most presses ask the store nothing before.
            with suppress(Refusal):
                found = self._on_top(action, digest, worked)
                if isinstance(found, Attempt):
                    return found
        self.read_on()
        self._doubtful = False
        if digest and (known := self._store.find(self.name, digest)) is not None:
            return known
        return self._on_top(action, digest, worked)

    def _on_top(self, action: Action, digest: bytes | None, worked: tuple[Table, Outcome] | None) -> Attempt | int:
        if self.head >= self._most:
            raise Full(
                f"This session has taken {self._most} actions, which is as many as are kept of one. All of it stays to "
                "be looked at, and Share makes a link that opens a copy in another browser, or in a private window."
            )
        if isinstance(action, Change):
            return self._change(action, digest, worked)
        if isinstance(action, Look):
            return self._look(action, digest)
        return self._move(action, digest)

    def commit(self, attempt: Attempt) -> bool:
        """Append what was worked out; False if something came between, and it is to be worked out again."""
        entry = attempt.entry
        try:
            if not self._store.append(self.name, entry):
                self.read_on()
                self._doubtful = True
                return False
        except Ended:
            self.ended = True
            raise
        if entry.revision == self.head + 1:
            self._fold((*entry[:2], entry.target, len(entry.losses), entry.payload, entry.cost))
            self._remember(entry)
        else:
            self.read_on()  # another reader of this session has folded it already
        if attempt.table is not None:
            self._tables.keep(entry.revision, attempt.table)
        return True

    def playing(self) -> Playing | None:
        """Return what plays at the head."""
        return self.view(self.head).playing

    def forget(self) -> None:
        """Drop what can be computed again, so that an idle session costs little memory."""
        self._tables.forget()
        for lines in self._lines.values():
            lines.forget()
        self._last.clear()
        self._left.clear()
        self._parts.clear()

    def _change(self, action: Change, nonce: bytes | None, worked: tuple[Table, Outcome] | None) -> Attempt | int:
        head = self.head
        table = self.table(head)
        if isinstance(action, Train) and getattr(table, action.lab).step + action.steps > MOST_LOSSES:
            raise Full(f"One line holds at most {MOST_LOSSES} steps. Reset, or start over: both can be undone.")
        action.check(table)
        outcome = worked[1] if worked and worked[0] == table else action.apply(table)
        if outcome.table == table and not (action.stops and self.playing()):
            return head
        cost = action.cost(table)
        usual = action.steps if isinstance(action, Train) else 16
        entry = Entry(head + 1, action.name, _payload(action), None, nonce, outcome.losses, cost if cost > usual else 0)
        return Attempt(entry, outcome.table)

    def _look(self, action: Look, nonce: bytes | None) -> Attempt | int:
        head = self.head
        state = self.state(head)
        left = action.look(state)
        if left == getattr(state.view, action.part):
            return head
        payload = PARTS[action.part].dump_json(left).decode()
        return Attempt(Entry(head + 1, action.name, payload, None, nonce), None)

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
                course = self.course(action.lab_)
                target = self._reached(course, action.revision, action.step)
                if course.steps[target] != action.step:
                    return self._inside(course, target, action, entry)
        return head if target == time.shown[head] else Attempt(entry._replace(target=target), None)

    def _reached(self, course: Course, revision: int, step: int) -> int:
        found = course.place(revision, step)
        if found is None:
            most = course.steps[self.timeline.shown[revision]]
            raise OutOfRange(
                f"There is no step {step} on this line: it goes from 0 to {most}.",
                "step",
                {"minimum": 0, "maximum": most},
            )
        return found

    def _inside(self, course: Course, found: int, wanted: Rewind, entry: Entry) -> Attempt | int:
        time, here = self.timeline, self.timeline.shown[self.head]
        whole = found if time.target[found] < 0 else time.target[found]  # found may itself be a place in a step action
        if time.target[here] == whole and course.steps[here] == wanted.step:
            return self.head
        payload = json.dumps({"step": wanted.step, "lab": wanted.lab_})
        return Attempt(entry._replace(action=PLACE, payload=payload, target=whole), None)

    # The fold

    def _fold(self, trace: Trace) -> None:
        _, action, target, left, payload, cost = trace
        kind, part, ends, lab, size, begins = _FOLDS[action]
        if kind is Kind.PLACE:
            name, step = _place(payload)
            self.timeline.add(kind, target, _NUMBERS[name], step, parts=(part, ends))
        else:
            self.timeline.add(kind, target, lab, left // size, begins, (part, ends), cost)

    def _part(self, part: str, revision: int) -> Any:  # noqa: ANN401 - whatever PARTS says of it
        known = self._parts.get(part)
        if known and known[0] == revision:
            return known[1]
        entry = self._entry(revision)
        action = REGISTRY.get(entry.action)
        says = action is not None and issubclass(action, Look) and action.part == part
        value = getattr(_NOTHING, part)  # which it ended
        if says:
            with suppress(ValidationError):  # a look of an earlier version, at what is no more
                value = PARTS[part].validate_json(entry.payload)
        self._parts[part] = revision, value
        return value

    def _entry(self, revision: int) -> Entry:
        if revision not in self._last:
            self._remember(self._store.entry(self.name, revision))
        return self._last[revision]

    def _remember(self, entry: Entry) -> None:
        if len(self._last) == REMEMBERED:
            del self._last[next(iter(self._last))]
        self._last[entry.revision] = entry


def _place(payload: str) -> tuple[str, int]:
    """Return the lab and the step at which a place stands."""
    place = json.loads(payload)
    return place.get("lab", "network"), place["step"]


def _payload(action: Action) -> str:
    return action.model_dump_json(by_alias=True) if type(action).model_fields else ""
