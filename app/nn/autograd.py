"""What ``requires_grad`` and ``.grad`` do in PyTorch, by the same rules, without torch."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.nn.classifier import Array, Linear, linear_of


@dataclass(frozen=True, slots=True)
class Leaf:
    """A tensor that somebody made, W or b: whether autograd follows it, and what its ``.grad`` holds (None: nothing).

    Gradients are held as float64 bytes, so that equality is bit by bit.
    """

    requires_grad: bool = True
    grad: bytes | None = None

    @property
    def gradient(self) -> Array | None:
        """What ``.grad`` holds, flat; None before the first ``backward()``, and after ``zero_grad()``."""
        return None if self.grad is None else np.frombuffer(self.grad, np.float64)

    def handed(self, gradient: Array) -> Leaf:
        """Return the leaf after a ``backward()`` that brought it this gradient: it is added to what is there."""
        if not self.requires_grad:
            return self
        held = self.gradient
        total = gradient.ravel() if held is None else held + gradient.ravel()
        return replace(self, grad=total.tobytes())

    def emptied(self) -> Leaf:
        """Return the leaf after ``zero_grad()``, which drops the gradient: ``.grad`` is None again."""
        return replace(self, grad=None)


def stepped(parameters: Linear, weight: Leaf, bias: Leaf, rate: float) -> Linear:
    """Return the parameters after ``optimizer.step()``: each less rate × its ``.grad``, where there is one."""

    def moved(values: Array, leaf: Leaf) -> Array:
        held = leaf.gradient
        return values if held is None else values - rate * held.reshape(values.shape)

    with np.errstate(all="ignore"):
        return linear_of(moved(parameters.weight, weight), moved(parameters.bias, bias))
