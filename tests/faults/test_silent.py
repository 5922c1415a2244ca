"""The server asks nobody anything: whatever is done, it opens no connection."""

from __future__ import annotations

from pathlib import Path

from tests.faults.presses import Presser
from tests.server import Server

LISTENING = """
import sys
ASKS = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request")
sys.addaudithook(lambda event, args: event in ASKS and sys.stderr.write(f"{event} {args[1:]}\\n"))
from app.__main__ import main
sys.exit(main())
"""


def test_no_page_no_action_and_no_document_asks_anybody(tmp_path: Path) -> None:
    server = Server(tmp_path, program=("-c", LISTENING)).start()
    visitor = Presser(server)
    visitor.session()
    assert visitor.press("one")
    for path in ("weights", "gradients", "losses"):
        visitor.ask("GET", f"network/{path}")
    visitor.ask("POST", "share")
    visitor.hang_up()
    server.stop()  # what it complained of, and what it asked, is the same file
