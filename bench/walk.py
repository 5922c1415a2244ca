"""Clicks that are no SGD step, against one: a step of a large convolution, pointing, walking back. CPU, and bytes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from app.playground.backward import PLACES
from bench.clicks import STEP, Page
from bench.machine import cpu
from bench.server import PRODUCT, Server, serving
from bench.table import Row
from bench.wire import run

ROUNDS = 15
CLICKS = 50  # of each kind a round, in turns
Click = tuple[str, str]

LARGE: Sequence[Click] = (
    ("convolution-image", "sample=two"),
    ("convolution-settings", "padding=0&filters=8&bias=true"),
)
WALK: Sequence[Click] = (("convolution-step", ""),)
POINT: Sequence[Click] = tuple(
    ("point", f"address={name}%5B{index}%5D")
    for index in range(4)
    for name in ("logits", "probabilities", "grad.flat", "grad.conv.bias", "fc.bias", "flat")
)
BACK: Sequence[Click] = (("show", "voices=backward"),)
BACKWARD: Sequence[Click] = (*[("backward-step", "")] * (len(PLACES) - 1), ("backward-go", "to=start"))


def measure() -> list[Row]:
    """Each kind of click and SGD steps on one server, in turns, so that what else the machine does meets both."""
    with TemporaryDirectory() as data, serving(PRODUCT, Path(data)) as product:
        return [
            *run(_beside(product, "a step of the convolution, 8 filters over 12 × 12", "convolution", LARGE, WALK, 2)),
            *run(_beside(product, "pointing at a number", "network", (), POINT, 3)),
            *run(_beside(product, "a step of the walk back through the network", "network", BACK, BACKWARD, 3)),
        ]


async def _beside(
    product: Server, name: str, lab: str, before: Sequence[Click], clicks: Sequence[Click], most: float
) -> list[Row]:
    network, page = await Page.at(product.address), await Page.at(product.address, lab=lab)
    for click in before:
        await page.click(*click)
    ratios: list[float] = []
    sizes: list[int] = []
    turns = cycle(clicks)
    for _ in range(ROUNDS):
        start = cpu(product.process)
        for _ in range(CLICKS):
            await network.click(*STEP)
        between = cpu(product.process)
        sizes += [(await page.click(*next(turns))).size for _ in range(CLICKS)]
        ratios.append((cpu(product.process) - between) / max(between - start, 1e-9))
    network.close()
    page.close()
    more = f"median of {ROUNDS} rounds; {min(ratios):.2f} to {max(ratios):.2f}"
    return [
        Row(f"server CPU of {name}, against an SGD step", median(ratios), 1, "×", more),
        Row(f"largest answer to {name}", max(sizes) / 1000, most, "kB", f"median {median(sizes) / 1000:.2f}"),
    ]
