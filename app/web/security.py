"""Headers on every answer, and who may post."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_address
from socket import gethostname

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.errors import CALLED_WRONG, CROSS_SITE, error_response

LOG = logging.getLogger(__name__)
BODY_LIMIT = 64 * 1024  # bytes
FILES = {"/api/v1/checkpoint": 512 * 1024, "/training/checkpoint": 520 * 1024}
"""Where more is taken: a checkpoint, and the form around it."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # "no-referrer" would make plain forms post "Origin: null"
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
IN_A_PAGE = {**HEADERS, "content-security-policy": "default-src 'none'; frame-ancestors 'none'"}
"""What a script asked for is no document: it needs no right at all, and every click carries these headers."""


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


DOCUMENT, FRAGMENT = _encoded(HEADERS), _encoded(IN_A_PAGE)
NOT_KEPT = (b"cache-control", b"no-store")  # unless an answer says itself how long it lasts


class Security:
    """Puts the headers on every answer, errors included; refuses posts from other sites, and bodies that are too long.

    It stands outside of everything else, so what breaks inside is answered here.

    (Starlette's own limit answers in plain text, without these headers.)
    """

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...]) -> None:
        """Wrap an application; ``hosts`` are the names that browsers may call it by."""
        self.app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        started = False
        guards = FRAGMENT if (b"hx-request", b"true") in scope["headers"] else DOCUMENT

        async def send_guarded(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] == "http.response.start":
                kept = any(name == b"cache-control" for name, _ in message["headers"])
                message["headers"] = [*message["headers"], *guards, *(() if kept else (NOT_KEPT,))]
            await send(message)

        received, limit = 0, FILES.get(scope["path"], BODY_LIMIT)

        async def receive_some() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        headers = Headers(scope=scope)
        if not called_right(headers.get("host", ""), self._hosts):
            await error_response(scope, CALLED_WRONG)(scope, receive, send_guarded)
            return
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and not same_site(headers):
            await error_response(scope, CROSS_SITE)(scope, receive, send_guarded)
            return
        try:
            await self.app(scope, receive_some, send_guarded)
        except ClientDisconnect:
            return  # there is nobody left to answer
        except Exception as problem:  # whatever it was: it is logged, and the visitor gets a sentence
            LOG.exception("a request failed: %s", scope["path"])
            if started:
                raise
            await error_response(scope, problem)(scope, receive, send_guarded)


@lru_cache(maxsize=64)
def called_right(host: str, hosts: tuple[str, ...]) -> bool:
    """Return whether a request calls the server by a name of its own.

    Names of others could be made to lead here by who owns them (DNS rebinding); an address is nobody's.
    """
    name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
    name = name.strip("[]").lower()
    with suppress(ValueError):
        return bool(ip_address(name))
    here = gethostname().lower()
    return "*" in hosts or name in ("localhost", here, *hosts) or name.startswith(f"{here}.")  # as routers name it


def same_site(headers: Headers) -> bool:
    """Return whether a request comes from our own pages, or from a program that says nothing of where it is from."""
    if headers.get("sec-fetch-site") == "cross-site":
        return False
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")
