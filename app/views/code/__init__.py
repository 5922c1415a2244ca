"""The code beside the picture: the present step in three voices; one module a lab."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import ClassVar

from app.playground.state import CodeVoice
from app.views.code.writing import NONE, Code
from app.views.moment import Moment
from app.views.panels import Choice, Panel

VOICES = (
    Choice("python", "Loops", "Plain Python loops"),
    Choice("numpy", "NumPy"),
    Choice("torch", "PyTorch"),
)


@dataclass(frozen=True, slots=True)
class CodeLine(Panel):
    """A line of the code; ``lit``: it is what the page is at."""

    name: ClassVar[str] = "code-line"
    inside: ClassVar[str] = "code"
    number: int
    text: str
    lit: bool

    @property
    def key(self) -> str:
        """The name and the number."""
        return f"{self.name}-{self.number}"


@dataclass(frozen=True, slots=True)
class CodePanel(Panel):
    """The code in one of the voices; ``voice`` is "" where it is not shown.

    Its lines are panels in it: a step sends those that differ. There are none where a prediction hides what they tell.
    """

    name: ClassVar[str] = "code"
    lab: str
    voice: CodeVoice
    count: int
    lines: tuple[CodeLine, ...] = field(compare=False)
    voices: tuple[Choice, ...] = VOICES

    @property
    def holds(self) -> tuple[Panel, ...]:
        """The panels in it."""
        return self.lines


@dataclass(frozen=True, slots=True)
class CodeButton(Panel):
    """Shows the code, in the voice ``opens``, or puts it away."""

    name: ClassVar[str] = "code-button"
    lab: str
    shown: bool
    opens: CodeVoice = "python"


def code(moment: Moment, lab: str, voice: CodeVoice) -> Code:
    """Return the present step of a lab as code."""
    # Imported when somebody looks at it: a page without it does not wait for it.
    made: Code = import_module(f"app.views.code.{lab}").code(moment, voice)
    return made


def beside(moment: Moment, lab: str) -> tuple[Panel, ...]:
    """Return the panels of the code."""
    voice = moment.state.view.code
    made = code(moment, lab, voice) if voice else NONE
    lines = tuple(CodeLine(number, text, number in made.lit) for number, text in enumerate(made.lines))
    return CodePanel(lab, voice, len(lines), lines), CodeButton(lab, bool(voice))
