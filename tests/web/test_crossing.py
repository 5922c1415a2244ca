"""Nobody but its owner sees or changes a session, by any route there is."""

from __future__ import annotations

import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.main import create_app
from app.playground.bounds import Bounds
from app.playground.sharing import CODE, DAYS, share
from app.playground.state import opening
from app.settings import Settings
from app.web.visitors import COOKIE, SAFE, Visitors
from tests.conftest import Visitor
from tests.web.crossing import ROWS, Gives, Row, quick_referee

KEY = {"idempotency-key": "of-the-owner"}
LOOKS = [row for row in ROWS if row.method == "GET"]
LINKS = re.compile(r'(?<=/s/)[\w-]{22}|(?<="code":")[\w-]{22}')


def by_name(row: Row) -> str:
    return row.name


class House:
    """A server, its store, and the link that somebody made there."""

    def __init__(self, client: TestClient, store: sqlite3.Connection) -> None:
        self.app = client.app
        self.visitors: Visitors = client.app.state.visitors  # type: ignore[attr-defined]
        self._store = store
        self.code = Visitor(client).client.post("/api/v1/share").json()["code"]

    def newcomer(self, cookie: str | None = None) -> Visitor:
        visitor = Visitor(TestClient(self.app, follow_redirects=False))
        if cookie is not None:
            visitor.client.headers["cookie"] = f"{COOKIE}={cookie}"
        return visitor

    def signed(self, name: str) -> str:
        return self.visitors._signer.sign(name).decode()

    def rows(self, session: str) -> list[tuple[Any, ...]]:
        """Return what is kept of a session."""
        return self._store.execute("select * from log where session = ?", (session,)).fetchall()

    def written(self) -> int:
        """Return what is another number whenever anything was written, of whomever."""
        (version,) = self._store.execute("pragma data_version").fetchone()
        return version

    def said(self, response: Response) -> tuple[object, ...]:
        """Return what an answer says, and what a new link in it leads to, without what is random: names and links."""
        text = response.text
        kept = [self.visitors.store.share(code, 0) for code in LINKS.findall(text) if code != self.code]
        text = LINKS.sub("code", re.sub(r"@[0-9a-f]{10}", "@tag", text))
        mark = response.headers.get("page-revision", "").partition("@")[0]
        return response.status_code, response.headers.get("location"), mark, text, kept

    def ask(self, visitor: Visitor, row: Row, mark: str) -> Response:
        sent = dict(row.sent)
        if row.route.startswith("/{lab:lab}/"):  # as the script does, from a page that shows the owner's session
            sent["headers"] = {"hx-request": "true", "page-revision": mark}
        if row.method == "POST":
            sent["headers"] = {**sent.get("headers", {}), **KEY}
        return visitor.client.request(row.method, row.path.format(code=self.code), **sent)


def house(folder: Path) -> Iterator[House]:
    settings = Settings(data=folder, hosts=("testserver",), bounds=Bounds(rate=0))
    with (
        quick_referee(),
        TestClient(create_app(settings), follow_redirects=False) as client,
        closing(sqlite3.connect(folder / "sessions.sqlite3")) as store,
    ):
        yield House(client, store)


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from house(tmp_path_factory.mktemp("lived-in"))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Another server, where nobody owns anything: what is said there tells nothing of anybody."""
    yield from house(tmp_path_factory.mktemp("empty"))


class Owner(Visitor):
    """Somebody who has done something in every lab."""

    def __init__(self, house: House) -> None:
        super().__init__(house.newcomer().client)
        self.house = house
        self.do("load", name="four")
        self.do("label", label=7)
        self.do("step", steps=2)
        self.do("initialise", seed=4)
        self.do("step", nonce=KEY["idempotency-key"] + "-once", steps=3)
        self.do("neuron-initialise", w=2.5, b=1)
        for lab in ("neuron", "classifier", "backward", "convolution", "pooling", "activation"):
            self.do(f"{lab}-step")
        self.do("training-data", set="lab")
        self.do("training-add")
        self.do("training-data", set="own")
        self.do("training-step")
        self.do("play", lab="network")
        self.name = self.client.cookies[COOKIE].rpartition(".")[0]
        self.mark = house.visitors._kept[self.client.cookies[COOKIE]].mark(self.get("session")["revision"])

    def rows(self) -> list[tuple[Any, ...]]:
        return self.house.rows(self.name)


@pytest.fixture(scope="module")
def owner(lived_in: House) -> Owner:
    """Somebody whose session none of these tests may change."""
    return Owner(lived_in)


def stranger(house: House, owner: Owner) -> Visitor:
    return house.newcomer()


def another(house: House, owner: Owner) -> Visitor:
    visitor = house.newcomer()
    visitor.do("label", label=5)
    return visitor


def expired(house: House, owner: Owner) -> Visitor:
    return house.newcomer(house.signed(secrets.token_urlsafe(SAFE)))


def forged(house: House, owner: Owner) -> Visitor:
    return house.newcomer(f"{owner.name}.{'A' * 27}")


def unsigned(house: House, owner: Owner) -> Visitor:
    return house.newcomer(owner.name)


def renamed(house: House, owner: Owner) -> Visitor:
    """Return somebody who put the owner's name before a signature of their own."""
    return house.newcomer(f"{owner.name}.{house.signed(secrets.token_urlsafe(SAFE)).rpartition('.')[2]}")


