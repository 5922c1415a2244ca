"""Grids of the pages with a stepper, as HTML: an image, a window, a kernel to be typed in, a map that fills."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from math import isfinite
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from app.playground.writing import plain
from app.views.grids import NOT_FINITE, level
from app.views.walks import BEYOND, HIDDEN, LEADS, PADDING, TIES, UNREAD, Cells, Frame, OutputRow, Thumbnail

if TYPE_CHECKING:  # a page of numbers does not need the panels of all labs
    from app.views.activation import Vector
    from app.views.convolution import ImagePanel, KernelPanel
    from app.views.pooling import PoolAside, Race, Source
    from app.views.stepping import Along

SHADES = 8
"""Steps from paper to ink."""


@lru_cache(maxsize=4096)
def _shown(value: float) -> str:
    """Return how a number stands in a cell: its level and its text, the leading zero in an element of its own."""
    found = level(value)
    return f'data-level="{"nan" if found == NOT_FINITE else found}">{lead(plain(value))}'


def lead(written: str) -> str:
    """Return a number with its leading zero in an element of its own: where room is short, CSS hides it."""
    return written.replace("0.", "<u>0</u>.", 1) if written.lstrip("−").startswith("0.") else written


TIGHT = 3
"""From so many columns on a small grid has no room for a leading zero."""


def _compact(value: float) -> str:
    written = plain(value)
    return written.replace("0.", ".", 1) if written.lstrip("−").startswith("0.") else written


@lru_cache(maxsize=1024)
def _pixel(value: float, most: int) -> str:
    shade = round(SHADES * value / most)
    return f'data-shade="{max(shade, 1) if value else 0}">{value:.0f}'


def _at(grid: Cells, row: int, column: int) -> str:
    return f"{grid.address}[{','.join(map(str, (*grid.prefix, row, column)))}]"


def _rows(cells: list[str], columns: int) -> Markup:
    html = "".join(
        [f"<tr>{''.join(cells[start : start + columns])}</tr>" for start in range(0, len(cells), columns or 1)]
    )
    return Markup(html)  # noqa: S704 (numbers and our own names)


MASKED = '<td><b class="masked"></b></td>'


def lattice(grid: Cells) -> Markup:
    """Return the rows of a small grid; what is still to come is masked."""
    rows, columns = grid.shape
    kinds = grid.kinds or bytes(rows * columns)
    html = []
    for number, value in enumerate(grid.values):
        look = _pixel(value, grid.most) if grid.most else _shown(value)
        if columns >= TIGHT and not grid.most:
            look = f'data-level="{level(value)}">{_compact(value)}'
        html.append(_cell(_at(grid, *divmod(number, columns)), kinds[number], look))
    html += [MASKED] * (rows * columns - len(html))
    return _rows(html, columns)


_MARKS = {
    LEADS: ' data-mark="win"',
    LEADS | TIES: ' data-mark="win tie"',  # as on the Network page: dashed where it wins by the rule
    TIES: ' data-mark="equal"',
}


def _cell(at: str, kind: int, look: str) -> str:
    """Return a number in its cell, which may be none to be told; the padding's has no colour."""
    if kind & BEYOND:
        return '<td><b class="beyond"></b></td>'
    if kind & HIDDEN:
        return MASKED
    mark = (' class="pad"' if kind & PADDING else "") + _MARKS.get(kind & (LEADS | TIES), "")
    if kind & PADDING and "data-level" in look:
        look = look.partition(">")[1] + look.partition(">")[2]
    address = f' data-at="{at}"' if at else ""
    return f"<td><b{address}{mark} {look}</b></td>"


def image(p: ImagePanel) -> Markup:
    """Return the rows of the padded image: every pixel a button that says what it will become."""
    columns = p.cells.shape[1]
    (down, across), most = p.padding, p.cells.most
    html = []
    for number, (value, kind) in enumerate(zip(p.cells.values, p.cells.kinds, strict=True)):
        if kind & PADDING:
            html.append('<td><b class="pad">0</b></td>')
            continue
        row, column = number // columns - down, number % columns - across
        becomes = 0 if value else (1 if p.drawn else p.ink)
        does = (
            f"paint?row={row}&amp;column={column}&amp;on={'true' if becomes else 'false'}"
            if p.drawn
            else f"convolution-image?row={row}&amp;column={column}&amp;value={becomes}"
        )
        mark = ' data-mark="hatch"' if kind & UNREAD else ""
        first = row == column == 0
        html.append(
            f'<td><button id="px-{row}-{column}" data-at="{p.cells.address}[{row},{column}]"{mark}'
            f'{"" if first else chr(32) + "tabindex=-1"} aria-pressed="{"true" if value else "false"}"'
            f' aria-label="{value:.0f} at row {row}, column {column}" formaction="/convolution/{does}"'
            f" {_pixel(value, most)}</button></td>"
        )
    return _rows(html, columns)


