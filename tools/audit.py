"""Ask pip-audit whether a package of constraints.txt has a fault that is known to the public.

python -m tools.audit    names each such fault, and ends with 1; where nobody can be asked, says so and ends with 0
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NotRequired, TypedDict

PINNED = Path(__file__).resolve().parent.parent / "constraints.txt"
AWAY = re.compile(r"requests\.exceptions\.|urllib3\.exceptions\.|ServiceError|ConnectionError|Could not connect")
"""How pip-audit ends where it cannot reach its service."""


class Fault(TypedDict):
    """One known fault of a version, and the versions that are without it."""

    id: str
    fix_versions: list[str]


class Package(TypedDict):
    """What the service says of one package; of one that it does not know, why nothing is said."""

    name: str
    version: NotRequired[str]
    vulns: NotRequired[list[Fault]]
    skip_reason: NotRequired[str]


def asked() -> list[Package]:
    """Return what is said of each pinned package; nothing where the service cannot be reached."""
    # --disable-pip: every package is in the file, with its version, so there is nothing to resolve.
    options = ["--requirement", str(PINNED), "--no-deps", "--disable-pip", "--format", "json", "--timeout", "10"]
    command = [sys.executable, "-m", "pip_audit", *options, "--progress-spinner", "off"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.stdout:
        said: list[Package] = json.loads(answer.stdout)["dependencies"]
        return said
    if not AWAY.search(answer.stderr):
        sys.exit(answer.stderr or "pip-audit said nothing")  # something is wrong here, not there
    return []


def faults(said: list[Package]) -> list[str]:
    """Name every known fault, and what to do about it."""
    return [
        f"{package['name']} {package.get('version', '')}: {fault['id']}, "
        + (f"not in {' or '.join(fault['fix_versions'])}" if fault["fix_versions"] else "in every version so far")
        for package in said
        for fault in package.get("vulns", [])
    ]


def main() -> int:
    """Ask, and say what was answered; return the exit status."""
    said = asked()
    unknown = [package["name"] for package in said if "skip_reason" in package]
    if len(unknown) == len(said):
        print("The packages were not audited: the service that knows their faults cannot be reached.")
        return 0
    if unknown:
        print(f"Not audited, since the service does not know them: {', '.join(unknown)}.")
    found = faults(said)
    print("\n".join(found) or f"No fault is known of {len(said) - len(unknown)} packages.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
