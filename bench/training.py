"""Training on the handwriting at full speed, with its page watching: against PyTorch, and beside somebody else."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import torch
from torch import Tensor, nn
from torch.nn import functional

from app.nn.datasets import samples
from bench.clicks import STEP, Page
from bench.machine import apart
from bench.server import PRODUCT, Server, serving
from bench.table import Row
from bench.wire import run

EPOCHS = 10
BATCH = 32
EVERY = 0.1  # seconds between the ticks of a page
TURNS = 5
BESIDE = 200  # clicks of somebody else
PAUSE = 0.02  # seconds between them


class Net(nn.Module):
    """Eight filters of 3×3 with padding, ReLU, and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding=1)
        self.fc = nn.Linear(200, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits."""
        logits: Tensor = self.fc(functional.relu(self.conv(x.view(-1, 1, 5, 5))).flatten(1))
        return logits


def measure() -> list[Row]:
    """Time ten epochs on a page and in PyTorch, in turns; then clicks beside a page that trains."""
    torch.set_num_threads(1)
    with TemporaryDirectory() as data, serving(PRODUCT, Path(data)) as product, apart(product.process):
        ours, theirs = [], []
        for _ in range(TURNS):
            ours.append(run(_on_a_page(product)))
            theirs.append(_in_torch())
        waits = run(_beside(product))
    ratio = median(our / their for our, their in zip(ours, theirs, strict=True))
    slow = quantiles(waits, n=20)[-1]
    more = f"{1e6 * median(ours):.0f} to {1e6 * median(theirs):.0f} µs, 8 filters 3×3, batches of {BATCH}, momentum 0.9"
    return [
        Row("a training step, its page watching at full speed, against PyTorch's loop", ratio, 1 / 0.85, "×", more),
        Row(
            "click of one visitor while another trains at full speed, 95th percentile",
            1000 * slow,
            50,
            "ms",
            f"median {1000 * median(waits):.1f}, slowest {1000 * max(waits):.1f}",
        ),
    ]


async def _training(product: Server) -> Page:
    page = await Page.at(product.address, lab="training")
    answer = await page.click("training-network", "rung=eight")
    await page.click("training-settings", "momentum=0.9")
    fast = re.findall(r"/training/play\?steps=(\d+)&amp;every=100", answer.text)[-1]
    await page.click("play", f"lab=training&steps={fast}&every=100")
    return page


async def _on_a_page(product: Server) -> float:
    """Return the seconds that a step takes while a page posts its ticks as a browser does."""
    page = await _training(product)
    steps, start = 0, perf_counter()
    for tick in range(25):
        answer = await page.click("tick", "", many=True)
        found = re.search(r'id="pace-data" value="(\d+)"', answer.text)
        steps = int(found[1]) if found else steps
        await asyncio.sleep(max(0, start + (tick + 1) * EVERY - perf_counter()))
    passed = perf_counter() - start
    await page.click("pause", "")
    page.close()
    return passed / steps


def _in_torch() -> float:
    """Return the seconds that a step takes in a plain script."""
    whole = samples("handwriting")
    images, labels = torch.tensor(whole.images), torch.tensor(whole.labels)
    torch.manual_seed(15)
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    order = torch.Generator().manual_seed(15)
    train = torch.randperm(len(images), generator=order)[: int(0.8 * len(images))]
    steps, start = 0, perf_counter()
    for _ in range(EPOCHS):
        for batch in train[torch.randperm(len(train), generator=order)].split(BATCH):  # type: ignore[no-untyped-call]
            optimizer.zero_grad()
            loss = functional.cross_entropy(net(images[batch]), labels[batch])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            steps += 1
    return (perf_counter() - start) / steps


async def _beside(product: Server) -> list[float]:
    """Return how long each click of somebody takes while somebody else trains."""
    page, other = await _training(product), await Page.at(product.address)
    done = asyncio.Event()

    async def train() -> None:
        while not done.is_set():
            start = perf_counter()
            await page.click("tick", "", many=True)
            await asyncio.sleep(max(0, start + EVERY - perf_counter()))

    task = asyncio.create_task(train())
    waits = []
    for _ in range(BESIDE):
        start = perf_counter()
        await other.click(*STEP)
        waits.append(perf_counter() - start)
        await asyncio.sleep(PAUSE)
    done.set()
    await task
    return waits
