"""GET export.py and export.ipynb: the session as a file, and nothing of anybody else."""

from __future__ import annotations

import ast
import json
import re

import pytest
from starlette.testclient import TestClient

from app.views.labs import LABS
from tests.conftest import Visitor


def exported(visitor: Visitor, end: str = "py", **query: object) -> str:
    response = visitor.client.get(f"/api/v1/export.{end}", params=query)
    assert response.status_code == 200, response.text
    return response.text


@pytest.mark.parametrize(
    ("end", "kind"), [("py", "text/x-python; charset=utf-8"), ("ipynb", "application/x-ipynb+json")]
)
def test_an_export_is_a_file_and_the_same_bytes_each_time(visitor: Visitor, end: str, kind: str) -> None:
    visitor.do("step", steps=3)
    responses = [visitor.client.get(f"/api/v1/export.{end}") for _ in range(2)]
    assert [response.headers["content-type"] for response in responses] == [kind] * 2
    assert responses[0].headers["content-disposition"] == f'attachment; filename="five-by-five.{end}"'
    assert responses[0].content == responses[1].content


def test_two_visitors_who_did_the_same_get_the_same(visitor: Visitor, another: Visitor) -> None:
    for end in ("py", "ipynb"):
        files = []
        for somebody in (visitor, another):
            for action in ({"name": "four"}, {"name": "glyph-7"}):
                somebody.do("load", **action)
                somebody.do("step", steps=2)
            files.append(exported(somebody, end))
        assert files[0] == files[1]
        visitor.do("start-over")
        another.do("start-over")


def test_an_export_holds_the_numbers_of_the_api(visitor: Visitor) -> None:
    visitor.do("step", steps=3)
    text = exported(visitor)
    shown = ast.literal_eval(re.findall(r"^shown = (\{.*?^\})", text, re.MULTILINE | re.DOTALL)[0])
    now = visitor.get("network/weights") | visitor.get("network/forward")
    assert shown == {name: now[name] for name in shown}
    assert shown.keys() >= {"conv.weight", "fc.bias", "logits", "probabilities", "loss"}


def test_an_export_is_of_any_revision(visitor: Visitor, another: Visitor) -> None:
    first = exported(visitor)
    visitor.do("step", steps=5)
    then = exported(visitor)
    visitor.do("undo")
    assert exported(visitor) == first
    assert exported(visitor, revision=1) == then
    assert exported(visitor, revision=0) == exported(another) == first
    refused = visitor.client.get("/api/v1/export.py", params={"revision": 9})
    assert refused.status_code == 404
    assert refused.json()["error"]["field"] == "revision"


def test_an_export_begins_no_session(client: TestClient) -> None:
    file = json.loads(client.get("/api/v1/export.ipynb").text)
    assert [cell["id"] for cell in file["cells"]] == [f"cell-{place}" for place in range(len(file["cells"]))]
    assert client.get("/api/v1/session").json()["revision"] == 0


@pytest.mark.parametrize("lab", LABS)
def test_every_page_has_the_links(visitor: Visitor, lab: str) -> None:
    links = re.findall(r'<a href="([^"]+)" download[^>]*>', visitor.page(f"/{lab}"))
    assert links == ["/api/v1/export.py", "/api/v1/export.ipynb"]
