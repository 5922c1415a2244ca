"""The Classifier lab: steps, first weights, typed weights, settings, autograd by hand, and what is seen."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from app.nn.autograd import stepped
from app.nn.classifier import PIXELS, Linear, backward, descend, forward, linear_of
from app.nn.digits import CLASSES
from app.playground.actions.base import Change, Look, Outcome
from app.playground.actions.fields import Number, Seed, given, in_forms, sent
from app.playground.actions.train import Train
from app.playground.classifier import SEEDED, Aspect, Classifier, Sight, Voices, first, held
from app.playground.errors import Invalid, NothingThere
from app.playground.state import Playground, Table

LINES = 9
"""Lines of the derivation."""

NO_GRADIENT = (
    "Neither W nor b requires a gradient, so backward() has nothing to go back to. "
    "PyTorch raises: element 0 of tensors does not require grad and does not have a grad_fn."
)

Class = Annotated[int, Field(ge=0, lt=CLASSES)]
Pixel = Annotated[int, Field(ge=0, lt=PIXELS)]


def _with(table: Table, **changes: Any) -> Table:  # noqa: ANN401 - whatever the lab's part holds
    return replace(table, classifier=replace(table.classifier, **changes))


def _fresh(lab: Classifier) -> dict[str, Any]:
    """Return what new weights bring along: no steps, and no gradients held."""
    leaves = {name: held(getattr(lab, name).leaf.emptied()) for name in ("weight", "bias")}
    return {"step": 0, "before": None, **leaves}


def _learns(lab: Classifier) -> tuple[bool, bool]:
    if not (lab.weight.requires_grad or lab.bias.requires_grad):
        raise NothingThere(NO_GRADIENT)
    return lab.weight.requires_grad, lab.bias.requires_grad


class Step(Train):
    """Take SGD steps on the drawing."""

    name: ClassVar[str] = "classifier-step"
    lab: ClassVar[str] = "classifier"
    summary: ClassVar[str] = "Take SGD steps on the drawing: zero_grad, forward, backward, update."
    record: ClassVar[np.dtype[Any]] = np.dtype(np.float64)

    def apply(self, table: Table) -> Outcome:
        """Return the table after the steps, and the loss before each; ``.grad`` holds the last gradient then."""
        lab = table.classifier
        done = descend(lab.parameters, table.digit, lab.rate, self.steps, lab.twice, _learns(lab))
        after = _with(
            table,
            data=done.parameters.data,
            before=done.before.data,
            step=lab.step + self.steps,
            weight=held(lab.weight.leaf.emptied().handed(done.gradient.weight)),
            bias=held(lab.bias.leaf.emptied().handed(done.gradient.bias)),
        )
        return Outcome(after, done.losses.tobytes())


class Initialise(Change):
    """New weights; the loss curve begins again."""

    name: ClassVar[str] = "classifier-initialise"
    lab: ClassVar[str] = "classifier"
    summary: ClassVar[str] = (
        "New weights: zeros, normal (np.random.seed(seed); randn(10, 25), randn(10, 1)) or linear "
        "(torch.manual_seed(seed); nn.Linear(25, 10)); typed: those that were imported last."
    )
    begins: ClassVar[bool] = True
    start: Literal["zeros", "normal", "linear", "typed"]
    seed: Seed = 1

    def apply(self, table: Table) -> Outcome:
        """Return the table with these weights and no steps taken."""
        lab = table.classifier
        data = first(self.start, self.seed, lab.typed)
        if data is None:
            raise Invalid("No weights were imported yet: use classifier-weights.", "start")
        seed = self.seed if self.start in SEEDED else lab.seed
        return Outcome(_with(table, data=data, start=self.start, seed=seed, **_fresh(lab)))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        seeded = f", seed {self.seed}" if self.start in SEEDED else ""
        return f"{self.start}{seeded}, classifier"


def _rows(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text  # which is refused as no list


Row = Annotated[list[Number], Field(min_length=PIXELS, max_length=PIXELS)]


class Weights(Change):
    """Use typed weights and biases; the loss curve begins again."""

    name: ClassVar[str] = "classifier-weights"
    lab: ClassVar[str] = "classifier"
    summary: ClassVar[str] = (
        "Import W (weight: 10 rows of 25 numbers) and b (bias: 10 numbers); what is left out stays."
    )
    begins: ClassVar[bool] = True
    weight: Annotated[
        Annotated[list[Row], Field(min_length=CLASSES, max_length=CLASSES)], in_forms(_rows)
    ] | None = None  # fmt: skip
    bias: Annotated[
        Annotated[list[Number], Field(min_length=CLASSES, max_length=CLASSES)], in_forms(_rows)
    ] | None = None  # fmt: skip

    def apply(self, table: Table) -> Outcome:
        """Return the table with these weights and no steps taken."""
        lab = table.classifier
        if self.weight is None and self.bias is None:
            raise Invalid("classifier-weights needs weight or bias.", "weight", ["weight", "bias"])
        old = lab.parameters
        weight = old.weight if self.weight is None else np.array(self.weight)
        bias = old.bias if self.bias is None else np.array(self.bias)
        data = linear_of(weight, bias).data
        return Outcome(_with(table, data=data, typed=data, start="typed", **_fresh(lab)))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return "weights typed, classifier"


class Edit(Change):
    """Change one weight or one bias; the steps go on from there."""

    name: ClassVar[str] = "classifier-number"
    lab: ClassVar[str] = "classifier"
    summary: ClassVar[str] = (
        "Change one number: output and input name a weight, output alone a bias. "
        "shown: what the number was shown as; a value that equals it changes nothing."
    )
    output: Class
    input: Pixel | None = None
    value: Number
    shown: Number | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table with that number."""
        if self.value == self.shown:
            return Outcome(table)
        vector = table.classifier.parameters.vector.copy()
        place = CLASSES * PIXELS + self.output if self.input is None else self.output * PIXELS + self.input
        vector[place] = self.value
        return Outcome(_with(table, data=vector.tobytes()))

    @property
    def address(self) -> str:
        """The name of the number."""
        return f"bias[{self.output}]" if self.input is None else f"weight[{self.output},{self.input}]"

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return f"{self.address}, classifier"


