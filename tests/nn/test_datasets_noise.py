"""Wrong labels, shifted drawings and flipped pixels keep their promises; so does the search for contradictions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.nn.datasets import Samples, augmented, bitmaps, ceiling, conflicts, mislabelled, samples, shifted
from app.nn.digits import SAMPLES, Digit

seeds = some.integers(0, 4294967295)
shares = some.floats(0, 1)
steps = some.integers(-6, 6)
LABELS = samples("handwriting").labels
IMAGES = samples("glyphs").images


@given(share=shares, seed=seeds, n=some.integers(0, 100))
def test_exactly_the_share_of_labels_is_wrong_and_the_same_ones_each_time(share: float, seed: int, n: int) -> None:
    spoilt = mislabelled(LABELS[:n], share, seed)
    assert (spoilt != LABELS[:n]).sum() == round(share * n)
    assert spoilt.tolist() == mislabelled(LABELS[:n], share, seed).tolist()
    assert set(spoilt.tolist()) <= set(range(10))


def test_wrong_labels_are_every_other_one_as_often() -> None:
    zeros = np.zeros(90_000, np.int64)
    counts = np.bincount(mislabelled(zeros, 1, 5), minlength=10)
    assert counts[0] == 0
    assert counts[1:] == pytest.approx(10_000, rel=0.05)


def test_no_share_leaves_the_labels_and_a_larger_one_keeps_the_wrong_ones_of_a_smaller() -> None:
    assert mislabelled(LABELS, 0, 3) is LABELS
    some_wrong, more = mislabelled(LABELS, 0.1, 3), mislabelled(LABELS, 0.3, 3)
    assert (more != LABELS)[some_wrong != LABELS].all()
    assert more[some_wrong != LABELS].tolist() == some_wrong[some_wrong != LABELS].tolist()


def test_shifted_moves_the_ink_and_lets_paper_in() -> None:
    four = shifted(samples("lab").images[1:2], 1, -1)
    assert Digit(four[0].astype(np.uint8).tobytes(), 4).rows == [
        [0, 0, 0, 0, 0],
        [0, 1, 0, 0, 0],
        [0, 1, 0, 0, 0],
        [1, 1, 1, 1, 0],
        [0, 1, 0, 0, 0],
    ]


@given(rows=steps, columns=steps)
def test_a_shift_equals_one_pixel_by_pixel(rows: int, columns: int) -> None:
    wanted = np.zeros((len(IMAGES), 5, 5))
    for row in range(5):
        for column in range(5):
            if 0 <= row - rows < 5 and 0 <= column - columns < 5:
                wanted[:, row, column] = IMAGES.reshape(-1, 5, 5)[:, row - rows, column - columns]
    assert shifted(IMAGES, rows, columns).tolist() == wanted.reshape(-1, 25).tolist()


@given(seed=seeds, epoch=some.integers(0, 1000))
def test_augmentation_shifts_each_image_by_a_pixel_at_most(seed: int, epoch: int) -> None:
    changed = augmented(IMAGES, seed, epoch, shift=True, flip=0)
    nine = np.stack([shifted(IMAGES, down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)])
    assert (changed == nine).all(axis=2).any(axis=0).all()
    assert changed.tolist() == augmented(IMAGES, seed, epoch, shift=True, flip=0).tolist()
    assert (changed != augmented(IMAGES, seed, epoch + 1, shift=True, flip=0)).any()


def test_each_pixel_flips_with_its_probability() -> None:
    images = np.tile(IMAGES, (50, 1))
    assert (augmented(images, 1, 2, shift=False, flip=0.1) != images).mean() == pytest.approx(0.1, rel=0.03)
    assert (augmented(images, 1, 2, shift=False, flip=1) == 1 - images).all()


def test_flips_do_not_depend_on_whether_images_are_shifted() -> None:
    plain, both = (augmented(IMAGES, 4, 0, shift=shift, flip=0.2) for shift in (False, True))
    moved = augmented(IMAGES, 4, 0, shift=True, flip=0)
    assert ((plain != IMAGES) == (both != moved)).all()


@pytest.mark.parametrize("shift", [False, True])
@pytest.mark.parametrize("flip", [0, 0.3])
def test_augmented_images_are_float32_ink_and_paper(shift: bool, flip: float) -> None:
    changed = augmented(IMAGES, 0, 0, shift, flip)
    assert changed.dtype == np.float32
    assert changed.shape == IMAGES.shape
    assert set(changed.ravel().tolist()) == {0, 1}


def test_nobody_can_be_right_on_more_than_95_percent_of_the_handwriting() -> None:
    handwriting = samples("handwriting")
    assert bitmaps(handwriting) == 812
    assert ceiling(handwriting) == pytest.approx(0.9521, abs=5e-5)
    found = conflicts(handwriting)
    lost = sum(sum(conflict.counts) - max(conflict.counts) for conflict in found)
    assert lost == round((1 - ceiling(handwriting)) * 1797) == 86


def test_a_conflict_is_a_bitmap_with_its_count_per_label() -> None:
    zero, four = SAMPLES["zero"], SAMPLES["four"]
    found = conflicts(Samples.drawn([zero, four, zero, Digit(zero.pixels, 6), Digit(four.pixels, 9), four, four]))
    assert [(conflict.pixels, conflict.counts) for conflict in found] == [
        (four.pixels, (0, 0, 0, 0, 3, 0, 0, 0, 0, 1)),
        (zero.pixels, (2, 0, 0, 0, 0, 0, 1, 0, 0, 0)),
    ]


def test_without_contradictions_all_can_be_right() -> None:
    assert (conflicts(samples("lab")), ceiling(samples("lab"))) == ((), 1)
    assert (conflicts(samples("own")), ceiling(samples("own")), bitmaps(samples("own"))) == ((), 1, 0)
