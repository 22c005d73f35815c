"""How long one edit takes while serving, beside the parse and render of that page alone, as the site grows.

`TRANSPARENCY_BENCH_PAGES` names other numbers of pages, `TRANSPARENCY_BENCH_CHARTS` another number of charts.
"""

from __future__ import annotations

import datetime
import os
import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from generator.build import Options, draw_charts, load_config, parse_pages
from generator.facts import Memo
from generator.library import read_library
from generator.markdown import parse_page
from generator.memo import Store
from generator.paths import OutputPath, SourcePath
from generator.plan import plan
from generator.press import load_press, load_templates
from generator.runs import Follower, Settings
from generator.site import assemble
from generator.sources import Snapshot
from tests.bench.generated import files, write

pytestmark = pytest.mark.bench

SIZES = tuple(int(size) for size in os.environ.get("TRANSPARENCY_BENCH_PAGES", "100,1000,4000").split(","))
DATASETS, CHARTS = 100, int(os.environ.get("TRANSPARENCY_BENCH_CHARTS", "200"))
ROUNDS = 9
EDITED = SourcePath("content/section-0/page-1.md")
EXTRACT = f"content/data/spending-{DATASETS - 1}.csv"
DAY = datetime.date(2026, 1, 1)
OPTIONS = Options(today=DAY)


def alone(snapshot: Snapshot, store: Store) -> float:
    """Return the seconds to parse and to render one page, all else being there."""
    memo = Memo()
    config = load_config(snapshot, OPTIONS, memo).value
    library = read_library(snapshot, config, memo).value
    site = assemble(config, library, parse_pages(snapshot, memo).value, snapshot, today=OPTIONS.today, memo=memo).value
    drawn = draw_charts(site, snapshot, store, OPTIONS, memo).value
    press = load_press(site, drawn, snapshot, load_templates(snapshot, memo).value, memo)
    output = OutputPath("section-0/page-1/index.html")
    artifact = next(artifact for artifact in plan(press, snapshot) if artifact.output == output)
    make = partial(artifact.make, *artifact.arguments)
    make()  # compiles the templates
    return median(partial(parse_page, EDITED, snapshot.text(EDITED))) + median(make)


def median(make: Callable[[], object]) -> float:
    """Return the middle of some times that *make* takes."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        make()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


@dataclass
class Project:
    """A generated project that is followed as the preview does, with the seconds that its edits took."""

    root: Path
    size: int
    page: float = 0.0
    body: list[float] = field(default_factory=list)
    extract: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.follower = Follower(Settings(self.root, self.root / "site", "", DAY, drafts=False, strict=False, jobs=0))
        self.follower.build(())
        self.page = alone(self.follower.snapshot, Store(self.root / ".cache"))

    def edit(self, name: str, change: Callable[[str], str]) -> float:
        """Change a file, and return the seconds until all that follows from it is made."""
        place = self.root / name
        place.write_text(change(place.read_text(encoding="utf-8")), encoding="utf-8")
        started = time.perf_counter()
        made = self.follower.build((place,))
        assert made.files
        return time.perf_counter() - started


def another_figure(text: str) -> str:
    """Change one figure of an extract; each time to one that it was not before."""
    return text.replace("2005,Parks,", "2005,Parks,1")


def add(more: str, text: str) -> str:
    """Return *text* with *more* at its end."""
    return text + more


def test_edit_of_one_page_and_of_one_extract_beside_the_page_alone(tmp_path: Path) -> None:
    projects: list[Project] = []
    for size in SIZES:
        root = write(tmp_path / str(size), files(size, DATASETS, min(size, CHARTS)))
        if projects:  # the charts are the same ones
            shutil.copytree(projects[-1].root / ".cache", root / ".cache")
        projects.append(Project(root, size))
    for number in range(ROUNDS):  # in turn, so that a busy moment of the machine meets all of them
        more = f"\nMore of it, {'abcdefghi'[number]}.\n"
        for each in projects:
            each.body.append(each.edit(EDITED, partial(add, more)))
        for each in projects:
            each.extract.append(each.edit(EXTRACT, another_figure))
    for each in projects:
        each.follower.close()
        body, extract = statistics.median(each.body), statistics.median(each.extract)
        print(
            f"\n{each.size:,} pages, {DATASETS} datasets, {min(each.size, CHARTS)} charts: "
            f"that page alone {each.page * 1000:.1f} ms; after an edit of its text {body * 1000:.0f} ms, "
            f"{body / each.page:.1f} times; after an edit of an extract {extract * 1000:.0f} ms"
        )
    print("\nFrom the end of an edit to its bytes, by the pages of the site:")
    smallest = statistics.median(projects[0].body)
    for each in projects:
        ratio = statistics.median(each.body) / smallest
        print(f"{each.size:>6,}  {'█' * round(ratio * 10)} {ratio:.1f} times the smallest")
