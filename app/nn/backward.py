"""The backward pass of the lab's network, every gradient in between."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from app.nn.activation import relu_gradient
from app.nn.convolution import convolve_gradient
from app.nn.digits import Digit
from app.nn.loss import cross_entropy_gradient
from app.nn.network import Array, Forward, Layers, StateDict, forward, layers
from app.nn.pooling import max_pool_gradient


class Backward(NamedTuple):
    """Gradients of the loss; shapes are those of the values in ``Forward``."""

    parameters: StateDict
    conv: Array
    relu: Array
    pool: Array
    flat: Array
    logits: Array


class Between(NamedTuple):
    """Gradients of the values in between, from the logits back to the feature maps."""

    conv: Array
    relu: Array
    pool: Array
    flat: Array
    logits: Array


def backpropagate(weights: Layers, run: Forward, into: Layers) -> Between:
    """Write the parameters' gradients ``into`` these views; return the gradients of the values in between."""
    logits = cross_entropy_gradient(run.probabilities, run.label)
    np.multiply(logits[:, None], run.flat, out=into.fc_weight)
    into.fc_bias[:] = logits
    flat = logits @ weights.fc_weight
    pool = flat.reshape(run.pool.shape)
    handed = max_pool_gradient(pool, run.winners, run.relu.shape[1])
    conv = relu_gradient(run.conv, handed)
    kernels = convolve_gradient(run.read, conv)
    into.conv.weight[:] = kernels.weight
    into.conv.bias[:] = kernels.bias
    return Between(conv, handed, pool, flat, logits)


def backward(parameters: StateDict, run: Forward) -> Backward:
    """Return the gradients of the loss of a forward pass of these parameters."""
    gradient = np.empty(len(parameters.vector), np.float32)
    with np.errstate(all="ignore"):  # inf and nan are results here, and are shown
        between = backpropagate(layers(parameters.vector), run, layers(gradient))
    return Backward(StateDict(gradient.tobytes()), *between)


class Passes(NamedTuple):
    """The forward and the backward pass of one drawing."""

    forward: Forward
    backward: Backward


@lru_cache(maxsize=32)
def passes(parameters: StateDict, digit: Digit) -> Passes:
    """Return both passes; those of late are kept, since what a page shows is what the next step is taken from."""
    run = forward(parameters, digit)
    return Passes(run, backward(parameters, run))
