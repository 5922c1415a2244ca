"""The shape of what the API says of the Neuron lab."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.web.models import Map, NotFinite, Number, Row

Index = Annotated[int | None, Field(description="of a point; null: all of them")]


class NeuronSettings(BaseModel):
    """How the neuron is taught; ``turn``: the point that is taught next, or, with all, the one that is worked out."""

    loss: Literal["squared", "absolute"]
    rate: float
    teach: Literal["turns", "one", "all"]
    turn: int


class Start(BaseModel):
    """Where descent began."""

    w: float
    b: float


class NeuronLab(BaseModel):
    """The Neuron lab.

    ``prediction``, ``residual`` (p − y), ``loss`` and the gradients are those that the next step uses; ``next.`` is
    what it makes. With ``old.`` in front: of the last step, null once anything else was changed. ``solved.``: the line
    through the two points of ``pair``, null for a ``reason``; ``lowest.``: of the lowest mean loss.
    """

    w: Number
    b: Number
    points: Map
    predictions: Row
    residuals: Row
    point_losses: Row
    slopes: Annotated[Row, Field(description="∂loss/∂p of each point; times x it is ∂loss/∂w, times 1 ∂loss/∂b")]
    mean_loss: Number
    prediction: Number
    residual: Number
    loss: Number
    grad_w: Number = Field(alias="grad.w")
    grad_b: Number = Field(alias="grad.b")
    next_w: Number = Field(alias="next.w")
    next_b: Number = Field(alias="next.b")
    old_w: Number = Field(alias="old.w")
    old_b: Number = Field(alias="old.b")
    old_prediction: Number = Field(alias="old.prediction")
    old_residual: Number = Field(alias="old.residual")
    old_loss: Number = Field(alias="old.loss")
    old_grad_w: Number = Field(alias="old.grad.w")
    old_grad_b: Number = Field(alias="old.grad.b")
    solved_w: Number = Field(alias="solved.w")
    solved_b: Number = Field(alias="solved.b")
    solved_loss: Number = Field(alias="solved.loss")
    lowest_w: Number = Field(alias="lowest.w")
    lowest_b: Number = Field(alias="lowest.b")
    lowest_loss: Number = Field(alias="lowest.loss")
    settings: NeuronSettings
    start: Start
    step: int
    lesson: Annotated[Index, Field(description="what the next step is taught")]
    taught: Annotated[Index, Field(description="what the last step was taught, where it is shown")]
    pair: list[int] | None
    reason: str | None
    way: Literal["descend", "solve"]
    plot: Literal["surface", "loss"]
    sentence: str
    not_finite: NotFinite
