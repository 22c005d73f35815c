"""What a build need not do is not done: a second one draws nothing, and loads nothing that draws."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import CHECKOUT, SMALL, environment, tree, write_project

DEAR = ("altair", "vl_convert")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path, SMALL)


def loaded(project: Path) -> set[str]:
    """Build with the real command; return the modules that it and its workers imported."""
    return imported("build", "--root", str(project))


def imported(*words: str) -> set[str]:
    """Run the real command; return the modules that it imported, as Python reports them."""
    command = [sys.executable, "-X", "importtime", "-m", "generator", *words]
    made = subprocess.run(command, env=environment(), cwd=CHECKOUT, capture_output=True, encoding="utf-8", check=False)
    assert made.returncode == 0, made.stderr[-2000:]
    return set(re.findall(r"^import time:.*\|\s+([\w.]+)$", made.stderr, re.MULTILINE))


def test_second_build_with_nothing_changed_imports_nothing_that_draws(project: Path) -> None:
    first = loaded(project)
    assert set(DEAR) <= first, "the first build draws, so this test sees what it looks for"
    files = tree(project / "site")
    assert any(name.startswith("assets/viewer.") for name in files)
    second = loaded(project)
    assert "generator.cli" in second
    assert {name.partition(".")[0] for name in second} & {*DEAR, "narwhals", "jsonschema"} == set()
    assert tree(project / "site") == files


def test_changed_words_of_a_page_draw_nothing(project: Path) -> None:
    home = project / "content" / "index.md"
    home.write_text(home.read_text(encoding="utf-8").replace("Roads are", "Streets are"), encoding="utf-8")
    loaded(project)
    home.write_text(home.read_text(encoding="utf-8").replace("Streets are", "Highways are"), encoding="utf-8")
    assert {name.partition(".")[0] for name in loaded(project)} & set(DEAR) == set()


def test_help_imports_nothing_that_a_single_command_needs() -> None:
    modules = imported("--help")
    assert "generator.cli" in modules
    dear = {*DEAR, "jinja2", "markdown_it", "starlette", "uvicorn", "watchdog", "yaml"}
    assert {name.partition(".")[0] for name in modules} & dear == set()
