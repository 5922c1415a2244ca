"""The Classifier lab: where each of its numbers comes from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.nn.classifier import SHAPES
from app.nn.derivation import Derivation, Rule, Term, difference, given, largest, products, same, total
from app.nn.digits import CLASSES, SIZE
from app.playground.classifier import Classifier
from app.views.classifier.numbers import tensors
from app.views.derivations.values import Explain, Explanations, Index, Told, Values
from app.views.moment import Moment

LAB = "classifier"


def told(moment: Moment) -> Told:
    """Return the lab's numbers, and where they come from."""
    table = moment.table
    lab, digit = table.classifier, table.digit
    values = Values(tensors(moment.state) | {"losses": moment.line(LAB).taken}, f"{LAB}:")
    lit = [place for place, pixel in enumerate(digit.pixels) if pixel]
    explanations = {
        **_forward(values, lit, digit.label, lab),
        **_softmax(values, ""),
        **_unshifted(values, digit.label),
        **_backward(values, digit.label, lab),
        **_kept(lab, values),
    }
    return Told(values, {name: explanations[name] for name in values.tensors}, (digit.pixels, digit.label, lab.twice))


def _forward(values: Values, lit: Sequence[int], label: int, lab: Classifier) -> Explanations:
    term = values.term

    def pixel(at: Index) -> Derivation:
        address = f"input[{at[0]},{at[1]}]"
        name = f"Pixel in row {at[0]}, column {at[1]}"
        return same(name, f"{address}, the drawing", Term(term("input", *at).value, address))

    def flat(at: Index) -> Derivation:
        row, column = divmod(at[0], SIZE)
        return same(f"Number {at[0]} of the flat vector", "the drawing, row by row", term("input", row, column))

    def product(at: Index) -> Derivation:
        pair = (term("flat", at[1]), term("weight", *at))
        return products(
            f"Pixel {at[1]} × its weight for class {at[0]}", f"flat[{at[1]}] × weight[{at[0]},{at[1]}]", [pair]
        )

    def logit(at: Index) -> Derivation:
        o = at[0]
        formula = f"Σ over the lit pixels i: 1 × weight[{o},i], + bias[{o}]"
        return total(f"Logit {o}", formula, [*(term("weight", o, i) for i in lit), term("bias", o)])

    def loss(at: Index) -> Derivation:
        name = f"Loss for label {label}"
        if not lab.twice:
            return difference(name, f"logsumexp − logits[{label}]", term("logsumexp"), term("logits", label))
        pair = (term("twice.sum"), term("probabilities", label))
        rule: Rule = lambda given: float(np.log(given[0]) - given[1])  # noqa: E731
        return Derivation(name, f"ln(twice.sum) − probabilities[{label}]", ("ln ", pair[0], " − ", pair[1]), rule)

    def naive(at: Index) -> Derivation:
        share = term("probabilities", label)
        rule: Rule = lambda given: float(-np.log(given[0]))  # noqa: E731
        return Derivation("−log of the label's probability", f"−ln(probabilities[{label}])", ("−ln ", share), rule)

    return {
        "input": pixel,
        "flat": flat,
        "terms": product,
        "logits": logit,
        "onehot": lambda at: given(f"One-hot at {at[0]}", f"1 where the label stands, {label}, else 0"),
        "loss": loss,
        "naive": naive,
    }


def _softmax(values: Values, prefix: str) -> dict[str, Explain]:
    """Explain a softmax term by term; without the shift, ``prefix`` says so."""
    term = values.term

    def shift(at: Index) -> Derivation:
        if prefix:
            return given("Shift", "none: that is what is tried here")
        return largest("Shift", "the largest logit", values.all("logits"))

    def exponential(at: Index) -> Derivation:
        rule: Rule = lambda given: float(np.exp(given[0]))  # noqa: E731
        return Derivation(
            f"Exponential {at[0]}", "e to the power of shifted", ("exp ", term(f"{prefix}shifted", *at)), rule
        )

    def share(at: Index) -> Derivation:
        return _quotient(f"Probability of {at[0]}", term(f"{prefix}exponentials", *at), term(f"{prefix}sum"))

    def logsumexp(at: Index) -> Derivation:
        parts = (term(f"{prefix}shift"), " + ln ", term(f"{prefix}sum"))
        return Derivation("logsumexp", "shift + ln(sum)", parts, lambda given: float(given[0] + np.log(given[1])))

    return {
        f"{prefix}shift": shift,
        f"{prefix}shifted": lambda at: difference(
            f"Logit {at[0]}, shifted", f"logits[{at[0]}] − shift", term("logits", *at), term(f"{prefix}shift")
        ),
        f"{prefix}exponentials": exponential,
        f"{prefix}sum": lambda at: total(
            "Sum of the exponentials", "Σ exponentials", values.all(f"{prefix}exponentials")
        ),
        f"{prefix}probabilities": share,
        f"{prefix}logsumexp": logsumexp,
    }


