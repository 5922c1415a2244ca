"""The shapes of the answers, for the API's document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Number = float | None
Row = list[Number]
Map = list[Row]
NotFinite = Annotated[dict[str, str], Field(description='address → "inf", "-inf" or "nan", where a number is null')]


class Moved(BaseModel):
    """Where an action led."""

    revision: int


class PlayingNow(BaseModel):
    """What plays: a lab, the steps of a tick, and the milliseconds between ticks."""

    lab: str
    steps: int
    every: int


class SessionNow(BaseModel):
    """A session at a revision."""

    revision: int
    step: int
    digit: list[list[int]]
    label: int
    rate: float
    seed: int
    prediction: int | None
    loss: Number
    sentence: str
    playing: PlayingNow | None
    not_finite: NotFinite


class TermOf(BaseModel):
    """A number that another one is made of; no address for a constant, or for one of an earlier time."""

    address: str | None
    value: Number


class CodeNow(BaseModel):
    """The present step of a lab as code; ``lit`` are the indices of the lines that the page is at."""

    lab: str
    voice: Literal["python", "numpy", "torch"]
    lines: list[str]
    lit: list[int]


class Explained(BaseModel):
    """Where a number comes from, and what it goes on to feed."""

    address: str
    name: str
    value: Number
    formula: str
    worked: str = Field(description="the formula with the numbers put in; empty where nothing computes it")
    total: Number = Field(description="what the terms make, in float64; null where nothing computes it")
    terms: list[TermOf]
    note: str
    feeds: list[str]
    not_finite: NotFinite


class LedgerRow(BaseModel):
    """What the last SGD step did to one parameter: velocity = gradient without momentum; change = −rate × velocity."""

    address: str
    old: Number
    gradient: Number
    velocity: Number
    rate: float
    change: Number
    new: Number


class Sample(BaseModel):
    """A drawing that ``load`` takes by its name."""

    name: str
    label: int
    digit: list[list[int]]


class Parameters(BaseModel):
    """The 70 parameters, by the keys of the ``state_dict``, in PyTorch's shapes."""

    conv_weight: list[list[Map]] = Field(alias="conv.weight")
    conv_bias: Row = Field(alias="conv.bias")
    fc_weight: Map = Field(alias="fc.weight")
    fc_bias: Row = Field(alias="fc.bias")
    not_finite: NotFinite


class Gradients(Parameters):
    """What the next step will use: gradients of the present loss at the present parameters."""

    conv: list[Map]
    relu: list[Map]
    pool: list[Map]
    flat: Row
    logits: Row


class ForwardPass(BaseModel):
    """The forward pass, every value in between."""

    input: Map
    conv: list[Map]
    relu: list[Map]
    pool: list[Map]
    flat: Row
    logits: Row
    probabilities: Row
    loss: Number
    prediction: int | None
    not_finite: NotFinite


Pair = Annotated[list[int], Field(min_length=2, max_length=2, description="[for rows, for columns]")]
Covered = Annotated[list[int], Field(min_length=2, max_length=2, description="[start, stop) of the padded image")]
Beat = Literal["window", "products", "result"]


class WindowSettings(BaseModel):
    """How a window walks."""

    kernel_size: Pair
    stride: Pair
    padding: Pair
    dilation: Pair


class ConvolutionSettings(WindowSettings):
    """How the Convolution lab convolves; ``bias``: whether the biases count."""

    filters: int
    bias: bool
    flipped: bool
    linked: bool
    seed: int


class PoolingSettings(WindowSettings):
    """How the Pooling lab pools; ``rectified``: what it pools goes through ReLU first."""

    kind: Literal["max", "average"]
    ceil_mode: bool
    rectified: bool
    linked: bool


class ImageNow(BaseModel):
    """An image of whole numbers from 0 to 2^bits − 1; ``ink``: what a press puts; ``drawing``: it is the drawing."""

    rows: int
    columns: int
    bits: int
    ink: int
    pixels: list[list[int]]
    drawing: bool


class AxisSize(BaseModel):
    """The output size along one axis, and the formula with its numbers."""

    result: int
    formula: str


class OutputSize(BaseModel):
    """The output size."""

    rows: AxisSize
    columns: AxisSize


class Position(BaseModel):
    """Where the stepper stands: an output cell, filter outermost, and the beat."""

    index: int
    filter: int
    row: int
    column: int
    beat: Beat


class Place(BaseModel):
    """Where the stepper of the Activation lab stands."""

    index: int
    beat: Beat


class Prediction(BaseModel):
    """``hidden``: a value waits for a prediction; ``guess``: locked here; ``right`` of ``asked`` so far."""

    on: bool
    hidden: bool
    guess: Number
    correct: bool | None
    right: int
    asked: int


class ParameterCount(BaseModel):
    """How many numbers the convolution learns."""

    weights: int
    biases: int
    total: int


class Counts(BaseModel):
    """Parameters here, and of linear layers (with biases) that do as much.

    ``fully_connected``: from the pixels to an output of this size; ``output_to_classes``: from that to the ten classes;
    ``image_to_classes``: from the pixels to the ten classes at once.
    """

    parameters: ParameterCount
    fully_connected: int
    output_to_classes: int
    image_to_classes: int


class ConvolutionLab(BaseModel):
    """The Convolution lab; numbers to come or hidden are null."""

    settings: ConvolutionSettings
    image: ImageNow
    weight: Annotated[list[list[Map]], Field(description="as typed; where flipped, turned by 180° on the image")]
    bias: Row
    names: Annotated[list[str], Field(description="where each filter's weights come from")]
    size: OutputSize
    output: list[Map]
    position: Position
    positions: int
    by_beat: bool
    rows: Covered
    columns: Covered
    window: Map
    products: Map
    sum: Annotated[Number, Field(description="of the products; with the bias it is the output cell")]
    predict: Prediction
    counts: Counts
    not_finite: NotFinite


class PoolingLab(BaseModel):
    """The Pooling lab; numbers to come or hidden are null.

    ``fits``: whether the window can walk the maps. If not, ``reason`` says why, and there is no walk.
    """

    settings: PoolingSettings
    source: Literal["convolution", "typed"]
    fits: bool
    reason: str | None
    maps: list[Map]
    size: OutputSize
    output: list[Map]
    winners: Annotated[
        list[list[list[int | None]]] | None, Field(description="indices into the flattened map; null for the average")
    ]
    tied: Annotated[list[list[list[bool | None]]] | None, Field(description="whether the winner only came first")]
    position: Position | None
    positions: int
    by_beat: bool
    rows: Covered | None
    columns: Covered | None
    window: Map | None
    divisor: Annotated[int | None, Field(description="of the average, at this position")]
    sum: Annotated[Number, Field(description="of the window, for the average")]
    predict: Prediction
    not_finite: NotFinite


class ActivationLab(BaseModel):
    """The Activation lab; numbers to come or hidden are null."""

    function: Literal["identity", "step", "relu", "leaky_relu", "sigmoid", "tanh"]
    formula: str
    slope_formula: str
    vector: Row
    source: Literal["lab", "typed", "drawn"]
    seed: int
    output: Row
    slope: Row
    position: Place
    positions: int
    by_beat: bool
    predict: Prediction
    not_finite: NotFinite
