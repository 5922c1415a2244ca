"""The network by hand equals plain PyTorch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own custom
from hypothesis import given, settings
from hypothesis import strategies as some

from app.nn import referee
from app.nn.backward import Backward, backpropagate, backward
from app.nn.digits import BLANK, CLASSES, SAMPLES, Digit
from app.nn.network import PRINTED, SHAPES, Forward, StateDict, forward, initial, layers, propagate, windows_of
from app.nn.sgd import descend
from tests.nn.lab import Net, digits, image, net, seeds, train


def close(ours: np.ndarray, theirs: np.ndarray | torch.Tensor) -> bool:
    """Within 1e-5·max(1, |b|); what is not finite is the same on both sides."""
    theirs = np.asarray(theirs, np.float64).reshape(np.shape(ours))
    return bool(np.isclose(ours, theirs, rtol=1e-5, atol=1e-5, equal_nan=True).all())


def vector(model: Net) -> np.ndarray:
    return torch.cat([weight.detach().ravel() for weight in model.parameters()]).numpy()


def judged(parameters: StateDict, digit: Digit, run: Forward, back: Backward) -> referee.Agreement:
    given = {"parameters": parameters.data.hex(), "pixels": digit.pixels.hex(), "label": digit.label}
    theirs = referee.network(given)
    ours = {name: getattr(run, name) for name in ("conv", "relu", "pool", "flat", "logits", "probabilities", "loss")}
    ours |= {f"grad.{name}": back.parameters[name] for name in SHAPES}
    ours |= {f"grad.{name}": getattr(back, name) for name in ("conv", "relu", "pool", "flat", "logits")}
    assert ours.keys() == theirs.keys()
    mine = {name: referee.ours(np.reshape(value, theirs[name].shape)) for name, value in ours.items()}
    return referee.compare(mine, theirs)


@settings(deadline=None, max_examples=300)
@given(seed=seeds)
def test_initial_parameters_are_those_of_torch_bit_for_bit(seed: int) -> None:
    assert initial(seed).data == vector(net(seed)).tobytes()


def test_names_and_shapes_are_those_of_the_state_dict() -> None:
    assert {name: tuple(value.shape) for name, value in net(0).state_dict().items()} == SHAPES


def test_the_network_prints_as_pytorch_prints_it() -> None:
    assert str(net(0)) == PRINTED


@settings(deadline=None)
@given(seed=seeds, digit=digits)
def test_forward_and_gradients_equal_autograd(seed: int, digit: Digit) -> None:
    model, parameters = net(seed), initial(seed)
    logits = model(image(digit))
    loss = F.cross_entropy(logits, torch.tensor([digit.label]))
    loss.backward()
    run = forward(parameters, digit)
    back = backward(parameters, run)
    assert close(run.logits, logits.detach())
    assert close(run.probabilities, F.softmax(logits, dim=1).detach())
    assert close(run.loss, loss.detach())
    for name, weight in model.named_parameters():
        assert close(back.parameters[name], weight.grad), name
    assert judged(parameters, digit, run, back).holds


@settings(deadline=None, max_examples=25)
@given(seed=seeds, digit=digits, rate=some.floats(0.01, 1))
def test_a_hundred_steps_equal_optim_sgd(seed: int, digit: Digit, rate: float) -> None:
    model = net(seed)
    losses = train(model, digit, rate, 100)
    ours = descend(initial(seed), digit, rate, 100)
    assert close(ours.losses, np.array(losses))
    assert close(ours.parameters.vector, vector(model))


@settings(deadline=None)
@given(seed=seeds, digit=digits, power=some.floats(-2, 38))
def test_many_steps_are_single_steps_bit_for_bit(seed: int, digit: Digit, power: float) -> None:
    parameters, losses = initial(seed), []
    for _ in range(6):
        before, run = parameters, forward(parameters, digit)
        losses.append(run.loss)
        gradient = backward(before, run).parameters.vector
        with np.errstate(all="ignore"):
            parameters = StateDict((before.vector - np.float32(10**power) * gradient).tobytes())
    ours = descend(initial(seed), digit, 10**power, 6)
    assert (ours.parameters, ours.before) == (parameters, before)
    assert ours.losses.tobytes() == np.array(losses).tobytes()


@settings(deadline=None, max_examples=60)
@given(seed=seeds, digit=digits, power=some.floats(1, 38))
def test_what_a_rate_too_high_breaks_is_what_it_breaks_in_torch(seed: int, digit: Digit, power: float) -> None:
    model = net(seed)
    for _ in range(4):
        before = StateDict(vector(model).tobytes())
        train(model, digit, 10**power, 1)
        parameters = descend(before, digit, 10**power, 1).parameters
        theirs = vector(model)
        assert (np.isnan(parameters.vector) == np.isnan(theirs)).all()
        # Numbers of very different sizes are added here: what is lost is small against the largest of them.
        largest = np.abs(theirs[np.isfinite(theirs)]).max(initial=1)
        assert np.allclose(parameters.vector, theirs, rtol=1e-5, atol=1e-5 * largest, equal_nan=True)
        run = forward(parameters, digit)
        back = backward(parameters, run)
        if not np.isfinite(run.logits).all():
            assert judged(parameters, digit, run, back).holds


def _smooth(run: Forward, margin: float = 1e-3) -> bool:
    """Whether no pool is tied and no ReLU stands at 0, where a slope is not defined."""
    conv = np.sort(run.conv, axis=1)
    tied = (conv[:, -1] - conv[:, -2] < margin) & (conv[:, -1] > 0)
    return not tied.any() and bool((np.abs(conv) > margin).all())


@settings(deadline=None, max_examples=60)
@given(seed=seeds, digit=digits)
def test_gradients_equal_finite_differences_away_from_kinks(seed: int, digit: Digit) -> None:
    """The same code, run in float64."""
    read, h = windows_of(digit).astype(np.float64), 1e-5

    def run_at(point: np.ndarray) -> Forward:
        return propagate(layers(point), read, digit.label)

    point = initial(seed).vector.astype(np.float64)
    run, gradient = run_at(point), np.empty_like(point)
    if not _smooth(run):
        return
    backpropagate(layers(point), run, layers(gradient))
    for place, ours in enumerate(gradient):
        ahead, behind = point.copy(), point.copy()
        ahead[place] += h
        behind[place] -= h
        slope = (run_at(ahead).loss - run_at(behind).loss) / (2 * h)
        assert abs(ours - slope) <= 1e-7 * max(1, abs(slope), run.loss)


def test_ties_in_a_pool_go_to_the_first_position() -> None:
    """With zero weights all positions are equal: autograd gives the first of them the whole gradient."""
    model = net(0)
    with torch.no_grad():
        model.conv.weight.zero_()
        model.conv.bias.fill_(0.5)
    parameters = StateDict(vector(model).tobytes())
    F.cross_entropy(model(image(SAMPLES["four"])), torch.tensor([4])).backward()
    back = backward(parameters, forward(parameters, SAMPLES["four"]))
    assert close(back.parameters["conv.weight"], model.conv.weight.grad)
    assert (back.relu[:, 1:] == 0).all()


def test_relu_at_zero_lets_no_gradient_through() -> None:
    parameters = initial(3)
    vector_ = parameters.vector.copy()
    vector_[16:20] = 0
    blank = Digit(BLANK, 0)
    still = StateDict(vector_.tobytes())
    run = forward(still, blank)
    assert (run.conv == 0).all()
    assert (backward(still, run).conv == 0).all()


def test_the_first_page_says_three_and_is_right_after_three_steps() -> None:
    zero = SAMPLES["zero"]
    run = forward(initial(15), zero)
    assert run.prediction == 3
    assert run.loss == pytest.approx(2.250, abs=5e-4)
    assert not (run.conv <= 0).all(axis=1).any()
    said = [forward(descend(initial(15), zero, 0.1, steps).parameters, zero).prediction for steps in (2, 3)]
    assert said[1] == 0


def test_a_tie_for_the_largest_logit_is_no_prediction() -> None:
    assert forward(StateDict(bytes(280)), SAMPLES["zero"]).prediction is None


def test_equal_logits_give_the_loss_of_guessing() -> None:
    run = forward(StateDict(bytes(280)), SAMPLES["zero"])
    assert run.loss == pytest.approx(np.log(CLASSES))
    assert run.probabilities == pytest.approx([0.1] * CLASSES)


# Figures of the lab, cells 182–190: logits as printed, and what they come to.
PRINTED_LOGITS = [-0.3231, -0.0458, 0.0932, -0.3140, -0.2863, -0.1747, -0.4393, -0.4582, 0.3943, -0.3031]
PRINTED_SHARES = [0.0842, 0.1111, 0.1277, 0.0850, 0.0874, 0.0977, 0.0750, 0.0736, 0.1725, 0.0859]
AFTER_ONE_STEP = [-0.1271, -0.0962, 0.0215, -0.3068, -0.3658, -0.2317, -0.4788, -0.4921, 0.3598, -0.3862]


def test_the_labs_figures_hold() -> None:
    from app.nn.loss import cross_entropy, prediction

    logits = np.array(PRINTED_LOGITS, np.float32)
    shares, loss = cross_entropy(logits, 0)
    assert shares == pytest.approx(PRINTED_SHARES, abs=1e-4)
    assert loss == pytest.approx(2.4745, abs=1e-4)
    assert prediction(logits) == 8
    assert cross_entropy(np.array(AFTER_ONE_STEP, np.float32), 0).loss == pytest.approx(2.2526, abs=1e-4)
