"""Settings come from the command line, then the environment, then their defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

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
