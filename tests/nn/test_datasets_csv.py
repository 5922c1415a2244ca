"""Data sets go out as CSV and come back the same; whatever else comes in is refused by its line."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.nn.datasets import Samples, samples
from app.nn.datasets.csv import HEADER, LINES, Unreadable, read, write
from app.nn.digits import SAMPLES, Digit

ZERO = "0,1,1,1,0,1,0,0,0,1,1,0,0,0,1,1,0,0,0,1,0,1,1,1,0,0"
FOUR = "1,0,1,0,0,1,0,1,0,0,1,1,1,1,1,0,0,1,0,0,0,0,1,0,0,4"
BOTH = (SAMPLES["zero"], SAMPLES["four"])
digits = some.builds(Digit, some.lists(some.integers(0, 1), min_size=25, max_size=25).map(bytes), some.integers(0, 9))


def refusal(text: str | bytes) -> tuple[int | None, str]:
    with pytest.raises(Unreadable) as raised:
        read(text)
    return raised.value.line, raised.value.sentence


@given(drawings=some.lists(digits, min_size=1, max_size=20), end=some.sampled_from(["\n", "\r\n", "\r"]))
def test_what_was_written_reads_back_the_same(drawings: list[Digit], end: str) -> None:
    text = write(Samples.drawn(drawings)).replace("\n", end)
    assert (
        read(text) == read(text.encode()) == read("\ufeff" + text) == read(text.encode("utf-8-sig")) == tuple(drawings)
    )


def test_a_set_is_written_with_names_and_a_line_each() -> None:
    assert write(Samples.drawn(BOTH)) == f"{HEADER}\n{ZERO}\n{FOUR}\n"
    assert HEADER.split(",")[::5] == ["r0c0", "r1c0", "r2c0", "r3c0", "r4c0", "label"]


@pytest.mark.parametrize(
    "text",
    [
        f"{ZERO}\n{FOUR}",
        f"{ZERO}\n{FOUR}\n\n \n",
        f"{HEADER.upper()}\n{ZERO}\n{FOUR}\n",
        f"a,b,label\n{ZERO}\n{FOUR}\n",
        f"{ZERO}\n{FOUR}\n".replace(",", " , "),
        "\n".join(",".join(f'"{value}"' for value in line.split(",")) for line in (HEADER, ZERO, FOUR)),
    ],
    ids=["no names", "empty lines at the end", "names in capitals", "other names", "blanks", "quotes"],
)
def test_names_blanks_quotes_and_a_last_empty_line_do_not_matter(text: str) -> None:
    assert read(text) == BOTH


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", None, "empty"),
        (" \r\n\n", None, "empty"),
        ("\ufeff", None, "empty"),
        (HEADER, None, "no drawing"),
        (f"{ZERO}\n\n{FOUR}", 2, "Line 2: It is empty"),
        (f"{ZERO}\n{FOUR},4", 2, "27 values; a line holds 25 pixels and a label"),
        (f"{HEADER}\n{ZERO}\n7", 3, "1 value; a line"),
        (ZERO.replace(",", ";"), 1, "commas between them"),
        (f"{ZERO}\n2{FOUR[1:]}", 2, "Pixel 1 is “2”; a pixel is 0 (paper) or 1 (ink)."),
        (f"{ZERO[:-3]}0.5,0", 1, "Pixel 25 is “0.5”"),
        (f",{FOUR[2:]}", 1, "Pixel 1 is missing"),
        (f"٠{ZERO[1:]}", 1, "Pixel 1 is “٠”"),
        (f"{ZERO[:-1]}10", 1, "The label is “10”; a label is a whole number from 0 to 9."),
        (f"{ZERO[:-1]}-1", 1, "The label is “-1”"),
        (f"{ZERO[:-1]}{'x' * 99}", 1, f"The label is “{'x' * 20}…”"),
        (f"{ZERO}\r\n{FOUR}\r\n\xff".encode("latin-1"), 3, "no text in UTF-8"),
        (f"{ZERO}\n{FOUR}".encode("utf-16"), 1, "no text in UTF-8"),
        ("\n".join([ZERO] * (LINES + 1)), LINES + 1, "at most 500 drawings"),
        ("\n".join([HEADER, *[ZERO] * (LINES + 1)]), LINES + 2, "at most 500 drawings"),
        (ZERO + " " * 64_000, None, "64,051 bytes long; at most 64,000"),
        ("é" * 40_000, None, "80,000 bytes long"),
    ],
)
def test_what_is_no_data_set_is_refused_by_its_line(text: str | bytes, line: int | None, said: str) -> None:
    where, sentence = refusal(text)
    assert where == line
    assert said in sentence


@given(text=some.text() | some.binary() | some.lists(some.sampled_from("01,9\r\n\"'x ")).map("".join))
def test_nothing_else_is_ever_raised(text: str | bytes) -> None:
    with suppress(Unreadable):
        assert all(isinstance(digit, Digit) for digit in read(text))


def test_500_drawings_are_read_and_the_glyphs_come_back_whole() -> None:
    assert read("\n".join([HEADER, *[FOUR] * LINES, ""])) == (SAMPLES["four"],) * LINES
    glyphs = samples("glyphs")
    assert Samples.drawn(read(write(glyphs))).images.tolist() == glyphs.images.tolist()
