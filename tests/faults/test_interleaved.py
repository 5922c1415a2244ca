"""Bursts, retries and two tabs on one session: what was applied is what was acknowledged, over 10,000 presses."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path

from bench.wire import Connection, run
from tests.server import Server

VISITORS = 4
TABS = 2
PRESSES = 1250  # of each tab
RETRIED = 5  # one press in so many is sent twice


async def tab(server: Server, cookie: str, counted: list[int]) -> None:
    connection = await Connection.to(server.address)
    for number in range(PRESSES):
        nonce = secrets.token_hex(8)
        revisions = set()
        for _ in range(2 if number % RETRIED == 0 else 1):
            answer = await connection.ask(
                f"POST /api/v1/actions/step HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\n"
                f"idempotency-key: {nonce}\r\ncontent-length: 2\r\n\r\n{{}}".encode()
            )
            assert answer.status == 200, answer.text
            revisions.add(int(answer.text.partition('"revision":')[2].partition(",")[0].strip("} ")))
        assert len(revisions) == 1
        counted.extend(revisions)
    connection.close()


async def everybody(server: Server) -> None:
    async def visitor() -> None:
        first = await Connection.to(server.address)
        cookie = (await first.get("/api/v1/session")).header("set-cookie").partition(";")[0]
        counted: list[int] = []
        await asyncio.gather(*[tab(server, cookie, counted) for _ in range(TABS)])
        assert sorted(counted) == list(range(1, TABS * PRESSES + 1))
        assert f'"revision":{TABS * PRESSES},' in (await first.get("/api/v1/session", cookie)).text
        first.close()

    await asyncio.gather(*[visitor() for _ in range(VISITORS)])


def test_ten_thousand_presses_on_two_workers_each_count_once(tmp_path: Path) -> None:
    server = Server(tmp_path, "--workers", "2", "--rate", "0").start()
    run(everybody(server))
    server.stop()
