"""The command line: ``python -m app`` serves the playground."""

from __future__ import annotations

import gc
import socket
import sys

import uvicorn

from app.main import create_app
from app.settings import read


class Server(uvicorn.Server):
    """A server that says where it is, once it can be reached."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address."""
        await super().startup(sockets)
        gc.freeze()  # what was imported stays: nobody is to wait while it is searched for garbage
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            print(f"Five by Five is at http://{host}:{port}", flush=True)


def main() -> int:
    """Serve until told to stop; return the exit status."""
    settings = read()
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,  # longer than a page waits between clicks
        timeout_graceful_shutdown=3,
    )
    server = Server(config)
    server.run()
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
