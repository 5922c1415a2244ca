"""The data sets of the Training lab: drawings and labels, how they are split, shuffled, spoilt, written and read."""

from app.nn.datasets.conflicts import Conflict, bitmaps, ceiling, conflicts
from app.nn.datasets.noise import augmented, mislabelled, shifted
from app.nn.datasets.samples import PIXELS, Samples
from app.nn.datasets.sets import SETS, Named, samples
from app.nn.datasets.shuffling import Split, order, split

__all__ = [
    "PIXELS",
    "SETS",
    "Conflict",
    "Named",
    "Samples",
    "Split",
    "augmented",
    "bitmaps",
    "ceiling",
    "conflicts",
    "mislabelled",
    "order",
    "samples",
    "shifted",
    "split",
]
