"""How far rounding alone moves the network's numbers: the same sums, added up in other ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.nn.backward import backpropagate
from app.nn.digits import CLASSES, SIZE, Digit
from app.nn.network import READ, SHAPES, Array, StateDict, forward, layers, propagate, windows_of
from app.nn.referee import difference_of

_PLACES = np.arange(SIZE * SIZE)
_PLACES[READ] = READ[::-1]  # each window's pixels, last tap first


class Lesson(NamedTuple):
    """SGD steps in a row on one drawing, at one rate."""

    digit: Digit
    rate: float
    steps: int


class Outcome(NamedTuple):
    """The numbers that are compared, each flat."""

    parameters: Array
    logits: Array
    probabilities: Array
    loss: Array


def spread(start: StateDict, lessons: Sequence[Lesson], end: StateDict, digit: Digit) -> dict[str, float]:
    """Return how far rounding leads apart: |a − b| / max(1, |b|) for each of ``Outcome``, the largest.

    b is ours: the parameters ``end``, to which the lessons led from ``start``, and the forward pass of ``digit``. Two
    other ways lead from the same start: PyTorch's softmax (the exponential of a difference), and the same with every
    sum in reverse order, and softmax and rate off by one rounding. So this tells how far PyTorch may come out beside
    ours.
    """
    ours = _outcome(end, digit)
    lessons_turned = [Lesson(turned_digit(digit), _up(rate), steps) for digit, rate, steps in lessons]
    other = _outcome(_taught(turned(start), lessons_turned, off=True), turned_digit(digit))
    reverse = Outcome(turned(StateDict(other.parameters.tobytes())).vector, *(tensor[::-1] for tensor in other[1:]))
    ways = (_outcome(_taught(start, lessons), digit), reverse)
    return {
        name: max(difference_of(getattr(way, name).astype(float), getattr(ours, name).astype(float)) for way in ways)
        for name in Outcome._fields
    }


def turned(parameters: StateDict) -> StateDict:
    """Return the same network with filters, taps and classes counted from the end; turned twice it is itself."""
    tensors = (np.flip(parameters[name].reshape(shape[0], -1)) for name, shape in SHAPES.items())
    return StateDict(b"".join(tensor.tobytes() for tensor in tensors))


def turned_digit(digit: Digit) -> Digit:
    """Return the drawing that is to the turned network what this one is to the network."""
    return Digit(bytes(digit.pixels[place] for place in _PLACES), CLASSES - 1 - digit.label)


def _up(rate: float) -> float:
    return float(np.nextafter(np.float32(rate), np.float32(np.inf)))


def _taught(start: StateDict, lessons: Sequence[Lesson], off: bool = False) -> StateDict:
    """Return the parameters after some lessons, with the softmax as PyTorch's cross-entropy has it.

    ``off``: it is one rounding larger, then one smaller, and so on.
    """
    vector = start.vector.copy()
    gradient = np.empty_like(vector)
    weights, slopes = layers(vector), layers(gradient)
    with np.errstate(all="ignore"):
        for digit, rate, steps in lessons:
            read, scale = windows_of(digit), np.float32(rate)
            for step in range(steps):
                run = propagate(weights, read, digit.label)
                shifted = run.logits - run.logits.max()
                softmax = np.exp(shifted - np.log(np.exp(shifted).sum()))
                if off:
                    softmax = np.nextafter(softmax, np.float32(step % 2 == 0))
                backpropagate(weights, run._replace(probabilities=softmax), slopes)
                vector -= scale * gradient
    return StateDict(vector.tobytes())


def _outcome(parameters: StateDict, digit: Digit) -> Outcome:
    run = forward(parameters, digit)
    return Outcome(parameters.vector, run.logits, run.probabilities, np.array([run.loss]))
