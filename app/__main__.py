"""The command line: ``fivebyfive``, or ``python -m app``, serves the playground."""

from __future__ import annotations

import atexit
import os
import socket
import sys
from functools import partial
from importlib.util import find_spec
from shutil import rmtree
from tempfile import mkdtemp

import uvicorn
from uvicorn.supervisors import Multiprocess

from app.main import create_app, open_store
from app.playground.errors import Unusable
from app.settings import Settings, read
from app.web.patience import Patient

READY = 30.0  # seconds for a worker to come up


class Server(uvicorn.Server):
    """A server that says where it is, once it can be reached."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address."""
        await super().startup(sockets)
        if self.started:
            _say(self.servers[0].sockets[0])


class Workers(Multiprocess):
    """Several servers on one socket, each a process; one that dies is started again."""

    def init_processes(self) -> None:
        """Start them, then print the address."""
        super().init_processes()
        if all(process.wait_until_ready(READY, self.should_exit) for process in self.processes):
            _say(self.sockets[0])


def _say(listening: socket.socket) -> None:
    host, port = listening.getsockname()[:2]
    print(f"Five by Five is at http://{host}:{port}", flush=True)


def main() -> int:
    """Serve until told to stop; return the exit status."""
    settings = read()
    try:
        settings.cookie_secret()
        open_store(settings).close()  # what is wrong with it is said once, before anything listens
    except Unusable as problem:
        print(problem, file=sys.stderr)
        return 1
    if settings.metrics and not find_spec("prometheus_client"):
        print("--metrics needs prometheus_client: pip install 'fivebyfive[metrics]' brings it.", file=sys.stderr)
        return 1
    _many_files()
    if settings.metrics and settings.workers > 1:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder = mkdtemp(prefix="fivebyfive-metrics-")
        atexit.register(rmtree, folder, ignore_errors=True)
    config = _config(settings)
    if settings.workers == 1:
        server = Server(config)
        server.run()
        return 0 if server.started else 1
    Workers(config, [config.bind_socket()]).run()
    return 0


def _config(settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        partial(create_app, settings),  # each worker makes its own
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        http=Patient,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,  # longer than a page waits between clicks
        timeout_graceful_shutdown=1,
    )


def _many_files() -> None:
    """Let the process open as many connections as the system allows it: the usual limit is less than two schools."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


if __name__ == "__main__":
    sys.exit(main())
