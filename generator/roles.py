"""Read what the roles name: ``{value}`` a cell, a printed total or an aggregate, ``{printed}`` a quotation of a paper.

Grammar only: whether the dataset, the column or the paper exists is decided where they are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from generator.diagnostics import Diagnostic, Location, did_you_mean

FUNCTIONS: dict[str, str] = {"sum": "", "count": "", "share": " of ", "change": "->", "rank": " of "}
"""Aggregates, with what stands between the two things that some of them take."""
SCALES = ("as printed", "million", "billion", "pounds", "short", "number", "words", "ordinal", "percent",
          "percent to 1 place", "percent to 2 places")  # fmt: skip
"""How a figure is written."""
MANNERS = ("without sign", "up or down", "rise or fall", "more or fewer")
"""What becomes of its sign."""
VALUE_FORMATS = (
    *SCALES,
    *MANNERS,
    *(f"{scale} {manner}" for scale in SCALES if scale not in ("as printed", "ordinal") for manner in MANNERS),
)

ROLE = re.compile(r"\{(value|printed)\}`([^`]*)`")
"""A role in a text that is not markdown: a title, a note, a description."""
_FORMAT = re.compile(r"\|\s*([a-z0-9 ]*)$")
_CALL = re.compile(r"(\w+)\((.*)\)")
_OPERAND = re.compile(r"(?:([a-z0-9-]+)\.)?(\w+)\s*(?:\[(.*)\])?")


@dataclass(frozen=True, slots=True)
class Operand:
    """A column, and which rows or which printed total of it."""

    total: str
    """The id of a printed total; empty for a cell of the rows."""
    column: str
    where: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ValuePart:
    """A figure in prose, bound to a cell, to a printed total or to an aggregate of a dataset."""

    dataset: str
    function: str
    """One of `FUNCTIONS`; empty for the one cell or total that ``operands`` names."""
    operands: tuple[Operand, ...]
    scale: str
    """One of `SCALES`."""
    manner: str
    """One of `MANNERS`, or empty."""
    at: Location


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A figure as a paper prints it, which is in no dataset, with its place."""

    figure: str
    paper: str
    place: str
    """Item, page, paragraph or table, in words for a reader."""
    lines: str
    """Lines of the text of the paper; they serve verification and are not published."""
    at: Location


def parse_value(text: str, at: Location) -> ValuePart | Diagnostic:
    """Read the reference of a value: ``dataset: column[key=value; key=value] | format``.

    >>> parse_value("haf-places: offered[holiday=Easter 2021]", Location("a.md")).operands[0].where
    (('holiday', 'Easter 2021'),)
    >>> parse_value("plan: total-spending.amount[year=2024-25] | million", Location("a.md")).operands[0].total
    'total-spending'
    >>> found = parse_value("haf: change(offered[year=2021] -> offered[year=2022]) | percent up or down", Location(""))
    >>> found.function, len(found.operands), found.scale, found.manner
    ('change', 2, 'percent', 'up or down')
    """
    whole = _one_line(text)
    form = found[1].strip() if (found := _FORMAT.search(whole)) else ""
    name, colon, rest = (whole[: found.start()] if found else whole).partition(":")
    name, rest = name.strip(), rest.strip()
    if not colon or not re.fullmatch("[a-z0-9-]+", name):
        return _unreadable(text, at)
    if form and form not in VALUE_FORMATS:
        hint = did_you_mean(form, VALUE_FORMATS) or f"formats are: {', '.join((*SCALES, *MANNERS))}"
        return Diagnostic("bad-value-reference", f"there is no format '{form}'", at, hint=hint)
    manner = next((manner for manner in MANNERS if form.endswith(manner)), "")
    scale = form.removesuffix(manner).strip() or "as printed"
    function, pieces = "", [rest]
    if call := _CALL.fullmatch(rest):
        function = call[1]
        if function not in FUNCTIONS:
            hint = did_you_mean(function, FUNCTIONS) or f"they are: {', '.join(FUNCTIONS)}"
            return Diagnostic("bad-value-reference", f"'{function}' is nothing this site computes", at, hint=hint)
        between = FUNCTIONS[function]
        pieces = _split(call[2], between) if between else [call[2]]
    if len(pieces) > 2 or (function == "change" and len(pieces) != 2):
        hint = "write `dataset: change(column[key=old] -> column[key=new])`"
        return Diagnostic("bad-value-reference", f"'{function}' is between two figures", at, hint=hint)
    operands = []
    for piece in pieces:
        operand = _operand(piece.strip(), at)
        if not isinstance(operand, Operand):
            return operand or _unreadable(text, at)
        operands.append(operand)
    return ValuePart(name, function, tuple(operands), scale, manner, at)


def parse_printed(text: str, at: Location) -> PrintedPart | Diagnostic:
    """Read a quotation: ``figure @ paper: place; lines 4-5``.

    >>> parse_printed("4% @ report-2024: page 12, paragraph 3; lines 210-211", Location("a.md")).place
    'page 12, paragraph 3'
    """
    figure, _, rest = (part.strip() for part in _one_line(text).rpartition("@"))
    paper, _, where = (part.strip() for part in rest.partition(":"))
    place, _, lines = (part.strip() for part in where.partition("; lines "))
    if not re.search("[0-9]", figure) or not re.fullmatch("[a-z0-9-]+", paper) or not place:
        hint = "write `4% @ paper: page 12, paragraph 3`, with an id of sources.yaml and the place in that paper"
        message = f"'{_cut(text)}' does not say which figure stands where in which paper"
        return Diagnostic("bad-printed-reference", message, at, hint=hint)
    if lines and not re.fullmatch("[0-9, -]+", lines):
        return Diagnostic("bad-printed-reference", f"'{_cut(lines)}' are no lines", at, hint="write 'lines 4-5, 9'")
    return PrintedPart(figure, paper, place, lines, at)


ROLES: dict[str, Callable[[str, Location], ValuePart | PrintedPart | Diagnostic]] = {
    "value": parse_value,
    "printed": parse_printed,
}


def _one_line(text: str) -> str:
    return " ".join(line.strip() for line in text.split("\n")).strip()


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"


def _unreadable(text: str, at: Location) -> Diagnostic:
    hint = "write `dataset: column[key=value; key=value]`, or `dataset: total.column` for a printed total"
    return Diagnostic("bad-value-reference", f"'{_cut(text)}' does not name a figure", at, hint=hint)


def _split(text: str, between: str) -> list[str]:
    """Split at *between* where it stands outside of square brackets."""
    pieces, start, depth = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "[") - (letter == "]")
        if depth <= 0 and place >= start and text.startswith(between, place):
            pieces.append(text[start:place])
            start = place + len(between)
    return [*pieces, text[start:]]


def _operand(text: str, at: Location) -> Operand | Diagnostic | None:
    found = _OPERAND.fullmatch(text)
    if not found:
        return None
    total, column, filters = (group or "" for group in found.groups())
    where = []
    for item in filter(None, (item.strip() for item in filters.split(";"))):
        key, equals, value = item.partition("=")
        if not equals:
            return Diagnostic("bad-value-reference", f"'{item}' is not 'column=value'", at, hint="separate with ';'")
        where.append((key.strip(), value.strip()))
    return Operand(total, column, tuple(where))
