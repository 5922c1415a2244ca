"""The neuron equals PyTorch, finite differences and the lab's figures."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own custom
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from app.nn.neuron import LOSSES, Line, NoLine, descend, growth, lowest, mean_loss, through, updated, work_out
from tests.nn.walks import close

THEIRS = {"squared": F.mse_loss, "absolute": F.l1_loss}
LAB = np.array([[0.0, 1.0], [1.0, 3.0]])

coordinates = some.floats(-100, 100) | some.sampled_from([0.0, -0.0, 1.0])
points = some.lists(some.tuples(coordinates, coordinates), min_size=1, max_size=6).map(np.array)
weights = some.floats(-10, 10) | some.sampled_from([0.0, 1e4, -1e4])
lines = some.builds(Line, weights, weights)
names = some.sampled_from(list(LOSSES))
rates = some.sampled_from([1e-4, 0.1, 0.5, 10.0])


def theirs(line: Line, taught: np.ndarray, loss: str) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return PyTorch's predictions, mean loss and gradients."""
    w, b = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in line)
    x, y = torch.tensor(taught).T
    predictions = w * x + b
    found = THEIRS[loss](predictions, y)
    found.backward()
    assert w.grad is not None
    assert b.grad is not None
    return predictions, found, w.grad, b.grad


@settings(deadline=None)
@given(lines, points, names)
def test_forward_and_backward_equal_autograd(line: Line, taught: np.ndarray, loss: str) -> None:
    run = work_out(line, taught, loss)
    predictions, found, w, b = theirs(line, taught, loss)
    assert close(run.predictions, predictions)
    assert close(np.array([run.loss, *run.grad]), torch.stack([found, w, b]))
    for lesson in range(len(taught)):
        one = work_out(line, taught, loss, lesson)
        _, found, w, b = theirs(line, taught[lesson : lesson + 1], loss)
        assert close(np.array([one.loss, *one.grad]), torch.stack([found, w, b]))
        assert one.mean_loss == run.loss


@settings(deadline=None)
@given(lines, points, names)
def test_gradients_equal_finite_differences(line: Line, taught: np.ndarray, loss: str) -> None:
    run, h = work_out(line, taught, loss), 1e-5
    if loss == "absolute":  # beside a kink a difference sees both of its sides
        assume((np.abs(run.residuals) > h * (1 + np.abs(taught[:, 0]))).all())
    for name, step in (("w", Line(h, 0)), ("b", Line(0, h))):
        sides = [work_out(Line(line.w + sign * step.w, line.b + sign * step.b), taught, loss).loss for sign in (1, -1)]
        difference = (sides[0] - sides[1]) / (2 * h)
        ours = getattr(run.grad, name)
        assert abs(ours - difference) <= 1e-7 * max(1, abs(difference), abs(run.loss))


def test_at_the_kink_there_is_no_derivative_and_we_take_pytorchs_0() -> None:
    on_the_line = work_out(Line(2, 1), LAB, "absolute")
    assert on_the_line.grad == Line(0, 0)
    assert [each.item() for each in theirs(Line(2, 1), LAB, "absolute")[2:]] == [0, 0]
    sides = LOSSES["absolute"].derivative(np.array([-1e-300, 0.0, -0.0, 1e-300]))
    assert sides.tolist() == [-1, 0, 0, 1]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("odd", [math.inf, -math.inf, math.nan, 1e200])
def test_what_is_not_finite_stays_as_in_pytorch(loss: str, odd: float) -> None:
    for line in (Line(odd, 0), Line(1, odd)):
        run = work_out(line, LAB, loss)
        predictions, found, w, b = theirs(line, LAB, loss)
        assert close(run.predictions, predictions)
        assert close(np.array([run.loss, *run.grad]), torch.stack([found, w, b]))
    assert not Line(odd, 0).finite or odd == 1e200


@settings(deadline=None, max_examples=40)
@given(lines, points, names, rates, some.lists(some.integers(-1, 5), min_size=1, max_size=12))
def test_steps_equal_those_of_torchs_sgd(
    line: Line, taught: np.ndarray, loss: str, rate: float, turns: list[int]
) -> None:
    lessons = [None if turn < 0 else turn % len(taught) for turn in turns]
    done = descend(line, taught, loss, rate, lessons)
    w, b = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in line)
    optimizer = torch.optim.SGD([w, b], lr=rate)
    x, y = torch.tensor(taught).T
    for record, lesson in zip(done.records, lessons, strict=True):
        assert close(record, torch.stack([THEIRS[loss](w * x + b, y), w, b]))
        read = slice(None) if lesson is None else slice(lesson, lesson + 1)
        optimizer.zero_grad()
        THEIRS[loss](w * x[read] + b, y[read]).backward()
        optimizer.step()
    assert close(np.array(done.line), torch.stack([w, b]))
    assert tuple(done.records[-1][1:]) == done.before or not done.before.finite


