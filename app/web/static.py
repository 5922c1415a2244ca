"""Static files under a version: a new version is a new address, so a browser may keep them for ever."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class StaticFolder(StaticFiles):
    """Serves ``/static/<version>/<path>``; the version is not looked at, it only makes the address new."""

    def __init__(self, folder: Path) -> None:
        """Serve the files of a folder."""
        super().__init__(directory=folder)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, to be kept for ever."""
        _, _, rest = path.partition("/")
        response = await super().get_response(rest, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response
