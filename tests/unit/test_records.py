"""Long lists are grouped in their printed order, with the totals of the paper."""

from __future__ import annotations

import pytest

from generator.contexts import RecordGroupView
from generator.diagnostics import Diagnostic, Location
from generator.markdown import BlockPart
from generator.positioned import parse_yaml
from generator.records import read_records, record_groups
from tests.conftest import SIDECAR, parks

WIDE = SIDECAR.replace(
    "    - {name: visits,",
    "    - {name: area, type: string, title: Area, description: d, role: dimension, unit: category}\n"
    "    - {name: kind, type: string, title: Kind, description: d, role: dimension, unit: category}\n"
    "    - {name: visits,",
)
ROWS = "park,area,kind,visits,cost\nB,East & co,New,1,1.5\nA,West,New,2,-2.0 [p]\nC,East & co,Old,3,[x]\n"
TOTALS = (
    "totals:\n  - {id: t, label: T, by: [area], printed: [{area: East & co, cost: 1.5}, {area: West, cost: -2.0}]}\n"
)


def groups(yaml: str, sidecar: str = WIDE) -> tuple[tuple[RecordGroupView, ...] | None, list[str]]:
    problems: list[Diagnostic] = []
    text = f"id: list\ndata: parks\ntitle: T\n{yaml}"
    spec = read_records(BlockPart("records", parse_yaml(text, "a.md").value, Location("a.md", 3)), problems)
    found = record_groups(spec, parks(sidecar + TOTALS, ROWS), problems)
    return found, [problem.code for problem in problems]


def good(yaml: str, sidecar: str = WIDE) -> tuple[RecordGroupView, ...]:
    found, problems = groups(yaml, sidecar)
    assert problems == []
    assert found is not None
    return found


def test_groups_and_records_keep_the_order_of_the_paper() -> None:
    found = good("group: area\nheading: park\nanchor: park\n")
    assert [(g.title, g.anchor, [r.heading for r in g.records]) for g in found] == [
        ("East & co", "list-east-and-co", ["B", "C"]),
        ("West", "list-west", ["A"]),
    ]
    assert [record.anchor for group in found for record in group.records] == ["b", "c", "a"]


def test_second_level_stands_inside_the_first() -> None:
    found = good("group: [area, kind]\nheading: park\nanchor: park\n")
    assert found[0].records == ()
    assert [(inner.title, inner.anchor) for inner in found[0].groups] == [
        ("New", "list-east-and-co-new"),
        ("Old", "list-east-and-co-old"),
    ]


def test_group_has_the_total_that_the_paper_prints_for_it_and_counts_its_entries() -> None:
    totals = [group.total for group in good("group: area\nheading: park\nanchor: park\namount: cost\n")]
    assert totals == ["+£1,500, 2 entries", "−£2,000, 1 entry"]
    assert [group.total for group in good("group: area\nheading: park\nanchor: park\n")] == ["2 entries", "1 entry"]


def test_amount_has_its_sign_and_mark_or_the_reason_why_there_is_none() -> None:
    found = good("group: area\nheading: park\nanchor: park\namount: cost\n")
    amounts = [record.amount for group in found for record in group.records]
    assert [(a.text, a.kind, a.mark) for a in amounts if a] == [
        ("+£1,500", "number", ""),
        ("not in this paper", "missing", ""),
        ("−£2,000", "number", "p"),
    ]


def test_facts_are_labelled_by_their_columns() -> None:
    record = good("group: area\nheading: park\nanchor: park\nfacts: [kind, visits]\n")[0].records[0]
    assert [(fact.label, fact.value) for fact in record.facts] == [("Kind", "New"), ("Visits", "1")]


def test_filter_leaves_whole_groups_out() -> None:
    assert [group.title for group in good("group: area\nheading: park\nanchor: park\nwhere: {kind: Old}\n")] == [
        "East & co"
    ]


@pytest.mark.parametrize(
    ("yaml", "codes"),
    [
        ("group: [area, kind, park]\nheading: park\nanchor: park\n", ["wrong-type"]),
        ("group: aera\nheading: prk\nanchor: park\n", ["unknown-column", "unknown-column"]),
        ("group: area\nheading: park\nanchor: park\nwhere: {kind: Odl}\n", ["unknown-row"]),
        ("group: area\nheading: park\nanchor: park\nhaeding: x\n", ["unknown-key"]),
        ("group: area\n", ["missing-key", "missing-key", "unknown-column", "unknown-column"]),
        ("heading: park\nanchor: park\n", ["missing-key"]),
        ("group: []\nheading: park\nanchor: park\n", ["missing-key"]),
    ],
)
def test_slip_is_reported(yaml: str, codes: list[str]) -> None:
    assert groups(yaml)[1] == codes


def test_places_are_made_as_the_author_says_and_not_made_different() -> None:
    """Places that stand twice are reported with the whole page, see ``test_site``."""
    found = good("group: area\nheading: park\nanchor: kind\n")
    assert [record.anchor for group in found for record in group.records] == ["new", "old", "new"]


@pytest.mark.parametrize(("unit", "amount"), [("gbp-million", "+£1.5m"), ("gbp-thousand", "+£1,500"), ("gbp", "+£1.5")])
def test_thousands_are_written_in_whole_pounds_and_millions_as_they_are_printed(unit: str, amount: str) -> None:
    sidecar = WIDE.replace("unit: gbp-thousand", f"unit: {unit}")
    view = good("group: area\nheading: park\nanchor: park\namount: cost\n", sidecar)[0].records[0].amount
    assert view is not None
    assert view.text == amount
