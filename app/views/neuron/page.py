"""The Neuron lab: the panels of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.nn.neuron import Line
from app.playground.neuron import MOST_POINTS, Neuron, Point
from app.views.curve import Plot, curve
from app.views.explaining import explanation
from app.views.moment import Moment
from app.views.neuron.lossplot import loss_plot
from app.views.neuron.numbers import LAB, at
from app.views.neuron.plots import line_plot, surface
from app.views.neuron.rates import Rate, suggested
from app.views.neuron.sentence import sentence
from app.views.neuron.solver import point_text, solver
from app.views.neuron.work import node, typed, work, written
from app.views.panels import Choice, Panel, Piece, Say, Switch
from app.views.transport import Deeds, transport

WAYS = (
    Choice("solve", "Solve", "The line through two points, worked out at once"),
    Choice("descend", "Descend", "Gradient descent, step by step"),
)
PICTURES = (
    Choice("surface", "w, b", "The loss over w and b, with the path walked so far"),
    Choice("loss", "p − y", "The loss of one prediction, and its slope"),
)
CHIP, ROOM = 1.5, 21.0
"""How much a chip takes beside its letters, and what room there is for all of them, in units."""


@dataclass(frozen=True, slots=True)
class Pictures(Switch):
    """The switch between the two pictures of the loss."""

    @property
    def key(self) -> str:
        """The page has another switch."""
        return "pictures"


@dataclass(frozen=True, slots=True)
class Chip:
    """A point to choose; ``letter`` stands for it where there are too many for their numbers."""

    x: Piece
    y: Piece
    letter: str


@dataclass(frozen=True, slots=True)
class Points(Panel):
    """The points: chosen by a press, added by +, taken away by −; ``fresh`` is what + adds, None with no room."""

    name: ClassVar[str] = "points"
    chips: tuple[Chip, ...]
    chosen: int
    fresh: Point | None


@dataclass(frozen=True, slots=True)
class Teaching(Panel):
    """What a step is taught, and by which loss."""

    name: ClassVar[str] = "teaching"
    teach: str
    loss: str


@dataclass(frozen=True, slots=True)
class Verdict(Panel):
    """w, b and the mean loss, now."""

    name: ClassVar[str] = "line-answer"
    w: Piece
    b: Piece
    loss: Piece

    @property
    def key(self) -> str:
        """It is this page's answer."""
        return "answer"


@dataclass(frozen=True, slots=True)
class Rates(Panel):
    """Rates to try, and where descent can begin."""

    name: ClassVar[str] = "rates"
    rates: tuple[Rate, ...]
    now: float


@dataclass(frozen=True, slots=True)
class Factor:
    """A matrix of one row and one column in a product: what stands before it, its name, and its number."""

    before: str
    title: str
    number: Piece


@dataclass(frozen=True, slots=True)
class Matrix(Panel):
    """The neuron as a product of matrices, for the chosen point; ``points`` is how many rows all of them make."""

    name: ClassVar[str] = "matrix"
    factors: tuple[Factor, ...]
    points: int


def panels(moment: Moment) -> tuple[Panel, ...]:
    """Return every panel of the Neuron lab at a moment."""
    lab, seen = moment.table.neuron, moment.state.view.neuron
    walked = moment.line(LAB)
    now = lab.next_pass()
    losses = walked._replace(losses=walked.losses[:, 0])
    detail = {1: "", 2: " of both points"}.get(len(lab.points), f" of all {len(lab.points)} points")
    return (
        node(lab),
        work(lab) if seen.way == "descend" else solver(lab),
        line_plot(lab),
        *(surface(lab, walked.taken) if seen.plot == "surface" else (loss_plot(lab),)),
        Pictures("Picture", "/neuron/neuron-show", "plot", PICTURES, seen.plot),
        Switch("Way to the answer", "/neuron/neuron-show", "way", WAYS, seen.way),
        Say(sentence(moment), moment.action is None and not moment.arrived),
        explanation(moment, LAB),
        _points(lab),
        Teaching(lab.teach, lab.loss),
        transport(moment, LAB, Deeds("neuron-initialise", _again(lab.start), "neuron-settings")),
        curve(losses, now.mean_loss, Plot(LAB, "mean loss", detail, guess=False)),
        Verdict(written(lab.line.w, at("w")), written(lab.line.b, at("b")), written(now.mean_loss, at("mean_loss"))),
        Rates(suggested(lab), lab.rate),
        _matrix(lab),
    )


def _again(start: Line) -> str:
    return f"w = {written(start.w).text}, b = {written(start.b).text}"


def _points(lab: Neuron) -> Points:
    many = sum(len(point_text(point)) / 2 + CHIP for point in lab.points) > ROOM
    chips = tuple(
        Chip(
            typed(x, at("points", index, 0)),
            typed(y, at("points", index, 1)),
            "ABCDEF"[index] if many and index != lab.shown else "",
        )
        for index, (x, y) in enumerate(lab.points)
    )
    x, y = max(lab.points)
    # Beside the last one and off its line, so that there is something to learn.
    fresh = (x + 1, y - 1) if len(lab.points) < MOST_POINTS else None
    return Points(chips, lab.shown, fresh)


def _matrix(lab: Neuron) -> Matrix:
    """Return the same neuron as a 1×1 matrix."""
    said = lab.next_pass().predictions[lab.turn].item()
    factors = (
        Factor("", "W", written(lab.line.w, at("w"))),
        Factor("·", "x", typed(lab.points[lab.turn][0], at("points", lab.turn, 0))),
        Factor("+", "b", written(lab.line.b, at("b"))),
        Factor("=", "p", written(said, at("prediction"))),
    )
    return Matrix(factors, len(lab.points))
