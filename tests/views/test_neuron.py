"""What the Neuron page draws and says."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from app.nn.neuron import LOSSES, mean_loss
from app.playground.neuron import Neuron
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.views.moment import moment
from app.views.neuron import panels
from app.views.neuron.contours import regions
from app.views.neuron.lossplot import LossPlot, loss_plot
from app.views.neuron.plane import Frame, Span, span
from app.views.neuron.plots import LinePlot, Surface
from app.views.neuron.plots import Path as Walk
from app.views.neuron.rates import describe, suggested
from app.views.neuron.work import Work, typed
from app.views.panels import Panel, words
from tests.playground.deeds import do

LAB = ((0.0, 1.0), (1.0, 3.0))
THREE = ((0.0, 1.0), (1.0, 3.0), (2.0, -1.0))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(SQLiteStore(tmp_path), "visitor")


def act(session: Session, *deeds: tuple[str, dict[str, object]]) -> dict[str, Panel]:
    for action, fields in deeds:
        session.act(do(f"neuron-{action}", **fields))
    return {panel.key: panel for panel in panels(moment(session, session.head))}


def said(session: Session, *deeds: tuple[str, dict[str, object]]) -> str:
    return words(act(session, *deeds)["sentence"].sentence)  # type: ignore[attr-defined]


# --- the plane -------------------------------------------------------------------------------------------------------

values = some.floats(-1e6, 1e6)


@given(some.lists(values, min_size=1, max_size=6))
def test_a_span_holds_its_values_with_a_margin_and_has_a_few_ticks(numbers: list[float]) -> None:
    found = span(numbers)
    assert all(found.low < number < found.high for number in numbers)
    assert 2 <= len(found.ticks) <= 9
    assert all(found.low <= tick + 1e-9 * found.size and tick - 1e-9 * found.size <= found.high for tick in found.ticks)


@given(values, values, some.floats(-5, 5), some.floats(-5, 5))
def test_what_is_seen_of_a_line_lies_on_it_and_in_the_frame(w: float, b: float, low: float, left: float) -> None:
    frame = Frame(Span(left, left + 4), Span(low, low + 3))
    seen = frame.line(w, b)
    xs = np.linspace(left, left + 4, 400)
    crosses = ((w * xs + b > low + 0.01) & (w * xs + b < low + 2.99)).any()
    if seen is None:
        assert not crosses
        return
    for x, y in (seen[:2], seen[2:]):
        assert -0.01 <= x <= 100.01
        assert -0.01 <= y <= 100.01
        assert y == pytest.approx(frame.at(0, w * (left + x / 25) + b)[1], abs=0.02 + abs(w) * 0.05)


# --- contours --------------------------------------------------------------------------------------------------------

FRAMES = [
    Frame(Span(-0.4, 2.8), Span(-0.4, 2.4)),
    Frame(Span(-30, 10), Span(-5, 50)),
    Frame(Span(1.9, 2.1), Span(0.9, 1.1)),
]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("points", [LAB, THREE, ((1.0, 1.0), (1.0, 3.0)), ((5.0, -2.0),)])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_contour_runs_where_the_loss_has_its_level(
    loss: str, points: tuple[tuple[float, float], ...], frame: Frame
) -> None:
    found = regions(points, loss, frame)
    assert 5 <= len(found) <= 9
    assert [region.loss for region in found] == sorted({region.loss for region in found}, reverse=True)
    for region in found:
        x, y = np.array(region.outline).T
        w, b = frame.across.low + x / 100 * frame.across.size, frame.up.high - y / 100 * frame.up.size
        heights = mean_loss(w, b, np.array(points), loss)
        inside = (x > 0.01) & (x < 99.99) & (y > 0.01) & (y < 99.99)
        spread = np.ptp([one.loss for one in found])
        assert heights[inside] == pytest.approx(region.loss, abs=0.02 * spread)
        assert (heights <= region.loss + 0.02 * spread).all()


@pytest.mark.parametrize("loss", LOSSES)
def test_a_region_is_convex_and_lies_inside_the_next(loss: str) -> None:
    found = regions(THREE, loss, FRAMES[1])
    for region in found:
        x, y = (np.roll(np.array(region.outline), -1, axis=0) - np.array(region.outline)).T
        turns = x * np.roll(y, -1) - y * np.roll(x, -1)
        assert turns.min() > -1 or turns.max() < 1  # always to the same side, but for rounding
    sizes = [np.ptp(np.array(region.outline), axis=0) for region in found]
    assert all((outer >= inner - 0.1).all() for outer, inner in pairwise(sizes))


def test_the_absolute_loss_has_corners_where_a_point_is_met() -> None:
    frame = FRAMES[0]
    lines = [
        (frame.across.low + x / 100 * frame.across.size, frame.up.high - y / 100 * frame.up.size)
        for x, y in regions(LAB, "absolute", frame)[-1].outline
    ]
    assert len(lines) == 4
    assert all(min(abs(w * x + b - y) for x, y in LAB) < 0.01 for w, b in lines)


# --- the panels ------------------------------------------------------------------------------------------------------


def test_the_map_stays_while_the_path_grows(session: Session) -> None:
    before = act(session, ("step", {"steps": 2}))
    after = act(session, ("step", {}))
    assert before["loss"] == after["loss"]
    assert before["path"] != after["path"]
    walk, surface = after["path"], after["loss"]
    assert isinstance(walk, Walk)
    assert isinstance(surface, Surface)
    assert len(walk.dots) == 4
    assert walk.now == walk.dots[-1] or walk.now == pytest.approx(walk.dots[-1], abs=0.1)
    assert [words(label.words) for label in surface.labels if "loss" in words(label.words)] == ["loss 0"]


def test_the_path_starts_where_descent_began_and_goes_straight_down(session: Session) -> None:
    walk = act(session, ("initialise", {"w": -1, "b": 2}), ("settings", {"teach": "all"}), ("step", {"steps": 30}))[
        "path"
    ]
    assert isinstance(walk, Walk)
    assert walk.start
    assert len(re.findall("[ML]", walk.path)) == len(walk.dots) <= 31


def test_a_long_path_is_drawn_in_few_points(session: Session) -> None:
    shown = act(session, ("settings", {"rate": 0.74}), *[("step", {"steps": 1000})] * 3)
    walk = shown["path"]
    assert isinstance(walk, Walk)
    assert len(re.findall("[ML]", walk.path)) <= 240


@pytest.mark.parametrize("rate", [0.8, 5, 1e6, 1e30, 1e38])
@pytest.mark.parametrize("steps", [1, 3, 12, 400])
def test_a_path_that_diverges_leaves_the_map_and_nothing_breaks(session: Session, rate: float, steps: int) -> None:
    shown = act(session, ("settings", {"rate": rate}), ("step", {"steps": steps}))
    walk, line, surface = shown["path"], shown["line"], shown["loss"]
    assert isinstance(walk, Walk)
    assert isinstance(line, LinePlot)
    assert isinstance(surface, Surface)
    numbers = re.findall(r"[-\d.einfa]+", walk.path + "".join(surface.outlines).replace("Z", ""))
    assert all(math.isfinite(float(number)) for number in numbers)
    assert all(0 <= place <= 100 for dot in walk.dots for place in dot)
    assert repr(shown["curve"]).count("inf") == repr(shown["curve"]).count("nan") == 0 or steps > 1


def test_the_worksheet_puts_the_numbers_in(session: Session) -> None:
    sheet = act(session, ("step", {"steps": 2}))["work"]
    assert isinstance(sheet, Work)
    forward, backward, update = (stage.rows for stage in sheet.stages)
    assert [row.result.text for row in forward] == ["0.200", "7.840"]
    assert [row.result.text for row in backward] == ["−5.600", "−5.600"]
    assert [row.result.text for row in update] == ["0.560", "0.760"]
    assert [number.text for number in update[1].worked.numbers] == ["0.200", "0.1", "−5.600"]
    assert update[1].worked.latex == r"#0 - #1 \cdot (#2) ="


def test_the_mean_is_worked_out_from_its_terms(session: Session) -> None:
    sheet = act(session, ("settings", {"teach": "all"}))["work"]
    assert isinstance(sheet, Work)
    loss, (to_w, _) = sheet.stages[0].rows[0], sheet.stages[1].rows
    assert loss.worked.latex == "( #0 + #1 ) / #2 ="
    assert [number.text for number in loss.worked.numbers] == ["1", "9", "2"]
    assert to_w.result.text == "−3"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (1.0, "1"), (-2.5, "−2.5"), (0.125, "0.125"), (12.3456, "12.35"), (-123.456, "−123.5"),
        (98765.4, "98765"), (1e6, "1e6"), (-125000.0, "−1.2e5"), (0.0001, "1e−4"),
    ],
)  # fmt: skip
def test_a_point_is_written_as_it_was_typed_in_six_letters(value: float, text: str) -> None:
    assert typed(value).text == text
    assert len(text) <= 6


def test_the_kink_is_drawn_and_explained() -> None:
    absolute = loss_plot(Neuron(loss="absolute"))
    assert isinstance(absolute, LossPlot)
    assert "none at 0. PyTorch takes 0" in absolute.words
    assert absolute.slope.path.count("M") == 2  # it jumps
    assert len(absolute.holes) == 2
    squared = loss_plot(Neuron())
    assert squared.slope.path.count("M") == 1
    assert not squared.holes
    assert squared.value.path == absolute.value.other
    assert squared.value.other == absolute.value.path


# --- what rates do ---------------------------------------------------------------------------------------------------

rated = settings(max_examples=60, deadline=None)
some_points = some.lists(some.tuples(some.floats(-20, 20), some.floats(-20, 20)), min_size=1, max_size=5).map(tuple)


@rated
@given(some_points, some.sampled_from(["turns", "one", "all"]))
def test_rates_do_what_their_sentences_say(points: tuple[tuple[float, float], ...], teach: str) -> None:
    lab = Neuron(points=points, teach=teach)  # type: ignore[arg-type]
    crawls, _, swings, diverges = suggested(lab)
    assert 0 < crawls.rate < swings.rate < diverges.rate
    assert "diverges" in describe(lab, diverges.rate)
    assert "diverges" not in describe(lab, swings.rate)
    assert "crawls" in describe(lab, crawls.rate)


def test_the_labs_rates() -> None:
    assert [rate.text for rate in suggested(Neuron())] == ["0.005", "0.1", "0.7", "0.8"]
    assert "steadily" in describe(Neuron(), 0.1)
    assert "swings" in describe(Neuron(), 0.6)
    assert [rate.word for rate in suggested(Neuron(loss="absolute"))] == ["crawls", "jumps", "jumps far"]


# --- sentences -------------------------------------------------------------------------------------------------------


def test_sentences(session: Session) -> None:
    assert said(session) == (
        "A neuron is a line, w·x + b. At x = 0 it says 0 and should say 1. Press Step: it learns a little."
    )
    assert said(session, ("step", {})) == (
        "Step 1: at point (0, 1) it said 1 too little, so b rises to 0.200; x is 0, so w stays."
    )
    assert said(session, ("step", {})) == (
        "Step 2: at point (1, 3) it said 2.800 too little, so w rises to 0.560 and b to 0.760."
    )
    assert said(session, ("step", {"steps": 10})) == "Steps 3 to 12: the mean loss fell from 1.440 to 0.101."
    assert said(session, ("settings", {"rate": 0.005})) == "The rate is 0.005 now. So short a step that it crawls."
    assert said(session, ("settings", {"turn": 1})) == "Point (1, 3): it says 2.781, 0.219 too little."
    assert said(session, ("settings", {"teach": "all"}), ("step", {})).startswith(
        "Step 13: on average the squares were"
    )
    assert said(session, ("settings", {"rate": 0.9, "teach": "turns"}), ("step", {"steps": 9})).endswith(
        "Each round ends further away: the rate is too high."
    )
    assert said(session, ("solve", {})).startswith("Taken over: w is 2, b is 1.")
    assert said(session, ("step", {})) == "Step 1: at point (0, 1) it said just that, so nothing moves."
    assert said(session, ("show", {"way": "solve"})) == (
        "Two points, two unknowns: w is 2 and b is 1, at once. No descent is needed for this."
    )


def test_a_step_past_the_bottom_says_so(session: Session) -> None:
    sentence = said(session, ("settings", {"rate": 0.7, "turn": 1}), ("step", {}))
    assert sentence == (
        "Step 1: at point (1, 3) it said 3 too little, so w rises to 4.200 and b to 4.200: too far, now 5.400 too much."
    )


@rated
@given(
    some_points,
    some.sampled_from(["turns", "all"]),
    some.sampled_from(["squared", "absolute"]),
    some.sampled_from([1e-3, 0.1, 0.9, 1e30]),
    some.integers(1, 30),
)
def test_whatever_is_taught_there_is_a_page(
    tmp_path_factory: pytest.TempPathFactory,
    points: tuple[tuple[float, float], ...],
    teach: str,
    loss: str,
    rate: float,
    steps: int,
) -> None:
    assume(len(points) > 1)
    session = Session(SQLiteStore(tmp_path_factory.mktemp("store")), "visitor")
    deeds: list[tuple[str, dict[str, object]]] = [("point", {"x": x, "y": y}) for x, y in points[:4]]
    for look in ("surface", "loss"):
        shown = act(
            session,
            *deeds,
            ("settings", {"teach": teach, "loss": loss, "rate": rate}),
            ("step", {"steps": steps}),
            ("show", {"plot": look}),
        )
        deeds = []
        line = shown["line"]
        assert isinstance(line, LinePlot)
        assert all(0 <= dot.x <= 100 and 0 <= dot.y <= 100 for dot in line.dots)
