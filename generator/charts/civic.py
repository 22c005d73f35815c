"""Kinds of chart on how a council decides: the dated events of a timetable, and the split of a recorded vote."""

from __future__ import annotations

from itertools import groupby

import altair as alt

from generator.charts.frame import BAR, GAP, LINE, Frame, Layer, Row, chart_of, flow, number_of, shelf_for, texts
from generator.charts.shape import ChartData
from generator.charts.theme import AXIS, INK, PLATE, SERIES, VOTES, Variant, text_width, widest, wrap

HALF = "Half of the votes for and against"


def timeline(data: ChartData, variant: Variant) -> alt.LayerChart:
    """List events from top to bottom in the order of their dates, each a dot on one line with its words beside it.

    A list reads alike on a phone and on paper, and has room for whole sentences.  The steps are equal, since many dates
    are months without a day, and a note says that they do not measure time.  A date of several events is written once;
    none is marked as past, because a page is read long after it was made (W3C, "Understanding Meaningful Sequence").
    """
    narrow = variant.name == "narrow"
    left = 0.0 if narrow else widest(data.times, bold=True) + 2 * GAP
    width = variant.width - left
    begin = 24.0
    dates: list[Row] = []
    dots: list[Row] = []
    said: list[Row] = []
    y = LINE / 2
    for time, group in groupby(zip(data.times, data.categories, strict=True), key=lambda item: item[0]):
        dates.append({"c3": time, "x": 0.0 if narrow else -GAP, "y": y})
        y += LINE + 4 if narrow else 0
        for _, event in group:
            lines = wrap(event, width - begin - 4)
            dots.append({"c0": event, "x": 8.0, "y": y})
            said.append({"c3": "\n".join(lines), "x": begin, "y": y})
            y += len(lines) * LINE + 8
        y += 8
    height = y - LINE / 2 - 8
    frame = Frame(width, height, (0, width), (height, 0), left, 4)
    spine: Row = {"x": 8.0, "y": dots[0]["y"], "y2": dots[-1]["y"]}
    layers: list[Layer] = [
        frame.marks(chart_of([spine]).mark_rule(stroke=AXIS, strokeWidth=2), x="x", y="y", y2="y2"),
        *([_plates(frame, dates)] if narrow else []),
        frame.marks(
            chart_of(dots).mark_point(filled=True, size=110, opacity=1, fill=SERIES[1][0], stroke=PLATE), x="x", y="y"
        ),
        *texts(frame, dates, "left" if narrow else "right", fontWeight=600),
        *texts(frame, said, "left"),
    ]
    return frame.finish(layers, data)


def _plates(frame: Frame, dates: list[Row]) -> Layer:
    """Interrupt the line behind each date that stands upon it."""
    rows = [
        {"x": 0.0, "x2": text_width(row["c3"], bold=True), "y": row["y"] - LINE / 2, "y2": row["y"] + LINE / 2}
        for row in dates
    ]
    return frame.marks(chart_of(rows).mark_rect(fill=PLATE), x="x", x2="x2", y="y", y2="y2")


def votes(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Split each vote into one bar of members: for, then against, and after a gap those who abstained, in outline.

    A stroke marks half of the votes for and against together, so that the eye sees which side is larger; abstentions
    stand apart since they are on neither side.  One scale for all votes, from zero; the counts are written out below
    each bar, and no group of members is coloured (Analysis Function, "Data visualisation: charts").
    """
    names = data.series if len(data.series) == 3 else VOTES[:2]
    rows = {category: [p for p in data.points if p.category == category] for category in data.categories}
    width = variant.width - shelf_for(data, variant, BAR).left
    said = {
        category: wrap(", ".join(f"{p.label} {_VERBS[p.series]}" for p in points), width - 8)
        for category, points in rows.items()
    }
    shelf = shelf_for(data, variant, BAR + 10 + max(map(len, said.values())) * LINE)
    height = shelf.step * len(data.categories)
    places, top = flow((*names, HALF), variant.width)
    frame = Frame(width, height, (0, width), (height, 0), shelf.left, top)
    scale = (width - 2 * GAP) / max(sum(number_of(p) or 0.0 for p in points) for points in rows.values())
    bars: dict[str, list[Row]] = {name: [] for name in names}
    halves: list[Row] = []
    written: list[Row] = []
    for category, points in rows.items():
        begin, x = shelf.tops[category] + 4, 0.0
        for point in points:
            value = number_of(point) or 0.0
            x += GAP if point.series == VOTES[2] else 0
            row: Row = {"c0": category, "c1": point.series, "c2": value, "y": begin, "y2": begin + BAR}
            if value or point.series != VOTES[2]:  # an outline without a width would look like a stroke
                bars[point.series].append({**row, "x": x, "x2": x + value * scale})
            x += value * scale
        middle = sum(number_of(point) or 0.0 for point in points[:2]) / 2 * scale
        halves.append({"x": middle, "y": begin - 5, "y2": begin + BAR + 5})
        written.append({"c3": "\n".join(said[category]), "x": 0.0, "y": begin + BAR + 8})
    marks = [(x - shelf.left, y - top) for x, y in places]
    for name, (x, y) in zip(names, marks, strict=False):
        bars[name].append({"x": x, "x2": x + 16, "y": y - 7, "y2": y + 7})
    halves.append({"x": marks[-1][0] + 8, "y": marks[-1][1] - 9, "y2": marks[-1][1] + 9})
    key = [{"c3": name, "x": x + 22, "y": y} for name, (x, y) in zip((*names, HALF), marks, strict=True)]
    looks: dict[str, Row] = {
        VOTES[0]: {"fill": SERIES[2][0]},
        VOTES[1]: {"fill": SERIES[2][1]},
        VOTES[2]: {"fill": PLATE, "stroke": INK, "strokeWidth": 1.5},
    }
    layers: list[Layer] = [
        *(
            frame.marks(chart_of(found).mark_rect(**looks[name]), x="x", x2="x2", y="y", y2="y2")
            for name, found in bars.items()
        ),
        frame.marks(chart_of(halves).mark_rule(stroke=PLATE, strokeWidth=6), x="x", y="y", y2="y2"),
        frame.marks(chart_of(halves).mark_rule(stroke=INK, strokeWidth=2.5), x="x", y="y", y2="y2"),
        *texts(frame, written, "left", "top"),
        *texts(frame, key, "left"),
        *shelf.write_names(frame),
    ]
    return frame.finish(layers, data)


_VERBS = {"For": "for", "Against": "against", "Abstain": "abstained"}
