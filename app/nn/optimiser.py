"""Stochastic gradient descent with momentum and weight decay, as ``torch.optim.SGD`` takes its steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SGD:
    """The settings; all of them can change between two steps, as PyTorch's ``param_groups`` can.

    ``zero_grad``: whether the gradient of the step before is forgotten first; else gradients add up.
    """

    rate: float = 0.1
    momentum: float = 0.0
    weight_decay: float = 0.0
    zero_grad: bool = True


class Optimiser:
    """Parameters on their way, and what PyTorch remembers of the steps before.

    ``gradient``: what stands in ``.grad``; ``velocity``: the momentum buffer; None before there is one. Arrays are
    replaced, never written to, but for ``vector``, which is the optimiser's own copy.
    """

    def __init__(self, vector: Array, gradient: Array | None = None, velocity: Array | None = None) -> None:
        """Start from parameters and buffers; none of them is written to."""
        self.vector = vector.copy()
        self.gradient = gradient
        self.velocity = velocity

    def step(self, gradient: Array, sgd: SGD) -> None:
        """Take one step against a gradient."""
        if self.gradient is not None and not sgd.zero_grad:
            gradient = self.gradient + gradient
        self.gradient = gradient
        if sgd.weight_decay:
            gradient = gradient + np.float32(sgd.weight_decay) * self.vector
        if sgd.momentum:  # at 0 the buffer sleeps, and is taken up again
            gradient = gradient if self.velocity is None else self.velocity * np.float32(sgd.momentum) + gradient
            self.velocity = gradient
        self.vector -= np.float32(sgd.rate) * gradient
