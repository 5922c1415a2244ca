"""What ten logits say, and what that costs: the answer and the loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from app.nn.loss import prediction
from app.playground.writing import text
from app.views.panels import Panel


@dataclass(frozen=True, slots=True)
class Answer(Panel):
    """What the network says and what that costs: "3 19 %", "loss = −ln 0.105", "2.250".

    ``said`` is the class, "–" when there is none, with ``why`` ("tied", "nan") in its place of the percentage.
    ``share`` is its probability as a whole percentage; ``address`` that of the probability. ``prefix`` stands before
    the addresses of a lab.
    """

    name: ClassVar[str] = "answer"
    said: str
    why: str
    share: str
    address: str
    label: int
    chance: str  # the label's probability, three decimals
    chance_at: str
    loss: str
    prefix: str = ""


def answer(
    logits: NDArray[Any],
    probabilities: NDArray[Any],
    loss: float,
    label: int,
    prefix: str = "",
    judged: tuple[str, NDArray[Any]] | None = None,
) -> Answer:
    """Return the answer to a drawing that is meant to be ``label``.

    ``judged``: the probabilities that the loss was taken from, by their name, where they are others.
    """
    name, shares = judged or ("probabilities", probabilities)
    said = prediction(logits)
    finite = np.isfinite(logits).all()
    return Answer(
        said="–" if said is None else str(said),
        why="" if said is not None else ("tied" if finite else "nan"),
        share="" if said is None else f"{100 * probabilities[said].item():.0f}",
        address="" if said is None else f"{prefix}probabilities[{said}]",
        label=label,
        chance=chance(shares[label].item()),
        chance_at=f"{prefix}{name}[{label}]",
        loss=text(loss, 3),
        prefix=prefix,
    )


def chance(share: float) -> str:
    """Return a probability with three decimals; where they would all be 0, as a power of ten."""
    return text(share, 3) if not 0 < share < 0.0005 else f"{share:.0e}".replace("e-0", "e-").replace("-", "−")
