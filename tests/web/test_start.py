"""The first page waits for nothing that it does not need."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import folder
from app.web.rendering import Renderer

FIRST_PAGE = """
import asyncio, sys
from pathlib import Path
from app.main import create_app
from app.settings import Settings

async def page():
    app, answers = create_app(Settings(data=Path(sys.argv[1]))), []
    async def send(message): answers.append(message)
    async with app.router.lifespan_context(app):
        scope = {"type": "http", "method": "GET", "path": sys.argv[2], "query_string": b""}
        scope["headers"] = [(b"host", b"localhost")]
        await app(scope, None, send)
    assert answers[0]["status"] == 200

asyncio.run(page())
print(*sys.modules)
"""


def loaded_by(path: str, data: Path) -> set[str]:
    command = [sys.executable, "-c", FIRST_PAGE, str(data), path]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def test_the_first_page_imports_neither_the_api_nor_torch_nor_another_lab(tmp_path: Path) -> None:
    loaded = loaded_by("/", tmp_path)
    assert "app.views.network" in loaded
    assert not loaded & {"torch", "fastapi", "app.web.api", "app.web.models", "latex2mathml", "numpy.ma"}
    assert not loaded & {"app.views.convolution", "app.views.pooling", "app.views.activation", "app.nn.datasets"}
    assert not loaded & {"pygments", "app.views.code.network"}


def test_a_lab_whose_code_is_not_shown_imports_nothing_for_it(tmp_path: Path) -> None:
    loaded = loaded_by("/convolution", tmp_path)
    assert "app.views.convolution" in loaded
    assert not loaded & {"pygments", "app.views.code.convolution"}


def test_a_template_is_compiled_once_and_again_when_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(folder("templates"), templates, ignore=shutil.ignore_patterns("__pycache__"))
    said = Renderer(templates, folder("static")).part("panels/notice.html", notice="kept")
    assert "kept" in said
    again = Renderer(templates, folder("static"))
    with monkeypatch.context() as forbidden:
        forbidden.setattr(again._environment, "compile", None)
        assert again.part("panels/notice.html", notice="kept") == said
    (templates / "panels/notice.html").write_text("changed")
    assert Renderer(templates, folder("static")).part("panels/notice.html") == "changed"


def test_templates_work_where_nothing_can_be_written(tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(folder("templates"), templates, ignore=shutil.ignore_patterns("__pycache__"))
    (templates / "__pycache__").write_text("in the way")
    assert "said" in Renderer(templates, folder("static")).part("panels/notice.html", notice="said")
