"""What many tests need: the smallest whole project, as a mapping without a disk, and a way to build it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import pytest

from generator.build import Build, Options, build
from generator.charts.theme import FONT_FILES
from generator.datasets import Dataset
from generator.diagnostics import Checked
from generator.extracts import read_dataset
from generator.memo import Store
from generator.sources import snapshot_of

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"

SITE = """\
title: Figures of Testing
council: Testing Council
publisher_role: council
note: Run by the council.
base_url: https://figures.example/
menu: [/data/]
licence: {title: Open Licence, url: https://licence.example/}
attribution: Contains information of the council.
contact: figures@testing.example
"""
PAPERS = """\
report:
  title: Report on parks
  meeting: Cabinet
  date: 2024-03-07
  publisher: Testing Council
  description: The yearly report on the parks of the council.
"""
DESCRIPTION = "A page of the tests, with a description of a fitting length."
HOME = f"""\
---
title: Home
description: {DESCRIPTION}
---
Parks had {{value}}`parks: visits[park=North]` visits in the north.
"""
SIDECAR = """\
name: parks
path: parks.csv
title: Visits to parks
description: Visits to each park of the council, counted at the gates in one year.
source: {paper: report, item: Item 4, table: Table 1}
period: "2023-24"
phase: reported
geography: council
schema:
  primaryKey: [park]
  fields:
    - {name: park, type: string, title: Park, description: Its name., role: dimension, unit: category}
    - {name: visits, type: integer, title: Visits, description: At the gates., role: measure, unit: count, of: visits}
    - {name: cost, type: number, title: Cost, description: Of upkeep., role: measure, unit: gbp-thousand}
period_type: financial-year
basis: level
"""
EXTRACT = "park,visits,cost\nNorth,1200,24.5\nSouth,860 [p],-3.1\nWest,[x],7.0\n"


def page(body: str = "", *, title: str = "Page", more: str = "") -> str:
    """Return the text of a page; *more* are further lines of its head."""
    return f"---\ntitle: {title}\ndescription: {DESCRIPTION}\n{more}---\n{body}"


def mini_templates() -> dict[str, str | bytes]:
    """Return templates that show every field that tests look at, and nothing else."""
    folder = GOLDEN / "_templates"
    files: dict[str, str | bytes] = {
        f"templates/{file.relative_to(folder).as_posix()}": file.read_bytes() for file in sorted(folder.rglob("*.html"))
    }
    for name in FONT_FILES:  # charts measure text with them, so drawings are the same on every machine
        files[f"templates/assets/{name}"] = (ROOT / "templates" / "assets" / name).read_bytes()
    return files


def site_files(overrides: Mapping[str, str | bytes | None] | None = None) -> dict[str, str | bytes]:
    """Return the smallest valid project as paths with their contents; `None` takes a file out."""
    files: dict[str, str | bytes | None] = {
        **mini_templates(),
        "content/site.yaml": SITE,
        "content/sources.yaml": PAPERS,
        "content/index.md": HOME,
        "content/data/parks.yaml": SIDECAR,
        "content/data/parks.csv": EXTRACT,
        **(overrides or {}),
    }
    return {path: data for path, data in files.items() if data is not None}


def read_parks(sidecar: str = SIDECAR, extract: str | bytes = EXTRACT, name: str = "parks") -> Checked[Dataset | None]:
    """Read a dataset, by default that of the smallest project."""
    data = extract.encode() if isinstance(extract, str) else extract
    return read_dataset(name, (f"content/data/{name}.yaml", sidecar), (f"content/data/{name}.csv", data))


def parks(sidecar: str = SIDECAR, extract: str = EXTRACT) -> Dataset:
    """Return a dataset that has no problems, by default that of the smallest project."""
    found = read_parks(sidecar, extract)
    assert found.problems == ()
    assert found.value is not None
    return found.value


class Builder(Protocol):
    """Builds files in memory, with drawings remembered within one test."""

    def __call__(self, files: Mapping[str, str | bytes], *, drafts: bool = False, base_url: str = "") -> Build:
        """Build a site from *files*."""


@pytest.fixture
def built(tmp_path: Path) -> Builder:
    """Return what builds a site from files in memory."""

    def run(files: Mapping[str, str | bytes], *, drafts: bool = False, base_url: str = "") -> Build:
        return build(snapshot_of(files), Store(tmp_path / "store"), Options(base_url, drafts))

    return run


def codes(made: Build) -> list[str]:
    """Return the codes of the problems of a build, in their order."""
    return [problem.code for problem in made.problems]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update-golden``."""
    parser.addoption("--update-golden", action="store_true", help="Write what the golden cases give as expected.")


MUTATIONS = {
    "exact": "exact checks",
    "rounding": "rounding checks, above their bounds",
    "within": "rounding checks, within their bounds",
    "weak": "weak checks",
    "paper": "text of the papers",
}
"""The groups of changed digits, and how they are called when their counts are printed."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many changed digits were caught; tests note their counts as properties, on any worker."""
    counts: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                for name, value in report.user_properties:
                    counts.update(value if name == "mutations" else {})
    lines = [
        f"{words}: {_share(counts[f'{group}, caught'], counts[group])}"
        for group, words in MUTATIONS.items()
        if counts[group]
    ]
    if counts["cells"]:
        lines += [
            f"numeric cells in no check: {_share(counts['unchecked'], counts['cells'])}",
            f"numeric cells in weak checks only: {_share(counts['weakly checked'], counts['cells'])}",
        ]
    if lines:
        terminalreporter.section("changed digits that are caught")
        terminalreporter.write_line("\n".join(lines))


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({part / whole:.1%})"
