"""The Classifier lab's numbers by name: what its addresses lead to, and what the API says of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.nn.classifier import PARAMETERS, SHAPES, direct_loss, jacobian, naive_loss, terms
from app.nn.digits import CLASSES, SIZE
from app.nn.loss import Softmax
from app.playground.classifier import worked
from app.playground.convolution import linear
from app.playground.state import Playground
from app.views.classifier.derivation import lines
from app.views.classifier.sentences import sentence
from app.views.classifier.softmax import twice_exponentials, unshifted_gradient
from app.views.json import named, nested
from app.views.moment import Moment
from app.views.panels import words

Tensors = dict[str, NDArray[Any]]


def forward(state: Playground) -> Tensors:
    """Return the forward pass by name.

    input (5, 5); flat (25); weight (10, 25); bias, logits, shifted, exponentials, probabilities, onehot (10); shift,
    sum, logsumexp, loss, and naive, which is −log of the label's probability; terms (10, 25): pixel × weight.
    """
    table = state.table
    layer, run = table.classifier.parameters, worked(table.classifier, table.digit).run
    soft = run.softmax
    return {
        "input": run.flat.reshape(SIZE, SIZE),
        "flat": run.flat,
        "weight": layer.weight,
        "bias": layer.bias,
        "terms": np.array([terms(layer, run.flat, row) for row in range(CLASSES)]) + 0.0,  # + 0.0: no −0
        "logits": run.logits,
        **_softmax(soft),
        "onehot": run.one_hot,
        "loss": np.asarray(run.loss),
        "naive": np.asarray(naive_loss(soft, run.label)),
    }


def gradients(state: Playground) -> Tensors:
    """Return ∂loss/∂… by name: logits and bias (10), weight (10, 25)."""
    back = worked(state.table.classifier, state.table.digit).back
    return {"logits": back.logits, "weight": back.parameters.weight + 0.0, "bias": back.parameters.bias}


def unshifted(state: Playground) -> Tensors:
    """Return the softmax without the shift by name, the loss that it makes, and its S − y."""
    found = worked(state.table.classifier, state.table.digit)
    loss = np.asarray(direct_loss(found.bare, found.run.label))
    return {**_softmax(found.bare), "loss": loss, "grad.logits": unshifted_gradient(found)}


def twice(state: Playground) -> Tensors:
    """Return the softmax of the probabilities by name: nothing, where the logits go in raw."""
    run = worked(state.table.classifier, state.table.digit).run
    if not run.again:
        return {}
    found = twice_exponentials(run.probabilities)
    return {
        "exponentials": found.exponentials,
        "sum": np.asarray(found.total),
        "probabilities": run.again.probabilities,
    }


def held(state: Playground) -> Tensors:
    """Return what ``.grad`` holds, by name: weight (10, 25), bias (10); what is None there is not here."""
    lab = state.table.classifier
    leaves = {name: getattr(lab, name).leaf.gradient for name in SHAPES}
    return {name: grad.reshape(SHAPES[name]) for name, grad in leaves.items() if grad is not None}


def tensors(state: Playground) -> Tensors:
    """Return every tensor of the lab that has addresses, by name."""
    lab = state.table.classifier
    found = forward(state)
    parts = {"grad": gradients(state), "unshifted": unshifted(state), "twice": twice(state), "held": held(state)}
    if lab.old:
        parts["old"] = {"weight": lab.old.weight, "bias": lab.old.bias}
    for prefix, part in parts.items():
        found |= {f"{prefix}.{name}": values for name, values in part.items()}
    return found | {"jacobian": jacobian(found["probabilities"])}


def _softmax(found: Softmax) -> Tensors:
    with np.errstate(all="ignore"):
        logsumexp = found.shift + np.log(found.total)
    return {
        "shift": np.asarray(found.shift),
        "shifted": found.shifted,
        "exponentials": found.exponentials,
        "sum": np.asarray(found.total),
        "probabilities": found.probabilities,
        "logsumexp": np.asarray(logsumexp),
    }


def answer(moment: Moment) -> dict[str, Any]:
    """Return the Classifier lab: state, forward and backward pass, the derivation, what autograd holds."""
    state = moment.state
    table, sight = state.table, state.view.classifier
    lab, found = table.classifier, worked(table.classifier, table.digit)
    every = named(tensors(state), "classifier:")

    def part(prefix: str) -> dict[str, Any] | None:
        names = [name for name in every if name.startswith(f"{prefix}.")]
        return {name.removeprefix(f"{prefix}."): every[name] for name in names} or None

    kept = part("held") or {}
    leaves = {name: getattr(lab, name) for name in SHAPES}
    return {
        **{name: every[name] for name in (*forward(state), "jacobian")},
        "gradients": part("grad"),
        "unshifted": part("unshifted"),
        "twice": part("twice"),
        "old": part("old"),
        "label": found.run.label,
        "prediction": found.run.prediction,
        "start": lab.start,
        "seed": lab.seed,
        "rate": lab.rate,
        "step": lab.step,
        "losses": nested(moment.line("classifier").taken),
        "autograd": {
            name: {"requires_grad": leaf.requires_grad, "grad": kept.get(name)} for name, leaf in leaves.items()
        },
        "derivation": [
            {
                "words": line.words,
                "rule": line.rule.latex,
                "numbers": line.numbers.latex,
                "values": [number.text for number in line.numbers.numbers],
            }
            for line in lines(found, sight.open)
        ],
        "looks": asdict(sight),
        "parameters": {"here": PARAMETERS, "photograph": linear(256 * 256 * 3, CLASSES)},
        "sentence": words(sentence(moment, found)),
        "not_finite": every["not_finite"],
    }
