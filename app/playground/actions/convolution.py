"""The Convolution lab: settings, kernels, image."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from app.nn.network import FILTERS
from app.nn.windows import DoesNotFit
from app.playground.actions.base import Change, Outcome
from app.playground.actions.fields import Number, Seed, as_pair, cell, filled, given, in_forms, pair_of, sent, settled
from app.playground.convolution import (
    IMAGES,
    MOST_BITS,
    MOST_DILATION,
    MOST_FILTERS,
    MOST_KERNEL,
    MOST_PADDING,
    MOST_SIDE,
    MOST_STRIDE,
    PRESETS,
    RANDOM,
    Convolution,
    Image,
    drawn,
    image_of,
    quarters,
)
from app.playground.errors import Invalid, OutOfRange
from app.playground.state import Table

FilterNumber = Annotated[int, Field(ge=0, lt=MOST_FILTERS)]
Side = Annotated[int, Field(ge=1, le=MOST_SIDE)]
Bits = Annotated[int, Field(ge=1, le=MOST_BITS)]
Value = Annotated[int, Field(ge=0, lt=2**MOST_BITS)]


def _put(table: Table, lab: Convolution, field: str | None) -> Outcome:
    """Return the table with this lab on it; refuse what does not fit."""
    image = lab.seen(table.digit)
    try:
        lab.window.output_size(image.rows, image.columns)
    except DoesNotFit as problem:
        raise OutOfRange(problem.sentence, field) from None
    return Outcome(replace(table, convolution=lab))


class Settings(Change):
    """Change how the window walks; what is not named stays."""

    name: ClassVar[str] = "convolution-settings"
    lab: ClassVar[str] = "convolution"
    summary: ClassVar[str] = (
        "Kernel size, stride, padding, dilation ([rows, columns] or one number), filters, bias, flip."
    )
    kernel_size: pair_of(1, MOST_KERNEL) | None = None  # type: ignore[valid-type]
    stride: pair_of(1, MOST_STRIDE) | None = None  # type: ignore[valid-type]
    padding: pair_of(0, MOST_PADDING) | None = None  # type: ignore[valid-type]
    dilation: pair_of(1, MOST_DILATION) | None = None  # type: ignore[valid-type]
    filters: Annotated[int, Field(ge=1, le=MOST_FILTERS)] | None = None
    bias: bool | None = None
    flipped: bool | None = None
    linked: bool | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table with these settings."""
        lab = table.convolution
        if self.kernel_size is not None and as_pair(self.kernel_size) != lab.window.kernel_size:
            lab = lab.resized(as_pair(self.kernel_size))
        walked = settled(self, "stride", "padding", "dilation")
        lab = replace(lab, window=replace(lab.window, **walked))
        if self.filters is not None:
            lab = lab.counted(self.filters)
        switches = {"biased": self.bias, "flipped": self.flipped, "linked": self.linked}
        lab = replace(lab, **given(switches))
        return _put(table, lab, next(iter(sent(self)), None))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return ", ".join(sent(self)).replace("_", " ") + ", convolution"


Preset = Literal["identity", "edges", "blur", "sharpen", "corner", "lab"]
Kernel_ = Annotated[list[Number], Field(min_length=1, max_length=MOST_KERNEL)]
Rows = Annotated[list[Kernel_], Field(min_length=1, max_length=MOST_KERNEL)]


WAYS = ("value", "bias", "preset", "seed", "network", "nice", "weight")
"""How a kernel is changed, one way at a time."""


