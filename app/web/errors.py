"""What goes wrong, said in one shape: {"error": {"code", "sentence", "field"?, "allowed"?}}, or as a page."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from app.playground.errors import Away, Crowded, Ended, Full, Hurried, Missing, NothingThere, NotSaved, Refusal
from app.views.labs import row

STATUS = {
    Missing: 404,
    NothingThere: 409,
    Full: 409,
    Ended: 410,
    Hurried: 429,
    Away: 503,
    Crowded: 503,
    NotSaved: 507,  # no 503, which pages send again for a minute before they say anything
}
MARK = re.compile(r"\d{1,12}@[0-9a-f]{1,40}")
RETRY_AFTER = {429: "1", 503: "5", 507: "30"}
"""Seconds after which it is worth to try again."""
CROSS_SITE = HTTPException(403, "This was sent from another site, so it was not done.")
CALLED_WRONG = HTTPException(421, "This server does not go by that name; who runs it can allow it with --hosts.")
SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "That is too large: at most 64 kB, and 512 kB for a checkpoint.",
}


class Error(BaseModel):
    """What went wrong: a code for programs, a sentence for people."""

    code: str
    sentence: str
    field: str | None = None
    allowed: Any = None


class ErrorAnswer(BaseModel):
    """The one shape of all errors."""

    error: Error


def described(problem: Exception) -> tuple[int, Error]:
    """Return the status and the description of a problem."""
    if isinstance(problem, Refusal):
        status = STATUS.get(type(problem), 422)
        return status, Error(code=problem.code, sentence=problem.sentence, field=problem.field, allowed=problem.allowed)
    if isinstance(problem, HTTPException):
        sentence = SENTENCES.get(problem.status_code, problem.detail)
        return problem.status_code, Error(code=f"http_{problem.status_code}", sentence=sentence)
    return 500, Error(code="internal", sentence="Something went wrong here; your work is safe. Try again.")


def error_response(scope: Scope, problem: Exception) -> Response:
    """Return a problem as JSON to a program; to a person as a notice on the page, or as a page with a way back."""
    status, error = described(problem)
    headers = dict(getattr(problem, "headers", None) or {})
    if status in RETRY_AFTER:
        headers.setdefault("retry-after", RETRY_AFTER[status])
    if scope["path"].startswith("/api/"):
        answer = ErrorAnswer(error=error).model_dump(exclude_none=True)
        return JSONResponse(answer, status, headers)
    asked = Headers(scope=scope)
    mark = asked.get("page-revision", "")
    if "hx-request" in asked and MARK.fullmatch(mark):  # what the page shows stays as it is
        answer = scope["app"].state.renderer.answer([], mark, error.sentence)
        return HTMLResponse(answer, status, headers | {"page-revision": mark})
    page = scope["app"].state.renderer.page("error.html", {}, labs=row(), title="Sorry", sentence=error.sentence)
    return HTMLResponse(page, status, headers)


def handle_errors(app: Starlette) -> None:
    """Answer every refusal in the one shape; what is a fault of ours, ``Security`` answers."""

    async def handler(request: Request, problem: Exception) -> Response:
        if isinstance(problem, Ended):
            request.app.state.visitors.forget(request)
        return error_response(request.scope, problem)

    for kind in (Refusal, HTTPException):
        app.add_exception_handler(kind, handler)
