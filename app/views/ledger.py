"""The ledger: the SGD step of the network that was taken last, a row for each parameter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, get_args

import numpy as np

from app.nn.derivation import Term
from app.nn.network import SHAPES
from app.playground.ledger import Column, Ledger
from app.playground.writing import plain, text
from app.views.addresses import tensors
from app.views.derivations import derived
from app.views.grids import addresses, level
from app.views.moment import Moment
from app.views.panels import Panel
from app.views.sentences import ledger_of

DECIMALS = 4
LAYERS = {"conv.weight": "kernels", "conv.bias": "conv bias", "fc.weight": "linear", "fc.bias": "linear bias"}
PARTS = ("old", "gradient", "velocity", "change", "new")

COLUMNS = tuple(zip(get_args(Column), ("", "w", "g", "v = g", "−rate × v", "old + change"), strict=True))
"""The columns that sort, each with what it is in signs."""


class Number(NamedTuple):
    """A number of a row; the gradient of that step has no address of its own: it is the velocity's, too."""

    at: str
    text: str
    level: int


class Line(NamedTuple):
    """A line of a derivation: what it is of, the formula with the numbers put in, what that makes."""

    name: str
    worked: tuple[tuple[str, int | None], ...]  # words, and the colour of a number
    total: str
    note: str


class Row(NamedTuple):
    """A parameter: old, gradient, velocity, change and new, and where it is unfolded how they came about."""

    address: str
    numbers: tuple[Number, ...]
    lines: tuple[Line, ...]


class Table(NamedTuple):
    """The rows of a layer: its key in the ``state_dict``, its name in words, its shape as PyTorch writes it."""

    layer: str
    name: str
    shape: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class LedgerPanel(Panel):
    """The ledger, one layer at a time; no table where it is not looked at, or no step was taken.

    ``sorts`` says of each column its name, what it is, and whether the next press sorts it from the largest down.
    """

    name: ClassVar[str] = "ledger"
    columns: ClassVar[tuple[tuple[str, str], ...]] = COLUMNS
    on: bool = False
    layers: tuple[tuple[str, str, int], ...] = ()
    by: str = ""
    down: bool = False
    rate: str = ""
    table: Table | None = None


def ledger(moment: Moment) -> LedgerPanel:
    """Return the ledger of the page."""
    view = moment.state.view
    if view.show != "ledger":
        return LedgerPanel()
    laid = view.ledger
    layers = tuple((key, name, math.prod(SHAPES[key])) for key, name in LAYERS.items())
    net = moment.table.network
    table = tables(moment, laid, (laid.layer,))[0] if net.before else None
    return LedgerPanel(True, layers, laid.by, laid.down, _rate(net.stride), table)


def tables(moment: Moment, laid: Ledger, layers: tuple[str, ...] = tuple(LAYERS)) -> tuple[Table, ...]:
    """Return layers of the step that was taken last, laid out as the ledger is; none before the first step."""
    if not moment.table.network.before:
        return ()
    found = tensors(moment)
    made = []
    for layer in layers:
        names = addresses(layer, SHAPES[layer])
        columns = {part: np.ravel(found[f"{_tensor(part)}.{layer}"]).tolist() for part in PARTS}
        rows = tuple(
            Row(
                names[at],
                tuple(_number(f"{_tensor(part)}.{names[at]}", columns[part][at]) for part in PARTS),
                _lines(moment, names[at]) if names[at] == laid.opened else (),
            )
            for at in _order(laid.by, laid.down, columns)
        )
        made.append(Table(layer, LAYERS[layer], str(list(SHAPES[layer])), rows))
    return tuple(made)


def printed(moment: Moment) -> dict[str, object]:
    """Return the whole ledger, for paper."""
    net = moment.table.network
    return {
        "title": f"The ledger of step {net.step}",
        "sentence": ledger_of(moment),
        "rate": _rate(net.stride),
        "tables": tables(moment, moment.state.view.ledger),
    }


def _rate(rate: float) -> str:
    return f"{rate:g}".replace("e+", "e")


def _tensor(part: str) -> str:
    return "velocity" if part == "gradient" else part  # without momentum they are the same number


def _order(by: Column, down: bool, columns: dict[str, list[float]]) -> list[int]:
    """Return the order of the rows; what is not a number comes last."""
    places = list(range(len(columns["old"])))
    if by == "parameter":
        return places[::-1] if down else places
    sign = -1 if down else 1
    return sorted(places, key=lambda at: (columns[by][at] != columns[by][at], sign * columns[by][at]))


def _number(address: str, value: float) -> Number:
    return Number(address, text(value, DECIMALS), level(value))


def _lines(moment: Moment, address: str) -> tuple[Line, ...]:
    names = {"velocity": "gradient", "change": "change", "new": "new"}
    return tuple(_line(name, moment, f"{part}.{address}") for part, name in names.items())


def _line(name: str, moment: Moment, address: str) -> Line:
    found = derived(moment, address)
    worked = tuple(_part(part) if isinstance(part, Term) else (part, None) for part in found.worked)
    total = "" if found.total is None else plain(found.total, DECIMALS)
    return Line(name, worked, total, found.formula)


def _part(term: Term) -> tuple[str, int | None]:
    return plain(term.value, DECIMALS), level(term.value) if term.address else None
