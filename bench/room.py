"""How much room a session takes after 100 actions, on disk and in memory; and how much it leaves behind."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.views.moment import moment
from app.views.network import panels
from app.web.visitors import Visitor
from bench.actions import mixed
from bench.clicks import STEP, Page
from bench.machine import resident
from bench.server import PRODUCT, serving
from bench.table import Row
from bench.wire import Address, run

SESSIONS = 200
VISITORS = 100  # fewer: Python is slow while its memory is watched
ACTIONS = 100
COME, FIRST = 10_000, 500  # visitors whom a server sees, and before it is looked at
SEEN = 10  # of them: what an earlier answer sent is forgotten by the next


def measure() -> list[Row]:
    """Sessions of everything mixed, each its own mixture, with nonces as browsers send them."""
    with TemporaryDirectory() as data:
        return [_disk(Path(data)), _memory(Path(data)), _growth(Path(data))]


def _disk(data: Path) -> Row:
    """Growth of the database file, with the write-ahead log put back into it."""
    store = SQLiteStore(data)
    file = data / "sessions.sqlite3"

    def size() -> int:
        store._db.execute("pragma wal_checkpoint(truncate)")
        return file.stat().st_size

    empty = size()
    for number in range(SESSIONS):
        mixed(Session(store, f"session-{number:016}"), ACTIONS, number)
    taken = (size() - empty) / SESSIONS / 1000
    store.close()
    return Row(f"{ACTIONS} actions on disk", taken, 15, "kB", f"{SESSIONS} sessions")


def _memory(data: Path) -> Row:
    """Take what Python holds for visitors, each with the panels that its page shows."""
    store = SQLiteStore(data)
    for number in range(VISITORS):  # fill the caches, and have the modules imported, that all share
        _visited(store, number)
    gc.collect()
    tracemalloc.start()
    visitors = [_visited(store, VISITORS + number) for number in range(VISITORS)]
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0] / VISITORS / 1000
    tracemalloc.stop()
    store.close()
    return Row(f"a session of {ACTIONS} actions in memory", taken, 15, "kB", f"{len(visitors)} visitors")


def _growth(data: Path) -> Row:
    """Have a server see so many visitors that it has forgotten most of them again; the first fill what it keeps."""
    with serving(PRODUCT, data / "growth") as product:
        run(_come_and_go(product.address, FIRST))
        before = resident(product.process)
        run(_come_and_go(product.address, COME))
        more = (resident(product.process) - before) / 1e6
    return Row(f"memory that {COME} sessions leave in the server", more, 20, "MB", "two clicks each")


async def _come_and_go(address: Address, visitors: int) -> None:
    for _ in range(visitors):
        page = await Page.at(address)
        for _ in range(2):
            await page.click(*STEP)
        page.close()


def _visited(store: SQLiteStore, number: int) -> Visitor:
    """Return a visitor after its actions, the last of them answered with panels as the pages do."""
    visitor = Visitor(Session(store, f"visitor-{number:016}"))
    mixed(visitor.session, ACTIONS - SEEN, number)
    for length in range(ACTIONS - SEEN + 1, ACTIONS + 1):
        mixed(visitor.session, length, seed=ACTIONS * number + length)
        shown = panels(moment(visitor.session, length))
        visitor.sent("network", length, {panel.name: panel for panel in shown})
    return visitor
