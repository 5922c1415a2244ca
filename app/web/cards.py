"""Grids of the Classifier page as HTML: the flat strip, the cards, the open row, one logit's terms, the worksheet."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from app.nn.digits import SIZE
from app.playground.writing import exact, text
from app.views.grids import NOT_FINITE, level, levels
from app.web.lattices import lead

if TYPE_CHECKING:  # a page of numbers does not need the panels of all labs
    from app.views.classifier.aspects import Held, Logit, Voice, Weights
    from app.views.classifier.softmax import Column, Worksheet

LAB = "classifier"
EDIT = f"/{LAB}/classifier-number"
FULL, SMALL = 0.94, 0.42
"""Sides of a card's squares: where the pixel is lit, and where it is dark."""


@lru_cache(maxsize=4096)
def _look(value: float) -> str:
    """Return how a number stands in a cell: its level and its text, the leading zero in an element of its own."""
    return f'data-level="{_level(value)}">{lead(text(value))}'


def _level(value: float) -> str:
    found = level(value)
    return "nan" if found == NOT_FINITE else str(found)


def _grid(cells: list[str], last: str = "") -> Markup:
    """Return 25 cells as the rows of a table; its headers are only heard. ``last`` heads a column more."""
    heads = "".join([f'<th scope="col"><em>column {column}</em></th>' for column in range(SIZE)])
    html = f"<thead><tr><td></td>{heads}{last}</tr></thead>"
    for row in range(0, len(cells), SIZE):
        start = f'<tr><th scope="row"><em>row {row // SIZE}</em></th>'
        html += f"{start}{''.join(cells[row : row + SIZE])}</tr>"
    return Markup(html)  # noqa: S704 (numbers and our own names)


def strip(pixels: bytes) -> Markup:
    """Return the 25 pixels in one line, parted after every row."""
    html = ""
    for place, ink in enumerate(pixels):
        start = "<span>" if place % SIZE == 0 else ""
        end = "</span>" if place % SIZE == SIZE - 1 else ""
        html += f'{start}<b data-at="{LAB}:flat[{place}]"{" class=ink" if ink else ""}>{ink}</b>{end}'
    return Markup(html)  # noqa: S704 (numbers and our own names)


def _square(place: int, side: float) -> str:
    row, column = divmod(place, SIZE)
    edge = (1 - side) / 2
    return f"M{column + edge:g} {row + edge:g}h{side:g}v{side:g}h-{side:g}z"


_SQUARES = [[_square(place, side) for place in range(SIZE * SIZE)] for side in (SMALL, FULL)]


def cards(p: Weights) -> list[Markup]:
    """Return each row of W folded back to 5 × 5: full cells where the pixel is lit, small ones where it is dark."""
    squares = [_SQUARES[ink][place] for place, ink in enumerate(p.pixels)]
    found = levels(np.frombuffer(p.cards))
    return [_card(found[start : start + len(squares)], squares) for start in range(0, len(found), len(squares))]


def _card(found: list[int], squares: list[str]) -> Markup:
    paths: dict[int, list[str]] = {}  # all squares of one colour are one path
    for number, square in zip(found, squares, strict=True):
        paths.setdefault(number, []).append(square)
    inside = "".join(
        [
            f'<path data-level="{"nan" if number == NOT_FINITE else number}" d="{"".join(parts)}"/>'
            for number, parts in paths.items()
        ]
    )
    return Markup(f'<svg viewBox="0 0 5 5" aria-hidden="true">{inside}</svg>')  # noqa: S704 (numbers)


def _field(value: float, where: str, at: str, label: str, dark: bool = False) -> str:
    """Return a number as a field, in a form of its own, that says which number it is and how it was shown."""
    shown = text(value)
    look = f' data-level="{_level(value)}"' if not dark else " class=dark"
    return (
        f'<form method="post" action="{EDIT}?{where}&amp;shown={shown}"><input name="value" value="{shown}"'
        f' data-at="{LAB}:{at}"{look} data-submit inputmode="text" autocomplete="off" required maxlength="12"'
        f' aria-label="{label}"></form>'
    )


def _cell(tag: str, value: float, at: str, dark: bool = False) -> str:
    look = _look(value)
    if dark:
        look = f'class="dark">{look.partition(">")[2]}'
    return f'<{tag} data-at="{LAB}:{at}" {look}</{tag}>'


