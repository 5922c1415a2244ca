"""The Network lab: the panels of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from app.nn.digits import CLASSES, SIZE
from app.nn.network import CONV, FEATURES, POOLED, SHAPES, SLICES, Forward, StateDict
from app.nn.windows import unread
from app.playground.actions.network import Step
from app.views.addresses import MAPS, POOLS
from app.views.answer import answer
from app.views.backward import masked, stages, walkbar, walks
from app.views.curve import Plot, curve
from app.views.drawing import Label, pad
from app.views.grids import DOWN, HATCHED, TIED, UP, WINNER, Grid
from app.views.ledger import ledger
from app.views.moment import Moment
from app.views.panels import Choice, Numbers, Panel, Say, Switch
from app.views.sentences import sentence
from app.views.transport import Deeds, transport


@dataclass(frozen=True, slots=True)
class Kernels(Panel):
    """``conv.weight`` (4, 1, 2, 2) and ``conv.bias`` (4)."""

    name: ClassVar[str] = "kernels"
    weight: Numbers
    bias: Numbers


@dataclass(frozen=True, slots=True)
class Maps(Panel):
    """``conv`` (4, 2, 2): the feature maps before ReLU. Its gradient grid hatches what ReLU blocks."""

    name: ClassVar[str] = "maps"
    conv: Numbers


@dataclass(frozen=True, slots=True)
class Relu(Panel):
    """``relu`` (4, 2, 2): hatched where ReLU blocks; marks the winner of each pool."""

    name: ClassVar[str] = "relu"
    relu: Numbers


@dataclass(frozen=True, slots=True)
class Pool(Panel):
    """``pool`` (4, 1, 1)."""

    name: ClassVar[str] = "pool"
    pool: Numbers


@dataclass(frozen=True, slots=True)
class Linear(Panel):
    """``flat`` (4) as the head row over ``fc.weight`` (10, 4) and ``fc.bias`` (10)."""

    name: ClassVar[str] = "linear"
    flat: Numbers
    weight: Numbers
    bias: Numbers


@dataclass(frozen=True, slots=True)
class Logits(Panel):
    """``logits`` (10)."""

    name: ClassVar[str] = "logits"
    logits: Numbers


@dataclass(frozen=True, slots=True)
class Softmax(Panel):
    """``probabilities`` (10): bars; the prediction (None when tied or not finite) and the label."""

    name: ClassVar[str] = "softmax"
    probabilities: Grid
    prediction: int | None
    label: int


@dataclass(frozen=True, slots=True)
class More(Panel):
    """Samples, seed, start over and print(net)."""

    name: ClassVar[str] = "more"
    seed: int


MOVED_MUCH = 0.03
MOVED_MOST = 5
_TINY = np.nextafter(np.float32(0), np.float32(1))
_POOLED = POOLED.T.tolist()  # what each window of a pool reads


SHOW = (
    Choice("values", "Values"),
    Choice("gradients", "Grad", "The gradients of the present loss", "ients"),
    Choice("both", "Both"),
    Choice("backward", "Back", "The backward pass, number by number", "ward"),
    Choice("ledger", "Ledger", "The last step, parameter by parameter"),
)


def panels(moment: Moment) -> tuple[Panel, ...]:
    """Return every panel of the Network lab at a moment."""
    table, run, net = moment.table, moment.run, moment.table.network
    digit = table.digit
    parameter = _parameters(moment)
    loss = run.loss.item()
    return (
        pad("network", digit, "[1, 5, 5]", unread(SIZE, SIZE, CONV)),
        Label("network", digit.label),
        Kernels(parameter["conv.weight"], parameter["conv.bias"]),
        *_maps(moment),
        Linear(_between("flat", (FEATURES,), moment), parameter["fc.weight"], parameter["fc.bias"]),
        Logits(_between("logits", (CLASSES,), moment)),
        Softmax(Grid("probabilities", (CLASSES,), run.probabilities.tobytes()), run.prediction, digit.label),
        Switch("Show", "/network/show", "voices", SHOW, moment.state.view.show),
        Say(sentence(moment), moment.action is None and not moment.arrived),
        stages(moment.state.view),
        ledger(moment),
        walkbar(moment) if walks(moment.state.view) else _transport(moment),
        curve(moment.line("network"), loss, Plot("network")),
        answer(run.logits, run.probabilities, loss, digit.label),
        More(net.seed),
    )


def _transport(moment: Moment) -> Panel:
    seed = moment.table.network.seed
    return transport(
        moment, "network", Deeds(f"initialise?seed={seed}", f"the weights of seed {seed}", "learning-rate")
    )


def _parameters(moment: Moment) -> dict[str, Numbers]:
    net = moment.table.network
    marks = b""
    if isinstance(moment.action, Step):
        marks = _moved(moment.before.network.parameters, net.parameters, moment.action.steps)
    return {
        name: _seen(
            moment,
            _slice(name, name, net.parameters, marks),
            _slice(f"grad.{name}", name, moment.back.parameters),
        )
        for name in SHAPES
    }


def _seen(moment: Moment, value: Grid, gradient: Grid) -> Numbers:
    """Return the voices that the switch asks for; the ledger takes the place of them all."""
    match moment.state.view.show:
        case "values":
            return Numbers(value)
        case "gradients":
            return Numbers(None, gradient)
        case "both":
            return Numbers(value, gradient)
        case "backward":
            return Numbers(None, masked(gradient, moment.state.view))
        case "ledger":
            return Numbers(None)


def _slice(address: str, name: str, state: StateDict, marks: bytes = b"") -> Grid:
    part = SLICES[name]
    return Grid(address, SHAPES[name], state.data[4 * part.start : 4 * part.stop], marks[part])


def _moved(old: StateDict, new: StateDict, steps: int) -> bytes:
    # After many steps nearly all have moved by much: then only the five that moved most stand out.
    enough = MOVED_MUCH if steps == 1 else np.inf
    with np.errstate(all="ignore"):
        change = new.vector - old.vector
        size = np.abs(change)
        size.sort()
        least = min(enough, max(size[-MOVED_MOST], _TINY))
        marks = (change >= least) * np.uint8(UP) + (change <= -least) * np.uint8(DOWN)
    return marks.tobytes() if marks.any() else b""


def _maps(moment: Moment) -> tuple[Panel, ...]:
    run, back = moment.run, moment.back
    blocked = (run.conv <= 0) * np.uint8(HATCHED)  # (filters, cells)
    wins = _winners(run)
    return (
        Maps(
            _seen(
                moment,
                Grid("conv", MAPS, run.conv.tobytes()),
                Grid("grad.conv", MAPS, back.conv.tobytes(), blocked.tobytes()),
            )
        ),
        Relu(
            _seen(
                moment,
                Grid("relu", MAPS, run.relu.tobytes(), (blocked | wins).tobytes()),
                Grid("grad.relu", MAPS, back.relu.tobytes(), wins.tobytes()),
            )
        ),
        Pool(_between("pool", POOLS, moment)),
    )


def _winners(run: Forward) -> NDArray[np.uint8]:
    """Return the marks of what each pool hands on, (filters, cells): plain lists are quicker for so few."""
    marks = np.zeros(run.relu.shape, np.uint8)
    for number, (cells, winners) in enumerate(zip(run.relu.tolist(), run.winners.tolist(), strict=True)):
        for window, winner in zip(_POOLED, winners, strict=True):
            tied = sum(cells[place] == cells[winner] for place in window) > 1
            marks[number, winner] = WINNER | TIED if tied else WINNER
    return marks


def _between(name: str, shape: tuple[int, ...], moment: Moment) -> Numbers:
    value: NDArray[np.float32] = getattr(moment.run, name)
    gradient: NDArray[np.float32] = getattr(moment.back, name)
    return _seen(moment, Grid(name, shape, value.tobytes()), Grid(f"grad.{name}", shape, gradient.tobytes()))
