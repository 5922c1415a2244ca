"""The referee: the same numbers from PyTorch, and how closely they agree with ours.

Nothing else here needs torch, and its import takes over a second: it is loaded when it is first asked for. Run as a
program (``python -m app.nn.referee``) it says "ready", then answers a line of JSON with a line of JSON.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.nn.architecture import Architecture, named
from app.nn.classifier import Linear, flatten
from app.nn.digits import SIZE, Digit
from app.nn.network import CONV, FILTERS, POOL, SHAPES, StateDict

Array = NDArray[Any]
Given = Mapping[str, Any]
Mask = NDArray[np.bool_]

TOLERANCES = {"float32": 1e-5, "float64": 1e-9}
"""How far apart two numbers may be that agree, |a − b| / max(1, |b|); what is no float, not at all."""


class Ours(NamedTuple):
    """One of our tensors as JSON holds it: row by row, None in the place of a number that is not to be judged."""

    shape: tuple[int, ...]
    values: list[float | None]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The largest difference between ours and PyTorch's, |a − b| / max(1, |b|), and in which tensor it was found.

    ``holds``: all of them are within the tolerance of their precision. ``theirs``: those of PyTorch's numbers that were
    asked for. ``number``: which number it was, as in an address; ``more``: what else was compared, in words.
    """

    difference: float
    name: str
    holds: bool
    theirs: tuple[float, ...] = ()
    number: str = ""
    more: str = ""


def ours(values: Array, shown: Mask | None = None) -> Ours:
    """Return a tensor as it is sent to the referee: all of it, or what is ``shown``."""
    flat = np.ravel(values).tolist()
    if shown is not None:
        flat = [value if seen else None for value, seen in zip(flat, np.ravel(shown).tolist(), strict=True)]
    return Ours(np.shape(values), flat)


def compare(mine: Mapping[str, Ours], theirs: Mapping[str, Array]) -> Agreement:
    """Return how closely our tensors agree with PyTorch's of the same names.

    Numbers that are not finite agree when both are the same (inf, −inf or nan); shapes are to be equal.
    """
    worst, holds = (-1.0, "", ""), True
    for name, (shape, values) in mine.items():
        difference, place = math.inf, name
        if tuple(shape) == theirs[name].shape:
            kept = np.array([value is not None for value in values], np.bool_)
            gaps = differences_of(
                np.array([value for value in values if value is not None], np.float64),
                theirs[name].ravel()[kept].astype(np.float64),
            )
            difference = float(gaps.max(initial=0.0))
            if len(gaps) and shape:
                at = np.unravel_index(np.flatnonzero(kept)[gaps.argmax()], shape)
                place = f"{name}[{','.join(map(str, at))}]"
        worst = max(worst, (difference, name, place), key=lambda found: found[0])
        holds = holds and difference <= TOLERANCES.get(theirs[name].dtype.name, 0.0)
    return Agreement(max(worst[0], 0.0), worst[1], holds, number=worst[2] if worst[0] > 0 else "")


def difference_of(one: Array, other: Array) -> float:
    """Return the largest of ``differences_of``, 0 where there are none."""
    return float(differences_of(one, other).max(initial=0.0))


def differences_of(one: Array, other: Array) -> Array:
    """Return |a − b| / max(1, |b|) of each pair; what is not finite agrees with the same alone."""
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    with np.errstate(all="ignore"):
        gap: Array = np.abs(one - other) / np.maximum(1, np.abs(other))
    gap[same] = 0
    gap[np.isnan(gap)] = math.inf
    return gap


# --- what PyTorch computes, lab by lab: from what JSON can hold to tensors by name, without the batch axis -----------


@cache
def load() -> ModuleType:
    """Import torch, once, and return it. Takes about a second the first time."""
    import torch

    torch.set_num_threads(1)  # the tensors are tiny: threads would cost more than they save
    return torch


