"""The labs that a stepper walks: where each of their numbers comes from."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from app.nn.activation import ACTIVATIONS
from app.nn.derivation import Derivation, Term, given, joined, largest, products, same, total
from app.nn.windows import DoesNotFit, Pair, Window, unfold
from app.playground.convolution import worked
from app.playground.pooling import pooled
from app.playground.state import Playground
from app.views import seen
from app.views.derivations.values import Explain, Index, Told, Values


def _values(lab: str, state: Playground) -> Values:
    return Values({name: tensor.values for name, tensor in seen.SEEN[lab](state).items()}, f"{lab}:")


class _Walk:
    """Which numbers of an image, or of maps, each window reads."""

    def __init__(self, values: Values, source: str, image: Pair, window: Window, columns: int) -> None:
        self.values, self.source, self.image, self.window, self.columns = values, source, image, window, columns
        self._read = unfold(*image, window)  # (taps, positions)

    def terms(self, row: int, column: int, pad: float, channel: Index = ()) -> list[Term]:
        """Return what the window of an output cell reads, ``pad`` where that is outside."""
        return [self._term(int(cell), pad, channel) for cell in self._read[:, row * self.columns + column]]

    def _term(self, cell: int, pad: float, channel: Index) -> Term:
        row, column = divmod(cell, self.image[1])
        return self.values.term(self.source, *channel, row, column) if row < self.image[0] else Term(pad)


def convolution(state: Playground) -> Told:
    """Explain the Convolution lab."""
    lab, values = state.table.convolution, _values("convolution", state)
    image, found = lab.seen(state.table.digit), worked(lab, state.table.digit)
    here = state.view.convolution.on(found.output.size)
    _, rows, columns = found.output.shape
    walk = _Walk(values, "image", (image.rows, image.columns), lab.window, columns)
    taps = list(np.ndindex(*lab.window.kernel_size))
    chosen, position = divmod(here.index, rows * columns)
    present = divmod(position, columns)

    def weights(k: int) -> list[Term]:
        laid = [values.term("weight", k, 0, *tap) for tap in taps]
        return laid[::-1] if lab.flipped else laid

    def pixel(at: Index) -> Derivation:
        name = f"Pixel in row {at[0]}, column {at[1]}"
        if lab.image is not None:
            return given(name, "a pixel of the image")
        address = f"input[{at[0]},{at[1]}]"
        return same(name, f"{address}, the drawing", Term(float(image.array[at]), address))

    def window(at: Index) -> Derivation:
        return _read(at, "a pixel", walk.terms(present[0], present[1], 0.0)[taps.index((at[0], at[1]))])

    def product(at: Index) -> Derivation:
        tap = taps.index((at[0], at[1]))
        pair = (values.term("window", *at), weights(chosen)[tap])
        return products(f"Product in row {at[0]}, column {at[1]}", f"window[{at[0]},{at[1]}] × weight", [pair])

    def output(at: Index) -> Derivation:
        k, row, column = at
        pairs = list(zip(walk.terms(row, column, 0.0), weights(k), strict=True))
        formula, bias = "Σ over the window: image × weight", None
        if lab.biased:
            formula, bias = f"{formula} + bias[{k}]", values.term("bias", k)
        return products(f"Output of filter {k}, row {row}, column {column}", formula, pairs, bias)

    explanations: dict[str, Explain] = {
        "image": pixel,
        "weight": lambda at: given(f"Weight of filter {at[0]}, row {at[2]}, column {at[3]}", "typed, drawn or chosen"),
        "bias": lambda at: given(f"Bias of filter {at[0]}", "typed or drawn"),
        "window": window,
        "products": product,
        "sum": lambda at: total("Sum of the products", "Σ products", values.all("products")),
        "output": output,
    }
    return Told(values, explanations, (lab.window, lab.biased, lab.flipped, here.index, lab.image is None))


def pooling(state: Playground) -> Told:
    """Explain the Pooling lab."""
    table, lab, values = state.table, state.table.pooling, _values("pooling", state)
    shape = np.shape(values.tensors["maps"])
    made = None if lab.typed else seen.convolution(state)["output"]
    key: tuple[Hashable, ...] = (lab.typed is None, made and made.shown.sum())

    def cell(at: Index) -> Derivation:
        name = f"Map {at[0]}, row {at[1]}, column {at[2]}"
        if lab.typed:
            term = Term(float(lab.typed[at[1]][at[2]]))
        else:
            assert made
            # What is still to come in the other lab has no address there.
            address = f"convolution:output[{','.join(map(str, at))}]" if made.shown[at] else ""
            term = Term(float(made.values[at]), address)
        if lab.rectified:
            return largest(name, "max(0, the number)", [Term(0.0), term])
        return same(name, "a number that was typed" if lab.typed else "what the convolution made", term)

    try:
        found = pooled(lab, table.convolution, table.digit)
    except DoesNotFit:
        return Told(values, {"maps": cell}, key)
    here = state.view.pooling.on(found.output.size)
    walk = _Walk(values, "maps", (shape[1], shape[2]), lab.window, found.output.shape[2])
    present = [int(place) for place in np.unravel_index(here.index, found.output.shape)]
    taps = list(np.ndindex(*lab.window.kernel_size))
    pad = 0.0 if lab.kind == "average" else -np.inf

    def read(at: Sequence[int]) -> list[Term]:
        k, row, column = at
        return walk.terms(row, column, pad, (k,))

    def window(at: Index) -> Derivation:
        return _read(at, "a number", read(present)[taps.index((at[0], at[1]))])

    def output(at: Index) -> Derivation:
        name = f"Pooled map {at[0]}, row {at[1]}, column {at[2]}"
        if lab.kind == "max":
            return largest(name, "max over the window", read(at))
        divisor = Term(float(found.divisors[at[1] * found.output.shape[2] + at[2]]))
        terms = read(at)
        parts = ("(", *joined([[term] for term in terms], " + "), ") ÷ ", divisor)
        return Derivation(name, "mean over the window", parts, lambda numbers: sum(numbers[:-1]) / numbers[-1])

    def winner(at: Index) -> Derivation:
        name = f"Winner of map {at[0]}, row {at[1]}, column {at[2]}"
        return _chosen(name, "the cell of the map that is largest", read(at))

    def tied(at: Index) -> Derivation:
        return _chosen(f"Tie of map {at[0]}, row {at[1]}, column {at[2]}", "1 if several are largest", read(at))

    explanations: dict[str, Explain] = {"maps": cell, "output": output, "window": window}
    if lab.kind == "average":
        explanations["sum"] = lambda at: total("Sum of the window", "Σ window", values.all("window"))
    else:
        explanations |= {"winners": winner, "tied": tied}
    return Told(values, explanations, (*key, lab.window, lab.kind, here.index))


def _read(at: Index, what: str, term: Term) -> Derivation:
    name = f"What the window reads in row {at[0]}, column {at[1]}"
    return same(name, what if term.address else "padding", term)


def _chosen(name: str, formula: str, terms: list[Term]) -> Derivation:
    """Return what a comparison says of numbers: a place or a truth value, which no sum makes."""
    return Derivation(name, formula, ("of ", *joined([[term] for term in terms], ", ")))


def activation(state: Playground) -> Told:
    """Explain the Activation lab."""
    lab, values = state.table.activation, _values("activation", state)
    function = ACTIVATIONS[lab.function]

    def vector(at: Index) -> Derivation:
        source = {"lab": "the lab's", "typed": "typed", "drawn": f"drawn with seed {lab.seed}"}[lab.source]
        return given(f"Number {at[0]} of the vector", source)

    def output(at: Index) -> Derivation:
        term = values.term("vector", *at)
        rule = lambda numbers: float(function.forward(np.array(numbers))[0])  # noqa: E731
        return Derivation(f"{lab.function} of number {at[0]}", function.formula, ("x = ", term), rule)

    def slope(at: Index) -> Derivation:
        term = values.term("vector", *at)
        rule = lambda numbers: float(function.derivative(np.array(numbers))[0])  # noqa: E731
        note = "" if values.term("slope", *at).value else "The slope is 0: no gradient comes back this way."
        return Derivation(f"Slope at number {at[0]}", function.slope, ("x = ", term), rule, note)

    return Told(values, {"vector": vector, "output": output, "slope": slope})


WALKED = {"convolution": convolution, "pooling": pooling, "activation": activation}
"""By the lab's name."""
