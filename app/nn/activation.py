"""Activations: forward and derivative side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

SLOPE = 0.01
"""What leaky ReLU multiplies a negative value by."""


def relu(values: Array) -> Array:
    """Return max(0, x) of each value; nan stays nan."""
    return np.maximum(values, 0)


def relu_gradient(values: Array, gradient: Array) -> Array:
    """Return the gradient that ReLU lets through to its input: all of it above 0, nothing at 0 and below.

    A nan input lets it through, as PyTorch's does.
    """
    return np.where(values <= 0, 0, gradient)


def relu_derivative(values: Array) -> Array:
    """Return 1 above 0, and 0 at 0 and below."""
    return relu_gradient(values, np.ones_like(values))


def identity(values: Array) -> Array:
    """Return each value as it is, in a new array."""
    return values.copy()


def identity_derivative(values: Array) -> Array:
    """Return 1 everywhere."""
    return np.ones_like(values)


def step(values: Array) -> Array:
    """Return 1 from 0 on, 0 below; nan stays nan."""
    return np.heaviside(values, 1.0)


def step_derivative(values: Array) -> Array:
    """Return 0 everywhere: the step is flat on both sides, and the jump itself has no slope."""
    return np.zeros_like(values)


def leaky_relu(values: Array) -> Array:
    """Return x above 0, and a hundredth of it at 0 and below."""
    return np.where(values > 0, values, SLOPE * values)


def leaky_relu_derivative(values: Array) -> Array:
    """Return 1 above 0, and the slope at 0 and below."""
    return np.where(values > 0, 1, SLOPE).astype(values.dtype)


def sigmoid(values: Array) -> Array:
    """Return 1 / (1 + e^−x) of each value."""
    small = np.exp(-np.abs(values))  # never above 1, so that no value overflows
    share: Array = np.where(values < 0, small, 1) / (1 + small)
    return share


def sigmoid_derivative(values: Array) -> Array:
    """Return σ·(1 − σ) of each value."""
    share = sigmoid(values)
    return share * (1 - share)


def tanh(values: Array) -> Array:
    """Return the hyperbolic tangent of each value."""
    return np.tanh(values)


def tanh_derivative(values: Array) -> Array:
    """Return 1 − tanh² of each value."""
    return 1 - np.square(np.tanh(values))


class Activation(NamedTuple):
    """A function of one value at a time, and its derivative; both keep the shape and the dtype."""

    name: str
    forward: Callable[[Array], Array]
    derivative: Callable[[Array], Array]
    formula: str
    slope: str  # the derivative's formula


ACTIVATIONS: dict[str, Activation] = {
    each.name: each
    for each in (
        Activation("identity", identity, identity_derivative, "x", "1"),
        Activation("step", step, step_derivative, "1 if x ≥ 0, else 0", "0"),
        Activation("relu", relu, relu_derivative, "max(0, x)", "1 if x > 0, else 0"),
        Activation(
            "leaky_relu",
            leaky_relu,
            leaky_relu_derivative,
            f"x if x > 0, else {SLOPE}·x",
            f"1 if x > 0, else {SLOPE}",
        ),
        Activation("sigmoid", sigmoid, sigmoid_derivative, "σ(x) = 1 / (1 + e^−x)", "σ(x)·(1 − σ(x))"),
        Activation("tanh", tanh, tanh_derivative, "tanh(x)", "1 − tanh(x)²"),
    )
}
"""The activations by name, in the order in which a page shows them."""
