"""The machine: which core a process runs on, and the time that it had there."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from pathlib import Path


@contextmanager
def apart(*servers: int) -> Iterator[None]:
    """Put the servers (by process id) on the first core and this process on the last; Linux alone can do that."""
    if sys.platform != "linux":
        yield
        return
    cores = sorted(os.sched_getaffinity(0))
    for server in servers:
        os.sched_setaffinity(server, cores[:1])
    os.sched_setaffinity(0, cores[-1:])
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def cpu(process: int) -> float:
    """Return the CPU time that a process has used, in seconds; exact to 10 ms alone where Linux keeps no schedstat."""
    threads = list(Path(f"/proc/{process}/task").glob("*/schedstat"))
    if threads:
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9
    status = Path(f"/proc/{process}/stat")
    if status.exists():
        user, system = status.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    asked = subprocess.run(["ps", "-o", "time=", "-p", str(process)], capture_output=True, text=True, check=True)
    return reduce(lambda whole, part: 60 * whole + float(part), asked.stdout.split(":"), 0.0)  # hours:minutes:seconds


def resident(process: int) -> int:
    """Return the bytes of memory that a process holds; Linux alone says so without help."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def described() -> str:
    """Return in one line what was measured on; load from others makes every figure here worse."""
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} cores of {_processor()}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}{load}"
    )


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown make")
