"""The code of a step on a batch is true: run with the batch and the parameters, it comes to the page's next ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from app.nn.architecture import named
from app.nn.batch import lesson
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.playground.training import epoch_of, trained
from app.views.code import code
from app.views.moment import moment
from tests.nn.nets import Net
from tests.playground.deeds import do

NETS = (
    {"rung": "linear"},
    {"rung": "lab"},
    {"rung": "eight"},
    {"rung": "lab", "activation": "tanh", "hidden": 8},
    {"rung": "eight", "activation": "sigmoid", "pool": 2, "hidden": 8},
    {
        "rung": "eight",
        "activation": "leaky_relu",
        "filters": 10,
        "kernel_size": 4,
        "padding": 0,
        "pool": 2,
        "linear": False,
    },
)


def given(lab: Any) -> dict[str, Any]:
    epoch, end = epoch_of(lab), min(lab.seen + lab.batch_size, lab.material.size)
    found: dict[str, Any] = {"images": epoch.images[lab.seen : end], "labels": epoch.labels[lab.seen : end]}
    for name, data in (("p", lab.vector.tobytes()), ("g", lab.gradient), ("v", lab.velocity)):
        found[name] = dict(named(lab.net, np.frombuffer(data, np.float32))) if data else {}
    return found


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("sgd", [{}, {"momentum": 0.9, "weight_decay": 0.01}, {"zero_grad": False}])
def test_each_voice_comes_to_the_next_numbers(tmp_path: Path, net: dict[str, Any], sgd: dict[str, Any]) -> None:
    session = Session(SQLiteStore(tmp_path), "s")
    for action in (
        do("training-network", **net),
        do("training-settings", batch=7, **sgd),
        do("training-step", steps=3),
    ):
        session.act(action)
    now = moment(session, session.head)
    lab = now.table.training
    if net.get("linear") is False:
        assert lab.net.outputs == 10
    after, _ = trained(lab, 1)
    wanted = named(after.net, after.vector)
    scope = given(lab)
    loss = lesson(lab.net, lab.vector, scope["images"], scope["labels"]).loss

    exec("\n".join(code(now, "training", "numpy").lines), scope)
    assert scope["loss"] == pytest.approx(float(loss), rel=1e-5)
    for name, part in wanted.items():
        np.testing.assert_allclose(scope["p"][name], part, rtol=1e-4, atol=1e-5)

    scope = given(lab)
    exec("\n".join(code(now, "training", "python").lines), scope)
    assert scope["loss"] == pytest.approx(float(loss), rel=1e-5)

    model = Net(lab.net)
    scope = given(lab)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=lab.sgd.momentum)
    for name, weight in model.named_parameters():
        weight.data = torch.tensor(scope["p"][name].copy())
        if scope["g"]:
            weight.grad = torch.tensor(scope["g"][name].copy())
        if scope["v"]:
            optimizer.state[weight]["momentum_buffer"] = torch.tensor(scope["v"][name].copy())
    tensors = {name: torch.tensor(np.array(scope[name])) for name in ("images", "labels")}
    exec("\n".join(code(now, "training", "torch").lines), tensors | {"net": model, "optimizer": optimizer})
    for name, weight in model.named_parameters():
        np.testing.assert_allclose(weight.detach().numpy(), wanted[name], rtol=1e-4, atol=1e-5)


def test_there_is_no_code_without_logits(tmp_path: Path) -> None:
    session = Session(SQLiteStore(tmp_path), "s")
    session.act(do("training-network", rung="relu"))
    assert code(moment(session, session.head), "training", "numpy").lines == ()
