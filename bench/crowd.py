"""The load under which the playground holds: a crowd of visitors, each of whom clicks when it pleases them."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from app.playground.state import opening
from bench.actions import MIX
from bench.clicks import STEP, Page
from bench.machine import apart
from bench.server import PRODUCT, serving
from bench.table import Row
from bench.wire import Address, run
from tools.redis import RedisServer

MOST = 100  # milliseconds: the 95th percentile of a crowd that is still served well
WARM = 3.0  # seconds of clicks before those that count
SECONDS = 10.0
PATIENCE = 5.0  # after that: what could not be clicked until then counts with the time that it is late
FEW, MORE, NEAR = 50, 150, 50  # visitors: the first step of the search, how far the next one is, how close it gets
BRIEF = 5.0  # seconds of a step of the search
KINDS = ("step", "ten", "stroke", "label")


class Point(NamedTuple):
    """What a crowd had to wait, in milliseconds."""

    visitors: int
    median: float
    slow: float  # 95th percentile
    slowest: float

    @property
    def more(self) -> str:
        """What a row says beside the 95th percentile."""
        return f"median {self.median:.1f}, slowest {self.slowest:.0f}"


GROWTH: dict[int, Point] = {}
"""What one worker was measured with, by the number of visitors: the picture is drawn from this."""


def measure() -> list[Row]:
    """Two crowds that have a target; then ever larger ones, up to the first that has to wait too long."""
    many, room = _crowd((), 500, 1, SECONDS), _crowd((), 35, 2, SECONDS)
    GROWTH[many.visitors] = many
    one = _limit((), GROWTH, 0)
    both: dict[int, Point] = {}
    two = _limit(("--workers", "2"), both, one)  # what one worker holds is where two begin
    return [
        *_targets(many, room, ""),
        _row("one worker", GROWTH, one),
        _row("two workers, the load on their two cores", both, two),
        *_over_redis(),
    ]


def _over_redis() -> list[Row]:
    """Measure the same crowds with their sessions in a Redis, which writes each action down."""
    with TemporaryDirectory() as folder:
        redis = RedisServer(Path(folder)).start("--appendfsync", "everysec")
        store = ("--store", redis.url, "--secret", secrets.token_hex(16))
        rows = _targets(_crowd(store, 500, 1, SECONDS), _crowd(store, 35, 2, SECONDS), ", over Redis")
        redis.kill()
        return rows


def _targets(many: Point, room: Point, where: str) -> list[Row]:
    crowd = f"answer to 500 visitors at a click a second each{where}, 95th percentile"
    pupils = f"answer to a class of 35 at two clicks a second each{where}, 95th percentile"
    return [Row(crowd, many.slow, MOST, "ms", many.more), Row(pupils, room.slow, 50, "ms", room.more)]


def _row(workers: str, found: dict[int, Point], limit: int) -> Row:
    above = min(visitors for visitors in found if visitors > limit)
    more = ", ".join(f"{found[each].slow:.0f} ms with {each}" for each in (limit, above) if each in found)
    what = f"most visitors at a click a second each with a 95th percentile up to {MOST} ms, {workers}"
    return Row(what, limit, more=more)


def _limit(arguments: Sequence[str], found: dict[int, Point], holds: int) -> int:
    """Let the crowd grow until it has to wait too long, then halve the gap; what is found is not asked again."""
    fails = 0
    while not fails or fails - holds > NEAR:
        visitors = (holds + fails) // 2 if fails else holds + MORE if holds else FEW
        if visitors not in found:
            found[visitors] = _crowd(arguments, visitors, 1, BRIEF)
        holds, fails = (visitors, fails) if found[visitors].slow <= MOST else (holds, visitors)
    return holds


def _crowd(arguments: Sequence[str], visitors: int, rate: float, seconds: float) -> Point:
    """Ask a server of its own; it and the load have a core each, unless it has more than one worker."""
    with (
        TemporaryDirectory() as data,
        serving(PRODUCT, Path(data), *arguments) as product,
        nullcontext() if "--workers" in arguments else apart(product.process),
    ):
        waits = [1000 * wait for wait in run(_waits(product.address, visitors, rate, seconds))]
    return Point(visitors, median(waits), quantiles(waits, n=20)[-1], max(waits))


async def _waits(address: Address, visitors: int, rate: float, seconds: float) -> list[float]:
    crowd = await asyncio.gather(*(Visitor.at(address, number) for number in range(visitors)))
    start = perf_counter()
    waits = await asyncio.gather(*(visitor.stay(start, rate, WARM + seconds) for visitor in crowd))
    return [wait for each in waits for wait in each[round(WARM * rate) :]]


class Visitor:
    """Somebody with a session of their own, who clicks at a steady rate from a moment of their own on."""

    def __init__(self, page: Page, number: int) -> None:
        self._page = page
        self._chance = random.Random(number)
        rows = enumerate(opening().digit.rows)
        self._label = opening().digit.label
        self._ink = {(row, column) for row, pixels in rows for column, ink in enumerate(pixels) if ink}

    @classmethod
    async def at(cls, address: Address, number: int) -> Visitor:
        """Open the page, and draw weights: else what the server has worked out for one would serve all."""
        page = await Page.at(address)
        await page.click("initialise", f"seed={secrets.randbits(32)}")
        return cls(page, number)

    async def stay(self, start: float, rate: float, seconds: float) -> list[float]:
        """Return how long each click took from when it was due: who is late with one, server or load, shows in it."""
        first = start + self._chance.random() / rate
        waits = []
        for count in range(round(seconds * rate)):
            due = first + count / rate
            await asyncio.sleep(max(0.0, due - perf_counter()))
            if perf_counter() < start + seconds + PATIENCE:
                await self._page.click(*self._choice())
            waits.append(perf_counter() - due)
        self._page.close()
        return waits

    def _choice(self) -> tuple[str, str]:
        """Return what to click next: of what visitors do, that which is always there to be done."""
        match self._chance.choices(KINDS, [MIX[kind] for kind in KINDS])[0]:
            case "step":
                return STEP
            case "ten":
                return "step", "steps=10"
            case "label":
                self._label = (self._label + self._chance.randint(1, 9)) % 10
                return "label", f"label={self._label}"
            case _:
                return self._stroke(self._chance.randrange(5), self._chance.randrange(5))

    def _stroke(self, row: int, column: int) -> tuple[str, str]:
        self._ink ^= {(row, column)}
        on = "true" if (row, column) in self._ink else "false"
        return "stroke", f"cells={row}%2C{column}&on={on}"
