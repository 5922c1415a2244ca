"""The Classifier lab's part of the table, and of the view."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from app.nn.autograd import Leaf
from app.nn.classifier import ZEROS, Backward, Forward, Linear, backward, forward, normal, uniform, unshifted
from app.nn.digits import Digit
from app.nn.loss import Softmax
from app.playground.packing import Packed

Start = Literal["zeros", "normal", "linear", "typed"]
"""Where the weights began: zeros, standard normal, ``nn.Linear``'s default, or as somebody typed them."""

SEEDED = ("normal", "linear")


@dataclass(frozen=True, slots=True)
class Grad:
    """A ``Leaf`` as the table holds it."""

    requires_grad: bool = True
    grad: Packed | None = None

    @property
    def leaf(self) -> Leaf:
        """The leaf with these values."""
        return Leaf(self.requires_grad, self.grad)


def held(leaf: Leaf) -> Grad:
    """Return a leaf as the table holds it."""
    return Grad(leaf.requires_grad, leaf.grad)


@dataclass(frozen=True, slots=True)
class Classifier:
    """W and b, and how they learn.

    ``data`` holds the 260 parameters, ``before`` those before the last step (None when there was none), ``typed`` those
    that Reset brings back where somebody typed them. ``twice``: the loss takes probabilities for logits. ``weight`` and
    ``bias`` are W and b as autograd sees them.
    """

    data: Packed = ZEROS.data
    start: Start = "zeros"
    seed: int = 1
    rate: float = 0.1
    step: int = 0
    before: Packed | None = None
    typed: Packed | None = None
    twice: bool = False
    weight: Grad = Grad()
    bias: Grad = Grad()

    @property
    def parameters(self) -> Linear:
        """W and b."""
        return Linear(self.data)

    @property
    def old(self) -> Linear | None:
        """W and b before the last step."""
        return Linear(self.before) if self.before else None

    @property
    def fresh(self) -> bool:
        """Whether the weights are those that Reset would bring back, and nothing was done with them."""
        untouched = self.step == 0 and self.weight.grad is None and self.bias.grad is None
        return untouched and self.data == first(self.start, self.seed, self.typed)

    @property
    def finite(self) -> bool:
        """Whether all parameters are finite: else no step leads anywhere."""
        return self.parameters.finite


def first(start: Start, seed: int, typed: bytes | None) -> bytes | None:
    """Return the first weights; None where they are to be the typed ones and there are none."""
    match start:
        case "zeros":
            return ZEROS.data
        case "normal":
            return normal(seed).data
        case "linear":
            return uniform(seed).data
    return typed


OPENING = Classifier()

Voices = Literal["values", "gradients", "both", "moved"]
"""Which numbers of the weights are seen; moved: each before and after the last step."""

Aspect = Literal["weights", "shapes", "logit", "derivation", "autograd"]
"""What stands between the drawing and the worksheet."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen of the lab.

    ``open`` is the class whose row of W is open; ``shift``: the softmax takes the largest logit off first; ``line``:
    how far the derivation has unfolded.
    """

    voices: Voices = "values"
    open: int = 0
    shift: bool = True
    aspect: Aspect = "weights"
    line: int = 0


SIGHT = Sight()


class Worked(NamedTuple):
    """A drawing worked out, forward and back."""

    run: Forward
    back: Backward
    bare: Softmax  # of the logits, without the shift


@lru_cache(maxsize=64)
def worked(lab: Classifier, digit: Digit) -> Worked:
    """Return the passes of a drawing through the lab."""
    run = forward(lab.parameters, digit, lab.twice)
    return Worked(run, backward(run), unshifted(run.logits))