def kernel(p: KernelPanel) -> Markup:
    """Return the rows of a kernel: every weight a field, in a form of its own, that says which weight it is.

    (As with cells to come: its row and column the table says; what all have in common packs well in one piece.)
    """
    rows, columns = p.cells.shape
    html = []
    for number, value in enumerate(p.cells.values):
        row, column = divmod(number, columns)
        if p.flipped:
            row, column = rows - 1 - row, columns - 1 - column
        found, written = level(value), _compact(value)
        html.append(
            f'<td><form method="post" action="/convolution/convolution-kernel?filter={p.filter}&amp;row={row}'
            f'&amp;column={column}"><input data-at="{_at(p.cells, row, column)}" data-level="{found}" value="{written}"'
            ' aria-label="weight" name="value" data-submit inputmode="text" autocomplete="off" required maxlength="12">'
            "</form></td>"
        )
    return _rows(html, columns)


def output_row(p: OutputRow) -> Markup:
    """Return the cells of a row of a map that fills: every one a button that goes there."""
    values = p.cells.values
    kinds = p.cells.kinds or bytes(len(values))
    names = ",".join(map(str, p.cells.prefix))
    html = ""
    for column in range(p.cells.shape[1]):
        now = column == p.now
        start = f'<td><button name="index"{" class=now" if now else " tabindex=-1"} value="{p.first + column}"'
        if column < len(values) and kinds[column] & HIDDEN:
            html += (
                f'{start} aria-label="row {p.number}, column {column}: hidden by the convolution">'
                f"{'?' if now else ''}</button></td>"
            )
        elif column < len(values):
            look = _shown(values[column])
            if p.signs and not now:
                look = f'{look.partition(">")[0]} aria-label="{plain(values[column])}">'
            html += f'{start} data-at="{p.cells.address}[{names},{column}]" {look}</button></td>'
        elif now:
            html += f'{start} aria-label="the cell that is worked out">{"?" if p.hidden else ""}</button></td>'
        else:
            # What a hundred cells to come have in common stands in one piece, which packs well; a table says the rest.
            start = '<td><button name="index" tabindex=-1 aria-label="to come"'
            html += f'{start} value="{p.first + column}"></button></td>'
    return Markup(html)  # noqa: S704 (numbers and our own names)


def vector(p: Vector) -> Markup:
    """Return the rows of a vector that goes through: x a field, its output a button that goes there, its slope."""
    html = ""
    for number, row in enumerate(p.rows):
        now = number == p.now
        start = (
            f'<tr{chr(32) + "class=now" if now else ""}><th scope="row">{number}</th><td><form method="post"'
            f' action="/activation/activation-vector?index={number}"><input id="x-{number}" name="value"'
            f' value="{plain(row.x)}" data-at="activation:vector[{number}]" data-level="{level(row.x)}" data-submit'
            f' inputmode="text" autocomplete="off" required maxlength="12" aria-label="number {number}"></form></td>'
            f'<td></td><td><button form="go" name="index" value="{number}"{"" if now else chr(32) + "tabindex=-1"}'
        )
        if row.output is None or row.slope is None:
            look = f' class="masked" aria-label="number {number}: to come">{"?" if now and p.hidden else ""}'
            html += f"{start}{look}</button></td>{MASKED}</tr>"
            continue
        flat = ' data-mark="hatch"' if row.slope == 0 else ""  # no gradient gets back
        blocked = flat if row.output == 0 else ""  # nor does anything get on
        html += (
            f'{start} data-at="activation:output[{number}]"{blocked} {_shown(row.output)}</button></td>'
            f'<td><i data-at="activation:slope[{number}]"{flat}>{plain(row.slope)}</i></td></tr>'
        )
    return Markup(html)  # noqa: S704 (numbers and our own names)


def raised(formula: str) -> Markup:
    """Return a formula, its exponents raised."""
    return Markup(re.sub(r"\^([^ )]+)", r"<sup>\1</sup>", str(escape(formula))))  # noqa: S704 (escaped)


def frame(p: Frame) -> Markup:
    """Return what lies over an image: the numbers of the rows and columns that are read, the window, its taps."""
    html = [f'<text class="on top" x="{share(one + 0.5, p.columns)}%">{one}</text>' for one in p.read_columns]
    html += [f'<text class="on side" y="{share(one + 0.5, p.rows)}%">{one}</text>' for one in p.read_rows]
    if p.high:
        place = f'x="{share(p.left, p.columns)}%" y="{share(p.top, p.rows)}%"'
        size = f'width="{share(p.wide, p.columns)}%" height="{share(p.high, p.rows)}%"'
        html += [f'<rect class="{name}" {place} {size}/>' for name in ("glow", "edge")]
    if p.taps:
        across = [share(column, p.columns) for column in range(p.columns + 1)]
        down = [share(row, p.rows) for row in range(p.rows + 1)]
        cell = f'width="{across[1]}%" height="{down[1]}%"'
        html += [
            f'<svg class="tap" x="{across[column]}%" y="{down[row]}%" {cell}><rect width="100%" height="100%"/>'
            f'<text x="50%" y="50%"{" class=dark" if dark else ""}>{text}</text></svg>'
            for row, column, text, dark in p.taps
        ]
    return Markup("".join(html))  # noqa: S704 (numbers)


