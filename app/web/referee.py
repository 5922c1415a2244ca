"""The referee's mark: do we and PyTorch agree? A small answer of its own, since torch takes a while to load.

Torch lives in a process of its own: while it loads, it would hold up every page for a quarter of a second at a time.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from concurrent.futures import Future, ProcessPoolExecutor

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.nn import referee
from app.nn.referee import Agreement
from app.playground.state import Table
from app.web.rendering import Renderer
from app.web.visitors import Visitors

router = APIRouter(include_in_schema=False)


class Bench:
    """Where the referee sits: it is called when somebody first asks."""

    def __init__(self) -> None:
        """Call nobody yet."""
        self._pool: ProcessPoolExecutor | None = None
        self._loading: Future[object] | None = None

    def ready(self) -> bool:
        """Return whether the referee has come; call it if nobody has."""
        if self._pool is None:
            context = multiprocessing.get_context("spawn")  # a fork would copy the event loop
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_leave_with_the_server)
            self._loading = self._pool.submit(_arrive)
        assert self._loading
        return self._loading.done() and self._loading.exception() is None

    async def judge(self, table: Table) -> Agreement:
        """Return how closely our numbers for a table agree with PyTorch's."""
        arguments = (table.network.parameters, table.digit)
        return await asyncio.get_running_loop().run_in_executor(self._pool, referee.judge, *arguments)

    def close(self) -> None:
        """Send the referee home."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)


def _arrive() -> None:
    referee.load()


def _leave_with_the_server() -> None:
    """End this process when the server ends, even if it was killed."""
    server = multiprocessing.parent_process()

    def watch() -> None:
        if server:
            server.join()
            os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


@router.get("/network/referee")
async def mark(request: Request) -> Response:
    """Return the mark for what the session shows now."""
    visitors: Visitors = request.app.state.visitors
    renderer: Renderer = request.app.state.renderer
    bench: Bench = request.app.state.bench
    visitor = visitors.known(request)  # a session begins with a page or a press, not behind a page's back
    revision = visitor.session.read_on() if visitor else 0
    state, text, detail = "waiting", "not checked yet", "PyTorch is being loaded"
    if bench.ready() and visitor:
        state, text, detail = _said(await bench.judge(visitor.session.table(revision)))
    html = renderer.part("panels/referee.html", state=state, text=text, detail=detail)
    return HTMLResponse(html, headers={"page-revision": visitor.mark(revision) if visitor else ""})


def _said(agreement: Agreement) -> tuple[str, str, str]:
    if agreement.holds:
        return "ok", "PyTorch agrees", f"forward and backward pass, largest difference {agreement.difference:.0e}"
    return "differs", "PyTorch differs", f"by {agreement.difference:.0e} at {agreement.address}"
