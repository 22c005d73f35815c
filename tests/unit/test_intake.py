"""Bytes become records; the delimiter is never guessed, and every departure from plain CSV is noted."""

from __future__ import annotations

import pytest

from generator.diagnostics import Location
from generator.intake import MAX_COLUMNS, Departure, Intake, notes, read_records, write_records

PATH = "a.csv"


def read(text: str | bytes, *names: str) -> Intake:
    """Return what was read of a text that is no problem."""
    found = read_records(PATH, text.encode() if isinstance(text, str) else text, names)
    assert found.problems == ()
    assert found.value is not None
    return found.value


def refusal(text: str | bytes, *names: str) -> tuple[str, int]:
    """Return the code and the line of the only problem of a text that is refused."""
    found = read_records(PATH, text.encode() if isinstance(text, str) else text, names)
    assert found.value is None
    (problem,) = found.problems
    return problem.code, problem.at.line


@pytest.mark.parametrize(
    ("text", "names", "delimiter"),
    [
        ("a,b\n1;2,3\n", "a b", ","),
        ("a;b\n1,5;2\n", "a b", ";"),
        ("a\tb\n1,5\t2;3\n", "a b", "\t"),
        (" a ; b\n", "a b", ";"),
        ('"a";"b"\n', "a b", ";"),
        ("a;c\n", "a b", ";"),
        ("c;d\n", "a b", ","),
        ("\n;\na;b\n", "a b", ";"),
        ("a\n1;2\n", "a", ","),
        ('"a;b",c\n', "a b", ","),
        ("a,b\n1,2\n", "", ","),
        ("a;b\n1;2\n\n", "", ";"),
        ("a\tb\n1\t2\n", "", "\t"),
        ("a\n1\n", "", ","),
        ("a;b\n1,5;2\n1;2\n", "", ";"),
        ("a;b\n1;2;3\n", "", ";"),
    ],
)
def test_delimiter_is_what_makes_the_columns_appear(text: str, names: str, delimiter: str) -> None:
    assert read(text, *names.split()).delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "names"), [("a,x;b;c\n", "a b c"), ("a;b,c\n1;2,3\n", ""), ("a;b,c\n1;2,3\n1,2,3\n1;2;3\n", "")]
)
def test_delimiter_that_cannot_be_told_is_refused(text: str, names: str) -> None:
    assert refusal(text, *names.split()) == ("csv-delimiter", 1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ("csv-header", 0)),
        ("\n ,\n", ("csv-header", 0)),
        ('a,b\n"1', ("csv-syntax", 2)),
        (b"PK\x03\x04", ("csv-encoding", 1)),
        (b"a,b\n1,\x81\n", ("csv-encoding", 2)),
        ("," * MAX_COLUMNS + "a", ("csv-too-large", 0)),
    ],
)
def test_what_holds_no_rows_is_refused(text: str | bytes, problem: tuple[str, int]) -> None:
    assert refusal(text, "a", "b") == problem


def test_record_keeps_its_line_when_blank_rows_are_left_out() -> None:
    found = read('a,b\n\n"1\n1",2\n,\n3,4\n', "a", "b")
    assert [(record.line, record.cells) for record in found.records] == [(3, ("1\n1", "2")), (6, ("3", "4"))]
    assert [(departure.kind, departure.at.line) for departure in found.departures] == [("blank", 2), ("blank", 5)]


@pytest.mark.parametrize(
    ("text", "header", "cells"),
    [
        ("a,b,,\n1,2,,\n", ("a", "b"), ("1", "2")),
        ("a,b,,\n1,2\n", ("a", "b"), ("1", "2")),
        ("a,b\n1,2,,\n", ("a", "b"), ("1", "2")),
        ("a,b,\n1,2,3\n", ("a", "b", ""), ("1", "2", "3")),
        ("a,b\n1,2,3\n", ("a", "b"), ("1", "2", "3")),
        ("a,b\n1,\n", ("a", "b"), ("1", "")),
    ],
)
def test_only_empty_cells_beyond_the_last_column_are_left_out(
    text: str, header: tuple[str, ...], cells: tuple[str, ...]
) -> None:
    found = read(text, "a", "b")
    assert (found.header.cells, found.records[0].cells) == (header, cells)


def test_place_of_a_cell_follows_the_delimiter() -> None:
    found = read('a;b;c\n"x; y";1,5;3\n', "a", "b", "c")
    assert found.place(2, 1) == Location(PATH, 2, 8, 3)
    assert found.place(9, 1) == Location(PATH, 9, 1)


def test_notes_count_each_kind_and_name_its_first_place() -> None:
    found = notes(
        [Departure("padding", Location(PATH, line, 1), f" {line}", str(line)) for line in (7, 3, 5)], fixable=True
    )
    assert [(note.at.line, note.message) for note in found] == [
        (3, "3 cells with spaces around the text; the first, ' 3', was read as '3'")
    ]


def test_note_shows_a_long_cell_in_part_and_on_one_line() -> None:
    (note,) = notes([Departure("padding", Location(PATH, 1, 1), " a\r\nb" + "c" * 99, "a")], fixable=False)
    assert note.hint == "nothing is lost"
    assert f"' a⏎b{'c' * 36}…' was read" in note.message


@pytest.mark.parametrize("cell", ["a,b", 'a"b', "a\nb", "a\rb", "a;b", "a\tb", "", "a b", "é"])
def test_cell_that_was_written_is_read_again(cell: str) -> None:
    assert [record.cells for record in read(write_records([["a", "b"], [cell, "1"]]), "a", "b").records] == [
        (cell, "1")
    ]
