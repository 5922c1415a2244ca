"""Networks that a visitor can build: the lab's, what leads up to it (cells 101–103, 154–177), and what goes beyond."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod, sqrt
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.nn.digits import CLASSES, SIZE
from app.nn.windows import DoesNotFit, Window

Array = NDArray[np.float32]
Shape = tuple[int, ...]
Activated = Literal["identity", "relu", "leaky_relu", "sigmoid", "tanh"]
Start = Literal["seed", "zeros", "equal", "dead"]

MOST_PARAMETERS = 12_000
"""So that every number of every step can be kept, and shown."""
EQUAL = 0.1  # what every weight is where all are equal
DEAD = -10.0  # a bias that no drawing can lift over 0: a kernel's weights add up to less


class Layer(NamedTuple):
    """One layer: its name, as ``print`` shows it ("" for what is no module), the shape that it hands on."""

    name: str
    printed: str
    shape: Shape  # without the batch axis
    weights: tuple[Shape, ...] = ()  # weight and bias, as the ``state_dict`` has them
    fan_in: int = 0


@dataclass(frozen=True, slots=True)
class Architecture:
    """Convolution → activation → max pooling → flatten → hidden layer → activation → linear; each may be missing.

    ``filters`` 0: no convolution; ``pool`` 0: no pooling (its stride is its size); ``hidden`` 0: no hidden layer.
    Without ``linear`` the network ends before its ten logits, as the lab's does in cells 159–170.
    """

    filters: int = 4
    kernel_size: int = 2
    stride: int = 2
    padding: int = 0
    activation: Activated = "relu"
    pool: int = 2
    hidden: int = 0
    linear: bool = True

    @property
    def window(self) -> Window:
        """How a kernel walks the drawing."""
        return Window((self.kernel_size,) * 2, (self.stride,) * 2, (self.padding,) * 2)

    @property
    def pooled(self) -> Window:
        """How the pooling walks a map."""
        return Window((self.pool,) * 2, (self.pool,) * 2)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers in their order; raise ``DoesNotFit`` where one does not fit onto the one before."""
        return _layers(self)

    @property
    def shapes(self) -> dict[str, Shape]:
        """The keys and shapes of the ``state_dict``, in PyTorch's order."""
        return _shapes(self)

    @property
    def parameters(self) -> int:
        """How many numbers it learns."""
        return sum(map(prod, self.shapes.values()))

    @property
    def outputs(self) -> int:
        """How many numbers come out at the end."""
        return prod(self.layers[-1].shape) if self.layers else SIZE * SIZE

    @property
    def printed(self) -> str:
        """The network as ``print(net)`` prints it: the modules alone, in the order of ``__init__``."""
        rows = [f"  ({layer.name}): {layer.printed}" for layer in self.layers if layer.printed]
        return "\n".join(("Net(", *rows, ")")) if rows else "Net()"

    @property
    def unfinished(self) -> str:
        """Why it cannot be trained, in a sentence; "" where it can."""
        if self.outputs == CLASSES:
            return ""
        shape = " × ".join(map(str, self.layers[-1].shape if self.layers else (1, SIZE, SIZE)))
        return (
            f"This network makes {shape} = {self.outputs} numbers, and a loss needs ten logits, one for each digit. "
            "Add the linear layer."
        )


LADDER: dict[str, Architecture] = {
    "linear": Architecture(filters=0, pool=0, activation="identity"),
    "convolution": Architecture(activation="identity", pool=0, linear=False),
    "pooling": Architecture(activation="identity", linear=False),
    "relu": Architecture(linear=False),
    "lab": Architecture(),
    "eight": Architecture(filters=8, kernel_size=3, stride=1, padding=1, pool=0),
}
"""The network as it grows in the lab (cells 103, 159, 161, 170, 176), and one that reads handwriting well."""


