"""What a visitor can do: one small model an action, one module a lab."""

from __future__ import annotations

from app.playground.actions import (
    activation,
    backward,
    classifier,
    code,
    collecting,
    convolution,
    drawing,
    ledger,
    network,
    neuron,
    pointing,
    pooling,
    sharing,
    time,
    training,
)
from app.playground.actions.base import Action, Change, Look, Move, Outcome
from app.playground.actions.stepping import stepping
from app.playground.actions.train import Train
from app.playground.state import Playing, Table

_ACTIONS: tuple[type[Action], ...] = (
    drawing.Paint,
    drawing.Stroke,
    drawing.Clear,
    drawing.Load,
    drawing.SetLabel,
    neuron.Initialise,
    neuron.Settings,
    neuron.ChangePoint,
    neuron.Step,
    neuron.Solve,
    neuron.Show,
    network.Initialise,
    network.LearningRate,
    network.Step,
    network.Show,
    backward.Forward,
    backward.Back,
    backward.Go,
    ledger.Turn,
    classifier.Step,
    classifier.Initialise,
    classifier.Weights,
    classifier.Edit,
    classifier.Settings,
    classifier.Autograd,
    classifier.Show,
    training.Step,
    training.Initialise,
    training.ChooseData,
    training.Build,
    training.Settings,
    training.Learn,
    collecting.Load,
    collecting.Import,
    collecting.Add,
    collecting.Remove,
    training.Watch,
    *stepping("convolution"),
    convolution.Settings,
    convolution.Kernel,
    convolution.ChangeImage,
    *stepping("pooling"),
    pooling.Settings,
    pooling.ChangeMap,
    *stepping("activation"),
    activation.Settings,
    activation.ChangeVector,
    pointing.Point,
    code.Code,
    time.Undo,
    time.Redo,
    time.Rewind,
    time.Play,
    time.Pause,
    time.StartOver,
    sharing.OpenCopy,
)

REGISTRY = {action.name: action for action in _ACTIONS}
"""Every action by its name. To add one, write its class and name it here."""

TRAINS: dict[str, type[Train]] = {action.lab: action for action in _ACTIONS if issubclass(action, Train)}
"""The labs that train, each with its step."""

PLACE = "place"
"""The name under which the log keeps a rewind into the middle of a step action."""


def tick(playing: Playing, table: Table, steps: int) -> Action:
    """Return what a lab that plays does next, of the ``steps`` that are left of the tick."""
    if playing.lab == "training":
        return training.onward(table.training, steps, playing.until)
    if playing.lab in TRAINS:
        return TRAINS[playing.lab](steps=steps)
    return REGISTRY[f"{playing.lab}-step"]()


def action_of(name: str, payload: str) -> Action:
    """Return the action that an entry of the log holds."""
    return REGISTRY[name].model_validate_json(payload or "{}")


__all__ = ["PLACE", "REGISTRY", "TRAINS", "Action", "Change", "Look", "Move", "Outcome", "action_of", "tick"]
