"""The answer without descent: the line through two points, worked out; and how far descent has come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from app.nn.neuron import Line, NoLine, through, work_out
from app.playground.actions.neuron import ONE_POINT
from app.playground.neuron import Neuron, Point
from app.views.neuron.numbers import at, best
from app.views.neuron.work import Row, factor, sign, typed, written
from app.views.panels import Formula, Panel, Piece


@dataclass(frozen=True, slots=True)
class Reached:
    """A way to the answer, and what it comes to: w, b and the mean loss."""

    way: str
    w: Piece
    b: Piece
    loss: Piece


@dataclass(frozen=True, slots=True)
class Solver(Panel):
    """The line through two points worked out, or the reason why there is none. It shares its place with the step."""

    name: ClassVar[str] = "solver"
    title: str
    rows: tuple[Row, ...]
    reason: str
    reached: tuple[Reached, ...]
    taken: bool  # the neuron is that line already

    @property
    def key(self) -> str:
        """It stands where a step is worked out."""
        return "work"


LONG = 14
"""Letters of all numbers put into a rule that stand beside it."""
W_RULE = Formula(r"w = (y₂ - y₁)\text{/}(x₂ - x₁)")
B_RULE = Formula(r"b = y₁ - w \cdot x₁")


def point_text(point: Point) -> str:
    """Return a point as it is written: (0, 1)."""
    return f"({typed(point[0]).text}, {typed(point[1]).text})"


def solver(lab: Neuron) -> Solver:
    """Return the solver at work on the two points whose turn it is."""
    descent = _reached(f"descent, {lab.step} step{'' if lab.step == 1 else 's'}", lab, lab.line, "")
    if lab.pair is None:
        return Solver("Through one point", (), f"{ONE_POINT} Add a second one.", (descent,), taken=False)
    first, second = (lab.points[index] for index in lab.pair)
    title = f"Through {point_text(first)} and {point_text(second)}"
    try:
        line = through(first, second)
    except NoLine as problem:
        return Solver(title, _refused(first, second), problem.sentence, (descent,), taken=False)
    reached = [_reached("solved", lab, line, "solved.")]
    least = best(lab)
    if len(lab.points) > 2 and least:
        reached.append(_reached("lowest loss", lab, least, "lowest."))
    rows = _rows(first, second, line)
    return Solver(title, rows, "", (*reached, descent), taken=line == lab.line)


def _rows(first: Point, second: Point, line: Line) -> tuple[Row, ...]:
    (x, y), w = first, line.w
    intercept = Formula(rf"#0 - {factor(1, w)} \cdot {factor(2, x)} =", (typed(y), written(w), typed(x)))
    return (
        _row("w", W_RULE, _quotient(first, second), w),
        _row("b", B_RULE, intercept, line.b),
    )


def _row(name: str, rule: Formula, worked: Formula, value: float) -> Row:
    """Return a row of the solver; long numbers take the room of the rule."""
    long = sum(len(number.text) for number in worked.numbers) > LONG
    return Row(f"{name} =" if long else "", None if long else rule, worked, written(value, at(f"solved.{name}")))


def _quotient(first: Point, second: Point) -> Formula:
    (x1, y1), (x2, y2) = first, second
    numbers = tuple(map(typed, (y2, abs(y1), x2, abs(x1))))
    return Formula(f"(#0 {sign(-y1) if y1 else '-'} #1) / (#2 {sign(-x1) if x1 else '-'} #3) =", numbers)


def _refused(first: Point, second: Point) -> tuple[Row, ...]:
    if first[0] != second[0]:
        return ()
    return (replace(_row("w", W_RULE, _quotient(first, second), 0.0), result=Piece("?")),)


def _reached(way: str, lab: Neuron, line: Line, prefix: str) -> Reached:
    loss = work_out(line, lab.array, lab.loss).mean_loss
    address = {"": "mean_loss", "lowest.": "lowest.loss", "solved.": "solved.loss"}[prefix]
    return Reached(
        way, written(line.w, at(f"{prefix}w")), written(line.b, at(f"{prefix}b")), written(loss, at(address))
    )
