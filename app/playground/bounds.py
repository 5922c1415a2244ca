"""How much is kept, and for how long: what a store and a session hold themselves to."""

from __future__ import annotations

from dataclasses import dataclass

DAY = 86400


@dataclass(frozen=True)
class Bounds:
    """What may be set; each bound that is met is a sentence, and what was there before stays.

    ``sessions``: kept at a time. ``idle_days``: a session that nothing was done in for so long ends. ``actions``: of
    one session. ``shares``: links that lead somewhere, at a time. ``rate``: requests a second of one session, 0 for any
    number; for a moment it may be twice as many.
    """

    sessions: int = 100_000
    idle_days: int = 30
    actions: int = 50_000
    shares: int = 10_000
    rate: int = 100

    @property
    def idle(self) -> int:
        """The idle life in seconds."""
        return self.idle_days * DAY


DEFAULT = Bounds()
