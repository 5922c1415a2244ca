"""The Convolution lab: the panels of its page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from app.nn.convolution import products
from app.nn.digits import CLASSES
from app.nn.windows import COLUMNS, ROWS, Array, Pair, unfold, unread
from app.playground.actions.convolution import ChangeImage, Kernel, Settings
from app.playground.convolution import (
    MOST_DILATION,
    MOST_FILTERS,
    MOST_KERNEL,
    MOST_PADDING,
    MOST_STRIDE,
    PRESETS,
    RANDOM,
    Convolution,
    Image,
    Worked,
    linear,
    worked,
)
from app.playground.stepper import PRODUCTS, RESULT, Stepper
from app.playground.writing import as_printed, plain
from app.views.grids import levels
from app.views.moment import Moment
from app.views.panels import Choice, Panel, Piece, Say, Sentence
from app.views.sentences import say, strong
from app.views.settings import OnOff, Setting, SettingsPanel, walk_settings
from app.views.stepping import bar, beats, prediction, track, watch_or_predict
from app.views.walks import PADDING, UNREAD, Cells, Place, Taken, Thumbnail, cells, frame, output, place
from app.views.worksheet import Sum, size_formula, worked_sum

LAB = "convolution"
NUMBERS = 7
"""Up to so many rows and columns the cells of an image have room for numbers."""
ROOM = 12
"""Up to so many, those in the window have."""


@dataclass(frozen=True, slots=True)
class ImagePanel(Panel):
    """The padded image. ``drawn``: it is the drawing, and a press paints; else a press puts ``ink``, or paper."""

    name: ClassVar[str] = "image"
    padding: Pair
    cells: Cells
    bits: int
    drawn: bool
    ink: int
    unread: bool


@dataclass(frozen=True, slots=True)
class KernelPanel(Panel):
    """The chosen filter's weights as they lie on the image, and its bias; each can be typed over."""

    name: ClassVar[str] = "kernel"
    filter: int
    title: str
    cells: Cells
    flipped: bool
    bias: float | None


@dataclass(frozen=True, slots=True)
class Products(Panel):
    """Pixel × weight, tap by tap; masked until their beat."""

    name: ClassVar[str] = "products"
    cells: Cells
    turn: int


@dataclass(frozen=True, slots=True)
class Flip(Panel):
    """That this is a cross-correlation, and the way to the other."""

    name: ClassVar[str] = "flip"
    flipped: bool


@dataclass(frozen=True, slots=True)
class Named(Panel):
    """Which kernel it is, in a sentence."""

    name: ClassVar[str] = "named"
    inside: ClassVar[str] = "aside"
    sentence: str


@dataclass(frozen=True, slots=True)
class Aside(Panel):
    """Which kernel it is, which others are at hand, and what the layer costs. Away while predictions are asked for.

    The filter that a preset is for is the kernel's: its panel says so.
    """

    name: ClassVar[str] = "aside"
    named: Named = field(compare=False)
    presets: tuple[Choice, ...]
    seed: int
    weights: int
    parameters: int
    outputs: int
    fully: int
    onwards: int  # parameters from the outputs to ten classes

    @property
    def holds(self) -> tuple[Panel, ...]:
        """What differs from filter to filter."""
        return (self.named,)


@dataclass(frozen=True, slots=True)
class MoreImage(Panel):
    """The image's samples, size and bits; the settings of the lab."""

    name: ClassVar[str] = "image-more"
    rows: int
    columns: int
    bits: int
    ink: int
    drawn: bool
    linked: bool
    text: str


def panels(moment: Moment) -> tuple[Panel, ...]:
    """Return every panel of the Convolution lab at a moment."""
    table, lab = moment.table, moment.table.convolution
    image = lab.seen(table.digit)
    done = worked(lab, table.digit)
    filters, rows, columns = done.output.shape
    positions = done.output.size
    stepper = moment.state.view.convolution.on(positions)
    here = place(stepper.index, (rows, columns), lab.window)
    return (
        _image(lab, image),
        _frame(lab, image, here, done),
        *_terms(lab, image, done, stepper, here),
        size_formula(lab.window.formula(image.rows, ROWS), lab.window.formula(image.columns, COLUMNS)),
        Flip(lab.flipped),
        _settings(lab, image),
        *_output(done, stepper, here),
        *(_thumbnail(number, done.output, stepper, here) for number in range(MOST_FILTERS)),
        beats(stepper, ("products appear", "products"), ("they add up", "sum")),
        watch_or_predict(LAB, stepper),
        Say(
            _sentence(moment, lab, done, stepper, here),
            moment.action is None and not moment.arrived and not stepper.done,
        ),
        track(LAB, "position", stepper, positions, filters),
        bar(LAB, stepper, positions, moment),
        prediction(LAB, stepper, done.output.ravel()[stepper.index].item()),
        _aside(lab, image, here.map, done.output.size),
        MoreImage(
            image.rows,
            image.columns,
            image.bits,
            image.ink,
            lab.image is None,
            lab.linked,
            "\n".join(" ".join(map(str, row)) for row in image.array.astype(int).tolist()),
        ),
    )


