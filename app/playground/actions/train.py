"""Steps of gradient descent: what is the same in every lab that trains."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from app.playground.actions.base import Change
from app.playground.state import Table

Steps = Annotated[int, Field(ge=1, le=1000)]


class Train(Change):
    """Take steps of gradient descent.

    The lab's part of the table counts them in ``step``, and says in ``finite`` whether a further one leads anywhere.
    ``record`` is what each step leaves in the log: the loss before it, first of all.
    """

    record: ClassVar[np.dtype[Any]]
    steps: Steps = 1

    def cost(self, table: Table) -> int:
        """Return how much work it is to apply to a table."""
        return self.steps

    def describe(self, step: int) -> str:
        """Return its name on the undo button."""
        return f"step {step}, {self.lab}" if self.steps == 1 else f"{self.steps} steps, {self.lab}"
