"""The curve keeps what matters of any number of losses."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.playground.losses import Line
from app.views.curve import MOST_POINTS, Curve, Plot, curve, thinned

losses = some.lists(some.floats(0, 50, width=32) | some.sampled_from([math.nan, math.inf]), max_size=1200)


def _curve(losses: object, here: int, present: float, end: int = 7) -> Curve:
    return curve(Line(np.array(losses, np.float32), here, end, end), present, Plot("network"))


@given(losses=losses, share=some.floats(0, 1), present=some.floats(0, 1e6) | some.just(math.nan))
def test_every_curve_stays_on_its_plot(losses: list[float], share: float, present: float) -> None:
    here = int(share * len(losses))
    drawn = _curve(losses, here, present)
    points = re.findall(r"[ML](\d+) (-?[\d.]+)", drawn.past + drawn.ahead)
    assert all(0 <= float(x) <= drawn.wide and 0 <= float(y) <= drawn.high * 1.001 for x, y in points)
    assert len(points) == (drawn.past + drawn.ahead).count("M") + (drawn.past + drawn.ahead).count("L")
    assert len(points) <= MOST_POINTS + 1
    assert all(0 <= place <= 100 for dot in drawn.dots for place in dot)
    assert "nan" not in drawn.past + drawn.ahead
    assert (drawn.marker[1] is None) == math.isnan(present)
    assert drawn.x_ticks[-1].text == f"step {max(10, len(losses))}"


@given(losses=losses)
def test_thinning_keeps_the_ends_the_lowest_and_the_highest(losses: list[float]) -> None:
    array = np.array(losses, np.float32)
    kept = thinned(array)
    finite = array[np.isfinite(array)]
    assert len(kept) <= MOST_POINTS
    if len(array):
        assert {0, len(array) - 1} <= set(kept.tolist())
    if len(finite):
        assert finite.min() in array[kept]
        assert finite.max() in array[kept]


@pytest.mark.parametrize("loss", [1e150, 2e306, 9e307, 1.7e308])
def test_the_largest_numbers_have_a_place_on_it(loss: float) -> None:
    drawn = curve(Line(np.array([loss, loss / 2]), 2, 7, 7), loss / 3, Plot("neuron", guess=False))
    assert [round(y) for _, y in drawn.dots] == [
        round(100 - 100 * (loss / (drawn.high * drawn.unit))),
        round(100 - 50 * (loss / (drawn.high * drawn.unit))),
    ]
    assert all(0 <= tick.place <= 100 for tick in drawn.y_ticks)
    assert len(drawn.y_ticks) >= 3


def test_a_loss_that_is_not_finite_leaves_a_gap_and_is_named() -> None:
    drawn = _curve([2, 1, np.nan, 1], 4, 0.5)
    assert drawn.past == "M0 2.000L1 1.000M3 1.000L4 0.500"
    assert drawn.broken_step == 2


def test_what_lies_ahead_of_the_scrubber_is_drawn_apart() -> None:
    drawn = _curve(range(10), 4, 4.0, end=1)
    assert drawn.past.startswith("M0")
    assert drawn.past.endswith("L4 4.000")
    assert drawn.ahead.startswith("M4 4.000L5 5.000")
    assert (drawn.step, drawn.last, drawn.revision) == (4, 10, 1)


@pytest.mark.parametrize("high", [0.0, 2.9, 3.1, 12.0, 3700.0, 1e20, 3e38])
def test_the_axis_of_losses_has_three_to_eight_round_ticks(high: float) -> None:
    ticks = _curve([high], 1, high).y_ticks
    assert 3 <= len(ticks) <= 8
    assert all(len(tick.text) <= 5 for tick in ticks)
