"""What becomes of the test digits, each moved by a pixel: what pooling absorbs, and what it does not."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.nn.architecture import Architecture
from app.nn.batch import judge, propagate
from app.nn.datasets import shifted
from app.playground.training import SetName, Training, material
from app.views.training.judged import Judged
from app.views.training.watched import percent

WAYS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}


def moved(lab: Training, found: Judged) -> str:
    """Return how many are right when all are moved, and how many numbers of the maps change."""
    rights, conv, pool = _moved(lab.net, lab.vector.tobytes(), lab.data.name, lab.own, lab.seed)
    ways = ", ".join(f"{way} {percent(right)}" for way, right in rights)
    words = f"Right as they are {percent(found.test_score.right)}; moved {ways}."
    if pool is not None and conv is not None:
        words += (
            f" The maps change by {100 * conv:.0f} % of their size, what the pooling hands on by {100 * pool:.0f} %."
        )
    elif conv is not None:
        words += f" The maps change by {100 * conv:.0f} % of their size; no pooling absorbs any of it."
    return words


@lru_cache(maxsize=8)
def _moved(
    net: Architecture, parameters: bytes, name: SetName, own: tuple[int, ...], seed: int
) -> tuple[tuple[tuple[str, float], ...], float | None, float | None]:
    """Return the share right for each way, and by how much of their size the maps and the pooled numbers change."""
    found, vector = material(name, own, seed, 0.0), np.frombuffer(parameters, np.float32)
    test = found.whole.at(found.test)
    rights, conv, pool = [], [], []
    with np.errstate(all="ignore"):  # inf and nan are results here
        still = propagate(net, vector, test.images)
        for way, (rows, columns) in WAYS.items():
            run = propagate(net, vector, shifted(test.images, rows, columns))
            rights.append((way, float((judge(run.logits, test.labels).predictions == test.labels).mean())))
            if run.first is not None and still.first is not None:
                conv.append(_change(run.first, still.first))
            if run.winners is not None:
                pool.append(_change(run.flat, still.flat))
    return tuple(rights), float(np.mean(conv)) if conv else None, float(np.mean(pool)) if pool else None


def _change(now: NDArray[np.float32], before: NDArray[np.float32]) -> float:
    return float(np.abs(now - before).sum() / max(float(np.abs(before).sum()), 1e-30))
