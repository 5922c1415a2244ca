"""The lab's network (cells 170–196): its 70 parameters, and the forward pass with every value in between."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.nn.activation import relu
from app.nn.convolution import Kernels, convolve
from app.nn.digits import CLASSES, SIZE, Digit
from app.nn.loss import cross_entropy, prediction
from app.nn.pooling import max_pool
from app.nn.windows import Window, unfold

Array = NDArray[np.float32]

CONV = Window(kernel_size=(2, 2), stride=(2, 2))
POOL = Window(kernel_size=(2, 2), stride=(2, 2))
FILTERS = 4
TAPS = CONV.taps
SIDE = CONV.output_size(SIZE, SIZE)[0]  # of a feature map
FEATURES = FILTERS * prod(POOL.output_size(SIDE, SIDE))
READ = unfold(SIZE, SIZE, CONV)  # (taps, positions)
POOLED = unfold(SIDE, SIDE, POOL)  # (taps, windows)

SHAPES: dict[str, tuple[int, ...]] = {
    "conv.weight": (FILTERS, 1, *CONV.kernel_size),
    "conv.bias": (FILTERS,),
    "fc.weight": (CLASSES, FEATURES),
    "fc.bias": (CLASSES,),
}
"""The keys and shapes of the ``state_dict``, in PyTorch's order."""

SLICES: dict[str, slice] = {}
_end = 0
for _name, _shape in SHAPES.items():
    SLICES[_name] = slice(_end, _end + prod(_shape))
    _end += prod(_shape)
PARAMETERS = _end

_PAIRS = f"kernel_size={CONV.kernel_size}, stride={CONV.stride}"
_NUMBERS = f"kernel_size={POOL.kernel_size[0]}, stride={POOL.stride[0]}"  # given as numbers, printed as numbers
PRINTED = f"""Net(
  (conv): Conv2d(1, {FILTERS}, {_PAIRS})
  (pool): MaxPool2d({_NUMBERS}, padding=0, dilation=1, ceil_mode=False)
  (fc): Linear(in_features={FEATURES}, out_features={CLASSES}, bias=True)
)"""
"""The network as ``print(net)`` prints it."""


class Layers(NamedTuple):
    """Views of the 70 numbers as the layers compute with them."""

    conv: Kernels  # weight (filters, taps), bias (filters,)
    fc_weight: Array  # (classes, features)
    fc_bias: Array  # (classes,)


def layers(vector: Array) -> Layers:
    """Return views of a vector of 70 numbers; writing to the vector shows in them."""
    conv_weight, conv_bias, fc_weight, fc_bias = [vector[part] for part in SLICES.values()]
    return Layers(Kernels(conv_weight.reshape(FILTERS, TAPS), conv_bias), fc_weight.reshape(CLASSES, FEATURES), fc_bias)


@dataclass(frozen=True, slots=True)
class StateDict:
    """70 float32, named as PyTorch's ``state_dict`` names them: parameters, or their gradients.

    Held as bytes, so that equality is bit by bit: nan equals nan, and −0 differs from 0.
    """

    data: bytes

    def __getitem__(self, name: str) -> Array:
        """Return the tensor of that name, read-only, in PyTorch's shape."""
        return self.vector[SLICES[name]].reshape(SHAPES[name])

    @property
    def vector(self) -> Array:
        """All 70 numbers in the order of the ``state_dict``, read-only."""
        return np.frombuffer(self.data, np.float32)

    @property
    def finite(self) -> bool:
        """Whether every number is finite."""
        return bool(np.isfinite(self.vector).all())


def initial(seed: int) -> StateDict:
    """Return exactly the parameters of ``torch.manual_seed(seed); Net()``, without torch.

    Source: PyTorch draws each from U(−1/√fan_in, 1/√fan_in) by its MT19937, 24 bits a number; fan_in is 4 for both
    layers here, so the bound is ½. ``seed`` is 0 … 2³² − 1.
    """
    bits = np.frombuffer(np.random.RandomState(seed).bytes(4 * PARAMETERS), np.uint32)
    uniform = (bits & 0xFFFFFF).astype(np.float32) * np.float32(2.0**-24)
    return StateDict((uniform - np.float32(0.5)).tobytes())


class Forward(NamedTuple):
    """The forward pass of one drawing, every value in between; maps are flattened over their cells."""

    read: Array  # (taps, positions): what the windows read of the drawing
    conv: Array  # (filters, positions)
    relu: Array  # (filters, positions)
    pool: Array  # (filters, windows)
    winners: NDArray[np.intp]  # (filters, windows): which position each pool takes
    flat: Array  # (features,)
    logits: Array  # (classes,)
    probabilities: Array  # (classes,)
    loss: np.float32
    label: int

    @property
    def prediction(self) -> int | None:
        """The class of the largest logit; None where it is tied or a logit is not finite."""
        return prediction(self.logits)


def propagate(weights: Layers, read: Array, label: int) -> Forward:
    """Return the forward pass of what the windows read, against this label."""
    conv = convolve(read, weights.conv)
    rectified = relu(conv)
    pool, winners = max_pool(rectified, POOLED)
    flat: Array = pool.ravel()
    logits = weights.fc_weight @ flat + weights.fc_bias
    probabilities, loss = cross_entropy(logits, label)
    return Forward(read, conv, rectified, pool, winners, flat, logits, probabilities, loss, label)


def windows_of(digit: Digit) -> Array:
    """Return what the convolution's windows read of a drawing, shape (taps, positions)."""
    return digit.image.ravel()[READ]


def forward(parameters: StateDict, digit: Digit) -> Forward:
    """Return the forward pass of a drawing and its label."""
    with np.errstate(all="ignore"):  # inf and nan are results here, and are shown
        return propagate(layers(parameters.vector), windows_of(digit), digit.label)
