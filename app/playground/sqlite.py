"""The store in one SQLite file: write-ahead log, one short transaction an entry."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.playground.store import Entry, Trace

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
"""


class SQLiteStore:
    """Logs and snapshots in ``<folder>/sessions.sqlite3``. Used by one thread at a time."""

    def __init__(self, folder: Path) -> None:
        """Open the file, or make it; the folder is made too."""
        folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(
            folder / "sessions.sqlite3", isolation_level=None, timeout=10, check_same_thread=False
        )
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.executescript(_SCHEMA)
        if not self._db.execute("select 1 from pragma_table_info('log') where name = 'cost'").fetchone():
            self._db.execute("alter table log add column cost integer not null default 0")  # a file from before it

    def append(self, session: str, entry: Entry) -> bool:
        """Keep an entry, if nothing came between: False if its revision is taken or its nonce known."""
        try:
            self._db.execute("insert into log values (?, ?, ?, ?, ?, ?, ?, ?)", (session, *entry))
        except sqlite3.IntegrityError:
            return False
        return True

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
        """Keep the snapshot of a revision; it is the same whoever writes it."""
        self._db.execute("insert or ignore into snapshots values (?, ?, ?)", (session, revision, table))

    def keep_share(self, code: str, data: bytes, expires: int) -> None:
        """Keep what a share link leads to, until a time in seconds."""
        self._db.execute("insert into shares values (?, ?, ?)", (code, data, expires))

    def share(self, code: str, now: int) -> bytes | None:
        """Return what a share link leads to, None where there is none, or none any more."""
        self._db.execute("delete from shares where expires <= ?", (now,))
        row = self._db.execute("select data from shares where code = ?", (code,)).fetchone()
        return row[0] if row else None

    def close(self) -> None:
        """Close the file."""
        self._db.close()
