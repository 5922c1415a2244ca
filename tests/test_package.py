"""The wheel is whole: installed elsewhere, it serves the playground with nothing of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin
from zipfile import ZipFile

import pytest
from httpx2 import Client

from app.views.labs import LABS

ROOT = Path(__file__).resolve().parent.parent
BIN = "Scripts" if sys.platform == "win32" else "bin"
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]
OFFLINE = ["--no-index", "--no-deps"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("FIVEBYFIVE_", "PYTHON"))}

pytestmark = pytest.mark.xdist_group("package")


def built(source: Path, folder: Path) -> Path:
    build = [*PIP, "wheel", ".", *OFFLINE, "--no-build-isolation", "--wheel-dir", str(folder)]
    subprocess.run(build, cwd=source, env=ENVIRONMENT, check=True)
    (found,) = folder.glob("fivebyfive-*.whl")
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel where its dependencies are to be had, but not the checkout; return its command."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    python = folder / BIN / "python"
    ask = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(ask, env=ENVIRONMENT, check=True, capture_output=True, text=True).stdout.strip())
    # A folder that a .pth names is searched, but not the .pth files in it, which an editable install would need.
    ours = {sysconfig.get_path(kind) for kind in ("purelib", "platlib")}
    (packages / "borrowed.pth").write_text("\n".join(ours))
    subprocess.run([*PIP, "--python", str(python), "install", *OFFLINE, str(wheel)], env=ENVIRONMENT, check=True)
    return folder / BIN / "fivebyfive"


@pytest.fixture(scope="module")
def client(command: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Start what is installed, in an empty folder."""
    empty, data = tmp_path_factory.mktemp("empty"), tmp_path_factory.mktemp("data")
    serve = [str(command), "--port", "0", "--data", str(data)]
    with subprocess.Popen(serve, cwd=empty, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            address = process.stdout.readline().split()
            assert address, "the server did not start"
            with Client(base_url=address[-1], trust_env=False, timeout=30) as client:
                yield client
        finally:
            process.terminate()
    assert not [*empty.iterdir()]


def everything(client: Client, path: str) -> dict[str, int]:
    """Return the status of each file that a page and its style sheets name."""
    page = client.get(path)
    assert page.status_code == 200
    found: dict[str, int] = {}
    named = [path for path in re.findall(r'(?:href|src)="([^"#]+)"', page.text) if path.startswith("/static/")]
    while named:
        address = named.pop()
        if address not in found:
            answer = client.get(address)
            found[address] = answer.status_code
            if answer.headers["content-type"].startswith("text/css"):
                named += [urljoin(address, url) for url in re.findall(r'url\("?((?!data:)[^")]+)', answer.text)]
    return found


def test_an_installed_playground_has_every_file_that_its_front_page_names(client: Client) -> None:
    found = everything(client, "/")
    assert {Path(address).suffix for address in found} >= {".css", ".js", ".svg", ".woff2"}
    assert set(found.values()) == {200}, found


def test_an_installed_playground_shows_its_document(client: Client) -> None:
    found = everything(client, "/docs")
    assert any("swagger" in address for address in found)
    assert set(found.values()) == {200}, found
    assert client.get("/openapi.json").status_code == 200


@pytest.mark.parametrize("lab", LABS)
def test_an_installed_playground_has_every_lab(client: Client, lab: str) -> None:
    assert set(everything(client, f"/{lab}").values()) == {200}


def test_an_installed_playground_takes_a_step(client: Client) -> None:
    before = client.get("/api/v1/session").json()["step"]
    moved = client.post("/api/v1/actions/step", json={})
    assert moved.status_code == 200
    assert client.get("/api/v1/session").json()["step"] == before + 1


def test_the_command_tells_its_options(command: Path, tmp_path: Path) -> None:
    told = subprocess.run(
        [command, "--help"], cwd=tmp_path, env=ENVIRONMENT, check=True, capture_output=True, text=True
    )
    assert {"--host", "--port", "--data", "--secret", "--workers"} <= set(re.findall(r"--\w+", told.stdout))


def test_what_runs_is_what_is_installed(command: Path, tmp_path: Path) -> None:
    ask = [command.with_name("python"), "-c", "import app; print(app.__file__)"]
    found = subprocess.run(ask, cwd=tmp_path, env=ENVIRONMENT, check=True, capture_output=True, text=True)
    assert command.parent.parent in Path(found.stdout.strip()).parents


def test_the_wheel_holds_every_licence(wheel: Path) -> None:
    licences = {path.name for path in (ROOT / "static" / "vendor" / "licences").iterdir()}
    with ZipFile(wheel) as packed:
        names = [name for name in packed.namelist() if ".dist-info/licenses/" in name]
        assert {Path(name).name for name in names} == licences | {"LICENSE", "THIRD_PARTY.md"}
        assert all(packed.read(name) for name in names)


def test_the_wheel_holds_nothing_but_the_package(wheel: Path) -> None:
    with ZipFile(wheel) as packed:
        names = packed.namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"app", "fivebyfive"}
    assert not [name for name in names if re.search(r"(^|/)(tests?|bench|tools|__pycache__)/", name)]


def test_the_image_is_given_all_that_the_wheel_is_built_from(wheel: Path, tmp_path: Path) -> None:
    recipe = (ROOT / "Dockerfile").read_text()
    sources = {name for names in re.findall(r"^COPY (?!--)(.+) \S+$", recipe, re.MULTILINE) for name in names.split()}
    given = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert sources == given
    copied = tmp_path / "copied"
    copied.mkdir()
    for name in given:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, copied / name)
    with ZipFile(wheel) as ours, ZipFile(built(copied, tmp_path)) as its:
        assert {(file.filename, file.CRC) for file in its.infolist()} == {
            (file.filename, file.CRC) for file in ours.infolist()
        }
