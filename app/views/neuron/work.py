"""The neuron as a picture, and one step worked out: forward, backward, update, with the numbers put in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from app.nn.neuron import LOSSES, Array, Line, Pass, updated
from app.playground.neuron import Neuron
from app.playground.writing import plain
from app.views.neuron.numbers import at
from app.views.panels import Formula, Panel, Piece

DECIMALS = 3
MOST_TERMS = 2
"""Terms of a mean that find room in a line."""


def written(value: float, address: str = "") -> Piece:
    """Return a number as a worksheet shows it, with its address."""
    return Piece(plain(value, DECIMALS), address=address)


def typed(value: float, address: str = "") -> Piece:
    """Return a number that was given, a point's x or y: as it was typed, but in six letters at most."""
    size = abs(value)
    if 0 < size < 0.0005 or size >= 99_999.5:
        shown = f"{size:.1e}".replace(".0e", "e").replace("e+0", "e").replace("e-0", "e-").replace("-", "−")
    else:
        decimals = 3 if size < 9.9995 else 2 if size < 99.995 else 1 if size < 999.95 else 0
        shown = f"{size:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{size:.0f}"
    return Piece(f"−{shown}" if value < 0 else shown, address=address)


def factor(slot: int, value: float) -> str:
    """Return the slot of a number that is multiplied: in brackets where it is negative."""
    return f"(#{slot})" if value < 0 else f"#{slot}"


def sign(value: float, first: bool = False) -> str:
    """Return what stands before the size of a number in a sum: a sign, or nothing before a positive first one."""
    if value < 0:
        return "-"
    return "" if first else "+"


@dataclass(frozen=True, slots=True)
class Node(Panel):
    """x → w → (+ b) → prediction, and y that is wanted.

    ``step`` is the step that is shown, None where the next one is; ``point`` the index of the point.
    """

    name: ClassVar[str] = "node"
    x: Piece
    w: Piece
    b: Piece
    prediction: Piece
    y: Piece
    point: int
    step: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One thing worked out: its name, its rule, the rule with the numbers put in, and what that gives."""

    word: str
    rule: Formula | None
    worked: Formula
    result: Piece


@dataclass(frozen=True, slots=True)
class Stage:
    """Forward, backward or update."""

    title: str
    rule: Formula | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Work(Panel):
    """One step worked out. It shares its place with the solver."""

    name: ClassVar[str] = "work"
    stages: tuple[Stage, ...]


class Shown(NamedTuple):
    """The step that is worked out: the last one, or else the next."""

    line: Line  # before it
    run: Pass
    lesson: int | None  # the point that it is taught, None for all
    prefix: str  # of the addresses of its numbers
    ends: str  # of the addresses of the new w and b


def shown(lab: Neuron) -> Shown:
    """Return the step that is worked out."""
    last = lab.last_pass()
    if last and lab.before:
        return Shown(lab.before, last, lab.taught, "old.", "")
    return Shown(lab.line, lab.next_pass(), lab.lesson, "", "next.")


def node(lab: Neuron) -> Node:
    """Return the picture of the step that was taken, or else of the next one."""
    step, point = shown(lab), lab.shown
    x, y = lab.points[point]
    return Node(
        x=typed(x, at("points", point, 0)),
        w=written(step.line.w, at(f"{step.prefix}w")),
        b=written(step.line.b, at(f"{step.prefix}b")),
        prediction=written(step.run.predictions[point].item(), at(f"{step.prefix}prediction")),
        y=typed(y, at("points", point, 1)),
        point=point,
        step=lab.step if lab.before else None,
    )


LOSS_RULES = {"squared": "(p - y)²", "absolute": r"\text{|}p - y\text{|}"}
SLOPE_RULES = {"squared": "2 (p - y)", "absolute": r"\text{sign}(p - y)"}
UPDATE = Formula(r"w - a \cdot ∂L\text{/}∂w, \quad b - a \cdot ∂L\text{/}∂b")


def work(lab: Neuron) -> Work:
    """Return the step that was taken worked out, or else the next one."""
    step = shown(lab)
    rule = SLOPE_RULES[lab.loss]
    if step.lesson is None:
        forward = Stage("forward", _mean_of(LOSS_RULES[lab.loss]), _mean_loss(lab, step))
        backward = Stage("backward", _mean_of(rf"{rule} \cdot x", rule), _mean_slopes(lab, step))
    else:
        forward, backward = Stage("forward", None, _forward(lab, step)), Stage("backward", None, _slopes(lab, step))
    updates = zip("wb", step.line, step.run.grad, updated(step.line, step.run.grad, lab.rate), strict=True)
    return Work(
        (
            forward,
            backward,
            Stage("update", UPDATE, tuple(_update(name, lab.rate, step, *numbers) for name, *numbers in updates)),
        )
    )


def _forward(lab: Neuron, step: Shown) -> tuple[Row, ...]:
    """Return prediction and loss at the step's point."""
    assert step.lesson is not None
    (x, y), (w, b) = lab.points[step.lesson], step.line
    said = step.run.predictions[step.lesson].item()
    gap = f"#0 {sign(-y)} #1"
    loss = f"({gap})²" if lab.loss == "squared" else rf"\text{{|}}{gap}\text{{|}}"
    return (
        Row(
            "prediction",
            Formula(r"w \cdot x + b"),
            Formula(rf"#0 \cdot {factor(1, x)} {sign(b)} #2 =", (written(w), typed(x), written(abs(b)))),
            written(said, at(f"{step.prefix}prediction")),
        ),
        Row(
            "loss",
            Formula(LOSS_RULES[lab.loss]),
            Formula(f"{loss} =", (written(said), typed(abs(y)))),
            written(step.run.loss, at(f"{step.prefix}loss")),
        ),
    )


