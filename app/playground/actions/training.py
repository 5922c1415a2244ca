"""The Training lab: steps, the set, the network, settings on the way, and what is seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from app.nn.architecture import LADDER, Activated, Architecture, Start
from app.nn.digits import CLASSES
from app.nn.optimiser import SGD
from app.nn.windows import DoesNotFit
from app.playground.actions.base import Action, Change, Look, Outcome
from app.playground.actions.fields import Seed, given
from app.playground.actions.time import Pause
from app.playground.actions.train import Train
from app.playground.errors import Invalid, NothingThere, OutOfRange
from app.playground.lessons import LESSONS, LessonName, taught
from app.playground.state import Playground, Table
from app.playground.training import (
    RECORD,
    Aspect,
    SetName,
    Training,
    Watching,
    trained,
    work,
)

TURNS = 3  # a run lets others have their turn so many times as often
LONGEST = 40_000  # microseconds that the steps of one action take, at most
UNIT = 16  # microseconds that a step of the lab's network takes

Class = Annotated[int, Field(ge=0, lt=CLASSES)]
Share = Annotated[float, Field(ge=0, le=1)]


def fresh(lab: Training, **changes: Any) -> Training:  # noqa: ANN401 - whatever the lab holds
    """Return a lab that begins anew: first parameters, no step taken."""
    buffers = dict.fromkeys(("parameters", "gradient", "velocity"), b"")
    counts = dict.fromkeys(("step", "epoch", "seen", "loaded"), 0)
    changed: Training = replace(lab, **(buffers | counts | {"lesson": ""} | changes))
    return replace(changed, shuffle=changed.seed)


def after(table: Table, training: Training) -> Outcome:
    """Return the table with the lab as it is then."""
    return Outcome(replace(table, training=training))


def most_steps(lab: Training) -> int:
    """Return how many steps one action may take."""
    return max(1, min(1000, int(LONGEST // work(lab))))


def left(lab: Training, until: int) -> int:
    """Return how many steps there are before an epoch begins."""
    return max(0, (until - lab.epoch) * lab.steps_an_epoch - (lab.steps_an_epoch - lab.steps_left))


def onward(lab: Training, steps: int, until: int) -> Action:
    """Return the next action of a run: as many of the steps as one may take, up to where the run ends; or its end."""
    going = min(steps, left(lab, until)) if until else steps
    ready = not lab.net.unfinished and lab.material.size
    return Step(steps=min(going, max(1, most_steps(lab) // TURNS)) if ready else 1) if going else Pause()


class Step(Train):
    """Take SGD steps, each on the next batch."""

    name: ClassVar[str] = "training-step"
    lab: ClassVar[str] = "training"
    summary: ClassVar[str] = (
        "Take SGD steps, each on the next batch of the epoch. Many in one action only where they are quick: "
        "a refusal says how many."
    )
    record: ClassVar[np.dtype[Any]] = RECORD

    def apply(self, table: Table) -> Outcome:
        """Return the table after the steps, and the record of each; refuse to learn from nothing, or without logits."""
        lab = table.training
        if lab.net.unfinished:
            raise NothingThere(lab.net.unfinished)
        if not lab.material.size:
            raise NothingThere("There is no drawing of yours to learn from yet: add the one on the table.")
        training, records = trained(table.training, self.steps)
        return Outcome(replace(table, training=training), records)

    def cost(self, table: Table) -> int:
        """Return how much work it is."""
        return self.steps * max(1, round(work(table.training) / UNIT))

    def check(self, table: Table) -> None:
        """Refuse more steps than one action may take."""
        most = most_steps(table.training)
        if self.steps > most:
            raise OutOfRange(
                f"One action takes at most {most} such steps: a longer run is a chain of them.",
                "steps",
                {"minimum": 1, "maximum": most},
            )


class Initialise(Change):
    """First parameters from a seed; the run begins again."""

    name: ClassVar[str] = "training-initialise"
    lab: ClassVar[str] = "training"
    summary: ClassVar[str] = (
        "Begin the run again, with the parameters of torch.manual_seed(seed); Net(), "
        "or with zeros, all equal, or dead maps."
    )
    begins: ClassVar[bool] = True
    seed: Seed
    start: Start = "seed"

    def apply(self, table: Table) -> Outcome:
        """Return the table with these parameters and no steps taken."""
        return after(table, fresh(table.training, seed=self.seed, start=self.start))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return f"seed {self.seed}, training" if self.start == "seed" else f"{self.start}, training"


class ChooseData(Change):
    """Choose what to learn from; the run begins again."""

    name: ClassVar[str] = "training-data"
    lab: ClassVar[str] = "training"
    summary: ClassVar[str] = "Choose the set, and the share of its training labels that is wrong; the run begins again."
    begins: ClassVar[bool] = True
    set_: SetName | None = Field(None, alias="set")
    wrong: Share | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table with that set and no steps taken."""
        lab = table.training
        data = replace(lab.data, **given({"name": self.set_, "wrong": self.wrong}))
        return Outcome(table) if data == lab.data else after(table, fresh(lab, data=data))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        wrong = "" if self.wrong is None else f"{100 * self.wrong:.0f} % wrong labels"
        return ", ".join(filter(None, (self.set_, wrong, "training")))


