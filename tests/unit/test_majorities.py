"""The word of an outcome follows from its measures only as far as the paper says how."""

from __future__ import annotations

import pytest

from generator.datasets import Dataset
from generator.majorities import decide
from generator.rating_rules import Majority
from generator.ratings import Rated, rate
from tests.conftest import read_parks

UP, LEVEL, DOWN, MIXED = "Improving", "Maintaining", "Not improving", "Mixed"
STATED = Majority(frozenset({"x"}), {frozenset({UP, DOWN}): MIXED}, single_stands=True)
OPEN = Majority(frozenset(), {}, single_stands=False)

HEAD = """\
name: {name}
path: {name}.csv
title: Outcomes
description: Outcomes of a testing council with their directions of travel, for one year.
source: {{paper: report, item: Item 8}}
period: "2016"
period_type: mixed
phase: reported
geography: council
schema:
  fields:
"""
WORD = "    - {{name: {0}, type: string, title: {0}, description: d, role: dimension, unit: category}}\n"
RULE = """\
ratings:
  - id: again
    label: Direction
    rule: majority
    rating: direction
    name: id
    measures: {data: measures, key: outcome, column: direction}
"""
RULES = """\
    not_counted: [x]
    ties: [{between: [Improving, Not improving], gives: Mixed}]
    single_stands: true
"""


def dataset(name: str, extract: str, more: str = "") -> Dataset:
    columns = extract.partition("\n")[0].split(",")
    found = read_parks(HEAD.format(name=name) + "".join(map(WORD.format, columns)) + more, extract, name)
    assert found.value is not None
    assert found.problems == ()
    return found.value


def rated(published: str, measures: list[str], *, rules: str = RULES) -> Rated:
    """Rate one outcome; another outcome has measures of its own."""
    outcomes = dataset("outcomes", f"id,direction\na,{published}\n", RULE + rules)
    rows = "".join(f"a,{word}\n" for word in measures)
    both = {"outcomes": outcomes, "measures": dataset("measures", f"outcome,direction\nb,Maintaining\n{rows}")}
    found = rate(outcomes, both)
    assert [problem.code for problem in found.problems] == ["rating-differs"] * (found.value[0].outcome == "differs")
    return found.value[0]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([UP, UP, UP], UP),
        ([UP, UP, DOWN], UP),
        ([LEVEL, UP, LEVEL], LEVEL),
        ([UP, UP, LEVEL, DOWN], ""),
        ([UP, DOWN, UP, DOWN], MIXED),
        ([DOWN, DOWN, LEVEL, UP, UP], MIXED),
        ([UP, LEVEL], ""),
        ([UP, LEVEL, DOWN], ""),
        ([DOWN], DOWN),
        ([], ""),
    ],
)
def test_majority_is_more_than_half_and_a_tie_is_decided_only_as_stated(words: list[str], expected: str) -> None:
    word, sentence = decide(words, len(words), STATED)
    assert word == expected
    assert sentence.endswith(".")


@pytest.mark.parametrize("words", [[UP, DOWN], [UP], [UP, UP, DOWN, DOWN]])
def test_what_the_paper_leaves_open_is_not_decided(words: list[str]) -> None:
    word, sentence = decide(words, len(words), OPEN)
    assert word == ""
    assert "The report does not say what follows" in sentence


def test_most_frequent_word_without_a_majority_is_named() -> None:
    _, sentence = decide([UP, UP, LEVEL, DOWN], 4, STATED)
    assert sentence == (
        "Of 4 measures, 2 are Improving, 1 is Maintaining and 1 is Not improving. "
        "Improving is the most frequent, but not more than half."
    )


@pytest.mark.parametrize(
    ("published", "measures", "expected"),
    [
        (UP, [UP, UP, DOWN], ("agrees", UP)),
        (MIXED, [UP, DOWN], ("agrees", MIXED)),
        (DOWN, [UP, DOWN], ("differs", MIXED)),
        (UP, [UP, LEVEL], ("undecided", "Cannot be decided")),
        (UP, [UP, "[x]", "[x]"], ("agrees", UP)),
        (UP, [UP, DOWN, "[x]"], ("differs", MIXED)),
        (UP, ["[x]", "[x]"], ("undecided", "Cannot be decided")),
        (UP, [UP, UP, "[lost]"], ("missing", "Cannot be recomputed from this copy")),
        (UP, [], ("missing", "Cannot be recomputed from this copy")),
    ],
)
def test_published_direction_stands_beside_the_recomputed_one(
    published: str, measures: list[str], expected: tuple[str, str]
) -> None:
    found = rated(published, measures)
    assert (found.outcome, found.recomputed) == expected
    assert found.published == published


def test_difference_says_what_is_printed_and_what_the_measures_give() -> None:
    assert rated(DOWN, [UP, DOWN]).sentence == (
        "The paper prints Not improving. Of 2 measures, 1 is Improving and 1 is Not improving. "
        "For this tie the report has the word Mixed. Together they give: Mixed."
    )


def test_measures_without_a_direction_count_as_missing_unless_the_sidecar_says_that_they_do_not_count() -> None:
    found = rated(UP, [UP, UP, "[x]"], rules="")
    assert (found.outcome, found.missing) == ("missing", ("direction of a measure",))
    assert found.sentence == "The direction of a measure is not in this paper."


def test_measures_of_other_outcomes_are_not_counted() -> None:
    found = rated(UP, [UP])
    assert found.cells == {
        ("content/data/outcomes.csv", 2, "direction"),
        ("content/data/measures.csv", 3, "direction"),
    }
