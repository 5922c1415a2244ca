"""Files and share links on the pages: a checkpoint or drawings to load, a link to make and to open."""

from __future__ import annotations

import time

from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.playground.actions import Action
from app.playground.actions.collecting import LONGEST_CSV, Import, Load
from app.playground.actions.sharing import OpenCopy
from app.playground.checkpoint import LONGEST, from_safetensors
from app.playground.errors import Invalid
from app.playground.sharing import DAYS, share, shared
from app.views.labs import LABS, row
from app.web.acting import act
from app.web.pages import came_from
from app.web.rendering import Renderer
from app.web.visitors import Visitor, Visitors, welcome


def checkpoint_of(data: bytes) -> Action:
    """Return the action that loads a checkpoint, JSON or safetensors; refuse what is neither."""
    if data.lstrip()[:1] == b"{":
        try:
            text = data.decode()
        except UnicodeDecodeError:
            raise Invalid("The checkpoint is no text in UTF-8.", "checkpoint") from None
    else:
        text = from_safetensors(data)
    try:
        return Load(checkpoint=text)
    except ValidationError:
        raise Invalid(f"The checkpoint is too long: at most {LONGEST:,} letters as JSON.", "checkpoint") from None


async def _file(request: Request) -> bytes:
    """Return the file that a form brings."""
    try:
        async with request.form(max_files=1, max_fields=4) as form:
            found = form.get("file")
            if isinstance(found, UploadFile):
                return await found.read()
            return str(found or "").encode()
    except HTTPException as problem:
        if problem.status_code == 413:
            raise
        raise Invalid("No file came along.", "file") from None


def _visitors(request: Request) -> Visitors:
    visitors: Visitors = request.app.state.visitors
    return visitors


async def load(request: Request) -> Response:
    """Go on from the checkpoint in a file."""
    data = await _file(request)
    if not data:
        raise Invalid("Choose a file first: a checkpoint as JSON or safetensors.", "file")
    await act(_visitors(request).of(request).session, checkpoint_of(data), None)
    return welcome(request, RedirectResponse("/training", 303))


async def drawings(request: Request) -> Response:
    """Take the drawings in a CSV file as the visitor's own."""
    data = await _file(request)
    if not data:
        raise Invalid("Choose a file first: 25 pixels and a label a line.", "file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("The file is no text in UTF-8.", "file") from None
    try:
        wanted = Import(csv=text)
    except ValidationError:
        raise Invalid(f"The file is too long: at most {LONGEST_CSV:,} letters.", "file") from None
    await act(_visitors(request).of(request).session, wanted, None)
    return welcome(request, RedirectResponse("/training", 303))


async def files(request: Request) -> Response:
    """Show what can be saved and loaded as a file."""
    _visitors(request).of(request)
    renderer: Renderer = request.app.state.renderer
    return welcome(request, HTMLResponse(renderer.page("files.html", {}, labs=row("training"), title="Files")))


async def offer(request: Request) -> Response:
    """Offer to make a share link to the lab that the visitor comes from."""
    return _page(request, came_from(request), link="", days=DAYS, code="")


async def make(request: Request) -> Response:
    """Make a share link to what the session shows, and show it."""
    lab = request.query_params.get("lab", "")
    if lab not in LABS:
        raise Invalid(f"lab: one of {', '.join(LABS)}.", "lab", [*LABS])
    visitors = _visitors(request)
    session = visitors.of(request).session
    code = share(visitors.store, session.table(session.read_on()), lab, int(time.time()))
    return welcome(request, _page(request, link=f"{request.base_url}s/{code}", lab=lab, days=DAYS, code=""))


async def look(request: Request) -> Response:
    """Say what a link leads to; nothing is changed before somebody presses the button."""
    code = request.path_params["code"]
    found = shared(_visitors(request).store, code, int(time.time()))
    return _page(request, link="", lab=found.lab, days=DAYS, code=code)


async def open_copy(request: Request) -> Response:
    """Put a copy on the visitor's table, and go to its lab."""
    visitors = _visitors(request)
    found = shared(visitors.store, request.path_params["code"], int(time.time()))
    visitor: Visitor = visitors.of(request)
    await act(visitor.session, OpenCopy(packed=found.packed), None)
    return welcome(request, RedirectResponse(f"/{found.lab}", 303))


def _page(request: Request, lab: str, **context: object) -> Response:
    renderer: Renderer = request.app.state.renderer
    return HTMLResponse(
        renderer.page("share.html", {}, labs=row(), title="A copy", home=lab, name=LABS[lab].title, **context)
    )
