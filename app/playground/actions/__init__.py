"""What a visitor can do: one small model an action, one module a lab."""

from __future__ import annotations

from app.playground.actions import drawing, network, time
from app.playground.actions.base import Action, Change, Look, Move, Outcome

REGISTRY: dict[str, type[Action]] = {
    action.name: action
    for action in (
        drawing.Paint,
        drawing.Stroke,
        drawing.Clear,
        drawing.Load,
        drawing.SetLabel,
        network.Initialise,
        network.LearningRate,
        network.Step,
        network.Show,
        time.Undo,
        time.Redo,
        time.Rewind,
        time.Play,
        time.Pause,
        time.StartOver,
    )
}
"""Every action by its name. To add one, write its class and name it here."""

PLACE = "place"
"""The name under which the log keeps a rewind into the middle of a step action."""


def action_of(name: str, payload: str) -> Action:
    """Return the action that an entry of the log holds."""
    return REGISTRY[name].model_validate_json(payload or "{}")


__all__ = ["PLACE", "REGISTRY", "Action", "Change", "Look", "Move", "Outcome", "action_of"]
