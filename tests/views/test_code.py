"""The code beside the picture is true: run by itself, it comes to the numbers of the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.nn.activation import ACTIVATIONS
from app.nn.neuron import through, updated
from app.playground.actions import Action
from app.playground.classifier import worked as classified
from app.playground.convolution import worked as convolved
from app.playground.pooling import pooled
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.playground.writing import plain
from app.views.code import code
from app.views.code.writing import Code, number
from app.views.moment import Moment, moment
from app.views.neuron.work import shown
from tests.playground.deeds import do
from tests.playground.editor import Editor
from tests.playground.test_session import actions, concrete
from tests.views.python import Python

VOICES = ("python", "numpy", "torch")
LABS = ("network", "convolution", "pooling", "activation", "neuron", "classifier")
TELL = """
import json, numpy, torch
def told(value):
    return numpy.asarray(value.detach() if isinstance(value, torch.Tensor) else value, float).ravel().tolist()
print(json.dumps({{name: told(value) for name, value in {{{}}}.items()}}))
"""
Numbers = dict[str, Any]
"""What is found by an expression, and what it is to be."""


@pytest.fixture(scope="module")
def python() -> Iterator[Python]:
    with Python() as python:
        yield python


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    store = SQLiteStore(tmp_path)
    yield Session(store, "somebody")
    store.close()


def after(session: Session, *done: Action) -> Moment:
    for action in done:
        session.act(action)
    return moment(session, session.head)


# --- what the code of each lab is to come to -------------------------------------------------------------------------


def _network(now: Moment, voice: str) -> Numbers:
    view, net = now.state.view, now.table.network
    grad = now.back.parameters
    if view.show == "ledger":
        last = net.before and net.taught
        old = net.before if last else net.parameters
        gradient = now.lesson.backward.parameters if now.lesson else grad
        new = {name: old[name] - np.float32(net.stride if last else net.rate) * gradient[name] for name in NAMES}
        return new if voice == "torch" else {"new": new[view.ledger.layer]}
    forward = {"loss": now.run.loss, ("y" if voice == "torch" else "logits"): now.run.logits}
    if voice == "torch":
        slopes = {f"{name}.grad": grad[name] for name in NAMES}
        return forward | slopes | {name: net.parameters[name] - np.float32(net.rate) * grad[name] for name in NAMES}
    if view.show == "values":
        return forward
    return {"g": now.back.logits, "flat_grad": now.back.flat} | {f"{NAMES[name]}_grad": grad[name] for name in NAMES}


NAMES = {"conv.weight": "conv_w", "conv.bias": "conv_b", "fc.weight": "fc_w", "fc.bias": "fc_b"}


def _convolution(now: Moment, voice: str) -> Numbers:
    found = convolved(now.table.convolution, now.table.digit).output
    return {"out": found.flat[now.state.view.convolution.on(found.size).index]}


def _pooling(now: Moment, voice: str) -> Numbers:
    found = pooled(now.table.pooling, now.table.convolution, now.table.digit).output
    return {"out": found.flat[now.state.view.pooling.on(found.size).index]}


def _activation(now: Moment, voice: str) -> Numbers:
    lab, at = now.table.activation, now.state.view.activation.index
    function = ACTIVATIONS[lab.function]
    which = "" if voice == "python" else "[i]"
    return {f"out{which}": function.forward(lab.array)[at], f"slope{which}": function.derivative(lab.array)[at]}


def _neuron(now: Moment, voice: str) -> Numbers:
    lab = now.table.neuron
    if now.state.view.neuron.way == "solve":
        w, b = through(*lab.array[list(lab.pair or ())].tolist())
        return {"w": w, "b": b}
    step = shown(lab)
    w, b = updated(step.line, step.run.grad, lab.rate)
    return {"loss": step.run.loss, "w": w, "b": b}


def _classifier(now: Moment, voice: str) -> Numbers:
    lab, at = now.table.classifier, now.state.view.classifier.open
    found, old = classified(lab, now.table.digit), lab.parameters
    slopes = found.back.parameters
    return {
        f"z[{at}]": found.run.logits[at],
        "loss": found.run.loss,
        "w": old.weight[at] - lab.rate * lab.weight.requires_grad * slopes.weight[at],
        "b": old.bias[at] - lab.rate * lab.bias.requires_grad * slopes.bias[at],
    }


WANTED: dict[str, Callable[[Moment, str], Numbers]] = {
    "network": _network,
    "convolution": _convolution,
    "pooling": _pooling,
    "activation": _activation,
    "neuron": _neuron,
    "classifier": _classifier,
}


def comes_true(python: Python, now: Moment, lab: str, voice: str) -> None:
    """Run the code of a lab, and hold what it comes to, and its comments, against the page."""
    made = code(now, lab, voice)
    if not made.lines:
        return
    wanted = WANTED[lab](now, voice)
    if not all(np.isfinite(value).all() for value in wanted.values()):
        return
    script = "\n".join(made.lines)
    literals = [abs(float(found)) for found in re.findall(r"\d+\.?\d*(?:e[+-]?\d+)?", script)]
    if max(literals) > (50 if lab == "network" else 1e9):
        return  # rounding alone decides there
    said = dict(re.findall(r"^(\w+(?:\[\d+\])?) = .*  # (−?[\d.e]+)$", script, re.MULTILINE))
    names = ", ".join(f"{name!r}: {name}" for name in {*wanted, *said})
    found = json.loads(python.runs(script + TELL.format(names)))
    tolerance = 1e-5 if lab == "network" else 1e-9 * max(1, *literals)
    for name, value in wanted.items():
        np.testing.assert_allclose(
            found[name], np.ravel(value), rtol=tolerance, atol=tolerance, err_msg=f"{lab} {voice} {name}\n{script}"
        )
    for name, words in said.items():
        assert abs(float(words.replace("−", "-")) - found[name][0]) <= 0.0006 * max(1, abs(found[name][0])), script


# --- it is true ------------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(done=some.lists(actions, max_size=30))
def test_the_code_of_any_session_comes_to_the_numbers_of_the_page(
    python: Python, tmp_path_factory: pytest.TempPathFactory, done: list[Action]
) -> None:
    store = SQLiteStore(tmp_path_factory.mktemp("store"))
    session, editor = Session(store, "s"), Editor()
    for action in done:
        wanted = concrete(action, editor)
        if editor.act(wanted):
            session.act(wanted)
    for lab in LABS:
        for voice in VOICES:
            comes_true(python, moment(session, session.head), lab, voice)
    store.close()


SHOWN: dict[str, list[list[Action]]] = {
    "network": [
        *[[do("step", steps=3), do("show", voices=voices)] for voices in ("values", "gradients", "both", "ledger")],
        *[[do("show", voices="backward"), do("backward-go", stage=stage)] for stage in range(6)],
        *[[do("show", voices="ledger"), do("ledger", layer=layer), do("step")] for layer in NAMES],
        [do("clear")],
        [do("load", name="four"), do("step", steps=50)],
    ],
    "convolution": [
        [do("convolution-go", index=13, by_beat=True)],
        [do("convolution-settings", stride=2, dilation=2, padding=2, bias=True, flipped=True), do("convolution-step")],
        [do("convolution-image", sample="lab"), do("convolution-settings", kernel_size=[2, 3], padding=[0, 1])],
        [do("convolution-settings", filters=3), do("convolution-kernel", seed=4), do("convolution-go", to="end")],
    ],
    "pooling": [
        [do("pooling-settings", kind=kind, ceil_mode=True, padding=padding, kernel_size=3), do("pooling-go", to=to)]
        for kind in ("max", "average")
        for padding in (0, 1)
        for to in ("start", "end")
    ],
    "activation": [
        [do("activation-settings", function=name), do("activation-go", index=index), do("activation-step")]
        for name in ACTIVATIONS
        for index in (0, 4)
    ],
    "neuron": [
        [do("neuron-settings", loss=loss, teach=teach), do("neuron-step", steps=3)]
        for loss in ("squared", "absolute")
        for teach in ("turns", "one", "all")
    ]
    + [[do("neuron-show", way="solve")], [do("neuron-point", index=1, x=0.1, y=-1e-5)]],
    "classifier": [
        [
            do("classifier-initialise", start=start, seed=3),
            do("classifier-settings", twice=twice),
            do("classifier-step"),
        ]
        for start in ("zeros", "normal", "linear")
        for twice in (True, False)
    ]
    + [[do("classifier-autograd", weight=False)], [do("classifier-show", open=7), do("label", label=7)]],
}


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("voice", VOICES)
def test_the_code_of_every_lab_comes_to_its_numbers_whatever_is_shown(
    python: Python, tmp_path: Path, lab: str, voice: str
) -> None:
    for at, done in enumerate(SHOWN[lab]):
        store = SQLiteStore(tmp_path / str(at))
        now = after(Session(store, "s"), *done)
        assert code(now, lab, voice).lines
        comes_true(python, now, lab, voice)
        store.close()


def test_a_number_is_written_so_that_it_reads_back_to_itself() -> None:
    for value in (0.1, -1 / 3, 1e-7, 123456789.25, 3.0, -0.0, np.float32(0.1), np.float32(-1e-9)):
        assert eval(number(value)) == (value if isinstance(value, float) else pytest.approx(float(value), rel=1e-7))
    assert number(np.float32(0.1)) == "0.1"
    assert np.isnan(eval(number(np.nan)))


# --- what is lit, and what is not told -------------------------------------------------------------------------------


def lit(made: Code) -> list[str]:
    return [made.lines[at].split("  #")[0].strip() for at in made.lit]


def test_the_lit_line_follows_the_beats(session: Session) -> None:
    after(session, do("convolution-go", index=12, by_beat=True))
    seen = [lit(code(after(session, do("convolution-step")), "convolution", "numpy")) for _ in range(3)]
    assert [line[0].split(" = ")[0] for line in seen] == ["window", "products", "out"]


def test_a_result_stands_in_a_comment_once_it_is_there(session: Session) -> None:
    now = after(session, do("convolution-go", index=12, by_beat=True), do("convolution-step"))
    assert not [line for line in code(now, "convolution", "python").lines if line.startswith("out =") and "#" in line]
    now = after(session, do("convolution-step"), do("convolution-step"))
    assert code(now, "convolution", "python").lines[-1] == f"out = total  # {plain(4.0, 3)}"


def test_the_lit_line_follows_the_walk_back_and_tells_its_number(session: Session) -> None:
    now = after(session, do("show", voices="backward"), do("backward-go", stage=3))
    assert lit(code(now, "network", "numpy")) == ["relu_grad[range(4), conv.clip(0).argmax(1)] = flat_grad"]
    made = code(now, "network", "python")
    assert "# grad.relu[0,0,0] = " in made.lines[made.lit[-1]]
    assert lit(code(now, "network", "torch")) == ["loss.backward()"]


def test_the_lit_line_follows_the_switch(session: Session) -> None:
    lines = {"values": "loss = F.cross_entropy(y, label)", "both": "loss.backward()", "ledger": "optimizer.step()"}
    for voices, line in lines.items():
        assert lit(code(after(session, do("show", voices=voices)), "network", "torch")) == [line]


def test_the_neuron_lights_the_update_once_it_was_made(session: Session) -> None:
    assert lit(code(after(session), "neuron", "python")) == ["loss = gap * gap"]
    assert len(lit(code(after(session, do("neuron-step")), "neuron", "python"))) == 2


@pytest.mark.parametrize("lab", ["convolution", "pooling", "activation"])
def test_no_code_while_a_prediction_hides_the_value(session: Session, lab: str) -> None:
    hidden = after(session, do(f"{lab}-predict", on=True))
    assert code(hidden, lab, "python").lines == ()
    assert code(after(session, do(f"{lab}-predict", skip=True)), lab, "python").lines


def test_no_code_of_what_another_lab_hides(session: Session) -> None:
    now = after(session, do("pooling-settings", rectified=False), do("convolution-predict", on=True))
    assert code(now, "pooling", "python").lines == ()


def test_no_code_where_there_is_nothing_to_compute(session: Session) -> None:
    done = [do("convolution-settings", kernel_size=5, padding=0), do("neuron-point", index=1, x=0.0, y=3.0)]
    now = after(session, *done, do("neuron-show", way="solve"))
    assert code(now, "pooling", "numpy").lines == ()
    assert code(now, "neuron", "numpy").lines == ()


def test_the_code_is_short(session: Session) -> None:
    now = after(session, do("step", steps=3), do("show", voices="both"))
    for lab in LABS:
        for voice in VOICES:
            made = code(now, lab, voice).lines
            assert len(made) <= 21, (lab, voice)
            assert sum(map(len, made)) < 3000, (lab, voice)
