"""The JSON API says what the contract says."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own custom

from app.nn.digits import SAMPLES
from tests.conftest import Visitor
from tests.nn.lab import image, net, train


def test_a_new_session_is_the_labs_zero_with_seed_15(visitor: Visitor) -> None:
    session = visitor.get("session")
    assert session["loss"] == pytest.approx(2.24963, abs=1e-5)
    assert {key: session[key] for key in ("revision", "step", "label", "rate", "seed", "prediction", "playing")} == {
        "revision": 0, "step": 0, "label": 0, "rate": 0.1, "seed": 15, "prediction": 3, "playing": None,
    }  # fmt: skip
    assert session["digit"] == SAMPLES["zero"].rows
    assert session["sentence"].startswith("A tiny network")
    assert session["not_finite"] == {}


def test_weights_gradients_and_forward_are_those_of_torch(visitor: Visitor) -> None:
    visitor.do("initialise", seed=8)
    visitor.do("load", name="four")
    visitor.do("step", steps=20)
    model = net(8)
    losses = train(model, SAMPLES["four"], 0.1, 20)
    logits = model(image(SAMPLES["four"]))
    loss = F.cross_entropy(logits, torch.tensor([4]))
    model.zero_grad()
    loss.backward()
    weights, gradients, forward = (visitor.get(f"network/{name}") for name in ("weights", "gradients", "forward"))
    for name, value in model.named_parameters():
        assert np.shape(weights[name]) == tuple(value.shape)
        assert np.allclose(weights[name], value.detach(), atol=1e-5)
        assert np.allclose(gradients[name], value.grad, atol=1e-5)
    assert visitor.get("network/losses") == pytest.approx(losses, abs=1e-5)
    assert forward["logits"] == pytest.approx(logits[0].tolist(), abs=1e-5)
    assert forward["loss"] == pytest.approx(loss.item(), abs=1e-5)
    assert forward["prediction"] == int(logits.argmax())
    shapes = {name: np.shape(forward[name]) for name in ("input", "conv", "relu", "pool", "flat", "probabilities")}
    assert shapes == {
        "input": (5, 5), "conv": (4, 2, 2), "relu": (4, 2, 2), "pool": (4, 1, 1), "flat": (4,), "probabilities": (10,),
    }  # fmt: skip
    for name in ("conv", "relu", "pool", "flat", "logits"):
        assert np.shape(gradients[name]) == np.shape(forward[name])


def test_the_decimals_are_the_shortest_that_read_back(visitor: Visitor) -> None:
    text = visitor.client.get("/api/v1/network/weights").text
    for number in json.loads(text)["conv.bias"]:
        assert str(np.float32(number)) == str(number)


def test_what_is_not_finite_is_null_and_named(visitor: Visitor) -> None:
    visitor.do("learning-rate", rate=1e20)
    visitor.do("label", label=7)
    visitor.do("step", steps=5)
    weights = visitor.get("network/weights")
    assert weights["fc.bias"][0] is None
    assert weights["not_finite"]["fc.bias[0]"] == "nan"
    gradients = visitor.get("network/gradients")
    assert gradients["not_finite"]["grad.fc.bias[0]"] == "nan"
    session = visitor.get("session")
    assert (session["loss"], session["prediction"], session["not_finite"]) == (None, None, {"loss": "nan"})
    assert "too big" in session["sentence"]
    visitor.do("step")  # the API steps on, as PyTorch does
    assert visitor.get("network/losses")[-1] is None
    assert visitor.get("session")["step"] == 6


def test_every_get_answers_for_a_revision(visitor: Visitor) -> None:
    paths = ("session", "samples", "network/weights", "network/gradients", "network/forward", "network/losses")
    before = {path: visitor.get(path) for path in paths}
    visitor.do("step", steps=3)
    visitor.do("clear")
    for path in paths:
        assert visitor.get(path, revision=0) == before[path]
        assert visitor.client.get(f"/api/v1/{path}?revision=x").status_code == 422
    refusal = visitor.client.get("/api/v1/session?revision=3")
    assert refusal.status_code == 404
    assert refusal.json()["error"]["allowed"] == {"minimum": 0, "maximum": 2}


def test_the_same_key_is_applied_once_and_answered_again(visitor: Visitor) -> None:
    assert visitor.do("step", nonce="a") == 1
    assert visitor.do("step", nonce="b") == 2
    assert visitor.do("step", nonce="a") == 1
    assert visitor.get("session")["revision"] == 2


def test_a_refusal_and_a_no_change_do_not_use_a_key_up(visitor: Visitor) -> None:
    assert visitor.send("undo", nonce="a").status_code == 409
    assert visitor.do("label", nonce="a", label=0) == 0
    assert visitor.do("step", nonce="a") == 1


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("step", {"steps": 0}, "steps"),
        ("step", {"steps": 1001}, "steps"),
        ("step", {"steps": 1.5}, "steps"),
        ("step", {"steps": "1"}, "steps"),
        ("step", {"steps": True}, "steps"),
        ("step", {"pace": 1}, "pace"),
        ("paint", {"row": 5, "column": 0, "on": True}, "row"),
        ("paint", {"row": 0, "column": 0, "on": 1}, "on"),
        ("paint", {"row": 0, "column": 0}, "on"),
        ("stroke", {"cells": [], "on": True}, "cells"),
        ("stroke", {"cells": [[0, 1, 2]], "on": True}, "cells"),
        ("stroke", {"cells": "0,1", "on": True}, "cells"),
        ("load", {"name": "five"}, "name"),
        ("label", {"label": 10}, "label"),
        ("initialise", {"seed": 2**32}, "seed"),
        ("initialise", {"seed": -1}, "seed"),
        ("learning-rate", {"rate": 0}, "rate"),
        ("learning-rate", {"rate": 2e38}, "rate"),
        ("learning-rate", {"rate": "fast"}, "rate"),
        ("play", {"lab": "nothing"}, "lab"),
        ("play", {"every": 99}, "every"),
        ("rewind", {"revision": 1}, "revision"),
        ("rewind", {"revision": 0, "step": 1}, "step"),
        ("undo", {"steps": 1}, "steps"),
    ],
)
def test_bad_input_is_refused_with_the_field_and_nothing_is_lost(
    visitor: Visitor, action: str, body: dict[str, object], field: str
) -> None:
    before = visitor.get("session")
    response = visitor.send(action, **body)
    assert response.status_code == 422
    error = response.json()["error"]
    assert error["field"] == field
    assert error["sentence"].endswith(".")
    assert visitor.get("session") == before


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'{"steps": NaN}', b'{"steps": 1e999}', b"\xff", b'"step"'])
def test_what_is_no_json_object_is_refused(visitor: Visitor, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    response = visitor.client.post("/api/v1/actions/step", content=body, headers=headers)
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "invalid"
    assert visitor.get("session")["revision"] == 0


def test_an_action_without_fields_takes_an_empty_object_or_nothing(visitor: Visitor) -> None:
    assert visitor.client.post("/api/v1/actions/clear").json() == {"revision": 1}
    assert visitor.client.post("/api/v1/actions/undo", json={}).json() == {"revision": 2}


def test_a_body_over_64_kb_is_refused(visitor: Visitor) -> None:
    body = b'{"steps":' + b" " * 70_000 + b"1}"
    headers = {"content-type": "application/json"}
    for content in (body, iter([body[:40_000], body[40_000:]])):
        response = visitor.client.post("/api/v1/actions/step", content=content, headers=headers)
        assert response.status_code == 413
        assert response.json()["error"]["code"] == "http_413"
    assert visitor.get("session")["revision"] == 0


def test_another_content_type_is_refused(visitor: Visitor) -> None:
    response = visitor.client.post("/api/v1/actions/step", content=b"{}", headers={"content-type": "text/plain"})
    assert response.status_code == 415


def test_unknown_addresses_and_methods_have_the_same_shape(visitor: Visitor) -> None:
    for method, path, status in (
        ("GET", "/api/v1/nothing", 404),
        ("POST", "/api/v1/actions/nothing", 404),
        ("GET", "/api/v1/actions/step", 405),
        ("DELETE", "/api/v1/session", 405),
    ):
        response = visitor.client.request(method, path)
        assert response.status_code == status
        assert set(response.json()["error"]) == {"code", "sentence"}


def test_play_and_pause_are_looks(visitor: Visitor) -> None:
    visitor.do("step")
    visitor.do("play", steps=2, every=500)
    assert visitor.get("session")["playing"] == {"lab": "network", "steps": 2, "every": 500}
    assert visitor.get("session")["step"] == 1  # no page, no progress
    visitor.do("pause")
    visitor.do("undo")
    assert visitor.get("session")["step"] == 0


def test_samples_are_what_load_takes(visitor: Visitor) -> None:
    for sample in visitor.get("samples"):
        visitor.do("load", name=sample["name"])
        session = visitor.get("session")
        assert (session["digit"], session["label"]) == (sample["digit"], sample["label"])


def test_the_ledger_is_the_step_that_was_taken(visitor: Visitor) -> None:
    assert visitor.get("ledger") == []
    before = visitor.get("network/gradients")
    visitor.do("step")
    visitor.do("learning-rate", rate=5.0)
    rows = visitor.get("ledger")
    assert len(rows) == 70
    for row in rows:
        assert row["rate"] == 0.1, "that of the step, not the present one"
        assert row["change"] == pytest.approx(-0.1 * row["velocity"], rel=1e-6)
        assert row["new"] == pytest.approx(row["old"] + row["change"], rel=1e-6, abs=1e-7)
    assert rows[0]["gradient"] == before["conv.weight"][0][0][0][0]
    assert visitor.get("explain/change.fc.bias[3]")["value"] == next(
        row["change"] for row in rows if row["address"] == "fc.bias[3]"
    )


def test_a_number_says_in_the_api_where_it_comes_from(visitor: Visitor) -> None:
    found = visitor.get("explain/grad.conv.weight[2,0,1,0]")
    assert found["formula"] == "Σ over r, c: grad.conv[2,r,c] × input[2r+1,2c+0]"
    terms = [term["value"] for term in found["terms"]]
    assert sum(a * b for a, b in zip(terms[::2], terms[1::2], strict=True)) == pytest.approx(found["value"])
    assert visitor.get("explain/logits[0]")["feeds"][:2] == ["probabilities[0]", "probabilities[1]"]
    assert visitor.client.get("/api/v1/explain/logits[10]").status_code == 422
