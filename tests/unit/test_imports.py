"""A table becomes rows of a dataset by a plan that is kept; what it does not say is carried over or asked for."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest

from generator.datasets import Dataset, Edition, Place
from generator.diagnostics import Location
from generator.extracts import read_dataset
from generator.imports import Addition, NewRow, add_rows, appended, keys_there
from generator.mappings import Plan, RowKind, check_plan, plan_yaml, read_plan
from generator.pending import Pending, from_json, to_json
from generator.workbooks import Line, Sheet

SIDECAR = """\
name: kpis
path: kpis.csv
title: Indicators of the council
description: Results and targets of the indicators of the council, one row for each figure.
source: {paper: report, item: Item 4}
period: Quarter 4
period_type: quarter
phase: reported
basis: level
geography: council
editions:
  - {paper: report}
schema:
  primaryKey: [published_in, id, what, period]
  fields:
    - {name: published_in, type: string, title: Published in, description: D., role: dimension, unit: category}
    - {name: id, type: string, title: Id, description: D., role: dimension, unit: category}
    - {name: name, type: string, title: Name, description: D., role: dimension, unit: category}
    - {name: what, type: string, title: What, description: D., role: dimension, unit: category,
       constraints: {enum: [value, target, benchmark]}}
    - {name: period, type: string, title: Period, description: D., role: dimension, unit: category}
    - {name: value, type: number, title: Value, description: D., role: measure, unit: gbp-million}
    - {name: lines, type: string, title: Lines, description: D., role: provenance, unit: text}
