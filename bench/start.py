"""The start: how soon a new process shows a page, and how slow pages get while it loads torch behind them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.server import PRODUCT, Server, serving
from bench.table import Row
from bench.wire import Connection, run

STARTS = 5
LOADS = 3
POLL = 0.05  # seconds between two questions to the referee


def measure() -> list[Row]:
    """Every start is a new process with an empty data folder; the files are in the system's cache."""
    starts = [_start() for _ in range(STARTS)]
    loads = [_load() for _ in range(LOADS)]
    slowest = [1000 * max(times) for times in loads]
    taken = median(sum(times) for times in loads)
    more = f"slowest {max(slowest):.0f}; median page {1000 * median(loads[-1]):.1f}, for {taken:.1f} s"
    return [
        Row("first page after the process is started", median(starts), 0.7, "s", f"slowest {max(starts):.2f}"),
        Row("slowest page while torch loads behind it", median(slowest), 100, "ms", more),
    ]


def _start() -> float:
    with TemporaryDirectory() as data, serving(PRODUCT, Path(data)) as server:
        return run(_first(server))


async def _first(server: Server) -> float:
    connection = await Connection.to(server.address)
    answer = await connection.get("/")
    taken = perf_counter() - server.spawned
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"GET / was answered with {answer.status}.")
    return taken


def _load() -> list[float]:
    with TemporaryDirectory() as data, serving(PRODUCT, Path(data)) as server:
        return run(_while_loading(server))


async def _while_loading(server: Server) -> list[float]:
    """Return how long each page took, one after the other, until the referee spoke."""
    pages, referee = await Connection.to(server.address), await Connection.to(server.address)
    cookie = (await pages.get("/")).header("set-cookie").partition(";")[0]

    async def judged() -> None:
        while 'data-state="waiting"' in (await referee.get("/network/referee", cookie)).text:
            await asyncio.sleep(POLL)

    loading = asyncio.create_task(judged())
    times = []
    while not loading.done():
        start = perf_counter()
        await pages.get("/", cookie)
        times.append(perf_counter() - start)
    await loading
    pages.close()
    referee.close()
    return times
