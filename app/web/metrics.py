"""What Prometheus may ask, where the setting ``metrics`` allows it: requests, their times, sessions in memory.

Nothing in it says who a visitor is. Several workers write into one folder (``PROMETHEUS_MULTIPROC_DIR``), so any of
them answers for all.
"""

from __future__ import annotations

import os
from time import perf_counter

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUESTS = Counter("fivebyfive_requests", "Requests that were answered", ("kind", "method", "status"))
TIMES = Histogram(
    "fivebyfive_request_seconds",
    "From the head of a request to the end of its answer",
    ("kind",),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
SESSIONS = Gauge("fivebyfive_sessions_in_memory", "Sessions that are held in memory", multiprocess_mode="livesum")
KINDS = {"api": "api", "static": "file", "healthz": "health", "readyz": "health", "metrics": "health"}
METHODS = ("GET", "HEAD", "POST")


class Metered:
    """Counts the requests to an application, and how long each took."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        kind = KINDS.get(scope["path"].split("/")[1], "page")
        method = scope["method"] if scope["method"] in METHODS else "other"
        status, start = 500, perf_counter()

        async def seen(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.app(scope, receive, seen)
        finally:
            TIMES.labels(kind).observe(perf_counter() - start)
            REQUESTS.labels(kind, method, str(status)).inc()
            SESSIONS.set(scope["app"].state.visitors.held)  # here: whoever is asked for it speaks for all workers


async def metrics(request: Request) -> Response:
    """Return all of it as Prometheus reads it."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


ROUTES = [Route("/metrics", metrics)]
