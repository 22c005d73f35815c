"""Every kind of chart becomes a specification that holds its own data and points to nothing outside."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from generator.charts.kinds import KINDS, specification
from generator.charts.shape import ChartData
from generator.charts.spec import KINDS as WRITTEN
from generator.charts.theme import FONT, VARIANTS, Variant, text_width
from tests.unit.charts.samples import CHARTS, chart

every_chart = pytest.mark.parametrize("data", CHARTS.values(), ids=CHARTS)
every_variant = pytest.mark.parametrize("variant", VARIANTS, ids=[variant.name for variant in VARIANTS])
OURS = re.compile(r"c[0-9]|x2?|y2?|end|points")


def walk(node: Any) -> Iterator[tuple[str, Any]]:
    """Yield every key of a specification with its value."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key, value
            yield from walk(value)
    elif isinstance(node, list):
        for item in node:
            yield from walk(item)


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the data of all layers."""
    return [row for values in spec["datasets"].values() for row in values]


def test_every_kind_that_an_author_may_write_can_be_drawn() -> None:
    assert set(KINDS) == set(WRITTEN) == {data.kind for data in CHARTS.values()}


@every_chart
@every_variant
def test_fields_have_internal_names_alone(data: ChartData, variant: Variant) -> None:
    spec = specification(data, variant)
    fields = {value for key, value in walk(spec) if key == "field"}
    columns = {name for row in rows(spec) for name in row}
    assert fields
    assert columns
    assert all(OURS.fullmatch(name) for name in fields | columns)


@every_chart
@every_variant
def test_specification_points_to_nothing_outside_itself(data: ChartData, variant: Variant) -> None:
    keys = {key for key, _ in walk(specification(data, variant))}
    assert not keys & {"url", "href", "src", "image", "usermeta", "expr", "signal"}


@every_chart
@every_variant
def test_same_data_gives_the_same_bytes(data: ChartData, variant: Variant) -> None:
    first, second = (json.dumps(specification(data, variant), sort_keys=True) for _ in range(2))
    assert first == second


@every_chart
@every_variant
def test_drawing_is_as_wide_as_its_variant_and_only_the_font_of_the_project_is_used(
    data: ChartData, variant: Variant
) -> None:
    spec = specification(data, variant)
    room = spec["padding"]
    assert spec["width"] + room["left"] + room["right"] == pytest.approx(variant.width, abs=1)
    assert spec["config"]["font"] == FONT
    assert {value for key, value in walk(spec) if key == "font"} == {FONT}


@every_chart
@every_variant
def test_colours_are_custom_properties_of_the_page(data: ChartData, variant: Variant) -> None:
    for key, value in walk(specification(data, variant)):
        if key in ("fill", "stroke", "labelColor", "titleColor", "gridColor") and isinstance(value, str):
            assert value.startswith("var(--chart-"), (key, value)


@every_chart
@every_variant
def test_every_value_is_in_the_picture(data: ChartData, variant: Variant) -> None:
    numbers = {float(point.quantity.number) for point in data.points if point.quantity.number is not None}
    shown = {row["c2"] for row in rows(specification(data, variant)) if "c2" in row}
    assert numbers <= shown


@every_variant
def test_phase_of_the_figures_travels_with_the_picture(variant: Variant) -> None:
    spec = json.dumps(specification(chart(phase="Initial draft. Not approved."), variant))
    assert "Initial draft. Not approved." in spec.replace("\\n", " ")


@every_variant
def test_stack_of_zeros_can_be_specified(variant: Variant) -> None:
    specification(chart(cells={"A": {"x": "0"}, "B": {"x": "0"}}, stacked=True), variant)


def test_bars_start_at_zero() -> None:
    for name in ("lying", "standing-short", "negative", "grouped"):
        spec = specification(CHARTS[name], VARIANTS[0])
        axis = "x" if CHARTS[name].is_horizontal else "y"
        starts = [row[axis] for row in rows(spec) if "c2" in row and axis + "2" in row]
        assert starts
        assert set(starts) == {0.0}


def test_change_of_a_bridge_begins_where_the_one_before_it_ended() -> None:
    spec = specification(CHARTS["waterfall"], VARIANTS[0])
    bars = [row for row in rows(spec) if "c2" in row]
    assert [(row["c1"], row["x"], row["x2"]) for row in bars] == [
        ("level", 0.0, 2400.0),
        ("rise", 2400.0, 2580.5),
        ("fall", pytest.approx(2490.3), 2580.5),
        ("level", 0.0, 2490.3),
    ]


def test_strip_has_one_mark_for_each_rating() -> None:
    spec = specification(CHARTS["ratings"], VARIANTS[0])
    marks = [row["c1"] for row in rows(spec) if "c3" not in row and "c0" in row]
    assert [marks.count(name) for name in ("Green", "Amber", "Red")] == [7, 5, 5]


def test_share_begins_where_the_one_before_it_ended_and_the_last_ends_at_the_whole() -> None:
    spec = specification(CHARTS["proportion"], VARIANTS[0])
    parts = [(row["x"], row["x2"]) for row in rows(spec) if "c2" in row]
    assert [start for start, _ in parts] == [0.0, *(stop for _, stop in parts[:-1])]
    assert parts[-1][1] == pytest.approx(spec["width"] - 1, abs=1)


def test_first_of_two_answers_stands_on_the_left_and_keeps_its_sign() -> None:
    spec = specification(CHARTS["answers"], VARIANTS[0])
    ends = {(row["c1"], row["c2"]): row["x2"] for row in rows(spec) if "x2" in row and "c2" in row}
    assert ends == {("No", 14.0): -14.0, ("No", 0.0): 0.0, ("Yes", 66.0): 66.0, ("Yes", 41.0): 41.0}


def test_side_without_a_value_does_not_change_places() -> None:
    cells = {"Growth": {"A": "4"}, "Savings": {"A": "0"}}
    spec = specification(chart("diverging", cells, unit="gbp-million"), VARIANTS[0])
    assert {row["c1"]: row["x2"] for row in rows(spec) if "x2" in row and "c2" in row} == {
        "Growth": 4.0,
        "Savings": 0.0,
    }


@every_variant
def test_dates_of_a_timeline_are_written_once_and_its_events_stand_below_each_other(variant: Variant) -> None:
    data = CHARTS["timeline"]
    spec = specification(data, variant)
    dates = [row["c3"] for row in rows(spec) if row.get("c3") in data.times]
    heights = [row["y"] for row in rows(spec) if row.get("c0") in data.categories]
    assert dates == ["June 2024", "5 February 2025"]
    assert len(heights) == len(data.categories)
    assert all(below - above >= 18 for above, below in pairwise(heights))


@every_variant
def test_votes_against_follow_those_for_and_abstentions_stand_apart(variant: Variant) -> None:
    spec = specification(CHARTS["votes"], variant)
    bars = {row["c1"]: (row["x"], row["x2"]) for row in rows(spec) if row.get("c0") == "A" and "c2" in row}
    [half] = [row["x"] for row in rows(spec) if set(row) == {"x", "y", "y2"} and row["y"] > 0][:1]
    assert bars["For"][0] == 0
    assert bars["For"][1] == bars["Against"][0]
    assert bars["Abstain"][0] - bars["Against"][1] == 8
    assert half == pytest.approx(bars["Against"][1] / 2)
    assert {row["c1"] for row in rows(spec) if row.get("c0") == "B" and "c2" in row} == {"For", "Against"}


def test_small_charts_have_one_scale() -> None:
    spec = specification(CHARTS["multiples"], VARIANTS[0])
    bars = [(row["c2"], row["y"] - row["y2"]) for row in rows(spec) if row.get("c2")]
    assert len({round(height / value, 6) for value, height in bars}) == 1


def drawn(name: str, variant: Variant = VARIANTS[0]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the kind of mark and the data of each layer."""
    spec = specification(CHARTS[name], variant)
    return [(layer["mark"]["type"], spec["datasets"][layer["data"]["name"]]) for layer in spec["layer"]]


