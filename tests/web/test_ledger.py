"""The ledger of the last step: a row for each of the 70 parameters, as the page and as paper show it."""

from __future__ import annotations

import re
from itertools import product

import pytest

from tests.conftest import Visitor
from tests.web.markup import numbers

LAYERS = {"conv.weight": 16, "conv.bias": 4, "fc.weight": 40, "fc.bias": 10}


def opened(visitor: Visitor) -> Visitor:
    visitor.do("step", steps=3)
    visitor.do("show", voices="ledger")
    return visitor


def column(visitor: Visitor, part: str) -> list[str]:
    """Return the parameters of a column in the order of the page."""
    found = [at for at, _ in numbers(visitor.page()) if at.startswith(f"{part}.")]
    return [at.removeprefix(f"{part}.") for at in found]


def test_each_number_of_the_ledger_is_that_of_the_json_to_four_digits(visitor: Visitor) -> None:
    rows = {row["address"]: row for row in opened(visitor).get("ledger")}
    for layer, count in LAYERS.items():
        visitor.do("ledger", layer=layer)
        shown = dict(numbers(visitor.page()))
        assert len(column(visitor, "new")) == count
        for address in column(visitor, "new"):
            for part in ("old", "velocity", "change", "new"):
                written = float(shown[f"{part}.{address}"].replace("−", "-"))
                assert written == pytest.approx(rows[address][part], abs=5.1e-5), (part, address)


def test_each_column_sorts(visitor: Visitor) -> None:
    rows = {row["address"]: row for row in opened(visitor).get("ledger")}
    for by, down in product(("old", "gradient", "velocity", "change", "new"), (False, True)):
        visitor.do("ledger", by=by, down=down, layer="fc.weight")
        values = [rows[address][by] for address in column(visitor, "old")]
        assert values == sorted(values, reverse=down), by
        assert len(values) == 40


def test_a_row_unfolds_into_how_it_came_about(visitor: Visitor) -> None:
    opened(visitor).do("ledger", opened="conv.weight[2,0,1,0]")
    html = visitor.page()
    assert html.count('class="lines"') == 1
    for words in ("Σ over r, c: grad.conv[2,r,c] × input[2r+1,2c+0]", "old.conv.weight[2,0,1,0] + change"):
        assert words in html
    row = next(row for row in visitor.get("ledger") if row["address"] == "conv.weight[2,0,1,0]")
    totals = [float(found.replace("−", "-")) for found in re.findall(r"= <strong>([−\d.]+)</strong>", html)]
    assert totals == pytest.approx([row["gradient"], row["change"], row["new"]], abs=5.1e-5)
    visitor.do("ledger", opened="")
    assert 'class="lines"' not in visitor.page()


def test_paper_shows_all_seventy_and_what_is_unfolded(visitor: Visitor) -> None:
    opened(visitor).do("ledger", opened="fc.bias[3]")
    html = visitor.client.get("/network/ledger").text
    assert len([at for at, _ in numbers(html) if at.startswith("new.")]) == 70
    assert html.count('class="lines"') == 1
    assert "The ledger of step 3" in html


def test_before_the_first_step_the_ledger_says_so(visitor: Visitor) -> None:
    visitor.do("show", voices="ledger")
    assert "No step was taken yet" in visitor.page()
    assert visitor.client.get("/network/ledger").status_code == 200


def test_what_is_not_a_number_is_written_so_and_sorted_last(visitor: Visitor) -> None:
    visitor.do("learning-rate", rate=1e20)
    visitor.do("label", label=3)
    visitor.do("step", steps=4)
    visitor.do("show", voices="ledger")
    visitor.do("ledger", by="new", layer="fc.weight")
    shown = [text for at, text in numbers(visitor.page()) if at.startswith("new.")]
    assert "nan" in shown
    assert shown == sorted(shown, key=lambda text: text == "nan")
