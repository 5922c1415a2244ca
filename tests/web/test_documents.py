"""The API's own document: fuzzed, and shown offline."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import mkdtemp

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    negative_data_rejection,
    positive_data_acceptance,
)
from starlette.testclient import TestClient

from app.main import create_app
from app.playground.actions import REGISTRY
from app.playground.bounds import Bounds
from app.settings import Settings

APP = create_app(Settings(data=Path(mkdtemp(prefix="fivebyfive-")), hosts=("*",), bounds=Bounds(rate=0)))
schema = schemathesis.openapi.from_asgi("/openapi.json", APP)


@schema.parametrize()
@settings(max_examples=130, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_answers_as_its_document_says(case: schemathesis.Case) -> None:
    # A JSON schema calls 6.0 an integer, and cannot say how far this session goes, nor which numbers it has: here that
    # is refused.
    looser = any(word in case.path for word in ("/actions/", "/explain/", "/checkpoint"))
    stricter = [positive_data_acceptance] if looser else []
    if case.path.endswith("/training-import"):  # a text longer than it takes is longer than a body may be: 413
        stricter.append(negative_data_rejection)
    if case.path.endswith("/checkpoint"):  # two routes, of which each names itself alone to OPTIONS
        stricter.append(allow_header_conformance)
    case.call_and_validate(excluded_checks=stricter)


def test_every_action_is_documented(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    actions = {path.removeprefix("/api/v1/actions/") for path in paths if "/actions/" in path}
    named = {name for name, kind in REGISTRY.items() if not kind.internal}
    assert actions == named
    assert all(paths[f"/api/v1/actions/{name}"]["post"]["summary"] for name in named)


@pytest.mark.parametrize("path", ["/", "/docs", "/nothing"])
def test_pages_name_no_other_host_and_hold_no_inline_code(client: TestClient, path: str) -> None:
    html = client.get(path).text
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', html)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", html)
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', html):
        response = client.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
