"""Finite differences: what the loss does when a parameter moves a little, against autograd; both float64, in torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.nn.digits import SIZE, Digit
from app.nn.network import CONV, FILTERS, POOL, SHAPES, StateDict
from app.nn.referee import load

STEP = 1e-5
KINK = 1e-4  # how near to a kink a number lies that may be carried over it
TOLERANCE = 1e-7  # of max(1, |difference|, |loss|)


def network(given: Mapping[str, Any]) -> str:
    """Return in words how closely central differences and autograd agree on the lab's Net; "" where numbers are huge.

    Parameters of a map that lies at a kink (a ReLU at 0, a tie in its pool) are left out and named: there autograd
    gives 1 or 0, and differences a half.
    """
    torch = load()
    functional = torch.nn.functional
    digit = Digit(bytes.fromhex(given["pixels"]), given["label"])
    image = torch.tensor(digit.image, dtype=torch.float64).view(1, 1, SIZE, SIZE)
    label = torch.tensor([digit.label])
    start = StateDict(bytes.fromhex(given["parameters"]))
    weights = {name: torch.tensor(start[name].astype(float), requires_grad=True) for name in SHAPES}

    def loss(parts: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a tensor
        conv = functional.conv2d(image, parts["conv.weight"], parts["conv.bias"], stride=CONV.stride)
        pool = functional.max_pool2d(functional.relu(conv), POOL.kernel_size, POOL.stride)
        logits = functional.linear(pool.view(1, FILTERS), parts["fc.weight"], parts["fc.bias"])
        return functional.cross_entropy(logits, label), conv

    whole, conv = loss(weights)
    if not torch.isfinite(whole) or whole.item() > 1 / STEP:
        return ""
    whole.backward()
    kinks = [
        index
        for index, cells in enumerate(conv.detach()[0].flatten(1))
        if _at_a_kink(sorted(cells.tolist(), reverse=True))
    ]
    largest, count = 0.0, 0
    with torch.no_grad():
        for name, weight in weights.items():
            for place in range(weight.numel()):
                if name.startswith("conv") and place * FILTERS // weight.numel() in kinks:
                    continue
                flat = weight.view(-1)
                kept = flat[place].item()
                flat[place] = kept + STEP
                above = loss(weights)[0].item()
                flat[place] = kept - STEP
                below = loss(weights)[0].item()
                flat[place] = kept
                found, known = (above - below) / (2 * STEP), weight.grad.view(-1)[place].item()
                largest = max(largest, abs(known - found) / max(1, abs(found), abs(whole.item())))
                count += 1
    left = f"; left out at a kink: map{'s' if len(kinks) > 1 else ''} {', '.join(map(str, kinks))}" if kinks else ""
    verdict = f"within {largest:.0e}" if largest <= TOLERANCE else f"OFF BY {largest:.0e}"
    return f"finite differences of {count} parameters: {verdict}{left}"


def _at_a_kink(cells: list[float]) -> bool:
    """Return whether a map lies at a kink: its largest cell near 0, or not alone."""
    first, second = cells[:2]
    return abs(first) < KINK or (first > 0 and first - second < KINK)


CHECKS: dict[str, Callable[[Mapping[str, Any]], str]] = {"network": network}
"""What is compared beside the numbers of a lab, in words."""
