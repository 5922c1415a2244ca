"""The panels of the Pooling lab say what the numbers say, and nothing that is hidden."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.playground.pooling import pooled
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.views.moment import moment
from app.views.panels import words
from app.views.pooling import panels
from app.views.walks import BEYOND, HIDDEN, LEADS, PADDING, TIES
from tests.conftest import Visitor, mark_of
from tests.playground.test_session import do
from tests.web.markup import agrees, numbers
from tests.web.test_labs import at


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(SQLiteStore(tmp_path), "visitor")


def acts(session: Session, **actions: dict[str, object]) -> dict[str, Any]:
    """Do these actions one after the other, and return the panels by key."""
    for name, fields in actions.items():
        session.act(do(name.replace("_", "-"), **fields))
    return {panel.key: panel for panel in panels(moment(session, session.head))}


def ties(session: Session, **settings: object) -> dict[str, Any]:
    """Return the panels where a window holds its largest number twice."""
    return acts(session, pooling_map={"values": [[1, 6], [6, 0]]}, pooling_settings=settings, pooling_step={})


def test_the_same_moment_gives_equal_panels(session: Session) -> None:
    acts(session, pooling_step={})
    assert panels(moment(session, session.head)) == panels(moment(session, session.head))


def test_the_first_of_the_largest_wins_and_the_others_are_ties(session: Session) -> None:
    shown = ties(session)
    assert list(shown["window"].cells.kinds) == [0, LEADS | TIES, TIES, 0]
    assert words(shown["statement"].big) == "6 = 6"
    assert shown["statement"].words == "a tie: the first in reading order stays"
    assert shown["race"].running.values == [1, 6, 6, 6]
    assert shown["race"].leaders == (0, 1, 1, 1)
    assert words(shown["sentence"].sentence) == "Rows 0:2, columns 0:2: the largest is 6."


def test_the_winner_is_marked_once_it_was_compared(session: Session) -> None:
    acts(session, pooling_go={"by_beat": True})
    assert not any(acts(session)["window"].cells.kinds)
    assert acts(session)["race"].running.data == b""
    assert LEADS in acts(session, pooling_step={})["window"].cells.kinds


def test_the_winners_are_those_of_the_pooling(session: Session) -> None:
    acts(session, convolution_settings={"filters": 4}, pooling_settings={"kernel_size": 3, "padding": 1})
    table = session.table(session.head)
    found = pooled(table.pooling, table.convolution, table.digit)
    assert found.largest is not None
    for index in range(found.output.size):
        kinds = np.frombuffer(acts(session, pooling_go={"index": index})["window"].cells.kinds, np.uint8)
        channel, position = divmod(index, found.read.shape[2])
        assert ((kinds & (LEADS | TIES)) > 0).tolist() == found.largest[channel, :, position].tolist()
        assert np.flatnonzero(kinds & LEADS).tolist() == [found.largest[channel, :, position].argmax()]


def test_numbers_that_print_alike_are_told_apart(session: Session) -> None:
    shown = acts(session, pooling_map={"values": [[1.001, 1.002], [0, 0]]}, pooling_step={})
    assert words(shown["statement"].big) == "1.002 > 1.001"


def test_the_average_divides_by_the_padding_too_but_not_by_what_lies_beyond(session: Session) -> None:
    shown = ties(session, kind="average", stride=3, padding=1, ceil_mode=True)
    assert words(shown["statement"].big) == "1 / 4 = 0.25"
    assert "the padding counts" in shown["statement"].words
    acts(session, pooling_map={"values": [[1, 2, 3], [4, 5, 6], [7, 8, 9]]})
    shown = acts(session, pooling_settings={"padding": 0, "stride": 2}, pooling_go={"to": "end"})
    assert list(shown["window"].cells.kinds) == [0, BEYOND, BEYOND, BEYOND]
    assert words(shown["statement"].big) == "9 / 1 = 9"
    assert "beyond does not count" in shown["statement"].words


def test_the_padding_of_the_maximum_is_minus_infinity(session: Session) -> None:
    shown = ties(session, padding=1)
    kinds = np.frombuffer(shown["source"].cells.kinds, np.uint8).reshape(4, 4)
    values = np.array(shown["source"].cells.values).reshape(4, 4)
    assert (kinds[0] == PADDING).all()
    assert np.isneginf(values[kinds == PADDING]).all()
    assert shown["statement"].words == "the padding never wins"


def test_the_size_is_rounded_up_with_ceil_mode(session: Session) -> None:
    line = acts(session)["size"].lines[0]
    assert (line.rounding, line.result) == ("1.5 → 1", "2")
    shown = acts(session, pooling_settings={"ceil_mode": True})
    assert (shown["size"].lines[0].rounding, shown["size"].lines[0].result) == ("1.5 → 2", "3")
    assert shown["source"].beyond


def test_what_cannot_be_chosen_says_why(session: Session) -> None:
    settings = {one.field: one for one in acts(session, pooling_settings={"padding": 1})["settings"].settings}
    assert settings["padding"].plus is None
    assert "at most half its kernel" in settings["padding"].more
    assert settings["kernel_size"].minus is None
    assert settings["kernel_size"].plus == "3,3"
    settings = {one.field: one for one in acts(session, pooling_settings={"kind": "average"})["settings"].settings}
    assert settings["dilation"].plus is None
    assert "has no dilation" in settings["dilation"].more


def test_a_window_that_the_maps_have_become_too_small_for_is_stuck(session: Session) -> None:
    acts(session, pooling_settings={"kernel_size": 5})
    shown = acts(session, convolution_settings={"padding": 0})
    assert "does not fit" in words(shown["sentence"].sentence)
    assert shown["stepper"].stuck
    assert shown["output"].size == (0, 0)
    settings = {one.field: one for one in shown["settings"].settings}
    assert settings["padding"].plus == "1,1"  # a way out


def test_every_panel_of_a_stuck_page_is_written(visitor: Visitor) -> None:
    visitor.do("pooling-settings", kernel_size=5)
    visitor.do("convolution-settings", padding=0)
    html = visitor.page("/pooling")
    assert "does not fit into" in html
    assert not [at for at, _ in numbers(html) if at.startswith(("pooling:output", "pooling:window"))]


def test_what_is_to_be_predicted_stands_nowhere(visitor: Visitor) -> None:
    visitor.do("pooling-map", values=[[75, 80], [75, 80]])
    visitor.do("pooling-settings", kind="average")
    visitor.do("pooling-step")  # of the one position
    visitor.do("pooling-back")
    visitor.do("pooling-predict", on=True)
    html = visitor.page("/pooling")
    assert "77.5" not in html
    assert "310" not in html  # nor the sum
    assert "pooling:output[0,0,0]" not in dict(numbers(html))
    mark = mark_of(html)
    headers = {"hx-request": "true", "page-revision": mark}
    answer = visitor.client.post("/pooling/pooling-settings", data={"rectified": "false"}, headers=headers).text
    assert "77.5" not in answer
    visitor.do("pooling-predict", value=3)
    assert dict(numbers(visitor.page("/pooling")))["pooling:output[0,0,0]"] == "77.5"


@pytest.mark.parametrize("kind", ["max", "average"])
def test_what_the_convolution_hides_stands_nowhere(visitor: Visitor, kind: str) -> None:
    kernel = [[[77.5]]]  # the drawing's ink becomes this number
    visitor.do("convolution-kernel", weight=kernel)
    visitor.do("convolution-settings", padding=0, stride=1)
    visitor.do("pooling-settings", kind=kind)
    visitor.do("pooling-go", to="end")
    visitor.do("convolution-predict", on=True)
    html = visitor.page("/pooling")
    assert "77.5" not in html
    assert not numbers(html)
    assert "hides a number here" in html
    visitor.do("convolution-predict", on=False)
    assert "77.5" in visitor.page("/pooling")


def test_a_map_shows_the_cells_that_were_revealed_alone(session: Session) -> None:
    acts(session, convolution_go={"index": 6}, convolution_predict={"on": True})
    shown = acts(session, pooling_go={"to": "end"})
    kinds = np.frombuffer(shown["source"].cells.kinds, np.uint8)
    assert (kinds == HIDDEN).tolist() == [index > 6 for index in range(25)]
    kinds = np.frombuffer(b"".join(row.cells.kinds for row in shown["output"].rows), np.uint8)
    assert (kinds == HIDDEN).tolist() == [False, True, True, True]
    assert not acts(session, pooling_map={"source": "typed"})["source"].cells.kinds.strip(b"\0")


@pytest.mark.parametrize("kind", ["max", "average"])
@pytest.mark.parametrize("index", [0, 5, 17])
def test_every_address_on_the_page_resolves_to_its_number(visitor: Visitor, kind: str, index: int) -> None:
    visitor.do("convolution-settings", filters=3)
    visitor.do("pooling-settings", kernel_size=3, padding=1, stride=3, ceil_mode=True, kind=kind, rectified=False)
    visitor.do("pooling-go", index=index % 12)
    found = numbers(visitor.page("/pooling"))
    assert len(found) > 40
    for address, text in found:
        assert agrees(text, at(visitor, address)), address


def test_a_whole_map_is_typed_as_text(visitor: Visitor) -> None:
    form = {"values": "1, −2, 3\n4 5 6,5"}
    visitor.client.post("/pooling/pooling-map", data=form)
    found = dict(numbers(visitor.page("/pooling")))
    assert found["pooling:maps[0,1,2]"] == "6.50"
    assert found["pooling:maps[0,0,1]"] == "0"  # ReLU first
