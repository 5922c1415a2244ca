"""The Activation lab: the panels of its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, NamedTuple

import numpy as np

from app.nn.activation import ACTIVATIONS, Array
from app.playground.actions.activation import ChangeVector, Settings
from app.playground.activation import LENGTH, Activation
from app.playground.stepper import PRODUCTS, RESULT, Stepper
from app.playground.writing import plain
from app.views.axes import Axes
from app.views.curve import Tick, nice, short
from app.views.moment import Moment
from app.views.panels import Panel, Piece, Say, Sentence
from app.views.sentences import say, strong
from app.views.stepping import bar, beats, prediction, track, watch_or_predict

LAB = "activation"
REACH = 2.0
"""The axes go from −2 to 2, unless a number of the vector lies outside."""
STRETCH = 8.0
"""Beyond ±8 sigmoid and tanh are flat."""
POINTS = 33
"""Points of a curve in each stretch of a half."""
SMALL = 0.0005
"""A slope below it is written 0.000."""


class Words(NamedTuple):
    """What a page says of a function: its name, how f(x) is written, what it is good for and where it is flat.

    ``bounded``: it never leaves −2 … 2, whatever goes in.
    """

    name: str
    of_x: str
    what: str
    bounded: bool


WORDS = {
    "identity": Words(
        "identity",
        "x",
        "It hands every number on, as before a loss that takes the bare numbers. Its slope vanishes nowhere, but "
        "without a bend layer upon layer is only one layer.",
        bounded=False,
    ),
    "step": Words(
        "step",
        "step(x)",
        "It says yes or no, as the first perceptrons did. Its slope is 0 everywhere, so gradient descent cannot learn "
        "through it.",
        bounded=True,
    ),
    "relu": Words(
        "ReLU",
        "ReLU(x)",
        "It lets what is positive pass and blocks the rest: cheap, and the gradient stays whole. Its slope is 0 at 0 "
        "and below.",
        bounded=False,
    ),
    "leaky_relu": Words(
        "leaky ReLU",
        "leaky(x)",
        "A ReLU that leaks, so that nothing dies: a hundredth of the gradient gets back below 0. Its slope vanishes "
        "nowhere.",
        bounded=False,
    ),
    "sigmoid": Words(
        "sigmoid",
        "σ(x)",
        "It makes a share between 0 and 1 of any number, as a chance of yes or no. Its slope is 0.25 at most and "
        "vanishes far from 0.",
        bounded=True,
    ),
    "tanh": Words(
        "tanh",
        "tanh(x)",
        "It squeezes any number between −1 and 1 and keeps its sign. Its slope is 1 at 0 and vanishes far from it.",
        bounded=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Functions(Panel):
    """Six small cards: name, title, and the curve on the same axes."""

    name: ClassVar[str] = "functions"
    cards: tuple[tuple[str, str, str], ...]
    chosen: str


class Line(NamedTuple):
    """How a number is worked out: words, what they make, and its address where that is a number of the model."""

    words: str
    result: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Lines(Panel):
    """What the function does to the present number, forward, in its slope and backward."""

    name: ClassVar[str] = "lines"
    forward: Line
    slope: Line
    backward: Line
    turn: int


@dataclass(frozen=True, slots=True)
class Plot(Panel):
    """The function and its derivative, one above the other, on one axis from −reach to reach; ``at``: the present x."""

    name: ClassVar[str] = "plot"
    title: str
    reach: float
    ticks: tuple[Tick, ...]
    at: float
    value: Axes
    slope: Axes


@dataclass(frozen=True, slots=True)
class Row:
    """A number that goes through; ``output`` and ``slope`` are None while they are to come."""

    x: float
    output: float | None = None
    slope: float | None = None


@dataclass(frozen=True, slots=True)
class Vector(Panel):
    """The vector as a table: x, f(x), slope."""

    name: ClassVar[str] = "vector"
    of_x: str
    rows: tuple[Row, ...]
    now: int
    hidden: bool
    turn: int


@dataclass(frozen=True, slots=True)
class Source(Panel):
    """Where the vector comes from; ``values`` is what "typed" begins with."""

    name: ClassVar[str] = "origin"
    source: str
    values: str
    seed: int


@dataclass(frozen=True, slots=True)
class About(Panel):
    """What the function is. Away while predictions are asked for."""

    name: ClassVar[str] = "about"
    title: str
    formula: str
    slope: str
    what: str

    @property
    def key(self) -> str:
        """It stands beside the voice."""
        return "aside"


@dataclass(frozen=True, slots=True)
class MoreVector(Panel):
    """Other vectors: ready ones, drawn ones, typed ones."""

    name: ClassVar[str] = "vector-more"
    seed: int
    text: str


def panels(moment: Moment) -> tuple[Panel, ...]:
    """Return every panel of the Activation lab at a moment."""
    lab = moment.table.activation
    function, words = ACTIVATIONS[lab.function], WORDS[lab.function]
    outputs, slopes = function.forward(lab.array) + 0.0, function.derivative(lab.array) + 0.0  # no −0
    stepper = moment.state.view.activation.on(LENGTH)
    here, done = stepper.index, stepper.done
    seen = zip(lab.vector, outputs.tolist()[:done], slopes.tolist()[:done], strict=False)
    rows = (*(Row(*row) for row in seen), *(Row(x) for x in lab.vector[done:]))
    written = " ".join(map(repr, lab.vector))
    return (
        Functions(tuple((name, WORDS[name].name, drawn(name, REACH)[0]) for name in ACTIVATIONS), lab.function),
        beats(stepper, ("the function", "function"), ("it comes out", "out"), ("it goes in", "in")),
        _lines(lab.function, rows[here], stepper),
        _plot(lab, rows[:done], stepper),
        Vector(words.of_x, rows, here, stepper.hidden, here % 2),
        watch_or_predict(LAB, stepper),
        Say(
            _sentence(moment, lab, rows[here], stepper),
            moment.action is None and not moment.arrived and not stepper.done,
        ),
        track(LAB, "number", stepper, LENGTH, LENGTH),
        bar(LAB, stepper, LENGTH, moment),
        prediction(LAB, stepper, outputs[here].item()),
        Source(lab.source, written, lab.seed),
        About(words.name, function.formula, function.slope, words.what),
        MoreVector(lab.seed, written),
    )


# --- the curves ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def drawn(name: str, reach: float) -> tuple[str, str]:
    """Return a function and its derivative from −reach to reach as SVG paths in x and y, which jump where they do."""
    half = np.union1d(np.linspace(0, min(reach, STRETCH), POINTS), np.linspace(0, reach, POINTS))
    # Each half is worked out by itself, its end an instant beside 0, where steps and bends are.
    near = np.concatenate(([1e-12], half[1:]))
    function = ACTIVATIONS[name]
    return _path(function.forward, half, near), _path(function.derivative, half, near)


def _path(function: Callable[[Array], Array], half: Array, near: Array) -> str:
    left, right = function(-near[::-1]), function(near)
    joins = "L" if abs(left[-1] - right[0]) < 1e-6 else "M"
    return f"M{_points(-half[::-1], left)}{joins}{_points(half, right)}"


def _points(xs: Array, ys: Array) -> str:
    """Return points without those that lie on a line with both of their neighbours."""
    rises = np.diff(ys) / np.diff(xs)
    bends = np.abs(np.diff(rises)) > 1e-9 * max(1.0, np.abs(rises).max())
    kept = np.concatenate(([True], bends, [True]))
    return "L".join([f"{x:.6g} {y:.6g}" for x, y in zip(xs[kept].tolist(), ys[kept].tolist(), strict=True)])


def _plot(lab: Activation, passed: tuple[Row, ...], stepper: Stepper) -> Plot:
    most = max(map(abs, lab.vector))
    reach = REACH if most <= REACH else nice(most)
    high = REACH if WORDS[lab.function].bounded else reach
    value, slope = drawn(lab.function, reach)

    def across(x: float) -> float:
        return round(50 + 50 * x / reach, 2)

    def axes(path: str, low: float, high: float, marks: tuple[float, ...], heights: list[float]) -> Axes:
        down = [round(100 * (high - y) / (high - low), 2) for y in heights]
        places = [(across(row.x), y) for row, y in zip(passed, down, strict=True)]
        now = stepper.beat == RESULT
        return Axes(
            path,
            low,
            high,
            tuple(Tick(round(100 * (high - mark) / (high - low), 2), _tick(mark)) for mark in marks),
            tuple(places[: stepper.index]),
            down[stepper.index] if now else None,
        )

    name, formula = WORDS[lab.function].name, ACTIVATIONS[lab.function].formula
    known = [(row.output or 0.0, row.slope or 0.0) for row in passed]
    return Plot(
        title=formula if formula.startswith(name) else f"{name}: {formula}",
        reach=reach,
        ticks=tuple(Tick(25.0 * place, _tick(x)) for place, x in enumerate(_marks(reach))),
        at=across(lab.vector[stepper.index]),
        value=axes(value, -high, high, _marks(high), [output for output, _ in known]),
        slope=axes(slope, -0.2, 1.2, (0.0, 1.0), [rise for _, rise in known]),
    )


def _marks(reach: float) -> tuple[float, ...]:
    return -reach, -reach / 2, 0.0, reach / 2, reach


def _tick(value: float) -> str:
    return ("−" if value < 0 else "") + short(abs(value))


# --- words -----------------------------------------------------------------------------------------------------------


def _lines(function: str, row: Row, stepper: Stepper) -> Lines:
    """Return the three lines: the formulas, then with the number put in, then with what they make."""
    rules, turn = ACTIVATIONS[function], stepper.index % 2
    if row.output is None or row.slope is None:
        forward, unknown = rules.formula, "?" if stepper.hidden else ""
        if stepper.beat == PRODUCTS or stepper.hidden:
            forward = _forward(function, row.x)
        return Lines(Line(forward, unknown), Line(rules.slope), Line("whatever comes × the slope"), turn)
    at, x = f"[{stepper.index}]", row.x
    value, rise = plain(row.output, 3), plain(row.slope, 3)
    side = ">" if x > 0 else "<" if x < 0 else "="
    slopes = {
        "identity": "everywhere",
        "step": "flat on both sides, so",
        "sigmoid": f"{value} · (1 − {value}) =",
        "tanh": f"1 − {f'({value})' if row.output < 0 else value}² =",
    }
    back = Line("whatever comes × 0 =", "0") if row.slope == 0 else Line("whatever comes ×", rise)
    return Lines(
        Line(_forward(function, x), value, f"{LAB}:output{at}"),
        Line(slopes.get(function, f"x {side} 0, so"), rise, f"{LAB}:slope{at}"),
        back,
        turn,
    )


def _forward(function: str, x: float) -> str:
    """Return the formula with a number put in."""
    number, opposite = plain(x, 3), plain(-x, 3)
    match function:
        case "step":
            return f"{number} {'≥' if x >= 0 else '<'} 0, so"
        case "relu":
            return f"max(0, {number}) ="
        case "leaky_relu":
            return f"{number} > 0, so" if x > 0 else f"0.01 · {number} ="
        case "sigmoid":
            return f"1 / (1 + e^{opposite}) ="
        case "tanh":
            return f"tanh({number}) ="
    return f"{number}, as it is:"


def _sentence(moment: Moment, lab: Activation, row: Row, stepper: Stepper) -> Sentence:
    name = WORDS[lab.function].name
    which = strong(f"Number {stepper.index}:")
    number = Piece(plain(row.x, 3), address=f"{LAB}:vector[{stepper.index}]")
    if stepper.hidden:
        return say(which, f" what does {name} make of ", number, "?")
    if row.output is not None and row.slope is not None:
        made = Piece(plain(row.output, 3), strong=True, address=f"{LAB}:output[{stepper.index}]")
        slope = Piece(plain(row.slope, 3), address=f"{LAB}:slope[{stepper.index}]")
        return say(which, f" {name} of ", number, " is ", made, ", and ", *_back(row.slope, slope))
    if stepper.beat == PRODUCTS:
        return say(which, f" {name} takes ", number, ".")
    if stepper.index == 0:
        opening = _opening(moment, name)
        if opening:
            return opening
    return say(which, " ", number, " goes in.")


def _opening(moment: Moment, name: str) -> Sentence:
    match moment.action:
        case None if not moment.arrived:
            return say(strong("Eight numbers go through a function,"), " one by one. Press Step.")
        case Settings():
            return say(strong(f"Another function: {name}."), " Press Step.")
        case ChangeVector():
            return say(strong("Other numbers."), f" Press Step: the first one goes through {name}.")
    return ()


def _back(slope: float, shown: Piece) -> Sentence:
    """Return what a slope does to the gradient that comes back."""
    if slope == 0:
        return say("its slope is ", shown, ": no gradient gets back through here.")
    if slope == 1:
        return say("its slope is ", shown, ": all of the gradient gets back.")
    if slope < SMALL:
        return say("its slope is ", shown, ": next to nothing gets back.")
    return say("a gradient comes back times ", shown, ".")
