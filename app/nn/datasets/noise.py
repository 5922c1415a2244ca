"""Samples spoilt on purpose: wrong labels, drawings that are shifted, pixels that are flipped.

The generators are `numpy.random.default_rng`: `[seed, epoch]` for an epoch's augmentation, `[seed, 0, 1]` for wrong
labels, so that neither depends on the other, nor on the order that `order` makes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.nn.datasets.samples import Images, Labels
from app.nn.digits import CLASSES, SIZE


def mislabelled(labels: Labels, share: float, seed: int) -> Labels:
    """Return the labels, shape (n,), with ``round(share * n)`` of them replaced by another one, each as likely.

    ``share`` is 0 … 1. A larger share keeps the wrong labels of a smaller one and adds to them; 0 returns ``labels``.
    """
    count = round(share * len(labels))
    if count == 0:
        return labels
    random = np.random.default_rng([seed, 0, 1])
    chosen = random.permutation(len(labels))[:count]
    away = random.integers(1, CLASSES, len(labels))[:count]
    spoilt = labels.copy()
    spoilt[chosen] = (labels[chosen] + away) % CLASSES
    spoilt.setflags(write=False)
    return spoilt


def augmented(images: Images, seed: int, epoch: int, shift: bool, flip: float) -> Images:
    """Return a whole epoch's images, shape (n, 25), in the order given, each changed in its own way.

    With ``shift`` each moves by −1, 0 or 1 rows and as many columns, all equally likely, and paper comes in at the
    edge; then each pixel flips with probability ``flip``. What is drawn for one does not depend on whether the other
    is on. Ask for the epoch at once and cut batches from it.
    """
    random = np.random.default_rng([seed, epoch])
    moves = random.integers(-1, 2, (len(images), 2))
    chances = random.random(images.shape, np.float32)
    changed = _moved(images, moves) if shift else images
    return np.where(chances < flip, 1 - changed, changed) if flip else changed


def shifted(images: Images, rows: int, columns: int) -> Images:
    """Return images, shape (n, 25), moved down by ``rows`` and right by ``columns``; paper comes in at the edge."""
    return _moved(images, np.tile(np.clip([rows, columns], -SIZE, SIZE), (len(images), 1)))


def _moved(images: Images, moves: NDArray[np.int64]) -> Images:
    """Return each image moved by its own (rows, columns), shape (n, 2), none over 5."""
    framed = np.zeros((len(images), 3 * SIZE, 3 * SIZE), np.float32)
    framed[:, SIZE:-SIZE, SIZE:-SIZE] = images.reshape(-1, SIZE, SIZE)
    start = SIZE - moves[:, :, None] + np.arange(SIZE)  # (n, 2, 5): which rows and columns of the frame to read
    read: Images = framed[np.arange(len(images))[:, None, None], start[:, 0, :, None], start[:, 1, None, :]]
    return read.reshape(images.shape)
