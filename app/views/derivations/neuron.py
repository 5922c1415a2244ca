"""The Neuron lab: where each of its numbers comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from app.nn.derivation import Derivation, Rule, Term, difference, given, joined, products, same
from app.nn.neuron import LOSSES, Array, Line, Pass, lowest, work_out
from app.playground.neuron import Neuron
from app.views.derivations.values import Explain, Explanations, Index, Told, Values
from app.views.moment import Moment
from app.views.neuron.numbers import LAB, tensors

LOSS_FORMULAS = {"squared": ("(p − y)²", "2 × (p − y)"), "absolute": ("|p − y|", "the sign of p − y, and 0 at 0")}


def told(moment: Moment) -> Told:
    """Return the lab's numbers, and where they come from."""
    lab = moment.table.neuron
    found = tensors(moment)
    kept = {name: found.pop(name) for name in ("losses", "path")}
    values = Values(found, f"{LAB}:")
    explanations = {**_now(lab, values), **_next(lab, values), **_last(lab, values), **_without_descent(lab, values)}
    # What the log keeps reads nothing and feeds nothing, however long it is.
    return Told(
        Values(found | kept, f"{LAB}:"),
        explanations | {"losses": _kept("Mean loss"), "path": _kept("w and b")},
        (lab.loss, lab.lesson, lab.turn, lab.taught, lab.before is None, lab.pair, len(lab.points)),
    )


def _kept(what: str) -> Explain:
    return lambda at: given(f"{what} before step {at[0] + 1}", "kept in the log")


def _now(lab: Neuron, values: Values) -> Explanations:
    """Explain the line, the points, and what the line makes of each."""
    formula, slope = LOSS_FORMULAS[lab.loss]
    rules = LOSSES[lab.loss]

    def parameter(name: str) -> Explain:
        if not lab.before:
            return lambda at: given(name, "what descent came to, or what was set by hand")
        return lambda at: _update(name, name, lab.rate, values.term(f"old.{name}"), values.term(f"old.grad.{name}"))

    def prediction(at: Index) -> Derivation:
        pair = (values.term("w"), values.term("points", at[0], 0))
        return products(f"Prediction at point {at[0]}", "w × x + b", [pair], values.term("b"))

    def loss(at: Index) -> Derivation:
        return _of(f"Loss at point {at[0]}", formula, values.term("residuals", *at), rules.forward)

    def steepness(at: Index) -> Derivation:
        return _of(f"∂loss/∂p at point {at[0]}", slope, values.term("residuals", *at), rules.derivative)

    return {
        "w": parameter("w"),
        "b": parameter("b"),
        "points": lambda at: given(f"{'xy'[at[1]]} of point {at[0]}", "the lab's, or typed"),
        "predictions": prediction,
        "residuals": lambda at: difference(
            f"Gap at point {at[0]}", "prediction − y", values.term("predictions", *at), values.term("points", *at, 1)
        ),
        "point_losses": loss,
        "slopes": steepness,
        "mean_loss": lambda at: _mean(
            "Mean loss", "mean of the losses", [[term] for term in values.all("point_losses")]
        ),
    }


def _next(lab: Neuron, values: Values) -> Explanations:
    """Explain what the next step uses, and what it would make."""
    turn, lesson = lab.turn, lab.lesson
    loss = values.term("mean_loss") if lesson is None else values.term("point_losses", lesson)

    def gradient(name: str, formula: str, parts: Callable[[int], list[str | Term]]) -> Explain:
        def explain(at: Index) -> Derivation:
            title = f"∂loss/∂{name}"
            if lesson is None:
                return _mean(title, f"mean of {formula}", [parts(index) for index in range(len(lab.points))])
            worked = parts(lesson)
            return Derivation(title, formula, tuple(worked), lambda numbers: float(np.prod(numbers)))

        return explain

    to_w = gradient("w", "∂loss/∂p × x", lambda at: [values.term("slopes", at), " × ", values.term("points", at, 0)])
    to_b = gradient("b", "∂loss/∂p × 1", lambda at: [values.term("slopes", at)])
    return {
        "prediction": lambda at: same("Prediction", f"that at point {turn}", values.term("predictions", turn)),
        "residual": lambda at: same("Gap", f"that at point {turn}", values.term("residuals", turn)),
        "loss": lambda at: same("Loss of the next step", "what it is taught: a point, or the mean", loss),
        "grad.w": to_w,
        "grad.b": to_b,
        "next.w": lambda at: _update("New w", "w", lab.rate, values.term("w"), values.term("grad.w")),
        "next.b": lambda at: _update("New b", "b", lab.rate, values.term("b"), values.term("grad.b")),
    }


def _last(lab: Neuron, values: Values) -> Explanations:
    """Explain the step that was taken, where it is shown."""
    if not lab.before:
        return {}
    point, line = lab.shown, (values.term("old.w"), values.term("old.b"))
    x, y = (values.term("points", point, place) for place in (0, 1))
    left = "what the step before left, or the start"
    return {
        "old.w": lambda at: given("w before the last step", left),
        "old.b": lambda at: given("b before the last step", left),
        "old.prediction": lambda at: products("Prediction before the last step", "w × x + b", [(line[0], x)], line[1]),
        "old.residual": lambda at: difference(
            "Gap before the last step", "prediction − y", values.term("old.prediction"), y
        ),
        **(
            _last_of_all(lab, values, line) if lab.taught is None else _last_of_one(lab, values.term("old.residual"), x)
        ),
    }


