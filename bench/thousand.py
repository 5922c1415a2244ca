"""A thousand SGD steps in one action, against the same loop in PyTorch."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import torch
from torch import Tensor, nn
from torch.nn import functional

from app.nn.digits import SAMPLES
from bench.machine import apart
from bench.server import PRODUCT, Server, serving
from bench.table import Row
from bench.wire import Connection, run

TIMES = 9
STEPS = 1000
BODY = f'{{"steps": {STEPS}}}'


class Net(nn.Module):
    """The network of the lab."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 2, 2)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(4, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits."""
        pooled: Tensor = self.pool(functional.relu(self.conv(x)))
        logits: Tensor = self.fc(pooled.view(-1, 4))
        return logits


def measure() -> list[Row]:
    """Time API and PyTorch in turn, medians; each on a core of its own, torch with one thread."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    with TemporaryDirectory() as data, serving(PRODUCT, Path(data)) as product, apart(product.process):
        times = run(_in_turn(product))
    ours, theirs = (median(column) for column in zip(*times, strict=True))
    ratio = median(our / their for our, their in times)
    more = f"{1000 * ours:.1f} to {1000 * theirs:.1f} ms"
    return [Row("steps: 1000 through the API, against PyTorch's loop", ratio, 0.3, "", more)]


async def _in_turn(server: Server) -> list[tuple[float, float]]:
    connection = await Connection.to(server.address)
    cookie = (await connection.get("/")).header("set-cookie").partition(";")[0]
    request = (
        f"POST /api/v1/actions/step HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(BODY)}\r\n\r\n{BODY}"
    ).encode()
    digit = SAMPLES["zero"]
    image, label = torch.tensor(digit.image).view(1, 1, 5, 5), torch.tensor([digit.label])
    times = []
    for count in range(TIMES):
        start = perf_counter()
        answer = await connection.ask(request)
        between = perf_counter()
        if answer.text != f'{{"revision":{count + 1}}}':
            raise RuntimeError(f"The API answered {answer.status}: {answer.text}")
        theirs = _torch_loop(image, label)
        times.append((between - start, theirs))
    connection.close()
    return times


def _torch_loop(image: Tensor, label: Tensor) -> float:
    net = Net()
    optimiser = torch.optim.SGD(net.parameters(), lr=0.1)
    start = perf_counter()
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss = functional.cross_entropy(net(image), label)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return perf_counter() - start
