"""Convolution, pooling and activation through the API: PyTorch's numbers, the lab's figures, and nothing hidden."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own custom
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.nn.activation import SLOPE
from app.nn.windows import Pair, Window
from app.playground.actions import REGISTRY
from app.playground.errors import Invalid, OutOfRange
from app.views.addresses import value_at
from app.views.labs import LABS
from app.views.moment import moment
from app.web.acting import from_form, from_json
from app.web.visitors import COOKIE, Visitors
from tests.conftest import Visitor, mark_of
from tests.nn.walks import close, drawn, options, pairs, seeds, sizes, tensor, windows

GETS = ("convolution", "pooling", "activation")
WALKED = ("kernel_size", "stride", "padding", "dilation")
many = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
rarely = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
tight = some.builds(  # windows that mostly fit and pad as a pool may
    lambda window, share, gaps: replace(
        window,
        padding=tuple(min(pad, kernel // 2) for pad, kernel in zip(share, window.kernel_size, strict=True)),
        dilation=gaps,
    ),
    windows(some.booleans()),
    pairs(0, 2),
    some.just((1, 1)) | pairs(1, 3),
)


def sent(window: Window) -> dict[str, list[int]]:
    return {name: list(getattr(window, name)) for name in WALKED}


def numbers(grid: object) -> np.ndarray:
    return np.array(grid, np.float64)


def texts(visitor: Visitor, **query: object) -> str:
    return "\n".join(visitor.client.get(f"/api/v1/{path}", params=query).text for path in GETS)


def error(response: Any) -> dict[str, Any]:
    assert response.status_code == 422, response.text
    found: dict[str, Any] = response.json()["error"]
    return found


# PyTorch's numbers, and its refusals


@many
@given(
    size=sizes,
    window=windows() | windows().map(lambda window: replace(window, dilation=(1, 1))),
    filters=some.integers(1, 8),
    bits=some.integers(1, 8),
    switches=some.tuples(some.booleans(), some.booleans()),
    seed=seeds,
)
def test_the_output_and_the_refusals_are_those_of_conv2d(
    visitor: Visitor, size: Pair, window: Window, filters: int, bits: int, switches: tuple[bool, bool], seed: int
) -> None:
    biased, flipped = switches
    pixels = np.random.default_rng(seed).integers(0, 2**bits, size)
    visitor.do("start-over")
    visitor.do("convolution-image", pixels=pixels.tolist(), bits=bits)
    visitor.do("convolution-settings", filters=filters, bias=biased, flipped=flipped)
    visitor.do("convolution-kernel", seed=seed)
    image, named = tensor(pixels)[None], options(window, "stride", "padding", "dilation")
    response = visitor.send("convolution-settings", **sent(window))
    if response.status_code == 422:
        assert error(response)["field"] in WALKED
        assert f"{window.formula(size[0], 0).text}." in error(response)["sentence"] or (
            f"{window.formula(size[1], 1).text}." in error(response)["sentence"]
        )
        with pytest.raises(RuntimeError, match="Kernel size can't be greater than actual input size"):
            F.conv2d(image, torch.zeros(filters, 1, *window.kernel_size, dtype=torch.float64), **named)
        return
    visitor.do("convolution-go", to="end")
    answer = visitor.get("convolution")
    weight, bias = torch.tensor(numbers(answer["weight"])), torch.tensor(numbers(answer["bias"]))
    assert weight.shape == (filters, 1, *window.kernel_size)
    used = weight.flip(2, 3) if flipped else weight
    expected = F.conv2d(image, used, bias if biased else None, **named)
    output = numbers(answer["output"])
    assert output.shape == expected.shape[1:]
    assert np.isclose(output, expected[0].numpy(), rtol=1e-9, atol=1e-9 * 2**bits).all()
    assert [answer["size"][axis]["result"] for axis in ("rows", "columns")] == list(output.shape[1:])
    assert answer["settings"] == sent(window) | {
        "filters": filters, "bias": biased, "flipped": flipped, "linked": True, "seed": answer["settings"]["seed"],
    }  # fmt: skip
    assert answer["counts"]["parameters"]["total"] == filters * window.taps + filters * biased


@rarely
@given(size=sizes, window=tight, flipped=some.booleans(), seed=seeds, chance=some.floats(0, 1))
def test_at_any_position_the_products_are_what_the_window_reads_times_the_kernel(
    visitor: Visitor, size: Pair, window: Window, flipped: bool, seed: int, chance: float
) -> None:
    visitor.do("start-over")
    pixels = np.random.default_rng(seed).integers(0, 16, size)
    visitor.do("convolution-image", pixels=pixels.tolist(), bits=4)
    visitor.do("convolution-settings", filters=2, bias=True, flipped=flipped)
    visitor.do("convolution-kernel", seed=seed)
    if visitor.send("convolution-settings", **sent(window)).status_code != 200:
        return
    positions = visitor.get("convolution")["positions"]
    index = min(positions - 1, int(chance * positions))
    visitor.do("convolution-go", index=index)
    now = visitor.get("convolution")
    place = now["position"]
    assert (place["index"], place["beat"]) == (index, "result")
    padded = np.pad(pixels, [(pad, pad) for pad in window.padding])
    (top, bottom), (left, right) = now["rows"], now["columns"]
    assert bottom <= len(padded)
    assert right <= len(padded[0])
    read = padded[top : bottom : window.dilation[0], left : right : window.dilation[1]]
    assert now["window"] == read.tolist()
    weight = numbers(now["weight"])[place["filter"], 0]
    assert np.allclose(now["products"], read * (weight[::-1, ::-1] if flipped else weight), rtol=1e-12)
    made = now["output"][place["filter"]][place["row"]][place["column"]]
    assert now["sum"] == pytest.approx(numbers(now["products"]).sum())
    assert made == pytest.approx(now["sum"] + now["bias"][place["filter"]])
    known = [value for grid in now["output"] for row in grid for value in row]
    assert [value is None for value in known] == [cell > index for cell in range(positions)]


def pool(visitor: Visitor, window: Window, kind: str, **fields: object) -> dict[str, Any] | str:
    """Return the pooled lab, walked to its end; the sentence where the settings are refused."""
    response = visitor.send("pooling-settings", **sent(window), ceil_mode=window.ceil_mode, kind=kind, **fields)
    if response.status_code == 422:
        assert error(response)["field"] in WALKED
        return str(error(response)["sentence"])
    visitor.do("pooling-go", to="end")
    answer: dict[str, Any] = visitor.get("pooling")
    return answer


def plain(visitor: Visitor) -> None:
    """Start over with a window that pools anything."""
    visitor.do("start-over")
    visitor.do("pooling-settings", kernel_size=1, stride=1)


REFUSALS = "at most half|half of kernel size|[Oo]utput size is too small"


@many
@given(size=sizes, window=tight | windows(some.booleans()), seed=seeds)
def test_what_wins_and_the_refusals_are_those_of_max_pool2d(
    visitor: Visitor, size: Pair, window: Window, seed: int
) -> None:
    window = replace(window, padding=(min(2, window.padding[0]), min(2, window.padding[1])))
    maps = drawn(seed, 1, *size)
    plain(visitor)
    visitor.do("pooling-map", values=maps[0].tolist())
    answer = pool(visitor, window, "max", rectified=False)
    named = options(window, *WALKED, "ceil_mode")
    if isinstance(answer, str) and "no pixel" in answer:  # the one exception: PyTorch accepts these
        assert F.max_pool2d(tensor(maps), **named).isneginf().any()
        return
    if isinstance(answer, str):
        with pytest.raises(RuntimeError, match=REFUSALS):
            F.max_pool2d(tensor(maps), **named)
        return
    values, winners = F.max_pool2d(tensor(maps), **named, return_indices=True)
    assert close(numbers(answer["output"]), values)
    assert answer["winners"] == winners[0].tolist()
    assert (answer["fits"], answer["reason"], answer["source"]) == (True, None, "typed")


@many
@given(size=sizes, window=tight | windows(some.booleans()), seed=seeds)
def test_the_means_and_the_refusals_are_those_of_avg_pool2d(
    visitor: Visitor, size: Pair, window: Window, seed: int
) -> None:
    window = replace(window, padding=(min(2, window.padding[0]), min(2, window.padding[1])), dilation=(1, 1))
    maps = drawn(seed, 1, *size)
    plain(visitor)
    visitor.do("pooling-map", values=maps[0].tolist())
    answer = pool(visitor, window, "average", rectified=False)
    named = options(window, "kernel_size", "stride", "padding", "ceil_mode")
    if isinstance(answer, str):
        with pytest.raises(RuntimeError, match=REFUSALS):
            F.avg_pool2d(tensor(maps), **named)
        return
    assert close(numbers(answer["output"]), F.avg_pool2d(tensor(maps), **named))
    assert (answer["winners"], answer["tied"]) == (None, None)
    assert answer["output"][-1][-1][-1] == pytest.approx(answer["sum"] / answer["divisor"])


@rarely
@given(window=tight, rectified=some.booleans(), seed=seeds, filters=some.integers(1, 8))
def test_the_maps_of_the_convolution_are_pooled_one_by_one(
    visitor: Visitor, window: Window, rectified: bool, seed: int, filters: int
) -> None:
    plain(visitor)
    visitor.do("convolution-settings", filters=filters)
    visitor.do("convolution-kernel", seed=seed)
    visitor.do("convolution-go", to="end")
    answer = pool(visitor, window, "max", rectified=rectified)
    if isinstance(answer, str):
        return
    maps = tensor(numbers(visitor.get("convolution")["output"]))
    maps = F.relu(maps) if rectified else maps
    assert close(numbers(answer["maps"]), maps)
    values, winners = F.max_pool2d(maps, **options(window, *WALKED, "ceil_mode"), return_indices=True)
    assert close(numbers(answer["output"]), values)
    assert answer["winners"] == winners[0].tolist()
    for channel, row, column in np.ndindex(values.shape[1:]):
        # A tie is seen from outside: the winner taken away, something as large is left in its window.
        if answer["tied"][channel][row][column]:
            less = maps[0, channel].flatten().clone()
            less[winners[0, channel, row, column]] = -torch.inf
            again = F.max_pool2d(less.reshape(1, *maps.shape[2:]), **options(window, *WALKED, "ceil_mode"))
            assert again[0, row, column] == values[0, channel, row, column]


FUNCTIONS = {
    "identity": lambda x: x * 1,
    "step": lambda x: torch.heaviside(x.detach(), torch.ones_like(x)) + 0 * x,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}


@rarely
@given(name=some.sampled_from(list(FUNCTIONS)), vector=some.lists(some.floats(-1e6, 1e6), min_size=8, max_size=8))
def test_activations_and_slopes_are_those_of_torch(visitor: Visitor, name: str, vector: list[float]) -> None:
    visitor.do("activation-settings", function=name)
    visitor.do("activation-vector", values=vector)
    visitor.do("activation-go", to="end")
    answer = visitor.get("activation")
    x = torch.tensor(vector, dtype=torch.float64, requires_grad=True)
    output = FUNCTIONS[name](x)
    output.sum().backward()
    assert answer["vector"] == vector
    assert close(numbers(answer["output"]), output)
    assert x.grad is not None
    assert close(numbers(answer["slope"]), x.grad)


# The lab's figures


def test_the_labs_convolution(visitor: Visitor) -> None:
    visitor.do("convolution-settings", kernel_size=2, padding=0)
    visitor.do("convolution-kernel", preset="lab")
    visitor.do("convolution-go", to="end")
    assert numbers(visitor.get("convolution")["output"][0]) == pytest.approx(
        numbers(
            [
                [-3.18256974, -3.04333238, -3.04333238, -1.51434013],
                [-0.94651276, 0.0, 0.0, -3.75039711],
                [-0.94651276, 0.0, 0.0, -3.75039711],
                [-1.51434013, -1.65357749, -1.65357749, -3.18256974],
            ]
        ),
        abs=2e-8,
    )


def test_the_labs_count_of_parameters(visitor: Visitor) -> None:
    visitor.do("convolution-settings", kernel_size=2, padding=0, filters=8)
    counts = visitor.get("convolution")["counts"]
    assert counts == {
        "parameters": {"weights": 32, "biases": 0, "total": 32},
        "fully_connected": 3328,
        "output_to_classes": 1290,
        "image_to_classes": 260,
    }
    visitor.do("convolution-settings", bias=True)
    assert visitor.get("convolution")["counts"]["parameters"] == {"weights": 32, "biases": 8, "total": 40}


def test_the_labs_image_of_two_bits(visitor: Visitor) -> None:
    visitor.do("convolution-image", sample="lab")
    visitor.do("convolution-settings", kernel_size=2)
    answer = visitor.get("convolution")
    assert answer["image"]["pixels"][4] == [3, 2, 3, 3, 1, 1, 1, 3]
    assert [answer["size"][axis]["result"] for axis in ("rows", "columns")] == [7, 9]
    assert answer["size"]["columns"]["formula"] == "floor((8 + 2·1 − 1·(2 − 1) − 1)/1) + 1 = 9"


def test_the_labs_rectified_and_stepped_vectors(visitor: Visitor) -> None:
    visitor.do("activation-go", to="end")
    assert visitor.get("activation")["output"] == [0, 0, 0, 0.59464189, 1.03328345, 0.6536854, 0, 0]
    vector = [-0.66621633, -1.72723714, 0.31375181, 0.8125176, -0.73874976, 0.90937177, -1.02299779, -0.6335149]
    visitor.do("activation-vector", values=vector)
    visitor.do("activation-settings", function="step")
    assert visitor.get("activation")["output"] == [0, 0, 1, 1, 0, 1, 0, 0]
    visitor.do("activation-settings", function="leaky_relu")
    assert visitor.get("activation")["slope"][0] == SLOPE


# The shape of the answers


def test_the_opening_answers(visitor: Visitor) -> None:
    answer = visitor.get("convolution")
    assert answer["image"] == {
        "rows": 5, "columns": 5, "bits": 1, "ink": 1, "drawing": True, "pixels": visitor.get("session")["digit"],
    }  # fmt: skip
    assert (answer["names"], answer["rows"], answer["columns"]) == (["edges"], [0, 3], [0, 3])
    assert answer["position"] == {"index": 0, "filter": 0, "row": 0, "column": 0, "beat": "window"}
    assert answer["output"] == [[[None] * 5] * 5]
    assert (answer["products"], answer["sum"], answer["not_finite"]) == ([[None] * 3] * 3, None, {})
    pooling = visitor.get("pooling")
    assert (pooling["output"], pooling["winners"]) == ([[[None] * 2] * 2], [[[None] * 2] * 2])
    activation = visitor.get("activation")
    assert (activation["formula"], activation["output"], activation["slope"]) == ("max(0, x)", [None] * 8, [None] * 8)
    assert activation["position"] == {"index": 0, "beat": "window"}


def test_beats_reveal_one_thing_after_the_other(visitor: Visitor) -> None:
    visitor.do("convolution-go", by_beat=True)
    for beat, products, total in (("window", None, None), ("products", 1.0, None), ("result", 1.0, 2.0)):
        now = visitor.get("convolution")
        assert (now["position"]["beat"], now["products"][2][1] is None, now["sum"]) == (beat, products is None, total)
        assert now["output"][0][0][0] == total
        visitor.do("convolution-step")


def test_filters_are_walked_one_after_the_other(visitor: Visitor) -> None:
    visitor.do("convolution-settings", filters=2)
    visitor.do("convolution-go", index=31)
    assert visitor.get("convolution")["position"] == {"index": 31, "filter": 1, "row": 1, "column": 1, "beat": "result"}
    assert None not in visitor.get("convolution")["output"][0][4]


def test_the_padding_of_max_pooling_is_null_and_named(visitor: Visitor) -> None:
    visitor.do("pooling-settings", padding=1)
    answer = visitor.get("pooling")
    assert answer["window"][0] == [None, None]
    assert answer["not_finite"] == {f"pooling:window[{place}]": "-inf" for place in ("0,0", "0,1", "1,0")}
    visitor.do("pooling-settings", kind="average")
    answer = visitor.get("pooling")
    assert (answer["window"], answer["divisor"], answer["sum"]) == ([[0, 0], [0, 2]], 4, None)
    assert answer["not_finite"] == {}


def test_a_tie_is_told(visitor: Visitor) -> None:
    visitor.do("pooling-map", source="typed")
    visitor.do("pooling-settings", rectified=False, kernel_size=[1, 2])
    visitor.do("pooling-go", to="end")
    assert visitor.get("pooling")["tied"] == [[[False, False], [False, False]]]
    visitor.do("pooling-map", row=0, column=0, value=3)
    answer = visitor.get("pooling")
    assert (answer["tied"][0][0], answer["winners"][0][0]) == ([True, False], [0, 3])


def test_decimals_read_back_to_the_same_float64(visitor: Visitor) -> None:
    visitor.do("activation-vector", seed=9)
    assert visitor.get("activation")["vector"] == np.random.RandomState(9).randn(8).tolist()


def test_every_get_answers_for_a_revision(visitor: Visitor) -> None:
    before = {path: visitor.get(path) for path in GETS}
    visitor.do("convolution-kernel", preset="blur")
    for path in GETS:
        visitor.do(f"{path}-go", to="end")
    for path in GETS:
        assert visitor.get(path) != before[path]
        assert visitor.get(path, revision=0) == before[path]
        assert visitor.client.get(f"/api/v1/{path}?revision=99").status_code == 404
        assert visitor.client.get(f"/api/v1/{path}?revision=x").status_code == 422


def test_what_no_longer_fits_is_said_and_comes_back(visitor: Visitor) -> None:
    visitor.do("pooling-settings", kernel_size=5, stride=1)
    visitor.do("pooling-go", to="end")
    walked = visitor.get("pooling")
    visitor.do("convolution-settings", padding=0)
    answer = visitor.get("pooling")
    assert (answer["fits"], answer["output"], answer["positions"]) == (False, [], 0)
    assert answer["reason"].endswith("floor((3 + 2·0 − 1·(5 − 1) − 1)/1) + 1 = −1.")
    assert answer["size"]["rows"]["result"] == -1
    for name in ("winners", "tied", "position", "rows", "columns", "window", "sum", "divisor"):
        assert answer[name] is None
    assert np.shape(answer["maps"]) == (1, 3, 3)
    refusal = visitor.send("pooling-step")
    assert (refusal.status_code, refusal.json()["error"]["sentence"]) == (409, answer["reason"])
    visitor.do("undo")
    assert visitor.get("pooling") == walked


# What is hidden is in no answer


def repeats(number: float) -> str:
    return json.dumps(number)


def test_what_the_convolution_hides_is_in_no_answer(visitor: Visitor) -> None:
    pixels = np.random.default_rng(0).integers(1, 256, (4, 4))
    visitor.do("convolution-image", pixels=pixels.tolist(), bits=8)
    visitor.do("convolution-settings", kernel_size=2, padding=0, filters=2, bias=True)
    visitor.do("convolution-kernel", seed=5)
    visitor.do("pooling-settings", rectified=False, stride=1)
    for path in GETS:
        visitor.do(f"{path}-go", to="end")
    told = visitor.get("convolution")
    outputs = numbers(told["output"]).ravel().tolist()
    pooled = numbers(visitor.get("pooling")["output"]).ravel().tolist()
    assert len(set(outputs)) == len(outputs) == 18
    assert all(repeats(value) in texts(visitor) for value in outputs + pooled)
    visitor.do("convolution-go", to="start")
    visitor.do("convolution-predict", on=True)
    for index, value in enumerate(outputs):
        seen = texts(visitor)
        assert [repeats(other) in seen for other in outputs] == [cell < index for cell in range(18)]
        assert visitor.get("convolution")["predict"]["hidden"]
        assert visitor.get("convolution")["products"] == [[None] * 2] * 2
        maps = visitor.get("pooling")["maps"]
        assert [cell is None for cell in np.ravel(np.array(maps, object))] == [cell >= index for cell in range(18)]
        for kind in ("average", "max"):
            visitor.do("pooling-settings", kind=kind)
            assert repeats(value) not in texts(visitor)
        visitor.do("convolution-predict", value=value)
        assert visitor.get("convolution")["predict"] == {
            "on": True, "hidden": False, "guess": value, "correct": True, "right": index + 1, "asked": index + 1,
        }  # fmt: skip
        assert repeats(value) in texts(visitor)
        visitor.do("convolution-step")
    assert numbers(visitor.get("pooling")["output"]).ravel().tolist() == pooled


@rarely
@given(window=tight, kind=some.sampled_from(["max", "average"]), done=some.integers(0, 17))
def test_a_pool_tells_only_what_it_makes_of_revealed_cells(
    visitor: Visitor, window: Window, kind: str, done: int
) -> None:
    plain(visitor)
    visitor.do("convolution-predict", on=False)
    visitor.do("convolution-settings", kernel_size=3, padding=0, filters=2)
    visitor.do("convolution-kernel", seed=5)
    if kind == "average":
        window = replace(window, dilation=(1, 1))
    open_ = pool(visitor, window, kind, rectified=False)
    if isinstance(open_, str):
        return
    cells = np.arange(18).reshape(2, 3, 3) < done
    visitor.do("convolution-go", to="start")
    visitor.do("convolution-predict", on=True)
    if done:
        visitor.do("convolution-go", index=done)  # it is hidden, all before it were passed
    hiding = visitor.get("pooling")
    least = -F.max_pool2d(-tensor(cells), **options(window, *WALKED, "ceil_mode"))[
        0
    ]  # 1 where all that is read is known
    for name in ("output", "winners", "tied"):
        if hiding[name] is not None:
            known = np.where(least.numpy() == 1, np.array(open_[name], object), None)
            assert np.array(hiding[name], object).tolist() == known.tolist()
    assert [cell is not None for cell in np.ravel(np.array(hiding["maps"], object))] == cells.ravel().tolist()
    visitor.do("convolution-predict", on=False)
    assert visitor.get("pooling") == open_


@pytest.mark.parametrize("kind", ["average", "max"])
def test_what_pooling_hides_is_in_no_answer(visitor: Visitor, kind: str) -> None:
    visitor.do("pooling-map", values=np.random.default_rng(1).normal(size=(4, 4)).tolist())
    visitor.do("pooling-settings", kind=kind, rectified=False)
    visitor.do("pooling-go", to="end")
    told = visitor.get("pooling")
    outputs = numbers(told["output"]).ravel().tolist()
    visitor.do("pooling-go", to="start")
    visitor.do("pooling-predict", on=True)
    for index, value in enumerate(outputs):
        now = visitor.get("pooling")
        assert np.ravel(np.array(now["output"], object))[index] is None
        assert now["sum"] is None
        if kind == "average":
            assert repeats(value) not in texts(visitor)
        else:
            assert np.ravel(np.array(now["winners"], object))[index] is None
            assert np.ravel(np.array(now["tied"], object))[index] is None
        visitor.do("pooling-predict", value=value + 1)
        assert visitor.get("pooling")["predict"]["correct"] is False
        visitor.do("pooling-step")
    assert visitor.get("pooling")["predict"]["right"] == 0
    assert visitor.get("pooling")["output"] == told["output"]


def test_what_the_convolution_hides_is_not_to_be_predicted_in_its_pools(visitor: Visitor) -> None:
    visitor.do("convolution-predict", on=True)
    visitor.do("pooling-predict", on=True)
    for guess in (0, 2):  # right or wrong, the answer would tell
        refused = visitor.send("pooling-predict", value=guess)
        assert refused.status_code == 409
        assert "still hides a number here" in refused.json()["error"]["sentence"]
    assert visitor.get("pooling")["predict"]["asked"] == 0
    visitor.do("convolution-predict", on=False)
    visitor.do("pooling-predict", value=2)
    assert visitor.get("pooling")["predict"]["right"] == 1


@pytest.mark.parametrize("function", ["sigmoid", "tanh"])
def test_what_an_activation_hides_is_in_no_answer(visitor: Visitor, function: str) -> None:
    visitor.do("activation-settings", function=function)
    visitor.do("activation-go", to="end")
    told = visitor.get("activation")
    visitor.do("activation-go", to="start")
    visitor.do("activation-predict", on=True)
    for value, slope in zip(told["output"], told["slope"], strict=True):
        assert repeats(value) not in texts(visitor)
        assert repeats(slope) not in texts(visitor)  # it would tell: σ·(1 − σ)
        visitor.do("activation-predict", skip=True)
        assert repeats(value) in texts(visitor)
        visitor.do("activation-step")
    assert visitor.get("activation")["predict"]["asked"] == 0


# Addresses


def at(visitor: Visitor, address: str) -> float:
    visitors: Visitors = visitor.client.app.state.visitors  # type: ignore[attr-defined]
    session = visitors._kept[visitor.client.cookies[COOKIE]].session
    session.read_on()
    return value_at(moment(session, session.head), address)


def test_every_number_of_the_answers_has_its_address(visitor: Visitor) -> None:
    visitor.do("convolution-settings", filters=2, kernel_size=[2, 3])
    visitor.do("pooling-settings", padding=1)
    for path, index in (("convolution", 7), ("pooling", 3), ("activation", 2)):
        visitor.do(f"{path}-go", index=index)
    named = {
        "convolution": ("weight", "bias", "output", "window", "products", "sum"),
        "pooling": ("maps", "output", "window"),
        "activation": ("vector", "output", "slope"),
    }
    for path, names in named.items():
        answer = visitor.get(path)
        for name in names:
            grid = np.array(answer[name], object)
            for index in np.ndindex(grid.shape):
                address = f"{path}:{name}[{','.join(map(str, index))}]" if index else f"{path}:{name}"
                if grid[index] is not None:
                    assert at(visitor, address) == grid[index]
                elif address in answer["not_finite"]:
                    assert at(visitor, address) == -np.inf
                else:
                    with pytest.raises(OutOfRange, match="not to be seen yet"):
                        at(visitor, address)
    assert at(visitor, "convolution:image[0,1]") == 1


@pytest.mark.parametrize(
    "address",
    [
        "convolution:image[5,0]",
        "convolution:image",
        "convolution:output[0,0]",
        "convolution:loss",
        "pooling:sum",  # of max pooling
        "activation:vector[8]",
        "classifier:weight[0]",
        "convolution:",
        "convolution:sum[0]",
    ],
)
def test_an_address_that_does_not_exist_is_refused(visitor: Visitor, address: str) -> None:
    visitor.do("convolution-step")
    with pytest.raises(OutOfRange):
        at(visitor, address)


def test_an_address_tells_nothing_that_is_hidden(visitor: Visitor) -> None:
    visitor.do("convolution-predict", on=True)
    visitor.do("pooling-step")
    for address in ("output[0,0,0]", "products[0,0]", "sum"):
        with pytest.raises(OutOfRange):
            at(visitor, f"convolution:{address}")
    for address in ("maps[0,0,0]", "output[0,0,0]", "window[0,0]"):
        with pytest.raises(OutOfRange):
            at(visitor, f"pooling:{address}")


@pytest.mark.parametrize("lab", [lab for lab in GETS if lab in LABS])
def test_every_address_on_the_page_resolves_at_any_beat_hidden_or_not(visitor: Visitor, lab: str) -> None:
    for action, fields in (
        ("go", {"by_beat": True}), ("go", {"index": 2}), ("step", {}), ("step", {}), ("predict", {"on": True}),
        ("predict", {"value": 1}),
    ):  # fmt: skip
        visitor.do(f"{lab}-{action}", **fields)
        for address in re.findall(r'data-at="([^"]+)"', visitor.page(f"/{lab}")):
            at(visitor, address)


# Bad input


PAIR = "a whole number from 1 to 5 or a list of 2 whole numbers from 1 to 5."
MILLION = "from −1000000 to 1000000."


@pytest.mark.parametrize(
    ("action", "body", "field", "sentence"),
    [
        ("convolution-settings", {"stride": 0}, "stride", f"stride: {PAIR}"),
        ("convolution-settings", {"stride": "2"}, "stride", f"stride: {PAIR}"),
        ("convolution-settings", {"stride": [1]}, "stride", f"stride: {PAIR}"),
        ("convolution-settings", {"stride": [1, 2, 3]}, "stride", f"stride: {PAIR}"),
        ("convolution-settings", {"stride": [1, 6]}, "stride", f"stride: {PAIR}"),
        ("convolution-settings", {"stride": True}, "stride", f"stride: {PAIR}"),
        ("convolution-settings", {"kernel_size": 1.5}, "kernel_size", f"kernel_size: {PAIR}"),
        ("convolution-settings", {"filters": 9}, "filters", "filters: a whole number from 1 to 8."),
        ("convolution-settings", {"bias": 1}, "bias", "bias: true or false."),
        ("convolution-settings", {"ceil_mode": True}, "ceil_mode", "convolution-settings takes no field of that name."),
        ("convolution-kernel", {"value": 2e6, "row": 0, "column": 0}, "value", f"value: a number {MILLION}"),
        ("convolution-kernel", {"bias": "1"}, "bias", f"bias: a number {MILLION}"),
        ("convolution-kernel", {"row": 5, "column": 0, "value": 1}, "row", "row: a whole number from 0 to 4."),
        (
            "convolution-kernel",
            {"preset": "emboss"},
            "preset",
            "preset: one of identity, edges, blur, sharpen, corner, lab.",
        ),
        ("convolution-kernel", {"seed": 2**32}, "seed", "seed: a whole number from 0 to 4294967295."),
        ("convolution-kernel", {"network": None}, "network", "network: true or false."),
        (
            "convolution-kernel",
            {"weight": []},
            "weight",
            f"weight: a list of 1 to 8 lists of 1 to 5 lists of 1 to 5 numbers {MILLION}",
        ),
        (
            "convolution-image",
            {"pixels": "010\n101"},
            "pixels",
            "pixels: a list of 1 to 12 lists of 1 to 12 whole numbers from 0 to 255.",
        ),
        ("convolution-image", {"rows": 13}, "rows", "rows: a whole number from 1 to 12."),
        ("convolution-image", {"bits": 0}, "bits", "bits: a whole number from 1 to 8."),
        ("convolution-image", {"ink": -1}, "ink", "ink: a whole number from 0 to 255."),
        ("convolution-image", {"sample": "five"}, "sample", "sample: one of digit, lab, two."),
        (
            "pooling-settings",
            {"padding": 3},
            "padding",
            "padding: a whole number from 0 to 2 or a list of 2 whole numbers from 0 to 2.",
        ),
        ("pooling-settings", {"kind": "min"}, "kind", "kind: one of max, average."),
        (
            "pooling-map",
            {"values": [[1, None]]},
            "values",
            f"values: a list of 1 to 12 lists of 1 to 12 numbers {MILLION}",
        ),
        ("pooling-map", {"source": "drawing"}, "source", "source: one of typed, convolution."),
        ("activation-settings", {}, "function", "activation-settings needs the field function."),
        ("activation-vector", {"values": [0] * 7}, "values", f"values: a list of 8 numbers {MILLION}"),
        ("activation-vector", {"source": "typed"}, "source", "source: only lab."),
        ("activation-go", {"index": -1}, "index", "index: a whole number from 0 on."),
        ("activation-go", {"index": 8}, "index", "There is no position 8: they go from 0 to 7."),
        ("activation-go", {"to": "middle"}, "to", "to: one of start, end."),
        ("pooling-predict", {"value": 1e10}, "value", "value: a number from −1000000000 to 1000000000."),
        ("pooling-step", {"steps": 2}, "steps", "pooling-step takes no field of that name."),
        (
            "play",
            {"lab": "ledger"},
            "lab",
            "lab: one of network, backward, convolution, pooling, activation, neuron, classifier, training.",
        ),
        (
            "stroke",
            {"cells": [[0]], "on": True},
            "cells",
            "cells: a list of 1 to 25 lists of 2 whole numbers from 0 to 4.",
        ),
        ("learning-rate", {"rate": 0}, "rate", "rate: a number over 0, at most 1e+38."),
        (
            "point",
            {"address": "<b>"},
            "address",
            "address: an address, as logits[0] or convolution:output[0,1,2].",
        ),
        ("point", {"address": "nothing[0]"}, "address", "There is no number called nothing[0]."),
        ("point", {"address": "logits[10]"}, "address", "logits has the shape [10]."),
    ],
)
def test_bad_input_is_refused_in_words(
    visitor: Visitor, action: str, body: dict[str, object], field: str, sentence: str
) -> None:
    refused = error(visitor.send(action, **body))
    assert (refused["field"], refused["sentence"]) == (field, sentence)
    assert visitor.get("session")["revision"] == 0


def test_an_error_says_what_is_allowed_for_each_kind_of_value(visitor: Visitor) -> None:
    number = {"type": "integer", "minimum": 1, "maximum": 5}
    assert error(visitor.send("convolution-settings", stride=0))["allowed"] == [
        number, {"type": "array", "items": number, "minItems": 2, "maxItems": 2},
    ]  # fmt: skip
    assert error(visitor.send("convolution-settings", filters=0))["allowed"] == number | {"maximum": 8}


def test_null_leaves_a_field_out(visitor: Visitor) -> None:
    assert visitor.do("convolution-settings", stride=None, filters=None) == 0
    assert visitor.do("convolution-settings", stride=2, filters=None) == 1


def test_predictions_out_of_turn_are_conflicts(visitor: Visitor) -> None:
    assert visitor.send("convolution-predict", value=1).status_code == 409
    visitor.do("convolution-predict", on=True)
    assert visitor.send("convolution-step").status_code == 409


@pytest.mark.parametrize("lab", [lab for lab in GETS if lab in LABS])
def test_play_to_the_end_pauses(visitor: Visitor, lab: str) -> None:
    visitor.do(f"{lab}-go", index=visitor.get(lab)["positions"] - 2)
    visitor.do("play", lab=lab)
    for _ in range(2):
        headers = {"hx-request": "true", "page-revision": mark_of(visitor.page(f"/{lab}"))}
        assert visitor.client.post(f"/{lab}/tick", headers=headers).status_code == 200
    assert visitor.get(lab)["position"]["index"] == visitor.get(lab)["positions"] - 1
    assert visitor.get("session")["playing"] is None


# Forms: no lists there, and everything is text


@pytest.mark.parametrize(
    ("action", "fields", "same"),
    [
        ("convolution-settings", {"stride": "2", "bias": "true"}, {"stride": 2, "bias": True}),
        ("convolution-settings", {"kernel_size": "3,2"}, {"kernel_size": [3, 2]}),
        ("convolution-image", {"pixels": "010\r\n111"}, {"pixels": [[0, 1, 0], [1, 1, 1]]}),
        ("convolution-image", {"pixels": "0, 12 3\n4 5 6\n"}, {"pixels": [[0, 12, 3], [4, 5, 6]]}),
        ("convolution-kernel", {"row": "0", "column": "1", "value": "-1.5"}, {"row": 0, "column": 1, "value": -1.5}),
        ("pooling-settings", {"dilation": "1,2", "kind": "max"}, {"dilation": [1, 2], "kind": "max"}),
        ("activation-predict", {"value": "0.59"}, {"value": 0.59}),
    ],
)
def test_a_form_spells_what_json_says(action: str, fields: dict[str, str], same: dict[str, object]) -> None:
    kind = REGISTRY[action]
    assert from_form(kind, fields) == from_json(kind, json.dumps(same).encode())


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("convolution-settings", {"stride": "1,2,3"}),
        ("convolution-settings", {"stride": ""}),
        ("convolution-settings", {"stride": "²"}),
        ("convolution-settings", {"stride": "9" * 5000}),
        ("convolution-image", {"pixels": "0x1"}),
        ("convolution-image", {"pixels": ""}),
        ("convolution-image", {"pixels": "256 0"}),
        ("convolution-kernel", {"value": "nan"}),
        ("convolution-predict", {"value": "inf"}),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(action: str, fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refusal:
        from_form(REGISTRY[action], fields)
    assert refusal.value.field == next(iter(fields))
