"""The Pooling lab: the panels of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from app.nn.pooling import Kind, check
from app.nn.windows import COLUMNS, ROWS, Array, DoesNotFit, Pair, Window, unfold
from app.playground.actions.pooling import ChangeMap, Settings
from app.playground.convolution import MOST_FILTERS
from app.playground.pooling import MOST_DILATION, MOST_KERNEL, MOST_PADDING, MOST_STRIDE, Pooling, Worked, pooled
from app.playground.stepper import PRODUCTS, RESULT, Stepper
from app.playground.told import known, readable
from app.playground.writing import plain, text
from app.views.grids import levels
from app.views.moment import Moment
from app.views.panels import Panel, Piece, Say, Sentence
from app.views.sentences import say, strong
from app.views.settings import SettingsPanel, walk_settings
from app.views.stepping import Prediction, bar, beats, prediction, track, watch_or_predict
from app.views.walks import (
    BEYOND,
    HIDDEN,
    LEADS,
    PADDING,
    TIES,
    Cells,
    Frame,
    Place,
    Taken,
    Thumbnail,
    cells,
    frame,
    output,
    place,
)
from app.views.worksheet import size_formula

LAB = "pooling"
LINE = 9
"""Up to so many taps run their race in one line; more of them in the shape of the window."""
FIELDS = 6
"""Up to so many rows and columns a typed map can be changed number by number."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Source(Panel):
    """The padded map that is pooled."""

    name: ClassVar[str] = "source"
    title: str
    shape: str
    padded: str
    beyond: bool  # ceil_mode leads a window beyond the padding
    padding: Pair
    cells: Cells


@dataclass(frozen=True, slots=True)
class Race(Panel):
    """What the window reads, in reading order, and under it the largest, or the sum, so far.

    ``leaders`` says which tap is the largest so far, at each; it is empty for the average. ``line``: all of it finds
    room in one line.
    """

    name: ClassVar[str] = "race"
    word: str
    read: Cells
    running: Cells
    leaders: tuple[int, ...]
    line: bool
    turn: int


@dataclass(frozen=True, slots=True)
class Statement(Panel):
    """What the comparison says, or the division, and why."""

    name: ClassVar[str] = "statement"
    big: Sentence
    words: str
    turn: int


@dataclass(frozen=True, slots=True)
class PoolSwitches(Panel):
    """Maximum or average, ceil_mode, ReLU first."""

    name: ClassVar[str] = "pool-switches"
    kind: Kind
    ceil_mode: bool
    rectified: bool


@dataclass(frozen=True, slots=True)
class PoolAside(Panel):
    """What is pooled: feature maps, or typed numbers with their fields. Away while predictions are asked for.

    ``typed`` is empty where the feature maps are pooled, and where there is no room for fields.
    """

    name: ClassVar[str] = "pool-aside"
    source: str  # "convolution" or "typed"
    shape: tuple[int, int, int]
    typed: tuple[tuple[float, ...], ...]
    outputs: int

    @property
    def key(self) -> str:
        """It stands where each lab has its aside."""
        return "aside"


