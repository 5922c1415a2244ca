"""The same drawing under different labels: nobody can be right on all of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.nn.datasets.samples import PIXELS, Samples
from app.nn.digits import CLASSES


class Conflict(NamedTuple):
    """A bitmap that occurs under more than one label."""

    pixels: bytes  # as in Digit
    counts: tuple[int, ...]  # how often it is a 0, a 1, … a 9


def conflicts(samples: Samples) -> tuple[Conflict, ...]:
    """Return them, those that occur most often first."""
    first, table = _counted(samples)
    several = np.flatnonzero((table > 0).sum(axis=1) > 1)
    several = several[np.argsort(-table[several].sum(axis=1), kind="stable")]
    return tuple(Conflict(samples.digit(first[at]).pixels, tuple(table[at].tolist())) for at in several)


def bitmaps(samples: Samples) -> int:
    """Return how many different drawings there are."""
    return len(_counted(samples)[0])


def ceiling(samples: Samples) -> float:
    """Return the largest share that anybody can be right on who sees the drawings alone; 1 for an empty set."""
    if not samples.size:
        return 1.0
    return int(_counted(samples)[1].max(axis=1).sum()) / samples.size


def _counted(samples: Samples) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return where each bitmap first occurs, shape (m,), and how often under each label, shape (m, 10)."""
    codes = samples.images.astype(np.int64) @ (1 << np.arange(PIXELS))
    _, first, which = np.unique(codes, return_index=True, return_inverse=True)
    counts = np.bincount(which * CLASSES + samples.labels, minlength=len(first) * CLASSES)
    return first, counts.reshape(-1, CLASSES)
