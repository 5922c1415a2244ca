"""What can be seen of the labs: the numbers, without what a walk is still to make, or hides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.nn.activation import ACTIVATIONS
from app.nn.convolution import products
from app.nn.windows import DoesNotFit
from app.playground.convolution import worked
from app.playground.pooling import pooled
from app.playground.state import Playground
from app.playground.stepper import PRODUCTS, RESULT
from app.playground.told import first, known, readable
from app.views.json import Mask


class Seen(NamedTuple):
    """A tensor, and which of its numbers are to be seen."""

    values: NDArray[Any]
    shown: Mask  # of the same shape


def whole(values: NDArray[Any], shown: bool = True) -> Seen:
    """Return a tensor that is seen as a whole, or not at all."""
    return Seen(values, np.full(np.shape(values), shown))


def walked(values: NDArray[Any], done: int) -> Seen:
    """Return a tensor of which the first ``done`` numbers are seen."""
    return Seen(values, first(values.shape, done))


def convolution(state: Playground) -> dict[str, Seen]:
    """Return the Convolution lab's tensors by name.

    image (rows, columns), weight (filters, 1, rows, columns), bias (filters), output (filters, rows, columns); at the
    present position window and products (kernel rows, kernel columns), and their sum.
    """
    lab, digit = state.table.convolution, state.table.digit
    found = worked(lab, digit)
    here = state.view.convolution.on(found.output.size)
    chosen, position = divmod(here.index, found.read.shape[1])
    shape = lab.window.kernel_size
    terms = products(found.read, found.kernels, chosen, position).reshape(shape) + 0.0  # + 0.0: no −0
    return {
        "image": whole(lab.seen(digit).array),
        "weight": whole(lab.array[:, None]),
        "bias": whole(np.array(lab.bias)),
        "output": walked(found.output, here.done),
        "window": whole(found.read[:, position].reshape(shape)),
        "products": whole(terms, here.beat >= PRODUCTS and not here.hidden),
        "sum": whole(np.asarray(terms.sum()), here.beat == RESULT),
    }


def pooling(state: Playground) -> dict[str, Seen]:
    """Return the Pooling lab's tensors by name; the maps alone where the window cannot walk them.

    maps, output, winners and tied (channels, rows, columns); at the present position window (kernel rows, kernel
    columns), and its sum. Winners and tied are of max pooling, sum is of the average. What a prediction hides in the
    Convolution lab is hidden in its maps too, and in all that reads it.
    """
    table = state.table
    lab, told = table.pooling, known(state)
    tensors = {"maps": Seen(lab.maps(table.convolution, table.digit), told)}
    try:
        found = pooled(lab, table.convolution, table.digit)
    except DoesNotFit:
        return tensors
    here = state.view.pooling.on(found.output.size)
    told_there, certain = readable(told, found, lab.window)
    shown = walked(found.output, here.done).shown & certain
    channel, position = divmod(here.index, found.read.shape[2])
    window, shape = found.read[channel, :, position], lab.window.kernel_size
    tensors["output"] = Seen(found.output, shown)
    tensors["window"] = Seen(window.reshape(shape), told_there[channel, :, position].reshape(shape))
    if found.winners is None or found.largest is None:
        tensors["sum"] = whole(np.asarray(window.sum()), bool(here.beat == RESULT and certain.flat[here.index]))
    else:
        tied = found.largest.sum(axis=1) > 1
        tensors["winners"] = Seen(found.winners.reshape(found.output.shape), shown)
        tensors["tied"] = Seen(tied.reshape(found.output.shape), shown)
    return tensors


def activation(state: Playground) -> dict[str, Seen]:
    """Return the Activation lab's tensors by name: vector, output and slope, each (8,)."""
    lab = state.table.activation
    function, done = ACTIVATIONS[lab.function], state.view.activation.on(len(lab.vector)).done
    return {
        "vector": whole(lab.array),
        "output": walked(function.forward(lab.array), done),
        "slope": walked(function.derivative(lab.array), done),
    }


def classifier(state: Playground) -> dict[str, Seen]:
    """Return the Classifier lab's tensors by name, all of them seen."""
    from app.views.classifier.numbers import tensors  # here: other labs do not need its panels

    return {name: whole(values) for name, values in tensors(state).items()}


SEEN: dict[str, Callable[[Playground], dict[str, Seen]]] = {
    "classifier": classifier,
    "convolution": convolution,
    "pooling": pooling,
    "activation": activation,
}
"""What can be seen of a lab, by its name."""
