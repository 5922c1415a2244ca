"""The Training lab as code: the next step of the run, on a batch that is given."""

from __future__ import annotations

from app.nn.architecture import Architecture
from app.nn.batch import lesson
from app.playground.state import CodeVoice
from app.playground.training import Training, epoch_of
from app.views.code.writing import NONE, Code, Line, given, number, says, written
from app.views.moment import Moment


def code(moment: Moment, voice: CodeVoice) -> Code:
    """Return the code of the next step: forward, loss, backward, update.

    Given are the batch, ``images`` (n, 25) and ``labels`` (n), and ``p``, the parameters by their names in the
    ``state_dict``, with their gradients ``g`` and momentum buffers ``v`` of the step before; as arrays, in PyTorch a
    ``net`` with its ``optimizer``. No code where there is nothing to learn from, or no logits.
    """
    lab = moment.table.training
    if lab.net.unfinished or not lab.material.size:
        return NONE
    lines = {"python": _loops, "numpy": _numpy, "torch": _torch}[voice](lab)
    return written(lines, "update" if lab.step else "loss")


def _loss(lab: Training) -> float:
    epoch, end = epoch_of(lab), min(lab.seen + lab.batch_size, lab.material.size)
    return float(lesson(lab.net, lab.vector, epoch.images[lab.seen : end], epoch.labels[lab.seen : end]).loss)


def _batch(lab: Training) -> str:
    end = min(lab.seen + lab.batch_size, lab.material.size)
    return f"# epoch {lab.epoch + 1}, drawings {lab.seen} to {end - 1} of {lab.material.size} in its order"


FUNCTIONS = {
    "relu": "np.maximum({}, 0)",
    "leaky_relu": "np.where({0} > 0, {0}, 0.01 * {0})",
    "sigmoid": "1 / (1 + np.exp(-{}))",
    "tanh": "np.tanh({})",
}
SLOPES = {
    "relu": "({} > 0)",
    "leaky_relu": "np.where({} > 0, 1, 0.01)",
    "sigmoid": "{1} * (1 - {1})",
    "tanh": "(1 - {1} ** 2)",
}


def _activate(net: Architecture, line: str, name: str) -> str:
    """Return a NumPy line that activates what is called ``name``."""
    if net.activation == "identity":
        return f"{line} = {name}"
    return f"{line} = {FUNCTIONS[net.activation].format(name)}"


def _slope(net: Architecture, value: str, active: str) -> str:
    return "" if net.activation == "identity" else f" * {SLOPES[net.activation].format(value, active)}"


