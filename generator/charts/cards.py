"""Kinds of chart that show rated indicators in words: a card for each of a few, and a scorecard of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import altair as alt

from generator.charts.frame import GAP, LINE, Frame, Layer, Row, chart_of, flow, number_of, texts
from generator.charts.shape import ChartData, Indicator
from generator.charts.theme import AXIS, INK, PLATE, RATINGS, SIZE, SOFT, Variant, text_width, wrap
from generator.quantities import MARKS

BIG = 30
"""Size of a result in pixels; where it is words, of the same size as its name."""
PAD = 14
"""Pixels between the edge of a card and its words."""
SYMBOL = 22
"""Room for the shape of a rating, before its word."""
_BOLDER = 1.05  # room for the semibold weight, which `wrap` does not measure


class Sheet:
    """Words and shapes of one drawing, gathered by their look, so that each look is one layer."""

    def __init__(self) -> None:
        self.words: dict[tuple[str, int, int], list[Row]] = {}
        self.shapes: dict[str, list[Row]] = {}

    def write(
        self, text: str, x: float, y: float, width: float, *, fill: str = INK, size: int = SIZE, bold: bool = False
    ) -> float:
        """Write *text* from the top left, in lines no wider than *width*; return where the next line begins."""
        lines = wrap(text, width / (_BOLDER if bold else 1), size=size)
        row: Row = {"c3": "\n".join(lines), "x": x, "y": y}
        self.words.setdefault((fill, size, 600 if bold else 400), []).append(row)
        return y + (len(lines) - 1) * (size + 4) + round(size * 1.3 + 2)  # the height of the font itself

    def mark(self, rating: str, name: str, x: float, y: float) -> None:
        """Draw the shape of a rating in the middle of a line that begins at *x* and *y*."""
        self.shapes.setdefault(rating, []).append({"c0": name, "c1": rating, "x": x + 8, "y": y + LINE / 2 - 1})

    def rated(self, each: Indicator, tail: str, x: float, y: float, width: float, *, fill: str = SOFT) -> float:
        """Write the shape and the word of a rating and, in the same line if it fits, *tail*."""
        self.mark(each.rating, each.name, x, y)
        end = self.write(each.rating, x + SYMBOL, y, width - SYMBOL, bold=True)
        start = x + SYMBOL + text_width(each.rating, bold=True) + GAP
        if not tail:
            return end
        if start + text_width(tail) <= x + width:
            return self.write(tail, start, y, width, fill=fill)
        return self.write(tail, x + SYMBOL, end, width - SYMBOL, fill=fill)

    def layers(self, frame: Frame) -> list[Layer]:
        """Return all of it, shapes first."""
        found: list[Layer] = []
        for rating, rows in self.shapes.items():
            colour, shape = RATINGS.get(rating, (SOFT, "square"))
            look = {"fill": colour} if rating in RATINGS else {"fill": PLATE, "stroke": colour, "strokeWidth": 2}
            mark = chart_of(rows).mark_point(filled=True, size=170, opacity=1, shape=shape, **look)
            found.append(frame.marks(mark, x="x", y="y"))
        for (fill, size, weight), rows in self.words.items():
            more = {"fill": fill, "fontSize": size, "lineHeight": size + 4, "fontWeight": weight}
            found += texts(frame, rows, "left", "top", **more)
        return found


def card(data: ChartData, variant: Variant) -> alt.LayerChart:
    """Show each of a few indicators alone: name, result, period, target, floor, rating and direction, all in words.

    Results of different units and periods stand on no common scale, so nothing is drawn by its length.  The rating is
    a word with a shape and a colour, what is missing is said, and the order is that of the paper (WCAG 1.4.1; S. Few,
    "Information Dashboard Design").
    """
    gap, columns = 16.0, 1 if variant.name == "narrow" or len(data.indicators) == 1 else 2
    side = (variant.width - gap * (columns - 1)) / columns
    sheet = Sheet()
    plates: list[Row] = []
    values: dict[str, Row] = {p.category: {"c2": number_of(p)} for p in data.points if number_of(p) is not None}
    top = 0.5
    for first in range(0, len(data.indicators), columns):
        row = data.indicators[first : first + columns]
        places = [(each, n * (side + gap)) for n, each in enumerate(row)]
        bottom = max(_write_card(sheet, data, each, x, top, side) for each, x in places)
        for each, x in places:
            box = {"x": x + 0.5, "x2": x + side - 0.5, "y": top, "y2": bottom}
            plates.append({"c0": each.name, **box, **values.get(each.name, {})})
        top = bottom + gap
    width, height = float(variant.width), top - gap + 1
    frame = Frame(width, height, (0, width), (height, 0))
    edge = chart_of(plates).mark_rect(fill=PLATE, stroke=AXIS)
    return frame.finish([frame.marks(edge, x="x", x2="x2", y="y", y2="y2"), *sheet.layers(frame)], data)


def _write_card(sheet: Sheet, data: ChartData, each: Indicator, left: float, top: float, side: float) -> float:
    """Fill one card and return its bottom."""
    x, width = left + PAD, side - 2 * PAD
    y = sheet.write(each.name, x, top + PAD, width, bold=True) + 6
    is_large = each.result not in MARKS.values() and text_width(each.result, size=BIG, bold=True) <= width
    y = sheet.write(each.result, x, y, width, size=BIG if is_large else SIZE, bold=True) + 2
    below = ", ".join(filter(None, (each.result_of, each.period)))
    y = (sheet.write(below, x, y, width, fill=SOFT) if below else y) + 8
    for name, limit in each.limits:
        y = sheet.write(f"{name}: {limit}", x, y, width) + 2
    y = sheet.rated(each, "", x, y + 6, width)
    if each.older:
        y = sheet.write(f"{data.measure_title}: data to {each.older}", x, y, width, fill=SOFT)
    if each.direction:
        y = sheet.write(f"Direction of travel: {each.direction}", x, y + 4, width)
    return y + PAD - 4


def scorecard(data: ChartData, variant: Variant) -> alt.LayerChart:
    """List every indicator with the shape and the word of its rating and its direction in words, section by section.

    The order is that of the paper, so that nothing looks like a ranking.  The key is also the count of each rating, out
    of all that are shown; an unrated one has an open square and is never Green (WCAG 1.4.1; Analysis Function, "Data
    visualisation: colours in charts").
    """
    columns, gap = (1, 0.0) if variant.name == "narrow" else (2, 28.0)
    side = (variant.width - gap * (columns - 1)) / columns
    sheet = Sheet()
    top = _write_counts(sheet, data, variant.width)
    blocks = [list(found) for _, found in groupby(data.indicators, key=lambda each: each.group or each.name)]
    heights = [_write_section(Sheet(), block, 0, 0, side) for block in blocks]
    splits = range(1, len(blocks)) if columns == 2 and len(blocks) > 1 else (len(blocks),)
    split = min(splits, key=lambda n: max(sum(heights[:n]), sum(heights[n:])))
    bottom = top
    for x, column in ((0.0, blocks[:split]), (side + gap, blocks[split:])):
        y = top
        for block in column:
            y = _write_section(sheet, block, x, y, side)
        bottom = max(bottom, y)
    width, bottom = float(variant.width), bottom - 12
    frame = Frame(width, bottom, (0, width), (bottom, 0))
    return frame.finish(sheet.layers(frame), data)


def _write_counts(sheet: Sheet, data: ChartData, width: float) -> float:
    """Write the key: how many of all indicators have each rating; return its bottom."""
    counts = Counter(each.rating for each in data.indicators)
    words = sorted(counts, key=[*RATINGS, *counts].index)
    y = sheet.write(f"Of {len(data.indicators)} indicators:", 0, 4, width, fill=SOFT)
    said = [f"{counts[word]} {word}" for word in words]
    places, depth = flow(said, width)
    for word, text, (x, middle) in zip(words, said, places, strict=True):
        begin = y + middle - LINE / 2
        sheet.mark(word, "", x, begin)
        sheet.write(text, x + SYMBOL, begin, width, bold=True)
    return y + depth + 4


def _write_section(sheet: Sheet, section: Sequence[Indicator], x: float, y: float, width: float) -> float:
    """Write the heading of a section and its indicators; return its bottom."""
    if section[0].group:
        y = sheet.write(section[0].group, x, y, width, bold=True) + 6
    for each in section:
        end = sheet.write(each.name, x + SYMBOL, y, width - SYMBOL)
        is_known = each.direction not in MARKS.values()
        direction, fill = (each.direction, INK) if is_known else (f"direction {each.direction}", SOFT)
        if each.older:  # it belongs to the rating, so it stands beside it
            y = sheet.rated(each, f"on data to {each.older}", x, end, width)
            y = sheet.write(direction, x + SYMBOL, y, width - SYMBOL, fill=fill) if direction else y
        else:
            y = sheet.rated(each, direction, x, end, width, fill=fill)
        y += 8
    return y + 10
