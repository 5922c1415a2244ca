"""The referee's mark says what PyTorch says, in a process of its own."""

from __future__ import annotations

import re
import sys

from tests.conftest import Visitor


def mark(visitor: Visitor) -> str:
    found = re.search(r'data-state="(\w+)"', visitor.client.get("/network/referee").text)
    assert found
    return found[1]


def test_the_referee_comes_when_asked_and_agrees(visitor: Visitor) -> None:
    assert mark(visitor) == "waiting"
    while (state := mark(visitor)) == "waiting":
        pass
    assert state == "ok"
    visitor.do("learning-rate", rate=1e20)
    visitor.do("label", label=4)
    visitor.do("step", steps=5)
    assert mark(visitor) == "ok"  # nan is nan on both sides


def test_the_server_itself_never_loads_torch() -> None:
    import subprocess

    program = "import sys, app.__main__; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