def thumbnail(p: Thumbnail) -> Markup:
    """Return a map as an SVG, a path a colour; without cells where it is not worked out yet.

    A path is a stroke as wide as a cell, from run to run by relative moves: many are alike, so that they pack well.
    """
    rows, columns = p.shape
    paths: dict[int, str] = {}
    ends: dict[int, tuple[int, int]] = {}
    for row in range(rows):
        column = 0
        for found, run in groupby(p.levels[row * columns : (row + 1) * columns]):
            length = len(list(run))
            if found is not None:
                y, x = ends.get(found, (0, 0))
                paths[found] = f"{paths.get(found, 'M0 .5')}m{column - x} {row - y}h{length}"
                ends[found] = row, column + length
            column += length
    inside = "".join(
        f'<path data-level="{"nan" if found == NOT_FINITE else found}" d="{path}"/>' for found, path in paths.items()
    )
    return Markup(f'<svg viewBox="0 0 {columns} {rows}" aria-hidden="true">{inside}</svg>')  # noqa: S704


def source(p: Source) -> Markup:
    """Return the rows of the padded map."""
    columns = p.cells.shape[1]
    (down, across), kinds = p.padding, p.cells.kinds
    html = []
    for number, value in enumerate(p.cells.values):
        row, column = number // columns - down, number % columns - across
        at = "" if kinds[number] & PADDING else _at(p.cells, row, column)
        html.append(_cell(at, kinds[number], _shown(value)))
    return _rows(html, columns)


def race(p: Race) -> Markup:
    """Return the race: what is read above the largest, or the sum, so far; the latter alone in a large window."""
    rows, columns = p.read.shape
    read = [
        _cell(_at(p.read, *divmod(number, columns)), p.read.kinds[number], _shown(value))
        for number, value in enumerate(p.read.values)
    ]
    running = []
    for number, value in enumerate(p.running.values):
        leader = p.leaders[number] if p.leaders else None
        at = "" if leader is None else _at(p.read, *divmod(leader, columns))
        running.append(_cell(at, 0 if isfinite(value) else PADDING, _shown(value)))
    for cells in (read, running):
        cells += [MASKED] * (rows * columns - len(cells))
    if not p.line:
        return _rows(running, columns)
    lines = zip(("read", p.word), (read, running), strict=True)
    html = "".join([f'<tr><th scope="row">{word}</th>{"".join(cells)}</tr>' for word, cells in lines])
    return Markup(html)  # noqa: S704 (numbers and our own names)


def typed(p: PoolAside) -> Markup:
    """Return the rows of the typed map: every number a field, in a form of its own."""
    html = []
    for row, numbers in enumerate(p.typed):
        for column, value in enumerate(numbers):
            html.append(
                f'<td><form method="post" action="/pooling/pooling-map?row={row}&amp;column={column}">'
                f'<input id="typed-{row}-{column}" name="value" value="{plain(value)}" data-level="{level(value)}"'
                f' data-submit inputmode="text" autocomplete="off" required maxlength="12"'
                f' aria-label="number at row {row}, column {column}"></form></td>'
            )
    return _rows(html, len(p.typed[0]) if p.typed else 1)


def pieces(p: Along) -> Markup:
    """Return the pieces of a track, 0 … 100 wide: done, the one that was begun, to come."""
    share = 100 / p.pieces
    gap = min(0.5, share / 6)
    done = 100 * (p.index + 1) / p.positions
    html = ""
    for number in range(p.pieces):
        start, stop = number * share + gap / 2, (number + 1) * share - gap / 2
        reached = min(max(done, start), stop)
        if reached > start:
            html += f'<rect class="done" x="{start:.4g}%" width="{reached - start:.4g}%" height="100%"/>'
        if reached < stop:
            html += f'<rect x="{reached:.4g}%" width="{stop - reached:.4g}%" height="100%"/>'
    return Markup(html)  # noqa: S704 (numbers)


def fits(shape: tuple[int, int]) -> int:
    """Return the size of cells in which a grid finds room: that of so many rows or columns."""
    return next(size for size in SIZES if size >= max(shape))


SIZES = (6, 7, 12, 18, 27)


def share(part: float, whole: float) -> str:
    """Return a part as a percentage without its sign."""
    return f"{100 * part / whole:.4g}"


GLOBALS = {
    "lattice": lattice,
    "image": image,
    "kernel": kernel,
    "output_row": output_row,
    "vector": vector,
    "raised": raised,
    "frame": frame,
    "thumbnail": thumbnail,
    "source": source,
    "race": race,
    "typed": typed,
    "pieces": pieces,
    "fits": fits,
    "share": share,
    "plain": plain,
    "level": level,
}
"""What the templates call."""