def _numpy(lab: Training) -> list[Line]:
    net = lab.net
    lines = [*given("import numpy as np", _batch(lab), "n = len(images)")]
    features = "images"
    if net.filters:
        k, s, pad = net.kernel_size, net.stride, net.padding
        lines += given(
            f"x = np.pad(images.reshape(n, 5, 5), ((0, 0), ({pad}, {pad}), ({pad}, {pad})))",
            f"x = np.lib.stride_tricks.sliding_window_view(x, ({k}, {k}), axis=(1, 2))[:, ::{s}, ::{s}]",
            "conv = np.einsum('nrcij,kij->nkrc', x, p['conv.weight'][:, 0]) + p['conv.bias'][:, None, None]",
            _activate(net, "act", "conv"),
        )
        features = "act.reshape(n, -1)"
        if net.pool:
            m, side = net.pool, net.layers[_place(net, "pool")].shape[1]
            lines += given(
                f"t = act[:, :, :{m * side}, :{m * side}].reshape(n, {net.filters}, {side}, {m}, {side}, {m})",
                f"t = t.swapaxes(3, 4).reshape(n, {net.filters}, {side}, {side}, {m * m})",
                "win = t.argmax(4)[..., None]",
                "pool = np.take_along_axis(t, win, 4)[..., 0]",
            )
            features = "pool.reshape(n, -1)"
    lines += given(f"flat = {features}")
    last = "flat"
    if net.hidden:
        lines += given("h = flat @ p['hidden.weight'].T + p['hidden.bias']", _activate(net, "a", "h"))
        last = "a"
    lines += given(f"z = {last} @ p['fc.weight'].T + p['fc.bias']" if net.linear else f"z = {last}")
    lines += [
        ("loss", "e = np.exp(z - z.max(1, keepdims=True))"),
        ("loss", "S = e / e.sum(1, keepdims=True)"),
        ("loss", says("loss = -np.log(S[np.arange(n), labels]).mean()", _loss(lab))),
        ("gradient", "d = (S - np.eye(10)[labels]) / n"),
    ]
    carried = "" if lab.sgd.zero_grad else " + g[{!r}]"

    def gradient(name: str, value: str) -> Line:
        return "gradient", f"{_key('G', name)} = {value}{carried.format(name)}"

    lines.append(("gradient", "G = {}"))
    if net.linear:
        lines += [
            gradient("fc.weight", f"d.T @ {last}"),
            gradient("fc.bias", "d.sum(0)"),
            ("gradient", "d = d @ p['fc.weight']"),
        ]
    if net.hidden:
        if slope := _slope(net, "h", "a"):
            lines.append(("gradient", f"d = d{slope}"))
        lines += [
            gradient("hidden.weight", "d.T @ flat"),
            gradient("hidden.bias", "d.sum(0)"),
            ("gradient", "d = d @ p['hidden.weight']"),
        ]
    if net.filters:
        lines += [("gradient", text) for text in _back(net)]
        lines += [
            gradient("conv.weight", "np.einsum('nkrc,nrcij->kij', d, x)[:, None]"),
            gradient("conv.bias", "d.sum((0, 2, 3))"),
        ]
    return [*lines, *_updates(lab)]


def _place(net: Architecture, name: str) -> int:
    return [layer.name for layer in net.layers].index(name)


def _key(of: str, name: str) -> str:
    return f"{of}['{name}']"


def _back(net: Architecture) -> list[str]:
    """Return how the gradient goes back through pooling and activation."""
    lines = ["d = d.reshape(act.shape)"]
    if net.pool:
        m, side = net.pool, net.layers[_place(net, "pool")].shape[1]
        lines = [
            "u = np.zeros(t.shape)",
            "np.put_along_axis(u, win, d.reshape(win.shape), 4)  # to the winner alone",
            "d = np.zeros(act.shape)",
            f"u = u.reshape(n, {net.filters}, {side}, {side}, {m}, {m}).swapaxes(3, 4)",
            f"d[:, :, :{m * side}, :{m * side}] = u.reshape(n, {net.filters}, {m * side}, {m * side})",
        ]
    slope = _slope(net, "conv", "act")
    return [*lines, *([f"d = d{slope}"] if slope else [])]


def _updates(lab: Training) -> list[Line]:
    """Return the loop that moves every parameter, as NumPy and plain Python write it."""
    sgd = lab.sgd
    lines = ["for name in p:", "    step = G[name]"]
    if sgd.weight_decay:
        lines.append(f"    step = step + {number(sgd.weight_decay)} * p[name]")
    if sgd.momentum:
        started = f"{number(sgd.momentum)} * v[name] + " if lab.velocity else ""
        lines.append(f"    v[name] = step = {started}step")
    lines.append(f"    p[name] = p[name] - {number(sgd.rate)} * step")
    return [("update", line) for line in lines]


