"""The network in an export: its weights from the seed, the SGD steps, and the numbers on the page."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.nn.digits import Digit
from app.nn.network import SHAPES, StateDict
from app.nn.rounding import Lesson, spread
from app.playground.actions.train import Train
from app.playground.state import Table
from app.views.export.cells import Cell, code, drawing, entries, said, words
from app.views.export.record import History, Record

STEADY = 3e-6
"""How far rounding may lead apart, so that PyTorch is sure to come out within 1e-5 of ours."""
LARGE = 1e3
LONG = 20_000
"""Steps beyond which rounding is not followed: it has surely led too far, and to follow it would take seconds."""

NET = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 2, 2)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(4, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv(x)))
        x = x.view(-1, 4)
        return self.fc(x)"""

TRAIN = """\
ce_loss = nn.CrossEntropyLoss()


def train(digit, label, rate, steps):
    X = torch.tensor(digit).float().view(1, 1, 5, 5)
    y = torch.tensor([label])
    optimizer = optim.SGD(net.parameters(), lr=rate)
    for step in range(steps):
        optimizer.zero_grad()
        loss = ce_loss(net(X), y)
        loss.backward()
        optimizer.step()"""

LAST_STEP = (
    "The last step once more, from the page's own parameters before it. Over steps so many, or so long, errors of "
    "rounding add up, until two programs that are both right no longer agree to 1e-5."
)
AS_SHOWN = (
    "The page's own parameters. In a step so long, or with numbers so large, rounding alone decides, and two programs "
    "that are both right do not agree to 1e-5."
)


class Ground(NamedTuple):
    """Where the numbers are compared from: lessons from parameters on, and how far rounding leads them apart."""

    start: StateDict
    lessons: list[Lesson]
    spreads: dict[str, float]
    limit: float

    @property
    def steady(self) -> bool:
        """Whether rounding alone cannot lead any of the numbers out of tolerance."""
        return max(self.spreads.values()) <= self.limit


def part(record: Record) -> list[Cell]:
    """Return the cells that rebuild the network."""
    table = record.moment.table
    net, lessons = table.network, lessons_of(record.histories["network"])
    ground = _ground(record, lessons)
    cells = [
        words(
            "## The network",
            "A convolution, ReLU, max pooling and a linear layer: 70 parameters.",
            f"The weights are new, from seed {net.seed}.",
        ),
        code(NET),
        code(f"torch.manual_seed({net.seed})", "net = Net()", "print(net)"),
        code(TRAIN),
    ]
    if lessons:
        many = f"{net.step} SGD steps" if net.step > 1 else "One SGD step"
        cells += [words(f"{many}, as the page took them."), code(*_taught(lessons))]
    if ground.lessons is not lessons:
        cells += _from_the_page(ground)
    return [*cells, *_shown(record, ground, lessons[-1].digit if lessons else None)]


def lessons_of(history: History) -> list[Lesson]:
    """Return the steps in order; those in a row on the same drawing, label and rate are one lesson."""
    table: Table = history.start
    lessons: list[Lesson] = []
    for change in history.changes:
        if not isinstance(change, Train):
            table = change.apply(table).table
            continue
        lesson = Lesson(table.digit, table.network.rate, change.steps)
        if lessons and lessons[-1][:2] == lesson[:2]:
            lesson = lesson._replace(steps=lessons.pop().steps + change.steps)
        lessons.append(lesson)
    return lessons


def _ground(record: Record, lessons: list[Lesson]) -> Ground:
    """Return where to compare from: the seed, if rounding allows; else the last step; else the page's parameters."""
    table, net = record.moment.table, record.moment.table.network
    ways = [(record.histories["network"].start.network.parameters, lessons)]
    if lessons and net.before:
        ways += [(net.before, [lessons[-1]._replace(steps=1)]), (net.parameters, [])]
    if sum(lesson.steps for lesson in lessons) > LONG:
        del ways[0]
    # A huge number comes from a single gradient: no later step has made good how that was rounded.
    limit = STEADY if np.abs(net.parameters.vector).max() < LARGE else STEADY / 10
    for start, taken in ways:
        ground = Ground(start, taken, spread(start, taken, net.parameters, table.digit), limit)
        if ground.steady:
            break
    return ground


def _taught(lessons: list[Lesson]) -> list[str]:
    lines, drawn, step = [], None, 0
    for digit, rate, steps in lessons:
        when = f"Step {step + 1}" if steps == 1 else f"Steps {step + 1} to {step + steps}"
        lines += ["", f"# {when}: {said(digit)}, label {digit.label}, rate {rate:g}."]
        if drawn != digit.pixels:
            lines.append(drawing(digit))
        lines.append(f"train(digit, label={digit.label}, rate={rate!r}, steps={steps})")
        drawn, step = digit.pixels, step + steps
    return lines[1:]


def _from_the_page(ground: Ground) -> list[Cell]:
    values = {name: ground.start[name] for name in SHAPES}
    put = "net.load_state_dict({name: torch.tensor(numbers) for name, numbers in parameters.items()})"
    again = [f"train(digit, label={one.digit.label}, rate={one.rate!r}, steps=1)" for one in ground.lessons]
    return [words(LAST_STEP if ground.lessons else AS_SHOWN), code(*entries("parameters", values), put, *again)]


def _shown(record: Record, ground: Ground, drawn: Digit | None) -> list[Cell]:
    moment = record.moment
    digit, run, parameters = moment.table.digit, moment.run, moment.table.network.parameters
    lines = [] if drawn and drawn.pixels == digit.pixels else [drawing(digit)]
    lines += [
        "X = torch.tensor(digit).float().view(1, 1, 5, 5)",
        f"y = torch.tensor([{digit.label}])",
        "with torch.no_grad():",
        "    output = net(X)",
        "    predictions = F.softmax(output, dim=1)",
        "    loss = ce_loss(output, y)",
        "print(output, predictions, loss, sep='\\n')",
    ]
    shown: dict[str, object] = {name: parameters[name] for name in SHAPES}
    shown |= {"logits": run.logits, "probabilities": run.probabilities, "loss": run.loss}
    found = {"logits": "output[0]", "probabilities": "predictions[0]", "loss": "loss"}
    judged = [name for name in found if ground.spreads[name] <= ground.limit]
    checks = [f'same({found[name]}, shown["{name}"])' for name in judged]
    left = [name for name in found if name not in judged]
    note = (
        [f"# Not compared: {', '.join(left)}. Rounding alone decides them where numbers are so large."] if left else []
    )
    return [
        words(f"What the page shows: {said(digit)}, label {digit.label}, after step {moment.table.network.step}."),
        code(*lines),
        code(
            *entries("shown", shown),
            "for name, parameter in net.state_dict().items():",
            "    same(parameter, shown[name])",
            *checks,
            *note,
        ),
    ]
