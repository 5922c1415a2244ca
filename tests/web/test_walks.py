"""On the pages with a stepper every number equals that at its address, whatever was set and wherever the walk is."""

from __future__ import annotations

import pytest

from tests.conftest import Visitor
from tests.web.shown import differing

Deeds = list[tuple[str, dict[str, object]]]

TWO = ("convolution-image", {"sample": "two"})
EIGHT: Deeds = [TWO, ("convolution-settings", {"padding": 0, "filters": 8, "bias": True})]
SITUATIONS: list[tuple[str, Deeds]] = [
    ("convolution", []),
    ("convolution", [("convolution-settings", {"bias": True}), ("convolution-go", {"index": 13})]),
    ("convolution", [*EIGHT, ("convolution-go", {"index": 546})]),
    ("convolution", [("convolution-image", {"sample": "lab"}), ("convolution-go", {"to": "end"})]),
    (
        "convolution",
        [
            (
                "convolution-settings",
                {"kernel_size": 5, "padding": 3, "dilation": [1, 2], "flipped": True, "bias": True},
            ),
            ("convolution-kernel", {"seed": 3}),
            ("convolution-go", {"index": 4}),
        ],
    ),
    ("convolution", [("convolution-predict", {"on": True}), ("convolution-predict", {"value": 2})]),
    ("pooling", [("pooling-go", {"index": 1})]),
    (
        "pooling",
        [
            ("convolution-kernel", {"seed": 2}),
            ("pooling-settings", {"kernel_size": 3, "padding": 1, "ceil_mode": True, "rectified": False}),
            ("pooling-go", {"to": "end"}),
        ],
    ),
    ("pooling", [("pooling-settings", {"kind": "average", "padding": 1}), ("pooling-go", {"index": 2})]),
    ("pooling", [("pooling-map", {"source": "typed"}), ("pooling-go", {"index": 0})]),
    ("pooling", [*EIGHT, ("pooling-go", {"index": 46})]),
    ("activation", [("activation-go", {"to": "end"})]),
    ("activation", [("activation-settings", {"function": "tanh"}), ("activation-go", {"index": 4})]),
]


@pytest.mark.parametrize(("lab", "deeds"), SITUATIONS)
def test_every_number_equals_that_at_its_address(visitor: Visitor, lab: str, deeds: Deeds) -> None:
    visitor.page()
    for action, fields in deeds:
        visitor.do(action, **fields)
    assert differing(visitor, f"/{lab}") == []
