"""A session equals a plain editor, whatever is done to it and however it is read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.playground.actions import TRAINS, Action
from app.playground.errors import NothingThere, OutOfRange, Refusal
from app.playground.session import Session
from app.playground.state import View
from app.playground.store import Entry, Store
from tests.conftest import NewStore
from tests.playground.deeds import changes, do, looks
from tests.playground.editor import Editor

coordinate = some.integers(0, 4)
actions = some.one_of(
    changes,
    looks,
    some.builds(lambda r, c, on: do("paint", row=r, column=c, on=on), coordinate, coordinate, some.booleans()),
    some.builds(lambda n: do("label", label=n), some.integers(0, 9)),
    some.builds(lambda n: do("load", name=n), some.sampled_from(["zero", "four", "glyph-7"])),
    some.builds(lambda n: do("initialise", seed=n), some.sampled_from([15, 0, 3])),
    some.builds(lambda r: do("learning-rate", rate=r), some.sampled_from([0.1, 1.0, 1e20])),
    some.builds(lambda n: do("step", steps=n), some.integers(1, 12)),
    some.builds(lambda n: do("classifier-step", steps=n), some.integers(1, 12)),
    some.builds(lambda s: do("classifier-initialise", start=s), some.sampled_from(["zeros", "normal"])),
    some.builds(lambda v: do("show", voices=v), some.sampled_from(["values", "both", "backward", "ledger"])),
    some.tuples(some.floats(0, 1), some.none() | some.floats(0, 1), some.sampled_from([*TRAINS])),
    some.sampled_from(
        [do("undo"), do("undo"), do("redo"), do("redo"), do("pause"), do("play"), do("clear"), do("start-over")]
    ),
)


def concrete(action: Action | tuple[float, float | None, str], editor: Editor) -> Action:
    """Turn a fraction of the log into a rewind to a revision that exists."""
    if isinstance(action, Action):
        return action
    revision = int(action[0] * (len(editor.revisions) - 1))
    if action[1] is None:
        return do("rewind", revision=revision)
    steps = len(editor.revisions[revision][0].losses[action[2]])
    return do("rewind", revision=revision, step=int(action[1] * steps), lab=action[2])


def assert_losses(session: Session, revision: int, expected: dict[str, tuple[bytes, ...]]) -> None:
    for lab, losses in expected.items():
        found = session.losses(revision, lab)
        assert len(found) == len(losses)
        wanted = np.frombuffer(b"".join(losses), found.dtype)
        for one, other in zip(_columns(found), _columns(wanted), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6)


def _columns(losses: np.ndarray) -> list[np.ndarray]:
    return [losses[name] for name in losses.dtype.names] if losses.dtype.names else [losses.ravel()]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=some.lists(some.tuples(some.integers(0, 2), actions), max_size=60))
def test_a_session_equals_a_plain_editor_at_every_revision(new_store: NewStore, done: list[tuple[int, Action]]) -> None:
    """Three sessions over one log take turns, as three processes would."""
    store = new_store()
    sessions = [Session(store, "s") for _ in range(3)]
    editor = Editor()
    for turn, action in done:
        wanted = concrete(action, editor)
        if editor.act(wanted):
            head = sessions[turn].act(wanted)
            assert head == len(editor.revisions) - 1
            assert_losses(sessions[turn], head, editor.node.losses)
        else:
            with pytest.raises(Refusal):
                sessions[turn].act(wanted)
    fresh = Session(store, "s")
    for revision in range(len(editor.revisions)):
        expected = editor.state(revision)
        assert fresh.state(revision) == expected
        fresh.forget()
        assert_losses(fresh, revision, editor.revisions[revision][0].losses)
    store.close()


@pytest.fixture
def store(new_store: NewStore) -> Store:
    return new_store()


@pytest.fixture
def session(store: Store) -> Session:
    return Session(store, "visitor")


def test_nothing_is_written_before_the_first_action(store: Store, session: Session) -> None:
    session.state(0)
    assert list(store.read("visitor", 0)) == []


def test_what_changes_nothing_is_no_entry(session: Session) -> None:
    assert session.act(do("paint", row=0, column=1, on=True)) == 0  # the lab's zero has ink there
    assert session.act(do("label", label=0)) == 0
    assert session.act(do("initialise", seed=15)) == 0
    assert session.act(do("pause")) == 0
    assert session.act(do("start-over")) == 0


def test_a_step_is_a_change_even_when_no_weight_moves(session: Session) -> None:
    session.act(do("learning-rate", rate=1e20))
    session.act(do("step", steps=5))
    assert session.act(do("step")) == 3
    assert session.state(3).table.network.step == 6


def test_undo_skips_looks_and_a_look_does_not_cut_redo(session: Session) -> None:
    session.act(do("step"))
    session.act(do("undo"))
    session.act(do("play"))
    assert session.state(session.head).view.playing is not None
    assert session.act(do("redo")) == 4
    assert session.state(4).table.network.step == 1
    assert session.state(4).view.playing is None  # a move ends playing


def test_what_is_shown_outlasts_every_move_and_stops_nothing(session: Session) -> None:
    assert session.act(do("show", voices="values")) == 0  # as the opening state
    session.act(do("play"))
    session.act(do("show", voices="both"))
    assert session.playing() is not None
    first = session.act(do("step"))
    for name, fields in [("undo", {}), ("redo", {}), ("start-over", {}), ("undo", {}), ("rewind", {"revision": 0})]:
        session.act(do(name, **fields))
        assert session.view(session.head).show == "both"
    session.act(do("show", voices="ledger"))
    assert session.view(first).show == "both"  # what a revision showed stays


def test_a_look_that_is_no_more_shows_what_is_shown_at_first(session: Session, store: Store) -> None:
    session.act(do("show", voices="both"))
    store.append(session.name, Entry(2, "show", '{"voices":"moved"}'))
    assert session.view(session.read_on()) == View()


def test_a_branch_that_was_left_is_reached_by_rewind(session: Session) -> None:
    first = session.act(do("step", steps=3))
    session.act(do("undo"))
    session.act(do("label", label=5))
    with pytest.raises(NothingThere):
        session.act(do("redo"))
    session.act(do("rewind", revision=first))
    assert session.state(session.head).table == session.state(first).table


def test_a_place_inside_a_step_action_undoes_and_redoes_as_the_whole(session: Session) -> None:
    whole = session.act(do("step", steps=10))
    place = session.act(do("rewind", revision=whole, step=4))
    assert session.table(place).network.step == 4
    session.act(do("undo"))
    assert session.table(session.head).network.step == 0
    session.act(do("redo"))
    assert session.table(session.head).network.step == 4
    session.act(do("redo"))
    assert session.table(session.head) == session.table(whole)


def test_a_step_off_the_line_is_refused_with_what_is_allowed(session: Session) -> None:
    session.act(do("step", steps=3))
    with pytest.raises(OutOfRange) as refusal:
        session.act(do("rewind", revision=1, step=4))
    assert refusal.value.allowed == {"minimum": 0, "maximum": 3}


def test_scrubbing_stays_behind_the_last_reset(session: Session) -> None:
    session.act(do("step", steps=5))
    reset = session.act(do("initialise", seed=15))
    session.act(do("step", steps=2))
    session.act(do("rewind", revision=session.head, step=0))
    assert session.timeline.shown[session.head] == reset


def test_the_same_nonce_is_applied_once(store: Store, session: Session) -> None:
    assert session.act(do("step"), "press 1") == 1
    assert session.act(do("step"), "press 2") == 2
    assert Session(store, "visitor").act(do("step"), "press 1") == 1
    assert session.read_on() == 2


def test_sessions_do_not_see_each_other(store: Store, session: Session) -> None:
    session.act(do("step"), "n")
    other = Session(store, "other")
    assert other.head == 0
    assert other.act(do("step"), "n") == 1


def test_a_line_holds_a_hundred_thousand_steps_then_says_so(session: Session) -> None:
    for _ in range(100):
        session.act(do("step", steps=1000))
    assert len(session.losses(session.head)) == 100_000
    with pytest.raises(Refusal, match="at most 100000 steps"):
        session.act(do("step"))
    assert session.act(do("initialise", seed=15)) == 101


def test_losses_survive_branches(session: Session) -> None:
    session.act(do("step", steps=4))
    before = session.losses(session.head)
    session.act(do("undo"))
    session.act(do("learning-rate", rate=0.5))
    session.act(do("step", steps=4))
    after = session.losses(session.head)
    assert after[0] == before[0]
    assert not np.array_equal(after, before)
    session.act(do("rewind", revision=1))
    assert np.array_equal(session.losses(session.head), before)
