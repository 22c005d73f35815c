"""Sums, counts, shares, changes and ranks are computed from what may be computed, and from nothing else."""

from __future__ import annotations

import pytest

from generator.diagnostics import Diagnostic, Location
from generator.roles import ValuePart, parse_value
from generator.values import bind
from tests.conftest import SIDECAR, parks

YEARS = """\
name: parks
path: parks.csv
title: Visits to parks
description: Visits to each park of the council, counted at the gates in one year.
source: {paper: report, item: Item 4, table: Table 1}
phase: reported
geography: council
period: 2022-23 and 2023-24
period_type: financial-year
basis: level
partition: [{name: parks, rows: park}]
schema:
  primaryKey: [park, year]
  fields:
    - {name: park, type: string, title: Park, description: Its name., role: dimension, unit: category}
    - {name: year, type: string, title: Year, description: A year., role: dimension, unit: financial-year}
    - {name: visits, type: integer, title: Visits, description: At the gates., role: measure, unit: count, of: visits}
    - {name: cost, type: number, title: Cost, description: Of upkeep., role: measure, unit: gbp-thousand}
    - {name: rate, type: number, title: Rate, description: Of visitors., role: measure, unit: percent}
    - {name: moved, type: number, title: Moved, description: It., role: measure, unit: gbp-thousand, basis: change}
totals:
  - id: all
    label: All
    by: [year]
    printed: [{year: 2022-23, visits: 2000, cost: 30.0}, {year: 2023-24, visits: 2060}]
"""
ROWS = """\
park,year,visits,cost,rate,moved
North,2022-23,1000,20.0,40,1.0
South,2022-23,800,7.0,50,-2.0
West,2022-23,200,3.0,60,1.0
North,2023-24,1200,24.5,44,4.5
South,2023-24,860 [p],-3.1,49,-10.1
West,2023-24,[x],7.0,60,4.0
"""


