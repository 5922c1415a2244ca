"""What the API says of the Training lab is what its page shows."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.conftest import Visitor


def test_it_begins_with_the_labs_network_on_handwriting(visitor: Visitor) -> None:
    found = visitor.get("training")
    assert found["data"] | {"own": 0} == {
        "set": "handwriting",
        "count": 1797,
        "train": 1437,
        "test": 360,
        "wrong": 0.0,
        "shift": False,
        "flip": 0.0,
        "own": 0,
    }
    assert found["network"]["parameters"] == 70
    assert found["network"]["layers"][-1] == {"name": "fc", "shape": [10]}
    assert (found["step"], found["epoch"], found["steps_an_epoch"]) == (0, 0, 45)
    assert found["gradient"] is None
    assert found["losses"] == {"loss": [], "test": [], "right": []}


def test_the_numbers_are_those_of_the_page(visitor: Visitor) -> None:
    visitor.do("training-network", rung="eight")
    visitor.do("training-step", steps=100)
    found, page = visitor.get("training"), visitor.page("/training")
    for name, share in found["scores"].items():
        shown = re.search(rf'data-at="training:{re.escape(name)}">([^<]+)<', page)
        assert shown
        assert shown[1] == (f"{100 * share:.1f} %" if name.endswith("right") else f"{share:.3f}")
    assert np.shape(found["weights"]["conv.weight"]) == (8, 1, 3, 3)
    assert np.shape(found["gradient"]["fc.weight"]) == (10, 200)
    assert len(found["losses"]["loss"]) == 100
    assert found["sentence"].startswith("Step 100, epoch 3:")
    confusion = visitor.get("training/confusion")
    right = np.trace(confusion["confusion"]) / confusion["count"]
    assert right == pytest.approx(found["scores"]["test.right"])
    assert all(one["said"] != one["label"] for one in confusion["worst"])


def test_the_past_can_be_asked_for(visitor: Visitor) -> None:
    visitor.do("training-step", steps=10)
    visitor.do("training-step", steps=10)
    assert visitor.get("training", revision=1)["step"] == 10
    assert len(visitor.get("training", revision=1)["losses"]["loss"]) == 10


def test_the_set_is_told_with_what_is_ambiguous_and_what_is_wrong(visitor: Visitor) -> None:
    visitor.do("training-data", wrong=0.5)
    found = visitor.get("training/data")
    assert len(found["samples"]) == 1797
    assert len(found["conflicts"]) == 59
    assert found["ceiling"] == pytest.approx(0.952, abs=5e-4)
    taught = [one for one in found["samples"] if one["taught"] is not None]
    assert len(taught) == 1437
    assert sum(one["taught"] != one["label"] for one in taught) == round(1437 / 2)


def test_runs_are_named_by_what_was_different(visitor: Visitor) -> None:
    visitor.do("training-step", steps=30)
    visitor.do("rewind", revision=1, step=10, lab="training")
    visitor.do("training-settings", rate=0.5, momentum=0.9)
    visitor.do("training-step", steps=5)
    here, left = visitor.get("training/runs")
    assert (here["here"], here["steps"], here["different"]) == (True, 15, [])
    assert (left["here"], left["steps"], left["different"]) == (False, 30, ["rate 0.1", "momentum 0"])


def test_numbers_that_are_none_are_null_and_named(visitor: Visitor) -> None:
    visitor.do("training-settings", rate=1e30)
    visitor.do("training-step", steps=10)
    found = visitor.get("training")
    assert found["not_finite"]["training:fc.weight[0,0]"] == "nan"
    assert found["weights"]["fc.weight"][0][0] is None
    assert found["scores"]["test.right"] == 0
    named = visitor.get("training/confusion")["not_finite"]
    assert named["training:worst[0]"] == "nan"
    assert visitor.get("explain/training:worst%5B0%5D")["not_finite"] == {"training:worst[0]": "nan"}


@pytest.mark.parametrize(
    ("action", "body", "sentence"),
    [
        ("training-step", {"steps": 900}, "One action takes at most"),
        ("training-network", {"kernel_size": 5, "pool": 2}, "does not fit"),
        ("training-network", {"filters": 0, "pool": 2}, "there are no maps to pool"),
        ("training-data", {"set": "mnist"}, "set: one of lab, glyphs, handwriting, own."),
        ("training-settings", {"momentum": 1}, "momentum: a number from 0"),
        ("training-remove", {"index": 0}, "There is no drawing 0"),
    ],
)
def test_bad_input_is_refused_in_words(visitor: Visitor, action: str, body: dict[str, object], sentence: str) -> None:
    response = visitor.send(action, **body)
    assert response.status_code == 422
    assert sentence in response.json()["error"]["sentence"]


@pytest.mark.parametrize("address", ["training:test.right", "training:confusion[3,3]", "training:fc.bias[0]"])
def test_its_numbers_explain_themselves(visitor: Visitor, address: str) -> None:
    visitor.do("training-step", steps=2)
    assert visitor.get(f"explain/{address.replace('[', '%5B').replace(']', '%5D')}")["address"] == address
    visitor.do("point", address=address)
    assert 'id="panel-explanation"' in visitor.page("/training")


@pytest.mark.parametrize("aspect", ["run", "data", "network"])
def test_every_number_on_the_page_explains_itself(visitor: Visitor, aspect: str) -> None:
    visitor.do("training-step", steps=30)
    visitor.do("training-show", aspect=aspect, kernel=1)
    found = set(re.findall(r'data-at="([^"]+)"', visitor.page("/training")))
    assert len(found) > (15 if aspect == "run" else 0)
    for address in found:
        quoted = address.replace("[", "%5B").replace("]", "%5D")
        assert visitor.get(f"explain/{quoted}")["address"] == address
