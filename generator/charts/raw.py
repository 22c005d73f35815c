"""What an author writes in Vega-Lite's own words: ``mark`` and ``encoding``, checked before anything is drawn from it.

A mark and its channels are plain values, never programs: nothing in them may compute, fetch, link, or hide what it says
behind a pointer.  Whatever the site decides for every chart, such as its colours and its font, is no matter of a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.charts.spec import FigureSpec, read_alt, read_common
from generator.charts.theme import LIGHT
from generator.diagnostics import Diagnostic, Location, hint_for
from generator.markdown import BlockPart
from generator.positioned import Entry, Items, Node, Reader, Table, Text

MARKS = {
    "bar": "Bar chart", "line": "Line chart", "area": "Area chart", "point": "Chart of points",
    "circle": "Chart of dots", "square": "Chart of squares", "tick": "Chart of short lines", "rect": "Grid",
    "rule": "Chart of lines", "trail": "Line chart", "text": "Chart of words",
}  # fmt: skip
"""The marks that may be drawn, with what a chart of them is called in a text alternative."""
CHANNELS = (
    "x", "y", "x2", "y2", "xOffset", "yOffset", "color", "fill", "stroke", "shape", "size", "strokeDash",
    "strokeWidth", "opacity", "text", "order", "detail",
)  # fmt: skip
RUNS = "write plain values: nothing in a chart may compute or run"
LOADS = "leave it out: a chart holds its own data and leads nowhere"
COMPUTES = "put the figures into the dataset, or let a kind of chart add them with 'sum: true'"
HIDDEN = "show it beside the mark, or say it in a note: not everyone has a pointer"
OURS = "leave it out: the site decides it for all its charts"
OUTSIDE = "put it into a column of the dataset, where its source is known"
FORBIDDEN = {
    **dict.fromkeys(
        ("expr", "signal", "calculate", "params", "param", "selection", "condition", "test", "filter", "labelExpr",
         "formatType", "transform", "projection", "repeat"), RUNS),
    **dict.fromkeys(("href", "url", "data", "datasets", "name", "from", "lookup", "usermeta", "image"), LOADS),
    **dict.fromkeys(("timeUnit", "impute", "density", "regression"), COMPUTES),
    **dict.fromkeys(("tooltip", "description", "aria", "key"), HIDDEN),
    **dict.fromkeys(("config", "style", "font", "labelFont", "titleFont", "scheme", "gradient", "cursor", "clip",
                     "invalid", "labelAngle", "titleAngle", "angle"), OURS),
    "datum": OUTSIDE,
    **dict.fromkeys(("facet", "row", "column"), "write 'kind: multiples', or make one chart for each"),
}  # fmt: skip
"""Keys that may stand nowhere in a mark or an encoding, with what to do instead."""
COLOURS = re.compile(r"(color|fill|stroke|range|background)|.*Color|.*(Fill|Stroke)")
"""Keys whose texts are colours; channels of these names hold tables instead."""
PALETTE = frozenset(f"var(--chart-{name})" for name in LIGHT) | {"none", "transparent"}
SHAPES = frozenset({"circle", "square", "cross", "diamond", "triangle-up", "triangle-down", "triangle-right",
                    "triangle-left"})  # fmt: skip
POINTING = re.compile(r"url\(|://|^\s*(javascript|data|vbscript)\s*:", re.IGNORECASE)
SMALLEST = 12
"""CSS pixels; smaller text is not readable on a phone."""
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,10})?")
_CONSTANTS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class RawSpec:
    """A mark and its encoding as the author wrote them."""

    common: FigureSpec
    mark: Table
    encoding: Table
    alt: str
    """``auto``, or the author's own text alternative."""
    alt_at: Location

    @property
    def mark_type(self) -> str:
        """The kind of mark, e.g. ``point``."""
        return text_of(self.mark, "type")


def is_raw(block: BlockPart) -> bool:
    """Tell whether a ``chart`` block is written in Vega-Lite's words."""
    return not {"mark", "encoding"}.isdisjoint(block.table.entries)


def text_of(table: Table, key: str) -> str:
    """Return the text under *key*, empty if there is none."""
    entry = table.entries.get(key)
    return entry.node.value if entry and isinstance(entry.node, Text) else ""