def test_no_line_crosses_a_break_and_a_word_stands_there() -> None:
    [course] = [found for mark, found in drawn("break") if mark == "line"]
    assert [row["y"] for row in course] == [23.0, None, 43.0, 33.0]
    [word] = [row for row in rows(specification(CHARTS["break"], VARIANTS[0])) if row.get("c3") == "Break in series"]
    assert course[0]["x"] < course[1]["x"] < word["x"] < course[2]["x"]


def test_value_that_may_change_has_a_hollow_point() -> None:
    spec = specification(CHARTS["area"], VARIANTS[0])
    names = {
        layer["mark"].get("fill", "series"): [row["c0"] for row in spec["datasets"][layer["data"]["name"]]]
        for layer in spec["layer"]
        if layer["mark"]["type"] == "point"
    }
    assert names == {"series": ["2021", "2024"], "var(--chart-plate)": ["2023"]}


@every_variant
def test_limits_stand_with_their_values_where_they_are_drawn(variant: Variant) -> None:
    words = {row["c3"].replace("\n", " ") for _, found in drawn("band", variant) for row in found if "c3" in row}
    assert {"Lower threshold 17.5%", "Upper threshold 22.5%"} <= words
    [band] = [found[0] for mark, found in drawn("band", variant) if mark == "rect"]
    assert (band["y"], band["y2"]) == (17.5, 22.5)


