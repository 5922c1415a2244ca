"""An address on every number: what a name like ``grad.conv.weight[2,0,1,0]`` stands for at a moment."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from app.nn.network import SHAPES
from app.playground.errors import OutOfRange
from app.views.moment import Moment
from app.views.network import FEATURES, MAPS, POOLS
from app.views.seen import SEEN, Seen, whole

_ADDRESS = re.compile(r"(?:(?P<lab>[a-z]+):)?(?P<name>[a-z_.]+?)(?:\[(?P<index>\d+(?:,\d+)*)\])?")
_BETWEEN = {"conv": MAPS, "relu": MAPS, "pool": POOLS, "flat": FEATURES, "logits": (10,)}


def tensors(moment: Moment) -> dict[str, Any]:
    """Return every tensor of the Network lab that has addresses, by name, in the shapes of the JSON."""
    table, run, back = moment.table, moment.run, moment.back
    net = table.network
    found: dict[str, Any] = {"input": table.digit.image, "probabilities": run.probabilities, "loss": run.loss}
    found["losses"] = moment.line("network").taken
    for name, shape in _BETWEEN.items():
        found[name] = getattr(run, name).reshape(shape)
        found[f"grad.{name}"] = getattr(back, name).reshape(shape)
    for name in SHAPES:
        found[name] = net.parameters[name]
        found[f"grad.{name}"] = back.parameters[name]
        if net.before:
            found[f"old.{name}"] = net.before[name]
            found[f"new.{name}"] = net.parameters[name]
            found[f"change.{name}"] = net.parameters[name] - net.before[name]
    return found


def value_at(moment: Moment, address: str) -> float:
    """Return the number at an address; refuse an address that does not exist, or is not to be seen, at this moment."""
    match = _ADDRESS.fullmatch(address)
    found = _found(moment, match["lab"] or "network", match["name"]) if match else None
    if match is None or found is None:
        raise OutOfRange(f"There is no number called {address[:80]}.", "address")
    values, shown = found
    index = tuple(int(part) for part in (match["index"] or "").split(",") if part)
    if len(index) != values.ndim or any(place >= size for place, size in zip(index, values.shape, strict=True)):
        raise OutOfRange(f"{match['name']} has the shape {list(values.shape)}.", "address", list(values.shape))
    if not shown[index]:
        raise OutOfRange(f"{address} is not to be seen yet.", "address")
    return float(values[index])


def _found(moment: Moment, lab: str, name: str) -> Seen | None:
    if lab in SEEN:
        return SEEN[lab](moment.state).get(name)
    tensor = tensors(moment).get(name) if lab == "network" else None
    return None if tensor is None else whole(np.asarray(tensor))
