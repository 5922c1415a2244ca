"""Stochastic gradient descent on one drawing: each step is new = old − rate × gradient."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.nn.backward import passes
from app.nn.digits import CLASSES, Digit
from app.nn.network import FEATURES, FILTERS, POOLED, SIDE, Array, StateDict, layers, windows_of
from app.nn.pooling import max_pool


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
    """Move a vector of parameters step by step, as many as there is room for losses; return it before the last.

    Every step does what ``propagate`` and ``backpropagate`` do, to the bit, but writes to the same arrays again and
    again: with numbers so few, to make an array costs as much as to fill it.
    """
    before, gradient = np.empty_like(vector), np.empty_like(vector)
    weights, slopes = layers(vector), layers(gradient)
    bias, read, label = weights.conv.bias[:, None], windows_of(digit), digit.label
    conv, rectified, handed = np.empty((3, FILTERS, SIDE * SIDE), np.float32)  # (filters, positions)
    blocked = np.empty(conv.shape, np.bool_)
    taken = np.empty((FILTERS, *POOLED.shape), np.float32)  # (filters, taps, windows)
    pool, flat_gradient = np.empty((2, FEATURES), np.float32)
    pooled, pool_gradient = pool.reshape(FILTERS, -1), flat_gradient.reshape(FILTERS, -1)  # (filters, windows)
    logits, exponentials = np.empty((2, CLASSES), np.float32)
    cells, firsts, windows = handed.ravel(), len(read.T) * np.arange(FILTERS)[:, None], np.arange(POOLED.shape[1])
    largest, total = np.maximum.reduce, np.add.reduce
    with np.errstate(all="ignore"):
        for step in range(len(losses)):
            np.matmul(weights.conv.weight, read, out=conv)
            np.add(conv, bias, out=conv)
            np.maximum(conv, 0, out=rectified)
            rectified.take(POOLED, axis=1, out=taken, mode="clip")
            largest(taken, axis=1, out=pooled)
            winners = POOLED[taken.argmax(axis=1), windows]
            if np.isnan(total(pool)):
                winners = max_pool(rectified, POOLED).winners  # which knows what a nan does
            np.matmul(weights.fc_weight, pool, out=logits)
            np.add(logits, weights.fc_bias, out=logits)
            np.subtract(logits, largest(logits), out=logits)
            whole = total(np.exp(logits, out=exponentials))
            losses[step] = np.log(whole) - logits[label]

            slope = np.divide(exponentials, whole, out=slopes.fc_bias)  # of the logits
            slope[label] -= 1
            np.multiply(slope[:, None], pool, out=slopes.fc_weight)
            np.matmul(slope, weights.fc_weight, out=flat_gradient)
            handed.fill(0)
            cells[firsts + winners] += pool_gradient  # windows of the pool do not overlap
            np.copyto(handed, 0, where=np.less_equal(conv, 0, out=blocked))
            np.matmul(handed, read.T, out=slopes.conv.weight)
            total(handed, axis=1, out=slopes.conv.bias)
            before[:] = vector
            np.subtract(vector, np.multiply(gradient, scale, out=gradient), out=vector)
    return before
