"""The labs on the table: steppers, predictions, kernels, images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.nn.digits import SAMPLES
from app.playground.actions import Action, Change, tick
from app.playground.activation import LAB
from app.playground.convolution import IMAGES, PRESETS, drawn, quarters, worked
from app.playground.errors import Invalid, NothingThere, OutOfRange, Refusal
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.playground.state import Playground, Table, View, opening, pack, unpack
from app.playground.stepper import PRODUCTS, RESULT, START, WINDOW, Stepper
from tests.playground.deeds import changes, do

POSITIONS = {"convolution": 25, "pooling": 4, "activation": 8}


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(SQLiteStore(tmp_path), "visitor")


def after(*actions: Action) -> Table:
    """Return the table that changes make of the opening one; what is refused is left out."""
    table = opening()
    for action in actions:
        assert isinstance(action, Change)
        table = action.apply(table).table
    return table


def stepper(session: Session, lab: str) -> Stepper:
    found: Stepper = getattr(session.state(session.head).view, lab)
    return found


@settings(deadline=None, max_examples=150)
@given(done=some.lists(changes, max_size=12))
def test_a_snapshot_reads_back_as_the_table(done: list[Action]) -> None:
    table = opening()
    for action in done:
        try:
            table = after_one(table, action)
        except Refusal:
            continue
        assert unpack(pack(table)) == table


def after_one(table: Table, action: Action) -> Table:
    assert isinstance(action, Change)
    return action.apply(table).table


# Steppers


@pytest.mark.parametrize("by_beat", [False, True])
@pytest.mark.parametrize("lab", POSITIONS)
def test_a_walk_forward_and_back_passes_the_same_states(session: Session, lab: str, by_beat: bool) -> None:
    session.act(do(f"{lab}-go", by_beat=by_beat))
    passed = [stepper(session, lab)]
    while (head := session.head) < session.act(do(f"{lab}-step")):
        assert session.head == head + 1
        passed.append(stepper(session, lab))
    beats = 3 if by_beat else 1
    assert len(passed) == POSITIONS[lab] * beats + (not by_beat)
    assert (passed[-1].index, passed[-1].beat) == (POSITIONS[lab] - 1, RESULT)
    for expected in reversed(passed[:-1]):
        session.act(do(f"{lab}-back"))
        assert stepper(session, lab) == expected
    assert session.act(do(f"{lab}-back")) == session.head  # the start: no entry


@pytest.mark.parametrize("lab", POSITIONS)
def test_go_reaches_every_position_and_no_other(session: Session, lab: str) -> None:
    last = POSITIONS[lab] - 1
    session.act(do(f"{lab}-go", index=last))
    assert stepper(session, lab) == Stepper(last, RESULT)
    session.act(do(f"{lab}-go", to="start"))
    assert stepper(session, lab) == START
    session.act(do(f"{lab}-go", to="end"))
    assert stepper(session, lab) == Stepper(last, RESULT)
    with pytest.raises(OutOfRange, match=f"they go from 0 to {last}") as refusal:
        session.act(do(f"{lab}-go", index=last + 1))
    assert (refusal.value.field, refusal.value.allowed) == ("index", {"minimum": 0, "maximum": last})


def test_undo_redo_and_changes_leave_the_steppers_alone(session: Session) -> None:
    session.act(do("clear"))
    session.act(do("convolution-go", index=7))
    session.act(do("activation-step"))
    stood = session.state(session.head).view
    session.act(do("undo"))
    assert session.state(session.head).view == stood
    session.act(do("redo"))  # the looks between did not cut it
    assert session.state(session.head).view == stood
    session.act(do("start-over"))
    assert session.state(session.head).view == stood


def test_a_position_that_the_table_lacks_counts_as_the_start(session: Session) -> None:
    session.act(do("convolution-go", to="end"))
    session.act(do("convolution-settings", stride=5))
    assert stepper(session, "convolution").index == 24  # the look stays as it was …
    session.act(do("convolution-step"))  # … and the walk begins anew
    assert stepper(session, "convolution") == Stepper(0, RESULT)


def test_what_no_longer_fits_is_not_walked(session: Session) -> None:
    session.act(do("pooling-settings", kernel_size=5, stride=1))
    session.act(do("convolution-settings", padding=0))
    for verb, fields in (("step", {}), ("back", {}), ("go", {"to": "end"}), ("predict", {"on": True})):
        with pytest.raises(NothingThere, match="does not fit"):
            session.act(do(f"pooling-{verb}", **fields))
    session.act(do("undo"))
    session.act(do("pooling-step"))


@pytest.mark.parametrize("lab", POSITIONS)
def test_play_steps_to_the_end_and_then_finds_nothing(session: Session, lab: str) -> None:
    session.act(do("play", lab=lab))
    playing = session.playing()
    assert playing is not None
    for done in range(POSITIONS[lab]):
        session.act(tick(playing, session.table(session.head), playing.steps))
        assert stepper(session, lab).done == done + 1
    assert session.attempt(tick(playing, session.table(session.head), playing.steps)) == session.head


# Predictions


def test_predictions_are_counted_and_equal_to_the_digits_shown(session: Session) -> None:
    session.act(do("convolution-kernel", preset="lab"))
    session.act(do("convolution-settings", kernel_size=2, padding=0))
    session.act(do("convolution-predict", on=True))
    for guess, right in ((-3.18, 1), (-3.04333238, 2), (-3.03, 2), (-1.514, 3)):  # the lab's figures, cell 122
        session.act(do("convolution-predict", value=guess))
        now = stepper(session, "convolution")
        assert (now.guess, now.right, now.beat) == (guess, right, RESULT)
        session.act(do("convolution-step"))
    session.act(do("convolution-predict", skip=True))
    now = stepper(session, "convolution")
    assert (now.index, now.guess, now.right, now.asked) == (4, None, 3, 4)


def test_what_is_hidden_is_predicted_or_skipped_before_a_step(session: Session) -> None:
    session.act(do("activation-predict", on=True))
    with pytest.raises(NothingThere, match="Lock your prediction first"):
        session.act(do("activation-step"))
    session.act(do("activation-predict", value=0))
    with pytest.raises(NothingThere, match="Nothing is hidden here"):
        session.act(do("activation-predict", value=0))
    session.act(do("activation-step"))
    assert stepper(session, "activation").hidden
    assert stepper(session, "activation").beat == WINDOW
    session.act(do("activation-predict", on=False))
    session.act(do("activation-step"))
    assert stepper(session, "activation") == Stepper(1, RESULT, right=1, asked=1)


def test_with_predictions_no_way_leads_past_a_hidden_value(session: Session) -> None:
    session.act(do("convolution-predict", on=True))
    for fields in ({"index": 12}, {"to": "end"}, {"to": "end", "by_beat": True}):
        session.act(do("convolution-go", **fields))
        assert stepper(session, "convolution").hidden
    session.act(do("convolution-go", index=3))  # that one was passed
    assert not stepper(session, "convolution").hidden


def test_predict_takes_one_thing_at_a_time(session: Session) -> None:
    for fields in ({}, {"on": True, "skip": True}, {"value": 1, "skip": True}):
        with pytest.raises(Invalid, match="takes one of"):
            session.act(do("pooling-predict", **fields))


def test_by_beat_an_unfinished_position_goes_back_to_its_window(session: Session) -> None:
    session.act(do("convolution-go", by_beat=True))
    session.act(do("convolution-step"))
    assert stepper(session, "convolution").beat == PRODUCTS
    session.act(do("convolution-back"))
    assert stepper(session, "convolution").beat == WINDOW


# Kernels


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_lays_its_weights_into_one_filter(name: str) -> None:
    lab = after(do("convolution-settings", filters=3), do("convolution-kernel", filter=1, preset=name)).convolution
    assert lab.array[1].tolist() == [list(row) for row in PRESETS[name].rows]
    assert lab.names == ("edges", name, "random")


def test_a_seed_draws_all_kernels_as_numpy_does() -> None:
    lab = after(do("convolution-settings", filters=8, kernel_size=5), do("convolution-kernel", seed=7)).convolution
    source = np.random.RandomState(7)
    assert np.array_equal(lab.array, source.randn(8, 5, 5))
    assert list(lab.bias) == source.randn(8).tolist()
    assert (lab.names, lab.seed) == (("random",) * 8, 7)


def test_a_random_kernel_shows_more_of_its_draw_as_it_grows() -> None:
    lab = after(
        do("convolution-kernel", seed=7),
        do("convolution-settings", kernel_size=[2, 3]),
        do("convolution-settings", kernel_size=[4, 5]),
    ).convolution
    assert np.array_equal(lab.array, drawn(7)[0][:1, :4, :5])


def test_the_networks_kernels_come_with_their_biases_and_nice_rounds_them() -> None:
    lab = after(do("convolution-kernel", network=True)).convolution
    own = opening().network.parameters
    assert np.array_equal(lab.array, own["conv.weight"][:, 0].astype(np.float64))
    assert list(lab.bias) == own["conv.bias"].astype(np.float64).tolist()
    assert (lab.biased, lab.names) == (True, ("network",) * 4)
    nice = after(do("convolution-kernel", network=True), do("convolution-kernel", nice=True)).convolution
    assert np.array_equal(nice.array, quarters(lab.array))
    assert all((4 * number).is_integer() for number in (*nice.weight, *nice.bias))


def test_kernels_that_are_no_numbers_stay_in_the_network(session: Session) -> None:
    session.act(do("learning-rate", rate=1e20))
    session.act(do("label", label=7))
    session.act(do("step", steps=5))
    with pytest.raises(OutOfRange, match="no numbers any more") as refusal:
        session.act(do("convolution-kernel", network=True))
    assert refusal.value.field == "network"


def test_typed_weights_and_a_typed_bias() -> None:
    table = after(
        do("convolution-kernel", weight=[[[1, 2, 3]], [[4, 5, 6]]]),
        do("convolution-kernel", filter=1, row=0, column=2, value=-0.5),
        do("convolution-kernel", filter=1, bias=2),
        do("convolution-settings", padding=0),
    )
    lab = table.convolution
    assert lab.array.tolist() == [[[1, 2, 3]], [[4, 5, -0.5]]]
    assert lab.bias[1] == 2
    plain = worked(lab, table.digit).output
    biased = worked(after_one(table, do("convolution-settings", bias=True)).convolution, table.digit).output
    assert np.allclose(biased - plain, np.array(lab.bias)[:, None, None])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "value"),
        ({"bias": 1, "preset": "edges"}, "preset"),
        ({"network": False}, "value"),
        ({"value": 1}, "row"),
        ({"value": 1, "row": 3, "column": 0}, "row"),
        ({"value": 1, "row": 2, "column": 3}, "column"),
        ({"filter": 1, "bias": 1}, "filter"),
        ({"weight": [[[1, 2], [3]]]}, "weight"),
        ({"weight": [[[1]], [[1, 2]]]}, "weight"),
    ],
)
def test_a_kernel_that_makes_no_sense_names_the_field(fields: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        after(do("convolution-kernel", **fields))
    assert refusal.value.field == field


@pytest.mark.parametrize("way", [{"preset": "blur"}, {"weight": [[[1, 1, 1]]]}])
def test_a_kernel_too_large_for_the_image_names_the_field_and_shows_the_formula(way: dict[str, object]) -> None:
    table = after(do("convolution-settings", kernel_size=1, padding=0), do("convolution-image", rows=2, columns=2))
    with pytest.raises(OutOfRange, match=r"floor\(\(2 \+ 2·0 − 1·\(3 − 1\) − 1\)/1\) \+ 1 = 0") as refusal:
        after_one(table, do("convolution-kernel", **way))
    assert refusal.value.field == next(iter(way))


# Images


def test_the_image_is_the_drawing_until_it_is_changed() -> None:
    table = after(do("load", name="four"))
    assert table.convolution.seen(table.digit).array.tolist() == SAMPLES["four"].rows
    table = after(do("convolution-image", row=0, column=0, value=1), do("load", name="four"))
    assert table.convolution.seen(table.digit).array[0].tolist() == [1, 1, 1, 1, 0]  # the zero, with a pixel more
    table = after_one(table, do("convolution-image", sample="digit"))
    assert table.convolution.image is None


@settings(deadline=None, max_examples=50)
@given(rows=some.integers(1, 12), columns=some.integers(1, 12), bits=some.integers(1, 8))
def test_an_image_of_another_size_is_cut_or_filled_at_the_lower_right(rows: int, columns: int, bits: int) -> None:
    image = after(
        do("convolution-image", sample="lab"), do("convolution-image", rows=rows, columns=columns, bits=bits)
    ).convolution.image
    assert image is not None
    expected = np.zeros((rows, columns))
    kept = np.minimum(IMAGES["lab"].array, 2**bits - 1)[:rows, :columns]
    expected[: kept.shape[0], : kept.shape[1]] = kept
    assert image.array.tolist() == expected.tolist()
    assert (image.bits, image.ink) == (bits, min(3, 2**bits - 1))


def test_typed_pixels_bring_the_bits_that_they_need() -> None:
    image = after(do("convolution-image", pixels=[[0, 1, 255]])).convolution.image
    assert image is not None
    assert (image.bits, image.rows, image.columns) == (8, 1, 3)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"pixels": [[1, 0], [1]]}, "pixels"),
        ({"value": 1}, "row"),
        ({"value": 1, "row": 5, "column": 0}, "row"),
        ({"value": 1, "row": 0, "column": 5}, "column"),
        ({"value": 2, "row": 0, "column": 0}, "value"),
        ({"ink": 2}, "ink"),
        ({"row": 0, "column": 0}, "value"),
        ({"column": 0, "sample": "lab"}, "value"),
    ],
)
def test_an_image_that_makes_no_sense_names_the_field(fields: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        after(do("convolution-image", **fields))
    assert refusal.value.field == field


@pytest.mark.parametrize("fields", [{"pixels": [[1]]}, {"rows": 1}, {"columns": 2}, {"sample": "digit"}])
def test_an_image_too_small_for_the_window_names_the_field(fields: dict[str, object]) -> None:
    table = after(do("convolution-image", sample="two"), do("convolution-settings", kernel_size=5, padding=0))
    table = after_one(table, do("convolution-settings", dilation=2))
    with pytest.raises(OutOfRange, match="does not fit") as refusal:
        after_one(table, do("convolution-image", **fields))
    assert refusal.value.field == next(iter(fields))


# Pooling and activation


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"values": [[1, 2], [3]]}, "values"),
        ({"values": [[1]]}, "values"),  # too small for the window
        ({"row": 4, "column": 0, "value": 1}, "row"),
        ({"row": 0, "column": 4, "value": 1}, "column"),
        ({"value": 1}, "row"),
        ({"row": 0, "column": 0}, "value"),
    ],
)
def test_a_map_that_makes_no_sense_names_the_field(fields: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        after(do("pooling-map", **fields))
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"stride": 1, "padding": 2}, "stride", "at most half its kernel"),
        ({"kernel_size": 5, "dilation": 2}, "kernel_size", r"floor\(\(5 \+ 2·0 − 2·\(5 − 1\) − 1\)/2\) \+ 1 = −1"),
        ({"kind": "average", "dilation": 2}, "dilation", "Average pooling has no dilation"),
    ],
)
def test_settings_that_no_pool_has_name_a_field_that_was_sent(
    fields: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(OutOfRange, match=sentence) as refusal:
        after(do("pooling-settings", **fields))
    assert refusal.value.field == field


def test_the_average_drops_the_dilation_that_it_cannot_have() -> None:
    pooling = after(do("pooling-settings", dilation=2), do("pooling-settings", kind="average")).pooling
    assert pooling.window.dilation == (1, 1)


def test_a_vector_is_the_labs_typed_or_drawn() -> None:
    vector = after(do("activation-vector", seed=3)).activation
    assert (vector.source, list(vector.vector)) == ("drawn", np.random.RandomState(3).randn(8).tolist())
    vector = after(do("activation-vector", index=7, value=-9)).activation
    assert (vector.source, vector.vector) == ("typed", (*LAB[:7], -9.0))
    vector = after(do("activation-vector", index=7, value=-9), do("activation-vector", source="lab")).activation
    assert vector.vector == LAB
    with pytest.raises(OutOfRange) as refusal:
        after(do("activation-vector", value=1))
    assert refusal.value.field == "index"
    with pytest.raises(Invalid, match="one way at a time"):
        after(do("activation-vector", value=1, index=0, seed=1))


# Names on the undo button


@pytest.mark.parametrize(
    ("action", "name"),
    [
        (do("convolution-settings", stride=2, bias=True), "stride, bias, convolution"),
        (do("convolution-settings", kernel_size=2), "kernel size, convolution"),
        (do("convolution-kernel", preset="blur"), "blur, convolution"),
        (do("convolution-kernel", seed=0), "random kernels, convolution"),
        (do("convolution-image", row=0, column=0, value=1), "pixel [0, 0], convolution"),
        (do("pooling-settings", ceil_mode=True), "ceil mode, pooling"),
        (do("pooling-map", source="typed"), "numbers, pooling"),
        (do("activation-settings", function="tanh"), "tanh, activation"),
        (do("activation-vector", seed=1), "vector, activation"),
    ],
)
def test_undo_names_what_it_takes_back(session: Session, action: Action, name: str) -> None:
    assert session.described(session.act(action)).words == name


def test_a_stale_view_is_no_reason_to_fail() -> None:
    state = Playground(after(do("convolution-settings", stride=5)), View(convolution=Stepper(24, RESULT)))
    assert do("convolution-back").look(state) == START
