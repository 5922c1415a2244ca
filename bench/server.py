"""Servers to measure, each a process of its own with a data folder of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import NamedTuple
from urllib.parse import urlsplit

from bench.wire import Address

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = "app"
BARE = "bench.bare"


class Server(NamedTuple):
    """A server that can be reached; ``spawned`` is when its process was started (``perf_counter``)."""

    process: int
    address: Address
    spawned: float

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return f"http://{self.address[0]}:{self.address[1]}"


@contextmanager
def serving(module: str, data: Path, *arguments: str) -> Iterator[Server]:
    """Run ``python -m module`` on a free port, with more arguments if need be; ends it afterwards."""
    command = [sys.executable, "-m", module, "--host", "127.0.0.1", "--port", "0", "--data", str(data)]
    command += ["--rate", "0", *arguments]  # one connection here clicks as often as a hundred visitors
    spawned = perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            said = process.stdout.readline()
            where = urlsplit(said.split()[-1]) if said else None
            if not where or not where.hostname or not where.port:
                raise RuntimeError(f"{module} did not start: it said {said!r}.")
            yield Server(process.pid, (where.hostname, where.port), spawned)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
