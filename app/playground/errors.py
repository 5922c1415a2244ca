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


class Crowded(Refusal):
    """As many sessions are kept as may be: none is begun, those that are there go on."""

    code = "crowded"


class Ended(Refusal):
    """A session that was idle for so long that it was removed; under its name a new one begins."""

    code = "ended"

    def __init__(self) -> None:
        super().__init__(
            "This session has ended: nothing was done in it for long. Load the page again: a new one begins."
        )


class Hurried(Refusal):
    """One session asks more often than it may."""

    code = "hurried"


class NotSaved(Refusal):
    """The store reads, but cannot write: a full disk, a folder that may not be written to."""

    code = "not_saved"

    def __init__(self, why: str) -> None:
        super().__init__(f"This is not being saved ({why}), so it was not done. What you see stays; try again later.")


class Away(Refusal):
    """The store cannot be reached."""

    code = "away"

    def __init__(self) -> None:
        super().__init__("The place where the sessions are kept cannot be reached just now; nothing of yours is lost.")


class Unusable(Exception):  # noqa: N818 - it is a sentence for who starts the server
    """A store that cannot be opened: a folder that cannot be written to, or one of a newer version."""
