"""Extracts are read cell by cell; nothing is guessed, and every bad cell is named."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from generator.extracts import read_dataset
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
    [
        EXTRACT.replace("\n", "\r\n"),
        "\ufeff" + EXTRACT,
        EXTRACT.rstrip("\n"),
        EXTRACT.replace("North", '"North"'),
        EXTRACT.replace("North", " North "),
    ],
    ids=["crlf", "byte order mark", "no last newline", "quoted", "spaces"],
)
def test_ways_of_writing_csv_give_the_same_rows(extract: str) -> None:
    assert parks(extract=extract).rows == parks().rows


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
        ("park,visits,cost,\n", ("unknown-column", 1, 18)),
        ("Park,visits,cost\n", ("unknown-column", 1, 1)),
        ("park;visits;cost\n", ("unknown-column", 1, 1)),
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
        ("", ("csv-blank-row", 2, 1)),
        (",,", ("csv-blank-row", 2, 1)),
        ('North,"1,200",2', ("bad-number", 2, 7)),
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


def test_file_that_is_not_utf8_is_reported_with_its_line() -> None:
    assert problems("park,visits,cost\nNorth,1,2\nCaf\xe9,1,2\n".encode("latin-1")) == [("csv-encoding", 3, 1)]


def test_file_in_utf16_is_reported() -> None:
    assert [code for code, _, _ in problems(EXTRACT.encode("utf-16"))] == ["csv-encoding"]


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


def test_dates_are_iso_dates_or_marks() -> None:
    sidecar = SIDECAR.replace("name: park, type: string", "name: park, type: date").replace("category", "date")
    assert problems("park,visits,cost\n2024-02-29,1,2\n[x],1,2\n30/01/2024,1,2\n", sidecar) == [("bad-date", 4, 1)]


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
