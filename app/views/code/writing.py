"""How code is put down: its lines, which of them are lit, and numbers as Python, NumPy and PyTorch write them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.playground.writing import plain

DECIMALS = 3  # of a comment
WHOLE = 1e6
"""Whole numbers below it are written without a point."""


@dataclass(frozen=True, slots=True)
class Code:
    """Lines of Python, and the indices of those that are lit."""

    lines: tuple[str, ...]
    lit: tuple[int, ...]


NONE = Code((), ())
"""There is nothing to show, or it would tell what a prediction hides."""

Line = tuple[str, str]
"""What a line is about ("" for what is given), and its text."""


def written(lines: Iterable[Line], now: str, told: str = "") -> Code:
    """Return the code of these lines; lit are those that are about what happens now, the last of which tells more."""
    found = tuple(lines)
    lit = tuple(at for at, (about, _) in enumerate(found) if about == now)
    texts = [text for _, text in found]
    if told and lit:
        texts[lit[-1]] += f"  # {told}"
    return Code(tuple(texts), lit)


def given(*texts: str) -> list[Line]:
    """Return lines that say what is given."""
    return [("", text) for text in texts]


def says(text: str, value: float | None, name: str = "") -> str:
    """Return a line with what it comes to as a comment; without one where that is still to come (None)."""
    return text if value is None else f"{text}  # {f'{name} = ' if name else ''}{plain(value, DECIMALS)}"


def number(value: float | np.floating[Any]) -> str:
    """Return a number as Python writes it: float32 in as few digits as read back to it, whole ones bare."""
    size = abs(float(value))
    if not math.isfinite(size):
        return f'float("{float(value):g}")'
    if size < WHOLE and size == int(size):
        return str(int(value))
    return str(value)  # NumPy's scalars too


def numbers(values: NDArray[Any]) -> str:
    """Return an array as nested lists."""
    if values.ndim == 0:
        return number(values.item())
    if values.ndim == 1:
        # Float32 keeps its own type, for its few digits.
        return f"[{', '.join(map(number, values if values.dtype == np.float32 else values.tolist()))}]"
    return f"[{', '.join(map(numbers, values))}]"


def array(values: NDArray[Any]) -> str:
    """Return a NumPy array as Python makes it."""
    dtype = ", np.float32" if values.dtype == np.float32 else ", float"
    return f"np.array({numbers(values)}{dtype})"


def tensor(values: NDArray[Any], grad: bool = False) -> str:
    """Return a tensor as PyTorch makes it, with the precision of the page."""
    dtype = "" if values.dtype == np.float32 and _pointed(values) else f", dtype=torch.{values.dtype}"
    return f"torch.tensor({numbers(values)}{dtype}{', requires_grad=True' if grad else ''})"


def _pointed(values: NDArray[Any]) -> bool:
    """Return whether a number in it is written with a point, so that PyTorch makes float32 of it."""
    return "." in numbers(values)
