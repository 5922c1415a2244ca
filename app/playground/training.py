"""The Training lab's part of the table, and of the view."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import ceil, prod
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.nn.architecture import Architecture, Start, initial
from app.nn.batch import judge, lesson, propagate, score
from app.nn.digits import SIZE, Digit
from app.nn.optimiser import SGD, Optimiser
from app.playground.packing import Packed

if TYPE_CHECKING:  # imported where it is needed: the first page is not to wait for data sets
    from app.nn.datasets import Samples

Array = NDArray[np.float32]
SetName = Literal["lab", "glyphs", "handwriting", "own"]


MOST_OWN = 500
RECORD = np.dtype([("loss", "<f4"), ("test", "<f4"), ("right", "<f4")])
"""What a step leaves in the log: the loss of its batch; loss and share right of the test set, nan between measures."""
MEASURES = 3  # of the test set, in each epoch


@dataclass(frozen=True, slots=True)
class Data:
    """What is learned from: a set, the share of its training labels that is made wrong, and augmentation.

    ``shift``: by up to a pixel each way; ``flip``: the probability that a pixel is turned over.
    """

    name: SetName = "handwriting"
    wrong: float = 0.0
    shift: bool = False
    flip: float = 0.0


@dataclass(frozen=True, slots=True)
class Training:
    """A network that learns from a set of drawings.

    ``own`` holds the visitor's drawings, each as one number (see ``packed``). ``batch`` 0: the whole set. ``shuffle``
    is the seed of the order, ``seed`` that of the first parameters and of the split; they are the same, unless a run
    was forked. ``parameters``, ``gradient`` (what stands in ``.grad``) and ``velocity`` (the momentum buffer) are
    float32; empty is what they begin with. ``seen`` of the samples of epoch ``epoch`` (from 0) were learned from.
    ``lesson`` names the failure that was asked for; ``loaded``: how many steps a checkpoint had taken before.
    """

    data: Data = field(default_factory=Data)
    own: tuple[int, ...] = ()
    net: Architecture = field(default_factory=Architecture)
    sgd: SGD = field(default_factory=SGD)
    batch: int = 32
    start: Start = "seed"
    seed: int = 15
    shuffle: int = 15
    parameters: Packed = b""
    gradient: Packed = b""
    velocity: Packed = b""
    step: int = 0
    epoch: int = 0
    seen: int = 0
    lesson: str = ""
    loaded: int = 0

    @property
    def vector(self) -> Array:
        """All parameters in the order of the ``state_dict``, read-only."""
        if not self.parameters:
            return _first(self.net, self.seed, self.start)
        return np.frombuffer(self.parameters, np.float32)

    @property
    def finite(self) -> bool:
        """Whether all parameters are finite: else no step leads anywhere."""
        return bool(np.isfinite(self.vector).all())

    @property
    def material(self) -> Material:
        """The samples, split."""
        return material(self.data.name, self.own, self.seed, self.data.wrong)

    @property
    def batch_size(self) -> int:
        """How many samples a full batch has."""
        return self.batch or max(1, self.material.size)

    @property
    def steps_an_epoch(self) -> int:
        """How many steps an epoch takes; the last batch may be short."""
        return ceil(self.material.size / self.batch_size)

    @property
    def steps_left(self) -> int:
        """How many steps the present epoch still takes."""
        return ceil((self.material.size - self.seen) / self.batch_size)

    @property
    def drawings(self) -> tuple[Digit, ...]:
        """The visitor's drawings."""
        return tuple(map(unpacked, self.own))


OPENING = Training()

Aspect = Literal["run", "data", "network"]


@dataclass(frozen=True, slots=True)
class Watching:
    """What is seen of the lab.

    ``cell``: the cell of the confusion matrix, (label, class), whose digits are shown, None for the worst of all;
    ``page``: of the wall of pictures; ``label``: whose pictures it shows, None for all; ``shifted``:
    what the network makes of the test digits when they are moved by a pixel; ``kernel``: whose numbers are shown.
    """

    aspect: Aspect = "run"
    cell: tuple[int, int] | None = None
    page: int = 0
    label: int | None = None
    shifted: bool = False
    kernel: int | None = None


WATCHING = Watching()


def packed(digit: Digit) -> int:
    """Return a drawing as one number: its label, then its pixels, a bit each."""
    bits = "".join(str(pixel) for pixel in digit.pixels)
    return digit.label << SIZE * SIZE | int(bits, 2)


