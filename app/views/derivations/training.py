"""The Training lab: where its numbers come from.

A gradient is a mean over a batch, and a loss one over a set: they are said, and not written out.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.nn.derivation import Derivation, Term, given, total
from app.nn.digits import CLASSES
from app.playground.training import Training
from app.views.derivations.values import Explain, Explanations, Index, Told, Values
from app.views.moment import Moment
from app.views.training.numbers import tensors

LAB = "training"
STARTS = {
    "seed": "drawn by torch.manual_seed({}); Net()",
    "zeros": "0: all begin so",
    "equal": "all begin equal",
    "dead": "drawn by torch.manual_seed({}); Net(), with the biases far below 0",
}
SETS = {"test": "test digits", "train": "training digits"}


def told(moment: Moment) -> Told:
    """Return the lab's numbers, and where they come from."""
    lab = moment.table.training
    values = Values(tensors(moment) | {"losses": moment.line(LAB).taken["loss"]}, f"{LAB}:")
    explanations: dict[str, Explain] = {"input": _pixel, "losses": _loss, "confusion": _count, "worst": _worst}
    for name in lab.net.shapes:
        explanations |= _parameter(lab, name)
    for name, words in SETS.items():
        explanations |= _score(values, name, words)
    return Told(values, {name: explanations[name] for name in values.tensors}, lab.net)


def _at(name: str, at: Index) -> str:
    return f"{name}[{','.join(map(str, at))}]"


def _parameter(lab: Training, name: str) -> Explanations:
    # How each step was taken is not kept: the settings of now may be others.
    drawn = STARTS[lab.start].format(lab.seed)
    made = f"what {lab.step} SGD steps made of it" if lab.step else drawn
    if lab.loaded and not lab.step:
        made = f"from a checkpoint of step {lab.loaded}"
    return {
        name: lambda at: given(_at(name, at), made),
        f"grad.{name}": lambda at: given(
            f"Gradient of {_at(name, at)}", "what the last step left in .grad: ∂(mean loss of its batch)/∂w"
        ),
        f"velocity.{name}": lambda at: given(
            f"Velocity of {_at(name, at)}", "the momentum buffer: momentum × velocity + gradient, step by step"
        ),
    }


def _pixel(at: Index) -> Derivation:
    return given(f"Pixel in row {at[0]}, column {at[1]}", "the drawing on the table: what is added to your own set")


def _loss(at: Index) -> Derivation:
    return given(f"Loss before step {at[0] + 1}", "the mean over its batch of logsumexp − the label's logit")


def _worst(at: Index) -> Derivation:
    return given(
        f"Loss of the worst mistake but {at[0]}" if at[0] else "Loss of the worst mistake",
        "logsumexp − the label's logit",
    )


def _count(at: Index) -> Derivation:
    label, said = at
    return given(f"{label} called {said}", f"how many test digits of label {label} have their largest logit at {said}")


def _score(values: Values, name: str, words: str) -> Explanations:
    def right(at: Index) -> Derivation:
        correct, count = values.term(f"{name}.correct"), values.term(f"{name}.count")

        def rule(numbers: Sequence[float]) -> float:
            return numbers[0] / numbers[1] if numbers[1] else float("nan")

        return Derivation(f"Share of the {words} that are right", "correct ÷ count", (correct, " ÷ ", count), rule)

    def correct(at: Index) -> Derivation:
        title = f"{words.capitalize()} that are right"
        if name == "train":
            return given(title, "how many have their largest logit at the label that is taught")
        diagonal: list[Term] = [values.term("confusion", digit, digit) for digit in range(CLASSES)]
        return total(title, "Σ over i: confusion[i,i]", diagonal)

    return {
        f"{name}.right": right,
        f"{name}.correct": correct,
        f"{name}.count": lambda at: given(
            f"How many {words} there are", "the set, split with the seed: four fifths to learn"
        ),
        f"{name}.loss": lambda at: given(f"Mean loss of the {words}", "the mean of logsumexp − the label's logit"),
    }
