"""What stands between drawing and worksheet in the Classifier lab: weights, shapes, one logit, autograd."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from app.nn.classifier import PIXELS, WEIGHTS, ZEROS, Linear, terms
from app.nn.digits import SIZE
from app.playground.actions.classifier import Step
from app.playground.classifier import Aspect, Classifier, Sight, Worked
from app.playground.writing import as_printed, exact, plain, text
from app.views.moment import Moment
from app.views.panels import Panel

LAB = "classifier:"


class Tab(NamedTuple):
    """A name on the line over the weights: what it sends, and what it says."""

    aspect: Aspect
    word: str


TABS = (
    Tab("weights", "Weights"),
    Tab("shapes", "Shapes"),
    Tab("logit", "One logit"),
    Tab("derivation", "Why S − y"),
    Tab("autograd", "Autograd"),
)


@dataclass(frozen=True, slots=True)
class Tabs(Panel):
    """The names of what can stand here, and of what does."""

    name: ClassVar[str] = "tabs"
    chosen: Aspect
    tabs: tuple[Tab, ...] = TABS


@dataclass(frozen=True, slots=True)
class Strip(Panel):
    """The drawing as one line of 25 pixels."""

    name: ClassVar[str] = "strip"
    pixels: bytes


class Voice(NamedTuple):
    """Numbers of W and b in one voice, float64 as bytes: 25 of the open row, ten biases."""

    row: bytes
    bias: bytes

    def rows(self) -> list[float]:
        """Return the 25 numbers of the open row."""
        numbers: list[float] = np.frombuffer(self.row).tolist()
        return numbers

    def biases(self) -> list[float]:
        """Return the ten biases."""
        numbers: list[float] = np.frombuffer(self.bias).tolist()
        return numbers


@dataclass(frozen=True, slots=True)
class Note:
    """What the open row comes to.

    ``lit``: how many of its weights count, ``total``: what those add up to; ``moved``: how far each of them went in the
    last step. ``zeros``: the weights began at 0, and are still or have just moved.
    """

    lit: int
    total: str
    bias: str
    logit: str
    moved: str
    zeros: bool


@dataclass(frozen=True, slots=True)
class Weights(Panel):
    """W as ten cards, each row folded back to 5 × 5, with its bias; and the open one with its numbers.

    ``cards`` holds what the cards show, (10, 25) float64 as bytes: weights, or, where ``slopes``, their gradients.
    Voices that are not to be seen are None.
    """

    name: ClassVar[str] = "weights"
    cards: bytes
    slopes: bool
    pixels: bytes
    open: int
    value: Voice | None
    gradient: Voice | None
    old: Voice | None
    note: Note

    @property
    def key(self) -> str:
        """One aspect stands here at a time."""
        return "aspect"


def weights(moment: Moment, found: Worked, sight: Sight) -> Weights:
    """Return the weights in the voices that the switch asks for."""
    lab, voices = moment.table.classifier, sight.voices
    slopes = voices == "gradients"
    gradient = found.back.parameters
    cards = gradient if slopes else lab.parameters
    return Weights(
        cards=cards.data[: 8 * WEIGHTS],
        slopes=slopes,
        pixels=moment.table.digit.pixels,
        open=sight.open,
        value=None if slopes else _voice(lab.parameters, sight.open),
        gradient=_voice(gradient, sight.open) if voices in ("gradients", "both") else None,
        old=_voice(lab.old, sight.open) if voices == "moved" and lab.old else None,
        note=_note(moment, lab, found, sight.open),
    )


def _voice(layer: Linear, chosen: int) -> Voice:
    return Voice(layer.weight[chosen].tobytes(), layer.bias.tobytes())


def _note(moment: Moment, lab: Classifier, found: Worked, chosen: int) -> Note:
    lit = found.run.flat > 0
    layer = lab.parameters
    moved = ""
    if isinstance(moment.action, Step) and lab.old is not None and lit.any():
        change = (layer.weight - lab.old.weight)[chosen, lit][0].item()
        moved = ("+" if change > 0 else "") + text(change, 3)
    return Note(
        int(lit.sum()),
        text(terms(layer, found.run.flat, chosen).sum().item()),
        text(layer.bias[chosen].item()),
        text(found.run.logits[chosen].item()),
        moved,
        (lab.old or layer) == ZEROS and lab.step <= 1,
    )


@dataclass(frozen=True, slots=True)
class Shapes(Panel):
    """How the drawing, W and b are laid out, as NumPy and as PyTorch take them; the label as vector and as index."""

    name: ClassVar[str] = "shapes"
    pixels: bytes
    label: int

    @property
    def key(self) -> str:
        """One aspect stands here at a time."""
        return "aspect"


@dataclass(frozen=True, slots=True)
class Logit(Panel):
    """One logit as a sum: 25 times pixel × weight, added up row by row, and the bias.

    ``weights`` and ``products`` are float64 as bytes; ``remark`` says so where what is printed adds up differently.
    """

    name: ClassVar[str] = "logit"
    open: int
    pixels: bytes
    weights: bytes
    products: bytes
    sums: tuple[str, ...]
    total: str
    bias: float
    logit: str
    remark: str

    @property
    def key(self) -> str:
        """One aspect stands here at a time."""
        return "aspect"


def logit(moment: Moment, found: Worked, sight: Sight) -> Logit:
    """Return the logit of the open class, worked out."""
    layer, chosen = moment.table.classifier.parameters, sight.open
    products = terms(layer, found.run.flat, chosen)
    sums = products.reshape(SIZE, SIZE).sum(axis=1)
    bias, result = layer.bias[chosen].item(), found.run.logits[chosen].item()
    remark = ""
    if np.isfinite(result):
        printed = sum(map(as_printed, products.tolist())) + as_printed(bias)
        if plain(printed) != plain(result):
            remark = f"as printed the terms give {plain(printed)}: rounding"
    return Logit(
        open=chosen,
        pixels=moment.table.digit.pixels,
        weights=layer.weight[chosen].tobytes(),
        products=products.tobytes(),
        sums=tuple(text(value) for value in sums.tolist()),
        total=text(products.sum().item()),
        bias=bias,
        logit=text(result),
        remark=remark,
    )


class Held(NamedTuple):
    """A tensor as autograd has it: its name, whether it requires a gradient, and what ``.grad`` holds (None: nothing).

    ``grad`` is float64 as bytes: of W the open row, of b all ten.
    """

    name: str
    field: str
    requires_grad: bool
    grad: bytes | None


@dataclass(frozen=True, slots=True)
class Autograd(Panel):
    """What PyTorch's calls do, one at a time."""

    name: ClassVar[str] = "autograd"
    tensors: tuple[Held, ...]
    open: int

    @property
    def key(self) -> str:
        """One aspect stands here at a time."""
        return "aspect"


