"""Long sessions: what a click costs in them, how soon they open, how soon any place in them is shown."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from starlette.requests import Request

from app.playground.actions.network import Step
from app.playground.actions.time import Rewind
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.settings import Settings
from app.views.moment import moment
from app.web.visitors import Visitors
from bench.actions import lesson, mixed
from bench.clicks import STEP, Page
from bench.machine import apart
from bench.server import PRODUCT, Server, serving
from bench.table import Row
from bench.wire import run

LONG = 10_000
SESSIONS = {10: 20, 200: 20, LONG: 2}  # a length, and so many sessions of it
TURNS = 200
OPENINGS = 9
PLACES = 40
MOST = 1000  # steps of one action


def measure() -> list[Row]:
    """Sessions are made in the store before anything is timed."""
    with TemporaryDirectory() as data:
        return [*_growth(Path(data)), *_openings(Path(data)), _scrubbing(Path(data))]


# What a click costs


def _growth(data: Path) -> list[Row]:
    """One step in a session of each length in turn, over one connection at a time."""
    cookies = _made(data)
    with serving(PRODUCT, data) as product, apart(product.process):
        found = run(_in_turn(product, cookies))
    times = {length: 1000 * median(time for time, _ in each) for length, each in found.items()}
    sizes = {length: median(size for _, size in each) for length, each in found.items()}

    def row(what: str, figures: dict[int, float], short: int, unit: str) -> Row:
        what, now, then = f"{what} a click after {LONG} actions, against after {short}", figures[LONG], figures[short]
        return Row(what, now / then, 1.15, "", f"{now:.3g} to {then:.3g} {unit}")

    kilobytes = {length: size / 1000 for length, size in sizes.items()}
    return [row("time of", times, 10, "ms"), row("time of", times, 200, "ms"), row("bytes of", kilobytes, 200, "kB")]


def _made(data: Path) -> dict[int, list[str]]:
    """Make the sessions, and return their cookies."""
    store = SQLiteStore(data)
    visitors = Visitors(store, Settings(data=data).cookie_secret())
    cookies: dict[int, list[str]] = {}
    for length, count in SESSIONS.items():
        for _ in range(count):
            request = Request({"type": "http", "headers": []})
            lesson(visitors.of(request).session, length)
            cookies.setdefault(length, []).append(f"fivebyfive={request.scope['new_cookie']}")
    store.close()
    return cookies


async def _in_turn(server: Server, cookies: dict[int, list[str]]) -> dict[int, list[tuple[float, int]]]:
    pages = {length: [await Page.at(server.address, cookie) for cookie in each] for length, each in cookies.items()}
    found: dict[int, list[tuple[float, int]]] = {length: [] for length in cookies}
    for turn in range(TURNS):
        for length, each in pages.items():
            start = perf_counter()
            answer = await each[turn % len(each)].click(*STEP)
            found[length].append((perf_counter() - start, answer.size))
    for page in (page for each in pages.values() for page in each):
        page.close()
    return found


# How soon they open


def _openings(data: Path) -> list[Row]:
    """Open the file and the session and make what a page shows, with nothing in memory of our own."""
    store = SQLiteStore(data)
    kinds: dict[str, Callable[[Session, int], None]] = {"steps and pixels": lesson, "everything mixed": mixed}
    for kind, act in kinds.items():
        act(Session(store, kind), LONG)
    store.close()
    rows = []
    for kind in kinds:
        times = [1000 * _opened(data, kind) for _ in range(OPENINGS)]
        what = f"a session of {LONG} actions ({kind}) opens"
        rows.append(Row(what, max(times), 50, "ms", f"slowest of {OPENINGS}; median {median(times):.1f}"))
    return rows


def _opened(data: Path, name: str) -> float:
    start = perf_counter()
    store = SQLiteStore(data)
    session = Session(store, name)
    moment(session, session.head)
    taken = perf_counter() - start
    store.close()
    return taken


def _scrubbing(data: Path) -> Row:
    """Rewind to random places of 100 × 1000 steps, each in a session that is opened for it."""
    store = SQLiteStore(data)
    session = Session(store, "scrubbed")
    for _ in range(100):
        session.act(Step(steps=MOST))
    end, chance, times = session.head, random.Random(0), []
    for _ in range(PLACES):
        place = chance.randrange(end * MOST)
        start = perf_counter()
        opened = Session(store, "scrubbed")
        shown = moment(opened, opened.act(Rewind(revision=end, step=place)))
        times.append(1000 * (perf_counter() - start))
        if shown.table.network.step != place:
            raise RuntimeError(f"Step {place} was asked for, step {shown.table.network.step} is shown.")
    store.close()
    what = "scrubbing to any place of 100 × 1000 steps"
    return Row(what, max(times), 50, "ms", f"slowest of {PLACES}; median {median(times):.1f}")
