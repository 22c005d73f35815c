"""The ratings of the site itself: every published one is recomputed, or what is missing is named."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from generator.build import Options, load_config, read_library
from generator.figures import Library
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
    scorecard = library().datasets["kpi-scorecard-q4-2023-24"]
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
    counted = Counter((each.outcome, each.basis) for each in ratings("kpi-scorecard-q4-2023-24"))
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
    counted = Counter(each.published.lower() for each in ratings("kpi-scorecard-q4-2023-24"))
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
