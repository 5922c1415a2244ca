"""A real server, a real browser, and visitors; whatever goes wrong in their pages fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser.server import Server
from tests.browser.visitor import PATIENCE, Visitor
from tests.browser.watch import Watch
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


@contextmanager
def _door(browser: Browser, server: Server) -> Iterator[Welcome]:
    inside: list[tuple[BrowserContext, Watch]] = []

    def welcome(**options: Any) -> Visitor:
        context = browser.new_context(**({"viewport": PROJECTOR} | options))
        context.set_default_timeout(PATIENCE * 1000)
        watch = Watch(context, server.url)
        inside.append((context, watch))
        return Visitor(context.new_page(), server.url, watch)

    yield welcome
    for context, _ in inside:
        context.close()
    problems = [problem for _, watch in inside for problem in watch.problems]
    assert not problems, "\n".join(problems)


@pytest.fixture
def welcome(browser: Browser, server: Server) -> Iterator[Welcome]:
    with _door(browser, server) as welcome:
        yield welcome


@pytest.fixture
def visitor(welcome: Welcome) -> Visitor:
    """Somebody at a desk."""
    return welcome().open()


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
def witness(browser: Browser, own_server: Server) -> Iterator[Visitor]:
    """Somebody whose server a test may kill; that it cannot be reached then is no surprise."""
    with _door(browser, own_server) as welcome:
        visitor = welcome().open()
        visitor.watch.allow("net::ERR_", "Failed to fetch")
        yield visitor
