"""From panels to HTML. Whole grids are written here, everything else by the templates."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from itertools import accumulate
from math import prod
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.runtime import Context
from markupsafe import Markup
from numpy.typing import NDArray

from app.nn.digits import SAMPLES, SIZE
from app.playground.writing import text
from app.views.curve import Tick
from app.views.grids import (
    DOWN,
    HATCHED,
    MASKED,
    NOT_FINITE,
    NOW,
    STEPS,
    TIED,
    UP,
    WINNER,
    Grid,
    addresses,
    levels,
)
from app.views.panels import Numbers, Panel, Sentence
from app.web import cards, formulas, lattices, walls
from app.web.colouring import coloured
from app.web.compiled import Compiled

MORPH = Markup(' hx-swap-oob="outerMorph"')
WIDE, LONG = 66, 88  # letters that two lines of a sentence hold on a walked page at 4:3, and on the others


class Renderer:
    """Writes pages, and the panels of an answer."""

    def __init__(self, templates: Path, static: Path) -> None:
        version = fingerprint(static)
        self._environment = environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,  # the default leaves it off for names that do not end in .html
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=Compiled(templates),
        )
        # One version for all files, so that a stylesheet's "../fonts/…" stays below the same prefix.
        environment.globals["static"] = lambda path: f"/static/{version}/{path}"
        environment.globals["samples"] = {name: glyph(digit.pixels) for name, digit in SAMPLES.items()}
        environment.globals.update(
            table=table,
            shares=shares,
            pixels=pixels,
            say=say,
            reach=reach,
            dots=dots,
            scales=scales,
            rules=rules,
            math=formulas.math,
            coloured=coloured,
        )
        environment.globals.update(lattices.GLOBALS)
        environment.globals.update(cards.GLOBALS)
        environment.globals.update(walls.GLOBALS, glyph=glyph)
        self._globals: dict[str, object] = dict(environment.globals)
        self._templates: dict[str, Template] = {}

    def page(self, template: str, panels: Mapping[str, Panel], **context: object) -> str:
        """Return a whole page; ``{{ panel("pad") }}`` in its template is that panel."""

        def panel(name: str) -> Markup:
            return Markup(self._panel(panels[name], Markup("")))  # noqa: S704 (made by our own template)

        return self._environment.get_template(template).render(panel=panel, oob=Markup(""), **context)

    def fragment(self, panel: Panel) -> str:
        """Return a panel as a part of an answer: htmx morphs what the page has under its id."""
        return self._panel(panel, MORPH)

    def part(self, template: str, **context: object) -> str:
        """Return a template that is no panel, as the referee's mark."""
        return self._environment.get_template(template).render(oob=Markup(""), **context)

    def beside(self, panel: Panel, theirs: Iterable[float], detail: str) -> str:
        """Return a panel that shows PyTorch's numbers beside ours, once they are there."""
        return self._small(panel.name, p=panel, oob=MORPH, theirs=tuple(theirs), detail=detail)

    def answer(self, panels: Iterable[Panel], revision: str, notice: str) -> bytes:
        """Return panels, the revision that they show, and the notice, which empties the one before."""
        parts = [self._panel(panel, MORPH) for panel in panels]
        parts.append(self._small("notice", notice=notice, oob=MORPH))
        parts.append(self._small("revision", revision=revision, oob=MORPH))
        return b"".join([part.encode() for part in parts])  # one by one: most are plain ASCII

    def _panel(self, panel: Panel, oob: Markup) -> str:
        return self._small(panel.name, p=panel, oob=oob)

    def _small(self, name: str, **context: object) -> str:
        # What Template.render does before its first letter (a look into the cache, two copies of all globals) costs as
        # much as a small panel, a dozen times a click: so the templates are kept, and the globals copied once.
        template = self._templates.get(name)
        if template is None:
            template = self._templates[name] = self._environment.get_template(f"panels/{name}.html")
        variables = Context(self._environment, self._globals | context, template.name, template.blocks)
        return "".join(template.root_render_func(variables))


