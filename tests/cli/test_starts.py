"""Pages, charts and whole sites are begun by the command, pass every check at once, and overwrite nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.command import CHECKOUT, SMALL, run, tree, write_project

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


PLAIN = {
    "content/site.yaml": SMALL["content/site.yaml"].replace("/roads/, ", ""),
    "content/sources.yaml": SMALL["content/sources.yaml"],
    "content/index.md": SMALL["content/index.md"].partition("## ")[0] + "Nothing is drawn here.\n",
}
POTHOLES = ("potholes", "--title", "Potholes in time", "--polarity", "higher", "--target", "90")
WAITING = ("waiting", "--title", "People, waiting", "--polarity", "lower", "--unit", "count", "--of", "people")
FIRST = ("--item", "Item 8", "--period", "Quarter 1 2024/25")


def test_first_indicator_begins_a_dataset_and_the_next_joins_it(tmp_path: Path) -> None:
    root = write_project(tmp_path, PLAIN)
    made = run("new", "indicator", *POTHOLES, *FIRST, "--root", root)
    assert (made.returncode, made.stderr) == (0, "")
    assert "'potholes' joins 'indicators'. Marked [x], not in the paper: rating, value, floor.\n" in made.stdout
    assert run("check", "--strict", "--root", root).stdout.startswith("no problems in 2 pages, 1 dataset and 0 checks")
    said = ("--value", "12", "--floor", "20", "--target", "10", "--set", "rating=Amber")
    assert run("new", "indicator", *WAITING, *said, "--root", root).returncode == 0
    assert (root / "content/data/indicators.csv").read_text("utf-8").splitlines()[1:] == [
        "budget-2024,potholes,Potholes in time,[x],[x],90,[x],percent,[z],Higher is better,At or above,At or above",
        'budget-2024,waiting,"People, waiting",Amber,12,10,20,count,people,Lower is better,At or below,At or below',
    ]
    checked = run("check", "--strict", "--root", root)
    assert checked.stdout.startswith("no problems in 2 pages, 1 dataset and 1 check (agrees: 1)")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("A b", *POTHOLES[1:], *FIRST), 2, "'A b' is no short name"),
        ((*POTHOLES, "--item", "Item 8"), 2, "give --period"),
        ((*POTHOLES, *FIRST, "--paper", "budget"), 2, "did you mean 'budget-2024'?"),
        ((*POTHOLES, *FIRST, "--set", "ratin=Red"), 2, "did you mean 'rating'?"),
        ((*POTHOLES, *FIRST, "--floor", "80%", "--unit", "count"), 1, "error; nothing was written"),
        ((*POTHOLES, *FIRST, "--set", "rating=Red", "--value", "95"), 1, "error[rating-differs]"),
        ((*POTHOLES, *FIRST, "--dataset", "index"), 1, "content/index.md is there already; choose another"),
    ],
    ids=["id", "period", "paper", "column", "figure", "rating", "dataset"],
)
def test_first_indicator_says_what_is_right(tmp_path: Path, words: tuple[str, ...], code: int, said: str) -> None:
    root = write_project(tmp_path, PLAIN)
    before = tree(root)
    made = run("new", "indicator", *words, "--root", root)
    assert (made.returncode, said in made.stderr) == (code, True), made.stderr
    assert "Traceback" not in made.stderr
    assert tree(root) == before


def test_words_of_an_indicator_take_their_own_option_and_a_limit_may_be_met_beyond_it_only(tmp_path: Path) -> None:
    root = write_project(tmp_path, PLAIN)
    words = ("new", "indicator", *POTHOLES, *FIRST, "--root", root)
    for column, option in (("target=91", "--target"), ("polarity=Lower is better", "--polarity"), ("id=a", "ID")):
        made = run(*words, "--set", column)
        assert (made.returncode, f"is filled by {option}" in made.stderr) == (2, True), made.stderr
    assert run(*words, "--set", "target_met=Above").returncode == 0
    row = (root / "content/data/indicators.csv").read_text("utf-8").splitlines()[-1]
    assert row == "budget-2024,potholes,Potholes in time,[x],[x],90,[x],percent,[z],Higher is better,Above,At or above"


def test_first_indicator_waits_while_a_mistake_may_hide_the_dataset_that_it_belongs_to(tmp_path: Path) -> None:
    root = write_project(tmp_path, PLAIN)
    assert run("new", "indicator", *POTHOLES, *FIRST, "--root", root).returncode == 0
    sidecar = root / "content/data/indicators.yaml"
    sidecar.write_text(sidecar.read_text("utf-8").replace("target-and-floor", "target-and-flor"), "utf-8")
    before = tree(root)
    made = run("new", "indicator", *WAITING, *FIRST, "--dataset", "others", "--root", root)
    assert (made.returncode, "did you mean 'target-and-floor'?" in made.stderr) == (1, True), made.stderr
    assert made.stderr.endswith("error: 1 error; nothing was written\n")
    assert tree(root) == before


def test_indicator_joins_the_real_indicators_with_its_figures_in_their_own_dataset(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT / "content", tmp_path / "content")
    data = tmp_path / "content" / "data"
    words = ("new", "indicator", *POTHOLES, "--root", tmp_path)
    more = run(*words, "--dataset", "kpi-scorecard")
    assert (more.returncode, "--set section=… --set short_name=…" in more.stderr) == (2, True), more.stderr
    cells = {"section": "Environment and Transport", "short_name": "Potholes", "detail": "d", "period": "p"}
    told = [word for column, text in {**cells, "basis": "level"}.items() for word in ("--set", f"{column}={text}")]
    made = run(*words, "--dataset", "kpi-scorecard", *told)
    assert (made.returncode, made.stderr) == (0, "")
    assert (
        (data / "kpi-scorecard.csv")
        .read_text("utf-8")
        .splitlines()[-1]
        .startswith("council-2024-07,potholes,Environment and Transport,Potholes in time,Potholes,[x],")
    )
    assert (data / "kpi-values-targets-floors.csv").read_text("utf-8").splitlines()[-1] == (
        "council-2024-07,potholes,Potholes in time,target,At or above,p,90,percent,[z],level,[z]"
    )


def test_indicator_joins_neither_twice_nor_another_dataset_nor_a_report_that_was_reviewed(tmp_path: Path) -> None:
    root = write_project(tmp_path, PLAIN)
    run("new", "indicator", *POTHOLES, *FIRST, "--root", root)
    sidecar = root / "content/data/indicators.yaml"
    text = sidecar.read_text("utf-8")
    sidecar.write_text(text.replace("  - {paper: budget-2024}", "  - {paper: budget-2024, digest: abc}"), "utf-8")
    before = tree(root)
    for words, code, said in (
        (POTHOLES, 1, "'potholes' is in content/data/indicators.csv already"),
        ((*WAITING, "--dataset", "indicator"), 2, "did you mean 'indicators'?"),
        (WAITING, 1, "through 'transparency import'"),
    ):
        made = run("new", "indicator", *words, "--root", root)
        assert (made.returncode, said in made.stderr) == (code, True), made.stderr
    assert tree(root) == before


def test_new_site_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    made = run("new", "site", tmp_path)
    assert (made.returncode, list(tree(tmp_path))) == (1, ["mine.txt"])
    assert "is not empty" in made.stderr
