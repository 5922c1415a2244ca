"""The Classifier lab on the table: first weights, steps, typed numbers, autograd by hand, and what is seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.nn.classifier import PARAMETERS, WEIGHTS, ZEROS, descend, normal, uniform
from app.nn.digits import SAMPLES
from app.playground.actions import Action
from app.playground.classifier import Classifier
from app.playground.errors import Invalid, NothingThere
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.playground.state import opening, pack
from tests.playground.deeds import do


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(SQLiteStore(tmp_path), "visitor")


def act(session: Session, *actions: Action) -> Classifier:
    for action in actions:
        session.act(action)
    return session.table(session.head).classifier


def test_it_opens_with_zeros_and_takes_no_room_in_a_snapshot() -> None:
    assert opening().classifier.parameters == ZEROS
    assert b"classifier" not in pack(opening())


def test_first_weights_come_from_numpy_and_from_pytorch(session: Session) -> None:
    assert act(session, do("classifier-initialise", start="normal", seed=3)).parameters == normal(3)
    assert act(session, do("classifier-initialise", start="linear", seed=7)).parameters == uniform(7)
    assert act(session, do("classifier-initialise", start="zeros")).parameters == ZEROS


def test_steps_are_those_of_the_numbers_floor_and_leave_their_losses(session: Session) -> None:
    begun = do("classifier-initialise", start="normal", seed=1)
    lab = act(session, begun, do("classifier-step", steps=3), do("classifier-step"))
    expected = descend(normal(1), SAMPLES["zero"], 0.1, 4)
    assert lab.parameters == expected.parameters
    assert lab.old == expected.before
    assert lab.step == 4
    assert session.losses(session.head, "classifier").tolist() == expected.losses.tolist()
    assert lab.weight.grad == expected.gradient.weight.tobytes()  # as PyTorch leaves it after the step


def test_a_place_inside_of_ten_steps_is_reached(session: Session) -> None:
    act(session, do("classifier-initialise", start="normal", seed=1), do("classifier-step", steps=10))
    lab = act(session, do("rewind", revision=2, step=4, lab="classifier"))
    assert lab.parameters == descend(normal(1), SAMPLES["zero"], 0.1, 4).parameters
    assert session.described(session.head).words == "4 steps, classifier"


def test_steps_here_leave_the_network_and_its_curve_alone(session: Session) -> None:
    act(session, do("step", steps=2), do("classifier-step", steps=3))
    assert len(session.losses(session.head, "network")) == 2
    assert len(session.losses(session.head, "classifier")) == 3
    assert session.table(session.head).network.step == 2


def test_typed_weights_begin_anew_and_reset_brings_them_back(session: Session) -> None:
    weight = np.arange(WEIGHTS, dtype=float).reshape(10, 25)
    typed = act(session, do("classifier-weights", weight=weight.tolist()))
    assert (typed.parameters.weight == weight).all()
    assert (typed.parameters.bias == 0).all()
    after = act(session, do("classifier-step"), do("classifier-initialise", start="typed"))
    assert (after.parameters, after.step, after.start) == (typed.parameters, 0, "typed")


def test_reset_is_there_once_anything_was_done(session: Session) -> None:
    assert act(session).fresh
    assert not act(session, do("classifier-number", output=0, value=1.0)).fresh
    assert act(session, do("classifier-initialise", start="normal", seed=3)).fresh
    assert not act(session, do("classifier-autograd", call="backward")).fresh


def test_one_number_is_changed_and_the_steps_go_on(session: Session) -> None:
    lab = act(
        session,
        do("classifier-step"),
        do("classifier-number", output=3, input=24, value=-2.5),
        do("classifier-number", output=3, value=7.0),
    )
    assert lab.parameters.weight[3, 24] == -2.5
    assert lab.parameters.bias[3] == 7
    assert lab.step == 1
    assert session.described(session.head).words == "bias[3], classifier"


def test_a_number_sent_back_as_it_was_shown_changes_nothing(session: Session) -> None:
    """A field holds two decimals: Enter in it is not to round the weight."""
    act(session, do("classifier-initialise", start="normal", seed=1))
    head = session.head
    act(session, do("classifier-number", output=0, input=0, value=1.62, shown=1.62))
    assert session.head == head


def test_dark_weights_stand_still_lit_ones_move(session: Session) -> None:
    lab = act(session, do("classifier-step"))
    lit = np.frombuffer(SAMPLES["zero"].pixels, np.uint8) == 1
    assert (lab.parameters.weight[:, lit] != 0).all()
    assert (lab.parameters.weight[:, ~lit] == 0).all()


# --- autograd ---


def grad(lab: Classifier) -> float | None:
    """What b.grad[0] holds."""
    return None if lab.bias.grad is None else float(np.frombuffer(lab.bias.grad)[0])


def test_gradients_add_up_until_zero_grad(session: Session) -> None:
    assert grad(act(session)) is None
    assert grad(act(session, do("classifier-autograd", call="backward"))) == pytest.approx(-0.9)
    assert grad(act(session, do("classifier-autograd", call="backward"))) == pytest.approx(-1.8)
    assert grad(act(session, do("classifier-autograd", call="zero_grad"))) is None
    assert act(session).parameters == ZEROS  # backward alone moves nothing


def test_the_optimizer_steps_by_what_grad_holds(session: Session) -> None:
    twice = [do("classifier-autograd", call="backward")] * 2
    lab = act(session, *twice, do("classifier-autograd", call="step"))
    assert lab.parameters.bias[0] == pytest.approx(0.18)
    assert lab.step == 0  # it is a call of its own, not a step of the curve


def test_what_requires_no_gradient_stays(session: Session) -> None:
    lab = act(session, do("classifier-autograd", weight=False), do("classifier-step"))
    assert (lab.parameters.weight == 0).all()
    assert (lab.parameters.bias != 0).all()
    assert lab.weight.grad is None
    act(session, do("classifier-autograd", bias=False))
    for action in (do("classifier-step"), do("classifier-autograd", call="backward")):
        with pytest.raises(NothingThere, match="does not require grad"):
            session.act(action)


def test_new_weights_hold_no_gradient(session: Session) -> None:
    lab = act(session, do("classifier-autograd", call="backward"), do("classifier-initialise", start="normal"))
    assert grad(lab) is None


# --- the rest ---


def test_a_look_is_no_change(session: Session) -> None:
    act(session, do("classifier-step"), do("classifier-show", open=4, shift=False), do("undo"))
    sight = session.view(session.head).classifier
    assert (sight.open, sight.shift) == (4, False)
    assert session.table(session.head) == opening()


@pytest.mark.parametrize(
    ("action", "field"),
    [
        (do("classifier-weights"), "weight"),
        (do("classifier-autograd"), "call"),
        (do("classifier-autograd", call="step", weight=True), "call"),
        (do("classifier-initialise", start="typed"), "start"),
    ],
)
def test_what_makes_no_sense_names_the_field(session: Session, action: Action, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        session.act(action)
    assert refused.value.field == field
    assert session.head == 0


@pytest.mark.parametrize(
    ("action", "name"),
    [
        (do("classifier-step"), "step 1, classifier"),
        (do("classifier-step", steps=10), "10 steps, classifier"),
        (do("classifier-initialise", start="normal", seed=2), "normal, seed 2, classifier"),
        (do("classifier-number", output=0, input=1, value=1.0), "weight[0,1], classifier"),
        (do("classifier-settings", rate=0.5), "rate 0.5, classifier"),
        (do("classifier-settings", twice=True), "softmax twice, classifier"),
        (do("classifier-weights", bias=[1.0] * 10), "weights typed, classifier"),
        (do("classifier-autograd", call="backward"), "backward()"),
        (do("classifier-autograd", weight=False), "W.requires_grad"),
    ],
)
def test_undo_names_what_it_takes_back(session: Session, action: Action, name: str) -> None:
    session.act(action)
    assert session.described(session.head).words == name


def test_the_largest_snapshot_stays_small(session: Session) -> None:
    """Numbers at random do not pack: three times 260, in half as many letters again."""
    act(
        session,
        do("classifier-weights", weight=normal(1).weight.tolist(), bias=normal(1).bias.tolist()),
        do("classifier-step"),
    )
    assert len(pack(session.table(session.head))) < 3 * 8 * PARAMETERS * 1.5
