"""A keep-alive connection that counts bytes: small, so that a load generator is not slower than what it loads."""

from __future__ import annotations

import asyncio
import gzip
import re
import sys
from collections.abc import Coroutine
from typing import NamedTuple, Self, TypeVar, cast

Address = tuple[str, int]
Found = TypeVar("Found")

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


def run(work: Coroutine[object, object, Found]) -> Found:
    """Run a coroutine to its end, on the faster loop where there is one."""
    if sys.platform == "win32":
        return asyncio.run(work)
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


class Answer(NamedTuple):
    """An answer as it came; ``size`` counts every byte of it on the wire."""

    status: int
    head: bytes
    body: bytes
    size: int

    def header(self, name: str) -> str:
        """Return the value of a header, "" where it was not sent."""
        found = re.search(rf"\r\n{name}: (.*?)\r\n".encode(), self.head, re.IGNORECASE)
        return found[1].decode() if found else ""

    @property
    def text(self) -> str:
        """The body, unpacked."""
        packed = self.header("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


class Connection(asyncio.Protocol):
    """One connection: ask, and wait for the whole answer before asking again."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None

    @classmethod
    async def to(cls, address: Address) -> Self:
        """Connect."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, *address)
        return connection

    async def ask(self, request: bytes) -> Answer:
        """Send a request, whole as it is to go over the wire, and return the answer."""
        assert self._transport
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    async def get(self, path: str, cookie: str = "") -> Answer:
        """Ask for a page or a file as a browser does."""
        extra = f"cookie: {cookie}\r\n" if cookie else ""
        return await self.ask(
            f"GET {path} HTTP/1.1\r\nhost: localhost\r\naccept-encoding: gzip\r\n{extra}\r\n".encode()
        )

    def close(self) -> None:
        """Hang up."""
        assert self._transport
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport (asyncio calls this)."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer who waits, once all is there (asyncio calls this)."""
        self._received += data
        answer = _parsed(self._received)
        if answer and self._waiting and not self._waiting.done():  # it is, where another connection failed
            self._received.clear()
            self._waiting.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Disappoint who waits (asyncio calls this)."""
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionError("The server hung up."))


def _parsed(received: bytearray) -> Answer | None:
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(received[: end + 2])
    status = int(head[9:12])
    length = _LENGTH.search(head)
    if length:
        whole = end + 4 + int(length[1])
        return Answer(status, head, bytes(received[end + 4 : whole]), whole) if len(received) >= whole else None
    if b"transfer-encoding: chunked" not in head.lower():
        return Answer(status, head, b"", end + 4)
    body = _joined(received, end + 4)
    return None if body is None else Answer(status, head, body, len(received))


def _joined(received: bytearray, place: int) -> bytes | None:
    """Return the chunks of a body as one; None while the last is still to come."""
    body = b""
    while (line := received.find(b"\r\n", place)) > 0:
        start = line + 2
        end = start + int(received[place:line], 16)
        if len(received) < end + 2:
            return None
        if start == end:
            return body
        body += bytes(received[start:end])
        place = end + 2
    return None
