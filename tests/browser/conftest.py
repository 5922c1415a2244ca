"""A real server, a real browser, and visitors; whatever goes wrong in their pages fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser.line import Line
from tests.browser.visitor import PATIENCE, Visitor
from tests.browser.watch import Watch
from tests.server import Server
from tools.browser import find

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PROJECTOR = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}

Welcome = Callable[..., Visitor]
"""Lets a new visitor in, with a browser context of these options."""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = find()
    if path is None:
        pytest.fail("There is no Chromium for the browser tests: `make test` gets one, or name one in $CHROMIUM.")
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that the tests share: each visitor has a session of its own."""
    server = Server(tmp_path_factory.mktemp("server")).start()
    yield server
    server.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may kill."""
    server = Server(tmp_path).start()
    yield server
    server.stop()


def _enter(browser: Browser, server: Server | Line, **options: Any) -> tuple[BrowserContext, Watch]:
    context = browser.new_context(**({"viewport": PROJECTOR} | options))
    context.set_default_timeout(PATIENCE * 1000)
    return context, Watch(context, server.url)


@contextmanager
def door(browser: Browser, server: Server | Line) -> Iterator[Welcome]:
    """Let visitors in; at the end they go, and have seen nothing wrong."""
    inside: list[tuple[BrowserContext, Watch]] = []

    def welcome(**options: Any) -> Visitor:
        context, watch = _enter(browser, server, **options)
        inside.append((context, watch))
        return Visitor(context.new_page(), server.url, watch)

    yield welcome
    for context, _ in inside:
        context.close()
    for _, watch in inside:
        watch.saw_nothing_wrong()


@pytest.fixture
def welcome(browser: Browser, server: Server) -> Iterator[Welcome]:
    with door(browser, server) as welcome:
        yield welcome


@pytest.fixture(scope="package")
def desk(browser: Browser, server: Server) -> Iterator[tuple[BrowserContext, Watch]]:
    """A desk that one visitor after the other sits down at: a warm cache halves the time of a test."""
    context, watch = _enter(browser, server)
    yield context, watch
    context.close()


@pytest.fixture
def visitor(desk: tuple[BrowserContext, Watch], server: Server) -> Iterator[Visitor]:
    """Somebody new at a desk that nobody has left anything on."""
    context, watch = desk
    page = context.new_page()
    yield Visitor(page, server.url, watch).open()
    wipe = {"origin": server.url, "storageTypes": "cookies,local_storage"}
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", wipe)
    context.clear_cookies()
    for each in context.pages:
        each.close()
    watch.saw_nothing_wrong()


@pytest.fixture
def without_script(welcome: Welcome) -> Visitor:
    return welcome(java_script_enabled=False).open()


@pytest.fixture
def phone(welcome: Welcome) -> Visitor:
    return welcome(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2).open()


@pytest.fixture
def dark(welcome: Welcome) -> Visitor:
    return welcome(color_scheme="dark").open()


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    """A line to the server that a test may break."""
    line = Line(server.url)
    yield line
    line.close()


@pytest.fixture
def caller(browser: Browser, line: Line) -> Iterator[Visitor]:
    """Somebody at the end of a line that a test may break."""
    with door(browser, line) as welcome:
        yield welcome().open()


@pytest.fixture
def witness(browser: Browser, own_server: Server) -> Iterator[Visitor]:
    """Somebody whose server a test may kill; that it cannot be reached then is no surprise."""
    with door(browser, own_server) as welcome:
        visitor = welcome().open()
        visitor.watch.allow("net::ERR_", "Failed to fetch")
        yield visitor


@pytest.fixture
def hurried(browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    """A visitor of a server that takes three requests a second of each session."""
    server = Server(tmp_path, "--rate", "3").start()
    with door(browser, server) as welcome:
        yield welcome().open()
    server.stop()
