"""What the product is measured against: a FastAPI app that does nothing, served exactly as the product is."""

from __future__ import annotations

import sys
from pathlib import Path
from unittest.mock import patch

from fastapi import FastAPI
from starlette.responses import HTMLResponse, Response

import app.__main__ as command
from app.settings import Settings

ANSWER = "answer.gz"


def create_app(settings: Settings) -> FastAPI:
    """Return an app with an empty route, an empty page, and the recorded answer (a file of the data folder)."""
    bare = FastAPI()

    @bare.get("/empty")
    async def empty() -> Response:
        return Response()

    @bare.get("/page")
    async def page() -> Response:
        return HTMLResponse("<!DOCTYPE html><title>bare</title>")

    recorded = settings.data / ANSWER
    body = recorded.read_bytes() if recorded.exists() else b""

    @bare.get("/answer")
    async def answer() -> Response:
        return HTMLResponse(body, headers={"content-encoding": "gzip", "cache-control": "no-store"})

    return bare


def record(data: Path, body: bytes) -> None:
    """Keep an answer (compressed) for a server that is to be started with this data folder."""
    (data / ANSWER).write_bytes(body)


if __name__ == "__main__":
    # The product's own command line with another app in it: so loop, parser and settings cannot drift apart.
    with patch.object(command, "create_app", create_app):
        sys.exit(command.main())
