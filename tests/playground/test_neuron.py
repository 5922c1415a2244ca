"""What can be done to the neuron, and what comes of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.nn.neuron import Line
from app.playground.errors import Full, Invalid, OutOfRange, Refusal
from app.playground.neuron import MOST_POINTS, Neuron
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.playground.state import opening, pack, unpack
from tests.playground.deeds import do


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(SQLiteStore(tmp_path), "visitor")


def act(session: Session, *deeds: tuple[str, dict[str, object]]) -> Neuron:
    for action, fields in deeds:
        session.act(do(f"neuron-{action}", **fields))
    return session.table(session.head).neuron


def test_the_points_take_turns_and_each_step_leaves_loss_w_and_b(session: Session) -> None:
    lab = act(session, ("step", {"steps": 3}))
    assert lab.line == pytest.approx((0.56, 0.808))
    assert lab.before == pytest.approx((0.56, 0.76))
    assert (lab.turn, lab.taught, lab.step) == (1, 0, 3)
    records = session.losses(session.head, "neuron")
    assert records == pytest.approx(np.array([[5, 0, 0], [4.24, 0, 0.2], [1.44, 0.56, 0.76]]))


def test_ten_steps_are_ten_times_one(session: Session, tmp_path: Path) -> None:
    other = Session(SQLiteStore(tmp_path / "other"), "other")
    assert act(session, ("step", {"steps": 10})) == act(other, *[("step", {})] * 10)


def test_a_chosen_point_is_taught_alone_and_then_the_one_after_it(session: Session) -> None:
    lab = act(session, ("step", {"point": 1}))
    assert lab.line == pytest.approx((0.6, 0.6))
    assert (lab.taught, lab.turn) == (1, 0)
    lab = act(session, ("settings", {"teach": "one", "turn": 1}), ("step", {"steps": 5}))
    assert (lab.taught, lab.turn) == (1, 1)


def test_all_points_at_once_follow_the_mean(session: Session) -> None:
    lab = act(session, ("settings", {"teach": "all"}), ("step", {}))
    assert lab.line == pytest.approx((0.3, 0.4))
    assert lab.taught is None
    assert lab.before == (0, 0)


def test_what_is_set_by_hand_is_a_new_start_and_reset_leads_back_to_it(session: Session) -> None:
    lab = act(session, ("step", {"steps": 4}), ("initialise", {"w": -3}))
    assert lab.line == lab.start == (-3, pytest.approx(1.1344))
    assert (lab.step, lab.turn, lab.before) == (0, 0, None)
    assert len(session.losses(session.head, "neuron")) == 0
    lab = act(session, ("step", {"steps": 2}), ("initialise", {}))
    assert lab.line == (-3, pytest.approx(1.1344))


def test_the_solution_is_taken_over_and_the_start_stays(session: Session) -> None:
    lab = act(session, ("step", {}), ("solve", {}))
    assert lab.line == (2, 1)
    assert lab.step == 0
    lab = act(session, ("step", {"steps": 6}))
    assert lab.line == (2, 1)  # both gradients are 0
    assert act(session, ("initialise", {})).line == (0, 0)


def test_any_two_points_can_be_solved_for(session: Session) -> None:
    act(session, ("point", {"x": 3.0, "y": 0.0}))
    assert act(session, ("solve", {"first": 2, "second": 1})).line == (-1.5, 4.5)
    assert act(session, ("settings", {"turn": 2}), ("solve", {})).line == pytest.approx((-1 / 3, 1))


def test_equal_x_and_a_single_point_have_no_solution_but_a_reason(session: Session) -> None:
    act(session, ("point", {"index": 0, "x": 1.0}))
    with pytest.raises(OutOfRange, match="divided by 0"):
        act(session, ("solve", {}))
    act(session, ("point", {"index": 1, "remove": True}))
    with pytest.raises(OutOfRange, match="as many lines as you like"):
        act(session, ("solve", {}))


def test_points_are_added_moved_and_taken_away(session: Session) -> None:
    lab = act(session, ("point", {"x": 2.0, "y": 4.0}), ("point", {"index": 0, "y": -1.0}))
    assert lab.points == ((0, -1), (1, 3), (2, 4))
    assert lab.turn == 0
    lab = act(session, ("settings", {"turn": 2}), ("point", {"index": 2, "remove": True}))
    assert lab.points == ((0, -1), (1, 3))
    assert lab.turn == 1


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"x": 1.0}, Invalid),
        ({"remove": True}, Invalid),
        ({"index": 2, "x": 1.0}, OutOfRange),
        ({"index": 5, "remove": True}, OutOfRange),
    ],
)
def test_points_that_cannot_be(session: Session, fields: dict[str, object], kind: type[Refusal]) -> None:
    with pytest.raises(kind):
        act(session, ("point", fields))
    assert session.head == 0


def test_there_is_always_a_point_and_never_too_many(session: Session) -> None:
    for place in range(MOST_POINTS - 2):
        act(session, ("point", {"x": float(place), "y": 0.0}))
    with pytest.raises(Full, match="room for 6 points"):
        act(session, ("point", {"x": 9.0, "y": 0.0}))
    for _ in range(MOST_POINTS - 1):
        act(session, ("point", {"index": 0, "remove": True}))
    with pytest.raises(OutOfRange, match="One point has to stay"):
        act(session, ("point", {"index": 0, "remove": True}))


def test_whatever_else_is_changed_the_last_step_is_no_longer_shown(session: Session) -> None:
    for action, fields in (
        ("settings", {"rate": 0.2}),
        ("settings", {"loss": "absolute"}),
        ("settings", {"teach": "all"}),
        ("settings", {"turn": 0}),
        ("point", {"index": 1, "x": 5.0}),
        ("point", {"x": 2.0, "y": 2.0}),
    ):
        assert act(session, ("step", {"steps": 2})).before is not None
        assert act(session, (action, fields)).before is None


def test_undo_scrubbing_and_start_over_serve_it_as_every_lab(session: Session) -> None:
    act(session, ("step", {"steps": 3}), ("step", {"steps": 4}))
    session.act(do("rewind", revision=2, step=2, lab="neuron"))
    assert session.table(session.head).neuron.line == pytest.approx((0.56, 0.76))
    for step in (3, 7):
        session.act(do("redo"))
        assert session.table(session.head).neuron.step == step
    assert session.described(session.head).words == "4 steps, neuron"
    session.act(do("start-over"))
    assert session.table(session.head).neuron == Neuron()
    session.act(do("undo"))
    assert session.table(session.head).neuron.step == 7


def test_the_labs_do_not_touch_each_other(session: Session) -> None:
    session.act(do("step"))
    act(session, ("step", {"steps": 2}), ("initialise", {}))
    assert session.table(session.head).network.step == 1
    assert len(session.losses(session.head)) == 1


def test_looking_is_no_change(session: Session) -> None:
    act(session, ("step", {}), ("show", {"way": "solve"}), ("show", {"plot": "loss"}))
    view = session.view(session.head).neuron
    assert (view.way, view.plot) == ("solve", "loss")
    session.act(do("undo"))
    assert session.table(session.head).neuron == Neuron()
    assert session.view(session.head).neuron == view


def test_a_snapshot_holds_what_is_not_finite(session: Session) -> None:
    act(session, ("settings", {"rate": 1e38}), ("step", {"steps": 12}))
    table = session.table(session.head)
    assert not table.neuron.finite
    again = unpack(pack(table))
    assert again
    assert repr(again.neuron) == repr(table.neuron)
    assert again.network == opening().network
    with pytest.raises(OutOfRange, match="not finite"):
        act(session, ("initialise", {"w": 1}))
    assert act(session, ("initialise", {"w": 1, "b": 2})).line == Line(1, 2)
