"""The ledger of the network's last step: which layer, in which order, and the row that is unfolded."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import Field

from app.playground.actions.base import Look
from app.playground.actions.pointing import LONGEST
from app.playground.ledger import Column, Layer, Ledger
from app.playground.state import Playground

Parameter = Annotated[
    str,
    Field(
        max_length=LONGEST,
        pattern=r"^((conv|fc)\.(weight|bias)\[\d+(,\d+)*\])?$",
        description="a parameter, as conv.weight[0,0,1,1], or nothing",
    ),
]


class Turn(Look):
    """Turn the ledger to a layer, sort it, unfold a row."""

    name: ClassVar[str] = "ledger"
    lab: ClassVar[str] = "network"
    summary: ClassVar[str] = (
        "How the ledger of the last step is laid out: its layer, the column that sorts it (by), whether from the "
        "largest down, and the parameter whose row is unfolded (opened; none where it is empty)."
    )
    part: ClassVar[str] = "ledger"
    layer: Layer | None = None
    by: Column | None = None
    down: bool | None = None
    opened: Parameter | None = None

    def look(self, state: Playground) -> Ledger:
        """Return how it is laid out after it."""
        return replace(state.view.ledger, **self.model_dump(exclude_none=True))
