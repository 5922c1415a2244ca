"""The Classifier lab over HTTP: the lab's figures, JSON against torch, addresses, forms, bad input."""

from __future__ import annotations

import json
import re
import time

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own custom

from app.nn.classifier import flatten
from app.nn.digits import SAMPLES
from app.playground.errors import Refusal
from app.views.addresses import value_at
from app.views.moment import Moment, moment
from app.web.visitors import COOKIE
from tests.conftest import Visitor
from tests.web.markup import agrees, numbers, parsed

LAB = "classifier"
LOOKS = [
    *({"aspect": aspect} for aspect in ("shapes", "logit", "derivation", "autograd", "weights")),
    *({"voices": voices} for voices in ("gradients", "both", "moved", "values")),
]


def moment_of(visitor: Visitor) -> Moment:
    visitors = visitor.client.app.state.visitors  # type: ignore[attr-defined]
    session = visitors._kept[visitor.client.cookies[COOKIE]].session
    return moment(session, session.read_on())


def form(visitor: Visitor, action: str, **fields: object) -> int:
    return visitor.client.post(f"/{LAB}/{action}", data=fields, headers={"hx-request": "true"}).status_code


# --- the lab's sequence ---


def test_the_labs_sequence(visitor: Visitor) -> None:
    """Cells 52–66: zeros, a tenth each, 2.302585; S − y; the dark weight stands still."""
    lab = visitor.get(LAB)
    assert lab["probabilities"] == [0.1] * 10
    assert lab["loss"] == pytest.approx(2.3025850929940455, abs=1e-15)
    assert lab["prediction"] is None
    assert lab["gradients"]["logits"] == pytest.approx([-0.9, *[0.1] * 9], abs=1e-15)
    assert lab["parameters"] == {"here": 260, "photograph": 1_966_090}
    visitor.do("classifier-step")
    lab = visitor.get(LAB)
    assert (lab["weight"][0][0], lab["weight"][0][1]) == (0, pytest.approx(0.09))
    assert lab["losses"] == [pytest.approx(2.3025850929940455)]
    assert lab["old"]["weight"][0][1] == 0


def test_the_labs_random_logits(visitor: Visitor) -> None:
    """Cells 70–72, 95 and 96; it prints two rows of W alone, so biases bring the logits."""
    logits = [
        1.23882361, 4.61483655, 1.99479822, -3.32811171, 3.58462725, -2.33802756, 7.18746098, 0.54074097, -0.31431916,
        3.89948129,
    ]  # fmt: skip
    visitor.do("classifier-weights", bias=logits)
    lab = visitor.get(LAB)
    assert lab["loss"] == pytest.approx(6.089292459946072, abs=1e-8)
    assert lab["probabilities"][6] == pytest.approx(0.868788915, rel=2e-8)
    assert lab["gradients"]["bias"] == pytest.approx(
        [-0.99773, 0.066319, 0.004828, 2.3554e-05, 0.023671, 6.3394e-05, 0.86879, 0.0011279, 0.00047966, 0.032431],
        rel=5e-5,
    )
    assert lab["gradients"]["weight"][1][:3] == [0, lab["gradients"]["bias"][1], lab["gradients"]["bias"][1]]


def test_the_numbers_are_those_of_torch(visitor: Visitor) -> None:
    visitor.do("classifier-initialise", start="linear", seed=8)
    visitor.do("load", name="four")
    visitor.do("classifier-step", steps=20)
    torch.manual_seed(8)
    layer = torch.nn.Linear(25, 10).double()
    x, y = torch.tensor(flatten(SAMPLES["four"])).view(1, -1), torch.tensor([4])
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    for _ in range(20):
        optimizer.zero_grad()
        F.cross_entropy(layer(x), y).backward()
        optimizer.step()
    optimizer.zero_grad()
    loss = F.cross_entropy(layer(x), y)
    loss.backward()
    lab = visitor.get(LAB)
    assert np.allclose(lab["weight"], layer.weight.detach(), atol=3e-8)  # where torch rounds its first weights twice
    assert np.allclose(lab["gradients"]["weight"], layer.weight.grad, atol=3e-8)
    assert lab["loss"] == pytest.approx(loss.item(), abs=3e-7)
    assert lab["prediction"] == 4


