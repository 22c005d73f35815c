"""What a file is made from, and why it was made anew, as the command tells it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.command import SMALL, run, tree, write_project


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small project after one build and after one edit of its extract."""
    root = write_project(tmp_path_factory.mktemp("explained"))
    assert run("build", "--root", root).returncode == 0
    write_project(root, {"content/data/spending.csv": SMALL["content/data/spending.csv"].replace("28.25", "28.5")})
    return root


@pytest.fixture
def built(once: Path, tmp_path: Path) -> Path:
    """Return that project for one test alone."""
    return Path(shutil.copytree(once, tmp_path / "project"))


def explained(root: Path, address: str) -> list[str]:
    made = run("explain", address, "--root", root)
    assert made.returncode == 0, made.stderr
    return made.stdout.splitlines()


def test_every_input_is_listed_with_the_reason_of_the_last_build(built: Path) -> None:
    made = run("build", "-v", "--root", built)
    reason = "dataset content/data/spending.csv changed"
    assert f"roads/index.html: {reason}" in made.stdout.splitlines()
    assert not any(line.startswith(("404.html", "assets/")) for line in made.stdout.splitlines())
    found = explained(built, "/roads/")
    assert found[0] == f"roads/index.html was last made anew because: {reason}"
    assert {
        "  page content/roads/index.md", "  dataset content/data/spending.csv", "  sidecar content/data/spending.yaml",
        "  content/site.yaml", "  template base.html", "  template pages/section.html", "  asset site.css",
        "  title and summary of /",
    } <= set(found)  # fmt: skip
    assert not any("robots" in line or "404.html" in line for line in found)


def test_reason_stays_until_the_file_is_made_anew_again(built: Path) -> None:
    run("build", "--root", built)
    write_project(built, {"content/index.md": SMALL["content/index.md"].replace("at a glance", "in short")})
    made = run("build", "--verbose", "--root", built)
    assert "index.html: page content/index.md changed" in made.stdout.splitlines()
    assert explained(built, "roads/index.html")[0].endswith("because: dataset content/data/spending.csv changed")
    assert explained(built, "/")[0].endswith("because: page content/index.md changed")


def test_unknown_address_gets_the_nearest(built: Path) -> None:
    run("build", "--root", built)
    made = run("explain", "/road/", "--root", built)
    assert (made.returncode, made.stdout) == (1, "")
    assert "the last build made nothing at /road/; did you mean '/roads/'?" in made.stderr


def test_nothing_can_be_explained_before_a_build(tmp_path: Path) -> None:
    made = run("explain", "/", "--root", write_project(tmp_path))
    assert made.returncode == 1
    assert "run 'transparency build' first" in made.stderr


@pytest.mark.parametrize("harm", ["changed", "removed", "added"])
def test_build_with_nothing_changed_mends_a_site_that_was_touched(built: Path, harm: str) -> None:
    run("build", "--root", built)
    before = tree(built / "site")
    page = built / "site" / "roads" / "index.html"
    if harm == "changed":
        page.unlink()  # the present and the next site share files, so one is never written in place
        page.write_text("harmed")
    elif harm == "removed":
        page.unlink()
    else:
        (built / "site" / "more.html").write_text("more")
    assert run("build", "--root", built).returncode == 0
    assert tree(built / "site") == before


def test_damaged_record_is_no_record(built: Path) -> None:
    run("build", "--root", built)
    before = tree(built / "site")
    for place in (built / ".cache").rglob("*"):
        if place.is_file():
            place.write_bytes(os.urandom(40))
    made = run("build", "--root", built)
    assert made.returncode == 0, made.stderr
    assert tree(built / "site") == before
