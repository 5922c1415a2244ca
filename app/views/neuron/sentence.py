"""What just happened to the neuron, in large type: at most two lines, some 90 characters."""

from __future__ import annotations

import math

from app.playground.actions.neuron import ChangePoint, Initialise, Settings, Solve, Step
from app.playground.neuron import Neuron
from app.playground.writing import plain
from app.views.moment import Moment
from app.views.neuron.numbers import LAB, at, solved
from app.views.neuron.rates import describe, diverges
from app.views.neuron.solver import point_text
from app.views.neuron.work import DECIMALS, rate_text, typed
from app.views.panels import Piece, Sentence, words
from app.views.sentences import say, strong

LONGEST = 110


def sentence(moment: Moment) -> Sentence:
    """Return what the page says: what the action did, or, while the solver is shown, what it finds."""
    lab = moment.table.neuron
    if not lab.finite or not math.isfinite(lab.next_pass().mean_loss):
        return _not_finite(moment, lab)
    if moment.state.view.neuron.way == "solve":
        return _solved(lab)
    if not moment.arrived:
        return _first_visit(lab)
    match moment.action:
        case Step(steps=1) if lab.before:
            return _stepped(lab)
        case Step(steps=steps):
            return _many(moment, lab, steps)
        case Initialise(w=None, b=None):
            return say(strong("Back to the start: "), *_line(lab), f". {_next(lab)}")
        case Initialise():
            return say(strong("A new start: "), *_line(lab), f". {_next(lab)}")
        case Solve():
            return say(strong("Taken over: "), *_line(lab), ". A step from here shows whether all points agree.")
        case Settings() as settings:
            return _set(lab, settings)
        case ChangePoint() as change:
            return _moved(lab, change)
    if moment.arrived == "start-over":
        return say(strong("Started over; undo brings all of it back. "), _next(lab))
    return say(strong(_arrival(moment, lab)), *_line(lab), "; the mean loss is ", _mean(lab), ".")


def _number(value: float, name: str, stands_out: bool = True) -> Piece:
    return Piece(plain(value, DECIMALS), stands_out, at(name))


def _line(lab: Neuron) -> tuple[str | Piece, ...]:
    return "w is ", _number(lab.line.w, "w"), ", b is ", _number(lab.line.b, "b")


def _mean(lab: Neuron) -> Piece:
    return _number(lab.next_pass().mean_loss, "mean_loss")


def _gap(residual: float) -> str:
    return f"{plain(abs(residual), DECIMALS)} too {'much' if residual > 0 else 'little'}"


def _point(lab: Neuron, index: int) -> str:
    return point_text(lab.points[index])


def _next(lab: Neuron) -> str:
    if lab.lesson is None:
        return f"Press Step: it learns from all {len(lab.points)} points at once."
    return f"Press Step: it learns from {_point(lab, lab.lesson)}."


def _first_visit(lab: Neuron) -> Sentence:
    (x, y), said = lab.points[lab.turn], lab.next_pass().predictions[lab.turn].item()
    return say(
        strong("A neuron is a line, w·x + b."),
        f" At x = {typed(x).text} it says ",
        _number(said, "prediction", stands_out=False),
        f" and should say {typed(y).text}. Press Step: it learns a little.",
    )


def _stepped(lab: Neuron) -> Sentence:
    """Return what one step did, from the gap to both updates."""
    run = lab.last_pass()
    assert run
    assert lab.before
    name = strong(f"Step {lab.step}:")
    moves = _moves(lab)
    if lab.taught is None:
        start = f" on average the {'squares were' if lab.loss == 'squared' else 'gaps were'} "
        return say(name, start, _number(run.loss, "old.loss", stands_out=False), ", so ", *moves, ".")
    residual, (x, _) = run.residuals[lab.taught].item(), lab.points[lab.taught]
    where = f" at point {_point(lab, lab.taught)} it said "
    if residual == 0:
        why = "so nothing moves" if lab.loss == "squared" else "and at the kink the slope is taken as 0"
        return say(name, where, "just that, ", why, ".")
    said = f"{_gap(residual)}, so "
    if x == 0:
        verb = _verb(lab.before.b, lab.line.b)
        return say(name, where, said, f"b {verb}to ", _number(lab.line.b, "b"), "; x is 0, so w stays.")
    after = lab.line.w * x + lab.line.b - lab.points[lab.taught][1]
    whole = say(name, where, said, *moves)
    if after * residual < 0 and abs(after) > 1e-3 * abs(residual):
        return _fitting((*whole, Piece(f": too far, now {_gap(after)}.")), say(name, " too far. ", *_line(lab), "."))
    return _fitting((*whole, Piece(".")), say(name, " ", *_line(lab), "."))


