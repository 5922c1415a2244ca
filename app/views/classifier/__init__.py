"""The Classifier lab: its panels, its sentences and its numbers by name."""

from app.views.classifier.page import panels

__all__ = ["panels"]
