"""From what was sent to an action, and from an action to the log."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from app.playground.actions import Action, Change
from app.playground.actions.pointing import Point
from app.playground.errors import Invalid
from app.playground.session import Session
from app.views.derivations import derived
from app.views.moment import moment

LONGEST_KEY = 200  # characters of an Idempotency-Key
HEAVY = 200  # SGD steps that are worked out in a thread, so that other visitors need not wait


def from_json(kind: type[Action], body: bytes) -> Action:
    """Return the action that a JSON body holds; nothing stands for {}."""
    try:
        return kind.model_validate_json(body or b"{}")
    except ValidationError as problem:
        raise _invalid(kind, problem) from None


def from_form(kind: type[Action], fields: Mapping[str, str]) -> Action:
    """Return the action that the fields of a form hold."""
    try:
        return kind.model_validate_strings(fields)
    except ValidationError as problem:
        raise _invalid(kind, problem) from None


async def act(session: Session, action: Action, nonce: str | None) -> int:
    """Apply an action as ``Session.act`` does; the long ones are worked out in a thread."""
    if nonce and len(nonce) > LONGEST_KEY:
        raise Invalid(
            f"Idempotency-Key: at most {LONGEST_KEY} characters.", "Idempotency-Key", {"maxLength": LONGEST_KEY}
        )
    if isinstance(action, Point) and action.address:
        session.read_on()
        derived(moment(session, session.head), action.address)  # refuses what is not there
    while True:
        worked = None
        if isinstance(action, Change) and action.cost(table := session.table(session.head)) >= HEAVY:
            action.check(table)
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
    choices = _choices(rule)
    allowed = [{name: choice[name] for name in choice if name not in _NOTES} for choice in choices]
    sentence = f"{field}: {' or '.join(map(_wanted, choices))}."
    if first["type"] == "missing":
        sentence = f"{kind.name} needs the field {field}."
    return Invalid(sentence, field, allowed if len(allowed) > 1 else allowed[0])


_NOTES = ("title", "default")


def _choices(rule: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what a field takes, one rule a kind; that it may be left out, or null, goes without saying."""
    return [choice for choice in rule.get("anyOf", [rule]) if choice.get("type") != "null"]


def _wanted(rule: Mapping[str, Any], many: bool = False) -> str:
    """Return in words what a rule takes: "a whole number from 1 to 1000"; ``many``: of several."""
    match rule:
        case {"enum": names}:
            return "one of " + ", ".join(map(str, names))
        case {"const": name}:
            return f"only {name}"
        case {"type": "boolean"}:
            return "true or false"
        case {"type": "string", "description": what}:
            return str(what)
        case {"type": "array", "minItems": least, "maxItems": most, "items": items}:
            count = f"{least}" if least == most else f"{least} to {most}"
            return f"{'lists' if many else 'a list'} of {count} {_wanted(items, many=True)}"
    noun = {"integer": "whole number", "number": "number"}[rule["type"]]
    return f"{noun}s {_range(rule)}" if many else f"a {noun} {_range(rule)}"


def _range(rule: Mapping[str, Any]) -> str:
    if "exclusiveMinimum" in rule:
        return f"over {rule['exclusiveMinimum']:g}, at most {rule['maximum']:g}"
    low = rule["minimum"]
    high = rule["exclusiveMaximum"] - 1 if "exclusiveMaximum" in rule else rule.get("maximum")
    return f"from {low} on" if high is None else f"from {low:.12g} to {high:.12g}".replace("-", "−")
