"""The grammar of the roles: which figure a value names, and which place a quotation gives."""

from __future__ import annotations

import pytest

from generator.diagnostics import Diagnostic, Location
from generator.roles import FUNCTIONS, VALUE_FORMATS, PrintedPart, ValuePart, parse_printed, parse_value

AT = Location("a.md")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("d: c", ("d", "", "c", (), "as printed")),
        ("d:c[k=v]", ("d", "", "c", (("k", "v"),), "as printed")),
        ("d-1: c[k=v w; l = x ]", ("d-1", "", "c", (("k", "v w"), ("l", "x")), "as printed")),
        ("d: t-1.c[k=a=b]", ("d", "t-1", "c", (("k", "a=b"),), "as printed")),
        ("d: c[k=x [1]] | million", ("d", "", "c", (("k", "x [1]"),), "million")),
        ("d: c[k=a | b]", ("d", "", "c", (("k", "a | b"),), "as printed")),
        ("d: c[k=one\n  line]", ("d", "", "c", (("k", "one line"),), "as printed")),
    ],
)
def test_reference_of_a_value_is_read(text: str, part: tuple[object, ...]) -> None:
    found = parse_value(text, AT)
    assert isinstance(found, ValuePart)
    (operand,) = found.operands
    assert (found.dataset, operand.total, operand.column, operand.where, found.scale) == part


@pytest.mark.parametrize(
    ("text", "function", "operands"),
    [
        ("d: sum(c)", "sum", [("", "c", ())]),
        ("d: sum(c[k=v])", "sum", [("", "c", (("k", "v"),))]),
        ("d: count(c[k=a (b)])", "count", [("", "c", (("k", "a (b)"),))]),
        ("d: share(c[k=v])", "share", [("", "c", (("k", "v"),))]),
        ("d: share(c[k=part of it] of t.c)", "share", [("", "c", (("k", "part of it"),)), ("t", "c", ())]),
        ("d: change(c[k=a->b] -> c[k=d])", "change", [("", "c", (("k", "a->b"),)), ("", "c", (("k", "d"),))]),
        ("d: change(a[k=v]->b[k=v])", "change", [("", "a", (("k", "v"),)), ("", "b", (("k", "v"),))]),
        ("d: rank(c[k=v] of c[l=w])", "rank", [("", "c", (("k", "v"),)), ("", "c", (("l", "w"),))]),
    ],
)
def test_reference_of_an_aggregate_is_read(text: str, function: str, operands: list[object]) -> None:
    found = parse_value(text, AT)
    assert isinstance(found, ValuePart)
    assert found.function == function
    assert [(o.total, o.column, o.where) for o in found.operands] == operands


@pytest.mark.parametrize("form", VALUE_FORMATS)
def test_every_format_of_a_value_is_accepted(form: str) -> None:
    found = parse_value(f"d: c | {form}", AT)
    assert isinstance(found, ValuePart)
    assert f"{found.scale} {found.manner}".strip().removeprefix("as printed ") == form


@pytest.mark.parametrize(
    "text",
    ["", "d", "d:", "D: c", "d: c[k]", "d: c | milion", "d: c[k=v", "d: c d", "d: average(c)", "d: sum()",
     "d: change(c)", "d: change(a -> b -> c)", "d: share(a of b of c)", "d: sum(c", "d: sum(c) 1"],
)  # fmt: skip
def test_what_names_no_figure_is_refused(text: str) -> None:
    found = parse_value(text, AT)
    assert isinstance(found, Diagnostic)
    assert found.code == "bad-value-reference"
    assert found.hint


def test_aggregate_that_is_nearly_known_is_suggested() -> None:
    found = parse_value("d: summ(c)", AT)
    assert isinstance(found, Diagnostic)
    assert found.hint == "did you mean 'sum'?"
    assert set(FUNCTIONS) == {"sum", "count", "share", "change", "rank"}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("£30.9 million @ report: page 12", ("£30.9 million", "report", "page 12", "")),
        ("4% @ a-1: Item 4, Table 2; lines 4-6, 9", ("4%", "a-1", "Item 4, Table 2", "4-6, 9")),
        ("over 10% or\n  over 10 points @ a: note 1", ("over 10% or over 10 points", "a", "note 1", "")),
        ("3 @ home @ a: page 1", ("3 @ home", "a", "page 1", "")),
    ],
)
def test_quotation_of_a_paper_is_read(text: str, part: tuple[str, ...]) -> None:
    found = parse_printed(text, AT)
    assert isinstance(found, PrintedPart)
    assert (found.figure, found.paper, found.place, found.lines) == part


@pytest.mark.parametrize("text", ["", "4%", "4% @ report", "4% @ report:", "@ report: page 1", "many @ report: page 1"])
def test_quotation_without_figure_or_place_is_refused(text: str) -> None:
    found = parse_printed(text, AT)
    assert isinstance(found, Diagnostic)
    assert found.code == "bad-printed-reference"
    assert found.hint