class Settings(Change):
    """Change the learning rate, or what goes into the loss; weights and steps stay."""

    name: ClassVar[str] = "classifier-settings"
    lab: ClassVar[str] = "classifier"
    summary: ClassVar[str] = (
        "rate: the learning rate; twice: softmax before the cross-entropy, which takes a softmax itself (a trap)."
    )
    rate: Annotated[float, Field(gt=0, le=1e38)] | None = None
    twice: bool | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table with these settings."""
        return Outcome(_with(table, **given({"rate": self.rate, "twice": self.twice})))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        if self.rate is not None:
            return f"rate {self.rate:g}, classifier"
        return f"softmax {'twice' if self.twice else 'once'}, classifier"


class Autograd(Change):
    """Call what PyTorch calls, one at a time, or let it leave W or b alone."""

    name: ClassVar[str] = "classifier-autograd"
    lab: ClassVar[str] = "classifier"
    summary: ClassVar[str] = (
        "call: backward (of a new forward pass), step (optimizer.step()) or zero_grad; "
        "weight, bias: requires_grad of W and of b. One at a time."
    )
    call: Literal["backward", "step", "zero_grad"] | None = None
    weight: bool | None = None
    bias: bool | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table after it."""
        if len(sent(self)) != 1:
            raise Invalid("One call at a time.", "call", ["call", "weight", "bias"])
        lab = table.classifier
        weight, bias = lab.weight.leaf, lab.bias.leaf
        match self.call:
            case "backward":
                _learns(lab)
                back = backward(forward(lab.parameters, table.digit, lab.twice)).parameters
                weight, bias = weight.handed(back.weight), bias.handed(back.bias)
            case "zero_grad":
                weight, bias = weight.emptied(), bias.emptied()
            case "step":
                moved: Linear = stepped(lab.parameters, weight, bias, lab.rate)
                return Outcome(_with(table, data=moved.data))
            case None:
                weight = weight if self.weight is None else replace(weight, requires_grad=self.weight)
                bias = bias if self.bias is None else replace(bias, requires_grad=self.bias)
        return Outcome(_with(table, weight=held(weight), bias=held(bias)))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        if self.call:
            return {"backward": "backward()", "step": "optimizer.step()", "zero_grad": "zero_grad()"}[self.call]
        return f"{'W' if self.bias is None else 'b'}.requires_grad"


class Show(Look):
    """Choose what is seen of the classifier."""

    name: ClassVar[str] = "classifier-show"
    lab: ClassVar[str] = "classifier"
    summary: ClassVar[str] = (
        "voices: values, gradients, both or moved; open: the class whose row of W is open; shift: the softmax with it "
        "or without; aspect: weights, shapes, logit, derivation or autograd; line: how far the derivation unfolds."
    )
    part: ClassVar[str] = "classifier"
    voices: Voices | None = None
    open: Class | None = None
    shift: bool | None = None
    aspect: Aspect | None = None
    line: Annotated[int, Field(ge=0, lt=LINES)] | None = None

    def look(self, state: Playground) -> Sight:
        """Return what is seen after it."""
        return replace(state.view.classifier, **given({name: getattr(self, name) for name in sent(self)}))
