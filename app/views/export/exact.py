"""What float64 promises: how close the numbers of an export come to those of the page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.nn.referee import difference_of

EXACT = 1e-9
"""How far two numbers of float64 may be apart, |a − b| / max(1, |b|)."""
STEADY = 1e-10
"""How far one rounding may lead apart over all steps, so that PyTorch is sure to come out within that."""
DIGITS = 1e-14
"""What float64 leaves of a sum: 16 digits, less two for the order in which it is added up."""


def tolerance(largest: float) -> float:
    """Return 1e-9, or more where sums are so large on their way (``largest``) that fewer digits are left."""
    lost = largest * DIGITS / EXACT
    return EXACT * 10.0 ** min(3, math.ceil(math.log10(lost))) if lost > 1 else EXACT


def longer(rate: float) -> float:
    """Return the rate off by one rounding."""
    return math.nextafter(rate, math.inf)


def steady(ours: Mapping[str, NDArray[Any]], theirs: Mapping[str, NDArray[Any]]) -> bool:
    """Return whether numbers that one rounding leads to are those of the page, near enough."""
    return all(difference_of(np.ravel(theirs[name]), np.ravel(ours[name])) <= STEADY for name in ours)