def _torch(lab: Training) -> list[Line]:
    net, sgd = lab.net, lab.sgd
    lines = given("import torch", "import torch.nn.functional as F", _batch(lab), "x = images.view(-1, 1, 5, 5)")
    active = "x" if net.activation == "identity" else f"{TORCH[net.activation]}(x)"
    if net.filters:
        lines += given("x = net.conv(x)", *([f"x = {active}"] if active != "x" else []))
        lines += given("x = net.pool(x)") if net.pool else []
    lines += given("x = x.flatten(1)")
    if net.hidden:
        lines += given("x = net.hidden(x)", *([f"x = {active}"] if active != "x" else []))
    lines += given("z = net.fc(x)" if net.linear else "z = x")
    settings = f"lr={number(sgd.rate)}"
    settings += f", momentum={number(sgd.momentum)}" if sgd.momentum else ""
    settings += f", weight_decay={number(sgd.weight_decay)}" if sgd.weight_decay else ""
    return [
        *lines,
        ("loss", says("loss = F.cross_entropy(z, labels)", _loss(lab))),
        *([("gradient", "optimizer.zero_grad()")] if sgd.zero_grad else []),
        ("gradient", "loss.backward()"),
        ("update", f"optimizer.param_groups[0].update({settings})"),
        ("update", "optimizer.step()"),
    ]


TORCH = {"relu": "F.relu", "leaky_relu": "F.leaky_relu", "sigmoid": "torch.sigmoid", "tanh": "torch.tanh"}
LOOPED = {
    "identity": "u",
    "relu": "max(u, 0)",
    "leaky_relu": "u if u > 0 else 0.01 * u",
    "sigmoid": "1 / (1 + exp(-u))",
    "tanh": "tanh(u)",
}


def _loops(lab: Training) -> list[Line]:
    """Return the forward pass in plain loops, drawing by drawing; the backward pass takes too many of them to be read.

    Its place takes what the definition of a gradient says: move one parameter a little, and see what the loss does.
    """
    net, sgd = lab.net, lab.sgd
    body = ["    image = image.tolist()"]
    features = "image"
    if net.filters:
        k, s, pad = net.kernel_size, net.stride, net.padding
        _, rows, columns = net.layers[0].shape
        inside = f"[(i, j) for i in range({k}) for j in range({k})"
        inside += f" if 0 <= r * {s} + i - {pad} < 5 and 0 <= c * {s} + j - {pad} < 5]"
        body += [
            "    act = []",
            "    for kernel, b in zip(p['conv.weight'], p['conv.bias']):",
            f"        for r in range({rows}):",
            f"            for c in range({columns}):",
            f"                u = b + sum(kernel[0][i][j] * image[(r * {s} + i - {pad}) * 5 + c * {s} + j - {pad}]"
            f" for i, j in {inside})",
            f"                act.append({LOOPED[net.activation]})",
        ]
        features = "act"
        if net.pool:
            m, (_, down, across) = net.pool, net.layers[_place(net, "pool")].shape
            at = f"act[(k * {rows} + r * {m} + i) * {columns} + c * {m} + j]"
            body += [
                f"    act = [max({at} for i in range({m}) for j in range({m}))",
                f"           for k in range({net.filters}) for r in range({down}) for c in range({across})]",
            ]
    if net.hidden:
        body.append(f"    us = {_layer('hidden', features)}")
        body.append(f"    {features} = [{LOOPED[net.activation]} for u in us]")
    body.append(f"    z = {_layer('fc', features)}" if net.linear else f"    z = {features}")
    body.append("    total += log(sum(exp(v - max(z)) for v in z)) + max(z) - z[label]")
    return [
        *given("from math import exp, log, tanh", _batch(lab), "total = 0"),
        *given("for image, label in zip(images, labels):", *body),
        ("loss", says("loss = total / len(images)", _loss(lab))),
        ("update", "# the gradient of a parameter: how the loss changes when it moves a little"),
        ("update", f"# then parameter = parameter - {number(sgd.rate)} * {'velocity' if sgd.momentum else 'gradient'}"),
    ]


def _layer(name: str, features: str) -> str:
    row = f"sum(w * v for w, v in zip(row, {features}))"
    return f"[b + {row} for row, b in zip(p['{name}.weight'], p['{name}.bias'])]"
