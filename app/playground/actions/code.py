"""Showing the present step as code."""

from __future__ import annotations

from typing import ClassVar

from app.playground.actions.base import Look
from app.playground.state import CodeVoice, Playground


class Code(Look):
    """Show the code beside the picture, or put it away."""

    name: ClassVar[str] = "code"
    summary: ClassVar[str] = (
        "Show the present step of every lab as code, in one of three voices; put it away with none."
    )
    part: ClassVar[str] = "code"
    voice: CodeVoice = ""

    def look(self, state: Playground) -> CodeVoice:
        """Return the voice after it."""
        return self.voice
