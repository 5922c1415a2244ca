"""The fold over a log: what each revision shows, and where undo and redo lead from there.

It needs no state, only the kind of each entry, and takes O(1) an entry.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from enum import Enum

NOWHERE = -1


class Kind(Enum):
    """What an entry is to the fold."""

    CHANGE = "change"
    LOOK = "look"
    UNDO = "undo"
    REDO = "redo"
    REWIND = "rewind"
    PLACE = "place"  # a rewind into the middle of a step action


class Timeline:
    """Revisions 0 … head of one session; revision 0 is the opening state.

    For each revision n: ``shown[n]`` is the revision whose table it shows (a change, a place or 0). For those that
    can be shown: ``parent``, where undo leads; ``child``, where redo leads; ``cost``, the work to replay from 0 (a
    step 1, anything else 16, unless the entry says more). What a ``Course`` counts: ``lab``, by number, whose ``steps``
    it took, or for a place stands at; ``begins``, one bit for each lab whose count it starts afresh.
    """

    def __init__(self) -> None:
        """Start with the opening state alone."""
        self.shown = array("i", [0])
        self.parent = array("i", [NOWHERE])
        self.child = array("i", [NOWHERE])
        self.cost = array("i", [0])
        self.target = array("i", [NOWHERE])
        self.lab = array("b", [NOWHERE])
        self.steps = array("i", [0])
        self.begins = array("b", [0])
        self.looks: dict[str, array[int]] = defaultdict(lambda: array("i"))  # revisions that say what a part is
        self.spoke = array("i")  # revisions that are not looks

    @property
    def head(self) -> int:
        """The last revision."""
        return len(self.shown) - 1

    def add(
        self,
        kind: Kind,
        target: int | None = None,
        lab: int = NOWHERE,
        steps: int = 0,
        begins: int = 0,
        parts: tuple[str, ...] = (),
        cost: int = 0,
    ) -> None:
        """Append one entry.

        ``lab`` took ``steps`` in a change; a place stands at its step ``steps``. ``parts``: those of the view that it
        says something of. ``cost``: of a change, where it is not what its kind costs.
        """
        last, revision = self.shown[-1], len(self.shown)
        goal = NOWHERE if target is None else target
        self.target.append(goal)
        self.child.append(NOWHERE)
        self.lab.append(lab)
        self.steps.append(steps)
        self.begins.append(begins)
        if kind is Kind.CHANGE:
            self.shown.append(revision)
            self.parent.append(last)
            self.child[last] = revision
            self.cost.append(self.cost[last] + (cost or steps or 16))
        elif kind is Kind.PLACE:
            self.shown.append(revision)
            self.parent.append(self.parent[goal])
            self.child[revision] = goal
            self.cost.append(self.cost[goal])  # at most
        else:
            self.shown.append(last if kind is Kind.LOOK else goal)
            if kind is Kind.UNDO:
                self.child[goal] = last
            self.parent.append(NOWHERE)
            self.cost.append(0)
        if kind is not Kind.LOOK:
            self.spoke.append(revision)
        for part in parts:
            if part:
                self.looks[part].append(revision)

    def undo_target(self) -> int | None:
        """Return where undo leads from the head, None at the opening state."""
        target = self.parent[self.shown[-1]]
        return None if target == NOWHERE else target

    def redo_target(self) -> int | None:
        """Return where redo leads from the head, None where nothing was undone."""
        target = self.child[self.shown[-1]]
        return None if target == NOWHERE else target

    def spoken(self, revision: int) -> int:
        """Return the last entry up to ``revision`` that is not a look, 0 if there is none."""
        return _last(self.spoke, revision)

    def looked(self, part: str, revision: int) -> int:
        """Return the last entry up to ``revision`` that says what a part of the view is, 0 if there is none."""
        return _last(self.looks[part], revision) if part in self.looks else 0


def _last(revisions: array[int], revision: int) -> int:
    found = bisect_right(revisions, revision)
    return revisions[found - 1] if found else 0
