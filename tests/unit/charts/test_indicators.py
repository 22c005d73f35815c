"""Cards and scorecards show published ratings in the words of the paper, and say what is missing."""

from __future__ import annotations

import pytest

from generator.charts.indicators import arrange
from generator.charts.refusals import MAX_CARDS, MAX_SCORED
from generator.charts.shape import ChartData
from generator.charts.spec import read_chart
from generator.datasets import Dataset
from generator.diagnostics import Diagnostic, Location
from generator.markdown import BlockPart
from generator.positioned import parse_yaml
from generator.tables import indicators_table
from tests.conftest import read_parks

HEAD = """\
name: {name}
path: {name}.csv
title: Indicators
description: Indicators of a testing council, each with a result and its limits, for one year.
source: {{paper: report, item: Item 8}}
period: "2023-24"
period_type: quarter
covers_to: 2024-03-31
phase: reported
basis: level
geography: council
schema:
  fields:
"""
WORD = "    - {{name: {0}, type: {1}, title: {0}, description: d, role: dimension, unit: {2}}}\n"
NUMBER = (
    "    - {{name: {0}, type: number, title: {0}, description: d, role: measure, unit_from: unit, "
    "of_from: of, per: 100}}\n"
)
RULE = """\
ratings:
  - id: again
    label: Rating
    rule: target-and-floor
    rating: rating
    key: name
    name: name
    polarity: way
    absent: lost
    value: {data: results, key: name, where: {what: value}, column: figure}
    target: {data: results, key: name, where: {what: [target, lower, upper]}, column: figure, met_when: met}
    floor: {data: results, key: name, where: {what: floor}, column: figure, met_when: met}
"""
NAMES = "name,section,rating,direction,to,way\n"
ROWS = NAMES + (
    "Posts,Care,Red,Worsening,[z],Higher is better\n"
    "Plans,Care,Green,[lost],2023-12-31,Inside a range is better\n"
    "Homes,Health,[z],Improving,2024-03-31,Lower is better\n"
)
RESULTS = """\
name,what,figure,unit,of,met,when
Posts,value,73.6,percent,[z],[z],March 2024
Posts,floor,75.0,percent,[z],At or above,2023/24
Plans,value,626 [p],rate,people,[z],12 months
Plans,lower,17.5,rate,people,At or above,2023/24
Plans,upper,22.5,rate,people,At or below,2023/24
Homes,target,9,percent,[z],Below,2023/24
"""


def dataset(name: str, extract: str, more: str = "") -> Dataset:
    kinds = {"to": ("date", "date"), "rating": ("string", "rating"), "direction": ("string", "direction")}
    fields = "".join(
        NUMBER.format(c) if c == "figure" else WORD.format(c, *kinds.get(c, ("string", "category")))
        for c in extract.partition("\n")[0].split(",")
    )
    found = read_parks(HEAD.format(name=name) + fields + more, extract, name)
    assert found.value is not None
    assert found.problems == ()
    return found.value


def made(yaml: str = "", extract: str = ROWS, rule: str = RULE) -> tuple[ChartData | None, list[Diagnostic]]:
    """Arrange a card of *extract* from the lines that differ from the simplest block."""
    base = {"id": "c", "data": "kpis", "kind": "card", "y": "name", "rating": "rating", "period": "when"}
    base |= {"title": "T", "alt": "auto"} | dict(line.split(": ", 1) for line in yaml.splitlines())
    if base["kind"] == "scorecard":
        del base["period"]
    text = "\n".join(f"{key}: {value}" for key, value in base.items())
    problems: list[Diagnostic] = []
    spec = read_chart(BlockPart("chart", parse_yaml(text, "a.md").value, Location("a.md", 3)), problems)
    assert problems == []
    shown, results = dataset("kpis", extract, rule), dataset("results", RESULTS)
    return arrange(spec, shown, {"kpis": shown, "results": results}, lambda fields: "Draft.", problems), problems


def card(yaml: str = "") -> ChartData:
    found, problems = made(yaml)
    assert problems == []
    assert found is not None
    return found


