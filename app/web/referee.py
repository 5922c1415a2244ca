"""The referee's mark: do we and PyTorch agree? A small answer of its own, since torch takes a while to load."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.nn import referee
from app.playground.session import Session
from app.views.moment import moment
from app.web.rendering import Renderer
from app.web.visitors import Visitors, welcome

router = APIRouter(include_in_schema=False)


class Bench:
    """Where the referee waits: torch is loaded once, in a thread, when somebody first asks."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._loading: asyncio.Task[object] | None = None

    @property
    def ready(self) -> bool:
        """Whether torch can be used; starts to load it if nobody has."""
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(referee.load))
        return self._loading.done() and self._loading.exception() is None

    async def wait(self) -> None:
        """Wait until torch is there or failed to come."""
        if self._loading is not None:
            await asyncio.wait([self._loading])


@router.get("/network/referee")
async def mark(request: Request) -> Response:
    """Return the mark for what the session shows now."""
    visitors: Visitors = request.app.state.visitors
    renderer: Renderer = request.app.state.renderer
    bench: Bench = request.app.state.bench
    visitor = visitors.of(request)
    state, text, detail = (
        _judged(visitor.session) if bench.ready else ("waiting", "not checked yet", "PyTorch is being loaded")
    )
    html = renderer.part("panels/referee.html", state=state, text=text, detail=detail)
    return welcome(request, HTMLResponse(html, headers={"page-revision": visitor.mark(visitor.session.head)}))


def _judged(session: Session) -> tuple[str, str, str]:
    now = moment(session, session.read_on())
    agreement = referee.compare(now.table.network.parameters, now.table.digit, now.run, now.back)
    if agreement.holds:
        return "ok", "PyTorch agrees", f"forward and backward pass, largest difference {agreement.difference:.0e}"
    return "differs", "PyTorch differs", f"by {agreement.difference:.0e} at {agreement.address}"
