"""Tables say every value in words or digits, and keep the totals that the paper prints for their rows."""

from __future__ import annotations

import pytest

from generator.charts.spec import read_table
from generator.contexts import TableView
from generator.datasets import Dataset
from generator.diagnostics import Diagnostic, Location
from generator.markdown import BlockPart
from generator.positioned import parse_yaml
from generator.tables import block_table, table_notes, whole_table
from tests.conftest import EXTRACT, SIDECAR, parks

LONG = SIDECAR.replace("[park]", "[park, year]").replace(
    "    - {name: visits,",
    "    - {name: year, type: string, title: Year, description: d, role: dimension, unit: year}\n    - {name: visits,",
)
ROWS = "park,year,visits,cost\nNorth,2023,5,1.5\nNorth,2024,6,2.0\nSouth,2023,7,[x]\nSouth,2024,8 [e],3.5\n"
TOTALS = """\
totals:
  - {id: year, label: All parks, by: [year], printed: [{year: "2023", visits: 12}, {year: "2024", visits: 14}]}
  - {id: all, label: All years, printed: [{visits: 26, cost: 7.0}]}
  - {id: north, label: North, where: {park: North}, printed: [{visits: 11}]}
"""


def words(table: TableView) -> list[list[str]]:
    """Return the texts of a table, row by row, totals with a star."""
    return [["*" * row.total + row.cells[0].text, *(cell.text for cell in row.cells[1:])] for row in table.rows]


def made(yaml: str, dataset: Dataset) -> tuple[TableView | None, list[Diagnostic]]:
    block = BlockPart("table", parse_yaml(f"id: t\ndata: parks\ntitle: T\n{yaml}", "a.md").value, Location("a.md", 3))
    problems: list[Diagnostic] = []
    spec = read_table(block, problems)
    assert problems == []
    return block_table(spec, dataset, problems), problems


def table(yaml: str = "", extract: str = ROWS, sidecar: str = LONG + TOTALS) -> TableView:
    found, problems = made(yaml, parks(sidecar, extract))
    assert problems == []
    assert found is not None
    return found


def test_whole_table_has_all_published_columns_and_rows() -> None:
    hidden = SIDECAR.replace(
        "title: Cost, description: Of upkeep., role: measure", "title: C, description: d, role: provenance"
    )
    found = whole_table(parks(hidden))  # fmt: skip
    assert [(column.title, column.unit, column.kind) for column in found.columns] == [
        ("Park", "", "text"),
        ("Visits", "", "number"),
    ]
    assert words(found) == [["North", "1,200"], ["South", "860"], ["West", "not in this paper"]]


def test_cells_know_what_they_are() -> None:
    found = whole_table(parks(SIDECAR.replace("unit: category", "unit: rating"), EXTRACT.replace("North", "Green")))
    assert [(cell.kind, cell.mark, cell.rating) for row in found.rows[:2] for cell in row.cells[:2]] == [
        ("rating", "", "green"),
        ("number", "", ""),
        ("rating", "", ""),
        ("number", "p", ""),
    ]
    assert found.rows[2].cells[1].kind == "missing"


def test_marks_in_a_table_are_explained_once_each() -> None:
    assert table_notes(table()) == ("[e] means estimated.",)
    assert table_notes(table(extract=ROWS.replace(" [e]", ""))) == ()


def test_empty_text_is_said_and_never_blank() -> None:
    assert words(whole_table(parks(extract="park,visits,cost\n,1,2\n")))[0][0] == "not in this paper"


def test_rows_end_with_the_totals_printed_for_exactly_these_rows() -> None:
    assert words(table())[-1] == ["*All years", "all", "26", "7.0"]
    assert words(table("where: {year: '2023'}"))[-1] == ["*All parks", "all", "12", "not in this paper"]
    assert words(table("where: {park: North}"))[-1] == ["*North", "all", "11", "not in this paper"]
    assert words(table("where: {park: South}"))[-1][0] == "South"
    assert words(table("totals: false"))[-1][0] == "South"


def test_total_is_left_out_where_its_column_is_not_shown() -> None:
    assert [row.total for row in table("columns: [park, year]").rows] == [False] * 4


def test_no_cell_of_a_total_row_is_blank() -> None:
    described = LONG.replace(
        "    - {name: cost,",
        "    - {name: remark, type: string, title: Remark, description: d, role: measure, unit: text}\n"
        "    - {name: cost,",
    )
    extract = "park,year,visits,remark,cost\nNorth,2023,5,a,1.5\nNorth,2024,6,b,2.0\n"
    totals = "totals:\n  - {id: north, label: North, printed: [{visits: 11}]}\n"
    last = words(table(extract=extract, sidecar=described + totals))[-1]
    assert last == ["*North", "all", "11", "not applicable", "not in this paper"]


@pytest.mark.parametrize(
    ("title", "more", "said"),
    [
        ("People", "of: visits", "visits"),
        ("Number of visits", "of: visits", ""),
        ("VISITS", "of: visits", ""),
        ("People", "of: visits, scale: thousand", "visits, thousands"),
        ("Visits", "of: visits, scale: thousand", "thousands"),
        ("People", "", "number"),
        ("Number", "", ""),
    ],
)
def test_heading_says_what_is_counted_once(title: str, more: str, said: str) -> None:
    count = "unit: count" + (f", {more}" if more else "")
    sidecar = SIDECAR.replace("title: Visits,", f"title: {title},").replace("unit: count, of: visits", count)
    assert [(column.title, column.unit) for column in whole_table(parks(sidecar)).columns][1] == (title, said)


def test_columns_stand_in_the_order_of_the_author() -> None:
    assert [column.title for column in table("columns: [cost, park]").columns] == ["Cost", "Park"]


def test_pivot_puts_values_across_and_says_gaps() -> None:
    found = table("rows: park\npivot: year\nvalues: visits", ROWS.replace("South,2023,7,[x]\n", ""), LONG)
    assert [column.title for column in found.columns] == ["Park", "2023", "2024"]
    assert [column.kind for column in found.columns] == ["text", "number", "number"]
    assert words(found) == [["North", "5", "6"], ["South", "not applicable", "8"]]


def test_pivot_has_the_totals_printed_for_every_one_of_its_columns() -> None:
    assert words(table("rows: park\npivot: year\nvalues: visits"))[-1] == ["*All parks", "12", "14"]
    assert not any(row.total for row in table("rows: park\npivot: year\nvalues: cost").rows)
    assert not any(row.total for row in table("rows: park\npivot: year\nvalues: visits\nwhere: {park: North}").rows)


@pytest.mark.parametrize(
    ("yaml", "code"),
    [
        ("columns: [park, vists]", "unknown-column"),
        ("where: {prk: North}", "unknown-column"),
        ("where: {park: Nroth}", "unknown-row"),
        ("where: {park: []}", "empty-table"),
        ("rows: park\npivot: park\nvalues: visits", "repeated-category"),
    ],
)
def test_table_of_what_is_not_there_is_reported(yaml: str, code: str) -> None:
    found, problems = made(yaml, parks(LONG, ROWS))
    assert found is None
    assert [problem.code for problem in problems] == [code]
