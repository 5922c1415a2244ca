"""What stands beside the run: the set as a wall of pictures, and the network as it grows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar, NamedTuple

import numpy as np

from app.nn.architecture import LADDER, Architecture
from app.nn.datasets import SETS, bitmaps, ceiling, conflicts
from app.nn.digits import CLASSES
from app.nn.windows import DoesNotFit
from app.playground.training import SetName, Training, Watching, material
from app.views.panels import Panel
from app.views.training.runs import called

WALL = 60  # pictures on a page


class Picture(NamedTuple):
    """A picture on the wall: pixels, label, the label that is taught where that is wrong, its place in the set."""

    pixels: bytes
    label: int
    taught: int | None
    place: int
    test: bool


class Twins(NamedTuple):
    """A bitmap that occurs under different labels, and how often under each."""

    pixels: bytes
    labels: tuple[tuple[int, int], ...]  # label, count; the most frequent first


@dataclass(frozen=True, slots=True)
class Wall(Panel):
    """The set: what there is, how it is split and spoilt, and a page of its pictures."""

    name: ClassVar[str] = "wall"
    chosen: str
    sets: tuple[tuple[str, str], ...]  # name, title
    source: str
    count: int
    train: int
    bitmaps: int
    ceiling: str  # what nobody can beat
    twins: tuple[Twins, ...]
    conflicts: int
    wrong: str
    shift: bool
    flip: str
    label: int | None
    pictures: tuple[Picture, ...]
    page: int
    pages: int
    matching: int
    own: int


class Facts(NamedTuple):
    """What is true of a set: different bitmaps, the largest share anybody can be right on, what is ambiguous."""

    bitmaps: int
    ceiling: float
    twins: tuple[Twins, ...]  # the most frequent first


@lru_cache(maxsize=4)
def _facts(name: SetName, own: tuple[int, ...]) -> Facts:
    whole = material(name, own, 0, 0).whole
    twins = tuple(
        Twins(one.pixels, tuple(sorted(((label, n) for label, n in enumerate(one.counts) if n), key=lambda of: -of[1])))
        for one in conflicts(whole)
    )
    return Facts(bitmaps(whole), ceiling(whole), twins)


def wall(lab: Training, seen: Watching) -> Wall:
    """Return the set that is learned from, as a wall of pictures."""
    found = lab.material
    whole = found.whole
    taught = dict(zip(found.train.tolist(), found.taught.tolist(), strict=True))
    tested = set(found.test.tolist())
    places = np.arange(whole.size) if seen.label is None else np.flatnonzero(whole.labels == seen.label)
    pages = max(1, -(-len(places) // WALL))
    page = min(seen.page, pages - 1)
    pictures = []
    for place in places[page * WALL : (page + 1) * WALL].tolist():
        label = int(whole.labels[place])
        wrong = taught.get(place, label)
        pictures.append(
            Picture(
                whole.images[place].astype(np.uint8).tobytes(),
                label,
                wrong if wrong != label else None,
                place,
                place in tested,
            )
        )
    known = _facts(lab.data.name, lab.own if lab.data.name == "own" else ())
    return Wall(
        chosen=lab.data.name,
        sets=tuple((name, one.title) for name, one in SETS.items()),
        source=SETS[lab.data.name].source,
        count=whole.size,
        train=found.size,
        bitmaps=known.bitmaps,
        ceiling=f"{100 * known.ceiling:.1f} %",
        twins=known.twins[:4],
        conflicts=len(known.twins),
        wrong=f"{100 * lab.data.wrong:.0f}",
        shift=lab.data.shift,
        flip=f"{lab.data.flip:g}",
        label=seen.label,
        pictures=tuple(pictures),
        page=page,
        pages=pages,
        matching=len(places),
        own=len(lab.own),
    )


GROWN = {
    "linear": "linear only",
    "convolution": "convolution",
    "pooling": "… + pooling",
    "relu": "… + ReLU",
    "lab": "… + linear",
    "eight": "8 filters 3×3",
}
"""What the rungs are called on the ladder, each by what it adds."""


class Rung(NamedTuple):
    """A network that is one press away."""

    name: str
    title: str
    chosen: bool


class Option(NamedTuple):
    """What a part of the network can be: what is sent, what is said, and why it cannot be ("" where it can)."""

    value: str
    text: str
    chosen: bool
    why_not: str


class Part(NamedTuple):
    """A part of the network that can be chosen."""

    field: str
    title: str
    options: tuple[Option, ...]


class Stage(NamedTuple):
    """A layer: its name, the shape that it hands on, its parameters counted."""

    name: str
    shape: str
    sum: str  # weights and biases, "16 + 4"
    parameters: str


@dataclass(frozen=True, slots=True)
class Build(Panel):
    """The network: the rungs of the lab, its layers with the shapes between them, its print, and what can be chosen."""

    name: ClassVar[str] = "build"
    title: str
    rungs: tuple[Rung, ...]
    stages: tuple[Stage, ...]
    printed: str
    parameters: int
    unfinished: str
    narrow: str  # why so few numbers cannot tell ten classes apart, "" where there are enough
    parts: tuple[Part, ...]


_CHOICES: dict[str, tuple[str, tuple[object, ...]]] = {
    "filters": ("filters", (0, 1, 2, 4, 8, 12, 16)),
    "kernel_size": ("kernel", (1, 2, 3, 4, 5)),
    "stride": ("stride", (1, 2, 3)),
    "padding": ("padding", (0, 1, 2)),
    "activation": ("activation", ("identity", "relu", "leaky_relu", "sigmoid", "tanh")),
    "pool": ("pool", (0, 2, 3)),
    "hidden": ("hidden", (0, 8, 16, 32)),
    "linear": ("linear", (True, False)),
}


def build(lab: Training) -> Build:
    """Return the network of the lab, as it can be changed."""
    net = lab.net
    return Build(
        title=called(net),
        rungs=tuple(Rung(name, GROWN[name], one == net) for name, one in LADDER.items()),
        stages=_stages(net),
        printed=net.printed,
        parameters=net.parameters,
        unfinished=net.unfinished,
        narrow=_narrow(net),
        parts=tuple(_part(net, field) for field in _CHOICES),
    )


def _narrow(net: Architecture) -> str:
    last = net.layers[-1] if net.layers else None
    if last is None or last.name != "fc" or last.fan_in >= CLASSES:
        return ""
    return f"{last.fan_in} numbers are to tell {CLASSES} classes apart: that is too few, whatever it learns."


def _stages(net: Architecture) -> tuple[Stage, ...]:
    found = [Stage("input", "[n, 1, 5, 5]", "", "")]
    for layer in net.layers:
        counts = [np.prod(shape, dtype=int).item() for shape in layer.weights]
        name = layer.name.replace("hidden ", "").replace("_", " ")
        found.append(
            Stage(name, f"[n, {', '.join(map(str, layer.shape))}]", " + ".join(map(str, counts)), f"{sum(counts):,}")
        )
    return tuple(found)


def _part(net: Architecture, field: str) -> Part:
    title, values = _CHOICES[field]
    now = getattr(net, field)
    if now not in values:
        values = tuple(sorted((*values, now), key=str))
    return Part(
        field,
        title,
        tuple(
            Option(
                str(value).lower(),
                _said(field, value),
                value == now,
                "" if value == now else _why_not(net, field, value),
            )
            for value in values
        ),
    )


def _said(field: str, value: object) -> str:
    if value is True:
        return "yes"
    if not value:
        return "none" if field != "padding" else "0"
    return f"{value} × {value}" if field in ("kernel_size", "pool") else str(value).replace("_", " ")


def _why_not(net: Architecture, field: str, value: object) -> str:
    changed = replace(net, **{field: value})  # type: ignore[arg-type]
    if field == "filters" and not value:
        changed = replace(changed, pool=0)
    try:
        _ = changed.layers
    except DoesNotFit as problem:
        return problem.sentence
    return ""
