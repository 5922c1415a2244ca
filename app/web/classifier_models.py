"""The shapes of the Classifier lab's answer, for the API's document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.web.models import Map, NotFinite, Number, Row


class SoftmaxTerms(BaseModel):
    """A softmax term by term; ``loss`` is logsumexp − logit of the label."""

    model_config = ConfigDict(populate_by_name=True)

    shift: Number
    shifted: Row
    exponentials: Row
    sum: Number
    probabilities: Row
    logsumexp: Number
    loss: Number
    gradient: Annotated[Row, Field(alias="grad.logits", description="S − y")]


class TwiceTerms(BaseModel):
    """The softmax of the probabilities."""

    exponentials: Row
    sum: Number
    probabilities: Row


class LinearGradients(BaseModel):
    """Gradients of the loss."""

    logits: Row
    weight: Map
    bias: Row


class LinearParameters(BaseModel):
    """W and b."""

    weight: Map
    bias: Row


class Leaf(BaseModel):
    """A tensor as autograd has it; ``grad`` is null where PyTorch has None."""

    requires_grad: bool
    grad: Map | Row | None


class Leaves(BaseModel):
    """W and b as autograd has them."""

    weight: Leaf
    bias: Leaf


class DerivationLine(BaseModel):
    """A line of the derivation of S − y: in LaTeX, ``#0`` … in ``numbers`` stand for ``values``."""

    words: str
    rule: str
    numbers: str
    values: list[str]


class ClassifierLooks(BaseModel):
    """What is seen of the lab."""

    voices: Literal["values", "gradients", "both", "moved"]
    open: int
    shift: bool
    aspect: Literal["weights", "shapes", "logit", "derivation", "autograd"]
    line: int


class LayerCounts(BaseModel):
    """Parameters of the linear layer here, and for an image of 256×256 pixels in three colours."""

    here: int
    photograph: int


class ClassifierLab(BaseModel):
    """The Classifier lab: W and b, forward and backward pass, the derivation of S − y, and what autograd holds.

    ``terms`` are pixel × weight; ``naive`` is −log of the label's probability, which underflows; ``jacobian[k][i]`` is
    ∂S[k]/∂z[i]; ``twice`` is there while the loss takes probabilities for logits.
    """

    input: Map
    flat: Row
    weight: Map
    bias: Row
    terms: Map
    logits: Row
    shift: Number
    shifted: Row
    exponentials: Row
    sum: Number
    probabilities: Row
    logsumexp: Number
    onehot: Row
    loss: Number
    naive: Number
    jacobian: Map
    gradients: LinearGradients
    unshifted: SoftmaxTerms
    twice: TwiceTerms | None
    old: Annotated[LinearParameters | None, Field(description="before the last step")]
    label: int
    prediction: int | None
    start: Literal["zeros", "normal", "linear", "typed"]
    seed: int
    rate: float
    step: int
    losses: Annotated[Row, Field(description="before each step")]
    autograd: Leaves
    derivation: list[DerivationLine]
    looks: ClassifierLooks
    parameters: LayerCounts
    sentence: str
    not_finite: NotFinite
