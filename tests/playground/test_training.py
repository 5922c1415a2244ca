"""Training on a set: equal to a plain PyTorch script, in any chunks, along any branch; and lessons that come true."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own custom

from app.nn.architecture import LADDER, named
from app.nn.datasets import samples
from app.nn.digits import SAMPLES
from app.nn.optimiser import SGD
from app.playground.actions.training import most_steps
from app.playground.errors import NothingThere, OutOfRange
from app.playground.lessons import LESSONS, LessonName
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.playground.training import RECORD, Data, Training, packed, trained, unpacked
from tests.nn.nets import built, vector
from tests.playground.deeds import do


def script(rung: str, seed: int, rate: float, momentum: float, epochs: int) -> tuple[list[float], np.ndarray]:
    """Train as anybody would in PyTorch; return the loss of each step, and the parameters."""
    whole = samples("handwriting")
    images, labels = torch.tensor(whole.images), torch.tensor(whole.labels)
    model = built(seed, LADDER[rung])
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=momentum)
    order = torch.Generator().manual_seed(seed)
    train = torch.randperm(len(images), generator=order)[: int(0.8 * len(images))]
    losses = []
    for _ in range(epochs):
        shuffled = train[torch.randperm(len(train), generator=order)]
        for batch in shuffled.split(32):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses, vector(model)


def close(ours: np.ndarray, theirs: np.ndarray) -> bool:
    return bool((np.abs(ours - theirs) <= 1e-5 * np.maximum(1, np.abs(theirs))).all())


@pytest.mark.parametrize("rate", [0.1, 0.01])
@pytest.mark.parametrize("rung", ["lab", "eight", "linear"])
def test_ten_epochs_on_handwriting_equal_a_plain_script(rung: str, rate: float) -> None:
    lab, losses = Training(net=LADDER[rung], sgd=SGD(rate, 0.9), seed=7, shuffle=7), []
    while lab.epoch < 10:
        lab, records = trained(lab, lab.steps_left)
        losses += np.frombuffer(records, RECORD)["loss"].tolist()
    theirs, parameters = script(rung, 7, rate, 0.9, 10)
    assert len(losses) == len(theirs) == lab.step == 450
    assert close(np.array(losses), np.array(theirs))
    assert close(lab.vector, parameters)


def test_steps_in_one_go_are_steps_one_by_one() -> None:
    lab = Training(net=LADDER["eight"], sgd=SGD(0.1, 0.9), data=Data(shift=True, flip=0.1), batch=100)
    at_once, records = trained(lab, 40)
    one_by_one = b""
    for _ in range(40):
        lab, record = trained(lab, 1)
        one_by_one += record
    assert lab == at_once
    assert one_by_one == records
    assert (lab.epoch, lab.seen) == (2, 1000)


def test_the_test_set_is_measured_three_times_an_epoch() -> None:
    _, records = trained(Training(), 90)
    measured = np.flatnonzero(~np.isnan(np.frombuffer(records, RECORD)["test"]))
    assert measured.tolist() == [0, 15, 30, 45, 60, 75]


def test_momentum_sleeps_at_zero_and_is_taken_up_again() -> None:
    lab, _ = trained(Training(sgd=SGD(0.1, 0.9)), 3)
    asleep, _ = trained(replace(lab, sgd=SGD(0.1)), 2)
    assert asleep.velocity == lab.velocity
    awake, _ = trained(replace(asleep, sgd=SGD(0.1, 0.9)), 1)
    assert awake.velocity != lab.velocity


def test_a_drawing_is_kept_whole() -> None:
    for digit in SAMPLES.values():
        assert unpacked(packed(digit)) == digit


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(SQLiteStore(tmp_path), "s")


def test_a_fork_replays_the_same_and_the_run_before_is_kept(session: Session) -> None:
    for action in (
        do("training-network", rung="eight"),
        do("training-step", steps=60),
        do("rewind", revision=2, step=30, lab="training"),
        do("training-settings", rate=0.5),
        do("training-step", steps=20),
    ):
        session.act(action)
    forked = session.table(session.head).training
    (left,) = session.left("training", session.head, 3)
    assert left.lab.step == 60
    assert len(np.frombuffer(left.records, RECORD)) == 60
    session.forget()
    assert session.table(session.head).training == forked
    assert (
        session.losses(session.head, "training")["loss"].tolist()[:30]
        == (np.frombuffer(left.records, RECORD)["loss"].tolist()[:30])
    )


def test_a_run_that_was_begun_anew_is_left_too(session: Session) -> None:
    for action in (
        do("training-step", steps=5),
        do("training-network", rung="linear"),
        do("training-step", steps=5),
        do("training-initialise", seed=3),
    ):
        session.act(action)
    assert [run.lab.net for run in session.left("training", session.head, 3)] == [LADDER["lab"], LADDER["linear"]]


def test_an_action_takes_no_more_steps_than_are_quick(session: Session) -> None:
    session.act(do("training-network", rung="eight"))
    session.act(do("training-settings", batch=0))
    most = most_steps(session.table(session.head).training)
    assert 1 <= most < 50
    with pytest.raises(OutOfRange, match=f"at most {most} such steps"):
        session.act(do("training-step", steps=most + 1))
    session.act(do("training-step", steps=most))


@pytest.mark.parametrize(
    ("done", "why"),
    [
        ([do("training-network", rung="pooling")], "a loss needs ten logits"),
        ([do("training-data", set="own")], "no drawing of yours"),
    ],
)
def test_nothing_is_learned_from_nothing(session: Session, done: list[object], why: str) -> None:
    for action in done:
        session.act(action)  # type: ignore[arg-type]
    with pytest.raises(NothingThere, match=why):
        session.act(do("training-step"))


def learned(session: Session, lesson: LessonName, epochs: int = 3) -> tuple[Training, Training]:
    session.act(do("training-lesson", lesson=lesson))
    before = lab = session.table(session.head).training
    for _ in range(epochs):
        lab, _ = trained(lab, lab.steps_left)
    return before, lab


def moved(before: Training, after: Training) -> list[str]:
    old, new = named(before.net, before.vector), named(after.net, after.vector)
    return [name for name in old if (old[name] != new[name]).any()]


@pytest.mark.parametrize("lesson", ["dead", "zeros"])
def test_only_the_last_bias_learns(session: Session, lesson: LessonName) -> None:
    assert moved(*learned(session, lesson)) == ["fc.bias"]


def test_twins_stay_twins(session: Session) -> None:
    _, after = learned(session, "twins")
    kernels = named(after.net, after.vector)["conv.weight"]
    assert np.ptp(kernels, axis=0).max() < 1e-5
    assert np.ptp(kernels[0]) > 0.1


def test_three_digits_are_learned_by_heart(session: Session) -> None:
    before, after = learned(session, "three", 30)
    first, last = (np.frombuffer(trained(lab, 1)[1], RECORD)[0] for lab in (before, after))
    assert last["loss"] < 0.01
    assert last["test"] > first["test"] + 1


def test_every_lesson_begins_anew_and_undo_is_the_way_back(session: Session) -> None:
    session.act(do("training-step", steps=3))
    before = session.table(session.head).training
    for lesson in LESSONS:
        session.act(do("training-lesson", lesson=lesson))
        assert session.table(session.head).training.step == 0
        session.act(do("undo"))
        assert session.table(session.head).training == before
