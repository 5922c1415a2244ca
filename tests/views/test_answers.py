"""Whatever is done, the answers of the walked labs keep the shape that their document promises."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as some

from app.playground.actions import Action, Change, Look
from app.playground.errors import Refusal
from app.playground.state import Playground, View, opening
from app.views import answers
from app.web.models import ActivationLab, ConvolutionLab, PoolingLab
from tests.playground.deeds import changes, looks

ANSWERS = (
    (answers.convolution, ConvolutionLab),
    (answers.pooling, PoolingLab),
    (answers.activation, ActivationLab),
)


def after(state: Playground, action: Action) -> Playground:
    """Return the state after an action."""
    try:
        if isinstance(action, Change):
            return replace(state, table=action.apply(state.table).table)
        assert isinstance(action, Look)
        return replace(state, view=replace(state.view, **{action.part: action.look(state)}))
    except Refusal as refusal:
        refused(action, refusal)
        return state


def refused(action: Action, refusal: Refusal) -> None:
    """A refusal is a sentence, about a field that the action has."""
    assert refusal.sentence.endswith(".")
    assert refusal.field is None or refusal.field in type(action).model_fields


@settings(max_examples=100, deadline=None)
@given(done=some.lists(changes | looks, max_size=20))
def test_every_state_has_its_answers(done: list[Action]) -> None:
    state = Playground(opening(), View())
    for action in done:
        state = after(state, action)
        for answer, model in ANSWERS:
            said = answer(state)
            json.dumps(said, allow_nan=False)
            model.model_validate(said, strict=True)
            assert said.keys() == model.model_fields.keys()
