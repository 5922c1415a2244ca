"""One neuron, p = w·x + b: its losses with their derivatives side by side, descent, and the answer without descent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Line(NamedTuple):
    """A neuron's weight and bias: the line w·x + b."""

    w: float
    b: float

    @property
    def finite(self) -> bool:
        """Whether both are finite numbers."""
        return bool(np.isfinite(self.w) and np.isfinite(self.b))


class NoLine(ValueError):  # noqa: N818 - it reads as what is the matter
    """Points through which there is no line w·x + b, or more than one; ``sentence`` tells a learner why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


# --- losses ----------------------------------------------------------------------------------------------------------


def squared(residuals: Array) -> Array:
    """Return (p − y)² of each residual p − y."""
    return residuals * residuals


def squared_derivative(residuals: Array) -> Array:
    """Return 2(p − y)."""
    return 2 * residuals


def absolute(residuals: Array) -> Array:
    """Return |p − y| of each residual p − y."""
    return np.abs(residuals)


def absolute_derivative(residuals: Array) -> Array:
    """Return the sign of p − y.

    At 0 the loss has a kink and no derivative; it is 0 here, as PyTorch has it (and so it is for nan).
    """
    return (residuals > 0).astype(np.float64) - (residuals < 0)


class Loss(NamedTuple):
    """A loss as a function of the residual p − y, and its derivative; both keep the shape."""

    name: str
    forward: Callable[[Array], Array]
    derivative: Callable[[Array], Array]


LOSSES: dict[str, Loss] = {
    "squared": Loss("squared", squared, squared_derivative),
    "absolute": Loss("absolute", absolute, absolute_derivative),
}


# --- forward, backward, update ---------------------------------------------------------------------------------------


class Pass(NamedTuple):
    """A forward pass over all points, and a backward pass from the loss of a lesson: one point, or all of them."""

    predictions: Array  # (points,)
    residuals: Array  # (points,): p − y
    losses: Array  # (points,)
    mean_loss: float  # of all points
    loss: float  # of the lesson: its point's, or the mean
    grad: Line  # ∂loss/∂w and ∂loss/∂b


def work_out(line: Line, points: Array, loss: str, lesson: int | None = None) -> Pass:
    """Return forward and backward pass; ``points`` has shape (points, 2), each (x, y).

    ``lesson`` is the index of the point that the gradients are of, None for the mean over all points.
    """
    rules, xs = LOSSES[loss], points[:, 0]
    with np.errstate(all="ignore"):  # a rate too high ends in inf and nan, as it does in PyTorch
        predictions = line.w * xs + line.b
        residuals = predictions - points[:, 1]
        losses = rules.forward(residuals)
        to_b = rules.derivative(residuals)  # of each point's loss: ∂p/∂b is 1, and ∂p/∂w is x
        to_w = to_b * xs
        mean = losses.mean().item()
        if lesson is None:
            return Pass(predictions, residuals, losses, mean, mean, Line(to_w.mean().item(), to_b.mean().item()))
        grad = Line(to_w[lesson].item(), to_b[lesson].item())
        return Pass(predictions, residuals, losses, mean, losses[lesson].item(), grad)


def updated(line: Line, grad: Line, rate: float) -> Line:
    """Return the line one step down its gradient; both numbers are taken from the old line."""
    return Line(line.w - rate * grad.w, line.b - rate * grad.b)


class Descent(NamedTuple):
    """What some steps in a row leave behind."""

    line: Line
    before: Line  # the line before the last of the steps
    records: Array  # (steps, 3): mean loss over all points, w and b before each step


def descend(line: Line, points: Array, loss: str, rate: float, lessons: Sequence[int | None]) -> Descent:
    """Return what one step for each lesson makes of a line.

    Each step computes the gradient afresh, as ``zero_grad``, ``backward`` and ``torch.optim.SGD(lr=rate)`` do.
    """
    before, records = line, np.empty((len(lessons), 3))
    for step, lesson in enumerate(lessons):
        run = work_out(line, points, loss, lesson)
        records[step] = run.mean_loss, *line
        before, line = line, updated(line, run.grad, rate)
    return Descent(line, before, records)


# --- without descent -------------------------------------------------------------------------------------------------


def through(first: Sequence[float], second: Sequence[float]) -> Line:
    """Return the line through two points (x, y), as the lab solves it; raise ``NoLine`` where their x are equal."""
    (x1, y1), (x2, y2) = first, second
    if x1 == x2:
        if y1 == y2:
            raise NoLine("Both points are the same, so any slope would do: one point does not tell w from b.")
        raise NoLine(
            "Both points have the same x: the line would have to stand upright. "
            "w would be the difference of y divided by 0, and that is no number."
        )
    w = (y2 - y1) / (x2 - x1)
    line = Line(w, y1 - w * x1)
    if not line.finite:
        raise NoLine("Both points have nearly the same x: the line is too steep for a number.")
    return line


def lowest(points: Array, loss: str) -> Line | None:
    """Return the line whose mean loss over the points is smallest; None where many lines share the smallest loss.

    Squared: least squares. Absolute: the best of the lines through two of the points, one of which is always among the
    best; the first of them where several are.
    """
    with np.errstate(all="ignore"):
        if loss == "squared":
            mean = points.mean(axis=0)
            x, y = (points - mean).T
            w = np.array([x @ y / (x @ x)])
            b = mean[1] - w * mean[0]
        else:
            first, second = np.array(list(combinations(points, 2))).reshape(-1, 2, 2).swapaxes(0, 1)
            w = (second - first)[:, 1] / (second - first)[:, 0]
            b = first[:, 1] - w * first[:, 0]
    good = np.isfinite(w) & np.isfinite(b)
    if not good.any():
        return None
    best = np.where(good, mean_loss(w, b, points, loss), np.inf).argmin()
    return Line(w[best].item(), b[best].item())


def mean_loss(w: Array, b: Array, points: Array, loss: str) -> Array:
    """Return the mean loss over points of shape (points, 2) for many lines at once; w and b broadcast together."""
    with np.errstate(all="ignore"):
        residuals = w[..., None] * points[:, 0] + b[..., None] - points[:, 1]
        means: Array = LOSSES[loss].forward(residuals).mean(axis=-1)
    return means


def growth(points: Array, rate: float, lessons: Sequence[int | None]) -> float:
    """Return by what factor a round of lessons multiplies the distance from the lowest point, with the squared loss.

    Below 1 it shrinks, above 1 descent diverges: the spectral radius of the round as a linear map of (w, b), on the
    directions that the points tell apart.
    """
    design = np.column_stack((points[:, 0], np.ones(len(points))))  # a prediction is design @ (w, b)
    reads = [design if lesson is None else design[lesson : lesson + 1] for lesson in lessons]
    _, sizes, directions = np.linalg.svd(np.concatenate(reads))
    basis = directions[: np.count_nonzero(sizes > 1e-9 * sizes[0])]
    round_ = np.eye(2)
    for read in reads:
        round_ = (np.eye(2) - 2 * rate / len(read) * read.T @ read) @ round_
    return float(np.abs(np.linalg.eigvals(basis @ round_ @ basis.T)).max())
