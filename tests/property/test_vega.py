"""Nothing that computes, fetches or links passes in a chart of Vega-Lite's own words, however deep it stands."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.charts.raw import FORBIDDEN, is_raw, read_raw
from generator.charts.raw_checks import check_schema
from generator.charts.raw_data import bind_raw
from generator.charts.raw_drawing import crowded, raw_specification
from generator.charts.theme import VARIANTS
from generator.diagnostics import Diagnostic, Location
from generator.markdown import BlockPart
from generator.memo import Store
from generator.positioned import parse_yaml
from tests.conftest import parks

FULL = bool(os.environ.get("FULL"))
many = settings(max_examples=5_000 if FULL else 80, deadline=None, derandomize=not FULL, database=None)

KEYS = ["field", "type", "sort", "scale", "axis", "legend", "domain", "range", "value", "title", "bin", "zero", "grid",
        "aggregate", "stack", "opacity", "color", "fill", "x", "values", "format"]  # fmt: skip
LEAVES: list[Any] = ["park", "visits", "cost", "quantitative", "nominal", "count", "var(--chart-1)", "#f00", True, None,
                     3, -1.5, "", "North", "circle"]  # fmt: skip
nodes = st.recursive(
    st.sampled_from(LEAVES) | st.text(st.characters(exclude_categories=["C"]), max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
channels = st.dictionaries(
    st.sampled_from(["x", "y", "x2", "color", "shape", "size", "text", "detail", "yOffset", "order", "strokeDash"]),
    st.dictionaries(st.sampled_from(KEYS), nodes, max_size=4),
    max_size=4,
)
marks = st.builds(
    lambda kind, more: {**more, "type": kind},
    st.sampled_from(["point", "bar", "line", "area", "tick", "rect", "text", "rule"]),
    st.dictionaries(st.sampled_from(KEYS), nodes, max_size=3),
)
PARKS = parks()


STORE = Store(Path(tempfile.mkdtemp()))


def read(mark: Any, encoding: Any) -> tuple[list[Diagnostic], list[dict[str, Any]]]:
    """Return the problems of a chart, and its specifications if neither we nor the schema have any."""
    text = json.dumps({"id": "a", "data": "parks", "title": "T", "alt": "Words", "mark": mark, "encoding": encoding},
                      ensure_ascii=False)  # fmt: skip
    parsed = parse_yaml(text, "content/a.md")
    assert parsed.problems == ()
    block, problems = BlockPart("chart", parsed.value, Location("content/a.md", 1, 1)), list[Diagnostic]()
    assert is_raw(block)
    spec = read_raw(block, problems)
    made = bind_raw(spec, PARKS, lambda fields: "", problems) if spec else None
    assert (made is None) == bool(problems)
    if made is None or crowded(made.chart) or check_schema(made.chart.written, STORE):
        return problems, []
    return problems, [raw_specification(made.chart, variant) for variant in VARIANTS]


def planted(node: Any, key: str, value: Any, path: list[int]) -> Any:
    """Return *node* with a key put into it, as deep as *path* leads."""
    if isinstance(node, dict):
        children = [name for name, child in node.items() if isinstance(child, dict | list) and child]
        if path and children:
            name = children[path[0] % len(children)]
            return {**node, name: planted(node[name], key, value, path[1:])}
        return {**node, key: value}
    return [planted(child, key, value, path) if n == 0 else child for n, child in enumerate(node)] if isinstance(
        node, list) and node and isinstance(node[0], dict | list) else [{key: value}]  # fmt: skip


@many
@given(st.sampled_from(sorted(FORBIDDEN)), nodes, marks, channels, st.lists(st.integers(0, 3), max_size=6))
def test_forbidden_key_passes_at_no_depth(key: str, value: Any, mark: Any, encoding: Any, path: list[int]) -> None:
    for problems, _ in (
        read(planted(mark, key, value, path), encoding),
        read(mark, planted(encoding, key, value, path)),
    ):
        assert f"'{key}' cannot stand in a chart" in {problem.message for problem in problems}


@many
@given(
    st.sampled_from(["url(#a)", "https://elsewhere.example", "javascript:alert(1)", " data:text/html,x", "URL(x)"]),
    st.sampled_from(KEYS), marks, channels, st.lists(st.integers(0, 3), max_size=6),
)  # fmt: skip
def test_text_that_leads_outside_passes_at_no_depth(
    text: str, key: str, mark: Any, encoding: Any, path: list[int]
) -> None:
    for problems, _ in (
        read(planted(mark, key, text, path), encoding),
        read(mark, planted(encoding, key, [text], path)),
    ):
        assert f"'{text}' leads out of the chart" in {problem.message for problem in problems}


@many
@given(marks, channels)
def test_any_mark_and_encoding_is_refused_or_drawn_with_plain_values(mark: Any, encoding: Any) -> None:
    _, specs = read(mark, encoding)
    for spec in specs:
        ours = {"condition", "test", "data", "config", "font", "style", "invalid", "labelAngle", "aria"}
        assert not (keys(spec["mark"]) | keys(spec["encoding"])) & (FORBIDDEN.keys() - ours)
        assert keys(spec) & {"url", "href", "expr", "signal", "params", "transform", "usermeta"} == set()


def keys(node: Any) -> set[str]:
    """Return every key in *node*."""
    if isinstance(node, dict):
        return set(node).union(*map(keys, node.values()))
    return set().union(*map(keys, node)) if isinstance(node, list) else set()


def test_keys_that_run_load_or_link_are_forbidden() -> None:
    runs = {"expr", "signal", "calculate", "params", "transform", "labelExpr", "test", "condition"}
    assert runs | {"href", "url", "datasets", "image", "tooltip"} <= FORBIDDEN.keys()