def unpacked(number: int) -> Digit:
    """Return the drawing that a number holds."""
    bits = f"{number & (1 << SIZE * SIZE) - 1:0{SIZE * SIZE}b}"
    return Digit(bytes(map(int, bits)), number >> SIZE * SIZE)


class Material(NamedTuple):
    """A set, split: samples to learn from, with the labels that are taught, and samples to test with."""

    whole: Samples
    train: NDArray[np.intp]  # indices into the whole
    test: NDArray[np.intp]
    taught: NDArray[np.int64]  # labels of the training samples, wrong ones among them

    @property
    def size(self) -> int:
        """How many samples there are to learn from."""
        return len(self.train)


@lru_cache(maxsize=16)
def material(name: SetName, own: tuple[int, ...], seed: int, wrong: float) -> Material:
    """Return a set, split with a seed."""
    from app.nn.datasets import mislabelled, samples, split

    whole = samples(name, tuple(map(unpacked, own)) if name == "own" else ())
    parts = split(len(whole.labels), seed)
    return Material(whole, parts.train, parts.test, mislabelled(whole.labels[parts.train], wrong, seed))


@lru_cache(maxsize=64)
def _first(net: Architecture, seed: int, start: Start) -> Array:
    vector = initial(net, seed, start)
    vector.setflags(write=False)
    return vector


class Epoch(NamedTuple):
    """The training samples in the order of an epoch."""

    images: Array  # (n, 25)
    labels: NDArray[np.int64]


@lru_cache(maxsize=4)
def _epoch(name: SetName, own: tuple[int, ...], seed: int, data: Data, shuffle: int, epoch: int) -> Epoch:
    from app.nn.datasets import augmented, order

    found = material(name, own, seed, data.wrong)
    places = order(shuffle, len(found.whole.labels), found.size, epoch)
    images = found.whole.images[found.train[places]]
    if data.shift or data.flip:
        images = augmented(images, shuffle, epoch, data.shift, data.flip)
    return Epoch(images, found.taught[places])


def epoch_of(lab: Training) -> Epoch:
    """Return the samples of the present epoch, in the order in which they are learned from."""
    return _epoch(lab.data.name, lab.own, lab.seed, lab.data, lab.shuffle, lab.epoch)


def trained(lab: Training, steps: int) -> tuple[Training, bytes]:
    """Return the lab after some steps, and the ``RECORD`` of each."""
    optimiser = Optimiser(lab.vector, _buffer(lab.gradient), _buffer(lab.velocity))
    found, batch, epoch, seen = lab.material, lab.batch_size, lab.epoch, lab.seen
    every = ceil(lab.steps_an_epoch / MEASURES)
    test = found.whole.at(found.test)
    images, labels = epoch_of(lab)
    records = np.full(steps, np.nan, RECORD)
    with np.errstate(all="ignore"):  # a rate too high ends in inf and nan, as it does in PyTorch
        for step in range(steps):
            if seen == found.size:
                epoch, seen = epoch + 1, 0
                images, labels = epoch_of(replace(lab, epoch=epoch))
            if seen // batch % every == 0:
                verdicts = judge(propagate(lab.net, optimiser.vector, test.images).logits, test.labels)
                records[step]["test"], records[step]["right"] = score(verdicts, test.labels)
            end = min(seen + batch, found.size)
            learned = lesson(lab.net, optimiser.vector, images[seen:end], labels[seen:end])
            records[step]["loss"] = learned.loss
            optimiser.step(learned.gradient, lab.sgd)
            seen = end
    over = seen == found.size
    after = replace(
        lab,
        parameters=optimiser.vector.tobytes(),
        gradient=_bytes(optimiser.gradient),
        velocity=_bytes(optimiser.velocity),
        step=lab.step + steps,
        epoch=epoch + over,
        seen=0 if over else seen,
    )
    return after, records.tobytes()


def _bytes(buffer: Array | None) -> bytes:
    return b"" if buffer is None else buffer.tobytes()


def _buffer(data: bytes) -> Array | None:
    return np.frombuffer(data, np.float32) if data else None


def work(lab: Training) -> float:
    """Return about how long one step takes, in microseconds on a machine of today."""
    layers = lab.net.layers
    cells = sum(prod(layer.shape) for layer in layers if len(layer.shape) == 3)
    batch = min(lab.batch_size, lab.material.size)
    return 30 + 12 * len(layers) + batch * (0.3 + 0.008 * cells)
