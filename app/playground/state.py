"""Everything on a visitor's table, frozen."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from app.nn.digits import SAMPLES, SIZE, Digit
from app.nn.network import StateDict, initial
from app.playground import activation, classifier, convolution, ledger, neuron, pooling, training
from app.playground.activation import Activation
from app.playground.classifier import SIGHT, Classifier, Sight
from app.playground.convolution import Convolution
from app.playground.ledger import Ledger
from app.playground.neuron import Looking, Neuron
from app.playground.pooling import Pooling
from app.playground.stepper import START, Stepper
from app.playground.training import WATCHING, Training, Watching


@dataclass(frozen=True, slots=True)
class Network:
    """The Network lab's part of the table.

    ``step`` counts the SGD steps since the weights were initialised; ``before`` holds the parameters before the last
    of them, None when there was none, and ``stride`` the learning rate that it was taken with. ``taught`` is the
    drawing of that step, ``lessons`` how many drawings were taught in a row, each different from the one before.
    """

    parameters: StateDict
    seed: int
    rate: float
    step: int = 0
    before: StateDict | None = None
    stride: float = 0.0
    taught: Digit | None = None
    lessons: int = 0

    @property
    def finite(self) -> bool:
        """Whether all parameters are finite: else no step leads anywhere."""
        return self.parameters.finite


@dataclass(frozen=True, slots=True)
class Table:
    """What changes make: the half of the state that undo takes back."""

    digit: Digit
    network: Network
    convolution: Convolution = convolution.OPENING
    pooling: Pooling = pooling.OPENING
    activation: Activation = activation.OPENING
    neuron: Neuron = neuron.OPENING
    classifier: Classifier = classifier.OPENING
    training: Training = training.OPENING


@dataclass(frozen=True, slots=True)
class Playing:
    """A lab that steps by itself: ``steps`` at a time, every so many milliseconds.

    ``until`` is the epoch before which it ends, where the lab counts epochs; 0: it goes on.
    """

    lab: str
    steps: int
    every: int
    until: int = 0


Voices = Literal["values", "gradients", "both", "backward", "ledger"]
CodeVoice = Literal["", "python", "numpy", "torch"]
"""In which voice the present step is shown as code; "" where it is not."""


@dataclass(frozen=True, slots=True)
class View:
    """What looks make: the half of the state that moves in time leave alone.

    Each field is one part, that a look leaves behind whole: ``playing`` is what steps by itself, ``show`` which
    numbers of the network are seen ("backward": the gradients as far as the walk has come, whose place ``backward`` is;
    "ledger": the last step, laid out as ``ledger`` says), ``pointed`` the address of the number that explains itself,
    "" where none does, ``code`` the voice of the code beside the picture, ``neuron``, ``classifier`` and ``training``
    what is seen of these labs. The others are where the stepper of a lab stands.
    """

    playing: Playing | None = None
    show: Voices = "values"
    pointed: str = ""
    code: CodeVoice = ""
    backward: int = 0
    ledger: Ledger = ledger.START
    convolution: Stepper = START
    pooling: Stepper = START
    activation: Stepper = START
    neuron: Looking = neuron.LOOKING
    classifier: Sight = SIGHT
    training: Watching = WATCHING


PARTS: dict[str, TypeAdapter[Any]] = {
    "playing": TypeAdapter(Playing | None),
    "show": TypeAdapter(Voices),
    "pointed": TypeAdapter(str),
    "code": TypeAdapter(CodeVoice),
    "backward": TypeAdapter(int),
    "ledger": TypeAdapter(Ledger),
    "convolution": TypeAdapter(Stepper),
    "pooling": TypeAdapter(Stepper),
    "activation": TypeAdapter(Stepper),
    "neuron": TypeAdapter(Looking),
    "classifier": TypeAdapter(Sight),
    "training": TypeAdapter(Watching),
}
"""How a part of the view is written in the log, and read from it."""
assert PARTS.keys() == {part.name for part in fields(View)}


@dataclass(frozen=True, slots=True)
class Playground:
    """The whole state of a session at a revision."""

    table: Table
    view: View = field(default_factory=View)


OPENING_SEED = 15  # says 3 to the lab's zero, is right after three steps, and no map is dead
OPENING_RATE = 0.1


@cache
def opening() -> Table:
    """Return the table that every session starts with: the lab's zero, and new weights."""
    return Table(SAMPLES["zero"], Network(initial(OPENING_SEED), OPENING_SEED, OPENING_RATE))


_LABS: dict[str, TypeAdapter[Any]] = {
    "convolution": TypeAdapter(Convolution),
    "pooling": TypeAdapter(Pooling),
    "activation": TypeAdapter(Activation),
    "neuron": TypeAdapter(Neuron),
    "classifier": TypeAdapter(Classifier),
    "training": TypeAdapter(Training),
}
_FORMAT = 4  # of a packed table: raise it when Table changes, and older snapshots are replayed instead of read


def pack(table: Table) -> bytes:
    """Return a table as bytes, for a snapshot."""
    net = table.network
    fields = [
        _FORMAT,
        _pack_digit(table.digit),
        net.seed,
        net.rate,
        net.step,
        net.lessons,
        base64.b85encode(net.parameters.data).decode(),
        net.before and base64.b85encode(net.before.data).decode(),
        net.stride,
        net.taught and _pack_digit(net.taught),
        {  # a lab as it was in the beginning takes no room
            name: lab.dump_python(part, mode="json")
            for name, lab in _LABS.items()
            if (part := getattr(table, name)) != getattr(opening(), name)
        },
    ]
    return json.dumps(fields, separators=(",", ":")).encode()


def unpack(packed: bytes) -> Table | None:
    """Return the table of a snapshot; None if it was written in another format."""
    version, *fields = json.loads(packed)
    if version != _FORMAT:
        return None
    digit, seed, rate, step, lessons, parameters, before, stride, taught, labs = fields
    network = Network(
        StateDict(base64.b85decode(parameters)),
        seed,
        rate,
        step,
        StateDict(base64.b85decode(before)) if before else None,
        stride,
        _unpack_digit(taught) if taught else None,
        lessons,
    )
    parts = {name: _LABS[name].validate_python(part) for name, part in labs.items()}
    return Table(_unpack_digit(digit), network, **parts)


def _pack_digit(digit: Digit) -> str:
    return f"{digit.label}{int.from_bytes(digit.pixels):x}"  # a byte a pixel: short in practice, and plain


def _unpack_digit(packed: str) -> Digit:
    return Digit(int(packed[1:], 16).to_bytes(SIZE * SIZE), int(packed[0]))
