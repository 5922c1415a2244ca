"""Templates in the form that runs, kept from one start to the next."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha1
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class Compiled(FileSystemBytecodeCache):
    """Keeps compiled templates beside their sources, as Python keeps modules: to compile them is a tenth of a start.

    Where the folder cannot be used, nothing is kept.
    """

    def __init__(self, templates: Path) -> None:
        """Keep what these templates come to."""
        self._folder = templates / "__pycache__"
        super().__init__(str(self._folder))
        # Jinja works out once what is constant, our functions and filters too: so these count as a part of the source.
        ours = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
        self._ours = sha1(ours, usedforsecurity=False).hexdigest()

    def get_source_checksum(self, source: str) -> str:
        """Return what tells whether that which is kept still holds."""
        return super().get_source_checksum(self._ours + source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template as it was kept."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template that was compiled."""
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            super().dump_bytecode(bucket)
