"""The runs of a lab that a session holds: its own line, and those that were left by a fork or a new beginning."""

from __future__ import annotations

from array import array
from typing import Any, NamedTuple

from app.playground.timeline import NOWHERE, Timeline


class Run(NamedTuple):
    """A run that was left: where it ended, the lab's part of the table there, and what each of its steps left."""

    end: int
    lab: Any
    records: bytes


class Runs:
    """Where each line of a lab's steps ended, in the order in which they were left."""

    def __init__(self, timeline: Timeline, lab: int) -> None:
        """Follow the lab of this number; nothing is read yet."""
        self._timeline = timeline
        self._lab = lab
        self._last = array("i", [NOWHERE])  # for what can be shown: the last step action on its line
        self._ends: dict[int, None] = {}  # in order

    def others(self, end: int, began: int, most: int) -> list[int]:
        """Return where the ``most`` latest runs ended, but for the one from ``began`` to ``end``; the oldest first."""
        self._read_on()
        line: set[int] = set()
        here, parent = end, self._timeline.parent
        while here != began:
            line.add(here)
            here = parent[here]
        return [one for one in self._ends if one not in line][-most:]

    def _read_on(self) -> None:
        time = self._timeline
        for revision in range(len(self._last), len(time.shown)):
            last = NOWHERE
            if time.shown[revision] == revision:
                before = self._last[time.parent[revision]]
                if time.target[revision] != NOWHERE:  # a place: some first steps of what it lies in
                    last = revision if time.lab[revision] == self._lab else before
                elif time.begins[revision] >> self._lab & 1:
                    last = NOWHERE
                elif time.lab[revision] == self._lab and time.steps[revision]:
                    last = revision
                    self._ends[revision] = None
                    self._ends.pop(before, None)
                else:
                    last = before
            self._last.append(last)
