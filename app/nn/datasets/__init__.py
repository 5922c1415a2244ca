"""The data sets of the Training lab: drawings and labels, how they are split, shuffled and spoilt."""

from app.nn.datasets.samples import PIXELS, Samples
from app.nn.datasets.sets import SETS, Named, samples
from app.nn.datasets.shuffling import Split, order, split

__all__ = ["PIXELS", "SETS", "Named", "Samples", "Split", "order", "samples", "split"]