def network(given: Given) -> dict[str, Array]:
    """Return values and gradients (``grad.…``) of the lab's Net, float32.

    ``given``: ``parameters`` and ``pixels`` as hexadecimal bytes, ``label``.
    """
    torch = load()
    functional = torch.nn.functional
    parameters = StateDict(bytes.fromhex(given["parameters"]))
    digit = Digit(bytes.fromhex(given["pixels"]), given["label"])
    weights = {name: torch.tensor(parameters[name].copy(), requires_grad=True) for name in SHAPES}
    values = {}
    image = torch.tensor(digit.image).view(1, 1, SIZE, SIZE)
    values["conv"] = functional.conv2d(image, weights["conv.weight"], weights["conv.bias"], stride=CONV.stride)
    values["relu"] = functional.relu(values["conv"])
    values["pool"] = functional.max_pool2d(values["relu"], POOL.kernel_size, POOL.stride)
    values["flat"] = values["pool"].view(-1, FILTERS)
    values["logits"] = functional.linear(values["flat"], weights["fc.weight"], weights["fc.bias"])
    for value in values.values():
        value.retain_grad()
    loss = functional.cross_entropy(values["logits"], torch.tensor([digit.label]))
    loss.backward()
    probabilities = functional.softmax(values["logits"], dim=1)
    found = {name: value.detach().numpy()[0] for name, value in values.items()}
    found |= {f"grad.{name}": value.grad.numpy()[0] for name, value in values.items()}
    found |= {f"grad.{name}": value.grad.numpy() for name, value in weights.items()}
    return found | {"probabilities": probabilities.detach().numpy()[0], "loss": loss.detach().numpy()}


def neuron(given: Given) -> dict[str, Array]:
    """Return ``predictions`` (points,), ``loss``, ``grad.w`` and ``grad.b`` of w·x + b, float64.

    ``given``: ``w``, ``b``, ``points`` (points, 2), ``loss`` (its name), ``lesson`` (a point, None: all).
    """
    torch = load()
    w, b = (_tensor(given[name]).requires_grad_() for name in ("w", "b"))
    x, y = _tensor(given["points"]).T
    predictions = w * x + b
    lesson = slice(None) if given["lesson"] is None else slice(given["lesson"], given["lesson"] + 1)
    losses = {"squared": torch.nn.functional.mse_loss, "absolute": torch.nn.functional.l1_loss}
    loss = losses[given["loss"]](predictions[lesson], y[lesson])
    loss.backward()
    found = {"predictions": predictions, "loss": loss, "grad.w": w.grad, "grad.b": b.grad}
    return {name: value.detach().numpy() for name, value in found.items()}


def convolution(given: Given) -> dict[str, Array]:
    """Return ``output`` (filters, rows, columns) of conv2d, float64.

    ``given``: ``image`` (rows, columns), ``weight`` (filters, 1, rows, columns), ``bias`` (filters), ``flipped``,
    ``stride``, ``padding``, ``dilation``.
    """
    torch = load()
    weight = _tensor(given["weight"])
    output = torch.nn.functional.conv2d(
        _tensor(given["image"])[None],
        weight.flip(2, 3) if given["flipped"] else weight,
        _tensor(given["bias"]),
        given["stride"],
        given["padding"],
        given["dilation"],
    )
    return {"output": output.numpy()}


def pooling(given: Given) -> dict[str, Array]:
    """Return ``output`` (channels, rows, columns), float64, and ``winners`` of max_pool2d, indices into a flat map.

    ``given``: ``maps`` (channels, rows, columns), ``rectified``, ``kind``, ``kernel_size``, ``stride``, ``padding``,
    ``dilation``, ``ceil_mode``.
    """
    functional = load().nn.functional
    maps = _tensor(given["maps"])
    maps = functional.relu(maps) if given["rectified"] else maps
    walk = {name: given[name] for name in ("kernel_size", "stride", "padding", "ceil_mode")}
    if given["kind"] == "average":
        return {"output": functional.avg_pool2d(maps, **walk).numpy()}
    output, winners = functional.max_pool2d(maps, **walk, dilation=given["dilation"], return_indices=True)
    return {"output": output.numpy(), "winners": winners.numpy()}


def activation(given: Given) -> dict[str, Array]:
    """Return ``output`` and ``slope``, which is autograd's, float64. ``given``: ``function``, ``vector``."""
    torch = load()
    functions: dict[str, Callable[[Any], Any]] = {
        "identity": torch.nn.Identity(),
        # Autograd knows no slope of it: flat on both sides of its jump.
        "step": lambda x: torch.heaviside(x.detach(), torch.ones_like(x)) + 0 * x,
        "relu": torch.nn.functional.relu,
        "leaky_relu": torch.nn.functional.leaky_relu,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
    }
    vector = _tensor(given["vector"]).requires_grad_()
    output = functions[given["function"]](vector)
    output.backward(torch.ones_like(vector))
    return {"output": output.detach().numpy(), "slope": vector.grad.numpy()}


