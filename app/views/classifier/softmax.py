"""The worksheet of the Classifier lab: from ten logits to S − y, one operation a column; and the loss in one line."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np

from app.nn.classifier import Array, direct_loss
from app.nn.loss import Softmax, cross_entropy_gradient
from app.playground.classifier import Sight, Worked
from app.playground.writing import text
from app.views.panels import Panel, Piece, Sentence
from app.views.sentences import say

LAB = "classifier:"
Kind = Literal["signed", "shift", "once", "exp", "share", "hot", "gradient"]


class Column(NamedTuple):
    """A column of the worksheet: what it is called, how it is made, ten float64 as bytes, and what they add up to."""

    kind: Kind
    head: str
    how: str
    address: str
    data: bytes
    total: str = ""
    total_address: str = ""

    @property
    def values(self) -> list[float]:
        """The ten numbers."""
        values: list[float] = np.frombuffer(self.data).tolist()
        return values


@dataclass(frozen=True, slots=True)
class Worksheet(Panel):
    """A row a class: logit, shift, exponential, probability, one-hot label, gradient; below, what they add up to.

    ``said`` is the class of the largest logit, None where there is none; ``open`` the class whose row of W is open.
    """

    name: ClassVar[str] = "worksheet"
    columns: tuple[Column, ...]
    label: int
    said: int | None
    open: int


@dataclass(frozen=True, slots=True)
class Entropy(Panel):
    """The loss as logsumexp − logit with its numbers, and the switch of the shift.

    ``twice``: another softmax stands before it.
    """

    name: ClassVar[str] = "entropy"
    words: str
    line: Sentence
    shift: bool
    twice: bool


def worksheet(found: Worked, sight: Sight) -> Worksheet:
    """Return the worksheet: with the shift or without, or of a softmax of a softmax."""
    run, back = found.run, found.back
    hot = Column("hot", "One-hot", "y [10]", "onehot", run.one_hot.tobytes(), "1")
    logits = Column("signed", "Logits", "z [10]", "logits", run.logits.tobytes())
    gradient = Column("gradient", "Gradient", "S − y", "grad.logits", back.logits.tobytes(), _near(back.logits.sum()))
    if run.again:
        second = twice_exponentials(run.probabilities)
        columns = (
            logits,
            Column("once", "Once", "softmax", "probabilities", run.probabilities.tobytes()),
            _column("exp", "Exp", "of S", "twice.exponentials", second.exponentials, second.total, "twice.sum"),
            _shares("twice.probabilities", run.again, second.total)._replace(head="Twice"),
            hot,
            gradient._replace(how="via S"),
        )
    else:
        prefix, softmax = ("", run.softmax) if sight.shift else ("unshifted.", found.bare)
        if not sight.shift:
            bare_gradient = unshifted_gradient(found)
            gradient = gradient._replace(
                address="unshifted.grad.logits", data=bare_gradient.tobytes(), total=_near(bare_gradient.sum())
            )
        columns = (
            logits,
            Column(
                "shift", "Shift", f"z − {text(softmax.shift.item())}", f"{prefix}shifted", softmax.shifted.tobytes()
            ),
            _column(
                "exp", "Exp", "of shift", f"{prefix}exponentials", softmax.exponentials, softmax.total, f"{prefix}sum"
            ),
            _shares(f"{prefix}probabilities", softmax, softmax.total),
            hot,
            gradient,
        )
    return Worksheet(columns, run.label, run.prediction, sight.open)


def _column(
    kind: Kind, head: str, how: str, address: str, values: Array, total: np.floating[Any], total_address: str
) -> Column:
    return Column(kind, head, how, address, values.tobytes(), bare(total.item()), total_address)


def _shares(address: str, softmax: Softmax, total: np.floating[Any]) -> Column:
    shares = softmax.probabilities
    return Column("share", "Softmax", f"÷ {bare(total.item())}", address, shares.tobytes(), _near(shares.sum()))


def bare(value: float) -> str:
    """Return a number with three decimals, a whole one without any."""
    return f"{value:.0f}".replace("-", "−") if abs(value) < 1e6 and value == round(value) else text(value, 3)


def _near(total: float) -> str:
    """Return a sum that is 0 or 1 but for rounding."""
    return f"{round(total):d}" if isfinite(total) and abs(total - round(total)) < 1e-9 else text(total)


def twice_exponentials(probabilities: Array) -> Softmax:
    """Return the softmax of probabilities: none is over 1, so nothing is to be shifted."""
    exponentials = np.exp(probabilities)
    total = exponentials.sum()
    return Softmax(np.float64(0), probabilities, exponentials, total, exponentials / total)


def unshifted_gradient(found: Worked) -> Array:
    """Return S − y of the softmax without the shift: nan where it overflows."""
    return cross_entropy_gradient(found.bare.probabilities, found.run.label)


def entropy(found: Worked, sight: Sight) -> Entropy:
    """Return how the loss is worked out."""
    run, label = found.run, found.run.label
    result = Piece(text(run.loss.item(), 3), True, f"{LAB}loss")
    logit = _taken_off(_number(run.logits[label], f"logits[{label}]"))
    if run.again:
        share = _number(run.probabilities[label], f"probabilities[{label}]")
        total = _number(twice_exponentials(run.probabilities).total, "twice.sum")
        return Entropy(f"ln Σ − S of {label} =", say("ln ", total, " − ", share, " = ", result), sight.shift, True)
    if sight.shift:
        shift, total = _number(run.softmax.shift, "shift"), _number(run.softmax.total, "sum")
        line = say("(", shift, " + ln ", total, ") − ", *logit, " = ", result)
        return Entropy(f"logsumexp − logit {label} =", line, True, False)
    total = _number(found.bare.total, "unshifted.sum")
    shown = Piece(text(direct_loss(found.bare, label).item(), 3), True, f"{LAB}unshifted.loss")
    return Entropy(f"ln Σ − logit {label} =", say("ln ", total, " − ", *logit, " = ", shown), False, False)


def _number(value: np.floating[Any], address: str) -> Piece:
    return Piece(bare(value.item()), False, f"{LAB}{address}")


def _taken_off(number: Piece) -> Sentence:
    """Return a number that is taken off; a negative one stands in brackets."""
    return say("(", number, ")") if number.text.startswith("−") else (number,)
