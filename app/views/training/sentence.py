"""What the Training page says: at most two lines."""

from __future__ import annotations

import math

import numpy as np

from app.playground.actions import Action
from app.playground.actions.collecting import Add, Load, Remove
from app.playground.actions.sharing import OpenCopy
from app.playground.actions.training import Build, ChooseData, Initialise, Learn, Settings, Step
from app.playground.lessons import LESSONS
from app.playground.training import Training
from app.views.moment import Moment
from app.views.panels import Piece, Sentence
from app.views.sentences import number, say, strong
from app.views.training.judged import Judged
from app.views.training.runs import called
from app.views.training.watched import percent

SETS = {
    "lab": "the lab’s three digits",
    "glyphs": "the glyphs",
    "handwriting": "handwriting",
    "own": "your own drawings",
}
"""What the sets are called in a sentence."""


def sentence(moment: Moment, found: Judged | None) -> Sentence:
    """Return what the moment's action did, or how the network does."""
    lab = moment.table.training
    if not lab.finite:
        return say(
            strong("The weights are no numbers any more: "),
            "steps too long threw them further each time. Undo is the way back; then try a smaller rate.",
        )
    if lab.net.unfinished:
        return say(strong(f"{called(lab.net).capitalize()}: "), lab.net.unfinished)
    if found is None:
        return say(strong("There are no drawings of yours yet. "), "Draw one and add it, or take another set.")
    if not moment.arrived:
        return _opening(lab, found)
    return _after(moment, moment.action, lab, found)


def _opening(lab: Training, found: Judged) -> Sentence:
    return say(
        strong("Nothing is learned yet: "),
        _right(found),
        f" of {len(found.material.test)} test digits are right. Press Epoch: it learns from "
        f"{found.material.size:,} drawings, a batch at a time.",
    )


def _right(found: Judged) -> Piece:
    return number_words(percent(found.test_score.right), "training:test.right")


def number_words(words: str, address: str) -> Piece:
    """Return words that stand for a number of the lab."""
    return Piece(words, True, address)


def _after(moment: Moment, action: Action | None, lab: Training, found: Judged) -> Sentence:
    match action:
        case Step():
            return say(strong(f"Step {lab.step}, {_epoch(lab)}: "), *_judgement(found))
        case Initialise():
            starts = {"seed": f"seed {lab.seed}", "zeros": "all zeros", "equal": "all equal", "dead": "dead maps"}
            return say(strong(f"A new beginning, {starts[lab.start]}: "), *_judgement(found))
        case Learn(lesson=name):
            return say(strong(f"A lesson, {LESSONS[name].title}: "), LESSONS[name].watch)
        case ChooseData():
            return say(
                strong(f"Now it learns from {SETS[lab.data.name]}: "),
                f"{found.material.size:,} drawings to learn from, {len(found.material.test)} to test with. "
                "The run begins again.",
            )
        case Build():
            return say(
                strong(f"{called(lab.net).capitalize()}: {lab.net.parameters:,} parameters. "),
                "The run begins again; the one before stays as a thin line.",
            )
        case Load():
            return say(strong(f"A checkpoint of step {lab.loaded}: "), *_judgement(found))
        case OpenCopy():
            return say(strong("A copy that somebody shared: "), *_judgement(found))
        case Settings():
            changed = action.describe(0).removesuffix(", training")
            return say(strong(f"Changed on the way: {changed}. "), "Parameters and steps stay as they are.")
        case Add() | Remove():
            count = len(lab.own)
            return say(strong(f"Your own set: {count} drawing{'' if count == 1 else 's'}. "), "Choose it under Data.")
    if moment.arrived == "start-over":
        return say(strong("Started over; undo brings all of it back. "), *_judgement(found))
    moved = moment.action is None or moment.arrived in ("undo", "redo", "rewind")
    return say(strong(f"{'Back at step' if moved else 'Step'} {lab.step}, {_epoch(lab)}: "), *_judgement(found))


def _epoch(lab: Training) -> str:
    return f"epoch {lab.epoch + 1}" if lab.seen else f"{lab.epoch} epoch{'' if lab.epoch == 1 else 's'}"


def _judgement(found: Judged) -> list[Piece | str]:
    if math.isnan(found.test_score.right):
        return ["the loss is ", number(found.train_score.loss, "training:train.loss", stands_out=True), "."]
    wrong = found.confusion.copy()
    np.fill_diagonal(wrong, 0)
    label, said = (int(place) for place in np.unravel_index(int(wrong.argmax()), wrong.shape))
    right: list[Piece | str] = [_right(found), " of the test digits are right."]
    if not wrong[label, said]:
        return right
    return [*right, " Worst mix-up: ", strong(f"{label} taken for {said}"), "."]
