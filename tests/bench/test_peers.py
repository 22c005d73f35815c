"""The same pages through other generators: whole builds, and one edit until a browser would get it.

Peers that are not on the PATH are left out with a word.  `TRANSPARENCY_BENCH_PAGES` names other numbers of pages.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.generated import files, write
from tests.bench.peers import OURS, PEERS, Generator, free_port, page, pages, run
from tests.bench.test_edit import CHARTS, DATASETS, EXTRACT, Project, another_figure
from tests.command import environment

pytestmark = pytest.mark.bench

SIZES = tuple(int(size) for size in os.environ.get("TRANSPARENCY_BENCH_PAGES", "100,1000").split(","))
EDITED = 7
"""The page that is edited."""
ROUNDS = 5
LONGEST = 120.0  # seconds until an edit counts as not seen


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> int:
    """Return how many pages the project has."""
    return int(request.param)


def there() -> list[Generator]:
    """Return what can be measured here, and name what cannot."""
    for peer in PEERS:
        if not peer.is_there:
            print(f"\n{peer.name} is not installed here: left out", end="")
    return [OURS, *(peer for peer in PEERS if peer.is_there)]


def timed(command: list[str], root: Path) -> float:
    """Return the seconds of a command that must succeed."""
    started = time.perf_counter()
    run(command, root)
    return time.perf_counter() - started


def test_whole_builds_of_markdown_only(tmp_path: Path, size: int) -> None:
    """Cold, after an edit of an extract, and with nothing changed; the peers build everything each time."""
    sources = pages(size)
    cold: dict[str, list[float]] = {}
    warm: dict[str, list[float]] = {}
    found = there()
    for generator in found:
        generator.write(tmp_path / generator.name, sources)
    for _ in range(3):  # in turn, so that a busy moment of the machine meets all of them
        for generator in found:
            root = tmp_path / generator.name
            for folder in (generator.output, ".cache", "resources"):
                shutil.rmtree(root / folder, ignore_errors=True)
            command = generator.command(generator.build)
            cold.setdefault(generator.name, []).append(timed(command, root))
            if generator.name in (OURS.name, "Hugo"):
                warm.setdefault(generator.name, []).append(timed(command, root))
    print(f"\n{size:,} pages, markdown only, whole build (median of 3):")
    ours = statistics.median(cold[OURS.name])
    for name, times in cold.items():
        middle = statistics.median(times)
        print(
            f"  {name}: {middle:.2f} s"
            + (f"; ours takes {ours / middle:.2f} times as long" if name != OURS.name else "")
        )
    followed = Project(write(tmp_path / "figures", files(size, DATASETS, min(size, CHARTS))), size)
    edited = statistics.median([followed.edit(EXTRACT, another_figure) for _ in range(ROUNDS)])
    followed.follower.close()
    print(f"  after an edit of one of {DATASETS} extracts, beside {min(size, CHARTS)} charts: {edited:.3f} s", end="")
    peers = [(name, statistics.median(times)) for name, times in cold.items() if name != OURS.name]
    print("".join(f"; {name} builds all in {seconds / edited:.0f} times that" for name, seconds in peers))
    again = statistics.median(warm[OURS.name])
    print(f"  {OURS.name} with nothing changed: {again:.2f} s", end="")
    if "Hugo" in warm:
        print(f", {again / statistics.median(warm['Hugo']):.2f} times a whole Hugo build", end="")
    print()


@contextlib.contextmanager
def serving(generator: Generator, root: Path) -> Iterator[int]:
    """Serve a project until the end of the block; give the port."""
    port = free_port()
    with (root / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            generator.command(generator.serve, port=port),
            cwd=root,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            yield port
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def fetch(port: int, path: str) -> bytes:
    """Return what a server answers, nothing while it does not."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    except OSError:
        return b""
    finally:
        connection.close()


def until_seen(port: int, path: str, word: str) -> float:
    """Return the seconds until the page at *path* holds *word*."""
    started = time.perf_counter()
    while time.perf_counter() - started < LONGEST:
        if word.encode() in fetch(port, path):
            return time.perf_counter() - started
        time.sleep(0.005)
    return float("inf")


def edit_times(generator: Generator, root: Path) -> list[float]:
    """Return the seconds from the end of a save to the new bytes, for some edits of one page."""
    name = next(path for path in pages(EDITED + 1) if path.endswith(f"p{EDITED:04}.md"))
    address = f"/{name.removesuffix('.md')}/"
    with serving(generator, root) as port:
        if until_seen(port, address, "first") == float("inf"):
            return []
        time.sleep(2)  # its first build may not have been all it had to do
        times = []
        for n in range(ROUNDS):
            (root / generator.content / name).write_text(page(EDITED, f"edit{n}x"), encoding="utf-8")
            times.append(until_seen(port, address, f"edit{n}x"))
            time.sleep(0.5)
        return times


def test_edit_of_one_page_until_it_is_served(tmp_path: Path, size: int) -> None:
    sources = pages(size)
    middle: dict[str, float] = {}
    for generator in there():
        root = generator.write(tmp_path / generator.name, sources)
        times = edit_times(generator, root)
        if not times:
            print(f"\n{generator.name} did not serve the page: {(root / 'serve.log').read_text()[-300:]}")
            continue
        middle[generator.name] = statistics.median(times)
    print(f"\n{size:,} pages, from the save of one page to its new bytes (median of {ROUNDS}):")
    for name, seconds in sorted(middle.items(), key=lambda pair: pair[1]):
        ratio = "" if name == OURS.name else f", {seconds / middle[OURS.name]:.1f} times ours"
        print(f"  {name}: {seconds:.3f} s{ratio}")
