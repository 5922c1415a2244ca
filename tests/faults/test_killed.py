"""Whatever is killed, and whenever: what was acknowledged is there, and nothing was done twice."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from tests.faults.presses import Presser
from tests.server import Server

KILLS = 5
VISITORS = 3


def press_until(server: Server, visitors: list[Presser], kill: Callable[[], None], after: int) -> None:
    """Let all press at once; kill after so many answers; what was not answered is sent again."""
    count, killed, back = threading.Semaphore(0), threading.Event(), threading.Event()

    def go(visitor: Presser) -> None:
        number = len(visitor.acknowledged)
        while True:
            done = visitor.press(f"press-{number}")
            count.release()
            if not done:
                back.wait(60)
                while not visitor.press(f"press-{number}"):
                    pass
            number += 1
            if killed.is_set():
                return

    threads = [threading.Thread(target=go, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for _ in range(after):
        count.acquire()
    kill()
    killed.set()
    back.set()
    for thread in threads:
        thread.join()


def assert_each_counted_once(visitors: list[Presser]) -> None:
    for visitor in visitors:
        presses = len(visitor.acknowledged)
        assert visitor.acknowledged == list(range(1, presses + 1))
        now = visitor.session()
        assert (now["revision"], now["step"]) == (presses, presses)
        visitor.hang_up()


@pytest.mark.parametrize("workers", [1, 2])
def test_the_server_is_killed(tmp_path: Path, workers: int) -> None:
    server = Server(tmp_path, "--workers", str(workers), "--rate", "0").start()
    visitors = [Presser(server) for _ in range(VISITORS)]
    for visitor in visitors:
        visitor.session()
    chance = random.Random(workers)

    def kill() -> None:
        server.kill()
        server.start()

    for _ in range(KILLS):
        press_until(server, visitors, kill, after=chance.randint(1, 40))
    assert_each_counted_once(visitors)
    server.stop()


def test_a_worker_is_killed_and_another_takes_its_place(tmp_path: Path) -> None:
    server = Server(tmp_path, "--workers", "2", "--rate", "0").start()
    visitors = [Presser(server) for _ in range(VISITORS)]
    for visitor in visitors:
        visitor.session()
    chance = random.Random(3)
    for _ in range(KILLS):
        victim = chance.choice(server.workers)
        press_until(server, visitors, partial(os.kill, victim, signal.SIGKILL), after=chance.randint(1, 40))
        while len(server.workers) < 2 or victim in server.workers:
            with suppress(ConnectionError):  # who dies may have been about to answer
                visitors[0].session()  # which the other worker answers meanwhile
    assert_each_counted_once(visitors)
    server.stop()
