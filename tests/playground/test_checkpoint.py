"""A checkpoint comes back as it was, and nothing else comes in."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from safetensors.numpy import save
from safetensors.torch import load as load_torch

from app.nn.architecture import LADDER, Architecture
from app.nn.optimiser import SGD
from app.playground.checkpoint import from_safetensors, loaded, to_json, to_safetensors
from app.playground.errors import Invalid
from app.playground.training import Training, trained
from tests.nn.nets import Net, architectures


def on_its_way(net: Architecture = LADDER["eight"], steps: int = 50) -> Training:
    lab, _ = trained(Training(net=net, sgd=SGD(0.1, 0.9, 0.001), seed=7, shuffle=7), steps)
    return lab


@settings(deadline=None, max_examples=30)
@given(net=architectures)
def test_both_formats_come_back_bit_for_bit(net: Architecture) -> None:
    lab = on_its_way(net, 3)
    for text in (to_json(lab), from_safetensors(to_safetensors(lab))):
        back = loaded(Training(), text)
        assert (back.parameters, back.velocity, back.net, back.sgd) == (lab.parameters, lab.velocity, lab.net, lab.sgd)
        assert (back.step, back.loaded, back.epoch, back.seen) == (0, 3, lab.epoch, lab.seen)


def test_the_run_goes_on_as_it_would_have() -> None:
    lab = on_its_way()
    on, records = trained(lab, 60)
    back, again = trained(loaded(Training(), to_json(lab)), 60)
    assert back.parameters == on.parameters
    assert again == records


def test_it_is_saved_in_the_same_bytes_each_time() -> None:
    assert to_safetensors(on_its_way()) == to_safetensors(on_its_way())
    assert to_json(on_its_way()) == to_json(on_its_way())


def test_pytorch_loads_the_state_dict() -> None:
    lab = on_its_way()
    tensors = load_torch(to_safetensors(lab))
    model = Net(lab.net)
    model.load_state_dict({name: part for name, part in tensors.items() if not name.startswith("momentum.")})
    assert torch.cat([part.ravel() for part in model.state_dict().values()]).numpy().tobytes() == lab.parameters


def changed(**changes: Any) -> str:
    return json.dumps(json.loads(to_json(on_its_way(LADDER["lab"], 2))) | changes)


def weights(**changes: Any) -> str:
    found = json.loads(to_json(on_its_way(LADDER["lab"], 2)))
    return json.dumps(found | {"parameters": found["parameters"] | changes})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "This is no checkpoint that fits here"),
        ("[]", "This is no checkpoint that fits here"),
        ("{" * 5000, "This is no checkpoint that fits here"),
        (changed(format="other"), "format"),
        (changed(seed=-1), "seed"),
        (changed(step=1.5), "step"),
        (changed(surplus=1), "surplus"),
        (changed(parameters={}), "The network has conv.weight"),
        (weights(**{"fc.bias": [1.0] * 9}), r"fc.bias has the shape \[9\]; it is to be \[10\]"),
        (weights(**{"fc.bias": [[1.0], 2.0]}), "fc.bias is no array of numbers"),
        (weights(**{"fc.bias": [10**400] * 10}), "fc.bias"),
        (weights(**{"fc.bias": [1e300] * 10}), "fc.bias holds a number that is not finite"),
        (weights(**{"fc.bias": None}), "fc.bias is no array of numbers"),
        (weights(**{"fc.bias": ["1.5"] * 10}), "fc.bias is no array of numbers"),
        (weights(**{"fc.bias": [True] * 10}), "fc.bias is no array of numbers"),
        (weights(**{"fc.bias": "os.system"}), "fc.bias is no array of numbers"),
        (changed(architecture={"filters": 4}), "architecture"),
        (
            changed(architecture=json.loads(changed())["architecture"] | {"kernel_size": 5, "pool": 3}),
            "does not fit",
        ),
    ],
)
def test_anything_else_gets_a_sentence(text: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        loaded(Training(), text)


HUGE = (2**62).to_bytes(8, "little")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80\x04\x95pickle",
        HUGE + b"{}",
        save({"fc.bias": np.zeros(10, np.float32)}),
        to_safetensors(on_its_way())[:-4],
        save({"fc.bias": np.zeros(10, np.float32)}, {"five-by-five": "[1]"}),
    ],
)
def test_bytes_that_are_no_checkpoint_get_a_sentence(data: bytes) -> None:
    with pytest.raises(Invalid, match="no checkpoint of this playground in safetensors"):
        from_safetensors(data)


SETTINGS = json.dumps({"architecture": json.dumps(asdict(LADDER["linear"]))})


@pytest.mark.parametrize(
    ("name", "tensor", "why"),
    [
        ("fc.bias", np.zeros(10), "float64"),
        ("fc.bias", np.full(10, np.nan, np.float32), "not finite"),
        ("fc.bias", np.zeros((5_000_000, 0), np.float32), r"the shape \[5000000, 0\]"),
        ("fc.bias", np.zeros((), np.float32), r"the shape \[\]"),
        ("more", np.zeros((5_000_000, 0), np.float32), "has more too"),
        ("momentum.conv.weight", np.zeros(1, np.float32), "has momentum.conv.weight too"),
    ],
)
def test_tensors_that_are_not_the_networks_get_a_sentence(name: str, tensor: np.ndarray, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        from_safetensors(save({name: tensor}, {"five-by-five": SETTINGS}))


def test_safetensors_without_a_network_get_a_sentence() -> None:
    with pytest.raises(Invalid, match="names no architecture"):
        from_safetensors(save({"fc.bias": np.zeros(10, np.float32)}, {"five-by-five": "{}"}))


def test_weights_that_are_no_numbers_are_not_saved() -> None:
    broken = replace(on_its_way(), parameters=np.full(2090, np.nan, np.float32).tobytes())
    with pytest.raises(Invalid, match="nothing worth keeping"):
        to_json(broken)
