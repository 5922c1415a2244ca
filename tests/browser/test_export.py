"""The links in More: a browser keeps what it is sent, with script and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import Welcome


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_the_links_in_more_bring_the_files(welcome: Welcome, script: bool) -> None:
    visitor = welcome(java_script_enabled=script).open("/network")
    visitor.press("step")
    visitor.sees("Step 1")
    visitor.at("more").click()
    for words, end in (("script", "py"), ("notebook", "ipynb")):
        with visitor.page.expect_download() as coming:
            visitor.page.get_by_role("link", name=words).click()
        assert coming.value.suggested_filename == f"five-by-five.{end}"
        assert "steps=1)" in Path(coming.value.path()).read_text(encoding="utf-8")
    visitor.sees("Step 1")
