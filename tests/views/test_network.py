"""The panels of the Network lab say what the numbers say."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.views.grids import DOWN, HATCHED, TIED, UP, WINNER
from app.views.moment import Moment, moment
from app.views.network import panels
from app.views.panels import Panel, words
from app.web.rendering import LONG
from tests.playground.test_session import do


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(SQLiteStore(tmp_path), "visitor")


def now(session: Session) -> Moment:
    return moment(session, session.head)


def shown(session: Session) -> dict[str, Panel]:
    return {panel.name: panel for panel in panels(now(session))}


def said(session: Session) -> str:
    return words(shown(session)["sentence"].sentence)  # type: ignore[attr-defined]


def test_the_same_moment_gives_equal_panels(session: Session) -> None:
    session.act(do("step"))
    assert panels(now(session)) == panels(now(session))


def test_relu_hatches_what_it_blocks_and_rings_each_winner_once(session: Session) -> None:
    panel, run = shown(session)["relu"], now(session).run
    marks = panel.relu.value.marks  # type: ignore[attr-defined]
    for place, value in enumerate(run.conv.ravel()):
        assert bool(marks[place] & HATCHED) == (value <= 0)
    assert [sum(bool(mark & WINNER) for mark in marks[start : start + 4]) for start in (0, 4, 8, 12)] == [1] * 4
    assert not any(mark & TIED for mark in marks)


def test_a_dead_map_has_a_winner_by_the_tie_rule(session: Session) -> None:
    session.act(do("learning-rate", rate=100))
    for label in (1, 2):
        session.act(do("label", label=label))
        session.act(do("step", steps=2))
    dead = (now(session).run.conv <= 0).all(axis=1).nonzero()[0]
    assert len(dead)
    marks = shown(session)["relu"].relu.value.marks  # type: ignore[attr-defined]
    assert all(marks[4 * index] == HATCHED | WINNER | TIED for index in dead)


def test_marks_of_movement_last_until_the_next_action(session: Session) -> None:
    session.act(do("step"))
    marks = shown(session)["linear"].weight.value.marks  # type: ignore[attr-defined]
    assert set(marks) <= {0, UP, DOWN}
    assert any(marks)
    session.act(do("label", label=3))
    assert not shown(session)["linear"].weight.value.marks  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("done", "says"),
    [
        ([], "Press Step"),
        ([("step", {})], "Step 1: the loss fell from 2.250 to 2.054. fc.bias[0] moved most: 0.044 → 0.133."),
        ([("step", {"steps": 10})], "Steps 1 to 10: the loss fell from 2.250"),
        ([("step", {"steps": 100})], "It has only ever seen this one drawing."),
        ([("step", {}), ("load", {"name": "four"}), ("step", {"steps": 200})], "Steps 2 to 201"),
        ([("clear", {})], "The drawing is blank: only the biases speak. It says 3"),
        ([("paint", {"row": 4, "column": 0, "on": True})], "No window reads pixel [4, 0]"),
        ([("paint", {"row": 0, "column": 0, "on": True})], "Press Step"),
        ([("stroke", {"cells": [[4, 0], [4, 4]], "on": True})], "No window reads those pixels"),
        ([("stroke", {"cells": [[4, 0], [0, 0]], "on": True})], "Press Step"),
        ([("label", {"label": 7})], "Now it should say 7. It says 3. Press Step: it learns from this drawing."),
        ([("label", {"label": 3})], "Now it should say 3, and it does. Press Step: it learns from this drawing."),
        ([("step", {}), ("label", {"label": 7})], "Now it should say 7. It says 3; the loss is 2.354."),
        ([("clear", {}), ("label", {"label": 7})], "Now it should say 7. It says 3, but the drawing is blank."),
        (
            [("learning-rate", {"rate": 1e-9}), ("step", {}), ("step", {})],
            "Step 2: the loss stayed, from 2.250 to 2.250.",
        ),
        ([("initialise", {"seed": 3})], "New weights, seed 3."),
        ([("learning-rate", {"rate": 0.5})], "The learning rate is 0.5 now"),
        ([("learning-rate", {"rate": 100}), ("step", {})], "at once: rate 100 is too high. Change the label"),
        ([("learning-rate", {"rate": 100}), ("step", {}), ("label", {"label": 5})], "Too high a rate did that."),
        ([("learning-rate", {"rate": 1e20}), ("label", {"label": 5}), ("step", {"steps": 3})], "numbers grew past"),
        ([("step", {}), ("undo", {})], "Undone: step 0."),
        ([("step", {}), ("undo", {}), ("redo", {})], "Redone: step 1."),
        ([("step", {"steps": 9}), ("rewind", {"revision": 1, "step": 4})], "This is step 4."),
        ([("step", {}), ("start-over", {})], "Started over"),
        ([("step", {}), ("play", {})], "Step 1: the loss fell"),
    ],
)
def test_the_sentence_says_what_happened(session: Session, done: list[tuple[str, dict]], says: str) -> None:
    for name, fields in done:
        session.act(do(name, **fields))
    assert says in said(session)


def test_no_sentence_is_longer_than_two_lines_hold(session: Session) -> None:
    for name, fields in [
        ("clear", {}), ("load", {"name": "glyph-8"}), ("step", {}), ("label", {"label": 9}), ("step", {"steps": 1000}),
        ("learning-rate", {"rate": 123.456}), ("step", {}), ("label", {"label": 1}), ("step", {}), ("clear", {}),
        ("learning-rate", {"rate": 1e20}), ("step", {"steps": 3}), ("undo", {}), ("start-over", {}), ("undo", {}),
    ]:  # fmt: skip
        session.act(do(name, **fields))
        for voices in ("gradients", "values"):
            session.act(do("show", voices=voices))
            assert len(said(session)) <= 104, said(session)


@pytest.mark.parametrize("rate", [0.1, 100, 1e5])
@pytest.mark.parametrize("drawn", ["load", "clear"])
def test_a_chosen_label_is_named_once_and_on_two_lines_in_large_type(session: Session, rate: float, drawn: str) -> None:
    session.act(do("learning-rate", rate=rate))
    session.act(do(drawn, **({"name": "four"} if drawn == "load" else {})))
    for label in (9, 1, 3, 8, 2):
        session.act(do("label", label=label))
        sentence = said(session)
        assert sentence.startswith(f"Now it should say {label}")
        assert sentence.count("should say") == 1
        assert len(sentence) <= LONG, sentence
        session.act(do("step", steps=2))


def test_undo_names_what_it_takes_back(session: Session) -> None:
    session.act(do("step"))
    assert now(session).undo == "step 1, network"
    session.act(do("step", steps=10))
    assert now(session).undo == "10 steps, network"
    session.act(do("rewind", revision=2, step=6))
    assert now(session).undo == "5 steps, network"
    session.act(do("undo"))
    assert (now(session).undo, now(session).redo) == ("step 1, network", "5 steps, network")


def test_what_undo_takes_back_in_another_lab_is_said(session: Session) -> None:
    def elsewhere() -> list[str]:
        return [now(session).elsewhere(lab) for lab in ("network", "convolution")]

    assert elsewhere() == ["", ""]
    session.act(do("step", steps=10))
    assert elsewhere() == ["", "network"]
    session.act(do("rewind", revision=1, step=6))
    assert elsewhere() == ["", "network"]
    session.act(do("convolution-settings", bias=True))
    assert elsewhere() == ["convolution", ""]
    session.act(do("label", label=7))
    assert elsewhere() == ["", ""]  # all labs share it


@pytest.mark.parametrize(
    ("cells", "on", "says"),
    [
        ([[1, 2]], True, "ink [1, 2]"),
        ([[0, 1], [0, 1]], False, "wipe [0, 1]"),
        ([[1, 1], [1, 2], [1, 1], [1, 3]], True, "ink 3 pixels"),
        ([[0, 1], [0, 2]], False, "wipe 2 pixels"),
    ],
)
def test_undo_names_a_click_by_its_pixel_and_a_drag_by_how_many(
    session: Session, cells: list[list[int]], on: bool, says: str
) -> None:
    session.act(do("stroke", cells=cells, on=on))
    assert now(session).undo == says
