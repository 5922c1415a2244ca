"""How many bytes go over the wire: for a click, and for the first page with its files."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from app.playground.state import opening
from bench.clicks import STEP, Page
from bench.server import PRODUCT, serving
from bench.table import Row
from bench.wire import Address, Connection, run

ROUNDS = 25
STEPS = 8  # a round: so many steps, then one pixel, then one label


def measure() -> list[Row]:
    """Headers and packed bodies, as they came."""
    with TemporaryDirectory() as data, serving(PRODUCT, Path(data)) as product:
        return [run(_clicks(product.address)), run(_first_page(product.address))]


async def _clicks(address: Address) -> Row:
    """One session of 250 clicks: the largest answer counts."""
    page = await Page.at(address)
    sizes: dict[str, list[int]] = {"step": [], "pixel": [], "label": []}
    for round_ in range(ROUNDS):
        sizes["step"] += [(await page.click(*STEP)).size for _ in range(STEPS)]
        row, column = divmod(round_, 5)
        on = "false" if opening().digit.rows[row][column] else "true"  # each pixel once, so each changes
        pixel = await page.click("stroke", f"cells={row}%2C{column}&on={on}")
        sizes["pixel"].append(pixel.size)
        sizes["label"].append((await page.click("label", f"label={1 + round_ % 9}")).size)
    page.close()
    kinds = (f"{kind} {median(each) / 1000:.2f} to {max(each) / 1000:.2f}" for kind, each in sizes.items())
    largest = max(map(max, sizes.values())) / 1000
    more = f"median to largest: {', '.join(kinds)}"
    return Row("largest answer to a click, headers and packed body", largest, 6, "kB", more)


class _Files(HTMLParser):
    """The addresses of a page's stylesheets, scripts and icon."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a browser would fetch."""
        address = dict(attrs).get({"link": "href", "script": "src", "img": "src"}.get(tag, ""))
        if address:
            self.found.append(address)


async def _first_page(address: Address) -> Row:
    """Fetch the page and every link and script in it; stylesheets name nothing but fonts, which are left out."""
    connection = await Connection.to(address)
    page = await connection.get("/")
    sizes: dict[str, int] = {"html": page.size}
    for path in _Files(page.text).found:
        answer = await connection.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}.")
        kind = path.rpartition(".")[2]
        sizes[kind] = sizes.get(kind, 0) + answer.size
    connection.close()
    more = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in sizes.items())
    return Row("first page with all its files, fonts aside", sum(sizes.values()) / 1000, 60, "kB", more)
