"""What the Classifier page says: at most two lines, some 90 characters."""

from __future__ import annotations

import numpy as np

from app.nn.classifier import PARAMETERS
from app.nn.digits import BLANK
from app.playground.actions import Change
from app.playground.actions.classifier import Autograd, Edit, Initialise, Settings, Step, Weights
from app.playground.actions.drawing import SetLabel
from app.playground.classifier import Worked
from app.views.classifier.softmax import bare
from app.views.moment import Moment
from app.views.panels import Piece, Sentence
from app.views.sentences import number, say, strong

LAB = "classifier:"
LEAST_TWICE = float(np.log(np.e + 9) - 1)
"""The loss of softmax twice for an answer that could not be surer: the probabilities (1, 0, …, 0) taken for logits."""


def sentence(moment: Moment, found: Worked) -> Sentence:
    """Return what the moment's action did, or what is to be said of what is looked at."""
    sight = moment.state.view.classifier
    if sight.voices in ("gradients", "both"):
        return _backward(found)
    if not sight.shift and not found.run.again:
        return _unshifted(found)
    if not moment.arrived:
        return _zeros(first=True)
    match moment.action:
        case Step():
            return _stepped(moment, moment.action, found)
        case Initialise(start="zeros"):
            return _zeros()
        case Initialise() | Weights():
            return say(strong(_started(moment)), *_says(found), "; the loss is ", _loss(found), ".")
        case Edit():
            return _edited(moment.action, moment, found)
        case Settings(rate=None, twice=twice):
            return _twice(bool(twice), found)
        case Settings(rate=rate):
            plain = f"{rate:g}".replace("e+", "e")
            return say(
                strong(f"The learning rate is {plain} now:"),
                f" a step moves each weight by {plain} times its gradient, downhill.",
            )
        case Autograd():
            return _called(moment.action, moment)
        case SetLabel(label=label):
            return say(
                strong(f"Now it should say {label}: "),
                f"y is 1 there. The loss is −ln S of {label}, ",
                _loss(found),
                ".",
            )
        case Change() if moment.arrived != "start-over":
            return _verdict(moment, found)
    if moment.arrived == "start-over":
        return say(strong("Started over; undo brings all of it back."), f" All {PARAMETERS} numbers are 0 again.")
    return say(strong(_arrival(moment)), *_verdict(moment, found))


def _loss(found: Worked) -> Piece:
    return number(found.run.loss.item(), f"{LAB}loss", stands_out=True)


def _zeros(first: bool = False) -> Sentence:
    every = strong(f"All {PARAMETERS} numbers are 0,")
    tenth = Piece("0.100", True, f"{LAB}probabilities[0]")
    if first:
        return say(every, " so every class gets ", tenth, " and the loss is ln 10. Press Step: it learns.")
    return say(every, " so all logits are 0 and every class gets ", tenth, ". The loss is ln 10.")


def _stepped(moment: Moment, action: Step, found: Worked) -> Sentence:
    lab, run = moment.table.classifier, found.run
    first = lab.step - action.steps
    before, loss = moment.line("classifier").losses[first].item(), run.loss.item()
    name = f"Step {lab.step}:" if action.steps == 1 else f"Steps {first + 1} to {lab.step}:"
    here = number(before, f"{LAB}losses[{first}]")
    if here.text == _loss(found).text:
        opening = say(strong(name), " the loss hardly moved from ", here, ". ")
    else:
        verb = "fell" if loss < before else "rose"
        opening = say(strong(name), f" the loss {verb} from ", here, " to ", _loss(found), ". ")
    if not lab.weight.requires_grad:
        return opening + say("W requires no gradient: only the biases moved.")
    if run.again:
        return opening + say(f"Softmax twice: it never gets below {LEAST_TWICE:.3f}.")
    if lab.start == "zeros" and lab.step == 1 and run.flat.any():
        return opening + say(strong("From zeros every lit weight moved."))
    if moment.table.digit.pixels == BLANK:
        return opening + say("The drawing is blank: only the biases moved.")
    if run.prediction is None:
        return opening + say("The largest logits tie.")
    said = run.prediction
    top, total = run.softmax.exponentials[said].item(), run.softmax.total.item()
    return opening + say(
        f"It says {said}: exp 0 = {bare(top)}, and {bare(top)} of ",
        Piece(bare(total), False, f"{LAB}sum"),
        " is ",
        number(run.probabilities[said].item(), f"{LAB}probabilities[{said}]", stands_out=True),
        ".",
    )


def _started(moment: Moment) -> str:
    match moment.action:
        case Initialise(start="normal", seed=seed):
            return f"Standard normal numbers, seed {seed}. "
        case Initialise(start="linear", seed=seed):
            return f"What nn.Linear(25, 10) starts with, seed {seed}. "
    return "Your own weights. "