def test_names_stand_beside_the_ends_of_lines_unless_one_ends_early() -> None:
    def names(found: ChartData) -> list[float]:
        return [row["x"] for row in rows(specification(found, VARIANTS[0])) if row.get("c3") in found.series]

    whole: dict[str, dict[str, str]] = {"A": {"2021": "1", "2022": "2"}, "B": {"2021": "3", "2022": "4"}}
    assert min(names(chart("line", whole))) > 500
    assert max(names(chart("line", {**whole, "B": {"2021": "3", "2022": "[x]"}}))) < 50


def test_area_begins_at_zero_and_parts_lie_upon_each_other() -> None:
    [surface] = [found for mark, found in drawn("area") if mark == "area"]
    assert {row["y2"] for row in surface} == {0.0}
    [parts] = [found for mark, found in drawn("areas") if mark == "area"]
    assert [(row["c0"], row["y2"], row["y"]) for row in parts][::3] == [("2021", 0.0, 10.0), ("2021", 10.0, 40.0)]


@every_variant
def test_bars_of_shares_are_equally_long_and_their_labels_apart(variant: Variant) -> None:
    spec = specification(CHARTS["shares"], variant)
    parts = [row for row in rows(spec) if "x2" in row]
    ends = {row["c0"]: row["x2"] for row in parts}
    assert list(ends.values()) == [pytest.approx(spec["width"], abs=1)] * 3
    assert [row["c3"] for row in rows(spec) if str(row.get("c3")).endswith(("%", "]"))] == [
        "25%", "75%", "30%", "70%", "50%", "50% [p]",
    ]  # fmt: skip


def test_no_dot_hides_another() -> None:
    marks = [(row["x"], row["y"]) for row in rows(specification(CHARTS["dots"], VARIANTS[0])) if "c2" in row]
    assert len(marks) == len(set(marks)) == 5
    assert len({y for _, y in marks}) == 5


def test_scale_of_dots_leaves_out_zero_only_where_it_says_so() -> None:
    for name in ("dots", "dots-cut"):
        scale = specification(CHARTS[name], VARIANTS[0])["layer"][0]["encoding"]["x"]["scale"]["domain"]
        assert (scale[0] > 0) is CHARTS[name].is_cut is (name == "dots-cut")


def test_no_two_names_of_a_slope_touch() -> None:
    for variant in VARIANTS:
        spec = specification(CHARTS["slope"], variant)
        names = sorted(row["y"] for row in rows(spec) if "c3" in row and row["x"] > 0 and row["y"] > 0)
        assert len(names) == 3
        assert all(below - above >= 18 for above, below in pairwise(names))


