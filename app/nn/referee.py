"""The referee: the same numbers from PyTorch, and how closely the two agree.

Nothing else here needs torch, and its import takes over a second: it is loaded when it is first asked for. Run as a
program (``python -m app.nn.referee``) it says "ready", then answers a line of JSON with a line of JSON.
"""

from __future__ import annotations

import json
import math
import os
import sys
from dataclasses import asdict, dataclass
from functools import cache
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from app.nn.backward import Backward, backward
from app.nn.digits import SIZE, Digit
from app.nn.network import CONV, FILTERS, POOL, SHAPES, Forward, StateDict, forward

TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class Agreement:
    """The largest difference between ours and PyTorch's, |a − b| / max(1, |b|), and where it was found."""

    difference: float
    address: str

    @property
    def holds(self) -> bool:
        """Whether the two agree within the tolerance."""
        return self.difference <= TOLERANCE


@cache
def load() -> ModuleType:
    """Import torch, once, and return it. Takes about a second the first time."""
    import torch

    torch.set_num_threads(1)  # the tensors are tiny: threads would cost more than they save
    return torch


def torch_pass(parameters: StateDict, digit: Digit) -> dict[str, NDArray[np.float32]]:
    """Return PyTorch's values and gradients (``grad.…``) by name, without the batch axis."""
    torch = load()
    functional = torch.nn.functional
    weights = {name: torch.tensor(parameters[name].copy(), requires_grad=True) for name in SHAPES}
    values = {}
    image = torch.tensor(digit.image).view(1, 1, SIZE, SIZE)
    values["conv"] = functional.conv2d(image, weights["conv.weight"], weights["conv.bias"], stride=CONV.stride)
    values["relu"] = functional.relu(values["conv"])
    values["pool"] = functional.max_pool2d(values["relu"], POOL.kernel_size, POOL.stride)
    values["flat"] = values["pool"].view(-1, FILTERS)
    values["logits"] = functional.linear(values["flat"], weights["fc.weight"], weights["fc.bias"])
    for value in values.values():
        value.retain_grad()
    loss = functional.cross_entropy(values["logits"], torch.tensor([digit.label]))
    loss.backward()
    probabilities = functional.softmax(values["logits"], dim=1)
    found = {name: value.detach().numpy()[0] for name, value in values.items()}
    found |= {f"grad.{name}": value.grad.numpy()[0] for name, value in values.items()}
    found |= {f"grad.{name}": value.grad.numpy() for name, value in weights.items()}
    return found | {"probabilities": probabilities.detach().numpy()[0], "loss": loss.detach().numpy()}


def judge(parameters: StateDict, digit: Digit) -> Agreement:
    """Compute a forward and a backward pass by hand and in PyTorch, and return how closely they agree."""
    run = forward(parameters, digit)
    return compare(parameters, digit, run, backward(parameters, run))


def compare(parameters: StateDict, digit: Digit, run: Forward, back: Backward) -> Agreement:
    """Return how closely a forward and a backward pass by hand agree with PyTorch's autograd.

    Numbers that are not finite agree when both are the same (inf, −inf or nan).
    """
    ours: dict[str, NDArray[np.float32]] = {name: getattr(run, name) for name in ("conv", "relu", "pool", "flat")}
    ours |= {"logits": run.logits, "probabilities": run.probabilities, "loss": np.asarray(run.loss)}
    ours |= {f"grad.{name}": back.parameters[name] for name in SHAPES}
    ours |= {f"grad.{name}": getattr(back, name) for name in ("conv", "relu", "pool", "flat", "logits")}
    worst = Agreement(0.0, "loss")
    for name, theirs in torch_pass(parameters, digit).items():
        difference = _difference(ours[name].ravel(), theirs.ravel())
        if difference > worst.difference:
            worst = Agreement(difference, name)
    return worst


def _difference(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    with np.errstate(all="ignore"):
        gap = np.abs(ours.astype(np.float64) - theirs) / np.maximum(1, np.abs(theirs))
    gap[same] = 0
    gap[np.isnan(gap)] = math.inf
    return float(gap.max())


def main() -> None:
    """Judge what comes in on standard input, until it ends."""
    load()
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        digit = Digit(bytes.fromhex(asked["pixels"]), asked["label"])
        print(json.dumps(asdict(judge(StateDict(bytes.fromhex(asked["parameters"])), digit))), flush=True)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # the server has gone: nobody listens any more
        os._exit(0)
