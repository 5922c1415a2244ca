"""The training in an export: set, network, optimiser, every step in its order, and the numbers on the page."""

from __future__ import annotations

from dataclasses import asdict, replace
from textwrap import wrap
from typing import Any

import numpy as np

from app.nn.architecture import Architecture
from app.nn.datasets import Samples
from app.playground.actions.train import Train
from app.playground.state import Table
from app.playground.training import RECORD, Training, trained
from app.views.export.cells import WIDTH, Cell, assigned, code, words
from app.views.export.record import History, Record

FIRST = 5  # losses that are held against the page from the beginning
LAST = 20  # steps that are taken again from the page's own parameters, and held against the page
CALM = 1.0  # a rate up to which rounding stays small over so many steps

READ = """\
def read(packed):  # eight letters a drawing: its 25 pixels in hexadecimal, and its label
    rows = [packed[at : at + 8] for at in range(0, len(packed), 8)]
    images = torch.tensor([[float(bit) for bit in f"{int(row[:7], 16):025b}"] for row in rows])
    return images.view(-1, 25), torch.tensor([int(row[7]) for row in rows])"""

SPLIT = """\
def split(images, labels, seed, wrong):
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed))
    train = order[: max(1, int(0.8 * len(images)))]
    taught = labels[train].clone()
    count = round(wrong * len(taught))
    if count:
        random = np.random.default_rng([seed, 0, 1])
        chosen = torch.tensor(random.permutation(len(taught))[:count])
        away = torch.tensor(random.integers(1, 10, len(taught))[:count])
        taught[chosen] = (taught[chosen] + away) % 10
    return images[train], taught


def order_of(shuffle, epoch, whole, count):
    generator = torch.Generator().manual_seed(shuffle)
    torch.randperm(whole, generator=generator)
    for _ in range(epoch + 1):
        places = torch.randperm(count, generator=generator)
    return places


def augmented(drawings, seed, epoch, shift, flip):
    random = np.random.default_rng([seed, epoch])
    moves = random.integers(-1, 2, (len(drawings), 2))
    chances = torch.tensor(random.random(tuple(drawings.shape), np.float32))
    if shift:
        framed = F.pad(drawings.view(-1, 5, 5), (1, 1, 1, 1))
        pairs = zip(framed, moves)
        moved = [one[1 - down : 6 - down, 1 - right : 6 - right] for one, (down, right) in pairs]
        drawings = torch.stack(moved).reshape(-1, 25)
    return torch.where(chances < flip, 1 - drawings, drawings) if flip else drawings"""

RUN = """\
def run(steps):
    global epoch, seen
    losses = []
    for _ in range(steps):
        if seen == 0 or not losses:
            places = order_of(settings["shuffle"], epoch, whole, len(train))
            drawings, labels = train[places], taught[places]
            if settings["shift"] or settings["flip"]:
                how = settings["shuffle"], epoch, settings["shift"], settings["flip"]
                drawings = augmented(drawings, *how)
        end = min(seen + (settings["batch"] or len(train)), len(train))
        for name in ("lr", "momentum", "weight_decay"):
            optimizer.param_groups[0][name] = settings[name]
        if settings["zero_grad"]:
            optimizer.zero_grad()
        loss = F.cross_entropy(net(drawings[seen:end]), labels[seen:end])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        epoch, seen = (epoch + 1, 0) if end == len(train) else (epoch, end)
    return torch.tensor(losses)"""

PUT = """\
def put(parameters, gradients, velocities):
    given = [split_up(part) for part in (parameters, gradients, velocities)]
    for parameter, *parts in zip(net.parameters(), *given):
        parameter.data, parameter.grad = parts[0], parts[1]
        optimizer.state[parameter]["momentum_buffer"] = parts[2]


def split_up(numbers):
    if not numbers:
        return [None for _ in net.parameters()]
    vector = torch.tensor(np.frombuffer(bytes.fromhex(numbers), np.float32))
    parts = vector.split([parameter.numel() for parameter in net.parameters()])
    return [part.clone().view_as(parameter) for part, parameter in zip(parts, net.parameters())]"""