Comes = Callable[[House, Owner], Visitor]
OTHERS: list[Comes] = [stranger, another, expired, forged, unsigned, renamed]


def test_the_table_names_every_route(lived_in: House) -> None:
    pages = {
        (method, route.path)
        for route in lived_in.app.routes  # type: ignore[attr-defined]
        for method in (getattr(route, "methods", None) or {"GET"}) - {"HEAD"}
    }
    document = lived_in.newcomer().client.get("/openapi.json").json()
    api = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert {(row.method, row.route) for row in ROWS} == pages | api | {("GET", "/openapi.json")}


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_others_are_told_what_they_would_be_told_if_the_owner_were_not(
    lived_in: House, empty: House, owner: Owner, row: Row
) -> None:
    before = owner.rows()
    for comes in OTHERS:
        elsewhere = empty.said(empty.ask(comes(empty, owner), row, owner.mark))
        visitor = comes(lived_in, owner)
        written = lived_in.written()
        assert lived_in.said(lived_in.ask(visitor, row, owner.mark)) == elsewhere, comes.__name__
        assert owner.rows() == before, comes.__name__
        assert row.method != "GET" or lived_in.written() == written, comes.__name__


@pytest.mark.parametrize("row", LOOKS, ids=by_name)
def test_the_owner_sees_it_and_changes_nothing_by_looking(lived_in: House, owner: Owner, row: Row) -> None:
    written = lived_in.written()
    mine = lived_in.ask(owner, row, owner.mark)
    assert mine.status_code == 200
    others = lived_in.ask(lived_in.newcomer(), row, owner.mark)
    assert (lived_in.said(mine) != lived_in.said(others)) == (row.gives is Gives.SEEN)
    for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"):
        assert owner.client.request(method, row.path.format(code=lived_in.code)).status_code in (200, 404, 405)
    assert lived_in.written() == written


@pytest.mark.parametrize("row", [row for row in ROWS if row not in LOOKS], ids=by_name)
def test_the_owner_changes_it(lived_in: House, row: Row) -> None:
    owner = Owner(lived_in)
    for action in row.first:
        owner.do(action)
    before = owner.rows()
    answer = lived_in.ask(owner, row, owner.mark)
    assert answer.status_code in (200, 303), answer.text
    assert (len(owner.rows()) > len(before)) == (row.gives is Gives.CHANGED)


@pytest.mark.parametrize("ask", ["GET /s/", "POST /s/", "POST /api/v1/share/"])
@pytest.mark.parametrize("why", ["wrong", "expired"])
def test_a_code_that_is_wrong_or_has_expired_leads_nowhere(lived_in: House, owner: Owner, ask: str, why: str) -> None:
    method, _, path = ask.partition(" ")
    code = secrets.token_urlsafe(CODE)
    if why == "expired":
        code = share(lived_in.visitors.store, opening(), "network", int(time.time()) - DAYS * 86400 - 1)
    assert len(code) == len(lived_in.code)
    before = owner.rows()
    assert owner.client.request(method, path + code).status_code == 404
    assert owner.rows() == before
