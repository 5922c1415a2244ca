"""What the routes of the API share: whose session is asked, at which revision, and how it answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.playground.state import Playground
from app.views.moment import Moment, moment
from app.web.errors import ErrorAnswer
from app.web.visitors import Visitor, Visitors, welcome

MOST = 2**31 - 1  # revisions; it also keeps floats that JSON calls integers (1e38) out
Revision = Annotated[int | None, Query(ge=0, le=MOST, description="what the session showed then; default: now")]

LabName = Literal["neuron", "classifier", "convolution", "pooling", "activation", "network", "training"]

REFUSED = {
    403: "Sent from another site",
    404: "There is no such revision",
    409: "Nothing to undo or redo, or a bound is met",
    410: "The session has ended: nothing was done in it for long",
    413: "The body is over 64 kB",
    415: "The body is not JSON",
    421: "The server does not go by that name",
    422: "Refused: it makes no sense here",
    429: "More requests a second than one session may make",
    503: "The store cannot be reached, or no session can be begun",
    507: "Nothing can be saved",
}
ALWAYS = (421, 422, 429, 503)
"""What any route may say."""
ACTING = (403, 410, 507)
"""What any route that changes something may say, too."""


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how the document names these refusals."""
    return {status: {"model": ErrorAnswer, "description": REFUSED[status]} for status in statuses}


def visitor_of(request: Request) -> Visitor:
    """Return who asks, caught up with the log."""
    visitors: Visitors = request.app.state.visitors
    visitor = visitors.of(request)
    visitor.session.read_on()
    return visitor


def moment_of(request: Request, revision: int | None) -> Moment:
    """Return the moment that is asked for, by default the head."""
    session = visitor_of(request).session
    return moment(session, session.check(revision))


def state_of(request: Request, revision: int | None) -> Playground:
    """Return the state that is asked for, by default that of the head."""
    session = visitor_of(request).session
    return session.state(session.check(revision))


def json_answer(request: Request, content: object) -> Response:
    """Return content as JSON; a new visitor gets the cookie."""
    return welcome(request, JSONResponse(content))
