"""Settings, images and kernels of every kind that the labs allow, and how PyTorch takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from hypothesis import strategies as some

from app.nn.windows import Window


def pairs(least: int, most: int) -> some.SearchStrategy[tuple[int, int]]:
    return some.tuples(some.integers(least, most), some.integers(least, most))


def windows(ceil_mode: some.SearchStrategy[bool] | None = None) -> some.SearchStrategy[Window]:
    ceil = some.just(False) if ceil_mode is None else ceil_mode
    return some.builds(Window, pairs(1, 5), pairs(1, 5), pairs(0, 3), pairs(1, 3), ceil)


sizes = pairs(1, 12)
seeds = some.integers(0, 2**32 - 1)


def drawn(seed: int, *shape: int) -> np.ndarray:
    """Return numbers of which some are equal, so that pools are tied."""
    return np.random.default_rng(seed).integers(-4, 5, shape) / 4 + np.random.default_rng(seed).choice([0, 1e-3], shape)


def options(window: Window, *names: str) -> dict[str, Any]:
    return {name: getattr(window, name) for name in names}


def tensor(values: np.ndarray) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)[None]


def close(ours: np.ndarray, theirs: torch.Tensor) -> bool:
    """Within 1e-9·max(1, |b|); what is not finite is the same on both sides."""
    expected = theirs.detach().numpy().reshape(ours.shape)
    return bool(np.isclose(ours, expected, rtol=1e-9, atol=1e-9, equal_nan=True).all())
