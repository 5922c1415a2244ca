"""The JSON API under /api/v1: the same actions and the same numbers as the pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Depends, FastAPI, Path
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import State
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.nn.digits import SAMPLES
from app.nn.network import SHAPES
from app.playground.actions import REGISTRY, Action
from app.playground.actions.pointing import LONGEST
from app.playground.errors import Invalid
from app.views import answers, export
from app.views.addresses import tensors
from app.views.classifier.numbers import answer as classifier_answer
from app.views.code import code as present_code
from app.views.explaining import explained
from app.views.export.cells import Cell
from app.views.json import named, nested
from app.views.neuron.answer import answer as neuron_answer
from app.views.panels import words
from app.views.sentences import sentence
from app.web.acting import LONGEST_KEY, act, from_json
from app.web.asked import ACTING, ALWAYS, LabName, Revision, errors, json_answer, moment_of, state_of, visitor_of
from app.web.classifier_models import ClassifierLab
from app.web.errors import error_response
from app.web.keeping_api import router as keeping_router
from app.web.models import (
    ActivationLab,
    CodeNow,
    ConvolutionLab,
    Explained,
    ForwardPass,
    Gradients,
    LedgerRow,
    Moved,
    Number,
    Parameters,
    PoolingLab,
    Row,
    Sample,
    SessionNow,
)
from app.web.neuron_models import NeuronLab
from app.web.training_api import router as training_router
from app.web.visitors import welcome

FILES = {"py": "text/x-python", "ipynb": "application/x-ipynb+json"}
"""What a session can be taken along as, and its media type."""

router = APIRouter(prefix="/api/v1", responses=errors(*ALWAYS))


@router.get("/session", tags=["looking"], response_model=SessionNow, responses=errors(404))
async def session(request: Request, revision: Revision = None) -> Response:
    """Return the session: drawing, label, step, rate, seed, what it says, and the sentence on the page."""
    now = moment_of(request, revision)
    net, playing = now.table.network, now.state.view.playing
    loss = named({"loss": np.asarray(now.run.loss)})
    return json_answer(
        request,
        {
            "revision": now.revision,
            "step": net.step,
            "digit": now.table.digit.rows,
            "label": now.table.digit.label,
            "rate": net.rate,
            "seed": net.seed,
            "prediction": now.run.prediction,
            "loss": loss["loss"],
            "sentence": words(sentence(now)),
            "playing": playing and {"lab": playing.lab, "steps": playing.steps, "every": playing.every},
            "not_finite": loss["not_finite"],
        },
    )


@router.get("/samples", tags=["looking"], response_model=list[Sample], responses=errors(404))
async def samples(request: Request, revision: Revision = None) -> Response:
    """Return the drawings that ``load`` takes; they are the same at every revision."""
    return json_answer(
        request,
        [{"name": name, "label": digit.label, "digit": digit.rows} for name, digit in SAMPLES.items()],
    )


@router.get("/explain/{address}", tags=["looking"], response_model=Explained, responses=errors(404))
async def explain(
    request: Request,
    address: Annotated[str, Path(max_length=LONGEST, examples=["logits[0]"])],
    revision: Revision = None,
) -> Response:
    """Return where the number at an address comes from, and what it goes on to feed."""
    return json_answer(request, explained(moment_of(request, revision), address))


@router.get("/code/{lab}", tags=["looking"], response_model=CodeNow, responses=errors(404))
async def code(
    request: Request,
    lab: LabName,
    voice: Literal["python", "numpy", "torch"] = "python",
    revision: Revision = None,
) -> Response:
    """Return the present step of a lab as code that runs by itself; no lines where they would tell what is hidden."""
    made = present_code(moment_of(request, revision), lab, voice)
    return json_answer(request, {"lab": lab, "voice": voice, "lines": made.lines, "lit": made.lit})


@router.get("/ledger", tags=["looking"], response_model=list[LedgerRow], responses=errors(404))
async def ledger(request: Request, revision: Revision = None) -> Response:
    """Return the SGD step of the network that was taken last, a row for each of the 70 parameters; none before it."""
    return json_answer(request, answers.ledger(moment_of(request, revision)))


@router.get("/network/weights", tags=["looking"], response_model=Parameters, responses=errors(404))
async def weights(request: Request, revision: Revision = None) -> Response:
    """Return the 70 parameters."""
    found = tensors(moment_of(request, revision))
    return json_answer(request, named({name: found[name] for name in SHAPES}))


@router.get("/network/gradients", tags=["looking"], response_model=Gradients, responses=errors(404))
async def gradients(request: Request, revision: Revision = None) -> Response:
    """Return the gradients of the present loss: of the 70 parameters and of the values in between."""
    found = tensors(moment_of(request, revision))
    names = (*SHAPES, "conv", "relu", "pool", "flat", "logits")
    return json_answer(request, named({name: found[f"grad.{name}"] for name in names}, prefix="grad."))


@router.get("/network/forward", tags=["looking"], response_model=ForwardPass, responses=errors(404))
async def forward(request: Request, revision: Revision = None) -> Response:
    """Return the forward pass: input, conv, relu, pool, flat, logits, probabilities, loss, prediction."""
    now = moment_of(request, revision)
    found = tensors(now)
    names = ("input", "conv", "relu", "pool", "flat", "logits", "probabilities", "loss")
    return json_answer(request, named({name: found[name] for name in names}) | {"prediction": now.run.prediction})


@router.get("/network/losses", tags=["looking"], response_model=list[Number], responses=errors(404))
async def losses(request: Request, revision: Revision = None) -> Response:
    """Return the loss before each SGD step since the weights were initialised."""
    session = visitor_of(request).session
    return json_answer(request, nested(session.losses(session.check(revision))))


@router.get("/neuron", tags=["looking"], response_model=NeuronLab, responses=errors(404))
async def neuron(request: Request, revision: Revision = None) -> Response:
    """Return the Neuron lab: settings, points, forward and backward pass, the last step, the solution."""
    return json_answer(request, neuron_answer(moment_of(request, revision)))


@router.get("/neuron/path", tags=["looking"], response_model=list[Row], responses=errors(404))
async def neuron_path(request: Request, revision: Revision = None) -> Response:
    """Return [mean loss, w, b] before each step since descent began."""
    session = visitor_of(request).session
    return json_answer(request, nested(session.losses(session.check(revision), "neuron")))


@router.get("/classifier", tags=["looking"], response_model=ClassifierLab, responses=errors(404))
async def classifier(request: Request, revision: Revision = None) -> Response:
    """Return the Classifier lab: W and b, both passes term by term, the derivation, and what autograd holds."""
    return json_answer(request, classifier_answer(moment_of(request, revision)))


@router.get("/convolution", tags=["looking"], response_model=ConvolutionLab, responses=errors(404))
async def convolution(request: Request, revision: Revision = None) -> Response:
    """Return the Convolution lab: settings, image, kernels, and the walk so far; what is to come or hidden is null."""
    return json_answer(request, answers.convolution(state_of(request, revision)))


@router.get("/pooling", tags=["looking"], response_model=PoolingLab, responses=errors(404))
async def pooling(request: Request, revision: Revision = None) -> Response:
    """Return the Pooling lab: settings, maps, and the walk so far; what is to come or hidden is null."""
    return json_answer(request, answers.pooling(state_of(request, revision)))


@router.get("/activation", tags=["looking"], response_model=ActivationLab, responses=errors(404))
async def activation(request: Request, revision: Revision = None) -> Response:
    """Return the Activation lab: function, vector, and the walk so far; what is to come or hidden is null."""
    return json_answer(request, answers.activation(state_of(request, revision)))


def _file(media_type: str, kind: str) -> dict[str, Any]:
    """Return how the document names a file to take along."""
    return {
        "tags": ["looking"],
        "response_class": Response,
        "responses": {200: {"content": {media_type: {"schema": {"type": kind}}}}, **errors(404)},
    }


async def _taken(request: Request, revision: int | None, write: Callable[[list[Cell]], str], end: str) -> Response:
    session = visitor_of(request).session
    record = export.record(session, session.check(revision))
    content = write(await asyncio.to_thread(export.cells, record))  # takes the steps once more
    headers = {"content-disposition": f'attachment; filename="five-by-five.{end}"'}
    return welcome(request, Response(content, media_type=FILES[end], headers=headers))


@router.get("/export.py", **_file(FILES["py"], "string"))
async def script(request: Request, revision: Revision = None) -> Response:
    """Return the session as a Python script: plain PyTorch that comes to the numbers on the page, and asserts them."""
    return await _taken(request, revision, export.script, "py")


@router.get("/export.ipynb", **_file(FILES["ipynb"], "object"))
async def notebook(request: Request, revision: Revision = None) -> Response:
    """Return the session as a Jupyter notebook: the script's code, cell by cell."""
    return await _taken(request, revision, export.notebook, "ipynb")