"""
EXTRACT = """\
published_in,id,name,what,period,value,lines
report,roads,Spending on roads,value,Q4,10.7,1
report,roads,Spending on roads,target,Q4,10.0,2
report,roads,Spending on roads,benchmark,Q4,9.0,2
report,parks,Spending on parks,value,Q4,-3.5,3
"""
HEADINGS = ("Indicator", "Result", "Target")
EDITION = Edition(Place("later", "", "", "", "", Location("")), "Q1", datetime.date(2024, 6, 30), "")
PLAN = Plan(
    columns={"name": "Indicator"},
    rows=(RowKind({"what": "value"}, {"value": "Result"}), RowKind({"what": "target"}, {"value": "Target"})),
)


def dataset() -> Dataset:
    found = read_dataset("kpis", ("content/data/kpis.yaml", SIDECAR), ("content/data/kpis.csv", EXTRACT.encode()))
    assert found.problems == ()
    assert found.value is not None
    return found.value


def sheet(*rows: Sequence[str]) -> Sheet:
    return Sheet("kpis.xlsx", "Q1", tuple(Line(number, tuple(row)) for number, row in enumerate((HEADINGS, *rows), 3)))


def added(plan: Plan, *rows: Sequence[str]) -> Addition:
    found = add_rows(dataset(), {}, plan, [sheet(*rows)], EDITION)
    assert found.problems == ()
    assert found.value is not None
    return found.value


def test_each_kind_of_row_takes_its_own_column_and_the_rest_is_carried_over() -> None:
    made = added(PLAN, ("Spending on roads", "11.2", "12"))
    assert [row.cells for row in made.rows] == [
        ("later", "roads", "Spending on roads", "value", "Q1", "11.2", "sheet Q1, row 4"),
        ("later", "roads", "Spending on roads", "target", "Q1", "12", "sheet Q1, row 4"),
    ]
    assert made.rows[1].places[5] == "kpis.xlsx, sheet Q1, cell C4"


def test_row_without_a_figure_gives_no_row_and_is_told() -> None:
    made = added(PLAN, ("Spending on roads", "n/a", "-"), ("Spending on parks", "3", ""))
    assert [row.cells[3] for row in made.rows] == ["value"]
    made = added(Plan(columns={"name": "Indicator", "value": "Target"}), ("Spending on parks", "3", ""))
    assert made.rows == ()
    assert "1 rows without a figure were left out: Spending on parks" in made.notes


def test_numbers_are_multiplied_exactly_and_words_are_translated() -> None:
    plan = Plan(PLAN.sheet, 0, PLAN.columns, PLAN.rows, {"value": "0.001"}, {"Roads": "Spending on roads"})
    made = added(plan, ("Roads", "£11,200.5", "12000 [p]"))
    assert [row.cells[5] for row in made.rows] == ["11.2005", "12 [p]"]


def test_unknown_name_is_a_problem_that_says_what_to_add() -> None:
    found = add_rows(dataset(), {}, PLAN, [sheet(("Spending on raods", "1", ""))], EDITION)
    (problem,) = found.problems
    assert problem.code == "unknown-label"
    assert problem.hint == "if it is 'Spending on roads', add --alias 'Spending on raods=Spending on roads'"


def test_missing_column_of_the_table_is_named_with_the_nearest() -> None:
    plan = Plan(columns={"name": "Indicator", "value": "Resultt"})
    found = add_rows(dataset(), {}, plan, [sheet(("Spending on roads", "1", ""))], EDITION)
    assert [(problem.code, problem.hint) for problem in found.problems] == [
        ("unknown-column", "did you mean 'Result'?")
    ]


def test_columns_are_proposed_from_the_headings() -> None:
    table = Sheet("kpis.csv", "", (Line(1, ("NAME", "Value", "What")), Line(2, ("Spending on roads", "1", "value"))))
    found = add_rows(dataset(), {}, Plan(), [table], EDITION).value
    assert found is not None
    assert dict(found.plan.columns) == {"name": "NAME", "value": "Value", "what": "What"}
    assert [row.cells[1] for row in found.rows] == ["roads"]


def test_plan_is_read_back_as_it_was_written() -> None:
    plan = Plan("Q1: all", 3, PLAN.columns, PLAN.rows, {"value": "0.001"}, {"%": "percent", "a, b": "c"})
    found = read_plan(plan_yaml(plan), "kpis.import.yaml", dataset())
    assert found.problems == ()
    assert found.value == plan


def test_plan_with_unknown_columns_and_factors_is_refused() -> None:
    problems = check_plan(Plan(columns={"nme": "A"}, multiply={"value": "ten"}), dataset(), "a.yaml")
    assert [problem.code for problem in problems] == ["unknown-column", "wrong-type"]


def test_published_rows_are_never_overwritten() -> None:
    row = NewRow(("report", "roads", "Spending on roads", "value", "Q4", "99", ""), ("",) * 7)
    (problem,) = keys_there(dataset(), [row])
    assert (problem.code, problem.at.line) == ("row-exists", 2)


@pytest.mark.parametrize("end", ["", "\n"])
def test_rows_are_appended_behind_the_last_byte(end: str) -> None:
    row = NewRow(("a", "b, c"), ("", ""))
    assert appended(f"x,y{end}".encode(), [row]) == b'x,y\na,"b, c"\n'


def rows(*keys: str) -> tuple[NewRow, ...]:
    return tuple(NewRow(("later", key, key, "value", "Q1", "1", ""), ("",) * 7) for key in keys)


def test_table_imported_again_takes_the_place_of_its_first_copy() -> None:
    entry = {"paper": "later", "period": "Q1"}
    first = Pending().with_rows(dataset(), entry, "a.xlsx, Q1", rows("roads", "parks"))
    both = first.with_rows(dataset(), entry, "a.xlsx, Q2", rows("lakes"))
    assert both.rows("kpis") == rows("roads", "parks", "lakes")
    mended = both.with_rows(dataset(), entry, "mended.xlsx, Q1", rows("roads", "parks"))
    assert mended.rows("kpis") == rows("lakes", "roads", "parks")
    other = mended.with_rows(dataset(), {"paper": "third", "period": "Q2"}, "b.xlsx, Q1", rows("parks"))
    assert other.rows("kpis") == rows("parks")


def test_update_that_waits_survives_its_file_and_a_damaged_file_is_none() -> None:
    kept = Pending().with_rows(dataset(), {"paper": "later", "period": "Q1"}, "a.xlsx, Q1", rows("roads"))
    assert from_json(to_json(kept)) == kept
    assert from_json(to_json(kept)[:40]) is None
    assert from_json("[]") is None
