"""Code, catalogue and tests of the diagnostics are in step.

Every code that the program raises stands in a broken golden project, or is made by `beyond_goldens`, with a reason why
no golden project can hold it.  It has an entry in `content/help/messages.md`, whose example is word for word what the
program says there.  A missing entry fails with one that is ready to be pasted.
"""

from __future__ import annotations

import ast
import datetime
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from generator import build as build_module
from generator import sources
from generator.build import Options, build, load_config
from generator.corrections import corrected
from generator.diagnostics import Diagnostic, render
from generator.editions import edition_of
from generator.imports import add_rows, keys_there
from generator.library import read_library
from generator.mappings import Plan, RowKind
from generator.memo import Store
from generator.paths import SourcePath, slugify
from generator.sources import read_snapshot, snapshot_of
from generator.workbooks import Line, Sheet, read_tables
from tests.conftest import EXTRACT, page, site_files

ROOT = Path(__file__).parents[2]
RAISING = {"Diagnostic", "problem", "report", "_refused"}
"""Names of what is called with a code as its first argument."""


def raised() -> dict[str, str]:
    """Return every code with a place of the program that raises it."""
    codes: dict[str, str] = {}
    for file in sorted((ROOT / "generator").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if called in RAISING and isinstance(first, ast.Constant) and isinstance(first.value, str):
                codes.setdefault(first.value, f"{file.relative_to(ROOT).as_posix()}:{node.lineno}")
    return codes


CATALOGUE = ROOT / "content" / "help" / "messages.md"
BEYOND_GOLDENS = {
    "bad-workbook": "a project holds no workbooks",
    "chart-failed": "the drawing program must fail",
    "csv-too-large": "the file is large",
    "file-too-large": "the file is large",
    "future-date": "golden projects are built for no day",
    "not-a-file": "version control holds no pipes",
    "outside-project": "version control holds no links out of itself",
    "page-too-large": "the file is large",
    "project-too-large": "the project is large",
    "row-exists": "only an import says it",
    "same-value": "only a correction says it",
    "unknown-label": "only an import says it",
    "unknown-sheet": "only an import says it",
    "unreadable": "version control holds no broken links",
    "yaml-too-large": "the file is large",
}
"""Codes that no golden project can show, each with the reason."""
CHART = "```chart\nid: visits\ndata: parks\nkind: bar\ny: park\nx: visits\ntitle: Visits\nalt: auto\n```\n"


def blocks(text: str) -> list[str]:
    """Return the rendered problems of a text, each with its excerpt and hint."""
    return [block.rstrip() for block in re.split(r"\n\n(?=\S)", text) if block.strip()]


def code_of(block: str) -> str:
    """Return the code of a rendered problem."""
    found = re.match(r".*?: (?:error|warning|note)\[([a-z0-9-]+)\]: ", block)
    assert found, block
    return found[1]


def in_goldens() -> dict[str, list[str]]:
    """Return the rendered problems that the golden cases expect, by their codes."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "tests" / "golden").glob("*/problems.txt")):
        for block in blocks(file.read_text(encoding="utf-8")):
            found.setdefault(code_of(block), []).append(block)
    return found


def beyond_goldens(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Make the problems that no golden project can hold, and return them rendered, by their codes."""

    def broken(data: object, variant: object) -> dict[str, Any]:
        return {"mark": "point", "data": {"values": []}}

    monkeypatch.setattr(build_module, "_specify", broken)
    files = site_files({
        "content/big.png": b"\x89PNG\r\n\x1a\n" + b"x" * 600_000,
        "content/data/long.yaml": "notes: |\n" + "  word\n" * 20_000,
        "content/data/parks.csv": EXTRACT.replace("North", "x" * 10_001),
        "content/long.md": page("Word.\n" * 20_000),
        "content/soon.md": page(more="checked: 2030-01-01\n"),
    })  # fmt: skip
    found = []
    for snapshot in (snapshot_of(files), snapshot_of(site_files({"content/chart.md": page(CHART)}))):
        made = build(snapshot, Store(folder / "store"), Options(today=datetime.date(2024, 3, 7)))
        found += [render(problem, snapshot.text(problem.at.path)) for problem in made.problems]
    content = folder / "project" / "content"
    content.mkdir(parents=True)
    (folder / "secret.md").write_text("secret")
    os.mkfifo(content / "pipe.md")
    (content / "gone.md").symlink_to(content / "absent.md")
    (content / "out.md").symlink_to(folder / "secret.md")
    found += map(render, read_snapshot(content.parent).problems)
    found += map(render, of_an_update())
    monkeypatch.setattr(sources, "MAX_TOTAL", 0)
    found += map(render, read_snapshot(content.parent).problems)
    by_code: dict[str, list[str]] = {}
    for block in found:
        by_code.setdefault(code_of(block), []).append(block)
    return by_code


def of_an_update() -> list[Diagnostic]:
    """Return what an import and a correction refuse."""
    folder = ROOT / "tests" / "golden" / "editions" / "in"
    snapshot = read_snapshot(folder).value
    datasets = read_library(snapshot, load_config(snapshot, Options()).value).value.datasets
    parks, edition = datasets["parks"], datasets["parks"].editions[-1]
    before = edition_of(parks, "report")
    sheet = Sheet("parks.xlsx", "Quarter", (Line(1, ("Park", "Visits")), Line(2, ("North", "5"))))
    added = add_rows(before, datasets, Plan(rows=(RowKind({}, {"visits": "Visits"}),)), [sheet], edition)
    known = add_rows(before, datasets, Plan(columns={"park": "Park", "visits": "Visits"}), [sheet], edition)
    assert known.value is not None
    data = snapshot.sources[SourcePath(parks.csv_path)].data
    same = corrected(parks, parks.rows[0], "visits", "1200", data, marked=False)
    assert isinstance(same, Diagnostic)
    return [
        *added.problems,
        *add_rows(before, datasets, Plan(sheet="Quartr"), [sheet], edition).problems,
        *keys_there(parks, known.value.rows),
        *read_tables("parks.xlsx", b"PK\x03\x04 no workbook").problems,
        same,
    ]


def catalogue() -> dict[str, tuple[str, str]]:
    """Return the words and the example of each entry of the catalogue, by its code."""
    text = CATALOGUE.read_text(encoding="utf-8")
    found = re.findall(r"^### (\S+)\n\n(.+?)\n\n```\n(.+?)\n```$", text, re.DOTALL | re.MULTILINE)
    assert len(found) == text.count("\n### "), "an entry is a heading, one paragraph and one block of code"
    assert len({code for code, _, _ in found}) == len(found), "a code stands twice in the catalogue"
    return {code: (words, example) for code, words, example in found}


CODES = raised()


GOLDEN = in_goldens()


def draft(code: str, found: dict[str, list[str]]) -> str:
    """Return an entry of the catalogue that only lacks its words."""
    block = min(found.get(code, [f"content/index.md: error[{code}]: …"]), key=len)
    severity = next((word for word in ("Warning", "Note") if f": {word.lower()}[{code}]: " in block), "Error")
    return f"### {code}\n\n{severity}. What it means. What to do.\n\n```\n{block}\n```\n"


@pytest.mark.parametrize("code", sorted(CODES))
def test_code_is_raised_by_a_golden_project(code: str) -> None:
    assert (code in GOLDEN) != (code in BEYOND_GOLDENS), (
        f"{CODES[code]} raises '{code}': add a case to a project tests/golden/bad-*, or a reason to BEYOND_GOLDENS"
    )


@pytest.mark.parametrize("code", sorted(CODES))
def test_code_is_kebab_case(code: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)


def test_goldens_expect_no_code_that_is_gone() -> None:
    assert set(GOLDEN) | set(BEYOND_GOLDENS) <= set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_code_is_explained(code: str) -> None:
    assert code in catalogue(), f"add to {CATALOGUE.relative_to(ROOT)}, in the order of the alphabet:\n\n" + draft(
        code, GOLDEN
    )


def test_catalogue_explains_no_code_that_is_gone() -> None:
    assert set(catalogue()) <= set(CODES)


@pytest.mark.parametrize("code", sorted(set(GOLDEN) & set(CODES)))
def test_example_is_what_a_golden_project_is_told(code: str, request: pytest.FixtureRequest) -> None:
    _, example = catalogue()[code]
    if example not in GOLDEN[code] and request.config.getoption("--update-golden"):
        text = CATALOGUE.read_text(encoding="utf-8")
        CATALOGUE.write_text(text.replace(example, min(GOLDEN[code], key=len)), encoding="utf-8", newline="\n")
        return
    assert example in GOLDEN[code], f"the example is out of step; one in step:\n\n{draft(code, GOLDEN)}"


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights on Windows")
def test_examples_beyond_the_goldens_are_what_the_program_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = beyond_goldens(tmp_path, monkeypatch)
    wanting = [code for code in BEYOND_GOLDENS if catalogue()[code][1] not in made.get(code, [])]
    assert wanting == [], "\n".join(draft(code, made) for code in wanting)


@pytest.mark.parametrize("code", sorted(CODES))
def test_severity_is_said(code: str) -> None:
    words, example = catalogue()[code]
    found = [*GOLDEN.get(code, []), example]
    severities = sorted({found.partition("[")[0].rpartition(" ")[2] for found in found})
    assert words.startswith(" or ".join(severities).capitalize() + ". "), f"{code} is: {severities}"


def test_groups_are_in_the_order_of_the_alphabet() -> None:
    for group in re.split(r"(?m)^## ", CATALOGUE.read_text(encoding="utf-8"))[1:]:
        listed = re.findall(r"(?m)^### (\S+)$", group)
        assert listed == sorted(listed)
        assert all(slugify(code) == code for code in listed), "the address of an entry is its code"
