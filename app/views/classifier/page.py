"""The Classifier lab: the panels of its page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from app.nn.classifier import PARAMETERS, PIXELS, WEIGHTS
from app.nn.digits import CLASSES
from app.playground.classifier import SEEDED, Start, worked
from app.playground.convolution import linear
from app.views.answer import answer
from app.views.classifier.aspects import LAB, Strip, Tabs, autograd, logit, shapes, side, weights
from app.views.classifier.derivation import derivation
from app.views.classifier.sentences import sentence
from app.views.classifier.softmax import entropy, worksheet
from app.views.curve import Plot, curve
from app.views.drawing import Label, pad
from app.views.moment import Moment
from app.views.panels import Away, Choice, Panel, Say, Switch
from app.views.transport import Deeds, transport

PHOTOGRAPH = linear(256 * 256 * 3, CLASSES)
"""Parameters of the same layer for an image of 256×256 pixels in three colours."""


@dataclass(frozen=True, slots=True)
class MoreClassifier(Panel):
    """Samples, first weights, typed weights, traps, start over, and how many parameters there are."""

    name: ClassVar[str] = "classifier-more"
    start: Start
    seed: int
    twice: bool
    weights: int = WEIGHTS
    biases: int = CLASSES
    parameters: int = PARAMETERS
    photograph: int = PHOTOGRAPH

    @property
    def key(self) -> str:
        """It is what More is on other pages."""
        return "more"


SHOW = (
    Choice("values", "Values"),
    Choice("gradients", "Gradients"),
    Choice("both", "Both"),
    Choice("moved", "Moved", "old → new"),
)


def panels(moment: Moment) -> tuple[Panel, ...]:
    """Return every panel of the Classifier lab at a moment."""
    lab, digit, sight = moment.table.classifier, moment.table.digit, moment.state.view.classifier
    found = worked(lab, digit)
    run = found.run
    aspects = {"weights": weights, "shapes": shapes, "logit": logit, "autograd": autograd}
    seeded = f", seed {lab.seed}" if lab.start in SEEDED else ""
    bar = transport(
        moment,
        "classifier",
        Deeds(
            f"classifier-initialise?start={lab.start}&seed={lab.seed}",
            f"{NAMES[lab.start]}{seeded}",
            "classifier-settings",
        ),
    )
    drawing: tuple[Panel, ...] = (
        pad("classifier", digit, f"[5, 5] → flat [{PIXELS}]"),
        Label("classifier", digit.label),
    )
    if sight.aspect == "derivation":  # it needs the room
        drawing = (Away("pad"), Away("label"))
    return (
        *drawing,
        Strip(digit.pixels) if sight.aspect in FLAT else Away("strip"),
        Tabs(sight.aspect),
        side(found, sight) if sight.aspect == "autograd" else Away("side"),
        derivation(found, sight) if sight.aspect == "derivation" else aspects[sight.aspect](moment, found, sight),
        worksheet(found, sight),
        Switch("Show", "/classifier/classifier-show", "voices", SHOW, sight.voices),
        Say(sentence(moment, found), moment.action is None and not moment.arrived),
        entropy(found, sight) if sight.voices in ("values", "gradients") else Away("entropy"),
        replace(bar, fresh=lab.fresh),
        curve(moment.line("classifier"), run.loss.item(), Plot("classifier")),
        answer(
            run.logits,
            run.probabilities,
            run.loss.item(),
            digit.label,
            LAB,
            ("twice.probabilities", run.again.probabilities) if run.again else None,
        ),
        MoreClassifier(lab.start, lab.seed, lab.twice),
    )


FLAT = ("weights", "shapes", "logit")
"""What the flat drawing stands over."""

NAMES: dict[Start, str] = {
    "zeros": "zeros",
    "normal": "standard normal numbers",
    "linear": "nn.Linear’s default",
    "typed": "the typed weights",
}
