"""The ratings of the site itself: every published one is recomputed, or what is missing is named."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from generator.build import Options, load_config
from generator.datasets import missing_mark
from generator.figures import Library
from generator.library import read_library
from generator.ratings import OUTCOMES, Rated
from generator.sources import read_snapshot
from tests.command import CHECKOUT


@cache
def library() -> Library:
    snapshot = read_snapshot(CHECKOUT).value
    found = read_library(snapshot, load_config(snapshot, Options()).value)
    assert [problem for problem in found.problems if problem.code.startswith("rating")] == []
    return found.value


def ratings(dataset: str) -> tuple[Rated, ...]:
    return library().ratings[dataset]


def test_every_published_rating_of_the_year_end_has_an_outcome_that_fits_it() -> None:
    scorecard = library().datasets["kpi-scorecard"]
    rated = ratings(scorecard.id)
    assert [each.key for each in rated] == [scorecard.text(row, "id") for row in scorecard.rows]
    assert len(rated) == 38
    for each in rated:
        assert each.outcome in OUTCOMES
        assert each.sentence.endswith(".")
        if each.outcome == "agrees":
            assert (each.recomputed, each.missing) == (each.published, ())
            assert each.basis
        else:
            assert each.missing or each.outcome == "differs", each


def test_counts_of_the_year_end_are_those_of_the_printed_figures_and_words() -> None:
    counted = Counter((each.outcome, each.basis) for each in ratings("kpi-scorecard"))
    assert counted == {
        ("agrees", "figures"): 9,
        ("agrees", "words"): 15,
        ("partly", "figures"): 4,
        ("partly", "words"): 3,
        ("missing", ""): 7,
    }


def test_published_counts_by_colour_are_those_of_the_scorecard() -> None:
    summary = library().datasets["kpi-rag-dot-summary"]
    printed = next(total for total in summary.totals if total.id == "total").printed[0].values
    counted = Counter(each.published.lower() for each in ratings("kpi-scorecard"))
    assert counted == {colour: printed[colour].number for colour in ("green", "amber", "red")}


def test_every_severity_that_has_both_figures_agrees() -> None:
    agreed = [each.key for each in ratings("red-kpis-severity") if each.outcome == "agrees"]
    assert agreed == ["care-needs-assessments-in-time", "foster-care-in-house", "social-worker-posts-filled"]
    assert all(each.missing for each in ratings("red-kpis-severity") if each.key not in agreed)


def test_all_adult_social_care_ratings_of_november_2023_are_decided() -> None:
    assert [(each.outcome, each.basis) for each in ratings("asch-kpis")] == [("agrees", "figures")] * 6


@pytest.mark.parametrize("colour", ["Green", "Amber", "Red"])
def test_adult_social_care_ratings_are_as_many_as_its_summary_says(colour: str) -> None:
    summary = library().datasets["asch-rag-summary"]
    stated = {summary.text(row, "rating"): summary.text(row, "count") for row in summary.rows}
    assert str(sum(each.published == colour for each in ratings("asch-kpis"))) == stated[colour]


def test_counts_of_2016_are_those_of_the_printed_directions() -> None:
    found = ratings("dot-summary")
    counted = Counter((each.rule, each.outcome) for each in found)
    assert counted == {
        ("recomputed-1-year", "agrees"): 17,
        ("recomputed-1-year", "undecided"): 2,
        ("recomputed-1-year", "differs"): 1,
        ("recomputed-3-year", "agrees"): 15,
        ("recomputed-3-year", "undecided"): 4,
        ("recomputed-3-year", "differs"): 1,
    }
    assert [each.key for each in found if each.outcome == "differs"] == ["1.5", "3.5"]


@pytest.mark.parametrize(("years", "others"), [("1", ["3.6"]), ("3", [])])
def test_directions_marked_as_of_a_single_measure_rest_on_one(years: str, others: list[str]) -> None:
    summary = library().datasets["dot-summary"]
    marked = [
        summary.text(row, "id") for row in summary.rows if not missing_mark(summary.text(row, f"single_{years}_year"))
    ]
    single = [
        each.key
        for each in ratings("dot-summary")
        if each.rule == f"recomputed-{years}-year" and each.sentence.startswith("1 measure counts")
    ]
    assert [key for key in marked if key not in single] == others
    assert [key for key in single if key not in marked] == []