def _padded(lab: Convolution, image: Image) -> tuple[Array, NDArray[np.uint8]]:
    """Return the padded image and what each of its cells is."""
    never = np.frombuffer(unread(image.rows, image.columns, lab.window), np.uint8).reshape(image.array.shape)
    (down, across), (rows, columns) = lab.window.padding, image.array.shape
    inside = np.s_[down : down + rows, across : across + columns]
    kinds = np.full((rows + 2 * down, columns + 2 * across), PADDING, np.uint8)  # np.pad takes ten times as long
    kinds[inside] = never * UNREAD
    padded = np.zeros(kinds.shape, image.array.dtype)
    padded[inside] = image.array
    return padded, kinds


def _image(lab: Convolution, image: Image) -> ImagePanel:
    padded, kinds = _padded(lab, image)
    return ImagePanel(
        padding=lab.window.padding,
        cells=cells("convolution:image", padded, kinds=kinds, most=2**image.bits - 1),
        bits=image.bits,
        drawn=lab.image is None,
        ink=image.ink,
        unread=bool((kinds & UNREAD).any()),
    )


def _frame(lab: Convolution, image: Image, here: Place, done: Worked) -> Panel:
    rows, columns = (side + 2 * pad for side, pad in zip((image.rows, image.columns), lab.window.padding, strict=True))
    texts: list[tuple[str, bool]] = []
    if NUMBERS < max(rows, columns) <= ROOM:
        most = 2**image.bits - 1
        texts = [(plain(value), value > most / 2) for value in done.read[:, here.position].tolist()]
    return frame(here, rows, columns, texts)


def _terms(lab: Convolution, image: Image, done: Worked, stepper: Stepper, here: Place) -> tuple[Panel, ...]:
    size, turn = lab.window.kernel_size, here.index % 2
    taken = done.read[:, here.position]
    outside = unfold(image.rows, image.columns, lab.window)[:, here.position] >= image.rows * image.columns
    weight = done.kernels.weight[here.map].reshape(size)
    factors = products(done.read, done.kernels, here.map, here.position).reshape(size) + 0.0
    seen = stepper.beat >= PRODUCTS and not stepper.hidden
    bias = done.kernels.bias[here.map].item() if lab.biased else None
    name = PRESETS[lab.names[here.map]].sentence.partition(":")[0].lower() if lab.names[here.map] in PRESETS else ""
    title = f"kernel{f' {here.map}' if lab.filters > 1 else ''}{f': {name}' if name and name[:3] != 'the' else ''}"
    return (
        Taken(
            cells(
                f"{LAB}:window",
                taken.reshape(size),
                kinds=np.where(outside, PADDING, 0).astype(np.uint8),
                most=2**image.bits - 1,
            )
        ),
        KernelPanel(here.map, title, cells(f"{LAB}:weight", weight, prefix=(here.map, 0)), lab.flipped, bias),
        Products(cells(f"{LAB}:products", factors, None if seen else 0), turn),
        _sum(factors, bias, stepper, done.output.ravel()[here.index].item(), here, turn, seen),
    )


def _sum(factors: Array, bias: float | None, stepper: Stepper, value: float, here: Place, turn: int, seen: bool) -> Sum:
    # The sum is that of the products; with the bias it is the output cell.
    address = f"{LAB}:sum" if bias is None else _address(here)
    if stepper.hidden:
        return Sum(("multiply,", "add up:"), "?", "", "", turn)
    if not seen:
        return Sum(("multiply,", "then add up"), "", "", "", turn)
    terms, printed = worked_sum(factors.ravel().tolist(), factors.sum(axis=1).tolist(), bias)
    if stepper.beat < RESULT:
        return Sum(terms or NOTHING, "", "", "", turn)
    remark = "rounded" if abs(printed - as_printed(value)) > 1e-9 else ""
    return Sum(terms or NOTHING, plain(value), address, remark, turn)


NOTHING = ("every product is 0:",)


def _address(here: Place) -> str:
    return f"{LAB}:output[{here.map},{here.row},{here.column}]"


