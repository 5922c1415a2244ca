"""The classifier by hand equals plain PyTorch, finite differences, and the figures that the lab printed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own custom
from hypothesis import given, settings
from hypothesis import strategies as some
from torch import nn

from app.nn import classifier as lab
from app.nn.classifier import Linear, backward, descend, flatten, forward, linear_of, normal, uniform
from app.nn.digits import BLANK, CLASSES, SAMPLES, Digit
from tests.nn.lab import digits, seeds

FUSED = torch.backends.cpu.get_cpu_capability() != "DEFAULT"
"""Whether torch's kernels round a product and a sum once."""


def close(ours: np.ndarray | float, theirs: np.ndarray | torch.Tensor | float, tolerance: float = 1e-9) -> bool:
    """Within 1e-9·max(1, |b|); what is not finite is the same on both sides."""
    theirs = np.asarray(theirs, np.float64).reshape(np.shape(ours))
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    with np.errstate(all="ignore"):
        return bool((same | (np.abs(ours - theirs) <= tolerance * np.maximum(1, np.abs(theirs)))).all())


def leaves(parameters: Linear) -> tuple[torch.Tensor, torch.Tensor]:
    return (
        torch.tensor(parameters.weight.copy(), requires_grad=True),
        torch.tensor(parameters.bias.copy(), requires_grad=True),
    )


def loss_of(weight: torch.Tensor, bias: torch.Tensor, digit: Digit, twice: bool = False) -> torch.Tensor:
    """Cells 87–93, with the label as a class index and the drawing as a row."""
    logits = torch.tensor(flatten(digit)).view(1, -1) @ weight.T + bias
    return F.cross_entropy(F.softmax(logits, dim=1) if twice else logits, torch.tensor([digit.label]))


usual = some.builds(normal, seeds)
extreme = some.builds(
    lambda seed, scale: Linear((np.random.RandomState(seed).uniform(-scale, scale, lab.PARAMETERS)).tobytes()),
    seeds,
    some.sampled_from((1e-3, 1.0, 30.0, 1e3, 1e4)),
)


# --- the first weights ---


@settings(deadline=None, max_examples=300)
@given(seed=seeds)
def test_the_default_weights_are_those_of_nn_linear(seed: int) -> None:
    torch.manual_seed(seed)
    layer, ours = nn.Linear(25, 10), uniform(seed)
    theirs = torch.cat([layer.weight.ravel(), layer.bias]).detach().double().numpy()
    assert np.abs(ours.vector - theirs).max() <= 2**-26
    if FUSED:
        assert ours.data == theirs.tobytes()


@settings(deadline=None)
@given(seed=seeds)
def test_normal_weights_are_those_of_numpys_global_seed(seed: int) -> None:
    np.random.seed(seed)
    weight, bias = np.random.randn(10, 25), np.random.randn(10, 1)
    assert (normal(seed).weight == weight).all()
    assert (normal(seed).bias == bias[:, 0]).all()


def test_names_and_shapes_are_those_of_the_state_dict() -> None:
    assert {name: tuple(value.shape) for name, value in nn.Linear(25, 10).state_dict().items()} == lab.SHAPES
    assert sum(value.numel() for value in nn.Linear(25, 10).parameters()) == lab.PARAMETERS == 260


# --- forward and backward against autograd ---


@settings(deadline=None, max_examples=200)
@given(parameters=usual | extreme, digit=digits, twice=some.booleans())
def test_forward_and_gradients_equal_autograd(parameters: Linear, digit: Digit, twice: bool) -> None:
    weight, bias = leaves(parameters)
    loss = loss_of(weight, bias, digit, twice)
    loss.backward()
    run = forward(parameters, digit, twice)
    back = backward(run)
    assert close(run.loss, loss.detach())
    assert close(run.probabilities, F.softmax(torch.tensor(run.logits), dim=0))
    assert close(back.parameters.weight, weight.grad)
    assert close(back.parameters.bias, bias.grad)
    assert close(back.logits, bias.grad)


@settings(deadline=None, max_examples=60)
@given(parameters=usual | extreme, digit=digits)
def test_a_column_and_a_row_give_the_same_logits(parameters: Linear, digit: Digit) -> None:
    """W·x with x of shape (25, 1), and x·Wᵀ with x of shape (1, 25)."""
    x, run = flatten(digit), forward(parameters, digit)
    column = parameters.weight @ x.reshape(25, 1) + parameters.bias.reshape(10, 1)
    row = x.reshape(1, 25) @ parameters.weight.T + parameters.bias
    assert close(column, run.logits)
    assert close(row, run.logits)


@settings(deadline=None, max_examples=60)
@given(parameters=usual | extreme, digit=digits, chosen=some.integers(0, 9))
def test_a_logit_is_the_sum_of_its_terms_and_its_bias(parameters: Linear, digit: Digit, chosen: int) -> None:
    run = forward(parameters, digit)
    assert close(lab.terms(parameters, run.flat, chosen).sum() + parameters.bias[chosen], run.logits[chosen])


