"""How long one edit takes while serving, beside the parse and render of that page alone, as the site grows.

`TRANSPARENCY_BENCH_PAGES` names other numbers of pages, `TRANSPARENCY_BENCH_CHARTS` another number of charts.
"""

from __future__ import annotations

import datetime
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Times:
    """Seconds at one size of the site."""

    size: int
    page: float
    body: float
    extract: float


def measured(root: Path, size: int) -> Times:
    """Measure edits in a project of *size* pages, as the preview makes them."""
    follower = Follower(Settings(root, root / "site", "", DAY, drafts=False, strict=False, jobs=0))
    follower.build(())

    def edit(name: str, change: Callable[[str, int], str]) -> float:
        place = root / name
        text, times = place.read_text(encoding="utf-8"), []
        for number in range(ROUNDS):
            place.write_text(change(text, number), encoding="utf-8")
            started = time.perf_counter()
            made = follower.build((place,))
            times.append(time.perf_counter() - started)
            assert made.files
        return statistics.median(times)

    page = alone(follower.snapshot, Store(root / ".cache"))
    body = edit(EDITED, lambda text, number: f"{text}\nMore of it, {'abcdefghi'[number]}.\n")
    last = f"content/data/spending-{DATASETS - 1}.csv"
    extract = edit(last, lambda text, number: text.replace("2005,Parks,", f"2005,Parks,{number + 1}"))
    follower.close()
    return Times(size, page, body, extract)


def test_edit_of_one_page_and_of_one_extract_beside_the_page_alone(tmp_path: Path) -> None:
    found: list[Times] = []
    for size in SIZES:
        root = write(tmp_path / str(size), files(size, DATASETS, min(size, CHARTS)))
        if found:  # the charts are the same ones
            (tmp_path / str(found[-1].size) / ".cache").rename(root / ".cache")
        made = measured(root, size)
        found.append(made)
        print(
            f"\n{size:,} pages, {DATASETS} datasets, {min(size, CHARTS)} charts: "
            f"that page alone {made.page * 1000:.1f} ms; after an edit of its text {made.body * 1000:.0f} ms, "
            f"{made.body / made.page:.1f} times; after an edit of an extract {made.extract * 1000:.0f} ms"
        )
    print("\nFrom the end of an edit to its bytes, by the pages of the site:")
    for each in found:
        print(f"{each.size:>6,}  {'█' * round(each.body * 500)} {each.body / found[0].body:.1f} times the smallest")