def _slopes(lab: Neuron, step: Shown) -> tuple[Row, ...]:
    """Return both gradients at the step's point."""
    assert step.lesson is not None
    residual, x = step.run.residuals[step.lesson].item(), lab.points[step.lesson][0]
    start = rf"2 \cdot {factor(0, residual)}" if lab.loss == "squared" else r"\text{sign}(#0)"
    to_w = Formula(rf"{start} \cdot {factor(1, x)} =", (written(residual), typed(x)))
    rule = SLOPE_RULES[lab.loss]
    rules = rf" = {rule} \cdot x", f" = {rule}"
    return _gradients(step, rules, (to_w, Formula(f"{start} =", (written(residual),))))


def _mean_loss(lab: Neuron, step: Shown) -> tuple[Row, ...]:
    """Return the mean loss of all points."""
    result = written(step.run.loss, at(f"{step.prefix}loss"))
    return (Row("loss", None, _mean(step.run.losses), result),)


def _mean_slopes(lab: Neuron, step: Shown) -> tuple[Row, ...]:
    """Return both gradients of the mean loss."""
    to_b = LOSSES[lab.loss].derivative(step.run.residuals)
    return _gradients(step, ("", ""), (_mean(to_b * lab.array[:, 0]), _mean(to_b)))


def _gradients(step: Shown, rules: tuple[str, str], worked: tuple[Formula, Formula]) -> tuple[Row, ...]:
    return tuple(
        Row("", Formula(rf"∂L\text{{/}}∂{name}{rule}"), sums, written(gradient, at(f"{step.prefix}grad.{name}")))
        for name, rule, sums, gradient in zip("wb", rules, worked, step.run.grad, strict=True)
    )


def _mean_of(*rules: str) -> Formula:
    return Formula(r"\text{mean of } " + r", \quad ".join(rules))


def _update(name: str, rate: float, step: Shown, old: float, gradient: float, new: float) -> Row:
    numbers = (written(old), Piece(rate_text(rate)), written(gradient))
    worked = Formula(rf"#0 - #1 \cdot {factor(2, gradient)} =", numbers)
    return Row(f"new {name}", None, worked, written(new, at(f"{step.ends}{name}")))


def rate_text(rate: float) -> str:
    """Return a learning rate as it was typed."""
    return f"{rate:.12g}".replace("e+", "e").replace("-", "−")


def _mean(terms: Array) -> Formula:
    """Return the mean of some numbers worked out: each of them where they are few, else their sum."""
    count = Piece(str(len(terms)))
    if len(terms) > MOST_TERMS:
        return Formula("#0 / #1 =", (written(terms.sum().item()), count))
    slots = "".join(f"{sign(value, first=not slot)} #{slot} " for slot, value in enumerate(terms.tolist()))
    return Formula(f"({slots}) / #{len(terms)} =", (*(written(abs(value)) for value in terms.tolist()), count))