def boxes(spec: dict[str, Any]) -> list[tuple[float, float, float, float]]:
    """Return the place of every text that is written from its top left: left, right, top and bottom."""
    found = []
    for layer in spec["layer"]:
        mark = layer["mark"]
        for row in spec["datasets"][layer["data"]["name"]] if mark["type"] == "text" else ():
            lines = row["c3"].split("\n")
            wide = max(text_width(line, size=mark["fontSize"], bold=mark["fontWeight"] == 600) for line in lines)
            top = row["y"] - 0.24 * mark["fontSize"]  # as browsers measure it, the font is 1.43 times its size high
            high = (len(lines) - 1) * mark["lineHeight"] + 1.43 * mark["fontSize"]
            found.append((row["x"], row["x"] + wide, top, top + high))
    return found


@every_variant
@pytest.mark.parametrize("name", ["card", "scorecard"])
def test_words_on_cards_stay_inside_and_apart(name: str, variant: Variant) -> None:
    spec = specification(CHARTS[name], variant)
    found = boxes(spec)
    assert len(found) > 8
    for n, (left, right, top, bottom) in enumerate(found):
        assert (left >= 0, top >= 0, right <= variant.width + 1, bottom <= spec["height"] + 1) == (True,) * 4
        for other in found[n + 1 :]:
            across = min(right, other[1]) - max(left, other[0])
            assert across <= 0.5 or min(bottom, other[3]) - max(top, other[2]) <= 0.5


def symbols(spec: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the shape and the fill of the marks of each rating."""
    return {
        row["c1"]: (layer["mark"]["shape"], layer["mark"]["fill"])
        for layer in spec["layer"]
        if layer["mark"]["type"] == "point"
        for row in spec["datasets"][layer["data"]["name"]]
    }


@pytest.mark.parametrize("name", ["card", "scorecard"])
def test_each_rating_has_a_shape_of_its_own_and_an_unrated_indicator_is_open(name: str) -> None:
    found = symbols(specification(CHARTS[name], VARIANTS[0]))
    assert found["Green"] == ("circle", "var(--chart-green)")
    assert found["Red"] == ("diamond", "var(--chart-red)")
    assert found["Not rated"] == ("square", "var(--chart-plate)")


def written(name: str, variant: Variant) -> list[str]:
    """Return the words of a drawing."""
    return [row["c3"].replace("\n", " ") for row in rows(specification(CHARTS[name], variant)) if "c3" in row]


@every_variant
def test_card_says_what_is_missing_and_how_old_the_data_are(variant: Variant) -> None:
    said = written("card", variant)
    assert said.count("Floor standard: not readable in our copy") == 3
    assert {"57.7%", "Target: at or above 65.0%", "Direction of travel: Improving"} <= set(said)
    assert "people (provisional), 12 months" in said
    assert "Visits to parks: data to December 2023" in said


@every_variant
def test_scorecard_counts_its_ratings_and_names_each_one(variant: Variant) -> None:
    said = written("scorecard", variant)
    assert {"Of 4 indicators:", "1 Green", "1 Amber", "1 Red", "1 Not rated"} <= set(said)
    assert {"First [section]", "Amber", "Worsening", "on data to December 2023"} <= set(said)
    assert "direction not readable in our copy" in said


def test_scorecard_keeps_the_order_of_the_paper_and_its_sections_whole() -> None:
    wide, narrow = (specification(CHARTS["scorecard"], variant) for variant in VARIANTS)
    names = [row["c3"] for row in rows(narrow) if "c3" in row and row["c3"].startswith("Share of")]
    assert [name.split()[2] for name in names] == ["letters", "calls", "plans", "visits"]
    lefts = {row["c3"].split()[2]: row["x"] for row in rows(wide) if row.get("c3", "").startswith("Share of")}
    assert lefts["letters"] == lefts["calls"] < lefts["plans"] == lefts["visits"]


def test_several_series_have_a_legend_and_one_has_none() -> None:
    assert not any(
        key == "legend" and value for key, value in walk(specification(CHARTS["lying"], VARIANTS[0])["layer"])
    )
    assert any(key == "legend" and value for key, value in walk(specification(CHARTS["grouped"], VARIANTS[0])["layer"]))
