"""The grids of a walk: where the window stands, what it reads, and the map that fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from app.nn.windows import Array, Pair, Window, corner
from app.views.panels import Panel

# What a cell is, one bit each.
PADDING = 1  # outside of the image
BEYOND = 2  # outside of the padding too, where only ceil_mode leads
UNREAD = 4  # no window ever reads it
LEADS = 8  # the largest of its window
TIES = 16  # as large as another: the one that leads came first, and the others later in reading order
HIDDEN = 32  # not to be told: its number is not there, a 0 stands in its place


@dataclass(frozen=True, slots=True)
class Cells:
    """A grid of float64 numbers, held as bytes, so that nan equals nan and the unseen is not there at all.

    ``data`` ends where the cells are still to come; ``kinds`` holds one byte a cell, or nothing. ``most`` is the
    darkest pixel of an image, 0 where the colours are those of signed numbers.
    """

    address: str
    shape: Pair
    data: bytes
    kinds: bytes = b""
    most: int = 0
    prefix: tuple[int, ...] = ()  # what stands before row and column in an address

    @property
    def values(self) -> list[float]:
        """The numbers that are to be seen, row by row."""
        values: list[float] = np.frombuffer(self.data).tolist()
        return values


def cells(
    address: str,
    values: Array,
    seen: int | None = None,
    kinds: NDArray[np.uint8] | None = None,
    most: int = 0,
    prefix: tuple[int, ...] = (),
) -> Cells:
    """Return the grid of an array of shape (rows, columns), of which the first ``seen`` numbers are to be seen."""
    rows, columns = values.shape
    data = np.ascontiguousarray(values, np.float64).ravel()[:seen].tobytes()
    return Cells(address, (rows, columns), data, b"" if kinds is None else kinds.tobytes(), most, prefix)


@dataclass(frozen=True, slots=True)
class Frame(Panel):
    """The window over the padded image: where it lies, in cells; ``taps`` are the cells that it reads.

    ``rows`` and ``columns`` count the cells of the whole grid. Where the cells are too small for numbers, each tap
    brings its own, and whether it stands on a dark one. ``turn`` is 0 and 1 in turn, so that motion begins anew at each
    position.
    """

    name: ClassVar[str] = "frame"
    rows: int
    columns: int
    top: int
    left: int
    high: int
    wide: int
    taps: tuple[tuple[int, int, str, bool], ...]
    read_rows: tuple[int, ...]
    read_columns: tuple[int, ...]
    turn: int


@dataclass(frozen=True, slots=True)
class Taken(Panel):
    """What the window reads."""

    name: ClassVar[str] = "window"
    cells: Cells


@dataclass(frozen=True, slots=True)
class OutputRow(Panel):
    """One row of a map that fills, so that a step sends no more of it than this.

    ``now`` is the column of the cell that is worked out, None in another row; ``signs``: the map is too large for
    numbers; ``first``: the position of the first cell.
    """

    name: ClassVar[str] = "output-row"
    inside: ClassVar[str] = "output"
    number: int
    cells: Cells
    now: int | None
    hidden: bool
    signs: bool
    first: int
    turn: int

    @property
    def key(self) -> str:
        """One panel a row."""
        return f"output-{self.number}"


@dataclass(frozen=True, slots=True)
class Edges(Panel):
    """At the edges of a map, the numbers of the present row and column, over those that stand there always."""

    name: ClassVar[str] = "edges"
    inside: ClassVar[str] = "output"
    shape: Pair
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class OutputTitle(Panel):
    """Which map it is; ``signs``: it is too large for numbers."""

    name: ClassVar[str] = "output-title"
    inside: ClassVar[str] = "output"
    title: str
    shape: str
    signs: bool


@dataclass(frozen=True, slots=True)
class Output(Panel):
    """The chosen map of what a lab makes. ``walk`` holds kernel_size, stride and dilation.

    What stands in it does not count when it is compared: title, edges and each row are panels of their own.
    """

    name: ClassVar[str] = "output"
    lab: str
    size: Pair
    walk: tuple[int, ...]
    title: OutputTitle = field(compare=False)
    rows: tuple[OutputRow, ...] = field(compare=False)
    edges: Edges = field(compare=False)


def output(
    lab: str, title: str, shape: str, grid: Cells, here: Place | None, hidden: bool = False
) -> tuple[Panel, ...]:
    """Return the panels of a map as far as the walk has come: the whole, its title and edges, and its rows.

    ``here`` is None where there is nothing to walk.
    """
    rows, columns = grid.shape
    values = len(grid.data) // BYTES
    first = here.map * rows * columns if here else 0
    parts = []
    for number in range(rows):
        start = number * columns
        stop = max(start, min(start + columns, values))
        now = here.column if here and here.row == number else None
        part = Cells(
            grid.address,
            (1, columns),
            grid.data[BYTES * start : BYTES * stop],
            grid.kinds[start : start + columns],
            grid.most,
            (*grid.prefix, number),
        )
        turn = here.index % 2 if here and now is not None else 0
        parts.append(
            OutputRow(number, part, now, hidden and now is not None, max(rows, columns) > NUMBERS, first + start, turn)
        )
    edges = Edges(grid.shape, here.row if here else 0, here.column if here else 0)
    walk = here.window.kernel_size + here.window.stride + here.window.dilation if here else (1,) * 6
    head = OutputTitle(title, shape, max(grid.shape) > NUMBERS)
    return Output(lab, grid.shape, walk, head, tuple(parts), edges), head, edges, *parts


NUMBERS = 6
"""Up to so many rows and columns a map shows its numbers; a larger one shows their signs."""
BYTES = 8  # of a number


@dataclass(frozen=True, slots=True)
class Thumbnail(Panel):
    """A whole map, small: one filter, or one channel.

    ``levels`` are the colours of the cells that are to be seen, row by row; None for one among them that is not.
    """

    name: ClassVar[str] = "thumbnail"
    side: str
    number: int
    lab: str
    state: Literal["none", "done", "now", "to come"]
    shape: Pair
    levels: tuple[int | None, ...]
    first: int  # the position at which it begins

    @property
    def key(self) -> str:
        """One panel a map."""
        return f"{self.side}-{self.number}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stepper of windows stands: map, row and column of the output, and the window over the padded image."""

    index: int
    map: int
    position: int  # the output cell within its map, in reading order
    row: int
    column: int
    top: int
    left: int
    window: Window
    positions: int  # on one map

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows of the padded image that it reads."""
        return tuple(self.top + self.window.dilation[0] * tap for tap in range(self.window.kernel_size[0]))

    @property
    def columns(self) -> tuple[int, ...]:
        """The columns of the padded image that it reads."""
        return tuple(self.left + self.window.dilation[1] * tap for tap in range(self.window.kernel_size[1]))

    @property
    def words(self) -> str:
        """Rows and columns as the code writes them: "rows 0:2, columns 2:4"."""
        return f"rows {_slice(self.rows)}, columns {_slice(self.columns)}"


def _slice(places: Sequence[int]) -> str:
    step = places[1] - places[0] if len(places) > 1 else 1
    return f"{places[0]}:{places[-1] + 1}" + (f":{step}" if step > 1 else "")


def place(index: int, size: Pair, window: Window) -> Place:
    """Return where the window stands at a position; ``size`` is that of one output map."""
    within = index % (size[0] * size[1])
    row, column = divmod(within, size[1])
    top, left = corner(within, window, size[1])
    top, left = top + window.padding[0], left + window.padding[1]
    positions = size[0] * size[1]
    return Place(index, index // positions, within, row, column, top, left, window, positions)


def frame(here: Place, rows: int, columns: int, texts: Sequence[tuple[str, bool]]) -> Frame:
    """Return the window over a grid of so many cells.

    ``texts`` are the numbers of its taps, if they are to be seen, and whether they stand on a dark cell.
    """
    taps: tuple[tuple[int, int, str, bool], ...] = ()
    if texts or here.window.dilation != (1, 1):
        spots = [(row, column) for row in here.rows for column in here.columns]
        taps = tuple((*spot, *text) for spot, text in zip(spots, texts or [("", False)] * len(spots), strict=True))
    high, wide = here.window.span
    return Frame(rows, columns, here.top, here.left, high, wide, taps, here.rows, here.columns, here.index % 2)
