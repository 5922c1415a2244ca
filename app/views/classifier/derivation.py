"""How S − y comes about: the quotient rule and the chain rule, line by line, with the present numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from app.nn.classifier import direct_loss, jacobian
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
    """The derivation of ∂L/∂z for the open class, unfolded up to a line."""

    name: ClassVar[str] = "derivation"
    open: int
    line: int
    lines: tuple[Line, ...]  # those that have unfolded
    last: int = LINES - 1

    @property
    def key(self) -> str:
        """It stands where the weights stand."""
        return "aspect"


def derivation(found: Worked, sight: Sight) -> Derivation:
    """Return the derivation as far as it has unfolded."""
    return Derivation(sight.open, sight.line, lines(found, sight.open)[: sight.line + 1])


class Numbers(NamedTuple):
    """The numbers that are put in, for the logit of class i and the label c.

    With the shift a softmax has other exponentials, but the same quotients: they are those of the shifted logits.
    """

    share_i: Piece
    share_c: Piece
    power_i: Piece
    power_c: Piece
    total: Piece
    square: Piece
    outer: Piece  # −1/S of the label
    slope: Piece  # ∂S[c]/∂z[i]
    hot: Piece
    gradient: Piece
    loss: Piece


def _numbers(found: Worked, i: int) -> Numbers:
    run, soft, c = found.run, found.run.softmax, found.run.label
    raw = run.again is None  # otherwise the page's loss is another, and what is derived here has no address
    with np.errstate(all="ignore"):
        outer = -1 / soft.probabilities[c]
    return Numbers(
        share_i=_number(soft.probabilities[i], f"probabilities[{i}]"),
        share_c=_number(soft.probabilities[c], f"probabilities[{c}]"),
        power_i=_number(soft.exponentials[i], f"exponentials[{i}]"),
        power_c=_number(soft.exponentials[c], f"exponentials[{c}]"),
        total=_number(soft.total, "sum"),
        square=_number(soft.total * soft.total),
        outer=_number(outer),
        slope=_number(jacobian(soft.probabilities)[c, i], f"jacobian[{c},{i}]"),
        hot=Piece("1" if i == c else "0", address=f"{LAB}onehot[{i}]"),
        gradient=_number(soft.probabilities[i] - run.one_hot[i], f"grad.logits[{i}]" if raw else ""),
        loss=_number(direct_loss(soft, c), "loss" if raw else ""),
    )


def lines(found: Worked, i: int) -> tuple[Line, ...]:
    """Return all lines, for the logit of class ``i``."""
    n, c = _numbers(found, i), found.run.label
    return (
        Line(
            f"the loss: y is 1 for {c}, else 0",
            Formula(rf"L = -\sum_k y_k \ln S_k = -\ln S_{c}"),
            Formula(r"-\ln #0 = #1", (n.share_c, n.loss)),
        ),
        Line(
            "chain rule: −ln S has the slope −1/S",
            Formula(rf"{_slope('L', i)} = -\frac{{1}}{{S_{c}}} \cdot {_slope(f'S_{c}', i)}"),
            Formula(r"-\frac{1}{#0} = #1", (n.share_c, n.outer)),
        ),
        Line(
            f"S of {c} is a quotient",
            Formula(rf"S_{c} = \frac{{g}}{{h}}, \; g = {_power(c)}, \; h = \sum_k e^{{z_k}}"),
            Formula(r"g = #0, \; h = #1", (n.power_c, n.total)),
        ),
        Line(
            "quotient rule",
            Formula(r"\left(g / h\right)\prime = \frac{g\prime h - h\prime g}{h^2}"),
            Formula("h^2 = #0", (n.square,)),
        ),
        *(_of_the_label(n, c) if i == c else _of_another(n, i, c)),
        Line(
            "both cases at once",
            Formula(rf"{_slope('L', i)} = S_{i} - y_{i}"),
            Formula("#0 - #1 = #2", (n.share_i, n.hot, n.gradient)),
        ),
        Line(
            "each weight: × its pixel, 0 in the dark",
            Formula(rf"\frac{{\partial L}}{{\partial W_{{{i},p}}}} = (S_{i} - y_{i}) \cdot x_p"),
            _of_a_weight(found, i, n.gradient),
        ),
    )


def _of_the_label(n: Numbers, c: int) -> tuple[Line, ...]:
    return (
        Line(
            f"class {c} is the label: both move",
            Formula(rf"g\prime = {_power(c)}, \; h\prime = {_power(c)}"),
            Formula(r"g\prime = #0, \; h\prime = #0", (n.power_c,)),
        ),
        Line(
            "put in",
            Formula(
                rf"{_slope(f'S_{c}', c)} = \frac{{{_power(c)} h - {_power(c)} {_power(c)}}}{{h^2}} = S_{c} (1 - S_{c})"
            ),
            Formula(r"#0 \cdot (1 - #0) = #1", (n.share_c, n.slope)),
        ),
        Line(
            "back into the chain",
            Formula(rf"-\frac{{1}}{{S_{c}}} \cdot S_{c} (1 - S_{c}) = S_{c} - 1"),
            Formula("#0 - 1 = #1", (n.share_c, n.gradient)),
        ),
    )


def _of_another(n: Numbers, i: int, c: int) -> tuple[Line, ...]:
    return (
        Line(
            f"class {i} is not the label: h moves",
            Formula(rf"g\prime = 0, \; h\prime = {_power(i)}"),
            Formula(r"g\prime = 0, \; h\prime = #0", (n.power_i,)),
        ),
        Line(
            "put in",
            Formula(rf"{_slope(f'S_{c}', i)} = \frac{{0 \cdot h - {_power(i)} {_power(c)}}}{{h^2}} = -S_{i} S_{c}"),
            Formula(r"-#0 \cdot #1 = #2", (n.share_i, n.share_c, n.slope)),
        ),
        Line(
            "back into the chain",
            Formula(rf"-\frac{{1}}{{S_{c}}} \cdot (-S_{i} S_{c}) = S_{i}"),
            Formula(f"S_{i} = #0", (n.share_i,)),
        ),
    )


def _of_a_weight(found: Worked, i: int, gradient: Piece) -> Formula:
    """Return the gradient of a lit weight, or, where the drawing is blank, of a dark one."""
    pixel = int(found.run.flat.argmax())
    x = f"{found.run.flat[pixel]:.0f}"
    address = f"{LAB}grad.weight[{i},{pixel}]" if gradient.address else ""
    return Formula(rf"#0 \cdot {x} = #1", (gradient, Piece(gradient.text if x == "1" else "0", address=address)))


def _slope(of: str, i: int) -> str:
    return rf"\frac{{\partial {of}}}{{\partial z_{i}}}"


def _power(k: int) -> str:
    return f"e^{{z_{k}}}"


def _number(value: np.floating[Any], address: str = "") -> Piece:
    return Piece(text(value.item(), 3), address=f"{LAB}{address}" if address else "")
