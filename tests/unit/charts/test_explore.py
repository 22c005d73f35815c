"""What the viewer is given: the drawings of the page, the words of each value, and what a reader may do with them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from generator.charts.explore import exploration, value_words
from generator.charts.kinds import specification
from generator.charts.shape import ChartData
from generator.charts.theme import VARIANTS
from tests.unit.charts.samples import CHARTS


def explored(data: ChartData) -> dict[str, Any]:
    drawings = {variant.name: json.dumps(specification(data, variant)) for variant in VARIANTS}
    found: dict[str, Any] = json.loads(exploration(data, drawings))
    return found


@pytest.mark.parametrize("chart", CHARTS)
def test_every_kind_says_each_of_its_values_at_a_mark_of_both_drawings(chart: str) -> None:
    data = CHARTS[chart]
    known = {value_words(point, data) for point in data.points if point.quantity.number is not None}
    marked = {words for words in known if ": 0 " not in words}  # a count of none may have no mark
    for spec in explored(data)["pictures"].values():
        layers = [layer for layer in spec["layer"] if "tooltip" in layer["encoding"]]
        said = {row["t"] for layer in layers for row in spec["datasets"][layer["data"]["name"]] if "t" in row}
        assert marked <= said <= known
        assert not {layer["mark"]["type"] for layer in layers} & {"text", "line"}


@pytest.mark.parametrize(
    ("chart", "series", "words"),
    [
        ("grouped", 1, "Summer [2021], Taken up: at least 4,577 visits"),
        ("lying", 0, "North Park: 1,200 visits"),
        ("one", 0, "Only: 7 visits"),
        ("negative", 0, "A: −£5.5m"),
        ("line", 0, "2022-23: not readable in our copy"),
        ("multiples", 2, "Easter.2021, Left [over]: 5 visits"),
    ],
)
def test_value_is_said_with_its_names_as_it_is_printed(chart: str, series: int, words: str) -> None:
    data = CHARTS[chart]
    said = [value_words(point, data) for point in data.points if point.series == data.series[series]]
    assert words in said


def test_thousands_stand_before_what_is_counted() -> None:
    data = CHARTS["one"]
    point = data.points[0]
    assert value_words(point, replace(data, unit_words="calls, thousands")) == "Only: 7 thousand calls"
    assert value_words(point, replace(data, unit_words="thousands")) == "Only: 7 thousand"
    assert value_words(point, replace(data, unit_words="")) == "Only: 7"


@pytest.mark.parametrize("chart", ["grouped", "stacked", "lines", "dumbbell", "diverging"])
def test_series_can_be_shown_one_by_one_where_each_stands_for_itself(chart: str) -> None:
    found = explored(CHARTS[chart])
    assert found["series"] == list(CHARTS[chart].series)
    for spec in found["pictures"].values():
        named = {row["c1"] for rows in spec["datasets"].values() for row in rows if "c1" in row}
        assert named == set(found["series"]), "a row of no series cannot be hidden with it"


@pytest.mark.parametrize("chart", ["lying", "line", "waterfall", "slope", "bullet", "ratings", "multiples"])
def test_other_charts_have_no_series_to_choose(chart: str) -> None:
    assert explored(CHARTS[chart])["series"] == []


@pytest.mark.parametrize("chart", ["lying", "grouped", "dumbbell", "lollipop"])
def test_rows_can_be_sorted_and_everything_in_a_row_knows_its_category(chart: str) -> None:
    data = replace(CHARTS[chart], printed=CHARTS[chart].categories[::-1])
    found = explored(data)
    assert found["printed"] == list(data.printed)
    for spec in found["pictures"].values():
        height = spec["layer"][0]["encoding"]["y"]["scale"]["domain"][0]
        step = height / len(data.categories)
        for rows in spec["datasets"].values():
            for row in rows:
                if "c0" in row:
                    assert int(row["y"] // step) == data.categories.index(row["c0"])
                else:
                    assert not row.keys() & {"c1", "c2", "c3"}, "it would stay behind"


def test_times_standing_bars_and_two_rows_are_not_sorted() -> None:
    lying = replace(CHARTS["lying"], printed=CHARTS["lying"].categories)
    assert explored(lying)["printed"]
    assert not explored(replace(lying, is_time=True))["printed"]
    assert not explored(replace(lying, is_horizontal=False))["printed"]
    assert not explored(replace(CHARTS["negative"], printed=("A", "B")))["printed"]


def test_font_is_named_as_browsers_measure_it() -> None:
    assert {spec["config"]["font"] for spec in explored(CHARTS["lying"])["pictures"].values()} == {'"Source Sans 3"'}
