"""Stochastic gradient descent on one drawing: each step is new = old − rate × gradient."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.nn.backward import backpropagate, passes
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
    scale = np.float32(rate)
    losses = np.empty(steps, np.float32)
    run, back = passes(parameters, digit)  # which a page may have shown
    losses[0] = run.loss
    with np.errstate(all="ignore"):  # a rate too high ends in inf and nan, as it does in PyTorch
        vector = parameters.vector - scale * back.parameters.vector
    if steps == 1:
        return Descent(StateDict(vector.tobytes()), parameters, losses)
    before = _go_on(vector, digit, scale, losses[1:])
    return Descent(StateDict(vector.tobytes()), StateDict(before.tobytes()), losses)


def _go_on(vector: Array, digit: Digit, scale: np.float32, losses: Array) -> Array:
    """Move a vector of parameters step by step, as many as there is room for losses; return it before the last."""
    gradient, before = np.empty_like(vector), np.empty_like(vector)
    weights, slopes = layers(vector), layers(gradient)
    read = windows_of(digit)
    with np.errstate(all="ignore"):
        for step in range(len(losses)):
            run = propagate(weights, read, digit.label)
            losses[step] = run.loss
            backpropagate(weights, run, slopes)
            before[:] = vector
            vector -= scale * gradient
    return before
