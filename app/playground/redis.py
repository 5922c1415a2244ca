"""The store in a Redis or Valkey, for several machines: what belongs together is done by a script, which is atomic.

Of each session there are a list of traces (its length is the head) and hashes of whole entries, nonces, losses and
snapshots. All of them expire together, the idle life after the last action; so do share links.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as Late
from redis.retry import Retry

from app.playground.bounds import DEFAULT, Bounds
from app.playground.errors import Away, Crowded, Ended, NotSaved, Unusable
from app.playground.store import Entry, Trace, crowded, too_many_shares

PREFIX = "fivebyfive"
WAIT = 2.0  # seconds for an answer
PARTS = ("traces", "entries", "nonces", "losses", "snapshots")

_APPEND = """
local session, revision, nonce = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local now, idle, most = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
if nonce ~= '' and redis.call('HEXISTS', KEYS[3], nonce) == 1 then return 'taken' end
local head = redis.call('LLEN', KEYS[1])
if head >= revision then return 'taken' end
if head < revision - 1 then return 'ended' end
if head == 0 then
    redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', now - idle)
    if redis.call('ZCARD', KEYS[6]) >= most then return 'crowded' end
end
redis.call('RPUSH', KEYS[1], ARGV[7])
redis.call('HSET', KEYS[2], revision, ARGV[8])
if nonce ~= '' then redis.call('HSET', KEYS[3], nonce, revision) end
if ARGV[9] ~= '' then redis.call('HSET', KEYS[4], revision, ARGV[9]) end
for part = 1, 5 do redis.call('EXPIRE', KEYS[part], idle) end
redis.call('ZADD', KEYS[6], now, session)
return 'done'
"""
_SNAPSHOT = """
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 1 then redis.call('EXPIRE', KEYS[1], ARGV[3]) end
"""

_SHARE = """
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[3])
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[4]) then return 'crowded' end
redis.call('SET', KEYS[1], ARGV[1], 'EXAT', ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[2], KEYS[1])
return 'done'
"""

Given = ParamSpec("Given")
Found = TypeVar("Found")


def _reaching(method: Callable[Given, Found]) -> Callable[Given, Found]:
    """Say what it means to a visitor when Redis does not answer, or cannot write."""

    @wraps(method)
    def reaching(*given: Given.args, **named: Given.kwargs) -> Found:
        try:
            return method(*given, **named)
        except (Unreachable, Late):
            raise Away from None
        except ResponseError as problem:  # its memory is full, it is a replica, it is loading, its disk is full
            raise NotSaved(str(problem).partition(" ")[2]) from None

    return reaching


class RedisStore:
    """Logs, snapshots and shares in a Redis, under keys that begin with ``fivebyfive:``."""

    def __init__(self, url: str, bounds: Bounds = DEFAULT) -> None:
        """Connect. Raises ``Unusable`` where nobody answers."""
        self._bounds = bounds
        # No retry here: a press that fails is sent again by its page, with its nonce, and nobody else is held up.
        self._redis = Redis.from_url(
            url, socket_timeout=WAIT, socket_connect_timeout=WAIT, retry=Retry(NoBackoff(), 0), health_check_interval=0
        )
        try:
            self._redis.ping()
        except RedisError as problem:
            raise Unusable(f"The store cannot be reached: {problem}.") from None
        self._append = self._redis.register_script(_APPEND)
        self._keep = self._redis.register_script(_SNAPSHOT)
        self._share = self._redis.register_script(_SHARE)

    @_reaching
    def append(self, session: str, entry: Entry) -> bool:
        """Keep an entry, if nothing came between: False if its revision is taken or its nonce known."""
        trace: Trace = (
            entry.revision,
            entry.action,
            entry.target,
            len(entry.losses),
            entry.payload if entry.action == "place" else "",
            entry.cost,
        )
        nonce = (entry.nonce or b"").hex()
        whole = entry._replace(nonce=None, losses=b"")
        keys = [*(_key(session, part) for part in PARTS), f"{PREFIX}:sessions"]
        bounds = self._bounds
        given: list[str | int | bytes] = [
            session,
            entry.revision,
            nonce,
            int(time.time()),
            bounds.idle,
            bounds.sessions,
        ]
        given += [json.dumps(trace), json.dumps([*whole[:4], nonce, whole.cost]), entry.losses]
        said = self._append(keys, given)
        match said:
            case b"crowded":
                raise Crowded(crowded(bounds.sessions))
            case b"ended":
                raise Ended
        return bool(said == b"done")

    @_reaching
    def read(self, session: str, after: int) -> Iterable[Trace]:
        """Return the entries after a revision, in order."""
        found = cast("list[bytes]", self._redis.lrange(_key(session, "traces"), after, -1))
        if not found:
            return []
        traces: list[Trace] = json.loads(b"[" + b",".join(found) + b"]")
        return traces

    @_reaching
    def entry(self, session: str, revision: int) -> Entry:
        """Return one entry whole."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.hget(_key(session, "entries"), str(revision))
        pipe.hget(_key(session, "losses"), str(revision))
        whole, losses = pipe.execute()
        if whole is None:
            raise Ended
        number, action, payload, target, nonce, cost = json.loads(whole)
        return Entry(number, action, payload, target, bytes.fromhex(nonce) or None, losses or b"", cost)

    @_reaching
    def find(self, session: str, nonce: bytes) -> int | None:
        """Return the revision that a nonce got, None if it is unknown."""
        found = cast("bytes | None", self._redis.hget(_key(session, "nonces"), nonce.hex()))
        return int(found) if found else None

    @_reaching
    def losses(self, session: str, revisions: Sequence[int]) -> dict[int, bytes]:
        """Return the losses of these entries."""
        if not revisions:
            return {}
        found = cast("list[bytes | None]", self._redis.hmget(_key(session, "losses"), [str(one) for one in revisions]))
        return {revision: losses for revision, losses in zip(revisions, found, strict=True) if losses}

    @_reaching
    def snapshot(self, session: str, revision: int) -> bytes | None:
        """Return the snapshot of a revision, if somebody wrote one."""
        return cast("bytes | None", self._redis.hget(_key(session, "snapshots"), str(revision)))

    def keep_snapshot(self, session: str, revision: int, table: bytes) -> None:
        """Keep the snapshot of a revision; it is the same whoever writes it, and none is missed."""
        try:
            self._keep([_key(session, "snapshots")], [revision, table, self._bounds.idle])
        except RedisError:
            return

    @_reaching
    def keep_share(self, code: str, data: bytes, expires: int) -> None:
        """Keep what a share link leads to, until a time in seconds."""
        given: list[str | int | bytes] = [data, expires, int(time.time()), self._bounds.shares]
        if self._share([f"{PREFIX}:share:{code}", f"{PREFIX}:shares"], given) == b"crowded":
            raise Crowded(too_many_shares(self._bounds.shares))

    @_reaching
    def share(self, code: str, now: int) -> bytes | None:
        """Return what a share link leads to, None where there is none, or none any more."""
        return cast("bytes | None", self._redis.get(f"{PREFIX}:share:{code}"))

    def sweep(self, now: int) -> bool:
        """Remove nothing: Redis does so by itself."""
        return False

    def close(self) -> None:
        """Let go of the connections."""
        self._redis.close()


def _key(session: str, part: str) -> str:
    return f"{PREFIX}:{session}:{part}"
