"""Any network that can be built, in plain PyTorch."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own custom
from hypothesis import strategies as some
from torch import nn

from app.nn.architecture import Architecture
from app.nn.windows import DoesNotFit

FUNCTIONS = {
    "identity": lambda values: values,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}


class Net(nn.Module):
    """The network of an architecture."""

    def __init__(self, net: Architecture) -> None:
        super().__init__()
        self.net = net
        features = 25
        if net.filters:
            padding = {"padding": net.padding} if net.padding else {}
            self.conv = nn.Conv2d(1, net.filters, net.kernel_size, net.stride, **padding)
            side = (5 + 2 * net.padding - net.kernel_size) // net.stride + 1
            if net.pool:
                self.pool = nn.MaxPool2d(net.pool, net.pool)
                side //= net.pool
            features = net.filters * side * side
        if net.hidden:
            self.hidden = nn.Linear(features, net.hidden)
            features = net.hidden
        if net.linear:
            self.fc = nn.Linear(features, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        activation = FUNCTIONS[self.net.activation]
        values = images.view(-1, 1, 5, 5)
        if self.net.filters:
            values = activation(self.conv(values))
            if self.net.pool:
                values = self.pool(values)
        values = values.flatten(1)
        if self.net.hidden:
            values = activation(self.hidden(values))
        return self.fc(values) if self.net.linear else values


def built(seed: int, net: Architecture) -> Net:
    torch.manual_seed(seed)
    return Net(net)


def vector(model: nn.Module) -> np.ndarray:
    return torch.cat([weight.detach().ravel() for weight in model.parameters()]).numpy()


def _fits(net: Architecture) -> bool:
    try:
        return not net.unfinished
    except DoesNotFit:
        return False


architectures = some.builds(
    Architecture,
    filters=some.sampled_from([0, 1, 2, 4, 8, 16]),
    kernel_size=some.integers(1, 5),
    stride=some.integers(1, 3),
    padding=some.integers(0, 2),
    activation=some.sampled_from(sorted(FUNCTIONS)),
    pool=some.sampled_from([0, 2, 3]),
    hidden=some.sampled_from([0, 0, 8, 16]),
).filter(_fits)