def computed(reference: str, extract: str = ROWS, sidecar: str = YEARS) -> tuple[str, list[Diagnostic]]:
    """Return the text of an aggregate, and what is wrong with it."""
    part = parse_value(reference, Location("content/a.md", 7, 3))
    assert isinstance(part, ValuePart)
    problems: list[Diagnostic] = []
    found = bind(part, parks(sidecar, extract), problems)
    assert (found is None) == bool(problems)
    if found:
        assert found.is_computed
    return found.text if found else "", problems


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("sum(visits[year=2022-23])", "2,000"),
        ("sum(cost[year=2022-23])", "£0.0300 million"),
        ("sum(cost[year=2022-23]) | short", "£30.0k"),
        ("sum(visits[park=North; year=2022-23])", "1,000"),
        ("count(park)", "3"),
        ("count(park[visits=800]) | words", "one"),
        ("count(year) | words", "two"),
        ("share(visits[park=North; year=2022-23] of visits[year=2022-23])", "50%"),
        ("share(cost[park=South; year=2022-23] of cost[year=2022-23]) | percent to 1 place", "23.3%"),
        ("share(cost[park=South; year=2022-23] of all.cost[year=2022-23]) | percent to 2 places", "23.33%"),
        ("change(visits[park=North; year=2022-23] -> visits[park=North; year=2023-24])", "200"),
        ("change(visits[park=North; year=2022-23] -> visits[park=North; year=2023-24]) | percent", "20%"),
        ("change(visits[park=North; year=2022-23] -> visits[park=North; year=2023-24]) | percent up or down", "up 20%"),
        ("change(visits[park=North; year=2023-24] -> visits[park=North; year=2022-23]) | percent up or down",
         "down 17%"),
        ("change(visits[park=North; year=2023-24] -> visits[park=North; year=2022-23]) | more or fewer", "200 fewer"),
        ("change(visits[park=North; year=2022-23] -> visits[park=North; year=2023-24]) | words more or fewer",
         "200 more"),
        ("change(visits[park=South; year=2022-23]->visits[park=South; year=2023-24]) | percent to 1 place rise or fall",
         "a rise of 7.5% (provisional)"),
        ("change(all.visits[year=2022-23] -> all.visits[year=2023-24]) | percent", "3%"),
        ("change(rate[park=North; year=2022-23] -> rate[park=North; year=2023-24]) | up or down",
         "up 4 percentage points"),
        ("change(rate[park=West; year=2022-23] -> rate[park=West; year=2023-24]) | up or down", "unchanged"),
        ("change(rate[park=West; year=2022-23] -> rate[park=West; year=2023-24]) | rise or fall", "no change"),
        ("change(cost[park=North; year=2022-23] -> cost[park=North; year=2023-24]) | pounds rise or fall",
         "a rise of £4,500"),
        ("change(cost[park=South; year=2022-23] -> cost[park=South; year=2023-24]) | percent", "\N{MINUS SIGN}144%"),
        ("rank(visits[park=North; year=2022-23] of visits[year=2022-23])", "first"),
        ("rank(visits[park=West; year=2022-23] of visits[year=2022-23]) | ordinal", "third"),
        ("rank(cost[park=South; year=2023-24]) | words", "six"),
    ],
)  # fmt: skip
def test_aggregate_becomes_a_figure(reference: str, text: str) -> None:
    assert computed(f"parks: {reference}") == (text, [])


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("sum(visits)", "a figure is missing: not in this paper"),
        ("sum(visits[park=North])", "nothing says that these 2 rows are parts of one whole"),
        ("sum(rate[year=2022-23])", "percentages are not added up"),
        ("sum(park)", "'park' is a column of words"),
        ("count(cost)", "'cost' holds amounts, and equal ones would count once"),
        ("share(visits[park=North; year=2022-23])", "a figure is missing: not in this paper"),
        ("share(visits[park=North; year=2023-24] of visits[year=2022-23])", "the part is not among the rows"),
        ("share(cost[park=North; year=2023-24] of cost[year=2023-24])", "only a whole of plus amounts has shares"),
        ("share(cost[park=North; year=2022-23] of visits[year=2022-23])", "these figures are of different units"),
        ("change(visits[park=North; year=2022-23] -> cost[park=North; year=2022-23])", "of different units"),
        ("change(cost[park=North; year=2022-23] -> moved[park=North; year=2022-23])", "of different kinds"),
        ("change(visits[park=West; year=2022-23] -> visits[park=West; year=2023-24])", "a figure is missing"),
        ("change(rate[park=West; year=2022-23] -> rate[park=West; year=2023-24]) | percent",
         "a change of percentages is not given in percent"),
        ("change(moved[park=West; year=2022-23] -> moved[park=West; year=2023-24]) | percent", "above 0 to start from"),
        ("change(cost[park=South; year=2023-24] -> cost[park=South; year=2022-23]) | percent", "above 0 to start from"),
        ("rank(visits[park=North; year=2022-23])", "a figure is missing"),
        ("rank(visits[park=North; year=2023-24] of visits[year=2022-23])", "the row is not among those"),
        ("rank(moved[park=North; year=2022-23] of moved[year=2022-23])", "another row has the same figure"),
    ],
)  # fmt: skip
def test_what_must_not_be_computed_is_refused(reference: str, reason: str) -> None:
    text, problems = computed(f"parks: {reference}")
    assert text == ""
    assert [(p.code, str(p.at)) for p in problems] == [("refused-figure", "content/a.md:7:3")]
    assert reason in problems[0].message
    assert problems[0].hint


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("sum(vists[year=2022-23])", "unknown-column"),
        ("sum(visits[year=2021-22])", "unknown-row"),
        ("sum(visits[park=North; cost=7.0])", "unknown-row"),
        ("sum(all.visits[year=2022-23])", "bad-value-reference"),
        ("share(visits[park=Nort] of visits)", "unknown-row"),
        ("change(visits[park=North] -> visits[park=South])", "unknown-row"),
        ("count(park) | percent", "bad-value-reference"),
        ("count(park) | million", "bad-value-reference"),
        ("sum(cost[year=2022-23]) | words", "bad-value-reference"),
        ("sum(visits[year=2022-23]) | up or down", "bad-value-reference"),
    ],
)
def test_aggregate_of_nothing_is_reported(reference: str, code: str) -> None:
    assert code in [p.code for p in computed(f"parks: {reference}")[1]]


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        (("at least 5", "7", "3"), "at least 15"),
        (("at least 5", "over 7", "3"), "over 15"),
        (("over 5", "7", "3"), "over 15"),
        (("under 5", "up to 7", "3"), "under 15"),
        (("about 5", "7", "3"), "about 15"),
        (("5 [p]", "7 [e]", "3"), "15 (provisional, estimated)"),
        (("about 5", "at least 7", "3"), ""),
    ],
)
def test_sum_of_qualified_figures_is_qualified(figures: tuple[str, ...], text: str) -> None:
    rows = "".join(f"{n},2022-23,{figure},1,1,1\n" for n, figure in enumerate(figures))
    found, problems = computed("parks: sum(visits[year=2022-23])", f"park,year,visits,cost,rate,moved\n{rows}")
    assert found == text
    assert [p.code for p in problems] == ([] if text else ["refused-figure"])


@pytest.mark.parametrize("function", ["share(visits[park=a])", "change(visits[park=b] -> visits[park=a])",
                                      "rank(visits[park=a])"])  # fmt: skip
def test_qualified_figures_are_not_compared(function: str) -> None:
    extract = "park,year,visits,cost,rate,moved\na,2022-23,at least 5,1,1,1\nb,2022-23,7,1,1,1\n"
    assert [p.code for p in computed(f"parks: {function}", extract)[1]] == ["refused-figure"]


