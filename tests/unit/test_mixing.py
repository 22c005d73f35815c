"""Figures that do not go together are not added up, and what does go together is let through."""

from __future__ import annotations

import pytest

from generator.datasets import Dataset
from generator.diagnostics import Diagnostic, Location
from generator.mixing import check_added, check_bridge, check_compared, check_totals_mix, operand
from tests.conftest import SIDECAR, parks

BASIS = SIDECAR.replace(
    "    - {name: visits,",
    "    - {name: kind, type: string, title: K, description: d, role: dimension, unit: category}\n    - {name: visits,",
).replace("unit: gbp-thousand", "unit: gbp-thousand, basis_from: kind")
PARKS = f"{SIDECAR}partition: [{{name: parks, rows: park}}, {{name: both, columns: [visits, cost]}}]\n"
COUNTS = PARKS.replace("unit: gbp-thousand", "unit: count")
AT = Location("a.md", 1)


def compared(dataset: Dataset, *columns: str, is_bridge: bool = False) -> list[str]:
    problems: list[Diagnostic] = []
    operands = [operand(dataset, row, column) for column in columns for row in dataset.rows]
    check_compared(operands, AT, problems, is_bridge=is_bridge)
    return [problem.code for problem in problems]


def added(dataset: Dataset, *columns: str) -> list[str]:
    problems: list[Diagnostic] = []
    check_added(dataset, [operand(dataset, row, column) for column in columns for row in dataset.rows], AT, problems)
    assert all(problem.hint for problem in problems)
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("first", "second", "codes", "on_a_bridge"),
    [
        ("level", "level", [], []),
        ("level", "change", ["mixed-basis"], []),
        ("balance", "movement", ["mixed-basis"], []),
        ("level", "balance", ["mixed-basis"], ["mixed-basis"]),
        ("change", "movement", ["mixed-basis"], ["mixed-basis"]),
    ],
)
def test_changes_go_with_a_level_and_movements_with_a_balance_on_a_bridge_only(
    first: str, second: str, codes: list[str], on_a_bridge: list[str]
) -> None:
    dataset = parks(BASIS, f"park,kind,visits,cost\nA,{first},1,1\nB,{second},1,1\n")
    assert compared(dataset, "cost") == codes
    assert compared(dataset, "cost", is_bridge=True) == on_a_bridge


def test_figures_whose_basis_nobody_says_are_not_compared() -> None:
    dataset = parks(SIDECAR.replace("basis: level", "basis: mixed"))
    assert compared(dataset, "visits") == ["mixed-basis"]
    assert compared(parks(SIDECAR.replace("basis: level", "basis: mixed"), "park,visits,cost\nA,1,1\n"), "visits") == []


def test_parts_of_a_declared_whole_may_be_added() -> None:
    assert added(parks(COUNTS, "park,visits,cost\nA,1,1\nB,2,2\n"), "visits", "cost") == []


def test_rows_and_columns_of_no_declared_whole_may_overlap() -> None:
    dataset = parks(extract="park,visits,cost\nA,1,1\nB,2,2\n")
    assert added(dataset, "visits") == ["overlapping-parts"]
    assert added(dataset, "visits", "cost") == ["overlapping-parts", "overlapping-parts"]


@pytest.mark.parametrize("kind", ["rolling-12-months", "year-to-date", "snapshot"])
def test_figures_of_overlapping_times_are_not_added(kind: str) -> None:
    periods = (", period: To March", ", period: To June")
    sidecar = COUNTS.replace("period_type: financial-year", f"period_type: {kind}")
    sidecar = sidecar.replace("of: visits", f"of: visits{periods[0]}").replace(
        "unit: count}", f"unit: count{periods[1]}}}"
    )
    dataset = parks(sidecar, "park,visits,cost\nA,1,1\n")
    assert added(dataset, "visits", "cost") == ["added-periods"]
    assert added(parks(sidecar, "park,visits,cost\nA,1,1\nB,2,2\n"), "visits") == []


def test_figures_whose_kind_of_period_nobody_says_are_not_added() -> None:
    dataset = parks(COUNTS.replace("financial-year", "mixed"), "park,visits,cost\nA,1,1\nB,2,2\n")
    assert added(dataset, "visits") == ["mixed-periods"]


@pytest.mark.parametrize(
    ("first", "second", "codes"),
    [
        ("at least 1", "2", []),
        ("at least 1", "over 2", []),
        ("at least 1", "up to 2", ["mixed-qualifiers"]),
        ("1 [p]", "2", []),
        ("1 [p]", "2 [r]", ["mixed-qualifiers"]),
        ("1 [p]", "[x]", []),
    ],
)
def test_sum_keeps_the_words_of_its_parts_or_there_is_none(first: str, second: str, codes: list[str]) -> None:
    assert added(parks(PARKS, f"park,visits,cost\nA,{first},1\nB,{second},1\n"), "visits") == codes


def test_no_step_of_a_bridge_is_at_least_its_number() -> None:
    dataset = parks(extract="park,visits,cost\nA,at least 1,1\nB,2,2\n")
    problems: list[Diagnostic] = []
    check_bridge([operand(dataset, row, "visits") for row in dataset.rows], AT, problems)
    assert [problem.code for problem in problems] == ["qualified-difference"]


@pytest.mark.parametrize(
    ("partition", "codes"),
    [
        ("", []),
        ("partition: [{name: parks, rows: park}]\n", ["overlapping-parts"]),
        ("partition: [{name: both, columns: [visits, cost]}]\n", []),
    ],
)
def test_parts_of_a_printed_total_are_a_partition_where_any_is_declared(partition: str, codes: list[str]) -> None:
    total = "totals:\n  - {id: t, label: T, total: cost, parts: [visits, cost]}\n"
    dataset = parks(SIDECAR.replace("unit: gbp-thousand", "unit: count") + partition + total)
    assert [problem.code for problem in check_totals_mix(dataset)] == codes


def test_printed_total_of_different_units_is_reported_once() -> None:
    sidecar = SIDECAR.replace("unit: gbp-thousand", "unit_from: park")
    total = "totals:\n  - {id: t, label: T, printed: [{cost: 2}, {cost: 3}]}\n"
    dataset = parks(sidecar + total, "park,visits,cost\ngbp,1,1\ncount,1,1\npercent,1,1\n")
    assert [problem.code for problem in check_totals_mix(dataset)] == ["mixed-units"]