def part(record: Record) -> list[Cell]:
    """Return the cells that train the network as the page did; nothing where no step was taken."""
    history, end = record.histories["training"], record.moment.table.training
    if not end.step:
        return []
    first = history.start.training
    cells = [
        words("## The training", f"{end.step:,} steps on a set of drawings, in batches."),
        code(READ),
        code(SPLIT),
        code(net_of(end.net)),
        *_begin(first),
        code(RUN),
        code(PUT),
    ]
    lines = ["losses = []", *_settings(first)]
    if first.parameters:
        lines += _put(first)
    lines += _steps(history.start, history.changes)
    return [*cells, code(*lines), *_begun(record), *_checked(record)]


def _begin(lab: Training) -> list[Cell]:
    begun = [f"torch.manual_seed({lab.seed})", "net = Net()", "print(net)"]
    if lab.start in ("zeros", "equal"):
        begun += [
            "for parameter in net.parameters():",
            f"    parameter.data.fill_({0.0 if lab.start == 'zeros' else 0.1})",
        ]
    if lab.start == "dead":
        begun += [
            f"net.{name}.bias.data.fill_(-10.0)" for name in ("conv", "hidden") if f"{name}.bias" in lab.net.shapes
        ]
    begun.append("optimizer = optim.SGD(net.parameters(), lr=0.1)")
    return [
        code(*_set(lab)),
        code(*begun),
    ]


def _set(lab: Training) -> list[str]:
    """Return the lines that make the set at hand."""
    found = lab.material
    return [
        *_quoted("drawings", _packed(found.whole)),
        "images, labels = read(drawings)",
        f"train, taught = split(images, labels, seed={lab.seed}, wrong={lab.data.wrong!r})",
        "whole = len(images)",
    ]


def _packed(samples: Samples) -> str:
    bits = samples.images.astype(np.uint8)
    rows = zip(bits, samples.labels.tolist(), strict=True)
    return "".join(f"{int(''.join(map(str, row.tolist())), 2):07x}{label}" for row, label in rows)


def _settings(lab: Training) -> list[str]:
    sgd = asdict(lab.sgd)
    found = {
        "lr": sgd["rate"],
        **{name: sgd[name] for name in ("momentum", "weight_decay", "zero_grad")},
        "batch": lab.batch,
        "shuffle": lab.shuffle,
        "shift": lab.data.shift,
        "flip": lab.data.flip,
    }
    return [assigned("settings", found), f"epoch, seen = {lab.epoch}, {lab.seen}"]


def _steps(table: Table, changes: tuple[Any, ...]) -> list[str]:
    lines: list[str] = []
    waiting = 0
    for change in changes:
        before = table.training
        if isinstance(change, Train):
            waiting += change.steps
            table = replace(table, training=_after(before, change.steps))
            continue
        table = change.apply(table).table
        after = table.training
        if after == before:
            continue
        if waiting:
            lines.append(f"losses += run({waiting}).tolist()")
            waiting = 0
        if after.material is not before.material:
            lines += _set(after)
        lines += _settings(after)
    return [*lines, f"losses += run({waiting}).tolist()"] if waiting else lines


def _after(lab: Training, steps: int) -> Training:
    """Return where in its epochs a lab stands after some steps; what it learned is not asked for."""
    for _ in range(steps):
        end = min(lab.seen + lab.batch_size, lab.material.size)
        over = end == lab.material.size
        lab = replace(lab, step=lab.step + 1, epoch=lab.epoch + over, seen=0 if over else end)
    return lab


def _begun(record: Record) -> list[Cell]:
    """Return the first losses, held against the page: they stand for set, split, order and first parameters."""
    losses = np.ascontiguousarray(record.moment.line("training").taken["loss"])
    count = min(FIRST if record.histories["training"].start.training.sgd.rate <= CALM else 1, len(losses))
    return [
        code(
            assigned("first", [float(str(value)) for value in losses[:count]]),
            f"same(torch.tensor(losses[:{count}]), first)",
        )
    ]


