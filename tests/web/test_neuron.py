"""The Neuron lab through the API and on its page: PyTorch's numbers, the lab's figures, every number at its address."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own custom
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.views.addresses import value_at
from tests.conftest import Visitor, mark_of
from tests.web.markup import panels
from tests.web.shown import differing, now

Deeds = list[tuple[str, dict[str, object]]]
THEIRS = {"squared": F.mse_loss, "absolute": F.l1_loss}
rarely = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

MANY: Deeds = [("point", {"x": 2.0, "y": 2.5}), ("point", {"x": -1.25, "y": 0.5}), ("point", {"x": 1.0, "y": -1.0})]
SITUATIONS: list[Deeds] = [
    [],
    [("step", {"steps": 3})],
    [("step", {"point": 1})],
    [("settings", {"teach": "all"}), ("step", {"steps": 2})],
    [("settings", {"teach": "all", "loss": "absolute"})],
    [*MANY, ("settings", {"teach": "all"}), ("step", {"steps": 7})],
    [*MANY, ("show", {"way": "solve", "plot": "loss"})],
    [("step", {}), ("show", {"way": "solve"})],
    [("point", {"index": 0, "x": 1.0}), ("show", {"way": "solve"})],
    [("point", {"index": 0, "remove": True}), ("show", {"way": "solve"})],
    [("initialise", {"w": -12.3456, "b": -0.0004}), ("settings", {"loss": "absolute"}), ("step", {"steps": 5})],
    [("point", {"index": 0, "x": -1e6, "y": 98765.4}), ("step", {"steps": 2})],
    [("settings", {"rate": 1e30}), ("step", {"steps": 4})],
    [("settings", {"rate": 1e38}), ("step", {"steps": 12}), ("show", {"plot": "loss"})],
    [("settings", {"rate": 1e38}), ("step", {"steps": 12}), ("show", {"way": "solve"})],
]


def act(visitor: Visitor, deeds: Deeds) -> Any:
    for action, fields in deeds:
        visitor.do(f"neuron-{action}", **fields)
    return visitor.get("neuron")


@pytest.mark.parametrize("deeds", SITUATIONS)
def test_every_number_equals_that_at_its_address(visitor: Visitor, deeds: Deeds) -> None:
    act(visitor, deeds)
    assert differing(visitor, "/neuron", least=20) == []


@pytest.mark.parametrize("deeds", SITUATIONS)
def test_the_json_says_the_same_as_the_addresses(visitor: Visitor, deeds: Deeds) -> None:
    found, here = act(visitor, deeds), now(visitor)
    for name, value in found.items():
        if isinstance(value, float):
            assert value_at(here, f"neuron:{name}") == value, name
    for name in ("predictions", "residuals", "point_losses", "slopes"):
        for index, value in enumerate(found[name]):
            assert value is None or value_at(here, f"neuron:{name}[{index}]") == value
    path = visitor.get("neuron/path")
    assert len(path) == found["step"]
    for step, (loss, w, b) in enumerate(path):
        for address, value in ((f"losses[{step}]", loss), (f"path[{step},0]", w), (f"path[{step},1]", b)):
            assert value is None or value_at(here, f"neuron:{address}") == value


# Figures of the lab, cells 8–33; the loss at (1, 3) is taken at x = 1.
SEQUENCE = [
    {"point": [0, 1], "prediction": 0, "loss": 1, "grad.w": 0, "grad.b": -2, "next.w": 0, "next.b": 0.2},
    {"point": [1, 3], "prediction": 0.2, "loss": 7.84, "grad.w": -5.6, "grad.b": -5.6, "next.w": 0.56, "next.b": 0.76},
    {
        "point": [0, 1],
        "prediction": 0.76,
        "loss": 0.0576,
        "grad.w": 0,
        "grad.b": -0.48,
        "next.w": 0.56,
        "next.b": 0.808,
    },
    {"point": [1, 3], "prediction": 1.368, "loss": 2.663424},
]


def test_the_labs_sequence_number_by_number(visitor: Visitor) -> None:
    for figures in SEQUENCE:
        found = visitor.get("neuron")
        assert found["points"][found["settings"]["turn"]] == figures.pop("point")
        for name, value in figures.items():
            assert found[name] == pytest.approx(value), name
        visitor.do("neuron-step")
        after = visitor.get("neuron")
        assert {f"old.{name}": after[f"old.{name}"] for name in figures if "next" not in name} == pytest.approx(
            {f"old.{name}": found[name] for name in figures if "next" not in name}
        )
        assert (after["w"], after["b"]) == (found["next.w"], found["next.b"])


def test_the_labs_line(visitor: Visitor) -> None:
    found = visitor.get("neuron")
    assert (found["solved.w"], found["solved.b"], found["solved.loss"]) == (2, 1, 0)
    assert (found["lowest.w"], found["lowest.b"]) == (2, 1)


coordinate = some.floats(-50, 50)


@rarely
@given(
    taught=some.lists(some.tuples(coordinate, coordinate), min_size=1, max_size=6),
    w=some.floats(-1e4, 1e4),
    b=some.floats(-1e4, 1e4),
    loss=some.sampled_from(["squared", "absolute"]),
    teach=some.sampled_from(["turns", "all"]),
)
def test_forward_and_gradients_equal_autograd(
    visitor: Visitor, taught: list[tuple[float, float]], w: float, b: float, loss: str, teach: str
) -> None:
    visitor.do("start-over")
    visitor.do("neuron-point", index=1, remove=True)
    visitor.do("neuron-point", index=0, x=taught[0][0], y=taught[0][1])
    for x, y in taught[1:]:
        visitor.do("neuron-point", x=x, y=y)
    visitor.do("neuron-settings", turn=0)
    visitor.do("neuron-initialise", w=w, b=b)
    visitor.do("neuron-settings", loss=loss, teach=teach)
    found = visitor.get("neuron")
    weight, bias = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (w, b))
    x, y = torch.tensor(found["points"], dtype=torch.float64).T
    said = weight * x + bias
    lesson = slice(None) if teach == "all" else slice(0, 1)
    total = THEIRS[loss](said[lesson], y[lesson])
    total.backward()
    assert found["predictions"] == pytest.approx(said.tolist(), rel=1e-9, abs=1e-9)
    assert found["loss"] == pytest.approx(total.item(), rel=1e-9, abs=1e-9)
    assert weight.grad is not None
    assert bias.grad is not None
    assert (found["grad.w"], found["grad.b"]) == pytest.approx(
        (weight.grad.item(), bias.grad.item()), rel=1e-9, abs=1e-9
    )


def test_equal_x_gets_a_reason(visitor: Visitor) -> None:
    found = act(visitor, [("point", {"index": 0, "x": 1.0})])
    assert found["solved.w"] is None
    assert found["lowest.w"] is None
    assert "divided by 0" in found["reason"]
    response = visitor.send("neuron-solve")
    assert response.status_code == 422
    assert "divided by 0" in response.json()["error"]["sentence"]
    assert visitor.get("neuron")["points"] == found["points"]


def test_numbers_that_json_cannot_say_are_null_and_named(visitor: Visitor) -> None:
    found = act(visitor, [("settings", {"rate": 1e38}), ("step", {"steps": 12})])
    assert found["w"] is None
    assert found["not_finite"]["neuron:w"] == "nan"
    assert "It diverged" in found["sentence"]


@pytest.mark.parametrize(
    ("action", "fields", "sentence"),
    [
        ("step", {"steps": 0}, "steps: a whole number from 1 to 1000."),
        ("step", {"point": 5}, "There is no such point: they are counted from 0 to 1."),
        ("initialise", {"w": 1e7}, "w: a number from −1000000 to 1000000."),
        ("settings", {"rate": 0}, "rate: a number over 0, at most 1e+38."),
        ("settings", {"loss": "cubed"}, "loss: one of squared, absolute."),
        ("settings", {"turn": 2}, "There is no such point: they are counted from 0 to 1."),
        ("point", {"x": 1.0}, "A new point needs x and y."),
        ("point", {"x": "much", "y": 1.0}, "x: a number from −1000000 to 1000000."),
        ("solve", {"first": 0, "second": 3}, "There is no such point: they are counted from 0 to 1."),
        ("show", {"way": "guess"}, "way: one of descend, solve."),
    ],
)
def test_bad_input_is_refused_in_a_sentence_and_nothing_is_lost(
    visitor: Visitor, action: str, fields: dict[str, object], sentence: str
) -> None:
    visitor.do("neuron-step")
    response = visitor.send(f"neuron-{action}", **fields)
    assert response.status_code == 422
    assert response.json()["error"]["sentence"] == sentence
    assert visitor.get("neuron")["step"] == 1


def press(visitor: Visitor, action: str, mark: str, **fields: object) -> str:
    headers = {"hx-request": "true", "page-revision": mark}
    response = visitor.client.post(f"/neuron/neuron-{action}", data=fields, headers=headers)
    assert response.status_code == 200
    return response.text


def test_a_step_sends_what_changed_and_leaves_the_map(visitor: Visitor) -> None:
    mark = mark_of(visitor.page("/neuron"))
    first = press(visitor, "step", mark, steps=1)
    second = press(visitor, "step", mark_of(first), steps=1)
    assert panels(second) >= {"work", "node", "line", "path", "sentence", "curve", "answer"}
    assert not panels(second) & {"loss", "switch", "pictures", "teaching", "rates"}


def test_people_type_what_the_page_shows(visitor: Visitor) -> None:
    press(visitor, "initialise", mark_of(visitor.page("/neuron")), w="−0,5")
    assert visitor.get("neuron")["w"] == -0.5


def test_the_page_does_not_step_on_from_nan(visitor: Visitor) -> None:
    act(visitor, [("settings", {"rate": 1e38}), ("step", {"steps": 12})])
    headers = {"hx-request": "true"}
    assert visitor.client.post("/neuron/neuron-step", data={"steps": 1}, headers=headers).status_code == 409
    assert visitor.get("neuron")["step"] == 12


def test_formulas_are_mathml_with_the_numbers_put_in(visitor: Visitor) -> None:
    visitor.do("neuron-step", steps=2)
    html = visitor.page("/neuron")
    assert html.count("<math") >= 10
    written = unescape(re.sub(r"<[^>]+>", "", html))
    assert "2·(−2.800)·1" in written
    assert "0−0.1·(−5.600)" in written
