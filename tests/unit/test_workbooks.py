"""Tables are read from workbooks, CSV and pasted text alike, each cell with the place where an editor finds it."""

from __future__ import annotations

import pytest

from generator.papers import Said, said_by
from generator.workbooks import Line, header_of, read_tables
from tests.workbook import ods, xlsx

TABLE: list[list[str | float | None]] = [
    ["Parks in spring"],
    [],
    ["Park", "Visits", "Share"],
    ["North", 1310.0, 0.1 + 0.2],
    ["South & East", None, "-"],
]
CSV = "Parks in spring,,\n,,\nPark,Visits,Share\nNorth,1310,0.3\nSouth & East,,-\n"
PASTED = "Parks in spring\n\nPark    Visits   Share\nNorth   1310   0.3\nSouth & East   -\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("parks.xlsx", xlsx({"Quarter": TABLE})),
        ("parks.ods", ods({"Quarter": TABLE})),
        ("parks.csv", CSV.encode()),
        ("parks.txt", PASTED.encode()),
    ],
    ids=["xlsx", "ods", "csv", "pasted"],
)
def test_every_kind_of_file_gives_the_same_rows(name: str, data: bytes) -> None:
    found = read_tables(name, data)
    assert found.problems == ()
    (sheet,) = found.value
    header = header_of(sheet, ["park", "visits"])
    assert header is not None
    assert (header.number, header.cells) == (3, ("Park", "Visits", "Share"))
    assert next(line for line in sheet.lines if line.number == 4).cells == ("North", "1310", "0.3")


def test_place_of_a_cell_is_named_as_the_spreadsheet_names_it() -> None:
    (sheet,) = read_tables("parks.xlsx", xlsx({"Quarter": TABLE})).value
    line = next(line for line in sheet.lines if line.number == 4)
    assert sheet.place(line, 1) == "parks.xlsx, sheet Quarter, cell B4"
    assert sheet.row_place(line) == "sheet Quarter, row 4"


def test_place_in_a_file_of_text_is_its_line() -> None:
    (sheet,) = read_tables("parks.txt", PASTED.encode()).value
    assert sheet.place(sheet.lines[2], 1) == "parks.txt, line 4, column 2"


def test_empty_sheets_are_no_tables() -> None:
    found = read_tables("parks.xlsx", xlsx({"Empty": [], "Quarter": TABLE})).value
    assert [sheet.name for sheet in found] == ["Quarter"]


def test_row_of_headings_is_the_one_that_has_most_of_the_names() -> None:
    (sheet,) = read_tables("parks.xlsx", xlsx({"Quarter": TABLE})).value
    assert header_of(sheet, ["nothing"]) is None
    assert header_of(sheet, ["nothing"], 4) == Line(4, ("North", "1310", "0.3"))


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 200, b"\xd0\xcf\x11\xe0" * 9])
def test_damaged_workbook_is_a_problem_and_no_exception(data: bytes) -> None:
    found = read_tables("parks.xlsx", data)
    assert found.value == ()
    assert [problem.code for problem in found.problems] == ["bad-workbook"]
    assert said_by(data) == Said()


def test_title_and_date_of_a_workbook_are_proposed() -> None:
    data = xlsx({"Quarter": TABLE}, "Parks & lakes", "2024-06-06T09:30:00Z")
    assert said_by(data) == Said("Parks & lakes", "2024-06-06")
