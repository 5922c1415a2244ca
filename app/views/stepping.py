"""What the pages with a stepper share: beats, track, transport, prediction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from app.playground.state import Playing
from app.playground.stepper import RESULT, Stepper
from app.playground.writing import agrees, plain
from app.views.moment import Moment
from app.views.panels import Choice, Panel, Piece, Sentence, Switch


@dataclass(frozen=True, slots=True)
class Beats(Panel):
    """What happens at a position, one after the other; ``now`` is the beat that was reached."""

    name: ClassVar[str] = "beats"
    names: tuple[tuple[str, str], ...]  # on a broad page, and on a narrow one
    now: int


@dataclass(frozen=True, slots=True)
class Reached(Panel):
    """Which position it is, in words, and how many predictions were right."""

    name: ClassVar[str] = "reached"
    inside: ClassVar[str] = "track"
    word: str
    index: int
    positions: int
    tally: str


@dataclass(frozen=True, slots=True)
class Along(Panel):
    """How far the walk has come: ``pieces`` of equal length, each done, begun or to come."""

    name: ClassVar[str] = "along"
    inside: ClassVar[str] = "track"
    lab: str
    index: int
    positions: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Track(Panel):
    """How far the walk has come, and what a step is; empty where there is nothing to walk, without ``along``.

    ``by_beat`` is None where nobody chooses: while predictions are asked for.
    """

    name: ClassVar[str] = "track"
    lab: str
    word: str
    by_beat: bool | None
    empty: bool
    reached: Reached = field(compare=False)
    along: Along = field(compare=False)

    @property
    def holds(self) -> tuple[Panel, ...]:
        """What changes with every step."""
        return () if self.empty else (self.reached, self.along)


@dataclass(frozen=True, slots=True)
class StepperBar(Panel):
    """Back, Step, Play, Start, End; Undo and Redo of what was changed.

    ``elsewhere`` is the lab where Undo takes something back, if it is another. ``hidden``: a value waits for its
    prediction, so that Step waits too. ``stuck``: there is nothing to walk.
    """

    name: ClassVar[str] = "stepper"
    lab: str
    at_start: bool
    at_end: bool
    hidden: bool
    stuck: bool
    every: int
    undo: str
    elsewhere: str
    redo: str


@dataclass(frozen=True, slots=True)
class Prediction(Panel):
    """Where a prediction is typed, and what was right about the last one.

    ``state``: "off" while nobody predicts, "open" while a value is hidden, "told" once it is revealed.
    """

    name: ClassVar[str] = "predict"
    lab: str
    state: Literal["off", "open", "told"]
    guess: str
    truth: str
    right: bool
    verdict: Sentence


WATCH = (Choice("false", "Watch"), Choice("true", "Predict", "Each value is hidden until you have predicted it"))


def watch_or_predict(lab: str, stepper: Stepper) -> Switch:
    """Return the page's switch."""
    return Switch("Mode", f"/{lab}/{lab}-predict", "on", WATCH, "true" if stepper.predicting else "false")


def beats(
    stepper: Stepper,
    products: tuple[str, str],
    result: tuple[str, str],
    window: tuple[str, str] = ("window lands", "window"),
) -> Beats:
    """Return the beats: the window lands, or what is named instead, then what is named."""
    if stepper.predicting:
        return Beats(
            (window, ("you predict", "predict"), ("it is revealed", "reveal")), 2 if stepper.beat == RESULT else 1
        )
    return Beats((window, products, result), stepper.beat)


def track(lab: str, word: str, stepper: Stepper, positions: int, maps: int) -> Track:
    """Return the track: a piece a position where there is room for them, else a piece a map."""
    pieces = positions if positions <= 36 else maps
    said = tally(stepper)
    reached = Reached(word, stepper.index, positions, said)
    along = Along(lab, stepper.index, positions, pieces)
    return Track(lab, word, None if said else stepper.by_beat, positions == 0, reached, along)


def tally(stepper: Stepper) -> str:
    """Return how many predictions were right, in words."""
    if not (stepper.predicting or stepper.asked):
        return ""
    return f"{stepper.right} of {stepper.asked} predicted right" if stepper.asked else "nothing predicted yet"


def bar(lab: str, stepper: Stepper, positions: int, moment: Moment) -> StepperBar:
    """Return the transport; ``positions`` is 0 where nothing can be walked."""
    playing: Playing | None = moment.state.view.playing
    return StepperBar(
        lab=lab,
        at_start=stepper.index == 0 and stepper.beat < RESULT,
        at_end=stepper.index + 1 >= positions and stepper.beat == RESULT,
        hidden=stepper.hidden,
        stuck=positions == 0,
        every=playing.every if playing and playing.lab == lab else 0,
        undo=moment.undo,
        elsewhere=moment.elsewhere(lab),
        redo=moment.redo,
    )


def prediction(lab: str, stepper: Stepper, value: float) -> Prediction:
    """Return where a prediction is typed; ``value`` is looked at only once it may be seen."""
    if not stepper.predicting:
        return Prediction(lab, "off", "", "", False, ())
    if stepper.hidden:
        return Prediction(lab, "open", "", "", False, ())
    truth = plain(value)
    if stepper.guess is None:
        return Prediction(lab, "told", "", truth, False, (Piece("Revealed without a prediction."),))
    guess, right = stepper.guess, agrees(stepper.guess, value)
    return Prediction(lab, "told", plain(guess), truth, right, _judged(guess, value, right))


def _judged(guess: float, value: float, right: bool) -> Sentence:
    if right:
        return (Piece("Right, to the digits shown.", strong=True),)
    if agrees(-guess, value):
        return (Piece("The size is right,", strong=True), Piece(" the sign is not."))
    if guess * value > 0 or guess == value == 0:
        far = plain(abs(guess - value))
        return (Piece("The sign is right,", strong=True), Piece(f" the size is off by {far}."))
    return (Piece(f"Off by {plain(abs(guess - value))}."),)
