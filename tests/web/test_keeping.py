"""Checkpoints, CSV and share links, over HTTP: whose they are, and what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.playground.sharing import DAYS
from app.web import keeping, keeping_api
from tests.conftest import Visitor


def posted(visitor: Visitor, path: str, data: bytes | str, kind: str) -> Any:
    return visitor.client.post(path, content=data, headers={"content-type": kind})


@pytest.mark.parametrize("form", ["json", "safetensors"])
def test_a_checkpoint_is_saved_and_loaded(visitor: Visitor, form: str) -> None:
    visitor.do("training-network", rung="eight")
    visitor.do("training-step", steps=20)
    weights = visitor.get("training")["weights"]
    saved = visitor.client.get("/api/v1/checkpoint", params={"format": form})
    assert saved.headers["content-disposition"].endswith(f'five-by-five.{form}"')
    visitor.do("training-network", rung="linear")
    answer = posted(visitor, "/api/v1/checkpoint", saved.content, saved.headers["content-type"])
    assert answer.status_code == 200, answer.text
    found = visitor.get("training")
    assert found["weights"] == weights
    assert found["step"] == 0
    visitor.do("undo")
    assert visitor.get("training")["network"]["parameters"] == 260


@pytest.mark.parametrize(
    ("data", "kind", "status", "why"),
    [
        ("{}", "application/json", 422, "format"),
        ("", "application/json", 422, "no checkpoint"),
        ("x", "text/plain", 415, ""),
        (b"\x80\x04pickle", "application/octet-stream", 422, "no checkpoint"),
        ("{" + " " * 600_000, "application/json", 413, "too large"),
    ],
)
def test_what_is_no_checkpoint_is_refused(visitor: Visitor, data: Any, kind: str, status: int, why: str) -> None:
    answer = posted(visitor, "/api/v1/checkpoint", data, kind)
    assert answer.status_code == status
    assert why in answer.json()["error"]["sentence"]
    assert visitor.get("session")["revision"] == 0


def test_a_file_is_loaded_by_a_form(visitor: Visitor) -> None:
    visitor.do("training-step", steps=3)
    saved = visitor.client.get("/api/v1/checkpoint").content
    answer = visitor.client.post("/training/checkpoint", files={"file": ("a.json", saved)}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/training")
    empty = visitor.client.post("/training/checkpoint", files={"file": ("a.json", b"")})
    assert (empty.status_code, "Choose a file first" in empty.text) == (422, True)


def test_files_that_are_too_long_get_a_sentence(visitor: Visitor) -> None:
    long = b"{" + b" " * (512 * 1024 + 10)
    answer = visitor.client.post("/training/checkpoint", files={"file": ("a.json", long)})
    assert (answer.status_code, "too long" in answer.text) == (422, True)
    answer = visitor.client.post("/training/csv", files={"file": ("a.csv", b"0," * 32_100)})
    assert (answer.status_code, "too long" in answer.text) == (422, True)


def test_drawings_go_out_and_come_in_as_csv(visitor: Visitor) -> None:
    visitor.do("training-data", set="lab")
    text = visitor.client.get("/api/v1/training/data.csv").text
    assert len(text.splitlines()) == 4
    visitor.do("training-import", csv=text)
    visitor.do("training-data", set="own")
    assert visitor.client.get("/api/v1/training/data.csv").text == text
    wrong = visitor.send("training-import", csv=text.replace(",4\n", ",x\n", 1))
    assert (wrong.status_code, wrong.json()["error"]["sentence"][:7]) == (422, "Line 3:")
    answer = visitor.client.post("/training/csv", files={"file": ("a.csv", b"\xff\xfe")})
    assert (answer.status_code, "no text in UTF-8" in answer.text) == (422, True)


def test_a_link_leads_a_stranger_to_a_copy_without_history(visitor: Visitor, another: Visitor) -> None:
    visitor.do("load", name="four")
    visitor.do("step", steps=5)
    visitor.do("training-step", steps=7)
    weights = visitor.get("network/weights")
    code = visitor.client.post("/api/v1/share").json()["code"]
    another.do("paint", row=2, column=2, on=True)
    own = another.get("session")["digit"]
    page = another.client.get(f"/s/{code}").text
    assert "Open a copy" in page
    assert another.get("session")["digit"] == own  # nothing changes by GET
    another.client.post(f"/s/{code}")
    assert another.get("network/weights") == weights
    assert another.get("network/losses") == []
    assert another.get("session")["step"] == another.get("training")["step"] == 0
    another.do("step")
    assert visitor.get("network/weights") == weights
    another.do("undo")
    another.do("undo")
    assert another.get("session")["digit"] == own


def test_a_link_is_made_on_a_page(visitor: Visitor, another: Visitor) -> None:
    visitor.page("/neuron")
    offer = visitor.client.get("/share", headers={"referer": "http://testserver/neuron"}).text
    assert 'action="/share?lab=neuron"' in offer
    page = visitor.client.post("/share?lab=neuron").text
    found = re.search(r'value="http://testserver(/s/[\w-]+)"', page)
    assert found
    assert "the Neuron lab" in another.client.get(found[1]).text
    assert another.client.post(found[1], follow_redirects=False).headers["location"] == "/neuron"
    assert visitor.client.post("/share?lab=nowhere").status_code == 422


@pytest.mark.parametrize("code", ["unknown", "x" * 300, "..%2f..%2fsecret"])
def test_a_link_that_leads_nowhere_says_so(visitor: Visitor, code: str) -> None:
    for answer in (visitor.client.get(f"/s/{code}"), visitor.client.post(f"/s/{code}")):
        assert answer.status_code == 404
        assert "content-security-policy" in answer.headers
    assert visitor.client.get("/s/unknown").text.count("This link leads nowhere") == 1
    assert visitor.get("session")["revision"] == 0


def test_a_tampered_link_leads_nowhere(visitor: Visitor) -> None:
    code = visitor.client.post("/api/v1/share").json()["code"]
    assert visitor.client.get(f"/s/{code[:-1]}").status_code == 404
    assert visitor.client.get(f"/s/{code.swapcase()}").status_code == 404


def test_a_link_expires(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    code = visitor.client.post("/api/v1/share").json()["code"]
    assert visitor.client.get(f"/s/{code}").status_code == 200
    late = keeping.time.time() + DAYS * 86400 + 1
    for module in (keeping, keeping_api):
        monkeypatch.setattr(module.time, "time", lambda: late)
    assert visitor.client.get(f"/s/{code}").status_code == 404
    assert visitor.client.post(f"/api/v1/share/{code}").status_code == 404


def test_what_a_link_holds_names_nobody(visitor: Visitor) -> None:
    visitor.do("step")
    code = visitor.client.post("/api/v1/share").json()["code"]
    visitors = visitor.client.app.state.visitors  # type: ignore[attr-defined]
    session = next(iter(visitors._kept.values())).session
    data = visitors.store.share(code, 0)
    assert session.name.encode() not in data
    assert code not in visitor.page("/network")


def test_the_copy_is_no_action_of_the_api(visitor: Visitor) -> None:
    assert visitor.send("open-copy", packed="{}").status_code == 404
    assert visitor.press("open-copy", packed="{}").status_code == 404


def test_a_link_made_by_a_program_opens_the_lab_that_it_names(visitor: Visitor, another: Visitor) -> None:
    path = visitor.client.post("/api/v1/share", params={"lab": "training"}).json()["path"]
    assert another.client.post(path).headers["location"] == "/training"
    assert visitor.client.post("/api/v1/share", params={"lab": "kitchen"}).status_code == 422


def test_a_code_that_is_too_long_is_said_to_be(visitor: Visitor) -> None:
    refused = visitor.client.post(f"/api/v1/share/{'x' * 65}").json()["error"]
    assert refused["sentence"] == "code: at most 64 letters."
