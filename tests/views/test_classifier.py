"""What the Classifier page shows and says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.nn.digits import SAMPLES
from app.playground.actions import Action
from app.playground.session import Session
from app.playground.sqlite import SQLiteStore
from app.views.classifier import panels
from app.views.classifier.aspects import Autograd, Logit, Weights
from app.views.classifier.derivation import Derivation
from app.views.classifier.softmax import Entropy, Worksheet
from app.views.moment import moment
from app.views.panels import Panel, Say, words
from app.web.cards import cards
from tests.playground.deeds import do
from tests.web.markup import agrees


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(SQLiteStore(tmp_path), "visitor")


def shown(session: Session, *actions: Action) -> dict[str, Panel]:
    for action in actions:
        session.act(action)
    return {panel.key: panel for panel in panels(moment(session, session.head))}


def says(session: Session, *actions: Action) -> str:
    found = shown(session, *actions)["sentence"]
    assert isinstance(found, Say)
    return words(found.sentence)


NORMAL = do("classifier-initialise", start="normal", seed=1)
STEP = do("classifier-step")


def test_the_opening_sentence_is_the_labs_first_figure(session: Session) -> None:
    assert says(session).startswith("All 260 numbers are 0, so every class gets 0.100 and the loss is ln 10.")


def test_the_picture_of_the_design(session: Session) -> None:
    """Normal, seed 1, two steps: the sentence, the line of the loss, and the worksheet of the mock-up."""
    found = shown(session, NORMAL, STEP, STEP)
    assert says(session) == (
        "Step 2: the loss fell from 4.509 to 2.969. It says 3: exp 0 = 1, and 1 of 3.744 is 0.267."
    )
    line = found["entropy"]
    assert isinstance(line, Entropy)
    assert (line.words, words(line.line)) == ("logsumexp − logit 0 =", "(3.750 + ln 3.744) − 2.102 = 2.969")
    sheet = found["worksheet"]
    assert isinstance(sheet, Worksheet)
    assert [column.head for column in sheet.columns] == ["Logits", "Shift", "Exp", "Softmax", "One-hot", "Gradient"]
    assert [column.total for column in sheet.columns] == ["", "", "3.744", "1", "1", "0"]
    assert (sheet.said, sheet.label) == (3, 0)


def test_sentences_find_room_on_two_lines(session: Session) -> None:
    """Some 100 letters; each of these was the last thing done."""
    spoken = [
        says(session, *actions)
        for actions in (
            (), (STEP,), (STEP,), (NORMAL,), (do("classifier-step", steps=10),),
            (do("label", label=3),), (do("classifier-number", output=0, input=0, value=2.5),),
            (do("classifier-number", output=0, input=1, value=-2.5),), (do("classifier-settings", twice=True),),
            (STEP,), (do("classifier-show", voices="gradients"),), (do("classifier-show", voices="values"),),
            (do("classifier-settings", twice=False),), (do("classifier-settings", rate=1e38),), (STEP,), (NORMAL,),
            (do("classifier-show", shift=False),), (do("classifier-number", output=8, value=1000.0),),
            (do("classifier-show", shift=True),), (do("load", name="four"),), (do("clear"),), (STEP,), (do("undo"),),
            (do("classifier-autograd", call="backward"),), (do("classifier-autograd", call="backward"),),
            (do("classifier-autograd", call="step"),), (do("classifier-autograd", call="zero_grad"),),
            (do("classifier-autograd", weight=False),), (STEP,), (do("classifier-autograd", weight=True),),
            (do("classifier-weights", bias=[0.5] * 10),), (do("classifier-initialise", start="linear"),),
            (do("classifier-initialise", start="zeros"),), (do("start-over"),),
        )
    ]  # fmt: skip
    assert len(set(spoken)) > 28
    assert [sentence for sentence in spoken if len(sentence) > 100 or not sentence.endswith(".")] == []


def test_a_dark_weight_that_is_typed_changes_nothing_and_that_is_said(session: Session) -> None:
    sentence = says(session, do("classifier-number", output=0, input=0, value=2.5))
    assert "its pixel is dark" in sentence


def test_without_the_shift_the_overflow_is_shown(session: Session) -> None:
    found = shown(session, do("classifier-number", output=8, value=1000.0), do("classifier-show", shift=False))
    sheet, line = found["worksheet"], found["entropy"]
    assert isinstance(sheet, Worksheet)
    assert isinstance(line, Entropy)
    assert sheet.columns[2].values[8] == np.inf
    assert np.isnan(sheet.columns[3].values[8])
    assert np.isnan(sheet.columns[5].values[8])
    assert words(line.line) == "ln ∞ − 0 = ∞"
    assert "∞/∞ is nan" in says(session)


def test_an_underflowed_probability_says_what_its_logarithm_would_have_been(session: Session) -> None:
    huge = do("classifier-number", output=8, value=1000.0)
    for action in (huge, do("label", label=4), do("load", name="zero")):
        assert "−ln 0 would be ∞" in says(session, action) or action.name == "label"


def test_cards_draw_lit_cells_whole_and_dark_ones_small(session: Session) -> None:
    found = shown(session, NORMAL)["aspect"]
    assert isinstance(found, Weights)
    drawing = str(cards(found)[3])
    assert drawing.count("h0.94") == 12
    assert drawing.count("h0.42") == 13


def test_gradients_on_the_cards_are_one_number_where_lit_and_0_where_dark(session: Session) -> None:
    found = shown(session, NORMAL, do("classifier-show", voices="gradients"))["aspect"]
    assert isinstance(found, Weights)
    cards = np.frombuffer(found.cards).reshape(10, 25)
    lit = np.frombuffer(SAMPLES["zero"].pixels, np.uint8) == 1
    assert (cards[:, ~lit] == 0).all()
    assert (cards[:, lit] == cards[:, lit][:, :1]).all()


def test_one_logit_adds_up(session: Session) -> None:
    found = shown(session, NORMAL, do("classifier-show", aspect="logit", open=4))["aspect"]
    assert isinstance(found, Logit)
    products = np.frombuffer(found.products)
    assert agrees(found.total, products.sum())
    assert agrees(found.logit, products.sum() + found.bias)
    assert [agrees(text, row.sum()) for text, row in zip(found.sums, products.reshape(5, 5), strict=True)] == [True] * 5


@pytest.mark.parametrize("chosen", [0, 3])
def test_the_derivation_unfolds_line_by_line_to_s_minus_y(session: Session, chosen: int) -> None:
    """Of the label itself, and of another class."""
    session.act(NORMAL)
    for line in range(9):
        found = shown(session, do("classifier-show", aspect="derivation", open=chosen, line=line))["aspect"]
        assert isinstance(found, Derivation)
        assert len(found.lines) == line + 1
    rule = found.lines[7]
    share, hot, gradient = (number.text for number in rule.numbers.numbers)
    assert rule.rule.latex.endswith(f"S_{chosen} - y_{chosen}")
    assert hot == ("1" if chosen == 0 else "0")
    assert agrees(gradient, float(share) - float(hot)) or abs(float(share) - float(hot)) > 0.9


def test_grad_is_none_before_the_first_backward(session: Session) -> None:
    look = do("classifier-show", aspect="autograd")
    for action, held in ((look, None), (do("classifier-autograd", call="backward"), -0.9)):
        found = shown(session, action)["aspect"]
        assert isinstance(found, Autograd)
        grad = found.tensors[1].grad
        assert (None if grad is None else np.frombuffer(grad)[0]) == (held and pytest.approx(held))


def test_a_look_at_another_class_sends_cards_and_worksheet_alone(session: Session) -> None:
    before = shown(session, NORMAL)
    after = shown(session, do("classifier-show", open=7))
    assert {key for key in after if after[key] != before[key]} == {"aspect", "worksheet"}
