"""Every number says where it comes from, and its terms make it."""

from __future__ import annotations

import math
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.playground.actions import Action
from app.playground.errors import OutOfRange, Refusal
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.views.addresses import value_at
from app.views.derivations import LABS, derived, feeds, told
from app.views.derivations.walked import WALKED
from app.views.grids import addresses
from app.views.moment import Moment, moment
from tests.playground.deeds import changes, do, looks

pixels = some.builds(
    lambda cells, on: do("stroke", cells=cells, on=on),
    some.lists(some.lists(some.integers(0, 4), min_size=2, max_size=2), min_size=1, max_size=9),
    some.booleans(),
)
deeds = some.one_of(
    pixels,
    changes,
    looks,
    some.builds(lambda label: do("label", label=label), some.integers(0, 9)),
    some.builds(lambda seed: do("initialise", seed=seed), some.integers(0, 2**32 - 1)),
    some.builds(lambda rate: do("learning-rate", rate=rate), some.sampled_from([0.01, 0.1, 1.0, 1e20])),
    some.builds(lambda steps: do("step", steps=steps), some.integers(1, 5)),
)  # fmt: skip


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(SQLiteStore(tmp_path), "s")


def _now(session: Session, *done: Action) -> Moment:
    for action in done:
        with suppress(Refusal):  # not everything fits
            session.act(action)
    return moment(session, session.head)


def every_address(now: Moment) -> list[str]:
    found = []
    for lab in LABS:
        values, explanations, _ = told(now, lab)
        assert set(values.tensors) == set(explanations), "every tensor is explained, and no other"
        for name, tensor in values.tensors.items():
            found += addresses(values.prefix + name, np.shape(tensor))
    return found


def close(total: float, value: float) -> bool:
    if not math.isfinite(total) or not math.isfinite(value):  # float32 overflows before float64 does
        return not math.isfinite(value)
    return abs(total - value) <= 1e-5 * max(1, abs(value))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=some.lists(deeds, max_size=6))
def test_the_terms_of_every_number_make_it(tmp_path_factory: pytest.TempPathFactory, done: list[Action]) -> None:
    now = _now(Session(SQLiteStore(tmp_path_factory.mktemp("store")), "s"), *done)
    for address in every_address(now):
        try:
            found, value = derived(now, address), value_at(now, address)
        except OutOfRange:  # what is to come, or hidden
            continue
        assert found.total is None or close(found.total, value), address
        for term in found.terms:
            if term.address:
                assert value_at(now, term.address) == pytest.approx(term.value, abs=0, nan_ok=True), (address, term)


def test_the_classifier_explains_what_is_tried_there(session: Session) -> None:
    done = [do("classifier-initialise", start="normal", seed=1), do("classifier-step", steps=2)]
    now = _now(session, *done, do("classifier-settings", twice=True))
    assert derived(now, "classifier:grad.logits[0]").total == pytest.approx(value_at(now, "classifier:grad.logits[0]"))
    assert derived(now, "classifier:grad.weight[3,0]").note == "Its pixel is dark: it never moves."
    assert "classifier:logits[0]" in feeds(now, "classifier:weight[0,1]")


def test_what_a_number_feeds_is_what_reads_it(session: Session) -> None:
    to_end = [do(f"{lab}-go", to="end") for lab in WALKED]
    now = _now(session, do("step", steps=2), *to_end)
    every = every_address(now)
    read = {address: {term.address for term in derived(now, address).terms} for address in every}
    for address in every:
        fed = feeds(now, address)
        assert set(fed) == {other for other in every if address in read[other]}


def test_one_can_walk_from_a_probability_to_a_pixel_and_back(session: Session) -> None:
    now, path = (
        _now(session),
        ["probabilities[3]", "logits[3]", "flat[2]", "pool[2,0,0]", "relu[2,0,0]", "conv[2,0,0]", "input[1,0]"],
    )
    for upper, lower in pairwise(path):
        assert lower in {term.address for term in derived(now, upper).terms}
        assert upper in feeds(now, lower)


def test_a_sum_that_is_shown_is_the_sum(session: Session) -> None:
    found = derived(_now(session), "logits[0]")
    assert found.formula == "Σ over i: flat[i] × fc.weight[0,i] + fc.bias[0]"
    assert len(found.terms) == 9
    assert [part for part in found.worked if isinstance(part, str)] == [" × ", " + "] * 4


def test_the_pool_names_its_winner_and_who_lost_gets_nothing(session: Session) -> None:
    now = _now(session, do("clear"))
    assert "the first of several that are equal" in derived(now, "pool[0,0,0]").note
    assert derived(now, "grad.relu[0,0,1]").note == "It did not win the pool: it gets nothing."


def test_before_a_step_nothing_was_updated(session: Session) -> None:
    now = _now(session)
    assert "seed 15" in derived(now, "conv.weight[0,0,0,0]").formula
    with pytest.raises(OutOfRange):
        derived(now, "velocity.conv.weight[0,0,0,0]")


def test_a_step_can_be_checked_with_a_calculator(session: Session) -> None:
    now = _now(session, do("step"))
    change = derived(now, "change.fc.bias[0]")
    assert [round(term.value, 3) for term in change.terms] == [-0.1, round(value_at(now, "velocity.fc.bias[0]"), 3)]
    assert value_at(now, "old.fc.bias[0]") + value_at(now, "change.fc.bias[0]") == pytest.approx(
        value_at(now, "fc.bias[0]")
    )


def test_every_number_of_a_neuron_can_be_checked_with_a_calculator(session: Session) -> None:
    done = do("neuron-step", steps=2), do("neuron-step"), do("neuron-settings", teach="all"), do("neuron-step")
    for now in (_now(session, action) for action in done):
        every = [address for address in every_address(now) if address.startswith("neuron:")]
        assert len(every) > 30
        for address in every:
            found, value = derived(now, address), value_at(now, address)
            assert found.total is None or found.total == pytest.approx(value, rel=1e-12), address
    assert derived(now, "neuron:b").formula == "b − rate × ∂loss/∂b"
    assert feeds(now, "neuron:old.w")[-3:] == ("neuron:old.loss", "neuron:old.grad.w", "neuron:old.grad.b")
