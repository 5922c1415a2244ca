"""The Neuron lab: steps, w and b by hand, points, settings, the analytic solution."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from app.nn.neuron import NoLine, descend, through
from app.playground.actions.base import Change, Look, Outcome
from app.playground.actions.fields import Number, given, sent
from app.playground.actions.train import Train
from app.playground.errors import Full, Invalid, OutOfRange
from app.playground.neuron import MOST_POINTS, Looking, LossName, Neuron, Picture, Point, Teach, Way
from app.playground.state import Playground, Table

Index = Annotated[int, Field(ge=0, lt=MOST_POINTS)]


def _at(lab: Neuron, index: int | None, field: str) -> int:
    """Return the index of a point; refuse one that there is not."""
    if index is None or index >= len(lab.points):
        last = len(lab.points) - 1
        raise OutOfRange(
            f"There is no such point: they are counted from 0 to {last}.", field, {"minimum": 0, "maximum": last}
        )
    return index


def _changed(table: Table, **fields: Any) -> Outcome:  # noqa: ANN401 - fields of the lab
    """Return the table with the lab changed: what the last step worked out is then no longer shown.

    Nor is it where a point is chosen, though it may have been its turn already.
    """
    lab = replace(table.neuron, **fields)
    if lab == table.neuron and "turn" not in fields:
        return Outcome(table)
    return Outcome(replace(table, neuron=replace(lab, before=None, taught=None)))


class Step(Train):
    """Take steps of gradient descent."""

    name: ClassVar[str] = "neuron-step"
    lab: ClassVar[str] = "neuron"
    summary: ClassVar[str] = "Take steps of gradient descent; point: all of them at this point."
    record: ClassVar[np.dtype[Any]] = np.dtype((np.float64, 3))
    point: Index | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table after the steps; each leaves the mean loss of all points, w and b, all before it."""
        lab = table.neuron
        point = None if self.point is None else _at(lab, self.point, "point")
        lessons = lab.lessons(self.steps, point)
        done = descend(lab.line, lab.array, lab.loss, lab.rate, lessons)
        last = lessons[-1]
        turn = lab.turn if last is None else last if lab.teach == "one" else lab.following(last)
        taken = replace(lab, line=done.line, before=done.before, taught=last, turn=turn, step=lab.step + self.steps)
        return Outcome(replace(table, neuron=taken), done.records.tobytes())


class Initialise(Change):
    """Begin anew: where descent began, or at a w and b set by hand."""

    name: ClassVar[str] = "neuron-initialise"
    lab: ClassVar[str] = "neuron"
    summary: ClassVar[str] = "Begin descent anew: at its start, or with w, b or both set by hand (a new start)."
    begins: ClassVar[bool] = True
    w: Number | None = None
    b: Number | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table with no step taken; the first point has its turn."""
        lab = table.neuron
        start = lab.start if self.w is None and self.b is None else lab.line._replace(**given(self.model_dump()))
        if not start.finite:
            raise OutOfRange("The other number is not finite: undo first, or set both.", "w" if self.w is None else "b")
        turn = lab.turn if lab.teach == "one" else 0
        return Outcome(
            replace(table, neuron=replace(lab, line=start, start=start, step=0, turn=turn, before=None, taught=None))
        )

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        named = " and ".join(sent(self))
        return f"{named} by hand, neuron" if named else "reset, neuron"


class Settings(Change):
    """Change how the neuron is taught; what is not named stays."""

    name: ClassVar[str] = "neuron-settings"
    lab: ClassVar[str] = "neuron"
    summary: ClassVar[str] = (
        "loss: squared or absolute; rate; teach: turns, one or all; turn: the point that is taught next."
    )
    loss: LossName | None = None
    rate: Annotated[float, Field(gt=0, le=1e38)] | None = None
    teach: Teach | None = None
    turn: Index | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table with these settings."""
        if self.turn is not None:
            _at(table.neuron, self.turn, "turn")
        return _changed(table, **given(self.model_dump()))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        said = {"loss": f"{self.loss} loss", "rate": f"rate {self.rate or 0:g}", "teach": f"teach {self.teach}"}
        return ", ".join(said.get(name, "point") for name in sent(self)) + ", neuron"


class ChangePoint(Change):
    """Add a point, move one, or take one away."""

    name: ClassVar[str] = "neuron-point"
    lab: ClassVar[str] = "neuron"
    summary: ClassVar[str] = (
        "x and y add a point; index with x, y or both moves one; index and remove: true takes it away."
    )
    index: Index | None = None
    x: Number | None = None
    y: Number | None = None
    remove: bool = False

    def apply(self, table: Table) -> Outcome:
        """Return the table with these points; the one that was changed has its turn."""
        lab = table.neuron
        points = list(lab.points)
        if self.index is None:
            turn = len(points)
            points.append(self._new(lab))
        else:
            turn = _at(lab, self.index, "index")
            x, y = points[turn]
            points[turn] = (x if self.x is None else self.x, y if self.y is None else self.y)
        if self.remove:
            if len(points) == 1:
                raise OutOfRange("One point has to stay: move it instead.", "remove")
            del points[turn]
            turn = min(turn, len(points) - 1)
        return _changed(table, points=tuple(points), turn=turn)

    def _new(self, lab: Neuron) -> Point:
        if self.remove:
            raise Invalid("Which point is to go? It needs an index.", "index")
        if self.x is None or self.y is None:
            raise Invalid("A new point needs x and y.", "x" if self.x is None else "y")
        if len(lab.points) == MOST_POINTS:
            raise Full(f"There is room for {MOST_POINTS} points. Move one, or take one away.")
        return self.x, self.y

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        what = "take a point away" if self.remove else "new point" if self.index is None else f"point {self.index}"
        return f"{what}, neuron"


class Solve(Change):
    """Take over what the analytic solver finds."""

    name: ClassVar[str] = "neuron-solve"
    lab: ClassVar[str] = "neuron"
    summary: ClassVar[str] = (
        "Take over the line through two points: first and second (indices), by default the one whose turn it is and "
        "the next. Descent begins anew from there; its start stays where reset leads."
    )
    begins: ClassVar[bool] = True
    first: Index | None = None
    second: Index | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table with w and b of that line."""
        lab = table.neuron
        if lab.pair is None:
            raise OutOfRange(ONE_POINT, "first")
        first, second = lab.pair
        if self.first is not None or self.second is not None:
            first, second = _at(lab, self.first, "first"), _at(lab, self.second, "second")
        try:
            line = through(lab.points[first], lab.points[second])
        except NoLine as problem:
            raise OutOfRange(problem.sentence, "second") from None
        return Outcome(replace(table, neuron=replace(lab, line=line, step=0, before=None, taught=None)))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return "the solution, neuron"


ONE_POINT = "Through one point there are as many lines as you like: w and b take two points."


class Show(Look):
    """Choose the way to the answer, and which picture of the loss is seen."""

    name: ClassVar[str] = "neuron-show"
    lab: ClassVar[str] = "neuron"
    summary: ClassVar[str] = (
        "way: solve (the analytic solver) or descend (the worked-out step); plot: surface (the loss over w and b) or "
        "loss (the loss of one prediction)."
    )
    part: ClassVar[str] = "neuron"
    way: Way | None = None
    plot: Picture | None = None

    def look(self, state: Playground) -> Looking:
        """Return what is seen after it."""
        return replace(state.view.neuron, **given(self.model_dump()))
