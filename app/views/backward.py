"""The backward pass as a walk: how far it has come, and the controls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from app.playground.backward import FIRST, LAST, PLACES, SIZES, STAGES, reached
from app.playground.state import View
from app.views.grids import MASKED, NOW, Grid
from app.views.moment import Moment
from app.views.panels import Panel


@dataclass(frozen=True, slots=True)
class Stages(Panel):
    """The stages of the walk as words on a line; none where nobody walks.

    ``now`` is the present one, of which number ``number`` of ``numbers`` is worked out.
    """

    name: ClassVar[str] = "stages"
    names: tuple[str, ...] = ()
    now: int = 0
    number: int = 0
    numbers: int = 0


@dataclass(frozen=True, slots=True)
class WalkBar(Panel):
    """Back, Step, Play, and to the end of the stage: in the place of the transport bar, while somebody walks.

    ``every``: milliseconds between ticks while it plays, else 0.
    """

    name: ClassVar[str] = "walkbar"
    at_start: bool
    at_end: bool
    every: int

    @property
    def key(self) -> str:
        """It takes the place of the transport bar."""
        return "transport"


def walks(view: View) -> bool:
    """Return whether the page walks back through the network."""
    return view.show == "backward"


def stages(view: View) -> Stages:
    """Return the stages, and where the walk stands."""
    if not walks(view):
        return Stages()
    place = PLACES[view.backward]
    tensors = STAGES[place.stage][1]
    before = tensors[: tensors.index(place.tensor)]
    number = sum(SIZES[tensor] for tensor in before) + place.at + 1
    return Stages(tuple(name for name, _ in STAGES), place.stage, number, sum(SIZES[tensor] for tensor in tensors))


def walkbar(moment: Moment) -> WalkBar:
    """Return the controls of the walk."""
    view = moment.state.view
    playing = view.playing if view.playing and view.playing.lab == "backward" else None
    return WalkBar(view.backward == FIRST[0], view.backward == LAST[-1], playing.every if playing else 0)


def masked(gradient: Grid, view: View) -> Grid:
    """Return a gradient as far as the walk has come: what is still to come is masked."""
    tensor, place = gradient.address.removeprefix("grad."), PLACES[view.backward]
    size = SIZES[tensor]
    marks = np.frombuffer(gradient.marks or bytes(size), np.uint8).copy()
    marks[reached(tensor, view.backward) :] = MASKED
    if place.tensor == tensor and not place.done:
        marks[place.at] = MASKED | NOW
    return gradient._replace(marks=marks.tobytes() if marks.any() else b"")
