"""What a session may ask of any store, and what the stores do when they are full, gone, or none of ours."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest

from app.playground.bounds import DAY, Bounds
from app.playground.errors import Away, Crowded, Ended, NotSaved, Unusable
from app.playground.redis import RedisStore
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.playground.store import Entry, Store
from tests.conftest import NewStore
from tests.playground.deeds import do
from tools.redis import RedisServer


@pytest.fixture
def store(new_store: NewStore) -> Store:
    return new_store()


# --- appending -------------------------------------------------------------------------------------------------------


def test_what_is_appended_is_read_back_whole(store: Store) -> None:
    entries = [
        Entry(1, "step", '{"steps": 2}', None, b"one", b"\x00\xff\x01\x02"),
        Entry(2, "undo", "", 0, None, b"", 7),
        Entry(3, "place", '{"step": 1, "lab": "network"}', 1, b"\x00three"),
    ]
    assert [store.append("s", entry) for entry in entries] == [True] * 3
    assert [store.entry("s", entry.revision) for entry in entries] == entries
    assert [tuple(trace) for trace in store.read("s", 1)] == [
        (2, "undo", 0, 0, "", 7),
        (3, "place", 1, 0, '{"step": 1, "lab": "network"}', 0),
    ]
    assert store.find("s", b"\x00three") == 3
    assert store.losses("s", [1, 2]) == {1: b"\x00\xff\x01\x02"}


def test_an_entry_goes_to_the_end_of_the_log_or_nowhere(store: Store) -> None:
    assert store.append("s", Entry(1, "clear", nonce=b"n"))
    assert not store.append("s", Entry(1, "clear"))  # taken
    assert not store.append("s", Entry(2, "clear", nonce=b"n"))  # done already
    with pytest.raises(Ended):
        store.append("s", Entry(3, "clear"))  # there is no second
    assert len(list(store.read("s", 0))) == 1


def test_sessions_do_not_see_each_other(store: Store) -> None:
    store.append("s", Entry(1, "clear", nonce=b"n"))
    store.keep_snapshot("s", 1, b"table")
    assert list(store.read("other", 0)) == []
    assert store.find("other", b"n") is None
    assert store.snapshot("other", 1) is None


def test_the_first_snapshot_of_a_revision_stays(store: Store) -> None:
    store.append("s", Entry(1, "clear"))
    store.keep_snapshot("s", 1, b"first")
    store.keep_snapshot("s", 1, b"second")
    assert store.snapshot("s", 1) == b"first"


def test_writers_at_once_lose_nothing_and_do_nothing_twice(store: Store) -> None:
    """Four writers retry each of their presses once, as pages do whose answers are lost."""
    acknowledged: list[int] = []
    turn = threading.Lock()  # a store is used by one thread at a time; what is read is old by the next turn
    writers = [Session(store, "s") for _ in range(4)]

    def write(number: int) -> None:
        session = writers[number]
        for count in range(25):
            for _ in range(2):
                while True:
                    with turn:
                        attempt = session.attempt(do("step"), f"{number}-{count}")
                    if isinstance(attempt, int):
                        break
                    time.sleep(0)
                    with turn:
                        if session.commit(attempt):
                            acknowledged.append(attempt.entry.revision)
                            break

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(acknowledged) == list(range(1, 101))
    assert Session(store, "s").state(100).table.network.step == 100


# --- bounds ----------------------------------------------------------------------------------------------------------


def test_no_session_too_many_begins_and_those_that_are_there_go_on(new_store: NewStore) -> None:
    store = new_store(Bounds(sessions=2))
    first, second, third = (Session(store, name) for name in ("first", "second", "third"))
    first.act(do("step"))
    second.act(do("step"))
    with pytest.raises(Crowded, match="as many sessions here as are kept"):
        third.act(do("step"))
    assert first.act(do("step")) == 2
    assert third.read_on() == 0


def test_no_link_too_many_is_made_and_those_that_are_there_lead_on(new_store: NewStore) -> None:
    store, later = new_store(Bounds(shares=2)), int(time.time()) + DAY
    store.keep_share("one", b"1", later)
    store.keep_share("two", b"\xff2", later)
    with pytest.raises(Crowded, match="as many links"):
        store.keep_share("three", b"3", later)
    assert [store.share(code, int(time.time())) for code in ("one", "two", "three")] == [b"1", b"\xff2", None]


def test_an_idle_session_ends_and_a_new_one_begins_under_its_name(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path, Bounds(idle_days=30))
    session = Session(store, "s")
    session.act(do("step"))
    store.keep_share("code", b"data", int(time.time()) + DAY)
    store.sweep(int(time.time()) + 29 * DAY)
    assert session.act(do("step")) == 2
    store.sweep(int(time.time()) + 31 * DAY)
    assert list(store.read("s", 0)) == []
    assert store.share("code", 0) is None
    with pytest.raises(Ended):
        session.act(do("step"))
    assert session.ended
    assert Session(store, "s").act(do("step")) == 1


def test_a_sweep_takes_a_little_at_a_time(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path)
    for number in range(120):
        Session(store, f"s{number}").act(do("step"))
    later = int(time.time()) + 31 * DAY
    assert [store.sweep(later) for _ in range(3)] == [True, True, False]
    assert all(not list(store.read(f"s{number}", 0)) for number in range(120))


def test_redis_lets_a_session_expire_with_all_that_belongs_to_it(redis: RedisServer) -> None:
    redis.client().flushall()
    store = RedisStore(redis.url, Bounds(idle_days=30, sessions=1))
    session = Session(store, "s")
    session.act(do("step", steps=1000), "nonce")
    session.act(do("step", steps=1000))
    client = redis.client()
    keys = [key for key in client.scan_iter("*") if key != b"fivebyfive:sessions"]
    assert len(keys) == 5
    assert all(29 * DAY < client.ttl(key) <= 30 * DAY for key in keys)
    client.delete(*keys)  # as if they had expired, and with them their place among the sessions that are kept
    client.zadd("fivebyfive:sessions", {"s": time.time() - 31 * DAY})
    with pytest.raises(Ended):
        session.act(do("step"))
    assert Session(store, "other").act(do("step")) == 1


# --- faults ----------------------------------------------------------------------------------------------------------


def test_a_full_disk_refuses_and_goes_on_reading_until_there_is_room(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path)
    session = Session(store, "s")
    session.act(do("step"))
    pages = store._db.execute("pragma page_count").fetchone()[0]
    store._db.execute(f"pragma max_page_count = {pages}")
    with pytest.raises(NotSaved, match="not being saved"):
        [session.act(do("step", steps=1000)) for _ in range(1000)]
    head = session.head
    assert session.state(head).table.network.step > 0
    assert Session(store, "s").read_on() == head
    store._db.execute("pragma max_page_count = 1000000")
    assert session.act(do("step")) == head + 1


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    SQLiteStore(tmp_path).close()
    file = tmp_path / "sessions.sqlite3"
    with sqlite3.connect(file) as database:
        database.execute("pragma user_version = 1000")
    database.close()
    before = file.read_bytes()
    with pytest.raises(Unusable, match="newer version"):
        SQLiteStore(tmp_path)
    assert file.read_bytes() == before


def test_a_folder_that_cannot_be_used_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", Path("/proc/nothing")):
        with pytest.raises(Unusable, match="cannot be used"):
            SQLiteStore(folder)


def test_a_file_from_before_sessions_were_counted_is_taken_over(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path)
    Session(store, "s").act(do("step"))
    for statement in ("drop trigger used", "drop table sessions", "pragma user_version = 0"):
        store._db.execute(statement)
    store.close()
    store = SQLiteStore(tmp_path, Bounds(sessions=1))
    with pytest.raises(Crowded):
        Session(store, "other").act(do("step"))
    assert Session(store, "s").act(do("step")) == 2


def test_redis_gone_leaves_nothing_half_done_and_comes_back_by_itself(tmp_path: Path) -> None:
    server = RedisServer(tmp_path).start()
    store = RedisStore(server.url)
    session = Session(store, "s")
    session.act(do("step"), "first")
    server.kill()
    for _ in range(2):
        with pytest.raises(Away):
            session.act(do("step"), "second")
    with pytest.raises(Unusable):
        RedisStore(server.url)
    server.start()
    assert session.act(do("step"), "second") == 2
    assert session.act(do("step"), "first") == 1
    assert Session(store, "s").state(2).table.network.step == 2
    store.close()
    server.kill()


def test_a_redis_that_cannot_write_is_read_on_from(redis: RedisServer) -> None:
    redis.client().flushall()
    session = Session(RedisStore(redis.url), "s")
    session.act(do("step"))
    client = redis.client()
    client.config_set("maxmemory", "1")
    try:
        with pytest.raises(NotSaved):
            session.act(do("step"))
        assert session.read_on() == 1
    finally:
        client.config_set("maxmemory", "0")
    assert session.act(do("step")) == 2
