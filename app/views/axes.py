"""One of two plots that stand one above the other on one x axis: a function, and its slope."""

from __future__ import annotations

from dataclasses import dataclass

from app.views.curve import Tick


@dataclass(frozen=True, slots=True)
class Axes:
    """A path in x and y from ``low`` to ``high``, ticks from 0 to 100 downwards, and numbers on it.

    ``dots`` are places; ``marker`` is the present height, None where there is none; ``other`` a second path.
    """

    path: str
    low: float
    high: float
    ticks: tuple[Tick, ...]
    dots: tuple[tuple[float, float], ...]
    marker: float | None
    other: str = ""
