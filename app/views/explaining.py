"""A number explains itself: its formula, the numbers put in, what it feeds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar

import numpy as np

from app.nn.derivation import Derivation, Term
from app.playground.backward import PLACES
from app.playground.errors import OutOfRange
from app.playground.writing import as_printed, plain, text
from app.views.addresses import parsed, tensors, value_at
from app.views.backward import walks
from app.views.derivations import derived, feeds
from app.views.grids import addresses, level
from app.views.json import nested, said
from app.views.moment import Moment
from app.views.panels import Panel

DECIMALS = 4
UNSIGNED = (
    *("input", "probabilities", "loss", "losses", "convolution:image", "convolution:window", "neuron:points"),
    *(
        f"neuron:{name}"
        for name in ("point_losses", "mean_loss", "loss", "losses", "old.loss", "solved.loss", "lowest.loss")
    ),
    "training:confusion",
    "training:worst",
    *(f"training:{set_}.{name}" for set_ in ("test", "train") for name in ("count", "correct", "right", "loss")),
)
"""Tensors whose numbers have no sign, and so no colour."""
FEW = 3


@dataclass(frozen=True, slots=True)
class Chip:
    """A number in a formula: a link to itself where it has an address; ``level`` is its colour, None for none."""

    text: str
    address: str
    level: int | None


@dataclass(frozen=True, slots=True)
class Explanation(Panel):
    """What the number says that is pointed at; all is empty where none is.

    ``total`` is the number, or what its sum has come to ``so_far`` ("position 2 of 4"); ``printed`` what the terms give
    as they are printed, "" where that is the same; ``feeds`` are addresses, a word between two that stand for a row of
    them. ``walked``: a walk has come to it.
    """

    name: ClassVar[str] = "explanation"
    lab: str
    address: str = ""
    title: str = ""
    formula: str = ""
    parts: tuple[str | Chip, ...] = ()
    total: str = ""
    printed: str = ""
    note: str = ""
    feeds: tuple[tuple[str, str], ...] = ()
    so_far: str = ""
    walked: bool = False


def explanation(moment: Moment, lab: str) -> Explanation:
    """Return what the number says that is pointed at, if it is one of this lab and to be seen.

    Where nothing is pointed at, a walk points at the number that it has come to.
    """
    view = moment.state.view
    address, part, parts = view.pointed, 0, 1
    walked = not address and lab == "network" and walks(view)
    if walked:
        address, part, parts = _walked(moment)
    place = parsed(address) if address else None
    if place is None or place.lab != lab:
        return Explanation(lab)
    try:
        value, found = value_at(moment, address), derived(moment, address)
    except OutOfRange:  # the table has changed since: nothing is pointed at
        return Explanation(lab)
    if part + 1 < parts:
        found = found.begun(part + 1)
    total = plain(value if found.total is None else found.total, DECIMALS)
    return Explanation(
        lab=lab,
        address=address,
        title=found.name,
        formula=found.formula,
        parts=tuple(_chip(part) if isinstance(part, Term) else part for part in found.worked),
        total=total,
        printed=_printed(found, total),
        note=found.note,
        feeds=() if walked else _rows(feeds(moment, address)),
        so_far=f"position {part + 1} of {parts}" if part + 1 < parts else "",
        walked=walked,
    )


def _walked(moment: Moment) -> tuple[str, int, int]:
    """Return the address that the walk has come to, and which part of how many of its sum is added."""
    _, tensor, at, part, parts = PLACES[moment.state.view.backward]
    name = f"grad.{tensor}"
    return addresses(name, np.shape(tensors(moment)[name]))[at], part, parts


def _chip(term: Term) -> Chip:
    signed = bool(term.address) and term.address.partition("[")[0] not in UNSIGNED
    return Chip(plain(term.value), term.address, level(term.value) if signed else None)


def _printed(found: Derivation, total: str) -> str:
    values = [term.value for term in found.terms]
    if found.total is None or not all(map(math.isfinite, values)):
        return ""
    printed = found.of(map(as_printed, values))
    assert printed is not None
    given = plain(printed, DECIMALS)
    return "" if given == total or not math.isfinite(printed) else given


def _rows(addresses: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return addresses, each with the word before it; many of one name are its first and its last."""
    found: list[tuple[str, str]] = []
    for _, group in groupby(addresses, lambda address: address.partition("[")[0]):
        row = list(group)
        shown = [("", address) for address in row] if len(row) <= FEW else [("", row[0]), ("…", row[-1])]
        found += shown
    return tuple(found)


def explained(moment: Moment, address: str) -> dict[str, Any]:
    """Return what the API says of the number at an address."""
    value, found = value_at(moment, address), derived(moment, address)
    wrong = {term.address: term.value for term in found.terms if term.address} | {address: value}
    return {
        "address": address,
        "name": found.name,
        "value": _number(value, address),
        "formula": found.formula,
        "worked": worked(found),
        "total": None if found.total is None else nested(np.asarray(found.total)),
        "terms": [
            {"address": term.address or None, "value": _number(term.value, term.address)} for term in found.terms
        ],
        "note": found.note,
        "feeds": list(feeds(moment, address)),
        "not_finite": {where: said(number) for where, number in wrong.items() if not math.isfinite(number)},
    }


def worked(derivation: Derivation) -> str:
    """Return a formula with the numbers put in, as text."""
    return "".join(text(part.value, DECIMALS) if isinstance(part, Term) else part for part in derivation.worked)


def _number(value: float, address: str) -> float | None:
    # The network's numbers are float32: the shortest decimal that reads back to one.
    place = parsed(address) if address else None
    found: float | None = nested(
        np.asarray(value, np.float32 if place and place.lab in ("network", "training") else np.float64)
    )
    return found
