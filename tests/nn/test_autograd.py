"""What ``.grad`` holds after any calls, in any order, is what PyTorch's holds."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from app.nn.autograd import Leaf, stepped
from app.nn.classifier import Linear, backward, descend, forward, normal
from app.nn.digits import Digit
from tests.nn.lab import digits, seeds
from tests.nn.test_classifier import close, leaves, loss_of

calls = some.lists(
    some.sampled_from(["backward", "backward", "step", "zero_grad", "weight", "bias"]), min_size=1, max_size=12
)


def same(leaf: Leaf, tensor: torch.Tensor) -> bool:
    if leaf.gradient is None or tensor.grad is None:
        return leaf.gradient is tensor.grad
    return close(leaf.gradient, tensor.grad.ravel())


@settings(deadline=None, max_examples=100)
@given(seed=seeds, digit=digits, rate=some.floats(0.01, 1), calls=calls)
def test_grad_holds_what_pytorch_holds(seed: int, digit: Digit, rate: float, calls: list[str]) -> None:
    parameters, weight, bias = normal(seed), Leaf(), Leaf()
    tensors = leaves(parameters)
    optimizer = torch.optim.SGD(tensors, lr=rate)
    for call in calls:
        match call:
            case "backward":
                back = backward(forward(parameters, digit)).parameters
                weight, bias = weight.handed(back.weight), bias.handed(back.bias)
                loss = loss_of(*tensors, digit)
                if any(tensor.requires_grad for tensor in tensors):
                    loss.backward()
                else:
                    with pytest.raises(RuntimeError, match="does not require grad and does not have a grad_fn"):
                        loss.backward()
            case "step":
                parameters = stepped(parameters, weight, bias, rate)
                optimizer.step()
            case "zero_grad":
                weight, bias = weight.emptied(), bias.emptied()
                optimizer.zero_grad()
            case "weight":
                weight = Leaf(not weight.requires_grad, weight.grad)
                tensors[0].requires_grad_(not tensors[0].requires_grad)
            case "bias":
                bias = Leaf(not bias.requires_grad, bias.grad)
                tensors[1].requires_grad_(not tensors[1].requires_grad)
        assert same(weight, tensors[0])
        assert same(bias, tensors[1])
        assert close(parameters.weight, tensors[0].detach())
        assert close(parameters.bias, tensors[1].detach())


def test_without_zero_grad_gradients_add_up() -> None:
    gradient = np.arange(250.0).reshape(10, 25)
    once = Leaf().handed(gradient)
    assert (once.handed(gradient).gradient == 2 * gradient.ravel()).all()
    assert once.emptied().gradient is None


@settings(deadline=None, max_examples=30)
@given(seed=seeds, digit=digits, learns=some.tuples(some.booleans(), some.booleans()))
def test_steps_leave_alone_what_does_not_learn(seed: int, digit: Digit, learns: tuple[bool, bool]) -> None:
    before = normal(seed)
    back = backward(forward(before, digit)).parameters
    leaves_ = [Leaf(learns[0]).handed(back.weight), Leaf(learns[1]).handed(back.bias)]
    after: Linear = descend(before, digit, 0.1, 1, learns=learns).parameters
    assert after == stepped(before, *leaves_, 0.1)
