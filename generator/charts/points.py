"""Kinds of chart that show values as points, alone or against a limit: slope, lollipop, bullet and dots."""

from __future__ import annotations

from typing import Any

import altair as alt

from generator.charts.frame import (
    BAR,
    GAP,
    LINE,
    Frame,
    Layer,
    Row,
    chart_of,
    extent_of,
    flow,
    number_of,
    shelf_for,
    spread,
    texts,
    value_lines,
    with_room,
)
from generator.charts.shape import ChartData, Point
from generator.charts.theme import AXIS, INK, PLATE, SERIES, Variant, widest, wrap
from generator.words import lower_first

SHAPES = ("circle", "square", "triangle-up", "diamond")


def slope(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Join the values of two dates by a line for each name, so that rises and falls are seen by their direction.

    Both values and the name stand at the ends of each line, so neither a legend nor colours are needed; eight lines at
    most.  The scale need not begin at zero, since lines have no length to compare; a note says so (ONS, "Line charts").
    """
    narrow = variant.name == "narrow"
    pairs = [tuple(p for p in data.points if p.category == category) for category in data.categories]
    ends = [wrap(f"{last.label} {last.category}", 130 if narrow else 270) for _, last in pairs]
    left = widest([first.label for first, _ in pairs]) + 2 * GAP + 4
    right = widest([line for lines in ends for line in lines]) + 2 * GAP + 4
    room = (variant.width - 12) / 2
    heads = [wrap(name, room) for name in data.series]
    top = max(map(len, heads)) * LINE + 16.0
    width, height = variant.width - left - right, max(260.0, sum(len(lines) * LINE + 5 for lines in ends))
    frame = Frame(width, height, (0, width), (height, 0), left, top, right)
    values = [number_of(point) or 0.0 for point in data.points]
    low, span = min(values), (max(values) - min(values)) or 1.0

    def pixel(point: Point) -> float:
        return 12 + (height - 24) * (1 - ((number_of(point) or 0.0) - low) / span)

    lines: list[Row] = []
    dots: list[Row] = []
    leads: list[Row] = []
    begins = spread([(pixel(first), LINE + 5) for first, _ in pairs], height)
    stops = spread([(pixel(last), len(found) * LINE + 5) for (_, last), found in zip(pairs, ends, strict=True)], height)
    said: list[Row] = []
    named: list[Row] = []
    for (first, last), found, begin, stop in zip(pairs, ends, begins, stops, strict=True):
        y, y2 = pixel(first), pixel(last)
        lines.append({"x": 0.0, "x2": width, "y": y, "y2": y2})
        for point, x, at in ((first, 0.0, y), (last, width, y2)):
            dots.append({"c0": point.category, "c1": point.series, "c2": number_of(point), "x": x, "y": at})
        leads += [
            {"x": -GAP - 4, "x2": 0.0, "y": begin, "y2": y},
            {"x": width, "x2": width + GAP + 4, "y": y2, "y2": stop},
        ]
        said.append({"c3": first.label, "x": -2.0 * GAP, "y": begin})
        named.append({"c3": "\n".join(found), "x": width + 2.0 * GAP, "y": stop - (len(found) - 1) * LINE / 2})
    posts: list[Row] = [{"x": x, "y": 0.0, "y2": height} for x in (0.0, width)]
    stroke = SERIES[1][0]
    layers: list[Layer] = [
        frame.marks(chart_of(posts).mark_rule(stroke=AXIS, strokeWidth=1), x="x", y="y", y2="y2"),
        frame.marks(chart_of(leads).mark_rule(stroke=AXIS, strokeWidth=1), x="x", x2="x2", y="y", y2="y2"),
        frame.marks(chart_of(lines).mark_rule(stroke=stroke, strokeWidth=2.5), x="x", x2="x2", y="y", y2="y2"),
        frame.marks(chart_of(dots).mark_point(filled=True, size=70, opacity=1, fill=stroke), x="x", y="y"),
        *texts(frame, said, "right"),
        *texts(frame, named, "left"),
        *texts(frame, [{"c3": "\n".join(heads[0]), "x": -left, "y": -top + 5}], "left", "top"),
        *texts(frame, [{"c3": "\n".join(heads[1]), "x": width + right, "y": -top + 5}], "right", "top"),
    ]
    return frame.finish(layers, data)


def lollipop(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Compare categories by the place of a dot at the end of a thin line from zero.

    Quieter than bars where many values are nearly as long as the picture is wide; the value stands beside its dot.
    Zero is always shown, because the line has a length (Analysis Function, "Data visualisation: charts").
    """
    shelf = shelf_for(data, variant, 18)
    width, height = variant.width - shelf.left, shelf.step * len(data.categories)
    room = widest([point.label for point in data.points]) + 2 * GAP
    frame = Frame(width, height, with_room(extent_of(data.points), width, room), (height, 0), shelf.left)
    sticks: list[Row] = []
    labels: dict[bool, list[Row]] = {True: [], False: []}
    for point in data.points:
        value, y = number_of(point), shelf.tops[point.category] + 9
        if value is not None:
            sticks.append({"c0": point.category, "c1": point.series, "c2": value, "x": value, "x2": 0.0, "y": y})
        labels[(value or 0.0) >= 0].append({"c0": point.category, "c3": point.label, "x": value or 0.0, "y": y})
    stroke = SERIES[1][0]
    layers: list[Layer] = [
        frame.marks(chart_of(sticks).mark_rule(stroke=stroke, strokeWidth=2), x="x", x2="x2", y="y"),
        frame.marks(chart_of(sticks).mark_point(filled=True, size=130, opacity=1, fill=stroke), x="x", y="y"),
        *texts(frame, labels[True], "left", dx=GAP + 4),
        *texts(frame, labels[False], "right", dx=-GAP - 4),
        shelf.zero_line(frame, 18),
        *shelf.write_names(frame),
    ]
    return frame.finish(layers, data)


def bullet(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Set each result, a bar from zero, against its target, a thick stroke, and its limit, a dashed one.

    All three figures are written below the bar, and a key names the strokes; whether higher or lower is better differs
    between indicators, so no side is coloured as good.  One unit and one scale for all rows (S. Few's bullet graph).
    """
    names = [lower_first(name) for name in data.series[1:]]
    rows = {category: [p for p in data.points if p.category == category] for category in data.categories}
    width = variant.width - shelf_for(data, variant, BAR).left
    said = {
        category: wrap(f"{result.label}; {names[0]} {target.label}; {names[1]} {limit.label}", width - 8)
        for category, (result, target, limit) in rows.items()
    }
    shelf = shelf_for(data, variant, BAR + 8 + max(map(len, said.values())) * LINE)
    height = shelf.step * len(data.categories)
    places, top = flow(data.series, variant.width)
    frame = Frame(width, height, (0, width), (height, 0), shelf.left, top)
    scale = width * 0.97 / (extent_of(data.points)[1] or 1.0)
    bars: list[Row] = []
    strokes: list[list[Row]] = [[], []]
    written: list[Row] = []
    for category, points in rows.items():
        begin = shelf.tops[category]
        for n, point in enumerate(points):
            value = number_of(point) or 0.0
            row = {"c0": category, "c1": point.series, "c2": value, "x": value * scale}
            if n:
                strokes[n - 1].append({**row, "y": begin - 1, "y2": begin + BAR + 5})
            else:
                bars.append({**row, "x2": 0.0, "y": begin + 4, "y2": begin + BAR})
        written.append({"c3": "\n".join(said[category]), "x": 0.0, "y": begin + BAR + 8})
    (x, y), *others = [(x - shelf.left, y - top) for x, y in places]
    bars.append({"x": x, "x2": x + 16, "y": y - 7, "y2": y + 7})
    for found, (left, middle) in zip(strokes, others, strict=True):
        found.append({"x": left + 8, "y": middle - 9, "y2": middle + 9})
    key = [
        {"c3": name, "x": x - shelf.left + 22, "y": y - top} for name, (x, y) in zip(data.series, places, strict=True)
    ]
    styles: tuple[tuple[list[Row], dict[str, Any]], ...] = (
        (strokes[0] + strokes[1], {"stroke": PLATE, "strokeWidth": 6}),  # a stroke is seen upon its bar as well
        (strokes[0], {"stroke": INK, "strokeWidth": 4}),
        (strokes[1], {"stroke": INK, "strokeWidth": 2, "strokeDash": [4, 2]}),
    )
    layers: list[Layer] = [
        frame.marks(chart_of(bars).mark_rect(fill=SERIES[1][0]), x="x", x2="x2", y="y", y2="y2"),
        *(frame.marks(chart_of(found).mark_rule(**style), x="x", y="y", y2="y2") for found, style in styles),
        shelf.zero_line(frame, BAR),
        *texts(frame, written, "left", "top", dx=0 if shelf.is_narrow else 6),
        *texts(frame, key, "left"),
        *shelf.write_names(frame),
    ]
    return frame.finish(layers, data)


def dots(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Compare the place of dots on one scale: one dot for each series and name, in lanes, so that none hides another.

    Shape and colour tell the series apart, and their key stands above in reading order.  Dots have no length, so the
    scale may leave out zero where it would take more than a third of the picture; a note says so (W. Cleveland's dot
    plot; Analysis Function, "Data visualisation: charts").
    """
    many = len(data.series)
    lane = 18.0 if many == 1 else 13.0
    shelf = shelf_for(data, variant, lane * many)
    width, height = variant.width - shelf.left, shelf.step * len(data.categories)
    values = [value for point in data.points if (value := number_of(point)) is not None]
    low, high = (min(values), max(values)) if data.is_cut else extent_of(data.points)
    room = widest([point.label for point in data.points]) + 2 * GAP if many == 1 else 10.0
    unit = ((high - low) or 1.0) / max(width - room - 10, width * 0.25)
    places, top = flow(data.series, variant.width) if many > 1 else ([], 0.0)
    frame = Frame(width, height, (low - 10 * unit, high + room * unit), (height, 0), shelf.left, top)
    labels: list[Row] = []
    layers: list[Layer] = value_lines(frame, data, is_vertical=True)
    for n, name in enumerate(data.series):
        marks: list[Row] = []
        for point in (p for p in data.points if p.series == name):
            value, y = number_of(point), shelf.tops[point.category] + (n + 0.5) * lane
            if value is not None:
                marks.append({"c0": point.category, "c1": name, "c2": value, "x": value, "y": y})
                labels.append({"c3": point.label, "x": value, "y": y})
        for x, y in places[n : n + 1]:
            marks.append({"c1": name, "x": frame.x[0] + (x - shelf.left + 8) * unit, "y": y - top})
        look: Row = {"shape": SHAPES[n], "fill": SERIES[many][n]}
        layers.append(frame.marks(chart_of(marks).mark_point(filled=True, size=90, opacity=1, **look), x="x", y="y"))
    key = [
        {"c3": name, "x": frame.x[0] + (x - shelf.left + 22) * unit, "y": y - top}
        for name, (x, y) in zip(data.series, places, strict=False)
    ]
    layers += [*texts(frame, key, "left"), *shelf.write_names(frame)]
    if many == 1:
        layers += texts(frame, labels, "left", dx=GAP + 2)
    return frame.finish(layers, data, bottom=LINE + 6.0)
