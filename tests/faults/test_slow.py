"""Clients that are slow, silent or gone hold up nobody, and the server does not wait for them."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

from tests.faults.presses import Presser
from tests.server import Server

pytestmark = pytest.mark.xdist_group("slow")  # one after the other: each keeps a server busy
SLOW = 500
CLOSED = 15  # seconds within which the server has hung up on all of them
HEAD = (
    b"POST /api/v1/actions/step HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 9\r\n"
)
KINDS = {
    "silent": (b"", b""),
    "half a line": (b"GET /a", b"a"),
    "half a head": (HEAD, b"a"),
    "half a body": (HEAD + b"\r\n{", b" "),
}
"""What each says, and what it adds every two seconds."""


async def hung_up(server: Server, said: bytes, more: bytes) -> float:
    """Say something, and go on slowly; return after how many seconds the server hung up."""
    start = monotonic()
    reader, writer = await asyncio.open_connection(*server.address)
    with suppress(ConnectionError):
        writer.write(said)
        while True:
            try:
                await asyncio.wait_for(reader.read(), 2)
                break
            except TimeoutError:
                writer.write(more)
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return monotonic() - start


def test_slow_and_silent_clients_are_closed_while_others_click(tmp_path: Path) -> None:
    server = Server(tmp_path, "--rate", "0").start()
    visitor = Presser(server)
    visitor.session()

    async def crowd() -> list[float]:
        slow = asyncio.gather(*[hung_up(server, *says) for says in KINDS.values() for _ in range(SLOW // len(KINDS))])
        number = 0
        while not slow.done():
            assert await asyncio.to_thread(visitor.press, f"press-{number}")
            number += 1
        return await slow

    waits = asyncio.run(crowd())
    assert len(waits) == SLOW
    assert max(waits) < CLOSED
    visitor.hang_up()
    assert visitor.acknowledged == list(range(1, len(visitor.acknowledged) + 1))
    server.stop()


def test_who_does_not_take_the_answers_is_hung_up_on(tmp_path: Path) -> None:
    server = Server(tmp_path, "--rate", "0").start()
    ask = b"GET /openapi.json HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
    with socket.create_connection(server.address, timeout=CLOSED) as line, pytest.raises(ConnectionError):
        [line.sendall(ask) for _ in range(10**6)]  # more than any buffer holds, and nothing of it is read
    server.stop()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_ends_in_good_time_with_connections_open(tmp_path: Path, workers: str) -> None:
    server = Server(tmp_path, "--workers", workers).start()
    lines = [socket.create_connection(server.address) for _ in range(5)]
    for line, said in zip(
        lines, [*(said for said, _ in KINDS.values()), b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"], strict=True
    ):
        line.sendall(said)
    start = monotonic()
    server.stop()
    assert monotonic() - start < 3
    for line in lines:
        line.close()