def _fitting(*sentences: Sentence) -> Sentence:
    """Return the first of some sentences that two lines hold."""
    return next((one for one in sentences if len(words(one)) <= LONGEST), sentences[-1])


def _moves(lab: Neuron) -> tuple[str | Piece, ...]:
    """Return how w and b moved."""
    assert lab.before
    (w, b), (old_w, old_b) = lab.line, lab.before
    verbs = [_verb(old, new) for old, new in ((old_w, w), (old_b, b))]
    second = "b " if verbs[0] == verbs[1] else f"b {verbs[1]}"
    return f"w {verbs[0]}to ", _number(w, "w"), " and ", f"{second}to ", _number(b, "b")


def _verb(old: float, new: float) -> str:
    return "rises " if new > old else "falls " if new < old else "stays, "


def _many(moment: Moment, lab: Neuron, steps: int) -> Sentence:
    first = lab.step - steps
    before, after = moment.line(LAB).losses[first, 0].item(), lab.next_pass().mean_loss
    verb = "fell" if after < before else "rose" if after > before else "stayed,"
    start = say(strong(f"Steps {first + 1} to {lab.step}:"), f" the mean loss {verb} from ")
    grows = ". Each round ends further away: the rate is too high" if after > before and diverges(lab) else ""
    return (*start, *say(_number(before, f"losses[{first}]", stands_out=False), " to ", _mean(lab), f"{grows}."))


def _set(lab: Neuron, settings: Settings) -> Sentence:
    if settings.rate is not None:
        return say(strong(f"The rate is {rate_text(lab.rate)} now."), f" {describe(lab, lab.rate)}")
    if settings.loss == "absolute":
        return say(
            strong("Absolute loss:"), " a gap counts as it is, so its slope is −1 or 1, and at 0 there is a kink."
        )
    if settings.loss == "squared":
        return say(strong("Squared loss:"), " a gap twice as wide costs four times as much and pulls twice as hard.")
    if settings.teach == "all":
        return say(strong("All points at once:"), " each step follows the mean of their gradients.")
    if settings.teach == "one":
        return say(strong("One point alone:"), f" each step learns from {_point(lab, lab.turn)}, and from no other.")
    if settings.teach == "turns":
        return say(strong("The points take turns:"), f" next is {_point(lab, lab.turn)}.")
    run = lab.next_pass()
    said, gap = run.predictions[lab.turn].item(), run.residuals[lab.turn].item()
    where = say(strong(f"Point {_point(lab, lab.turn)}:"), " it says ", _number(said, "prediction"))
    return (*where, *say(", just what it should." if gap == 0 else f", {_gap(gap)}."))


def _moved(lab: Neuron, change: ChangePoint) -> Sentence:
    if change.remove:
        count = len(lab.points)
        return say(strong("A point less:"), f" {count} {'is' if count == 1 else 'are'} left. ", _next(lab))
    gap = lab.next_pass().residuals[lab.turn].item()
    verdict = "the line goes through it" if gap == 0 else f"there the line is {_gap(gap)}"
    what = "A new point" if change.index is None else "Now it is"
    return say(strong(f"{what} {_point(lab, lab.turn)}:"), f" {verdict}. Its x and y can be typed above.")


def _solved(lab: Neuron) -> Sentence:
    if lab.pair is None:
        return say(strong("One point, two unknowns:"), " as many lines as you like go through it. Add a second point.")
    first, second = (lab.points[index] for index in lab.pair)
    answer = solved(lab)
    if answer:
        through_both = say(strong("Two points, two unknowns:"), " w is ", _number(answer.w, "solved.w"), " and b is ")
        return (*through_both, *say(_number(answer.b, "solved.b"), ", at once. No descent is needed for this."))
    if first == second:
        return say(strong("Twice the same point:"), " it does not tell w from b. Move one of the two.")
    return say(
        strong(f"Both points have x = {typed(first[0]).text}:"), " the line would stand upright. Move one of the two."
    )


def _not_finite(moment: Moment, lab: Neuron) -> Sentence:
    way_back = say(strong("Undo,") if moment.undo else strong("Start over,"), " then try a smaller rate.")
    if lab.finite:
        return say(strong("The steps grew too large:"), " the loss is no finite number. ") + way_back
    return say(strong("It diverged:"), " each step overshot by more, past what the computer holds. ") + way_back


def _arrival(moment: Moment, lab: Neuron) -> str:
    match moment.arrived:
        case "undo":
            return f"Undone: step {lab.step}. "
        case "redo":
            return f"Redone: step {lab.step}. "
    return f"This is step {lab.step}. "
