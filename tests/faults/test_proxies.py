"""What a proxy says of a client is believed of those alone that are named, and nobody's address is written down."""

from __future__ import annotations

from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.server import Server


@pytest.mark.parametrize(("options", "believed"), [((), False), (("--proxies", "127.0.0.1"), True)])
def test_forwarded_headers_count_from_proxies_that_are_named(
    tmp_path: Path, options: tuple[str, ...], believed: bool
) -> None:
    server = Server(tmp_path, *options).start()
    line = HTTPConnection(*server.address)
    line.request("GET", "/", headers={"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9"})
    answer = line.getresponse()
    answer.read()
    assert ("secure" in answer.headers["set-cookie"].lower()) == believed
    line.close()
    server.stop()


def test_no_log_holds_a_visitors_address(tmp_path: Path) -> None:
    server = Server(tmp_path, "--proxies", "127.0.0.1").start()
    line = HTTPConnection(*server.address)
    forwarded = {"x-forwarded-for": "203.0.113.9"}
    for method, path, body in [
        ("GET", "/", ""),
        ("POST", "/network/step", "steps=x"),
        ("GET", "/nothing", ""),
        ("POST", "/api/v1/actions/step", "x" * 100_000),
        ("GET", "/network?revision=99", ""),
    ]:
        line.request(method, path, body, forwarded)
        line.getresponse().read()
    line.close()
    server.stop()
    written = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert not any(b"203.0.113.9" in one or b"127.0.0.1" in one for one in written)
