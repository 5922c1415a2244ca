"""The activations and their derivatives equal PyTorch's."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own custom
from hypothesis import given, settings
from hypothesis import strategies as some

from app.nn.activation import ACTIVATIONS, SLOPE, relu, relu_gradient
from tests.nn.walks import close

THEIRS = {
    "identity": lambda x: x * 1,
    "step": lambda x: torch.heaviside(x.detach(), torch.ones_like(x)) + 0 * x,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}
vectors = some.lists(
    some.floats(-1000, 1000) | some.sampled_from([0.0, -0.0, 1e308, -1e308]), min_size=1, max_size=8
).map(np.array)


@pytest.mark.parametrize("name", ACTIVATIONS)
@settings(deadline=None)
@given(values=vectors)
def test_values_and_derivatives_equal_autograd(name: str, values: np.ndarray) -> None:
    x = torch.tensor(values, requires_grad=True)
    output = THEIRS[name](x)
    output.backward(torch.ones_like(x))
    assert close(ACTIVATIONS[name].forward(values), output)
    assert close(ACTIVATIONS[name].derivative(values), x.grad)


@pytest.mark.parametrize("name", ["identity", "relu", "leaky_relu", "sigmoid", "tanh"])
def test_what_is_not_finite_stays_as_in_pytorch(name: str) -> None:
    values = np.array([math.nan, math.inf, -math.inf])
    x = torch.tensor(values, requires_grad=True)
    output = THEIRS[name](x)
    output.backward(torch.ones_like(x))
    assert close(ACTIVATIONS[name].forward(values), output)
    assert close(ACTIVATIONS[name].derivative(values), x.grad)


@pytest.mark.parametrize(("name", "derivative"), [("relu", 0), ("leaky_relu", SLOPE), ("step", 0)])
def test_derivatives_at_zero_are_those_of_the_left_side(name: str, derivative: float) -> None:
    assert ACTIVATIONS[name].derivative(np.zeros(1)) == [derivative]


def test_they_come_in_the_labs_order_each_with_its_formulas() -> None:
    assert list(ACTIVATIONS) == ["identity", "step", "relu", "leaky_relu", "sigmoid", "tanh"]
    assert all(name == each.name and each.formula and each.slope for name, each in ACTIVATIONS.items())
    assert ACTIVATIONS["relu"].formula == "max(0, x)"


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_dtype_and_input_are_left_alone(name: str, kind: type) -> None:
    values = np.array([-1.5, 0, 2], kind)
    for function in (ACTIVATIONS[name].forward, ACTIVATIONS[name].derivative):
        result = function(values)
        assert result.dtype == kind
        assert result is not values
    assert values.tolist() == [-1.5, 0, 2]


@settings(deadline=None)
@given(values=vectors)
def test_the_networks_relu_is_the_labs_relu(values: np.ndarray) -> None:
    assert (ACTIVATIONS["relu"].forward(values) == relu(values)).all()
    assert (ACTIVATIONS["relu"].derivative(values) * 3 == relu_gradient(values, np.full_like(values, 3))).all()


# Figures of the lab, cells 163–169.
VECTOR = [-1.02432329, -0.42662539, -0.24859638, 0.59464189, 1.03328345, 0.6536854, -1.49163869, -1.25539448]
RECTIFIED = [0, 0, 0, 0.59464189, 1.03328345, 0.6536854, 0, 0]
STEP_VECTOR = [-0.66621633, -1.72723714, 0.31375181, 0.8125176, -0.73874976, 0.90937177, -1.02299779, -0.6335149]
STEPPED = [0, 0, 1, 1, 0, 1, 0, 0]


def test_the_labs_vectors() -> None:
    assert ACTIVATIONS["relu"].forward(np.array(VECTOR)).tolist() == RECTIFIED
    assert ACTIVATIONS["step"].forward(np.array(STEP_VECTOR)).tolist() == STEPPED
