"""What the API says of the labs that a stepper walks, where what is to come or hidden is null; and of the last step."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from app.nn.activation import ACTIVATIONS
from app.nn.digits import CLASSES
from app.nn.network import SHAPES
from app.nn.windows import COLUMNS, ROWS, DoesNotFit, Pair, Window
from app.playground.convolution import linear
from app.playground.pooling import pooled
from app.playground.state import Playground
from app.playground.stepper import BEATS, Stepper
from app.playground.writing import agrees
from app.views import seen
from app.views.addresses import tensors
from app.views.grids import addresses
from app.views.json import named, nested
from app.views.moment import Moment
from app.views.seen import Seen
from app.views.walks import place

Answer = dict[str, Any]


def convolution(state: Playground) -> Answer:
    """Return the Convolution lab: settings, image, kernels, and the walk so far."""
    lab, image = state.table.convolution, state.table.convolution.seen(state.table.digit)
    tensors = seen.convolution(state)
    output = tensors["output"]
    here = state.view.convolution.on(output.values.size)
    numbers = _named("convolution", tensors)
    return numbers | {
        "settings": _settings(lab.window)
        | {
            "filters": lab.filters,
            "bias": lab.biased,
            "flipped": lab.flipped,
            "linked": lab.linked,
            "seed": lab.seed,
        },
        "image": {
            "rows": image.rows,
            "columns": image.columns,
            "bits": image.bits,
            "ink": image.ink,
            "pixels": image.array.astype(int).tolist(),
            "drawing": lab.image is None,
        },
        "names": list(lab.names),
        "size": _size(lab.window, (image.rows, image.columns)),
        **_place(here, output, lab.window),
        "predict": _prediction(here, output),
        "counts": _counts(lab.weight, lab.biased * lab.filters, prod(image.array.shape), output.values.size),
    }


def pooling(state: Playground) -> Answer:
    """Return the Pooling lab: settings, maps, and the walk so far.

    Where the maps have become too small for the window, ``reason`` says so, and there is no walk.
    """
    table, lab = state.table, state.table.pooling
    tensors = seen.pooling(state)
    maps = tensors["maps"].values
    answer = {
        "settings": _settings(lab.window)
        | {
            "kind": lab.kind,
            "ceil_mode": lab.window.ceil_mode,
            "rectified": lab.rectified,
            "linked": lab.linked,
        },
        "source": "typed" if lab.typed else "convolution",
        "size": _size(lab.window, (maps.shape[1], maps.shape[2])),
    }
    nothing = dict.fromkeys(("winners", "tied", "divisor", "sum"))
    try:
        found = pooled(lab, table.convolution, table.digit)
    except DoesNotFit as problem:
        here = state.view.pooling
        nothing |= dict.fromkeys(("position", "rows", "columns", "window"))
        empty = {"output": [], "positions": 0, "by_beat": here.by_beat}
        missing = {"predict": _prediction(here, None), "fits": False, "reason": problem.sentence}
        return nothing | _named("pooling", tensors) | answer | empty | missing
    output = tensors["output"]
    here = state.view.pooling.on(output.values.size)
    if lab.kind == "average":
        nothing["divisor"] = int(found.divisors[here.index % len(found.divisors)])
    walk = _place(here, output, lab.window) | {"predict": _prediction(here, output), "fits": True, "reason": None}
    return nothing | _named("pooling", tensors) | answer | walk


def activation(state: Playground) -> Answer:
    """Return the Activation lab: the function, the vector, and the walk so far."""
    lab, tensors = state.table.activation, seen.activation(state)
    here, function = state.view.activation.on(len(lab.vector)), ACTIVATIONS[lab.function]
    return _named("activation", tensors) | {
        "function": lab.function,
        "formula": function.formula,
        "slope_formula": function.slope,
        "source": lab.source,
        "seed": lab.seed,
        "position": {"index": here.index, "beat": BEATS[here.beat]},
        "positions": len(lab.vector),
        "by_beat": here.by_beat,
        "predict": _prediction(here, tensors["output"]),
    }


def _named(lab: str, tensors: dict[str, Seen]) -> Answer:
    values = {name: tensor.values for name, tensor in tensors.items()}
    return named(values, f"{lab}:", {name: tensor.shown for name, tensor in tensors.items()})


def _settings(window: Window) -> Answer:
    return {name: list(getattr(window, name)) for name in ("kernel_size", "stride", "padding", "dilation")}


def _size(window: Window, image: Pair) -> Answer:
    sizes = {"rows": window.formula(image[0], ROWS), "columns": window.formula(image[1], COLUMNS)}
    return {axis: {"result": size.result, "formula": size.text} for axis, size in sizes.items()}


def _place(here: Stepper, output: Seen, window: Window) -> Answer:
    """Return the position, and the rows and columns of the padded image that the window covers there."""
    there = place(here.index, (output.values.shape[1], output.values.shape[2]), window)
    tall, wide = window.span
    return {
        "position": {
            "index": here.index,
            "filter": there.map,
            "row": there.row,
            "column": there.column,
            "beat": BEATS[here.beat],
        },
        "positions": output.values.size,
        "by_beat": here.by_beat,
        "rows": [there.top, there.top + tall],
        "columns": [there.left, there.left + wide],
    }


def _prediction(here: Stepper, output: Seen | None) -> Answer:
    correct = None
    if output and here.guess is not None and output.shown.flat[here.index]:
        correct = agrees(here.guess, float(output.values.flat[here.index]))
    return {
        "on": here.predicting,
        "hidden": here.hidden and output is not None,
        "guess": here.guess if output else None,
        "correct": correct,
        "right": here.right,
        "asked": here.asked,
    }


def _counts(weight: tuple[float, ...], biases: int, pixels: int, cells: int) -> Answer:
    """Return how many numbers are learnt here, and by linear layers in its place."""
    return {
        "parameters": {"weights": len(weight), "biases": biases, "total": len(weight) + biases},
        "fully_connected": linear(pixels, cells),
        "output_to_classes": linear(cells, CLASSES),
        "image_to_classes": linear(pixels, CLASSES),
    }


def ledger(moment: Moment) -> list[Answer]:
    """Return the last SGD step, a row for each parameter; numbers that are not finite are null."""
    net, found = moment.table.network, tensors(moment)
    if net.before is None:
        return []
    rows: list[Answer] = []
    for name, shape in SHAPES.items():
        columns = {column: np.ravel(found[f"{column}.{name}"]) for column in ("old", "velocity", "change", "new")}
        for at, address in enumerate(addresses(name, shape)):
            row = {column: nested(values[at]) for column, values in columns.items()}
            rows.append({"address": address, "gradient": row["velocity"], "rate": net.stride} | row)
    return rows
