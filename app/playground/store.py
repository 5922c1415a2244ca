"""Where logs are kept: what a session asks of any store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol


class Entry(NamedTuple):
    """One row of a session's log.

    ``payload`` is the action's fields as JSON ("" where it has none); ``target`` is where a move leads; ``losses`` what
    each step that the action took leaves (the loss before it), as bytes. ``cost``: the work to apply it again, in SGD
    steps of the lab's network, 0 where it is what its kind costs.
    """

    revision: int
    action: str
    payload: str = ""
    target: int | None = None
    nonce: bytes | None = None
    losses: bytes = b""
    cost: int = 0


Trace = tuple[int, str, int | None, int, str, int]
"""What the fold needs of an entry: revision, action, target, how many bytes its steps left, a place's payload, cost.

A plain tuple: a session of 10,000 actions reads as many when it opens.
"""


class Store(Protocol):
    """Keeps the logs of all sessions; several processes may share one."""

    def append(self, session: str, entry: Entry) -> bool:
        """Keep an entry, if nothing came between: False if its revision is taken or its nonce known.

        Raises ``Ended`` where the log is there no more, ``Crowded`` where it would begin a session too many,
        ``NotSaved`` where nothing can be written, and, as every method may, ``Away`` where the store cannot be reached.
        """

    def read(self, session: str, after: int) -> Iterable[Trace]:
        """Return the entries after a revision, in order."""

    def entry(self, session: str, revision: int) -> Entry:
        """Return one entry whole."""

    def find(self, session: str, nonce: bytes) -> int | None:
        """Return the revision that a nonce got, None if it is unknown."""

    def losses(self, session: str, revisions: Sequence[int]) -> dict[int, bytes]:
        """Return the losses of these entries."""

    def snapshot(self, session: str, revision: int) -> bytes | None:
        """Return the snapshot of a revision, if somebody wrote one."""

    def keep_snapshot(self, session: str, revision: int, table: bytes) -> None:
        """Keep the snapshot of a revision; it is the same whoever writes it."""

    def keep_share(self, code: str, data: bytes, expires: int) -> None:
        """Keep what a share link leads to, until a time in seconds. Raises ``Crowded``, ``NotSaved``."""

    def share(self, code: str, now: int) -> bytes | None:
        """Return what a share link leads to, None where there is none, or none any more."""

    def sweep(self, now: int) -> bool:
        """Remove some of what has come to its end by a time in seconds; return whether there may be more."""

    def close(self) -> None:
        """Let go of files and connections."""


def crowded(most: int) -> str:
    """Return what somebody reads who would begin a session too many."""
    return (
        f"There are as many sessions here as are kept ({most}), so yours cannot begin now. Whoever has one goes on; "
        "try again later."
    )


def too_many_shares(most: int) -> str:
    """Return what somebody reads who would make a link too many."""
    return f"There are as many links here as are kept ({most}), so yours cannot be made now. Try again another day."