def test_what_overflows_without_the_shift_is_null_and_named(visitor: Visitor) -> None:
    visitor.do("classifier-number", output=8, value=1000)
    lab = visitor.get(LAB)
    assert lab["loss"] == 1000
    assert lab["naive"] is None
    assert lab["unshifted"]["loss"] is None
    names = lab["not_finite"]
    assert names["classifier:naive"] == "inf"
    assert names["classifier:unshifted.exponentials[8]"] == "inf"
    assert names["classifier:unshifted.probabilities[8]"] == "nan"
    assert names["classifier:unshifted.grad.logits[8]"] == "nan"


def test_softmax_twice_is_a_setting_that_trains(visitor: Visitor) -> None:
    visitor.do("classifier-settings", twice=True)
    visitor.do("classifier-step", steps=1000)
    lab = visitor.get(LAB)
    assert lab["loss"] > np.log(np.e + 9) - 1
    assert lab["twice"]["probabilities"][0] < 0.25
    visitor.do("classifier-settings", twice=False)
    assert visitor.get(LAB)["twice"] is None


def test_what_grad_holds_is_told(visitor: Visitor) -> None:
    assert visitor.get(LAB)["autograd"]["weight"] == {"requires_grad": True, "grad": None}
    visitor.do("classifier-autograd", call="backward")
    visitor.do("classifier-autograd", call="backward")
    held = visitor.get(LAB)["autograd"]
    assert held["bias"]["grad"][0] == pytest.approx(-1.8)
    assert held["weight"]["grad"][0][1] == pytest.approx(-1.8)
    visitor.do("classifier-autograd", weight=False)
    visitor.do("classifier-autograd", bias=False)
    refused = visitor.send("classifier-autograd", call="backward")
    assert refused.status_code == 409
    assert "does not require grad and does not have a grad_fn" in refused.json()["error"]["sentence"]


def test_the_answer_is_one_for_each_revision(visitor: Visitor) -> None:
    before = visitor.get(LAB)
    visitor.do("classifier-step", steps=3)
    assert visitor.get(LAB) != before
    assert visitor.get(LAB, revision=0) == before


# --- the page ---

SITUATIONS: list[list[tuple[str, dict[str, object]]]] = [
    [],
    [("classifier-step", {})],
    [("classifier-initialise", {"start": "normal", "seed": 1}), ("classifier-step", {"steps": 2})],
    [("classifier-initialise", {"start": "linear", "seed": 4}), ("label", {"label": 7}), ("load", {"name": "four"})],
    [("clear", {}), ("classifier-step", {"steps": 3})],
    [("classifier-number", {"output": 8, "value": 1000}), ("classifier-show", {"shift": False})],
    [("classifier-initialise", {"start": "normal"}), ("classifier-show", {"shift": False, "open": 3, "line": 8})],
    [("classifier-initialise", {"start": "normal"}), ("classifier-settings", {"twice": True}), ("classifier-step", {})],
    [("classifier-settings", {"rate": 1e38}), ("classifier-step", {"steps": 3})],
    [("classifier-step", {"steps": 30}), ("undo", {}), ("classifier-autograd", {"call": "backward"})],
]


@pytest.mark.parametrize("actions", SITUATIONS)
def test_every_number_on_the_page_resolves_and_equals_the_json(
    visitor: Visitor, actions: list[tuple[str, dict[str, object]]]
) -> None:
    for name, fields in actions:
        visitor.do(name, **fields)
    seen = set()
    for look in LOOKS:
        visitor.do("classifier-show", **look)
        now = moment_of(visitor)
        for address, text in dict(numbers(visitor.page("/classifier"))).items():
            value = value_at(now, address) * (100 if text.endswith("%") else 1)
            assert agrees(text, value), (look, address, text, value)
            seen.add(address)
    for name, size in (("logits", 10), ("bias", 10), ("flat", 25), ("onehot", 10), ("grad.bias", 10)):
        assert {f"classifier:{name}[{number}]" for number in range(size)} <= seen
    assert len(seen) > 200


def test_a_number_that_is_not_there_is_refused(visitor: Visitor) -> None:
    visitor.page("/classifier")
    visitor.do("label", label=1)
    now = moment_of(visitor)
    for name in ("weight[10,0]", "weight[0]", "old.bias[0]", "twice.sum", "held.bias[0]", "nothing", "losses[0]"):
        with pytest.raises(Refusal):
            value_at(now, f"classifier:{name}")


