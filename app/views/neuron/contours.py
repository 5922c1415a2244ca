"""The loss over w and b as a map: regions of at most a certain loss, one inside the other.

Both losses are convex in (w, b), so each region is convex: its border points, sorted by their angle, are its outline.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from app.nn.neuron import Array, lowest, mean_loss
from app.views.neuron.plane import Frame

LEVELS = 9
LINES = 25
"""Along so many lines each way the border is sought."""
HALVINGS = 12
STRAIGHT = 0.15
"""A point that lies no further than so many percent beside the way from its neighbours is not drawn."""

Place = tuple[float, float]
Points = tuple[Place, ...]


class Region(NamedTuple):
    """Where the mean loss is at most ``loss``: its outline in percent, y downwards."""

    loss: float
    outline: Points


@lru_cache(maxsize=32)
def regions(points: Points, loss: str, frame: Frame) -> tuple[Region, ...]:
    """Return the regions that a frame of (w, b) shows, the highest loss first; ``points`` are those to be learnt."""
    taught = np.array(points)
    w = np.linspace(frame.across.low, frame.across.high, LINES)
    b = np.linspace(frame.up.low, frame.up.high, LINES)
    ws, bs = np.broadcast_arrays(w[:, None], b[None, :])
    heights = mean_loss(ws, bs, taught, loss)
    best = lowest(taught, loss)
    floor = heights.min()
    if best and frame.holds(*best):
        floor = min(floor, mean_loss(np.array(best.w), np.array(best.b), taught, loss).item())
    found: list[Region] = []
    for share in range(LEVELS, 0, -1):
        # The squared loss grows as the square of the distance: its squares are evenly apart, and so are their borders.
        part = (share / (LEVELS + 1)) ** (2 if loss == "squared" else 1)
        above = part * (heights.max() - floor)
        level = round(floor + above, 1 - math.floor(math.log10(above))) if above > 0 else floor
        outline = _outline(_border(taught, loss, frame, level))
        if level > floor and len(outline) > 2 and (not found or level < found[-1].loss):
            found.append(Region(level, outline))
    return tuple(found)


def _border(taught: Array, loss: str, frame: Frame, level: float) -> Array:
    """Return points of a region's border, (points, 2) in shares of the frame: where lines cross it, and corners."""
    starts, ends = _lines(taught, loss, frame)
    along = np.linspace(0, 1, LINES)[:, None, None]
    places = starts + along * (ends - starts)  # (samples, lines, 2)
    within = _height(places, taught, loss, frame) <= level
    sample, line = np.nonzero(within[1:] != within[:-1])
    inner = np.where(within[sample, line][:, None], places[sample, line], places[sample + 1, line])
    outer = np.where(within[sample, line][:, None], places[sample + 1, line], places[sample, line])
    for _ in range(HALVINGS):
        middle = (inner + outer) / 2
        inside = (_height(middle, taught, loss, frame) <= level)[:, None]
        inner, outer = np.where(inside, middle, inner), np.where(inside, outer, middle)
    corners = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    return np.concatenate((inner, corners[_height(corners, taught, loss, frame) <= level]))


def _height(places: Array, taught: Array, loss: str, frame: Frame) -> Array:
    w = frame.across.low + places[..., 0] * frame.across.size
    b = frame.up.low + places[..., 1] * frame.up.size
    return mean_loss(w, b, taught, loss)


def _lines(taught: Array, loss: str, frame: Frame) -> tuple[Array, Array]:
    """Return where lines over the frame begin and end, in shares of it: a lattice, and the kinks of the absolute loss.

    Each point (x, y) makes a kink along w·x + b = y: there the outlines have their corners.
    """
    apart = np.linspace(0, 1, LINES)
    none, whole = np.zeros(LINES), np.ones(LINES)
    starts = [*zip(apart, none, strict=True), *zip(none, apart, strict=True)]
    ends = [*zip(apart, whole, strict=True), *zip(whole, apart, strict=True)]
    for x, y in taught.tolist() if loss == "absolute" else ():
        kink = frame.line(-x, y)
        if kink:
            starts.append((kink[0] / 100, 1 - kink[1] / 100))
            ends.append((kink[2] / 100, 1 - kink[3] / 100))
    return np.array(starts), np.array(ends)


def _outline(border: Array) -> Points:
    """Return border points in their order round the region, without those on a straight way."""
    if not len(border):
        return ()
    aside = border - border.mean(axis=0)
    around = border[np.argsort(np.arctan2(aside[:, 1], aside[:, 0]))]
    kept: list[Place] = []
    places = np.column_stack((100 * around[:, 0], 100 - 100 * around[:, 1])).round(2).tolist()
    corner = max(range(len(places)), key=lambda place: places[place])  # the way round begins at one
    for place in (*places[corner:], *places[: corner + 1]):
        while len(kept) > 1 and _beside(kept[-1], kept[-2], place) < STRAIGHT:
            kept.pop()
        kept.append(tuple(place))
    return tuple(kept[:-1])


def _beside(place: Place, before: Place, after: Place) -> float:
    """Return how far a place lies from the straight way between two others."""
    (x, y), (u, v) = (after[0] - before[0], after[1] - before[1]), (place[0] - before[0], place[1] - before[1])
    length = float(np.hypot(x, y))
    return abs(x * v - y * u) / length if length else 0.0
