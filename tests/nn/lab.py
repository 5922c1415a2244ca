"""The lab's network in plain PyTorch: the oracle."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own custom
from hypothesis import strategies as some
from torch import nn

from app.nn.digits import Digit


class Net(nn.Module):
    """Cells 170–196 of the lab."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 2, 2)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(4, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.pool(F.relu(self.conv(x))).view(-1, 4))


def net(seed: int) -> Net:
    torch.manual_seed(seed)
    return Net()


def image(digit: Digit) -> torch.Tensor:
    return torch.tensor(digit.image).view(1, 1, 5, 5)


def train(model: Net, digit: Digit, rate: float, steps: int) -> list[float]:
    """Take SGD steps and return the loss before each."""
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    x, y, losses = image(digit), torch.tensor([digit.label]), []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


seeds = some.integers(0, 2**32 - 1)
digits = some.builds(
    lambda ink, label: Digit(bytes(ink >> place & 1 for place in range(25)), label),
    some.integers(0, 2**25 - 1),
    some.integers(0, 9),
)
