"""Settings, read once: from the command line, the environment (FIVEBYFIVE_…), or their defaults."""

from __future__ import annotations

import os
import secrets
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path


def _data() -> Path:
    from platformdirs import user_data_path  # here: it is needed only where no folder is named

    return user_data_path("fivebyfive", appauthor=False)


@dataclass(frozen=True)
class Settings:
    """Where to listen, where the sessions are kept (the folder is made if it is missing), what signs the cookies."""

    host: str = "127.0.0.1"
    port: int = 5555
    data: Path = field(default_factory=_data)
    secret: str = ""

    def cookie_secret(self) -> str:
        """Return the secret that cookies are signed with; make one in the data folder at the first start."""
        if self.secret:
            return self.secret
        self.data.mkdir(parents=True, exist_ok=True)
        file = self.data / "secret"
        try:
            with file.open("x") as new:  # exclusive: of several processes that start at once, one writes
                file.chmod(0o600)
                new.write(secrets.token_urlsafe(32))
        except FileExistsError:
            pass
        return file.read_text()


def read(arguments: Sequence[str] | None = None) -> Settings:
    """Return the settings that the command line gives, else the environment, else the defaults."""
    parser = ArgumentParser(
        prog="python -m app",
        description="Five by Five: a playground in the browser for a network so small that every number fits on one "
        "screen. Each option can be given as FIVEBYFIVE_HOST and so on, too.",
    )

    def option(name: str, kind: Callable[[str], object], help: str) -> None:  # noqa: A002
        default = os.environ.get(f"FIVEBYFIVE_{name.upper()}")
        parser.add_argument(f"--{name}", type=kind, default=default, help=help)

    option("host", str, "address to listen on; 0.0.0.0 lets others in (default: 127.0.0.1)")
    option("port", _port, "port to listen on; 0 takes a free one (default: 5555)")
    option("data", Path, "folder for the sessions; made if it is missing (default: in the user's data directory)")
    option("secret", str, "what cookies are signed with (default: one that is kept in the data folder)")
    return Settings(**{name: value for name, value in vars(parser.parse_args(arguments)).items() if value is not None})


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError(f"{text}: a port is a whole number from 0 to 65535")
    return int(text)


def folder(name: str) -> Path:
    """Return ``templates`` or ``static``: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name
