"""Every number of the Neuron lab by the name in its address."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.nn.neuron import LOSSES, Line, NoLine, Pass, lowest, through, updated, work_out
from app.playground.neuron import Neuron, Point
from app.views.moment import Moment

LAB = "neuron"


def at(name: str, *index: int) -> str:
    """Return an address in this lab."""
    return f"{LAB}:{name}[{','.join(map(str, index))}]" if index else f"{LAB}:{name}"


def solved(lab: Neuron) -> Line | None:
    """Return the line through the two points that the solver takes; None where there is none."""
    try:
        return lab.pair and through(*(lab.points[index] for index in lab.pair))
    except NoLine:
        return None


def best(lab: Neuron) -> Line | None:
    """Return the line of the lowest mean loss; None where many share it."""
    return _best(lab.points, lab.loss)


@lru_cache(maxsize=64)
def _best(points: tuple[Point, ...], loss: str) -> Line | None:
    return lowest(np.array(points), loss)


def tensors(moment: Moment) -> dict[str, NDArray[Any]]:
    """Return the numbers at a moment by name.

    w, b; points (points, 2); predictions, residuals, point_losses and slopes, ∂loss/∂p, (points,); mean_loss.
    Of the next step prediction and residual (at the point whose turn it is), loss, grad.w, grad.b, and what it would
    make, next.w and next.b; of the last step the same with ``old.`` in front, where it is shown.
    Where they exist w, b and loss (the mean) with ``solved.`` or ``lowest.`` in front.
    Along the line of steps losses (steps,), the mean loss before each, and path (steps, 2).
    """
    lab = moment.table.neuron
    run, last = lab.next_pass(), lab.last_pass()
    found: dict[str, Any] = _line("", lab.line) | _worked("", run, lab.turn)
    found |= {
        "points": lab.array,
        "predictions": run.predictions,
        "residuals": run.residuals,
        "point_losses": run.losses,
        "slopes": LOSSES[lab.loss].derivative(run.residuals),
        "mean_loss": run.mean_loss,
    }
    found |= _line("next.", updated(lab.line, run.grad, lab.rate))
    if last and lab.before:
        found |= _line("old.", lab.before) | _worked("old.", last, lab.shown)
    if answer := solved(lab):
        found |= _line("solved.", answer) | {"solved.loss": _mean_loss(lab, answer)}
    if least := best(lab):
        found |= _line("lowest.", least) | {"lowest.loss": _mean_loss(lab, least)}
    walked = moment.line(LAB).taken
    found |= {"losses": walked[:, 0], "path": walked[:, 1:]}
    return {name: np.asarray(value) for name, value in found.items()}


def _mean_loss(lab: Neuron, line: Line) -> float:
    return work_out(line, lab.array, lab.loss).mean_loss


def _line(prefix: str, line: Line) -> dict[str, Any]:
    return {f"{prefix}w": line.w, f"{prefix}b": line.b}


def _worked(prefix: str, run: Pass, point: int) -> dict[str, Any]:
    """Return what a pass makes of a point, and its gradients."""
    return {
        f"{prefix}prediction": run.predictions[point],
        f"{prefix}residual": run.residuals[point],
        f"{prefix}loss": run.loss,
        **_line(f"{prefix}grad.", run.grad),
    }
