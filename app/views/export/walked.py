"""The labs that a stepper walks, in an export. What is still to be predicted on the page is not told."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from app.nn.activation import SLOPE
from app.nn.referee import Ours
from app.nn.windows import COLUMNS, ROWS, DoesNotFit, Pair, Window
from app.playground.activation import drawn
from app.playground.convolution import Convolution, Image
from app.playground.pooling import pooled
from app.views import referee
from app.views.export.cells import Cell, assigned, called, code, same, tensor, words
from app.views.export.exact import EXACT, tolerance
from app.views.export.record import Record

_DEFAULTS = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1)}  # PyTorch's, for a convolution
_FUNCTIONS = {
    "identity": "x.clone()",
    "step": "torch.heaviside(x, torch.ones_like(x))",
    "relu": "F.relu(x)",
    "leaky_relu": f"F.leaky_relu(x, {SLOPE})",
    "sigmoid": "torch.sigmoid(x)",
    "tanh": "torch.tanh(x)",
}


def convolution(record: Record) -> list[Cell]:
    """Return the cells of the feature maps; the Pooling lab may need them too."""
    table = record.moment.table
    pools_maps = record.touched("pooling") and not table.pooling.typed
    if not (record.touched("convolution") or pools_maps):
        return []
    lab, image = table.convolution, table.convolution.seen(table.digit)
    output = referee.convolution(record.moment).ours["output"]
    arguments, kernels = ["image", "weight"], [f"# From: {', '.join(lab.names)}.", tensor("weight", lab.array[:, None])]
    if lab.flipped:
        arguments[1] = "weight.flip(2, 3)"
        kernels[0] += " Turned by 180 degrees, they make a convolution in the mathematicians' sense."
    if lab.biased:
        arguments.append("bias")
        kernels.append(tensor("bias", np.array(lab.bias)))
    call = called("F.conv2d", *arguments, **_settings(lab.window, _DEFAULTS))
    many = "One kernel" if lab.filters == 1 else f"{lab.filters} kernels"
    what = "the drawing" if lab.image is None else f"an image of {image.rows}×{image.columns}"
    return [
        words("## Convolution", f"{many} over {what}."),
        code(_image(lab.image), *kernels, f"maps = {call}", *_printed("maps", output)),
        code(*_sized("maps", output, (image.rows, image.columns), lab.window, _largest(lab, image))),
    ]


def pooling(record: Record) -> list[Cell]:
    """Return the cells of the pooled maps; words alone where the window cannot walk them."""
    if not record.touched("pooling"):
        return []
    table, lab = record.moment.table, record.moment.table.pooling
    title = ("## Pooling", "Of a map that was typed." if lab.typed else "Of the feature maps.")
    try:
        maps = pooled(lab, table.convolution, table.digit).maps
    except DoesNotFit as problem:
        return [words(*title, f"There is nothing to compute. {problem.sentence}")]
    output = referee.pooling(record.moment).ours["output"]
    settings = _settings(lab.window, {"kernel_size": None, "stride": None, "padding": (0, 0), "dilation": (1, 1)})
    ceil_mode = {"ceil_mode": True} if lab.window.ceil_mode else {}
    call = called(
        "F.avg_pool2d" if lab.kind == "average" else "F.max_pool2d",
        "F.relu(maps)" if lab.rectified else "maps",
        **settings,
        **ceil_mode,
    )
    _, *size = maps.shape
    typed = [tensor("maps", np.array(lab.typed), (1, 1, *size))] if lab.typed else []
    largest = np.abs(lab.typed).sum() if lab.typed else _largest(table.convolution, table.convolution.seen(table.digit))
    return [
        words(*title),
        code(*typed, f"pooled = {call}", *_printed("pooled", output)),
        code(*_sized("pooled", output, (size[0], size[1]), lab.window, float(largest))),
    ]


def activation(record: Record) -> list[Cell]:
    """Return the cells of the eight numbers and their slopes."""
    if not record.touched("activation"):
        return []
    lab, ours = record.moment.table.activation, referee.activation(record.moment).ours
    if lab.source == "drawn" and lab.vector == drawn(lab.seed):
        vector = [f"np.random.seed({lab.seed})", f"x = torch.tensor(np.random.randn({len(lab.vector)}))"]
    else:
        vector = [tensor("x", lab.array)]
    if lab.function == "step":
        slope = ["slope = torch.zeros_like(x)  # flat on both sides of its jump: nothing for autograd"]
    else:
        slope = ["y.sum().backward()", "slope = x.grad"]
    checks = [*_told("y.detach()", ours["output"], EXACT), *_told("slope", ours["slope"], EXACT)]
    return [
        words("## Activation", f"Eight numbers through {lab.function}, and its slope at each of them."),
        code(
            *vector,
            "x.requires_grad_()",
            f"y = {_FUNCTIONS[lab.function]}",
            *slope,
            *_printed("y, slope", ours["output"]),
        ),
        code(*checks),
    ]


def _image(image: Image | None) -> str:
    if image is None:
        return "image = torch.tensor(digit, dtype=torch.float64).view(1, 1, 5, 5)"
    return tensor("image", image.array.astype(int), (1, 1, image.rows, image.columns))


def _largest(lab: Convolution, image: Image) -> float:
    """Return what no sum of the convolution is larger than, on its way."""
    return float(np.abs(lab.array).sum(axis=(1, 2)).max() * image.array.max() + np.abs(lab.bias).max())


def _sized(name: str, values: Ours, image: Pair, window: Window, largest: float) -> list[str]:
    """Return the statements that hold shape and numbers against the page's."""
    rows, columns = (window.formula(image[axis], axis).text for axis in (ROWS, COLUMNS))
    return [
        f"# Rows: {rows}",
        f"# Columns: {columns}",
        f"assert {name}.shape == {(1, *values.shape)}",
        *_told(f"{name}[0]", values, tolerance(largest)),
    ]


def _told(found: str, values: Ours, near: float) -> list[str]:
    """Return the statements that hold a tensor against the page's; what waits for a prediction is left out."""
    known = [place for place, value in enumerate(values.values) if value is not None]
    told = np.array([values.values[place] for place in known])
    if len(known) == len(values.values):
        return [assigned("shown", told.reshape(values.shape)), same(found, "shown", near)]
    note = "# What is still to be predicted on the page is left out."
    if not known:
        return [note]
    check = same(f"{found}.flatten()[told]", "shown", near)
    return [note, assigned("told", known), assigned("shown", told), check]


def _printed(names: str, values: Ours) -> list[str]:
    return [] if None in values.values else [f"print({names})"]


def _settings(window: Window, defaults: Mapping[str, Pair | None]) -> dict[str, int | Pair]:
    """Return the settings of a window that are not the default; a pair of equal ones is one number."""
    pairs = {name: getattr(window, name) for name in defaults}
    return {name: pair[0] if pair[0] == pair[1] else pair for name, pair in pairs.items() if pair != defaults[name]}
