"""What a page shows, held against the numbers at its addresses."""

from __future__ import annotations

from app.views.addresses import value_at
from app.views.moment import Moment, moment
from app.web.visitors import COOKIE
from tests.conftest import Visitor
from tests.web.markup import agrees, numbers


def now(visitor: Visitor) -> Moment:
    """Return what the visitor's session shows."""
    session = visitor.client.app.state.visitors._kept[visitor.client.cookies[COOKIE]].session  # type: ignore[attr-defined]
    return moment(session, session.read_on())


def differing(visitor: Visitor, path: str, least: int = 8) -> list[tuple[str, str, float]]:
    """Return address, text and number wherever the page does not show the number at the address, to its digits."""
    shown, here = numbers(visitor.page(path)), now(visitor)
    assert len(shown) >= least
    # A pixel says its place too.
    found = ((address, text.partition(" at row")[0], value_at(here, address)) for address, text in shown)
    return [(address, text, value) for address, text, value in found if not agrees(text, value)]
