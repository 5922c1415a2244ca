"""The neuron in an export: its line, the steps, and what it makes of the points."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.nn.neuron import Line, descend, work_out
from app.playground.actions.neuron import Step
from app.playground.neuron import LossName, Neuron, Point
from app.views.export.cells import Cell, assigned, code, entries, same, words
from app.views.export.exact import DIGITS, EXACT, STEADY, longer, steady
from app.views.export.record import History, Record

DESCEND = """\
def descend(points, loss, rate, steps, turn=None, point=None):
    # Each step is taught all points; or one after the other, from a turn on; or one point alone.
    x, y = torch.tensor(points, dtype=torch.float64).unbind(1)
    optimizer = optim.SGD([w, b], lr=rate)
    for step in range(steps):
        taught = slice(None)
        if turn is not None:
            taught = (turn + step) % len(points)
        if point is not None:
            taught = point
        optimizer.zero_grad()
        residual = w * x[taught] + b - y[taught]
        loss(residual).mean().backward()
        optimizer.step()"""
LOSSES: dict[LossName, str] = {"squared": "torch.square", "absolute": "torch.abs"}
AS_SHOWN = (
    "The page's own w and b. Here one rounding, in the last digit, decides where steps so many, or so long, lead; two "
    "programs that are both right do not agree to 1e-9."
)


class Lesson(NamedTuple):
    """Steps in a row on the same points: all of them, one after the other from a ``turn`` on, or one ``point``."""

    points: tuple[Point, ...]
    loss: LossName
    rate: float
    turn: int | None
    point: int | None
    steps: int

    @property
    def taught(self) -> list[int | None]:
        """What each step is taught: the index of a point, None for all of them."""
        if self.turn is None:
            return [self.point] * self.steps
        return [(self.turn + step) % len(self.points) for step in range(self.steps)]

    def goes_on(self, other: Lesson) -> bool:
        """Return whether this one goes on where another ends."""
        turn = None if other.turn is None else (other.turn + other.steps) % len(other.points)
        return self[:5] == (*other[:3], turn, other.point)


def part(record: Record) -> list[Cell]:
    """Return the cells that rebuild the neuron."""
    if not record.touched("neuron"):
        return []
    history, lab = record.histories["neuron"], record.moment.table.neuron
    lessons, start = lessons_of(history), history.start.neuron.line
    ours = _found(lab.line, lab.array, lab.loss)
    cells = [
        words("## The neuron", "It makes w·x + b of each x, and is to come to y."),
        code(
            f"w = torch.tensor({start.w!r}, dtype=torch.float64, requires_grad=True)",
            f"b = torch.tensor({start.b!r}, dtype=torch.float64, requires_grad=True)",
        ),
    ]
    if lessons:
        many = f"{lab.step} steps" if lab.step > 1 else "One step"
        cells += [code(DESCEND), words(f"{many} of gradient descent, as the page took them."), code(*_taught(lessons))]
    if not _steady(start, lessons, ours, lab):
        cells += [words(AS_SHOWN), code(f"w.data.fill_({lab.line.w!r})", f"b.data.fill_({lab.line.b!r})")]
    return [
        *cells,
        words(f"What the page shows, after step {lab.step}."),
        code(
            *([] if lessons and lessons[-1].points == lab.points else [assigned("points", list(lab.points))]),
            "x, y = torch.tensor(points, dtype=torch.float64).unbind(1)",
            "with torch.no_grad():",
            "    predictions = w * x + b",
            f"    losses = {LOSSES[lab.loss]}(predictions - y)",
            "print(w, b, predictions, losses, sep='\\n')",
        ),
        code(
            *entries("shown", ours),
            "found = {'w': w, 'b': b, 'predictions': predictions, 'losses': losses, 'mean loss': losses.mean()}",
            "for name, numbers in found.items():",
            f"    {same('numbers.detach()', 'shown[name]', EXACT)}",
        ),
    ]


def lessons_of(history: History) -> list[Lesson]:
    """Return the steps in order; those that go on from one another are one lesson."""
    table, lessons = history.start, list[Lesson]()
    for change in history.changes:
        lab = table.neuron
        if isinstance(change, Step):
            alone = lab.turn if lab.teach == "one" else None
            point = alone if change.point is None else change.point
            turn = lab.turn if lab.teach == "turns" and point is None else None
            lesson = Lesson(lab.points, lab.loss, lab.rate, turn, point, change.steps)
            if lessons and lesson.goes_on(lessons[-1]):
                lesson = lessons[-1]._replace(steps=lessons.pop().steps + change.steps)
            lessons.append(lesson)
        table = change.apply(table).table  # a step too: it says whose turn it is next
    return lessons


def _steady(start: Line, lessons: list[Lesson], ours: dict[str, NDArray[Any]], lab: Neuron) -> bool:
    """Return whether PyTorch is sure to come to the page's numbers: another rate, one rounding off, still does.

    It is not where w and b were huge on the way and no longer are, nor where a residual was all but 0: the absolute
    loss has its kink there, and a rounding decides on the side.
    """
    line, largest = start, 0.0
    for lesson in lessons:
        points, taught = np.array(lesson.points), lesson.taught
        done = descend(line, points, lesson.loss, longer(lesson.rate), taught)
        line, largest = done.line, max(largest, np.abs(done.records[:, 1:]).max())
        if lesson.loss == "absolute":
            w, b = done.records[:, 1:2], done.records[:, 2:3]
            with np.errstate(all="ignore"):
                residuals = np.abs(w * points[:, 0] + b - points[:, 1])  # (steps, points)
            if (residuals if taught[0] is None else residuals[np.arange(len(taught)), taught]).min() < EXACT:
                return False
    left = largest * DIGITS <= STEADY * max(1.0, min(abs(lab.line.w), abs(lab.line.b)))
    return (left or not lab.line.finite) and steady(ours, _found(line, lab.array, lab.loss))


def _found(line: Line, points: NDArray[np.float64], loss: LossName) -> dict[str, NDArray[Any]]:
    run = work_out(line, points, loss)
    scalars = {"w": line.w, "b": line.b, "mean loss": run.mean_loss}
    found = {"predictions": run.predictions, "losses": run.losses}
    return {name: np.asarray(value) for name, value in scalars.items()} | found


def _taught(lessons: list[Lesson]) -> list[str]:
    lines, drawn = list[str](), None
    for lesson in lessons:
        if drawn != lesson.points:
            lines.append(assigned("points", list(lesson.points)))
        how = {"turn": lesson.turn, "point": lesson.point}
        taught = "".join(f", {name}={index}" for name, index in how.items() if index is not None)
        lines.append(f"descend(points, {LOSSES[lesson.loss]}, rate={lesson.rate!r}, steps={lesson.steps}{taught})")
        drawn = lesson.points
    return lines
