"""The labs, in the lab text's order; one that is not built yet is not named."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from app.views import activation, convolution, network, pooling
from app.views.moment import Moment
from app.views.panels import Panel


class Lab(NamedTuple):
    """A page of the playground."""

    title: str
    panels: Callable[[Moment], tuple[Panel, ...]]


LABS: dict[str, Lab] = {
    "convolution": Lab("Convolution", convolution.panels),
    "pooling": Lab("Pooling", pooling.panels),
    "activation": Lab("Activation", activation.panels),
    "network": Lab("Network", network.panels),
}
"""By path, as the row on top shows them."""


def row(current: str = "") -> tuple[tuple[str, str, bool], ...]:
    """Return the row of labs on top: address, title, and whether it is the one that is open."""
    return tuple((f"/{path}", lab.title, path == current) for path, lab in LABS.items())
