"""Find the one cell, the printed total or the rows that a reference names, with what must be known to use them."""

from __future__ import annotations

from dataclasses import dataclass

from generator.charts.shape import has_column, select
from generator.datasets import Dataset, Field, Row, Value
from generator.diagnostics import Diagnostic, Location, hint_for
from generator.roles import Operand
from generator.terms import covered, covered_unit


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """A figure with what it is a figure of."""

    value: Value
    field: Field
    unit: str
    of: str
    """What is counted."""
    basis: str
    lines: frozenset[int]
    """The rows that it stands for."""


def find_term(operand: Operand, dataset: Dataset, at: Location, problems: list[Diagnostic]) -> NamedFigure | None:
    """Return the one figure that *operand* names; `None` with the reason in *problems*."""
    if not has_column(dataset, operand.column, at, problems):
        return None
    return _total(operand, dataset, at, problems) if operand.total else _cell(operand, dataset, at, problems)


def find_rows(operand: Operand, dataset: Dataset, at: Location, problems: list[Diagnostic]) -> list[Row] | None:
    """Return the rows that *operand* names, one at least; `None` with the reason in *problems*."""
    start = len(problems)
    has_column(dataset, operand.column, at, problems)
    if operand.total:
        message = f"'{operand.total}.{operand.column}' is a printed total, and rows are wanted here"
        hint = "name the column alone, with the rows in square brackets"
        problems.append(Diagnostic("bad-value-reference", message, at, hint=hint))
    rows = select(dataset, {column: (value,) for column, value in operand.where}, at, problems)
    if not rows and len(problems) == start:
        message = f"no rows of {dataset.csv_path} fit here"
        problems.append(Diagnostic("unknown-row", message, at, hint="take a part of the filter out"))
    return None if len(problems) > start else rows


def term_of(dataset: Dataset, row: Row, name: str) -> NamedFigure:
    """Return a cell as a term."""
    field = dataset.field(name)
    of = dataset.text(row, field.of_from) if field.of_from else field.of
    basis = dataset.text(row, field.basis_from) if field.basis_from else field.basis or dataset.basis
    return NamedFigure(dataset.value(row, name), field, dataset.unit(row, name), of, basis, frozenset([row.line]))


def _cell(operand: Operand, dataset: Dataset, at: Location, problems: list[Diagnostic]) -> NamedFigure | None:
    start = len(problems)
    rows = select(dataset, {column: (value,) for column, value in operand.where}, at, problems)
    if len(problems) > start:
        return None
    if len(rows) != 1:
        message = f"{len(rows) or 'no'} rows of {dataset.csv_path} fit here; a figure is one cell"
        keys = ", ".join(dataset.primary_key)
        hint = f"name one row in square brackets, e.g. by {keys}" if keys else "name one row in square brackets"
        problems.append(Diagnostic("unknown-row", message, at, hint=hint))
        return None
    return term_of(dataset, rows[0], operand.column)


def _total(operand: Operand, dataset: Dataset, at: Location, problems: list[Diagnostic]) -> NamedFigure | None:
    total = next((total for total in dataset.totals if total.id == operand.total), None)
    if total is None:
        message = f"{dataset.sidecar_path} has no total '{operand.total}'"
        hint = hint_for(operand.total, [total.id for total in dataset.totals], "totals")
        problems.append(Diagnostic("unknown-total", message, at, hint=hint))
        return None
    wanted = dict(operand.where)
    fits = [entry for entry in total.printed if dict(entry.keys) == wanted and operand.column in entry.values]
    if len(fits) != 1:
        message = f"the total '{operand.total}' is not printed for {', '.join(wanted.values()) or 'all rows'}"
        keys = "; ".join(f"{key}={value}" for key, value in total.printed[0].keys.items()) if total.printed else ""
        hint = f"name it by its keys, e.g. [{keys}]" if keys else "leave out the square brackets"
        problems.append(Diagnostic("unknown-row", message, at, hint=hint))
        return None
    lines = covered(dataset, total, fits[0])
    terms = [term_of(dataset, row, operand.column) for row in dataset.rows if row.line in lines]
    of = {term.of for term in terms}
    basis = {term.basis for term in terms}
    return NamedFigure(
        value=fits[0].values[operand.column],
        field=dataset.field(operand.column),
        unit=covered_unit(dataset, total, fits[0], operand.column),
        of=of.pop() if len(of) == 1 else "",
        basis=basis.pop() if len(basis) == 1 else "mixed",
        lines=lines,
    )
