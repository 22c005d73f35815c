"""A build that is killed leaves the old site or the new one, and the next build is right."""

from __future__ import annotations

import contextlib
import random
import subprocess
import time
from pathlib import Path

import pytest

from tests.command import CHECKOUT, FULL, SMALL, arguments, environment, run, tree, write_project

MOMENTS = 50 if FULL else 3
NEW = {
    **SMALL,
    "content/index.md": SMALL["content/index.md"].replace("## Spending at a glance", "## Spending in short"),
    "content/roads/more.md": "---\ntitle: More\ndescription: " + "More about the roads. " * 3 + "\n---\nMore.\n",
    "content/site.yaml": SMALL["content/site.yaml"].replace("Small in figures", "Small in numbers"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("killed")


def written(root: Path, files: dict[str, str]) -> Path:
    """Make the project hold *files*."""
    for name in NEW.keys() - files.keys():
        (root / name).unlink(missing_ok=True)
    return write_project(root, files)


def test_killed_build_leaves_the_old_site_or_the_new_one(project: Path) -> None:
    sites = []
    for files in (NEW, SMALL):
        made = run("build", "--root", written(project, files))
        assert made.returncode == 0, made.stderr
        sites.append(tree(project / "site"))
    started = time.monotonic()
    run("build", "--root", written(project, NEW))
    whole = time.monotonic() - started
    chance = random.Random(7)
    met = set()
    for number in range(MOMENTS):
        files = SMALL if number % 2 else NEW
        written(project, files)
        with subprocess.Popen(
            arguments("build", "--root", project), env=environment(), cwd=CHECKOUT, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as building:  # fmt: skip
            with contextlib.suppress(subprocess.TimeoutExpired):
                building.wait(whole * chance.uniform(0.3, 1.1))
            building.kill()
        found = tree(project / "site")
        assert found in sites
        met.add(sites.index(found))
        made = run("build", "--root", project)
        assert made.returncode == 0, made.stderr
        assert tree(project / "site") == sites[number % 2]
        assert {place.name for place in project.iterdir()} == {"content", "site", ".cache", ".site.lock"}
    assert met == {0, 1} or not FULL
