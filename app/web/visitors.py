"""Visitors: who asks, by a signed cookie, and what each was shown last."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b
from time import monotonic

from itsdangerous import BadSignature, Signer
from starlette.requests import Request
from starlette.responses import Response

from app.playground.bounds import DEFAULT, Bounds
from app.playground.errors import Hurried
from app.playground.session import Session
from app.playground.store import Store
from app.views.panels import Panel

COOKIE = "fivebyfive"
KEPT = 1000  # sessions in memory, more than a worker serves at a time; others are read again when they come back
LIFE = 400 * 86400  # seconds that a browser keeps the cookie, its longest: the store says when a session ends
REST = 3600.0  # seconds without a request after which a session is read again from the store
SAFE = 144 // 8  # bytes of a session's name: it cannot be guessed


class Visitor:
    """A session, and the panels of each page as they were last sent."""

    def __init__(self, session: Session, rate: int = 0) -> None:
        """Remember nothing yet; take ``rate`` requests a second, any number where it is 0."""
        self.session = session
        self._rate = rate
        self._turns = 2.0 * rate  # that are left
        self._counted = monotonic()
        self.tag = blake2b(session.name.encode(), digest_size=5).hexdigest()
        self._shown: dict[str, tuple[int, dict[str, int]]] = {}  # a panel's hash is all that a difference needs

    def fresh(self) -> bool:
        """Return whether the session is surely in the store still: it ends when nobody has used it for long."""
        return not self.session.ended and monotonic() - self._counted < REST

    def mark(self, revision: int) -> str:
        """Return how a page names what it shows: the revision, and whose it is."""
        return f"{revision}@{self.tag}"

    def ended(self, mark: str) -> bool:
        """Return whether a page shows a session that is no more: another one's, or more than this one has."""
        revision, _, tag = mark.partition("@")
        return tag != self.tag or not revision.isdecimal() or int(revision) > self.session.head

    def turn(self) -> None:
        """Count a request; refuse one too many. Sessions are counted, no addresses: a whole class may share one."""
        now = monotonic()
        self._turns = min(2.0 * self._rate, self._turns + self._rate * (now - self._counted))
        self._counted = now
        if not self._rate:
            return
        if self._turns < 1:
            raise Hurried(f"That was more than {self._rate} requests a second, so it was not done. Wait a second.")
        self._turns -= 1

    def sent(self, page: str, revision: int, panels: Mapping[str, Panel], mark: str = "") -> list[Panel]:
        """Remember what a page shows now; return the panels that differ from those of a page with this mark.

        All of them where it is not known what that page shows.
        """
        known, shown = self._shown.get(page, (None, {}))
        hashes = {name: hash(panel) for name, panel in panels.items()}
        self._shown[page] = revision, hashes
        if known is None or mark != self.mark(known):
            shown = {}
        found = {name: panel for name, panel in panels.items() if shown.get(name) != hashes[name]}
        return [panel for panel in found.values() if panel.inside not in found]


class Visitors:
    """Finds the visitor behind a request, or makes a new one."""

    def __init__(self, store: Store, secret: str, bounds: Bounds = DEFAULT) -> None:
        """Keep sessions in this store, within these bounds; sign cookies with this secret."""
        self._store = store
        self._bounds = bounds
        self._signer = Signer(secret, salt="session")
        self._kept: OrderedDict[str, Visitor] = OrderedDict()

    @property
    def store(self) -> Store:
        """Where logs and shares are kept."""
        return self._store

    def sweep(self) -> None:
        """Let go of those who have not come for long; they are read again when they come back."""
        while self._kept and not next(iter(self._kept.values())).fresh():  # the longest away come first
            self._kept.popitem(last=False)

    def forget(self, request: Request) -> None:
        """Let go of the visitor of a request, whose session is in the store no more: the next request opens it anew."""
        self._kept.pop(request.cookies.get(COOKIE, ""), None)

    @property
    def held(self) -> int:
        """How many sessions are in memory."""
        return len(self._kept)

    def known(self, request: Request) -> Visitor | None:
        """Return the visitor of a request if it has one of our cookies; begin no session."""
        try:
            self._signer.unsign(request.cookies.get(COOKIE, ""))
        except BadSignature:
            return None
        return self.of(request)

    def of(self, request: Request) -> Visitor:
        """Return the visitor of a request, and count it.

        A new one gets a cookie with the answer, and no row in the store.
        """
        visitor = self._found(request)
        visitor.turn()
        return visitor

    def _found(self, request: Request) -> Visitor:
        cookie = request.cookies.get(COOKIE, "")
        visitor = self._kept.get(cookie)
        if visitor and visitor.fresh():
            self._kept.move_to_end(cookie)
            return visitor
        try:
            name = self._signer.unsign(cookie).decode()
        except BadSignature:
            name = secrets.token_urlsafe(SAFE)
            cookie = self._signer.sign(name).decode()
            request.scope["new_cookie"] = cookie
        session = Session(self._store, name, self._bounds.actions)
        self._kept[cookie] = visitor = Visitor(session, self._bounds.rate)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return visitor


def welcome(request: Request, response: Response) -> Response:
    """Give a new visitor the cookie."""
    if cookie := request.scope.get("new_cookie"):
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, cookie, max_age=LIFE, httponly=True, samesite="lax", secure=secure)
    return response
