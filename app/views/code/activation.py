"""The Activation lab as code: one number through the function, and the slope there."""

from __future__ import annotations

from typing import NamedTuple

from app.nn.activation import ACTIVATIONS, SLOPE
from app.playground.state import CodeVoice
from app.playground.stepper import BEATS, PRODUCTS, RESULT
from app.views.code.writing import NONE, Code, Line, array, given, numbers, says, tensor, written
from app.views.moment import Moment


class _Rule(NamedTuple):
    """A function and its slope, of ``v`` (loops) and of ``x`` (all numbers at once)."""

    loops: tuple[str, ...]
    numpy: tuple[str, str]
    torch: str


_RULES = {
    "identity": _Rule(("out = v", "slope = 1"), ("x.copy()", "np.ones_like(x)"), "x.clone()"),
    "step": _Rule(
        ("out = 1 if v >= 0 else 0", "slope = 0"),
        ("np.heaviside(x, 1)", "np.zeros_like(x)"),
        "torch.heaviside(x, torch.ones_like(x))",
    ),
    "relu": _Rule(
        ("out = v if v > 0 else 0", "slope = 1 if v > 0 else 0"),
        ("np.maximum(x, 0)", "np.where(x > 0, 1, 0)"),
        "F.relu(x)",
    ),
    "leaky_relu": _Rule(
        (f"out = v if v > 0 else {SLOPE} * v", f"slope = 1 if v > 0 else {SLOPE}"),
        (f"np.where(x > 0, x, {SLOPE} * x)", f"np.where(x > 0, 1, {SLOPE})"),
        f"F.leaky_relu(x, {SLOPE})",
    ),
    "sigmoid": _Rule(
        ("e = exp(-abs(v))  # never too large", "out = (1 if v >= 0 else e) / (1 + e)", "slope = out * (1 - out)"),
        ("np.where(x < 0, e, 1) / (1 + e)", "out * (1 - out)"),
        "torch.sigmoid(x)",
    ),
    "tanh": _Rule(("out = tanh(v)", "slope = 1 - out ** 2"), ("np.tanh(x)", "1 - out ** 2"), "torch.tanh(x)"),
}


def code(moment: Moment, voice: CodeVoice) -> Code:
    """Return the code of the present number, up to ``out`` and ``slope``; none while they are hidden."""
    lab = moment.table.activation
    stepper = moment.state.view.activation.on(len(lab.vector))
    if stepper.hidden:
        return NONE
    at, function, rule = stepper.index, ACTIVATIONS[lab.function], _RULES[lab.function]
    told = stepper.beat == RESULT
    out = function.forward(lab.array)[at].item() if told else None
    slope = function.derivative(lab.array)[at].item() if told else None
    lines: list[Line]
    if voice == "python":
        imports = {"sigmoid": ["from math import exp"], "tanh": ["from math import tanh"]}.get(lab.function, [])
        values = {"out": out, "slope": slope}
        lines = [
            *given(*imports, f"x = {numbers(lab.array)}"),
            ("window", says(f"v = x[{at}]", lab.vector[at])),
            *((name, says(text, values.get(name))) for text in rule.loops for name in [text.partition(" ")[0]]),
        ]
    elif voice == "numpy":
        before = ["e = np.exp(-np.abs(x))  # never too large"] if lab.function == "sigmoid" else []
        lines = [
            *given("import numpy as np", f"x = {array(lab.array)}"),
            ("window", says(f"i = {at}", lab.vector[at], f"x[{at}]")),
            *given(*before),
            ("out", says(f"out = {rule.numpy[0]}", out, f"out[{at}]")),
            ("slope", says(f"slope = {rule.numpy[1]}", slope, f"slope[{at}]")),
        ]
    else:
        back = ["slope = torch.zeros_like(x)"] if lab.function == "step" else ["out.sum().backward()", "slope = x.grad"]
        lines = [
            *given("import torch", "import torch.nn.functional as F", f"x = {tensor(lab.array, grad=True)}"),
            ("window", says(f"i = {at}", lab.vector[at], f"x[{at}]")),
            ("out", says(f"out = {rule.torch}", out, f"out[{at}]")),
            *(("slope", text) for text in back[:-1]),
            ("slope", says(back[-1], slope, f"slope[{at}]")),
        ]
    when = {"out": BEATS[max(stepper.beat, PRODUCTS)], "slope": BEATS[RESULT]}  # at last both are there
    return written(((when.get(about, about), text) for about, text in lines), BEATS[stepper.beat])
