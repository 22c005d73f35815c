"""Every kind of check of a sidecar finds what agrees, what rounding explains, and what differs."""

from __future__ import annotations

import pytest

from generator.datasets import Dataset
from generator.reconcile import Check, check_dataset
from tests.conftest import read_parks

SIDECAR = """\
name: {name}
path: {name}.csv
title: {title}
description: Money and people of each year, for tests of every kind of check.
source: {{paper: report, item: Item 4, table: Table 1}}
period: "2023-24"
period_type: financial-year
phase: reported
basis: level
geography: council
schema:
  primaryKey: [year, line]
  fields:
    - {{name: year, type: string, title: Year, description: Of account., role: dimension, unit: financial-year}}
    - {{name: line, type: string, title: Line, description: Its name., role: dimension, unit: category}}
    - {{name: cost, type: number, title: Cost, description: In all., role: measure, unit: gbp-thousand}}
    - {{name: people, type: integer, title: People, description: In all., role: measure, unit: count, of: people}}
    - {{name: share, type: number, title: Share, description: Of all., role: measure, unit: percent}}
"""
EXTRACT = """\
year,line,cost,people,share
2022-23,opening,1000.0,200,[z]
2022-23,added,250.5,30,15
2022-23,taken,100.0,7,50
2022-23,closing,1150.5,223,11.5
2023-24,opening,1150.5,223,[z]
2023-24,added,60.0,60,27
2023-24,taken,60.5,[lost],[lost]
2023-24,closing,1150.1,283,115
"""
OTHER = "year,line,cost,people,share\n2023-24,all,1.150,283,26.9\n2022-23,all,1.151,223,11.50\n"


LARGER = "kind: subset, where: {line: closing, year: 2023-24}, part: people, whole: 'people[line=opening; year=@year]'"


def dataset(sidecar: str = "", extract: str = EXTRACT, name: str = "money") -> Dataset:
    title = "Money of the council" if name == "money" else "Money elsewhere"
    found = read_parks(SIDECAR.format(name=name, title=title) + sidecar, extract, name)
    assert [problem.message for problem in found.problems] == []
    assert found.value is not None
    return found.value


def run(check: str, more: str = "") -> tuple[tuple[Check, ...], list[str]]:
    other = SIDECAR.replace("gbp-thousand", "gbp-million").format(name="other", title="Money elsewhere")
    there = read_parks(other, OTHER, "other").value
    assert there is not None
    here = dataset(f"checks:\n  - {{id: c, label: The check, {check}}}\n{more}")
    found = check_dataset(here, {"money": here, "other": there})
    return found.value, [problem.code for problem in found.problems]


