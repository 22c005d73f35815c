"""The gallery shows every kind of chart, and under each the very block that made it."""

from __future__ import annotations

import re

from generator.charts.spec import KINDS
from tests.conftest import ROOT

TEXT = (ROOT / "content/help/charts.md").read_text(encoding="utf-8")
CHARTS, SHOWN = (re.findall(rf"^```{name}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE) for name in ("chart", "yaml"))
CODES = [block for block in SHOWN if not block.startswith("# ")]
FILES = dict(block.removeprefix("# ").split("\n", 1) for block in SHOWN if block.startswith("# "))
"""Named charts that are shown, by their files."""


def test_every_kind_is_in_the_gallery() -> None:
    assert {
        kind for block in (*CHARTS, *FILES.values()) for kind in re.findall(r"^kind: (.+)$", block, re.MULTILINE)
    } == set(KINDS)


def test_code_under_a_chart_is_the_block_that_made_it() -> None:
    assert CHARTS == CODES


def test_named_chart_is_shown_as_its_file_has_it() -> None:
    used = {f"content/charts/{name}.yaml" for block in CHARTS for name in re.findall(r"^use: (.+)$", block)}
    assert used
    assert {path: (ROOT / path).read_text(encoding="utf-8") for path in used} == FILES


def test_every_kind_is_used_outside_the_gallery() -> None:
    sources = [*(ROOT / "content").rglob("*.md"), *(ROOT / "content/charts").glob("*.yaml")]
    pages = (source.read_text(encoding="utf-8") for source in sources if source.name != "charts.md")
    used = {kind for text in pages for kind in re.findall(r"^kind: ([a-z]+)$", text, re.MULTILINE)}
    assert used >= set(KINDS)
