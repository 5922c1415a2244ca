"""The Classifier lab as code: the open class's row of W, from its logit to its update."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.nn.classifier import Array
from app.playground.classifier import Classifier, Sight, Worked, worked
from app.playground.state import CodeVoice
from app.playground.writing import plain
from app.views.code.writing import DECIMALS, Code, Line, array, given, number, numbers, says, tensor, written
from app.views.moment import Moment


class _Scene(NamedTuple):
    """The next step, for one class."""

    lab: Classifier
    found: Worked
    open: int
    row: Array  # (pixels,): its weights
    bias: float

    @property
    def slope(self) -> float:
        """∂loss/∂logit."""
        return float(self.found.back.logits[self.open])

    @property
    def moves(self) -> str:
        """Its old and new bias."""
        new = self.bias - self.lab.rate * self.slope if self.lab.bias.requires_grad else self.bias
        return f"b: {plain(self.bias, DECIMALS)} → {plain(new, DECIMALS)}"


def code(moment: Moment, voice: CodeVoice) -> Code:
    """Return the code of the next step for the open class, up to its new weights ``w`` and bias ``b``.

    The logits of the other classes are given.
    """
    lab, sight = moment.table.classifier, moment.state.view.classifier
    found = worked(lab, moment.table.digit)
    parameters = lab.parameters
    scene = _Scene(lab, found, sight.open, parameters.weight[sight.open], parameters.bias[sight.open].item())
    lines = {"python": _loops, "numpy": _numpy, "torch": _torch}[voice](scene)
    return written(lines, _now(sight))


def _now(sight: Sight) -> str:
    if sight.aspect == "logit":
        return "logit"
    if sight.aspect in ("derivation", "autograd"):
        return "gradient"
    return {"values": "loss", "moved": "update"}.get(sight.voices, "gradient")


def _loops(scene: _Scene) -> list[Line]:
    lab, run, back = scene.lab, scene.found.run, scene.found.back
    rate, at = number(lab.rate), scene.open
    twice = (
        [
            ("", "e2 = [exp(s) for s in S]  # softmax once more"),
            ("", "S2 = [v / sum(e2) for v in e2]"),
        ]
        if lab.twice
        else []
    )
    loss = f"-log(S2[{run.label}])" if lab.twice else f"log(sum(e)) + max(z) - z[{run.label}]"
    slope: list[Line] = [("gradient", says(f"g = S[{at}] - {int(at == run.label)}", back.logits[at].item()))]
    if lab.twice:
        slope = [
            ("gradient", f"h = [s - (o == {run.label}) for o, s in enumerate(S2)]"),
            (
                "gradient",
                says(f"g = S[{at}] * (h[{at}] - sum(s * t for s, t in zip(S, h)))", back.logits[at].item()),
            ),
        ]
    return [
        *given(
            "from math import exp, log",
            f"x = {numbers(run.flat)}",
            f"w = {numbers(scene.row)}",
            f"b = {number(scene.bias)}",
            f"z = {numbers(run.logits)}",
        ),
        ("logit", says(f"z[{at}] = b + sum(v * p for v, p in zip(w, x))", run.logits[at].item())),
        *given("e = [exp(v - max(z)) for v in z]"),
        *given(says("S = [v / sum(e) for v in e]", run.probabilities[at].item(), f"S[{at}]")),
        *twice,
        ("loss", says(f"loss = {loss}", run.loss.item())),
        *slope,
        *_learn(scene, f"w = [v - {rate} * g * p for v, p in zip(w, x)]", f"b = b - {rate} * g"),
    ]


def _learn(scene: _Scene, weights: str, bias: str) -> list[Line]:
    """Return the updates of what learns."""
    lab = scene.lab
    lines: list[Line] = [("update", weights)] if lab.weight.requires_grad else []
    new = scene.bias - lab.rate * scene.slope
    return [*lines, *([("update", says(bias, new))] if lab.bias.requires_grad else [])]


def _numpy(scene: _Scene) -> list[Line]:
    lab, run, back = scene.lab, scene.found.run, scene.found.back
    rate, at = number(lab.rate), scene.open
    twice = ["S2 = np.exp(S) / np.exp(S).sum()  # softmax once more"] if lab.twice else []
    loss = f"-np.log(S2[{run.label}])" if lab.twice else f"np.log(e.sum()) + z.max() - z[{run.label}]"
    slope: list[Line] = [("gradient", says(f"g = S[{at}] - {int(at == run.label)}", back.logits[at].item()))]
    if lab.twice:
        slope = [
            ("gradient", f"h = S2 - (np.arange(10) == {run.label})"),
            ("gradient", says(f"g = S[{at}] * (h[{at}] - S @ h)", back.logits[at].item())),
        ]
    return [
        *given(
            "import numpy as np",
            f"x = {array(run.flat)}",
            f"w = {array(scene.row)}",
            f"b = {number(scene.bias)}",
            f"z = {array(run.logits)}",
        ),
        ("logit", says(f"z[{at}] = w @ x + b", run.logits[at].item())),
        *given("e = np.exp(z - z.max())", says("S = e / e.sum()", run.probabilities[at].item(), f"S[{at}]"), *twice),
        ("loss", says(f"loss = {loss}", run.loss.item())),
        *slope,
        *_learn(scene, f"w = w - {rate} * g * x", f"b = b - {rate} * g"),
    ]


def _torch(scene: _Scene) -> list[Line]:
    lab, run, back = scene.lab, scene.found.run, scene.found.back
    at = scene.open
    logits = "z.softmax(0)" if lab.twice else "z"
    learn = {"w": lab.weight.requires_grad, "b": lab.bias.requires_grad}
    lines = [
        *given(
            "import torch",
            "import torch.nn.functional as F",
            f"x = {tensor(run.flat)}",
            f"w = {tensor(scene.row, grad=learn['w'])}",
            f"b = {tensor(np.array(scene.bias), grad=learn['b'])}",
            f"z = {tensor(run.logits)}",
        ),
        ("logit", says(f"z[{at}] = w @ x + b", run.logits[at].item())),
        ("loss", says(f"loss = F.cross_entropy({logits}, torch.tensor({run.label}))", run.loss.item())),
    ]
    if not any(learn.values()):
        return lines
    told = says("loss.backward()", back.logits[at].item(), "b.grad") if learn["b"] else "loss.backward()"
    return [
        *lines,
        *given(f"optimizer = torch.optim.SGD([w, b], lr={number(lab.rate)})"),
        ("gradient", told),
        ("update", f"optimizer.step()  # {scene.moves}"),
    ]
