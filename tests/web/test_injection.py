"""Whatever is sent, wherever it is sent: it never becomes markup, and nothing breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote, unquote

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.main import create_app
from app.playground.actions import REGISTRY
from app.playground.bounds import Bounds
from app.settings import Settings
from app.views.labs import LABS
from app.web.visitors import COOKIE
from tests.web.crossing import CHECKPOINT, CSV, FIELDS, ROWS, quick_referee

MARK = "xss5150"
"""Stands in every string: wherever it turns up, it is to be text, with all of the string around it."""

STRINGS = [
    f"<script>{MARK}()</script>",
    f"</script><script>{MARK}()</script>",
    f"<ScRiPt\n>{MARK}()</sCrIpT >",
    f"<scr<script>ipt>{MARK}()</script>",
    f"<img src=x onerror={MARK}()>",
    f'"><img src=x onerror={MARK}()>',
    f"'><svg onload={MARK}()>",
    f"<svg/onload={MARK}()//",
    f'" autofocus onfocus={MARK}() x="',
    f"' onmouseover='{MARK}()",
    f"` onclick={MARK}() `",
    f"javascript:{MARK}()",
    f"</title><body onload={MARK}()>",
    f"</textarea><iframe srcdoc='&lt;script&gt;{MARK}()&lt;/script&gt;'>",
    f"--><script>{MARK}()</script><!--",
    f"<!--{MARK}-->",
    f"<style>@import '{MARK}'</style>",
    f"<a href=javascript:{MARK}()>1</a>",
    f"<form action=//{MARK}><input type=submit>",
    f"<button hx-get=//{MARK} hx-trigger=load>",
    f"<math><mtext><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror={MARK}()&gt;'>",
    f"&lt;script&gt;{MARK}()&lt;/script&gt;",
    f"%3Cscript%3E{MARK}()%3C/script%3E",
    "{{ 5150 * 7331 }}{% print 5150 * 7331 %}" + MARK,
]
SHORT = 16
"""Letters of a string that are left of it where it is cut."""
WORKED_OUT = str(5150 * 7331)
"""What a template would make of the last one."""

PLACES = [row.path.format(code="x" * 22) for row in ROWS if row.method == "GET" and "?" not in row.path]
PARTS = [
    "/{}",
    "/{}/referee",
    "/network/{}",
    "/network/ledger/{}",
    "/s/{}",
    "/static/{}/css/base.css",
    "/static/x/{}",
    "/static/x/css/{}.css",
    "/api/v1/{}",
    "/api/v1/explain/{}",
    "/api/v1/code/{}",
    "/api/v1/actions/{}",
    "/api/v1/share/{}",
]


TAKEN = [
    (name, field, '"string"' in json.dumps(rule))
    for name, kind in REGISTRY.items()
    if not kind.internal
    for field, rule in [*kind.model_json_schema().get("properties", {}).items(), ("", {})]
]
"""Each field of each action, and whether it takes a text; and one that the action does not have."""


class _Found(HTMLParser):
    """Collects where the mark became something else than text."""

    def __init__(self, sent: str) -> None:
        super().__init__()
        self.sent = sent
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            inert = not name.startswith(("on", "hx-")) and name not in ("style", "srcdoc", "href", "src", "action")
            whole = self.sent in unquote(value or "") or self.sent in (value or "")
            if MARK in name or (MARK in (value or "") and not (inert and whole)):
                self.wrong.append(f"<{tag} {name}={value!r}>")
        if MARK in tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if MARK in data and self.cdata_elem:
            self.wrong.append(f"<{self.cdata_elem}>: {data}")

    def handle_comment(self, data: str) -> None:
        if MARK in data:
            self.wrong.append(f"<!--{data}-->")

    handle_decl = handle_pi = unknown_decl = handle_comment


def harmless(sent: str, answer: Response) -> None:
    """See that an answer is a decent one, and holds what was sent as text if at all."""
    text, where = answer.text, f"{answer.request.method} {answer.request.url}"
    assert answer.status_code < 500, where
    assert MARK not in str(answer.headers), where
    assert WORKED_OUT not in text, where
    assert answer.headers["x-content-type-options"] == "nosniff", where
    if answer.headers.get("content-type", "").startswith("text/html"):
        found = _Found(sent)
        found.feed(text)
        found.close()
        assert not found.wrong, where
        assert sent[:SHORT] not in text or not set(sent[:SHORT]) & set("<>\"'"), where
    elif MARK in text:
        assert answer.headers["content-type"] == "application/json", where


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(data=tmp_path_factory.mktemp("data"), hosts=("testserver",), bounds=Bounds(rate=0))
    with quick_referee(), TestClient(create_app(settings), follow_redirects=False) as server:
        yield server


@pytest.fixture
def client(server: TestClient) -> TestClient:
    """Somebody new."""
    return TestClient(server.app, follow_redirects=False)


@pytest.fixture(params=STRINGS, ids=range(len(STRINGS)))
def sent(request: pytest.FixtureRequest) -> str:
    string: str = request.param
    return string


def not_kept(client: TestClient) -> None:
    """See that no page shows what was sent before."""
    for path in ("/api/v1/session", "/network/ledger", *(f"/{lab}" for lab in LABS)):
        answer = client.get(path)
        assert answer.status_code == 200
        assert MARK not in answer.text, path


def fields(sent: str) -> Iterator[tuple[str, str]]:
    """Return each field that takes a text, with its action; of the others each gets one of the strings."""
    for turn, (name, field, text) in enumerate(TAKEN, STRINGS.index(sent)):
        if text or turn % len(STRINGS) == 0:
            yield name, field or sent


def test_in_the_fields_of_every_action(client: TestClient, sent: str) -> None:
    for name, field in fields(sent):
        harmless(sent, client.post(f"/api/v1/actions/{name}", json=FIELDS[name] | {field: sent}))
    not_kept(client)


def test_in_the_fields_of_every_form(client: TestClient, sent: str) -> None:
    mark = ""
    for name, field in fields(sent):
        harmless(sent, client.post(f"/network/{name}", data={field: sent}))
        headers = {"hx-request": "true", "page-revision": mark}
        answer = client.post(f"/network/{name}", params={field: sent}, headers=headers)
        harmless(sent, answer)
        mark = answer.headers["page-revision"]
    not_kept(client)


def test_in_the_query(client: TestClient, sent: str) -> None:
    names = ("format", "voice", "lab", "address", "code", "name", sent)
    turn = STRINGS.index(sent)
    for place, path in enumerate(PLACES):
        harmless(sent, client.get(path, params={"revision": sent}))
        if (place + turn) % 4 == 0:
            harmless(sent, client.get(path, params=dict.fromkeys(names, sent)))
    harmless(sent, client.post("/share", params={"lab": sent}))
    harmless(sent, client.post("/api/v1/share", params={"revision": sent}))


def test_in_the_path(client: TestClient, sent: str) -> None:
    for part in PARTS:
        for written in (quote(sent, safe=""), quote(sent)):
            for method in ("GET", "POST"):
                harmless(sent, client.request(method, part.format(written)))


def test_in_what_is_uploaded(client: TestClient, sent: str) -> None:
    whole = json.loads(CHECKPOINT)
    checkpoints = [sent, json.dumps(sent), *(json.dumps({**whole, name: sent}) for name in whole)]
    checkpoints += [json.dumps({**whole, sent: sent}), json.dumps({"format": sent, sent: sent})]
    for text in checkpoints:
        harmless(sent, client.post("/api/v1/checkpoint", content=text, headers={"content-type": "application/json"}))
        harmless(sent, client.post("/training/checkpoint", files={"file": (sent, text.encode())}))
    for kind in ("application/octet-stream", "text/html"):
        harmless(sent, client.post("/api/v1/checkpoint", content=sent, headers={"content-type": kind}))
    harmless(sent, client.post("/training/checkpoint", data={"file": sent, sent: sent}))
    cells = CSV.split(",")
    lines = (sent, f"{CSV}\n{sent}", ",".join([*cells[:-1], sent]), ",".join([sent, *cells[1:]]), f"{CSV},{sent}")
    for text in lines:
        harmless(sent, client.post("/training/csv", files={"file": (sent, text.encode())}))
        harmless(sent, client.post("/api/v1/actions/training-import", json={"csv": text}))
        harmless(sent, client.post("/training/training-import", data={"csv": text}, headers={"hx-request": "true"}))
    not_kept(client)


def test_in_the_headers(client: TestClient, sent: str) -> None:
    written = sent.replace("\n", " ")
    told = {"page-revision": written, "idempotency-key": written, "referer": f"http://testserver/{written}"}
    for path in ("/", "/share", "/point", "/network/referee", "/training/files", "/nothing", "/api/v1/nothing"):
        harmless(sent, client.get(path, headers=told))
    for path in ("/network/step", "/network/tick", "/share?lab=network", "/api/v1/actions/step"):
        harmless(sent, client.post(path, headers=told))
        harmless(sent, client.post(path, headers=told | {"hx-request": "true"}))
    for name in ("cookie", "origin", "host", "content-type", "accept", "user-agent", "hx-request"):
        headers = {name: f"{COOKIE}={written}" if name == "cookie" else written}
        harmless(sent, client.get("/share", headers=headers))
        harmless(sent, client.post("/share?lab=network", headers=headers))
        harmless(sent, client.post("/api/v1/actions/step", headers=headers))
