"""Pages, charts and whole sites are begun by the command, pass every check at once, and overwrite nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.command import SMALL, run, tree, write_project

ROADS = SMALL["content/roads/index.md"]


def test_new_page_is_kept_back_and_passes_every_check(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    made = run("new", "page", "/roads/repairs/", "--title", "Repairs: 'small' & large", "--root", root)
    assert (made.returncode, made.stderr) == (0, "")
    assert "content/roads/repairs.md is written, for the address /roads/repairs/." in made.stdout
    checked = run("check", "--strict", "--drafts", "--root", root)
    assert (checked.returncode, checked.stderr) == (0, "Drawing charts: 4\n")
    assert checked.stdout.startswith("no problems in 3 pages")
    assert run("check", "--strict", "--root", root).stdout.startswith("no problems in 2 pages")


@pytest.mark.parametrize("path", ["roads", "roads/index", "content/roads/index.md", "/roads/"])
def test_new_page_takes_no_address_that_is_taken(tmp_path: Path, path: str) -> None:
    root = write_project(tmp_path)
    before = tree(root)
    made = run("new", "page", path, "--title", "Roads", "--root", root)
    assert made.returncode == 1
    assert re.fullmatch(r"error: \S+/content/roads/index\.md is there already\n", made.stderr)
    assert tree(root) == before


@pytest.mark.parametrize("path", ["Roads", "../roads", "roads/../../x", "/", "a b", "roads/index/index", "404"])
def test_new_page_must_fit_an_address(tmp_path: Path, path: str) -> None:
    made = run("new", "page", path, "--title", "Roads", "--root", tmp_path / "project")
    assert made.returncode == 2
    assert "e.g. budget/reserves" in made.stderr
    assert list(tmp_path.iterdir()) == []


def test_new_chart_passes_every_check_and_says_what_to_reword(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    made = run("new", "chart", "--dataset", "spending", "--id", "services", "--root", root)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout == (
        f"{root.as_posix()}/content/charts/services.yaml is written: kind bar, y is service, x is amount.\n"
        "Only rows where year is '2024-25' are shown; change 'where' to show others.\n"
        "Now reword its title, 'Planned spending by service, 2024-25': say in one sentence what the chart shows.\n"
        "A page shows it by a chart block with 'use: services'.\n"
    )
    write_project(root, {"content/roads/index.md": ROADS + "\n```chart\nuse: services\n```\n"})
    checked = run("check", "--strict", "--root", root)
    assert (checked.returncode, checked.stderr) == (0, "Drawing charts: 4\n")  # one as on the home page


def test_new_chart_takes_no_name_that_is_taken(tmp_path: Path) -> None:
    root = write_project(tmp_path, {**SMALL, "content/charts/mine.yaml": "mine"})
    before = tree(root)
    words = ("new", "chart", "--dataset", "spending", "--root", root)
    usual = run(*words)
    assert (usual.returncode, "is called 'spending-by-service' already" in usual.stderr) == (1, True)
    for name, said in (("mine", "is there already"), ("roads-by-year", "is called 'roads-by-year' already")):
        made = run(*words, "--id", name)
        assert made.returncode == 1
        assert said in made.stderr
    assert tree(root) == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--dataset", "spendin"), 2, "did you mean 'spending'?"),
        (("--dataset", "spending", "--kind", "pie"), 2, "there is no kind 'pie'; kinds are: bar, "),
        (("--dataset", "spending", "--id", "A b"), 2, "'A b' cannot stand in an address"),
        (("--dataset", "spending", "--kind", "proportion"), 1, "no proportion fits 'spending'; nothing was written"),
    ],
    ids=["dataset", "kind", "id", "unfit"],
)
def test_new_chart_says_what_is_right(tmp_path: Path, words: tuple[str, ...], code: int, said: str) -> None:
    root = write_project(tmp_path)
    made = run("new", "chart", "--root", root, *words)
    assert (made.returncode, said in made.stderr) == (code, True), made.stderr
    assert "Traceback" not in made.stderr
    assert not (root / "content/charts").exists()


def test_new_site_is_built_at_once_and_says_that_its_figures_are_made_up(tmp_path: Path) -> None:
    made = run("new", "site", "ours", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    root = tmp_path / "ours"
    assert {place.name for place in root.iterdir()} == {"content", "netlify.toml", ".gitignore"}
    built = run("build", "--strict", cwd=root)
    assert (built.returncode, built.stderr) == (0, "Drawing charts: 2\n")
    pages = [place.read_text("utf-8") for place in sorted((root / "site").rglob("*.html"))]
    assert len(pages) > 8
    assert [page for page in pages if "All its figures are made up" not in page] == []
    assert "made up" in (root / "site/data/example-library-visits/datapackage.json").read_text("utf-8").lower()


def test_new_site_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    made = run("new", "site", tmp_path)
    assert (made.returncode, list(tree(tmp_path))) == (1, ["mine.txt"])
    assert "is not empty" in made.stderr
