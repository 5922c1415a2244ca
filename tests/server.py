"""The server as people run it: a process of its own, that can be killed and started again at the same address."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


class Server:
    """``python -m app`` on a free port, which it keeps over a restart; ``options`` are those of the command line."""

    def __init__(self, folder: Path, *options: str, program: tuple[str, ...] = ("-m", "app")) -> None:
        self._program = program
        self._options = options
        self.data = folder / "data"
        self._said = folder / "stderr.txt"
        self._port = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self._port

    @property
    def process(self) -> int:
        assert self._process
        return self._process.pid

    @property
    def workers(self) -> list[int]:
        """The processes that serve, where there are several."""
        assert self._process
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return [int(one) for one in children if "spawn_main" in Path(f"/proc/{one}/cmdline").read_text()]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> Server:
        command = [sys.executable, *self._program, "--port", str(self._port), "--data", str(self.data), *self._options]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FIVEBYFIVE_")}
        with self._said.open("a") as said:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=said, text=True
            )
        assert self._process.stdout
        address = self._process.stdout.readline().strip()
        if not address:
            pytest.fail(f"The server did not start: {self._said.read_text()}")
        self._port = int(address.rpartition(":")[2])
        return self

    def kill(self) -> None:
        """End it without a warning, as a crash or the kernel does."""
        self._end("kill")

    def stop(self) -> None:
        """End it politely; it has complained of nothing, and leaves in good time."""
        self._end("terminate")
        complaints = self._said.read_text()
        assert not complaints, f"The server complained:\n{complaints}"

    def _end(self, how: str) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        getattr(process, how)()
        process.wait(30)
        if process.stdout:
            process.stdout.close()
