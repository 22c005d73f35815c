"""How the columns of a council's table become rows of a dataset: read, written and proposed.

It is saved beside the sidecar as ``<dataset>.import.yaml``, so that next quarter's table needs no telling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from generator.datasets import EDITION, Dataset
from generator.diagnostics import Checked, Diagnostic, Location, hint_for
from generator.positioned import Reader, Table, Text, parse_yaml, yaml_text
from generator.workbooks import fold

PERIOD = "period"
"""Column that says the period of a row; with `EDITION` it is what a new edition brings."""


@dataclass(frozen=True, slots=True)
class RowKind:
    """One row of the dataset that each row of the table gives: what it always says, and what it takes from where."""

    says: Mapping[str, str]
    takes: Mapping[str, str]
    """Column of the dataset to heading of the table."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table becomes rows."""

    sheet: str = ""
    header: int = 0
    """The row of the headings; 0 if they are looked for."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column of the dataset to heading of the table, for all kinds of rows."""
    rows: tuple[RowKind, ...] = ()
    """Empty if each row of the table is one row of the dataset."""
    multiply: Mapping[str, str] = field(default_factory=dict)
    """By what the numbers of a column are multiplied."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Words of the table, and what the dataset calls them."""

    @property
    def kinds(self) -> tuple[RowKind, ...]:
        """What each row of the table gives."""
        return tuple(RowKind(kind.says, {**self.columns, **kind.takes}) for kind in self.rows) or (
            RowKind({}, self.columns),
        )

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings that it names."""
        return tuple(dict.fromkeys(heading for kind in self.kinds for heading in kind.takes.values()))


def pairs(text: str) -> dict[str, str]:
    """Read ``column=Heading, column=Heading``; a comma within a heading is doubled.

    >>> pairs("indicator=Indicator, value=Result,, latest")
    {'indicator': 'Indicator', 'value': 'Result, latest'}
    """
    parts = [part.replace("\0", ",").strip() for part in text.replace(",,", "\0").split(",")]
    return {key.strip(): value.strip() for part in parts if part for key, _, value in [part.partition("=")]}


def row_kind(text: str) -> RowKind:
    """Read ``what=target: value=Target, detail=Target is met``.

    >>> row_kind("what=target: value=Target").says, row_kind("what=target: value=Target").takes
    ({'what': 'target'}, {'value': 'Target'})
    """
    says, _, takes = text.partition(":")
    return RowKind(pairs(says), pairs(takes))


def read_plan(text: str, path: str, dataset: Dataset) -> Checked[Plan]:
    """Read a saved plan."""
    parsed = parse_yaml(text, path)
    problems = list(parsed.problems)
    reader = Reader(parsed.value, "the import", problems)
    kinds = []
    for entry in reader.readers("rows", "the row"):
        kinds.append(RowKind(_table(entry, "says"), _table(entry, "takes")))
        entry.close()
    plan = Plan(
        sheet=reader.text("sheet"),
        header=reader.whole("header"),
        columns=_table(reader, "columns"),
        rows=tuple(kinds),
        multiply=_table(reader, "multiply"),
        aliases=_table(reader, "aliases"),
    )
    reader.close()
    return Checked(plan, (*problems, *check_plan(plan, dataset, path)))


def _table(reader: Reader, key: str) -> Mapping[str, str]:
    node = reader.node(key)
    if not isinstance(node, Table):
        return {}
    entries = node.entries.items()
    return MappingProxyType({name: entry.node.value for name, entry in entries if isinstance(entry.node, Text)})


def check_plan(plan: Plan, dataset: Dataset, path: str) -> list[Diagnostic]:
    """Report columns that the dataset does not have, and factors that are no numbers."""
    problems = []
    named = [*plan.multiply, *(name for kind in plan.kinds for name in (*kind.says, *kind.takes))]
    for name in dict.fromkeys(named):
        if name not in dataset.index:
            message = f"{dataset.id} has no column '{name}'"
            hint = hint_for(name, list(dataset.index), "columns")
            problems.append(Diagnostic("unknown-column", message, Location(path), hint=hint))
    for name, factor in plan.multiply.items():
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", factor):
            message = f"'{factor}' is no number to multiply '{name}' by"
            problems.append(Diagnostic("wrong-type", message, Location(path), hint="write 100, 1000 or 0.001"))
    return problems


def plan_yaml(plan: Plan) -> str:
    """Write a plan as it is saved."""
    lines = [f"sheet: {yaml_text(plan.sheet)}"] if plan.sheet else []
    lines += [f"header: {plan.header}"] if plan.header else []
    for key, table in (("columns", plan.columns), ("multiply", plan.multiply), ("aliases", plan.aliases)):
        if table:
            lines += [f"{key}:", *(f"  {yaml_text(name)}: {yaml_text(value)}" for name, value in table.items())]
    lines += ["rows:"] if plan.rows else []
    for kind in plan.rows:
        for number, (key, found) in enumerate((("says", kind.says), ("takes", kind.takes))):
            inner = ", ".join(f"{yaml_text(name)}: {yaml_text(value)}" for name, value in found.items())
            lines.append(f"  {' ' if number else '-'} {key}: {{{inner}}}")
    return "\n".join(lines) + "\n"


def proposed_columns(dataset: Dataset, headings: Sequence[str]) -> dict[str, str]:
    """Return the columns whose name or title is a heading of the table.

    What an edition brings, and where our copy took it from, is not in the table.
    """
    known = {fold(heading): heading for heading in reversed(headings) if heading}
    fields = [f for f in dataset.fields if f.name not in (EDITION, PERIOD) and f.is_published]
    found = ((field.name, known.get(fold(field.title)) or known.get(fold(field.name))) for field in fields)
    return {name: heading for name, heading in found if heading}


def factor_of(plan: Plan, column: str) -> Decimal:
    """Return by what the numbers of a column are multiplied."""
    return Decimal(plan.multiply.get(column, "1"))
