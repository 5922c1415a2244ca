"""The packages are audited where somebody can be asked; elsewhere that is said, and nothing fails."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from tools import audit

SOUND: dict[str, Any] = {"name": "sound", "version": "1.0", "vulns": []}
FAULTY: dict[str, Any] = {
    "name": "faulty",
    "version": "2.0",
    "vulns": [{"id": "CVE-1", "fix_versions": ["2.1"]}, {"id": "CVE-2", "fix_versions": []}],
}
UNKNOWN: dict[str, Any] = {"name": "unknown", "skip_reason": "not found"}
TRACE = "Traceback …\nrequests.exceptions.ConnectionError: Max retries exceeded"


def answering(monkeypatch: pytest.MonkeyPatch, stdout: str = "", stderr: str = "") -> None:
    answer = subprocess.CompletedProcess([], 1, stdout, stderr)
    monkeypatch.setattr("tools.audit.subprocess.run", lambda *_, **__: answer)


def saying(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


@pytest.mark.parametrize(
    ("packages", "status", "told"),
    [
        ([SOUND], 0, ["No fault is known of 1 packages."]),
        ([SOUND, UNKNOWN], 0, ["since the service does not know them: unknown.", "No fault is known of 1 packages."]),
        ([SOUND, FAULTY], 1, ["faulty 2.0: CVE-1, not in 2.1", "faulty 2.0: CVE-2, in every version so far"]),
        ([UNKNOWN], 0, ["cannot be reached"]),
    ],
)
def test_what_the_service_says_is_told(
    packages: list[dict[str, Any]],
    status: int,
    told: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answering(monkeypatch, saying(*packages))
    assert audit.main() == status
    said = capsys.readouterr().out
    assert all(line in said for line in told)


def test_without_a_network_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, stderr=TRACE)
    assert audit.main() == 0
    assert capsys.readouterr().out.count("\n") == 1


def test_a_fault_of_the_audit_itself_is_none_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, stderr="requirement sound is not pinned to an exact version")
    with pytest.raises(SystemExit, match="not pinned"):
        audit.main()


def test_every_package_is_pinned_to_one_version() -> None:
    lines = [line for line in audit.PINNED.read_text().splitlines() if not line.startswith("#")]
    assert all(line.count("==") == 1 for line in lines)
    names = [line.partition("==")[0].lower() for line in lines]
    assert len(set(names)) == len(names)
