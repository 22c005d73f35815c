"""The first text alternative of a chart says what a sighted reader sees first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.charts.describe import LONGEST, describe, kind_words, picture_notes
from generator.charts.spec import KINDS
from tests.unit.charts.samples import CHARTS, PAIR, STEPS, chart


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_described_in_one_breath(name: str) -> None:
    text = describe(CHARTS[name])
    assert 30 < len(text) <= LONGEST
    assert text.endswith(".")
    assert ".." not in text.replace("…", "")


def test_what_does_not_fit_into_one_breath_is_left_to_the_table() -> None:
    names = {f"{letter} {'very long name of a park ' * 8}".strip(): "1" for letter in "ABC"}
    text = describe(chart(cells={"Visits": {**names, "Z": "9", "Y": "[x]"}}))
    assert len(text) <= LONGEST
    assert "Highest: Z, 9." in text


def test_bar_chart_names_its_ends_and_its_gaps() -> None:
    text = describe(CHARTS["lying"])
    assert text.startswith("Bar chart of visits")
    ends = "Highest: North Park, 1,200. Lowest: South Park, 860 (provisional)."
    assert text.endswith(f" by park. 1 of 3 values is missing. {ends}")


def test_lines_say_where_they_begin_and_end() -> None:
    text = describe(chart("line", {"Share": {"2021": "4", "2022": "9", "2023": "6"}}, unit="percent"))
    assert "From 2021, 4%, to 2023, 6%." in text


def test_lines_across_are_named_with_their_values() -> None:
    assert "The target is 5% and the floor standard is 3%." in describe(CHARTS["line"])
    assert "The lower threshold is 17.5% and the upper threshold is 22.5%." in describe(CHARTS["band"])


def test_nothing_from_before_a_break_is_compared() -> None:
    assert "The series breaks before 2022. From 2022, 43, to 2023, 33." in describe(CHARTS["break"])
    last = chart("line", {"Cases": {"2021": "23", "2022": "43 [b]"}})
    assert describe(last).endswith("The series breaks before 2022. 2022, 43.")
    assert picture_notes(CHARTS["break"]) == [
        "The series breaks before 2022. Figures on the two sides are not comparable."
    ]


def test_values_that_may_change_and_gaps_are_noted() -> None:
    assert picture_notes(CHARTS["area"]) == [
        "Hollow points are forecast: 2023.",
        "Left open in the picture, not in this paper: 2022.",
    ]


def test_shares_are_said_to_be_ours() -> None:
    assert describe(CHARTS["shares"]).endswith("Cars: highest for 2023, 50%. Bikes: highest for 2021, 75%.")
    assert "Cars: 2021, 25%, to 2023, 50%." in describe(replace(CHARTS["shares"], is_time=True))
    assert "computed by this site" in picture_notes(CHARTS["shares"])[0]


def test_scale_of_dots_that_leaves_out_zero_is_noted() -> None:
    assert "The scale of the dots does not begin at zero." in picture_notes(CHARTS["dots-cut"])
    assert not any("scale" in note for note in picture_notes(CHARTS["dots"]))


def test_bridge_says_its_levels_and_its_largest_changes() -> None:
    text = describe(chart("waterfall", STEPS, unit="gbp-thousand", levels=("Budget", "Next")))
    assert "From Budget, £2.4m to Next, £2.5m." in text
    assert "Largest increase: Pay, £180.5k." in text
    assert "Largest decrease: Savings, −£90.2k." in text


def test_series_are_named() -> None:
    text = describe(chart(cells=PAIR))
    assert "Offered" in text or "offered" in text
    assert "Offered: highest for Summer [2021], 4,748." in text


def test_single_bar_has_no_lowest() -> None:
    assert "Lowest" not in describe(CHARTS["one"])


def test_slope_counts_what_rose_and_what_fell() -> None:
    text = describe(CHARTS["slope"])
    assert "of 3 values, 2 are higher and 1 is lower." in text
    assert "Largest change: Easter.2021, 10 to 84." in text


def test_map_names_no_best_and_no_worst_place() -> None:
    text = describe(CHARTS["tiles"])
    assert "Values from 860 (provisional) to 1,200." in text
    assert "North Park" not in text


def test_two_sides_name_their_largest() -> None:
    assert "Savings: largest for B, −£6m." in describe(CHARTS["diverging"])


def test_scorecard_counts_ratings_and_directions_out_of_all() -> None:
    text = describe(CHARTS["scorecard"])
    assert text.startswith("Scorecard of 4 indicators: 1 Green, 1 Amber, 1 Red and 1 Not rated.")
    assert "Direction of travel: 1 stable or no clear trend, 1 worsening and 1 not readable in our copy." in text


def test_cards_are_described_with_their_results() -> None:
    text = describe(CHARTS["card"])
    assert text.startswith("Cards of 3 indicators: 1 Green, 1 Red and 1 Not rated.")
    assert "Easter.2021: 57.7%." in text


def test_stacked_bars_are_called_so() -> None:
    assert describe(CHARTS["stacked"]).startswith("Stacked bar chart of ")


def test_line_without_a_value_is_described() -> None:
    describe(chart("line", {"A": {"2021": "1", "2022": "2"}, "B": {"2021": "[x]", "2022": "[x]"}}))


def test_timeline_names_its_first_and_its_last_event() -> None:
    text = describe(CHARTS["timeline"])
    assert text == (
        "Timeline of 3 dated events, from June 2024 to 5 February 2025. First: A first [step]. Last: The last."
    )


def test_votes_are_said_in_words() -> None:
    text = describe(CHARTS["votes"])
    assert text == (
        "Split of 2 votes, by members. A: 37 for, 15 against, 1 abstained. B: 0 for, 40 against, 0 abstained."
    )


def test_vote_without_abstentions_does_not_speak_of_them() -> None:
    text = describe(chart("votes", {"For": {"A": "9"}, "Against": {"A": "2"}}))
    assert text == "Split of one vote, by members. A: 9 for, 2 against."


def test_answers_say_what_is_not_drawn() -> None:
    [note] = picture_notes(CHARTS["answers"])
    assert "neither of the two answers" in note
    assert picture_notes(CHARTS["diverging"]) == []


def test_every_kind_has_a_name_in_words() -> None:
    assert all(kind_words(replace(CHARTS["lying"], kind=kind)) for kind in KINDS)
