"""Where every number comes from, and what it goes on to feed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from app.nn.derivation import Derivation
from app.views.addresses import parsed, passed, tensors, value_at
from app.views.derivations import network
from app.views.derivations.values import Explanations, Told, Values
from app.views.derivations.walked import WALKED
from app.views.grids import addresses
from app.views.moment import Moment


def _network(moment: Moment) -> Told:
    table, net = moment.table, moment.table.network
    values = Values(tensors(moment))
    update = None
    if net.before and net.taught and moment.lesson:
        past = network.Pass(Values(passed(net.before, net.taught, *moment.lesson)), net.taught.label)
        update = network.Update(values, past, net.stride)
    return Told(values, network.explanations(network.Pass(values, table.digit.label), update, net.seed))


def told(moment: Moment, lab: str) -> Told:
    """Return a lab's numbers, and where they come from."""
    if lab == "neuron":
        from app.views.derivations import neuron  # here: the first page does not wait for other labs

        return neuron.told(moment)
    if lab == "classifier":
        from app.views.derivations import classifier

        return classifier.told(moment)
    if lab == "training":
        from app.views.derivations import training

        return training.told(moment)
    return WALKED[lab](moment.state) if lab in WALKED else _network(moment)


LABS = ("network", "neuron", "classifier", "training", *WALKED)
"""The labs whose numbers explain themselves."""
KEPT = ("losses", "path")
"""What the log keeps of each step: it is read from nothing, and its length changes with every step."""
READ_BY = {"network": ("network", "classifier", "convolution"), "convolution": ("convolution", "pooling")}
"""Labs whose numbers others read, too: the drawing, and the feature maps."""


def derived(moment: Moment, address: str) -> Derivation:
    """Return where the number at an address comes from; refuse an address that ``value_at`` refuses."""
    value_at(moment, address)
    place = parsed(address)
    assert place
    return told(moment, place.lab).explanations[place.name](place.index)


def named(moment: Moment, lab: str) -> list[str]:
    """Return the last address of each tensor of a lab: its name, and how far its indices go."""
    values = told(moment, lab).values
    shapes = ((name, np.shape(tensor)) for name, tensor in values.tensors.items() if np.size(tensor))
    return [f"{values.prefix}{name}{_last(shape)}" for name, shape in shapes]


def _last(shape: tuple[int, ...]) -> str:
    return f"[{','.join(str(size - 1) for size in shape)}]" if shape else ""


def feeds(moment: Moment, address: str) -> tuple[str, ...]:
    """Return the addresses of the numbers that are computed from the one at an address, in the order of the lab."""
    place = parsed(address)
    assert place
    found: tuple[str, ...] = ()
    for lab in READ_BY.get(place.lab, (place.lab,)):
        values, explanations, key = told(moment, lab)
        shapes = tuple((name, np.shape(values.tensors[name])) for name in explanations if name not in KEPT)
        found += _readers(_Lab(shapes, values.prefix, key, explanations)).get(address, ())
    return found


@dataclass(frozen=True)
class _Lab:
    """A lab's explanations. Which number reads which depends on the shapes of its tensors and the key alone."""

    shapes: tuple[tuple[str, tuple[int, ...]], ...]
    prefix: str
    key: Hashable
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
