"""The losses along a line of steps, joined from the entries that hold them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.playground.course import Course
from app.playground.timeline import NOWHERE, Timeline

Losses = NDArray[Any]
"""What each step left in the log, in the lab's ``record``: the loss before it, first of all."""

Read = Callable[[Sequence[int]], Mapping[int, bytes]]


class Line(NamedTuple):
    """The losses along a line of steps, as far as redo leads."""

    losses: Losses  # the loss before each step
    here: int  # how many of the steps were taken at the revision
    end: int  # the revision at the far end of the line
    shown: int  # what the revision shows

    @property
    def taken(self) -> Losses:
        """The losses of the steps that were taken."""
        return self.losses[: self.here]


class Lines:
    """The lines of one lab; the last one asked for is kept, and grows by what is appended to it."""

    def __init__(self, read: Read, timeline: Timeline, course: Course, record: np.dtype[Any]) -> None:
        """Hold no line yet; ``read`` returns the losses of entries."""
        self._read = read
        self._timeline = timeline
        self._course = course
        self._record = record
        self._none = np.frombuffer(b"", record)
        self.forget()

    def through(self, revision: int) -> Line:
        """Return the line that a revision stands on."""
        course = self._course.read_on()
        end, shown = course.end(revision), self._timeline.shown[revision]
        self._last = Line(self._along(end), course.steps[shown], end, shown)
        return self._last

    def to(self, end: int) -> Losses:
        """Return the losses of the steps that led to a change, since the parameters were initialised."""
        return self._of(self._course.read_on().path(end))

    def forget(self) -> None:
        """Drop the line in memory."""
        self._last = Line(self._none, 0, 0, 0)

    def _along(self, end: int) -> Losses:
        course, last = self._course, self._last
        if last.end == end:
            return last.losses
        before = self._timeline.parent[end]
        if last.shown == before and course.began[before] == course.began[end]:  # one more action on the line at hand
            return np.concatenate((last.losses[: course.steps[before]], self._of([end])))
        return self._of(course.path(end))

    def _of(self, revisions: list[int]) -> Losses:
        target = self._timeline.target
        # A place has no losses of its own: it took the first steps of its target.
        parts = [
            (here if target[here] == NOWHERE else target[here], taken)
            for here in revisions
            if (taken := self._course.taken(here))
        ]
        found = self._read([source for source, _ in parts])
        size = self._record.itemsize
        return np.frombuffer(b"".join([found[source][: taken * size] for source, taken in parts]), self._record)
