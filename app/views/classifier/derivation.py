"""How S − y comes about: the quotient rule and the chain rule, line by line, with the present numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from app.nn.classifier import PIXELS, jacobian
from app.playground.actions.classifier import LINES
from app.playground.classifier import Sight, Worked
from app.playground.writing import text
from app.views.panels import Formula, Panel, Piece

LAB = "classifier:"


class Line(NamedTuple):
    """A line of the derivation: why it holds in a few words, in letters, and with numbers put in."""

    words: str
    rule: Formula
    numbers: Formula


@dataclass(frozen=True, slots=True)
class Derivation(Panel):
    """The derivation of ∂L/∂z for the open class, unfolded up to a line; ``label`` is what the drawing should be."""

    name: ClassVar[str] = "derivation"
    open: int
    label: int
    line: int
    lines: tuple[Line, ...]  # those that have unfolded
    last: int = LINES - 1

    @property
    def key(self) -> str:
        """It stands where the weights stand."""
        return "aspect"


def derivation(found: Worked, sight: Sight) -> Derivation:
    """Return the derivation as far as it has unfolded."""
    return Derivation(
        sight.open, found.run.label, sight.line, lines(found, sight.open)[: sight.line + 1]
    )


def lines(found: Worked, i: int) -> tuple[Line, ...]:
    """Return all lines, for the logit of class ``i``.

    With the shift a softmax has other exponentials, but the same quotients: the numbers are those of the shifted ones.
    """
    run = found.run
    soft, c = run.softmax, run.label
    same = i == c
    share = {k: _number(soft.probabilities[k], f"probabilities[{k}]") for k in (i, c)}
    power = {k: _number(soft.exponentials[k], f"exponentials[{k}]") for k in (i, c)}
    total = _number(soft.total, "sum")
    with np.errstate(all="ignore"):
        outer = _number(-1 / soft.probabilities[c])
        slope = _number(jacobian(soft.probabilities)[c, i], f"jacobian[{c},{i}]")
    hot = Piece("1" if same else "0", False, f"{LAB}onehot[{i}]")
    gradient = _number(soft.probabilities[i] - same, f"grad.logits[{i}]" if run.again is None else "")
    loss = _number(direct(found), "loss" if run.again is None else "")
    lit = next((pixel for pixel in range(PIXELS) if run.flat[pixel]), None)
    inner = (
        Line(
            f"class {i} is the label: both move",
            Formula(rf"g\prime = e^{{z_{c}}}, \; h\prime = e^{{z_{c}}}"),
            Formula("g\prime = #0, \\; h\prime = #0", (power[c],)),
        ),
        Line(
            "put in",
            Formula(
                rf"\frac{{\partial S_{c}}}{{\partial z_{c}}}"
                rf" = \frac{{e^{{z_{c}}} h - e^{{z_{c}}} e^{{z_{c}}}}}{{h^2}} = S_{c} (1 - S_{c})"
            ),
            Formula("#0 \\cdot (1 - #0) = #1", (share[c], slope)),
        ),
        Line(
            "back into the chain",
            Formula(rf"-\frac{{1}}{{S_{c}}} \cdot S_{c} (1 - S_{c}) = S_{c} - 1"),
            Formula("#0 - 1 = #1", (share[c], gradient)),
        ),
    ) if same else (
        Line(
            f"class {i} is not the label: h moves",
            Formula(rf"g\prime = 0, \; h\prime = e^{{z_{i}}}"),
            Formula("g\prime = 0, \\; h\prime = #0", (power[i],)),
        ),
        Line(
            "put in",
            Formula(
                rf"\frac{{\partial S_{c}}}{{\partial z_{i}}}"
                rf" = \frac{{0 \cdot h - e^{{z_{i}}} e^{{z_{c}}}}}{{h^2}} = -S_{i} S_{c}"
            ),
            Formula("-#0 \\cdot #1 = #2", (share[i], share[c], slope)),
        ),
        Line(
            "back into the chain",
            Formula(rf"-\frac{{1}}{{S_{c}}} \cdot (-S_{i} S_{c}) = S_{i}"),
            Formula("S_%d = #0" % i, (share[i],)),
        ),
    )  # fmt: skip
    return (
        Line(
            f"the loss: y is 1 for {c}, else 0",
            Formula(rf"L = -\sum_k y_k \ln S_k = -\ln S_{c}"),
            Formula("-\\ln #0 = #1", (share[c], loss)),
        ),
        Line(
            "chain rule: −ln S has the slope −1/S",
            Formula(
                rf"\frac{{\partial L}}{{\partial z_{i}}}"
                rf" = -\frac{{1}}{{S_{c}}} \cdot \frac{{\partial S_{c}}}{{\partial z_{i}}}"
            ),
            Formula("-\\frac{1}{#0} = #1", (share[c], outer)),
        ),
        Line(
            f"S of {c} is a quotient",
            Formula(rf"S_{c} = \frac{{g}}{{h}}, \; g = e^{{z_{c}}}, \; h = \sum_k e^{{z_k}}"),
            Formula("g = #0, \\; h = #1", (power[c], total)),
        ),
        Line(
            "quotient rule",
            Formula(r"\left(g / h\right)\prime = \frac{g\prime h - h\prime g}{h^2}"),
            Formula("h^2 = #0", (_number(soft.total * soft.total),)),
        ),
        *inner,
        Line(
            "both cases at once",
            Formula(rf"\frac{{\partial L}}{{\partial z_{i}}} = S_{i} - y_{i}"),
            Formula("#0 - #1 = #2", (share[i], hot, gradient)),
        ),
        Line(
            "each weight: × its pixel, 0 in the dark",
            Formula(rf"\frac{{\partial L}}{{\partial W_{{{i},p}}}} = (S_{i} - y_{i}) \cdot x_p"),
            _weights(i, gradient, lit, run.again is None),
        ),
    )


def _weights(i: int, gradient: Piece, pixel: int | None, known: bool) -> Formula:
    """Return the gradient of a lit weight, or, in a blank drawing, of a dark one."""
    if pixel is None:
        return Formula("#0 \\cdot 0 = #1", (gradient, Piece("0", False, f"{LAB}grad.weight[{i},0]" if known else "")))
    found = Piece(gradient.text, False, f"{LAB}grad.weight[{i},{pixel}]" if known else "")
    return Formula("#0 \\cdot 1 = #1", (gradient, found))


def direct(found: Worked) -> np.float64:
    """Return the loss of the logits, whatever goes into the cross-entropy now."""
    soft = found.run.softmax
    return np.float64(np.log(soft.total) - soft.shifted[found.run.label])


def _number(value: float | np.floating[object], address: str = "") -> Piece:
    return Piece(text(float(value), 3), False, f"{LAB}{address}" if address else "")
