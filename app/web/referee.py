"""The referee's mark: do we and PyTorch agree? A small answer of its own, since torch takes a while to load.

Torch lives in a process of its own: while it loads, it would hold up every page for a quarter of a second at a time.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.nn.referee import Agreement
from app.views.labs import LABS
from app.views.moment import moment
from app.web.rendering import Renderer
from app.web.visitors import Visitors

if TYPE_CHECKING:
    from app.views.referee import Question

Mark = tuple[str, str, str]
"""The mark's state, its text, and what a pointer is told."""

WAITING: Mark = ("waiting", "not checked yet", "PyTorch is being loaded")
NOTHING: Mark = ("nothing", "not checked yet", "There is no number to check yet")


class Bench:
    """Where the referee sits: it is called when somebody first asks, and leaves when the server does."""

    def __init__(self) -> None:
        """Call nobody yet."""
        self._coming: asyncio.Task[Process] | None = None
        self._turn = asyncio.Lock()

    def ready(self) -> bool:
        """Return whether the referee has come; call it if nobody has."""
        if self._coming is None:
            self._coming = asyncio.create_task(_arrive())
        return self._coming.done() and self._coming.result().returncode is None

    async def judge(self, lab: str, question: Question) -> Agreement | None:
        """Return how closely our numbers agree with PyTorch's; None if the referee has left."""
        assert self._coming
        referee = self._coming.result()
        assert referee.stdin
        assert referee.stdout
        asked = {"lab": lab, "given": question.given, "ours": question.ours, "places": question.places}
        line = json.dumps(asked)
        async with self._turn:
            referee.stdin.write(line.encode() + b"\n")
            answer = await referee.stdout.readline()
        return Agreement(**json.loads(answer)) if answer else None

    async def close(self) -> None:
        """Send the referee home."""
        if self._coming:
            referee = await self._coming
            if referee.returncode is None:
                referee.terminate()
            await referee.wait()


async def _arrive() -> Process:
    # A session of its own: Ctrl-C is for the server alone. Its questions end when the server does, even if killed.
    program = (sys.executable, "-m", "app.nn.referee")
    referee = await asyncio.create_subprocess_exec(*program, stdin=PIPE, stdout=PIPE, start_new_session=True)
    assert referee.stdout
    await referee.stdout.readline()
    return referee


async def mark(request: Request) -> Response:
    """Return the mark for what the session shows of a lab now."""
    from app.views.referee import QUESTIONS  # here: no page waits for it

    lab = request.url.path.split("/")[1]
    visitors: Visitors = request.app.state.visitors
    renderer: Renderer = request.app.state.renderer
    bench: Bench = request.app.state.bench
    visitor = visitors.known(request)  # a session begins with a page or a press, not behind a page's back
    revision = visitor.session.read_on() if visitor else 0
    found, beside = WAITING, ""
    if bench.ready() and visitor:
        question = QUESTIONS[lab](moment(visitor.session, revision)) if lab in QUESTIONS else None
        if question is None or question.empty:
            found = NOTHING
        elif agreement := await bench.judge(lab, question):
            found = _said(agreement, question.words)
            beside = renderer.beside(question.side, agreement.theirs, found[2]) if question.side else ""
    state, text, detail = found
    html = renderer.part("panels/referee.html", lab=lab, state=state, text=text, detail=detail) + beside
    return HTMLResponse(html, headers={"page-revision": visitor.mark(revision) if visitor else ""})


def _said(agreement: Agreement, words: str) -> Mark:
    more = f"; {agreement.more}" if agreement.more else ""
    if agreement.holds:
        how = f"largest difference {agreement.difference:.0e}" if agreement.difference else "bit for bit"
        return "ok", "PyTorch agrees", f"{words}: {how}{more}"
    number = agreement.number or agreement.name
    return "differs", f"PyTorch differs at {number}", f"{words}: by {agreement.difference:.0e} at {number}{more}"


ROUTES = [Route(f"/{lab}/referee", mark) for lab in LABS]
