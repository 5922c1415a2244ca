"""The store in one SQLite file: write-ahead log, one short transaction an entry."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from app.playground.bounds import DEFAULT, Bounds
from app.playground.errors import Crowded, Ended, NotSaved, Unusable
from app.playground.store import Entry, Trace, crowded, too_many_shares

VERSION = 1
"""Of the file; a server leaves one alone that is from a newer version."""
WAIT = 10  # seconds for another process to finish its write
AT_A_TIME = 50  # sessions that one sweep removes, so that it holds nobody up

# When something was last done in a session is noted by the hour: a trigger does it within the transaction of the entry.
# Committed entries are in the write-ahead log, which survives the death of the process ("synchronous=NORMAL" may lose
# the last of them when the machine itself loses power). WITHOUT ROWID: a session's rows lie together.
_SCHEMA = """
create table if not exists log (
    session text not null, revision integer not null, action text not null, payload text not null,
    target integer, nonce blob, losses blob not null, cost integer not null default 0, primary key (session, revision)
) without rowid, strict;
create unique index if not exists nonces on log (session, nonce) where nonce is not null;
create table if not exists snapshots (
    session text not null, revision integer not null, state blob not null, primary key (session, revision)
) without rowid, strict;
create table if not exists shares (
    code text not null primary key, data blob not null, expires integer not null
) without rowid, strict;
create table if not exists sessions (session text not null primary key, hour integer not null) without rowid, strict;
create index if not exists hours on sessions (hour);
create trigger if not exists used after insert on log begin
    insert into sessions values (new.session, unixepoch() / 3600)
    on conflict (session) do update set hour = excluded.hour where hour <> excluded.hour;
end;
"""


_APPEND = """
insert into log select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
where ?2 = 1 or exists (select 1 from log where session = ?1 and revision = ?2 - 1)
"""


class SQLiteStore:
    """Logs and snapshots in ``<folder>/sessions.sqlite3``. Used by one thread at a time."""

    def __init__(self, folder: Path, bounds: Bounds = DEFAULT) -> None:
        """Open the file, or make it; the folder is made too. Raises ``Unusable``."""
        self._bounds = bounds
        file = folder / "sessions.sqlite3"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(file, isolation_level=None, timeout=WAIT, check_same_thread=False)
            self._prepare(file)
        except (OSError, sqlite3.Error) as problem:
            raise Unusable(f"The folder {folder} cannot be used: {problem}.") from None

    def _prepare(self, file: Path) -> None:
        (version,) = self._db.execute("pragma user_version").fetchone()
        if version > VERSION:
            raise Unusable(f"{file} is from a newer version of Five by Five: it is left as it is.")
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.execute("begin immediate")  # of several processes that start at once, one makes the tables
        for statement in _statements(_SCHEMA):
            self._db.execute(statement)
        if not self._db.execute("select 1 from pragma_table_info('log') where name = 'cost'").fetchone():
            self._db.execute("alter table log add column cost integer not null default 0")  # a file from before it
        if version < VERSION:
            self._db.execute("insert or ignore into sessions select distinct session, unixepoch() / 3600 from log")
            self._db.execute(f"pragma user_version = {VERSION}")
        self._db.execute("commit")

    def append(self, session: str, entry: Entry) -> bool:
        """Keep an entry, if nothing came between: False if its revision is taken or its nonce known."""
        if entry.revision == 1 and self._count() >= self._bounds.sessions:
            self.sweep(int(time.time()))
            if self._count() >= self._bounds.sessions:
                raise Crowded(crowded(self._bounds.sessions))
        try:
            done = self._db.execute(_APPEND, (session, *entry))
        except sqlite3.IntegrityError:
            return False
        except sqlite3.OperationalError as problem:
            raise NotSaved(str(problem)) from None
        if not done.rowcount:
            raise Ended
        return True

    def _count(self) -> int:
        count: int = self._db.execute("select count(*) from sessions").fetchone()[0]
        return count

    def read(self, session: str, after: int) -> Iterable[Trace]:
        """Return the entries after a revision, in order."""
        rows: Iterable[Trace] = self._db.execute(
            "select revision, action, target, length(losses), iif(action = 'place', payload, ''), cost"
            " from log where session = ? and revision > ? order by revision",
            (session, after),
        )
        return rows

    def entry(self, session: str, revision: int) -> Entry:
        """Return one entry whole."""
        row = self._db.execute(
            "select revision, action, payload, target, nonce, losses, cost from log where session = ? and revision = ?",
            (session, revision),
        ).fetchone()
        if row is None:
            raise Ended
        return Entry._make(row)

    def find(self, session: str, nonce: bytes) -> int | None:
        """Return the revision that a nonce got, None if it is unknown."""
        row = self._db.execute("select revision from log where session = ? and nonce = ?", (session, nonce)).fetchone()
        return row[0] if row else None

    def losses(self, session: str, revisions: Sequence[int]) -> dict[int, bytes]:
        """Return the losses of these entries."""
        if not revisions:
            return {}
        wanted = set(revisions)
        rows = self._db.execute(
            "select revision, losses from log where session = ? and revision between ? and ? and length(losses) > 0",
            (session, min(wanted), max(wanted)),
        )
        return {revision: losses for revision, losses in rows if revision in wanted}

    def snapshot(self, session: str, revision: int) -> bytes | None:
        """Return the snapshot of a revision, if somebody wrote one."""
        row = self._db.execute(
            "select state from snapshots where session = ? and revision = ?", (session, revision)
        ).fetchone()
        return row[0] if row else None

    def keep_snapshot(self, session: str, revision: int, table: bytes) -> None:
        """Keep the snapshot of a revision; it is the same whoever writes it, and none is missed."""
        with suppress(sqlite3.OperationalError):
            self._db.execute("insert or ignore into snapshots values (?, ?, ?)", (session, revision, table))

    def keep_share(self, code: str, data: bytes, expires: int) -> None:
        """Keep what a share link leads to, until a time in seconds."""
        (count,) = self._db.execute("select count(*) from shares where expires > ?", (time.time(),)).fetchone()
        if count >= self._bounds.shares:
            raise Crowded(too_many_shares(self._bounds.shares))
        try:
            self._db.execute("insert into shares values (?, ?, ?)", (code, data, expires))
        except sqlite3.OperationalError as problem:
            raise NotSaved(str(problem)) from None

    def share(self, code: str, now: int) -> bytes | None:
        """Return what a share link leads to, None where there is none, or none any more."""
        row = self._db.execute("select data from shares where code = ? and expires > ?", (code, now)).fetchone()
        return row[0] if row else None

    def sweep(self, now: int) -> bool:
        """Remove some of what has come to its end; return whether there may be more."""
        with suppress(sqlite3.OperationalError):  # a full disk is no reason not to go on
            self._db.execute("begin immediate")  # from here on nobody can come back to a session that is to go
            self._db.execute("delete from shares where expires <= ?", (now,))
            ended = self._db.execute(
                "select session from sessions where hour < ? limit ?", ((now - self._bounds.idle) // 3600, AT_A_TIME)
            ).fetchall()
            for table in ("log", "snapshots", "sessions"):
                self._db.executemany(f"delete from {table} where session = ?", ended)  # noqa: S608 - our own names
            self._db.execute("commit")
            return len(ended) == AT_A_TIME
        if self._db.in_transaction:
            self._db.execute("rollback")
        return False

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _statements(script: str) -> Iterator[str]:
    """Return the statements of a script (``executescript`` would end the transaction)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
