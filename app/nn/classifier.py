"""The lab's classifier (cells 49–108): one linear layer from 25 pixels to 10 logits, softmax, cross-entropy.

All in float64, as NumPy and the lab have it; every value in between is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.nn.digits import CLASSES, SIZE, Digit
from app.nn.loss import Softmax, cross_entropy_gradient, prediction, softmax, softmax_gradient, surprise

Array = NDArray[np.float64]

PIXELS = SIZE * SIZE
WEIGHTS = CLASSES * PIXELS
PARAMETERS = WEIGHTS + CLASSES
SHAPES: dict[str, tuple[int, ...]] = {"weight": (CLASSES, PIXELS), "bias": (CLASSES,)}
"""The keys and shapes of the ``state_dict`` of ``nn.Linear(25, 10)``."""


@dataclass(frozen=True, slots=True)
class Linear:
    """260 float64, named as in the ``state_dict`` of ``nn.Linear(25, 10)``: parameters, or their gradients.

    Held as bytes, weight first, so that equality is bit by bit: nan equals nan, and −0 differs from 0.
    """

    data: bytes

    @property
    def vector(self) -> Array:
        """All 260 numbers, read-only."""
        return np.frombuffer(self.data, np.float64)

    @property
    def weight(self) -> Array:
        """W, shape (10, 25), read-only."""
        return self.vector[:WEIGHTS].reshape(CLASSES, PIXELS)

    @property
    def bias(self) -> Array:
        """The biases, shape (10,), read-only."""
        return self.vector[WEIGHTS:]

    @property
    def finite(self) -> bool:
        """Whether every number is finite."""
        return bool(np.isfinite(self.vector).all())


def linear_of(weight: Array, bias: Array) -> Linear:
    """Return the layer of a weight of shape (10, 25) and a bias of shape (10,)."""
    return Linear(np.concatenate((weight.ravel(), bias.ravel()), dtype=np.float64).tobytes())


# --- the first weights -----------------------------------------------------------------------------------------------

ZEROS = Linear(bytes(8 * PARAMETERS))
"""All weights and biases 0 (cell 52)."""


def normal(seed: int) -> Linear:
    """Return standard normal numbers as the lab draws them (cell 67), after ``np.random.seed(seed)``.

    ``randn(10, 25)``, then ``randn(10, 1)``; ``seed`` is 0 … 2³² − 1.
    """
    source = np.random.RandomState(seed)
    return linear_of(source.randn(CLASSES, PIXELS), source.randn(CLASSES, 1))


def uniform(seed: int) -> Linear:
    """Return the float32 that ``torch.manual_seed(seed); nn.Linear(25, 10)`` has, as float64, without torch.

    Source: PyTorch draws each from U(−1/√25, 1/√25) by its MT19937, 24 bits a number, as bits · (high − low) + low.
    Where the processor has a fused multiply-add (AVX2, ARM) torch rounds once, and so do we; without one it rounds
    twice, and is then up to 2⁻²⁶ off. ``seed`` is 0 … 2³² − 1.
    """
    bits = np.frombuffer(np.random.RandomState(seed).bytes(4 * PARAMETERS), np.uint32) & 0xFFFFFF
    shares = bits * 2.0**-24  # 24 bits: the product below is exact in float64
    # kaiming_uniform_(a=√5) and 1/√fan_in are the same bound, but are not rounded alike.
    bounds = np.repeat(
        np.array((sqrt(3) * (sqrt(2 / (1 + sqrt(5) ** 2)) / sqrt(PIXELS)), 1 / sqrt(PIXELS)), np.float32),
        (WEIGHTS, CLASSES),
    )
    spans = (bounds + bounds).astype(np.float64)
    return Linear((shares * spans - bounds).astype(np.float32).astype(np.float64).tobytes())


# --- forward ---------------------------------------------------------------------------------------------------------


class Forward(NamedTuple):
    """The forward pass of one drawing, every value in between.

    ``again`` is the softmax of the probabilities, where they are taken for logits (cell 63 does so); None where the
    logits go in raw, as they should.
    """

    flat: Array  # (pixels,): the drawing row by row
    logits: Array  # (classes,)
    softmax: Softmax
    again: Softmax | None
    loss: np.float64
    label: int

    @property
    def probabilities(self) -> Array:
        """What the classifier makes of the logits, shape (classes,)."""
        return self.softmax.probabilities

    @property
    def judged(self) -> Softmax:
        """The softmax that the loss was taken from: the second, where there are two."""
        return self.again or self.softmax

    @property
    def one_hot(self) -> Array:
        """The label as a vector, shape (classes,): 1 at its place, else 0."""
        hot = np.zeros(CLASSES)
        hot[self.label] = 1
        return hot

    @property
    def prediction(self) -> int | None:
        """The class of the largest logit; None where it is tied or a logit is not finite."""
        return prediction(self.logits)


def flatten(digit: Digit) -> Array:
    """Return the drawing row by row, shape (25,)."""
    return np.frombuffer(digit.pixels, np.uint8).astype(np.float64)


def propagate(weight: Array, bias: Array, flat: Array, label: int, twice: bool = False) -> Forward:
    """Return the forward pass: logits W·x + b, softmax, cross-entropy against the label.

    ``twice``: what goes into the cross-entropy is not the logits but their softmax.
    """
    logits: Array = weight @ flat + bias  # (classes, pixels)·(pixels,) + (classes,)
    first = softmax(logits)
    again = softmax(first.probabilities) if twice else None
    loss = np.float64(surprise(again or first, label))
    return Forward(flat, logits, first, again, loss, label)


def forward(parameters: Linear, digit: Digit, twice: bool = False) -> Forward:
    """Return the forward pass of a drawing and its label; ``twice`` as in ``propagate``."""
    with np.errstate(all="ignore"):  # inf and nan are results here, and are shown
        return propagate(parameters.weight, parameters.bias, flatten(digit), digit.label, twice)


def unshifted(logits: Array) -> Softmax:
    """Return the softmax as cell 56 writes it: from about 710 on e to the power of a logit is inf, and inf/inf nan."""
    with np.errstate(all="ignore"):
        return softmax(logits, shifts=False)


def naive_loss(found: Softmax, label: int) -> np.float64:
    """Return −log of the label's probability, as cell 60 writes it: inf where that has underflowed to 0."""
    with np.errstate(all="ignore"):
        return np.float64(-np.log(found.probabilities[label]))


