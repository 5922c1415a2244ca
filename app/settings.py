"""Settings, read once: from the command line, the environment (FIVEBYFIVE_…), or their defaults."""

from __future__ import annotations

import os
import secrets
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from app.playground.bounds import Bounds
from app.playground.errors import Unusable

FIXED = """\
What cannot be set: a request's body holds at most 64 kB, a checkpoint 512 kB (413); one action takes at most 1000 SGD
steps; a request that has not come in whole after 10 seconds, and an answer that is not taken for as long, is given up;
no answer is a stream that stays open.

Each option can be given in the environment, too, as FIVEBYFIVE_HOST and so on."""


def _data() -> Path:
    from platformdirs import user_data_path  # here: it is needed only where no folder is named

    return user_data_path("fivebyfive", appauthor=False)


@dataclass(frozen=True)
class Settings:
    """Where to listen, where the sessions are kept (the folder is made if it is missing), what signs the cookies.

    ``store``: the address of a Redis that keeps the sessions instead of the folder. ``hosts``: names by which browsers
    may call the server, besides localhost, this machine's own and bare addresses; "*" for any. ``proxies``: addresses
    whose word about the client is believed. ``metrics``: whether /metrics answers.
    """

    host: str = "127.0.0.1"
    port: int = 5555
    data: Path = field(default_factory=_data)
    secret: str = ""
    workers: int = 1
    store: str = ""
    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    metrics: bool = False
    bounds: Bounds = field(default_factory=Bounds)

    def cookie_secret(self) -> str:
        """Return the secret that cookies are signed with; make one in the data folder at the first start.

        Raises ``Unusable`` where the folder is, and where several machines are to share a secret and none is given.
        """
        if self.secret:
            return self.secret
        if self.store:
            raise Unusable(
                "With --store, every server needs the same --secret (or FIVEBYFIVE_SECRET): it signs the cookies."
            )
        try:
            return self._kept_secret()
        except OSError as problem:
            raise Unusable(f"The folder {self.data} cannot be used: {problem}.") from None

    def _kept_secret(self) -> str:
        self.data.mkdir(parents=True, exist_ok=True)
        file = self.data / "secret"
        try:
            with file.open("x") as new:  # exclusive: of several processes that start at once, one writes
                file.chmod(0o600)
                new.write(secrets.token_urlsafe(32))
        except FileExistsError:
            pass
        secret = file.read_text()
        if not secret:
            raise Unusable(f"{file} is empty: remove it, and another is made.")
        return secret


def read(arguments: Sequence[str] | None = None) -> Settings:
    """Return the settings that the command line gives, else the environment, else the defaults."""
    parser = ArgumentParser(
        prog="fivebyfive",
        description="Five by Five: a playground in the browser for a network so small that every number fits on one "
        "screen.",
        epilog=FIXED,
        formatter_class=RawDescriptionHelpFormatter,
    )

    def option(name: str, kind: Callable[[str], object], help: str) -> None:  # noqa: A002
        default = os.environ.get(f"FIVEBYFIVE_{name.upper().replace('-', '_')}")
        parser.add_argument(f"--{name}", type=kind, default=default, metavar=name.upper(), help=help)

    usual = Bounds()
    option("host", str, "address to listen on; 0.0.0.0 lets others in (default: 127.0.0.1)")
    option("port", _port, "port to listen on; 0 takes a free one (default: 5555)")
    option("data", Path, "folder for the sessions; made if it is missing (default: in the user's data directory)")
    option("secret", str, "what cookies are signed with (default: one that is kept in the data folder)")
    option("workers", _count(1, 64), "processes that serve; any of them serves any visitor (default: 1)")
    option("store", _store, "redis://… keeps the sessions there, for several machines (default: in the data folder)")
    option("hosts", _names, "names that browsers may call it by, with commas, besides localhost, this machine's own "
           "name and bare addresses; * for any")  # fmt: skip
    option("proxies", _names, "addresses of proxies whose X-Forwarded-For and -Proto are believed, with commas")
    option("metrics", _yes, "yes: /metrics answers, for Prometheus (default: no)")
    option("sessions", _count(1, 10**9), f"sessions kept at a time; then new ones get 503 (default: {usual.sessions})")
    option("idle-days", _count(1, 10**5), f"days after which an idle session ends (default: {usual.idle_days})")
    option("actions", _count(1, 10**7), f"actions kept of one session; then 409 (default: {usual.actions})")
    option("shares", _count(0, 10**8), f"links kept at a time; then new ones get 503 (default: {usual.shares})")
    option("rate", _count(0, 10**6), "requests a second of one session, twice as many for a moment, then 429; "
           f"0: any number (default: {usual.rate})")  # fmt: skip
    given = {name: value for name, value in vars(parser.parse_args(arguments)).items() if value is not None}
    bounds = Bounds(**{one.name: given.pop(one.name) for one in fields(Bounds) if one.name in given})
    return Settings(**given, bounds=bounds)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError(f"{text}: a port is a whole number from 0 to 65535")
    return int(text)


def _count(least: int, most: int) -> Callable[[str], int]:
    def count(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ArgumentTypeError(f"{text}: a whole number from {least} to {most} is wanted")
        return int(text)

    return count


def _store(text: str) -> str:
    if text and not text.startswith(("redis://", "rediss://", "unix://")):
        raise ArgumentTypeError(f"{text}: a store begins with redis://, rediss:// or unix://")
    return text


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in text.split(",") if name.strip())


def _yes(text: str) -> bool:
    if text.lower() not in ("yes", "no"):
        raise ArgumentTypeError(f"{text}: yes or no")
    return text.lower() == "yes"


def folder(name: str) -> Path:
    """Return ``templates`` or ``static``: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name
