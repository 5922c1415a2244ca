"""What the API tells of the Training lab."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.views.training.answer import answer, confused, data, runs
from app.web.asked import ALWAYS, Revision, errors, json_answer, moment_of
from app.web.training_models import ConfusionOut, RunOut, TrainingData, TrainingLab

router = APIRouter(prefix="/api/v1/training", tags=["looking"], responses=errors(404, *ALWAYS))


@router.get("", response_model=TrainingLab)
async def training(request: Request, revision: Revision = None) -> Response:
    """Return the Training lab: set, network, settings, scores, parameters, gradient, and the record of its steps."""
    return json_answer(request, answer(moment_of(request, revision)))


@router.get("/data", response_model=TrainingData)
async def training_data(request: Request, revision: Revision = None) -> Response:
    """Return the set that is learned from: its samples, and the bitmaps that bear more than one label."""
    return json_answer(request, data(moment_of(request, revision).table.training))


@router.get("/confusion", response_model=ConfusionOut)
async def confusion(request: Request, revision: Revision = None) -> Response:
    """Return how often each label of the test set was taken for each class, and the worst mistakes."""
    return json_answer(request, confused(moment_of(request, revision).table.training))


@router.get("/runs", response_model=list[RunOut])
async def left(request: Request, revision: Revision = None) -> Response:
    """Return the run that is shown and those that were left, each with what was different in it."""
    found: list[dict[str, Any]] = runs(moment_of(request, revision))
    return json_answer(request, found)
