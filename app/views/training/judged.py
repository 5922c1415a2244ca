"""How the network does at a moment: on what it learns from, and on what it has never seen."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.nn.architecture import Architecture
from app.nn.batch import Score, Verdicts, confusion, judge, propagate, score
from app.playground.training import Material, SetName, Training, material


class Judged(NamedTuple):
    """Training and test set, judged. Labels of the training set are those that are taught."""

    material: Material
    train: Verdicts
    test: Verdicts
    train_score: Score
    test_score: Score
    confusion: NDArray[np.intp]  # (10, 10): label, prediction


def judged(lab: Training) -> Judged | None:
    """Return how the network does; None where it has no logits yet, or there is nothing to learn from."""
    if lab.net.unfinished or not lab.material.size:
        return None
    return _judged(lab.net, lab.vector.tobytes(), lab.data.name, lab.own, lab.seed, lab.data.wrong)


@lru_cache(maxsize=8)
def _judged(
    net: Architecture, parameters: bytes, name: SetName, own: tuple[int, ...], seed: int, wrong: float
) -> Judged:
    found, vector = material(name, own, seed, wrong), np.frombuffer(parameters, np.float32)
    labels = found.whole.labels[found.test]
    with np.errstate(all="ignore"):  # inf and nan are results here, and are shown
        train = judge(propagate(net, vector, found.whole.images[found.train]).logits, found.taught)
        test = judge(propagate(net, vector, found.whole.images[found.test]).logits, labels)
    return Judged(
        found,
        train,
        test,
        score(train, found.taught),
        score(test, labels),
        confusion(test.predictions, labels),
    )
