"""One pure function for each kind of chart: from arranged data and a width to an Altair chart.

All kinds follow the Analysis Function's chart guidance: bars start at zero, values are labelled directly, text is
horizontal, and a legend, where there must be one, stands above the chart in reading order.  One axis carries the
values, the other pixels: text is measured first, so names and labels have room by design.  Columns have the internal
names ``c0``, ``c1`` …, since names with ``.``, ``[`` or ``:`` draw nothing in Vega-Lite without an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import altair as alt

from generator.charts.shape import ChartData, Point, axis_label
from generator.charts.theme import AXIS, GRID, INK, PLATE, SERIES, SIZE, SOFT, Variant, config, widest, wrap

GAP = 8
"""Pixels between a mark and its label."""
LINE = SIZE + 4
"""Height of a line of text."""
NAMES = 230
"""Widest column of category names, in pixels."""
BAR = 20
"""Thickness of a bar."""

Layer = Any  # altair's layers have no common public type
Row = dict[str, Any]  # one row of the data of a layer: c0, c1 … and its place in x, y, x2, y2


def specification(data: ChartData, variant: Variant) -> dict[str, Any]:
    """Return the whole Vega-Lite specification of a chart at one width, with its data inside."""
    chart = KINDS[data.kind](data, variant)
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec["config"] = config()
    spec.pop("usermeta", None)
    return spec


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot: its size in pixels, its scales, and the room around it."""

    width: float
    height: float
    x: tuple[float, float]
    """Domain of the horizontal scale; pixels where it is ``(0, width)``."""
    y: tuple[float, float]
    """Domain of the vertical scale, bottom to top; pixels where it is ``(height, 0)``."""
    left: float = 0.0
    top: float = 0.0
    right: float = 0.0

    def channel(self, name: str, field: str) -> Any:
        """Return an encoding of *field* on the scale of *name*, without an axis: we draw what is needed."""
        domain = self.x if name.startswith("x") else self.y
        if name.endswith("2"):
            return (alt.X2 if name == "x2" else alt.Y2)(field=field)
        scale = alt.Scale(domain=list(domain), nice=False, zero=False)
        kind = alt.X if name == "x" else alt.Y
        return kind(field=field, type="quantitative", scale=scale, axis=None)

    def marks(self, chart: Any, **fields: str) -> Any:
        """Place the marks of *chart* by the fields given for x, y, x2 and y2."""
        return chart.encode(**{name: self.channel(name, field) for name, field in fields.items()})

    def finish(self, layers: Iterable[Layer], data: ChartData, *, bottom: float = 8.0) -> alt.LayerChart:
        """Put the layers together and write the phase of the figures below them."""
        found = list(layers)
        if data.phase_line:
            lines = wrap(data.phase_line, self.left + self.width + self.right)
            row = {"c0": "\n".join(lines)}
            mark = _chart([row]).mark_text(align="left", baseline="top", fill=SOFT, lineBreak="\n", lineHeight=LINE)
            place = {"x": {"value": -round(self.left)}, "y": {"value": round(self.height + bottom)}}
            found.append(mark.encode(text=_text("c0"), **place))
            bottom += len(lines) * LINE + 4
        plot: alt.LayerChart = alt.layer(*found).properties(  # type: ignore[assignment]
            width=round(self.width),
            height=round(self.height),
            padding={
                "left": round(self.left),
                "top": round(self.top),
                "right": round(self.right),
                "bottom": round(bottom),
            },
            autosize=alt.AutoSizeParams(type="none"),
        )
        return plot


def _chart(rows: Sequence[Row]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=list(rows)))


def _text(field: str) -> Any:
    return alt.Text(field=field, type="nominal")


def _texts(frame: Frame, rows: Sequence[Row], align: Any, baseline: Any = "middle", **more: Any) -> list[Layer]:
    """Write the text in ``c3`` of each row at its place (``x``, ``y``); lines are separated by a line break."""
    if not rows:
        return []
    mark = _chart(rows).mark_text(
        align=align, baseline=baseline, fill=more.pop("fill", INK), lineBreak="\n", lineHeight=LINE, **more
    )  # fmt: skip
    return [frame.marks(mark, x="x", y="y").encode(text=_text("c3"))]


def _plain_colour(data: ChartData) -> Any:
    scale = alt.Scale(domain=list(data.series), range=list(SERIES[len(data.series)]))
    return alt.Color(field="c1", type="nominal", scale=scale, legend=None)


