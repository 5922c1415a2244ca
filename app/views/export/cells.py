"""Cells, words or code, and how values are written as Python in them."""

from __future__ import annotations

from dataclasses import dataclass
from pprint import pformat
from textwrap import wrap
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from app.nn.digits import BLANK, SAMPLES, Digit

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of an export: words, as Markdown, or Python code."""

    kind: Literal["markdown", "code"]
    source: str


def words(*lines: str) -> Cell:
    """Return a cell of words; long lines are broken."""
    return Cell("markdown", "\n".join(part for line in lines for part in wrap(line, WIDTH)))


def code(*lines: str) -> Cell:
    """Return a cell of code."""
    return Cell("code", "\n".join(lines))


def assigned(name: str, value: object) -> str:
    """Return the statement ``name = value``, its lines within the width where they can be."""
    return f"{name} = {_written(value, len(name) + 3)}"


def entries(name: str, values: dict[str, Any]) -> list[str]:
    """Return the statement that makes a dictionary of tensors or lists, an entry a line where they are short."""
    return [
        f"{name} = {{",
        *(f'    "{key}": {_written(value, len(key) + 8)},' for key, value in values.items()),
        "}",
    ]


def tensor(name: str, values: object, shape: tuple[int, ...] | None = None) -> str:
    """Return the statement that makes a float64 tensor; ``shape``: what it is viewed as."""
    start = f"{name} = torch.tensor("
    end = f", dtype=torch.float64){f'.view{shape}' if shape else ''}"
    return f"{start}{_written(values, len(start), len(end))}{end}"


def same(found: str, shown: str, tolerance: float) -> str:
    """Return the statement that holds what was found against what the page shows."""
    return f"same({found}, {shown}, tolerance={tolerance:g})".replace("e-0", "e-")


def called(function: str, *arguments: str, **settings: object) -> str:
    """Return a call."""
    return f"{function}({', '.join((*arguments, *(f'{name}={value!r}' for name, value in settings.items())))})"


def drawing(digit: Digit) -> str:
    """Return the statement that makes the drawing, a row a line."""
    return assigned("digit", digit.rows).replace("], [", "],\n         [")


def said(digit: Digit) -> str:
    """Return what a drawing is, in words."""
    if digit.pixels == BLANK:
        return "a blank drawing"
    names = [name for name, sample in SAMPLES.items() if sample.pixels == digit.pixels]
    return f"the sample “{names[0]}”" if names else "a drawing"


def _written(value: object, indent: int, end: int = 0) -> str:
    if isinstance(value, np.ndarray | np.generic):
        value = _plain(value)
    text = pformat(value, width=WIDTH - indent - end, compact=True)
    return text.replace("\n", "\n" + " " * indent)


def _plain(values: NDArray[Any] | np.generic) -> Any:  # noqa: ANN401 - a number, or lists of lists of them
    """Return numbers as Python has them, the shortest decimals that read back to the same float."""
    if isinstance(values, np.ndarray) and values.ndim:
        return [_plain(row) for row in values]
    return values.item() if values.dtype.kind in "biu" else float(str(values))
