"""What every lab that trains shows alike: the transport bar, and the curve of its losses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from app.playground.actions import TRAINS
from app.views.moment import Moment
from app.views.panels import Panel


class Deeds(NamedTuple):
    """The actions of a lab that its transport bar sends, beside its step.

    ``reset`` is an action with its fields in a query, ``again`` says what it brings back; ``rate`` sets the learning
    rate.
    """

    reset: str
    again: str
    rate: str


@dataclass(frozen=True, slots=True)
class Undo(Panel):
    """The button that takes back ``what``, in words ("step 12, network"), None where there is nothing.

    It is all of the transport bar that a step changes. ``leads``: it is the way on, as there is no other.
    """

    name: ClassVar[str] = "undo"
    inside: ClassVar[str] = "transport"
    lab: str
    what: str | None
    leads: bool


@dataclass(frozen=True, slots=True)
class Transport(Panel):
    """Undo, Step, ×10, Play, Redo, Reset and the learning rate.

    ``step`` is the name of the action. ``redo`` names what it brings again, None where there is nothing; ``elsewhere``
    is the lab of what undo takes back, if it is another. ``broken``: a parameter is not finite, so that Step is
    unavailable and Undo leads. ``every``: milliseconds between ticks while playing, else 0; ``steps`` a tick.
    """

    name: ClassVar[str] = "transport"
    lab: str
    step: str
    deeds: Deeds
    undo: Undo = field(compare=False)
    elsewhere: str
    redo: str | None
    broken: bool
    fresh: bool  # no step yet: Reset would change nothing
    rate: str
    every: int
    steps: int

    @property
    def holds(self) -> tuple[Panel, ...]:
        """The panels in it."""
        return (self.undo,)


def transport(moment: Moment, lab: str, deeds: Deeds) -> Transport:
    """Return the transport bar of a lab at a moment."""
    part, playing = getattr(moment.table, lab), moment.state.view.playing
    playing = playing if playing and playing.lab == lab else None
    return Transport(
        lab=lab,
        step=TRAINS[lab].name,
        deeds=deeds,
        undo=Undo(lab, moment.undo or None, not part.finite),
        elsewhere=moment.elsewhere(lab),
        redo=moment.redo or None,
        broken=not part.finite,
        fresh=part.step == 0,
        rate=f"{part.rate:.12g}".replace("e+", "e"),
        every=playing.every if playing else 0,
        steps=playing.steps if playing else 1,
    )
