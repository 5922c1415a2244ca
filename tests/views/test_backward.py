"""The walk back through the network: every gradient once, in the order in which they come about."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from app.playground.backward import FIRST, LAST, PLACES, SIZES, STAGES, reached
from app.playground.errors import Invalid
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.views.addresses import value_at
from app.views.backward import Stages
from app.views.explaining import Explanation, explanation
from app.views.grids import MASKED
from app.views.labs import LABS
from app.views.moment import moment
from app.views.panels import Numbers, Panel
from tests.playground.deeds import do

END = len(PLACES) - 1


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(SQLiteStore(tmp_path), "s")


def said(session: Session) -> Explanation:
    return explanation(moment(session, session.head), "network")


def panels(session: Session) -> dict[str, Panel]:
    return {panel.name: panel for panel in LABS["network"].panels(moment(session, session.head))}


def test_every_gradient_is_walked_to_once_and_a_weight_of_a_kernel_position_by_position() -> None:
    whole = [(place.tensor, place.at) for place in PLACES if place.done]
    assert len(whole) == len(set(whole)) == sum(SIZES.values()) == 120
    assert len(PLACES) == 120 + 3 * 16
    assert [place.stage for place in PLACES] == sorted(place.stage for place in PLACES)
    assert all(PLACES[first].stage != PLACES[last].stage for last, first in zip(LAST, FIRST[1:], strict=False))


def test_no_number_is_made_of_one_that_is_still_to_come(session: Session) -> None:
    session.act(do("show", voices="backward"))
    done: set[str] = set()
    for index, place in enumerate(PLACES):
        session.act(do("backward-go", index=index))
        found = said(session)
        read = {part.address for part in found.parts if not isinstance(part, str)}
        assert {address for address in read if address.startswith("grad.")} <= done, found.title
        if place.done:
            done.add(found.address)
    assert len(done) == 120


def test_at_the_end_of_its_sum_each_number_is_the_gradient_itself(session: Session) -> None:
    session.act(do("step", steps=3))
    session.act(do("show", voices="backward"))
    now = moment(session, session.head)
    for index, place in enumerate(PLACES):
        if not place.done or place.at % 3:
            continue
        session.act(do("backward-go", index=index))
        found = said(session)
        assert not found.so_far
        assert float(found.total.replace("−", "-")) == pytest.approx(value_at(now, found.address), abs=5e-5)


def test_a_weight_of_a_kernel_adds_up_as_the_window_slides(session: Session) -> None:
    session.act(do("show", voices="backward"))
    session.act(do("backward-go", stage=5))
    counts = []
    for _ in range(4):
        found = said(session)
        counts.append((len([part for part in found.parts if not isinstance(part, str)]), found.so_far))
        session.act(do("backward-step"))
    assert counts == [(2, "position 1 of 4"), (4, "position 2 of 4"), (6, "position 3 of 4"), (8, "")]
    assert said(session).address == "grad.conv.weight[0,0,0,1]"


def test_what_is_to_come_is_masked_and_what_is_done_is_shown(session: Session) -> None:
    session.act(do("show", voices="backward"))
    session.act(do("backward-go", index=FIRST[1] + 2))
    shown = panels(session)
    stages = shown["stages"]
    assert isinstance(stages, Stages)
    assert (stages.now, stages.number, stages.numbers) == (1, 3, 50)

    def masks(numbers: Numbers) -> int:
        assert numbers.value is None
        assert numbers.gradient
        return sum(mark >= MASKED for mark in numbers.gradient.marks)

    linear = shown["linear"]
    assert [masks(getattr(linear, part)) for part in ("flat", "weight", "bias")] == [4, 37, 10]
    assert masks(shown["logits"].logits) == 0  # type: ignore[attr-defined]
    assert masks(shown["maps"].conv) == 16  # type: ignore[attr-defined]
    session.act(do("backward-go", to="end"))
    for name, attribute in (("linear", "weight"), ("kernels", "weight"), ("kernels", "bias"), ("relu", "relu")):
        assert masks(getattr(panels(session)[name], attribute)) == 0


def test_a_stage_ends_where_the_next_begins() -> None:
    for tensor, size in SIZES.items():
        counts = [reached(tensor, index) for index in range(len(PLACES))]
        assert counts[-1] == size
        assert all(0 <= after - before <= 1 for before, after in pairwise(counts))
    assert [STAGES[PLACES[last].stage][0] for last in LAST] == [name for name, _ in STAGES]


def test_the_walk_stays_between_its_ends(session: Session) -> None:
    assert session.act(do("backward-back")) == 0
    for _ in STAGES:
        session.act(do("backward-go", to="stage"))
    assert session.view(session.head).backward == END
    head = session.head
    assert session.act(do("backward-step")) == session.act(do("backward-go", to="stage")) == head
    session.act(do("backward-go", to="start"))
    assert session.view(session.head).backward == 0
    for fields in ({}, {"index": 3, "to": "end"}, {"stage": 1, "index": 0}):
        with pytest.raises(Invalid):
            session.act(do("backward-go", **fields))


def test_walking_on_ends_pointing_and_undo_leaves_the_walk_alone(session: Session) -> None:
    session.act(do("step"))
    session.act(do("show", voices="backward"))
    session.act(do("point", address="fc.weight[3,1]"))
    assert said(session).address == "fc.weight[3,1]"
    session.act(do("backward-step"))
    assert session.view(session.head).pointed == ""
    assert said(session).address == "grad.logits[1]"
    session.act(do("undo"))
    assert session.view(session.head).backward == 1
    assert session.table(session.head).network.step == 0
