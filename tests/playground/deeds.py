"""What a visitor may do in the labs but the network, at random; some of it is refused."""

from __future__ import annotations

from hypothesis import strategies as some

from app.playground.actions import REGISTRY, Action


def do(name: str, /, **fields: object) -> Action:
    return REGISTRY[name].model_validate(fields)


def _any_of(name: str, **fields: some.SearchStrategy[object]) -> some.SearchStrategy[Action]:
    """Return the action with some of its optional fields."""
    return some.fixed_dictionaries({}, optional=fields).map(lambda chosen: do(name, **chosen))


def _pair(least: int, most: int) -> some.SearchStrategy[object]:
    side = some.integers(least, most)
    return side | some.lists(side, min_size=2, max_size=2)


def _grid(numbers: some.SearchStrategy[object], most: int) -> some.SearchStrategy[list[list[object]]]:
    def rows(width: int) -> some.SearchStrategy[list[list[object]]]:
        return some.lists(some.lists(numbers, min_size=width, max_size=width), min_size=1, max_size=most)

    return some.integers(1, most).flatmap(rows)


number = some.sampled_from([-1e6, -2.5, -0.0, 0.0, 0.1, 1.0, 3.0])
place = some.integers(0, 4)
seed = some.integers(0, 2**32 - 1)
window = {"kernel_size": _pair(1, 5), "stride": _pair(1, 5), "dilation": _pair(1, 3)}
lab = some.sampled_from(["convolution", "pooling", "activation"])

changes = some.one_of(
    _any_of(
        "convolution-settings",
        **window,
        padding=_pair(0, 3),
        filters=some.integers(1, 8),
        bias=some.booleans(),
        flipped=some.booleans(),
        linked=some.booleans(),
    ),
    some.builds(
        lambda way, chosen: do("convolution-kernel", filter=chosen, **way),
        some.one_of(
            some.fixed_dictionaries({"row": place, "column": place, "value": number}),
            some.fixed_dictionaries({"bias": number}),
            some.sampled_from(["identity", "edges", "blur", "lab"]).map(lambda name: {"preset": name}),
            seed.map(lambda number: {"seed": number}),
            _grid(number, 5).map(lambda kernel: {"weight": [kernel, kernel]}),
            some.sampled_from([{"network": True}, {"nice": True}]),
        ),
        some.integers(0, 2),
    ),
    _any_of(
        "convolution-image",
        rows=some.integers(1, 12),
        columns=some.integers(1, 12),
        bits=some.integers(1, 8),
        ink=some.integers(0, 3),
        sample=some.sampled_from(["digit", "lab", "two"]),
    ),
    some.builds(lambda pixels: do("convolution-image", pixels=pixels), _grid(some.integers(0, 255), 6)),
    some.builds(lambda r, c, v: do("convolution-image", row=r, column=c, value=v), place, place, place),
    _any_of(
        "pooling-settings",
        **window,
        padding=_pair(0, 2),
        ceil_mode=some.booleans(),
        kind=some.sampled_from(["max", "average"]),
        rectified=some.booleans(),
        linked=some.booleans(),
    ),
    some.builds(lambda values: do("pooling-map", values=values), _grid(number, 6)),
    some.builds(lambda r, c, v: do("pooling-map", row=r, column=c, value=v), place, place, number),
    some.builds(lambda s: do("pooling-map", source=s), some.sampled_from(["typed", "convolution"])),
    some.builds(
        lambda name: do("activation-settings", function=name),
        some.sampled_from(["identity", "step", "relu", "leaky_relu", "sigmoid", "tanh"]),
    ),
    some.builds(lambda i, v: do("activation-vector", index=i, value=v), some.integers(0, 7), number),
    some.builds(lambda s: do("activation-vector", seed=s), seed),
    some.just(do("activation-vector", source="lab")),
    some.builds(lambda n: do("neuron-step", steps=n), some.integers(1, 12)),
    some.builds(lambda n, i: do("neuron-step", steps=n, point=i), some.integers(1, 3), place),
    _any_of("neuron-initialise", w=number, b=number),
    _any_of(
        "neuron-settings",
        loss=some.sampled_from(["squared", "absolute"]),
        rate=some.sampled_from([0.1, 0.8, 1e30]),
        teach=some.sampled_from(["turns", "one", "all"]),
        turn=place,
    ),
    _any_of("neuron-point", index=place, x=number, y=number, remove=some.booleans()),
    _any_of("neuron-solve", first=place, second=place),
    some.builds(
        lambda start, s: do("classifier-initialise", start=start, seed=s),
        some.sampled_from(["zeros", "normal", "linear", "typed"]),
        seed,
    ),
    some.builds(lambda steps: do("classifier-step", steps=steps), some.integers(1, 5)),
    some.builds(
        lambda o, i, v: do("classifier-number", output=o, input=i, value=v), some.integers(0, 9), place, number
    ),
    some.builds(lambda values: do("classifier-weights", bias=values), some.lists(number, min_size=10, max_size=10)),
    some.builds(lambda twice: do("classifier-settings", twice=twice), some.booleans()),
    some.builds(
        lambda call: do("classifier-autograd", call=call), some.sampled_from(["backward", "step", "zero_grad"])
    ),
    some.builds(lambda on: do("classifier-autograd", weight=on), some.booleans()),
    some.builds(lambda steps: do("training-step", steps=steps), some.integers(1, 6)),
    some.builds(lambda steps: do("training-step", steps=steps), some.integers(1, 6)),
    _any_of("training-data", set=some.sampled_from(["lab", "glyphs", "own"]), wrong=some.sampled_from([0.0, 0.5])),
    some.builds(lambda rung: do("training-network", rung=rung), some.sampled_from(["linear", "relu", "lab", "eight"])),
    _any_of(
        "training-settings",
        rate=some.sampled_from([0.1, 1e30]),
        momentum=some.sampled_from([0.0, 0.9]),
        weight_decay=some.sampled_from([0.0, 0.01]),
        batch=some.sampled_from([0, 1, 7]),
        shift=some.booleans(),
        flip=some.sampled_from([0.0, 0.1]),
        shuffle=seed,
        zero_grad=some.booleans(),
    ),
    some.builds(
        lambda start, s: do("training-initialise", start=start, seed=s),
        some.sampled_from(["seed", "zeros", "equal", "dead"]),
        seed,
    ),
    some.just(do("training-add")),
    some.builds(lambda at: do("training-remove", index=at), place),
)

