"""The steps of one lab that trains, along a timeline."""

from __future__ import annotations

from array import array

from app.playground.timeline import NOWHERE, Timeline


class Course:
    """How far one lab has come at each revision that can be shown.

    ``steps``: taken since its parameters were initialised; ``began``: the revision that initialised them. Whoever reads
    them catches up with the timeline first: a lab that nobody looks at costs nothing.
    """

    def __init__(self, timeline: Timeline, lab: int) -> None:
        """Follow the lab of this number; nothing is read yet."""
        self._timeline = timeline
        self._lab = lab
        self.steps = array("i", [0])
        self.began = array("i", [0])
        self._first_step = 0  # the revision that took the first step, 0 before there is one
        self._end = 0  # of the line of steps through what the head shows; see end()

    def read_on(self) -> Course:
        """Catch up with the timeline and return the course."""
        time, ours = self._timeline, self._lab
        known, head = len(self.steps) - 1, time.head
        if known == head:
            return self
        columns = (time.shown, time.parent, time.target, time.lab, time.steps, time.begins)
        news = zip(*(column[known + 1 :] for column in columns), strict=True)
        for revision, (shown, origin, target, lab, taken, begins) in enumerate(news, known + 1):
            if shown != revision:  # a look or a move
                steps = began = 0
            elif begins >> ours & 1:
                steps, began = 0, revision
            else:
                steps, began = self.steps[origin], self.began[origin]
                if lab == ours:
                    steps = steps + taken if target == NOWHERE else taken  # a place stands at a step
                    self._first_step = self._first_step or revision
            self.steps.append(steps)
            self.began.append(began)
        self._follow(close=head - known == 1)
        return self

    def place(self, revision: int, step: int) -> int | None:
        """Return the change or place where the step count first was ``step``, on the line that ends in ``revision``.

        The line is that of parents, back to where the parameters were initialised. None where it has no such step. The
        answer may have more steps than asked for: then the place lies inside of it.
        """
        here = self._timeline.shown[revision]
        if not 0 <= step <= self.steps[here]:
            return None
        start, parent = self.began[here], self._timeline.parent
        while here != start and self.steps[parent[here]] >= step:
            here = parent[here]
        return here

    def end(self, revision: int) -> int:
        """Return the last revision that redo can reach from what ``revision`` shows, before a new beginning."""
        if revision == self._timeline.head:
            return self._end
        return self._walk(self._timeline.shown[revision])

    def path(self, end: int) -> list[int]:
        """Return the line of parents that ends in ``end``, from where the parameters were initialised."""
        path, parent = [end], self._timeline.parent
        while path[-1] != self.began[end]:
            path.append(parent[path[-1]])
        return path[::-1]

    def taken(self, revision: int) -> int:
        """Return how many steps led from the parent of what can be shown to it."""
        time = self._timeline
        return self.steps[revision] - self.steps[time.parent[revision]] if time.lab[revision] == self._lab else 0

    def stepped(self, revision: int) -> bool:
        """Return whether a step was ever taken up to a revision."""
        return 0 < self._first_step <= revision

    def _walk(self, here: int) -> int:
        child = self._timeline.child
        while (after := child[here]) != NOWHERE and self.began[after] == self.began[here]:
            here = after
        return here

    def _follow(self, close: bool) -> None:
        # One step along a line, forth or back, leaves its end where it is; so does a look.
        time = self._timeline
        here, before = time.shown[-1], time.shown[-2]
        beside = here == before or time.child[here] == before or time.child[before] == here
        if time.child[here] == NOWHERE:
            self._end = here
        elif not (close and beside and self.began[here] == self.began[self._end]):
            self._end = self._walk(here)
