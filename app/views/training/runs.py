"""Earlier runs, each named by what was different."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from app.nn.architecture import LADDER, Architecture
from app.playground.training import RECORD, Training
from app.views.moment import Moment
from app.views.training.paths import means, path

MOST = 3
LONGEST = 22  # letters of a name
POINTS = 32

RUNGS = {
    "linear": "linear only",
    "convolution": "a convolution",
    "pooling": "convolution and pooling",
    "relu": "convolution, ReLU, pooling",
    "lab": "the lab’s network",
    "eight": "8 filters 3×3",
}
"""What the rungs of the ladder are called."""


class Other(NamedTuple):
    """A run that was left: what was different there, its path in steps and losses, where it ended, and how far on.

    ``words`` say the first things that were different, ``whole`` all of them.
    """

    words: str
    whole: str
    path: str
    end: int
    step: int


def others(moment: Moment, wide: int, high: float) -> tuple[Other, ...]:
    """Return the latest runs beside this one, as thin lines within a plot of so many steps and so high a loss."""
    here = moment.table.training
    return tuple(
        Other(*named(run.lab, here), _path(run.records, wide, high), run.end, run.lab.step)
        for run in moment.session.left("training", moment.line("training").end, MOST)
    )


@lru_cache(maxsize=64)
def _path(records: bytes, wide: int, high: float) -> str:
    steps, losses = means(np.frombuffer(records, RECORD)["loss"][: wide + 1], POINTS)
    return path(zip(steps.tolist(), losses.tolist(), strict=True), high)


def called(net: Architecture) -> str:
    """Return what a network is called: a rung of the ladder, or what it is made of."""
    for name, one in LADDER.items():
        if one == net:
            return RUNGS[name]
    size = net.kernel_size
    parts = [f"{net.filters} filters {size}×{size}"] if net.filters else []
    parts += [f"pool {net.pool}"] if net.pool else []
    parts += [f"hidden {net.hidden}"] if net.hidden else []
    parts += [] if net.activation in ("relu", "identity") else [net.activation.replace("_", " ")]
    return ", ".join(parts) or RUNGS["linear"]


def different(one: Training, other: Training) -> list[str]:
    """Return in words what was different in ``one``; nothing is said of how far it came."""
    theirs = _settings(other)
    return [words for words in _settings(one) if words not in theirs] or ["the same"]


def named(one: Training, other: Training) -> tuple[str, str]:
    """Return a name for a run, short and whole, by what was different in it."""
    words = different(one, other)
    short = words[0]
    for more in words[1:]:
        if len(f"{short}, {more}") > LONGEST:
            return f"{short} …", ", ".join(words)
        short = f"{short}, {more}"
    return short, ", ".join(words)


def _settings(lab: Training) -> tuple[str, ...]:
    data, sgd = lab.data, lab.sgd
    return (
        {"lab": "three digits"}.get(data.name, data.name),
        called(lab.net),
        f"rate {sgd.rate:g}",
        f"momentum {sgd.momentum:g}",
        f"decay {sgd.weight_decay:g}",
        f"batch {lab.batch}" if lab.batch else "whole set",
        f"seed {lab.seed}",
        f"order {lab.shuffle}",
        {"seed": "random start"}.get(lab.start, f"start {lab.start}"),
        f"{100 * data.wrong:.0f} % wrong labels",
        "shifted" if data.shift else "not shifted",
        f"flip {data.flip:g}",
        "zero_grad" if sgd.zero_grad else "no zero_grad",
    )
