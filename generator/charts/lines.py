"""Kinds of chart that show change over time: lines with their limits, and areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

import altair as alt

from generator.charts.frame import (
    GAP,
    LINE,
    Frame,
    Layer,
    Row,
    chart_of,
    extent_of,
    number_of,
    plain_colour,
    round_values,
    spread,
    texts,
    value_lines,
)
from generator.charts.shape import ChartData, Point, axis_label
from generator.charts.theme import AXIS, GRID, INK, PLATE, SERIES, Variant, widest, wrap

NOT_FINAL = frozenset("pfe")
"""Marks of values that may still change: their points are hollow."""
DEPTH = 280.0
"""Height of the plot."""
DASHES = ([1, 0], [6, 3], [2, 3], [9, 3, 2, 3])
"""Lines are told apart by these as well as by colours."""
BREAK = "Break in series"
_RULES: dict[str, Row] = {
    "target": {"stroke": INK, "strokeDash": [6, 3], "strokeWidth": 1.5},
    "floor": {"stroke": INK, "strokeDash": [2, 2], "strokeWidth": 1.5},
    "lower": {"stroke": INK, "strokeWidth": 1},
    "upper": {"stroke": INK, "strokeWidth": 1},
}


@dataclass(frozen=True, slots=True)
class End:
    """A name that stands at the right end of the plot, or in a key above it."""

    value: float
    text: str
    look: Row
    """How the sample beside it in a key is drawn; a surface if it has a fill."""
    names: Row
    """What it stands for: its series; empty for a limit."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """The plot of a chart over time, with all that does not depend on how its values are drawn."""

    frame: Frame
    places: dict[str, float]
    """Where each time lies, in pixels from the left."""
    colour: Any
    under: list[Layer]
    over: list[Layer]
    bottom: float


def line(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Show change over time: one line a series, named at its end; a gap where a value is missing.

    At most four lines, told apart by dashes as well as colours.  A target and a floor are lines across, an expected
    range is a quiet band, each named with its value; no line joins the two sides of a break in the series, and a value
    that may still change has a hollow point.  The scale begins at zero (Analysis Function, ONS, "Line charts").
    """
    limits = [limit.value for limit in data.limits]
    low, high = extent_of(data.points, limits)
    head = (2 * LINE + 8) / (DEPTH - 2 * LINE - 8) if _breaks(data) else 0.08
    colours = SERIES[len(data.series)]
    ends = [
        End(_last(data, name), name, {"stroke": colour, "strokeDash": dash, "strokeWidth": 2.5}, {"c1": name})
        for name, colour, dash in zip(data.series, colours, DASHES, strict=False)
    ]
    stage = _stage(data, variant, (low, high + ((high - low) or 1.0) * head), ends if len(ends) > 1 else [])
    frame = stage.frame
    scale = alt.Scale(domain=list(data.series), range=list(DASHES[: len(data.series)]))
    dash = alt.StrokeDash(field="c1", type="nominal", scale=scale, legend=None)
    rows = _rows(data, stage.places)
    strokes = chart_of(rows).mark_line(strokeWidth=2.5, invalid="break-paths-show-domains")
    layers: list[Layer] = [
        *stage.under,
        *_across(frame, data),
        *_broken(frame, data, stage.places),
        frame.marks(strokes, x="x", y="y").encode(color=stage.colour, strokeDash=dash),
        *_dots(frame, rows, stage.colour, data),
    ]
    if len(data.series) == 1:
        layers += _labels(frame, data, stage.places)
    return frame.finish([*layers, *stage.over], data, bottom=stage.bottom)


