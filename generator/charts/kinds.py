"""One pure function for each kind of chart, here or in a neighbour: from arranged data and a width to an Altair chart.

All kinds follow the Analysis Function's chart guidance: bars start at zero, values are labelled directly, text is
horizontal, and a legend, where there must be one, stands above the chart in reading order.  Columns have the
internal names ``c0``, ``c1`` …, since names with ``.``, ``[`` or ``:`` draw nothing in Vega-Lite without an error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from generator.charts.cards import card, scorecard
from generator.charts.civic import timeline, votes
from generator.charts.frame import (
    BAR,
    GAP,
    LINE,
    Frame,
    Layer,
    Row,
    chart_of,
    end_labels,
    extent_of,
    number_of,
    series_colour,
    shelf_for,
    texts,
    value_lines,
    with_room,
    zero_line,
)
from generator.charts.lines import area, line
from generator.charts.panels import multiples, tiles
from generator.charts.parts import diverging, proportion, ratings, shares
from generator.charts.points import bullet, dots, lollipop, slope
from generator.charts.shape import ChartData, Point
from generator.charts.theme import AXIS, PLATE, Variant, config, widest, wrap


def specification(data: ChartData, variant: Variant) -> dict[str, Any]:
    """Return the whole Vega-Lite specification of a chart at one width, with its data inside."""
    with debug_mode(False):  # checks each part as it is made, which takes longer than the rest; tests check the whole
        spec: dict[str, Any] = KINDS[data.kind](data, variant).to_dict(validate=False)
    spec["datasets"] = {name: list(rows) for name, rows in spec["datasets"].items()}
    spec["config"] = config()
    spec.pop("usermeta", None)
    return spec


def bar(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Compare categories by the length of bars from zero, or parts of a whole by their shares.

    Lying bars for names, standing ones for a few short labels in an order; parts of a whole may be stacked.  Ordered by
    size unless the category has an order; at most four series (Analysis Function, "Data visualisation: charts").
    """
    if data.is_share:
        return shares(data, variant)
    return _lying(data, variant) if data.is_horizontal else _standing(data, variant)


@dataclass(frozen=True, slots=True)
class Segment:
    """One bar of a chart, in data units along it."""

    point: Point
    start: float
    stop: float
    row: int
    """Which of the bars of its category it is."""
    label: str
    """Written at its end; empty for the inner parts of a stack."""


def _segments(data: ChartData) -> list[Segment]:
    """Lay the values out as bars: from zero, or each upon the one before where they are stacked."""
    found: list[Segment] = []
    ends = dict.fromkeys(data.categories, 0.0)
    for point in data.points:
        value = number_of(point)
        start = ends[point.category] if data.is_stacked else 0.0
        ends[point.category] = start + (value or 0.0)
        row = 0 if data.is_stacked else data.series.index(point.series)
        found.append(Segment(point, start, ends[point.category], row, "" if data.is_stacked else point.label))
    return found


def _bars(frame: Frame, data: ChartData, rows: Sequence[Row], colour: Any) -> Layer:
    edge: Row = {"stroke": PLATE, "strokeWidth": 1.5} if data.is_stacked else {}
    return frame.marks(chart_of(rows).mark_rect(**edge), x="x", x2="x2", y="y", y2="y2").encode(color=colour)


def _lying(data: ChartData, variant: Variant) -> alt.LayerChart:
    segments = _segments(data)
    many = max(segment.row for segment in segments) + 1
    thickness = many * (BAR + 2) - 2
    shelf = shelf_for(data, variant, thickness)
    width, height = variant.width - shelf.left, shelf.step * len(data.categories)
    extent = min(0.0, *(s.stop for s in segments), 0.0), max(0.0, *(s.stop for s in segments), 0.0)
    label = widest([segment.label for segment in segments]) + GAP + 2
    colour, legend = series_colour(data, width)
    domain = extent if data.is_stacked else with_room(extent, width, label)
    frame = Frame(width, height, domain, (height, 0), shelf.left, legend)
    rows: list[Row] = []
    labels: list[Row] = []
    for segment in segments:
        top = shelf.tops[segment.point.category] + segment.row * (BAR + 2)
        names = {"c0": segment.point.category, "c1": segment.point.series, "c2": number_of(segment.point)}
        if names["c2"] is not None:
            rows.append({**names, "x": segment.start, "x2": segment.stop, "y": top, "y2": top + BAR})
        if segment.label:
            place = {"y": top + BAR / 2, "end": segment.stop, "points": segment.stop}
            labels.append({**names, "c3": segment.label, **place})
    layers: list[Layer] = []
    bottom = 8.0
    if data.is_stacked:
        layers += value_lines(frame, data, is_vertical=True)
        bottom = LINE + 6.0
    layers += [_bars(frame, data, rows, colour), *end_labels(frame, labels), shelf.zero_line(frame, thickness)]
    return frame.finish([*layers, *shelf.write_names(frame)], data, bottom=bottom)