class Build(Change):
    """Build another network; the run begins again."""

    name: ClassVar[str] = "training-network"
    lab: ClassVar[str] = "training"
    summary: ClassVar[str] = (
        "Build the network: one of the lab's rungs by name, or what is named of it; what is left out stays. "
        "filters 0: no convolution; pool 0: none; hidden 0: none."
    )
    begins: ClassVar[bool] = True
    rung: Literal["linear", "convolution", "pooling", "relu", "lab", "eight"] | None = None
    filters: Annotated[int, Field(ge=0, le=16)] | None = None
    kernel_size: Annotated[int, Field(ge=1, le=5)] | None = None
    stride: Annotated[int, Field(ge=1, le=5)] | None = None
    padding: Annotated[int, Field(ge=0, le=2)] | None = None
    activation: Activated | None = None
    pool: Annotated[int, Field(ge=0, le=3)] | None = None
    hidden: Annotated[int, Field(ge=0, le=32)] | None = None
    linear: bool | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table with that network and no steps taken."""
        lab = table.training
        net = self.built(lab.net)
        return Outcome(table) if net == lab.net else after(table, fresh(lab, net=net))

    def built(self, net: Architecture) -> Architecture:
        """Return what it makes of a network; refuse what does not fit."""
        changes = given(self.model_dump(exclude={"rung"}))
        net = replace(LADDER[self.rung] if self.rung else net, **changes)
        if net.filters == 0 and self.pool is None:
            net = replace(net, pool=0)  # there is nothing to pool
        try:
            _ = net.layers
        except DoesNotFit as problem:
            raise Invalid(problem.sentence, next(iter(changes), "rung")) from None
        return net

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        changes = [f"{name.replace('_', ' ')} {value}" for name, value in given(self.model_dump()).items()]
        return ", ".join((*changes, "training"))


class Settings(Change):
    """Change how it learns; the run goes on."""

    name: ClassVar[str] = "training-settings"
    lab: ClassVar[str] = "training"
    summary: ClassVar[str] = (
        "Change how it learns on the way, as PyTorch's param_groups do: rate, momentum, weight_decay, batch (0: the "
        "whole set), shift and flip (augmentation), shuffle (another order; the epoch begins again), zero_grad."
    )
    rate: Annotated[float, Field(gt=0, le=1e38)] | None = None
    momentum: Annotated[float, Field(ge=0, lt=1)] | None = None
    weight_decay: Share | None = None
    batch: Annotated[int, Field(ge=0, le=2000)] | None = None
    shift: bool | None = None
    flip: Annotated[float, Field(ge=0, le=0.5)] | None = None
    shuffle: Seed | None = None
    zero_grad: bool | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table with these settings; parameters and steps stay."""
        lab = table.training
        fields = given(self.model_dump())

        def taken(*names: str) -> dict[str, Any]:
            return {name: fields[name] for name in names if name in fields}

        return after(
            table,
            replace(
                lab,
                sgd=replace(lab.sgd, **taken(*SGD.__dataclass_fields__)),
                data=replace(lab.data, **taken("shift", "flip")),
                **taken("batch", "shuffle"),
                seen=0 if fields.get("shuffle", lab.shuffle) != lab.shuffle else lab.seen,
            ),
        )

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        changes = given(self.model_dump())
        return ", ".join((*(f"{name.replace('_', ' ')} {_said(value)}" for name, value in changes.items()), "training"))


def _said(value: object) -> str:
    match value:
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:g}"
    return str(value)


class Learn(Change):
    """Set up a failure that teaches something; the run begins again."""

    name: ClassVar[str] = "training-lesson"
    lab: ClassVar[str] = "training"
    summary: ClassVar[str] = "Set up a failure that teaches something; the run begins again, and undo is the way back."
    begins: ClassVar[bool] = True
    lesson: LessonName

    def apply(self, table: Table) -> Outcome:
        """Return the table as the lesson wants it, and no steps taken."""
        return after(table, fresh(table.training, **taught(table.training, self.lesson)))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return f"lesson: {LESSONS[self.lesson].title}, training"


class Watch(Look):
    """Choose what of the lab is seen."""

    name: ClassVar[str] = "training-show"
    lab: ClassVar[str] = "training"
    summary: ClassVar[str] = (
        "Choose what is seen: the run, the data or the network; a cell of the confusion matrix (row and column; "
        "twice, and it is let go), a page of the wall of pictures, of one label or of all (−1); shifted: the test "
        "digits moved by a pixel; kernel: whose numbers are shown, −1 for none."
    )
    part: ClassVar[str] = "training"
    aspect: Aspect | None = None
    row: Class | None = None
    column: Class | None = None
    page: Annotated[int, Field(ge=0, le=10_000)] | None = None
    label: Annotated[int, Field(ge=-1, lt=CLASSES)] | None = None
    shifted: bool | None = None
    kernel: Annotated[int, Field(ge=-1, lt=16)] | None = None

    def look(self, state: Playground) -> Watching:
        """Return what is seen after it."""
        seen = state.view.training
        changes: dict[str, Any] = given({"aspect": self.aspect, "page": self.page, "shifted": self.shifted})
        if self.row is not None and self.column is not None:
            cell = (self.row, self.column)
            changes["cell"] = None if cell == seen.cell else cell  # a second press lets go
        if self.kernel is not None:
            changes["kernel"] = self.kernel if self.kernel >= 0 else None
        if self.label is not None:
            changes |= {"label": self.label if self.label >= 0 else None, "page": 0}
        return replace(seen, **changes)
