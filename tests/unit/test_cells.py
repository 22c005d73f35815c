"""A cell in another dress is put into the plain form; one that could mean two things is refused with a remedy."""

from __future__ import annotations

import pytest

from generator.cells import Plain, changed_by_spreadsheet, plain_date, plain_number, plain_text
from generator.diagnostics import Diagnostic


@pytest.mark.parametrize(
    ("cell", "unit", "plain", "kinds"),
    [
        ("1234", "count", "1234", ""),
        (" 1234 ", "count", "1234", "padding"),
        ("\u00a07107 [p]", "count", "7107 [p]", "padding"),
        ("[x]", "gbp", "[x]", ""),
        ("1,234", "count", "1234", "thousands"),
        ("12,345,678.90", "gbp", "12345678.90", "thousands"),
        ("1\u00a0234\u00a0567", "count", "1234567", "thousands"),
        ("1\u202f234", "count", "1234", "thousands"),
        ("£1,234.5", "gbp", "1234.5", "thousands symbol"),
        ("£ 5", "gbp", "5", "symbol"),
        ("£5k", "gbp-thousand", "5", "symbol"),
        ("5K", "gbp-thousand", "5", "symbol"),
        ("£1.2m", "gbp-million", "1.2", "symbol"),
        ("£1.2 million", "gbp-million", "1.2", "symbol"),
        ("12%", "percent", "12", "symbol"),
        ("12.0 %", "percent", "12.0", "symbol"),
        ("34p", "pence", "34", "symbol"),
        ("(1,234)", "count", "-1234", "thousands negative"),
        ("(£5)", "gbp", "-5", "symbol negative"),
        ("(12%)", "percent", "-12", "symbol negative"),
        ("−5", "count", "-5", "negative"),
        ("–5", "count", "-5", "negative"),
        ("- 5", "count", "-5", "spaces"),
        ("-£5", "gbp", "-5", "symbol"),
        ("£−5", "gbp", "-5", "symbol negative"),
        ("at least 1,234", "count", "at least 1234", "thousands"),
        ("about\u00a05", "count", "about 5", "spaces"),
        ("up to £5 [f]", "gbp", "up to 5 [f]", "symbol"),
    ],
)
def test_number_in_another_dress_is_the_same_number(cell: str, unit: str, plain: str, kinds: str) -> None:
    assert plain_number(cell, unit) == Plain(plain, tuple(kinds.split()))


def test_scale_of_a_count_may_stand_after_its_numbers() -> None:
    assert plain_number("12k", "count", "thousand") == Plain("12", ("symbol",))
    assert isinstance(plain_number("12k", "count"), Diagnostic)
    assert isinstance(plain_number("12k", "gbp", "thousand"), Diagnostic)


@pytest.mark.parametrize(
    ("cell", "unit", "code", "message", "hint"),
    [
        ("1,23", "count", "bad-number", "two ways", "with a point before the decimals"),
        ("1.234,5", "count", "bad-number", "two ways", "nothing between the thousands"),
        ("1,2345", "count", "bad-number", "two ways", "with a point"),
        ("0,123", "count", "bad-number", "two ways", "with a point"),
        ("1,234 567", "count", "bad-number", "two ways", "with a point"),
        ("1 234", "count", "bad-number", "two ways", "nothing between the thousands"),
        ("£5", "count", "bad-number", "is in pounds, and the column in number", "correct the unit"),
        (
            "£5",
            "gbp-thousand",
            "bad-number",
            "is in pounds, and the column in £ thousand",
            "write 5 if the paper means",
        ),
        ("£5m", "gbp-thousand", "bad-number", "is in millions", "in the unit of the column"),
        ("£5k", "gbp", "bad-number", "is in thousands, and the column in £", "in the unit of the column"),
        ("5%", "gbp", "bad-number", "is in %, and the column in £", "in the unit of the column"),
        ("5%", "percentage-points", "bad-number", "is in %, and the column in percentage points", "in the unit"),
        ("5%", "text", "bad-number", "the column in another unit", "in the unit"),
        ("5p", "percent", "bad-number", "is in pence", "in the unit"),
        ("5k", "text", "bad-number", "is in thousands", "in the unit"),
        ("-", "count", "bad-number", "does not say why", "[x] not in this paper"),
        ("n/a", "count", "bad-number", "does not say why", "[z] not applicable"),
        ("..", "count", "bad-number", "does not say why", "write 0"),
        ("(5", "count", "bad-number", "is not a plain number", ""),
        ("(-5)", "count", "bad-number", "is not a plain number", ""),
        ("--5", "count", "bad-number", "is not a plain number", ""),
        ("five", "count", "bad-number", "is not a plain number", "write digits alone"),
        ("1,234 [q]", "count", "bad-number", "not a shorthand mark", ""),
        ("1,234,567,890,123,456", "count", "bad-number", "", ""),
        ("", "count", "bad-number", "an empty cell says nothing", ""),
        ("1.2E+06", "count", "spreadsheet-cell", "has shortened", "in full"),
        ("#DIV/0!", "count", "spreadsheet-cell", "a formula that fails", "what the paper prints"),
        ("########", "count", "spreadsheet-cell", "too narrow", "what the paper prints"),
        ("05-Sep", "count", "spreadsheet-cell", "of a range", "'5-9'"),
    ],
)
def test_number_that_could_be_another_is_refused_with_a_remedy(
    cell: str, unit: str, code: str, message: str, hint: str
) -> None:
    found = plain_number(cell, unit)
    assert isinstance(found, Diagnostic)
    assert found.code == code
    assert message in found.message
    assert hint in found.hint


