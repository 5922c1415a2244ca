"""Softmax and cross-entropy: forward and derivative side by side."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


class Verdict(NamedTuple):
    """What softmax and cross-entropy make of ten logits."""

    probabilities: Array  # (classes,)
    loss: np.float32


def cross_entropy(logits: Array, label: int) -> Verdict:
    """Return the softmax of the logits and the loss, logsumexp(logits) − logits[label].

    Everything is shifted by the largest logit first, so that no exponential overflows; −log(softmax) would be inf
    where the label's logit lies far below. The same order of operations as ``torch.nn.functional.cross_entropy``.
    """
    shifted = logits - logits.max()
    exponentials = np.exp(shifted)
    total = exponentials.sum()
    return Verdict(exponentials / total, np.log(total) - shifted[label])


def cross_entropy_gradient(probabilities: Array, label: int) -> Array:
    """Return ∂loss/∂logits = S − y: the probabilities less the one-hot label, shape (classes,)."""
    gradient = probabilities.copy()
    gradient[label] -= 1
    return gradient


def prediction(logits: Array) -> int | None:
    """Return the class of the largest logit; None where it is tied or any logit is not finite."""
    values = logits.tolist()
    best = max(values)
    if not all(map(isfinite, values)) or values.count(best) > 1:
        return None
    return int(values.index(best))
