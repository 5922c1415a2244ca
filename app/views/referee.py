"""What the referee is asked about each lab: what PyTorch is given, and the numbers of ours that it is to judge.

What is hidden for a prediction is not judged, so that the mark says nothing about it; what is only still to come is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from app.nn.activation import ACTIVATIONS
from app.nn.architecture import named
from app.nn.batch import lesson, propagate
from app.nn.network import SHAPES
from app.nn.referee import Ours, ours
from app.nn.windows import DoesNotFit, Window
from app.playground.classifier import worked as linear
from app.playground.convolution import worked
from app.playground.pooling import pooled
from app.playground.told import ahead, certain, convolved
from app.playground.training import epoch_of
from app.views.addresses import tensors
from app.views.classifier.aspects import Side, side
from app.views.moment import Moment

MOST_JUDGED = 64
"""Drawings of a batch."""


@dataclass(frozen=True, slots=True)
class Question:
    """What PyTorch is given, as JSON; our tensors by name; and in words what PyTorch does with it.

    ``side`` is a panel that shows some of its numbers beside ours.
    """

    given: dict[str, Any]
    ours: Mapping[str, Ours]
    words: str
    side: Side | None = None

    @property
    def places(self) -> tuple[tuple[str, int], ...]:
        """Which of PyTorch's numbers are to be told: the tensor, and where in it, row by row."""
        return tuple((row.tensor, row.place) for row in self.side.rows) if self.side else ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to judge."""
        return all(value is None for tensor in self.ours.values() for value in tensor.values)


def network(moment: Moment) -> Question:
    """Ask about the forward and the backward pass."""
    table, found = moment.table, tensors(moment)
    between = ("conv", "relu", "pool", "flat", "logits")
    names = (*between, "probabilities", "loss", *(f"grad.{name}" for name in (*SHAPES, *between)))
    given = {
        "parameters": table.network.parameters.data.hex(),
        "pixels": table.digit.pixels.hex(),
        "label": table.digit.label,
    }
    return Question(
        given, {name: ours(np.asarray(found[name])) for name in names}, "forward values and autograd's gradients"
    )


def neuron(moment: Moment) -> Question:
    """Ask about the forward and the backward pass of the next step."""
    from app.views.neuron.numbers import tensors as numbers

    lab, found = moment.table.neuron, numbers(moment)
    given = {
        "w": lab.line.w,
        "b": lab.line.b,
        "points": [list(point) for point in lab.points],
        "loss": lab.loss,
        "lesson": lab.lesson,
    }
    names = ("predictions", "loss", "grad.w", "grad.b")
    return Question(given, {name: ours(found[name]) for name in names}, "forward and backward pass")


def convolution(moment: Moment) -> Question:
    """Ask about the feature maps."""
    lab, digit = moment.table.convolution, moment.table.digit
    given = {
        "image": lab.seen(digit).array.tolist(),
        "weight": lab.array[:, None].tolist(),
        "bias": (np.array(lab.bias) * lab.biased).tolist(),
        "flipped": lab.flipped,
        **_walk(lab.window, "stride", "padding", "dilation"),
    }
    return Question(given, {"output": ours(worked(lab, digit).output, convolved(moment.state))}, "conv2d")


def pooling(moment: Moment) -> Question:
    """Ask about the pooled maps and their winners; nothing where the window cannot walk the maps."""
    table, lab = moment.table, moment.table.pooling
    raw = [lab.typed] if lab.typed else worked(table.convolution, table.digit).output.tolist()
    given = {
        "maps": raw,
        "rectified": lab.rectified,
        "kind": lab.kind,
        **_walk(lab.window, "kernel_size", "stride", "padding", "dilation", "ceil_mode"),
    }
    words = "avg_pool2d" if lab.kind == "average" else "max_pool2d and its indices"
    try:
        found = pooled(lab, table.convolution, table.digit)
    except DoesNotFit:
        return Question(given, {}, words)
    shown = ahead(found.output.shape, moment.state.view.pooling) & certain(moment.state)
    mine = {"output": ours(found.output, shown)}
    if found.winners is not None:
        mine["winners"] = ours(found.winners.reshape(found.output.shape), shown)
    return Question(given, mine, words)


def activation(moment: Moment) -> Question:
    """Ask about the values and the slopes."""
    lab = moment.table.activation
    function, shown = ACTIVATIONS[lab.function], ahead(lab.array.shape, moment.state.view.activation)
    given = {"function": lab.function, "vector": list(lab.vector)}
    mine = {"output": ours(function.forward(lab.array), shown), "slope": ours(function.derivative(lab.array), shown)}
    return Question(given, mine, "values, and slopes by autograd")


def classifier(moment: Moment) -> Question:
    """Ask about the forward and the backward pass, and, where autograd is looked at, for numbers to put beside ours."""
    lab, digit, sight = moment.table.classifier, moment.table.digit, moment.state.view.classifier
    found = linear(lab, digit)
    run, back = found.run, found.back
    given = {"data": lab.data.hex(), "pixels": digit.pixels.hex(), "label": digit.label, "twice": lab.twice}
    mine = {
        "logits": run.logits,
        "probabilities": run.probabilities,
        "loss": np.asarray(run.loss),
        "grad.logits": back.logits,
        "grad.weight": back.parameters.weight,
        "grad.bias": back.parameters.bias,
    }
    beside = side(found, sight) if sight.aspect == "autograd" else None
    return Question(given, {name: ours(values) for name, values in mine.items()}, "forward and backward pass", beside)


def training(moment: Moment) -> Question:
    """Ask about the next batch: forward and backward pass of a network that somebody built."""
    lab = moment.table.training
    if lab.net.unfinished or not lab.material.size:
        return Question({}, {}, "")
    epoch = epoch_of(lab)
    batch = slice(lab.seen, min(lab.seen + min(lab.batch_size, MOST_JUDGED), lab.material.size))
    images, labels = epoch.images[batch], epoch.labels[batch]
    given = {
        "net": asdict(lab.net),
        "parameters": lab.vector.tobytes().hex(),
        "pixels": images.astype(np.uint8).tobytes().hex(),
        "labels": labels.tolist(),
    }
    with np.errstate(all="ignore"):
        learned = lesson(lab.net, lab.vector, images, labels)
        logits = propagate(lab.net, lab.vector, images).logits
    mine = {"logits": logits, "loss": np.asarray(learned.loss)}
    mine |= {f"grad.{name}": part for name, part in named(lab.net, learned.gradient).items()}
    words = f"forward and backward pass of the next batch, {len(labels)} drawings"
    return Question(given, {name: ours(values) for name, values in mine.items()}, words)


def _walk(window: Window, *names: str) -> dict[str, Any]:
    return {name: getattr(window, name) for name in names}


QUESTIONS: dict[str, Callable[[Moment], Question]] = {
    "network": network,
    "neuron": neuron,
    "convolution": convolution,
    "pooling": pooling,
    "activation": activation,
    "classifier": classifier,
    "training": training,
}
"""By lab, as ``LABS`` in ``nn/referee.py`` answers them. A lab that is not named has no mark to show."""