def _last_of_one(lab: Neuron, residual: Term, x: Term) -> Explanations:
    """Explain the last step where it was taught one point."""
    rules, (formula, slope) = LOSSES[lab.loss], LOSS_FORMULAS[lab.loss]

    def to_w(at: Index) -> Derivation:
        rule: Rule = lambda v: rules.derivative(np.array(v[:1])).item() * v[1]  # noqa: E731
        return Derivation("∂loss/∂w of the last step", f"{slope} × x", ("p − y = ", residual, ", x = ", x), rule)

    return {
        "old.loss": lambda at: _of("Loss of the last step", formula, residual, rules.forward),
        "old.grad.w": to_w,
        "old.grad.b": lambda at: _of("∂loss/∂b of the last step", slope, residual, rules.derivative),
    }


def _last_of_all(lab: Neuron, values: Values, line: tuple[Term, Term]) -> Explanations:
    """Explain the last step where it was taught all points."""
    formula, slope = LOSS_FORMULAS[lab.loss]

    def worked_out(name: str, formula: str, what: Callable[[Pass], float]) -> Explain:
        def of(old: Line, taught: Array) -> float:
            return what(work_out(old, taught, lab.loss))

        return lambda at: _over_points(f"{name} of the last step", f"mean of {formula}", line, values, of)

    return {
        "old.loss": worked_out("Loss", formula, lambda run: run.loss),
        "old.grad.w": worked_out("∂loss/∂w", f"{slope} × x", lambda run: run.grad.w),
        "old.grad.b": worked_out("∂loss/∂b", slope, lambda run: run.grad.b),
    }


def _without_descent(lab: Neuron, values: Values) -> Explanations:
    """Explain the analytic solution, and the line of the lowest mean loss."""
    found: dict[str, Explain] = {}

    def mean_loss(line: Line, points: Array) -> float:
        return work_out(line, points, lab.loss).mean_loss

    for way in ("solved", "lowest"):
        if f"{way}.w" in values.tensors:
            line = (values.term(f"{way}.w"), values.term(f"{way}.b"))
            found[f"{way}.loss"] = lambda at, line=line: _over_points(  # type: ignore[misc]
                "Mean loss there", "mean of the losses", line, values, mean_loss
            )
    if "solved.w" in values.tensors and lab.pair:
        (x1, y1), (x2, y2) = ([values.term("points", index, place) for place in (0, 1)] for index in lab.pair)
        quotient = ("(", y2, " − ", y1, ") ÷ (", x2, " − ", x1, ")")
        found["solved.w"] = lambda at: Derivation(
            "w, solved", "(y₂ − y₁) ÷ (x₂ − x₁)", quotient, lambda v: (v[0] - v[1]) / (v[2] - v[3])
        )
        found["solved.b"] = lambda at: Derivation(
            "b, solved", "y₁ − w × x₁", (y1, " − ", values.term("solved.w"), " × ", x1), lambda v: v[0] - v[1] * v[2]
        )
    if "lowest.w" in values.tensors:
        how = "least squares" if lab.loss == "squared" else "the best line through two of the points"
        for name in ("w", "b"):
            found[f"lowest.{name}"] = lambda at, name=name: _lowest(name, how, values, lab)  # type: ignore[misc]
    return found


def _lowest(name: str, how: str, values: Values, lab: Neuron) -> Derivation:
    def rule(numbers: Sequence[float]) -> float:
        line = lowest(np.array(numbers).reshape(-1, 2), lab.loss)
        return getattr(line, name) if line else np.nan

    return Derivation(f"{name} of the lowest mean loss", how, _points(values), rule)


# --- kinds of derivations --------------------------------------------------------------------------------------------


def _update(name: str, of: str, rate: float, old: Term, gradient: Term) -> Derivation:
    worked = (old, " − ", Term(rate), " × ", gradient)
    return Derivation(name, f"{of} − rate × ∂loss/∂{of}", worked, lambda v: v[0] - v[1] * v[2])


def _of(name: str, formula: str, term: Term, function: Callable[[Array], Array]) -> Derivation:
    """Return a function of one number."""
    return Derivation(name, formula, ("p − y = ", term), lambda v: function(np.array(v))[0].item())


def _mean(name: str, formula: str, parts: Sequence[Sequence[str | Term]]) -> Derivation:
    """Return the mean of some products, each of as many factors."""
    count = len(parts)
    worked = ("(", *joined(parts, " + "), ") ÷ ", Term(float(count)))
    rule: Rule = lambda v: float(np.array(v[:-1]).reshape(count, -1).prod(axis=1).sum() / v[-1])  # noqa: E731
    return Derivation(name, formula, worked, rule)


def _over_points(
    name: str,
    formula: str,
    line: tuple[Term, Term],
    values: Values,
    what: Callable[[Line, Array], float],
) -> Derivation:
    """Return what a line makes of all points at once."""
    worked = ("w = ", line[0], ", b = ", line[1], ", ", *_points(values))
    rule: Rule = lambda v: what(Line(*v[:2]), np.array(v[2:]).reshape(-1, 2))  # noqa: E731
    return Derivation(name, formula, worked, rule)


def _points(values: Values) -> tuple[str | Term, ...]:
    parts: list[list[str | Term]] = [
        ["(", values.term("points", at, 0), ", ", values.term("points", at, 1), ")"]
        for at in range(len(values.tensors["points"]))
    ]
    return ("points ", *joined(parts, " "))
