"""The referee's mark says what PyTorch says, in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import time

from tests.conftest import Visitor


def mark(visitor: Visitor) -> str:
    found = re.search(r'data-state="(\w+)"', visitor.client.get("/network/referee").text)
    assert found
    return found[1]


def test_the_referee_comes_when_asked_and_agrees(visitor: Visitor) -> None:
    visitor.page()
    assert mark(visitor) == "waiting"
    deadline = time.monotonic() + 120
    while (state := mark(visitor)) == "waiting":
        assert time.monotonic() < deadline
    assert state == "ok"
    visitor.do("learning-rate", rate=1e20)
    visitor.do("label", label=4)
    visitor.do("step", steps=5)
    assert mark(visitor) == "ok"  # nan is nan on both sides


def test_without_a_session_there_is_nothing_to_judge_and_none_begins(visitor: Visitor) -> None:
    response = visitor.client.get("/network/referee")
    assert "not checked yet" in response.text
    assert "set-cookie" not in response.headers


def test_the_server_itself_never_loads_torch() -> None:
    program = "import sys, app.__main__; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
