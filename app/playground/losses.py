"""The losses along a line of steps, joined from the entries that hold them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.playground.store import Store
from app.playground.timeline import Timeline

Losses = NDArray[np.float32]
NONE: Losses = np.empty(0, np.float32)


class Line(NamedTuple):
    """The losses along a line of steps, as far as redo leads."""

    losses: Losses  # the loss before each step
    here: int  # how many of the steps were taken at the revision
    end: int  # the revision at the far end of the line
    shown: int  # what the revision shows


class Lines:
    """The lines of one session; the last one asked for is kept, and grows by what is appended to it."""

    def __init__(self, store: Store, session: str, timeline: Timeline) -> None:
        """Hold no line yet."""
        self._store = store
        self._session = session
        self._timeline = timeline
        self._last = Line(NONE, 0, 0, 0)

    def through(self, revision: int) -> Line:
        """Return the line that a revision stands on."""
        time, end = self._timeline, self._timeline.end(revision)
        shown = time.shown[revision]
        self._last = Line(self._along(end), time.steps[shown], end, shown)
        return self._last

    def forget(self) -> None:
        """Drop the line in memory."""
        self._last = Line(NONE, 0, 0, 0)

    def _along(self, end: int) -> Losses:
        time, last = self._timeline, self._last
        if last.end == end:
            return last.losses
        before = time.parent[end]
        if last.shown == before and time.began[before] == time.began[end]:  # one more action on the line at hand
            return np.concatenate((last.losses[: time.steps[before]], self._of([end])))
        return self._of(self._ancestry(end))

    def _ancestry(self, end: int) -> list[int]:
        time, path = self._timeline, [end]
        while path[-1] != time.began[end]:
            path.append(time.parent[path[-1]])
        return path[::-1]

    def _of(self, revisions: list[int]) -> Losses:
        time = self._timeline
        # A place has no losses of its own: it took the first steps of its target.
        source = {here: time.target[here] if time.target[here] >= 0 else here for here in revisions}
        found = self._store.losses(self._session, list(source.values()))
        parts = []
        for here in revisions:
            taken = time.steps[here] - (time.steps[time.parent[here]] if here != time.began[here] else 0)
            if taken:
                parts.append(np.frombuffer(found[source[here]], np.float32)[:taken])
        return np.concatenate(parts) if parts else NONE