def fingerprint(directory: Path) -> str:
    """Return a short digest of all files below a directory, names and contents."""
    digest = hashlib.sha256()
    for path in sorted(path for path in directory.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(directory)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def say(sentence: Sentence) -> Markup:
    """Return a sentence; what stands out is strong, and a number carries its address."""
    html = ""
    for words, strong, at in sentence:
        tag = "strong" if strong else "span" if at else ""
        address = f' data-at="{escape(at)}"' if at else ""
        html += f"<{tag}{address}>{escape(words)}</{tag}>" if tag else escape(words)
    return Markup(html)  # noqa: S704 (escaped piece by piece)


def dots(points: Iterable[tuple[float, float]]) -> Markup:
    """Return small discs at places of an SVG, each 0 … 100 across and down."""
    return Markup("".join([f'<circle cx="{x:g}%" cy="{y:g}%"/>' for x, y in points]))  # noqa: S704 (numbers)


@lru_cache(maxsize=64)  # a step leaves the axes as they are
def scales(across: tuple[Tick, ...], down: tuple[Tick, ...]) -> Markup:
    """Return the texts along both axes of a plot."""
    *some, last = [f'<text x="{place}%" y="100%">{text}</text>' for place, text in across]
    last = last.replace(">", ' class="last">', 1)
    texts = "".join([f'<text x="0" y="{place}%">{text}</text>' for place, text in down])
    html = f'<g class="x" aria-hidden="true">{"".join(some)}{last}</g><g class="y" aria-hidden="true">{texts}</g>'
    return Markup(html)  # noqa: S704 (numbers)


@lru_cache(maxsize=64)
def rules(ticks: tuple[Tick, ...]) -> Markup:
    """Return the path of a line across a plot at each tick."""
    return Markup("".join([f"M0 {place}H100" for place, _ in ticks]))  # noqa: S704 (numbers)


def reach(sentence: Sentence) -> str:
    """Return "long" for a sentence that needs a smaller type to stay on its lines, "wide" if it does so at 4:3."""
    letters = sum(len(piece.text) for piece in sentence)
    return "long" if letters > LONG else "wide" if letters > WIDE else "short"


# --- the drawing -----------------------------------------------------------------------------------------------------


def glyph(data: bytes) -> Markup:
    """Return a drawing as an SVG path: one run of ink, one rectangle."""
    path = ""
    for y in range(SIZE):
        for run in re.finditer(rb"\x01+", data[y * SIZE : (y + 1) * SIZE]):
            path += f"M{run.start()} {y}h{len(run[0])}v1h-{len(run[0])}z"
    return Markup('<svg viewBox="0 0 5 5" aria-hidden="true"><path d="{}"/></svg>').format(path)


@lru_cache(maxsize=8)
def _pixel_cells(lab: str, unread: bytes) -> list[tuple[str, str]]:
    """Return each pixel's cell as paper and as ink."""
    prefix = "" if lab == "network" else f"{lab}:"

    def cell(place: int, ink: int) -> str:
        row, column = divmod(place, SIZE)
        start = f'<tr><th scope="row"><em>row {row}</em></th>' if column == 0 else ""
        end = "</tr>" if column == SIZE - 1 else ""
        mark = ' data-mark="hatch"' if unread[place] else ""
        return (
            f'{start}<td><button id="px-{row}-{column}" data-at="{prefix}input[{row},{column}]"{mark}'
            f' aria-pressed="{"true" if ink else "false"}" aria-label="{ink} at row {row}, column {column}"'
            f' formaction="/{lab}/paint?row={row}&amp;column={column}&amp;on={"false" if ink else "true"}">'
            f"{ink}</button></td>{end}"
        )

    return [(cell(place, 0), cell(place, 1)) for place in range(SIZE * SIZE)]


def pixels(lab: str, drawing: bytes, unread: bytes) -> Markup:
    """Return the rows of the pixel pad: every pixel a button that says what it will become."""
    cells = zip(_pixel_cells(lab, unread), drawing, strict=True)
    return Markup(_columns(SIZE) + "".join([cell[ink] for cell, ink in cells]))  # noqa: S704 (no text from outside)


def _columns(count: int, last: str = "") -> str:
    heads = "".join(f'<th scope="col"><em>column {column}</em></th>' for column in range(count))
    return f"<thead><tr><td></td>{heads}{last}</tr></thead>"


# --- grids of numbers ------------------------------------------------------------------------------------------------

_VOICES = ("b", "i")  # the value above its gradient
_NAMES = {HATCHED: "hatch", WINNER: "win", TIED: "tie", UP: "up", DOWN: "down", MASKED: "masked", NOW: "now"}
_MARKS = [
    f' data-mark="{" ".join(name for bit, name in _NAMES.items() if byte & bit)}"' if byte else ""
    for byte in range(128)
]


def table(layout: str, *numbers: Numbers) -> Markup:
    """Return the rows of a table: "filters" for blocks, "column" for a vector, "linear" for a layer of neurons.

    Several numbers are the parts of one layer: its input, its weight and its bias. Voices that are None are not seen.
    """
    grids = [
        (part, voice, grid)
        for part, each in enumerate(numbers)
        for voice, grid in zip(_VOICES, each, strict=True)
        if grid
    ]
    if not grids:
        return Markup()
    skeleton = _skeleton(
        layout, tuple([(part, voice, grid.address, grid.shape, bool(grid.marks)) for part, voice, grid in grids])
    )
    pieces = _looks(b"".join([grid.data for _, _, grid in grids]))
    for _, _, grid in grids:
        pieces += [_MARKS[mark] for mark in grid.marks]
    filled = skeleton.parts.copy()
    filled[1::2] = skeleton.order(pieces)
    html = "".join(filled)
    if any(grid.marks and max(grid.marks) >= MASKED for _, _, grid in grids):
        html = _TO_COME.sub(r'<i class="\1"></i>', html)
    return Markup(html)  # noqa: S704 (numbers and our own names)


class _Skeleton(NamedTuple):
    """A table with a gap for each number (every other part), and how to put the numbers into the order of the gaps."""

    parts: list[str]
    order: Callable[[Sequence[str]], tuple[str, ...]]


_GAP = "\0"
_TO_COME = re.compile(r'<i data-at="[^"]*" data-mark="(masked(?: now)?)" data-level=.*?</i>')
Key = tuple[tuple[int, str, str, tuple[int, ...], bool], ...]


@lru_cache(maxsize=256)
def _skeleton(layout: str, grids: Key) -> _Skeleton:
    """Return the table without its numbers; ``grids``: part, voice, address, shape and whether it has marks."""
    order: list[int] = []
    # Where a grid's numbers begin among the pieces, and where its marks do, behind all numbers.
    sizes = [prod(shape) for _, _, _, shape, _ in grids]
    marks = [size if key[-1] else 0 for size, key in zip(sizes, grids, strict=True)]
    starts = list(zip(accumulate(sizes, initial=0), accumulate(marks, initial=sum(sizes)), strict=True))[:-1]

    def cell(part: int, place: int) -> str:
        html = ""
        for (its_part, voice, address, shape, marked), (number, mark) in zip(grids, starts, strict=True):
            if its_part == part:
                order.extend([mark + place, number + place] if marked else [number + place])
                name = addresses(address, shape)[place]
                html += f'<{voice} data-at="{name}"{_GAP if marked else ""} data-level="{_GAP}</{voice}>'
        return f"<td>{html}</td>"

    shapes = {part: shape for part, _, _, shape, _ in grids}
    html = _LAYOUTS[layout](shapes, cell)
    parts = [part for text in html.split(_GAP) for part in (text, _GAP)][:-1]
    return _Skeleton(parts, itemgetter(*order))


Shapes = Mapping[int, tuple[int, ...]]
CellOf = Callable[[int, int], str]


def _filters(shapes: Shapes, cell: CellOf) -> str:
    """Return blocks one below the other, a row group each: (filters, …, rows, columns)."""
    filters, *_, rows, columns = shapes[0]
    html = _columns(columns)
    for number in range(filters):
        html += "<tbody>"
        for row in range(rows):
            start = (number * rows + row) * columns
            cells = "".join(cell(0, start + column) for column in range(columns))
            html += f'<tr><th scope="row"><em>filter {number}, row {row}</em></th>{cells}</tr>'
        html += "</tbody>"
    return html


def _column(shapes: Shapes, cell: CellOf) -> str:
    """Return a vector, one number a row: (n,) or (n, 1, 1)."""
    rows = (f'<tr><th scope="row"><em>{row}</em></th>{cell(0, row)}</tr>' for row in range(shapes[0][0]))
    return "".join(rows)


def _linear(shapes: Shapes, cell: CellOf) -> str:
    """Return the input as head row, under it a row of weights and the bias for each output."""
    outputs, inputs = shapes[1]
    flat = "".join(cell(0, column) for column in range(inputs))
    html = _columns(inputs, "<td></td>")
    html += f'<tr><th scope="row"><em>flat</em></th>{flat}<th scope="col">bias</th></tr>'
    for row in range(outputs):
        weights = "".join(cell(1, row * inputs + column) for column in range(inputs))
        html += f'<tr><th scope="row">{row}</th>{weights}{cell(2, row)}</tr>'
    return html


_LAYOUTS: dict[str, Callable[[Shapes, CellOf], str]] = {"filters": _filters, "column": _column, "linear": _linear}


def shares(probabilities: Grid, prediction: int | None, label: int) -> Markup:
    """Return the rows of softmax: class, probability, bar; what the network says and what it should say stand out."""
    values = probabilities.values.tolist()
    names = addresses(probabilities.address, probabilities.shape)
    html = ""
    for row, (value, name) in enumerate(zip(values, names, strict=True)):
        kind = f"{' said' if row == prediction else ''}{' label' if row == label else ''}"
        start = f'<tr class="{kind[1:]}">' if kind else "<tr>"
        width = round(100 * value, 1) if value == value else 0
        html += (
            f'{start}<th scope="row">{row}</th><td><b data-at="{name}">{text(value, 3)}</b>'
            f'<svg aria-hidden="true"><rect width="{width:g}%" height="100%"/></svg></td></tr>'
        )
    return Markup(html)  # noqa: S704 (numbers and our own names)


# --- the look of a number --------------------------------------------------------------------------------------------


def _looks(data: bytes) -> list[str]:
    """Return level and text of float32 numbers, as they stand in a cell: ``-3">&minus;<u>0</u>.22``.

    Both are step functions of the number, so one search in all of their steps finds both. The minus is spelt in ASCII:
    Python joins and encodes such text several times as fast.
    """
    edges, known = _law()
    values = np.frombuffer(data, np.float32)
    found = [known[index] for index in edges.searchsorted(values, side="right").tolist()]
    if None in found:
        return [_written(values[[at]])[0] if look is None else look for at, look in enumerate(found)]
    return found


def _written(values: NDArray[np.float32]) -> list[str]:
    return [
        f'{"nan" if level == NOT_FINITE else level}">{lattices.lead(text(value)).replace("−", "&minus;")}'
        for value, level in zip(values.tolist(), levels(values), strict=True)
    ]


@lru_cache(maxsize=1)
def _law() -> tuple[NDArray[np.float32], list[str | None]]:
    """Return the numbers at which a look begins, and the look of each stretch; None is left to ``_written``."""
    tiny = np.nextafter(np.float32(0), np.float32(1))
    up = np.float32(np.inf)
    # Hundredths change at a half; a half that float32 holds exactly goes to the even side, so its neighbour begins.
    half = np.arange(0.005, 9.99, 0.01).astype(np.float32)
    exact = half.astype(np.float64) * 100  # 24 + 7 bits: no rounding
    begins = np.where(np.rint(exact) > np.floor(exact), half, np.nextafter(half, up))
    begins = np.concatenate(([tiny], begins, np.array([*STEPS, 9.995], np.float32)))
    rising = np.array(sorted(set(begins.tolist())), np.float32)  # np.unique would import numpy.ma, and the page wait
    edges = np.concatenate((np.nextafter(-rising[::-1], up), rising))
    inside = np.concatenate((-rising[-2::-1], np.zeros(1, np.float32), rising[:-1]))
    return edges, [None, *_written(inside), None]
