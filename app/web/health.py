"""For those who look after a server: is it alive, can it serve, how is it doing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.playground.errors import Away
from app.web.visitors import Visitors


async def alive(request: Request) -> Response:
    """Say that the process answers."""
    return PlainTextResponse("alive\n")


async def ready(request: Request) -> Response:
    """Say whether the store answers, too: 503 where it does not."""
    visitors: Visitors = request.app.state.visitors
    try:
        visitors.store.find("", b"")
    except Away as away:
        return PlainTextResponse(f"{away.sentence}\n", 503)
    return PlainTextResponse("ready\n")


ROUTES = [Route("/healthz", alive), Route("/readyz", ready)]