@settings(deadline=None, max_examples=60)
@given(parameters=usual | extreme, digit=digits, twice=some.booleans())
def test_gradients_equal_finite_differences(parameters: Linear, digit: Digit, twice: bool) -> None:
    """Where the loss is smooth on the scale of h: a logit that leads by little switches over within it."""
    point, h = parameters.vector.copy(), 1e-5
    run = forward(parameters, digit, twice)
    ours = backward(run).parameters.vector

    def loss_at(place: int, change: float) -> float:
        moved = point.copy()
        moved[place] += change
        return float(forward(Linear(moved.tobytes()), digit, twice).loss)

    for place in (*range(0, lab.WEIGHTS, 7), *range(lab.WEIGHTS, lab.PARAMETERS)):
        slope = (loss_at(place, h) - loss_at(place, -h)) / (2 * h)
        # What 64 bits hold of a loss, over 2h: losses of extreme weights are not finer than that.
        grain = np.spacing(max(float(run.loss), np.abs(run.logits).max())) / h
        assert abs(ours[place] - slope) <= 1e-7 * max(1, abs(slope), float(run.loss)) + grain


@settings(deadline=None, max_examples=40)
@given(parameters=usual, digit=digits)
def test_the_jacobian_is_that_of_autograd_and_leads_to_s_minus_y(parameters: Linear, digit: Digit) -> None:
    run = forward(parameters, digit)
    ours = lab.jacobian(run.probabilities)
    theirs = torch.autograd.functional.jacobian(lambda z: F.softmax(z, dim=0), torch.tensor(run.logits))
    assert close(ours, theirs)
    chained = -(run.one_hot / run.probabilities) @ ours  # the chain rule, as the lab's text has it
    assert close(chained, backward(run).logits)


# --- descent ---


@settings(deadline=None, max_examples=40)
@given(parameters=usual | extreme, digit=digits, rate=some.floats(1e-3, 10), twice=some.booleans())
def test_a_hundred_steps_equal_optim_sgd(parameters: Linear, digit: Digit, rate: float, twice: bool) -> None:
    weight, bias = leaves(parameters)
    optimizer, losses = torch.optim.SGD([weight, bias], lr=rate), []
    for _ in range(100):
        optimizer.zero_grad()
        loss = loss_of(weight, bias, digit, twice)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    ours = descend(parameters, digit, rate, 100, twice)
    assert close(ours.losses, np.array(losses))
    assert close(ours.parameters.weight, weight.detach())
    assert close(ours.parameters.bias, bias.detach())
    assert close(ours.gradient.weight, weight.grad)


@settings(deadline=None, max_examples=40)
@given(parameters=usual, digit=digits, rate=some.floats(1e-3, 10))
def test_many_steps_are_as_many_single_ones(parameters: Linear, digit: Digit, rate: float) -> None:
    whole = descend(parameters, digit, rate, 3)
    first = descend(parameters, digit, rate, 2)
    last = descend(first.parameters, digit, rate, 1)
    assert (whole.parameters, whole.before, whole.gradient) == (last.parameters, first.parameters, last.gradient)
    assert whole.losses.tolist() == [*first.losses, *last.losses]


@settings(deadline=None, max_examples=60)
@given(parameters=usual, digit=digits)
def test_dark_pixels_never_move_their_weights(parameters: Linear, digit: Digit) -> None:
    after = descend(parameters, digit, 1.0, 5).parameters
    still = (after.weight == parameters.weight).all(axis=0)
    assert still[flatten(digit) == 0].all()


def test_from_zeros_every_lit_weight_moves_at_once() -> None:
    after = descend(lab.ZEROS, SAMPLES["zero"], 0.1, 1).parameters
    lit = flatten(SAMPLES["zero"]) == 1
    assert (after.weight[:, lit] != 0).all()
    assert (after.weight[:, ~lit] == 0).all()
    assert after.weight[0, 0] == 0  # the weight of cell 66: its pixel is dark
    assert after.weight[0, 1] == pytest.approx(0.09)


# --- numbers too large ---


def test_without_the_shift_large_logits_overflow() -> None:
    logits = np.array([1000.0, 0, 0, 0, 0, 0, 0, 0, 0, -1000.0])
    found = lab.unshifted(logits)
    assert found.shift == 0
    assert found.exponentials[0] == found.total == np.inf
    assert np.isnan(found.probabilities[0])
    assert found.exponentials[9] == 0
    assert lab.direct_loss(found, 0) == np.inf


@settings(deadline=None, max_examples=60)
@given(parameters=usual, digit=digits)
def test_without_the_shift_small_logits_come_to_the_same(parameters: Linear, digit: Digit) -> None:
    run = forward(parameters, digit)
    assert close(lab.unshifted(run.logits).probabilities, run.probabilities)
    assert close(lab.direct_loss(lab.unshifted(run.logits), run.label), run.loss)


