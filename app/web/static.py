"""Static files under a version: a new version is a new address, so a browser may keep them for ever."""

from __future__ import annotations

import gzip
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

TEXTS = (".css", ".js")
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}


class StaticFolder(StaticFiles):
    """Serves ``/static/<version>/<path>``; the version is not looked at, it only makes the address new.

    Style sheets and scripts that a page needs together are one answer: ``css/tokens+base.css`` is ``css/tokens.css``
    and then ``css/base.css``. They are packed once, as small as can be.
    """

    def __init__(self, folder: Path) -> None:
        """Serve the files of a folder."""
        super().__init__(directory=folder)
        self._text = lru_cache(maxsize=64)(self._joined)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, to be kept for ever."""
        _, _, rest = path.partition("/")
        if not rest.endswith(TEXTS):
            response = await super().get_response(rest, scope)
            response.headers.update(FOR_EVER)
            return response
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405)
        plain, packed = self._text(rest)
        headers = FOR_EVER | {"vary": "Accept-Encoding"}
        if "gzip" in Request(scope).headers.get("accept-encoding", ""):
            return Response(packed, headers=headers | {"content-encoding": "gzip"}, media_type=guess_type(rest)[0])
        return Response(plain, headers=headers, media_type=guess_type(rest)[0])

    def _joined(self, path: str) -> tuple[bytes, bytes]:
        """Return the texts that a path names, one after the other, plain and packed."""
        names = PurePosixPath(path)
        found = [self.lookup_path(str(names.with_stem(stem))) for stem in names.stem.split("+")]
        if any(stat is None for _, stat in found):
            raise HTTPException(404)
        plain = b"\n".join(Path(file).read_bytes() for file, _ in found)
        return plain, gzip.compress(plain, 9, mtime=0)