@lru_cache(maxsize=64)
def _layers(net: Architecture) -> tuple[Layer, ...]:
    shape: Shape = (1, SIZE, SIZE)
    found = []

    def add(name: str, printed: str, out: Shape, weights: tuple[Shape, ...] = (), fan_in: int = 0) -> None:
        nonlocal shape
        shape = out
        found.append(Layer(name, printed, out, weights, fan_in))

    def activate(name: str) -> None:
        if net.activation != "identity":
            add(name, "", shape)

    if net.filters:
        window = net.window
        size = window.output_size(SIZE, SIZE)
        kernel = (net.filters, 1, *window.kernel_size)
        padding = f", padding={window.padding}" if net.padding else ""
        printed = f"Conv2d(1, {net.filters}, kernel_size={window.kernel_size}, stride={window.stride}{padding})"
        add("conv", printed, (net.filters, *size), (kernel, (net.filters,)), window.taps)
        activate(net.activation)
    if net.pool:
        if not net.filters:
            raise DoesNotFit("Without a convolution there are no maps to pool.")
        size = net.pooled.output_size(*shape[1:])
        printed = f"MaxPool2d(kernel_size={net.pool}, stride={net.pool}, padding=0, dilation=1, ceil_mode=False)"
        add("pool", printed, (net.filters, *size))
    if net.linear or net.hidden:
        add("flatten", "", (prod(shape),))
    for name, width in (("hidden", net.hidden), ("fc", CLASSES * net.linear)):
        if width:
            (features,) = shape
            printed = f"Linear(in_features={features}, out_features={width}, bias=True)"
            add(name, printed, (width,), ((width, features), (width,)), features)
            if name == "hidden":
                activate(f"hidden {net.activation}")
    count = sum(prod(shape) for layer in found for shape in layer.weights)
    if count > MOST_PARAMETERS:
        raise DoesNotFit(f"That would be {count:,} parameters; {MOST_PARAMETERS:,} is the most that are kept here.")
    return tuple(found)


@lru_cache(maxsize=64)
def _shapes(net: Architecture) -> dict[str, Shape]:
    return {
        f"{layer.name}.{part}": shape
        for layer in net.layers
        for part, shape in zip(("weight", "bias"), layer.weights, strict=False)
    }


def named(net: Architecture, vector: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return views of a vector of all parameters, by name, in PyTorch's shapes; writing to the vector shows in them."""
    views, end = {}, 0
    for name, shape in net.shapes.items():
        start, end = end, end + prod(shape)
        views[name] = vector[start:end].reshape(shape)
    return views


def initial(net: Architecture, seed: int, start: Start = "seed") -> Array:
    """Return the first parameters, one vector in the order of the ``state_dict``.

    ``seed``: exactly those of ``torch.manual_seed(seed); Net()``, without torch (the recipe, and the one processor
    where it is 2⁻²⁶ off, are in ``classifier.uniform``). ``zeros``: all 0. ``equal``: every weight and bias the same.
    ``dead``: the seed's, but that no drawing can wake a map (the convolution's biases are far below 0).
    """
    if start == "zeros":
        return np.zeros(net.parameters, np.float32)
    if start == "equal":
        return np.full(net.parameters, EQUAL, np.float32)
    bits = np.frombuffer(np.random.RandomState(seed).bytes(4 * net.parameters), np.uint32) & 0xFFFFFF
    bounds = np.repeat(*_bounds(net))
    vector = (bits * 2.0**-24 * (bounds + bounds).astype(np.float64) - bounds).astype(np.float32)
    if start == "dead":
        for name, part in named(net, vector).items():
            if name in ("conv.bias", "hidden.bias"):
                part[:] = DEAD
    return vector


def _bounds(net: Architecture) -> tuple[Array, list[int]]:
    # kaiming_uniform_(a=√5) and 1/√fan_in are the same bound, but are not rounded alike.
    bounds, counts = [], []
    for layer in net.layers:
        for part, shape in enumerate(layer.weights):
            root = sqrt(layer.fan_in)
            bounds.append(1 / root if part else sqrt(3) * (sqrt(2 / (1 + sqrt(5) ** 2)) / root))
            counts.append(prod(shape))
    return np.array(bounds, np.float32), counts
