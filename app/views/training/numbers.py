"""The Training lab's numbers by name: what its addresses lead to, and what the API says of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.nn.architecture import named
from app.views.moment import Moment
from app.views.training.judged import Judged, judged

WORST = 20

Tensors = dict[str, NDArray[Any]]


def tensors(moment: Moment) -> Tensors:
    """Return the drawing on the table (``input``), the parameters by their names, and what the network is worth.

    ``grad.…``: what stands in ``.grad``, and ``velocity.…``: the momentum buffer, once there are any. Where there are
    logits to be judged: ``confusion`` (10, 10), label and class; ``worst``, losses of the worst mistakes of the test
    set; ``count``, ``correct``, ``right`` and ``loss`` of the test and of the training set.
    """
    lab = moment.table.training
    found = {"input": moment.table.digit.image, **named(lab.net, lab.vector)}
    for prefix, data in (("grad", lab.gradient), ("velocity", lab.velocity)):
        if data:
            buffers = named(lab.net, np.frombuffer(data, np.float32))
            found |= {f"{prefix}.{name}": part for name, part in buffers.items()}
    known = judged(lab)
    return found | scores(known) if known else found


def worst(found: Judged) -> list[int]:
    """Return the places in the test set of the worst mistakes, at most ``WORST``, the worst first."""
    labels = found.material.whole.labels[found.material.test]
    order = np.argsort(-np.nan_to_num(found.test.losses, nan=np.inf), kind="stable")
    return [place for place in order.tolist() if found.test.predictions[place] != labels[place]][:WORST]


def scores(found: Judged) -> Tensors:
    """Return what the network is worth, by name."""
    taught = found.material.taught
    labels = found.material.whole.labels[found.material.test]
    sets = (
        ("test", found.test.predictions, labels, found.test_score),
        ("train", found.train.predictions, taught, found.train_score),
    )
    known: Tensors = {"confusion": found.confusion, "worst": found.test.losses[worst(found)]}
    for name, said, meant, score in sets:
        known[f"{name}.count"] = np.asarray(len(meant))
        known[f"{name}.correct"] = np.asarray(int((said == meant).sum()))
        known[f"{name}.right"] = np.asarray(score.right)
        known[f"{name}.loss"] = np.asarray(score.loss)
    return known
