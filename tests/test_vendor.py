"""The vendored files are the ones LOCK.json names, byte for byte, and no others."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "static" / "vendor" / "LOCK.json"
PACKAGES = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
HASHES: dict[str, str] = {file["path"]: file["sha256"] for package in PACKAGES for file in package["files"]}


@pytest.mark.parametrize("path", HASHES)
def test_vendored_file_has_its_locked_hash(path: str) -> None:
    assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == HASHES[path]


def test_nothing_is_vendored_without_a_lock() -> None:
    folders = (ROOT / "static" / "vendor", ROOT / "static" / "fonts")
    present = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    named = {path.relative_to(ROOT).as_posix() for path in present - {LOCK}}
    # The licence texts are locked like the rest, so this is an equality, not a subset.
    assert named == set(HASHES)
