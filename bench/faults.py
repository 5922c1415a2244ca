"""What a fault costs: two hundred kills, and five hundred clients that are slow while others click."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import signal
from contextlib import suppress
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.clicks import STEP, Page
from bench.machine import apart
from bench.server import PRODUCT, Server, serving
from bench.table import Row
from bench.wire import Address, Connection, run

KILLS = 200
AFTER = 0.15  # seconds: the longest that a server lives; it is killed somewhere in between
SLOW = 500
HONEST = 20  # visitors, a click a second each
SECONDS = 60.0
CLOSED = 15.0
SAYS = (
    b"",
    b"GET /a",
    b"POST /network/step HTTP/1.1\r\nhost: localhost\r\n",
    b"POST /network/step HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9999\r\n\r\n",
)


def measure() -> list[Row]:
    """Return what was lost, and how long honest visitors had to wait."""
    return [_killed(), *_slowed()]


# Kills


def _killed() -> Row:
    """Two sessions, clicked on as fast as may be; what is not acknowledged is sent again to the next server."""
    chance, lost, presses = random.Random(0), 0, [0, 0]
    with TemporaryDirectory() as data:
        cookies = ["", ""]
        for _ in range(KILLS):
            with serving(PRODUCT, Path(data)) as server:
                lost += run(_until_killed(server, cookies, presses, AFTER * chance.random()))
        with serving(PRODUCT, Path(data)) as server:
            heads = run(_heads(server, cookies))
    # The very last press may have been applied though the kill came before its answer.
    lost += sum(head not in (count, count + 1) for head, count in zip(heads, presses, strict=True))
    return Row("acknowledged actions lost or done twice", lost, 0, "", f"{KILLS} kills, {sum(presses)} actions")


async def _until_killed(server: Server, cookies: list[str], presses: list[int], life: float) -> int:
    """Press in both sessions until the server is killed; return how many answers were not as they are to be."""
    asyncio.get_running_loop().call_later(life, os.kill, server.process, signal.SIGKILL)
    return sum(await asyncio.gather(*[_press(server, cookies, presses, which) for which in range(len(cookies))]))


async def _press(server: Server, cookies: list[str], presses: list[int], which: int) -> int:
    wrong = 0
    with suppress(OSError):
        line = await Connection.to(server.address)
        if not cookies[which]:
            cookies[which] = (await line.get("/network")).header("set-cookie").partition(";")[0]
        while True:
            answer = await line.ask(
                f"POST /network/step HTTP/1.1\r\nhost: localhost\r\ncookie: {cookies[which]}\r\nhx-request: true\r\n"
                f"idempotency-key: {which}-{presses[which]}\r\ncontent-length: 0\r\n\r\n".encode()
            )
            presses[which] += 1
            wrong += not answer.header("page-revision").startswith(f"{presses[which]}@")
    return wrong


async def _heads(server: Server, cookies: list[str]) -> list[int]:
    line = await Connection.to(server.address)
    found = [(await line.get("/api/v1/session", cookie)).text for cookie in cookies]
    line.close()
    return [int(text.partition('"revision":')[2].partition(",")[0]) for text in found]


# Slow clients


def _slowed() -> list[Row]:
    with TemporaryDirectory() as data, serving(PRODUCT, Path(data)) as server, apart(server.process):
        waits, held = run(_crowded(server.address))
    slow = 1000 * quantiles(waits, n=20)[-1]
    more = f"{len(waits)} clicks in {SECONDS:.0f} s, slowest {1000 * max(waits):.0f} ms"
    return [
        Row(f"a click beside {SLOW} slow or silent clients, 95th percentile", slow, 250, "ms", more),
        Row("longest that the server holds on to a slow client", max(held), CLOSED, "s", f"{len(held)} were closed"),
    ]


async def _crowded(address: Address) -> tuple[list[float], list[float]]:
    until = perf_counter() + SECONDS
    held: list[float] = []
    slow = [asyncio.create_task(_slow(address, SAYS[number % len(SAYS)], until, held)) for number in range(SLOW)]
    honest = await asyncio.gather(*[_honest(address, until) for _ in range(HONEST)])
    await asyncio.gather(*slow)
    return [wait for each in honest for wait in each], held


async def _slow(address: Address, says: bytes, until: float, held: list[float]) -> None:
    """Connect, begin a request, add a byte now and then; connect again when the server has hung up."""
    while perf_counter() < until:
        start = perf_counter()
        reader, writer = await asyncio.open_connection(*address)
        with suppress(OSError):
            writer.write(says)
            while True:
                try:
                    await asyncio.wait_for(reader.read(), 2)
                    break
                except TimeoutError:
                    writer.write(b"a" if says else b"")
        held.append(perf_counter() - start)
        writer.close()


async def _honest(address: Address, until: float) -> list[float]:
    page = await Page.at(address)
    await page.click("initialise", f"seed={secrets.randbits(32)}")
    await asyncio.sleep(random.random())
    waits = []
    while perf_counter() < until:
        start = perf_counter()
        await page.click(*STEP)
        waits.append(perf_counter() - start)
        await asyncio.sleep(max(0.0, start + 1 - perf_counter()))
    page.close()
    return waits
