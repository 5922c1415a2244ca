"""The labs, in the lab text's order; one that is not built yet is not named."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from app.views.code import beside
from app.views.explaining import explanation
from app.views.moment import Moment
from app.views.panels import Panel


@dataclass(frozen=True, slots=True)
class Lab:
    """A page of the playground; the module of its panels is ``app.views.<path>``."""

    path: str
    title: str

    def panels(self, moment: Moment) -> tuple[Panel, ...]:
        """Return every panel of the page at a moment."""
        # Imported when somebody opens the page: the first page is not to wait for all labs.
        panels: tuple[Panel, ...] = import_module(f"app.views.{self.path}").panels(moment)
        return (*panels, explanation(moment, self.path), *beside(moment, self.path))


LABS = {
    lab.path: lab
    for lab in (
        Lab("neuron", "Neuron"),
        Lab("classifier", "Classifier"),
        Lab("convolution", "Convolution"),
        Lab("pooling", "Pooling"),
        Lab("activation", "Activation"),
        Lab("network", "Network"),
        Lab("training", "Training"),
    )
}
"""By path, as the row on top shows them."""


def row(current: str = "") -> tuple[tuple[str, str, bool], ...]:
    """Return the row of labs on top: address, title, and whether it is the one that is open."""
    return tuple((f"/{path}", lab.title, path == current) for path, lab in LABS.items())