def _tensor(values: object) -> Any:  # noqa: ANN401 - a torch.Tensor, whose type is not there before torch is
    torch = load()
    return torch.tensor(values, dtype=torch.float64)


def classifier(given: Given) -> dict[str, Array]:
    """Return values and gradients (``grad.…``) of a linear layer, softmax and cross-entropy, float64.

    ``given``: ``data`` (``Linear``) and ``pixels`` as hexadecimal bytes, ``label``, and ``twice``, whether the
    cross-entropy is given probabilities.
    """
    torch = load()
    functional = torch.nn.functional
    layer, digit = Linear(bytes.fromhex(given["data"])), Digit(bytes.fromhex(given["pixels"]), given["label"])
    weight = torch.tensor(layer.weight.copy(), requires_grad=True)
    bias = torch.tensor(layer.bias.copy(), requires_grad=True)
    logits = functional.linear(torch.tensor(flatten(digit)).view(1, -1), weight, bias)
    logits.retain_grad()
    shares = functional.softmax(logits, dim=1)
    loss = functional.cross_entropy(shares if given["twice"] else logits, torch.tensor([digit.label]))
    loss.backward()
    return {
        "logits": logits.detach().numpy()[0],
        "probabilities": shares.detach().numpy()[0],
        "loss": loss.detach().numpy(),
        "grad.logits": logits.grad.numpy()[0],
        "grad.weight": weight.grad.numpy(),
        "grad.bias": bias.grad.numpy(),
    }


def training(given: Given) -> dict[str, Array]:
    """Return ``logits`` (n, 10), the mean ``loss`` and the gradients (``grad.…``) of a batch, float32.

    ``given``: ``net`` (the fields of an ``Architecture``), ``parameters`` and ``pixels`` (n·25) as hexadecimal bytes,
    ``labels`` (n).
    """
    torch = load()
    functional = torch.nn.functional
    net = Architecture(**given["net"])
    vector = np.frombuffer(bytes.fromhex(given["parameters"]), np.float32)
    weights = {name: torch.tensor(part.copy(), requires_grad=True) for name, part in named(net, vector).items()}
    activation = {"identity": lambda values: values} | {
        name: getattr(functional, name) for name in ("relu", "leaky_relu", "sigmoid", "tanh")
    }
    values = torch.tensor(list(bytes.fromhex(given["pixels"])), dtype=torch.float32).view(-1, 1, SIZE, SIZE)
    if net.filters:
        conv = functional.conv2d(values, weights["conv.weight"], weights["conv.bias"], net.stride, net.padding)
        values = activation[net.activation](conv)
    if net.pool:
        values = functional.max_pool2d(values, net.pool)
    values = values.flatten(1)
    if net.hidden:
        values = activation[net.activation](functional.linear(values, weights["hidden.weight"], weights["hidden.bias"]))
    if net.linear:
        values = functional.linear(values, weights["fc.weight"], weights["fc.bias"])
    loss = functional.cross_entropy(values, torch.tensor(given["labels"]))
    loss.backward()
    found = {"logits": values.detach().numpy(), "loss": loss.detach().numpy()}
    return found | {f"grad.{name}": weight.grad.numpy() for name, weight in weights.items()}


LABS: dict[str, Callable[[Given], dict[str, Array]]] = {
    "network": network,
    "neuron": neuron,
    "convolution": convolution,
    "pooling": pooling,
    "activation": activation,
    "classifier": classifier,
    "training": training,
}
"""What PyTorch computes of a lab. What it is given, and our numbers, come from ``views/referee.py``."""


def main() -> None:
    """Judge what comes in on standard input, until it ends."""
    from app.nn.differences import CHECKS  # here: it needs what stands above

    load()
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        mine = {name: Ours(*tensor) for name, tensor in asked["ours"].items()}
        theirs = LABS[asked["lab"]](asked["given"])
        more = CHECKS[asked["lab"]](asked["given"]) if asked["lab"] in CHECKS else ""
        told = tuple(theirs[name].ravel()[place].item() for name, place in asked["places"])
        print(json.dumps(asdict(replace(compare(mine, theirs), theirs=told, more=more))), flush=True)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # the server has gone: nobody listens any more
        os._exit(0)
