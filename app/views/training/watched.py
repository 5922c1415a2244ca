"""What is watched while a network learns: scores, mistakes, kernels, gradients, confusion."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from app.nn.architecture import named
from app.nn.digits import CLASSES
from app.playground.training import Training, Watching
from app.playground.writing import text
from app.views.grids import levels
from app.views.panels import Panel
from app.views.training.judged import Judged

SHOWN = 16  # digits
CARDS = 16  # kernels
BINS = 16  # of the spread, between −REACH and REACH


class Hero(NamedTuple):
    """A number in large type: what it is, and its address."""

    title: str
    text: str
    at: str


@dataclass(frozen=True, slots=True)
class Heroes(Panel):
    """Share right and mean loss, of the test and of the training set."""

    name: ClassVar[str] = "heroes"
    heroes: tuple[Hero, ...]


def percent(share: float) -> str:
    """Return a share as a percentage with one decimal; "–" where there is nothing to share."""
    return "–" if math.isnan(share) else f"{100 * share:.1f} %"


def heroes(found: Judged | None) -> Heroes:
    """Return the four numbers."""
    if found is None:
        return Heroes(())
    test, train = found.test_score, found.train_score
    return Heroes(
        (
            Hero("test right", percent(test.right), "training:test.right"),
            Hero("train right", percent(train.right), "training:train.right"),
            Hero("test loss", "–" if not len(found.material.test) else text(test.loss, 3), "training:test.loss"),
            Hero("train loss", text(train.loss, 3), "training:train.loss"),
        )
    )


class Count(NamedTuple):
    """A cell of the confusion matrix: how many, how dark 0 … 9, and whether it is the chosen one."""

    number: int
    shade: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Confusion(Panel):
    """How often each label (row) was taken for each class (column), over the test set."""

    name: ClassVar[str] = "confusion"
    count: int
    rows: tuple[tuple[Count, ...], ...]
    undecided: int


def confusion(found: Judged | None, seen: Watching) -> Confusion:
    """Return the matrix of the test set."""
    if found is None:
        return Confusion(0, (), 0)
    counts = found.confusion
    most = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shades = np.where(counts > 0, np.maximum(1, np.rint(9 * counts / most)), 0).astype(int)
    rows = tuple(
        tuple(
            Count(count, shade, seen.cell == (row, column))
            for column, (count, shade) in enumerate(zip(counts[row].tolist(), shades[row].tolist(), strict=True))
        )
        for row in range(CLASSES)
    )
    return Confusion(len(found.material.test), rows, len(found.material.test) - int(counts.sum()))


class Shown(NamedTuple):
    """A digit with its label, and what the network says: None where that is right, "–" for a tie."""

    pixels: bytes
    label: int
    said: str | None
    loss: str


@dataclass(frozen=True, slots=True)
class Mistakes(Panel):
    """Digits of the test set: the worst first, or those of a cell of the matrix."""

    name: ClassVar[str] = "mistakes"
    title: str
    detail: str
    digits: tuple[Shown, ...]


def mistakes(found: Judged | None, seen: Watching) -> Mistakes:
    """Return the digits of the test set that are shown."""
    if found is None or not len(found.material.test):
        return Mistakes("Test digits", "there are none", ())
    whole, test = found.material.whole, found.material.test
    labels, said, losses = whole.labels[test], found.test.predictions, found.test.losses
    title, detail = "Test digits", "worst first; its answer struck out"
    places = np.argsort(-np.nan_to_num(losses, nan=np.inf), kind="stable")
    if seen.cell:
        row, column = seen.cell
        places = places[(labels[places] == row) & (said[places] == column)]
        title = f"{row} called {column}" if row != column else f"{row}, and called so"
        detail = f"{len(places)} of the test digits; press again for all"
    return Mistakes(
        title,
        detail,
        tuple(
            Shown(
                whole.images[test[place]].astype(np.uint8).tobytes(),
                int(labels[place]),
                None if said[place] == labels[place] else str(said[place]) if said[place] >= 0 else "–",
                text(float(losses[place]), 2),
            )
            for place in places[:SHOWN].tolist()
        ),
    )


class Opened(NamedTuple):
    """A kernel whose numbers are shown: which one, its weights row by row, and its bias."""

    number: int
    rows: tuple[tuple[tuple[str, str, int], ...], ...]  # address, text, level
    bias: tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Kernels(Panel):
    """The weights as pictures in the colours of the law: a kernel each, or, without a convolution, a class each."""

    name: ClassVar[str] = "learned"
    title: str
    shape: str
    wide: int
    pictures: tuple[tuple[int, ...], ...]  # levels, row by row
    opened: Opened | None = None


def kernels(lab: Training, seen: Watching) -> Kernels:
    """Return the weights that look at the drawing."""
    if not lab.net.shapes:
        return Kernels("Weights", "none", 1, ())
    name = next(iter(lab.net.shapes))
    weight = named(lab.net, lab.vector)[name]
    side = lab.net.kernel_size if lab.net.filters else 5
    pictures = weight.reshape(len(weight), -1)[:CARDS]
    return Kernels(
        "Kernels" if lab.net.filters else "Weights",
        f"[{', '.join(map(str, weight.shape))}]",
        side,
        tuple(tuple(levels(picture)) for picture in pictures),
        _opened(lab, name.removesuffix(".weight"), seen.kernel, side),
    )


def _opened(lab: Training, name: str, number: int | None, side: int) -> Opened | None:
    parts = named(lab.net, lab.vector)
    weight, bias = parts[f"{name}.weight"], parts[f"{name}.bias"]
    if number is None or number >= len(weight):
        return None
    flat = weight[number].ravel()
    shape = weight.shape[1:]
    shown = [
        (f"training:{name}.weight[{','.join(map(str, (number, *np.unravel_index(place, shape))))}]", text(value), level)
        for place, (value, level) in enumerate(zip(flat.tolist(), levels(flat), strict=True))
    ]
    return Opened(
        number,
        tuple(tuple(shown[row * side : (row + 1) * side]) for row in range(len(shown) // side)),
        (f"training:{name}.bias[{number}]", text(float(bias[number])), levels(bias[number : number + 1])[0]),
    )


class Bar(NamedTuple):
    """A bar of the spread: where it begins, how wide and how high, 0 … 100, and its colour."""

    x: float
    width: float
    height: float
    level: int


@dataclass(frozen=True, slots=True)
class Spread(Panel):
    """How the gradient of the last step was spread: how many of its numbers lie where."""

    name: ClassVar[str] = "spread"
    count: int
    zeros: int
    reach: str
    bars: tuple[Bar, ...]


def spread(lab: Training) -> Spread:
    """Return the spread of what stands in ``.grad``."""
    if not lab.gradient:
        return Spread(0, 0, "", ())
    gradient = np.frombuffer(lab.gradient, np.float32)
    finite = gradient[np.isfinite(gradient)]
    largest = float(np.abs(finite).max(initial=0))
    reach = next((end for end in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10) if end >= largest), largest)
    counts, edges = np.histogram(finite, BINS, (-reach, reach))
    highest = max(1, int(counts.max()))
    middles = (edges[:-1] + edges[1:]) / 2
    bars = tuple(
        Bar(round(100 * place / BINS, 2), round(100 / BINS, 2), round(100 * count / highest, 1), level)
        for place, (count, level) in enumerate(zip(counts.tolist(), levels(middles), strict=True))
        if count
    )
    return Spread(len(gradient), int((gradient == 0).sum()), f"{reach:g}", bars)
