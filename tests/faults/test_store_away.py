"""Where nothing can be saved, or nothing read: a sentence, nothing half-done, and back by itself."""

from __future__ import annotations

import resource
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.playground.bounds import Bounds
from app.settings import Settings
from tests.conftest import Visitor, mark_of
from tests.faults.presses import Presser
from tests.server import Server
from tools.redis import RedisServer


def fill(visitor: Visitor) -> int:
    """Take steps until nothing can be saved any more; return the head."""
    database = visitor.client.app.state.visitors.store._db  # type: ignore[attr-defined]
    pages = database.execute("pragma page_count").fetchone()[0]
    database.execute(f"pragma max_page_count = {pages}")
    for head in range(1, 1000):
        if visitor.send("step", steps=1000).status_code == 507:
            return head - 1
    raise AssertionError("The disk did not fill up.")


def empty(visitor: Visitor) -> None:
    visitor.client.app.state.visitors.store._db.execute("pragma max_page_count = 1000000")  # type: ignore[attr-defined]


def test_a_full_disk_is_said_and_all_is_read_until_there_is_room(visitor: Visitor) -> None:
    head = fill(visitor)
    refused = visitor.send("step", steps=1000)
    assert refused.json()["error"]["code"] == "not_saved"
    assert refused.headers["retry-after"]
    html = visitor.page()
    mark = mark_of(html)
    assert mark.partition("@")[0] == str(head)
    notice = visitor.press("step", mark, query="?steps=1000")
    assert notice.status_code == 507
    assert "not being saved" in notice.text
    assert notice.headers["page-revision"] == mark
    assert visitor.get("session")["revision"] == head
    empty(visitor)
    assert visitor.do("step") == head + 1


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="Linux alone can limit another process")
def test_a_server_whose_files_may_not_grow_refuses_reads_on_and_recovers(tmp_path: Path) -> None:
    server = Server(tmp_path, "--rate", "0").start()
    visitor = Presser(server)
    visitor.session()
    assert visitor.press("first")
    usual = resource.prlimit(server.process, resource.RLIMIT_FSIZE)
    largest = max(file.stat().st_size for file in server.data.iterdir())
    resource.prlimit(server.process, resource.RLIMIT_FSIZE, (largest + 50_000, usual[1]))
    step = '{"steps": 1000}'
    asked = (visitor.ask("POST", "actions/step", step, idempotency_key=f"many-{number}") for number in range(1000))
    refused = next(found for status, found in asked if status == 507)
    assert "not being saved" in refused["error"]["sentence"]
    head = visitor.session()["revision"]
    assert head > 1
    resource.prlimit(server.process, resource.RLIMIT_FSIZE, usual)
    status, found = visitor.ask("POST", "actions/step", "{}", idempotency_key="last")
    assert (status, found["revision"]) == (200, head + 1)
    visitor.hang_up()
    server.stop()


def test_a_link_that_cannot_be_kept_is_not_given_out(visitor: Visitor) -> None:
    fill(visitor)
    database = visitor.client.app.state.visitors.store._db  # type: ignore[attr-defined]
    database.execute("pragma query_only = on")
    refused = visitor.client.post("/api/v1/share")
    assert (refused.status_code, refused.json()["error"]["code"]) == (507, "not_saved")
    database.execute("pragma query_only = off")
    empty(visitor)
    assert visitor.client.post("/api/v1/share").status_code == 200


def test_a_redis_that_is_gone_is_said_on_a_page_and_found_again(tmp_path: Path) -> None:
    server = RedisServer(tmp_path).start()
    settings = Settings(store=server.url, secret="s" * 32, hosts=("testserver",), bounds=Bounds(rate=0))
    with TestClient(create_app(settings), follow_redirects=False) as client:
        visitor = Visitor(client)
        mark = mark_of(visitor.page())
        assert visitor.press("step", mark, nonce="first").status_code == 200
        assert client.get("/readyz").status_code == 200
        server.kill()
        page = client.get("/network")
        assert page.status_code == 503
        assert "cannot be reached just now" in page.text
        assert page.headers["retry-after"]
        refused = visitor.send("step", "second")
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "away")
        assert (client.get("/readyz").status_code, client.get("/healthz").status_code) == (503, 200)
        server.start()
        assert visitor.send("step", "second").json()["revision"] == 2
        assert visitor.send("step", "second").json()["revision"] == 2
        assert visitor.get("session")["step"] == 2
    server.kill()


def test_what_one_machine_kept_another_shows_with_the_same_secret_alone(redis: RedisServer) -> None:
    settings = Settings(store=redis.url, secret="s" * 32, hosts=("testserver",), bounds=Bounds(rate=0))
    with (
        TestClient(create_app(settings)) as one,
        TestClient(create_app(settings)) as two,
        TestClient(create_app(replace(settings, secret="t" * 32))) as stranger,
    ):
        here, there, elsewhere = Visitor(one), Visitor(two), Visitor(stranger)
        here.do("step")
        for other in (there, elsewhere):
            other.client.cookies = one.cookies
        assert there.do("step") == 2
        assert here.get("session")["step"] == 2
        assert elsewhere.get("session")["step"] == 0


@pytest.mark.parametrize("query", [{}, {"revision": 1}])
def test_a_session_that_the_store_has_lost_is_said_once_and_begins_anew(
    visitor: Visitor, query: dict[str, object]
) -> None:
    for _ in range(6):
        visitor.do("step")
    database = visitor.client.app.state.visitors.store._db  # type: ignore[attr-defined]
    for table in ("log", "snapshots", "sessions"):
        database.execute(f"delete from {table}")
    lost = visitor.client.get("/network", params=query)
    assert lost.status_code == 410
    assert "Load the page again" in lost.text
    assert mark_of(visitor.page()).partition("@")[0] == "0"
    assert visitor.do("step") == 1
