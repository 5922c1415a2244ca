"""The one place where the rooms are put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.playground.sqlite import SQLiteStore
from app.settings import Settings, folder
from app.views.labs import row
from app.web import api, pages, referee
from app.web.errors import handle_errors
from app.web.rendering import Renderer
from app.web.security import Security
from app.web.static import StaticFolder
from app.web.visitors import Visitors

VERSION = "0.1.0"
GZIP_LEVEL = 3  # 4 takes twice as long, for a sixteenth of the bytes


def create_app(settings: Settings) -> FastAPI:
    """Return the application. What it opens, it opens when it starts, and closes when it ends."""
    renderer = Renderer(folder("templates"), folder("static"))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store = SQLiteStore(settings.data)
        app.state.visitors = Visitors(store, settings.cookie_secret())
        app.state.bench = referee.Bench()
        yield
        await app.state.bench.close()
        store.close()

    app = FastAPI(
        title="Five by Five",
        version=VERSION,
        summary="Draw a digit, see the whole network, take one SGD step.",
        description="The visitor's cookie is the session: use a client that keeps it.",
        telemetry={"tracing": False, "metrics": False, "logs": False},  # nothing is sent to anybody
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.renderer = renderer
    handle_errors(app)
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=GZIP_LEVEL)
    app.add_middleware(Security)
    app.router.routes[:0] = [*referee.ROUTES, *pages.ROUTES]  # first: a click is not to look through the API's routes
    app.mount("/static", StaticFolder(folder("static")))

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> Response:
        return HTMLResponse(renderer.page("docs.html", {}, labs=row(), title="API"))

    app.include_router(api.router)
    return app
