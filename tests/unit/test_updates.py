"""A new edition is compared with the one before: every suspicious difference is found, and no other one."""

from __future__ import annotations

import pytest

from generator.datasets import Dataset
from generator.extracts import read_dataset
from generator.updates import DECIDE, NOTHING, Matter, compare
from tests.unit.test_imports import EXTRACT, SIDECAR

EDITIONS = "editions:\n  - {paper: report}\n  - {paper: later, period: Q1}\n"
RULE = """\
ratings:
  - id: recomputed
    label: Rating
    rule: target-and-floor
    rating: rating
    name: name
    polarity: polarity
    value: {data: kpis, key: id, where: {what: value}, column: value}
    target: {data: kpis, key: id, where: {what: target}, column: value, met_when: name}
    floor: {data: kpis, key: id, where: {what: floor}, column: value, met_when: name}
"""
SCORES = """\
name: scores
path: scores.csv
title: Ratings of the council
description: Ratings of the indicators of the council, one row for each indicator.
source: {paper: report, item: Item 4}
editions:
  - {paper: report}
  - {paper: later, period: Q1}
schema:
  primaryKey: [published_in, id]
  fields:
    - {name: published_in, type: string, title: Published in, description: D., role: dimension, unit: category}
    - {name: id, type: string, title: Id, description: D., role: dimension, unit: category}
    - {name: name, type: string, title: Name, description: D., role: dimension, unit: category}
    - {name: rating, type: string, title: Rating, description: D., role: measure, unit: rating}
    - {name: polarity, type: string, title: Polarity, description: D., role: dimension, unit: category}
"""


def read(name: str, sidecar: str, extract: str) -> Dataset:
    found = read_dataset(name, (f"content/data/{name}.yaml", sidecar), (f"content/data/{name}.csv", extract.encode()))
    assert found.value is not None, found.problems
    return found.value


def scores(*rows: str) -> Dataset:
    head = "published_in,id,name,rating,polarity\nreport,roads,Roads,Green,Higher is better\n"
    return read("scores", SCORES + RULE, head + "".join(f"later,{row},Higher is better\n" for row in rows))


def found(*rows: str) -> list[Matter]:
    """Compare an edition of *rows* with that of the extract."""
    sidecar = SIDECAR.replace("editions:\n  - {paper: report}\n", EDITIONS)
    kpis = read("kpis", sidecar, EXTRACT + "".join(f"later,{row},1\n" for row in rows))
    return list(compare(kpis, {"kpis": kpis, "scores": scores("roads,Roads,Green")}, {}))


VALUE, TARGET = "roads,Spending on roads,value,Q1,10.9", "roads,Spending on roads,target,Q1,10.0"
MARK, PARKS = "roads,Spending on roads,benchmark,Q1,9.1", "parks,Spending on parks,value,Q1,-3.4"
AS_BEFORE = [VALUE, TARGET, MARK, PARKS]


def test_small_changes_of_figures_are_no_findings() -> None:
    assert found(*AS_BEFORE) == []


@pytest.mark.parametrize(
    ("before", "after", "kind", "words"),
    [
        (VALUE, VALUE.replace("10.9", "10900"), "jump", "£10.7m before, £10,900m now: about 1,000 times as much"),
        (VALUE, VALUE.replace("10.9", "109"), "jump", "£10.7m before, £109m now: about 10 times as much"),
        (VALUE, VALUE.replace("10.9", "0.011"), "jump", "about one part in 1,000"),
        (PARKS, PARKS.replace("-3.4", "3.4"), "sign", "the sign is the other way round"),
        (TARGET, TARGET.replace("10.0", "10.5"), "target", "£10.0m before, £10.5m now"),
        (VALUE, VALUE.replace("10.9", "[x]"), "vanished", "not in this paper now"),
    ],
    ids=["thousand", "ten", "thousandth", "sign", "target", "no figure"],
)
def test_difference_that_is_often_a_slip_needs_a_decision(before: str, after: str, kind: str, words: str) -> None:
    (matter,) = found(*(after if row == before else row for row in AS_BEFORE))
    assert (matter.kind, matter.need, matter.is_open) == (kind, DECIDE, True)
    assert words in matter.message


def test_changes_of_just_less_than_nine_times_are_not_asked_about() -> None:
    assert found(VALUE.replace("10.9", "96.2"), TARGET, MARK, PARKS) == []
    assert [f.kind for f in found(VALUE.replace("10.9", "96.4"), TARGET, MARK, PARKS)] == ["jump"]


def test_row_that_is_gone_needs_a_decision_and_names_its_old_place() -> None:
    (matter,) = found(VALUE, MARK, PARKS, "parks,Spending on parks,target,Q1,3.0")[:1]
    assert (matter.name, matter.at.line) == ("vanished/kpis/roads/target", 3)
    assert matter.message == "roads, target: was £10.0m, and is not in the new edition"


def test_kinds_of_rows_that_an_update_lacks_are_one_finding() -> None:
    (matter,) = found(VALUE, TARGET, PARKS)
    assert (matter.kind, matter.need) == ("left-out", DECIDE)
    assert matter.message.endswith("benchmark (1)")


def test_new_kinds_of_figures_are_told_without_a_decision() -> None:
    (matter,) = found(*AS_BEFORE, "parks,Spending on parks,target,Q1,3.0")
    assert (matter.kind, matter.need) == ("new", NOTHING)


def test_new_indicator_needs_a_decision_and_a_changed_rating_is_told() -> None:
    dataset = scores("roads,Roads,Amber", "lakes,Lakes,Red")
    rating = {matter.kind: matter for matter in compare(dataset, {"scores": dataset}, {})}
    assert (rating["new"].need, rating["new"].name) == (DECIDE, "new/scores/lakes")
    assert (rating["rating"].need, rating["rating"].message) == (NOTHING, "roads: Green before, Amber now")


def test_finding_names_the_cell_that_its_figure_was_taken_from() -> None:
    sidecar = SIDECAR.replace("editions:\n  - {paper: report}\n", EDITIONS)
    rows = "".join(f"later,{row},1\n" for row in [VALUE.replace("10.9", "1090"), TARGET, MARK, PARKS])
    kpis = read("kpis", sidecar, EXTRACT + rows)
    places = {("kpis", 6): ("", "", "", "", "", "kpis.xlsx, sheet Q1, cell B4", "")}
    (matter,) = compare(kpis, {"kpis": kpis}, places)
    assert matter.taken_from == "kpis.xlsx, sheet Q1, cell B4"
