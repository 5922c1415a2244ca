"""What a visitor can ask for that cannot be done: each is a sentence."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - it is no error of ours
    """An action or a question that makes no sense as it is. Nothing was changed.

    ``sentence`` is what the visitor reads; ``field`` names what was wrong and ``allowed`` says what would be right.
    """

    code = "refused"

    def __init__(self, sentence: str, field: str | None = None, allowed: object = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.allowed = allowed


class OutOfRange(Refusal):
    """A field has a value that nothing here has."""

    code = "out_of_range"


class Missing(Refusal):
    """There is no such revision to look at."""

    code = "missing"


class Invalid(Refusal):
    """A field is missing, unknown, of the wrong type or out of its bounds."""

    code = "invalid"


class NothingThere(Refusal):
    """There is nothing to undo or to redo."""

    code = "nothing_there"


class Full(Refusal):
    """A bound is met; the visitor's work stays."""

    code = "full"
