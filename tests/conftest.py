"""A fresh playground for each test, and a visitor with the verbs of one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.main import create_app
from app.playground.bounds import DEFAULT, Bounds
from app.playground.redis import RedisStore
from app.playground.sqlite import SQLiteStore
from app.playground.store import Store
from app.settings import Settings
from tools.redis import RedisServer


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """See that each test has an id of its own.

    pytest-xdist knows tests by their ids: of several with one id it runs one, and leaves out the others without a word.
    Since pytest 9.2 that is so of those that schemathesis makes, one for each operation of the API.
    """
    for item in items:
        if item.parent and not item.nodeid.endswith(item.name):
            item._id = item.parent.id.child(item.name)
    shared = [name for name, times in Counter(item.nodeid for item in items).items() if times > 1]
    if shared:
        raise pytest.UsageError(f"Several tests share one id, so that only one of them would run: {shared}")


class Visitor:
    """Somebody with a cookie: speaks to the API in a visitor's verbs."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, **query: object) -> Any:
        response = self.client.get(f"/api/v1/{path}", params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def send(self, action: str, nonce: str | None = None, **fields: object) -> Response:
        headers = {"idempotency-key": nonce} if nonce else {}
        return self.client.post(f"/api/v1/actions/{action}", json=fields, headers=headers)

    def do(self, action: str, nonce: str | None = None, **fields: object) -> int:
        response = self.send(action, nonce, **fields)
        assert response.status_code == 200, response.text
        return response.json()["revision"]

    def page(self, path: str = "/network", **query: object) -> str:
        response = self.client.get(path, params=query)
        assert response.status_code == 200
        return response.text

    def press(self, action: str, mark: str = "", nonce: str = "", query: str = "", **fields: object) -> Response:
        """Send a form as the script does."""
        headers = {"hx-request": "true", "page-revision": mark} | ({"idempotency-key": nonce} if nonce else {})
        return self.client.post(f"/network/{action}{query}", data=fields, headers=headers)


def mark_of(html: str) -> str:
    """Return how a page or an answer names what it shows."""
    found = re.search(r'data-revision="([^"]+)"', html)
    assert found
    return found[1]


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    yield server
    server.kill()


NewStore = Callable[..., Store]
"""Opens an empty store, within bounds."""


@pytest.fixture(params=["sqlite", "redis"])
def new_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewStore]:
    """Stores of each kind: what holds of one holds of the other."""
    opened: list[Store] = []

    def new(bounds: Bounds = DEFAULT) -> Store:
        if request.param == "sqlite":
            opened.append(SQLiteStore(tmp_path_factory.mktemp("store"), bounds))
        else:
            redis = request.getfixturevalue("redis")
            redis.client().flushall()
            opened.append(RedisStore(redis.url, bounds))
        return opened[-1]

    yield new
    for store in opened:
        store.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, hosts=("testserver",), bounds=Bounds(rate=0))


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield client


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    return Visitor(client)


@pytest.fixture
def another(client: TestClient) -> Visitor:
    """Another visitor of the same server."""
    return Visitor(TestClient(client.app, follow_redirects=False))
