"""Look up the printed figures that a check names: cells of a dataset, or totals that its sidecar states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from generator.datasets import Dataset, Printed, Row, Total, Value
from generator.diagnostics import Diagnostic, hint_for
from generator.intervals import Interval, exact, rounded
from generator.quantities import MONEY_SCALES, ROUNDED_UNITS, Quantity
from generator.references import Reference

Cell = tuple[str, int, str]
"""Path, line and column of one figure, in an extract or among the totals of a sidecar."""

COUNT_SCALES = {"": 0, "thousand": 3, "million": 6}


@dataclass(frozen=True, slots=True)
class Term:
    """One printed figure with what is needed to reckon with it."""

    value: Value
    unit: str
    power: int
    """Power of ten that turns the number into pounds or single things."""
    is_rounded: bool
    cell: Cell | None

    @property
    def mark(self) -> str:
        """The mark that stands instead of a figure, or empty."""
        return self.value.mark if isinstance(self.value, Quantity) and self.value.number is None else ""

    @property
    def interval(self) -> Interval:
        """The true values that it may stand for, in pounds or single things."""
        number = (self.value.number if isinstance(self.value, Quantity) else None) or Decimal(0)
        return (rounded(number) if self.is_rounded else exact(number)).scaled(self.power)

    @property
    def family(self) -> str:
        """What it may be added to: money of any scale is one family, percentages and points another."""
        if self.unit in MONEY_SCALES:
            return "money"
        return "percent" if self.unit == "percentage-points" else self.unit


def cell_term(dataset: Dataset, row: Row, column: str) -> Term:
    """Return one cell of an extract as a term."""
    field, unit = dataset.field(column), dataset.unit(row, column)
    is_rounded = unit in ROUNDED_UNITS if field.unit_from else field.rounded
    power = MONEY_SCALES.get(unit, COUNT_SCALES[field.scale])
    return Term(dataset.value(row, column), unit, power, is_rounded, (dataset.csv_path, row.line, column))


def total_term(dataset: Dataset, total: Total, entry: Printed, column: str) -> Term:
    """Return one stated total as a term."""
    field, unit = dataset.field(column), covered_unit(dataset, total, entry, column)
    return Term(
        value=entry.values[column],
        unit=unit,
        power=MONEY_SCALES.get(unit, COUNT_SCALES[field.scale]),
        is_rounded=unit in ROUNDED_UNITS if field.unit_from else field.rounded,
        cell=(dataset.sidecar_path, entry.at.line, column),
    )


def is_in(dataset: Dataset, row: Row, where: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether a row fits a filter."""
    return all(dataset.text(row, column) in values for column, values in where.items())


def covered(dataset: Dataset, total: Total, entry: Printed) -> frozenset[int]:
    """Return the lines of the rows that a printed total is the sum of."""
    return next(lines for other, lines in all_covered(dataset, total) if other is entry)


def all_covered(dataset: Dataset, total: Total) -> Iterator[tuple[Printed, frozenset[int]]]:
    """Yield every figure printed for *total* with the lines of its rows, which are read once."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for row in dataset.rows:
        if is_in(dataset, row, total.where):
            groups.setdefault(tuple(dataset.text(row, name) for name in total.by), []).append(row.line)
    for entry in total.printed:
        yield entry, frozenset(groups.get(tuple(entry.keys[name] for name in total.by), ()))


def covered_unit(dataset: Dataset, total: Total, entry: Printed, column: str) -> str:
    """Return the unit of a printed total: that of its rows, which in a mixed table say it themselves."""
    field = dataset.field(column)
    if not field.unit_from:
        return field.unit
    lines = covered(dataset, total, entry)
    units = {dataset.unit(row, column) for row in dataset.rows if row.line in lines}
    return units.pop() if len(units) == 1 else field.unit


def find_terms(
    reference: Reference,
    dataset: Dataset,
    datasets: Mapping[str, Dataset],
    rows: Iterable[Row],
    here: Mapping[str, str],
) -> tuple[Term, ...] | Diagnostic:
    """Return the figures that *reference* names.

    *rows* are those of this dataset that it may choose from, *here* the values that ``@column`` stands for.
    """
    if reference.number is not None:
        return (Term(Quantity(reference.number), "", 0, False, None),)
    target = datasets.get(reference.dataset) if reference.dataset else dataset
    if target is None:
        hint = hint_for(reference.dataset, list(datasets), "datasets")
        return Diagnostic("unknown-dataset", f"there is no dataset '{reference.dataset}'", reference.at, hint=hint)
    for column in (reference.column, *(name for name, _ in reference.where)):
        if column not in target.index:
            hint, message = (
                hint_for(column, list(target.index), "columns"),
                f"{target.csv_path} has no column '{column}'",
            )
            return Diagnostic("unknown-column", message, reference.at, hint=hint)
    where: dict[str, tuple[str, ...]] = {}
    for name, values in reference.where:
        unknown = [value for value in values if value.startswith("@") and value[1:] not in here]
        if unknown:
            hint = hint_for(unknown[0][1:], list(here), "columns of this check")
            return Diagnostic("bad-reference", f"'{unknown[0]}' stands for nothing here", reference.at, hint=hint)
        where[name] = tuple(here[value[1:]] if value.startswith("@") else value for value in values)
    if reference.total:
        return _totals(reference, target, where)
    chosen = target.rows if reference.dataset else rows
    return tuple(
        cell_term(target, row, reference.column)
        for row in chosen
        if all(target.text(row, name) in values for name, values in where.items())
    )


def _totals(
    reference: Reference, target: Dataset, where: Mapping[str, tuple[str, ...]]
) -> tuple[Term, ...] | Diagnostic:
    total = next((total for total in target.totals if total.id == reference.total), None)
    if total is None:
        known = [total.id for total in target.totals]
        message = f"{target.sidecar_path} has no total '{reference.total}'"
        hint = hint_for(reference.total, known, "totals") or "it states no total: write it under 'totals', with an id"
        return Diagnostic("unknown-total", message, reference.at, hint=hint)
    return tuple(
        total_term(target, total, entry, reference.column)
        for entry in total.printed
        if reference.column in entry.values and all(entry.keys.get(key) in values for key, values in where.items())
    )
