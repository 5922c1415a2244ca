"""What those see who look after a server."""

from __future__ import annotations

from dataclasses import replace
from socket import gethostname

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.conftest import Visitor


def test_it_says_that_it_is_well_without_beginning_a_session(client: TestClient) -> None:
    for path, word in (("/healthz", "alive"), ("/readyz", "ready")):
        answer = client.get(path)
        assert (answer.status_code, answer.text.strip()) == (200, word)
        assert "set-cookie" not in answer.headers


def test_metrics_are_not_there_unless_they_are_wanted(client: TestClient) -> None:
    assert client.get("/metrics").status_code == 404


def test_metrics_count_requests_by_kind_and_say_nothing_of_visitors(settings: Settings) -> None:
    with TestClient(create_app(replace(settings, metrics=True)), follow_redirects=False) as client:
        visitor = Visitor(client)

        def counted(line: str) -> float:
            found = [one for one in client.get("/metrics").text.splitlines() if one.startswith(line)]
            return float(found[0].rpartition(" ")[2]) if found else 0

        line = 'fivebyfive_requests_total{kind="api",method="POST",status="200"}'
        before = counted(line)
        visitor.do("step")
        visitor.do("step")
        assert counted(line) == before + 2
        assert counted("fivebyfive_sessions_in_memory") >= 1
        assert counted('fivebyfive_request_seconds_count{kind="api"}') >= 2
        client.request("BREW", "/x" * 50)
        text = client.get("/metrics").text
        assert "BREW" not in text
        cookie = next(iter(client.cookies.values()))
        assert cookie.partition(".")[0] not in text


def test_one_session_may_not_ask_too_often_and_the_others_do_not_mind(settings: Settings) -> None:
    hurried = replace(settings, bounds=replace(settings.bounds, rate=3))
    with TestClient(create_app(hurried), follow_redirects=False) as client:
        visitor, other = Visitor(client), Visitor(TestClient(client.app, follow_redirects=False))
        visitor.get("session")
        statuses = [visitor.send("step").status_code for _ in range(40)]
        assert statuses.count(200) >= 5
        assert set(statuses) == {200, 429}
        refused = visitor.send("step")
        assert refused.headers["retry-after"] == "1"
        assert refused.json()["error"]["sentence"].startswith("That was more than 3 requests a second")
        notice = visitor.press("step", mark="1@abc")
        assert (notice.status_code, notice.headers["page-revision"]) == (429, "1@abc")
        assert "more than 3 requests" in notice.text
        assert other.do("step") == 1


def test_a_full_session_stays_and_says_the_way_out(settings: Settings) -> None:
    short = replace(settings, bounds=replace(settings.bounds, actions=3))
    with TestClient(create_app(short), follow_redirects=False) as client:
        visitor = Visitor(client)
        for _ in range(3):
            visitor.do("step")
        refused = visitor.send("step")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "full")
        assert visitor.get("session")["step"] == 3
        assert client.post("/api/v1/share").status_code == 200


def test_where_no_session_more_is_kept_pages_still_answer(settings: Settings) -> None:
    crowded = replace(settings, bounds=replace(settings.bounds, sessions=1))
    with TestClient(create_app(crowded), follow_redirects=False) as client:
        Visitor(client).do("step")
        other = Visitor(TestClient(client.app, follow_redirects=False))
        assert "Five by Five" in other.page()
        refused = other.send("step")
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "crowded")
        assert refused.headers["retry-after"]
        assert other.get("session")["revision"] == 0


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("testserver", 200),
        ("127.0.0.1:5555", 200),
        ("[::1]:5555", 200),
        ("192.168.7.7", 200),
        ("localhost:1", 200),
        ("LOCALHOST", 200),
        (gethostname(), 200),
        (f"{gethostname()}.fritz.box:5555", 200),
        (f"not-{gethostname()}", 421),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
        ("a" * 300, 421),
    ],
)
def test_a_name_that_is_not_its_own_is_refused(client: TestClient, host: str, status: int) -> None:
    for path in ("/", "/api/v1/session", "/healthz", "/static/x"):
        answer = client.get(path, headers={"host": host})
        assert (answer.status_code == 421) == (status == 421)
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_any_name_may_be_allowed(settings: Settings) -> None:
    with TestClient(create_app(replace(settings, hosts=("*",)))) as client:
        assert client.get("/", headers={"host": "anything.example"}).status_code == 200


def test_who_has_not_come_for_long_is_let_go_of_and_read_again(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.do("step")
    visitors = visitor.client.app.state.visitors  # type: ignore[attr-defined]
    visitors.sweep()
    assert visitors.held == 1
    monkeypatch.setattr("app.web.visitors.REST", -1.0)
    visitors.sweep()
    assert visitors.held == 0
    monkeypatch.undo()
    assert visitor.do("step") == 2
