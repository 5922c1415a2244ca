"""The Training lab: the panels of its page."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, cast

from app.nn.digits import SIZE
from app.playground.actions.training import left, most_steps
from app.playground.lessons import LESSONS, LessonName
from app.playground.training import Training, work
from app.views.drawing import Label, pad
from app.views.moment import Moment
from app.views.panels import Away, Choice, Panel, Say, Switch
from app.views.training.board import build, wall
from app.views.training.course import run_curve
from app.views.training.judged import Judged, judged
from app.views.training.moved import moved
from app.views.training.sentence import sentence
from app.views.training.watched import confusion, heroes, kernels, mistakes, spread
from app.views.transport import Undo

ASPECTS = (Choice("run", "Run"), Choice("data", "Data"), Choice("network", "Network"))
GOAL = 10  # epochs that Play goes on for
EVERY = 100  # milliseconds between the actions of a run
WATCHED = 5  # actions an epoch, where one watches


class Speed(NamedTuple):
    """A pace to play at."""

    title: str
    steps: int
    every: int
    hint: str


@dataclass(frozen=True, slots=True)
class Progress(Panel):
    """How far the run has come: in the present stretch of epochs while it plays, else in the epoch.

    ``goal`` is the number of the step at which it ends, ``began`` that at which the stretch began.
    """

    name: ClassVar[str] = "progress"
    step: int
    epoch: int
    words: str
    share: float  # 0 … 100
    goal: int  # 0: it does not run


@dataclass(frozen=True, slots=True)
class Bar(Panel):
    """Undo, Step, Epoch, Play, Redo, and the settings that change on the way.

    ``epoch`` is how many steps Epoch takes; ``whole``: they end the epoch. ``steps`` a tick.
    """

    name: ClassVar[str] = "training-bar"
    undo: Undo = field(compare=False)
    redo: str | None
    elsewhere: str
    broken: bool
    stuck: bool
    playing: bool
    every: int
    steps: int
    epoch: int
    whole: bool
    goal: int
    rate: str
    momentum: str
    batch: int
    seed: int
    back: bool
    fork: int

    @property
    def key(self) -> str:
        """It is what the transport bar is on other pages."""
        return "transport"

    @property
    def holds(self) -> tuple[Panel, ...]:
        """The panels in it."""
        return (self.undo,)


@dataclass(frozen=True, slots=True)
class MoreTraining(Panel):
    """Settings that are rarely changed, first parameters, start over."""

    name: ClassVar[str] = "training-more"
    seed: int
    start: str
    decay: str
    zero_grad: bool
    shuffle: int
    goal: int
    speeds: tuple[Speed, ...]
    lessons: tuple[tuple[str, str, bool], ...]  # name, title, whether it is on
    shifted: bool

    @property
    def key(self) -> str:
        """It is what More is on other pages."""
        return "more"


@dataclass(frozen=True, slots=True)
class Note(Panel):
    """A lesson while it lasts: why it happens, and the way back; or what moving the test digits does.

    ``back`` is the revision before the lesson, None where there is none to go back to.
    """

    name: ClassVar[str] = "lesson"
    title: str
    text: str
    back: int | None


def panels(moment: Moment) -> tuple[Panel, ...]:
    """Return every panel of the Training lab at a moment."""
    lab, seen = moment.table.training, moment.state.view.training
    found = judged(lab)
    shown: dict[str, Panel] = {}
    if seen.aspect == "run":
        present = found.train_score.loss if found else math.nan
        shown = {
            one.key: one
            for one in (
                heroes(found),
                run_curve(moment, present),
                mistakes(found, seen),
                kernels(lab, seen),
                spread(lab),
                confusion(found, seen),
            )
        }
    elif seen.aspect == "data":
        digit = moment.table.digit
        shown = {
            "wall": wall(lab, seen),
            "pad": pad("training", digit, f"[{SIZE}, {SIZE}]"),
            "label": Label("training", digit.label),
        }
    else:
        shown = {"build": build(lab)}
    places = ("heroes", "curve", "mistakes", "learned", "spread", "confusion", "wall", "pad", "label", "build")
    return (
        *(shown.get(place, Away(place)) for place in places),
        Switch("Show", "/training/training-show", "aspect", ASPECTS, seen.aspect),
        Say(sentence(moment, found), moment.action is None and not moment.arrived),
        note(moment, lab, found),
        progress(moment, lab),
        bar(moment, lab),
        MoreTraining(
            lab.seed,
            lab.start,
            f"{lab.sgd.weight_decay:g}",
            lab.sgd.zero_grad,
            lab.shuffle,
            GOAL,
            speeds(lab),
            tuple((name, one.title, name == lab.lesson) for name, one in LESSONS.items()),
            seen.shifted,
        ),
    )


def note(moment: Moment, lab: Training, found: Judged | None) -> Panel:
    """Return what is to be said of a lesson."""
    if moment.state.view.training.shifted and found and len(found.material.test):
        return Note("moved by a pixel", moved(lab, found), None)
    if not lab.lesson:
        return Away("lesson")
    lesson = LESSONS[cast("LessonName", lab.lesson)]
    time, here = moment.session.timeline, moment.session.course("training")
    return Note(lesson.title, lesson.why, time.parent[here.began[time.shown[moment.revision]]])


def progress(moment: Moment, lab: Training) -> Progress:
    """Return how far the run has come."""
    playing = moment.state.view.playing
    if lab.net.unfinished or not lab.material.size:
        return Progress(lab.step, lab.epoch, "", 0, 0)
    ahead = moment.line("training")
    total = lab.steps_an_epoch
    within = total - lab.steps_left
    if playing and playing.lab == "training" and playing.until:
        rest = left(lab, playing.until)
        words = f"epoch {min(lab.epoch + 1, playing.until)} of {playing.until}, step {lab.step} of {lab.step + rest}"
        return Progress(lab.step, lab.epoch, words, round(100 * lab.step / max(1, lab.step + rest), 1), lab.step + rest)
    words = f"{lab.epoch} epoch{'' if lab.epoch == 1 else 's'} done"
    if within:
        words += f", {within} of {total} steps into the next"
    if ahead.here < len(ahead.losses):
        words = f"shown: step {lab.step}; the run goes on to step {len(ahead.losses)}"
        return Progress(lab.step, lab.epoch, words, round(100 * lab.step / len(ahead.losses), 1), 0)
    return Progress(lab.step, lab.epoch, words, round(100 * within / total, 1), 0)


def speeds(lab: Training) -> tuple[Speed, Speed, Speed]:
    """Return the paces to play at: step by step, to watch, and as fast as it goes."""
    stuck = bool(lab.net.unfinished) or not lab.material.size
    most = 1 if stuck else most_steps(lab)
    fast = 1 if stuck else max(1, min(1000, int(900 * EVERY // work(lab))))  # nearly all of the time between two
    some = 1 if stuck else max(1, min(most, -(-lab.steps_an_epoch // WATCHED)))
    return (
        Speed("step by step", 1, 400, "One step, then the next"),
        Speed("to watch", some, EVERY, f"{some} steps at a time"),
        Speed("full speed", fast, EVERY, f"{fast} steps at a time"),
    )


def bar(moment: Moment, lab: Training) -> Bar:
    """Return the transport bar of the lab."""
    playing = moment.state.view.playing
    playing = playing if playing and playing.lab == "training" else None
    stuck = bool(lab.net.unfinished) or not lab.material.size
    most = 1 if stuck else most_steps(lab)
    rest = 1 if stuck else lab.steps_left
    line = moment.line("training")
    return Bar(
        undo=Undo("training", moment.undo or None, not lab.finite),
        redo=moment.redo or None,
        elsewhere=moment.elsewhere("training"),
        broken=not lab.finite,
        stuck=stuck,
        playing=playing is not None,
        every=playing.every if playing else EVERY,
        steps=speeds(lab)[1].steps,
        epoch=min(most, rest),
        whole=rest <= most,
        goal=GOAL,
        rate=f"{lab.sgd.rate:.12g}".replace("e+", "e"),
        momentum=f"{lab.sgd.momentum:g}",
        batch=lab.batch,
        seed=lab.seed,
        back=line.here < len(line.losses),
        fork=(lab.shuffle + 1) % 2**32,
    )
