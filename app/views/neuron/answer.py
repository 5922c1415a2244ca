"""What the API says of the Neuron lab."""

from __future__ import annotations

from typing import Any

from app.nn.neuron import NoLine, through
from app.playground.actions.neuron import ONE_POINT
from app.playground.neuron import Neuron
from app.views.json import named
from app.views.moment import Moment
from app.views.neuron.numbers import LAB, tensors
from app.views.neuron.sentence import sentence
from app.views.panels import words

SOMETIMES = (
    *(f"old.{name}" for name in ("w", "b", "prediction", "residual", "loss", "grad.w", "grad.b")),
    *(f"{way}.{name}" for way in ("solved", "lowest") for name in ("w", "b", "loss")),
)
"""Numbers that are not always there."""


def answer(moment: Moment) -> dict[str, Any]:
    """Return the lab at a moment: settings, forward and backward pass, the last step, the answer without descent."""
    lab, seen = moment.table.neuron, moment.state.view.neuron
    found = {name: values for name, values in tensors(moment).items() if name not in ("losses", "path")}
    return {
        **dict.fromkeys(SOMETIMES),
        **named(found, f"{LAB}:"),
        "settings": {"loss": lab.loss, "rate": lab.rate, "teach": lab.teach, "turn": lab.turn},
        "start": {"w": lab.start.w, "b": lab.start.b},
        "step": lab.step,
        "lesson": lab.lesson,
        "taught": lab.taught,
        "pair": lab.pair and list(lab.pair),
        "reason": _reason(lab),
        "way": seen.way,
        "plot": seen.plot,
        "sentence": words(sentence(moment)),
    }


def _reason(lab: Neuron) -> str | None:
    """Return why there is no line through the two points that the solver takes; None where there is one."""
    if lab.pair is None:
        return ONE_POINT
    first, second = (lab.points[index] for index in lab.pair)
    try:
        through(first, second)
    except NoLine as problem:
        return problem.sentence
    return None
