"""A number looks the same wherever it stands."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.playground.writing import text
from app.views.grids import HATCHED, NOT_FINITE, STEPS, Grid, addresses, grid, levels
from tests.web.markup import agrees

floats = some.floats(width=32)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"), (-0.0, "0"), (0.004, "0.00"), (-0.004, "0.00"), (-0.42, "−0.42"), (9.994, "9.99"),
        (9.996, "10.0"), (12.34, "12.3"), (99.96, "100"), (-345.6, "−346"), (999.6, "1e3"), (4321, "4e3"),
        (1e20, "1e20"), (-3e38, "−3e38"), (math.inf, "∞"), (-math.inf, "−∞"), (math.nan, "nan"),
    ],
)  # fmt: skip
def test_a_cell_shows_a_number_in_few_digits(value: float, shown: str) -> None:
    assert text(value) == shown


@given(value=floats)
def test_what_is_shown_is_the_number_to_the_digits_shown(value: float) -> None:
    for decimals in (2, 3):
        assert agrees(text(value, decimals), value)
        assert len(text(value)) <= 6
        assert text(value, decimals).strip("−0.") or not text(value, decimals).startswith("−")


@given(values=some.lists(floats, min_size=1, max_size=20))
def test_a_level_is_how_many_steps_the_magnitude_reaches(values: list[float]) -> None:
    for value, level in zip(values, levels(np.array(values, np.float32)), strict=True):
        if not math.isfinite(value):
            assert level == NOT_FINITE
        else:
            reached = sum(abs(value) >= float(np.float32(step)) for step in STEPS)
            assert level == math.copysign(reached, value)


def test_addresses_are_spelt_from_zero() -> None:
    assert addresses("fc.weight", (2, 2)) == ("fc.weight[0,0]", "fc.weight[0,1]", "fc.weight[1,0]", "fc.weight[1,1]")
    assert addresses("loss", ()) == ("loss",)


def test_grids_compare_bit_by_bit() -> None:
    nan = np.array([math.nan], np.float32)
    assert grid("x", nan) == grid("x", nan.copy())
    assert grid("x", np.array([0.0], np.float32)) != grid("x", np.array([-0.0], np.float32))


def test_cells_carry_address_text_level_and_marks() -> None:
    cells = list(Grid("relu", (1, 2), np.array([0, 0.5], np.float32).tobytes(), bytes([HATCHED, 0])).cells)
    assert [(cell.address, cell.text, cell.level, cell.marks) for cell in cells] == [
        ("relu[0,0]", "0", 0, HATCHED),
        ("relu[0,1]", "0.50", 5, 0),
    ]