def direct_loss(found: Softmax, label: int) -> np.float64:
    """Return logsumexp − logit of a softmax, with its shift or without."""
    with np.errstate(all="ignore"):
        return np.float64(surprise(found, label))


def terms(parameters: Linear, flat: Array, chosen: int) -> Array:
    """Return pixel × weight for one class, shape (25,): with the bias they add up to its logit."""
    products: Array = flat * parameters.weight[chosen]
    return products


# --- backward --------------------------------------------------------------------------------------------------------


class Backward(NamedTuple):
    """Gradients of the loss."""

    logits: Array  # (classes,): S − y
    parameters: Linear  # weight: (S − y)·xᵀ, bias: S − y


def logits_gradient(run: Forward) -> Array:
    """Return ∂loss/∂logits, shape (classes,): S − y, handed on through the first softmax where there are two."""
    gradient = cross_entropy_gradient(run.judged.probabilities, run.label)
    return softmax_gradient(run.probabilities, gradient) if run.again else gradient


def backward(run: Forward) -> Backward:
    """Return the gradients of a forward pass: each weight's is that of its logit times its pixel."""
    with np.errstate(all="ignore"):
        logits = logits_gradient(run)
        return Backward(logits, linear_of(np.outer(logits, run.flat), logits))


def jacobian(probabilities: Array) -> Array:
    """Return ∂S[k]/∂z[i] at [k, i], shape (classes, classes): S[k]·(1 − S[k]) where k = i, −S[k]·S[i] elsewhere."""
    return np.diag(probabilities) - np.outer(probabilities, probabilities)


# --- descent ---------------------------------------------------------------------------------------------------------


class Descent(NamedTuple):
    """What some SGD steps in a row leave behind."""

    parameters: Linear
    before: Linear  # the parameters before the last of the steps
    gradient: Linear  # of the last of them
    losses: Array  # (steps,): the loss before each step


def descend(
    parameters: Linear,
    digit: Digit,
    rate: float,
    steps: int,
    twice: bool = False,
    learns: tuple[bool, bool] = (True, True),
) -> Descent:
    """Return the parameters after ``steps`` ≥ 1 SGD steps, as ``torch.optim.SGD(lr=rate)`` takes them.

    Each step computes the gradient afresh (``zero_grad`` comes first). ``learns``: whether the weights move, and
    whether the biases do.
    """
    weight, bias, flat = parameters.weight.copy(), parameters.bias.copy(), flatten(digit)
    losses = np.empty(steps)
    with np.errstate(all="ignore"):
        for step in range(steps):
            run = propagate(weight, bias, flat, digit.label, twice)
            losses[step] = run.loss
            gradient = logits_gradient(run)
            if step == steps - 1:
                before = linear_of(weight, bias)
            if learns[0]:
                weight -= rate * np.outer(gradient, flat)
            if learns[1]:
                bias -= rate * gradient
        last = linear_of(np.outer(gradient, flat), gradient)
    return Descent(linear_of(weight, bias), before, last, losses)
