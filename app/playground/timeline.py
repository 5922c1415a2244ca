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
    can be shown: ``parent``, where undo leads; ``child``, where redo leads; ``steps``, the SGD steps since the weights
    were initialised; ``began``, the revision that initialised them; ``cost``, the work to replay from 0
    (an SGD step 1, anything else 16).
    """

    def __init__(self) -> None:
        """Start with the opening state alone."""
        self.shown = array("i", [0])
        self.parent = array("i", [NOWHERE])
        self.child = array("i", [NOWHERE])
        self.steps = array("i", [0])
        self.began = array("i", [0])
        self.cost = array("i", [0])
        self.target = array("i", [NOWHERE])
        self.looks: dict[str, array[int]] = defaultdict(lambda: array("i"))  # revisions that say what a part is
        self.spoke = array("i")  # revisions that are not looks
        self._first_step = 0  # the revision that took the first SGD step, 0 before there is one
        self._end = 0  # of the line of steps through what the head shows; see end()

    @property
    def head(self) -> int:
        """The last revision."""
        return len(self.shown) - 1

    def add(
        self,
        kind: Kind,
        target: int | None,
        steps: int,
        cost: int = 0,
        begins: bool = False,
        part: str = "",
    ) -> None:
        """Append one entry.

        ``steps``: of a change, how many SGD steps it took; of a place, the SGD step that it stands at. ``begins``: the
        change starts the count of steps afresh. ``part``: the part of the view that it says something of.
        """
        last, revision = self.shown[-1], len(self.shown)
        goal = NOWHERE if target is None else target
        self.target.append(goal)
        self.child.append(NOWHERE)
        if kind is Kind.CHANGE:
            self.shown.append(revision)
            self.parent.append(last)
            self.child[last] = revision
            self.steps.append(steps if begins else self.steps[last] + steps)
            self.began.append(revision if begins else self.began[last])
            self.cost.append(self.cost[last] + cost)
        elif kind is Kind.PLACE:
            origin = self.parent[goal]
            self.shown.append(revision)
            self.parent.append(origin)
            self.child[revision] = goal
            self.steps.append(steps)
            self.began.append(self.began[origin])
            self.cost.append(self.cost[origin] + cost)
        else:
            self.shown.append(last if kind is Kind.LOOK else goal)
            if kind is Kind.UNDO:
                self.child[goal] = last
            self.parent.append(NOWHERE)
            self.steps.append(0)
            self.began.append(0)
            self.cost.append(0)
        if steps and not self._first_step:
            self._first_step = revision
        if kind is not Kind.LOOK:
            self.spoke.append(revision)
        if part:
            self.looks[part].append(revision)
        self._follow(kind)

    def undo_target(self) -> int | None:
        """Return where undo leads from the head, None at the opening state."""
        target = self.parent[self.shown[-1]]
        return None if target == NOWHERE else target

    def redo_target(self) -> int | None:
        """Return where redo leads from the head, None where nothing was undone."""
        target = self.child[self.shown[-1]]
        return None if target == NOWHERE else target

    def place(self, revision: int, step: int) -> int | None:
        """Return the change or place where the step count first was ``step``, on the line that ends in ``revision``.

        The line is that of parents, back to where the weights were initialised. None where it has no such step. The
        answer may have more steps than asked for: then the place lies inside of it.
        """
        here = self.shown[revision]
        if not 0 <= step <= self.steps[here]:
            return None
        start = self.began[here]
        while here != start and self.steps[self.parent[here]] >= step:
            here = self.parent[here]
        return here

    def end(self, revision: int) -> int:
        """Return the last revision that redo can reach from what ``revision`` shows, before weights begin anew."""
        if revision == self.head:
            return self._end
        return self._walk(self.shown[revision])

    def stepped(self, revision: int) -> bool:
        """Return whether an SGD step was ever taken up to a revision."""
        return 0 < self._first_step <= revision

    def _walk(self, here: int) -> int:
        while (after := self.child[here]) != NOWHERE and self.began[after] == self.began[here]:
            here = after
        return here

    def _follow(self, kind: Kind) -> None:
        # Undo and redo stay on the line that they walk: its end is known, unless the weights begin anew between.
        here = self.shown[-1]
        if kind is Kind.CHANGE:
            self._end = here
        elif kind in (Kind.PLACE, Kind.REWIND) or self.began[here] != self.began[self._end]:
            self._end = self._walk(here)

    def spoken(self, revision: int) -> int:
        """Return the last entry up to ``revision`` that is not a look, 0 if there is none."""
        return self._last(self.spoke, revision)

    def looked(self, part: str, revision: int) -> int:
        """Return the last entry up to ``revision`` that says what a part of the view is, 0 if there is none."""
        return self._last(self.looks[part], revision) if part in self.looks else 0

    @staticmethod
    def _last(revisions: array[int], revision: int) -> int:
        found = bisect_right(revisions, revision)
        return revisions[found - 1] if found else 0
