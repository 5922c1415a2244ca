"""The one place where the rooms are put together."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount

from app.playground.errors import Refusal, Unusable
from app.playground.sqlite import SQLiteStore
from app.playground.store import Store
from app.settings import Settings, folder
from app.web import health, pages, referee
from app.web.errors import handle_errors
from app.web.later import Later
from app.web.rendering import Renderer
from app.web.security import Security
from app.web.static import StaticFolder
from app.web.visitors import Visitors

VERSION = "0.1.0"
SWEEP = 3600  # seconds between two
GZIP_LEVEL = 4  # a fourteenth fewer bytes than 3, for 20 µs


def create_app(settings: Settings) -> Starlette:
    """Return the application. What it opens, it opens when it starts, and closes when it ends."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        _end_with_the_parent()
        store = open_store(settings)
        app.state.visitors = Visitors(store, settings.cookie_secret(), settings.bounds)
        app.state.bench = referee.Bench()
        sweeping = asyncio.create_task(_sweep(store, app.state.visitors))
        gc.freeze()  # what was imported stays: nobody is to wait while it is searched for garbage
        yield
        sweeping.cancel()
        await app.state.bench.close()
        store.close()

    static = Mount("/static", StaticFolder(folder("static")))
    routes = [*pages.ROUTES, *referee.ROUTES, static, *health.ROUTES]
    if settings.metrics:
        from app.web import metrics  # here: its library is an extra

        routes += metrics.ROUTES
    app = Starlette(routes=routes, lifespan=lifespan)
    app.router.redirect_slashes = False
    app.state.renderer = Renderer(folder("templates"), folder("static"))

    def api() -> Starlette:
        from app.web.api import create_api  # here: FastAPI alone takes as long to import as all that a page needs

        made = create_api(app.state, VERSION)
        _furnish(made, settings)
        return made

    _furnish(app, settings)
    app.add_middleware(Later, make=api)
    if settings.metrics:
        app.add_middleware(metrics.Metered)
    return app


def open_store(settings: Settings) -> Store:
    """Return where the sessions are kept. Raises ``Unusable``."""
    if settings.store:
        try:
            from app.playground.redis import RedisStore  # here: its client is an extra
        except ModuleNotFoundError as missing:
            raise Unusable(f"--store needs {missing.name}: pip install 'fivebyfive[redis]' brings it.") from None
        return RedisStore(settings.store, settings.bounds)
    return SQLiteStore(settings.data, settings.bounds)


async def _sweep(store: Store, visitors: Visitors) -> None:
    """Remove what has come to its end, now and then, a little at a time."""
    while True:
        visitors.sweep()
        try:
            more = store.sweep(int(time.time()))
        except Refusal:  # the store is away: it is asked again later
            more = False
        await asyncio.sleep(0.05 if more else SWEEP)


def _end_with_the_parent() -> None:
    """See that a worker leaves when the process that started it has died: it would hold the port."""
    if parent := multiprocessing.parent_process():
        asyncio.get_running_loop().add_reader(parent.sentinel, os._exit, 1)


def _furnish(app: Starlette, settings: Settings) -> None:
    """Give an application what every answer is to have: packed, with its headers, and a sentence for every error."""
    handle_errors(app)
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=GZIP_LEVEL)
    app.add_middleware(Security, hosts=settings.hosts)
