"""Pointing at a number, so that it explains itself."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from app.playground.actions.base import Look
from app.playground.state import Playground

LONGEST = 80  # characters of an address
Address = Annotated[
    str,
    Field(
        max_length=LONGEST,
        pattern=r"^(([a-z]+:)?[a-z_.]+(\[\d+(,\d+)*\])?)?$",
        description="an address, as logits[0] or convolution:output[0,1,2]",
    ),
]


class Point(Look):
    """Point at a number."""

    name: ClassVar[str] = "point"
    summary: ClassVar[str] = "Point at a number by its address, so that it explains itself; at nothing without one."
    part: ClassVar[str] = "pointed"
    address: Address = ""

    def look(self, state: Playground) -> str:
        """Return what is pointed at after it."""
        return self.address
