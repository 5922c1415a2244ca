"""Visitors without a browser: each presses in a session of its own, with a nonce a press."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException
from typing import Any

from tests.server import Server


class Presser:
    """A visitor over one connection, which is opened again when it breaks."""

    def __init__(self, server: Server, cookie: str = "") -> None:
        self._server = server
        self._line: HTTPConnection | None = None
        self.cookie = cookie
        self.acknowledged: list[int] = []

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, Any]:
        """Ask once; raises ``OSError`` where the line breaks."""
        try:
            if self._line is None:
                self._line = HTTPConnection(*self._server.address, timeout=30)
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            if self.cookie:
                given["cookie"] = self.cookie
            self._line.request(method, f"/api/v1/{path}", body, given)
            answer = self._line.getresponse()
            content = json.loads(answer.read())
        except (OSError, HTTPException, ValueError) as problem:
            self.hang_up()
            raise ConnectionError from problem
        if cookie := answer.getheader("set-cookie"):
            self.cookie = cookie.partition(";")[0]
        return answer.status, content

    def session(self) -> dict[str, Any]:
        """Return what the server knows of the session, over a new line: who was at the end of the last may be gone."""
        self.hang_up()
        status, found = self.ask("GET", "session")
        assert status == 200, found
        return dict(found)

    def press(self, nonce: str) -> bool:
        """Take a step; return whether it was acknowledged."""
        try:
            status, found = self.ask("POST", "actions/step", "{}", idempotency_key=nonce)
        except ConnectionError:
            return False
        assert status == 200, found
        self.acknowledged.append(found["revision"])
        return True

    def hang_up(self) -> None:
        if self._line:
            self._line.close()
            self._line = None