def _colour(data: ChartData, width: float) -> tuple[Any, float]:
    """Return the colour of the series and the height of its legend, which is needed for more than one."""
    if len(data.series) == 1:
        return _plain_colour(data), 0.0
    scale = alt.Scale(domain=list(data.series), range=list(SERIES[len(data.series)]))
    cell = widest(data.series) + 44
    columns = max(1, min(len(data.series), int(width // cell)))
    legend = alt.Legend(columns=columns, symbolType="square", labelExpr="datum.label")
    rows = -(-len(data.series) // columns)
    return alt.Color(field="c1", type="nominal", scale=scale, legend=legend), rows * (LINE + 4) + 12.0


def _extent(points: Iterable[Point], extra: Iterable[Decimal] = ()) -> tuple[float, float]:
    """Return lowest and highest value, zero included."""
    numbers = [point.quantity.number for point in points if point.quantity.number is not None]
    values = [float(number) for number in (*numbers, *extra)]
    return min(0.0, *values, 0.0), max(0.0, *values, 0.0)


def _room(extent: tuple[float, float], width: float, label: float) -> tuple[float, float]:
    """Widen the domain so that labels of *label* pixels fit beside the longest bars."""
    low, high = extent
    sides = (1 if low < 0 else 0) + 1
    unit = ((high - low) or 1.0) / max(width - sides * label, width * 0.25)
    return low - (label * unit if low < 0 else 0.0), high + label * unit


def _value(point: Point) -> float | None:
    return None if point.quantity.number is None else float(point.quantity.number)


def _labels(frame: Frame, rows: Sequence[Row]) -> list[Layer]:
    """Write each value beside the end of its bar, on the side to which the bar points."""
    right = [{**row, "x": row["end"]} for row in rows if row["points"] >= 0]
    left = [{**row, "x": row["end"]} for row in rows if row["points"] < 0]
    return _texts(frame, right, "left", dx=GAP) + _texts(frame, left, "right", dx=-GAP)


def _zero_line(frame: Frame) -> Layer:
    rule = _chart([{"y": 0.0}]).mark_rule(stroke=AXIS, strokeWidth=1)
    return frame.marks(rule, y="y")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Rows of a lying chart: each category has a name and room for its marks, in pixels from the top."""

    left: float
    step: float
    tops: dict[str, float]
    """Where the marks of a category begin."""
    names: tuple[dict[str, Any], ...]
    is_narrow: bool

    def zero_line(self, frame: Frame, thickness: float) -> Layer:
        """Draw the line from which bars start; beside the marks only, where names stand above them."""
        rows = [{"x": 0.0, "y": top - 4, "y2": top + thickness + 4} for top in self.tops.values()]
        rule = _chart(rows if self.is_narrow else [{"x": 0.0, "y": 0.0, "y2": frame.height}])
        return frame.marks(rule.mark_rule(stroke=AXIS, strokeWidth=1), x="x", y="y", y2="y2")

    def write_names(self, frame: Frame) -> list[Layer]:
        """Write the names in a column on the left, or above their marks where the drawing is narrow."""
        rows = [{**row, "x": frame.x[0]} for row in self.names]
        if self.is_narrow:
            return _texts(frame, rows, "left", "top")
        return _texts(frame, rows, "right", "middle", dx=-GAP)


def _shelf(data: ChartData, variant: Variant, thickness: float) -> Shelf:
    """Measure the names of the categories and give each row its place."""
    narrow = variant.name == "narrow"
    names = {category: wrap(category, variant.width - 4 if narrow else NAMES) for category in data.categories}
    left = 0.0 if narrow else widest([line for lines in names.values() for line in lines]) + GAP + 2
    lines = max(map(len, names.values()))
    step = lines * LINE + thickness + 14 if narrow else max(thickness, lines * LINE) + 12
    tops: dict[str, float] = {}
    rows: list[Row] = []
    for n, (category, found) in enumerate(names.items()):
        begin = n * step + 6
        tops[category] = begin + lines * LINE + 2 if narrow else begin + (step - 12 - thickness) / 2
        middle = begin if narrow else begin + (step - 12) / 2 - (len(found) - 1) * LINE / 2
        start = begin + (lines - len(found)) * LINE if narrow else middle
        rows.append({"c0": category, "c3": "\n".join(found), "y": start})
    return Shelf(left, step, tops, tuple(rows), narrow)


def bar(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Compare categories by the length of bars from zero.

    Lying bars for names, standing ones for a few short labels in an order; parts of a whole may be stacked.  Ordered by
    size unless the category has an order; at most four series (Analysis Function, "Data visualisation: charts").
    """
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
        value = _value(point)
        start = ends[point.category] if data.is_stacked else 0.0
        ends[point.category] = start + (value or 0.0)
        row = 0 if data.is_stacked else data.series.index(point.series)
        found.append(Segment(point, start, ends[point.category], row, "" if data.is_stacked else point.label))
    return found


def _bars(frame: Frame, data: ChartData, rows: Sequence[Row], colour: Any) -> Layer:
    edge: Row = {"stroke": PLATE, "strokeWidth": 1.5} if data.is_stacked else {}
    return frame.marks(_chart(rows).mark_rect(**edge), x="x", x2="x2", y="y", y2="y2").encode(color=colour)


def _lying(data: ChartData, variant: Variant) -> alt.LayerChart:
    segments = _segments(data)
    many = max(segment.row for segment in segments) + 1
    thickness = many * (BAR + 2) - 2
    shelf = _shelf(data, variant, thickness)
    width, height = variant.width - shelf.left, shelf.step * len(data.categories)
    extent = min(0.0, *(s.stop for s in segments), 0.0), max(0.0, *(s.stop for s in segments), 0.0)
    label = widest([segment.label for segment in segments]) + GAP + 2
    colour, legend = _colour(data, width)
    domain = extent if data.is_stacked else _room(extent, width, label)
    frame = Frame(width, height, domain, (height, 0), shelf.left, legend)
    rows: list[Row] = []
    labels: list[Row] = []
    for segment in segments:
        top = shelf.tops[segment.point.category] + segment.row * (BAR + 2)
        names = {"c0": segment.point.category, "c1": segment.point.series, "c2": _value(segment.point)}
        if names["c2"] is not None:
            rows.append({**names, "x": segment.start, "x2": segment.stop, "y": top, "y2": top + BAR})
        if segment.label:
            place = {"y": top + BAR / 2, "end": segment.stop, "points": segment.stop}
            labels.append({**names, "c3": segment.label, **place})
    layers: list[Layer] = []
    bottom = 8.0
    if data.is_stacked:
        layers += _value_lines(frame, data, is_vertical=True)
        bottom = LINE + 6.0
    layers += [_bars(frame, data, rows, colour), *_labels(frame, labels), shelf.zero_line(frame, thickness)]
    return frame.finish([*layers, *shelf.write_names(frame)], data, bottom=bottom)


def _standing(data: ChartData, variant: Variant) -> alt.LayerChart:
    segments = _segments(data)
    many = max(segment.row for segment in segments) + 1
    width, height = float(variant.width), 300.0
    step = width / len(data.categories)
    names = {category: wrap(category, step - 6) for category in data.categories}
    extent = min(0.0, *(s.stop for s in segments), 0.0), max(0.0, *(s.stop for s in segments), 0.0)
    colour, legend = _colour(data, variant.width)
    frame = Frame(width, height, (0, width), _room(extent, height, LINE + 6), 0, legend)
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
        named = {"c0": segment.point.category, "c1": segment.point.series, "c2": _value(segment.point)}
        if named["c2"] is not None:
            rows.append({**named, "x": left, "x2": left + thickness - 2, "y": segment.start, "y2": segment.stop})
        text = {"c3": segment.label, "x": left + thickness / 2, "y": segment.stop}
        (above if segment.stop >= 0 else below).append(text)
    for n, found in enumerate(names.values()):
        titles.append({"c3": "\n".join(found), "x": (n + 0.5) * step, "y": frame.y[0]})
    layers: list[Layer] = [
        _bars(frame, data, rows, colour),
        *_texts(frame, [row for row in above if row["c3"]], "center", "bottom", dy=-4),
        *_texts(frame, [row for row in below if row["c3"]], "center", "top", dy=4),
        _zero_line(frame),
        *_texts(frame, titles, "center", "top", dy=8),
    ]
    return frame.finish(layers, data, bottom=max(map(len, names.values())) * LINE + 14)


def _ticks(low: float, high: float, most: int) -> list[Decimal]:
    """Return round values that cover the domain, *most* at most."""
    span = Decimal(str(high - low)) or Decimal(1)
    power = Decimal(10) ** (span.adjusted() - 1)
    for factor in (1, 2, 5, 10, 20, 50, 100):
        step = power * factor
        first = -(-Decimal(str(low)) // step)
        last = Decimal(str(high)) // step
        if last - first + 1 <= most:
            return [n * step for n in range(int(first), int(last) + 1)]
    return [Decimal(0)]


def _value_lines(frame: Frame, data: ChartData, *, is_vertical: bool) -> list[Layer]:
    """Draw thin lines at round values and name them: an axis, where values are not written at the marks."""
    domain = frame.x if is_vertical else frame.y
    longest = axis_label(Decimal(str(round(domain[1]))), data.unit)
    most = max(2, min(6, int(frame.width // (widest([longest]) + 28)))) if is_vertical else 6
    ticks = _ticks(domain[0], domain[1], most)
    axis = "x" if is_vertical else "y"
    rules = _chart([{axis: float(tick)} for tick in ticks]).mark_rule(stroke=GRID, strokeWidth=1)
    layers = [frame.marks(rules, **{axis: axis})]
    for tick in ticks:
        text: Row = {"c3": axis_label(tick, data.unit), axis: float(tick)}
        if is_vertical:
            label = widest([text["c3"]])
            pixel = (float(tick) - domain[0]) / (domain[1] - domain[0]) * frame.width
            align = (
                "right" if pixel + label / 2 > frame.width else "left" if pixel < label / 2 - frame.left else "center"
            )
            layers += _texts(frame, [{**text, "y": frame.y[0]}], align, "top", dy=6, fill=SOFT)
        else:
            layers += _texts(frame, [{**text, "x": frame.x[0]}], "right", dx=-GAP, fill=SOFT)
    return layers


def line(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Show change over time: one line a series, named at its end; a gap where a value is missing.

    At most four lines, with dashes as well as colours; a target is a line across (Analysis Function, ONS).
    """
    narrow = variant.name == "narrow"
    legend_on_top = narrow and len(data.series) > 1
    extent = _extent(data.points, [data.target] if data.target is not None else [])
    domain = (extent[0], extent[1] + (extent[1] - extent[0]) * 0.08)
    ticks = [axis_label(tick, data.unit) for tick in _ticks(*domain, 6)]
    left = widest(ticks) + GAP + 2
    names = data.series if len(data.series) > 1 else ()
    ends = [wrap(name, 150) for name in names]
    right = 0.0 if legend_on_top else widest([text for found in ends for text in found]) + (GAP + 6 if ends else 0)
    last = widest([point.label for point in data.points]) / 2 + 4
    right = max(right, last)
    width, height = variant.width - left - right, 280.0
    step = width / max(len(data.categories) - 1, 1)
    place = {category: n * step for n, category in enumerate(data.categories)}
    colour, legend = _colour(data, width)
    if not legend_on_top:
        colour, legend = _plain_colour(data), 6.0
    frame = Frame(width, height, (0, width), domain, left, legend, right)
    dash = alt.StrokeDash(
        field="c1",
        type="nominal",
        scale=alt.Scale(domain=list(data.series), range=[[1, 0], [6, 3], [2, 3], [9, 3, 2, 3]][: len(data.series)]),
        legend=None,
    )
    rows = [
        {"c0": p.category, "c1": p.series, "c2": _value(p), "x": place[p.category], "y": _value(p)} for p in data.points
    ]
    strokes = _chart(rows).mark_line(strokeWidth=2.5, invalid="break-paths-show-domains")
    dots = _chart([row for row in rows if row["y"] is not None]).mark_point(filled=True, size=50, opacity=1)
    layers: list[Layer] = [
        *_value_lines(frame, data, is_vertical=False),
        frame.marks(strokes, x="x", y="y").encode(color=colour, strokeDash=dash),
        frame.marks(dots, x="x", y="y").encode(color=colour),
    ]
    if data.target is not None:
        rule = _chart([{"y": float(data.target)}]).mark_rule(stroke=INK, strokeDash=[4, 3], strokeWidth=1.5)
        text = {"c3": f"Target {axis_label(data.target, data.unit)}", "x": 0, "y": float(data.target)}
        layers += [frame.marks(rule, y="y"), *_texts(frame, [text], "left", "bottom", dx=4, dy=-4)]
    if names and not legend_on_top:
        layers += _end_names(frame, data, ends)
    if len(data.series) == 1:
        values = [{"c3": p.label, "x": place[p.category], "y": _value(p)} for p in data.points if _value(p) is not None]
        layers += _texts(frame, values, "center", "bottom", dy=-GAP)
    room = step if len(data.categories) > 2 else step * 0.9
    titles: list[Row] = [
        {"c3": "\n".join(wrap(c, max(room - 6, 60))), "x": place[c], "y": frame.y[0]} for c in _thinned(data, room)
    ]
    layers += _texts(frame, titles, "center", "top", dy=8)
    depth = max(text["c3"].count("\n") + 1 for text in titles)
    return frame.finish(layers, data, bottom=depth * LINE + 14)


def _thinned(data: ChartData, room: float) -> list[str]:
    """Return the categories whose names fit below the line, always with the first and the last."""
    each = max(1, -(-int(min(widest([word for c in data.categories for word in c.split()]), 80) + 8) // int(room)))
    return [c for n, c in enumerate(reversed(data.categories)) if n % each == 0][::-1]


def _end_names(frame: Frame, data: ChartData, ends: Sequence[Sequence[str]]) -> list[Layer]:
    """Name each line at its last value; names that would touch are moved apart."""
    unit = (frame.y[1] - frame.y[0]) / frame.height
    wanted: list[tuple[float, int, str, int]] = []
    for name, lines in zip(data.series, ends, strict=True):
        found = [value.number for value in data.values(name).values() if value.number is not None]
        wanted.append((float(found[-1]) if found else 0.0, len(lines) * LINE, "\n".join(lines), len(lines)))
    wanted.sort(key=lambda item: item[0], reverse=True)
    bottom = float("inf")
    rows = []
    for value, size, text, count in wanted:
        middle = min(value, bottom - size * unit / 2)
        bottom = middle - size * unit / 2
        rows.append({"c3": text, "x": frame.width, "y": middle + (count - 1) * LINE * unit / 2})
    return _texts(frame, rows, "left", dx=GAP + 4)


def waterfall(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Bridge from one level to another: levels stand on zero, each change begins where the one before it ended."""
    shelf = _shelf(data, variant, BAR + 4)
    width, height = variant.width - shelf.left, shelf.step * len(data.categories)
    rows: list[Row] = []
    labels: list[Row] = []
    joins: list[Row] = []
    end, highest, lowest = 0.0, 0.0, 0.0
    for n, point in enumerate(data.points):
        value = _value(point) or 0.0
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
    frame = Frame(width, height, _room((lowest, highest), width, room), (height, 0), shelf.left)
    scale = alt.Scale(domain=["level", "rise", "fall"], range=["var(--chart-1)", "var(--chart-4)", "var(--chart-2)"])
    colour = alt.Color(field="c1", type="nominal", scale=scale, legend=None)
    link = _chart(joins).mark_rule(stroke=AXIS, strokeWidth=1, strokeDash=[2, 2])
    layers: list[Layer] = [
        frame.marks(link, x="x", y="y", y2="y2"),
        frame.marks(_chart(rows).mark_rect(), x="x", x2="x2", y="y", y2="y2").encode(color=colour),
        *_labels(frame, labels),
        shelf.zero_line(frame, BAR + 4),
        *shelf.write_names(frame),
    ]
    return frame.finish(layers, data)


def dumbbell(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Join two values of each category by a line, so that their distance is seen; each dot has a value and a shape."""
    shelf = _shelf(data, variant, 22)
    width, height = variant.width - shelf.left, shelf.step * len(data.categories)
    room = widest([point.label for point in data.points]) + GAP + 8
    low, high = _extent(data.points)
    unit = ((high - low) or 1.0) / max(width - 2 * room, width * 0.25)
    colour, legend = _colour(data, width)
    frame = Frame(width, height, (low - room * unit, high + room * unit), (height, 0), shelf.left, legend)
    first, second = (data.values(name) for name in data.series)
    dots: list[Row] = []
    links: list[Row] = []
    labels: list[Row] = []
    for category in data.categories:
        pair = {name: _by(data, name, category) for name in data.series}
        middle = shelf.tops[category] + 11
        found = [(name, point, _value(point)) for name, point in pair.items() if point is not None]
        values = [value for _, _, value in found if value is not None]
        if len(values) == 2 and first.get(category) and second.get(category):
            links.append({"x": min(values), "x2": max(values), "y": middle})
        for name, point, value in found:
            if value is None:
                continue
            side = 1 if value == max(values) and (name == data.series[0] or values.count(value) == 1) else -1
            dots.append({"c0": category, "c1": name, "c2": value, "x": value, "y": middle})
            labels.append({"c3": point.label, "y": middle, "end": value, "points": side})
    shapes = alt.Shape(
        field="c1",
        type="nominal",
        scale=alt.Scale(domain=list(data.series), range=["circle", "square"]),
        legend=None,
    )
    rule = _chart(links).mark_rule(stroke=AXIS, strokeWidth=2)
    mark = _chart(dots).mark_point(filled=True, size=150, opacity=1)
    moved = [{**row, "points": row["points"]} for row in labels]
    layers: list[Layer] = [
        frame.marks(rule, x="x", x2="x2", y="y"),
        frame.marks(mark, x="x", y="y").encode(color=colour, shape=shapes),
        *_texts(frame, [{**r, "x": r["end"]} for r in moved if r["points"] > 0], "left", dx=GAP + 4),
        *_texts(frame, [{**r, "x": r["end"]} for r in moved if r["points"] < 0], "right", dx=-GAP - 4),
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
}
