"""A row is a total when its label says so and its figures are the sums of other rows."""

from __future__ import annotations

import pytest

from generator.datasets import Dataset
from generator.diagnostics import is_error
from generator.extracts import read_dataset
from generator.positioned import yaml_text
from generator.sidecars import read_sidecar
from generator.totalrows import report_total_rows, total_columns, total_entries, total_rows
from tests.conftest import SIDECAR, read_parks

FIELD = "    - {{name: {name}, type: {type}, title: {name}, description: d, role: {role}, unit: {unit}{more}}}\n"


def dataset(text: str, *, enum: str = "", **units: str) -> Dataset:
    """Return a dataset whose columns are texts, unless *units* names the unit of their numbers."""
    fields = ""
    for name in text.partition("\n")[0].split(","):
        unit = units.get(name, "category")
        kind, role = ("number", "measure") if name in units else ("string", "dimension")
        more = f", constraints: {{enum: [{enum}]}}" if enum and name == "park" else ""
        fields += FIELD.format(name=name, type=kind, role=role, unit=unit, more=more)
    sidecar = (
        SIDECAR.partition("  primaryKey")[0] + "  fields:\n" + fields + "period_type: financial-year\nbasis: level\n"
    )
    found = read_dataset("parks", ("content/data/parks.yaml", sidecar), ("content/data/parks.csv", text.encode()))
    assert found.value is not None
    assert {problem.code for problem in found.problems} <= {"csv-total-row", "csv-normalised"}
    return found.value


def lines(found: Dataset) -> list[int]:
    """Return the lines of the rows that are totals."""
    return [total.row.line for total in total_rows(found)]


@pytest.mark.parametrize("label", ["Total", "TOTAL", "Grand total", "Subtotal", "Sub-total", "All parks", "Overall",
                                   "Total parks", "Parks total"])  # fmt: skip
def test_row_that_calls_itself_a_total_and_is_one_is_found(label: str) -> None:
    assert lines(dataset(f"park,visits\nNorth,1\nSouth,2\n{label},3\n", visits="count")) == [4]


@pytest.mark.parametrize(
    "row",
    ["Total,4", "North West,3", "Totally new,3", "Allotments,3", "Total,[x]", "Overall quality,3"],
)
def test_row_that_is_no_sum_or_has_no_such_label_is_left_alone(row: str) -> None:
    assert lines(dataset(f"park,visits\nNorth,1\nSouth,2\n{row}\n", visits="count")) == []


def test_label_that_the_enum_lists_is_no_total() -> None:
    text = "park,visits\nNorth,1\nSouth,2\nAll parks,3\n"
    assert lines(dataset(text, enum="North, South, All parks", visits="count")) == []


def test_every_figure_of_a_total_must_be_a_sum_and_shares_are_not_looked_at() -> None:
    text = "park,visits,cost\nNorth,1,5\nSouth,2,6\nTotal,3,{}\n"
    assert lines(dataset(text.format("11"), visits="count", cost="gbp")) == [4]
    assert lines(dataset(text.format("12.5"), visits="count", cost="gbp")) == []
    assert lines(dataset(text.format("100"), visits="count", cost="percent")) == [4]
    assert lines(dataset(text.format("100"), visits="percent", cost="percent")) == []


def test_rounded_figures_may_differ_by_rounding_and_counts_may_not() -> None:
    text = "park,cost\nNorth,1.4\nSouth,1.4\nTotal,2.9\n"
    assert lines(dataset(text, cost="gbp-million")) == [4]
    assert lines(dataset(text, cost="count")) == []


def test_single_row_has_a_total_only_where_the_label_is_plain() -> None:
    assert lines(dataset("park,visits\nNorth,3\nTotal,3\n", visits="count")) == [3]
    assert lines(dataset("park,visits\nNorth,3\nAll abilities,3\n", visits="count")) == []


def test_totals_of_groups_and_of_all_become_entries_that_the_sidecar_takes() -> None:
    text = "year,park,visits\n2022,N,1\n2022,S,2\n2022,Total,3\n2023,N,4\n2023,S,5\n2023,Total,9\n,Grand total,12\n"
    found = dataset(text, visits="count")
    entries = total_entries(found, total_rows(found), set())
    assert entries == [
        "{id: total-by-year, label: Total, by: [year], printed: [{year: 2022, visits: 3}, {year: 2023, visits: 9}]}",
        '{id: total, label: "Grand total", printed: [{visits: 12}]}',
    ]


