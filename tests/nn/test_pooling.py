"""Pooling by hand equals PyTorch's max_pool2d and avg_pool2d."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own custom
from hypothesis import given, settings
from hypothesis import strategies as some

from app.nn.pooling import average_pooling, check, divisors, max_pool_gradient, max_pooling
from app.nn.windows import DoesNotFit, Pair, Window, unfold
from tests.nn.walks import close, drawn, options, pairs, seeds, sizes, tensor, windows

REFUSALS = "at most half|half of kernel size|[Oo]utput size is too small"
channels = some.integers(1, 4)
any_window = windows(some.booleans())
padded = some.builds(  # windows with a padding that pools allow
    lambda window, share: replace(
        window, padding=tuple(min(pad, kernel // 2) for pad, kernel in zip(share, window.kernel_size, strict=True))
    ),
    windows(some.booleans()),
    pairs(0, 2),
)


def refusal(kind: str, size: Pair, window: Window) -> str | None:
    try:
        check(kind, *size, window)
    except DoesNotFit as reason:
        return reason.sentence
    return None


def max_pool2d(maps: np.ndarray, window: Window) -> tuple[torch.Tensor, torch.Tensor]:
    named = options(window, "kernel_size", "stride", "padding", "dilation", "ceil_mode")
    return F.max_pool2d(tensor(maps), **named, return_indices=True)


def avg_pool2d(maps: np.ndarray, window: Window) -> torch.Tensor:
    return F.avg_pool2d(tensor(maps), **options(window, "kernel_size", "stride", "padding", "ceil_mode"))


def agrees_with_max_pool2d(maps: np.ndarray, window: Window) -> bool:
    ours, (values, winners) = max_pooling(maps, window), max_pool2d(maps, window)
    assert values.shape[2:] == window.output_size(*maps.shape[1:])
    return close(ours.values, values) and ours.winners.ravel().tolist() == winners.ravel().tolist()


@settings(deadline=None, max_examples=400)
@given(size=sizes, window=any_window | padded, count=channels, seed=seeds)
def test_largest_winners_and_refusals_equal_max_pool2d(size: Pair, window: Window, count: int, seed: int) -> None:
    maps, sentence = drawn(seed, count, *size), refusal("max", size, window)
    if sentence is None:
        assert agrees_with_max_pool2d(maps, window)
    elif "no pixel" in sentence:  # the one exception: PyTorch accepts these
        assert max_pool2d(maps, window)[0].isneginf().any()
    else:
        with pytest.raises(RuntimeError, match=REFUSALS):
            max_pool2d(maps, window)


@settings(deadline=None, max_examples=400)
@given(size=sizes, window=any_window | padded, count=channels, seed=seeds)
def test_means_and_refusals_equal_avg_pool2d(size: Pair, window: Window, count: int, seed: int) -> None:
    window = replace(window, dilation=(1, 1))
    maps = drawn(seed, count, *size)
    if refusal("average", size, window):
        with pytest.raises(RuntimeError, match=REFUSALS):
            avg_pool2d(maps, window)
        return
    theirs = avg_pool2d(maps, window)
    assert theirs.shape[2:] == window.output_size(*size)
    assert close(average_pooling(maps, window), theirs)


@settings(deadline=None)
@given(size=sizes, window=padded, seed=seeds)
def test_what_is_not_finite_wins_as_in_pytorch(size: Pair, window: Window, seed: int) -> None:
    odd = np.random.default_rng(seed).choice([np.nan, np.inf, -np.inf, 0.0], (2, *size), p=[0.1, 0.1, 0.6, 0.2])
    if refusal("max", size, window) is None:
        assert agrees_with_max_pool2d(odd, window)
    flat = replace(window, dilation=(1, 1))
    if refusal("average", size, flat) is None:
        assert close(average_pooling(odd, flat), avg_pool2d(odd, flat))


@settings(deadline=None)
@given(size=sizes, window=padded, seed=seeds)
def test_the_gradient_goes_where_autograd_sends_it(size: Pair, window: Window, seed: int) -> None:
    if refusal("max", size, window):
        return
    maps = tensor(drawn(seed, 2, *size)).requires_grad_()
    named = options(window, "kernel_size", "stride", "padding", "dilation", "ceil_mode")
    output = F.max_pool2d(maps, **named)
    handed = drawn(seed + 1, *output.shape)
    output.backward(torch.tensor(handed))
    winners = max_pooling(maps.detach().numpy()[0], window).winners
    assert close(max_pool_gradient(handed.reshape(2, -1), winners, size[0] * size[1]), maps.grad)


@settings(deadline=None)
@given(size=sizes, window=padded, seed=seeds)
def test_the_winner_is_the_first_of_those_that_are_largest(size: Pair, window: Window, seed: int) -> None:
    if refusal("max", size, window):
        return
    maps, indices = drawn(seed, 2, *size), unfold(*size, window)
    pooled = max_pooling(maps, window)
    for channel, tap, position in np.argwhere(pooled.largest):
        assert maps[channel].flat[indices[tap, position]] == pooled.values[channel, position]
    first = pooled.largest.argmax(axis=1)
    assert (indices[first, np.arange(indices.shape[1])] == pooled.winners).all()


def test_tied_taps_are_named() -> None:
    pooled = max_pooling(np.array([[[1.0, 2.0], [2.0, 0.0]]]), Window((2, 2), (2, 2)))
    assert pooled.winners.tolist() == [[1]]
    assert pooled.largest.ravel().tolist() == [False, True, True, False]


def test_the_padding_of_max_pooling_never_wins() -> None:
    maps = np.full((1, 2, 2), -3.0)
    pooled = max_pooling(maps, Window((2, 2), (2, 2), (1, 1)))
    assert pooled.values.tolist() == [[-3] * 4]
    assert max_pooling(maps - np.inf, Window((2, 2), (2, 2), (1, 1))).winners.tolist() == [[0, 1, 2, 3]]


def test_an_average_counts_the_padding_but_not_what_lies_beyond_it() -> None:
    ones = np.ones((1, 3, 3))
    assert average_pooling(ones, Window((2, 2), (2, 2), (1, 1))).tolist() == [[0.25, 0.5, 0.5, 1]]
    assert average_pooling(ones, Window((2, 2), (2, 2), ceil_mode=True)).tolist() == [[1, 1, 1, 1]]
    assert divisors(3, 3, Window((2, 2), (2, 2), ceil_mode=True)).tolist() == [4, 2, 2, 1]


@pytest.mark.parametrize(
    ("kind", "window", "sentence"),
    [
        ("max", Window((1, 1), (1, 1), (1, 0)), "floor(1/2) = 0, not 1."),
        ("max", Window((3, 3), (1, 1), (2, 2), (3, 3)), "floor(3/2) = 1, not 2."),
        ("average", Window((2, 2), (1, 1), (0, 0), (1, 2)), "Average pooling has no dilation: it is 1, not 2."),
        ("max", Window((2, 2), (1, 1), (1, 1), (2, 2)), "1 window holds no pixel"),
        ("max", Window((2, 2), (1, 1)), "floor((1 + 2·0 − 1·(2 − 1) − 1)/1) + 1 = 0."),
    ],
)
def test_a_refusal_says_why(kind: str, window: Window, sentence: str) -> None:
    assert sentence in (refusal(kind, (1, 1), window) or "")


def test_float32_stays_float32() -> None:
    maps, window = np.ones((1, 4, 4), np.float32), Window((2, 2), (2, 2), (1, 1))
    assert max_pooling(maps, window).values.dtype == np.float32
    assert average_pooling(maps, window).dtype == np.float32