@dataclass(frozen=True, slots=True)
class MorePool(Panel):
    """A whole map as text; the settings of the lab."""

    name: ClassVar[str] = "pool-more"
    linked: bool
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the panels of a walk are made of.

    The Convolution lab may be hiding some cells of the maps for a prediction: ``readable`` says which numbers that the
    windows read may be told, ``certain`` which of those that they make.
    """

    lab: Pooling
    done: Worked
    stepper: Stepper
    here: Place
    readable: Mask  # (channels, taps, positions)
    certain: Mask  # (channels, rows, columns) of the output

    @property
    def values(self) -> Array:
        """What the window reads, tap by tap."""
        taken: Array = self.done.read[self.here.map, :, self.here.position] + 0.0
        return taken

    @property
    def value(self) -> float:
        """What it makes."""
        return float(self.done.output.ravel()[self.here.index])

    @property
    def veiled(self) -> bool:
        """Whether the window reads a number that may not be told."""
        return not bool(self.certain.ravel()[self.here.index])

    @property
    def compared(self) -> bool:
        """Whether the comparison, or the sum, is to be seen."""
        return self.stepper.beat >= PRODUCTS and not self.stepper.hidden and not self.veiled

    @property
    def winner(self) -> int:
        """The tap that wins: the first of the largest in reading order."""
        assert self.done.largest is not None
        return int(self.done.largest[self.here.map, :, self.here.position].argmax())


def panels(moment: Moment) -> tuple[Panel, ...]:
    """Return every panel of the Pooling lab at a moment."""
    table, lab = moment.table, moment.table.pooling
    maps, told = lab.maps(table.convolution, table.digit), known(moment.state)
    _, rows, columns = maps.shape
    walk = lab.window
    always: tuple[Panel, ...] = (
        size_formula(walk.formula(rows, ROWS), walk.formula(columns, COLUMNS)),
        _settings(lab, rows, columns),
        PoolSwitches(lab.kind, walk.ceil_mode, lab.rectified),
        MorePool(lab.linked, "\n".join(" ".join(map(_exact, row)) for row in np.where(told[0], maps[0], 0).tolist())),
    )
    try:
        done = pooled(lab, table.convolution, table.digit)
    except DoesNotFit as problem:
        return always + _stuck(moment, maps, told, problem.sentence)
    stepper = moment.state.view.pooling.on(done.output.size)
    here = place(stepper.index, (done.output.shape[1], done.output.shape[2]), walk)
    scene = Scene(lab, done, stepper, here, *readable(told, done, walk))
    grid, kinds = _padded(lab, maps[here.map], told[here.map], _overhang(walk, (rows, columns), done.output.shape))
    names = ("compare", "compare"), ("the winner drops", "drops")
    if lab.kind == "average":
        names = ("sum", "sum"), ("divide", "divide")
    return (
        *always,
        _source(lab, maps, here.map, grid, kinds),
        frame(here, grid.shape[0], grid.shape[1], ()),
        _window(scene),
        _race(scene),
        _statement(scene),
        *_output(scene),
        *(_from(number, maps, told, here) for number in range(MOST_FILTERS)),
        *(_to(number, scene) for number in range(MOST_FILTERS)),
        beats(stepper, *names),
        watch_or_predict(LAB, stepper),
        Say(_sentence(moment, scene), moment.action is None and not moment.arrived and not stepper.done),
        track(LAB, "position", stepper, done.output.size, len(maps)),
        bar(LAB, stepper, done.output.size, moment),
        Prediction(LAB, "off", "", "", False, ()) if scene.veiled else prediction(LAB, stepper, scene.value),
        _aside(lab, maps, done.output.size),
    )


def _stuck(moment: Moment, maps: Array, told: Mask, sentence: str) -> tuple[Panel, ...]:
    """Return the panels of a page whose window cannot walk the maps; the sentence says why."""
    lab, rows, columns = moment.table.pooling, maps.shape[1], maps.shape[2]
    stepper = Stepper(predicting=moment.state.view.pooling.predicting)
    nothing = np.zeros(lab.window.kernel_size)
    grid, kinds = _padded(lab, maps[0], told[0], (0, 0))
    return (
        _source(lab, maps, 0, grid, kinds),
        Frame(rows + 2 * lab.window.padding[0], columns + 2 * lab.window.padding[1], 0, 0, 0, 0, (), (), (), 0),
        Taken(cells(f"{LAB}:window", nothing, 0)),
        Race(_so_far(lab.kind), cells(f"{LAB}:window", nothing, 0), cells("", nothing, 0), (), nothing.size <= LINE, 0),
        Statement((), "", 0),
        *output(LAB, "Pooled", "", cells(f"{LAB}:output", np.zeros((0, 0))), None),
        *(_from(number, maps, told, None) for number in range(MOST_FILTERS)),
        *(Thumbnail("to", number, LAB, "none", (0, 0), (), 0) for number in range(MOST_FILTERS)),
        beats(Stepper(), ("compare", "compare"), ("the winner drops", "drops")),
        watch_or_predict(LAB, stepper),
        Say(say(sentence), False),
        track(LAB, "position", Stepper(), 0, 1),
        bar(LAB, Stepper(), 0, moment),
        Prediction(LAB, "off", "", "", False, ()),
        _aside(lab, maps, 0),
    )


# --- what is pooled --------------------------------------------------------------------------------------------------


def _overhang(walk: Window, size: Pair, output: tuple[int, ...]) -> Pair:
    """Return how many rows and columns the last windows hang over the padding, where ceil_mode leads them there."""
    past = []
    for axis, count in enumerate(output[1:]):
        end = (count - 1) * walk.stride[axis] + walk.span[axis]
        past.append(max(0, end - size[axis] - 2 * walk.padding[axis]))
    return past[0], past[1]


def _padded(lab: Pooling, values: Array, told: Mask, overhang: Pair) -> tuple[Array, NDArray[np.uint8]]:
    """Return a padded map, cells beyond the padding included, and what each of its cells is."""
    (down, across), (below, beside) = lab.window.padding, overhang
    edge, past = ((down, down), (across, across)), ((0, below), (0, beside))
    kinds = np.where(told, 0, HIDDEN).astype(np.uint8)
    kinds = np.pad(np.pad(kinds, edge, constant_values=PADDING), past, constant_values=BEYOND)
    grid = np.pad(np.where(told, values, 0) + 0.0, edge, constant_values=_pad(lab))  # + 0.0: no −0
    return np.pad(grid, past), kinds


def _pad(lab: Pooling) -> float:
    return 0.0 if lab.kind == "average" else -np.inf


def _source(lab: Pooling, maps: Array, chosen: int, grid: Array, kinds: NDArray[np.uint8]) -> Source:
    channels, rows, columns = maps.shape
    tall, wide = rows + 2 * lab.window.padding[0], columns + 2 * lab.window.padding[1]
    title = "Typed numbers" if lab.typed else "Feature maps" if channels > 1 else "Feature map"
    return Source(
        title + (" after ReLU" if lab.rectified else ""),
        f"[{channels}, {rows}, {columns}]",
        f"[{channels}, {tall}, {wide}]" if (tall, wide) != (rows, columns) else "",
        bool((kinds & BEYOND).any()),
        lab.window.padding,
        cells(f"{LAB}:maps", grid, kinds=kinds, prefix=(chosen,)),
    )


def _from(number: int, maps: Array, told: Mask, here: Place | None) -> Thumbnail:
    channels, rows, columns = maps.shape
    if channels == 1 or number >= channels:
        return Thumbnail("from", number, LAB, "none", (0, 0), (), 0)
    state = "now" if here and number == here.map else "done"
    first = number * here.positions if here else 0
    return Thumbnail("from", number, LAB, state, (rows, columns), _colours(maps[number], told[number]), first)  # type: ignore[arg-type]


def _colours(values: Array, told: Mask) -> tuple[int | None, ...]:
    found = levels(values.astype(np.float32).ravel())
    return tuple(colour if seen else None for colour, seen in zip(found, told.ravel().tolist(), strict=True))


# --- the window ------------------------------------------------------------------------------------------------------


def _kinds(scene: Scene) -> NDArray[np.uint8]:
    """Return what the taps of the window are; once they are compared, which is the largest."""
    here, done = scene.here, scene.done
    _, rows, columns = done.maps.shape
    where = unfold(rows, columns, scene.lab.window)[:, here.position]
    kinds = np.select([where > rows * columns, where == rows * columns], [BEYOND, PADDING], 0)
    kinds |= np.where(scene.readable[here.map, :, here.position], 0, HIDDEN)
    if scene.compared and done.largest is not None:
        largest = done.largest[here.map, :, here.position]
        kinds |= np.where(largest & (largest.sum() > 1), TIES, 0)
        kinds[scene.winner] |= LEADS
    return kinds.astype(np.uint8)


def _taps(scene: Scene, kinds: NDArray[np.uint8]) -> Cells:
    shape = scene.lab.window.kernel_size
    told = np.where(kinds & (HIDDEN | BEYOND), 0, scene.values)
    return cells(f"{LAB}:window", told.reshape(shape), kinds=kinds)


def _window(scene: Scene) -> Taken:
    return Taken(_taps(scene, _kinds(scene)))


def _so_far(kind: Kind) -> str:
    return "largest" if kind == "max" else "sum"


def _race(scene: Scene) -> Race:
    values, kind = scene.values, scene.lab.kind
    leaders: tuple[int, ...] = ()
    if kind == "average":
        running = np.add.accumulate(values)
    else:
        running = np.maximum.accumulate(values)
        if scene.compared:
            leaders = tuple(int(np.argmax(values[: tap + 1])) for tap in range(len(values)))
    return Race(
        _so_far(kind),
        _taps(scene, _kinds(scene)),
        cells("", running.reshape(scene.lab.window.kernel_size), None if scene.compared else 0),
        leaders,
        len(values) <= LINE,
        scene.here.index % 2,
    )


def _statement(scene: Scene) -> Statement:
    turn = scene.here.index % 2
    average = scene.lab.kind == "average"
    if scene.veiled:
        return Statement(say("?"), "the convolution still hides a number here", turn)
    if not scene.compared:
        asked = f"add up, divide by {scene.done.divisors[scene.here.position]}" if average else "which is the largest?"
        return Statement(say("?") if scene.stepper.hidden else (), asked, turn)
    return _divided(scene, turn) if average else _compared(scene, turn)


def _compared(scene: Scene, turn: int) -> Statement:
    """Return the comparison of the winner with the best of the others."""
    values, winner = scene.values, scene.winner
    others = np.flatnonzero((_kinds(scene) & BEYOND) == 0)
    others = others[others != winner]
    if not len(others):
        return Statement((_tap(scene, winner, plain(values[winner])),), "alone: nothing to compare", turn)
    second = int(others[values[others].argmax()])
    mine, its = _apart(values[winner], values[second])
    sign, words = (" > ", "the largest stays")
    if values[second] == values[winner]:
        sign, words = " = ", "a tie: the first in reading order stays"
    elif np.isneginf(values[second]):
        words = "the padding never wins"
    return Statement((_tap(scene, winner, mine), Piece(sign), _tap(scene, second, its)), words, turn)


def _tap(scene: Scene, tap: int, written: str) -> Piece:
    row, column = divmod(tap, scene.lab.window.kernel_size[1])
    return Piece(written, strong=True, address=f"{LAB}:window[{row},{column}]")


def _apart(one: float, other: float) -> tuple[str, str]:
    """Return two numbers with as many digits as it takes to tell them apart."""
    if one != other and plain(one) == plain(other):
        for decimals in (3, 4, 6, 9):
            if text(one, decimals) != text(other, decimals):
                return text(one, decimals), text(other, decimals)
    return plain(one), plain(other)


def _divided(scene: Scene, turn: int) -> Statement:
    """Return the division that makes the average."""
    total, by = plain(scene.values.sum()), int(scene.done.divisors[scene.here.position])
    kinds = _kinds(scene)
    words = f"divided by {by}, as many as it reads"
    if (kinds & BEYOND).any():
        words = f"divided by {by}: what lies beyond does not count"
    elif (kinds & PADDING).any():
        words = f"divided by {by}: the padding counts"
    if scene.stepper.beat < RESULT:
        return Statement(say("sum ", strong(total)), "", turn)
    mean = Piece(plain(scene.value), strong=True, address=_address(scene.here))
    return Statement(say(Piece(total, address=f"{LAB}:sum"), f" / {by} = ", mean), words, turn)


# --- what is made ----------------------------------------------------------------------------------------------------


def _address(here: Place) -> str:
    return f"{LAB}:output[{here.map},{here.row},{here.column}]"


def _output(scene: Scene) -> tuple[Panel, ...]:
    here, done = scene.here, scene.done
    channels, rows, columns = done.output.shape
    told = scene.certain[here.map]
    return output(
        LAB,
        f"Pooled {here.map}" if channels > 1 else "Pooled",
        f"[{channels}, {rows}, {columns}]",
        cells(
            f"{LAB}:output",
            np.where(told, done.output[here.map], 0) + 0.0,
            here.position + (scene.stepper.beat == RESULT),
            kinds=np.where(told, 0, HIDDEN).astype(np.uint8),
            prefix=(here.map,),
        ),
        here,
        scene.stepper.hidden,
    )


def _to(number: int, scene: Scene) -> Thumbnail:
    channels, rows, columns = scene.done.output.shape
    first = number * rows * columns
    if channels == 1 or number >= channels:
        return Thumbnail("to", number, LAB, "none", (0, 0), (), 0)
    shown = _colours(scene.done.output[number], scene.certain[number])[: max(0, scene.stepper.done - first)]
    chosen = scene.here.map
    state = "now" if number == chosen else "done" if number < chosen else "to come"
    return Thumbnail("to", number, LAB, state, (rows, columns), shown, first)  # type: ignore[arg-type]


# --- settings and words ----------------------------------------------------------------------------------------------


def _settings(lab: Pooling, rows: int, columns: int) -> SettingsPanel:
    most = (MOST_KERNEL, MOST_STRIDE, MOST_PADDING, MOST_DILATION)

    def fits(window: Window) -> None:
        window.output_size(rows, columns)
        check(lab.kind, rows, columns, window)

    return SettingsPanel(LAB, *walk_settings(lab.window, "window", most, lab.linked, fits))


def _aside(lab: Pooling, maps: Array, outputs: int) -> PoolAside:
    channels, rows, columns = maps.shape
    fields = lab.typed if lab.typed and max(rows, columns) <= FIELDS else ()
    return PoolAside("typed" if lab.typed else "convolution", (channels, rows, columns), fields or (), outputs)


def _exact(value: float) -> str:
    return f"{value:.6g}"


def _sentence(moment: Moment, scene: Scene) -> Sentence:
    here, lab, stepper = scene.here, scene.lab, scene.stepper
    where = f"Map {here.map}, {here.words}" if len(scene.done.maps) > 1 else here.words.capitalize()
    of = " (padded)" if max(lab.window.padding) else ""
    largest = lab.kind == "max"
    if scene.veiled:
        return say(strong(where), f"{of}: the convolution still hides a number here for its prediction.")
    if stepper.hidden:
        return say(strong(where), f"{of}. What is the {'largest' if largest else 'average'}?")
    if stepper.beat == RESULT:
        value = Piece(plain(scene.value), strong=True, address=_address(here))
        return say(strong(where), f"{of}: the {'largest' if largest else 'average'} is ", value, ".")
    if stepper.beat == PRODUCTS:
        doing = "each number against the largest so far." if largest else "the numbers add up."
        return say(strong(where), f"{of}: {doing}")
    return (stepper.index == 0 and _opening(moment, lab)) or say(strong(where), f"{of}: the window lands here.")


def _opening(moment: Moment, lab: Pooling) -> Sentence:
    keeps = "the largest number" if lab.kind == "max" else "the average"
    match moment.action:
        case None if not moment.arrived:
            return say(strong("A window keeps one number of each place."), f" Press Step: it keeps {keeps}.")
        case Settings():
            tall, wide = lab.window.kernel_size
            return say(strong("A new walk:"), f" windows of {tall}×{wide}, each keeps {keeps}. Press Step.")
        case ChangeMap():
            return say(strong("Other numbers."), f" Press Step: each window keeps {keeps}.")
    return ()
