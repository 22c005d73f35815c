"""The gallery shows every kind of chart, and under each the very block that made it."""

from __future__ import annotations

import re

from generator.charts.spec import KINDS
from tests.conftest import ROOT

TEXT = (ROOT / "content/help/charts.md").read_text(encoding="utf-8")
CHARTS, CODES = (re.findall(rf"^```{name}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE) for name in ("chart", "yaml"))


def test_every_kind_is_in_the_gallery() -> None:
    assert {kind for block in CHARTS for kind in re.findall(r"^kind: (.+)$", block, re.MULTILINE)} == set(KINDS)


def test_code_under_a_chart_is_the_block_that_made_it() -> None:
    assert CHARTS == CODES


def test_every_kind_is_used_outside_the_gallery() -> None:
    pages = (page.read_text(encoding="utf-8") for page in (ROOT / "content").rglob("*.md") if page.name != "charts.md")
    used = {kind for text in pages for kind in re.findall(r"^kind: ([a-z]+)$", text, re.MULTILINE)}
    assert used >= set(KINDS)
