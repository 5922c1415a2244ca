"""The protocol of a connection, with an end to its patience: uvicorn itself waits for a slow client for ever."""

from __future__ import annotations

from asyncio import BaseTransport, TimerHandle
from typing import Any

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

PATIENCE = 10.0  # seconds for a request to come in whole, and for an answer to be taken


class Patient(HttpToolsProtocol):
    """Hangs up on who sends a request, or takes an answer, too slowly; and on who connects and says nothing.

    Who has had an answer may be silent for longer: browsers keep their connections (``timeout_keep_alive``).
    """

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*args, **named)
        self._asking: TimerHandle | None = None
        self._taking: TimerHandle | None = None
        self._answering: RequestResponseCycle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Wait for a first request (asyncio calls this)."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._asking = self.loop.call_later(PATIENCE, self._hang_up)

    def on_message_begin(self) -> None:
        """Wait for the rest of a request."""
        super().on_message_begin()
        if self._asking is None:
            self._asking = self.loop.call_later(PATIENCE, self._hang_up)

    def on_message_complete(self) -> None:
        """Wait no more: the request is there."""
        self._asked()
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def pause_writing(self) -> None:
        """Wait until the client has taken some of what was sent (asyncio calls this)."""
        super().pause_writing()
        self._await_taking()

    def on_response_complete(self) -> None:
        """Wait until the client has taken the end of it, too."""
        super().on_response_complete()
        if self.transport.get_write_buffer_size():
            self._await_taking()

    def shutdown(self) -> None:
        """Leave; do not wait for requests that are only half there."""
        if self._asking is not None:
            self._hang_up()
        else:
            super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers (asyncio calls this)."""
        self._asked()
        if self._taking:
            self._taking.cancel()
        self._leave()
        super().connection_lost(exc)

    def _asked(self) -> None:
        if self._asking:
            self._asking.cancel()
            self._asking = None

    def _await_taking(self) -> None:
        if self._taking:
            self._taking.cancel()
        self._taking = self.loop.call_later(PATIENCE, self._taken)

    def _taken(self) -> None:
        if self.transport.get_write_buffer_size():
            self._hang_up()

    def _hang_up(self) -> None:
        self._leave()
        self.transport.abort()

    def _leave(self) -> None:
        """Tell what is being answered that nobody is there: of several requests sent at once uvicorn tells the last."""
        if self._answering:
            self._answering.disconnected = True
            self._answering.message_event.set()
