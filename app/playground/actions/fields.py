"""Fields that the actions of several labs share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo

from app.nn.windows import Pair
from app.playground.errors import Invalid, OutOfRange


def in_forms(read: Callable[[str], object]) -> BeforeValidator:
    """Return a validator that reads the text of a form, which knows neither numbers nor lists; JSON says what it means.

    ``read`` raises ``ValueError``, or returns the text as it is, where it makes no sense.
    """

    def validate(value: object, info: ValidationInfo) -> object:
        return value if info.mode == "json" or not isinstance(value, str) else read(value)

    return BeforeValidator(validate)


def _number(text: str) -> object:
    # People type what the page shows: a true minus, a decimal comma.
    try:
        return float(text.strip().replace("−", "-").replace(",", "."))
    except ValueError:
        return text  # which is refused as no number


Number = Annotated[float, Field(ge=-1e6, le=1e6), in_forms(_number)]
Guess = Annotated[float, Field(ge=-1e9, le=1e9), in_forms(_number)]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]


def _numbers(text: str) -> object:
    # "3,2" stands for [3, 2].
    numbers = [int(part) for part in text.split(",")]
    return numbers[0] if len(numbers) == 1 else numbers


def pair_of(least: int, most: int) -> Any:  # noqa: ANN401 - an annotation
    """Return the type of a setting along rows and columns: one whole number for both, or [rows, columns]."""
    side = Annotated[int, Field(ge=least, le=most)]
    both = Annotated[list[side], Field(min_length=2, max_length=2)]
    return Annotated[side | both, in_forms(_numbers)]


def as_pair(setting: int | list[int]) -> Pair:
    """Return a setting as (rows, columns)."""
    return (setting, setting) if isinstance(setting, int) else (setting[0], setting[1])


def given(fields: Mapping[str, object]) -> dict[str, Any]:
    """Return the fields that were sent."""
    return {name: value for name, value in fields.items() if value is not None}


def sent(action: BaseModel) -> list[str]:
    """Return the names of the fields that say something, in the order of the action."""
    return [name for name, field in type(action).model_fields.items() if getattr(action, name) != field.default]


def cell(row: int | None, column: int | None, size: Pair, what: str) -> Pair:
    """Return the cell that was named; refuse one that ``what``, of this size, does not have."""
    found = []
    for field, place, count in (("row", row, size[0]), ("column", column, size[1])):
        if place is None or place >= count:
            raise OutOfRange(
                f"There is no such {field}: {what} here has {size[0]} rows and {size[1]} columns, counted from 0.",
                field,
                {"minimum": 0, "maximum": count - 1},
            )
        found.append(place)
    return found[0], found[1]


def filled(row: int | None, column: int | None, value: object) -> None:
    """Refuse a cell that is named without what is to stand in it."""
    if value is None and (row, column) != (None, None):
        raise Invalid("What is to stand there? A row and a column need a value.", "value")


def settled(action: object, *names: str) -> dict[str, Any]:
    """Return the settings of these names that were sent, each as (rows, columns)."""
    return {name: as_pair(sides) for name, sides in given({name: getattr(action, name) for name in names}).items()}
