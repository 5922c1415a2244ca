"""A session to take along: cells of words and code that rebuild it with plain PyTorch and NumPy.

The cells are built once; the script and the notebook are two writings of them. Nothing in them but what the session
shows: no names, no times, nothing of the server.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from app.views.export import classifier, network, neuron, training, walked
from app.views.export.cells import Cell, code, words
from app.views.export.record import Record, record

PARTS: dict[str, Callable[[Record], list[Cell]]] = {
    "network": network.part,
    "neuron": neuron.part,
    "classifier": classifier.part,
    "convolution": walked.convolution,
    "pooling": walked.pooling,  # after the convolution, whose maps it may pool
    "activation": walked.activation,
    "training": training.part,
}
"""What each lab adds, in the order of an export; nothing where a lab has nothing to tell. The network always has."""

IMPORTS = {
    r"\b(inf|nan)\b": "from math import inf, nan",
    r"\bnp\.": "import numpy as np",
    r"\btorch\b": "import torch",
    r"\bF\.": "import torch.nn.functional as F",
    r"\bnn\.": "import torch.nn as nn",
    r"\boptim\.": "import torch.optim as optim",
}
"""What the code needs, by what it says."""

SAME = """\
def same(found, page, tolerance=1e-5):
    page = torch.tensor(page, dtype=found.dtype)
    torch.testing.assert_close(found, page, rtol=tolerance, atol=tolerance, equal_nan=True)"""


def cells(kept: Record) -> list[Cell]:
    """Return the cells of an export. It takes the steps of the session once more: 100,000 take seconds."""
    parts = [cell for part in PARTS.values() for cell in part(kept)]
    said = "\n".join(cell.source for cell in (code(SAME), *parts) if cell.kind == "code")
    imports = [line for sign, line in IMPORTS.items() if re.search(sign, said)]
    return [
        words(
            "# Five by Five: a session in plain PyTorch",
            "What was done on the page, in its order; what was undone is left out.",
            "The numbers that come out are held against those that the page showed: 1e-5 in float32, 1e-9 in float64.",
        ),
        code(*imports, "", "torch.set_num_threads(1)  # tensors as small as these are quickest without help"),
        code(SAME),
        *parts,
        code("print('All numbers are those of the page.')"),
    ]


def script(found: list[Cell]) -> str:
    """Return the cells as a Python script; words become comments."""
    text = ""
    last: Cell | None = None
    for cell in found:
        block = _commented(cell.source) if cell.kind == "markdown" else cell.source
        if last:
            defines = any(re.search(r"^(def|class) ", near.source, re.MULTILINE) for near in (cell, last))
            text += "\n" if last.kind == "markdown" else "\n\n\n" if defines or cell.kind == "markdown" else "\n\n"
        text, last = text + block, cell
    return text + "\n"


def _commented(text: str) -> str:
    """Return words as comments; a heading of a part is a line across."""
    return "\n".join(
        f"# --- {line.removeprefix('## ')} ".ljust(100, "-")
        if line.startswith("## ")
        else f"# {line.removeprefix('# ')}"
        for line in text.splitlines()
    )


def notebook(found: list[Cell]) -> str:
    """Return the cells as a Jupyter notebook: JSON in the notebook format 4.5, no cell executed."""
    python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {
        "cells": [_noted(cell, place) for place, cell in enumerate(found)],
        "metadata": {"kernelspec": python, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _noted(cell: Cell, place: int) -> dict[str, Any]:
    noted: dict[str, Any] = {"cell_type": cell.kind, "id": f"cell-{place}", "metadata": {}}
    if cell.kind == "code":
        noted |= {"execution_count": None, "outputs": []}
    return noted | {"source": cell.source.splitlines(keepends=True)}


__all__ = ["PARTS", "cells", "notebook", "record", "script"]
