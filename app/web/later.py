"""An application that is made when somebody first asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send


class Later:
    """Hands the addresses of the API to an application of its own, which the first such request makes.

    FastAPI and the documents of all routes take as long to import and to build as all the rest, and no page needs them.
    """

    def __init__(self, app: ASGIApp, make: Callable[[], ASGIApp]) -> None:
        """Wrap an application: what is not the API's goes there."""
        self.app = app
        self._make = make
        self._made: ASGIApp | None = None
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and scope["path"].startswith(("/api/", "/openapi.json")):
            await (self._made or await self._first())(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _first(self) -> ASGIApp:
        async with self._turn:
            if not self._made:  # in a thread, so that pages need not wait
                self._made = await asyncio.to_thread(self._make)
        return self._made
