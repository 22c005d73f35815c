"""A raw file becomes a dataset that the editor completes; files in another form are put right on request."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.command import SMALL, run, tree, write_project

RAW = "District;Places offered;Spend (£000);;\r\nAshford;1200;£4.5k;;\r\nDover;[x];(2.5);;\r\n\r\nTotal;1200;2.0;;\r\n"
PAGE = """
```table
id: places-table
data: haf-places
columns: [district, places_offered, spend_000]
title: Places
```
"""


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Return a file as a spreadsheet program wrote it, outside of any project."""
    place = tmp_path / "HAF places.csv"
    place.write_bytes(RAW.encode("utf-8-sig"))
    return place


def test_new_dataset_is_right_once_the_empty_keys_are_filled_in(raw: Path, tmp_path: Path) -> None:
    files = {**SMALL, "content/roads/index.md": SMALL["content/roads/index.md"] + PAGE}
    root = write_project(tmp_path / "project", files)
    made = run("new", "dataset", raw, "--root", root, "--paper", "budget-2024")
    assert made.returncode == 0, made.stderr
    assert "note[csv-normalised]: the columns are parted by semicolons" in made.stderr
    assert "column 'spend_000' (Spend (£000)): numbers in £ thousand, as the heading says\n" in made.stdout
    assert "line 5: 'Total' is the total of 2 rows; it stands in the sidecar now\n" in made.stdout
    assert made.stdout.endswith("11 places are left for you: 'transparency check' names each\n")
    extract, sidecar = root / "content/data/haf-places.csv", root / "content/data/haf-places.yaml"
    assert extract.read_bytes() == b"district,places_offered,spend_000\nAshford,1200,4.5\nDover,[x],-2.5\n"

    unfinished = run("check", "--root", root)
    assert unfinished.returncode == 1
    places = set(
        re.findall(r"^content/data/haf-places\.yaml:(\d+):\d+: error\[missing-key\]", unfinished.stderr, re.MULTILINE)
    )
    assert len(places) == 11
    assert set(re.findall(r"error\[([a-z-]+)\]", unfinished.stderr)) == {"missing-key"}

    text = sidecar.read_text("utf-8").replace("phase:", "phase: approved").replace("geography:", "geography: council")
    text = text.replace("period_type:", "period_type: quarter").replace("basis:", "basis: level")
    text = text.replace("period:", "period: 2023-24")
    words = "What an editor says of this part of the table."
    sidecar.write_text(
        re.sub(r"^( *(?:title|description|item):)$", rf"\1 {words} {words}", text, flags=re.MULTILINE), "utf-8"
    )
    finished = run("check", "--strict", "--root", root)
    assert (finished.returncode, finished.stderr) == (0, "Drawing charts: 4\n")
    assert "2 datasets and 2 checks" in finished.stdout


def test_new_dataset_has_help_with_an_example() -> None:
    made = run("new", "dataset", "--help")
    assert made.returncode == 0
    assert "Example: transparency new dataset " in made.stdout


@pytest.mark.parametrize("taken", ["csv", "yaml"])
def test_new_dataset_overwrites_nothing(raw: Path, tmp_path: Path, taken: str) -> None:
    root = write_project(tmp_path / "project", {f"content/data/haf-places.{taken}": "mine"})
    before = tree(root)
    made = run("new", "dataset", raw, "--root", root)
    assert made.returncode == 1
    assert f"haf-places.{taken} is there already" in made.stderr
    assert tree(root) == before
    assert run("new", "dataset", raw, "--root", root, "--id", "other").returncode == 0


def test_new_dataset_of_a_file_that_is_no_table_writes_nothing(tmp_path: Path) -> None:
    raw = tmp_path / "book.xlsx"
    raw.write_bytes(b"PK\x03\x04")
    made = run("new", "dataset", raw, "--root", tmp_path / "project")
    assert made.returncode == 1
    assert "error[csv-encoding]: this is the file of a spreadsheet program, not CSV" in made.stderr
    assert made.stderr.endswith("1 error; nothing was written\n")
    assert not (tmp_path / "project").exists()


@pytest.mark.parametrize("words", [["--id", "../other"], ["--id", "Other"], []], ids=["outside", "capital", "no name"])
def test_name_of_a_new_dataset_must_fit_an_address(tmp_path: Path, words: list[str]) -> None:
    raw = tmp_path / "£.csv"
    raw.write_text("a,b\n1,2\n", "utf-8")
    made = run("new", "dataset", raw, "--root", tmp_path / "project", *words)
    assert made.returncode == 2
    assert "cannot stand in an address" in made.stderr
    assert not (tmp_path / "project").exists()


ODD = SMALL["content/data/spending.csv"].replace("120.5", '"£120.5m"').replace(",", ";")


def test_note_never_fails_a_check_and_fix_writes_the_plain_form(tmp_path: Path) -> None:
    root = write_project(tmp_path, {**SMALL, "content/data/spending.csv": ODD})
    noted = run("check", "--strict", "--root", root)
    assert noted.returncode == 0
    assert noted.stderr.count("note[csv-normalised]") == 2
    assert "2 notes in 2 pages" in noted.stderr
    fixed = run("check", "--fix", "--root", root)
    assert (fixed.returncode, fixed.stderr) == (0, "")
    assert fixed.stdout.startswith("content/data/spending.csv: written in the plain form\nno problems in 2 pages")
    assert (root / "content/data/spending.csv").read_text("utf-8") == SMALL["content/data/spending.csv"]
    assert sorted(place.name for place in (root / "content/data").iterdir()) == ["spending.csv", "spending.yaml"]
    again = run("check", "--fix", "--root", root)
    assert again.stdout.startswith("no problems")


