"""The referee's mark says what PyTorch says, in a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.nn.referee import LABS as JUDGED
from app.nn.referee import Agreement, Ours, compare
from app.views.labs import LABS
from app.views.moment import moment
from app.views.referee import QUESTIONS, Question
from app.web.visitors import COOKIE
from tests.conftest import Visitor
from tests.nn.walks import seeds, windows


def mark(visitor: Visitor, lab: str = "network") -> str:
    found = re.search(r'data-state="(\w+)"', visitor.client.get(f"/{lab}/referee").text)
    assert found
    return found[1]


def asked(visitor: Visitor, lab: str) -> Question:
    visitors = visitor.client.app.state.visitors  # type: ignore[attr-defined]
    session = visitors._kept[visitor.client.cookies[COOKIE]].session
    return QUESTIONS[lab](moment(session, session.head))


def judged(question: Question, lab: str) -> Agreement:
    """Judge as the referee's process does: from JSON."""
    line = json.loads(json.dumps({"given": question.given, "ours": question.ours}))
    return compare({name: Ours(*tensor) for name, tensor in line["ours"].items()}, JUDGED[lab](line["given"]))


def test_the_referee_comes_when_asked_and_agrees(visitor: Visitor) -> None:
    visitor.page()
    assert mark(visitor) == "waiting"
    deadline = time.monotonic() + 120
    while (state := mark(visitor)) == "waiting":
        assert time.monotonic() < deadline
    assert state == "ok"
    visitor.do("learning-rate", rate=1e20)
    visitor.do("label", label=4)
    visitor.do("step", steps=5)
    assert mark(visitor) == "ok"  # nan is nan on both sides
    visitor.do("convolution-kernel", seed=3)
    for lab in LABS:
        assert mark(visitor, lab) == "ok", lab


def test_without_a_session_there_is_nothing_to_judge_and_none_begins(visitor: Visitor) -> None:
    for lab in LABS:
        response = visitor.client.get(f"/{lab}/referee")
        assert "not checked yet" in response.text
        assert "set-cookie" not in response.headers


def test_every_lab_has_its_question_and_its_page_the_mark(visitor: Visitor) -> None:
    assert QUESTIONS.keys() == JUDGED.keys() == LABS.keys()
    for lab in LABS:
        assert f'hx-get="/{lab}/referee"' in visitor.page(f"/{lab}")


many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(walk=windows(), pool=windows(some.booleans()), seed=seeds, switches=some.lists(some.booleans(), min_size=4))
def test_pytorch_agrees_whatever_is_set(
    visitor: Visitor, walk: object, pool: object, seed: int, switches: list[bool]
) -> None:
    names = ("kernel_size", "stride", "padding", "dilation")
    visitor.page()
    visitor.send("convolution-settings", **{name: list(getattr(walk, name)) for name in names}, flipped=switches[0])
    visitor.send("convolution-settings", filters=1 + seed % 8, bias=switches[1])
    visitor.send("convolution-kernel", seed=seed)
    kind = "average" if switches[2] else "max"
    visitor.send("pooling-settings", **{name: list(getattr(pool, name)) for name in names}, ceil_mode=switches[3])
    visitor.send("pooling-settings", kind=kind, rectified=switches[1])
    for lab in ("convolution", "pooling"):
        question = asked(visitor, lab)
        assert question.empty or judged(question, lab).holds, question


@pytest.mark.parametrize("function", ["identity", "step", "relu", "leaky_relu", "sigmoid", "tanh"])
def test_pytorch_agrees_on_values_and_slopes(visitor: Visitor, function: str) -> None:
    visitor.page()
    visitor.do("activation-settings", function=function)
    visitor.do("activation-vector", values=[0, -0.0, 1, -1, 30, -30, 1e-9, 2.5])
    assert judged(asked(visitor, "activation"), "activation").holds


@pytest.mark.parametrize("teach", ["turns", "one", "all"])
@pytest.mark.parametrize("loss", ["squared", "absolute"])
@pytest.mark.parametrize("rate", [0.1, 1e30])
def test_pytorch_agrees_on_every_step_of_a_neuron(visitor: Visitor, teach: str, loss: str, rate: float) -> None:
    visitor.page()
    visitor.do("neuron-point", x=-1.5, y=2.5)
    visitor.do("neuron-settings", teach=teach, loss=loss, rate=rate)
    for steps in (1, 1, 5, 30):
        visitor.do("neuron-step", steps=steps)
        assert judged(asked(visitor, "neuron"), "neuron").holds


def test_a_wrong_number_is_seen(visitor: Visitor) -> None:
    visitor.page()
    for lab in LABS:
        question = asked(visitor, lab)
        for name, (shape, values) in question.ours.items():
            wrong = [None if value is None else value * 1.001 + 1 for value in values]
            changed = Question(question.given, {**question.ours, name: Ours(shape, wrong)}, "")
            found = judged(changed, lab)
            assert not found.holds, (lab, name)
            assert found.name == name


@pytest.mark.parametrize("lab", ["convolution", "pooling", "activation"])
def test_what_is_hidden_for_a_prediction_is_not_judged(visitor: Visitor, lab: str) -> None:
    visitor.page()
    visitor.do(f"{lab}-predict", on=True)
    assert asked(visitor, lab).empty
    visitor.do(f"{lab}-predict", skip=True)
    values = asked(visitor, lab).ours["output"].values
    assert [value is not None for value in values] == [True] + [False] * (len(values) - 1)


def test_what_the_convolution_hides_is_not_judged_in_its_pools(visitor: Visitor) -> None:
    visitor.page()
    visitor.do("convolution-predict", on=True)
    assert asked(visitor, "pooling").empty
    visitor.do("convolution-go", index=6)  # rows 0 and 1 of a map of 5×5, as far as the first window reads
    visitor.do("convolution-predict", skip=True)
    assert np.flatnonzero(
        [value is not None for value in asked(visitor, "pooling").ours["output"].values]
    ).tolist() == [0]


def test_the_server_itself_never_loads_torch() -> None:
    program = "import sys, app.__main__; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