def _output(done: Worked, stepper: Stepper, here: Place) -> tuple[Panel, ...]:
    filters, rows, columns = done.output.shape
    seen = here.position + (stepper.beat == RESULT)
    return output(
        LAB,
        f"Feature map {here.map}" if filters > 1 else "Feature map",
        f"[{filters}, {rows}, {columns}]",
        cells(f"{LAB}:output", done.output[here.map], seen, prefix=(here.map,)),
        here,
        stepper.hidden,
    )


def _thumbnail(number: int, output: Array, stepper: Stepper, here: Place) -> Thumbnail:
    filters, rows, columns = output.shape
    first = number * rows * columns
    if filters == 1 or number >= filters:
        return Thumbnail("map", number, LAB, "none", (0, 0), (), 0)
    if number == here.map:
        return Thumbnail("map", number, LAB, "now", (rows, columns), (), first)
    if number > here.map:
        return Thumbnail("map", number, LAB, "to come", (rows, columns), (), first)
    shown = tuple(levels(output[number].astype(np.float32).ravel()))
    return Thumbnail("map", number, LAB, "done", (rows, columns), shown, first)


def _settings(lab: Convolution, image: Image) -> SettingsPanel:
    most = (MOST_KERNEL, MOST_STRIDE, MOST_PADDING, MOST_DILATION)
    walked, linked = walk_settings(
        lab.window, "kernel", most, lab.linked, lambda window: window.output_size(image.rows, image.columns)
    )
    count = lab.filters
    filters = Setting(
        "filters",
        "filters",
        "",
        str(count),
        str(count - 1) if count > 1 else None,
        str(count + 1) if count < MOST_FILTERS else None,
    )
    bias = OnOff("biased", "bias", "bias", lab.biased)
    return SettingsPanel(LAB, (*walked, filters), linked, (bias,))


def _aside(lab: Convolution, image: Image, chosen: int, outputs: int) -> Aside:
    pixels, taps = image.rows * image.columns, lab.window.taps
    return Aside(
        Named(_described(lab, lab.names[chosen])),
        presets=tuple(Choice(each, each) for each in PRESETS),
        seed=lab.seed,
        weights=lab.filters * taps,
        parameters=lab.filters * (taps + 1),
        outputs=outputs,
        fully=linear(pixels, outputs),
        onwards=linear(outputs, CLASSES),
    )


def _described(lab: Convolution, name: str) -> str:
    if name in PRESETS:
        return PRESETS[name].sentence
    if name == RANDOM:
        return f"Random: standard normal numbers, seed {lab.seed}."
    if name == "network":
        return "The network's own: what its kernels are at this step."
    return "Typed in by hand."


def _sentence(moment: Moment, lab: Convolution, done: Worked, stepper: Stepper, here: Place) -> Sentence:
    where = f"Filter {here.map}, {here.words}" if lab.filters > 1 else here.words.capitalize()
    of = " (padded)" if max(lab.window.padding) and lab.filters == 1 else ""
    if stepper.hidden:
        return say(strong(where), f"{of}. What does this window make?")
    if stepper.beat == RESULT:
        return _made(lab, done, here, where, of)
    if stepper.beat == PRODUCTS:
        return say(strong(where), f"{of}: each pixel times the weight that lies on it.")
    if stepper.index == 0:
        opening = _opening(moment, lab, here.words)
        if opening:
            return opening
    return say(strong(where), f"{of}: the window lands here.")


def _opening(moment: Moment, lab: Convolution, where: str) -> Sentence:
    match moment.action:
        case None if not moment.arrived:
            return say(strong("A small window slides over your drawing."), " Press Step: it multiplies and adds up.")
        case Settings() | ChangeImage():
            return say(strong("A new walk:"), f" {_walks(lab)}. Press Step.")
        case Kernel():
            return say(strong("A new kernel."), f" Press Step: it is laid on {where}.")
    return ()


def _walks(lab: Convolution) -> str:
    tall, wide = lab.window.kernel_size
    return f"{lab.filters} filter{'s' if lab.filters > 1 else ''} of {tall}×{wide}"


def _made(lab: Convolution, done: Worked, here: Place, where: str, of: str) -> Sentence:
    value = done.output.ravel()[here.index].item()
    lit = int((done.read[:, here.position] != 0).sum())
    made = Piece(plain(value, 3), strong=True, address=_address(here))
    pixels = f"{lit} lit pixel{'s' if lit != 1 else ''}"
    bias = " and the bias" if lab.biased else ""
    verb = "makes" if lit == 1 and not lab.biased else "make"
    if lit == 0:
        rest = " no lit pixel, so only the bias speaks: " if lab.biased else " no lit pixel, so it makes "
        return say(strong(where), f"{of}:{rest}", made, ".")
    return say(strong(where), f"{of}: {pixels}{bias} {verb} ", made, ".")
