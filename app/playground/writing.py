"""How a number is written, everywhere: what a cell shows, and whether a prediction equals it to the digits shown."""

from __future__ import annotations

import math


def text(value: float, decimals: int = 2) -> str:
    """Return a number as the page shows it: −0.42, exact zero as 0, 12.3, 4e3, ∞, nan."""
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return "nan" if value != value else ("∞" if value > 0 else "−∞")
    size = abs(value)
    if size < 9.995:
        shown = f"{size:.{decimals}f}"
    elif size < 99.95:
        shown = f"{size:.{max(1, decimals - 1)}f}"
    elif size < 999.5:
        shown = f"{size:.{max(0, decimals - 2)}f}"
    elif decimals > 2 and size < 999_999.5:
        shown = f"{size:.0f}"  # a sentence has room where a cell has not
    else:
        shown = f"{size:.0e}".replace("e+0", "e").replace("e+", "e")
    # A minus before what rounds to zero would claim a sign that the digits do not show.
    return f"−{shown}" if value < 0 and shown.strip("0.") else shown


def plain(value: float, decimals: int = 2) -> str:
    """Return a number as a worksheet shows it: a whole one bare (1, −2), any other as a cell does."""
    if value == int(value) and abs(value) < 1000 if math.isfinite(value) else False:
        return f"{value + 0.0:.0f}".replace("-", "−")  # + 0.0: no −0
    return text(value, decimals)


def exact(value: float) -> str:
    """Return a number with twelve digits, so that a small difference shows."""
    return f"{value:.12g}".replace("-", "−") if value else "0"


def as_printed(value: float) -> float:
    """Return a finite number as its digits on a worksheet say it."""
    return float(plain(value).replace("−", "-"))


def agrees(guess: float, value: float) -> bool:
    """Return whether a prediction equals a value to the digits shown."""
    zeros = {"0", "0.00"}
    said, shown = text(guess), text(value)
    return said == shown or (said in zeros and shown in zeros)
