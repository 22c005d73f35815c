"""Extracts are read cell by cell; nothing is guessed, and every bad cell is named."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from generator.extracts import plain_extract, read_dataset
from generator.intake import MAX_BYTES, MAX_ROWS
from generator.quantities import Quantity
from tests.conftest import EXTRACT, SIDECAR, parks, read_parks


def problems(extract: str | bytes, sidecar: str = SIDECAR) -> list[tuple[str, int, int]]:
    """Return code, line and column of every problem."""
    return [(p.code, p.at.line, p.at.column) for p in read_parks(sidecar, extract).problems]


def with_constraints(column: str, constraints: str) -> str:
    """Return the sidecar with constraints on a column."""
    lines = [
        line[:-1] + f", constraints: {{{constraints}}}}}" if f"name: {column}," in line else line
        for line in SIDECAR.splitlines()
    ]
    return "\n".join(lines) + "\n"


def test_rows_are_typed_and_know_their_lines() -> None:
    found = parks()
    assert [row.line for row in found.rows] == [2, 3, 4]
    assert found.rows[1].values == ("South", Quantity(Decimal(860), "p"), Quantity(Decimal("-3.1")))
    assert found.csv_path == "content/data/parks.csv"


@pytest.mark.parametrize(
    "extract",
    [EXTRACT.replace("\n", "\r\n"), EXTRACT.rstrip("\n"), EXTRACT.replace("North", '"North"')],
    ids=["crlf", "no last newline", "quoted"],
)
def test_ways_of_writing_plain_csv_give_the_same_rows(extract: str) -> None:
    assert parks(extract=extract).rows == parks().rows


NORMALISED: dict[str, tuple[str | bytes, str]] = {
    "byte-order mark": ("\ufeff" + EXTRACT, "1:1 the file is UTF-8 with a byte-order mark and was read as such"),
    "UTF-16": (EXTRACT.encode("utf-16"), "1:1 the file is UTF-16 and was read as such"),
    "semicolons": (EXTRACT.replace(",", ";"), "1:1 the columns are parted by semicolons and were read so"),
    "tabs": (EXTRACT.replace(",", "\t"), "1:1 the columns are parted by tabs and were read so"),
    "blank row": (EXTRACT.replace("South", "\nSouth"), "3:1 1 row without any value was left out"),
    "blank rows": (
        "\n" + EXTRACT.replace("South", ",,\n  ,\nSouth"),
        "1:1 3 rows without any value were left out",
    ),
    "cells beyond": (
        EXTRACT.replace("\n", ",,\n"),
        "1:1 4 rows with empty cells beyond the last column, which were left out",
    ),
    "padded header": (
        EXTRACT.replace("visits", " visits\u00a0"),
        "1:6 1 cell with spaces around the text; ' visits\u00a0' was read as 'visits'",
    ),
    "padded text": (
        EXTRACT.replace("North", "North ").replace("West", " West"),
        "2:1 2 cells with spaces around the text; the first, 'North ', was read as 'North'",
    ),
    "padded number": (
        EXTRACT.replace("1200", " 1200"),
        "2:7 1 cell with spaces around the text; ' 1200' was read as '1200'",
    ),
    "thousands": (
        EXTRACT.replace("1200", '"1,200"'),
        "2:7 1 cell with thousands separators; '1,200' was read as '1200'",
    ),
    "thin space": (
        EXTRACT.replace("1200", "1\u2009200"),
        "2:7 1 cell with thousands separators; '1\u2009200' was read as '1200'",
    ),
    "sign of the unit": (
        EXTRACT.replace("24.5", "£24.5k"),
        "2:12 1 cell with the sign of the unit; '£24.5k' was read as '24.5'",
    ),
    "brackets": (
        EXTRACT.replace("-3.1", "(3.1)"),
        "3:15 1 cell with a negative number in another form; '(3.1)' was read as '-3.1'",
    ),
    "true minus": (
        EXTRACT.replace("-3.1", "\N{MINUS SIGN}3.1"),
        "3:15 1 cell with a negative number in another form; '−3.1' was read as '-3.1'",
    ),
    "no-break space": (
        EXTRACT.replace("860 [p]", "860\u2009\u2009[p] "),
        "3:7 1 cell with spaces around the text; '860\u2009\u2009[p] ' was read as '860\u2009\u2009[p]'",
    ),
}


@pytest.mark.parametrize(("extract", "note"), NORMALISED.values(), ids=NORMALISED)
def test_other_way_of_writing_gives_the_same_rows_and_a_note(extract: str | bytes, note: str) -> None:
    found = read_parks(extract=extract)
    assert found.value is not None
    assert [row.values for row in found.value.rows] == [row.values for row in parks().rows]
    assert [(p.code, p.severity.value) for p in found.problems] == [("csv-normalised", "note")]
    assert [f"{p.at.line}:{p.at.column} {p.message}" for p in found.problems] == [note]


@pytest.mark.parametrize(("extract", "note"), NORMALISED.values(), ids=NORMALISED)
def test_extract_written_in_the_plain_form_is_silent_and_says_the_same(extract: str | bytes, note: str) -> None:
    data = extract.encode() if isinstance(extract, str) else extract
    path = "content/data/parks.csv"
    fixed = plain_extract("parks", ("content/data/parks.yaml", SIDECAR), (path, data))
    assert fixed is not None, note
    again = read_parks(extract=fixed)
    assert again.problems == ()
    assert again.value is not None
    assert again.value.rows == parks().rows
    assert plain_extract("parks", ("content/data/parks.yaml", SIDECAR), (path, fixed)) is None


@pytest.mark.parametrize(
    "extract",
    ["\ufeff" + EXTRACT.replace("1200", "n/a"), "\ufeffpark,visits\nNorth,1\n", "\ufeff", '\ufeffpark,"'],
    ids=["bad cell", "column missing", "empty", "no CSV"],
)
def test_extract_with_anything_refused_is_not_written_anew(extract: str) -> None:
    sidecar = ("content/data/parks.yaml", SIDECAR)
    assert plain_extract("parks", sidecar, ("content/data/parks.csv", extract.encode())) is None
    assert plain_extract("parks", (sidecar[0], "name: ["), ("content/data/parks.csv", b"\xef\xbb\xbfpark")) is None


def test_cell_in_several_dresses_is_noted_once_for_each() -> None:
    found = read_parks(extract=EXTRACT.replace("-3.1", '"(£3,100.0k)"'))
    assert [p.message.partition(";")[0] for p in found.problems] == [
        "1 cell with thousands separators",
        "1 cell with the sign of the unit",
        "1 cell with a negative number in another form",
    ]


def test_note_offers_to_mend_the_file_only_when_nothing_in_it_is_refused() -> None:
    fixable, refused = EXTRACT.replace("1200", '"1,200"'), EXTRACT.replace("1200", '"1,200"').replace("860", "n/a")
    assert "check --fix" in read_parks(extract=fixable).problems[0].hint
    assert [p.hint for p in read_parks(extract=refused).problems if p.code == "csv-normalised"] == ["nothing is lost"]


def test_newline_inside_a_quoted_text_is_kept() -> None:
    found = parks(extract=EXTRACT.replace("North", '"North\nof the river"'))
    assert found.text(found.rows[0], "park") == "North\nof the river"


def test_record_that_spans_lines_is_placed_where_it_begins() -> None:
    text = 'park,visits,cost\n"No\nrth",1,2\nSouth,bad,2\n'
    assert problems(text) == [("bad-number", 4, 7)]


@pytest.mark.parametrize(
    ("extract", "problem"),
    [
        ("", ("csv-header", 0, 0)),
        ("park,visits,costs\n", ("unknown-column", 1, 13)),
        ("park,visits\n", ("missing-column", 14, 14)),
        ("park,visits,cost,cost\n", ("csv-header", 1, 18)),
        ("park,visits,cost,\nA,1,2,3\n", ("csv-header", 1, 18)),
        ("Park,visits,cost\n", ("unknown-column", 1, 1)),
        ("park;vsits;cost\n", ("unknown-column", 1, 6)),
        ("park,x;visits;cost\n", ("csv-delimiter", 1, 1)),
    ],
)
def test_header_that_does_not_fit_the_sidecar_is_reported(extract: str, problem: tuple[str, int, int]) -> None:
    assert problem in problems(extract)


def test_columns_may_stand_in_another_order_than_in_the_sidecar() -> None:
    found = parks(extract="visits,park,cost\n1200,North,24.5\n")
    assert [field.name for field in found.fields] == ["visits", "park", "cost"]
    assert found.text(found.rows[0], "park") == "North"


def test_renamed_column_keeps_its_meaning_so_that_all_else_is_checked_in_the_same_run() -> None:
    found = read_parks(SIDECAR, EXTRACT.replace("visits", "vsits")).value
    assert found is not None
    assert found.field("vsits").unit == "count"
    assert "visits" not in found.index


def test_renamed_column_is_suggested_on_both_sides() -> None:
    found = read_parks(extract=EXTRACT.replace("visits", "vsits")).problems
    assert {(p.code, p.at.path, p.hint) for p in found} == {
        ("unknown-column", "content/data/parks.csv", "did you mean 'visits'?"),
        ("missing-column", "content/data/parks.yaml", "did you mean 'vsits'?"),
    }


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("North,1", ("csv-ragged-row", 2, 1)),
        ("North,1,2,3", ("csv-ragged-row", 2, 1)),
        ('North,"1,20",2', ("bad-number", 2, 7)),
        ("North,05-Sep,2", ("spreadsheet-cell", 2, 7)),
        ("North,#REF!,2", ("spreadsheet-cell", 2, 7)),
        ("05-Sep,1,2", ("spreadsheet-cell", 2, 1)),
        ("North,1.5,2", ("bad-number", 2, 7)),
        ("North,,2", ("bad-number", 2, 7)),
        ("North,1,n/a", ("bad-number", 2, 9)),
        ('"a, b",1,n/a', ("bad-number", 2, 10)),
        ('North,"1"x,2', ("csv-syntax", 2, 1)),
        ('North,"1', ("csv-syntax", 2, 1)),
    ],
)
def test_bad_row_is_named(row: str, problem: tuple[str, int, int]) -> None:
    assert problems(f"park,visits,cost\n{row}\n") == [problem]


def test_all_bad_cells_of_a_file_are_reported_at_once() -> None:
    assert [line for _, line, _ in problems("park,visits,cost\nA,x,y\nB,1\nC,2,z\n")] == [2, 2, 3, 4]


def test_file_in_windows_1252_is_read_with_a_warning_at_its_first_character() -> None:
    found = read_parks(extract=EXTRACT.replace("South", "Café").encode("cp1252"))
    assert found.value is not None
    assert found.value.text(found.value.rows[1], "park") == "Café"
    (problem,) = found.problems
    assert (problem.code, problem.severity.value) == ("csv-windows-1252", "warning")
    assert (problem.at.line, problem.at.column) == (3, 4)
    assert "'é' here (latin small letter e with acute)" in problem.message


def test_file_that_is_neither_utf8_nor_windows_1252_is_refused_with_its_line() -> None:
    assert problems("park,visits,cost\nNorth,1,2\nCaf\x81,1,2\n".encode("latin-1")) == [("csv-encoding", 3, 1)]


def test_number_that_may_have_a_decimal_comma_is_refused() -> None:
    (problem,) = read_parks(extract=EXTRACT.replace(",", ";").replace("1200", "1,200")).problems[:1]
    assert (problem.code, problem.at.line, problem.at.column) == ("bad-number", 2, 7)
    assert "two ways" in problem.message
    assert "1200" in problem.hint


def test_sign_must_fit_the_unit_that_stands_in_the_row() -> None:
    sidecar = SIDECAR.replace("unit: gbp-thousand", "unit_from: park")
    found = read_parks(sidecar, "park,visits,cost\npercent,1,5%\ngbp,1,5%\npound,1,5%\n").problems
    assert [(p.code, p.at.line, p.at.column) for p in found] == [
        ("bad-number", 3, 7),
        ("bad-number", 4, 9),
        ("csv-normalised", 2, 11),
        ("unknown-value", 4, 1),
    ]


def test_text_that_a_spreadsheet_may_have_made_is_right_when_the_enum_lists_it() -> None:
    extract = EXTRACT.replace("North", "Jan-24")
    assert [code for code, _, _ in problems(extract)] == ["spreadsheet-cell"]
    assert problems(extract, with_constraints("park", "enum: [Jan-24, South, West]")) == []


def test_total_row_that_was_left_in_is_refused_with_its_line_for_the_sidecar() -> None:
    (problem,) = read_parks(extract=EXTRACT + "Total,2060,28.4\n").problems
    assert (problem.code, problem.at.line) == ("csv-total-row", 5)
    assert "{id: total, label: Total, printed: [{visits: 2060, cost: 28.4}]}" in problem.hint


@pytest.mark.parametrize(
    "extract",
    [b"park,visits,cost\n" + b" " * MAX_BYTES, "park,visits,cost\n" + "A,1,2\n" * MAX_ROWS],
    ids=["bytes", "rows"],
)
def test_file_that_is_too_large_is_refused(extract: str | bytes) -> None:
    assert [code for code, _, _ in problems(extract)] == ["csv-too-large"]


def test_field_of_unreasonable_length_is_refused() -> None:
    found = csv.field_size_limit(131_072)  # that of Python; Frictionless, which other tests import, lifts it
    try:
        assert [code for code, _, _ in problems("park,visits,cost\n" + "A" * 200_000 + ",1,2\n")] == ["csv-syntax"]
    finally:
        csv.field_size_limit(found)


@pytest.mark.parametrize(
    ("column", "constraints", "extract", "code"),
    [
        ("park", "required: true", "park,visits,cost\n,1,2\n", "empty-cell"),
        ("park", "pattern: '^N'", EXTRACT, "bad-value"),
        ("park", "enum: [North, South]", EXTRACT, "bad-value"),
        ("park", "unique: true", EXTRACT.replace("South", "North"), "duplicate-key"),
        ("visits", "minimum: 900", EXTRACT, "bad-value"),
        ("visits", "maximum: 900", EXTRACT, "bad-value"),
    ],
)
def test_constraint_is_checked(column: str, constraints: str, extract: str, code: str) -> None:
    assert code in {found for found, _, _ in problems(extract, with_constraints(column, constraints))}


def test_constraints_that_hold_are_silent() -> None:
    sidecar = with_constraints("visits", "minimum: 0, maximum: 1200, unique: true, required: true")
    assert problems(EXTRACT, sidecar) == []


def test_repeated_key_names_its_first_line() -> None:
    found = read_parks(extract=EXTRACT.replace("West", "North").replace("South", "North")).problems
    assert [(p.code, p.at.line, p.hint) for p in found] == [
        ("duplicate-key", 3, "the first is in line 2"),
        ("duplicate-key", 4, "the first is in line 2"),
    ]


def test_dates_are_iso_dates_or_marks_and_british_ones_are_noted() -> None:
    sidecar = SIDECAR.replace("name: park, type: string", "name: park, type: date").replace("category", "date")
    found = read_parks(sidecar, "park,visits,cost\n2024-02-29,1,2\n[x],1,2\n30/01/2024,1,2\n03/31/2024,1,2\n")
    assert [(p.code, p.at.line, p.at.column) for p in found.problems] == [("bad-date", 5, 1), ("csv-normalised", 4, 1)]
    assert found.value is not None
    assert [found.value.text(row, "park") for row in found.value.rows] == [
        "2024-02-29",
        "[x]",
        "2024-01-30",
        "03/31/2024",
    ]


def test_unit_of_a_row_must_be_a_unit() -> None:
    sidecar = SIDECAR.replace("unit: gbp-thousand", "unit_from: park")
    assert problems("park,visits,cost\ngbp,1,2\npound,1,2\n", sidecar) == [("unknown-value", 3, 1)]


def test_sidecar_without_an_extract_is_reported_with_its_own_mistakes() -> None:
    found = read_dataset("parks", ("content/data/parks.yaml", SIDECAR.replace("phase: reported", "phase: x")), None)
    assert found.value is None
    assert [p.code for p in found.problems] == ["unknown-value", "no-extract"]


def test_unit_from_an_unknown_column_is_a_problem_and_no_crash() -> None:
    assert ("unknown-column", 14, 14) in problems(EXTRACT, SIDECAR.replace("unit: gbp-thousand", "unit_from: uni"))


def test_digits_of_other_scripts_are_no_plain_number() -> None:
    assert [code for code, _, _ in problems(EXTRACT.replace("1200", "١٢٠٠"))] == ["bad-number"]


def test_line_separator_inside_a_cell_does_not_move_the_places() -> None:
    assert problems('park,visits,cost\n"No\u2028rth",1,2\nSouth,bad,2\n') == [
        ("hidden-character", 2, 1),
        ("bad-number", 3, 7),
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("No\x01rth", "U+0001"), ("No\x7frth", "U+007F"), ("No\u2029rth", "U+2029"), ("\u202eNorth", "U+202E")],
)
def test_character_that_nobody_can_see_is_named(cell: str, code: str) -> None:
    (problem,) = read_parks(SIDECAR, EXTRACT.replace("North", cell)).problems
    assert (problem.code, problem.at.line, problem.at.column) == ("hidden-character", 2, 1)
    assert code in problem.message


def test_column_called_like_the_notes_of_another_is_reported() -> None:
    sidecar = SIDECAR.replace("name: cost", "name: visits_note")
    (problem,) = read_parks(sidecar, EXTRACT.replace("cost", "visits_note")).problems
    assert (problem.code, problem.at.path, problem.at.line) == ("bad-name", "content/data/parks.yaml", 14)
    assert "'visits_note'" in problem.message
    assert problems(EXTRACT.replace("cost", "other_note"), SIDECAR.replace("name: cost", "name: other_note")) == []


def test_missing_number_is_its_mark_as_text() -> None:
    found = parks()
    assert [found.text(row, "visits") for row in found.rows] == ["1200", "860", "[x]"]


def test_digest_follows_both_files() -> None:
    assert parks().digest == parks().digest
    assert len({parks().digest, parks(extract=EXTRACT + "X,1,2\n").digest, parks(SIDECAR + "notes: [N]\n").digest}) == 3
