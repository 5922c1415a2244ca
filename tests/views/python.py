"""A Python that has numpy and torch and nothing of ours: it runs what is exported, one after the other."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType

_PROGRAM = """
import contextlib, io, json, sys, traceback
import numpy, torch
for line in sys.stdin:
    out, said = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(json.loads(line), "export.py", "exec"), {"__name__": "__main__"})
    except BaseException:
        said = traceback.format_exc()
    print(json.dumps([out.getvalue(), said, "app" in sys.modules]), flush=True)
"""
CLEAN = [sys.executable, "-I", "-W", "error"]
"""Isolated: no environment, no folder of ours on the path; and warnings are errors."""


class Python:
    """Keeps one process, so that torch is imported once."""

    def __enter__(self) -> Python:
        """Start it where there is nothing."""
        self._process = subprocess.Popen(
            [*CLEAN, "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={"PYTHONIOENCODING": "utf-8"},
            cwd=Path(sys.prefix),
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        """End it."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def tries(self, script: str) -> tuple[str, str]:
        """Return what a script prints, and the traceback of its end, "" where all went well."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(script) + "\n")
        self._process.stdin.flush()
        printed, said, ours = json.loads(self._process.stdout.readline())
        assert not ours, "an export is to import nothing of ours"
        return printed, said

    def runs(self, script: str) -> str:
        """Run a script that is to come to its end, and return what it prints."""
        printed, said = self.tries(script)
        assert not said, f"{said}\n{script}"
        return printed
