"""Kinds of chart that repeat one small picture on one scale: a map of equal tiles, and small multiples."""

from __future__ import annotations

import altair as alt

from generator.charts.frame import LINE, Frame, Layer, Row, chart_of, extent_of, flow, number_of, texts
from generator.charts.shape import ChartData
from generator.charts.theme import AXIS, GRID, PLATE, SERIES, SIZE, Variant, text_width, wrap


def tiles(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Lay districts out as equal squares in rough geographic order, each with its name, its value and a bar from zero.

    Equal squares give no district weight by its area, and the places come from a code list, so nothing is sorted by
    size.  The bars share one scale; there are no shades, which few can tell apart (ONS, "Tile grid maps").
    """
    narrow = variant.name == "narrow"
    size, edge, thick = (12, 3.0, 6.0) if narrow else (SIZE, 8.0, 8.0)
    rows, columns = (max(place[n] for place in data.places) for n in (0, 1))
    side = min((variant.width - 4.0 * (columns - 1)) / columns, 108.0)
    step = side + 4
    inner = side - 2 * edge
    width, height = columns * step - 4, rows * step - 4
    left = 0.0 if narrow else (variant.width - width) / 2
    frame = Frame(width, height, (0, width), (height, 0), left, 2, variant.width - left - width)
    most = extent_of(data.points)[1] or 1.0
    plates: list[Row] = []
    tracks: list[Row] = []
    bars: list[Row] = []
    names: list[Row] = []
    values: list[Row] = []
    for point, (row, column) in zip(data.points, data.places, strict=True):
        x, y = (column - 1) * step, (row - 1) * step
        value = number_of(point)
        plates.append({"x": x + 0.5, "x2": x + side - 0.5, "y": y + 0.5, "y2": y + side - 0.5})
        bottom = y + side - edge
        bar = {"x": x + edge, "y": bottom - thick, "y2": bottom}
        tracks.append({**bar, "x2": x + edge + inner})
        if value is not None:
            named = {"c0": point.category, "c1": point.series, "c2": value}
            bars.append({**named, **bar, "x2": x + edge + value / most * inner})
        said = wrap(f"[{point.quantity.mark}]" if value is None else point.label, inner - 4, size=size)
        names.append({"c3": "\n".join(wrap(point.category, inner, size=size)), "x": x + edge, "y": y + edge})
        values.append({"c3": "\n".join(said), "x": x + edge, "y": bottom - thick - 2 - len(said) * (size + 1)})
    layers: list[Layer] = [
        frame.marks(chart_of(plates).mark_rect(fill=PLATE, stroke=AXIS), x="x", x2="x2", y="y", y2="y2"),
        frame.marks(chart_of(tracks).mark_rect(fill=GRID), x="x", x2="x2", y="y", y2="y2"),
        frame.marks(chart_of(bars).mark_rect(fill=SERIES[1][0]), x="x", x2="x2", y="y", y2="y2"),
        *texts(frame, names, "left", "top", fontSize=size, lineHeight=size + 1),
        *texts(frame, values, "left", "top", fontSize=size, lineHeight=size + 1, fontWeight=600),
    ]
    return frame.finish(layers, data)


def multiples(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Repeat one small chart of standing bars for each name, all on one scale from zero, in the order of the series.

    What changes within a name is seen in its own panel, and levels are compared across panels because the scale is
    common.  A key says once what the bars are, from left to right; twelve panels at most (E. Tufte's small multiples).
    """
    gap, depth, many = 24.0, 56.0, len(data.series)
    size = 12 if variant.name == "narrow" else SIZE
    longest = max(text_width(p.label, size=size) for p in data.points if p.quantity.number is not None)
    columns = max(1, int((variant.width + gap) // (max((longest + 3) * many, 120) + gap)))
    columns = min(columns, len(data.categories))
    side = (variant.width - gap * (columns - 1)) / columns
    wide = min(side / many, 56.0)
    names = {category: wrap(category, side) for category in data.categories}
    titled = [
        max(len(names[c]) for c in data.categories[n : n + columns]) * LINE for n in range(0, len(names), columns)
    ]
    tops = [sum(titled[:n]) + n * (2 * LINE + depth + 22) for n in range(len(titled) + 1)]
    said = [f"{n}. {name}" for n, name in enumerate(data.series, 1)]
    places, top = flow(said, variant.width)
    width, height = float(variant.width), tops[-1]
    frame = Frame(width, height, (0, width), (height, 0), 0, top)
    scale = depth / (extent_of(data.points)[1] or 1.0)
    bars: list[Row] = []
    labels: list[Row] = []
    titles: list[Row] = []
    grounds: list[Row] = []
    for n, category in enumerate(data.categories):
        x, y = n % columns * (side + gap), tops[n // columns]
        base = y + titled[n // columns] + LINE + depth + 4
        titles.append({"c3": "\n".join(names[category]), "x": x, "y": y})
        grounds.append({"x": x, "x2": x + wide * many, "y": base})
        for k, name in enumerate(data.series):
            quantity = data.values(name).get(category)
            begin = x + k * wide
            labels.append({"c3": str(k + 1), "x": begin + wide / 2, "y": base + LINE / 2 + 2})
            if quantity is None or quantity.number is None:
                continue
            value = float(quantity.number)
            point = next(p for p in data.points if p.category == category and p.series == name)
            place = {"x": begin + 2, "x2": begin + wide - 2, "y": base, "y2": base - value * scale}
            bars.append({"c0": category, "c1": name, "c2": value, **place})
            labels.append({"c3": point.label, "x": begin + wide / 2, "y": place["y2"] - LINE / 2})
    key = [{"c3": text, "x": x, "y": y - top} for text, (x, y) in zip(said, places, strict=True)]
    layers: list[Layer] = [
        frame.marks(chart_of(bars).mark_rect(fill=SERIES[1][0]), x="x", x2="x2", y="y", y2="y2"),
        frame.marks(chart_of(grounds).mark_rule(stroke=AXIS), x="x", x2="x2", y="y"),
        *texts(frame, labels, "center", fontSize=size),
        *texts(frame, titles, "left", "top"),
        *texts(frame, key, "left"),
    ]
    return frame.finish(layers, data)
