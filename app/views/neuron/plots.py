"""The line among the points, and the loss over w and b with the path that descent walked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from app.nn.neuron import Line, work_out
from app.playground.neuron import Neuron
from app.playground.writing import plain
from app.views.curve import Tick
from app.views.neuron.contours import Place, regions
from app.views.neuron.labels import Label, Room
from app.views.neuron.numbers import at, best, solved
from app.views.neuron.plane import Frame, broad, span
from app.views.neuron.work import written
from app.views.panels import Panel, Piece, Sentence
from app.views.sentences import say

Straight = tuple[float, float, float, float]
CORNERS = (("end", 99.0, 94.0), ("start", 1.0, 6.0), ("start", 1.0, 94.0), ("end", 99.0, 6.0))
EDGE = 9.0
BESIDE = 5.0
"""How far a label stands beside what it names, in percent."""
FAR = 4.0
"""A neuron whose line or path leaves the frame by so many times its size is not followed any further."""
SQUARE = 0.85
"""One unit of w is to look about as long as one of b, so that a step is seen to go straight down."""
FLAT = 0.2
MOST_PLACES = 240
NEAR = 0.4
"""Places of a path closer than so many percent are one."""
MOST_DOTS = 60


@dataclass(frozen=True, slots=True)
class Dot:
    """A point, and the gap between it and the line: where the line is over it, None where that is off the plot."""

    x: float
    y: float
    line: float | None
    taught: bool


@dataclass(frozen=True, slots=True)
class LinePlot(Panel):
    """The line among the points. Places in percent, y downwards; a line is (x, y, x, y), None where it is not seen.

    ``now`` is the line, ``old`` that before the last step, ``solved`` that through two points.
    """

    name: ClassVar[str] = "line"
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    now: Straight | None
    old: Straight | None
    solved: Straight | None
    dots: tuple[Dot, ...]
    gaps: tuple[Label, ...]
    w: Piece
    b: Piece
    through: Label | None
    broad: bool  # the ticks take more room than usual


@dataclass(frozen=True, slots=True)
class Path(Panel):
    """The path that descent walked over the surface: an SVG path in percent, a dot a step, and where it is now."""

    name: ClassVar[str] = "path"
    inside: ClassVar[str] = "loss"
    path: str
    dots: tuple[Place, ...]
    start: Label | None
    now: Place | None


@dataclass(frozen=True, slots=True)
class Surface(Panel):
    """The loss over w and b: regions with their outlines as SVG paths in percent, the highest loss first."""

    name: ClassVar[str] = "surface"
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    outlines: tuple[str, ...]
    labels: tuple[Label, ...]
    lowest: Place | None
    broad: bool  # the ticks take more room than usual
    path: Path = field(compare=False)  # a panel of its own: the map stays while it grows

    @property
    def key(self) -> str:
        """It shares its place with the loss of one prediction."""
        return "loss"


# --- the line among the points ---------------------------------------------------------------------------------------


def line_plot(lab: Neuron) -> LinePlot:
    """Return the line among the points."""
    frame = _points_frame(lab)
    answer = solved(lab)
    dots = tuple(_dot(lab, index, frame) for index in range(len(lab.points)))
    drawn = frame.line(*lab.line), answer and frame.line(*answer)
    points = tuple((dot.x, dot.y) for dot in dots)
    beside_lines = Room((*points, *_along(*drawn)))
    wishes = (Label(_named(answer), x, y, anchor) for anchor, x, y in CORNERS) if answer else ()
    through = beside_lines.place(*wishes)
    room = Room(points)
    if through:
        room.place(through)
    gaps = (_gap(lab, index, dot, room) for index, dot in enumerate(dots))
    return LinePlot(
        x_ticks=frame.x_ticks,
        y_ticks=frame.y_ticks,
        now=drawn[0],
        old=lab.before and frame.line(*lab.before),
        solved=drawn[1],
        dots=dots,
        gaps=tuple(gap for gap in gaps if gap),
        w=written(lab.line.w, at("w")),
        b=written(lab.line.b, at("b")),
        through=through,
        broad=broad(*frame.y_ticks),
    )


def _along(*lines: Straight | None) -> Iterator[Place]:
    """Return places along lines."""
    for line in lines:
        for share in np.linspace(0, 1, 15) if line else ():
            x, y, right, down = line or (0, 0, 0, 0)
            yield x + share * (right - x), y + share * (down - y)


def _named(answer: Line) -> Sentence:
    """Return the name of the dashed line: 2x + 1."""
    w, b = (Piece(plain(value), address=at(f"solved.{name}")) for name, value in zip("wb", answer, strict=True))
    joined = "x " if answer.b < 0 else "x + "
    return say("dashed: ", w, joined, b)


def _points_frame(lab: Neuron) -> Frame:
    """Return what the plot shows: the points, 0 where it is not far, and the line over the points where it is near."""
    xs, ys = zip(*lab.points, strict=True)
    across = span((*xs, *_zero(xs)))
    up = span((*ys, *_zero(ys)))
    said = (lab.next_pass().predictions).tolist()
    near = [y for y in said if up.low - up.size <= y <= up.high + up.size]
    return Frame(across, span((*ys, *_zero(ys), *near)))


def _zero(values: tuple[float, ...]) -> tuple[float, ...]:
    low, high = min(values), max(values)
    return (0.0,) if min(abs(low), abs(high)) <= max(high - low, 1.0) * 2 else ()


def _dot(lab: Neuron, index: int, frame: Frame) -> Dot:
    x, y = lab.points[index]
    said = lab.line.w * x + lab.line.b
    place = frame.at(x, y)
    over = frame.at(x, min(max(said, frame.up.low), frame.up.high))[1] if math.isfinite(said) else None
    return Dot(*place, over, index == lab.shown)


def _gap(lab: Neuron, index: int, dot: Dot, room: Room) -> Label | None:
    """Return a residual beside its gap, where there is room for it."""
    x, y = lab.points[index]
    residual = lab.line.w * x + lab.line.b - y
    if dot.line is None or not math.isfinite(residual):
        return None
    middle = (dot.y + dot.line) / 2
    text = say(written(residual, at("residuals", index)))
    heights = (middle, middle + 7, middle - 7, dot.y + 9, dot.y - 9)
    sides = ((dot.x + BESIDE, "start"), (dot.x - BESIDE, "end"))
    return room.place(*(Label(text, side, height, anchor) for height in heights for side, anchor in sides))


# --- the loss over w and b -------------------------------------------------------------------------------------------

Records = NDArray[np.float64]
"""The mean loss, w and b before each step that was taken, (steps, 3)."""


def _places(lab: Neuron, walked: Records) -> NDArray[np.float64]:
    """Return w and b along the path, those of now included: (steps + 1, 2)."""
    return np.concatenate((walked[:, 1:], [lab.line]))


def surface(lab: Neuron, walked: Records) -> tuple[Surface, Path]:
    """Return the map of the mean loss, and on it the path."""
    frame = _walk_frame(lab, walked)
    lowest = best(lab)
    found = regions(lab.points, lab.loss, frame)
    start = frame.at(*_first(lab, walked))
    bottom = frame.at(*lowest) if lowest and frame.holds(*lowest) else None
    room = Room((start,) if bottom is None else (start, bottom))
    named = _beside(say("start"), start, room) if len(walked) else None
    labels = []
    if lowest and bottom:
        least = work_out(lowest, lab.array, lab.loss).mean_loss
        labels += [_beside(say("loss ", written(least, at("lowest.loss"))), bottom, room)]
    for region in found[1::3]:
        height = [
            Label(say(f"{region.loss:g}"), x, y, "middle") for x, y in sorted(region.outline, key=lambda one: one[1])
        ]
        labels.append(room.place(*height))
    outlines = tuple("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in region.outline) + "Z" for region in found)
    path = _path(lab, walked, frame, named)
    # The names of the axes stand where the last ticks would.
    x_ticks = tuple(tick for tick in frame.x_ticks if tick.place < 100 - EDGE)
    y_ticks = tuple(tick for tick in frame.y_ticks if tick.place > EDGE)
    return Surface(x_ticks, y_ticks, outlines, tuple(filter(None, labels)), bottom, broad(*y_ticks), path), path


def _first(lab: Neuron, walked: Records) -> Line:
    return Line(*walked[0, 1:].tolist()) if len(walked) else lab.line


def _walk_frame(lab: Neuron, walked: Records) -> Frame:
    """Return what the map shows: where descent began, the lowest point, and the path as far as it stays near."""
    first, goal = _first(lab, walked), best(lab) or _valley(lab)
    spans = []
    for walk, start, end in zip(_places(lab, walked).T, first, goal, strict=True):
        ends = span(value for value in (start, end) if math.isfinite(value))
        reach = FAR * ends.size
        near = walk[(walk >= ends.low - reach) & (walk <= ends.high + reach)]
        spans.append(span((start, end, *near[[near.argmin(), near.argmax()]].tolist())) if len(near) else ends)
    across, up = spans
    if FLAT < across.size / up.size < 1 / FLAT:
        across, up = across.about(SQUARE * up.size), up.about(SQUARE * across.size)
    return Frame(across, up)


def _valley(lab: Neuron) -> Line:
    """Return the line nearest to the start that is as good as any, where all points have one x."""
    x, y = lab.points[0][0], float(np.mean([point[1] for point in lab.points]))
    w, b = lab.start
    off = (w * x + b - y) / (x * x + 1)
    return Line(w - off * x, b - off)


def _path(lab: Neuron, walked: Records, frame: Frame, start: Label | None) -> Path:
    with np.errstate(all="ignore"):
        shares = (_places(lab, walked) - (frame.across.low, frame.up.low)) / (frame.across.size, frame.up.size)
        places = 100 * (shares * (1, -1) + (0, 1))
    stays = np.isfinite(places).all(axis=1) & (np.abs(places) < 1e4).all(axis=1)
    if not stays.all():  # what leaves the map for good leads out of it, and ends there
        places = places[: int(np.argmin(stays))]
    kept = _thinned(places)
    inside = [(x, y) for x, y in kept if 0 <= x <= 100 and 0 <= y <= 100]
    here = frame.at(*lab.line) if frame.holds(*lab.line) else None
    return Path(
        path="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept) if len(kept) > 1 else "",
        dots=tuple(inside[:MOST_DOTS]),
        start=start,
        now=here,
    )


def _thinned(places: NDArray[np.float64]) -> list[Place]:
    """Return places of a path without those that lie on the one before, at most so many as can be told apart."""
    cells = np.round(places / NEAR)
    moved = np.append(True, (cells[1:] != cells[:-1]).any(axis=1))[: len(places)]
    kept = places[moved].round(1).tolist()
    half = MOST_PLACES // 2
    if len(kept) > MOST_PLACES:
        kept = kept[:half] + kept[-half:]
    return [(x, y) for x, y in kept]


def _beside(words: Sentence, place: Place, room: Room) -> Label | None:
    x, y = place
    spots = [(x, y + 9, "middle"), (x + BESIDE, y, "start"), (x - BESIDE, y, "end"), (x, y - 9, "middle")]
    return room.place(*(Label(words, right, down, anchor) for right, down, anchor in spots))