def read_raw(block: BlockPart, problems: list[Diagnostic]) -> RawSpec | None:
    """Read a ``chart`` block with ``mark`` and ``encoding``; `None` with the reasons in *problems*."""
    start = len(problems)
    reader = Reader(block.table, "a chart with 'mark' and 'encoding'", problems)
    common = read_common(reader, block.at)
    alt, alt_at = read_alt(reader, block.at)
    mark, encoding = reader.node("mark", required=True), reader.node("encoding", required=True)
    if reader.node("kind"):
        at, hint = block.table.entries["kind"].key_at, "take 'kind' out, or 'mark' and 'encoding'"
        reader.problem("unknown-key", "a chart is of a kind of ours, or has a mark of Vega-Lite", at, hint)
    reader.close()
    if isinstance(mark, Text):
        mark = Table({"type": Entry(mark.at, mark)}, mark.at)
    for key, node in (("mark", mark), ("encoding", encoding)):
        if node is not None and not isinstance(node, Table):
            problems.append(Diagnostic("wrong-type", f"'{key}' must hold keys with values", node.at))
        elif node is not None:
            problems.extend(refused(node))
    if not isinstance(mark, Table) or not isinstance(encoding, Table):
        return None
    kind, kind_at = text_of(mark, "type"), Reader(mark, "", []).at("type")
    if kind not in MARKS:
        hint = hint_for(kind, list(MARKS), "marks")
        problems.append(Diagnostic("unknown-value", f"'{kind}' is no mark that is drawn here", kind_at, hint=hint))
    if "text" in mark.entries:
        at, hint = mark.entries["text"].key_at, "write 'text: {field: …}' in the encoding"
        problems.append(Diagnostic("forbidden-key", "a mark says only what is in the data", at, hint=hint))
    for name, entry in encoding.entries.items():
        if name not in CHANNELS and name not in FORBIDDEN:
            hint = hint_for(name, list(CHANNELS), "channels")
            problems.append(Diagnostic("unknown-key", f"the encoding has no channel '{name}'", entry.key_at, hint=hint))
        elif not isinstance(entry.node, Table):
            message, hint = f"the channel '{name}' must hold keys with values", f"write '{name}: {{field: …}}'"
            problems.append(Diagnostic("wrong-type", message, entry.node.at, hint=hint))
    return RawSpec(common, mark, encoding, alt, alt_at) if len(problems) == start else None


def refused(node: Node, key: str = "") -> Iterator[Diagnostic]:
    """Yield what must stand nowhere in a mark or an encoding, however deep."""
    if isinstance(node, Table):
        for name, entry in node.entries.items():
            if name in FORBIDDEN:
                message = f"'{name}' cannot stand in a chart"
                yield Diagnostic("forbidden-key", message, entry.key_at, hint=FORBIDDEN[name])
            elif name == "aggregate" and not (isinstance(entry.node, Text) and entry.node.value == "count"):
                message = "a chart may count rows and compute nothing else"
                yield Diagnostic("forbidden-key", message, entry.key_at, hint=COMPUTES)
            elif name.endswith("ontSize") and isinstance(size := plain(entry.node), int | float) and size < SMALLEST:
                message, hint = f"text of {size} pixels is too small to read", f"take {SMALLEST} or more"
                yield Diagnostic("unfit-chart", message, entry.node.at, hint=hint)
            yield from refused(entry.node, key if name == "value" else name)
    elif isinstance(node, Items):
        for child in node.values:
            yield from refused(child, key)
    elif POINTING.search(node.value):
        message = f"'{node.value}' leads out of the chart"
        yield Diagnostic("forbidden-key", message, node.at, hint=LOADS)
    elif COLOURS.fullmatch(key) and isinstance(plain(node), str) and node.value not in PALETTE | SHAPES:
        message = f"'{node.value}' is no colour of the site, so it may be unreadable in the dark or in print"
        hint = "leave it out, or write one of var(--chart-1) to var(--chart-4), var(--chart-ink), var(--chart-soft)"
        yield Diagnostic("unfit-chart", message, node.at, hint=hint)


def plain(node: Node) -> Any:
    """Return a node as JSON has it: what stands in quotes is a text, as YAML says."""
    if isinstance(node, Table):
        return {name: plain(entry.node) for name, entry in node.entries.items()}
    if isinstance(node, Items):
        return [plain(child) for child in node.values]
    if node.is_quoted:
        return node.value
    if node.value in _CONSTANTS:
        return _CONSTANTS[node.value]
    if _NUMBER.fullmatch(node.value):
        return float(node.value) if "." in node.value else int(node.value)
    return node.value


def place_of(node: Node, path: tuple[str | int, ...], *, is_key: bool = False) -> Location:
    """Return where *path* leads in what the author wrote, or the nearest place above it; with *is_key* its last key."""
    at = node.at
    for step in path:
        if isinstance(node, Table) and step in node.entries:
            entry = node.entries[str(step)]
            node = entry.node
            at = node.at if isinstance(node, Text) and not is_key else entry.key_at
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.values):
            node = node.values[step]
            at = node.at
        else:
            break
    return at


def fields_of(node: Node) -> Iterator[Text]:
    """Yield every column that a channel names, however deep."""
    if isinstance(node, Items):
        for child in node.values:
            yield from fields_of(child)
    elif isinstance(node, Table):
        for name, entry in node.entries.items():
            if name == "field":
                yield entry.node if isinstance(entry.node, Text) else Text("", entry.node.at)
            else:
                yield from fields_of(entry.node)