def test_where_a_probability_underflows_its_logarithm_would_be_infinite() -> None:
    bias = np.zeros(10)
    bias[8] = 20_000
    run = forward(linear_of(np.zeros((10, 25)), bias), Digit(BLANK, 0))
    assert run.probabilities[0] == 0
    assert lab.naive_loss(run.softmax, 0) == np.inf
    assert run.loss == 20_000
    assert close(run.loss, F.cross_entropy(torch.tensor(bias).view(1, -1), torch.tensor([0])))


def test_softmax_twice_never_gets_the_loss_to_zero() -> None:
    """The best that can come out, (1, 0, …, 0), is taken for logits: ln(e + 9) − 1."""
    bias = np.zeros(10)
    bias[0] = 1e4
    sure = linear_of(np.zeros((10, 25)), bias)
    assert forward(sure, Digit(BLANK, 0)).loss == 0
    assert forward(sure, Digit(BLANK, 0), twice=True).loss == pytest.approx(np.log(np.e + 9) - 1)


# --- figures that the lab printed ---

ROW_0 = [
    -1.05484385, 0.81367903, 0.57850297, -1.53256912, 0.04445959, -0.1148211, 0.92687145, -0.47512158, -0.69612471,
    0.2249142, -1.94512833, -0.24495539, -1.32213242, 1.41051532, 1.28525731, -0.95848589, -0.3126557, -0.49553449,
    0.43346275, 0.55650262, 0.67802816, -0.76460229, 0.80934738, 1.08350917, 0.65523911,
]  # fmt: skip
ROW_1 = [
    1.80128161, -0.28263696, 0.623465, 1.43597445, 0.31488569, 0.03171404, -0.97351093, 0.46709336, -0.70068404,
    1.82473893, -0.98601865, 0.03645138, -0.71914953, -0.62288268, -0.22857658, -0.77976512, -1.59740654, 1.26060775,
    1.83354586, 0.19612898, -0.49823872, -0.7696657, 0.65299849, 0.81190947, 0.87304711,
]  # fmt: skip
BIAS = [
    1.20271764, 2.08457018, 0.5503911, -0.30176484, -0.38678701, -0.31446401, 1.10029442, -1.05853278, 0.09882997,
    -0.35766539,
]  # fmt: skip
LOGITS = [
    1.23882361, 4.61483655, 1.99479822, -3.32811171, 3.58462725, -2.33802756, 7.18746098, 0.54074097, -0.31431916,
    3.89948129,
]  # fmt: skip
SHARES = [
    2.26701235e-03, 6.63189554e-02, 4.82802477e-03, 2.35536967e-05, 2.36713739e-02, 6.33938547e-05, 8.68788915e-01,
    1.12792559e-03, 4.79658950e-04, 3.24311864e-02,
]  # fmt: skip
GRADIENTS = [
    -9.9773e-01, 6.6319e-02, 4.8280e-03, 2.3554e-05, 2.3671e-02, 6.3394e-05, 8.6879e-01, 1.1279e-03, 4.7966e-04,
    3.2431e-02,
]  # fmt: skip


def test_zeros_give_a_tenth_each_and_the_loss_of_guessing() -> None:
    run = forward(lab.ZEROS, SAMPLES["zero"])
    assert run.probabilities.tolist() == [0.1] * CLASSES
    assert run.loss == pytest.approx(2.3025850929940455, abs=1e-15)
    assert run.prediction is None
    assert backward(run).logits == pytest.approx([-0.9, *[0.1] * 9], abs=1e-15)


def test_the_labs_random_weights_give_its_figures() -> None:
    """It prints rows 0 and 1 of W alone: of the other classes the biases make up for what the rows would give."""
    weight, flat = np.zeros((10, 25)), flatten(SAMPLES["zero"])
    weight[0], weight[1] = ROW_0, ROW_1
    assert weight @ flat + BIAS == pytest.approx([*LOGITS[:2], *BIAS[2:]], abs=2.1e-8)  # rounded terms
    run = forward(linear_of(weight, np.array(LOGITS) - weight @ flat), SAMPLES["zero"])
    assert run.logits == pytest.approx(LOGITS, abs=1e-12)
    assert run.probabilities == pytest.approx(SHARES, rel=2e-8)
    assert run.loss == pytest.approx(6.089292459946072, abs=1e-8)  # of logits rounded to eight decimals
    back = backward(run)
    assert back.parameters.bias == pytest.approx(GRADIENTS, rel=5e-5)
    assert back.parameters.weight == pytest.approx(np.outer(back.parameters.bias, flat), abs=0)


def test_normal_with_seed_1_starts_near_the_labs_loss() -> None:
    assert forward(normal(1), SAMPLES["zero"]).loss == pytest.approx(6.13, abs=5e-3)
    after = descend(normal(1), SAMPLES["zero"], 0.1, 2)
    assert after.losses[1] == pytest.approx(4.509, abs=5e-4)
    assert forward(after.parameters, SAMPLES["zero"]).loss == pytest.approx(2.969, abs=5e-4)
