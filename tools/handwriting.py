"""Make the handwriting of the Training lab from scikit-learn's copy of UCI's optical digits.

    pip download --no-deps --only-binary :all: scikit-learn==1.9.1
    python -m tools.handwriting scikit_learn-1.9.1-….whl     or the digits.csv.gz in it

Writes app/nn/datasets/handwriting.txt, the same bytes each time; needs no scikit-learn, and no network once the wheel
is there.
"""

import gzip
import hashlib
import sys
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.nn.datasets.sets import CODE, HANDWRITING

MEMBER = "sklearn/datasets/data/digits.csv.gz"
SHA256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"
A_LINE = 20  # samples

WORDS = """\
# Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning Repository,
# https://doi.org/10.24432/C50P49, licensed under CC BY 4.0, https://creativecommons.org/licenses/by/4.0/
# The test half, as scikit-learn 1.9.1 ships it (BSD-3-Clause), in its order. Changed: each of 5x5 cells is the exact
# average of its 1.6x1.6 source pixels, divided by 16; ink where that is over 0.4. Made by tools/handwriting.py.
# Six letters a sample: five rows of five pixels in base 32 (left is 16), then the label.
"""


def source(path: Path) -> bytes:
    """Return digits.csv.gz, taken out of a wheel if need be, once its hash is the one we know."""
    content = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as wheel:
            content = wheel.read(MEMBER)
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        sys.exit(f"{path}: digits.csv.gz is {found}, expected {SHA256}")
    return content


def overlaps() -> NDArray[np.int64]:
    """Return how many fifths of each of 8 source pixels lie in each of 5 cells, shape (5, 8); each row sums to 8."""
    cells, pixels = np.arange(5)[:, None] * 8, np.arange(8) * 5
    shares: NDArray[np.int64] = np.clip(np.minimum(cells + 8, pixels + 5) - np.maximum(cells, pixels), 0, None)
    return shares


def binarised(images: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return where the 5×5 averages of 8×8 images of 0 … 16 are over 0.4 of full ink; shape (n, 5, 5).

    A cell is 64 square fifths of up to 16, so 1024 is full ink: compared as whole numbers, nothing is rounded.
    """
    share = overlaps()
    return share @ images @ share.T * 10 > 4 * 1024


def written(content: bytes) -> str:
    """Return the data file for the unpacked digits.csv.gz: 64 values and a label a line."""
    table = np.array([line.split(",") for line in gzip.decompress(content).decode().split()], np.int64)
    rows = binarised(table[:, :64].reshape(-1, 8, 8)) @ (1 << np.arange(4, -1, -1))
    samples = ["".join(CODE[row] for row in five) + str(label) for five, label in zip(rows, table[:, 64], strict=True)]
    lines = ["".join(samples[at : at + A_LINE]) for at in range(0, len(samples), A_LINE)]
    return WORDS + "\n".join(lines) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    HANDWRITING.write_text(written(source(Path(sys.argv[1]))), encoding="ascii", newline="\n")
