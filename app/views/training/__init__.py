"""The Training lab: its panels, and its numbers by name."""

from app.views.training.page import panels

__all__ = ["panels"]
