"""Batches through any network, and the optimiser: equal to plain PyTorch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own custom
from hypothesis import given, settings
from hypothesis import strategies as some

from app.nn.architecture import LADDER, MOST_PARAMETERS, Architecture, initial, named
from app.nn.batch import confusion, judge, lesson, propagate, score
from app.nn.optimiser import SGD, Optimiser
from app.nn.windows import DoesNotFit
from tests.nn.nets import architectures, built, vector

seeds = some.integers(0, 2**32 - 1)


def batch(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    source = np.random.default_rng(seed)
    return source.integers(0, 2, (count, 25)).astype(np.float32), source.integers(0, 10, count)


def close(ours: np.ndarray, theirs: np.ndarray) -> bool:
    return bool(np.allclose(ours, theirs, rtol=1e-5, atol=1e-5))


@settings(deadline=None, max_examples=200)
@given(seed=seeds, net=architectures)
def test_first_parameters_names_and_print_are_those_of_torch(seed: int, net: Architecture) -> None:
    model = built(seed, net)
    assert initial(net, seed).tobytes() == vector(model).tobytes()
    assert {name: tuple(part.shape) for name, part in model.state_dict().items()} == net.shapes
    assert str(model) == net.printed
    assert net.parameters == sum(part.numel() for part in model.parameters())


@settings(deadline=None, max_examples=200)
@given(seed=seeds, net=architectures, count=some.integers(1, 9))
def test_logits_loss_and_gradient_of_a_batch_equal_autograd(seed: int, net: Architecture, count: int) -> None:
    images, labels = batch(seed, count)
    model = built(seed, net)
    logits = model(torch.tensor(images))
    loss = F.cross_entropy(logits, torch.tensor(labels))
    loss.backward()
    ours = lesson(net, initial(net, seed), images, labels)
    assert close(propagate(net, initial(net, seed), images).logits, logits.detach().numpy())
    assert close(ours.loss, loss.detach().numpy())
    theirs = torch.cat([weight.grad.ravel() for weight in model.parameters()]).numpy()
    assert close(ours.gradient, theirs)
    assert ours.gradient.dtype == np.float32


@settings(deadline=None, max_examples=60)
@given(
    seed=seeds,
    plan=some.lists(
        some.builds(
            SGD,
            rate=some.floats(1e-3, 0.5),
            momentum=some.sampled_from([0.0, 0.5, 0.9]),
            weight_decay=some.sampled_from([0.0, 0.01]),
            zero_grad=some.booleans(),
        ),
        min_size=1,
        max_size=8,
    ),
)
def test_settings_that_change_on_the_way_do_what_param_groups_do(seed: int, plan: list[SGD]) -> None:
    net = LADDER["lab"]
    images, labels = batch(seed, 8)
    model = built(seed, net)
    torchs = torch.optim.SGD(model.parameters(), lr=0.1)
    ours = Optimiser(initial(net, seed))
    for sgd in plan:
        torchs.param_groups[0].update(lr=sgd.rate, momentum=sgd.momentum, weight_decay=sgd.weight_decay)
        if sgd.zero_grad:
            torchs.zero_grad()
        F.cross_entropy(model(torch.tensor(images)), torch.tensor(labels)).backward()
        torchs.step()
        ours.step(lesson(net, ours.vector, images, labels).gradient, sgd)
    assert close(ours.vector, vector(model))


@pytest.mark.parametrize("rung", ["linear", "lab", "eight"])
def test_no_drawings_are_a_batch_too(rung: str) -> None:
    net = LADDER[rung]
    none = propagate(net, initial(net, 0), np.zeros((0, 25), np.float32))
    assert none.logits.shape == (0, 10)
    assert np.isnan(score(judge(none.logits, np.zeros(0, np.int64)), np.zeros(0, np.int64)).loss)


def test_the_ladder_is_that_of_the_lab() -> None:
    shapes = {name: net.layers[-1].shape for name, net in LADDER.items()}
    assert shapes["linear"] == (10,)
    assert shapes["convolution"] == (4, 2, 2)
    assert shapes["pooling"] == shapes["relu"] == (4, 1, 1)
    assert shapes["lab"] == shapes["eight"] == (10,)
    assert [name for name, net in LADDER.items() if net.unfinished] == ["convolution", "pooling", "relu"]
    assert [LADDER[name].parameters for name in ("linear", "lab", "eight")] == [260, 70, 2090]


def test_ten_numbers_are_logits_also_without_a_linear_layer() -> None:
    net = Architecture(filters=10, pool=2, linear=False)
    assert net.unfinished == ""
    assert propagate(net, initial(net, 1), batch(1, 3)[0]).logits.shape == (3, 10)


@pytest.mark.parametrize(
    ("net", "why"),
    [
        (Architecture(kernel_size=5, pool=2), "does not fit"),
        (Architecture(filters=0, pool=2), "no maps to pool"),
        (Architecture(filters=16, kernel_size=2, stride=1, padding=2, pool=0, hidden=32), f"{MOST_PARAMETERS:,}"),
    ],
)
def test_what_does_not_fit_says_why(net: Architecture, why: str) -> None:
    with pytest.raises(DoesNotFit, match=why):
        _ = net.layers


def test_equal_kernels_stay_twins_and_zeros_teach_the_last_bias_alone() -> None:
    images, labels = batch(3, 16)
    twins = named(LADDER["lab"], lesson(LADDER["lab"], initial(LADDER["lab"], 0, "equal"), images, labels).gradient)
    assert np.ptp(twins["conv.weight"], axis=0).max() == 0
    zeros = named(LADDER["lab"], lesson(LADDER["lab"], initial(LADDER["lab"], 0, "zeros"), images, labels).gradient)
    assert [name for name, part in zeros.items() if part.any()] == ["fc.bias"]


def test_dead_maps_hand_nothing_back() -> None:
    net = LADDER["lab"]
    images, labels = batch(4, 64)
    dead = named(net, lesson(net, initial(net, 15, "dead"), images, labels).gradient)
    assert not dead["conv.weight"].any()
    assert not dead["conv.bias"].any()
    assert dead["fc.bias"].any()


def test_a_tie_is_no_prediction_and_no_row_of_the_confusion() -> None:
    logits = np.array([[1, 1, *[0] * 8], [0, 2, *[0] * 8], [np.nan, *[0] * 9]], np.float32)
    labels = np.array([0, 1, 2])
    verdicts = judge(logits, labels)
    assert verdicts.predictions.tolist() == [-1, 1, -1]
    assert confusion(verdicts.predictions, labels).sum() == 1
    assert score(verdicts, labels).right == 1 / 3


@pytest.mark.parametrize("rung", ["linear", "lab", "eight"])
def test_the_gradient_of_a_whole_set_is_as_exact_as_pytorchs(rung: str) -> None:
    net = LADDER[rung]
    images, labels = batch(5, 1437)
    images[:, 12] = 1  # so that sums go one way
    model = built(5, net).double()
    F.cross_entropy(model(torch.tensor(images).double()), torch.tensor(labels * 0)).backward()
    exact = torch.cat([weight.grad.ravel() for weight in model.parameters()]).numpy()
    ours = lesson(net, initial(net, 5), images, labels * 0).gradient
    biases = np.concatenate([np.full(np.prod(shape), name.endswith("bias")) for name, shape in net.shapes.items()])
    assert np.abs(ours - exact)[biases].max() < 2e-7
