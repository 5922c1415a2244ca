"""Checkpoints, data sets and share links in the API."""

from __future__ import annotations

import time
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.nn.datasets import csv
from app.playground.actions.sharing import OpenCopy
from app.playground.checkpoint import to_json, to_safetensors
from app.playground.sharing import DAYS, LONGEST_CODE, share, shared
from app.web.acting import act
from app.web.asked import ACTING, ALWAYS, LabName, Revision, errors, json_answer, moment_of, visitor_of
from app.web.keeping import checkpoint_of
from app.web.models import Moved
from app.web.visitors import Visitors, welcome

Format = Annotated[Literal["json", "safetensors"], Query(description="how it is written")]
Code = Annotated[str, Path(max_length=LONGEST_CODE)]
SAFETENSORS = "application/octet-stream"
OBJECT = {"schema": {"type": "object"}}
BINARY = {"schema": {"type": "string", "format": "binary"}}

router = APIRouter(prefix="/api/v1", responses=errors(*ALWAYS))


class Link(BaseModel):
    """A share link: its code, where it leads, and for how many days."""

    code: str
    path: str
    days: int


@router.get(
    "/checkpoint",
    tags=["looking"],
    response_class=Response,
    responses={
        200: {
            "content": {"application/json": {"schema": {"type": "object"}}, SAFETENSORS: {"schema": {"type": "string"}}}
        },
        **errors(404),
    },
)
async def checkpoint(request: Request, revision: Revision = None, format: Format = "json") -> Response:  # noqa: A002
    """Return the training as a checkpoint: architecture, parameters, optimiser state, step, seed."""
    lab = moment_of(request, revision).table.training
    content, kind = (to_json(lab), "application/json") if format == "json" else (to_safetensors(lab), SAFETENSORS)
    headers = {"content-disposition": f'attachment; filename="five-by-five.{format}"'}
    return welcome(request, Response(content, media_type=kind, headers=headers))


@router.post(
    "/checkpoint",
    tags=["actions"],
    response_model=Moved,
    responses=errors(409, 413, 415, *ACTING),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": OBJECT,
                SAFETENSORS: BINARY,
            },
        }
    },
)
async def load(request: Request) -> Response:
    """Go on from a checkpoint, JSON or safetensors; what does not fit is refused in words."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/json", SAFETENSORS):
        raise HTTPException(415, f"A checkpoint is application/json or {SAFETENSORS}.")
    wanted = checkpoint_of(await request.body())
    visitor = visitor_of(request)
    return json_answer(
        request, {"revision": await act(visitor.session, wanted, request.headers.get("idempotency-key"))}
    )


@router.get(
    "/training/data.csv",
    tags=["looking"],
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **errors(404)},
)
async def data_csv(request: Request, revision: Revision = None) -> Response:
    """Return the set that is learned from as CSV: 25 pixels and a label a line."""
    text = csv.write(moment_of(request, revision).table.training.material.whole)
    headers = {"content-disposition": 'attachment; filename="five-by-five.csv"'}
    return welcome(request, Response(text, media_type="text/csv", headers=headers))


@router.post("/share", tags=["actions"], response_model=Link, responses=errors(404, *ACTING))
async def make(request: Request, revision: Revision = None, lab: LabName = "network") -> Response:
    """Make a link to a copy of what a revision shows, which opens a lab; the history stays here."""
    visitors: Visitors = request.app.state.visitors
    code = share(visitors.store, moment_of(request, revision).table, lab, int(time.time()))
    return json_answer(request, {"code": code, "path": f"/s/{code}", "days": DAYS})


@router.post("/share/{code}", tags=["actions"], response_model=Moved, responses=errors(404, 409, *ACTING))
async def open_copy(request: Request, code: Code) -> Response:
    """Put on the table what a link leads to; undo leads back to what was there."""
    visitors: Visitors = request.app.state.visitors
    found = shared(visitors.store, code, int(time.time()))
    visitor = visitor_of(request)
    return json_answer(request, {"revision": await act(visitor.session, OpenCopy(packed=found.packed), None)})
