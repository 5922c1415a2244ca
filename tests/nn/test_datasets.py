"""The data sets of the Training lab: what is in them, and that they are split and shuffled as PyTorch does it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from app.nn.datasets import SETS, Samples, ceiling, order, samples, split
from app.nn.datasets.sets import HANDWRITING
from app.nn.digits import SAMPLES, SIZE
from tools.handwriting import source

ROOT = Path(__file__).resolve().parent.parent.parent
SHA256 = "e510fe96a6c7486f95d5c3561876c714ce87fd4ec50fb4f8ea7d6207b3c06030"
SOURCES = {  # images of digits.csv.gz by their line, from 0, as they stand there
    0: "0 0 5 13 9 1 0 0 0 0 13 15 10 15 5 0 0 3 15 2 0 11 8 0 0 4 12 0 0 8 8 0 "
    "0 5 8 0 0 9 8 0 0 4 11 0 1 12 7 0 0 2 14 5 10 12 0 0 0 0 6 13 10 0 0 0",
    1: "0 0 0 12 13 5 0 0 0 0 0 11 16 9 0 0 0 0 3 15 16 6 0 0 0 7 15 16 16 2 0 0 "
    "0 0 1 16 16 3 0 0 0 0 1 16 16 6 0 0 0 0 1 16 16 6 0 0 0 0 0 11 16 10 0 0",
    2: "0 0 0 4 15 12 0 0 0 0 3 16 15 14 0 0 0 0 8 13 8 16 0 0 0 0 1 6 15 11 0 0 "
    "0 1 8 13 15 1 0 0 0 9 16 16 5 0 0 0 0 3 13 16 16 11 5 0 0 0 0 3 11 16 9 0",
}
seeds = some.sampled_from([0, 15, 4294967295]) | some.integers(0, 4294967295)


@settings(deadline=None)
@given(seed=seeds, n=some.integers(0, 300) | some.just(1797))
def test_split_and_epochs_are_the_permutations_of_one_torch_generator(seed: int, n: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    train, test = split(n, seed)
    assert [*train, *test] == torch.randperm(n, generator=generator).tolist()
    assert len(train) == max(int(0.8 * n), min(n, 1))
    for epoch in range(4):
        theirs = torch.randperm(len(train), generator=generator).tolist()
        assert order(seed, n, len(train), epoch).tolist() == theirs


def test_an_epoch_is_the_same_whichever_was_asked_for_before() -> None:
    forward = [order(7, 50, 40, epoch).tolist() for epoch in range(60)]
    order.cache_clear()
    assert [order(7, 50, 40, epoch).tolist() for epoch in (59, 3, 30, 31, 0)] == [
        forward[at] for at in (59, 3, 30, 31, 0)
    ]


def test_the_epochs_of_a_whole_set_follow_its_split() -> None:
    generator = torch.Generator().manual_seed(1)
    torch.randperm(10, generator=generator)
    torch.randperm(10, generator=generator)
    assert order(1, 10, 10, 1).tolist() == torch.randperm(10, generator=generator).tolist()


def test_far_epochs_skip_the_words_of_those_before_them() -> None:
    generator = torch.Generator().manual_seed(3)
    torch.randperm(1797, generator=generator)
    for _ in range(500):
        torch.randperm(1437, generator=generator)
    assert order(3, 1797, 1437, 500).tolist() == torch.randperm(1437, generator=generator).tolist()


def test_handwriting_has_the_images_bitmaps_and_labels_of_its_source() -> None:
    images, labels = samples("handwriting")
    assert images.shape == (1797, 25)
    assert len(np.unique(images, axis=0)) == 812
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@pytest.mark.parametrize("index", SOURCES)
def test_a_cell_is_ink_where_the_exact_average_of_its_source_is_over_two_fifths(index: int) -> None:
    pixels = np.array(SOURCES[index].split(), int).reshape(8, 8)
    fine = pixels.repeat(5, 0).repeat(5, 1).reshape(5, 8, 5, 8)  # 40×40: a pixel is 5×5 of them, a cell 8×8
    ink = [[Fraction(int(fine[r, :, c].sum()), 64 * 16) > Fraction(2, 5) for c in range(SIZE)] for r in range(SIZE)]
    assert samples("handwriting").digit(index).rows == ink
    assert samples("handwriting").labels[index] == index


def test_the_data_file_is_the_one_the_tool_makes_and_says_whose_it_is() -> None:
    content = HANDWRITING.read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256
    assert len(content) < 12_000
    for word in (b"Alpaydin", b"CC BY 4.0", b"scikit-learn", b"10.24432/C50P49"):
        assert word in content
    assert SHA256 in (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")


def test_the_tool_refuses_another_source(tmp_path: Path) -> None:
    path = tmp_path / "digits.csv.gz"
    path.write_bytes(b"something else")
    with pytest.raises(SystemExit, match="expected 09f66e6d"):
        source(path)


def test_the_lab_s_set_is_its_three_drawings() -> None:
    lab = samples("lab")
    assert [lab.digit(index) for index in range(lab.size)] == [
        SAMPLES[name] for name in ("zero", "four", "another-four")
    ]


def test_own_drawings_are_a_set_and_so_are_none() -> None:
    drawings = (SAMPLES["glyph-7"], SAMPLES["glyph-7"], SAMPLES["four"])
    own = samples("own", drawings)
    assert tuple(own.digit(index) for index in range(own.size)) == drawings
    assert samples("own").images.shape == (0, 25)
    assert [part.size for part in split(0, 1)] == [0, 0]


@pytest.mark.parametrize("name", SETS)
def test_samples_are_float32_ink_and_int64_labels_that_nobody_can_change(name: str) -> None:
    images, labels = samples(name, (SAMPLES["zero"],))
    assert (images.dtype, labels.dtype) == (np.float32, np.int64)
    assert set(images.ravel().tolist()) == {0, 1}
    assert set(labels.tolist()) <= set(range(10))
    assert not images.flags.writeable
    assert not labels.flags.writeable


def test_images_and_labels_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="2 images and 1 labels"):
        Samples.of(np.zeros((2, 25)), [3])
    with pytest.raises(KeyError):
        samples("nothing")


def test_importing_the_sets_reads_no_file_and_loads_neither_torch_nor_pandas() -> None:
    code = "import sys, app.nn.datasets.sets as sets; print(sets._named.cache_info().currsize, *sys.modules)"
    size, *loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert size == "0"
    assert not {"torch", "sklearn", "pandas", "numpy.ma"} & set(loaded)


def test_each_digit_has_ten_glyphs_or_more_no_two_alike() -> None:
    images, labels = samples("glyphs")
    assert np.bincount(labels, minlength=10).min() >= 10
    assert len(np.unique(images, axis=0)) == len(images)
    assert ceiling(samples("glyphs")) == 1


@pytest.mark.parametrize("label", range(10))
def test_the_glyphs_of_the_labs_are_among_them(label: int) -> None:
    glyphs = samples("glyphs")
    assert SAMPLES[f"glyph-{label}"] in [glyphs.digit(int(index)) for index in np.flatnonzero(glyphs.labels == label)]
