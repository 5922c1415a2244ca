"""The Network lab: weights, learning rate, SGD steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from app.nn.network import initial
from app.nn.sgd import descend
from app.playground.actions.base import Change, Look, Outcome
from app.playground.actions.train import Train
from app.playground.state import Network, Playground, Table, Voices


class Initialise(Change):
    """New weights from a seed; the loss curve begins again."""

    name: ClassVar[str] = "initialise"
    lab: ClassVar[str] = "network"
    summary: ClassVar[str] = "New weights: exactly those of torch.manual_seed(seed); Net()."
    begins: ClassVar[bool] = True
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)]

    def apply(self, table: Table) -> Outcome:
        """Return the table with the weights of this seed and no steps taken."""
        network = Network(initial(self.seed), self.seed, table.network.rate)
        return Outcome(replace(table, network=network))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return f"new weights, seed {self.seed}"


class LearningRate(Change):
    """Change the learning rate; weights and steps stay."""

    name: ClassVar[str] = "learning-rate"
    lab: ClassVar[str] = "network"
    summary: ClassVar[str] = "Change the learning rate without a reset."
    rate: Annotated[float, Field(gt=0, le=1e38)]  # beyond, torch itself refuses

    def apply(self, table: Table) -> Outcome:
        """Return the table with that rate."""
        return Outcome(replace(table, network=replace(table.network, rate=self.rate)))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return f"rate {self.rate:g}"


class Step(Train):
    """Take SGD steps on the drawing."""

    name: ClassVar[str] = "step"
    lab: ClassVar[str] = "network"
    summary: ClassVar[str] = "Take SGD steps on the drawing: zero_grad, forward, backward, update."
    record: ClassVar[np.dtype[Any]] = np.dtype(np.float32)

    def apply(self, table: Table) -> Outcome:
        """Return the table after the steps, and the loss before each."""
        old = table.network
        done = descend(old.parameters, table.digit, old.rate, self.steps)
        network = replace(
            old,
            parameters=done.parameters,
            before=done.before,
            stride=old.rate,
            step=old.step + self.steps,
            taught=table.digit,
            lessons=old.lessons + (old.taught != table.digit),
        )
        return Outcome(replace(table, network=network), done.losses.tobytes())


class Show(Look):
    """Choose which numbers of the network are seen."""

    name: ClassVar[str] = "show"
    lab: ClassVar[str] = "network"
    summary: ClassVar[str] = "Show values, gradients, both, the walk backward, or the ledger of the last step."
    part: ClassVar[str] = "show"
    voices: Voices

    def look(self, state: Playground) -> Voices:
        """Return what is seen after it."""
        return self.voices
