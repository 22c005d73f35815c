"""Published ratings are recomputed from what is printed, and nothing is guessed where it is not enough."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generator.datasets import Dataset
from generator.diagnostics import Diagnostic
from generator.ratings import OUTCOMES, Rated, band, counts, rate
from tests.conftest import read_parks

HEAD = """\
name: {name}
path: {name}.csv
title: Indicators
description: Indicators of a testing council, each with a result and its limits, for one year.
source: {{paper: report, item: Item 8}}
period: "2023-24"
period_type: quarter
phase: reported
basis: level
geography: council
schema:
  fields:
"""
WORD = "    - {{name: {}, type: string, title: {}, description: d, role: dimension, unit: category}}\n"
NUMBER = "    - {{name: {}, type: number, title: {}, description: d, role: measure, unit: {}}}\n"
COLOUR = """\
ratings:
  - id: again
    label: Rating
    rule: target-and-floor
    rating: rating
    name: id
    polarity: polarity
    absent: lost
    value: {column: value}
    target: {column: target, met_when: met}
    floor: {column: floor, met_when: met}
"""
SEVERITY = """\
ratings:
  - id: again
    label: Distance
    rule: severity
    rating: rating
    name: id
    polarity: polarity
    value: {column: value}
    floor: {column: floor, met_when: met}
    bands: [Well below, Moderately below, Slightly below]
"""
SPLIT = """\
    words_on_target: {data: words, key: id, where: {limit: target}, column: side, quote: words}
    words_on_floor: {data: words, key: id, where: {limit: floor}, column: side, quote: words}
