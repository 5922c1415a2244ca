"""The Activation page says what PyTorch says, and keeps to itself what is to come."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from app.nn.activation import ACTIVATIONS
from app.playground.activation import LAB, LENGTH
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.playground.writing import plain
from app.views.activation import Lines, Plot, Vector, drawn, panels
from app.views.moment import moment
from app.views.panels import Panel, words
from app.web.rendering import LONG
from tests.conftest import Visitor, mark_of
from tests.nn.test_activation import THEIRS
from tests.playground.test_session import do
from tests.web.markup import agrees, numbers

FAR = [-1e6, -40.0, -2.5, 0.0, 1e-9, 3.0, 800.0, 1e6]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(SQLiteStore(tmp_path), "visitor")


def shown(session: Session) -> dict[str, Panel]:
    return {panel.key: panel for panel in panels(moment(session, session.head))}


def said(session: Session) -> str:
    return words(shown(session)["sentence"].sentence)  # type: ignore[attr-defined]


def plot(session: Session) -> Plot:
    panel = shown(session)["plot"]
    assert isinstance(panel, Plot)
    return panel


def theirs(name: str, values: list[float]) -> tuple[list[float], list[float]]:
    """Return PyTorch's values and autograd's slopes."""
    x = torch.tensor(values, dtype=torch.float64, requires_grad=True)
    output = THEIRS[name](x)
    output.backward(torch.ones_like(x))
    assert x.grad is not None
    return output.tolist(), x.grad.tolist()


def walk(session: Session, function: str = "relu", index: int = LENGTH - 1, values: list[float] | None = None) -> None:
    session.act(do("activation-settings", function=function))
    if values:
        session.act(do("activation-vector", values=values))
    session.act(do("activation-go", index=index))


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [list(LAB), FAR], ids=["lab", "far"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_numbers_are_pytorchs(session: Session, name: str, values: list[float]) -> None:
    walk(session, name, values=values)
    table = shown(session)["vector"]
    assert isinstance(table, Vector)
    outputs, slopes = theirs(name, values)
    assert [row.x for row in table.rows] == values
    assert np.allclose([row.output for row in table.rows], outputs, 1e-9, 1e-9)  # type: ignore[arg-type]
    assert np.allclose([row.slope for row in table.rows], slopes, 1e-9, 1e-9)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_number_in_the_page_has_its_address_and_is_right(visitor: Visitor, name: str) -> None:
    visitor.do("activation-settings", function=name)
    visitor.do("activation-go", index=LENGTH - 1)
    html = visitor.page("/activation")
    outputs, slopes = theirs(name, list(LAB))
    true = {f"activation:output[{i}]": value for i, value in enumerate(outputs)}
    true |= {f"activation:slope[{i}]": value for i, value in enumerate(slopes)}
    true |= {f"activation:vector[{i}]": value for i, value in enumerate(LAB)}
    found = numbers(html)
    assert {at for at, _ in found} >= {at for at in true if "vector" not in at}
    for at, text in found:
        assert agrees(text, true[at]), at
    fields = re.findall(r'<input [^>]*value="([^"]+)" data-at="([^"]+)"', html)
    assert [at for _, at in fields] == [f"activation:vector[{i}]" for i in range(LENGTH)]
    assert all(agrees(text, true[at]) for text, at in fields)


@pytest.mark.parametrize("reach", [2.0, 10.0, 1e6])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_curves_are_drawn_from_the_function(name: str, reach: float) -> None:
    for path, which in zip(drawn(name, reach), (0, 1), strict=True):
        points = [tuple(map(float, point.split())) for point in re.split("[ML]", path)[1:]]
        away = [(x, y) for x, y in points if x]  # at 0 step and bends belong to one side
        assert np.allclose([y for _, y in away], theirs(name, [x for x, _ in away])[which], 1e-4, 1e-4)
        assert points[0][0] == -reach
        assert points[-1][0] == reach
        jumps = (name == "step" and which == 0) or ("relu" in name and which == 1)
        assert path.count("M") == 1 + jumps


def test_the_dots_are_the_numbers_that_were_passed_and_the_marker_the_present_one(session: Session) -> None:
    walk(session, index=4)
    panel = plot(session)
    assert panel.reach == 2
    assert [tick.text for tick in panel.ticks] == ["−2", "−1", "0", "1", "2"]
    for x, (across, down) in zip(LAB, panel.value.dots, strict=False):
        assert across == pytest.approx(50 + 25 * x, abs=0.01)
        assert down == pytest.approx(50 - 25 * max(x, 0), abs=0.01)
    assert len(panel.value.dots) == len(panel.slope.dots) == 4
    assert panel.at == pytest.approx(50 + 25 * LAB[4], abs=0.01)
    assert panel.value.marker == pytest.approx(50 - 25 * LAB[4], abs=0.01)
    assert panel.slope.marker == pytest.approx(100 * 0.2 / 1.4, abs=0.01)


@pytest.mark.parametrize(("most", "reach"), [(2, 2), (2.01, 5), (-7, 10), (20, 20), (1e6, 1e6)])
def test_the_axes_widen_to_the_next_round_number(session: Session, most: float, reach: float) -> None:
    walk(session, "identity", values=[most, *LAB[1:]])
    panel = plot(session)
    assert panel.reach == panel.value.high == reach
    assert all(0 <= place <= 100 for dot in (*panel.value.dots, *panel.slope.dots) for place in dot)
    session.act(do("activation-settings", function="tanh"))
    assert plot(session).value.high == 2  # nothing of it lies above


# --- what is to come, and what is hidden -----------------------------------------------------------------------------


def test_what_is_to_come_is_masked(session: Session) -> None:
    walk(session, "tanh", index=3)
    table, panel = shown(session)["vector"], plot(session)
    assert isinstance(table, Vector)
    assert [row.output is None for row in table.rows] == [False] * 4 + [True] * 4
    assert [row.slope is None for row in table.rows] == [False] * 4 + [True] * 4
    assert len(panel.value.dots) == 3


def test_by_beat_the_value_comes_last(session: Session) -> None:
    session.act(do("activation-go", by_beat=True))
    for words_forward, marker in (("max(0, x)", False), ("max(0, −1.024) =", False), ("max(0, −1.024) =", True)):
        lines = shown(session)["lines"]
        assert isinstance(lines, Lines)
        assert lines.forward.words == words_forward
        assert (lines.forward.result == "0") == marker
        assert (plot(session).value.marker is not None) == marker
        session.act(do("activation-step"))


@pytest.mark.parametrize("name", ["leaky_relu", "sigmoid", "tanh"])
def test_a_hidden_value_is_nowhere(visitor: Visitor, name: str) -> None:
    visitor.do("activation-settings", function=name)
    visitor.do("activation-predict", on=True)
    outputs, slopes = theirs(name, list(LAB))
    answer = ""
    for index in range(LENGTH):
        html = visitor.page("/activation")
        for text in (html, answer):
            assert f"activation:output[{index}]" not in text
            assert f"activation:slope[{index}]" not in text
            assert 'circle class="now"' not in text
        for value in (outputs[index], slopes[index]):
            written = re.escape(plain(value, 3))
            assert value in (1, LAB[index]) or not re.search(rf"(?<![\d.−]){written}(?!\d)", html)
        assert html.count("<circle") == 2 * index
        assert 'class="at"' in html
        visitor.do("activation-predict", value=0.5)
        html = visitor.page("/activation")
        assert plain(outputs[index], 3) in html
        headers = {"hx-request": "true", "page-revision": mark_of(html)}
        answer = visitor.client.post("/activation/activation-step", headers=headers).text


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "x", "says"),
    [
        ("relu", LAB[6], "Number 6: ReLU of −1.492 is 0, and its slope is 0: no gradient gets back through here."),
        ("relu", 0, "Number 6: ReLU of 0 is 0, and its slope is 0: no gradient gets back through here."),
        ("relu", 0.5, "Number 6: ReLU of 0.500 is 0.500, and its slope is 1: all of the gradient gets back."),
        ("step", 3, "Number 6: step of 3 is 1, and its slope is 0: no gradient gets back through here."),
        ("tanh", 40, "Number 6: tanh of 40 is 1, and its slope is 0: no gradient gets back through here."),
        ("sigmoid", -20, "Number 6: sigmoid of −20 is 0.000, and its slope is 0.000: next to nothing gets back."),
        ("leaky_relu", -1, "Number 6: leaky ReLU of −1 is −0.010, and a gradient comes back times 0.010."),
    ],
)
def test_the_sentence_says_what_the_slope_does(session: Session, function: str, x: float, says: str) -> None:
    session.act(do("activation-vector", index=6, value=x))
    walk(session, function, index=6)
    assert said(session) == says
    assert len(says) <= LONG


def test_the_three_lines(session: Session) -> None:
    walk(session, index=6)
    lines = shown(session)["lines"]
    assert isinstance(lines, Lines)
    assert [f"{line.words} {line.result}" for line in (lines.forward, lines.slope, lines.backward)] == [
        "max(0, −1.492) = 0",
        "x < 0, so 0",
        "whatever comes × 0 = 0",
    ]
    walk(session, "tanh", index=6)
    assert shown(session)["lines"].slope.words == "1 − (−0.904)² ="  # type: ignore[attr-defined]


def test_a_slope_of_zero_is_hatched(visitor: Visitor) -> None:
    visitor.do("activation-go", index=LENGTH - 1)
    hatched = re.findall(r'data-at="activation:slope\[(\d)\]" data-mark="hatch"', visitor.page("/activation"))
    assert [int(index) for index in hatched] == [index for index, x in enumerate(LAB) if x <= 0]


# --- the vector ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "source", "first"),
    [
        ({"index": 0, "value": "−0.5"}, "typed", -0.5),
        ({"values": "1 2 3, 4, 5\n6 7 8"}, "typed", 1.0),
        ({"seed": "3"}, "drawn", 1.7886284734303186),
        ({"source": "lab"}, "lab", LAB[0]),
    ],
)
def test_a_form_changes_the_vector(visitor: Visitor, fields: dict[str, str], source: str, first: float) -> None:
    visitor.do("activation-vector", seed=1)
    answer = visitor.client.post("/activation/activation-vector", data=fields, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert re.search(rf'id="source-{source}"[^>]*aria-pressed="true"', answer.text)
    assert agrees(re.findall(r'value="([^"]+)" data-at="activation:vector\[0\]"', answer.text)[0], first)


def test_a_vector_that_is_none_is_refused_in_words(visitor: Visitor) -> None:
    for values in ("1 2 3", "one two"):
        answer = visitor.client.post(
            "/activation/activation-vector", data={"values": values}, headers={"hx-request": "true"}
        )
        assert answer.status_code == 422
        assert "values: a list of 8 numbers" in answer.text
