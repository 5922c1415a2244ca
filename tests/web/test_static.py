"""Style sheets and scripts are joined and packed on the way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Visitor

STATIC = Path(__file__).parents[2] / "static"


def _base(visitor: Visitor) -> str:
    found = re.search(r"/static/\w+/", visitor.client.get("/").text)
    assert found
    return found[0]


def test_several_files_are_one_answer_in_their_order(visitor: Visitor) -> None:
    base = _base(visitor)
    joined = visitor.client.get(f"{base}css/tokens+base.css")
    texts = [(STATIC / "css" / f"{name}.css").read_text() for name in ("tokens", "base")]
    assert joined.text == "\n".join(texts)
    assert joined.headers["content-type"].startswith("text/css")
    assert joined.headers["content-encoding"] == "gzip"
    assert "immutable" in joined.headers["cache-control"]


def test_a_client_that_cannot_unpack_gets_plain_text(visitor: Visitor) -> None:
    plain = visitor.client.get(f"{_base(visitor)}js/live.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == (STATIC / "js" / "live.js").read_text()


@pytest.mark.parametrize(
    "path", ["css/none.css", "css/base+none.css", "css/..+base.css", "../app/main.css", "css/+.css"]
)
def test_what_is_not_there_is_not_found(visitor: Visitor, path: str) -> None:
    assert visitor.client.get(f"{_base(visitor)}{path}").status_code == 404


def test_every_file_of_the_pages_is_there(visitor: Visitor) -> None:
    for page in ("/", "/convolution", "/pooling", "/activation", "/docs"):
        html = visitor.client.get(page).text
        for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', html):
            assert visitor.client.get(path).status_code == 200, path
