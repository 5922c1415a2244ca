"""Sessions to measure on, acted out through ``Session`` as a browser's clicks would be."""

from __future__ import annotations

import random
import secrets

from app.playground.actions.base import Action
from app.playground.actions.drawing import SetLabel, Stroke
from app.playground.actions.network import LearningRate, Step
from app.playground.actions.time import Redo, Rewind, Undo
from app.playground.errors import NothingThere
from app.playground.session import Session

MIX = {"step": 60, "ten": 6, "stroke": 16, "label": 5, "rate": 1, "undo": 6, "redo": 2, "rewind": 4}
"""What visitors do, in per cent; a guess."""


def nonce() -> str:
    """Return a fresh nonce as the browser makes it."""
    return "-".join(str(secrets.randbits(32)) for _ in range(4))


def lesson(session: Session, length: int) -> None:
    """Bring a session to a length by four steps, then a pixel, and so on: always forward."""
    chance = random.Random(0)
    while session.head < length:
        session.act(Step() if session.head % 5 else _pixel(chance), nonce())


def mixed(session: Session, length: int, seed: int = 0) -> None:
    """Bring a session to a length by everything that a visitor does."""
    chance = random.Random(seed)
    kinds, weights = list(MIX), list(MIX.values())
    while session.head < length:
        try:
            session.act(_action(chance.choices(kinds, weights)[0], session.head, chance), nonce())
        except NothingThere:  # to undo, or to redo: a browser greys these out
            continue


def _pixel(chance: random.Random) -> Stroke:
    return Stroke(cells=[[chance.randrange(5), chance.randrange(5)]], on=chance.random() < 0.5)


def _action(kind: str, head: int, chance: random.Random) -> Action:
    match kind:
        case "step":
            return Step()
        case "ten":
            return Step(steps=10)
        case "stroke":
            return _pixel(chance)
        case "label":
            return SetLabel(label=chance.randrange(10))
        case "rate":
            return LearningRate(rate=chance.choice([0.01, 0.05, 0.1, 0.5]))
        case "undo":
            return Undo()
        case "redo":
            return Redo()
        case _:
            return Rewind(revision=chance.randint(0, head))