@pytest.mark.parametrize(
    ("check", "results"),
    [
        pytest.param(
            "kind: equation, by: [year], result: 'cost[line=closing]', plus: ['cost[line=opening | added]'], "
            "minus: ['cost[line=taken]']",
            ["agrees", "rounding"],
            id="what is held, plus what comes, less what goes",
        ),
        pytest.param(
            "kind: same, here: 'cost[year=2023-24; line=opening]', there: 'cost[year=2022-23; line=closing]'",
            ["agrees"],
            id="one year's end is the next year's beginning",
        ),
        pytest.param(
            "kind: same, where: {line: closing}, here: cost, there: 'other: cost[year=@year]'",
            ["rounding", "rounding"],
            id="the same in another dataset, in millions",
        ),
        pytest.param(
            "kind: same, where: {line: opening}, here: cost, there: 'other: cost[year=@year]'",
            ["differs", "rounding"],
            id="a figure printed twice must round to its coarser form",
        ),
        pytest.param(
            "kind: same, here: 'share[year=2022-23; line=added]', there: '14.5'",
            ["agrees"],
            id="an exact number within the rounding",
        ),
        pytest.param(
            "kind: same, here: 'other: cost[year=2023-24]', there: 'other: cost[year=2022-23]'",
            ["differs"],
            id="one unit of the last place apart is another figure",
        ),
        pytest.param(
            "kind: same, where: {line: closing}, here: people, there: 'other: people[year=@year]'",
            ["agrees", "agrees"],
            id="the same count in another dataset",
        ),
        pytest.param(
            "kind: share, where: {line: added}, share: share, part: people, whole: 'people[line=opening; year=@year]'",
            ["agrees", "agrees"],
            id="a share of exact counts",
        ),
        pytest.param(
            "kind: share, where: {line: taken, year: 2022-23}, share: share, part: people, whole: '14'",
            ["agrees"],
            id="a share of a number",
        ),
        pytest.param(
            "kind: share, where: {line: opening, year: 2022-23}, share: '85', part: people, minus: '30', whole: people",
            ["agrees"],
            id="a share of what is left",
        ),
        pytest.param(
            "kind: growth, growth: 'share[line=closing; year=2022-23]', from: '200', "
            "to: 'people[line=closing; year=2022-23]'",
            ["agrees"],
            id="growth",
        ),
        pytest.param(
            "kind: change, change: 'people[line=added; year=2023-24]', from: 'people[line=opening; year=2023-24]', "
            "to: 'people[line=closing; year=2023-24]'",
            ["agrees"],
            id="a change",
        ),
        pytest.param(
            "kind: change, change: 'people[line=added; year=2022-23]', from: 'people[line=opening; year=2022-23]', "
            "to: 'people[line=closing; year=2022-23]'",
            ["differs"],
            id="a change that differs",
        ),
        pytest.param(
            "kind: ratio, result: 'cost[line=added; year=2023-24]', over: [people, '1000'], under: '1000', "
            "where: {line: added, year: 2023-24}",
            ["differs"],
            id="a ratio in pounds is not one in thousands",
        ),
        pytest.param(
            "kind: ratio, where: {line: closing, year: 2022-23}, result: share, over: ['23', '5'], under: '10'",
            ["agrees"],
            id="a product of numbers",
        ),
        pytest.param(
            "kind: whole-number, where: {line: added}, share: share, base: people",
            ["differs", "agrees"],
            id="15% of 30 is no whole number, 27% of 60 is 16",
        ),
        pytest.param(
            "kind: whole-number, where: {line: taken, year: 2022-23}, share: share, base: '400'",
            ["coarse"],
            id="of a large base every whole percent is possible",
        ),
        pytest.param(
            "kind: recount, printed: 'people[line=taken; year=2022-23]', count: 'people[line=opening | added | taken]'",
            ["differs"],
            id="six rows are not seven",
        ),
        pytest.param("kind: recount, printed: '8', count: line", ["agrees"], id="eight rows in all"),
        pytest.param(
            "kind: recount, printed: '4', where: {year: 2022-23}, count: people", ["agrees"], id="all rows that fit"
        ),
        pytest.param(
            "kind: recount, where: {year: 2022-23}, printed: '2', count: 'year[line=opening | added | taken]', "
            "minus: 'year[line=closing]'",
            ["agrees"],
            id="three rows of one kind are two more than one of another",
        ),
        pytest.param(
            "kind: subset, by: [year], part: 'people[line=added]', whole: 'people[line=opening]'",
            ["agrees", "agrees"],
            id="a part is smaller",
        ),
        pytest.param(
            "kind: subset, by: [year], part: 'people[line=closing]', whole: 'people[line=opening]'",
            ["differs", "differs"],
            id="a part is larger than its whole",
        ),
        pytest.param("kind: series, by: [line], series: year", ["agrees"] * 4, id="no year is missing"),
        pytest.param(
            "kind: hundred, where: {year: 2022-23, line: [added, taken]}, shares: share",
            ["differs"],
            id="65 is not 100",
        ),
        pytest.param(
            "kind: equation, by: [year], result: 'people[line=closing]', plus: 'people[line=opening | added]', "
            "minus: 'people[line=taken]'",
            ["agrees", "unknown"],
            id="one figure is not readable",
        ),
        pytest.param(
            "kind: same, here: 'line[year=2023-24; line=closing]', there: 'line[year=2022-23; line=closing]'",
            ["agrees"],
            id="the same words",
        ),
        pytest.param(
            "kind: same, here: 'line[year=2023-24; line=closing]', there: 'line[year=2022-23; line=taken]'",
            ["differs"],
            id="other words",
        ),
    ],
)
def test_check_finds(check: str, results: list[str]) -> None:
    found, problems = run(check)
    assert [one.result for one in found] == results
    assert problems == ["check-differs"] * results.count("differs")


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (
            "kind: same, where: {line: closing, year: 2023-24}, here: people, there: 'other: people[year=2022-23]'",
            (
                "The check (2023-24, closing): the paper prints 283. In “Money elsewhere” it is 223. "
                "The difference is 60."
            ),
        ),
        (
            "kind: whole-number, where: {line: added, year: 2022-23}, share: share, base: people",
            (
                "The check (2022-23, added): the paper prints 15%. Of 30 the nearest whole numbers are 4 (13.333%) or "
                "5 (16.667%)."
            ),
        ),
        (
            LARGER,
            (
                "The check (2023-24, closing): the paper prints 283. The whole that it is part of is 223. "
                "The part is larger by 60."
            ),
        ),
        (
            "kind: subset, where: {year: 2022-23}, part: 'people[line=opening | added]', whole: 'people[line=closing]'",
            "The check: the parts add up to 230. The whole that they are part of is 223. The parts are larger by 7.",
        ),
        (
            "kind: growth, growth: 'share[line=closing; year=2022-23]', from: '200', to: '224'",
            (
                "The check: the paper prints 11.5%. The two figures that it compares give 12%. "
                "The difference is 0.5 percentage points."
            ),
        ),
        (
            "kind: hundred, where: {year: 2022-23, line: [added, taken]}, shares: share",
            "The check: the whole is 100%. The shares add up to 65%. The difference is 35 percentage points.",
        ),
        (
            (
                "kind: equation, by: [year], where: {year: 2023-24}, result: 'people[line=closing]', "
                "plus: 'people[line=taken]'"
            ),
            "The check (2023-24): the paper prints 283. Some figures cannot be read, so it cannot be checked.",
        ),
        (
            "kind: ratio, where: {line: closing, year: 2022-23}, result: share, over: '3', under: '0'",
            "The check (2022-23, closing): the paper prints 11.5%. It would divide by zero, so it cannot be checked.",
        ),
    ],
)
def test_result_is_said_in_plain_words(check: str, sentence: str) -> None:
    assert [one.sentence for one in run(check)[0]] == [sentence]


