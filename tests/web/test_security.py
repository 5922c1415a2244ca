"""Who may do what, and what every answer carries."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.web.visitors import COOKIE
from tests.conftest import Visitor, mark_of

PLACES = ["/", "/network", "/docs", "/openapi.json", "/api/v1/session", "/nothing", "/api/v1/nothing", "/static/x/none"]


@pytest.mark.parametrize("path", PLACES)
def test_every_answer_carries_the_policy(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_cookie_comes_with_the_first_answer_and_is_guarded(client: TestClient) -> None:
    for path in ("/", "/api/v1/session"):
        client.cookies.clear()
        cookie = client.get(path).headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "secure" not in cookie
        assert "set-cookie" not in client.get(path).headers


def test_the_cookie_is_secure_under_https(settings: Settings) -> None:
    with TestClient(create_app(settings), base_url="https://testserver") as client:
        assert "secure" in client.get("/").headers["set-cookie"].lower()


def test_a_forged_cookie_opens_nobodys_session(visitor: Visitor) -> None:
    visitor.do("step")
    name = visitor.client.cookies[COOKIE].partition(".")[0]
    for forged in (name, f"{name}.x", "x" * 5000, f"{name}.{'A' * 27}"):
        visitor.client.cookies.clear()
        response = visitor.client.get("/api/v1/session", headers={"cookie": f"{COOKIE}={forged}"})
        assert response.json()["revision"] == 0
        assert COOKIE in response.headers["set-cookie"]


def test_visitors_do_not_see_each_other(visitor: Visitor, another: Visitor) -> None:
    visitor.do("label", label=7)
    assert another.get("session")["label"] == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://testserver"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://testserver:1"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
    ],
)
def test_a_post_from_another_site_is_refused(visitor: Visitor, headers: dict[str, str], status: int) -> None:
    assert visitor.client.post("/api/v1/actions/step", headers=headers).status_code == status
    page = visitor.client.post("/network/step", headers=headers)
    assert page.status_code == (303 if status == 200 else status)
    assert visitor.get("session")["step"] == (2 if status == 200 else 0)


def test_nothing_changes_by_get(visitor: Visitor) -> None:
    visitor.page()
    for path in ("/network/step", "/network/undo", "/network/tick", "/api/v1/actions/step"):
        assert visitor.client.get(path).status_code in (404, 405)
    assert visitor.get("session")["revision"] == 0


def test_an_error_never_shows_a_trace(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("app.web.asked.moment", broken)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        response = client.get("/api/v1/session")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.json()["error"]["code"] == "internal"
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_what_a_visitor_sends_is_never_markup(visitor: Visitor) -> None:
    mark = mark_of(visitor.page())
    for field, value in (("name", "<script>alert(1)</script>"), ('x"><b>', "1")):
        answer = visitor.press("load", mark, **{field: value})
        assert answer.status_code == 422
        assert "<script" not in answer.text
        assert "<b>" not in answer.text
