"""What part of a plane a plot shows: round limits, ticks, and places in it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from app.views.curve import Tick, nice

MARGIN = 0.2  # of what is to be seen, on each side
TICKS = 5
BROAD = 4  # letters
STOPS = 5
"""Limits lie on fifths between ticks, so that they stay while what is to be seen moves a little."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an axis."""

    low: float
    high: float

    @property
    def size(self) -> float:
        """How long it is."""
        return self.high - self.low

    def share(self, value: float) -> float:
        """Return where a value lies, 0 at the low end and 100 at the high one."""
        return round(100 * (value - self.low) / self.size, 2)

    def holds(self, value: float) -> bool:
        """Return whether a value lies on it; nan does not."""
        return self.low <= value <= self.high

    def about(self, size: float) -> Span:
        """Return the stretch of at least this size with the same middle."""
        more = max(0.0, size - self.size) / 2
        return Span(self.low - more, self.high + more) if more else self

    @property
    def ticks(self) -> tuple[float, ...]:
        """Round values on it, a handful."""
        gap = nice(self.size / TICKS)
        first, last = math.ceil(self.low / gap - 1e-9), math.floor(self.high / gap + 1e-9)
        return tuple(gap * number for number in range(first, last + 1))


def span(values: Iterable[float]) -> Span:
    """Return a stretch with round ends that holds some values and a margin."""
    found = list(values)
    low, high = min(found), max(found)
    size = high - low
    if size <= 1e-9 * max(abs(low), abs(high)):
        size = max(1.0, abs(low)) if low == high else max(abs(low), abs(high))
    gap = nice(size / TICKS) / STOPS
    low, high = low - MARGIN * size, high + MARGIN * size
    return Span(gap * math.floor(low / gap + 1e-9), gap * math.ceil(high / gap - 1e-9))


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of a plane: a stretch across and one up."""

    across: Span
    up: Span

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of a point in percent, y downwards."""
        return self.across.share(x), round(100 - self.up.share(y), 2)

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point can be seen."""
        return self.across.holds(x) and self.up.holds(y)

    def line(self, w: float, b: float) -> tuple[float, float, float, float] | None:
        """Return the part of the line w·x + b that can be seen as two places (x, y, x, y); None where none can."""
        if not (math.isfinite(w) and math.isfinite(b)) or (w == 0 and not self.up.holds(b)):
            return None
        ends = []
        for x in (self.across.low, self.across.high):
            y = min(max(w * x + b, self.up.low), self.up.high)
            # Where the line leaves by the upper or lower side, its end lies where it crosses that side.
            ends.append((x if w == 0 or y == w * x + b else (y - b) / w, y))
        (x1, y1), (x2, y2) = ends
        if x1 >= x2:  # both ends lie beyond the same side
            return None
        return (*self.at(x1, y1), *self.at(x2, y2))

    @property
    def x_ticks(self) -> tuple[Tick, ...]:
        """The ticks across."""
        return tuple(Tick(self.across.share(value), label(value)) for value in self.across.ticks)

    @property
    def y_ticks(self) -> tuple[Tick, ...]:
        """The ticks upwards; their places count downwards."""
        return tuple(Tick(round(100 - self.up.share(value), 2), label(value)) for value in self.up.ticks)


def broad(*ticks: Tick) -> bool:
    """Return whether what ticks say takes more room than usual."""
    return any(len(tick.text) > BROAD for tick in ticks)


def label(value: float) -> str:
    """Return what a tick says: 0.5, −2, 2.5e4."""
    size = abs(value)
    shown = f"{size:.4g}" if 1e-3 <= size < 10_000 or size == 0 else f"{size:.1e}".replace(".0e", "e")
    short = shown.replace("e+0", "e").replace("e+", "e").replace("e-0", "e−")
    return f"−{short}" if value < 0 and size else short
