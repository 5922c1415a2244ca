"""Pages, and the plain forms on them: POST, then the panels that changed, or 303 without script."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app.playground.actions import REGISTRY, Action
from app.playground.actions import tick as next_of
from app.playground.actions.time import Pause
from app.playground.actions.train import Train
from app.playground.errors import NothingThere, Refusal
from app.playground.state import Playing
from app.views.derivations import named
from app.views.labs import LABS, Lab, row
from app.views.ledger import printed
from app.views.moment import moment
from app.views.panels import Panel
from app.web.acting import act, from_form
from app.web.errors import described
from app.web.rendering import Renderer
from app.web.visitors import Visitor, Visitors, welcome

FRONT = "network"
BREATH = 0.002  # seconds that others have between two actions of a run
HOMES = {"backward": "network"}
"""The page of what plays, where that is no lab of its own."""
ENDED = "That session has ended, so this is a new one, from the opening state."


def _at_hand(request: Request) -> tuple[Visitor, Renderer]:
    visitors: Visitors = request.app.state.visitors
    return visitors.of(request), request.app.state.renderer


def _panels(visitor: Visitor, lab: Lab, revision: int) -> dict[str, Panel]:
    panels = lab.panels(moment(visitor.session, revision))
    return {one.key: one for panel in panels for one in (panel, *panel.holds)}


def _asked(request: Request, visitor: Visitor) -> int:
    """Return the revision that a request asks for, by default the head."""
    asked = request.query_params.get("revision")
    if asked is not None and not asked.isdecimal():
        raise HTTPException(404)
    return visitor.session.check(int(asked) if asked else None)


async def page(request: Request) -> Response:
    """Show a lab at the head, or at ``?revision=``; the network where none is named."""
    path = request.path_params.get("lab", FRONT)
    lab = LABS[path]
    visitor, renderer = _at_hand(request)
    visitor.session.read_on()
    revision = _asked(request, visitor)
    panels = _panels(visitor, lab, revision)
    visitor.sent(path, revision, panels)
    mark = visitor.mark(revision)
    html = renderer.page(f"{path}.html", panels, labs=row(path), revision=mark, notice="", title=lab.title, lab=path)
    return welcome(request, HTMLResponse(html))


async def tick(request: Request) -> Response:
    """Step what plays, if this page shows the head: of two pages that watch, one moves it."""
    path = request.path_params["lab"]
    visitor, _ = _at_hand(request)
    session = visitor.session
    head = session.read_on()
    playing = session.playing()
    notice = ""
    if playing and HOMES.get(playing.lab, playing.lab) == path and _mark(request) == visitor.mark(head):
        try:
            await _advance(visitor, playing)
        except Refusal as refusal:
            notice = refusal.sentence
            session.act(Pause())
    return _answer(request, visitor, path, notice)


async def _advance(visitor: Visitor, playing: Playing) -> None:
    """Take the steps of a tick, in as many actions as they need; between two of them others have their turn."""
    session, left = visitor.session, playing.steps
    while left:
        head = session.read_on()
        step = next_of(playing, session.table(head), left)
        attempt = head if _broken(visitor, step) else session.attempt(step)
        if isinstance(attempt, int):
            session.act(Pause())  # there is no further step
            return
        if not session.commit(attempt):
            return  # something came between: the next tick sees it
        left -= step.steps if isinstance(step, Train) else left
        await asyncio.sleep(BREATH)
        if left and session.playing() != playing:
            return  # somebody pressed Pause


async def action(request: Request) -> Response:
    """Do what a form says. Its fields are in the query (of the button) and in the body."""
    path, name = request.path_params["lab"], request.path_params["name"]
    if name not in REGISTRY or REGISTRY[name].internal:
        raise HTTPException(404)
    visitor, _ = _at_hand(request)
    notice, status = "", 200
    try:
        body = (await request.body()).decode("utf-8", "replace")
        fields = dict(parse_qsl(request.scope["query_string"].decode("latin-1"))) | dict(parse_qsl(body))
        wanted = from_form(REGISTRY[name], fields)
        if _broken(visitor, wanted):
            raise NothingThere("A weight is not a number, so no step leads anywhere from here. Undo is the way back.")
        await act(visitor.session, wanted, request.headers.get("idempotency-key"))
    except Refusal as problem:
        if "hx-request" not in request.headers:
            raise
        status, error = described(problem)
        notice = error.sentence
    return _answer(request, visitor, path, notice, status)


async def ledger(request: Request) -> Response:
    """Show the whole ledger, all layers one below the other, for paper."""
    visitor, renderer = _at_hand(request)
    visitor.session.read_on()
    now = moment(visitor.session, _asked(request, visitor))
    html = renderer.part("ledger.html", **printed(now))
    return welcome(request, HTMLResponse(html))


async def ask(request: Request) -> Response:
    """Ask for the address of a number that is to explain itself: without script none can be pressed."""
    visitor, renderer = _at_hand(request)
    visitor.session.read_on()
    lab = LABS[came_from(request)]
    names = named(moment(visitor.session, visitor.session.head), lab.path)
    html = renderer.page(
        "point.html", {}, labs=row(), title="Explain", home=lab.path, name=lab.title, addresses=names, example=names[-1]
    )
    return welcome(request, HTMLResponse(html))


def came_from(request: Request) -> str:
    """Return the lab whose page a request comes from, else the one in front."""
    path = request.headers.get("referer", "").partition("://")[2].partition("/")[2].partition("?")[0]
    return path if path in LABS else FRONT


async def docs(request: Request) -> Response:
    """Show the API's document."""
    renderer: Renderer = request.app.state.renderer
    return HTMLResponse(renderer.page("docs.html", {}, labs=row(), title="API"))


