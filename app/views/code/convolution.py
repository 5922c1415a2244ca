"""The Convolution lab as code: one window, its products, their sum."""

from __future__ import annotations

import numpy as np

from app.nn.windows import Pair
from app.playground.convolution import worked
from app.playground.state import CodeVoice
from app.playground.stepper import BEATS, RESULT
from app.views.code.writing import NONE, Code, Line, array, given, number, numbers, says, tensor, written
from app.views.moment import Moment
from app.views.walks import place


def code(moment: Moment, voice: CodeVoice) -> Code:
    """Return the code of the present position, up to ``out``; none while its value is hidden."""
    table = moment.table
    lab, image = table.convolution, table.convolution.seen(table.digit)
    done = worked(lab, table.digit)
    stepper = moment.state.view.convolution.on(done.output.size)
    if stepper.hidden:
        return NONE
    here = place(stepper.index, (done.output.shape[1], done.output.shape[2]), lab.window)
    window, (tall, wide) = lab.window, lab.window.kernel_size
    kernel = done.kernels.weight[here.map].reshape(tall, wide)
    turned = "  # turned by 180°" if lab.flipped else ""
    bias = f" + {number(done.kernels.bias[here.map].item())}".replace("+ -", "- ") if lab.biased else ""
    total = done.output.ravel()[stepper.index].item() if stepper.beat == RESULT else None
    (down, across), (apart, aside), padding = window.stride, window.dilation, window.padding
    row, column = _times(down, "row"), _times(across, "col")
    at = f"row, col = {here.row}, {here.column}"
    lines: list[Line]
    if voice == "python":
        edge = tuple((pad, pad) for pad in padding)
        lines = [
            *given(
                f"x = {numbers(np.pad(image.array, edge))}{'  # padded' if any(padding) else ''}",
                f"k = {numbers(kernel)}{turned}",
            ),
            ("window", at),
            *given(f"total = {number(done.kernels.bias[here.map].item())}"),
            *given(f"for i in range({tall}):", f"    for j in range({wide}):"),
            ("products", f"        pixel = x[{row} + {_times(apart, 'i')}][{column} + {_times(aside, 'j')}]"),
            ("products", "        total += pixel * k[i][j]"),
            ("result", says("out = total", total)),
        ]
    elif voice == "numpy":
        rows, columns = _slice(row, tall, apart), _slice(column, wide, aside)
        pad = [f"x = np.pad(x, {_pairs(padding)})"] if any(padding) else []
        lines = [
            *given("import numpy as np", f"x = {array(image.array)}", *pad, f"k = {array(kernel)}{turned}", at),
            ("window", f"window = x[{rows}, {columns}]"),
            ("products", "products = window * k"),
            ("result", says(f"out = products.sum(){bias}", total)),
        ]
    else:
        usual = {"dilation": (1, 1), "padding": (0, 0), "stride": (1, 1)}  # PyTorch's defaults
        settings = {name: getattr(window, name) for name in usual}
        walk = "".join(f", {name}={_both(pair)}" for name, pair in settings.items() if pair != usual[name])
        offset = f", {tensor(done.kernels.bias[here.map : here.map + 1])}" if lab.biased else ""
        lines = [
            *given(
                "import torch",
                "import torch.nn.functional as F",
                f"x = {tensor(image.array)}[None, None]",
                f"k = {tensor(kernel)}[None, None]{turned}",
                at,
            ),
            ("window", f"taps = F.unfold(x, {_both((tall, wide))}{walk})"),
            ("window", f"window = taps[0, :, {done.output.shape[2]} * row + col]"),
            ("products", "products = window * k.flatten()"),
            ("result", f"maps = F.conv2d(x, k{offset}{walk})"),
            ("result", says("out = maps[0, 0, row, col]", total)),
        ]
    return written(lines, BEATS[stepper.beat])


def _times(factor: int, name: str) -> str:
    return name if factor == 1 else f"{factor} * {name}"


def _slice(start: str, taps: int, apart: int) -> str:
    step = f":{apart}" if apart > 1 else ""
    return f"{start}:{start} + {apart * (taps - 1) + 1}{step}"


def _both(pair: Pair) -> str:
    return str(pair[0]) if pair[0] == pair[1] else str(pair)


def _pairs(padding: Pair) -> str:
    return str(padding[0]) if padding[0] == padding[1] else f"(({padding[0]},), ({padding[1]},))"
