"""Formulas become MathML on the server, and their numbers keep their addresses."""

from __future__ import annotations

from app.views.panels import Formula, Piece
from app.web.formulas import math


def test_the_numbers_of_a_formula_are_put_in_with_their_addresses() -> None:
    formula = Formula(r"\frac{#0}{#1} = #0^2", (Piece("−0.95", address="a:b[0]"), Piece("1 < 2")))
    html = math(formula)
    assert html.startswith("<math")
    assert html.count('<mn data-at="a:b[0]">−0.95</mn>') == 2
    assert "<mn>1 &lt; 2</mn>" in html
    assert "70700" not in html


def test_the_same_formula_takes_other_numbers() -> None:
    for text in ("1", "2"):
        assert f"<mn>{text}</mn>" in math(Formula("x = #0", (Piece(text),)), display=True)
