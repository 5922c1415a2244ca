"""Failures as lessons: each sets the lab up for something that goes wrong, and says why it does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, NamedTuple

from app.nn.architecture import LADDER
from app.nn.optimiser import SGD
from app.playground.training import Data, Training

LessonName = Literal["rate", "dead", "zeros", "twins", "labels", "zero_grad", "three"]

EIGHT, LAB = LADDER["eight"], LADDER["lab"]


class Lesson(NamedTuple):
    """What it is called, what to watch, why it happens, and the settings that bring it about."""

    title: str
    watch: str
    why: str
    settings: dict[str, Any]


LESSONS: dict[LessonName, Lesson] = {
    "rate": Lesson(
        "rate too high",
        "Press Epoch: the loss jumps over guessing, and stays there.",
        "A step of rate 30 leaps over the valley: what helps one batch ruins the next. With rate 0.1 it learns.",
        {"net": EIGHT, "sgd": SGD(30.0)},
    ),
    "dead": Lesson(
        "dead ReLU",
        "Press Epoch: no kernel moves, only the last bias learns how often each digit comes.",
        "Every map is far below 0, so ReLU hands on 0 and blocks every gradient. Nothing can wake it; new weights can.",
        {"net": LAB, "start": "dead"},
    ),
    "zeros": Lesson(
        "all zeros",
        "Press Epoch: all weights stay 0, only the last bias moves.",
        "A gradient is a product with a weight or a value, and all of them are 0. Random first weights break the tie.",
        {"net": EIGHT, "start": "zeros"},
    ),
    "twins": Lesson(
        "all equal",
        "Press Epoch: it learns, but the eight kernels stay twins.",
        "Equal kernels get equal gradients, so eight work as one. Only random first weights make them differ.",
        {"net": EIGHT, "start": "equal"},
    ),
    "labels": Lesson(
        "shuffled labels",
        "Press Epoch: it can only learn by heart, and the test digits stay at guessing.",
        "Nine labels of ten are wrong, as if drawn by lot: there is nothing in the pictures to learn.",
        {"net": EIGHT, "data": Data(wrong=0.9)},
    ),
    "zero_grad": Lesson(
        "no zero_grad",
        "Press Epoch three times: quick at first, then it is thrown about.",
        "Without zero_grad() each step takes all gradients so far once more: they pile up, a momentum without brake.",
        {"net": EIGHT, "sgd": SGD(0.1, zero_grad=False)},
    ),
    "three": Lesson(
        "three digits",
        "Press Play: the train loss falls to 0, and the test loss rises.",
        "It has two fours to learn from and a zero to be tested with: sure of itself, and wrong. That is overfitting.",
        {"net": EIGHT, "data": Data("lab"), "seed": 1},
    ),
}
"""By name, in the order in which a page shows them."""


def taught(lab: Training, name: LessonName) -> dict[str, Any]:
    """Return what of the lab a lesson changes; what it does not speak of is as in the beginning."""
    fresh = replace(Training(), own=lab.own)
    settings = {"data": fresh.data, "sgd": fresh.sgd, "batch": fresh.batch, "start": fresh.start, "seed": fresh.seed}
    return settings | LESSONS[name].settings | {"lesson": name}
