"""What a reader needs to explore a chart in the viewer: its drawings as specifications, and what can be done with them.

The viewer shows the same drawing as the page, with the words of each value to point at.  Series can be hidden where
each stands for itself, and categories sorted where they are no times and each has a row to itself; what other kinds
show is laid out as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from generator.charts.shape import ChartData, Point
from generator.charts.theme import FONT
from generator.quantities import UNITS, in_words

SEPARABLE = frozenset({"bar", "line", "dumbbell", "diverging"})
"""Kinds whose series can be shown one by one."""
SORTABLE = frozenset({"bar", "dumbbell", "diverging", "lollipop"})
"""Kinds whose rows can change places."""

Specification = dict[str, Any]


def exploration(data: ChartData, drawings: Mapping[str, str]) -> str:
    """Return the JSON from which the viewer works; *drawings* are the specifications of a chart by variant."""
    specs = {variant: _with_words(json.loads(text), data) for variant, text in drawings.items()}
    series = data.series if data.kind in SEPARABLE and len(data.series) > 1 else ()
    can_sort = data.kind in SORTABLE and not data.is_time and len(data.categories) > 2
    found = {
        "series": series,
        "categories": data.categories,
        "printed": data.printed if can_sort and all(map(_has_rows, specs.values())) else (),
        "stacked": data.is_stacked,
        "pictures": specs,
    }
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def value_words(point: Point, data: ChartData) -> str:
    """Say what a mark stands for: its names, and its value as printed."""
    name = f"{point.category}, {point.series}" if len(data.series) > 1 else point.category
    value = in_words(point.quantity, data.unit)
    if data.unit == "count" and point.quantity.number not in (None, 1) and data.unit_words != UNITS["count"]:
        noun, _, scale = data.unit_words.rpartition(", ")
        if scale in ("thousands", "millions"):  # "calls, thousands" heads a column; a value is "106 thousand calls"
            noun = f"{scale.removesuffix('s')} {noun}"
        value = f"{value} {noun or scale}".strip()
    return f"{name}: {value}"


def _with_words(spec: Specification, data: ChartData) -> Specification:
    """Give each mark of a value the words that stand beside it when a reader points at it."""
    words = {(point.category, point.series): value_words(point, data) for point in data.points}
    alone = {point.category: value_words(point, data) for point in data.points} if len(data.series) == 1 else {}
    spoken = set()
    for name, rows in spec["datasets"].items():
        for row in rows:
            said = words.get((row.get("c0"), row.get("c1")), alone.get(row.get("c0", "")))
            if said and row.get("c2") is not None:
                row["t"] = said
                spoken.add(name)
    for layer in spec["layer"]:
        channels = layer["encoding"]
        if layer["data"]["name"] in spoken and layer["mark"]["type"] not in ("text", "line"):
            channels["tooltip"] = {"field": "t", "type": "nominal"}
        if channels.get("color", {}).get("legend"):  # it is the legend of the shapes and dashes as well
            for channel in ("shape", "strokeDash"):
                channels.get(channel, {}).pop("legend", None)
    spec["config"]["font"] = f'"{FONT}"'  # browsers measure no text in a name that ends with a bare number
    return spec


def _has_rows(spec: Specification) -> bool:
    """Tell whether each category lies in a row of its own, with its name beside or above it."""
    names = [row for rows in spec["datasets"].values() for row in rows if "c0" in row and "c3" in row]
    return any("c2" not in row and "c1" not in row for row in names)
