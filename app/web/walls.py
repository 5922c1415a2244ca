"""Pictures, matrices and cards of the Training lab, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from app.web.lattices import lead

if TYPE_CHECKING:  # a page of numbers does not need the panels of all labs
    from app.views.training.watched import Confusion, Kernels


def mosaic(panel: Kernels) -> Markup:
    """Return the weights as pictures in the colours of the law, an SVG each."""
    wide, html = panel.wide, []
    for number, levels in enumerate(panel.pictures):
        cells = "".join(
            [
                f'<rect x="{place % wide}" y="{place // wide}" width="1" height="1" data-level="{level}"/>'
                for place, level in enumerate(levels)
            ]
        )
        html.append(
            f'<button id="kernel-{number}" name="kernel" value="{number}" aria-label="{number}: its numbers">'
            f'<svg viewBox="0 0 {wide} {wide}" shape-rendering="crispEdges" aria-hidden="true">{cells}</svg></button>'
        )
    return Markup("".join(html))  # noqa: S704 (numbers)


def matrix(panel: Confusion) -> Markup:
    """Return the rows of the confusion matrix: each cell that counts something is a button."""
    html = []
    for label, row in enumerate(panel.rows):
        cells = []
        for said, cell in enumerate(row):
            if not cell.number:
                cells.append("<td></td>")
                continue
            words = f"{cell.number} of label {label} called {said}"
            cells.append(
                f'<td><button id="cell-{label}-{said}" data-at="training:confusion[{label},{said}]"'
                f' data-count="{cell.shade}" formaction="/training/training-show?row={label}&amp;column={said}"'
                f' aria-pressed="{"true" if cell.chosen else "false"}" aria-label="{words}">{cell.number}</button></td>'
            )
        html.append(f'<tr><th scope="row">{label}</th>{"".join(cells)}</tr>')
    return Markup("".join(html))  # noqa: S704 (numbers)


def compact(text: str) -> Markup:
    """Return a number whose leading zero CSS hides where there is no room for it."""
    return Markup(lead(text))  # noqa: S704 (a number)


GLOBALS = {"compact": compact, "mosaic": mosaic, "matrix": matrix}