def _endpoint(kind: type[Action]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        sent = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
        if body and sent != "application/json":
            raise HTTPException(415, "The body is to be JSON: content-type application/json.")
        wanted = from_json(kind, body)
        visitor = visitor_of(request)
        revision = await act(visitor.session, wanted, request.headers.get("idempotency-key"))
        return json_answer(request, {"revision": revision})

    return endpoint


def _document(kind: type[Action]) -> dict[str, Any]:
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "The same key is applied once, and answered again with the revision that it got.",
        "schema": {"type": "string", "maxLength": LONGEST_KEY},
    }
    needed = any(field.is_required() for field in kind.model_fields.values())
    schema = kind.model_json_schema()
    return {
        "parameters": [key],
        "requestBody": {"required": needed, "content": {"application/json": {"schema": schema}}},
    }


for _kind in (kind for kind in REGISTRY.values() if not kind.internal):
    router.add_api_route(
        f"/actions/{_kind.name}",
        _endpoint(_kind),
        methods=["POST"],
        response_model=Moved,
        name=_kind.name,
        operation_id=_kind.name,
        summary=_kind.summary,
        tags=["actions"],
        openapi_extra=_document(_kind),
        responses=errors(409, 413, 415, *ACTING),
    )


def create_api(state: State, version: str) -> FastAPI:
    """Return the application that answers under /api/v1, and documents itself in /openapi.json."""
    api = FastAPI(
        title="Five by Five",
        version=version,
        summary="Draw a digit, see the whole network, take one SGD step.",
        description="The visitor's cookie is the session: use a client that keeps it.",
        telemetry={"tracing": False, "metrics": False, "logs": False},  # nothing is sent to anybody
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        dependencies=[Depends(_once)],
        exception_handlers={RequestValidationError: _misread},
    )
    api.state = state
    api.include_router(router)
    api.include_router(training_router)
    api.include_router(keeping_router)
    return api


async def _once(request: Request) -> None:
    """Refuse a question that says one thing twice: of two answers FastAPI would take the last."""
    query = request.query_params
    if len(query) < len(query.multi_items()):
        twice = next(name for name in query if len(query.getlist(name)) > 1)
        raise Invalid(f"{twice} is given more than once.", twice)


async def _misread(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, RequestValidationError)
    # Only what stands in the address is left to FastAPI: ?revision= and ?voice=, and a lab.
    first = problem.errors()[0]
    field = str(first["loc"][-1])
    if first["type"] == "literal_error":
        names = re.findall(r"'(\w+)'", first["ctx"]["expected"])
        return error_response(request.scope, Invalid(f"{field}: one of {', '.join(names)}.", field, names))
    if first["type"] == "string_too_long":
        most = first["ctx"]["max_length"]
        return error_response(request.scope, Invalid(f"{field}: at most {most} letters.", field, {"maxLength": most}))
    return error_response(request.scope, Invalid(f"{field}: a whole number from 0 on.", field, {"minimum": 0}))