class Kernel(Change):
    """Change the kernels: one weight, one bias, a preset, random ones, the network's own, or all at once."""

    name: ClassVar[str] = "convolution-kernel"
    lab: ClassVar[str] = "convolution"
    summary: ClassVar[str] = (
        "One of: row, column and value; bias (a number); preset; seed (all kernels random); "
        "network: true (its own kernels); nice: true (round to quarters); weight (all of them)."
    )
    filter: FilterNumber = 0
    row: Annotated[int, Field(ge=0, lt=MOST_KERNEL)] | None = None
    column: Annotated[int, Field(ge=0, lt=MOST_KERNEL)] | None = None
    value: Number | None = None
    bias: Number | None = None
    preset: Preset | None = None
    seed: Seed | None = None
    network: bool = False
    nice: bool = False
    weight: Annotated[list[Rows], Field(min_length=1, max_length=MOST_FILTERS)] | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table with these kernels."""
        lab = table.convolution
        ways = [name for name in sent(self) if name in WAYS]
        if len(ways) != 1:
            raise Invalid("A kernel is changed in one way at a time.", ways[1] if ways else "value", list(WAYS))
        if self.filter >= lab.filters:
            raise OutOfRange(f"There is no filter {self.filter}.", "filter", {"minimum": 0, "maximum": lab.filters - 1})
        return _put(table, self._changed(table, lab), ways[0])

    def _changed(self, table: Table, lab: Convolution) -> Convolution:
        if self.network:
            own = table.network.parameters
            bias, weight = own["conv.bias"].astype(np.float64), own["conv.weight"][:, 0].astype(np.float64)
            if not (np.isfinite(bias).all() and np.isfinite(weight).all()):
                raise OutOfRange("The network's kernels are no numbers any more: undo there, or reset.", "network")
            lab = replace(lab, bias=tuple(bias.tolist()), biased=True)
            return lab.with_weights(weight, ("network",) * FILTERS)
        if self.seed is not None:
            return _random(lab, self.seed)
        if self.nice:
            rounded = replace(lab, bias=tuple(quarters(np.array(lab.bias)).tolist()))
            return rounded.with_weights(quarters(lab.array))
        if self.weight is not None:
            return _all_typed(lab, self.weight)
        if self.preset is not None:
            return _preset(lab, self.filter, self.preset)
        if self.bias is not None:
            return replace(lab, bias=(*lab.bias[: self.filter], self.bias, *lab.bias[self.filter + 1 :]))
        return self._one_typed(lab)

    def _one_typed(self, lab: Convolution) -> Convolution:
        weight = lab.array
        weight[self.filter, *cell(self.row, self.column, lab.window.kernel_size, "a kernel")] = self.value
        return lab.with_weights(weight, _named(lab, self.filter, "typed"))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        what = self.preset or ("random kernels" if self.seed is not None else "kernel")
        return f"{what}, convolution"


def _random(lab: Convolution, seed: int) -> Convolution:
    weight, bias = drawn(seed)
    tall, wide = lab.window.kernel_size
    lab = replace(lab, seed=seed, bias=tuple(bias[: lab.filters].tolist()))
    return lab.with_weights(weight[: lab.filters, :tall, :wide], (RANDOM,) * lab.filters)


def _all_typed(lab: Convolution, kernels: list[list[list[float]]]) -> Convolution:
    if len({(len(rows), len(row)) for rows in kernels for row in rows}) > 1:
        raise Invalid("All kernels are to have the same rows and columns.", "weight")
    return lab.counted(len(kernels)).with_weights(np.array(kernels, np.float64), ("typed",) * len(kernels))


def _preset(lab: Convolution, chosen: int, name: str) -> Convolution:
    rows = np.array(PRESETS[name].rows, np.float64)
    lab = lab.resized((rows.shape[0], rows.shape[1]))
    weight = lab.array
    weight[chosen] = rows
    return lab.with_weights(weight, _named(lab, chosen, name))


def _named(lab: Convolution, chosen: int, name: str) -> tuple[str, ...]:
    return (*lab.names[:chosen], name, *lab.names[chosen + 1 :])


def _image(text: str) -> object:
    # Its rows are lines, its numbers stand apart or, of one digit each, together.
    lines = [line.replace(",", " ").split() for line in text.strip().splitlines()]
    if all(len(words) == 1 and len(words[0]) > 1 for words in lines):
        lines = [list(words[0]) for words in lines]
    return [[int(word) for word in words] for words in lines]


ImageRow = Annotated[list[Value], Field(min_length=1, max_length=MOST_SIDE)]


class ChangeImage(Change):
    """Change the image: one pixel, all of it, its size, its bits; or go back to the drawing."""

    name: ClassVar[str] = "convolution-image"
    lab: ClassVar[str] = "convolution"
    summary: ClassVar[str] = (
        "row, column and value (one pixel); pixels (rows of numbers); rows, columns (a new size); bits a pixel; "
        "ink (what a press puts); sample: digit (the drawing), lab (6×8, two bits), two (12×12)."
    )
    row: Annotated[int, Field(ge=0, lt=MOST_SIDE)] | None = None
    column: Annotated[int, Field(ge=0, lt=MOST_SIDE)] | None = None
    value: Value | None = None
    pixels: Annotated[
        Annotated[list[ImageRow], Field(min_length=1, max_length=MOST_SIDE)], in_forms(_image)
    ] | None = None  # fmt: skip
    rows: Side | None = None
    columns: Side | None = None
    bits: Bits | None = None
    ink: Value | None = None
    sample: Literal["digit", "lab", "two"] | None = None

    def apply(self, table: Table) -> Outcome:
        """Return the table with this image."""
        lab = table.convolution
        filled(self.row, self.column, self.value)
        if self.sample == "digit":
            return _put(table, replace(lab, image=None), "sample")
        image = IMAGES[self.sample] if self.sample else lab.seen(table.digit)
        if self.pixels is not None:
            if len({len(row) for row in self.pixels}) > 1:
                raise Invalid("All rows of an image have the same length.", "pixels")
            most = max(map(max, self.pixels))
            bits = self.bits or max(image.bits, most.bit_length())
            image = Image(
                len(self.pixels), len(self.pixels[0]), bits, tuple(chain.from_iterable(self.pixels)), image.ink
            )
        if self.rows or self.columns:
            image = _cut(image, self.rows or image.rows, self.columns or image.columns)
        if self.bits:
            image = replace(image, bits=self.bits)
        most = 2**image.bits - 1
        image = replace(image, pixels=tuple(min(most, pixel) for pixel in image.pixels), ink=min(most, image.ink))
        if self.ink is not None:
            image = replace(image, ink=_within(self.ink, most, "ink"))
        if self.value is not None:
            image = self._painted(image, _within(self.value, most, "value"))
        own = image == image_of(table.digit) and lab.image is None
        return _put(table, replace(lab, image=None if own else image), next(iter(sent(self)), None))

    def _painted(self, image: Image, value: int) -> Image:
        row, column = cell(self.row, self.column, (image.rows, image.columns), "an image")
        place = row * image.columns + column
        return replace(image, pixels=(*image.pixels[:place], value, *image.pixels[place + 1 :]))

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return "image, convolution" if self.value is None else f"pixel [{self.row}, {self.column}], convolution"


def _within(value: int, most: int, field: str) -> int:
    if value > most:
        raise OutOfRange(f"With these bits a pixel is at most {most}.", field, {"minimum": 0, "maximum": most})
    return value


def _cut(image: Image, rows: int, columns: int) -> Image:
    """Return the image in another size: cut at the lower right, or with paper there."""
    kept = [
        image.pixels[row * image.columns + column] if row < image.rows and column < image.columns else 0
        for row in range(rows)
        for column in range(columns)
    ]
    return replace(image, rows=rows, columns=columns, pixels=tuple(kept))
