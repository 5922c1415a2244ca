"""What derivations are made from: the tensors of a lab by name, and how their numbers are addressed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from app.nn.derivation import Derivation, Term
from app.views.grids import addresses

Index = tuple[int, ...]


@dataclass(frozen=True)
class Values:
    """The tensors of a lab; ``prefix`` stands before their names in an address ("" for the network)."""

    tensors: Mapping[str, Any]
    prefix: str = ""

    def term(self, name: str, *index: int) -> Term:
        """Return one number."""
        return Term(float(self.tensors[name][index]), _address(self.prefix + name, index))

    def all(self, name: str) -> list[Term]:
        """Return every number of a tensor, row-major."""
        tensor = np.asarray(self.tensors[name])
        names = addresses(self.prefix + name, tensor.shape)
        return [Term(value, address) for value, address in zip(tensor.ravel().tolist(), names, strict=True)]


Explain = Callable[[Index], Derivation]
Explanations = Mapping[str, Explain]
"""By the name of a tensor: from an index to where that number comes from."""


class Told(NamedTuple):
    """A lab's tensors, where their numbers come from, and what beside their shapes says which reads which."""

    values: Values
    explanations: Explanations
    key: Hashable = ()


def _address(name: str, index: Index) -> str:
    return f"{name}[{','.join(map(str, index))}]" if index else name
