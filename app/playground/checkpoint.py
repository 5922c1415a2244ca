"""Checkpoints: a network on its way, as JSON and as safetensors. Nothing that is loaded is trusted, or run."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.nn.architecture import Activated, Architecture, named
from app.nn.optimiser import SGD
from app.nn.windows import DoesNotFit
from app.playground.errors import Invalid
from app.playground.training import SetName, Training

FORMAT = "five-by-five checkpoint 1"
LONGEST = 512 * 1024  # bytes
MOMENTUM = "momentum."  # before the name of a parameter, in safetensors

Count = Annotated[int, Field(ge=0, le=2**31)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class _Net(_Part):
    filters: Annotated[int, Field(ge=0, le=16)]
    kernel_size: Annotated[int, Field(ge=1, le=5)]
    stride: Annotated[int, Field(ge=1, le=5)]
    padding: Annotated[int, Field(ge=0, le=2)]
    activation: Activated
    pool: Annotated[int, Field(ge=0, le=3)]
    hidden: Annotated[int, Field(ge=0, le=32)]
    linear: bool


class _Optimizer(_Part):
    rate: Annotated[float, Field(gt=0, le=1e38)]
    momentum: Annotated[float, Field(ge=0, lt=1)]
    weight_decay: Annotated[float, Field(ge=0, le=1)]
    zero_grad: bool


class _Checkpoint(_Part):
    format: Literal["five-by-five checkpoint 1"]
    architecture: _Net
    optimizer: _Optimizer
    batch: Annotated[int, Field(ge=0, le=2000)]
    set: SetName
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)]
    shuffle: Annotated[int, Field(ge=0, le=2**32 - 1)]
    step: Count
    epoch: Count
    seen: Count
    parameters: dict[str, Any]
    momentum_buffers: dict[str, Any] | None = None


def _settings(lab: Training) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "architecture": asdict(lab.net),
        "optimizer": asdict(lab.sgd),
        "batch": lab.batch,
        "set": lab.data.name,
        "seed": lab.seed,
        "shuffle": lab.shuffle,
        "step": lab.step + lab.loaded,
        "epoch": lab.epoch,
        "seen": lab.seen,
    }


def _tensors(lab: Training) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    velocity = np.frombuffer(lab.velocity, np.float32)
    return named(lab.net, lab.vector), named(lab.net, velocity) if lab.velocity else {}


def to_json(lab: Training) -> str:
    """Return a checkpoint as JSON; the same bytes each time. Refuse parameters that are not finite."""
    _checked(lab)
    parameters, velocity = _tensors(lab)
    found = _settings(lab) | {
        "parameters": {name: _nested(part) for name, part in parameters.items()},
        "momentum_buffers": {name: _nested(part) for name, part in velocity.items()} or None,
    }
    return json.dumps(found, separators=(",", ":"))


def to_safetensors(lab: Training) -> bytes:
    """Return a checkpoint as safetensors: tensors as in the ``state_dict``, the rest as metadata."""
    from safetensors.numpy import save

    _checked(lab)
    parameters, velocity = _tensors(lab)
    tensors = parameters | {MOMENTUM + name: part for name, part in velocity.items()}
    metadata = {name: json.dumps(value) for name, value in _settings(lab).items()}
    whole = {name: np.ascontiguousarray(part) for name, part in tensors.items()}
    return save(whole, {"five-by-five": json.dumps(metadata, separators=(",", ":"), sort_keys=True)})


def from_safetensors(data: bytes) -> str:
    """Return the JSON of a checkpoint in safetensors; refuse what is none."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tensors = load(data)
        size = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + size])
        settings = {
            name: json.loads(value) for name, value in json.loads(header["__metadata__"]["five-by-five"]).items()
        }
    except (SafetensorError, KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise _wrong("This is no checkpoint of this playground in safetensors.") from None
    _looked_over(settings, tensors)
    parts = {name: _nested(tensor) for name, tensor in tensors.items()}
    found = settings | {
        "parameters": {name: part for name, part in parts.items() if not name.startswith(MOMENTUM)},
        "momentum_buffers": {
            name.removeprefix(MOMENTUM): part for name, part in parts.items() if name.startswith(MOMENTUM)
        }
        or None,
    }
    return json.dumps(found, separators=(",", ":"))


def _looked_over(settings: dict[str, Any], tensors: dict[str, NDArray[Any]]) -> None:
    """Refuse tensors that are not those of the network, before a number of them is read: a shape may be of any size."""
    try:
        net = Architecture(**_Net.model_validate(settings.get("architecture")).model_dump())
        shapes = net.shapes
    except ValidationError:
        raise _wrong("The checkpoint names no architecture that fits here.") from None
    except DoesNotFit as problem:
        raise _wrong(problem.sentence) from None
    for name, tensor in tensors.items():
        shape = shapes.get(name.removeprefix(MOMENTUM))
        if shape is None:
            raise _wrong(f"The network has {', '.join(shapes)}; the checkpoint has {name[:80]} too.")
        if tensor.shape != shape:
            raise _wrong(f"{name} has the shape {list(tensor.shape)}; it is to be {list(shape)}.")
        if tensor.dtype != np.float32:
            raise _wrong(f"{name} is {tensor.dtype}; all tensors are float32 here.")
        if not np.isfinite(tensor).all():
            raise _wrong(f"{name} holds a number that is not finite.")


def loaded(lab: Training, text: str) -> Training:
    """Return a lab with what a checkpoint in JSON holds, and the drawings that were there; refuse what does not fit.

    Its steps are counted from 0 again: ``loaded`` says how many were taken before. Epoch and place in it stay, so that
    the run goes on as it would have.
    """
    try:
        found = _Checkpoint.model_validate_json(text)
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise _wrong(f"This is no checkpoint that fits here: {where}: {first['msg']}.") from None
    net = Architecture(**found.architecture.model_dump())
    try:
        _ = net.layers
    except DoesNotFit as problem:
        raise _wrong(problem.sentence) from None
    velocity = _vector(net, found.momentum_buffers, "momentum_buffers.") if found.momentum_buffers else b""
    after = Training(
        data=replace(lab.data, name=found.set),
        own=lab.own,
        net=net,
        sgd=SGD(**found.optimizer.model_dump()),
        batch=found.batch,
        seed=found.seed,
        shuffle=found.shuffle,
        parameters=_vector(net, found.parameters, "parameters."),
        velocity=velocity,
        epoch=found.epoch,
        seen=found.seen,
        loaded=found.step,
    )
    return after if found.seen < after.material.size else replace(after, seen=0)


def _vector(net: Architecture, tensors: dict[str, Any], where: str) -> bytes:
    if tensors.keys() != net.shapes.keys():
        raise _wrong(f"The network has {', '.join(net.shapes)}; the checkpoint has {', '.join(map(str, tensors))}.")
    parts = []
    for name, shape in net.shapes.items():
        try:
            if not _numeric(tensors[name]):
                raise TypeError
            part = np.array(tensors[name], np.float64)
        except (TypeError, ValueError, OverflowError):
            raise _wrong(f"{where}{name} is no array of numbers.") from None
        if part.shape != shape:
            raise _wrong(f"{where}{name} has the shape {list(part.shape)}; it is to be {list(shape)}.")
        with np.errstate(over="ignore"):
            single = part.astype(np.float32)
        if not np.isfinite(single).all():
            raise _wrong(f"{where}{name} holds a number that is not finite in float32.")
        parts.append(single.ravel())
    return np.concatenate(parts).tobytes()


def _numeric(value: Any) -> bool:  # noqa: ANN401 - what JSON holds
    """Return whether lists, however deep, hold numbers alone: NumPy would read "1.5" and true as numbers, too."""
    if isinstance(value, list):
        return all(map(_numeric, value))
    return isinstance(value, int | float) and not isinstance(value, bool)


def _checked(lab: Training) -> None:
    if not lab.finite:
        raise _wrong("The weights are no numbers any more: there is nothing worth keeping.")


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, "checkpoint")


def _nested(part: NDArray[Any]) -> Any:  # noqa: ANN401 - lists of lists of numbers
    """Return an array as lists of the shortest decimals that read back to the same float32."""
    if part.ndim == 1:
        return [float(str(value)) for value in part]
    return [_nested(row) for row in part]


assert {one.name for one in fields(Architecture)} == _Net.model_fields.keys()
assert {one.name for one in fields(SGD)} == _Optimizer.model_fields.keys()
