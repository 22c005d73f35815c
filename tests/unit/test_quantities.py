"""Numbers are read as councils print them and written as readers say them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generator.quantities import (
    MARKS,
    MISSING_MARKS,
    QUALIFIERS,
    UNITS,
    Quantity,
    format_money,
    format_number,
    group_digits,
    in_words,
    parse_quantity,
    round_half_up,
)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("0", Quantity(Decimal(0))),
        ("-12.50", Quantity(Decimal("-12.50"))),
        ("  7 ", Quantity(Decimal(7))),
        ("7107 [p]", Quantity(Decimal(7107), "p")),
        ("7107[p]", Quantity(Decimal(7107), "p")),
        ("about 3 [e]", Quantity(Decimal(3), "e", "about")),
        ("up to 3", Quantity(Decimal(3), "", "up to")),
        ("0 [low]", Quantity(Decimal(0), "low")),
        ("[z]", Quantity(None, "z")),
    ],
    ids=str,
)
def test_cell_is_read(text: str, quantity: Quantity) -> None:
    assert parse_quantity(text) == quantity


@pytest.mark.parametrize("mark", sorted(MISSING_MARKS))
def test_every_mark_of_absence_may_stand_alone_and_not_after_a_number(mark: str) -> None:
    assert parse_quantity(f"[{mark}]") == Quantity(None, mark)
    assert parse_quantity(f"5 [{mark}]") == f"'5 [{mark}]' has a number and says that there is none"


@pytest.mark.parametrize("mark", sorted(MARKS.keys() - MISSING_MARKS))
def test_every_other_mark_needs_a_number(mark: str) -> None:
    assert parse_quantity(f"5 [{mark}]") == Quantity(Decimal(5), mark)
    assert "needs a number" in str(parse_quantity(f"[{mark}]"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "an empty cell says nothing"),
        ("1,234", "thousands separators"),
        ("£5", "the unit stands in the sidecar"),
        ("5%", "the unit stands in the sidecar"),
        ("(5)", "with a hyphen"),
        ("−5", "with a hyphen"),
        ("5 [q]", "'[q]' is not a shorthand mark"),
        ("1e3", "'1e3' is not a plain number"),
        ("NaN", "'NaN' is not a plain number"),
        ("Infinity", "'Infinity' is not a plain number"),
        (".5", "'.5' is not a plain number"),
        ("5.", "'5.' is not a plain number"),
        ("+5", "'+5' is not a plain number"),
        ("1 2", "'1 2' is not a plain number"),
        ("at least", "'at least' is not a plain number"),
        ("at least [x]", "says that there is none"),
        ("nearly 5", "'nearly 5' is not a plain number"),
    ],
)
def test_what_is_no_plain_number_is_refused_with_a_reason(text: str, reason: str) -> None:
    found = parse_quantity(text)
    assert isinstance(found, str)
    assert reason in found


@pytest.mark.parametrize(("text", "places"), [("5", 0), ("5.0", 1), ("5.10", 2), ("[x]", 0), ("-0.001", 3), ("100", 0)])
def test_printed_places_are_kept(text: str, places: int) -> None:
    quantity = parse_quantity(text)
    assert isinstance(quantity, Quantity)
    assert quantity.places == places


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [("0.5", 0, "1"), ("1.5", 0, "2"), ("-0.5", 0, "-1"), ("2.449", 1, "2.4"), ("2.45", 1, "2.5"), ("7", 1, "7.0")],
)
def test_halves_are_rounded_away_from_zero(number: str, places: int, rounded: str) -> None:
    assert str(round_half_up(Decimal(number), places)) == rounded


@pytest.mark.parametrize(
    ("number", "text"),
    [("1234567.80", "1,234,567.80"), ("-1234", "−1,234"), ("-0.00", "0.00"), ("999", "999"), ("1E+3", "1,000")],
)
def test_digits_are_grouped_and_places_kept(number: str, text: str) -> None:
    assert group_digits(Decimal(number)) == text


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        ("24119.1", "gbp-thousand", "£24,119.1k"),
        ("-48.80", "gbp-million", "−£48.80m"),
        ("12500.50", "gbp", "£12,500.50"),
        ("9.50", "percent", "9.50%"),
        ("-2", "percentage-points", "−2 percentage points"),
        ("34", "pence", "34p"),
        ("725532", "count", "725,532"),
        ("0.5", "rate", "0.5"),
        ("-0.0", "gbp-million", "£0.0m"),
    ],
)
def test_number_is_written_with_its_unit_in_its_printed_precision(number: str, unit: str, text: str) -> None:
    assert format_number(Decimal(number), unit) == text


@pytest.mark.parametrize(("number", "text"), [("1", "+£1m"), ("-1", "−£1m"), ("0", "£0m")])
def test_sign_is_written_on_request_but_never_for_zero(number: str, text: str) -> None:
    assert format_number(Decimal(number), "gbp-million", sign=True) == text


@pytest.mark.parametrize(
    ("number", "unit", "scale", "text"),
    [
        ("1415450.7", "gbp-thousand", "million", "£1,415.5 million"),
        ("1415.45", "gbp-million", "billion", "£1.42 billion"),
        ("12.5", "gbp-thousand", "pounds", "£12,500"),
        ("-0.5", "gbp-million", "million", "−£0.5 million"),
    ],
)
def test_money_is_written_in_another_scale(number: str, unit: str, scale: str, text: str) -> None:
    assert format_money(Decimal(number), unit, scale) == text


@pytest.mark.parametrize("qualifier", QUALIFIERS)
def test_qualifier_stays_with_its_value(qualifier: str) -> None:
    assert in_words(Quantity(Decimal(5), qualifier=qualifier), "count") == f"{qualifier} 5"


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_every_unit_can_be_written(unit: str) -> None:
    assert "5" in format_number(Decimal(5), unit)


def test_reason_for_a_missing_value_is_said_in_words() -> None:
    assert {in_words(Quantity(None, mark), "count") for mark in MISSING_MARKS} == {MARKS[m] for m in MISSING_MARKS}
