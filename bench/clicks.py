"""A page in a browser, as the server sees it: it posts clicks and checks that each one moved its own session on."""

from __future__ import annotations

import re
import secrets
from typing import Self

from bench.wire import Address, Answer, Connection

STEP = ("step", "steps=1")
BROWSER = (
    "accept: text/html\r\naccept-encoding: gzip, deflate, br, zstd\r\naccept-language: en-US,en;q=0.9\r\n"
    "connection: keep-alive\r\ncontent-type: application/x-www-form-urlencoded;charset=UTF-8\r\n"
    "hx-boosted: true\r\nhx-current-url: http://localhost/\r\nhx-request: true\r\nhx-request-type: full\r\n"
    "hx-source: form\r\nhx-target: body\r\nhost: localhost\r\norigin: http://localhost\r\nreferer: http://localhost/\r\n"
    "sec-fetch-dest: empty\r\nsec-fetch-mode: same-origin\r\nsec-fetch-site: same-origin\r\n"
    "user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0\r\n"
    'sec-ch-ua: "Not:A-Brand";v="8", "Chromium";v="156"\r\nsec-ch-ua-mobile: ?0\r\nsec-ch-ua-platform: "Linux"\r\n'
)
"""The headers of a click, as Chromium 156 and htmx 4 send them."""


class Page:
    """One connection and one session; ``opened`` is the first answer."""

    def __init__(self, connection: Connection, opened: Answer, cookie: str, lab: str) -> None:
        self.opened = opened
        self.lab = lab
        self.cookie = cookie or opened.header("set-cookie").partition(";")[0]
        self.mark = _mark(opened)
        self._connection = connection

    @classmethod
    async def at(cls, address: Address, cookie: str = "", lab: str = "network") -> Self:
        """Open the playground, in a new session unless the cookie names one."""
        connection = await Connection.to(address)
        return cls(connection, await connection.get(f"/{lab}", cookie), cookie, lab)

    async def click(self, action: str, fields: str, many: bool = False) -> Answer:
        """Post a form as the browser does; ``many``: it may lead on by more than one revision."""
        key = "-".join(str(secrets.randbits(32)) for _ in range(4))
        answer = await self._connection.ask(
            f"POST /{self.lab}/{action} HTTP/1.1\r\n{BROWSER}cookie: {self.cookie}\r\npage-revision: {self.mark}\r\n"
            f"idempotency-key: {key}\r\ncontent-length: {len(fields)}\r\n\r\n{fields}".encode()
        )
        before, _, whose = self.mark.partition("@")
        self.mark = answer.header("page-revision")
        led, _, _ = self.mark.partition("@")
        if self.mark != f"{int(before) + 1}@{whose}" and not (many and int(led) > int(before)):
            raise RuntimeError(f"{action} led from {before}@{whose} to {self.mark or answer.status}.")
        return answer

    async def ask(self, request: bytes) -> Answer:
        """Send anything else over the same connection."""
        return await self._connection.ask(request)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def _mark(opened: Answer) -> str:
    found = re.search(r'data-revision="([^"]*)"', opened.text)
    if not found:
        raise RuntimeError(f"GET / was answered with {opened.status}, and no revision in it.")
    return found[1]
