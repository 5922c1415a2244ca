"""The Network lab: where each of its numbers comes from, forward, backward and in the last step."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from app.nn.derivation import (
    Derivation,
    Term,
    cross_entropy,
    difference,
    gated,
    given,
    largest,
    products,
    same,
    share,
    total,
)
from app.nn.digits import CLASSES, SIZE
from app.nn.network import CONV, POOLED, READ, SHAPES, SIDE
from app.views.derivations.values import Explain, Explanations, Index, Values

POSITIONS = tuple(product(range(SIDE), range(SIDE)))
TAPS = tuple(product(*map(range, CONV.kernel_size)))


@dataclass(frozen=True)
class Pass:
    """A forward and a backward pass, for a label."""

    values: Values
    label: int

    def explanations(self) -> dict[str, Explain]:
        """Return where the numbers of the two passes come from."""
        return {
            "conv": self.conv,
            "relu": self.relu,
            "pool": self.pool,
            "flat": self.flat,
            "logits": self.logits,
            "probabilities": self.probability,
            "loss": self.loss,
            "grad.logits": self.grad_logits,
            "grad.fc.weight": self.grad_fc_weight,
            "grad.fc.bias": self.grad_fc_bias,
            "grad.flat": self.grad_flat,
            "grad.pool": self.grad_pool,
            "grad.relu": self.grad_relu,
            "grad.conv": self.grad_conv,
            "grad.conv.weight": self.grad_conv_weight,
            "grad.conv.bias": self.grad_conv_bias,
        }

    # Forward

    def conv(self, at: Index) -> Derivation:
        """Explain a feature map: the sum under its window."""
        k, row, column = at
        position, term = POSITIONS.index((row, column)), self.values.term
        pairs = [
            (term("conv.weight", k, 0, *tap), term("input", *_pixel(number, position)))
            for number, tap in enumerate(TAPS)
        ]
        formula = f"Σ over i, j: conv.weight[{k},0,i,j] × input[{2 * row}+i,{2 * column}+j] + conv.bias[{k}]"
        return products(f"Feature map {k}, row {row}, column {column}", formula, pairs, term("conv.bias", k))

    def relu(self, at: Index) -> Derivation:
        """Explain a rectified map: what is negative becomes 0."""
        k, row, column = at
        value = self.values.term("conv", *at)
        note = "" if value.value > 0 else "It is not positive: ReLU blocks it, and no gradient comes back this way."
        return largest(
            f"ReLU of map {k}, row {row}, column {column}", f"max(0, conv{_in(at)})", [Term(0.0), value], note
        )

    def pool(self, at: Index) -> Derivation:
        """Explain a pooled value: the largest of a map, the first where several are."""
        k = at[0]
        terms = [self.values.term("relu", k, *position) for position in POSITIONS]
        winner = self._winner(k)
        tied = sum(term.value == terms[winner].value for term in terms) > 1
        note = f"Row {POSITIONS[winner][0]}, column {POSITIONS[winner][1]} wins"
        note += ", the first of several that are equal." if tied else "; the others get no gradient."
        return largest(f"Largest of map {k}", f"max over r, c: relu[{k},r,c]", terms, note)

    def flat(self, at: Index) -> Derivation:
        """Explain the pooled values in a row."""
        return same(f"Number {at[0]} of the flat vector", f"pool[{at[0]},0,0]", self.values.term("pool", at[0], 0, 0))

    def logits(self, at: Index) -> Derivation:
        """Explain a logit: the weighted sum of the flat vector."""
        o, term = at[0], self.values.term
        pairs = [(term("flat", i), term("fc.weight", o, i)) for i in range(SHAPES["fc.weight"][1])]
        formula = f"Σ over i: flat[i] × fc.weight[{o},i] + fc.bias[{o}]"
        return products(f"Logit {o}", formula, pairs, term("fc.bias", o))

    def probability(self, at: Index) -> Derivation:
        """Explain a probability: the softmax of the logits."""
        formula = f"exp(logits[{at[0]}]) ÷ Σ over k: exp(logits[k])"
        logits = self.values.all("logits")
        return share(f"Probability of {at[0]}", formula, logits[at[0]], logits)

    def loss(self, at: Index) -> Derivation:
        """Explain the loss: cross-entropy, from the logits themselves."""
        logits = self.values.all("logits")
        formula = f"ln(Σ over k: exp(logits[k])) − logits[{self.label}]"
        return cross_entropy(f"Loss for label {self.label}", formula, logits, logits[self.label])

    # Backward

    def grad_logits(self, at: Index) -> Derivation:
        """Explain S − y, softmax and cross-entropy together."""
        o, wanted = at[0], float(at[0] == self.label)
        name, formula = f"Gradient of logit {o}", f"probabilities[{o}] − {wanted:.0f}, as the label is {self.label}"
        return difference(name, formula, self.values.term("probabilities", o), Term(wanted))

    def grad_fc_weight(self, at: Index) -> Derivation:
        """Explain a weight of the linear layer: its input times the gradient of its logit."""
        o, i = at
        pair = (self.values.term("grad.logits", o), self.values.term("flat", i))
        return products(f"Gradient of fc.weight{_in(at)}", f"grad.logits[{o}] × flat[{i}]", [pair])

    def grad_fc_bias(self, at: Index) -> Derivation:
        """Explain a bias of the linear layer: the gradient of its logit."""
        o = at[0]
        return same(f"Gradient of fc.bias[{o}]", f"grad.logits[{o}]", self.values.term("grad.logits", o))

    def grad_flat(self, at: Index) -> Derivation:
        """Go back through the linear layer: every logit that read this number."""
        i, term = at[0], self.values.term
        pairs = [(term("grad.logits", o), term("fc.weight", o, i)) for o in range(CLASSES)]
        return products(f"Gradient of flat[{i}]", f"Σ over o: grad.logits[o] × fc.weight[o,{i}]", pairs)

    def grad_pool(self, at: Index) -> Derivation:
        """Explain the flat vector, laid out again."""
        return same(f"Gradient of pool{_in(at)}", f"grad.flat[{at[0]}]", self.values.term("grad.flat", at[0]))

    def grad_relu(self, at: Index) -> Derivation:
        """Go back through the pool: the winner alone gets its gradient."""
        k, row, column = at
        won = POSITIONS[self._winner(k)] == (row, column)
        note = "It won the pool: it gets the whole gradient." if won else "It did not win the pool: it gets nothing."
        formula = f"grad.pool[{k},0,0] × (1 for the winner, else 0)"
        return gated(f"Gradient of relu{_in(at)}", formula, self.values.term("grad.pool", k, 0, 0), won, note)

    def grad_conv(self, at: Index) -> Derivation:
        """Go back through ReLU: what was positive lets the gradient through."""
        value = self.values.term("conv", *at).value
        through = value > 0
        note = "It is positive: ReLU lets the gradient through." if through else "It is not positive: ReLU blocks it."
        formula = f"grad.relu{_in(at)} × (1 where conv{_in(at)} > 0, else 0)"
        return gated(f"Gradient of conv{_in(at)}", formula, self.values.term("grad.relu", *at), through, note)

    def grad_conv_weight(self, at: Index) -> Derivation:
        """Explain a weight of a kernel, shared by all positions: each adds its part."""
        k, _, i, j = at
        tap, term = TAPS.index((i, j)), self.values.term
        pairs = [
            (term("grad.conv", k, *position), term("input", *_pixel(tap, number)))
            for number, position in enumerate(POSITIONS)
        ]
        formula = f"Σ over r, c: grad.conv[{k},r,c] × input[2r+{i},2c+{j}]"
        return products(f"Gradient of conv.weight{_in(at)}", formula, pairs)

    def grad_conv_bias(self, at: Index) -> Derivation:
        """Explain a bias of a kernel: it is added at every position."""
        k = at[0]
        terms = [self.values.term("grad.conv", k, *position) for position in POSITIONS]
        return total(f"Gradient of conv.bias[{k}]", f"Σ over r, c: grad.conv[{k},r,c]", terms)

    def _winner(self, k: int) -> int:
        read = [self.values.term("relu", k, *POSITIONS[place]).value for place in POOLED[:, 0]]
        return int(POOLED[np.argmax(read), 0])


@dataclass(frozen=True)
class Update:
    """The step that was taken last: old value, gradient, velocity, change and new value of each parameter.

    ``past`` is the pass that the step was taken from.
    """

    values: Values
    past: Pass
    rate: float

    def explanations(self) -> dict[str, Explain]:
        """Return where the numbers of the step come from, and with them the parameters."""
        found: dict[str, Explain] = {}
        gradients = self.past.explanations()
        for name in SHAPES:
            found[f"old.{name}"] = self._old(name)
            found[f"velocity.{name}"] = self._velocity(name, gradients[f"grad.{name}"])
            found[f"change.{name}"] = self._change(name)
            found[f"new.{name}"] = found[name] = self._new(name)
        return found

    def _old(self, name: str) -> Explain:
        return lambda at: given(f"{name}{_in(at)} before the last step", "what it was before the step")

    def _velocity(self, name: str, gradient: Explain) -> Explain:
        def explain(at: Index) -> Derivation:
            # Its terms are those of that time; without momentum the velocity is the gradient itself.
            then = gradient(at).apart()
            formula = f"its gradient at that step: {then.formula}"
            return Derivation(f"Velocity of {name}{_in(at)}", formula, then.worked, then.rule)

        return explain

    def _change(self, name: str) -> Explain:
        def explain(at: Index) -> Derivation:
            pair = (Term(-self.rate), self.values.term(f"velocity.{name}", *at))
            return products(f"Change of {name}{_in(at)}", f"−rate × velocity.{name}{_in(at)}", [pair])

        return explain

    def _new(self, name: str) -> Explain:
        def explain(at: Index) -> Derivation:
            terms = [self.values.term(f"{part}.{name}", *at) for part in ("old", "change")]
            return total(f"{name}{_in(at)} after the last step", f"old.{name}{_in(at)} + change.{name}{_in(at)}", terms)

        return explain


def explanations(now: Pass, update: Update | None, seed: int) -> Explanations:
    """Return where each number of the lab comes from, by the name of its tensor."""

    def drawn(name: str) -> Explain:
        return lambda at: given(
            f"{name}{_in(at)}", f"drawn between −½ and ½ with seed {seed}; no step has moved it yet"
        )

    first = {name: drawn(name) for name in SHAPES}
    return {
        "input": _input,
        "losses": _kept,
        **first,
        **now.explanations(),
        **(update.explanations() if update else {}),
    }


def _input(at: Index) -> Derivation:
    return given(f"Pixel in row {at[0]}, column {at[1]}", "1 where the drawing is inked, else 0")


def _kept(at: Index) -> Derivation:
    return given(f"Loss before step {at[0] + 1}", "kept when the step was taken")


def _pixel(tap: int, position: int) -> tuple[int, int]:
    row, column = divmod(int(READ[tap, position]), SIZE)
    return row, column


def _in(at: Index) -> str:
    return f"[{','.join(map(str, at))}]"
