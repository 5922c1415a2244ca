"""Measure everything, or what is named, and print the table; ``--write`` puts it into docs/performance.md.

The picture of the load goes beside it.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from bench import crowd, picture
from bench.machine import described
from bench.server import ROOT
from bench.table import Row, printed, write, written

MEASURES = ("load", "crowd", "faults", "size", "walk", "browser", "thousand", "training", "start", "length", "room")
FILE = ROOT / "docs" / "performance.md"


def main() -> int:
    """Return 0 if all could be measured, whether or not the targets are met."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="measure", help=f"of {', '.join(MEASURES)}; default: all")
    parser.add_argument("--write", nargs="?", const=FILE, type=Path, metavar="FILE", help=f"default: {FILE}")
    asked = parser.parse_args()
    if unknown := set(asked.measures) - set(MEASURES):
        parser.error(f"there is no {', '.join(unknown)}")
    if asked.write and asked.measures:
        parser.error("--write is for the whole table: name no measures")
    machine, rows, failed = described(), [], 0
    for name in asked.measures or MEASURES:
        print(f"{name} …", end=" ", file=sys.stderr, flush=True)
        try:
            # Each is imported when its turn comes: torch and the browser are not there for those that need neither.
            measure: Callable[[], list[Row]] = import_module(f"bench.{name}").measure
            rows += measure()
        except Exception:
            failed += 1
            traceback.print_exc()
    print(f"\n{machine}\n\n{printed(rows)}")
    if asked.write and not failed:
        write(asked.write, written(rows, machine))
        picture.draw(asked.write.parent / "pictures" / "load.svg", crowd.GROWTH.values())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
