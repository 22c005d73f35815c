"""Make the specification of a chart that an author wrote in Vega-Lite's words, at one width, as all charts look.

Names are wrapped before they are drawn, measures are named above or below the plot in horizontal text, and colours,
shapes and dashes come from the site.
"""

from __future__ import annotations

import json
from typing import Any

from generator.charts.raw_data import COLOURED, RawChart
from generator.charts.theme import AXIS, GRID, PLATE, SERIES, SIZE, SOFT, VARIANTS, Variant, config, widest, wrap

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
LINE = SIZE + 4
NAMES = {"wide": 230, "narrow": 120}
"""Widest column of names beside the plot, in pixels, by variant."""
NUMBERS = 64
"""Room for the numbers of a standing axis."""
PLOT = 280
"""Height of a plot whose vertical axis measures."""
SHAPES = ("circle", "square", "triangle-up", "diamond")
DASHES = ((1, 0), (6, 3), (2, 3), (9, 3, 2, 3))

Definition = dict[str, Any]


def raw_specification(chart: RawChart, variant: Variant) -> dict[str, Any]:
    """Return the whole Vega-Lite specification of a chart at one width, with its data inside."""
    encoding: dict[str, Definition] = json.loads(chart.encoding)
    mark: Definition = json.loads(chart.mark)
    names = {name: wrapped(chart, variant, name) for name in ("x", "y") if words_of(chart, name)}
    by_column = {encoding[name]["field"]: found for name, found in names.items()}
    above = wrap(chart.phase_line, variant.width) if chart.phase_line else []
    for name, definition in encoding.items():
        _rewrite(definition, by_column.get(definition.get("field", ""), {}))
        if name in ("x", "y"):
            title = _axis(chart, definition, name, variant)
            above += title if name == "y" else []
        elif name in (*COLOURED, "shape", "strokeDash", "size", "opacity", "strokeWidth"):
            _legend(chart, definition, name, variant)
    if mark["type"] == "bar" and not {*COLOURED}.isdisjoint(encoding):
        mark.setdefault("stroke", PLATE)
    values = [
        {f"c{n}": by_column.get(f"c{n}", {}).get(str(cell), cell) for n, cell in enumerate(row)} for row in chart.rows
    ]
    spec: dict[str, Any] = {
        "$schema": SCHEMA,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": _config(),
        "data": {"values": values},
        "encoding": encoding,
        "height": _height(chart, encoding, names.get("y", {})),
        "mark": mark,
        "padding": {"left": 0, "top": 4, "right": 4, "bottom": 4},
        "width": variant.width,
    }
    if above:
        spec["title"] = {"text": above, "anchor": "start", "frame": "bounds"}
    return spec


def words_of(chart: RawChart, channel: str) -> tuple[str, ...]:
    """Return the names that stand along an axis; none if it measures."""
    definition = json.loads(chart.encoding).get(channel, {})
    return chart.words.get(definition.get("field", ""), ()) if definition.get("type") != "quantitative" else ()


def wrapped(chart: RawChart, variant: Variant, channel: str) -> dict[str, str]:
    """Return the names along an axis as they are broken into lines."""
    room = NAMES[variant.name] if channel == "y" else room_below(chart, variant)
    return {name: "\n".join(wrap(name, room)) for name in words_of(chart, channel)}


def room_below(chart: RawChart, variant: Variant) -> float:
    """Return the pixels that each name below the plot has."""
    return plot_width(chart, variant) / max(len(words_of(chart, "x")), 1) - 6


def plot_width(chart: RawChart, variant: Variant) -> float:
    """Return about how many pixels are left beside the names or numbers of the standing axis."""
    beside = words_of(chart, "y")
    return variant.width - (widest(beside) + 12 if beside else NUMBERS)  # Vega leaves room for whole names


def crowded(chart: RawChart) -> str:
    """Return a name below the plot that has no room beside its neighbours; empty if all have."""
    for variant in VARIANTS:
        room = room_below(chart, variant)
        for name in words_of(chart, "x"):
            if widest(wrap(name, room)) > room:
                return name
    return ""


def _rewrite(definition: Definition, names: dict[str, str]) -> None:
    """Write the names in an author's lists as they are drawn."""

    def rewritten(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: rewritten(value) for key, value in node.items()}
        if isinstance(node, list):
            return [rewritten(child) for child in node]
        return names.get(node, node) if isinstance(node, str) else node

    for key in ("sort", "scale", "axis", "legend"):
        if key in definition:
            definition[key] = rewritten(definition[key])


