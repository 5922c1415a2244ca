"""The one place where the rooms are put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount

from app.playground.sqlite import SQLiteStore
from app.settings import Settings, folder
from app.web import pages, referee
from app.web.errors import handle_errors
from app.web.later import Later
from app.web.rendering import Renderer
from app.web.security import Security
from app.web.static import StaticFolder
from app.web.visitors import Visitors

VERSION = "0.1.0"
GZIP_LEVEL = 4  # a sixteenth fewer bytes than 3, for 30 µs


def create_app(settings: Settings) -> Starlette:
    """Return the application. What it opens, it opens when it starts, and closes when it ends."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        store = SQLiteStore(settings.data)
        app.state.visitors = Visitors(store, settings.cookie_secret())
        app.state.bench = referee.Bench()
        yield
        await app.state.bench.close()
        store.close()

    static = Mount("/static", StaticFolder(folder("static")))
    app = Starlette(routes=[*pages.ROUTES, *referee.ROUTES, static], lifespan=lifespan)
    app.router.redirect_slashes = False
    app.state.renderer = Renderer(folder("templates"), folder("static"))

    def api() -> Starlette:
        from app.web.api import create_api  # here: FastAPI alone takes as long to import as all that a page needs

        made = create_api(app.state, VERSION)
        _furnish(made)
        return made

    _furnish(app)
    app.add_middleware(Later, make=api)
    return app


def _furnish(app: Starlette) -> None:
    """Give an application what every answer is to have: packed, with its headers, and a sentence for every error."""
    handle_errors(app)
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=GZIP_LEVEL)
    app.add_middleware(Security)
