"""Forward and backward pass of a batch through any network that can be built; by hand, float32.

Shapes: n drawings, k filters, t taps of a kernel, p positions of it, w windows of the pooling.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.nn.activation import ACTIVATIONS, relu_gradient
from app.nn.architecture import Architecture, named
from app.nn.digits import CLASSES, SIZE
from app.nn.windows import unfold

Array = NDArray[np.float32]
Labels = NDArray[np.int64]
Indices = NDArray[np.intp]


class Pass(NamedTuple):
    """The forward pass of a batch; what a network lacks is None."""

    read: Array | None  # (n·p, t): what the windows read
    conv: Array | None  # (n, k, p)
    first: Array | None  # (n, k, p): after the activation
    winners: Indices | None  # (n, k, w): the position that each pooling window takes
    flat: Array  # (n, features)
    hidden: Array | None  # (n, hidden)
    second: Array | None  # (n, hidden): after the activation
    logits: Array  # (n, 10)


class Verdicts(NamedTuple):
    """What softmax and cross-entropy make of a batch."""

    losses: Array  # (n,)
    probabilities: Array  # (n, 10)
    predictions: Labels  # (n,): the class of the largest logit, −1 where it is tied or not finite


@lru_cache(maxsize=64)
def _walk(net: Architecture) -> Indices:
    """Return which pixels each window reads, shape (p, t); 25 stands for the padding."""
    return np.ascontiguousarray(unfold(SIZE, SIZE, net.window).T)


@lru_cache(maxsize=64)
def _pooling(net: Architecture) -> Indices:
    """Return which positions each pooling window takes, shape (w, taps)."""
    _, rows, columns = net.layers[0].shape
    return np.ascontiguousarray(unfold(rows, columns, net.pooled).T)


def propagate(net: Architecture, vector: Array, images: Array) -> Pass:
    """Return the forward pass of images of shape (n, 25); ``vector`` holds all parameters."""
    part = named(net, vector)
    activation = ACTIVATIONS[net.activation].forward
    read = conv = first = winners = hidden = second = None
    flat, count = images, len(images)
    if net.filters:
        windows = _walk(net)
        padded = np.zeros((count, SIZE * SIZE + 1), np.float32)
        padded[:, :-1] = images
        read = padded.take(windows, axis=1).reshape(-1, windows.shape[1])
        rows = read @ part["conv.weight"].reshape(net.filters, -1).T + part["conv.bias"]
        conv = rows.reshape(count, len(windows), net.filters).transpose(0, 2, 1)
        first = activation(conv)
        flat = first.reshape(count, net.filters * len(windows))  # also where there is no image
        if net.pool:
            places = _pooling(net)
            taken = flat.reshape(first.shape).take(places, axis=2)  # (n, k, w, taps)
            best = taken.argmax(axis=3)
            winners = places[np.arange(len(places)), best]
            flat = np.take_along_axis(taken, best[..., None], axis=3).reshape(count, net.filters * len(places))
    logits = flat
    if net.hidden:
        hidden = flat @ part["hidden.weight"].T + part["hidden.bias"]
        logits = second = activation(hidden)
    if net.linear:
        logits = logits @ part["fc.weight"].T + part["fc.bias"]
    return Pass(read, conv, first, winners, flat, hidden, second, logits)


def judge(logits: Array, labels: Labels) -> Verdicts:
    """Return softmax and cross-entropy of logits of shape (n, 10), in PyTorch's order of operations."""
    largest = logits.max(axis=1, keepdims=True)
    shifted = logits - largest
    exponentials = np.exp(shifted)
    total = exponentials.sum(axis=1, keepdims=True)
    losses = np.log(total[:, 0]) - shifted[np.arange(len(labels)), labels]
    clear = (shifted == 0).sum(axis=1) == 1
    return Verdicts(losses, exponentials / total, np.where(clear, logits.argmax(axis=1), -1))


def backpropagate(net: Architecture, vector: Array, run: Pass, verdicts: Verdicts, labels: Labels) -> Array:
    """Return the gradient of the mean loss with respect to all parameters, one vector."""
    part, gradient = named(net, vector), np.empty_like(vector)
    slopes = named(net, gradient)
    count = len(labels)
    handed = verdicts.probabilities.copy()  # S − y
    handed[np.arange(count), labels] -= 1
    handed /= np.float32(count)

    def linear(name: str, inputs: Array, handed: Array) -> Array:
        np.matmul(handed.T, inputs, out=slopes[f"{name}.weight"])
        # Along the batch NumPy adds number by number: in float32 that would lose what PyTorch keeps.
        slopes[f"{name}.bias"][:] = handed.sum(axis=0, dtype=np.float64)
        back: Array = handed @ part[f"{name}.weight"]
        return back

    def through(values: Array, handed: Array) -> Array:
        if net.activation == "identity":
            return handed
        if net.activation == "relu":
            return relu_gradient(values, handed).astype(np.float32, copy=False)
        return (handed * ACTIVATIONS[net.activation].derivative(values)).astype(np.float32, copy=False)

    if net.linear:
        handed = linear("fc", run.flat if run.second is None else run.second, handed)
    if run.hidden is not None:
        handed = linear("hidden", run.flat, through(run.hidden, handed))
    if run.conv is not None and run.read is not None:
        _, filters, positions = run.conv.shape
        handed = handed.reshape(count, filters, -1)
        if run.winners is not None:
            pooled, handed = handed, np.zeros(run.conv.shape, np.float32)
            np.put_along_axis(handed, run.winners, pooled, axis=2)  # the windows do not overlap
        handed = through(run.conv, handed)
        rows = handed.transpose(1, 0, 2).reshape(filters, count * positions)
        np.matmul(rows, run.read, out=slopes["conv.weight"].reshape(filters, -1))
        slopes["conv.bias"][:] = rows.sum(axis=1, dtype=np.float64)
    return gradient


class Lesson(NamedTuple):
    """What a batch teaches: its mean loss, and the gradient."""

    loss: np.floating[Any]
    gradient: Array


def lesson(net: Architecture, vector: Array, images: Array, labels: Labels) -> Lesson:
    """Return the mean loss of a batch and its gradient."""
    run = propagate(net, vector, images)
    verdicts = judge(run.logits, labels)
    return Lesson(verdicts.losses.mean(), backpropagate(net, vector, run, verdicts, labels))


class Score(NamedTuple):
    """How a network does on some samples: mean loss, and the share that is right."""

    loss: float
    right: float


def score(verdicts: Verdicts, labels: Labels) -> Score:
    """Return the mean loss and the share that is right; nan where there are no samples."""
    if not len(labels):
        return Score(float("nan"), float("nan"))
    return Score(float(verdicts.losses.mean()), float((verdicts.predictions == labels).mean()))


def confusion(predictions: Labels, labels: Labels) -> NDArray[np.intp]:
    """Return how often each label (row) was taken for each class (column), shape (10, 10); ties are left out."""
    told = predictions >= 0
    counts = np.bincount(labels[told] * CLASSES + predictions[told], minlength=CLASSES * CLASSES)
    return counts.reshape(CLASSES, CLASSES)