def _axis(chart: RawChart, definition: Definition, name: str, variant: Variant) -> list[str]:
    """Complete an axis; return the lines of its title if they stand above the plot."""
    measures = definition.get("type") == "quantitative"
    own = definition.pop("title", chart.titles.get(name) if measures else None)
    if definition.get("axis", {}) is None:
        return []
    axis = definition.setdefault("axis", {})
    own = axis.pop("title", own)
    text = " ".join(own) if isinstance(own, list) else own
    plot = plot_width(chart, variant)
    lines = wrap(text, plot if name == "x" else variant.width) if text else []
    axis["title"] = lines if lines and name == "x" else None
    if measures:
        axis.setdefault("tickCount", max(2, int(plot // 100)) if name == "x" else 6)
        axis.setdefault("labelOverlap", True)
        column = int(definition.get("field", "c-1")[1:])
        values = [row[column] for row in chart.rows] if column >= 0 else []
        if any(isinstance(value, float) and value < 0 for value in values):
            zero = {"test": "datum.value === 0", "value": AXIS}
            axis.setdefault("gridColor", {"condition": zero, "value": GRID})
    else:
        axis.setdefault("grid", False)
        if name == "y":  # Vega sets the first line of a name beside its marks; the middle one belongs there
            most = max((text.count("\n") for text in wrapped(chart, variant, "y").values()), default=0)
            cases = [
                {"test": f"length(split(datum.label, '\\n')) === {n + 1}", "value": -n * LINE / 2}
                for n in range(1, most + 1)
            ]
            axis |= {"labelOffset": {"condition": cases, "value": 0}} if cases else {}
    return lines if name == "y" else []


def _legend(chart: RawChart, definition: Definition, name: str, variant: Variant) -> None:
    """Give a channel the colours, shapes or dashes of the site, and its legend a title where it measures."""
    definition.pop("title", None)
    if "field" not in definition:
        return
    texts = chart.words.get(definition["field"], ())
    if definition.get("type") == "quantitative":
        definition.setdefault("legend", {"title": wrap(chart.titles[name], variant.width)})
        return
    ranges = {"shape": SHAPES, "strokeDash": DASHES}
    colours = SERIES.get(len(texts), SERIES[4])
    scale = definition.setdefault("scale", {})
    scale.setdefault("domain", list(texts))
    scale.setdefault("range", [*(ranges.get(name, colours))][: len(texts)])
    encoding = json.loads(chart.encoding)
    if any(encoding.get(axis, {}).get("field") == definition["field"] for axis in ("x", "y")):
        definition["legend"] = None
    elif definition.get("legend", {}) is not None:
        legend = definition.setdefault("legend", {})
        cell = widest(texts) + 44
        legend.setdefault("columns", max(1, min(len(texts), int(variant.width // cell))))
        legend["title"] = None


def _height(chart: RawChart, encoding: dict[str, Definition], names: dict[str, str]) -> Any:
    if not names:
        return PLOT if encoding.get("y", {}).get("type") == "quantitative" else 60
    lines = max(name.count("\n") + 1 for name in names.values())
    beside = len(chart.words.get(encoding.get("yOffset", {}).get("field", ""), ()))
    return {"step": max(30, lines * LINE + 12, beside * 18 + 10), "for": "position"}


def _config() -> dict[str, Any]:
    """Return the configuration of all charts with what only these need."""
    found = config()
    found["legend"].pop("title")
    found["legend"] |= {"titleColor": SOFT, "titleFontSize": SIZE, "titleFontWeight": 400, "titleLimit": 0}
    found["axisX"] = {"labelAngle": 0, "titlePadding": 10}
    found["mark"] = {"color": SERIES[1][0], "invalid": "break-paths-show-domains"}
    found["title"] = {"color": SOFT, "fontSize": SIZE, "fontWeight": 400, "lineHeight": LINE, "limit": 0, "offset": 10}
    found["style"] = {"guide-label": {"lineBreak": "\n", "lineHeight": LINE}, "guide-title": {"lineHeight": LINE}}
    found["point"] = {"filled": True, "size": 90, "opacity": 1}
    found["circle"] = found["square"] = {"size": 90, "opacity": 1}
    found["line"] = found["trail"] = {"strokeWidth": 2.5}
    found["tick"] = {"thickness": 2, "opacity": 1}
    return found
