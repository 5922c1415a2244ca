"""A window walks an image as PyTorch's does."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from app.nn.digits import SAMPLES, SIZE
from app.nn.network import CONV
from app.nn.windows import COLUMNS, ROWS, DoesNotFit, Pair, Window, corner, read, readers, unfold, unread
from tests.nn.walks import close, drawn, options, seeds, sizes, tensor, windows


def square(kernel: int, stride: int, padding: int = 0) -> Window:
    return Window((kernel, kernel), (stride, stride), (padding, padding))


def fits(size: Pair, window: Window) -> bool:
    try:
        window.output_size(*size)
    except DoesNotFit:
        return False
    return True


@settings(deadline=None)
@given(size=sizes, window=windows(), seed=seeds)
def test_what_windows_read_is_what_pytorchs_unfold_reads(size: Pair, window: Window, seed: int) -> None:
    image = drawn(seed, 2, *size)
    named = options(window, "kernel_size", "stride", "padding", "dilation")
    if not fits(size, window):
        with pytest.raises(RuntimeError, match="at least one"):
            torch.nn.functional.unfold(tensor(image), **named)
        return
    assert close(read(image, window), torch.nn.functional.unfold(tensor(image), **named)[0])


@settings(deadline=None)
@given(size=sizes, window=windows(some.booleans()))
def test_a_cell_outside_the_image_says_whether_it_is_padding_or_beyond(size: Pair, window: Window) -> None:
    if not fits(size, window):
        return
    (rows, columns), (top, left), across = size, window.padding, window.output_size(*size)[1]
    for (tap, position), index in np.ndenumerate(unfold(rows, columns, window)):
        down, right = divmod(tap, window.kernel_size[1])
        row, column = corner(position, window, across)
        row, column = row + down * window.dilation[0], column + right * window.dilation[1]
        if 0 <= row < rows and 0 <= column < columns:
            assert index == row * columns + column
        else:
            assert index == rows * columns + (row >= rows + top or column >= columns + left)


@settings(deadline=None)
@given(size=sizes, window=windows())
def test_only_ceil_mode_leads_beyond_the_padding(size: Pair, window: Window) -> None:
    if fits(size, window):
        assert unfold(*size, window).max() <= size[0] * size[1]


@settings(deadline=None)
@given(size=sizes, window=windows(some.booleans()))
def test_a_pixel_without_readers_is_unread(size: Pair, window: Window) -> None:
    if not fits(size, window):
        return
    mask, indices = unread(*size, window), unfold(*size, window)
    for cell in range(size[0] * size[1]):
        positions = readers(*size, window, cell).tolist()
        assert positions == [position for position, taps in enumerate(indices.T.tolist()) if cell in taps]
        assert bool(mask[cell]) == (not positions)


def test_padding_and_what_lies_beyond_are_filled_apart() -> None:
    window = Window((2, 2), (2, 2), (1, 1), ceil_mode=True)
    assert read(np.ones((1, 2)), window, pad=7.0, beyond=9.0).T.tolist() == [[7, 7, 7, 1], [7, 7, 1, 7]]
    window = Window((2, 2), (2, 2), ceil_mode=True)
    assert read(np.ones((1, 3)), window, pad=7.0, beyond=9.0).T.tolist() == [[1, 1, 9, 9], [1, 9, 9, 9]]


def test_without_padding_the_indices_are_one_read_only_array() -> None:
    indices = unfold(SIZE, SIZE, CONV)
    assert indices is unfold(SIZE, SIZE, CONV)
    assert indices.dtype == np.intp
    assert not indices.flags.writeable


def test_the_networks_windows_never_read_the_last_row_and_column() -> None:
    mask = unread(SIZE, SIZE, CONV)
    hatched = {divmod(place, SIZE) for place in range(SIZE * SIZE) if mask[place]}
    assert hatched == {(row, column) for row in range(5) for column in range(5) if 4 in (row, column)}


@pytest.mark.parametrize(
    ("image", "kernel", "stride", "padding", "expected"),
    [
        ((5, 5), 1, 2, 0, (3, 3)),
        ((5, 5), 2, 1, 0, (4, 4)),
        ((5, 5), 2, 3, 0, (2, 2)),
        ((5, 5), 2, 1, 1, (6, 6)),
        ((6, 8), 2, 1, 1, (7, 9)),
        ((5, 5), 3, 2, 0, (2, 2)),
        ((5, 5), 2, 2, 0, (2, 2)),
    ],
)
def test_the_labs_output_sizes(image: Pair, kernel: int, stride: int, padding: int, expected: Pair) -> None:
    assert square(kernel, stride, padding).output_size(*image) == expected


@pytest.mark.parametrize(
    ("window", "pixels", "text", "bites"),
    [
        (square(2, 1, 1), 5, "floor((5 + 2·1 − 1·(2 − 1) − 1)/1) + 1 = 6", False),
        (square(2, 2), 5, "floor((5 + 2·0 − 1·(2 − 1) − 1)/2) + 1 = 2", True),
        (square(5, 1), 3, "floor((3 + 2·0 − 1·(5 − 1) − 1)/1) + 1 = −1", False),
        (Window((2, 2), (2, 2), ceil_mode=True), 5, "ceil((5 + 2·0 − 1·(2 − 1) − 1)/2) + 1 = 3", True),
        (Window((2, 2), (2, 2), (1, 1), ceil_mode=True), 1, "ceil((1 + 2·1 − 1·(2 − 1) − 1)/2) + 1 − 1 = 1", True),
    ],
)
def test_the_formula_is_shown_with_its_numbers(window: Window, pixels: int, text: str, bites: bool) -> None:
    size = window.formula(pixels, ROWS)
    assert size == window.formula(pixels, COLUMNS)
    assert (size.text, size.bites) == (text, bites)


def test_a_window_that_does_not_fit_shows_the_formula() -> None:
    with pytest.raises(DoesNotFit) as refusal:
        Window((2, 5), (1, 1)).output_size(3, 3)
    assert refusal.value.sentence == (
        "A kernel of 5 with dilation 1 does not fit into 3 + 2·0 pixels: floor((3 + 2·0 − 1·(5 − 1) − 1)/1) + 1 = −1."
    )


@pytest.mark.parametrize("name", ["kernel_size", "stride", "padding", "dilation"])
def test_a_setting_out_of_its_domain_makes_no_window(name: str) -> None:
    settings = {"kernel_size": (2, 2), "stride": (1, 1), name: (1, -1)}
    with pytest.raises(DoesNotFit, match="−1 is too small") as refusal:
        Window(**settings)
    assert refusal.value.sentence.startswith(f"The {name.removesuffix('_size')} is a whole number from ")


def test_a_dilated_window_spans_its_gaps() -> None:
    assert Window((3, 2), (1, 1), dilation=(2, 3)).span == (5, 4)
    assert Window((3, 2), (1, 1), dilation=(2, 3)).taps == 6


def test_samples_are_well_made() -> None:
    assert len({digit.pixels for digit in SAMPLES.values()}) == len(SAMPLES)
    assert [SAMPLES[f"glyph-{digit}"].label for digit in range(10)] == list(range(10))
    assert all(set(digit.pixels) <= {0, 1} and len(digit.pixels) == 25 for digit in SAMPLES.values())