def _standing(data: ChartData, variant: Variant) -> alt.LayerChart:
    segments = _segments(data)
    many = max(segment.row for segment in segments) + 1
    width, height = float(variant.width), 300.0
    step = width / len(data.categories)
    names = {category: wrap(category, step - 6) for category in data.categories}
    extent = min(0.0, *(s.stop for s in segments), 0.0), max(0.0, *(s.stop for s in segments), 0.0)
    colour, legend = series_colour(data, variant.width)
    frame = Frame(width, height, (0, width), with_room(extent, height, LINE + 6), 0, legend)
    thickness = min(72.0, (step * 0.8) / many)
    if widest([segment.label for segment in segments]) > thickness * (1.4 if many == 1 else 1.0):
        return _lying(data, variant)  # the labels of neighbours would touch
    rows: list[Row] = []
    above: list[Row] = []
    below: list[Row] = []
    titles: list[Row] = []
    for segment in segments:
        centre = (data.categories.index(segment.point.category) + 0.5) * step
        left = centre - many * thickness / 2 + segment.row * thickness
        named = {"c0": segment.point.category, "c1": segment.point.series, "c2": number_of(segment.point)}
        if named["c2"] is not None:
            rows.append({**named, "x": left, "x2": left + thickness - 2, "y": segment.start, "y2": segment.stop})
        text = {**named, "c3": segment.label, "x": left + thickness / 2, "y": segment.stop}
        (above if segment.stop >= 0 else below).append(text)
    for n, found in enumerate(names.values()):
        titles.append({"c3": "\n".join(found), "x": (n + 0.5) * step, "y": frame.y[0]})
    layers: list[Layer] = [
        _bars(frame, data, rows, colour),
        *texts(frame, [row for row in above if row["c3"]], "center", "bottom", dy=-4),
        *texts(frame, [row for row in below if row["c3"]], "center", "top", dy=4),
        zero_line(frame),
        *texts(frame, titles, "center", "top", dy=8),
    ]
    return frame.finish(layers, data, bottom=max(map(len, names.values())) * LINE + 14)