def bias(p: Weights, chosen: int) -> Markup:
    """Return the bias under a card, in the voice of the cards."""
    if p.slopes and p.gradient:
        return Markup(_cell("i", p.gradient.biases()[chosen], f"grad.bias[{chosen}]"))  # noqa: S704 (numbers)
    assert p.value
    field = _field(p.value.biases()[chosen], f"output={chosen}", f"bias[{chosen}]", f"bias of class {chosen}")
    return Markup(field)  # noqa: S704 (numbers and our own names)


def open_row(p: Weights) -> Markup:
    """Return the open row of W, 5 × 5, in the voices that are to be seen; alone, its values are fields."""
    alone = p.gradient is None and p.old is None

    def one(voice: Voice | None, tag: str, prefix: str, place: int) -> str:
        if voice is None:
            return ""
        at, value, dark = f"{prefix}weight[{p.open},{place}]", voice.rows()[place], not p.pixels[place]
        if alone:
            row, column = divmod(place, SIZE)
            label = f"weight of row {row}, column {column}"
            return _field(value, f"output={p.open}&amp;input={place}", at, label, dark)
        return _cell(tag, value, at, dark)

    parts = ((p.old, "s", "old."), (p.value, "b", ""), (p.gradient, "i", "grad."))
    return _grid([f"<td>{''.join([one(*part, place) for part in parts])}</td>" for place in range(SIZE * SIZE)])


def products(p: Logit) -> Markup:
    """Return pixel × weight and what it makes, cell by cell, and at the right what each row adds up to."""
    weights, made = np.frombuffer(p.weights).tolist(), (np.frombuffer(p.products) + 0.0).tolist()
    cells = []
    for place, ink in enumerate(p.pixels):
        weight = f'<span data-at="{LAB}:weight[{p.open},{place}]">{text(weights[place])}</span>'
        product = f'<b data-at="{LAB}:terms[{p.open},{place}]" {_look(made[place]) if ink else ">0"}</b>'
        total = f"<td class=sum>{p.sums[place // SIZE]}</td>" if place % SIZE == SIZE - 1 else ""
        dark = "" if ink else " class=dark"
        cells.append(f"<td{dark}><small>{ink}&#8201;·&#8201;{weight}</small>{product}</td>{total}")
    return _grid(cells, '<th scope="col" class=sum><em>sum of the row</em></th>')


def held(p: Held, chosen: int) -> Markup:
    """Return what ``.grad`` holds: of W the open row, folded, of b two rows of five."""
    numbers = (np.frombuffer(p.grad or b"") + 0.0).tolist()
    first = f"{chosen}," if p.field == "weight" else ""
    return _grid(
        [f"<td>{_cell('i', value, f'held.{p.field}[{first}{place}]')}</td>" for place, value in enumerate(numbers)]
    )


def worksheet(p: Worksheet) -> Markup:
    """Return the rows of the worksheet, one a class."""
    columns = [[_entry(column, number, value) for number, value in enumerate(column.values)] for column in p.columns]
    html = ""
    for number, cells in enumerate(zip(*columns, strict=True)):
        words = {"meant": number == p.label, "leads": number == p.said, "opened": number == p.open}
        kinds = " ".join(word for word, is_so in words.items() if is_so)
        html += f'<tr class="{kinds}"><th scope="row">{number}</th>{"".join(cells)}</tr>'
    return Markup(html)  # noqa: S704 (numbers and our own names)


def _entry(column: Column, number: int, value: float) -> str:
    at = f'data-at="{LAB}:{column.address}[{number}]"'
    match column.kind:
        case "signed":
            # A press opens its row of W.
            return (
                f'<td class=signed><button form="open" name="open" value="{number}" {at} {_look(value)}</button></td>'
            )
        case "gradient":
            return f"<td class=gradient><i {at} {_look(value)}</i></td>"
        case "share":
            width = 100 * value if np.isfinite(value) else 0
            bar = f'<svg aria-hidden="true"><rect width="{width:.1f}%" height="100%"/></svg>'
            return f"<td class=share><span {at}>{_three(value)}</span>{bar}</td>"
        case "hot":
            return f"<td class=hot><span {at}>{value:.0f}</span></td>"
        case "shift":
            return f"<td class=shift><span {at}>{text(value)}</span></td>"
    return f"<td class={column.kind}><span {at}>{_three(value)}</span></td>"


def _three(value: float) -> str:
    return "1" if value == 1 else text(value, 3)


GLOBALS = {
    "strip": strip,
    "cards": cards,
    "card_bias": bias,
    "open_row": open_row,
    "term_rows": products,
    "exact": exact,
    "held": held,
    "worksheet": worksheet,
}
"""What the templates call."""
