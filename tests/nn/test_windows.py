"""A window walks an image as PyTorch's does."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from app.nn.digits import SAMPLES, SIZE
from app.nn.network import CONV
from app.nn.windows import Window, unfold, unread


@given(
    rows=some.integers(1, 9),
    columns=some.integers(1, 9),
    window=some.builds(Window, some.integers(1, 5), some.integers(1, 5)),
)
def test_unfold_equals_pytorchs(rows: int, columns: int, window: Window) -> None:
    if window.kernel_size > min(rows, columns):
        return
    places = torch.arange(rows * columns, dtype=torch.float64).view(1, 1, rows, columns)
    theirs = torch.nn.functional.unfold(places, window.kernel_size, stride=window.stride)[0]
    assert (unfold(rows, columns, window) == theirs.numpy()).all()


def test_the_networks_windows_never_read_the_last_row_and_column() -> None:
    mask = unread(SIZE, SIZE, CONV)
    hatched = {divmod(place, SIZE) for place in range(SIZE * SIZE) if mask[place]}
    assert hatched == {(row, column) for row in range(5) for column in range(5) if 4 in (row, column)}


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "expected"), [(5, 2, 1, 4), (5, 2, 3, 2), (5, 3, 2, 2), (5, 2, 2, 2)]
)
def test_the_labs_output_sizes(size: int, kernel: int, stride: int, expected: int) -> None:
    assert Window(kernel, stride).output_size(size) == expected


def test_samples_are_well_made() -> None:
    assert len({digit.pixels for digit in SAMPLES.values()}) == len(SAMPLES)
    assert [SAMPLES[f"glyph-{digit}"].label for digit in range(10)] == list(range(10))
    assert all(set(digit.pixels) <= {0, 1} and len(digit.pixels) == 25 for digit in SAMPLES.values())