def waterfall(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Bridge from one level to another: levels stand on zero, each change begins where the one before it ended."""
    shelf = shelf_for(data, variant, BAR + 4)
    width, height = variant.width - shelf.left, shelf.step * len(data.categories)
    rows: list[Row] = []
    labels: list[Row] = []
    joins: list[Row] = []
    end, highest, lowest = 0.0, 0.0, 0.0
    for n, point in enumerate(data.points):
        value = number_of(point) or 0.0
        is_level = point.category in data.levels
        start = 0.0 if is_level else end
        end = start + value
        highest, lowest = max(highest, start, end), min(lowest, start, end)
        top = shelf.tops[point.category]
        what = "level" if is_level else "rise" if value >= 0 else "fall"
        names = {"c0": point.category, "c1": what, "c2": value}
        rows.append({**names, "x": min(start, end), "x2": max(start, end), "y": top, "y2": top + BAR + 4})
        labels.append({"c3": point.label, "y": top + BAR / 2 + 2, "end": max(start, end), "points": 1})
        if n + 1 < len(data.points):
            below = shelf.tops[data.points[n + 1].category]
            joins.append({"x": end, "y": top + BAR + 4, "y2": below})
    room = widest([point.label for point in data.points]) + GAP + 2
    frame = Frame(width, height, with_room((lowest, highest), width, room), (height, 0), shelf.left)
    scale = alt.Scale(domain=["level", "rise", "fall"], range=["var(--chart-1)", "var(--chart-4)", "var(--chart-2)"])
    colour = alt.Color(field="c1", type="nominal", scale=scale, legend=None)
    link = chart_of(joins).mark_rule(stroke=AXIS, strokeWidth=1, strokeDash=[2, 2])
    layers: list[Layer] = [
        frame.marks(link, x="x", y="y", y2="y2"),
        frame.marks(chart_of(rows).mark_rect(), x="x", x2="x2", y="y", y2="y2").encode(color=colour),
        *end_labels(frame, labels),
        shelf.zero_line(frame, BAR + 4),
        *shelf.write_names(frame),
    ]
    return frame.finish(layers, data)


def dumbbell(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Join two values of each category by a line, so that their distance is seen; each dot has a value and a shape."""
    shelf = shelf_for(data, variant, 22)
    width, height = variant.width - shelf.left, shelf.step * len(data.categories)
    room = widest([point.label for point in data.points]) + GAP + 8
    low, high = extent_of(data.points)
    unit = ((high - low) or 1.0) / max(width - 2 * room, width * 0.25)
    colour, legend = series_colour(data, width, alt.Undefined)
    frame = Frame(width, height, (low - room * unit, high + room * unit), (height, 0), shelf.left, legend)
    first, second = (data.values(name) for name in data.series)
    dots: list[Row] = []
    links: list[Row] = []
    labels: list[Row] = []
    for category in data.categories:
        pair = {name: _by(data, name, category) for name in data.series}
        middle = shelf.tops[category] + 11
        found = [(name, point, number_of(point)) for name, point in pair.items() if point is not None]
        values = [value for _, _, value in found if value is not None]
        if len(values) == 2 and first.get(category) and second.get(category):
            both = {"c0": category, "c1": data.series[0], "c4": data.series[1]}
            links.append({**both, "x": min(values), "x2": max(values), "y": middle})
        for name, point, value in found:
            if value is None:
                continue
            side = 1 if value == max(values) and (name == data.series[0] or values.count(value) == 1) else -1
            named = {"c0": category, "c1": name, "c2": value, "y": middle}
            dots.append({**named, "x": value})
            labels.append({**named, "c3": point.label, "end": value, "points": side})
    shapes = alt.Shape(
        field="c1",
        type="nominal",
        scale=alt.Scale(domain=list(data.series), range=["circle", "square"]),
        legend=colour["legend"],  # one legend for both, with the shapes
    )
    rule = chart_of(links).mark_rule(stroke=AXIS, strokeWidth=2)
    mark = chart_of(dots).mark_point(filled=True, size=150, opacity=1)
    moved = [{**row, "points": row["points"]} for row in labels]
    layers: list[Layer] = [
        frame.marks(rule, x="x", x2="x2", y="y"),
        frame.marks(mark, x="x", y="y").encode(color=colour, shape=shapes),
        *texts(frame, [{**r, "x": r["end"]} for r in moved if r["points"] > 0], "left", dx=GAP + 4),
        *texts(frame, [{**r, "x": r["end"]} for r in moved if r["points"] < 0], "right", dx=-GAP - 4),
        *shelf.write_names(frame),
    ]
    return frame.finish(layers, data)


def _by(data: ChartData, series: str, category: str) -> Point | None:
    return next((p for p in data.points if p.series == series and p.category == category), None)


KINDS: dict[str, Callable[[ChartData, Variant], alt.LayerChart]] = {
    "bar": bar,
    "line": line,
    "waterfall": waterfall,
    "dumbbell": dumbbell,
    "slope": slope,
    "lollipop": lollipop,
    "bullet": bullet,
    "ratings": ratings,
    "diverging": diverging,
    "proportion": proportion,
    "tiles": tiles,
    "multiples": multiples,
    "timeline": timeline,
    "votes": votes,
    "card": card,
    "scorecard": scorecard,
    "area": area,
    "dots": dots,
}