@pytest.mark.parametrize(("cell", "sure"), [("1,234", False), ("1,234.5", True), ("1,234,567", True), ("1234", True)])
def test_one_comma_is_no_thousands_separator_where_it_may_part_decimals(cell: str, sure: bool) -> None:
    assert isinstance(plain_number(cell, "count", decimal_comma=True), Plain) is sure


def test_long_cell_is_refused_at_once() -> None:
    found = plain_number("(" + " " * 100_000 + "x", "count")
    assert isinstance(found, Diagnostic)
    assert len(found.message) < 200


@pytest.mark.parametrize(
    ("cell", "day", "kinds"),
    [
        ("2024-03-31", "2024-03-31", ""),
        (" 2024-03-31", "2024-03-31", "padding"),
        ("31/03/2024", "2024-03-31", "date"),
        ("03/04/2024", "2024-04-03", "date"),
        ("1/4/2024", "2024-04-01", "date"),
        ("1.4.2024 ", "2024-04-01", "padding date"),
        ("31-03-2024", "2024-03-31", "date"),
        ("31 March 2024", "2024-03-31", "date"),
        ("31-Mar-2024", "2024-03-31", "date"),
        ("1\u00a0May 2024", "2024-05-01", "date"),
        ("2024-03-31 00:00:00", "2024-03-31", "date"),
        ("31/03/2024 00:00", "2024-03-31", "date"),
    ],
)
def test_date_in_another_form_is_the_same_day(cell: str, day: str, kinds: str) -> None:
    assert plain_date(cell) == Plain(day, tuple(kinds.split()))


@pytest.mark.parametrize(
    ("cell", "code", "hint"),
    [
        ("03/31/2024", "bad-date", "write 2024-03-31 if that is the day"),
        ("31/03/24", "bad-date", "write it as 2024-03-31"),
        ("30/02/2024", "bad-date", "write it as 2024-03-31"),
        ("2024-02-30", "bad-date", "write it as 2024-03-31"),
        ("20240331", "bad-date", "write it as 2024-03-31"),
        ("2024-W13-7", "bad-date", "write it as 2024-03-31"),
        ("March 2024", "bad-date", "write it as 2024-03-31"),
        ("31 Octember 2024", "bad-date", "write it as 2024-03-31"),
        ("31/03-2024", "bad-date", "write it as 2024-03-31"),
        ("٣١/٠٣/٢٠٢٤", "bad-date", ""),
        ("45292", "spreadsheet-cell", "write 2024-01-01 if that is the day"),
        ("Jan-24", "spreadsheet-cell", "write the whole date"),
        ("05-Sep", "spreadsheet-cell", "write the whole date"),
    ],
)
def test_what_could_be_another_day_is_refused_with_a_remedy(cell: str, code: str, hint: str) -> None:
    found = plain_date(cell)
    assert isinstance(found, Diagnostic)
    assert (found.code, hint in found.hint) == (code, True)


@pytest.mark.parametrize(
    ("cell", "plain", "kinds"),
    [
        ("North West", "North West", ""),
        (" North ", "North", "padding"),
        ("North\u00a0West", "North West", "spaces"),
        ("\u2009North\u202fWest", "North West", "padding spaces"),
        ("two\nlines", "two\nlines", ""),
        ("\u00a0", "", "padding"),
    ],
)
def test_text_is_read_without_padding_and_unusual_spaces(cell: str, plain: str, kinds: str) -> None:
    assert plain_text(cell) == Plain(plain, tuple(kinds.split()))


@pytest.mark.parametrize(
    ("text", "unit", "hint"),
    [
        ("05-Sep", "category", "'5-9'"),
        ("9-May", "category", "'9-5'"),
        ("Jan-24", "text", "'1-24'"),
        ("Nov-10", "financial-year", "'2010-11'"),
        ("Jan-24", "financial-year", "'1-24'"),
        ("45292", "financial-year", "2024-01-01"),
        ("45292", "quarter", "2024-01-01"),
        ("#REF!", "text", "what the paper prints"),
    ],
)
def test_text_that_a_spreadsheet_has_changed_is_refused_with_what_was_meant(text: str, unit: str, hint: str) -> None:
    found = changed_by_spreadsheet(text, unit)
    assert found is not None
    assert (found.code, hint in found.hint) == ("spreadsheet-cell", True)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("5-9", "category"),
        ("2023-24", "financial-year"),
        ("45292", "category"),
        ("Abc-24", "category"),
        ("05-Abc", "category"),
        ("January 2024", "category"),
        ("Sep", "category"),
        ("A-5", "category"),
        ("2024", "year"),
    ],
)
def test_text_that_only_looks_a_little_like_it_is_left_alone(text: str, unit: str) -> None:
    assert changed_by_spreadsheet(text, unit) is None
