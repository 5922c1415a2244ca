"""Softmax and cross-entropy: forward and derivative side by side."""

from __future__ import annotations

from math import isfinite
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Softmax(NamedTuple):
    """The softmax of ten logits, term by term."""

    shift: np.floating[Any]  # what is taken from every logit first
    shifted: Array  # (classes,): logit − shift
    exponentials: Array  # (classes,): e to the power of each
    total: np.floating[Any]  # their sum
    probabilities: Array  # (classes,): each exponential over the sum


def softmax(logits: Array, shifts: bool = True) -> Softmax:
    """Return the softmax of the logits, shifted by the largest of them first, so that no exponential overflows.

    Without the shift it is what the formula says, and large logits end in inf / inf = nan.
    """
    shift = logits.max() if shifts else logits.dtype.type(0)
    shifted = logits - shift
    exponentials = np.exp(shifted)
    total = exponentials.sum()
    return Softmax(shift, shifted, exponentials, total, exponentials / total)


def softmax_gradient(probabilities: Array, gradient: Array) -> Array:
    """Return ∂loss/∂logits of a softmax from ∂loss/∂probabilities: each S·(its gradient − the mean weighed by S)."""
    handed: Array = probabilities * (gradient - probabilities @ gradient)
    return handed


class Verdict(NamedTuple):
    """What softmax and cross-entropy make of ten logits."""

    probabilities: Array  # (classes,)
    loss: np.floating[Any]


def cross_entropy(logits: Array, label: int) -> Verdict:
    """Return the softmax of the logits and the loss, logsumexp(logits) − logits[label].

    Everything is shifted by the largest logit first, so that no exponential overflows; −log(softmax) would be inf
    where the label's logit lies far below. The same order of operations as ``torch.nn.functional.cross_entropy``.
    """
    found = softmax(logits)
    return Verdict(found.probabilities, surprise(found, label))


def surprise(found: Softmax, label: int) -> np.floating[Any]:
    """Return logsumexp − logit of the label, both less the shift."""
    loss: np.floating[Any] = np.log(found.total) - found.shifted[label]
    return loss


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
