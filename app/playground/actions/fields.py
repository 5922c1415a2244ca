"""Fields that the actions of several labs share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from app.nn.windows import Pair

Number = Annotated[float, Field(ge=-1e6, le=1e6)]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]


def _spelt(value: object) -> object:
    # A form has no lists: there "3,2" stands for [3, 2].
    if not isinstance(value, str):
        return value
    numbers = [int(part) for part in value.split(",")]
    return numbers[0] if len(numbers) == 1 else numbers


def pair_of(least: int, most: int) -> Any:  # noqa: ANN401 - an annotation
    """Return the type of a setting along rows and columns: one whole number for both, or [rows, columns]."""
    side = Annotated[int, Field(ge=least, le=most)]
    both = Annotated[list[side], Field(min_length=2, max_length=2)]
    return Annotated[side | both, BeforeValidator(_spelt)]


def as_pair(setting: int | list[int]) -> Pair:
    """Return a setting as (rows, columns)."""
    return (setting, setting) if isinstance(setting, int) else (setting[0], setting[1])


def given(fields: Mapping[str, object]) -> dict[str, Any]:
    """Return the fields that were sent."""
    return {name: value for name, value in fields.items() if value is not None}


def settled(action: object, *names: str) -> dict[str, Any]:
    """Return the settings of these names that were sent, each as (rows, columns)."""
    return {name: as_pair(sides) for name, sides in given({name: getattr(action, name) for name in names}).items()}