def autograd(moment: Moment, found: Worked, sight: Sight) -> Autograd:
    """Return what autograd holds."""
    lab, chosen = moment.table.classifier, sight.open
    row = slice(8 * PIXELS * chosen, 8 * PIXELS * (chosen + 1))
    weight, bias = lab.weight, lab.bias
    return Autograd(
        (
            Held("W", "weight", weight.requires_grad, weight.grad and weight.grad[row]),
            Held("b", "bias", bias.requires_grad, bias.grad),
        ),
        chosen,
    )


class Beside(NamedTuple):
    """A number of ours that PyTorch's is put beside: what PyTorch calls it, its address, and its digits.

    ``tensor`` and ``place`` say where it is in a tensor, row by row.
    """

    name: str
    address: str
    text: str
    tensor: str
    place: int


@dataclass(frozen=True, slots=True)
class Side(Panel):
    """Numbers by hand and by PyTorch, side by side; PyTorch's come with the referee's mark."""

    name: ClassVar[str] = "side"
    rows: tuple[Beside, ...]


def side(found: Worked, sight: Sight) -> Side:
    """Return the numbers of the open class that are put beside PyTorch's."""
    run, back, chosen = found.run, found.back.parameters, sight.open
    lit = int(run.flat.argmax())  # a lit pixel, or the first one
    rows = (
        ("loss", "loss", run.loss, 0),
        (f"logits[{chosen}]", "logits", run.logits, chosen),
        (f"W.grad[{chosen}, {lit}]", "grad.weight", back.weight + 0.0, chosen * PIXELS + lit),  # + 0.0: no −0
        (f"b.grad[{chosen}]", "grad.bias", back.bias, chosen),
    )
    return Side(
        tuple(
            Beside(name, at(tensor, np.shape(values), place), exact(np.ravel(values)[place].item()), tensor, place)
            for name, tensor, values, place in rows
        )
    )


def at(tensor: str, shape: tuple[int, ...], place: int) -> str:
    """Return the address of a place in a tensor of the lab."""
    index = ",".join(str(part) for part in np.unravel_index(place, shape)) if shape else ""
    return f"{LAB}{tensor}[{index}]" if index else f"{LAB}{tensor}"


def shapes(moment: Moment, found: Worked, sight: Sight) -> Shapes:
    """Return how everything is laid out."""
    return Shapes(moment.table.digit.pixels, found.run.label)
