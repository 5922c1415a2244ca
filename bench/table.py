"""The table: what was measured, against what target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HEAD = ("what", "measured", "at most", "met")
START, END = "<!-- table -->", "<!-- /table -->"


@dataclass(frozen=True)
class Row:
    """One figure and the most that it may be, if there is such a target; ``more`` says what it is made of."""

    what: str
    measured: float
    most: float | None = None
    unit: str = ""
    more: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as it is read."""
        measured = self._said(self.measured) + (f" ({self.more})" if self.more else "")
        if self.most is None:
            return self.what, measured, "–", "–"
        return self.what, measured, self._said(self.most), "yes" if self.measured <= self.most else "NO"

    def _said(self, value: float) -> str:
        return (f"{value:.3g}" if value < 1000 else f"{value:.0f}") + (f" {self.unit}" if self.unit else "")


def printed(rows: Sequence[Row]) -> str:
    """Return the table for a terminal."""
    table = [HEAD, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table)
    return "\n".join(line.rstrip() for line in lines)


def written(rows: Sequence[Row], machine: str) -> str:
    """Return the table in Markdown, under a line that says where it was measured."""
    table = [HEAD, ("---",) * len(HEAD), *(row.cells for row in rows)]
    return "\n".join([machine + ".", "", *("| " + " | ".join(row) + " |" for row in table)])


def write(file: Path, table: str) -> None:
    """Put a table in the place of the one between the two markers of a file."""
    before, start, rest = file.read_text(encoding="utf-8").partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"{file} has no {START} … {END}.")
    file.write_text(f"{before}{START}\n{table}\n{END}{after}", encoding="utf-8")
