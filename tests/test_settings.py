"""Settings come from the command line, then the environment, then their defaults."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.playground.bounds import Bounds
from app.playground.errors import Unusable
from app.settings import Settings, read


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIVEBYFIVE_HOST", "0.0.0.0")
    monkeypatch.setenv("FIVEBYFIVE_PORT", "7000")
    monkeypatch.setenv("FIVEBYFIVE_SECRET", "of the house")
    settings = read(["--port", "8000", "--data", "here"])
    assert settings == Settings(host="0.0.0.0", port=8000, data=Path("here"), secret="of the house")


def test_what_is_not_given_has_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "DATA", "SECRET"):
        monkeypatch.delenv(f"FIVEBYFIVE_{name}", raising=False)
    settings = read([])
    assert (settings.host, settings.port, settings.secret) == ("127.0.0.1", 5555, "")
    assert settings.data.is_absolute()


@pytest.mark.parametrize("port", ["65536", "-1", "a", ""])
def test_a_port_that_cannot_be_is_refused_in_a_line(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read([f"--port={port}"])
    assert "a whole number from 0 to 65535" in capsys.readouterr().err


def test_bounds_and_names_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIVEBYFIVE_IDLE_DAYS", "7")
    monkeypatch.setenv("FIVEBYFIVE_HOSTS", "Lab.example, five.example")
    settings = read(["--sessions", "9", "--rate", "0", "--workers", "3", "--metrics", "yes"])
    assert settings.bounds == Bounds(sessions=9, idle_days=7, rate=0)
    assert settings.hosts == ("lab.example", "five.example")
    assert (settings.workers, settings.metrics) == (3, True)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("workers", "0"),
        ("workers", "many"),
        ("sessions", "-1"),
        ("rate", "1.5"),
        ("store", "file"),
        ("metrics", "maybe"),
    ],
)
def test_an_option_that_cannot_be_is_refused(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read([f"--{option}={value}"])
    assert f"--{option}" in capsys.readouterr().err


def test_the_help_says_every_bound(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read(["--help"])
    help_ = " ".join(capsys.readouterr().out.split())
    for bound in ("100000", "50000", "(default: 30)", "(default: 100)", "64 kB", "512 kB", "1000 SGD", "10 seconds"):
        assert bound in help_


def test_several_machines_need_one_secret(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="same --secret"):
        Settings(data=tmp_path, store="redis://nowhere").cookie_secret()
    assert Settings(data=tmp_path, store="redis://nowhere", secret="ours").cookie_secret() == "ours"
    assert not list(tmp_path.iterdir())


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first = Settings(data=tmp_path).cookie_secret()
    assert len(first) >= 32
    assert Settings(data=tmp_path).cookie_secret() == first
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    (tmp_path / "secret").write_text("")
    with pytest.raises(Unusable, match="is empty"):
        Settings(data=tmp_path).cookie_secret()


@pytest.mark.parametrize(
    ("module", "options"),
    [("redis", ["--store", "redis://127.0.0.1:1/", "--secret", "s"]), ("prometheus_client", ["--metrics", "yes"])],
)
def test_an_extra_that_is_not_installed_is_named(module: str, options: list[str], tmp_path: Path) -> None:
    without = f"""
import importlib.util, sys
sys.modules[{module!r}] = None
importlib.util.find_spec = lambda name: None
from app.__main__ import main
sys.exit(main())
"""
    command = [sys.executable, "-c", without, "--port", "0", "--data", str(tmp_path), *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert ended.stderr.strip().startswith(options[0])
    assert "pip install" in ended.stderr


@pytest.mark.parametrize("options", [["--data", "/proc/nothing"], ["--store", "redis://127.0.0.1:1/", "--secret", "s"]])
def test_a_store_that_cannot_be_opened_is_one_line_and_no_server(options: list[str]) -> None:
    command = [sys.executable, "-m", "app", "--port", "0", *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