def test_share_that_rounds_to_nothing_is_not_shown_as_nothing() -> None:
    extract = "park,year,visits,cost,rate,moved\na,2022-23,1,1,1,1\nb,2022-23,9999,1,1,1\n"
    assert computed("parks: share(visits[park=a])", extract)[0] == "less than 1%"
    assert computed("parks: share(visits[park=a]) | percent to 1 place", extract)[0] == "less than 0.1%"


def test_small_fall_is_not_shown_as_a_rise() -> None:
    extract = "park,year,visits,cost,rate,moved\na,2022-23,999,1,1,1\nb,2022-23,1000,1,1,1\n"
    change = "parks: change(visits[park=b] -> visits[park=a])"
    assert computed(f"{change} | percent", extract)[0] == "between \N{MINUS SIGN}1% and 0%"
    assert computed(f"{change} | percent up or down", extract)[0] == "down less than 1%"


def test_change_over_a_break_in_the_series_is_refused() -> None:
    extract = "park,year,visits,cost,rate,moved\na,2022-23,5 [b],1,1,1\nb,2022-23,7,1,1,1\n"
    problems = computed("parks: change(visits[park=a] -> visits[park=b])", extract)[1]
    assert [p.message for p in problems] == ["there is a break in the series between the two"]


@pytest.mark.parametrize("title", ["District", "Directorates"])
def test_districts_and_directorates_are_not_ranked(title: str) -> None:
    sidecar = YEARS.replace("title: Park,", f"title: {title},")
    problems = computed("parks: rank(visits[park=North; year=2022-23] of visits[year=2022-23])", ROWS, sidecar)[1]
    assert [p.message for p in problems] == ["districts and directorates are not ranked"]


def test_rows_without_declared_partition_have_no_sum() -> None:
    extract = "park,visits,cost\nNorth,1200,24.5\nSouth,860,3.1\n"
    problems = computed("parks: sum(visits)", extract, SIDECAR)[1]
    assert [p.message for p in problems] == ["nothing says that these 2 rows are parts of one whole"]
    total = SIDECAR + "totals: [{id: all, label: All, printed: [{visits: 2060}]}]\n"
    assert computed("parks: sum(visits)", extract, total)[0] == "2,060"
    assert computed("parks: sum(cost)", extract, total)[1] != []


@pytest.mark.parametrize("kind", ["rolling-12-months", "snapshot", "year-to-date"])
def test_figures_of_several_dates_have_no_sum(kind: str) -> None:
    sidecar = YEARS.replace("period_type: financial-year\n", f"period_type: {kind}\n").replace(
        "rows: park", "rows: year"
    )
    problems = computed("parks: sum(visits[park=North])", ROWS, sidecar)[1]
    assert [p.message for p in problems] == ["figures of several dates that overlap, or are one day each, have no sum"]


@pytest.mark.parametrize("more", ["basis: balance", "period_type: snapshot"])
def test_balances_and_columns_of_one_day_each_have_no_sum_over_time(more: str) -> None:
    sidecar = YEARS.replace("of: visits}", f"of: visits, {more}}}").replace("rows: park", "rows: year")
    problems = computed("parks: sum(visits[park=North])", ROWS, sidecar)[1]
    assert [p.message for p in problems] == ["figures of several dates that overlap, or are one day each, have no sum"]


def test_rows_of_different_units_have_no_sum() -> None:
    sidecar = YEARS.replace("title: Cost, description: Of upkeep., role: measure, unit: gbp-thousand", (
        "title: Cost, description: Of upkeep., role: measure, unit_from: year"))  # fmt: skip
    extract = "park,year,visits,cost,rate,moved\na,gbp,1,1,1,1\nb,count,2,2,2,2\n"
    problems = computed("parks: sum(cost)", extract, sidecar)[1]
    assert [p.message for p in problems] == ["these figures are of different units: count, gbp"]


def test_levels_and_changes_in_one_column_have_no_sum() -> None:
    problems = computed("parks: sum(visits[year=2022-23])", ROWS, YEARS.replace("basis: level", "basis: mixed"))[1]
    assert [p.message for p in problems] == ["'visits' holds levels and changes together"]


def test_periods_of_different_length_are_not_compared() -> None:
    sidecar = YEARS.replace("period_type: financial-year\n", "period_type: mixed\n")
    names = {"Cost": "12 months to March 2024", "Moved": "Quarter to March 2024", "Rate": "12 months to March 2023"}
    for old, new in names.items():
        sidecar = sidecar.replace(f"title: {old},", f"title: {new},").replace("unit: percent", "unit: gbp-thousand")
    sidecar = sidecar.replace(", basis: change", "")
    where = "[park=North; year=2022-23]"
    assert computed(f"parks: change(rate{where} -> cost{where})", ROWS, sidecar)[1] == []
    problems = computed(f"parks: change(moved{where} -> cost{where})", ROWS, sidecar)[1]
    assert ["of one length" in p.message for p in problems] == [True]