def area(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Show how much there is over time by a surface filled from zero: one measure, or the parts of one whole.

    Parts lie upon each other, so they must add up to a whole, and none may be negative or missing; a single measure
    stays open where a value is missing.  Up to four parts, named at the right end (ONS, "Area charts").
    """
    if len(data.series) == 1:
        low, high = extent_of(data.points)
        stage = _stage(data, variant, (low, high * 1.08), [])
        frame, rows = stage.frame, _rows(data, stage.places)
        surface = chart_of([{**row, "y2": 0.0} for row in rows])
        fill = surface.mark_area(fill=SERIES[1][0], fillOpacity=0.25, invalid="break-paths-show-domains")
        edge = chart_of(rows).mark_line(stroke=SERIES[1][0], strokeWidth=2.5, invalid="break-paths-show-domains")
        layers: list[Layer] = [
            *stage.under,
            frame.marks(fill, x="x", y="y", y2="y2"),
            frame.marks(edge, x="x", y="y"),
            *_dots(frame, rows, stage.colour, data),
            *_labels(frame, data, stage.places),
        ]
        return frame.finish([*layers, *stage.over], data, bottom=stage.bottom)
    sums = dict.fromkeys(data.categories, 0.0)
    parts: list[Row] = []
    for point in data.points:
        value, start = number_of(point) or 0.0, sums[point.category]
        sums[point.category] = start + value
        names = {"c0": point.category, "c1": point.series, "c2": value}
        parts.append({**names, "y": start + value, "y2": start})
    last = {row["c1"]: (row["y"] + row["y2"]) / 2 for row in parts}
    ends = [
        End(last[name], name, {"fill": fill}, {"c1": name}) for name, fill in zip(last, SERIES[len(last)], strict=True)
    ]
    stage = _stage(data, variant, (0.0, (max(sums.values()) or 1.0) * 1.04), ends)
    placed = chart_of([{**row, "x": stage.places[row["c0"]]} for row in parts])
    surface = placed.mark_area(stroke=PLATE, strokeWidth=1.5)
    surfaces = stage.frame.marks(surface, x="x", y="y", y2="y2").encode(color=stage.colour)
    return stage.frame.finish([*stage.under, surfaces, *stage.over], data, bottom=stage.bottom)


def _stage(data: ChartData, variant: Variant, domain: tuple[float, float], series: Sequence[End]) -> _Stage:
    """Measure what stands around the plot: values, times, and the names of lines.

    Names stand at the right end, or in a key above where there is little room or a line ends before the others.
    """
    limits = [
        End(float(limit.value), f"{limit.title} {axis_label(limit.value, data.unit)}", _RULES[limit.role], {})
        for limit in data.limits
    ]
    ends = [*series, *limits]
    last_ones = [
        point for point in data.points if point.category == data.categories[-1] and number_of(point) is not None
    ]
    is_above = variant.name == "narrow" or (len(series) > 1 and len(last_ones) < len(series))
    beside = [] if is_above else [wrap(end.text, 150) for end in ends]
    above = [wrap(end.text, variant.width - 26) for end in ends] if is_above else []
    labels = {p.category: p.label for p in data.points if len(data.series) == 1 and number_of(p) is not None}
    inset, half = (widest([labels.get(data.categories[n], "")]) / 2 + 4 if labels else 0.0 for n in (0, -1))
    gap = max(GAP + 4.0, half + 4)
    many = max(len(data.categories) - 1, 1)
    left = widest([axis_label(tick, data.unit) for tick in round_values(*domain, 6)]) + GAP + 2
    right = max(half, gap + widest([text for lines in beside for text in lines]) if beside else 0.0)
    names = _times(data, (variant.width - left - inset - right) / many)
    first, last = (widest(names.get(data.categories[n], [])) / 2 + 2 for n in (0, -1))
    left, right = max(left, first - inset), max(right, last)
    width = variant.width - left - right
    step = (width - inset) / many  # the first value is written beside the axis, not upon it
    names = _times(data, step)
    places = {category: inset + n * step for n, category in enumerate(data.categories)}
    top = sum(len(lines) * LINE + 4 for lines in above) + (16.0 if above else 6.0)
    frame = Frame(width, DEPTH, (0, width), domain, left, top, right)
    unit = (domain[1] - domain[0]) / DEPTH
    wanted = [((domain[1] - end.value) / unit, len(lines) * LINE) for end, lines in zip(ends, beside, strict=False)]
    said: list[Row] = []
    for end, lines, middle in zip(ends if beside else (), beside, spread(wanted, DEPTH), strict=True):
        pixel = middle - (len(lines) - 1) * LINE / 2
        said.append({**end.names, "c3": "\n".join(lines), "x": width + gap, "y": domain[1] - pixel * unit})
    layers: list[Layer] = []
    y = domain[1] + (top - LINE / 2 - 2) * unit
    for end, lines in zip(ends, above, strict=False):
        said.append({**end.names, "c3": "\n".join(lines), "x": 22 - left, "y": y})
        row = {**end.names, "x": -left, "x2": 16 - left, "y": y}
        if "fill" in end.look:
            square = chart_of([{**row, "y": y - 6 * unit, "y2": y + 6 * unit}]).mark_rect(**end.look)
            layers.append(frame.marks(square, x="x", x2="x2", y="y", y2="y2"))
        else:
            layers.append(frame.marks(chart_of([row]).mark_rule(**end.look), x="x", x2="x2", y="y"))
        y -= (len(lines) * LINE + 4) * unit
    titles = [{"c3": "\n".join(lines), "x": places[c], "y": domain[0]} for c, lines in names.items()]
    layers += [*texts(frame, said, "left"), *texts(frame, titles, "center", "top", dy=16)]
    bottom = max(map(len, names.values())) * LINE + 22
    return _Stage(frame, places, plain_colour(data), value_lines(frame, data, is_vertical=False), layers, bottom)


def _times(data: ChartData, step: float) -> dict[str, list[str]]:
    """Return the times whose names fit below the plot, in lines; always with the last one."""
    word = widest([word for category in data.categories for word in category.split()])
    each = max(1, -(-int(word + 4) // max(int(step), 1)))
    room = max(word, min(each * step - 4, 130))
    kept = [category for n, category in enumerate(reversed(data.categories)) if n % each == 0]
    return {category: wrap(category, room) for category in reversed(kept)}


def _rows(data: ChartData, places: dict[str, float]) -> list[Row]:
    """Place each value; between the two sides of a break lies a point without a value, which no line crosses."""
    rows: list[Row] = []
    for name in data.series:
        before: Point | None = None
        for point in (p for p in data.points if p.series == name):
            x, value = places[point.category], number_of(point)
            if point.quantity.mark == "b" and before:
                rows.append({"c1": name, "x": (places[before.category] + x) / 2, "y": None})
            rows.append({"c0": point.category, "c1": name, "c2": value, "x": x, "y": value})
            before = point
    return rows


def _dots(frame: Frame, rows: Sequence[Row], colour: Any, data: ChartData) -> list[Layer]:
    """Mark each value by a point, hollow if it may still change."""
    open_ones = {(p.category, p.series) for p in data.points if p.quantity.mark in NOT_FINAL}
    known = [row for row in rows if row["y"] is not None]
    full = [row for row in known if (row["c0"], row["c1"]) not in open_ones]
    hollow = [row for row in known if (row["c0"], row["c1"]) in open_ones]
    layers: list[Layer] = []
    if full:
        mark = chart_of(full).mark_point(filled=True, size=50, opacity=1)
        layers.append(frame.marks(mark, x="x", y="y").encode(color=colour))
    if hollow:
        scale = alt.Scale(domain=list(data.series), range=list(SERIES[len(data.series)]))
        edge = alt.Stroke(field="c1", type="nominal", scale=scale, legend=None)
        mark = chart_of(hollow).mark_point(fill=PLATE, strokeWidth=2, size=60, opacity=1)
        layers.append(frame.marks(mark, x="x", y="y").encode(stroke=edge))
    return layers


def _labels(frame: Frame, data: ChartData, places: dict[str, float]) -> list[Layer]:
    """Write each value above its point, below it where a limit would run through it; fewer where there is no room."""
    known = [point for point in data.points if number_of(point) is not None]
    apart = min((after - before for before, after in pairwise(places.values())), default=frame.width)
    each = max(1, -(-int(widest([point.label for point in known]) + 6) // max(int(apart), 1)))
    unit = (frame.y[1] - frame.y[0]) / frame.height
    rows: dict[bool, list[Row]] = {True: [], False: []}
    for point in known:
        if (len(data.categories) - 1 - data.categories.index(point.category)) % each == 0:
            value = number_of(point) or 0.0
            rises = [(float(limit.value) - value) / unit for limit in data.limits]
            is_above = not any(GAP - 4 < rise < GAP + LINE for rise in rises)
            rows[is_above].append({"c3": point.label, "x": places[point.category], "y": value})
    return [
        *texts(frame, rows[True], "center", "bottom", dy=-GAP),
        *texts(frame, rows[False], "center", "top", dy=GAP),
    ]


def _last(data: ChartData, series: str) -> float:
    found = [value.number for value in data.values(series).values() if value.number is not None]
    return float(found[-1] if found else Decimal(0))


def _across(frame: Frame, data: ChartData) -> list[Layer]:
    """Draw the limits: lines across, and a quiet band between the ends of a range."""
    ends = {limit.role: float(limit.value) for limit in data.limits}
    layers: list[Layer] = []
    if "lower" in ends and "upper" in ends:
        band = chart_of([{"x": 0.0, "x2": frame.width, "y": ends["lower"], "y2": ends["upper"]}])
        layers.append(frame.marks(band.mark_rect(fill=GRID, fillOpacity=0.6), x="x", x2="x2", y="y", y2="y2"))
    for role, value in ends.items():
        layers.append(frame.marks(chart_of([{"y": value}]).mark_rule(**_RULES[role]), y="y"))
    return layers


def _breaks(data: ChartData) -> list[tuple[str, str]]:
    """Return the times before and after each break."""
    broken = {point.category for point in data.points if point.quantity.mark == "b"}
    return [(before, after) for before, after in pairwise(data.categories) if after in broken]


def _broken(frame: Frame, data: ChartData, places: dict[str, float]) -> list[Layer]:
    """Mark each break by a line from top to bottom and, where there is room for it, a word."""
    marks = [(places[before] + places[after]) / 2 for before, after in _breaks(data)]
    if not marks:
        return []
    bottom, top = frame.y
    rows: list[Row] = [{"x": x, "y": bottom, "y2": top} for x in marks]
    rule = chart_of(rows).mark_rule(stroke=AXIS, strokeWidth=1, strokeDash=[2, 2])
    said: list[Row] = []
    size, unit = widest([BREAK]), (top - bottom) / frame.height
    for x in marks:
        start = min(x + 6, frame.width - size)
        if not said or start > said[-1]["x"] + size + GAP:
            said.append({"c3": BREAK, "x": start, "y": top})
    grounds = [{"x": row["x"] - 4, "x2": row["x"] + size + 4, "y": top, "y2": top - (LINE + 4) * unit} for row in said]
    return [
        frame.marks(chart_of(grounds).mark_rect(fill=PLATE), x="x", x2="x2", y="y", y2="y2"),
        frame.marks(rule, x="x", y="y", y2="y2"),
        *texts(frame, said, "left", "top", dy=2),
    ]