"""


def dataset(name: str, extract: str, unit: str = "percent", more: str = "") -> Dataset:
    """Return a dataset whose columns value, target and floor are numbers."""
    columns = extract.partition("\n")[0].split(",")
    fields = "".join(
        NUMBER.format(c, c, unit) if c in ("value", "target", "floor") else WORD.format(c, c) for c in columns
    )
    found = read_parks(HEAD.format(name=name) + fields + more, extract, name)
    assert found.value is not None
    assert found.problems == ()
    return found.value


def rated(
    row: str, *, rules: str = COLOUR, unit: str = "percent", words: str = ""
) -> tuple[Rated | None, tuple[Diagnostic, ...]]:
    """Rate one row: rating, polarity, value, target, floor, when a limit is met."""
    more = rules + (SPLIT if words else "")
    kpis = dataset("kpis", f"id,rating,polarity,value,target,floor,met\na,{row}\n", unit, more)
    others = {"words": dataset("words", f"id,limit,side,words\n{OTHER}{words}\n")} if words else {}
    found = rate(kpis, {"kpis": kpis, **others})
    return (found.value[0] if found.value else None), found.problems


def outcome(row: str, *, rules: str = COLOUR, unit: str = "percent", words: str = "") -> tuple[str, str]:
    """Return outcome and recomputed rating of one row."""
    found, _ = rated(row, rules=rules, unit=unit, words=words)
    assert found is not None
    return found.outcome, found.recomputed


OTHER = "other,target,Met,on target\nother,floor,Met,above its floor\n"
HIGH, LOW, RANGE = "Higher is better", "Lower is better", "Inside a range is better"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (f"Green,{HIGH},90,85,80,At or above", ("agrees", "Green")),
        (f"Amber,{HIGH},82,85,80,At or above", ("agrees", "Amber")),
        (f"Red,{HIGH},70,85,80,At or above", ("agrees", "Red")),
        (f"Green,{LOW},4,9,13,At or below", ("agrees", "Green")),
        (f"Amber,{LOW},11,9,13,At or below", ("agrees", "Amber")),
        (f"Red,{LOW},14,9,13,Below", ("agrees", "Red")),
        (f"Amber,{HIGH},90,85,80,Above", ("differs", "Green")),
        (f"Green,{HIGH},90,85,[lost],Above", ("agrees", "Green")),
        (f"Amber,{HIGH},82,85,[lost],Above", ("partly", "Not Green")),
        (f"Green,{HIGH},82,85,[lost],Above", ("differs", "Not Green")),
        (f"Red,{HIGH},70,[lost],80,Above", ("agrees", "Red")),
        (f"Amber,{HIGH},82,[lost],80,Above", ("partly", "Not Red")),
        (f"Red,{HIGH},82,[lost],80,Above", ("differs", "Not Red")),
        (f"Red,{HIGH},82,[lost],[lost],Above", ("missing", "Cannot be recomputed from this copy")),
        (f"Red,{HIGH},[lost],85,80,Above", ("missing", "Cannot be recomputed from this copy")),
        (f"Green,{HIGH},85,85,80,At or above", ("undecided", "Cannot be decided")),
        (f"Amber,{HIGH},80,85,80,At or above", ("undecided", "Cannot be decided")),
        (f"Red,{HIGH},85,85,80,At or above", ("differs", "Not Red")),
        (f"Amber,{HIGH},85,85,[lost],At or above", ("undecided", "Cannot be decided")),
    ],
)  # fmt: skip
def test_rating_follows_from_result_target_and_floor(row: str, expected: tuple[str, str]) -> None:
    assert outcome(row) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("19.7", "agrees"), ("17.4", "partly"), ("22.6", "partly"), ("22.5", "undecided"), ("17.5", "undecided")],
)
def test_range_is_met_between_its_two_ends(value: str, expected: str) -> None:
    limits = dataset("limits", "id,target,met\na,17.5,At or above\na,22.5,At or below\n")
    rules = COLOUR.replace("target: {column: target,", "target: {data: limits, key: id, column: target,")
    published = "Green" if expected != "partly" else "Amber"
    row = f"a,{published},{RANGE},{value},[lost],[lost],Above"
    kpis = dataset("kpis", f"id,rating,polarity,value,target,floor,met\n{row}\n", more=rules)
    found = rate(kpis, {"kpis": kpis, "limits": limits})
    assert [each.outcome for each in found.value] == [expected]


@pytest.mark.parametrize(
    ("rating", "words", "expected"),
    [
        ("Green", "a,target,Met,above target", ("agrees", "Green")),
        ("Red", "a,floor,Not met,below floor", ("agrees", "Red")),
        ("Amber", "a,target,Not met,below target", ("partly", "Not Green")),
        ("Amber", "a,floor,Met,on its floor", ("partly", "Not Red")),
        ("Amber", "a,target,Not met,below target\na,floor,Met,on its floor", ("agrees", "Amber")),
        ("Amber", "a,target,Met,above target", ("differs", "Green")),
        ("Red", "a,target,Met,above target\na,floor,Not met,below floor", ("differs", "No rating fits")),
    ],
)
def test_words_decide_what_figures_do_not(rating: str, words: str, expected: tuple[str, str]) -> None:
    assert outcome(f"{rating},{HIGH},[lost],[lost],[lost],Above", words=words) == expected


def test_words_are_quoted_only_where_they_add_to_the_figures() -> None:
    figures, _ = rated(f"Green,{HIGH},90,85,80,Above", words="a,target,Met,above target")
    both, _ = rated(f"Amber,{HIGH},82,85,[lost],Above", words="a,floor,Met,on its floor")
    assert figures is not None
    assert both is not None
    assert (figures.basis, both.basis) == ("figures", "figures and words")
    assert "above target" not in figures.sentence
    assert both.sentence.endswith("The report says: “on its floor”.")


def test_words_that_contradict_the_figures_are_a_difference() -> None:
    assert outcome(f"Green,{HIGH},90,85,80,Above", words="a,target,Not met,below target")[0] == "differs"


def test_missing_terms_are_named_with_the_reason() -> None:
    found, _ = rated(f"Amber,{LOW},[lost],[x],[lost],Below")
    assert found is not None
    assert found.missing == ("result", "target", "upper threshold")
    expected = "The result and the upper threshold are not readable in our copy. The target is not in this paper."
    assert found.sentence == expected


def test_rating_that_is_not_published_is_not_made_up() -> None:
    assert rated(f"[z],{HIGH},90,85,80,Above") == (None, ())


NOTE = """\
acknowledged:
  - {check: again, at: {id: a}, difference: Green, class: documents, reason: Rated before a revision.}
