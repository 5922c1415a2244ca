"""The line between a browser and the server, byte for byte, so that it can break in the middle of an answer."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from select import select
from urllib.parse import urlsplit

END_OF_HEAD = b"\r\n\r\n"


class Line:
    """An address of its own that leads to a server's."""

    def __init__(self, far: str) -> None:
        self._far = urlsplit(far)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.breaks = 0  # of so many answers to presses only the head and half of the body will come through
        threading.Thread(target=self._open, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits at the door
        self._door.close()

    def _open(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        press = False
        with suppress(OSError), near, socket.create_connection((self._far.hostname, self._far.port)) as far:
            while True:
                for ready in select([near, far], [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    if ready is near:
                        press = data.startswith(b"POST ") or (press and not data.startswith(b"GET "))
                        far.sendall(data)
                    elif press and self.breaks:
                        self.breaks -= 1
                        near.sendall(_half(data, far))
                        return
                    else:
                        near.sendall(data)


def _half(data: bytes, far: socket.socket) -> bytes:
    """Return the head of an answer and half of what came of its body."""
    while len(data.partition(END_OF_HEAD)[2]) < 2:
        more = far.recv(65536)
        assert more, "The answer has no body to break."
        data += more
    head, end, body = data.partition(END_OF_HEAD)
    return head + end + body[: len(body) // 2]
