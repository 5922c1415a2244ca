"""How a number comes about: its formula, the formula with the numbers put in, and where those came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np


class Term(NamedTuple):
    """A number in a derivation, and the address that it came from; "" for a constant."""

    value: float
    address: str = ""


Rule = Callable[[Sequence[float]], float]
"""From the values of the terms, in their order, to the number."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """Where a number comes from.

    ``formula`` says it in names; ``worked`` is the formula with the numbers put in, words and terms in their order,
    empty for a number that nothing here computes (a pixel, a first weight); ``rule`` computes the number from the
    terms, in float64.
    """

    name: str
    formula: str
    worked: tuple[str | Term, ...] = ()
    rule: Rule | None = None
    note: str = ""

    @property
    def terms(self) -> tuple[Term, ...]:
        """The numbers that it is made of."""
        return tuple(part for part in self.worked if isinstance(part, Term))

    def of(self, values: Iterable[float]) -> float | None:
        """Return what these values of the terms make; None where nothing is computed."""
        if self.rule is None:
            return None
        with np.errstate(all="ignore"):
            return float(self.rule([np.float64(value) for value in values]))

    @property
    def total(self) -> float | None:
        """What the terms make."""
        return self.of(term.value for term in self.terms)

    def begun(self, count: int) -> Derivation:
        """Return a sum of products as far as its first ``count`` products."""
        return replace(self, worked=self.worked[: 4 * count - 1])  # each is a term, "×", a term, and then comes "+"

    def apart(self) -> Derivation:
        """Return it without addresses: the same sum at another time, whose numbers are no longer on the table."""
        worked = tuple(Term(part.value) if isinstance(part, Term) else part for part in self.worked)
        return replace(self, worked=worked)


def given(name: str, formula: str) -> Derivation:
    """Return a number that was set, drawn or kept: nothing computes it."""
    return Derivation(name, formula)


def same(name: str, formula: str, term: Term, note: str = "") -> Derivation:
    """Return a number that is another one, handed on."""
    return Derivation(name, formula, (term,), lambda values: values[0], note)


def gated(name: str, formula: str, term: Term, through: bool, note: str) -> Derivation:
    """Return a number that is handed on whole, or not at all (then it is 0, whatever it was: nan, too)."""
    worked = (term, " × ", Term(float(through)))
    return Derivation(name, formula, worked, lambda values: values[0] if values[1] else 0.0, note)


def products(name: str, formula: str, pairs: Sequence[tuple[Term, Term]], bias: Term | None = None) -> Derivation:
    """Return a sum of products, and a bias."""
    parts: list[list[str | Term]] = [[first, " × ", second] for first, second in pairs]
    worked = joined([*parts, *([[bias]] if bias else [])], " + ")

    def rule(values: Sequence[float]) -> float:
        count = 2 * len(pairs)
        return float(np.dot(values[:count:2], values[1:count:2]) + sum(values[count:]))

    return Derivation(name, formula, worked, rule)


def total(name: str, formula: str, terms: Sequence[Term]) -> Derivation:
    """Return a sum."""
    return Derivation(name, formula, joined([[term] for term in terms], " + "), sum)


def largest(name: str, formula: str, terms: Sequence[Term], note: str = "") -> Derivation:
    """Return the largest of several numbers; nan where one is nan."""
    worked = ("max(", *joined([[term] for term in terms], ", "), ")")
    return Derivation(name, formula, worked, lambda values: float(np.max(values)), note)


def difference(name: str, formula: str, first: Term, second: Term) -> Derivation:
    """Return a difference."""
    return Derivation(name, formula, (first, " − ", second), lambda values: values[0] - values[1])


def share(name: str, formula: str, chosen: Term, terms: Sequence[Term]) -> Derivation:
    """Return a softmax share: the exponential of one number over the sum of all of them."""
    below = joined([["exp ", term] for term in terms], " + ")

    def rule(values: Sequence[float]) -> float:
        shift = max(values[1:])  # the shift changes nothing, but no exponential overflows
        return float(np.exp(values[0] - shift) / np.sum(np.exp(np.array(values[1:]) - shift)))

    return Derivation(name, formula, ("exp ", chosen, " ÷ (", *below, ")"), rule)


def cross_entropy(name: str, formula: str, terms: Sequence[Term], chosen: Term) -> Derivation:
    """Return logsumexp of all numbers less one of them."""
    inside = joined([["exp ", term] for term in terms], " + ")

    def rule(values: Sequence[float]) -> float:
        shift = max(values[:-1])
        return float(np.log(np.sum(np.exp(np.array(values[:-1]) - shift))) + shift - values[-1])

    return Derivation(name, formula, ("ln(", *inside, ") − ", chosen), rule)


def joined(parts: Sequence[Sequence[str | Term]], between: str) -> tuple[str | Term, ...]:
    """Return parts one after the other, with a word between."""
    worked: list[str | Term] = []
    for part in parts:
        worked += [between, *part] if worked else part
    return tuple(worked)
