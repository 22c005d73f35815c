"""Kinds of chart that show parts: counts of ratings, two opposite sides of a sum, shares of one whole or of several."""

from __future__ import annotations

import altair as alt

from generator.charts.frame import (
    BAR,
    GAP,
    LINE,
    Frame,
    Layer,
    Row,
    chart_of,
    end_labels,
    flow,
    number_of,
    series_colour,
    shelf_for,
    spread,
    texts,
)
from generator.charts.shape import ChartData, shares_of
from generator.charts.theme import AXIS, GRID, PLATE, RATINGS, SERIES, Variant, widest
from generator.quantities import format_number, round_half_up


def ratings(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Show each rated indicator as one mark, in rows of Green, Amber and Red, with the counts in words below.

    Colour, shape and word say the same, and marks are counted rather than measured, so that rows of few indicators do
    not look like shares (WCAG 1.4.1; Analysis Function, "Data visualisation: colours in charts").
    """
    width = variant.width - shelf_for(data, variant, BAR).left
    most = max(sum(int(p.quantity.number or 0) for p in data.points if p.category == c) for c in data.categories)
    step = min(22.0, (width - 16) / max(most - 1, 1))
    shelf = shelf_for(data, variant, BAR + LINE)
    height = shelf.step * len(data.categories)
    places, top = flow(data.series, variant.width)
    frame = Frame(width, height, (0, width), (height, 0), shelf.left, top)
    marks: list[Row] = []
    counts: list[Row] = []
    for category in data.categories:
        begin, n, x = shelf.tops[category], 0, 0.0
        for name in data.series:
            point = next(p for p in data.points if p.category == category and p.series == name)
            count = int(point.quantity.number or 0)
            row: Row = {"c0": category, "c1": name, "c2": float(count)}
            marks += [{**row, "x": 8 + (n + k) * step, "y": begin + 9} for k in range(count)]
            text = f"{point.label} {name}"
            counts.append({**row, "c3": text, "x": x, "y": begin + BAR + LINE / 2})
            n, x = n + count, x + widest([text]) + 2 * GAP
    for name, (x, y) in zip(data.series, places, strict=True):
        marks.append({"c1": name, "x": x - shelf.left + 8, "y": y - top})
    key = [
        {"c3": name, "x": x - shelf.left + 22, "y": y - top} for name, (x, y) in zip(data.series, places, strict=True)
    ]
    layers: list[Layer] = [
        frame.marks(
            chart_of([row for row in marks if row["c1"] == name]).mark_point(
                filled=True, size=190 if step > 18 else 150, opacity=1, fill=colour, shape=shape
            ),
            x="x",
            y="y",
        )
        for name, (colour, shape) in RATINGS.items()
    ]
    layers += [*texts(frame, counts, "left"), *texts(frame, key, "left"), *shelf.write_names(frame)]
    return frame.finish(layers, data)


def diverging(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Set two opposite sides against each other: what takes away to the left of zero and what adds to the right.

    Both sides have one scale and one zero line, and each bar has its value at its end, so that the two can be compared
    without adding them up; two series only.  Of two opposite answers to a question the first stands on the left; people
    who gave neither are not drawn, since they would shift the bars, and a note says so (ONS, "Diverging bar charts").
    """
    shelf = shelf_for(data, variant, BAR)
    width, height = variant.width - shelf.left, shelf.step * len(data.categories)
    below = _left_side(data)
    sizes = {
        side: [abs(number_of(p) or 0.0) for p in data.points if (p.series in below) is side] for side in (True, False)
    }
    low, high = -max(sizes[True], default=0.0), max(sizes[False], default=0.0)
    colour, legend = series_colour(data, width)
    rooms = [widest([p.label for p in data.points if (p.series in below) is side]) + GAP + 2 for side in (True, False)]
    unit = ((high - low) or 1.0) / max(width - sum(rooms), width * 0.25)
    domain = (low - rooms[0] * unit, high + rooms[1] * unit)
    frame = Frame(width, height, domain, (height, 0), shelf.left, legend)
    bars: list[Row] = []
    labels: list[Row] = []
    for point in data.points:
        top, value = shelf.tops[point.category], number_of(point) or 0.0
        side = -1 if point.series in below else 1
        end = -value if value > 0 > side else value
        named: Row = {"c0": point.category, "c1": point.series, "c2": value}
        bars.append({**named, "x": 0.0, "x2": end, "y": top, "y2": top + BAR})
        labels.append({**named, "c3": point.label, "y": top + BAR / 2, "end": end, "points": side})
    layers: list[Layer] = [
        frame.marks(chart_of(bars).mark_rect(), x="x", x2="x2", y="y", y2="y2").encode(color=colour),
        *end_labels(frame, labels),
        shelf.zero_line(frame, BAR),
        *shelf.write_names(frame),
    ]
    return frame.finish(layers, data)


def _left_side(data: ChartData) -> set[str]:
    """Return the series on the left of zero: what is negative, or else nothing, or else the first of two answers."""
    below = {p.series for p in data.points if (number_of(p) or 0.0) < 0}
    empty = [name for name in data.series if not any(number_of(p) for p in data.points if p.series == name)]
    return below or {*empty[:1]} or {data.series[0]}


def proportion(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Show shares of one whole: each part on a track from nothing to all, beginning where the one above it ended.

    Steps instead of slices or stacked colours: every part has its name and its share beside it, and one colour is
    enough for any number of parts (in place of a pie, which the Analysis Function allows up to three parts).
    """
    shelf = shelf_for(data, variant, BAR)
    width, height = variant.width - shelf.left, shelf.step * len(data.categories)
    whole = max(100.0, sum(number_of(point) or 0.0 for point in data.points))  # rounded shares may add up to 101
    frame = Frame(width, height, (0, width), (height, 0), shelf.left)
    tracks: list[Row] = []
    parts: list[Row] = []
    joins: list[Row] = []
    before: list[Row] = []
    after: list[Row] = []
    start = 0.0
    for point in data.points:
        top, value = shelf.tops[point.category], number_of(point) or 0.0
        stop = start + value / whole * (width - 1)
        tracks.append({"x": 0.5, "x2": width - 0.5, "y": top, "y2": top + BAR})
        parts.append(
            {"c0": point.category, "c1": point.series, "c2": value, "x": start, "x2": stop, "y": top, "y2": top + BAR}
        )
        text: Row = {"c3": point.label, "y": top + BAR / 2}
        if stop + GAP + widest([point.label]) <= width - 4:
            after.append({**text, "x": stop})
        else:
            before.append({**text, "x": start})
        joins += [{"x": start, "y": above["y2"], "y2": top} for above in parts[-2:-1] if not shelf.is_narrow]
        start = stop
    layers: list[Layer] = [
        frame.marks(chart_of(tracks).mark_rect(fill=None, stroke=GRID), x="x", x2="x2", y="y", y2="y2"),
        frame.marks(chart_of(joins).mark_rule(stroke=AXIS, strokeDash=[2, 2]), x="x", y="y", y2="y2"),
        frame.marks(chart_of(parts).mark_rect(fill=SERIES[1][0]), x="x", x2="x2", y="y", y2="y2"),
        *texts(frame, after, "left", dx=GAP),
        *texts(frame, before, "right", dx=-GAP),
        *shelf.write_names(frame),
    ]
    return frame.finish(layers, data)


def shares(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Compare how wholes are made up: every bar is as long as the others, and its parts are their shares of it.

    The parts must be all of a whole that the dataset declares.  Each share stands below its part, moved aside where two
    would touch, and a key above names the parts in the order of the bar; four parts at most, with an edge between
    neighbours, since colours alone do not part them (Analysis Function, "Data visualisation: charts").
    """
    shelf = shelf_for(data, variant, BAR + LINE)
    width, height = variant.width - shelf.left, shelf.step * len(data.categories)
    colour, legend = series_colour(data, width)
    frame = Frame(width, height, (0, width), (height, 0), shelf.left, legend)
    parts: list[Row] = []
    labels: list[Row] = []
    for category in data.categories:
        points = [point for point in data.points if point.category == category]
        top, start, found = shelf.tops[category], 0.0, []
        for point, share in zip(points, shares_of(points), strict=True):
            stop = start + float(share) / 100 * width
            names = {"c0": category, "c1": point.series, "c2": number_of(point)}
            parts.append({**names, "x": start, "x2": stop, "y": top, "y2": top + BAR})
            mark = f" [{point.quantity.mark}]" if point.quantity.mark else ""
            text = f"{format_number(round_half_up(share, 0), 'percent')}{mark}"
            found.append((text, (start + stop) / 2))
            start = stop
        middles = spread([(middle, widest([text]) + GAP) for text, middle in found], width)
        labels += [
            {"c3": text, "x": middle, "y": top + BAR + LINE / 2}
            for (text, _), middle in zip(found, middles, strict=True)
        ]
    layers: list[Layer] = [
        frame.marks(chart_of(parts).mark_rect(stroke=PLATE, strokeWidth=1.5), x="x", x2="x2", y="y", y2="y2").encode(
            color=colour
        ),
        *texts(frame, labels, "center"),
        *shelf.write_names(frame),
    ]
    return frame.finish(layers, data)
