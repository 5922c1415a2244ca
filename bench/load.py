"""How many clicks a server answers: at saturation, against an empty route, and what a click costs it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from bench.clicks import STEP, Page
from bench.machine import apart, cpu
from bench.server import BARE, PRODUCT, Server, serving
from bench.table import Row
from bench.wire import Answer, Connection, run

CONNECTIONS = 8
ROUNDS = 8
SECONDS = 1.5
EMPTY = b"GET /empty HTTP/1.1\r\nhost: localhost\r\n\r\n"

Ask = Callable[[], Awaitable[Answer]]


class Round(NamedTuple):
    """What one round gave."""

    rate: float  # requests a second
    cost: float  # milliseconds of the server's CPU a request


def measure() -> list[Row]:
    """Step and empty route in turn, medians of the rounds; every click is posted whole, and checked."""
    with (
        TemporaryDirectory() as data,
        serving(PRODUCT, Path(data)) as product,
        serving(BARE, Path(data)) as bare,
        apart(product.process, bare.process),
    ):
        rounds = [(run(_clicks(product)), run(_nothing(bare))) for _ in range(ROUNDS)]
    ratio = median(empty.rate / step.rate for step, empty in rounds)
    times = median(step.cost / empty.cost for step, empty in rounds)
    step, empty = (median(one.rate for one in column) for column in zip(*rounds, strict=True))
    costs = [step.cost for step, _ in rounds]
    more = f"{empty:.0f} to {step:.0f} a second; by CPU time {times:.3g}"
    return [
        Row("empty requests in the time of one step, 8 connections", ratio, 15, "", more),
        Row("server CPU a click", median(costs), 1.0, "ms", f"{min(costs):.2f} to {max(costs):.2f}"),
    ]


async def _clicks(server: Server) -> Round:
    pages = [await Page.at(server.address) for _ in range(CONNECTIONS)]  # each a session of its own
    for page in pages:  # and weights of its own: else what one has worked out would serve all
        await page.click("initialise", f"seed={secrets.randbits(32)}")
    found = await _saturated(server, [partial(page.click, *STEP) for page in pages])
    for page in pages:
        page.close()
    return found


async def _nothing(server: Server) -> Round:
    connections = [await Connection.to(server.address) for _ in range(CONNECTIONS)]
    found = await _saturated(server, [partial(one.ask, EMPTY) for one in connections])
    for connection in connections:
        connection.close()
    return found


async def _saturated(server: Server, asks: list[Ask]) -> Round:
    async def again_and_again(ask: Ask, until: float) -> int:
        count = 0
        while perf_counter() < until:
            await ask()
            count += 1
        return count

    start, used = perf_counter(), cpu(server.process)
    count = sum(await asyncio.gather(*(again_and_again(ask, start + SECONDS) for ask in asks)))
    taken, used = perf_counter() - start, cpu(server.process) - used
    return Round(count / taken, 1000 * used / count)
