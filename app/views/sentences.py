"""What just happened, in large type: at most two lines, some 90 characters."""

from __future__ import annotations

import numpy as np

from app.nn.digits import BLANK, SIZE
from app.nn.network import CONV, FILTERS, SHAPES, Forward
from app.nn.windows import unread
from app.playground.actions import Change
from app.playground.actions.drawing import Clear, Load, Paint, SetLabel, Stroke
from app.playground.actions.network import Initialise, LearningRate, Step
from app.playground.writing import text
from app.views.grids import addresses
from app.views.moment import Moment
from app.views.panels import Piece, Sentence

SURE = 0.9
HIGH_RATE = 2.0
HUGE_LOSS = 20.0

_NAMES = tuple(address for name, shape in SHAPES.items() for address in addresses(name, shape))


def strong(words: str) -> Piece:
    """Return words that stand out."""
    return Piece(words, strong=True)


def number(value: float, address: str, stands_out: bool = False) -> Piece:
    """Return a number of the model, with its address."""
    return Piece(text(value, 3), stands_out, address)


def say(*parts: str | Piece) -> Sentence:
    """Return a sentence from words and pieces."""
    return tuple(part if isinstance(part, Piece) else Piece(part) for part in parts)


def sentence(moment: Moment) -> Sentence:
    """Return what the page says: what the moment's action did, or, while gradients are shown, what they say."""
    if moment.state.view.show in ("gradients", "both", "backward"):
        return _backward(moment)
    if moment.state.view.show == "ledger":
        return ledger_of(moment)
    return _forward(moment)


def ledger_of(moment: Moment) -> Sentence:
    """Return what the ledger of the last step is about."""
    net = moment.table.network
    if net.before is None or moment.lesson is None:
        return say(strong("No step was taken yet:"), " Press Step, and see how each of the 70 parameters moved.")
    opening = say(strong(f"The ledger of step {net.step}."))
    rule = " every change is −rate × velocity."
    if net.taught != moment.table.digit or not np.isfinite(moment.run.loss):
        return opening + say(" The drawing or its label is another one since then;", rule)
    before, loss = moment.lesson.forward.loss.item(), moment.run.loss.item()
    verb = "fell" if loss < before else ("rose" if loss > before else "stayed,")
    fell = (f" The loss {verb} from ", number(before, f"losses[{net.step - 1}]"), " to ", number(loss, "loss", True))
    return opening + say(*fell, f";{rule}")


def _forward(moment: Moment) -> Sentence:
    if not moment.table.network.parameters.finite or not np.isfinite(moment.run.loss):
        return _not_finite(moment)
    if not moment.arrived:
        return _first_visit(moment)
    match moment.action:
        case Step():
            return _stepped(moment, moment.action)
        case Paint(row=row, column=column) if _unread([[row, column]]):
            return _not_read([[row, column]])
        case Stroke(cells=cells) if _unread(cells):
            return _not_read(cells)
        case SetLabel(label=label):
            return _labelled(moment, label)
        case Initialise(seed=seed):
            opening = say(strong(f"New weights, seed {seed}. "))
        case LearningRate(rate=rate):
            return _rate(rate)
        case Load() | Clear() | Change() if moment.arrived != "start-over":
            opening = ()
        case _:
            opening = say(strong(_arrival(moment)))
    return opening + _verdict(moment)


def _unread(cells: list[list[int]]) -> bool:
    mask = unread(SIZE, SIZE, CONV)
    return all(mask[row * SIZE + column] for row, column in cells)


def _not_read(cells: list[list[int]]) -> Sentence:
    which = f"pixel [{cells[0][0]}, {cells[0][1]}]" if len(cells) == 1 else "those pixels"
    why = " kernel 2 with stride 2 never reaches the last row and column."
    return say(strong(f"No window reads {which}:"), why)


def _backward(moment: Moment) -> Sentence:
    gradient = moment.back.parameters.vector
    label = moment.table.digit.label
    if not np.isfinite(gradient).all():
        return say(strong("Backward:"), " what is not a number has no slope, so there is no way down from here.")
    if not gradient.any():
        return say(strong("Backward:"), " every gradient is 0. A step would move nothing.")
    dead = _dead(moment.run)
    pull = say(strong("Backward:"), f" the loss pulls logit {label} ", strong("up"))
    if dead:
        maps = f"map {dead[0]}" if len(dead) == 1 else f"{len(dead)} maps"
        return pull + say(", the others down. ", strong(f"Nothing reaches {maps}:"), " ReLU blocks it.")
    return pull + say(" and pushes the other nine ", strong("down"), ".")


def _not_finite(moment: Moment) -> Sentence:
    way_back = say(strong("Undo,") if moment.undo else strong("Start over,"), " then try a smaller rate.")
    if moment.table.network.parameters.finite:
        return say(strong("The logits grew too large:"), " the loss is no finite number. ") + way_back
    return say(strong("The step was too big:"), " numbers grew past what the computer holds (nan). ") + way_back


def _first_visit(moment: Moment) -> Sentence:
    said, label = moment.run.prediction, moment.table.digit.label
    return say(
        strong(f"A tiny network looks at your drawing and says {said}."),
        f" It should say {label}. Press Step: it learns a little.",
    )