def test_both_numbers_are_updated_from_the_old_ones() -> None:
    old = Line(0.0, 0.2)
    grad = work_out(old, LAB, "squared", 1).grad
    assert grad == pytest.approx((-5.6, -5.6))
    assert updated(old, grad, 0.1) == pytest.approx((0.56, 0.76))  # b from the old w: not 0.648


# Figures of the lab, cells 8–33; its slips at (1, 3) mended: the loss there is taken at x = 1, b is 0.808.
STEPS = [
    {"x": 0, "y": 1, "prediction": 0, "loss": 1, "w": 0, "b": 0.2},
    {"x": 1, "y": 3, "prediction": 0.2, "loss": 7.84, "w": 0.56, "b": 0.76},
    {"x": 0, "y": 1, "prediction": 0.76, "loss": 0.0576, "w": 0.56, "b": 0.808},
]


def test_the_labs_descent_number_by_number() -> None:
    line = Line(0, 0)
    assert work_out(line, LAB, "squared", 0).grad == (0, -2)
    for turn, step in enumerate(STEPS):
        lesson = turn % 2
        assert LAB[lesson].tolist() == [step["x"], step["y"]]
        run = work_out(line, LAB, "squared", lesson)
        assert run.predictions[lesson] == pytest.approx(step["prediction"])
        assert run.loss == pytest.approx(step["loss"])
        line = descend(line, LAB, "squared", 0.1, [lesson]).line
        assert line == pytest.approx((step["w"], step["b"]))
    after = work_out(line, LAB, "squared")
    assert after.predictions[1] == pytest.approx(1.368)
    assert after.losses == pytest.approx([0.036864, 2.663424])


@settings(deadline=None)
@given(points)
def test_the_line_through_two_points_goes_through_both(taught: np.ndarray) -> None:
    assume(len(taught) > 1)
    first, second = taught[:2].tolist()
    assume(abs(first[0] - second[0]) > 1e-3)
    line = through(first, second)
    assert line.w * first[0] + line.b == pytest.approx(first[1], abs=1e-6)
    assert line.w * second[0] + line.b == pytest.approx(second[1], abs=1e-6 * max(1, abs(line.w)))


def test_the_labs_line() -> None:
    assert through((0, 1), (1, 3)) == Line(2, 1)


@pytest.mark.parametrize(
    ("second", "why"), [((1, 5), "divided by 0"), ((1, 3), "the same, so any slope"), ((1 + 2**-52, 1e6), None)]
)
def test_equal_x_is_refused_with_a_reason(second: tuple[float, float], why: str | None) -> None:
    if why is None:
        assert through((1, 3), second).finite
        with pytest.raises(NoLine, match="too steep"):
            through((0, 3), (5e-324, 1e6))
        return
    with pytest.raises(NoLine) as refusal:
        through((1, 3), second)
    assert why in refusal.value.sentence


@settings(deadline=None)
@given(points, names, lines)
def test_no_line_is_lower_than_the_lowest(taught: np.ndarray, loss: str, other: Line) -> None:
    assume(np.ptp(taught[:, 0]) > 1e-3)
    best = lowest(taught, loss)
    assert best
    least = work_out(best, taught, loss).loss
    beside = Line(best.w + other.w / 1e3, best.b + other.b / 1e3)
    for line in (other, beside):
        assert work_out(line, taught, loss).loss >= least - 1e-6 * max(1, least)


def test_where_all_x_are_equal_no_line_is_the_lowest() -> None:
    assert lowest(np.array([[1.0, 2.0], [1.0, 4.0]]), "squared") is None
    assert lowest(LAB[:1], "absolute") is None


@settings(deadline=None)
@given(points, names)
def test_the_loss_of_many_lines_is_that_of_each(taught: np.ndarray, loss: str) -> None:
    w, b = np.linspace(-2, 3, 5), np.linspace(-1, 1, 4)
    surface = mean_loss(w[None, :], b[:, None], taught, loss)
    assert surface.shape == (4, 5)
    for row, column in ((0, 0), (3, 2), (1, 4)):
        one = work_out(Line(w[column], b[row]), taught, loss)
        assert surface[row, column] == pytest.approx(one.loss)


@pytest.mark.parametrize("lessons", [[0, 1], [None], [1]], ids=["turns", "all", "one"])
@pytest.mark.parametrize("rate", [0.01, 0.1, 0.3, 0.45, 0.6, 0.9])
def test_growth_says_what_many_rounds_do(lessons: list[int | None], rate: float) -> None:
    taught = LAB if lessons != [1] else LAB[1:]
    mostly, wholly = (descend(Line(5, -3), LAB, "squared", rate, lessons * rounds).line for rounds in (6, 12))
    start, end = (work_out(line, taught, "squared").loss for line in (mostly, wholly))
    a_round = math.log(end / start) / 12  # the loss grows as the square of the distance
    assert a_round == pytest.approx(math.log(growth(LAB, rate, lessons)), abs=0.08)