"""


def test_difference_is_an_error_until_it_is_acknowledged_with_a_reason() -> None:
    row = f"Amber,{HIGH},90,85,80,Above"
    _, problems = rated(row)
    assert [problem.code for problem in problems] == ["rating-differs"]
    assert "{check: again, at: {id: a}, difference: Green, class: unexplained" in problems[0].hint
    found, problems = rated(row, rules=COLOUR + NOTE)
    assert found is not None
    assert found.outcome == "differs"
    assert found.sentence.endswith("Together they give: Green.")
    assert found.note is not None
    assert found.note.reason == "Rated before a revision."
    assert problems == ()


def test_acknowledgement_of_another_rating_is_not_enough() -> None:
    _, problems = rated(f"Amber,{HIGH},79,85,80,Above", rules=COLOUR + NOTE)
    assert [problem.code for problem in problems] == ["changed-difference"]


def test_acknowledgement_of_an_agreement_is_needless() -> None:
    _, problems = rated(f"Green,{HIGH},90,85,80,Above", rules=COLOUR + NOTE)
    assert [problem.code for problem in problems] == ["needless-acknowledgement"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (f"Green,{HIGH},90,85,80,Near", "a: 'Near' does not say when a limit is met"),
        (f"Green,{HIGH},90,85,80,Below", "a: a limit that is met below it does not fit 'higher is better'"),
        ("Green,Up,90,85,80,Above", "a: 'Up' does not say which way is better"),
    ],
)
def test_rule_is_not_applied_to_terms_that_do_not_fit(row: str, message: str) -> None:
    found, problems = rated(row)
    assert found is None
    assert {problem.message for problem in problems} == {message}
    assert {problem.code for problem in problems} == {"rating-term"}


@pytest.mark.parametrize(
    ("extract", "unit", "message"),
    [
        ("id,target,met\na,85,Above\n", "count", "a: the target is in count and the result in percent"),
        ("id,target,met\n", "percent", ""),
    ],
)
def test_limit_in_another_unit_is_refused_and_a_limit_without_a_row_is_missing(
    extract: str, unit: str, message: str
) -> None:
    limits = dataset("limits", extract, unit)
    rules = COLOUR.replace("target: {column: target,", "target: {data: limits, key: id, column: target,")
    row = f"a,Amber,{HIGH},82,[lost],80,Above"
    kpis = dataset("kpis", f"id,rating,polarity,value,target,floor,met\n{row}\n", more=rules)
    found = rate(kpis, {"kpis": kpis, "limits": limits})
    assert [problem.message for problem in found.problems] == ([message] if message else [])
    assert [each.missing for each in found.value] == ([] if message else [("target",)])


def test_two_results_or_two_statements_for_one_rating_are_refused() -> None:
    results = dataset("results", "id,value\na,82\na,83\n")
    rules = COLOUR.replace("value: {column: value}", "value: {data: results, key: id, column: value}")
    kpis = dataset("kpis", f"id,rating,polarity,value,target,floor,met\na,Amber,{HIGH},82,85,80,Above\n", more=rules)
    found = rate(kpis, {"kpis": kpis, "results": results})
    assert [problem.message for problem in found.problems] == [
        "a: 2 rows of content/data/results.csv could be the result"
    ]
    words = "a,floor,Met,on its floor\na,floor,Met,above its floor"
    _, problems = rated(f"Amber,{HIGH},82,85,80,Above", words=words)
    assert [problem.message for problem in problems] == ["a: 2 rows hold its words"]
    _, problems = rated(f"Amber,{HIGH},82,85,80,Above", words="a,floor,Perhaps,near its floor")
    assert [problem.message for problem in problems] == ["a: 'Perhaps' says neither 'Met' nor 'Not met'"]


@pytest.mark.parametrize(
    ("row", "unit", "expected"),
    [
        (f"Well below,{HIGH},60.0,[z],75.0,Above", "percent", ("agrees", "Well below")),
        (f"Moderately below,{HIGH},73,[z],80,Above", "percent", ("agrees", "Moderately below")),
        (f"Slightly below,{HIGH},73.6,[z],75.0,Above", "percent", ("agrees", "Slightly below")),
        (f"Well below,{HIGH},73.6,[z],75.0,Above", "percent", ("differs", "Slightly below")),
        # 4 points are slight, 4/40 of the limit is moderate
        (f"Slightly below,{HIGH},36.0,[z],40.0,Above", "percent", ("undecided", "Cannot be decided")),
        # from 4.5 to 5.5 points
        (f"Slightly below,{HIGH},95,[z],100,Above", "percent", ("undecided", "Cannot be decided")),
        (f"Well below,{LOW},700,[z],617,Below", "count", ("agrees", "Well below")),
        (f"Moderately below,{LOW},660,[z],617,Below", "count", ("agrees", "Moderately below")),
        (f"Slightly below,{LOW},620,[z],617,Below", "count", ("agrees", "Slightly below")),
        (f"Slightly below,{LOW},600,[z],617,Below", "count", ("differs", "Upper threshold met")),
        (f"Slightly below,{HIGH},75,[z],75,Above", "percent", ("undecided", "Cannot be decided")),
        (f"Slightly below,{HIGH},75,[z],[lost],Above", "percent", ("missing", "Cannot be recomputed from this copy")),
    ],
)
def test_severity_is_measured_in_points_and_in_percent_of_the_limit(
    row: str, unit: str, expected: tuple[str, str]
) -> None:
    assert outcome(row, rules=SEVERITY, unit=unit) == expected


def test_bands_meet_where_the_report_says() -> None:
    assert [band(Decimal(text)) for text in ("10.01", "10", "5", "4.99", "0")] == [0, 1, 1, 2, 2]


def test_counts_name_every_outcome_that_there_is() -> None:
    made = [Rated("r", "a", "A", "Red", "Red", key, "figures", "", (), frozenset(), 2) for key in OUTCOMES]
    lines = counts([*made, made[0]])
    assert lines[0] == "7 are published. Of these, 2 were recomputed and agree: 2 from figures."
    assert len(lines) == len(OUTCOMES)
    assert "1 differs from what is printed. The table says how." in lines
