"""A number explains itself: its formula, the numbers put in, what it feeds."""

from __future__ import annotations

import math
from typing import Any

from app.nn.derivation import Derivation, Term
from app.playground.writing import text
from app.views.addresses import value_at
from app.views.derivations import derived, feeds
from app.views.json import said
from app.views.moment import Moment

DECIMALS = 4


def explained(moment: Moment, address: str) -> dict[str, Any]:
    """Return what the API says of the number at an address."""
    value, found = value_at(moment, address), derived(moment, address)
    wrong = {term.address: term.value for term in found.terms if term.address} | {address: value}
    return {
        "address": address,
        "name": found.name,
        "value": _number(value),
        "formula": found.formula,
        "worked": worked(found),
        "total": _number(found.total),
        "terms": [{"address": term.address or None, "value": _number(term.value)} for term in found.terms],
        "note": found.note,
        "feeds": list(feeds(moment, address)),
        "not_finite": {where: said(number) for where, number in wrong.items() if not math.isfinite(number)},
    }


def worked(derivation: Derivation) -> str:
    """Return a formula with the numbers put in, as text."""
    return "".join(text(part.value, DECIMALS) if isinstance(part, Term) else part for part in derivation.worked)


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
