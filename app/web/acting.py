"""From what was sent to an action, and from an action to the log."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from app.playground.actions import Action, Change
from app.playground.errors import Invalid
from app.playground.session import Session

LONGEST_KEY = 200  # characters of an Idempotency-Key
HEAVY = 200  # SGD steps that are worked out in a thread, so that other visitors need not wait


def from_json(kind: type[Action], body: bytes) -> Action:
    """Return the action that a JSON body holds; nothing stands for {}."""
    try:
        return kind.model_validate_json(body or b"{}")
    except ValidationError as problem:
        raise _invalid(kind, problem) from None


def from_form(kind: type[Action], fields: Mapping[str, str]) -> Action:
    """Return the action that the fields of a form hold; a minus may be the true one, as the page writes it."""
    try:
        return kind.model_validate_strings({name: text.replace("−", "-") for name, text in fields.items()})
    except ValidationError as problem:
        raise _invalid(kind, problem) from None


async def act(session: Session, action: Action, nonce: str | None) -> int:
    """Apply an action as ``Session.act`` does; the long ones are worked out in a thread."""
    if nonce and len(nonce) > LONGEST_KEY:
        raise Invalid(
            f"Idempotency-Key: at most {LONGEST_KEY} characters.", "Idempotency-Key", {"maxLength": LONGEST_KEY}
        )
    while True:
        worked = None
        if isinstance(action, Change) and action.cost >= HEAVY:
            table = session.table(session.read_on())
            worked = (table, await asyncio.to_thread(action.apply, table))
        attempt = session.attempt(action, nonce, worked)
        if isinstance(attempt, int):
            return attempt
        if session.commit(attempt):
            return attempt.entry.revision


def _invalid(kind: type[Action], problem: ValidationError) -> Invalid:
    # The input itself is never repeated: it may be huge, or hold a nan that JSON cannot say.
    first = problem.errors(include_input=False, include_url=False)[0]
    field = str(first["loc"][0]) if first["loc"] else None
    schema = kind.model_json_schema()
    if first["type"] == "extra_forbidden":
        return Invalid(f"{kind.name} takes no field of that name.", field, list(schema["properties"]))
    rule = schema.get("properties", {}).get(field or "")
    if rule is None:
        return Invalid(f"The body of {kind.name} is to be one JSON object.", field)
    allowed = {name: rule[name] for name in _BOUNDS if name in rule} or rule
    if first["type"] == "missing":
        return Invalid(f"{kind.name} needs the field {field}.", field, allowed)
    return Invalid(f"{field}: {_wanted(rule)}.", field, allowed)


_BOUNDS = ("type", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "enum")


def _wanted(rule: Mapping[str, Any]) -> str:
    """Return in words what a field takes: "a whole number from 1 to 1000"."""
    if "anyOf" in rule:
        return _wanted(rule["anyOf"][0])
    match rule:
        case {"enum": names}:
            return "one of " + ", ".join(map(str, names))
        case {"const": name}:
            return f"only {name}"
        case {"type": "boolean"}:
            return "true or false"
        case {"type": "array", "items": {"type": "number"}, "minItems": count}:
            return f"{count} numbers"
        case {"type": "array"}:
            return "a list of 1 to 25 cells [row, column], each from 0 to 4"
        case {"type": "number", "exclusiveMinimum": low, "maximum": high}:
            return f"a number over {low:g}, at most {high:g}"
    low = rule.get("minimum", 0)
    high = rule["exclusiveMaximum"] - 1 if "exclusiveMaximum" in rule else rule.get("maximum")
    return f"a whole number from {low} to {high}" if high is not None else f"a whole number from {low} on"