def _unshifted(values: Values, label: int) -> Explanations:
    term, prefix = values.term, "unshifted."

    def loss(at: Index) -> Derivation:
        pair = (term(f"{prefix}logsumexp"), term(f"{prefix}shifted", label))
        return difference("Loss without the shift", "logsumexp − the label's logit", *pair)

    return {
        **_softmax(values, prefix),
        f"{prefix}loss": loss,
        f"{prefix}grad.logits": lambda at: difference(
            f"S − y at {at[0]} without the shift", "S − y", term(f"{prefix}probabilities", *at), term("onehot", *at)
        ),
    }


def _backward(values: Values, label: int, lab: Classifier) -> Explanations:
    term = values.term

    def logit(at: Index) -> Derivation:
        o, name = at[0], f"Gradient of logit {at[0]}"
        if not lab.twice:
            return difference(name, f"probabilities[{o}] − onehot[{o}]", term("probabilities", o), term("onehot", o))
        pairs = [
            (Term(term("twice.probabilities", k).value - (k == label)), term("jacobian", k, o)) for k in range(CLASSES)
        ]
        return products(name, f"Σ over k: (twice.probabilities[k] − onehot[k]) × jacobian[k,{o}]", pairs)

    def weight(at: Index) -> Derivation:
        pair = (term("grad.logits", at[0]), term("flat", at[1]))
        derived = products(f"Gradient of weight[{at[0]},{at[1]}]", f"grad.logits[{at[0]}] × flat[{at[1]}]", [pair])
        dark = "" if pair[1].value else "Its pixel is dark: it never moves."
        return Derivation(derived.name, derived.formula, derived.worked, derived.rule, dark)

    def slope(at: Index) -> Derivation:
        k, i = at
        first, second = term("probabilities", k), term("probabilities", i)
        same_class = float(k == i)
        parts = (first, " × (", Term(same_class), " − ", second, ")")
        name, formula = f"∂S[{k}]/∂z[{i}]", f"S[{k}] × ({same_class:.0f} − S[{i}])"
        return Derivation(name, formula, parts, lambda given: float(given[0] * (given[1] - given[2])))

    def again(at: Index) -> Derivation:
        rule: Rule = lambda given: float(np.exp(given[0]))  # noqa: E731
        return Derivation(
            f"Exponential {at[0]}, again", "e to the power of S", ("exp ", term("probabilities", *at)), rule
        )

    return {
        "grad.logits": logit,
        "grad.weight": weight,
        "grad.bias": lambda at: same(f"Gradient of bias[{at[0]}]", f"grad.logits[{at[0]}]", term("grad.logits", *at)),
        "jacobian": slope,
        "twice.exponentials": again,
        "twice.sum": lambda at: total("Sum, again", "Σ twice.exponentials", values.all("twice.exponentials")),
        "twice.probabilities": lambda at: _quotient(
            f"Softmax of the softmax at {at[0]}", term("twice.exponentials", *at), term("twice.sum")
        ),
    }


def _kept(lab: Classifier, values: Values) -> Explanations:
    begun = {
        "zeros": "it began at 0",
        "normal": f"standard normal, seed {lab.seed}",
        "linear": f"nn.Linear's default, seed {lab.seed}",
        "typed": "typed",
    }[lab.start]

    def parameter(name: str) -> Explain:
        def explain(at: Index) -> Derivation:
            title = f"{name}[{','.join(map(str, at))}]"
            if not lab.old:
                return given(title, begun)
            old, new = values.term(f"old.{name}", *at), values.term(name, *at)
            return total(title, "what it was before the last step + its change", [old, Term(new.value - old.value)])

        return explain

    found: dict[str, Explain] = {
        "losses": lambda at: given(f"Loss before step {at[0] + 1}", "kept when the step was taken")
    }
    for name in SHAPES:
        found[name] = parameter(name)
        found[f"old.{name}"] = lambda at: given("Before the last step", "what it was before the step")
        found[f"held.{name}"] = lambda at: given("What .grad holds", "each backward() adds the gradient of that time")
    return found


def _quotient(name: str, above: Term, below: Term) -> Derivation:
    return Derivation(name, "exponential ÷ sum", (above, " ÷ ", below), lambda given: float(given[0] / given[1]))
