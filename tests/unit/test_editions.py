"""One dataset holds the rows of several papers; a page, a figure and a check each see those of one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from generator.changes import PATH, Change, read_changes, with_change
from generator.corrections import Corrected, corrected, row_named
from generator.datasets import Dataset
from generator.diagnostics import Diagnostic, Location
from generator.editions import chosen, edition_of, view
from generator.extracts import read_dataset
from generator.paths import OutputPath
from tests.conftest import GOLDEN, Builder, codes, mini_templates

FOLDER = GOLDEN / "editions" / "in" / "content"
EXTRACT = (FOLDER / "data" / "parks.csv").read_bytes()


def parks() -> Dataset:
    sidecar = (FOLDER / "data" / "parks.yaml").read_text("utf-8")
    found = read_dataset("parks", ("content/data/parks.yaml", sidecar), ("content/data/parks.csv", EXTRACT))
    assert found.value is not None
    return found.value


def files() -> dict[str, str | bytes]:
    found = {f"content/{file.relative_to(FOLDER).as_posix()}": file.read_bytes() for file in FOLDER.rglob("*.*")}
    return {**mini_templates(), **found}


@pytest.mark.parametrize(("paper", "rows"), [("report", 2), ("later", 2), ("third", 0)])
def test_edition_holds_the_rows_of_its_paper(paper: str, rows: int) -> None:
    assert len(edition_of(parks(), paper).rows) == rows


@pytest.mark.parametrize(("paper", "shown"), [("report", "report"), ("later", "later"), ("", "later"), ("x", "later")])
def test_page_shows_the_edition_of_its_paper_or_else_the_newest(paper: str, shown: str) -> None:
    found = view(parks(), paper)
    assert (found.place.paper, found.period) == (shown, {"report": "Quarter 4 2023/24"}.get(shown, "Quarter 1 2024/25"))


@pytest.mark.parametrize(
    ("named", "rows", "paper"), [([], 2, "later"), (["report"], 2, "report"), (["report", "later"], 4, "later")]
)
def test_filter_that_names_editions_chooses_them(named: list[str], rows: int, paper: str) -> None:
    found = chosen(parks(), named, "")
    assert (len(found.rows), found.place.paper) == (rows, paper)


def test_words_about_an_older_report_than_the_figures_stop_the_build(built: Builder) -> None:
    page = (FOLDER / "index.md").read_text("utf-8")
    older = page.replace("commentary_for: later", "commentary_for: report")
    assert codes(built(files())) == []
    assert codes(built({**files(), "content/index.md": older})) == ["old-commentary"]


def test_page_bound_to_a_report_keeps_its_figures_and_words_when_another_comes(built: Builder) -> None:
    made = built(files())
    shown = made.files[OutputPath("then/index.html")].decode()
    assert "1,200</a> visits" in shown
    assert "Quarter 4 2023/24" in shown
    assert "1,300" not in shown


def test_row_is_named_by_its_key_in_the_newest_edition() -> None:
    found = row_named(parks(), "park=North")
    assert not isinstance(found, str)
    assert found.line == 4


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("North", "name the row as 'column=value; column=value', with published_in, park"),
        ("prk=North", "has no column 'prk'; did you mean 'park'?"),
        ("park=Nort", "no row has 'Nort' in 'park'; did you mean 'North'?"),
        ("published_in=report", "2 rows fit; name also park"),
    ],
)
def test_row_that_cannot_be_told_is_refused_with_a_remedy(key: str, words: str) -> None:
    found = row_named(parks(), key)
    assert isinstance(found, str)
    assert words in found


def change(key: str, value: str, *, marked: bool = False) -> Corrected | Diagnostic:
    row = row_named(parks(), key)
    assert not isinstance(row, str)
    return corrected(parks(), row, "visits", value, EXTRACT, marked=marked)


def test_correction_changes_one_cell_and_no_other_byte() -> None:
    made = change("published_in=report; park=South", "859")
    assert isinstance(made, Corrected)
    assert made.data == EXTRACT.replace(b"South,860", b"South,859")
    assert (made.old, made.new, made.key, made.paper) == ("860", "859", "report | South", "report")


def test_revised_figure_carries_its_mark_and_an_old_mark_is_kept_in_the_record() -> None:
    made = change("park=North", "1301", marked=True)
    assert isinstance(made, Corrected)
    assert (made.old, made.new) == ("1300 [r]", "1301 [r]")


@pytest.mark.parametrize(
    ("value", "code"), [("1300 [r]", "same-value"), ("many", "bad-number"), ("13.5", "bad-number")]
)
def test_value_that_the_dataset_cannot_hold_is_refused(value: str, code: str) -> None:
    made = change("park=North", value)
    assert isinstance(made, Diagnostic)
    assert made.code == code


def test_record_is_read_back_as_it_was_written() -> None:
    datasets: Mapping[str, Dataset] = {"parks": parks()}
    first = read_changes((FOLDER / "changes.csv").read_bytes(), datasets)
    assert first.problems == ()
    data: bytes | None = None
    for entry in first.value:
        data = with_change(data, entry)
    assert data == (FOLDER / "changes.csv").read_bytes()
    assert isinstance(first.value[0], Change)


def test_record_with_other_columns_is_refused() -> None:
    found = read_changes(b"date,dataset\n", {})
    assert [(problem.code, problem.at) for problem in found.problems] == [("bad-record", Location(PATH, 1, 1))]