def test_years_that_are_missing_or_stand_twice_are_named() -> None:
    extract = EXTRACT.replace("2022-23,closing", "2020-21,closing")
    (found,) = check_dataset(
        dataset("checks:\n  - {id: c, label: Years, kind: series, where: {line: closing}, series: year}\n", extract), {}
    ).value
    assert found.sentence.endswith("There is no figure for the year that begins in 2021, 2022.")


def test_cut_figures_are_told_apart_and_need_a_word() -> None:
    """500 and 500.0 stand for up to 501.1 together if they were cut, but only for up to 500.55 if they were rounded."""
    check = "kind: equation, result: 'share[line=opening]', plus: ['share[line=added | taken]']"
    extract = "year,line,cost,people,share\n2023-24,opening,0,0,1003\n2023-24,added,0,0,500\n2023-24,taken,0,0,500\n"
    extract = extract.replace("1003", "1001.0").replace("added,0,0,500", "added,0,0,500.0")
    here = dataset(f"checks:\n  - {{id: c, label: The check, {check}}}\n", extract)
    found = check_dataset(here, {})
    assert [one.result for one in found.value] == ["cut"]
    assert [problem.code for problem in found.problems] == ["check-differs"]
    assert "class: rounding" in found.problems[0].hint


def test_difference_that_a_link_allows_is_shown_with_its_reason_and_needs_no_acknowledgement() -> None:
    found, problems = run(
        "kind: same, may_differ: [date, scope], where: {line: closing, year: 2023-24}, here: people, "
        "there: 'other: people[year=2022-23]'"
    )
    assert ([one.result for one in found], problems) == (["differs"], [])
    assert found[0].reason == "The two figures differ in date and scope."


def test_reference_to_stated_totals_may_name_several() -> None:
    years = "{year: 2022-23, cost: 2501.0}, {year: 2023-24, cost: 2421.1}"
    found, problems = run(
        "kind: equation, result: 'net.cost[year=2022-23]', plus: 'net.cost[year=2022-23 | 2023-24]', "
        "minus: 'net.cost[year=2023-24]'",
        f"totals:\n  - {{id: net, label: All lines, by: [year], printed: [{years}]}}\n",
    )
    assert ([one.result for one in found], problems) == (["agrees"] * 3, [])


def test_hint_of_a_check_can_be_pasted_into_the_sidecar() -> None:
    check = (
        "kind: subset, where: {line: closing, year: 2023-24}, part: people, whole: 'people[line=opening; year=@year]'"
    )
    here = dataset(f"checks:\n  - {{id: c, label: The check, {check}}}\n")
    hint = check_dataset(here, {}).problems[0].hint
    pasted = hint[hint.index("{check") :]
    again = dataset(f"checks:\n  - {{id: c, label: The check, {check}}}\nacknowledged:\n  - {pasted}\n")
    found = check_dataset(again, {})
    assert found.problems == ()
    assert (found.value[0].reason, found.value[0].cause) == ("The paper does not say why.", "unexplained")


@pytest.mark.parametrize(
    ("check", "code"),
    [
        ("kind: same, here: 'cost[line=closing]', there: '5'", "empty-check"),
        ("kind: same, here: 'cost[line=gone]', there: '5'", "empty-check"),
        ("kind: same, where: {line: closing}, here: cost, there: 'othr: cost[year=@year]'", "unknown-dataset"),
        ("kind: same, where: {line: closing}, here: cost, there: 'other: price[year=@year]'", "unknown-column"),
        ("kind: same, where: {line: closing}, here: cost, there: 'other: cost[year=@yaer]'", "bad-reference"),
        ("kind: same, where: {line: closing}, here: cost, there: 'other: net.cost'", "unknown-total"),
        ("kind: same, where: {line: closing}, here: cost, there: people", "mixed-units"),
        ("kind: share, share: line, part: people, whole: people", "wrong-type"),
        ("kind: ratio, result: cost, over: [line], under: [people]", "wrong-type"),
        ("kind: recount, printed: line, count: people", "wrong-type"),
        ("kind: series, series: 'year[line=gone]'", "empty-check"),
    ],
)
def test_check_that_cannot_be_made_says_why(check: str, code: str) -> None:
    found, problems = run(check)
    assert (found, set(problems)) == ((), {code})


@pytest.mark.parametrize("qualifier", ["at least", "about"])
def test_values_that_are_only_at_least_or_about_something_are_not_subtracted(qualifier: str) -> None:
    check = "kind: change, change: '30', from: '200', to: 'people[line=closing; year=2022-23]'"
    extract = EXTRACT.replace("1150.5,223,11.5", f"1150.5,{qualifier} 230,11.5")
    found = check_dataset(dataset(f"checks:\n  - {{id: c, label: The check, {check}}}\n", extract), {})
    assert (found.value, [problem.code for problem in found.problems]) == ((), ["qualified-difference"])
