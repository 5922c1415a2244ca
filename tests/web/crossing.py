"""Every route, each with what it is sent and what its answer holds of whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from typing import Any, NamedTuple

import pytest

from app.nn.referee import Agreement
from app.playground.checkpoint import to_json
from app.playground.state import opening
from app.views.labs import LABS
from app.web.referee import Bench

CHECKPOINT = to_json(opening().training)
CSV = ",".join(["1"] * 25 + ["7"])


class Gives(Enum):
    """What a route gives to whoever has a session."""

    SEEN = "it shows something of the session"
    CHANGED = "it adds to the session's log"
    THE_SAME = "it shows everybody the same"
    A_LINK = "it makes a link to a copy of what the session shows"


class Row(NamedTuple):
    """A request; ``{code}`` in a path stands for a share link of somebody else, ``first`` for actions before it."""

    method: str
    route: str
    path: str
    gives: Gives
    sent: Mapping[str, Any] = {}
    first: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def _get(route: str, gives: Gives = Gives.SEEN, path: str = "") -> Row:
    return Row("GET", route, path or route, gives)


def _post(route: str, path: str = "", gives: Gives = Gives.CHANGED, **sent: Any) -> Row:
    return Row("POST", route, path or route, gives, sent)


_PAGES = [
    _get("/"),
    *(_get("/{lab:lab}", path=f"/{lab}") for lab in LABS),
    _get("/{lab:lab}", path="/network?revision=3"),
    *(_get(f"/{lab}/referee") for lab in LABS),
    _get("/network/ledger"),
    _get("/network/ledger", path="/network/ledger?revision=3"),
    _get("/point"),
    _get("/docs", Gives.THE_SAME),
    _get("/healthz", Gives.THE_SAME),
    _get("/readyz", Gives.THE_SAME),
    _get("/static", Gives.THE_SAME, "/static/x/css/base.css"),
    _get("/share", Gives.THE_SAME),
    _post("/share", "/share?lab=network", Gives.A_LINK),
    _get("/s/{code}", Gives.THE_SAME),
    _post("/s/{code}"),
    _get("/training/files", Gives.THE_SAME),
    _post("/training/checkpoint", files={"file": ("a.json", CHECKPOINT.encode())}),
    _post("/training/csv", files={"file": ("a.csv", CSV.encode())}),
    _post("/{lab:lab}/{name}", "/network/label", data={"label": "3"}),
    _post("/{lab:lab}/{name}", "/network/step"),
    _post("/{lab:lab}/{name}", "/training/start-over"),
    _post("/{lab:lab}/tick", "/network/tick"),
]

_API = [
    _get("/openapi.json", Gives.THE_SAME),
    _get("/api/v1/session"),
    _get("/api/v1/session", path="/api/v1/session?revision=3"),
    _get("/api/v1/samples", Gives.THE_SAME),
    _get("/api/v1/explain/{address}", path="/api/v1/explain/logits[0]"),
    *(
        _get("/api/v1/code/{lab}", path=f"/api/v1/code/{lab}")
        for lab in ("neuron", "classifier", "convolution", "pooling", "activation", "network")
    ),
    *(
        _get(f"/api/v1/{name}")
        for name in (
            "ledger",
            "network/weights",
            "network/gradients",
            "network/forward",
            "network/losses",
            "neuron",
            "neuron/path",
            "classifier",
            "convolution",
            "pooling",
            "activation",
            "export.py",
            "export.ipynb",
            "training",
            "training/data",
            "training/data.csv",
            "training/confusion",
            "training/runs",
            "checkpoint",
        )
    ),
    _get("/api/v1/checkpoint", path="/api/v1/checkpoint?format=safetensors"),
    _post("/api/v1/checkpoint", content=CHECKPOINT, headers={"content-type": "application/json"}),
    _post("/api/v1/share", gives=Gives.A_LINK),
    _post("/api/v1/share/{code}"),
]

FIELDS: dict[str, dict[str, Any]] = {
    "paint": {"row": 4, "column": 4, "on": True},
    "stroke": {"cells": [[4, 4]], "on": True},
    "clear": {},
    "load": {"name": "glyph-3"},
    "label": {"label": 3},
    "neuron-initialise": {"w": 5},
    "neuron-settings": {"loss": "absolute"},
    "neuron-point": {"x": 1, "y": 2},
    "neuron-step": {},
    "neuron-solve": {"first": 0, "second": 1},
    "neuron-show": {"way": "solve"},
    "initialise": {"seed": 9},
    "learning-rate": {"rate": 0.5},
    "step": {},
    "show": {"voices": "gradients"},
    "backward-step": {},
    "backward-back": {},
    "backward-go": {"to": "end"},
    "ledger": {"by": "change"},
    "classifier-step": {},
    "classifier-initialise": {"start": "normal", "seed": 5},
    "classifier-weights": {"bias": [1] * 10},
    "classifier-number": {"output": 1, "input": 2, "value": 3},
    "classifier-settings": {"twice": True},
    "classifier-autograd": {"call": "backward"},
    "classifier-show": {"voices": "gradients"},
    "training-step": {},
    "training-initialise": {"seed": 9},
    "training-data": {"set": "glyphs"},
    "training-network": {"rung": "eight"},
    "training-settings": {"rate": 0.2},
    "training-lesson": {"lesson": "zeros"},
    "training-import": {"csv": CSV},
    "training-add": {},
    "training-remove": {"index": 0},
    "training-show": {"aspect": "data"},
    "convolution-step": {},
    "convolution-back": {},
    "convolution-go": {"to": "end"},
    "convolution-predict": {"on": True},
    "convolution-settings": {"kernel_size": 2},
    "convolution-kernel": {"preset": "blur"},
    "convolution-image": {"sample": "two"},
    "pooling-step": {},
    "pooling-back": {},
    "pooling-go": {"to": "end"},
    "pooling-predict": {"on": True},
    "pooling-settings": {"kind": "average"},
    "pooling-map": {"row": 0, "column": 0, "value": 77},
    "activation-step": {},
    "activation-back": {},
    "activation-go": {"to": "end"},
    "activation-predict": {"on": True},
    "activation-settings": {"function": "tanh"},
    "activation-vector": {"seed": 9},
    "point": {"address": "logits[0]"},
    "code": {"voice": "python"},
    "undo": {},
    "redo": {},
    "rewind": {"revision": 3},
    "play": {"lab": "network", "steps": 2},
    "pause": {},
    "start-over": {},
}
"""What each action takes: the session of the owner is such that every one of them changes something."""

_ACTIONS = [
    Row(
        "POST",
        f"/api/v1/actions/{name}",
        f"/api/v1/actions/{name}",
        Gives.CHANGED,
        {"json": fields},
        ("undo",) if name == "redo" else (),
    )
    for name, fields in FIELDS.items()
]

ROWS = [*_PAGES, *_API, *_ACTIONS]


@contextmanager
def quick_referee() -> Iterator[None]:
    """Let a referee sit on the bench who agrees at once."""

    async def agree(*_: object) -> Agreement:
        return Agreement(0.0, "loss", True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bench, "ready", lambda _: True)
        patch.setattr(Bench, "judge", agree)
        yield
