"""The Network lab as code: the forward pass to the loss; the backward pass; the update of the last step."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.nn.backward import Passes, passes
from app.nn.digits import Digit
from app.nn.network import SHAPES, Array, StateDict
from app.playground.backward import PLACES
from app.playground.state import CodeVoice
from app.playground.writing import plain
from app.views.code.writing import DECIMALS, Code, Line, array, given, number, numbers, says, tensor, written
from app.views.grids import addresses
from app.views.moment import Moment


class _Scene(NamedTuple):
    """A step of SGD: what it is taken from, and what it is told of."""

    parameters: StateDict
    digit: Digit
    rate: float
    found: Passes
    layer: str  # of the parameter that is told of
    at: int  # its place in the layer

    @property
    def address(self) -> str:
        """The parameter that is told of."""
        return addresses(self.layer, SHAPES[self.layer])[self.at]

    @property
    def old(self) -> float:
        """It before the step."""
        return float(self.parameters[self.layer].ravel()[self.at])

    @property
    def gradient(self) -> float:
        """Its gradient."""
        return float(self.found.backward.parameters[self.layer].ravel()[self.at])

    @property
    def moves(self) -> str:
        """Its old and its new value."""
        new = np.float32(self.old) - np.float32(self.rate) * np.float32(self.gradient)
        return f"{plain(self.old, DECIMALS)} → {plain(new.item(), DECIMALS)}"


def code(moment: Moment, voice: CodeVoice) -> Code:
    """Return the code of what the switch shows.

    Values: the forward pass, up to ``loss``. Gradients, both, and the walk back: the gradients by the names of their
    tensors. Ledger: the last step, or else the next one. In PyTorch it is one and the same code.
    """
    view = moment.state.view
    scene = _scene(moment)
    if voice == "torch":
        now = {"values": "loss", "ledger": "update"}.get(view.show, "backward")
        return written(_torch(scene, _told(moment)), now)
    match view.show:
        case "values":
            return written((_loops if voice == "python" else _numpy)(scene), "loss")
        case "ledger":
            return written((_update_loops if voice == "python" else _update_numpy)(scene), "update")
    now = PLACES[view.backward].tensor if view.show == "backward" else "logits"
    lines = (_back_loops if voice == "python" else _back_numpy)(scene)
    return written(lines, "pool" if now == "flat" else now, _told(moment))


def _scene(moment: Moment) -> _Scene:
    view, net = moment.state.view, moment.table.network
    if view.show != "ledger":
        return _Scene(net.parameters, moment.table.digit, net.rate, moment.passes, "fc.bias", moment.table.digit.label)
    layer = view.ledger.layer
    rows = addresses(layer, SHAPES[layer])
    at = rows.index(view.ledger.opened) if view.ledger.opened in rows else 0
    if net.before and net.taught:
        return _Scene(net.before, net.taught, net.stride, passes(net.before, net.taught), layer, at)
    return _Scene(net.parameters, moment.table.digit, net.rate, moment.passes, layer, at)


def _told(moment: Moment) -> str:
    """Return what the walk has come to, "" where nobody walks, or where a sum is not whole yet."""
    view = moment.state.view
    place = PLACES[view.backward]
    if view.show != "backward" or not place.done:
        return ""
    back = moment.back
    if place.tensor in SHAPES:
        shape, gradient = SHAPES[place.tensor], back.parameters[place.tensor]
    else:
        gradient = getattr(back, place.tensor)
        shape = {"pool": (4, 1, 1), "relu": (4, 2, 2), "conv": (4, 2, 2)}.get(place.tensor, gradient.shape)
    return f"{addresses(f'grad.{place.tensor}', shape)[place.at]} = {plain(gradient.flat[place.at].item(), DECIMALS)}"


def _said(scene: _Scene) -> str:
    run = scene.found.forward
    if run.prediction is None:
        return "tied, or not finite"
    return f"says {run.prediction} with {plain(run.probabilities[run.prediction].item(), DECIMALS)}"


def _layer(scene: _Scene, name: str) -> Array:
    """Return a parameter; a kernel as a row."""
    values = scene.parameters[name]
    return values.reshape(4, 4) if name == "conv.weight" else values


def _loops(scene: _Scene) -> list[Line]:
    run = scene.found.forward
    label = scene.digit.label
    return [
        *given(
            "from math import exp, log",
            f"x = {numbers(scene.digit.image)}",
            f"conv_w = {numbers(scene.parameters['conv.weight'][:, 0])}",
            f"conv_b = {numbers(scene.parameters['conv.bias'])}",
            f"fc_w = {numbers(scene.parameters['fc.weight'])}",
            f"fc_b = {numbers(scene.parameters['fc.bias'])}",
            "flat, two = [], (0, 1)",
            "for k, b in zip(conv_w, conv_b):",
            "    maps = [b + sum(x[2*r + i][2*c + j] * k[i][j] for i in two",
            "                    for j in two) for r in two for c in two]",
            "    flat.append(max(0, *maps))  # ReLU, max pool",
            "logits = [b + sum(w * f for w, f in zip(row, flat))",
            f"          for row, b in zip(fc_w, fc_b)]  # {_said(scene)}",
            "total = sum(exp(z - max(logits)) for z in logits)",
        ),
        ("loss", says(f"loss = log(total) + max(logits) - logits[{label}]", run.loss.item())),
    ]


READ = "read = x[:4, :4].reshape(2, 2, 2, 2).transpose(1, 3, 0, 2).reshape(4, 4)"


def _numpy(scene: _Scene) -> list[Line]:
    run = scene.found.forward
    label = scene.digit.label
    return [
        *given(
            "import numpy as np",
            f"x = {array(scene.digit.image)}",
            f"conv_w = {array(_layer(scene, 'conv.weight'))}",
            f"conv_b = {array(_layer(scene, 'conv.bias'))}",
            f"fc_w = {array(_layer(scene, 'fc.weight'))}",
            f"fc_b = {array(_layer(scene, 'fc.bias'))}",
            READ,
            "conv = conv_w @ read + conv_b[:, None]",
            "flat = np.maximum(conv, 0).max(axis=1)  # ReLU, max pool",
            f"logits = fc_w @ flat + fc_b  # {_said(scene)}",
            "e = np.exp(logits - logits.max())",
        ),
        ("loss", says(f"loss = np.log(e.sum()) + logits.max() - logits[{label}]", run.loss.item())),
    ]


def _back_loops(scene: _Scene) -> list[Line]:
    run = scene.found.forward
    return [
        *given(
            "from math import exp",
            f"x = {numbers(scene.digit.image)}",
            f"conv = {numbers(run.conv)}",
            f"flat = {numbers(run.flat)}",
            f"fc_w = {numbers(scene.parameters['fc.weight'])}",
            f"logits = {numbers(run.logits)}",
            "e = [exp(z - max(logits)) for z in logits]",
        ),
        ("logits", f"g = [v / sum(e) - (o == {scene.digit.label}) for o, v in enumerate(e)]"),
        ("fc.weight", "fc_w_grad = [[v * f for f in flat] for v in g]"),
        ("fc.bias", "fc_b_grad = g"),
        ("pool", "flat_grad = [sum(v * row[i] for v, row in zip(g, fc_w))"),
        ("pool", "             for i in range(4)]"),
        ("", "conv_w_grad = [[0] * 4 for f in range(4)]"),
        ("", "conv_b_grad = [0] * 4"),
        ("", "for f, four in enumerate(conv):"),
        ("relu", "    at = four.index(max(four))  # the winner takes it"),
        ("conv", "    if four[at] > 0:  # ReLU lets it through"),
        ("", "        r, c = 2 * (at // 2), 2 * (at % 2)"),
        ("", "        window = x[r][c:c + 2] + x[r + 1][c:c + 2]"),
        ("conv.weight", "        conv_w_grad[f] = [flat_grad[f] * p for p in window]"),
        ("conv.bias", "        conv_b_grad[f] = flat_grad[f]"),
    ]


def _back_numpy(scene: _Scene) -> list[Line]:
    run = scene.found.forward
    return [
        *given(
            "import numpy as np",
            f"x = {array(scene.digit.image)}",
            f"conv = {array(run.conv)}",
            f"flat = {array(run.flat)}",
            f"fc_w = {array(scene.parameters['fc.weight'])}",
            f"logits = {array(run.logits)}",
            "e = np.exp(logits - logits.max())",
        ),
        ("logits", f"g = e / e.sum() - (np.arange(10) == {scene.digit.label})"),
        ("fc.weight", "fc_w_grad = np.outer(g, flat)"),
        ("fc.bias", "fc_b_grad = g"),
        ("pool", "flat_grad = g @ fc_w"),
        ("", "relu_grad = np.zeros((4, 4))"),
        ("relu", "relu_grad[range(4), conv.clip(0).argmax(1)] = flat_grad"),
        ("conv", "conv_grad = relu_grad * (conv > 0)"),
        ("", READ),
        ("conv.weight", "conv_w_grad = conv_grad @ read.T"),
        ("conv.bias", "conv_b_grad = conv_grad.sum(1)"),
    ]


def _update_loops(scene: _Scene) -> list[Line]:
    return [
        *given(
            f"old = {numbers(scene.parameters[scene.layer].ravel())}",
            f"gradient = {numbers(scene.found.backward.parameters[scene.layer].ravel())}",
            f"rate = {number(scene.rate)}",
            "new = []",
            "for w, g in zip(old, gradient):",
        ),
        ("update", f"    new.append(w - rate * g)  # new[{scene.at}]: {scene.moves}"),
    ]


def _update_numpy(scene: _Scene) -> list[Line]:
    return [
        *given(
            "import numpy as np",
            f"old = {array(scene.parameters[scene.layer].ravel())}",
            f"gradient = {array(scene.found.backward.parameters[scene.layer].ravel())}",
            f"rate = np.float32({number(scene.rate)})",
        ),
        ("update", f"new = old - rate * gradient  # new[{scene.at}]: {scene.moves}"),
    ]


def _torch(scene: _Scene, told: str) -> list[Line]:
    run, label = scene.found.forward, scene.digit.label
    told = told or f"{scene.address.replace('[', '.grad[', 1)} = {plain(scene.gradient, DECIMALS)}"
    return [
        *given(
            "import torch",
            "from torch.nn import Conv2d, Linear, functional as F",
            "conv, fc = Conv2d(1, 4, 2, 2), Linear(4, 10)",
            *(f"{name}.data = {tensor(scene.parameters[name])}" for name in SHAPES),
            f"x = torch.tensor({numbers(scene.digit.image)}).float().view(1, 1, 5, 5)",
            "h = F.max_pool2d(F.relu(conv(x)), 2)",
            f"y = fc(h.view(1, 4))  # {_said(scene)}",
        ),
        *given(f"label = torch.tensor([{label}])"),
        ("loss", says("loss = F.cross_entropy(y, label)", run.loss.item())),
        *given("parameters = [*conv.parameters(), *fc.parameters()]"),
        *given(f"optimizer = torch.optim.SGD(parameters, lr={number(scene.rate)})", "optimizer.zero_grad()"),
        ("backward", f"loss.backward()  # {told}"),
        ("update", f"optimizer.step()  # rate {scene.rate:g}: {scene.moves}"),
    ]
