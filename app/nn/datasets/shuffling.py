"""Which samples train, which test, and in what order: `torch.randperm`'s numbers without torch.

All of them come from one `torch.Generator().manual_seed(seed)`: `randperm(n)` splits the set, then each epoch shuffles
the training half by a `randperm(n_train)` of its own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]

TRAIN = 0.8
_WORD = 4  # bytes
_BLOCK = 1 << 16  # words that are skipped at a time


class Split(NamedTuple):
    """Indices into the set; read-only."""

    train: Indices
    test: Indices


@lru_cache(maxsize=32)
def split(n: int, seed: int) -> Split:
    """Return the first ``int(0.8 * n)`` of ``randperm(n)`` to train on, the rest to test.

    One at least trains, where there is one. ``seed`` is 0 … 4294967295.
    """
    mixed = _randperm(np.random.RandomState(seed), n)
    train = max(int(TRAIN * n), min(n, 1))
    return Split(mixed[:train], mixed[train:])


@lru_cache(maxsize=16)
def order(seed: int, n: int, n_train: int, epoch: int) -> Indices:
    """Return 0 … n_train − 1 in the order of an epoch (from 0), read-only.

    It is the ``epoch + 1``-th ``randperm(n_train)`` after the ``randperm(n)`` of the split. The epoch after the last
    one asked for costs no more than itself; any other one skips the numbers of those before it.
    """
    return _shuffles(seed, n, n_train).order(epoch)


class _Shuffles:
    """The shuffles of one training set, with the place in the stream where the last one ended."""

    def __init__(self, seed: int, n: int, n_train: int) -> None:
        self._n_train = n_train
        random = np.random.RandomState(seed)
        _skip(random, n - 1)
        self._first = self._next = (0, random.get_state(legacy=False))

    def order(self, epoch: int) -> Indices:
        known = self._next  # read once: another thread may move it on
        at, state = known if known[0] <= epoch else self._first
        random = np.random.RandomState()
        random.set_state(state)
        _skip(random, (epoch - at) * (self._n_train - 1))
        mixed = _randperm(random, self._n_train)
        self._next = (epoch + 1, random.get_state(legacy=False))
        return mixed


_shuffles = lru_cache(maxsize=16)(_Shuffles)


def _skip(random: np.random.RandomState, words: int) -> None:
    while words > 0:
        random.bytes(_WORD * min(words, _BLOCK))
        words -= _BLOCK


def _randperm(random: np.random.RandomState, n: int) -> Indices:
    """Return ``torch.randperm(n)``: each place changes with one from it on, by a word of the Mersenne Twister."""
    words = np.frombuffer(random.bytes(_WORD * max(n - 1, 0)), "<u4")
    partners = (np.arange(len(words)) + words % np.arange(n, 1, -1)).tolist() if n > 1 else []
    mixed = list(range(n))
    for place, partner in enumerate(partners):
        mixed[place], mixed[partner] = mixed[partner], mixed[place]
    indices = np.array(mixed, np.intp)
    indices.setflags(write=False)
    return indices