def _edited(action: Edit, moment: Moment, found: Worked) -> Sentence:
    layer = moment.table.classifier.parameters
    value = layer.bias[action.output] if action.input is None else layer.weight[action.output, action.input]
    opening = say(strong(f"{action.address} is "), number(value.item(), f"{LAB}{action.address}", True), strong(" now"))
    if action.input is not None and not found.run.flat[action.input]:
        return opening + say(", but its pixel is dark: nothing else changes. Draw there, and it counts.")
    if _underflows(found):
        return opening + say(
            f": S of {found.run.label} is 0 here. ", strong("−ln 0 would be ∞,"), " the loss is ", _loss(found), "."
        )
    return opening + say(
        f": logit {action.output} is ",
        number(found.run.logits[action.output].item(), f"{LAB}logits[{action.output}]"),
        ", the loss ", _loss(found), ".",
    )  # fmt: skip


def _twice(on: bool, found: Worked) -> Sentence:
    if on:
        return say(
            strong("Softmax twice: "), "probabilities go in where logits should. Even the surest answer costs ",
            strong(f"{LEAST_TWICE:.3f}"), ".",
        )  # fmt: skip
    return say(
        strong("Logits go in raw again: "), "cross-entropy takes the softmax itself. The loss is ", _loss(found), "."
    )


def _called(action: Autograd, moment: Moment) -> Sentence:
    lab, old = moment.table.classifier, moment.before.classifier
    match action.call:
        case "backward" if any(leaf.grad is not None for leaf in (old.weight, old.bias)):
            return say(
                strong("backward() again: "),
                "the new gradients were added to what .grad held. zero_grad() comes first.",
            )
        case "backward":
            return say(strong("backward() filled .grad "), "and moved nothing. optimizer.step() is what moves weights.")
        case "zero_grad":
            return say(strong("zero_grad(): "), ".grad is None again, as before the first backward().")
        case "step":
            return say(strong("optimizer.step(): "), "each number went by −rate × its .grad, whatever that holds.")
    name, leaf = ("W", lab.weight) if action.bias is None else ("b", lab.bias)
    if leaf.requires_grad:
        return say(strong(f"{name}.requires_grad is True: "), f"backward() fills {name}.grad, and a step moves {name}.")
    return say(
        strong(f"{name}.requires_grad is False: "), f"backward() leaves {name}.grad alone, and a step leaves {name}."
    )


def _backward(found: Worked) -> Sentence:
    run = found.run
    if run.again:
        return say(
            strong("Backward: "),
            "S − y goes through the first softmax too, which makes it smaller. So it learns slowly.",
        )
    if not found.back.logits.any():
        return say(strong("Backward: "), "S equals y, so every gradient is 0. A step would move nothing.")
    if not run.flat.any():
        return say(strong("Backward: "), "the drawing is blank, so (S − y)·xᵀ is 0. Only the biases have a gradient.")
    return say(
        strong("Backward: "), f"lit weights get S − y: class {run.label} goes ", strong("up"), ", the others ",
        strong("down"), ". At dark pixels it is 0.",
    )  # fmt: skip


def _unshifted(found: Worked) -> Sentence:
    opening = strong("Without the shift ")
    if np.isinf(found.bare.total):
        top = bare(found.run.logits.max().item())
        return say(opening, f"exp {top} is ∞ for the computer, and ∞/∞ is nan. Step still shifts.")
    if found.bare.total == 0:
        return say(opening, "every exp is 0 for the computer, and 0/0 is nan. Step still shifts.")
    return say(opening, "the same shares come out. From exp 710 on it is ∞: ", strong("type 1000 into a bias."))


def _arrival(moment: Moment) -> str:
    step = moment.table.classifier.step
    match moment.arrived:
        case "undo":
            return f"Undone: step {step}. "
        case "redo":
            return f"Redone: step {step}. "
    return f"This is step {step}. "


def _verdict(moment: Moment, found: Worked) -> Sentence:
    run = found.run
    if _underflows(found):
        return say(
            f"S of {run.label} is too small for the computer: ", strong("−ln 0 would be ∞."),
            " logsumexp − logit says ", _loss(found), ".",
        )  # fmt: skip
    if moment.table.digit.pixels == BLANK:
        return say("The drawing is blank: the logits are the biases. ", *_says(found), "; loss ", _loss(found), ".")
    return say(*_says(found), "; the loss is ", _loss(found), ".")


def _underflows(found: Worked) -> bool:
    """Return whether the label's probability is 0 here, so that its logarithm would not be finite."""
    return found.run.again is None and bool(found.run.probabilities[found.run.label] == 0)


def _says(found: Worked) -> Sentence:
    run = found.run
    if run.prediction is None:
        return say(strong("The largest logits tie,"), " so it says nothing")
    if run.prediction == run.label:
        return say(strong(f"It says {run.label}, and that is right"))
    return say(strong(f"It says {run.prediction}, it should say {run.label}"))