def test_fix_leaves_a_file_alone_in_which_anything_is_refused(tmp_path: Path) -> None:
    root = write_project(tmp_path, {**SMALL, "content/data/spending.csv": ODD.replace("131.5", "1,5")})
    before = (root / "content/data/spending.csv").read_bytes()
    assert run("check", "--fix", "--root", root).returncode == 1
    assert (root / "content/data/spending.csv").read_bytes() == before


TOTAL = "totals:\n  - {id: all, label: All, where: {year: 2023-24}, printed: [{amount: 150.5}]}\n"
SUMMED = SMALL["content/data/spending.yaml"] + TOTAL
NEEDLESS = "acknowledged:\n  - {check: all, at: {}, difference: 1, class: unexplained, reason: Nobody says why.}\n"


def test_fix_removes_an_acknowledgement_that_is_no_longer_needed(tmp_path: Path) -> None:
    root = write_project(tmp_path, {**SMALL, "content/data/spending.yaml": SUMMED + NEEDLESS})
    warned = run("check", "--root", root)
    assert "warning[needless-acknowledgement]" in warned.stderr
    assert "'transparency check --fix' does so" in warned.stderr
    fixed = run("check", "--fix", "--root", root)
    assert (fixed.returncode, fixed.stderr) == (0, "")
    assert fixed.stdout.startswith(
        "content/data/spending.yaml: an acknowledgement that is no longer needed, removed\nno problems"
    )
    assert (root / "content/data/spending.yaml").read_text("utf-8") == SUMMED


def test_fix_keeps_acknowledgements_while_anything_is_refused(tmp_path: Path) -> None:
    extract = SMALL["content/data/spending.csv"].replace("120.5", "n/a")
    files = {**SMALL, "content/data/spending.yaml": SUMMED + NEEDLESS, "content/data/spending.csv": extract}
    root = write_project(tmp_path, files)
    assert run("check", "--fix", "--root", root).returncode == 1
    assert (root / "content/data/spending.yaml").read_text("utf-8") == SUMMED + NEEDLESS


def test_line_of_a_file_in_another_encoding_is_quoted_as_it_was_read(tmp_path: Path) -> None:
    root = write_project(tmp_path, {**SMALL})
    text = SMALL["content/data/spending.csv"].replace("Parks", "Café").replace("30\n", "n/a\n")
    (root / "content/data/spending.csv").write_bytes(text.encode("utf-16"))
    made = run("check", "--root", root)
    assert made.returncode == 1
    assert "  3 | 2023-24,Café,n/a\n    |              ^^^\n" in made.stderr


BUDGET = """\
Theme;Year;Budget;Spent;% spent;Of which pay;Share of core (%);Share of grants (%)
Sport;2021-22;£1200.0k;£1100.0k;91.7;£300.0k;60;40
Arts;2022-23;£800.0k;£400.0k;50.0;£120.5k;55;45
Youth;2023-24;£950.0k;£900.0k;94.7;£900.0k;30;70
"""
PART = (
    '{id: of-which-pay-as-part-of-spent, kind: subset, label: "Of which pay, as part of Spent", part: of_which_pay, '
    "whole: spent}"
)
HUNDRED = (
    '{id: shares-of-each-row, kind: hundred, label: "Shares of each row", by: [year], shares: [upheld, not_upheld]}'
)


@pytest.mark.parametrize(
    ("raw", "said", "declared"),
    [
        pytest.param(
            BUDGET,
            3,
            [
                '{id: spent, kind: share, label: "% spent", share: spent_2, part: spent, whole: budget}',
                PART,
            ],
            id="a share and a part",
        ),
        pytest.param(
            "Year;Upheld (%);Not upheld (%)\n2021-22;44;56\n2022-23;49;51\n2023-24;48;52\n",
            3,
            [
                "{id: year, kind: series, label: Year, series: year}",
                HUNDRED,
            ],
            id="years and shares along a row",
        ),
        pytest.param(
            "Method;Share (%)\nLetter;20\nTelephone;30\nOnline;50\n",
            1,
            ['{id: share, kind: hundred, label: "Share (%)", shares: share}'],
            id="shares down a column",
        ),
        pytest.param(
            BUDGET.replace("91.7", "92.7").replace("300.0", "1300.0"),
            0,
            [],
            id="what differs in one row is not proposed",
        ),
        pytest.param(
            "Year;Upheld (%);Not upheld (%)\n2019-20;44;56\n2022-23;49;50\n2023-24;48;50\n",
            0,
            [],
            id="a gap in the years and shares that miss 100",
        ),
    ],
)
def test_new_dataset_declares_the_checks_that_hold_in_all_rows(
    tmp_path: Path, raw: str, said: int, declared: list[str]
) -> None:
    place = tmp_path / "budget.csv"
    place.write_text(raw, "utf-8")
    made = run("new", "dataset", place, "--root", tmp_path)
    assert made.returncode == 0, made.stderr
    text = (tmp_path / "content/data/budget.yaml").read_text("utf-8")
    checks = text.partition("\nchecks:\n")[2]
    assert checks.splitlines() == [f"  - {entry}" for entry in declared]
    found = re.findall("^a check that holds in (.+?): ", made.stdout, re.MULTILINE)
    assert len(found) == len(declared)
    assert (f"all {said} places" if said > 1 else "its one place") in found or not said
    assert ("'transparency audit budget' finds what holds mostly" in made.stdout) != bool(declared)
