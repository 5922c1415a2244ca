"""Where every number comes from, and what it goes on to feed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from app.nn.derivation import Derivation
from app.playground.errors import OutOfRange
from app.views.addresses import parsed, passed, tensors, value_at
from app.views.derivations import network
from app.views.derivations.values import Explanations, Values
from app.views.grids import addresses
from app.views.moment import Moment


def _network(moment: Moment) -> tuple[Values, Explanations]:
    table, net = moment.table, moment.table.network
    values = Values(tensors(moment))
    update = None
    if net.before and net.taught and moment.lesson:
        past = network.Pass(Values(passed(net.before, net.taught, *moment.lesson)), net.taught.label)
        update = network.Update(values, past, net.stride)
    return values, network.explanations(network.Pass(values, table.digit.label), update, net.seed)


LABS: dict[str, Callable[[Moment], tuple[Values, Explanations]]] = {"network": _network}
"""By lab: its tensors, and where their numbers come from."""


def derived(moment: Moment, address: str) -> Derivation:
    """Return where the number at an address comes from; refuse an address that ``value_at`` refuses."""
    value_at(moment, address)
    place = parsed(address)
    assert place
    if place.lab not in LABS:
        raise OutOfRange(f"{address} is not explained yet.", "address")
    _, explanations = LABS[place.lab](moment)
    return explanations[place.name](place.index)


def feeds(moment: Moment, address: str) -> tuple[str, ...]:
    """Return the addresses of the numbers that are computed from the one at an address, in the order of the lab."""
    place = parsed(address)
    assert place
    values, explanations = LABS[place.lab](moment)
    shapes = tuple((name, np.shape(values.tensors[name])) for name in explanations)
    return _readers(_Lab(shapes, values.prefix, explanations)).get(address, ())


@dataclass(frozen=True)
class _Lab:
    """A lab's explanations. Which number reads which depends on the shapes of its tensors alone."""

    shapes: tuple[tuple[str, tuple[int, ...]], ...]
    prefix: str
    explanations: Explanations = field(compare=False)


@lru_cache(maxsize=16)
def _readers(lab: _Lab) -> Mapping[str, tuple[str, ...]]:
    """Return for each address those that are computed from it."""
    found: dict[str, list[str]] = {}
    for name, shape in lab.shapes:
        for index, address in zip(np.ndindex(shape), addresses(lab.prefix + name, shape), strict=True):
            for read in dict.fromkeys(term.address for term in lab.explanations[name](index).terms if term.address):
                found.setdefault(read, []).append(address)
    return {address: tuple(readers) for address, readers in found.items()}
