"""The shape of what the API says of the Training lab."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from app.web.models import NotFinite, Number, Row

Pixels = Annotated[list[int], Field(description="25 pixels, row by row: 1 is ink")]
Tensors = Annotated[dict[str, Any], Field(description="by the keys of the state_dict, in PyTorch's shapes")]


class LearnedFrom(BaseModel):
    """The set; ``wrong``: the share of wrong labels among those to learn from; ``shift`` and ``flip``: augmentation."""

    set: Literal["lab", "glyphs", "handwriting", "own"]
    count: int
    train: int
    test: int
    wrong: float
    shift: bool
    flip: float
    own: Annotated[int, Field(description="drawings of the visitor's")]


class LayerOut(BaseModel):
    """A layer, and the shape that it hands on, without the batch axis."""

    name: str
    shape: list[int]


class Built(BaseModel):
    """The network; ``unfinished`` says why it cannot be trained."""

    filters: int
    kernel_size: int
    stride: int
    padding: int
    activation: str
    pool: int
    hidden: int
    linear: bool
    parameters: int
    printed: str
    layers: list[LayerOut]
    unfinished: str | None


class Optimizer(BaseModel):
    """How steps are taken, as ``torch.optim.SGD`` takes them."""

    rate: float
    momentum: float
    weight_decay: float
    zero_grad: bool


class Scores(BaseModel):
    """Share right and mean loss of the test and of the training set; null where there is nothing to judge."""

    test_right: Number = Field(alias="test.right")
    test_loss: Number = Field(alias="test.loss")
    train_right: Number = Field(alias="train.right")
    train_loss: Number = Field(alias="train.loss")


class Records(BaseModel):
    """What each step of the line left: the loss of its batch; loss and share right of the test set, where measured."""

    loss: Row
    test: Row
    right: Row


class TrainingLab(BaseModel):
    """The Training lab; ``batch`` 0 is the whole set, ``seen`` of the samples of epoch ``epoch`` were learned from."""

    data: LearnedFrom
    network: Built
    optimizer: Optimizer
    batch: int
    start: Literal["seed", "zeros", "equal", "dead"]
    seed: int
    shuffle: int
    step: int
    epoch: int
    seen: int
    steps_an_epoch: int | None
    most_steps: Annotated[int | None, Field(description="of one action")]
    lesson: str | None
    scores: Scores
    weights: Tensors
    gradient: Annotated[dict[str, Any] | None, Field(description="what stands in .grad; null before the first step")]
    losses: Records
    sentence: str
    not_finite: NotFinite


class SampleOut(BaseModel):
    """A drawing; ``taught`` is the label that is learned from, null for one to test with."""

    pixels: Pixels
    label: int
    taught: int | None


class ConflictOut(BaseModel):
    """A bitmap that bears more than one label, and how often each."""

    pixels: Pixels
    counts: list[int]


class TrainingData(BaseModel):
    """The set; ``ceiling``: the largest share anybody can be right on."""

    set: str
    samples: list[SampleOut]
    ceiling: float
    conflicts: list[ConflictOut]


class Mistake(BaseModel):
    """A test digit, by its place in the set, and what the network says; null for a tie."""

    index: int
    label: int
    said: int | None
    loss: Number


class ConfusionOut(BaseModel):
    """Rows: labels, columns: what the network says; null where it has no logits."""

    count: int
    confusion: list[list[int]] | None
    undecided: int
    worst: list[Mistake]
    not_finite: NotFinite


class RunOut(BaseModel):
    """A run: where it ends, how many steps it took, what was different in it, its last loss."""

    revision: int
    here: bool
    steps: int
    different: list[str]
    loss: Number
