"""A step of the convolution over a large image with many filters, against an SGD step: server CPU, and bytes."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.clicks import STEP, Page
from bench.machine import cpu
from bench.server import PRODUCT, serving
from bench.table import Row
from bench.wire import run

ROUNDS = 15
CLICKS = 50  # of each kind a round, in turns
LARGE = (("convolution-image", "sample=two"), ("convolution-settings", "padding=0&filters=8&bias=true"))
WALK = ("convolution-step", "")


def measure() -> list[Row]:
    """Both kinds of step on one server, in turns, so that what else the machine does meets both."""
    with TemporaryDirectory() as data, serving(PRODUCT, Path(data)) as product:

        async def both() -> tuple[list[float], list[int]]:
            network, convolution = await Page.at(product.address), await Page.at(product.address, lab="convolution")
            for action, fields in LARGE:
                await convolution.click(action, fields)
            ratios: list[float] = []
            sizes: list[int] = []
            for _ in range(ROUNDS):
                start = cpu(product.process)
                for _ in range(CLICKS):
                    await network.click(*STEP)
                between = cpu(product.process)
                sizes += [(await convolution.click(*WALK)).size for _ in range(CLICKS)]
                ratios.append((cpu(product.process) - between) / max(between - start, 1e-9))
            network.close()
            convolution.close()
            return ratios, sizes

        ratios, sizes = run(both())
    name = "a step of the convolution, 8 filters over 12 × 12"
    more = f"median of {ROUNDS} rounds; {min(ratios):.2f} to {max(ratios):.2f}"
    return [
        Row(f"server CPU of {name}, against an SGD step", median(ratios), 1, "×", more),
        Row(f"largest answer to {name}", max(sizes) / 1000, 2, "kB", f"median {median(sizes) / 1000:.2f}"),
    ]
