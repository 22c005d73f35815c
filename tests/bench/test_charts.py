"""How long drawing takes against the drawing program alone, and what a second worker gains; asserts no times."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from generator.build import Options, load_config, parse_pages
from generator.charts.poster import Words, poster
from generator.charts.shape import ChartData
from generator.charts.svg import SCALE, Drawing, draw
from generator.charts.theme import FONT_FILES, VARIANTS, Variant
from generator.charts.workers import Workers
from generator.diagnostics import Location
from generator.digest import digest
from generator.library import read_library
from generator.memo import Store
from generator.site import assemble
from generator.sources import read_snapshot

REPOSITORY = Path(__file__).parents[2]
FONTS = {name: (REPOSITORY / "templates" / "assets" / name).read_bytes() for name in FONT_FILES}
WORDS = Words("A title of a chart that says what it shows", "Measure, place and period.", (), "Source: a paper.", "")

pytestmark = pytest.mark.bench


@cache
def charts() -> tuple[tuple[ChartData, Variant], ...]:
    """Return every chart of the site at each of its widths."""
    snapshot = read_snapshot(REPOSITORY).value
    config = load_config(snapshot, Options()).value
    site = assemble(config, read_library(snapshot, config).value, parse_pages(snapshot).value, snapshot, drafts=False)
    data = [figure.data for figure, _ in site.value.figures.values() if isinstance(figure.data, ChartData)]
    return tuple((each, variant) for each in data for variant in VARIANTS)


def specify(number: int) -> dict[str, Any]:
    """Return the specification of a chart of the site; beyond the last one they begin again, under another name."""
    from generator.charts.kinds import specification

    data, variant = charts()[number % len(charts())]
    return {**specification(data, variant), "description": f"Chart {number}"}


def work(count: int, *, words: bool) -> list[Drawing]:
    """Return different drawings; of every other one an image is made as well, if *words* are wanted."""
    around = [WORDS if words and not n % 2 else None for n in range(count)]
    requests = [digest(str(n)) for n in range(count)]
    return [Drawing(f"c{n}", "wide", requests[n], partial(specify, n), Location(""), around[n]) for n in range(count)]


def ours(count: int, jobs: int, *, words: bool = False) -> float:
    """Return the time of our stage in a process of its own: Altair is not loaded, and nothing is remembered."""
    code = f"from tests.bench.test_charts import ours_here; ours_here({count}, {jobs}, {words})"
    made = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    return float(made.stdout.split()[-1])


def ours_here(count: int, jobs: int, words: bool) -> None:
    drawings = work(count, words=words)
    charts()  # read before the clock starts: it is no part of drawing
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        drawn = draw(drawings, Store(Path(folder)), FONTS, workers=Workers(jobs))
        took = time.perf_counter() - started
    assert drawn.drawn == count, drawn.failures
    print(took)


def start(folder: str) -> None:
    import vl_convert

    vl_convert.register_font_directory(folder)


def convert(spec: str, with_image: bool) -> None:
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec)
    if with_image:
        vl_convert.svg_to_png(poster(svg, WORDS), scale=SCALE)


def alone(specs: list[str], workers: int, *, words: bool = False) -> float:
    """Return the time that the drawing program takes for *specs*, in as many processes."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in FONTS.items():
            (Path(folder) / Path(name).name).write_bytes(data)
        started = time.perf_counter()
        with ProcessPoolExecutor(workers, get_context("spawn"), start, (folder,)) as pool:
            for future in [pool.submit(convert, spec, words and not n % 2) for n, spec in enumerate(specs)]:
                future.result()
        return time.perf_counter() - started


def by_turns(rounds: int, *each: Callable[[], float]) -> list[float]:
    """Return the median time of each, measured by turns so that a busy moment meets all of them."""
    times = [[measure() for measure in each] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


@pytest.mark.parametrize("words", [False, True], ids=["pictures", "pictures and images"])
def test_cold_drawing_of_100_charts_against_the_drawing_program_alone(words: bool) -> None:
    specs = [json.dumps(specify(n)) for n in range(100)]
    what = "100 charts, half of them with an image," if words else "100 charts"
    stage, program = by_turns(3, lambda: ours(100, 1, words=words), lambda: alone(specs, 1, words=words))
    print(f"\n{what} cold, one worker: {stage / program:.2f} times the drawing program alone ({program:.1f} s)")


@pytest.mark.parametrize("count", [40, 200])
def test_one_worker_against_two(count: int) -> None:
    one, two = by_turns(3, lambda: ours(count, 1), lambda: ours(count, 2))
    print(f"\n{count} charts cold: two workers take {two / one:.2f} of the time of one ({one:.1f} s)")