def _stepped(moment: Moment, action: Step) -> Sentence:
    run, net = moment.run, moment.table.network
    first = net.step - action.steps
    before, loss = moment.line("network").losses[first].item(), run.loss.item()
    name = f"Step {net.step}:" if action.steps == 1 else f"Steps {first + 1} to {net.step}:"
    if before == 0:
        return say(strong(name), " the loss was exactly 0 already, so every gradient is 0 and nothing moved.")
    verb = "fell" if loss < before else ("rose" if loss > before else "stayed,")
    fell = say(strong(name), f" the loss {verb} from ", number(before, f"losses[{first}]"), " to ")
    opening = (*fell, number(loss, "loss", stands_out=True))
    dead = set(_dead(run))
    if len(dead) == FILTERS:
        return opening + say(". ", strong("Every map is dead:"), " only the last biases still learn.")
    if loss == 0 or (net.rate >= HIGH_RATE and loss < before / 10):
        high = f" at once: rate {_plain(net.rate)} is too high. "
        return opening + say(high, strong("Change the label"), " and look.")
    if loss > before:
        return opening + say(": the step went too far, downhill and up the other side.")
    if dead and (died := dead - set(_dead(moment.run_before))):
        return opening + say(". ", strong(f"Map {min(died)} died:"), " ReLU blocks all of it.")
    if run.probabilities[run.label] >= SURE and net.lessons == 1:
        return opening + say(". It has only ever seen ", strong("this one drawing"), ".")
    return opening + _moved_most(moment, action)


def _moved_most(moment: Moment, action: Step) -> Sentence:
    new, old = moment.table.network.parameters.vector, moment.before.network.parameters.vector
    most = int(np.abs(new - old).argmax())
    if new[most] == old[most]:
        return say(". The step was too short to move any weight.")
    address = _NAMES[most]
    end = number(new[most].item(), address, stands_out=True)
    if action.steps > 1:
        return say(f". {address} moved most, to ", end, ".")
    return say(f". {address} moved most: ", number(old[most].item(), f"old.{address}"), " → ", end, ".")


def _plain(rate: float) -> str:
    return f"{rate:g}".replace("e+", "e")


def _rate(rate: float) -> Sentence:
    opening = say(strong(f"The learning rate is {_plain(rate)} now:"))
    if rate >= 1e10:
        return opening + say(" a step or two may take the weights past what the computer holds.")
    if rate >= HIGH_RATE:
        return opening + say(" far too high. Step, then change the label, and look at the loss.")
    return opening + say(f" a step moves each weight by {_plain(rate)} times its gradient, downhill.")


def _arrival(moment: Moment) -> str:
    step = moment.table.network.step
    match moment.arrived:
        case "undo":
            return f"Undone: step {step}. "
        case "redo":
            return f"Redone: step {step}. "
        case "start-over":
            return "Started over; undo brings all of it back. "
    return f"This is step {step}. "


def _labelled(moment: Moment, label: int) -> Sentence:
    # As the verdict, but the label is named already.
    run = moment.run
    loss = number(run.loss.item(), "loss", stands_out=True)
    said = "nothing: a tie" if run.prediction is None else f"{run.prediction}"
    answer = ", and it does" if run.prediction == label else f". It says {said}"
    says = strong(f"Now it should say {label}{answer}")
    if moment.table.digit.pixels == BLANK:
        return say(says, ", but the drawing is blank. Loss ", loss, ".")
    if run.loss > HUGE_LOSS:
        return say(says, ", surely: the loss is ", loss, ". Too high a rate did that.")
    if len(_dead(run)) == FILTERS:
        return say(says, ", but every map is dead: only biases speak. Loss ", loss, ".")
    if not moment.stepped("network"):
        return say(says, ". Press Step: it learns from this drawing.")
    return say(says, "; the loss is ", loss, ".")


def _verdict(moment: Moment) -> Sentence:
    run, label = moment.run, moment.table.digit.label
    loss = number(run.loss.item(), "loss", stands_out=True)
    if moment.table.digit.pixels == BLANK:
        said = "nothing: a tie" if run.prediction is None else f"{run.prediction}"
        right = "and that is right" if run.prediction == label else f"not {label}"
        blank = "The drawing is blank: only the biases speak. It says "
        return say(blank, strong(said), f", {right}. Loss ", loss, ".")
    if run.loss > HUGE_LOSS:
        return say(*_says(run, label), ", surely and wrongly: the loss is ", loss, ". Too high a rate did that.")
    if len(_dead(run)) == FILTERS:
        return say("Every map is dead: ReLU blocks all, so only the last biases speak. The loss is ", loss, ".")
    if not moment.stepped("network"):
        return say(*_says(run, label), ". Press Step: it learns from this drawing.")
    return say(*_says(run, label), "; the loss is ", loss, ".")


def _says(run: Forward, label: int) -> tuple[str | Piece, ...]:
    if run.prediction is None:
        return (strong("The largest logits tie,"), " so it says nothing")
    if run.prediction == label:
        return (strong(f"It says {label}, and that is right"),)
    return (strong(f"It says {run.prediction}, it should say {label}"),)


def _dead(run: Forward) -> list[int]:
    """Return the filters that ReLU blocks in every position: no gradient reaches their kernels."""
    return [int(index) for index in np.flatnonzero((run.conv <= 0).all(axis=1))]