def test_card_joins_result_and_limits_as_the_rule_says() -> None:
    posts, plans, homes = card("direction: direction").indicators
    assert (posts.result, posts.period, posts.rating, posts.direction) == ("73.6%", "March 2024", "Red", "Worsening")
    assert posts.limits == (("Target", "not readable in our copy"), ("Floor standard", "at or above 75.0%"))
    assert (plans.result, plans.result_of) == ("626", "people per 100 (provisional)")
    assert plans.limits[0] == ("Target", "at or above 17.5 people and at or below 22.5 people")
    assert homes.limits == (("Target", "below 9%"), ("Upper threshold", "not readable in our copy"))


def test_what_is_missing_is_said_and_an_unrated_indicator_is_never_green() -> None:
    _, plans, homes = card("direction: direction").indicators
    assert plans.direction == "not readable in our copy"
    assert card("period: of").indicators[0].period == "not applicable"
    assert (homes.result, homes.rating) == ("not readable in our copy", "Not rated")
    assert [point.quantity.number is None for point in card().points] == [False, False, True]


def test_rating_on_older_data_says_to_when_they_run() -> None:
    assert [each.older for each in card("covers_to: to").indicators] == ["", "December 2023", ""]
    assert [each.older for each in card().indicators] == ["", "", ""]


def test_scorecard_has_every_row_in_the_order_of_the_paper() -> None:
    found = card("kind: scorecard\nseries: section")
    assert [(each.group, each.name) for each in found.indicators] == [
        ("Care", "Posts"),
        ("Care", "Plans"),
        ("Health", "Homes"),
    ]
    assert (found.points, found.phase_line) == ((), "Draft.")


def test_table_has_the_same_words_and_names_both_limits() -> None:
    table = indicators_table(card("direction: direction\ncovers_to: to"), "T")
    assert [column.title for column in table.columns] == [
        "name", "Result", "Period", "Target", "Floor standard or upper threshold", "Rating", "Older data to",
        "Direction of travel",
    ]  # fmt: skip
    assert [cell.text for cell in table.rows[1].cells] == [
        "Plans", "626 people per 100 (provisional)", "12 months",
        "at or above 17.5 people and at or below 22.5 people", "not readable in our copy", "Green", "December 2023",
        "not readable in our copy",
    ]  # fmt: skip
    assert table.rows[1].cells[5].rating == "green"
    assert [cell.kind for cell in table.rows[2].cells[:3]] == ["text", "missing", "missing"]


def rows(count: int) -> str:
    return (
        NAMES
        + "".join(f"N{n},S,Red,Worsening,[z],Higher is better\n" for n in range(count))
        + "Posts,S,Red,[z],[z],a\n"
    )


@pytest.mark.parametrize(
    ("yaml", "extract", "better"),
    [
        ("", rows(MAX_CARDS), "scorecard"),
        ("kind: scorecard", rows(MAX_SCORED), "ratings"),
        ("kind: scorecard", ROWS.replace("Red", "Good"), "Green"),
        ("kind: scorecard\nwhere: {name: Homes}", ROWS, "table"),
        ("direction: direction", ROWS.replace("Worsening", "Arrow down"), "Worsening"),
        ("where: {name: Homes}", ROWS.replace("[z],Improving", "Red,Improving"), "scorecard"),
    ],
)
def test_indicators_that_would_mislead_are_refused_with_a_better_kind(yaml: str, extract: str, better: str) -> None:
    found, problems = made(yaml, extract)
    assert found is None
    assert [problem.code for problem in problems] == ["unfit-chart"]
    assert better in (problems[0].hint or "")


def test_as_many_as_can_be_read_are_shown() -> None:
    assert made("", rows(MAX_CARDS - 1))[1] == []
    assert made("kind: scorecard", rows(MAX_SCORED - 1))[1] == []


@pytest.mark.parametrize(
    ("yaml", "rule", "code"),
    [
        ("", "", "unfit-chart"),
        ("period: whn", RULE, "unknown-column"),
        ("rating: ratng", RULE, "unknown-column"),
        ("direction: way_", RULE, "unknown-column"),
        ("where: {name: Nobody}", RULE, "unknown-row"),
        ("where: {name: []}", RULE, "empty-chart"),
        ("y: section", RULE, "repeated-category"),
        ("covers_to: section", RULE, "unfit-chart"),
    ],
)
def test_card_that_cannot_be_made_says_why(yaml: str, rule: str, code: str) -> None:
    found, problems = made(yaml, rule=rule)
    assert found is None
    assert [problem.code for problem in problems] == [code]
    assert problems[0].hint
