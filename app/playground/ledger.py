"""How the ledger of the last step is laid out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Layer = Literal["conv.weight", "conv.bias", "fc.weight", "fc.bias"]
Column = Literal["parameter", "old", "gradient", "velocity", "change", "new"]


@dataclass(frozen=True, slots=True)
class Ledger:
    """One of the view's parts: the layer, the column that sorts it, and the parameter whose row is unfolded."""

    layer: Layer = "conv.weight"
    by: Column = "parameter"
    down: bool = False
    opened: str = ""


START = Ledger()
