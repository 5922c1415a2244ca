"""The table at any revision: from the nearest one at hand, and the actions since applied again."""

from __future__ import annotations

from collections import OrderedDict

from app.playground.actions import PLACE, Change, action_of
from app.playground.actions.train import Train
from app.playground.state import Table, opening, pack, unpack
from app.playground.store import Entry, Store
from app.playground.timeline import Timeline

SNAPSHOT_COST = 64 * 16  # a snapshot for each 64 simple actions, or 1024 SGD steps
DEAR = SNAPSHOT_COST // 2  # an action that costs so much has a snapshot of its own
KEPT = 2


class Tables:
    """The tables of one session: a few in memory, snapshots in the store, all others made again when asked for."""

    def __init__(self, store: Store, session: str, timeline: Timeline) -> None:
        """Hold no table yet."""
        self._store = store
        self._session = session
        self._timeline = timeline
        self._kept: OrderedDict[int, Table] = OrderedDict()

    def at(self, revision: int) -> Table:
        """Return the table at a revision."""
        time = self._timeline
        here, path = time.shown[revision], []
        while (table := self._at_hand(here)) is None:
            path.append(here)
            here = time.parent[here]
        for here in reversed(path):
            table = self._applied(here, table)
            self.keep(here, table)
        return table

    def keep(self, revision: int, table: Table) -> None:
        """Keep a table that was made, and a snapshot of it where one is due."""
        self._kept[revision] = table
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        if self._has_snapshot(revision):
            self._store.keep_snapshot(self._session, revision, pack(table))

    def forget(self) -> None:
        """Drop the tables in memory."""
        self._kept.clear()

    def _at_hand(self, revision: int) -> Table | None:
        if revision == 0:
            return opening()
        if revision in self._kept:
            self._kept.move_to_end(revision)
            return self._kept[revision]
        if self._has_snapshot(revision) and (packed := self._store.snapshot(self._session, revision)):
            return unpack(packed)
        return None

    def _has_snapshot(self, revision: int) -> bool:
        cost, before = self._timeline.cost[revision], self._timeline.cost[self._timeline.parent[revision]]
        return cost - before >= DEAR or cost // SNAPSHOT_COST > before // SNAPSHOT_COST

    def _applied(self, revision: int, table: Table) -> Table:
        return self._change(self._store.entry(self._session, revision), table).apply(table).table

    def _change(self, entry: Entry, table: Table) -> Change:
        if entry.action != PLACE:
            action = action_of(entry.action, entry.payload)
            assert isinstance(action, Change)
            return action
        assert entry.target is not None
        whole = self._change(self._store.entry(self._session, entry.target), table)
        assert isinstance(whole, Train)
        taken = self._timeline.steps[entry.revision] - getattr(table, whole.lab).step  # the first steps of the whole
        return whole.model_copy(update={"steps": taken})
