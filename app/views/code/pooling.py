"""The Pooling lab as code: one window, and what it hands on."""

from __future__ import annotations

from app.nn.windows import Array, DoesNotFit, Pair, Window
from app.playground.pooling import pooled
from app.playground.state import CodeVoice
from app.playground.stepper import BEATS, RESULT
from app.playground.told import known, readable
from app.views.code.writing import NONE, Code, Line, array, given, numbers, says, tensor, written
from app.views.moment import Moment


def code(moment: Moment, voice: CodeVoice) -> Code:
    """Return the code of the present window, up to ``out``.

    None while its value is hidden, where it reads what another lab hides, and where there is nothing to walk.
    """
    table, lab = moment.table, moment.table.pooling
    try:
        found = pooled(lab, table.convolution, table.digit)
    except DoesNotFit:
        return NONE
    stepper = moment.state.view.pooling.on(found.output.size)
    channel, position = divmod(stepper.index, found.read.shape[2])
    told, _ = readable(known(moment.state), found, lab.window)
    if stepper.hidden or not told[channel, :, position].all():
        return NONE
    taken = found.read[channel, :, position].reshape(lab.window.kernel_size)
    out = found.output.ravel()[stepper.index].item() if stepper.beat == RESULT else None
    lines = (_average if lab.kind == "average" else _largest)(
        voice, taken, int(found.divisors[position]), out, lab.window, "  # after ReLU" if lab.rectified else ""
    )
    return written(lines, BEATS[stepper.beat])


def _largest(voice: CodeVoice, window: Array, _: int, out: float | None, walk: Window, note: str) -> list[Line]:
    if voice == "python":
        return [
            ("window", f"window = {numbers(window.ravel())}{note}"),
            *given("largest = window[0]", "for value in window[1:]:"),
            ("products", "    if value > largest:  # a tie changes nothing"),
            ("products", "        largest = value"),
            ("result", says("out = largest", out)),
        ]
    if voice == "numpy":
        return [
            *given("import numpy as np"),
            ("window", f"window = {array(window)}{note}"),
            ("products", "at = window.argmax()  # of several, the first"),
            ("result", says("out = window.flat[at]", out)),
        ]
    return [
        *given("import torch", "import torch.nn.functional as F"),
        ("window", f"window = {tensor(window)}{note}"),
        ("products", f"pooled = F.max_pool2d(window[None], {_both(walk.kernel_size)})"),
        ("result", says("out = pooled.item()", out)),
        *given(f"# the whole map: F.max_pool2d(maps, {_settings(walk)})"),
    ]


def _average(voice: CodeVoice, window: Array, share: int, out: float | None, walk: Window, note: str) -> list[Line]:
    if voice == "python":
        return [
            ("window", f"window = {numbers(window.ravel())}{note}"),
            *given("total = 0", "for value in window:"),
            ("products", "    total += value"),
            ("result", says(f"out = total / {share}", out)),
        ]
    if voice == "numpy":
        return [
            *given("import numpy as np"),
            ("window", f"window = {array(window)}{note}"),
            ("products", "total = window.sum()"),
            ("result", says(f"out = total / {share}", out)),
        ]
    # Cells beyond the padding do not count.
    divisor = f", divisor_override={share}" if share != window.size else ""
    return [
        *given("import torch", "import torch.nn.functional as F"),
        ("window", f"window = {tensor(window)}{note}"),
        ("products", f"pooled = F.avg_pool2d(window[None], {_both(walk.kernel_size)}{divisor})"),
        ("result", says("out = pooled.item()", out)),
        *given(f"# the whole map: F.avg_pool2d(maps, {_settings(walk)})"),
    ]


def _settings(walk: Window) -> str:
    usual: dict[str, Pair] = {"stride": walk.kernel_size, "padding": (0, 0), "dilation": (1, 1)}
    settings = {name: getattr(walk, name) for name in usual}
    changed = "".join(f", {name}={_both(pair)}" for name, pair in settings.items() if pair != usual[name])
    return f"{_both(walk.kernel_size)}{changed}{', ceil_mode=True' if walk.ceil_mode else ''}"


def _both(pair: Pair) -> str:
    return str(pair[0]) if pair[0] == pair[1] else str(pair)
