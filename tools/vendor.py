"""Fetch the vendored front-end files, or check the committed ones, against LOCK.json.

    python tools/vendor.py fetch    unpacks each pinned package; needs npm, fonttools and brotli
    python tools/vendor.py check    hashes the committed files; needs neither network nor packages

To take a new version, edit LOCK.json, run fetch, read the diff, and copy the new hashes it reports.
"""

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NotRequired, TypedDict

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "static" / "vendor" / "LOCK.json"


class Subset(TypedDict):
    """How a font was cut down: other versions of the tool may write other bytes."""

    tool: str
    code_points: list[str]


class File(TypedDict):
    """One committed file, and where in its package it comes from."""

    source: str
    path: str
    sha256: str
    source_map: NotRequired[str]
    subset: NotRequired[Subset]


class Package(TypedDict):
    """One npm package, pinned by the digest of its tarball."""

    name: str
    version: str
    integrity: str
    licence: str
    files: list[File]


def packages() -> list[Package]:
    """Read the lock file."""
    locked: list[Package] = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    return locked


def check() -> list[str]:
    """Name every locked file that is missing or has another hash."""
    problems = []
    for file in (file for package in packages() for file in package["files"]):
        path = ROOT / file["path"]
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"
        if found != file["sha256"]:
            problems.append(f"{file['path']}: {found}, locked as {file['sha256']}")
    return problems


def fetch() -> None:
    """Write every locked file anew from its package."""
    for package in packages():
        with (
            tempfile.TemporaryDirectory() as folder,
            tarfile.open(download(package, Path(folder))) as tar,
        ):
            for file in package["files"]:
                member = tar.extractfile(f"package/{file['source']}")
                if member is None:
                    sys.exit(f"{package['name']}: {file['source']} is not a file")
                write(file, member.read())


def download(package: Package, folder: Path) -> Path:
    """Have npm download one tarball, and compare its digest before anything is unpacked."""
    name = f"{package['name']}@{package['version']}"
    # --ignore-scripts: we want a file, never somebody's code.
    subprocess.run(["npm", "pack", name, "--silent", "--ignore-scripts"], cwd=folder, check=True)
    (tarball,) = folder.glob("*.tgz")
    digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if package["integrity"] != f"sha512-{digest}":
        sys.exit(f"{name}: the tarball is sha512-{digest}, locked as {package['integrity']}")
    return tarball


def write(file: File, content: bytes) -> None:
    """Write one file: as upstream made it, unless the lock file names a change."""
    path = ROOT / file["path"]
    path.parent.mkdir(parents=True, exist_ok=True)
    if "source_map" in file:
        # The map is not vendored; with its name left in, developer tools would ask for it.
        content = re.sub(rb"\s*/\*# sourceMappingURL=\S+\*/\s*$", b"\n", content)
    path.write_bytes(content)
    if "subset" in file:
        points = ",".join(point.split()[0] for point in file["subset"]["code_points"])
        options = ["--flavor=woff2", "--no-hinting", "--layout-features=", "--drop-tables+=MATH"]
        command = [sys.executable, "-m", "fontTools.subset", str(path), f"--unicodes={points}"]
        subprocess.run([*command, *options, f"--output-file={path}"], check=True)


if __name__ == "__main__":
    if sys.argv[1:] not in (["fetch"], ["check"]):
        sys.exit(__doc__)
    if sys.argv[1] == "fetch":
        fetch()
    sys.exit("\n".join(check()) or 0)
