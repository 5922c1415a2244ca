"""The code beside the picture: its page with and without script, its answers, its colours, and the JSON."""

from __future__ import annotations

import re
from html import unescape

import pytest

from app.web.colouring import coloured
from tests.conftest import Visitor, mark_of

LABS = ("neuron", "classifier", "convolution", "pooling", "activation", "network")
ALL = {*LABS, "training"}
VOICES = ("python", "numpy", "torch")


def rows(html: str) -> list[str]:
    """Return the lines of code in a page or an answer."""
    found = re.findall(r'<span id="panel-code-line-\d+" class="row"[^>]*>(.*?)\n</span>', html, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", row)) for row in found]


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("voice", VOICES)
def test_the_page_shows_the_code_that_the_api_tells(visitor: Visitor, lab: str, voice: str) -> None:
    visitor.do("code", voice=voice)
    html = visitor.page(f"/{lab}")
    told = visitor.get(f"code/{lab}", voice=voice)
    assert (told["lab"], told["voice"]) == (lab, voice)
    assert rows(html) == told["lines"]
    lit = re.findall(r'id="panel-code-line-(\d+)" class="row" aria-current', html)
    assert [int(number) for number in lit] == told["lit"]


def test_without_script_a_form_shows_the_code_and_puts_it_away(visitor: Visitor) -> None:
    assert not rows(visitor.page())
    answer = visitor.client.post("/network/code", data={"voice": "numpy"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/network")
    assert "import numpy as np" in rows(visitor.page())
    assert rows(visitor.page("/pooling"))  # it is shown in every lab
    visitor.client.post("/network/code", data={"voice": ""})
    assert not rows(visitor.page())


def test_showing_code_is_a_look_that_undo_leaves_alone(visitor: Visitor) -> None:
    visitor.do("step")
    visitor.do("code", voice="torch")
    visitor.do("undo")
    assert rows(visitor.page())
    assert visitor.send("code", voice="fortran").json()["error"]["allowed"]["enum"] == ["", *VOICES]


def test_an_answer_holds_the_lines_that_changed_alone(visitor: Visitor) -> None:
    visitor.do("convolution-kernel", preset="blur")
    visitor.do("code", voice="numpy")
    headers = {"hx-request": "true", "page-revision": mark_of(visitor.page("/convolution"))}
    html = visitor.client.post("/convolution/convolution-step", headers=headers).text
    assert '<section id="panel-code"' not in html
    assert {row.split(" = ")[0] for row in rows(html)} <= {"row, col", "window", "out"}


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("voice", VOICES)
def test_the_code_adds_at_most_three_kilobytes_to_an_answer(visitor: Visitor, lab: str, voice: str) -> None:
    visitor.do("classifier-initialise", start="normal", seed=3)
    visitor.do("convolution-kernel", seed=3)
    visitor.do("code", voice=voice)
    for _ in range(3):
        headers = {"hx-request": "true", "page-revision": mark_of(visitor.page(f"/{lab}"))}
        step = "step" if lab == "network" else f"{lab}-step"
        html = visitor.client.post(f"/{lab}/{step}", headers=headers).text
        parts = re.findall(r'<(?:section|span) id="panel-code.*?</(?:section|span)>', html, re.DOTALL)
        assert sum(map(len, parts)) <= 3000


@pytest.mark.parametrize("lab", ["convolution", "pooling", "activation"])
def test_what_is_hidden_for_a_prediction_is_in_no_code(visitor: Visitor, lab: str) -> None:
    visitor.do("code", voice="python")
    visitor.do(f"{lab}-predict", on=True)
    assert not rows(visitor.page(f"/{lab}"))
    assert visitor.get(f"code/{lab}")["lines"] == []
    visitor.do(f"{lab}-predict", skip=True)
    assert visitor.get(f"code/{lab}")["lines"]


def test_code_of_an_earlier_revision_can_be_asked_for(visitor: Visitor) -> None:
    before = visitor.get("code/network", voice="torch")
    visitor.do("step")
    assert visitor.get("code/network", voice="torch") != before
    assert visitor.get("code/network", voice="torch", revision=0) == before


def test_an_unknown_lab_or_voice_is_refused_in_a_sentence(visitor: Visitor) -> None:
    for path, field, allowed in (("code/kitchen", "lab", ALL), ("code/neuron?voice=c", "voice", set(VOICES))):
        answer = visitor.client.get(f"/api/v1/{path}")
        assert answer.status_code == 422
        error = answer.json()["error"]
        assert error["field"] == field
        assert set(error["allowed"]) == allowed


def test_code_is_coloured_by_what_its_words_are() -> None:
    assert coloured("for i in range(3):") == '<b class="k">for</b> i <b class="k">in</b> range(<b class="num">3</b>):'
    assert coloured("k = [-1, 0, 2]") == 'k = [-<b class="neg">1</b>, 0, <b class="num">2</b>]'
    assert coloured("a - 1") == 'a - <b class="num">1</b>'
    assert coloured("out = total  # −0.750") == 'out = total<i class="c">  # −0.750</i>'
    assert coloured("if a < b:") == '<b class="k">if</b> a &lt; b:'
    assert coloured("# whole") == '<i class="c"># whole</i>'
    assert coloured(f"x = [{'1, ' * 80}<]") == f"x = [{'1, ' * 80}&lt;]"  # too long to be coloured
