"""The Neuron lab: what its page shows."""

from app.views.neuron.page import panels

__all__ = ["panels"]
