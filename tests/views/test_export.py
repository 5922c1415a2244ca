"""What is exported runs by itself, and comes to the numbers on the page."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from nbclient import NotebookClient

from app.playground.actions import Action
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.views import export
from app.views.export.network import lessons_of
from tests.playground.deeds import do
from tests.playground.editor import Editor
from tests.playground.test_session import actions, concrete
from tests.views.python import CLEAN, Python

ALL = "All numbers are those of the page.\n"


@pytest.fixture(scope="module")
def python() -> Iterator[Python]:
    with Python() as python:
        yield python


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    store = SQLiteStore(tmp_path)
    yield Session(store, "somebody")
    store.close()


def script(session: Session, revision: int | None = None) -> str:
    return export.script(export.cells(export.record(session, session.head if revision is None else revision)))


def after(session: Session, *done: Action) -> str:
    for action in done:
        session.act(action)
    return script(session)


def predicting(lab: str, index: int) -> list[Action]:
    return [do(f"{lab}-go", index=index), do(f"{lab}-predict", on=True)]


def imported(text: str) -> set[str | None]:
    nodes = list(ast.walk(ast.parse(text)))
    names = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    return names | {node.module for node in nodes if isinstance(node, ast.ImportFrom)}


RATE = "learning-rate"
SESSIONS: dict[str, list[Action]] = {
    "nothing done": [],
    "steps on several drawings": [
        do("step", steps=10), do("load", name="four"), do("step", steps=3), do(RATE, rate=0.5), do("step"),
        do("paint", row=0, column=1, on=True), do("label", label=9), do("step", steps=20), do("load", name="zero"),
    ],
    "a blank drawing": [do("clear"), do("step", steps=5)],
    "another seed": [do("step", steps=4), do("initialise", seed=2**32 - 1), do("step", steps=2)],
    "inf and nan": [do(RATE, rate=1e20), do("step"), do("label", label=5), do("step", steps=5)],
    "the highest rate": [do(RATE, rate=1e38), do("label", label=3), do("step", steps=2)],
    "weights that are huge": [do(RATE, rate=1e4), do("step", steps=3), do("label", label=7), do("step", steps=2)],
    "rounding that grows": [
        do(RATE, rate=10.0), *(do(name, **fields) for digit in (3, 8, 5, 2) for name, fields in (
            ("load", {"name": f"glyph-{digit}"}), ("step", {"steps": 100}),
        ))
    ],
    "many steps": [do("step", steps=1000), do("load", name="glyph-5"), do("step", steps=200)],
    "convolution": [do("convolution-settings", padding=0, stride=2), do("convolution-step")],
    "convolution, everything set": [
        do("convolution-image", sample="lab"),
        do("convolution-settings", linked=False),
        do("convolution-settings", kernel_size=[2, 3], stride=[1, 2], padding=[2, 0], dilation=[2, 1], filters=3),
        do("convolution-settings", bias=True, flipped=True),
        do("convolution-kernel", seed=4),
    ],
    "sums of many digits": [
        do("convolution-image", bits=8, ink=255, pixels=[[255, 255, 254], [253, 255, 1], [255, 0, 255]]),
        do("convolution-kernel", weight=[[[123456.7, -654321.1], [999999.9, -469135.7]]]),
        do("pooling-settings", kernel_size=2, stride=1, kind="average", rectified=False),
    ],
    "the network's kernels, pooled": [
        do("step", steps=3), do("convolution-kernel", network=True), do("pooling-settings", ceil_mode=True, stride=3),
    ],
    "pooling typed numbers": [
        do("pooling-map", values=[[1.5, -0.0, 1.5], [0.1, 0.2, 0.3]]),
        do("pooling-settings", padding=1, kind="average", rectified=False),
    ],
    "pooling, dilated": [do("pooling-settings", kernel_size=3, dilation=2, padding=1, stride=1), do("pooling-step")],
    "pooling what does not fit": [do("pooling-step"), do("convolution-settings", kernel_size=5, padding=0)],
    **{f"activation, {name}": [do("activation-vector", seed=3), do("activation-settings", function=name)]
       for name in ("identity", "step", "leaky_relu", "sigmoid", "tanh")},
    "activation of zeros": [do("activation-vector", values=[0, -0.0, 1e6, -1e6, 0.1, 0, 0, 3])],
    "neuron": [
        do("neuron-step", steps=5), do("neuron-step", steps=2, point=1), do("neuron-settings", teach="one", turn=1),
        do("neuron-step", steps=2), do("neuron-settings", teach="all", rate=0.3), do("neuron-point", x=2.0, y=-1.0),
        do("neuron-step", steps=30), do("neuron-settings", teach="turns"), do("neuron-step", steps=4),
    ],
    "neuron, the kink": [do("neuron-settings", loss="absolute"), do("neuron-step", steps=200)],
    "neuron, by hand": [do("neuron-initialise", w=-0.5), do("neuron-step"), do("neuron-point", index=0, y=3.0)],
    "neuron, solved": [do("neuron-step"), do("neuron-solve"), do("neuron-step")],
    "neuron, inf and nan": [do("neuron-settings", rate=1e30), do("neuron-step", steps=30)],
    "classifier": [
        do("classifier-step", steps=3), do("classifier-step", steps=2), do("label", label=7),
        do("classifier-settings", rate=0.7), do("classifier-step"), do("classifier-settings", twice=True),
        do("load", name="four"), do("classifier-step", steps=50),
    ],
    "classifier, autograd": [
        do("classifier-initialise", start="linear", seed=7), do("classifier-autograd", call="backward"),
        do("classifier-autograd", call="backward"), do("classifier-autograd", call="step"),
        do("clear"), do("classifier-autograd", weight=False), do("classifier-step", steps=2),
        do("classifier-autograd", call="zero_grad"), do("classifier-autograd", call="step"),
        do("classifier-number", output=3, input=7, value=-2.5), do("classifier-number", output=8, value=1000.0),
    ],
    "classifier, typed": [
        do("classifier-initialise", start="normal", seed=3), do("classifier-weights", bias=[1e6, -0.1, *[0.5] * 8]),
        do("classifier-step", steps=2),
    ],
    "classifier, too fast": [do("classifier-settings", rate=1e30), do("classifier-step", steps=3), do("label", label=1),
                             do("classifier-step", steps=2)],
    "training": [
        do("training-network", rung="eight"), do("training-step", steps=60), do("training-settings", momentum=0.9),
        do("training-step", steps=50), do("training-settings", batch=100, shuffle=3, weight_decay=0.01),
        do("training-step", steps=30), do("training-settings", zero_grad=False), do("training-step", steps=3),
    ],
    "training, augmented and mislabelled": [
        do("training-data", set="glyphs", wrong=0.3), do("training-settings", shift=True, flip=0.05, batch=7),
        do("training-step", steps=40),
    ],
    "training on own drawings": [
        do("training-data", set="own"), do("training-add"), do("load", name="four"), do("training-add"),
        do("training-step", steps=3), do("training-add"), do("training-settings", rate=1.0),
        do("training-step", steps=5),
    ],
    "training, another network": [
        do("training-network", filters=2, activation="tanh", hidden=8), do("training-step", steps=4),
        do("training-settings", momentum=0.5), do("training-step", steps=2), do("training-settings", batch=0),
    ],
    "training, a lesson": [do("training-lesson", lesson="rate"), do("training-step", steps=6)],
    "training, a high rate on the whole set": [
        do("training-lesson", lesson="rate"), do("training-settings", batch=0), do("training-step", steps=4),
        do("training-step", steps=3),
    ],
    "training, dead maps": [do("training-lesson", lesson="dead"), do("training-step", steps=6)],
    "training, nan": [do("training-settings", rate=1e30), do("training-step", steps=6)],
    "predictions": [
        do("convolution-settings", padding=0), do("pooling-settings", stride=1),
        *predicting("convolution", 4), *predicting("pooling", 1), *predicting("activation", 3),
    ],
}  # fmt: skip


@pytest.mark.parametrize("done", SESSIONS.values(), ids=SESSIONS)
def test_a_script_comes_to_the_numbers_on_the_page(python: Python, session: Session, done: Sequence[Action]) -> None:
    text = after(session, *done)
    assert ALL in python.runs(text)
    assert script(session) == text
    assert max(map(len, text.splitlines())) <= 110
    assert imported(text) <= {"math", "numpy", "torch", "torch.nn", "torch.nn.functional", "torch.optim"}
    assert "somebody" not in text


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(done=some.lists(actions | some.builds(lambda n: do("step", steps=n), some.integers(50, 300)), max_size=40))
def test_so_does_the_script_of_any_session(
    python: Python, tmp_path_factory: pytest.TempPathFactory, done: list[Action]
) -> None:
    store = SQLiteStore(tmp_path_factory.mktemp("store"))
    session, editor = Session(store, "s"), Editor()
    for action in done:
        wanted = concrete(action, editor)
        if editor.act(wanted):
            session.act(wanted)
    for revision in {session.head, session.head // 2}:
        python.runs(script(session, revision))
    store.close()


def test_a_script_with_another_number_fails(python: Python, session: Session) -> None:
    text = after(
        session,
        do("step", steps=3),
        do("convolution-settings", stride=2),
        do("pooling-settings", kind="average"),
        do("activation-step"),
    )
    wrong = [("seed(15)", "seed(16)"), ("steps=3", "steps=4"), ("rate=0.1", "rate=0.2"), ("label=0", "label=1")]
    wrong += [("stride=2, padding=1", "stride=1, padding=1"), ("avg_pool", "max_pool"), ("F.relu(x)", "torch.tanh(x)")]
    loss = re.findall(r'"loss": (.*),', text)[0]
    for old, new in [*wrong, (loss, str(float(loss) + 1e-4))]:
        assert old in text
        assert "Error" in python.tries(text.replace(old, new, 1))[1], (old, new)


def test_steps_in_a_row_are_one_loop_and_what_was_undone_is_not_there(session: Session) -> None:
    text = after(
        session,
        *[do("step")] * 3,
        do("load", name="four"),
        do("step", steps=7),
        do("undo"),
        do("undo"),
        do("step", steps=2),
        do("label", label=4),
        do("step", steps=100),
        do("rewind", revision=10, step=8),
    )
    assert re.findall(r"^train\(.*", text, re.MULTILINE) == [
        "train(digit, label=0, rate=0.1, steps=5)",
        "train(digit, label=4, rate=0.1, steps=3)",
    ]
    history = export.record(session, session.head).histories["network"]
    assert [lesson.steps for lesson in lessons_of(history)] == [5, 3]
    assert "steps=7" not in text


def test_labs_that_have_nothing_to_tell_are_left_out(session: Session) -> None:
    text = script(session)
    assert not re.search(r"conv2d\(|pool2d\(|np\.|math", text)
    text = after(session, do("activation-vector", seed=3))
    assert "np.random.seed(3)" in text
    assert "F.conv2d(" not in text
    assert "F.conv2d(" in after(session, do("pooling-settings", kind="average"))  # which pools its maps


def test_what_a_prediction_hides_is_not_told(session: Session) -> None:
    values = [[0.123, 0.456], [0.789, 0.321]]
    done = [
        do("convolution-kernel", weight=[[[1.25, 0.0], [0.0, 0.5]]]),
        do("convolution-image", bits=8, ink=9, pixels=[[37, 41, 53], [61, 67, 71], [73, 79, 83]]),
        do("convolution-settings", padding=0),
        do("pooling-settings", kernel_size=1, stride=1),
        do("activation-vector", values=[v for row in values for v in row] * 2),
        do("activation-settings", function="sigmoid"),
    ]
    told = after(session, *done)
    outputs = [37 * 1.25 + 67 / 2, 41 * 1.25 + 71 / 2, 61 * 1.25 + 79 / 2, 67 * 1.25 + 83 / 2]
    assert all(told.count(str(value)) == 2 for value in outputs)
    text = after(session, *predicting("convolution", 2), *predicting("activation", 1))
    assert [text.count(str(value)) for value in outputs] == [2, 2, 2, 0]
    assert "print(maps)" not in text
    assert "print(y" not in text
    assert text.count("0.5307") == 1
    assert text.count("0.612064") == 1  # which is typed, too


def test_a_script_runs_as_a_file_in_an_empty_folder(tmp_path: Path, session: Session) -> None:
    (tmp_path / "empty").mkdir()
    path = tmp_path / "empty" / "five-by-five.py"
    path.write_text(after(session, do("step", steps=3)), encoding="utf-8")
    done = subprocess.run([*CLEAN, path.name], cwd=path.parent, env={}, capture_output=True, text=True, check=True)
    assert done.stdout.endswith(ALL)


def test_the_notebook_is_the_script_cell_by_cell_and_runs(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    after(session, *(action for name in ("steps on several drawings", "convolution") for action in SESSIONS[name]))
    cells = export.cells(export.record(session, session.head))
    text = export.notebook(cells)
    assert text == export.notebook(export.cells(export.record(session, session.head)))
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [(cell.kind, cell.source) for cell in cells]
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=str(tmp_path))
    printed = "".join(out.text for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs)
    assert ALL in printed
