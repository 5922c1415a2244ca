"""The referee sees every difference, and judges by the precision of what it found itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.nn import differences
from app.nn.digits import BLANK, SAMPLES, Digit
from app.nn.network import initial
from app.nn.referee import Agreement, compare, ours


def judged(mine: np.ndarray, theirs: np.ndarray, shown: np.ndarray | None = None) -> Agreement:
    return compare({"x": ours(mine, shown)}, {"x": theirs})


@pytest.mark.parametrize(("kind", "tolerance"), [(np.float32, 1e-5), (np.float64, 1e-9), (np.int64, 0)])
def test_the_tolerance_is_that_of_the_precision(kind: type, tolerance: float) -> None:
    theirs = np.array([3], kind)
    assert judged(np.array([3 * (1 + tolerance / 2)]), theirs).holds
    assert not judged(np.array([3 * (1 + 1.5 * tolerance) if tolerance else 4]), theirs).holds


def test_small_numbers_are_judged_by_their_difference_alone() -> None:
    assert judged(np.array([1e-12]), np.zeros(1)).holds
    assert judged(np.array([2e-9]), np.zeros(1)) == Agreement(2e-9, "x", holds=False, number="x[0]")


@pytest.mark.parametrize("odd", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_agrees_with_the_same_alone(odd: float) -> None:
    assert judged(np.array([odd]), np.array([odd])).holds
    for other in (1.0, math.inf, -math.inf, math.nan):
        if repr(other) != repr(odd):
            assert judged(np.array([odd]), np.array([other])) == Agreement(math.inf, "x", holds=False, number="x[0]")


def test_the_same_numbers_in_another_shape_differ() -> None:
    assert not judged(np.zeros((2, 8)), np.zeros((4, 4))).holds


def test_what_is_not_shown_is_not_judged() -> None:
    mine, theirs = np.array([1.0, 2, 3]), np.array([1.0, 5, 3])
    assert not judged(mine, theirs).holds
    assert judged(mine, theirs, np.array([True, False, True])) == Agreement(0.0, "x", holds=True)


def test_the_worst_is_named_and_one_that_differs_is_enough() -> None:
    mine = {"good": ours(np.ones(2)), "bad": ours(np.ones(2))}
    theirs = {"good": np.ones(2), "bad": np.array([1, 1 + 1e-6])}
    assert compare(mine, theirs).name == "bad"
    assert not compare(mine, theirs).holds


def given_network(seed: int, digit: Digit) -> dict[str, object]:
    return {"parameters": initial(seed).data.hex(), "pixels": digit.pixels.hex(), "label": digit.label}


def test_finite_differences_agree_with_autograd() -> None:
    assert differences.network(given_network(15, SAMPLES["zero"])).startswith(
        "finite differences of 70 parameters: within"
    )


def test_maps_at_a_kink_are_left_out_and_named() -> None:
    said = differences.network(given_network(15, Digit(BLANK, 0)))  # a blank drawing ties every pool
    assert "left out at a kink: map" in said
    assert "OFF" not in said


def test_a_number_that_differs_is_named() -> None:
    found = compare({"conv": ours(np.array([[1.0, 2.0], [3.0, 4.5]]))}, {"conv": np.array([[1.0, 2.0], [3.0, 4.0]])})
    assert (found.holds, found.number) == (False, "conv[1,1]")
