"""How long builds take, as ratios within one run; run by ``make bench``, asserts no times."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

pytestmark = pytest.mark.bench


def seconds(*command: str) -> float:
    """Return the time of a command that must succeed."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True, cwd=REPOSITORY)
    return time.perf_counter() - started


def test_whole_site_cold_and_warm_against_starting_python_with_the_libraries(tmp_path: Path) -> None:
    for name in ("content", "templates"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    build = ("-m", "generator", "build", "--root", str(tmp_path))
    floor = statistics.median(seconds("-c", "import click, jinja2, markdown_it, yaml") for _ in range(5))
    cold = []
    for _ in range(3):
        shutil.rmtree(tmp_path / ".cache", ignore_errors=True)
        shutil.rmtree(tmp_path / "site", ignore_errors=True)
        cold.append(seconds(*build))
    warm = [seconds(*build) for _ in range(5)]
    print(
        f"\nwhole site: cold {statistics.median(cold) / floor:.1f} times the start of Python with its libraries, "
        f"warm {statistics.median(warm) / floor:.1f} times (floor {floor:.2f} s)"
    )
