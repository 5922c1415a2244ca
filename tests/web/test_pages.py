"""The page shows the numbers of the JSON, and an answer is the difference."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.playground.errors import Refusal
from app.views.addresses import value_at
from app.views.moment import moment
from app.web.visitors import COOKIE
from tests.conftest import Visitor, mark_of
from tests.web.markup import agrees, numbers, panels, parsed

ALL = {
    "pad", "label", "kernels", "maps", "relu", "pool", "linear", "logits", "softmax",
    "switch", "sentence", "transport", "undo", "curve", "answer",
    "explanation", "stages", "ledger", "more", "code", "code-button",
}  # fmt: skip


def test_the_front_page_is_the_network(visitor: Visitor) -> None:
    html = visitor.page("/")
    assert panels(html) == ALL
    assert mark_of(html).startswith("0@")
    assert "Press Step" in html


def flat(name: str, value: object) -> dict[str, float | None]:
    """Return the numbers of a nested list by address."""
    if not isinstance(value, list):
        return {f"{name}]" if "[" in name else name: value}  # type: ignore[dict-item]
    found = {}
    for index, part in enumerate(value):
        found |= flat(f"{name},{index}" if "[" in name else f"{name}[{index}", part)
    return found


def in_json(visitor: Visitor) -> dict[str, float]:
    """Return every number of the JSON by its address."""
    found: dict[str, float] = {}
    for path, prefix in (("weights", ""), ("gradients", "grad."), ("forward", "")):
        tensors = visitor.get(f"network/{path}")
        wrong = tensors.pop("not_finite")
        tensors.pop("prediction", None)
        for name, value in tensors.items():
            cells = flat(prefix + name, value)
            found |= {at: float(wrong[at]) if number is None else number for at, number in cells.items()}
    losses = visitor.get("network/losses")
    return found | {f"losses[{step}]": float("nan") if loss is None else loss for step, loss in enumerate(losses)}


VOICES = ("gradients", "both", "ledger", "values")


def every_voice(visitor: Visitor) -> list[tuple[str, str]]:
    """Return (address, text) of every number on the page, whatever its switch says."""
    found = []
    for voices in VOICES:
        visitor.do("show", voices=voices)
        found += numbers(visitor.page())
    return found


SITUATIONS = [
    [],
    [("step", {})],
    [("step", {"steps": 10}), ("label", {"label": 3})],
    [("clear", {})],
    [("learning-rate", {"rate": 100}), ("step", {}), ("label", {"label": 3})],
    [("learning-rate", {"rate": 1e20}), ("label", {"label": 3}), ("step", {"steps": 4})],
    [("learning-rate", {"rate": 1e10}), ("step", {}), ("label", {"label": 3}), ("step", {})],
    [("step", {"steps": 300}), ("rewind", {"revision": 1, "step": 120}), ("step", {})],
    [("initialise", {"seed": 3}), ("load", {"name": "four"}), ("step", {"steps": 30})],
    [("step", {"steps": 3}), ("label", {"label": 1}), ("rewind", {"revision": 1}), ("play", {})],
    [("step", {"steps": 3}), ("undo", {}), ("redo", {}), ("undo", {}), ("start-over", {})],
    [("step", {"steps": 3}), ("start-over", {}), ("undo", {})],
]


@pytest.mark.parametrize("actions", SITUATIONS)
def test_every_number_on_the_page_has_an_address_and_equals_the_json(
    visitor: Visitor, actions: list[tuple[str, dict[str, object]]]
) -> None:
    for name, fields in actions:
        visitor.do(name, **fields)
    known = in_json(visitor)
    shown = every_voice(visitor)
    assert len(shown) >= 270
    for address, text in shown:
        if address.startswith(("old.", "velocity.", "change.", "new.")):
            continue
        value = known[address] * (100 if text.endswith("%") else 1)
        assert agrees(text, value), (address, text, value)
    for address in known:
        if not address.startswith("losses"):
            assert address in dict(shown), address


@pytest.mark.parametrize("actions", SITUATIONS)
def test_every_address_on_the_page_resolves(visitor: Visitor, actions: list[tuple[str, dict[str, object]]]) -> None:
    visitor.page()
    for name, fields in actions:
        visitor.do(name, **fields)
    visitors = visitor.client.app.state.visitors  # type: ignore[attr-defined]
    session = visitors._kept[visitor.client.cookies[COOKIE]].session
    now = moment(session, session.head)
    for address, text in every_voice(visitor):
        value = value_at(now, address) * (100 if text.endswith("%") else 1)
        assert agrees(text, value), (address, text, value)
    for wrong in (
        "conv.weight",
        "conv.weight[4,0,0,0]",
        "nothing[0]",
        "conv.weight[0,0]",
        "",
        "neuron:nothing",
        "loss[0]",
    ):
        with pytest.raises(Refusal):
            value_at(now, wrong)


def test_after_a_step_the_ledger_holds_the_old_parameters(visitor: Visitor) -> None:
    before = in_json(visitor)
    visitor.do("step")
    visitor.do("show", voices="ledger")
    old = {}
    for layer in ("conv.weight", "conv.bias", "fc.weight", "fc.bias"):
        visitor.do("ledger", layer=layer)
        old |= {address: text for address, text in numbers(visitor.page()) if address.startswith("old.")}
    assert len(old) == 70
    assert all(agrees(text, before[address.removeprefix("old.")]) for address, text in old.items())


def test_an_answer_is_the_panels_that_differ(visitor: Visitor) -> None:
    mark = mark_of(visitor.page())
    painted = visitor.press("paint", mark, query="?row=4&column=4&on=true")  # no window reads it
    assert panels(painted.text) == {"pad", "sentence", "undo", "curve"}
    stepped = visitor.press("step", mark_of(painted.text), steps=1)
    assert {"pad", "label", "more"} & panels(stepped.text) == set()
    assert {"kernels", "linear", "curve", "answer", "sentence"} <= panels(stepped.text)
    assert stepped.headers["page-revision"] == mark_of(stepped.text)


def test_only_the_numbers_that_are_to_be_seen_are_sent(visitor: Visitor) -> None:
    visitor.do("step")
    for voices, kinds in {"values": "v", "gradients": "g", "both": "vg", "backward": "", "ledger": ""}.items():
        visitor.do("show", voices=voices)
        shown = dict(numbers(visitor.page()))
        for kind, address in {"v": "fc.weight[0,0]", "g": "grad.fc.weight[0,0]"}.items():
            assert (address in shown) == (kind in kinds)


def test_a_page_that_shows_something_else_gets_all_panels(visitor: Visitor) -> None:
    old = mark_of(visitor.page())
    visitor.press("step", old, steps=1)
    assert panels(visitor.press("step", old, steps=1).text) == ALL
    assert visitor.get("session")["step"] == 2  # a stale page's press counts all the same


def test_a_press_sent_again_is_applied_once_and_answered_with_the_difference_to_the_head(visitor: Visitor) -> None:
    mark = mark_of(visitor.page())
    first = visitor.press("step", mark, nonce="n", steps=1)
    again = visitor.press("step", mark, nonce="n", steps=1)
    assert mark_of(first.text) == mark_of(again.text)
    assert panels(again.text) == ALL
    assert visitor.get("session")["step"] == 1


def test_a_page_whose_session_has_ended_gets_everything_and_a_sentence(visitor: Visitor) -> None:
    mark = mark_of(visitor.page())
    mark = mark_of(visitor.press("step", mark, steps=1).text)
    visitor.client.cookies.clear()
    answer = visitor.press("step", mark, steps=1)
    assert panels(answer.text) == ALL
    assert "has ended" in answer.text


def test_an_answer_always_carries_the_revision_and_the_notice(visitor: Visitor) -> None:
    mark = mark_of(visitor.page())
    refused = visitor.press("undo", mark)
    assert refused.status_code == 409
    assert "nothing to undo" in refused.text
    fine = visitor.press("step", mark, steps=1)
    assert {"revision", "notice"} <= set(parsed(fine.text).ids)
    assert "nothing to undo" not in fine.text


def test_without_script_a_form_leads_back_to_the_page(visitor: Visitor) -> None:
    visitor.page()
    response = visitor.client.post("/network/step", data={"steps": "10"})
    assert (response.status_code, response.headers["location"]) == (303, "/network")
    assert "Steps 1 to 10" in visitor.page()
    refused = visitor.client.post("/network/label", data={"label": "12"})
    assert refused.status_code == 422
    assert "a whole number from 0 to 9" in refused.text
    assert 'href="/network"' in refused.text


def test_a_page_can_be_opened_at_a_revision(visitor: Visitor) -> None:
    first = numbers(visitor.page())
    visitor.do("step", steps=5)
    assert numbers(visitor.page(revision=0)) == first
    assert visitor.client.get("/network?revision=9").status_code == 404
    assert visitor.client.get("/network?revision=x").status_code == 404


def test_a_tick_moves_what_plays_once_however_many_pages_watch(visitor: Visitor) -> None:
    mark = mark_of(visitor.page())
    mark = mark_of(visitor.press("play", mark, lab="network", steps=3, every=400).text)
    first = visitor.press("tick", mark)
    assert visitor.get("session")["step"] == 3
    visitor.press("tick", mark)  # the other page, which has not seen it yet
    assert visitor.get("session")["step"] == 3
    visitor.press("tick", mark_of(first.text))
    assert visitor.get("session")["step"] == 6
    mark = mark_of(visitor.press("undo", mark).text)
    assert visitor.get("session")["playing"] is None
    visitor.press("tick", mark)
    assert visitor.get("session")["step"] == 3


def test_playing_stops_where_numbers_stop(visitor: Visitor) -> None:
    visitor.do("learning-rate", rate=1e20)
    visitor.do("label", label=5)
    visitor.do("play", steps=2)
    mark = mark_of(visitor.page())
    for _ in range(4):
        mark = mark_of(visitor.press("tick", mark).text)
    assert visitor.get("session")["playing"] is None
    assert visitor.press("step", mark, steps=1).status_code == 409
    assert "too big" in visitor.page()


def test_a_blank_drawing_says_so_and_a_tie_is_no_prediction(visitor: Visitor) -> None:
    visitor.do("clear")
    assert "The drawing is blank" in visitor.get("session")["sentence"]
    assert visitor.get("session")["prediction"] is not None


LETTERS = some.text(max_size=30)
NAMES = some.sampled_from(["step", "paint", "stroke", "load", "label", "rewind", "play", "nothing"])
MARKS = some.text(some.characters(codec="ascii", categories=["L", "N", "P"]), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(action=NAMES, fields=some.dictionaries(LETTERS, LETTERS, max_size=4), mark=MARKS)
def test_no_form_breaks_the_server(visitor: Visitor, action: str, fields: dict[str, str], mark: str) -> None:
    assert visitor.press(action, mark, **fields).status_code in (200, 404, 409, 422)
