"""Stochastic gradient descent on one drawing: each step is new = old − rate × gradient."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.nn.backward import backpropagate
from app.nn.digits import Digit
from app.nn.network import Array, StateDict, layers, propagate, windows_of


class Descent(NamedTuple):
    """What some SGD steps in a row leave behind."""

    parameters: StateDict
    before: StateDict  # the parameters before the last of the steps
    losses: Array  # (steps,): the loss before each step


def descend(parameters: StateDict, digit: Digit, rate: float, steps: int) -> Descent:
    """Return the parameters after ``steps`` ≥ 1 SGD steps, as ``torch.optim.SGD(lr=rate)`` takes them.

    Each step computes the gradient afresh (``zero_grad`` comes first).
    """
    vector = parameters.vector.copy()
    gradient = np.empty_like(vector)
    before = vector.copy()
    weights, slopes = layers(vector), layers(gradient)
    read, scale = windows_of(digit), np.float32(rate)
    losses = np.empty(steps, np.float32)
    with np.errstate(all="ignore"):  # a rate too high ends in inf and nan, as it does in PyTorch
        for step in range(steps):
            run = propagate(weights, read, digit.label)
            losses[step] = run.loss
            backpropagate(weights, run, slopes)
            before[:] = vector
            vector -= scale * gradient
    return Descent(StateDict(vector.tobytes()), StateDict(before.tobytes()), losses)
