"""An address on every number: what a name like ``grad.conv.weight[2,0,1,0]`` stands for at a moment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.nn.backward import Backward
from app.nn.digits import Digit
from app.nn.network import FEATURES, FILTERS, POOL, SHAPES, SIDE, Forward, StateDict
from app.playground.actions import TRAINS
from app.playground.errors import OutOfRange
from app.views.moment import Moment
from app.views.seen import SEEN, Seen, whole

_ADDRESS = re.compile(r"(?:(?P<lab>[a-z]+):)?(?P<name>[a-z_.]+?)(?:\[(?P<index>\d+(?:,\d+)*)\])?")
MAPS = (FILTERS, SIDE, SIDE)
POOLS = (FILTERS, *POOL.output_size(SIDE, SIDE))
_BETWEEN = {"conv": MAPS, "relu": MAPS, "pool": POOLS, "flat": (FEATURES,), "logits": (10,)}


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address: the lab, the name of the tensor, and where in it."""

    lab: str
    name: str
    index: tuple[int, ...]


def tensors(moment: Moment) -> dict[str, Any]:
    """Return every tensor of the Network lab that has addresses, by name, in the shapes of the JSON.

    Once a step was taken also that step: old, velocity, change and new of each parameter. Without momentum the velocity
    is the gradient that the step was taken with.
    """
    net = moment.table.network
    found = passed(net.parameters, moment.table.digit, moment.run, moment.back)
    found["losses"] = moment.line("network").taken
    if net.before and moment.lesson:
        gradient = moment.lesson[1].parameters
        with np.errstate(all="ignore"):
            for name in SHAPES:
                found[f"old.{name}"] = net.before[name]
                found[f"velocity.{name}"] = gradient[name]
                found[f"change.{name}"] = -np.float32(net.stride) * gradient[name]
                found[f"new.{name}"] = net.parameters[name]
    return found


def passed(parameters: StateDict, digit: Digit, run: Forward, back: Backward) -> dict[str, Any]:
    """Return every tensor of a forward and a backward pass by name."""
    found: dict[str, Any] = {"input": digit.image, "probabilities": run.probabilities, "loss": run.loss}
    for name, shape in _BETWEEN.items():
        found[name] = getattr(run, name).reshape(shape)
        found[f"grad.{name}"] = getattr(back, name).reshape(shape)
    for name in SHAPES:
        found[name] = parameters[name]
        found[f"grad.{name}"] = back.parameters[name]
    return found


def value_at(moment: Moment, address: str) -> float:
    """Return the number at an address; refuse an address that does not exist, or is not to be seen, at this moment."""
    place = parsed(address)
    found = _found(moment, place) if place else None
    if place is None or found is None:
        raise OutOfRange(f"There is no number called {address[:80]}.", "address")
    values, shown = found
    index = place.index
    if len(index) != values.ndim or any(at >= size for at, size in zip(index, values.shape, strict=True)):
        raise OutOfRange(f"{place.name} has the shape {list(values.shape)}.", "address", list(values.shape))
    if not shown[index]:
        raise OutOfRange(f"{address} is not to be seen yet.", "address")
    return float(values[index])


def parsed(address: str) -> Address | None:
    """Return the parts of an address; None where it is none."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return None
    index = tuple(int(part) for part in (match["index"] or "").split(",") if part)
    return Address(match["lab"] or "network", match["name"], index)


def _found(moment: Moment, place: Address) -> Seen | None:
    if place.name == "losses" and place.lab in TRAINS:
        taken = moment.line(place.lab).taken
        if taken.dtype.names:
            return whole(taken["loss"])
        return whole(taken if taken.ndim == 1 else taken[:, 0])  # the loss is the first of what a step leaves
    if place.lab in SEEN:
        return SEEN[place.lab](moment.state).get(place.name)
    tensor = _every(moment, place.lab).get(place.name)
    return None if tensor is None else whole(np.asarray(tensor))


def _every(moment: Moment, lab: str) -> Mapping[str, Any]:
    """Return every tensor of a lab of which nothing is ever hidden."""
    if lab == "neuron":
        from app.views.neuron.numbers import tensors as numbers  # here: the first page does not wait for other labs

        return numbers(moment)
    if lab == "training":
        from app.views.training.numbers import tensors as learned

        return learned(moment)
    return tensors(moment) if lab == "network" else {}
