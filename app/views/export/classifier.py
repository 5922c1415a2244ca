"""The classifier in an export: its first weights, what was done with them, and the numbers on the page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.nn.classifier import forward
from app.nn.digits import Digit
from app.playground.actions import Change
from app.playground.actions.classifier import Autograd, Edit, Settings, Step
from app.playground.classifier import Classifier
from app.playground.state import Table
from app.views.export.cells import Cell, code, drawing, entries, said, same, tensor, words
from app.views.export.exact import STEADY, longer, steady, tolerance
from app.views.export.record import History, Record

LEARN = """\
def loss_of(digit, label, twice=False):
    x = torch.tensor(digit, dtype=torch.float64).flatten()
    scores = W @ x + b
    if twice:  # a softmax too many: cross_entropy has its own
        scores = F.softmax(scores, dim=0)
    return F.cross_entropy(scores, torch.tensor(label))


def learn(digit, label, rate, steps, twice=False):
    optimizer = optim.SGD([W, b], lr=rate)
    for step in range(steps):
        optimizer.zero_grad()
        loss_of(digit, label, twice).backward()
        optimizer.step()"""
AS_SHOWN = (
    "The page's own weights. Over steps so many, or so long, rounding adds up, until two programs that are both right "
    "no longer agree to 1e-9."
)
_EPSILON = 2.0**-52


def part(record: Record) -> list[Cell]:
    """Return the cells that rebuild the classifier."""
    if not record.touched("classifier"):
        return []
    table, history = record.moment.table, record.histories["classifier"]
    lab, digit = table.classifier, table.digit
    done = _done(history, digit)
    drawn = [line for line in done if line.startswith("digit = ")]
    cells = [
        words("## The classifier", "One linear layer from 25 pixels to 10 classes, softmax and cross-entropy."),
        code(*_first(history.start.classifier)),
        code(LEARN),
    ]
    if done:
        cells += [words("What was done, in order."), code(*done)]
    if not _steady(history, table):
        own = [f"{name}.data.copy_({name}_shown)" for name in ("W", "b")]
        cells += [words(AS_SHOWN), code(*_weights(lab, "_shown"), *own)]
    return [
        *cells,
        words(f"What the page shows: {said(digit)}, label {digit.label}, after step {lab.step}."),
        code(
            *([drawing(digit)] if drawn and drawn[-1] != drawing(digit) else []),
            "x = torch.tensor(digit, dtype=torch.float64).flatten()",
            "with torch.no_grad():",
            "    logits = W @ x + b",
            "    probabilities = F.softmax(logits, dim=0)",
            f"    loss = {_loss(table)}",
            "print(logits, probabilities, loss, sep='\\n')",
        ),
        code(
            *entries("shown", _found(table)),
            "found = {'weight': W, 'bias': b, 'logits': logits, 'probabilities': probabilities, 'loss': loss}",
            "for name, numbers in found.items():",
            f"    {same('numbers.detach()', 'shown[name]', tolerance(_largest(lab)))}",
        ),
    ]


def _first(lab: Classifier) -> list[str]:
    """Return the statements that make the first weights."""
    match lab.start:
        case "zeros":
            lines = ["W = torch.zeros(10, 25, dtype=torch.float64)", "b = torch.zeros(10, dtype=torch.float64)"]
        case "normal":
            lines = [
                f"np.random.seed({lab.seed})",
                "W = torch.tensor(np.random.randn(10, 25))",
                "b = torch.tensor(np.random.randn(10, 1)).flatten()",
            ]
        case "linear":
            lines = [
                f"torch.manual_seed({lab.seed})",
                "layer = nn.Linear(25, 10).double()",
                "W, b = layer.weight.detach(), layer.bias.detach()",
            ]
        case "typed":
            lines = _weights(lab)
    learn = {"W": lab.weight.requires_grad, "b": lab.bias.requires_grad}
    return [*lines, *(f"{name}.requires_grad_({'' if on else 'False'})" for name, on in learn.items())]


def _weights(lab: Classifier, end: str = "") -> list[str]:
    return [tensor(f"W{end}", lab.parameters.weight), tensor(f"b{end}", lab.parameters.bias)]


def _done(history: History, digit: Digit) -> list[str]:
    """Return a statement for each thing that was done; steps in a row, with nothing done between them, are one.

    ``digit`` is the drawing that the variable of that name holds before.
    """
    table, lines = history.start, list[str]()
    drawn, learnt = digit.pixels, 0  # what the variable holds; how many steps the last statement takes
    for change in history.changes:
        lab = table.classifier
        if _reads(change) and drawn != table.digit.pixels:
            lines.append(drawing(table.digit))
            drawn, learnt = table.digit.pixels, 0
        match change:
            case Step():
                call = f"learn(digit, label={table.digit.label}, rate={lab.rate!r}, steps="
                twice = ", twice=True)" if lab.twice else ")"
                if learnt and lines[-1] == f"{call}{learnt}{twice}":
                    lines.pop()
                else:
                    learnt = 0
                learnt += change.steps
                lines.append(f"{call}{learnt}{twice}")
                continue
            case Edit(output=output, input=place, value=value):
                lines.append(f"{f'b.data[{output}]' if place is None else f'W.data[{output}, {place}]'} = {value!r}")
            case Autograd(call="backward"):
                lines.append(f"{_loss(table)}.backward()")
            case Autograd(call=str(call)):
                lines.append(f"optim.SGD([W, b], lr={lab.rate!r}).{call}()")
            case Autograd(weight=weight, bias=bias):
                lines.append(f"W.requires_grad_({weight})" if bias is None else f"b.requires_grad_({bias})")
            case _:
                table = change.apply(table).table  # a drawing, a label, a setting
    return lines


def _reads(change: Change) -> bool:
    """Return whether what was done reads the drawing."""
    return isinstance(change, Step) or (isinstance(change, Autograd) and change.call == "backward")


def _loss(table: Table) -> str:
    return f"loss_of(digit, label={table.digit.label}{', twice=True' if table.classifier.twice else ''})"


def _steady(history: History, shown: Table) -> bool:
    """Return whether PyTorch is sure to come to the page's numbers: another rate, one rounding off, still does."""
    table, far = _off(history.start), 0.0
    for change in history.changes:
        if isinstance(change, Step):
            far += change.steps * table.classifier.rate * _EPSILON  # what a share near 1 may be off, step by step
        table = change.apply(table).table
        if isinstance(change, Settings):
            table = _off(table)
    return far <= STEADY and steady(_found(shown), _found(replace(shown, classifier=table.classifier)))


def _off(table: Table) -> Table:
    return replace(table, classifier=replace(table.classifier, rate=longer(table.classifier.rate)))


def _found(table: Table) -> dict[str, NDArray[Any]]:
    lab = table.classifier
    run = forward(lab.parameters, table.digit, lab.twice)
    values = {"weight": lab.parameters.weight, "bias": lab.parameters.bias, "logits": run.logits}
    return values | {"probabilities": run.probabilities, "loss": np.asarray(run.loss)}


def _largest(lab: Classifier) -> float:
    """Return what no logit is larger than, on its way; 0 where it is not finite, as nothing is to be said then."""
    with np.errstate(all="ignore"):
        largest = np.abs(lab.parameters.weight).sum(axis=1).max() + np.abs(lab.parameters.bias).max()
    return float(largest) if np.isfinite(largest) else 0.0
