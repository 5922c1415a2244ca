"""Formulas as MathML, from LaTeX: the browser sets them, no script does."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup, escape

from app.views.panels import Formula

_SLOT = re.compile(r"#(\d)")
_NUMERAL = re.compile(r"<mn>70700(\d)</mn>")  # stands for a slot while the formula is converted


def math(formula: Formula, display: bool = False) -> Markup:
    """Return a formula as MathML, its numbers put in; ``display``: on a line of its own."""

    def number(slot: re.Match[str]) -> str:
        piece = formula.numbers[int(slot[1])]
        address = f' data-at="{escape(piece.address)}"' if piece.address else ""
        return f"<mn{address}>{escape(piece.text)}</mn>"

    return Markup(_NUMERAL.sub(number, _converted(formula.latex, display)))  # noqa: S704 (our own LaTeX)


@lru_cache(maxsize=512)
def _converted(latex: str, display: bool) -> str:
    from latex2mathml.converter import convert  # a quarter of a second: pages without formulas need not wait for it

    return convert(_SLOT.sub(r"{70700\1}", latex), display="block" if display else "inline")
