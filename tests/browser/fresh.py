"""The lasting promise: after anything, every panel equals that of a fresh page."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from tests.browser.visitor import Visitor

PANELS = (Path(__file__).parent / "panels.js").read_text()

Shown = dict[str, list[str]]


def shown(visitor: Visitor) -> Shown:
    """Return what stands in each panel, line by line, with what its fields hold."""
    panels: Shown = visitor.page.evaluate(PANELS)
    assert len(panels) >= 15
    return panels


def same_as_fresh(visitor: Visitor) -> None:
    """Open the same session in another page, and compare every panel."""
    here = shown(visitor.settle())
    fresh = shown(visitor.mirror.open(urlsplit(visitor.page.url).path))
    visitor.come_to_front()
    wrong = {name: differences(here.get(name, []), lines) for name, lines in fresh.items() if here.get(name) != lines}
    assert not wrong, "\n".join(f"{name}:\n" + "\n".join(lines) for name, lines in wrong.items())
    assert here.keys() == fresh.keys()


def differences(here: list[str], fresh: list[str]) -> list[str]:
    return [f"  here  {line}" for line in here if line not in fresh] + [
        f"  fresh {line}" for line in fresh if line not in here
    ]


def catches_up(visitor: Visitor) -> None:
    """Wait until the page shows the head of the log."""
    head = int(visitor.ask("session")["revision"])
    visitor.waits(lambda: visitor.revision == head, f"the page shows revision {head}")