looks = some.one_of(
    some.builds(lambda name: do(f"{name}-step"), lab),
    some.builds(lambda name: do(f"{name}-step"), lab),
    some.builds(lambda name: do(f"{name}-back"), lab),
    some.builds(lambda name, i: do(f"{name}-go", index=i), lab, some.integers(0, 30)),
    some.builds(lambda name, to: do(f"{name}-go", to=to), lab, some.sampled_from(["start", "end"])),
    some.builds(lambda name, on: do(f"{name}-go", by_beat=on), lab, some.booleans()),
    some.builds(lambda name, on: do(f"{name}-predict", on=on), lab, some.booleans()),
    some.builds(lambda name, guess: do(f"{name}-predict", value=guess), lab, number),
    some.builds(lambda name: do(f"{name}-predict", skip=True), lab),
    some.builds(lambda name: do("play", lab=name), lab),
    some.builds(
        lambda at: do("point", address=at), some.sampled_from(["", "loss", "conv[0,1,1]", "velocity.fc.bias[3]"])
    ),
    some.builds(lambda way: do("neuron-show", way=way), some.sampled_from(["solve", "descend"])),
    _any_of("training-show", aspect=some.sampled_from(["run", "data"]), row=place, column=place, label=place),
    some.builds(lambda epochs: do("play", lab="training", epochs=epochs), some.integers(1, 3)),
    some.builds(lambda voice: do("code", voice=voice), some.sampled_from(["", "python", "numpy", "torch"])),
)