def test_total_of_the_rows_above_it_names_them() -> None:
    text = "park,visits\nN,1\nS,2\nSubtotal,3\nE,4\nW,5\nSubtotal,9\nTotal,12\n"
    found = dataset(text, visits="count")
    assert total_entries(found, total_rows(found), {"total"}) == [
        "{id: total-2, label: Subtotal, where: {park: [N, S]}, printed: [{visits: 3}]}",
        "{id: total-3, label: Subtotal, where: {park: [E, W]}, printed: [{visits: 9}]}",
        "{id: total-4, label: Total, printed: [{visits: 12}]}",
    ]


def test_rows_above_a_total_that_stand_elsewhere_too_cannot_be_named() -> None:
    assert lines(dataset("park,visits\nN,1\nS,2\nSubtotal,3\nN,4\nW,5\nSubtotal,9\n", visits="count")) == []


def test_qualifier_and_mark_of_a_total_are_kept() -> None:
    found = dataset("park,visits\nN,at least 1\nS,2 [p]\nTotal,at least 3 [p]\n", visits="count")
    assert total_entries(found, total_rows(found), set()) == [
        '{id: total, label: Total, printed: [{visits: "at least 3 [p]"}]}'
    ]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("park,boys,girls,total\nN,1,2,3\nS,4,5,9\n", "total: total, parts: [boys, girls]"),
        ("park,a,b,both,c\nN,1,2,3,7\nS,4,5,9,7\n", "total: both, parts: [a, b]"),
        ("park,x,a,b,both\nN,9,1,2,3\nS,8,4,5,9\n", "total: both, parts: [a, b]"),
        ("park,boys,girls,total\nN,1,2,3\nS,[x],5,9\nE,2,2,4\n", "total: total, parts: [boys, girls]"),
    ],
)
def test_column_that_is_the_sum_of_others_in_every_row_is_found(text: str, entry: str) -> None:
    names = text.partition("\n")[0].split(",")[1:]
    (found,) = total_columns(dataset(text, **dict.fromkeys(names, "count")), set())
    assert entry in found


@pytest.mark.parametrize(
    "text",
    ["park,a,b,total\nN,1,2,3\n", "park,a,b,total\nN,1,2,3\nS,1,2,4\n", "park,a,total\nN,1,1\nS,2,2\n",
     "park,a,b,total\nN,0,0,0\nS,0,0,0\n"],
    ids=["one row", "one row differs", "one part", "nothing but zeros"],
)  # fmt: skip
def test_column_that_may_be_a_sum_by_chance_is_left_alone(text: str) -> None:
    names = text.partition("\n")[0].split(",")[1:]
    assert total_columns(dataset(text, **dict.fromkeys(names, "count")), set()) == []


def test_columns_of_different_units_are_not_added() -> None:
    text = "park,a,b,total\nN,1,2,3\nS,4,5,9\n"
    assert total_columns(dataset(text, a="count", b="gbp", total="count"), set()) == []


@pytest.mark.parametrize("row", ["2022,Total,4", "2022,Grand total,4"])
def test_row_called_total_that_no_rows_add_up_to_is_asked_about(row: str) -> None:
    found = dataset(f"year,park,visits\n2022,N,1\n2022,S,2\n{row}\n2023,N,4\n2023,S,5\n", visits="count")
    (problem,) = report_total_rows(found)
    assert "calls itself a total, but no other rows add up to it" in problem.message
    assert "by: [year], printed: [{year: 2022, visits: 4}]}; if it is no total, list its label" in (problem.hint or "")


@pytest.mark.parametrize("text", ["N,1\nTotal,4\n", "N,1\nS,2\nTotal,[x]\n", "N,1\nS,2\nSubtotal,4\n",
                                  "N,1\nS,2\nTotal spend,4\n"])  # fmt: skip
def test_row_that_may_well_be_no_total_of_the_others_is_not_asked_about(text: str) -> None:
    assert report_total_rows(dataset(f"park,visits\n{text}", visits="count")) == []


def test_many_rows_that_call_themselves_totals_are_looked_at_once() -> None:
    text = "park,visits\n" + "North,1\n" * 5_000 + "Total,7\n" * 5_000
    assert lines(dataset(text, visits="count")) == []


@pytest.mark.parametrize(
    "text", ["North", "a: b", "2024-25", "no", '"', "\\", "\x7f", "\u2028", "a\nb", "#", "", "é😀"]
)
def test_text_is_read_back_from_the_yaml_that_was_written(text: str) -> None:
    sidecar = SIDECAR.replace("title: Visits to parks", f"title: {yaml_text(text)}")
    found = read_sidecar("parks", "content/data/parks.yaml", sidecar)
    assert found.value is not None
    assert found.value.head["title"] == text.strip()


def test_totals_of_our_smallest_project_are_none() -> None:
    assert not any(map(is_error, read_parks().problems))
