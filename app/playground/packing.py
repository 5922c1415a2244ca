"""Bytes in a snapshot, which is JSON: as text."""

from __future__ import annotations

import base64
import zlib
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer


def _packed(data: bytes) -> str:
    return base64.b85encode(zlib.compress(data)).decode()


def _unpacked(value: object) -> object:
    return zlib.decompress(base64.b85decode(value)) if isinstance(value, str) else value


Packed = Annotated[bytes, PlainSerializer(_packed, when_used="json"), BeforeValidator(_unpacked)]
"""Bytes of numbers; in a snapshot, text."""
