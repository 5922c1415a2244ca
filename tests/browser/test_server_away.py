"""A server that is killed, stopped, or has lost its data, and a session that has ended."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.fresh import same_as_fresh
from tests.browser.visitor import Visitor
from tests.server import Server


def test_a_killed_server_loses_nothing_and_the_page_goes_on_by_itself(witness: Visitor, own_server: Server) -> None:
    witness.press_at_once(*["step"] * 25)
    witness.waits(lambda: witness.revision >= 3, "three presses were answered")
    own_server.kill()
    answered = witness.revision
    expect(witness.at("connection")).to_be_visible()
    assert 3 <= answered <= witness.revision < 25
    own_server.start()
    witness.sees_revision(25)
    assert witness.step == 25
    expect(witness.at("connection")).to_be_hidden()
    same_as_fresh(witness)


def test_playing_goes_on_when_a_killed_server_is_back(witness: Visitor, own_server: Server) -> None:
    witness.press("play")
    witness.sees_it_play(2)
    own_server.kill()
    expect(witness.at("connection")).to_be_visible()
    own_server.start()
    expect(witness.at("connection")).to_be_hidden()
    witness.sees_it_play(2)
    witness.press("play")
    expect(witness.at("play")).to_have_attribute("aria-label", "Play")
    assert witness.settle().ask("session")["playing"] is None
    same_as_fresh(witness)


@pytest.mark.parametrize(("lab", "action"), [("convolution", "step"), ("training", "step")])
def test_other_labs_outlive_a_killed_server_too(witness: Visitor, own_server: Server, lab: str, action: str) -> None:
    witness.open(f"/{lab}")
    witness.press_at_once(*[action] * 12)
    witness.waits(lambda: witness.revision >= 3, "three presses were answered")
    own_server.kill()
    expect(witness.at("connection")).to_be_visible()
    own_server.start()
    witness.sees_revision(12)
    found = witness.ask(lab)
    assert (found["position"]["index"] + 1 if lab == "convolution" else found["step"]) == 12
    same_as_fresh(witness)


def test_a_run_goes_on_when_a_killed_server_is_back(witness: Visitor, own_server: Server) -> None:
    witness.open("/training").press("play")
    witness.sees_it_play(2)
    own_server.kill()
    expect(witness.at("connection")).to_be_visible()
    own_server.start()
    expect(witness.at("connection")).to_be_hidden()
    witness.sees("10 epochs:")
    assert witness.settle().ask("training")["step"] == 450


def test_a_press_while_the_server_is_away_counts_when_it_is_back(witness: Visitor, own_server: Server) -> None:
    own_server.stop()
    witness.press("step")
    expect(witness.at("connection")).to_be_visible()
    witness.press("label-3")
    own_server.start()
    witness.sees_revision(2)
    expect(witness.at("connection")).to_be_hidden()
    same_as_fresh(witness)


def test_a_page_that_outlived_its_session_says_so_and_shows_the_new_one(visitor: Visitor) -> None:
    visitor.press("step-10", "label-3")
    visitor.sees_revision(2)
    visitor.page.context.clear_cookies()
    visitor.press("step")
    expect(visitor.at("notice")).to_contain_text("That session has ended")
    visitor.sees_revision(1)
    same_as_fresh(visitor)
    visitor.press("step")
    visitor.sees("Step 2:")
    same_as_fresh(visitor)


def test_only_a_page_or_a_press_begins_a_session(visitor: Visitor) -> None:
    # Otherwise the cookie of a GET that was under way puts the session of a press out of reach.
    visitor.page.context.clear_cookies()
    answer = visitor.page.context.request.get(f"{visitor.url}/network/referee")
    assert answer.ok
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("keeps_secret", [False, True])
def test_a_server_that_lost_its_data_says_so(witness: Visitor, own_server: Server, keeps_secret: bool) -> None:
    witness.press("step-10", "label-3")
    witness.sees_revision(2)
    own_server.kill()
    if keeps_secret:
        for file in own_server.data.glob("sessions*"):
            file.unlink()
    else:
        shutil.rmtree(own_server.data)
    own_server.start()
    witness.press("step")
    witness.sees_revision(1)
    expect(witness.at("notice")).to_contain_text("That session has ended")
    same_as_fresh(witness)


def test_too_many_presses_are_a_sentence_and_the_page_stays(hurried: Visitor) -> None:
    hurried.watch.allow("429")
    hurried.press_at_once(*["step"] * 40)
    expect(hurried.at("notice")).to_contain_text("more than 3 requests a second")
    shown = hurried.revision
    assert 1 <= shown < 40
    expect(hurried.page.locator("main")).to_be_visible()
    expect(hurried.at("panel-answer")).to_be_visible()
