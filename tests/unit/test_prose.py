"""Figures that were typed by hand are found; years, dates, ages and numbers of pages are none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generator.prose import find_typed, place_in


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("It cost £30.9 million.", ["£30.9 million"]),
        ("It cost £1,415.5m or £24k or £1.4bn.", ["£1,415.5m", "£24k", "£1.4bn"]),
        ("a gap of \N{MINUS SIGN}£5m and £-3", ["£5m", "£-3"]),
        ("1,408 complaints, up 8.6% on 1297", ["1,408", "8.6%", "1297"]),
        ("5 per cent, 5 percent, 2.5 percentage points, 29.5p, 40 pence", [
            "5 per cent", "5 percent", "2.5 percentage points", "29.5p", "40 pence"]),
        ("eleven million pounds and two percentage points", ["eleven million pounds", "two percentage points"]),
        ("48,796.0 thousand pounds", ["48,796.0 thousand pounds"]),
        ("the 38 indicators", ["38"]),
        ("In March 12 people came, and 12 may come", ["12", "12"]),
        ("from 5 to 10 cases", ["5", "10"]),
        ("2,024 people and £2024", ["2,024", "£2024"]),
        ("17 of 38 in Quarter 4 2023/24", ["17", "38"]),
        ("0 complaints", ["0"]),
        ("a third of it, 33%", ["33%"]),
        ("Table 2 shows 218 proposals", ["218"]),
    ],
)  # fmt: skip
def test_figure_is_found(text: str, figures: list[str]) -> None:
    found = find_typed(text)
    assert [figure.text for figure in found] == figures
    assert [text[figure.start : figure.start + len(figure.text)] for figure in found] == figures


@pytest.mark.parametrize(
    "text",
    [
        "2024-25, 2023/24 and 2024 to 2027",
        "on 31 March 2024, 2024-03-31, 31/03/2024, from 1 to 5 May and 1st of June",
        "at 10:30, at 9am, at 5.30 pm, open 24/7",
        "the 12 months to March, 28 days, a 52-week year, 3 to 5 working days, 24 hours",
        "the 1st, the 22nd quarter and the 38th",
        "Table 2, Figure 1.2, page 12, pages 3 to 5, paragraph 3.7, section 25, Appendix 4, Annex 1, lines 4-6",
        "Quarter 4, Q4, Round 2, Step 3, version 2.2, Item 8, Key Stage 2, No. 2, (No. 2) Regulations 2018",
        "aged 16 to 18, ages 6 to 11, aged 0 to 19, and up to 25, under 5s, children under 5, people over 65",
        "16-year-olds and 3 to 4 year olds, aged over 65",
        "M25, A2, Covid-19, v3.0, CO2, 4G, s090, KS2",
        "2. Proposals",
        "3.2 Spending by service",
        "4.1. Reserves",
        "call 03000 41 41 41",
        "see https://a.example/2/300 or www.a.example/5 or a5@b.example",
        "two indicators, eleven factors, half of them, the second one",
        "",
    ],
)
def test_what_is_no_data_is_left_alone(text: str) -> None:
    assert [figure.text for figure in find_typed(text)] == []


@pytest.mark.parametrize(
    ("text", "kind", "number", "place"),
    [
        ("£30.9 million", "money", "30900000", 5),
        ("£17m", "money", "17000000", 6),
        ("£1,234.50", "money", "1234.50", -2),
        ("5m", "money", "5000000", 6),
        ("300 thousand pounds", "money", "300000", 3),
        ("1.2 million", "count", "1200000", 5),
        ("4.5%", "percent", "4.5", -1),
        ("4 percentage points", "points", "4", 0),
        ("29.5p", "pence", "29.5", -1),
        ("1,408", "count", "1408", 0),
    ],
)
def test_size_and_precision_of_a_figure_are_read(text: str, kind: str, number: str, place: int) -> None:
    (found,) = find_typed(text)
    assert (found.kind, found.number, found.place) == (kind, Decimal(number), place)


def test_figure_in_words_has_no_size() -> None:
    (found,) = find_typed("twelve million")
    assert found.number is None


def test_text_full_of_numbers_ends_in_time() -> None:
    assert len(find_typed("table 1" + ", 1" * 20_000)) == 100
    assert len(find_typed("1." * 20_000)) <= 1


def test_place_of_a_folded_text_is_found_by_the_words_before_it() -> None:
    source = "a: 4%\nb: >-\n  It rose by\n  4% in all.\n"
    assert str(place_in(source, "a.yaml", "It rose by ", "4%")) == "a.yaml:4:3"


def test_place_that_is_not_found_is_the_line_given() -> None:
    assert str(place_in("a: b\n", "a.yaml", "", "4%", line=1)) == "a.yaml:1:1"
