"""The plot that all kinds of chart draw on: scales, room for text measured beforehand, names, legends and value lines.

One axis carries the values, the other pixels: text is measured first, so names and labels have room by design.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import altair as alt

from generator.charts.shape import ChartData, Point, axis_label
from generator.charts.theme import AXIS, GRID, INK, SERIES, SIZE, SOFT, Variant, widest, wrap

GAP = 8
"""Pixels between a mark and its label."""
LINE = SIZE + 4
"""Height of a line of text."""
NAMES = 230
"""Widest column of category names, in pixels."""
BAR = 20
"""Thickness of a bar."""

Layer = Any  # altair's layers have no common public type
Row = dict[str, Any]
"""One row of the data of a layer: its place in x, y, x2 and y2, and what it stands for.

That is its category (``c0``), series (``c1``), value (``c2``), words (``c3``) and, if it joins two, the other series
(``c4``).  Who explores a chart hides and sorts rows by these names.
"""


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
            mark = chart_of([row]).mark_text(align="left", baseline="top", fill=SOFT, lineBreak="\n", lineHeight=LINE)
            x: Any = alt.XValue(-round(self.left))  # type: ignore[no-untyped-call]
            y: Any = alt.YValue(round(self.height + bottom))  # type: ignore[no-untyped-call]
            found.append(mark.encode(text=text_field("c0"), x=x, y=y))
            bottom += len(lines) * LINE + 4
        return alt.LayerChart(
            layer=found,
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


def chart_of(rows: Sequence[Row]) -> alt.Chart:
    """Return a chart with *rows* as its inline data: a tuple, since Altair copies lists at every step."""
    return alt.Chart(alt.InlineData(values=tuple(rows)))


def text_field(field: str) -> Any:
    """Write the words in *field*."""
    return alt.Text(field=field, type="nominal")


def texts(frame: Frame, rows: Sequence[Row], align: Any, baseline: Any = "middle", **more: Any) -> list[Layer]:
    """Write the text in ``c3`` of each row at its place (``x``, ``y``); lines are separated by a line break."""
    if not rows:
        return []
    look = {"fill": INK, "lineHeight": LINE, **more}
    mark = chart_of(rows).mark_text(align=align, baseline=baseline, lineBreak="\n", **look)
    return [frame.marks(mark, x="x", y="y").encode(text=text_field("c3"))]


def plain_colour(data: ChartData) -> Any:
    """Colour the series without a legend."""
    scale = alt.Scale(domain=list(data.series), range=list(SERIES[len(data.series)]))
    return alt.Color(field="c1", type="nominal", scale=scale, legend=None)


def series_colour(data: ChartData, width: float, symbols: Any = "square") -> tuple[Any, float]:
    """Return the colour of the series and the height of its legend, which is needed for more than one."""
    if len(data.series) == 1:
        return plain_colour(data), 0.0
    scale = alt.Scale(domain=list(data.series), range=list(SERIES[len(data.series)]))
    cell = widest(data.series) + 44
    columns = max(1, min(len(data.series), int(width // cell)))
    legend = alt.Legend(columns=columns, symbolType=symbols, labelExpr="datum.label")
    rows = -(-len(data.series) // columns)
    return alt.Color(field="c1", type="nominal", scale=scale, legend=legend), rows * (LINE + 8) + 12.0


def flow(names: Sequence[str], width: float) -> tuple[list[tuple[float, float]], float]:
    """Place the entries of a key from left to right, in lines no wider than *width*; return them and its height.

    Each place is the left end of a symbol of 16 pixels, and the middle of its line; the name follows 22 pixels on.

    >>> flow(["Result", "Target"], 288)
    ([(0.0, 13.0), (78.7, 13.0)], 34.0)
    """
    places: list[tuple[float, float]] = []
    x, y = 0.0, LINE / 2 + 4
    for name in names:
        size = round(widest([name]) + 22, 1)
        if x and x + size > width:
            x, y = 0.0, y + LINE + 6
        places.append((x, y))
        x += size + 20
    return places, y + LINE / 2 + 12


def spread(wanted: Sequence[tuple[float, float]], bottom: float) -> list[float]:
    """Move labels apart: from the middle and the height that each wants to the middles at which none touch.

    Labels that would touch share their moves, so that none moves further than it must.

    >>> spread([(40, 18), (42, 18), (90, 18)], 100)
    [32.0, 50.0, 90.0]
    >>> spread([(99, 18), (98, 18)], 100)
    [91.0, 73.0]
    """
    groups: list[tuple[list[int], float, float]] = []  # members, wanted top, height
    for n in sorted(range(len(wanted)), key=lambda n: wanted[n][0]):
        members, top, size = [n], wanted[n][0] - wanted[n][1] / 2, wanted[n][1]
        while groups and groups[-1][1] + groups[-1][2] > top:
            others, above, height = groups.pop()
            top = (above * len(others) + (top - height) * len(members)) / (len(others) + len(members))
            members, size = others + members, height + size
            top = max(0.0, min(top, bottom - size))
        groups.append((members, max(0.0, min(top, bottom - size)), size))
    found: dict[int, float] = {}
    for members, top, _ in groups:
        for n in members:
            found[n] = top + wanted[n][1] / 2
            top += wanted[n][1]
    return [found[n] for n in range(len(wanted))]


def extent_of(points: Iterable[Point], extra: Iterable[Decimal] = ()) -> tuple[float, float]:
    """Return lowest and highest value, zero included."""
    numbers = [point.quantity.number for point in points if point.quantity.number is not None]
    values = [float(number) for number in (*numbers, *extra)]
    return min(0.0, *values, 0.0), max(0.0, *values, 0.0)


def with_room(extent: tuple[float, float], width: float, label: float) -> tuple[float, float]:
    """Widen the domain so that labels of *label* pixels fit beside the longest bars."""
    low, high = extent
    sides = (1 if low < 0 else 0) + 1
    unit = ((high - low) or 1.0) / max(width - sides * label, width * 0.25)
    return low - (label * unit if low < 0 else 0.0), high + label * unit


def number_of(point: Point) -> float | None:
    """Return the value of a point as the drawing program needs it."""
    return None if point.quantity.number is None else float(point.quantity.number)


def end_labels(frame: Frame, rows: Sequence[Row]) -> list[Layer]:
    """Write each value beside the end of its bar, on the side to which the bar points."""
    right = [{**row, "x": row["end"]} for row in rows if row["points"] >= 0]
    left = [{**row, "x": row["end"]} for row in rows if row["points"] < 0]
    return texts(frame, right, "left", dx=GAP) + texts(frame, left, "right", dx=-GAP)


def zero_line(frame: Frame) -> Layer:
    """Draw the line from which standing bars start."""
    rule = chart_of([{"y": 0.0}]).mark_rule(stroke=AXIS, strokeWidth=1)
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
        rule = chart_of(rows if self.is_narrow else [{"x": 0.0, "y": 0.0, "y2": frame.height}])
        return frame.marks(rule.mark_rule(stroke=AXIS, strokeWidth=1), x="x", y="y", y2="y2")

    def write_names(self, frame: Frame) -> list[Layer]:
        """Write the names in a column on the left, or above their marks where the drawing is narrow."""
        rows = [{**row, "x": frame.x[0]} for row in self.names]
        if self.is_narrow:
            return texts(frame, rows, "left", "top")
        return texts(frame, rows, "right", "middle", dx=-GAP)


def shelf_for(data: ChartData, variant: Variant, thickness: float) -> Shelf:
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


def round_values(low: float, high: float, most: int) -> list[Decimal]:
    """Return round values inside the domain, *most* at most.

    >>> [str(value) for value in round_values(48.5, 101, 6)]
    ['50', '60', '70', '80', '90', '100']
    """
    span = Decimal(str(high - low)) or Decimal(1)
    power = Decimal(10) ** (span.adjusted() - 1)
    for factor in (1, 2, 5, 10, 20, 50, 100):
        step = power * factor
        first = (Decimal(str(low)) / step).to_integral_value(ROUND_CEILING)
        last = (Decimal(str(high)) / step).to_integral_value(ROUND_FLOOR)
        if last - first + 1 <= most:
            return [n * step for n in range(int(first), int(last) + 1)]
    return [Decimal(0)]


def value_lines(frame: Frame, data: ChartData, *, is_vertical: bool) -> list[Layer]:
    """Draw thin lines at round values and name them: an axis, where values are not written at the marks."""
    domain = frame.x if is_vertical else frame.y
    longest = axis_label(Decimal(str(round(domain[1]))), data.unit)
    most = max(2, min(6, int(frame.width // (widest([longest]) + 28)))) if is_vertical else 6
    ticks = round_values(domain[0], domain[1], most)
    axis = "x" if is_vertical else "y"
    rules = chart_of([{axis: float(tick)} for tick in ticks]).mark_rule(stroke=GRID, strokeWidth=1)
    layers = [frame.marks(rules, **{axis: axis})]
    for tick in ticks:
        text: Row = {"c3": axis_label(tick, data.unit), axis: float(tick)}
        if is_vertical:
            label = widest([text["c3"]])
            pixel = (float(tick) - domain[0]) / ((domain[1] - domain[0]) or 1.0) * frame.width
            align = (
                "right" if pixel + label / 2 > frame.width else "left" if pixel < label / 2 - frame.left else "center"
            )
            layers += texts(frame, [{**text, "y": frame.y[0]}], align, "top", dy=6, fill=SOFT)
        else:
            layers += texts(frame, [{**text, "x": frame.x[0]}], "right", dx=-GAP, fill=SOFT)
    return layers
