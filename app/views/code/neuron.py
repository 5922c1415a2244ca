"""The Neuron lab as code: one step, forward, backward and update; or the answer without descent."""

from __future__ import annotations

import numpy as np

from app.nn.neuron import Array, NoLine, through, updated
from app.playground.neuron import Neuron
from app.playground.state import CodeVoice
from app.playground.writing import plain
from app.views.code.writing import DECIMALS, NONE, Code, Line, array, given, number, says, tensor, written
from app.views.moment import Moment
from app.views.neuron.work import Shown, shown


def code(moment: Moment, voice: CodeVoice) -> Code:
    """Return the code of the step that the page works out, up to the new ``w`` and ``b``; or of the line solved.

    Lit is the update where it was taken, else the loss.
    """
    lab = moment.table.neuron
    if moment.state.view.neuron.way == "solve":
        return _solved(lab, voice)
    step = shown(lab)
    points = lab.array if step.lesson is None else lab.array[step.lesson : step.lesson + 1]
    lines = {"python": _loops, "numpy": _numpy, "torch": _torch}[voice](lab, step, points)
    return written(lines, "update" if lab.before else "loss")


def _updates(lab: Neuron, step: Shown, *texts: str) -> list[Line]:
    new = updated(step.line, step.run.grad, lab.rate)
    return [("update", says(text, value)) for text, value in zip(texts, new, strict=True)]


def _start(step: Shown) -> str:
    return f"w, b = {number(step.line.w)}, {number(step.line.b)}"


def _loops(lab: Neuron, step: Shown, points: Array) -> list[Line]:
    loss, slope = ("gap * gap", "2 * gap") if lab.loss == "squared" else ("abs(gap)", "((gap > 0) - (gap < 0))")
    updates = _updates(lab, step, f"w = w - {number(lab.rate)} * dw", f"b = b - {number(lab.rate)} * db")
    if step.lesson is not None:
        (x, y), said = points[0].tolist(), step.run.predictions[step.lesson].item()
        return [
            *given(_start(step), f"x, y = {number(x)}, {number(y)}", says("p = w * x + b", said), "gap = p - y"),
            ("loss", says(f"loss = {loss}", step.run.loss)),
            ("gradient", says(f"dw = {slope} * x", step.run.grad.w)),
            ("gradient", says(f"db = {slope}", step.run.grad.b)),
            *updates,
        ]
    pairs, count = ", ".join(f"({number(x)}, {number(y)})" for x, y in points.tolist()), len(points)
    return [
        *given(
            _start(step), f"points = [{pairs}]", "loss = dw = db = 0", "for x, y in points:", "    gap = w * x + b - y"
        ),
        ("loss", says(f"    loss += {loss} / {count}", step.run.loss, "at the end")),
        ("gradient", says(f"    dw += {slope} * x / {count}", step.run.grad.w, "at the end")),
        ("gradient", says(f"    db += {slope} / {count}", step.run.grad.b, "at the end")),
        *updates,
    ]


def _numpy(lab: Neuron, step: Shown, points: Array) -> list[Line]:
    loss, slope = ("gap * gap", "2 * gap") if lab.loss == "squared" else ("np.abs(gap)", "np.sign(gap)")
    return [
        *given("import numpy as np", _start(step)),
        *given(f"x, y = {array(points)}.T", "gap = w * x + b - y"),
        ("loss", says(f"loss = ({loss}).mean()", step.run.loss)),
        ("gradient", says(f"dw = ({slope} * x).mean()", step.run.grad.w)),
        ("gradient", says(f"db = ({slope}).mean()", step.run.grad.b)),
        *_updates(lab, step, f"w = w - {number(lab.rate)} * dw", f"b = b - {number(lab.rate)} * db"),
    ]


def _torch(lab: Neuron, step: Shown, points: Array) -> list[Line]:
    loss = "F.mse_loss" if lab.loss == "squared" else "F.l1_loss"
    new, grad = updated(step.line, step.run.grad, lab.rate), step.run.grad
    ends = ", ".join(f"{name} = {plain(value, DECIMALS)}" for name, value in zip("wb", new, strict=True))
    slopes = ", ".join(f"{name}.grad = {plain(value, DECIMALS)}" for name, value in zip("wb", grad, strict=True))
    return [
        *given(
            "import torch",
            "import torch.nn.functional as F",
            f"w = {tensor(np.array(step.line.w), grad=True)}",
            f"b = {tensor(np.array(step.line.b), grad=True)}",
            f"x, y = {tensor(points)}.T",
        ),
        ("loss", says(f"loss = {loss}(w * x + b, y)", step.run.loss)),
        *given(f"optimizer = torch.optim.SGD([w, b], lr={number(lab.rate)})"),
        ("gradient", f"loss.backward()  # {slopes}"),
        ("update", f"optimizer.step()  # {ends}"),
    ]


def _solved(lab: Neuron, voice: CodeVoice) -> Code:
    """Return how w and b follow from two points; nothing where there is no line through them."""
    if lab.pair is None:
        return NONE
    points = lab.array[list(lab.pair)]
    try:
        line = through(*points.tolist())
    except NoLine:
        return NONE
    (x1, y1), (x2, y2) = points.tolist()
    both = ", ".join(f"{name} = {plain(value, DECIMALS)}" for name, value in zip("wb", line, strict=True))
    if voice == "python":
        first, second = (f"{number(x)}, {number(y)}" for x, y in ((x1, y1), (x2, y2)))
        return written(
            [
                *given(f"x1, y1 = {first}", f"x2, y2 = {second}"),
                ("solve", says("w = (y2 - y1) / (x2 - x1)", line.w)),
                ("solve", says("b = y1 - w * x1", line.b)),
            ],
            "solve",
        )
    library, make = ("numpy", array) if voice == "numpy" else ("torch", tensor)
    name = "np" if voice == "numpy" else "torch"
    matrix = np.array([[x1, 1], [x2, 1]])
    return written(
        [
            *given("import numpy as np" if library == "numpy" else "import torch"),
            *given(f"matrix = {make(matrix)}  # rows x, 1", f"y = {make(points[:, 1])}"),
            ("solve", f"w, b = {name}.linalg.solve(matrix, y)  # {both}"),
        ],
        "solve",
    )
