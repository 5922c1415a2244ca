"""The convolution by hand equals PyTorch's conv2d."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own custom
from hypothesis import given, settings
from hypothesis import strategies as some

from app.nn.convolution import Kernels, convolve, convolve_gradient, flip, products
from app.nn.digits import SAMPLES
from app.nn.windows import DoesNotFit, Pair, Window, read
from tests.nn.walks import close, drawn, options, seeds, sizes, tensor, windows

filters = some.integers(1, 8)

# Figures of the lab, cells 122 and 133.
KERNEL = np.array([[-0.4036377, -2.63969468, -0.54287506, -1.11070243]])
OUTPUT = [
    [-3.18256974, -3.04333238, -3.04333238, -1.51434013],
    [-0.94651276, 0.0, 0.0, -3.75039711],
    [-0.94651276, 0.0, 0.0, -3.75039711],
    [-1.51434013, -1.65357749, -1.65357749, -3.18256974],
]
SIXTEEN = Window((2, 2), (1, 1))
NO_BIAS = np.zeros(1)


def kernels(seed: int, count: int, window: Window) -> Kernels:
    return Kernels(drawn(seed + 1, count, window.taps), drawn(seed + 2, count))


def conv2d(image: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, window: Window) -> torch.Tensor:
    shaped = weight.view(-1, 1, *window.kernel_size)
    return F.conv2d(image[None], shaped, bias, **options(window, "stride", "padding", "dilation"))


@settings(deadline=None, max_examples=400)
@given(size=sizes, window=windows(), count=filters, seed=seeds)
def test_outputs_sizes_and_refusals_equal_conv2d(size: Pair, window: Window, count: int, seed: int) -> None:
    image, (weight, bias) = drawn(seed, *size), kernels(seed, count, window)
    try:
        expected = window.output_size(*size)
    except DoesNotFit:
        with pytest.raises(RuntimeError, match="Kernel size can't be greater"):
            conv2d(tensor(image), torch.tensor(weight), torch.tensor(bias), window)
        return
    theirs = conv2d(tensor(image), torch.tensor(weight), torch.tensor(bias), window)
    assert theirs.shape == (1, count, *expected)
    assert close(convolve(read(image, window), Kernels(weight, bias)), theirs)


@settings(deadline=None)
@given(size=sizes, window=windows(), count=filters, seed=seeds)
def test_gradients_equal_autograd(size: Pair, window: Window, count: int, seed: int) -> None:
    if min(window.formula(pixels, axis).result for axis, pixels in enumerate(size)) < 1:
        return
    image, ours = drawn(seed, *size), kernels(seed, count, window)
    weight, bias = (torch.tensor(part, requires_grad=True) for part in ours)
    output = conv2d(tensor(image), weight, bias, window)
    handed = drawn(seed + 3, *output.shape)
    output.backward(torch.tensor(handed))
    found = convolve_gradient(read(image, window), handed.reshape(count, -1))
    assert close(found.weight, weight.grad)
    assert close(found.bias, bias.grad)


@settings(deadline=None)
@given(size=some.tuples(some.integers(5, 8), some.integers(5, 8)), count=filters, seed=seeds)
def test_products_and_bias_add_up_to_the_output(size: Pair, count: int, seed: int) -> None:
    window = Window((3, 2), (2, 1), (1, 0))
    taken, weights = read(drawn(seed, *size), window), kernels(seed, count, window)
    for (chosen, position), value in np.ndenumerate(convolve(taken, weights)):
        terms = products(taken, weights, chosen, position)
        assert terms.shape == (window.taps,)
        assert terms.sum() + weights.bias[chosen] == pytest.approx(value, abs=1e-12)


@settings(deadline=None)
@given(seed=seeds, count=filters)
def test_a_flipped_kernel_is_turned_by_half_a_turn(seed: int, count: int) -> None:
    weight = drawn(seed, count, 3, 2)
    turned = flip(weight.reshape(count, 6)).reshape(count, 3, 2)
    assert (turned == np.rot90(weight, 2, axes=(1, 2))).all()
    assert (flip(flip(weight)) == weight).all()


def test_with_a_flipped_kernel_a_dot_paints_the_kernel_itself() -> None:
    dot, kernel = np.zeros((3, 3)), np.arange(9.0).reshape(1, 9)
    dot[1, 1] = 1
    taken = read(dot, Window((3, 3), (1, 1), (1, 1)))
    assert (convolve(taken, Kernels(flip(kernel), NO_BIAS)) == kernel).all()
    assert (convolve(taken, Kernels(kernel, NO_BIAS)) == kernel[:, ::-1]).all()


def test_the_labs_convolution_of_the_zero() -> None:
    image = SAMPLES["zero"].image.astype(np.float64)
    output = convolve(read(image, SIXTEEN), Kernels(KERNEL, NO_BIAS))
    assert output.dtype == np.float64
    assert output.reshape(4, 4) == pytest.approx(np.array(OUTPUT), abs=2e-8)


def test_the_labs_stride_of_3_gives_equal_diagonals_for_the_zero() -> None:
    taken = read(SAMPLES["zero"].image.astype(np.float64), Window((2, 2), (3, 3)))
    (first, second, third, fourth) = convolve(taken, Kernels(np.ones((1, 4)), NO_BIAS))[0]
    assert (first, second) == (fourth, third)


def test_float32_stays_float32() -> None:
    taken = read(SAMPLES["zero"].image, SIXTEEN)
    assert convolve(taken, Kernels(KERNEL.astype(np.float32), np.zeros(1, np.float32))).dtype == np.float32
