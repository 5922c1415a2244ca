"""Whatever goes wrong in the pages of a browser context, unless a test said that it would."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

SCRIPT = (Path(__file__).parent / "watch.js").read_text()


class Watch:
    """Listens to a context: errors on the console, errors of scripts, the policy, requests to anybody else."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self._host = urlsplit(url).netloc
        self._seen: list[str] = []
        self._allowed: list[str] = []
        context.add_init_script(SCRIPT)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)

    def allow(self, *patterns: str) -> None:
        """Expect messages that match one of these: a test that provokes an error names it."""
        self._allowed += patterns

    def saw_nothing_wrong(self) -> None:
        """Fail with whatever went wrong since it was asked last, but for what was allowed since then."""
        wrong = [seen for seen in self._seen if not any(re.search(pattern, seen) for pattern in self._allowed)]
        self._seen.clear()
        self._allowed.clear()
        assert not wrong, "\n".join(wrong)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._seen.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def _on_error(self, error: WebError) -> None:
        self._seen.append(f"error in a script: {error.error}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != self._host:
            self._seen.append(f"a request to somebody else: {request.url}")
