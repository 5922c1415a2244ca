"""Share links: a random code for what a revision showed; whoever opens it gets a copy, without the history."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from typing import NamedTuple

from app.playground.errors import Missing
from app.playground.state import Table, pack, unpack
from app.playground.store import Store

DAYS = 30  # that a link leads somewhere
CODE = 128 // 8  # bytes: it cannot be guessed
LONGEST_CODE = 64
_GONE = f"This link leads nowhere: it is mistyped, or older than {DAYS} days."


class Shared(NamedTuple):
    """What a link leads to: the lab that was open, and the table."""

    lab: str
    packed: str


def share(store: Store, table: Table, lab: str, now: int) -> str:
    """Keep a copy of a table, and return the code that leads to it; ``now`` in seconds."""
    code = secrets.token_urlsafe(CODE)
    data = json.dumps([lab, pack(without_history(table)).decode()]).encode()
    store.keep_share(code, data, now + DAYS * 86400)
    return code


def shared(store: Store, code: str, now: int) -> Shared:
    """Return what a code leads to; refuse one that is unknown, or has expired."""
    data = store.share(code, now) if len(code) <= LONGEST_CODE else None
    if data is None:
        raise Missing(_GONE)
    lab, packed = json.loads(data)
    if unpack(packed.encode()) is None:
        raise Missing("This link was made by an earlier version, and cannot be read any more.")
    return Shared(lab, packed)


def without_history(table: Table) -> Table:
    """Return a table as it would be if its numbers had stood there from the beginning: no step was taken."""
    line = table.neuron.line
    training = table.training
    return replace(
        table,
        network=replace(table.network, step=0, before=None, stride=0.0, taught=None, lessons=0),
        neuron=replace(table.neuron, step=0, start=line, before=None, taught=None),
        classifier=replace(table.classifier, step=0, before=None),
        training=replace(training, step=0, loaded=training.loaded + training.step),
    )
