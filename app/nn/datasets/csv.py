"""Data sets as CSV: 25 pixels and a label a line, written with a line of names, read with or without one."""

from __future__ import annotations

import re

from app.nn.datasets.samples import PIXELS, Samples
from app.nn.digits import CLASSES, SIZE, Digit

LINES = 500  # samples that are read at most
BYTES = 64_000
HEADER = ",".join([*(f"r{row}c{column}" for row in range(SIZE) for column in range(SIZE)), "label"])

_LABELS = {str(label): label for label in range(CLASSES)}
_SHOWN = 20  # letters of a wrong value that are quoted


class Unreadable(ValueError):  # noqa: N818 - it reads as what is the matter
    """A text that is no data set; ``sentence`` tells a learner why and what is allowed, ``line`` where, from 1."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        super().__init__(sentence if line is None else f"Line {line}: {sentence}")
        self.sentence = str(self)
        self.line = line


def write(samples: Samples) -> str:
    """Return the set as CSV, with a first line of names: r0c0 … r4c4, label."""
    table = zip(samples.images.astype(int).tolist(), samples.labels.tolist(), strict=True)
    return "\n".join([HEADER, *(",".join(map(str, [*pixels, label])) for pixels, label in table), ""])


def read(text: str | bytes) -> tuple[Digit, ...]:
    """Return the drawings of a CSV text, at most 500; raise ``Unreadable`` at the first line that is none.

    Bytes are UTF-8, with or without a byte order mark. Lines end in LF, CRLF or CR; empty ones at the end do not
    count, nor does a first line that ends in the name ``label``. Blanks and double quotes around a value are ignored.
    """
    lines = [*enumerate(re.split("\r\n|\r|\n", _decoded(text).rstrip()), 1)]
    named = _fields(lines[0][1])[-1].lower() == "label"
    if len(lines) > LINES + named:
        raise Unreadable(f"A data set has at most {LINES} drawings; this is one too many.", lines[LINES + named][0])
    digits = tuple(_digit(line, at) for at, line in lines[named:])
    if not digits:
        raise Unreadable(
            f"There is no drawing in it: after the names comes a line of {PIXELS} pixels and a label each."
        )
    return digits


def _decoded(text: str | bytes) -> str:
    """Return the text without its byte order mark, once its size is bearable and it is not empty."""
    size = len(text if isinstance(text, bytes) else text.encode(errors="replace"))
    if size > BYTES:
        raise Unreadable(f"It is {size:,} bytes long; at most {BYTES:,} are read.")
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError as wrong:
            at = len(re.findall(b"\r\n|\r|\n", wrong.object[: wrong.start])) + 1
            raise Unreadable("This is no text in UTF-8. Save it as plain CSV.", at) from None
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise Unreadable(f"It is empty. Each line holds {PIXELS} pixels and a label.")
    return text


def _fields(line: str) -> list[str]:
    return [field.strip().strip('"').strip() for field in line.split(",")]


def _digit(line: str, at: int) -> Digit:
    fields = _fields(line)
    if not line.strip():
        raise Unreadable("It is empty, and more lines follow.", at)
    if len(fields) != PIXELS + 1:
        wanted = f"{PIXELS} pixels and a label, {PIXELS + 1} in all, with commas between them"
        raise Unreadable(f"{len(fields)} value{'s' * (len(fields) != 1)}; a line holds {wanted}.", at)
    *pixels, label = fields
    for place, pixel in enumerate(pixels, 1):
        if pixel not in ("0", "1"):
            raise Unreadable(f"Pixel {place} is {_quoted(pixel)}; a pixel is 0 (paper) or 1 (ink).", at)
    if label not in _LABELS:
        raise Unreadable(f"The label is {_quoted(label)}; a label is a whole number from 0 to {CLASSES - 1}.", at)
    return Digit(bytes(pixel == "1" for pixel in pixels), _LABELS[label])


def _quoted(value: str) -> str:
    shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
    return f"“{shown}”" if value else "missing"