def test_an_answer_is_the_panels_that_differ(visitor: Visitor) -> None:
    visitor.page("/classifier")
    answer = visitor.client.post("/classifier/classifier-show?aspect=logit", headers={"hx-request": "true"})
    mark = answer.headers["page-revision"]
    headers = {"hx-request": "true", "page-revision": mark}
    other = visitor.client.post("/classifier/classifier-show?aspect=shapes", headers=headers)
    ids = {name for name in parsed(other.text).ids if name.startswith("panel-")}
    assert ids == {"panel-tabs", "panel-aspect"}


def test_formulas_are_mathml_made_here(visitor: Visitor) -> None:
    visitor.do("classifier-show", aspect="derivation", line=8)
    html = visitor.page("/classifier")
    assert html.count("<math") == 18
    assert "<mfrac>" in html
    visitor.do("classifier-show", line=0)
    assert visitor.page("/classifier").count("<math") == 2


def test_forms_say_what_json_says(visitor: Visitor) -> None:
    weight = [[0.25] * 25] * 10
    assert form(visitor, "classifier-weights", weight=json.dumps(weight)) == 200
    assert visitor.get(LAB)["weight"] == weight
    assert form(visitor, "classifier-number", output=1, input=2, value="−0,5") == 200
    assert visitor.get(LAB)["weight"][1][2] == -0.5
    assert form(visitor, "classifier-settings", rate="0.5") == 200
    assert visitor.get(LAB)["rate"] == 0.5


BAD = [
    ("classifier-step", {"steps": 0}, "steps"),
    ("classifier-step", {"steps": 1001}, "steps"),
    ("classifier-initialise", {"start": "ones"}, "start"),
    ("classifier-initialise", {"start": "normal", "seed": -1}, "seed"),
    ("classifier-weights", {"weight": [[0.0] * 25] * 9}, "weight"),
    ("classifier-weights", {"weight": [[0.0] * 24] * 10}, "weight"),
    ("classifier-weights", {"weight": "[[0]]"}, "weight"),
    ("classifier-weights", {"bias": [1e7] * 10}, "bias"),
    ("classifier-weights", {"bias": [None] * 10}, "bias"),
    ("classifier-number", {"output": 10, "value": 0}, "output"),
    ("classifier-number", {"output": 0, "input": 25, "value": 0}, "input"),
    ("classifier-number", {"output": 0}, "value"),
    ("classifier-settings", {"rate": 0}, "rate"),
    ("classifier-settings", {"twice": 1}, "twice"),
    ("classifier-autograd", {"call": "detach"}, "call"),
    ("classifier-show", {"open": 10}, "open"),
    ("classifier-show", {"line": 9}, "line"),
    ("classifier-show", {"aspect": "all"}, "aspect"),
]


def test_bad_input_is_refused_in_words_and_changes_nothing(visitor: Visitor) -> None:
    for action, body, field in BAD:
        refused = visitor.send(action, **body)
        assert refused.status_code == 422, (action, body)
        error = refused.json()["error"]
        assert error["field"] == field
        assert error["sentence"].endswith(".")
    assert visitor.get("session")["revision"] == 0


def test_a_text_that_is_no_matrix_is_refused_and_nothing_is_lost(visitor: Visitor) -> None:
    for text in ("[[1, 2]", "words", "[]", "{}", "[[null]]", "1e999"):
        assert form(visitor, "classifier-weights", weight=text) == 422, text
    assert visitor.get(LAB)["weight"] == [[0.0] * 25] * 10


def test_pytorchs_numbers_come_beside_ours_with_the_mark(visitor: Visitor) -> None:
    visitor.do("classifier-initialise", start="normal", seed=1)
    assert "panel-side" not in visitor.client.get("/classifier/referee").text
    visitor.do("classifier-show", aspect="autograd")
    deadline = time.monotonic() + 120
    while "PyTorch agrees" not in (answer := visitor.client.get("/classifier/referee").text):
        assert time.monotonic() < deadline
    cells = re.findall(r"<td>(?:<span[^>]*>)?(−?[\d.]+)(?:</span>)?</td>", answer)
    assert len(cells) == 8
    assert cells[::2] == cells[1::2]
    assert "forward and backward pass:" in answer