def _checked(record: Record) -> list[Cell]:
    """Return the last steps once more from the page's own parameters, held against the page."""
    end = record.moment.table.training
    records = record.moment.line("training").taken
    before, steps = _before(record)
    loss = np.frombuffer(records[len(records) - steps :].tobytes(), RECORD)["loss"]
    return [
        words(
            f"The last {steps} steps once more, from the page's own parameters before them: over many steps errors of "
            "rounding add up, until two programs that are both right no longer agree to 1e-5."
        ),
        code(
            *_settings(before),
            *_put(before),
            assigned("losses", [float(str(value)) for value in loss]),
            f"same(run({steps}), losses)",
            *_hexed("page", end.vector.tobytes()),
            "parameters = torch.cat([parameter.detach().ravel() for parameter in net.parameters()])",
            "same(parameters, np.frombuffer(bytes.fromhex(page), np.float32))",
        ),
    ]


def _before(record: Record) -> tuple[Training, int]:
    """Return the lab some steps before the end, and how many: those of the last settings, at most ``LAST``."""
    history, end = record.histories["training"], record.moment.table.training
    last = 0
    for change in reversed(history.changes):
        if isinstance(change, Train):
            last += change.steps
        elif last and change.lab == "training":
            break
    taken = _at_step(history, end.step - last)
    steps = min(last, LAST if taken.sgd.rate <= CALM else 1)
    return _at_step(history, end.step - steps), steps


def _at_step(history: History, step: int) -> Training:
    """Return the lab as it was when its last step before this one was to be taken: so many steps taken, as set then."""
    table, done = history.start, 0
    for change in history.changes:
        if not isinstance(change, Train):
            table = change.apply(table).table
            continue
        going = min(change.steps, step - done)
        if going:
            table = replace(table, training=trained(table.training, going)[0])
            done += going
        if going < change.steps:
            break
    return table.training


def _put(lab: Training) -> list[str]:
    """Return the lines that put the page's own numbers into the network and its optimiser."""
    parts = {"parameters": lab.vector.tobytes(), "gradients": lab.gradient, "velocities": lab.velocity}
    return [
        *(line for name, data in parts.items() for line in _hexed(name, data)),
        f"put({', '.join(parts)})",
    ]


def _hexed(name: str, data: bytes) -> list[str]:
    return _quoted(name, data.hex())


def _quoted(name: str, text: str) -> list[str]:
    """Return the statement that makes a long string of letters."""
    if len(text) < WIDTH - len(name):
        return [f'{name} = "{text}"']
    return [f"{name} = (", *(f'    "{piece}"' for piece in wrap(text, WIDTH - 6)), ")"]


ACTIVATED = {
    "identity": "x",
    "relu": "F.relu(x)",
    "leaky_relu": "F.leaky_relu(x)",
    "sigmoid": "torch.sigmoid(x)",
    "tanh": "torch.tanh(x)",
}


def net_of(net: Architecture) -> str:
    """Return the network as a PyTorch class."""
    layers = {layer.name: layer.printed for layer in net.layers if layer.printed}
    active = ACTIVATED[net.activation]
    forward = ["x = x.view(-1, 1, 5, 5)"]
    if net.filters:
        forward += ["x = self.conv(x)", f"x = {active}"]
    if net.pool:
        forward.append("x = self.pool(x)")
    forward.append("x = x.flatten(1)")
    if net.hidden:
        forward += ["x = self.hidden(x)", f"x = {active}"]
    forward.append("return self.fc(x)" if net.linear else "return x")
    return "\n".join(
        (
            "class Net(nn.Module):",
            "    def __init__(self):",
            "        super().__init__()",
            *(f"        self.{name} = nn.{printed}" for name, printed in layers.items()),
            "",
            "    def forward(self, x):",
            *(f"        {line}" for line in forward if line != "x = x"),
        )
    )