def _broken(visitor: Visitor, wanted: Action) -> bool:
    """Return whether a step is wanted from parameters that are not finite: the API takes it, the pages do not."""
    if not isinstance(wanted, Train):
        return False
    session, lab = visitor.session, wanted.lab
    broken = not getattr(session.table(session.head), lab).finite
    return broken and not getattr(session.table(session.read_on()), lab).finite  # another worker may know better


def _mark(request: Request) -> str:
    return request.headers.get("page-revision", "")


def _answer(request: Request, visitor: Visitor, path: str, notice: str, status: int = 200) -> Response:
    if "hx-request" not in request.headers:
        return welcome(request, RedirectResponse(f"/{path}", 303))
    renderer: Renderer = request.app.state.renderer
    head, mark = visitor.session.head, _mark(request)
    panels = _panels(visitor, LABS[path], head)
    changed = visitor.sent(path, head, panels, mark)
    if mark and visitor.ended(mark):
        notice = ENDED
    here = visitor.mark(head)
    response = HTMLResponse(renderer.answer(changed, here, notice), status, {"page-revision": here})
    return welcome(request, response)


# Plain routes: what FastAPI does for a route (dependencies, a document) would cost a click as much as its numbers do.
class _LabConvertor(StringConvertor):
    regex = "|".join(LABS)


register_url_convertor("lab", _LabConvertor())


def _later(name: str) -> Callable[[Request], Awaitable[Response]]:
    """Return a route of ``keeping``, which the first page does not wait for."""

    async def route(request: Request) -> Response:
        from app.web import keeping

        found: Callable[[Request], Awaitable[Response]] = getattr(keeping, name)
        return await found(request)

    return route


# Presses first, and one route for all labs: whatever is tried before costs a click as much as a small panel.
ROUTES = [
    Route("/training/checkpoint", _later("load"), methods=["POST"]),
    Route("/training/csv", _later("drawings"), methods=["POST"]),
    Route("/training/files", _later("files")),
    Route("/share", _later("offer")),
    Route("/share", _later("make"), methods=["POST"]),
    Route("/s/{code}", _later("look")),
    Route("/s/{code}", _later("open_copy"), methods=["POST"]),
    Route("/{lab:lab}/tick", tick, methods=["POST"]),
    Route("/{lab:lab}/{name}", action, methods=["POST"]),
    Route("/", page),
    Route("/{lab:lab}", page),
    Route("/network/ledger", ledger),
    Route("/point", ask),
    Route("/docs", docs),
]
