"""Find the rows and columns of a dataset that are totals of its others, and write them as lines for the sidecar.

An extract holds observations only: a total that is left in as a row would be added in once more.  A row counts as a
total when a label says so and its figures are, within rounding, the sums of other rows.  A row called "Total" that no
rows add up to is asked about, since a paper may disagree with itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator.datasets import Dataset, Field, Row, missing_mark
from generator.diagnostics import Diagnostic, Location
from generator.positioned import yaml_text
from generator.quantities import Quantity

_LABEL = re.compile(r"(grand |overall |sub-? ?)?totals?\b.*|all\b.*|overall|.*\b(sub-?)?totals?", re.IGNORECASE)
_PLAIN_LABEL = re.compile(r"(grand |overall |sub-? ?)?totals?", re.IGNORECASE)
_WHOLE_LABEL = re.compile(r"(grand |overall )?totals?", re.IGNORECASE)
SHARES = frozenset({"percent", "percentage-points", "rate", "ratio", "index"})
"""Units whose values do not add up."""


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A row that is the total of others."""

    row: Row
    column: str
    """The column that holds its label."""
    by: tuple[str, ...]
    """The columns whose values it shares with the rows that it is the total of."""
    parts: tuple[Row, ...]
    whole: bool
    """Whether its parts are all rows that share these values; else they are those since the total before."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows that may be the parts of a total, with the sum and the rounding bound of each column of figures."""

    rows: tuple[Row, ...]
    sums: Mapping[str, tuple[Decimal, Decimal] | None]
    """`None` for a column without any figure."""


def total_rows(dataset: Dataset) -> tuple[TotalRow, ...]:
    """Return the rows of *dataset* that are totals; a label that the enum of its column lists is none."""
    dimensions, sums = _dimensions(dataset), _summed(dataset)
    labels = {row.line: label for row in dataset.rows if (label := _label(dataset, row, dimensions))}
    others = [row for row in dataset.rows if row.line not in labels]
    grouped: dict[tuple[str, ...], dict[tuple[str, ...], _Group]] = {}

    def sharing(row: Row, by: tuple[str, ...]) -> _Group | None:
        if by not in grouped:
            found: dict[tuple[str, ...], list[Row]] = {}
            for other in others:
                found.setdefault(tuple(dataset.text(other, name) for name in by), []).append(other)
            grouped[by] = {values: _group(dataset, rows, sums) for values, rows in found.items()}
        return grouped[by].get(tuple(dataset.text(row, name) for name in by))

    known = {name: Counter(dataset.text(row, name) for row in others) for name in set(labels.values())}

    def alone(rows: Sequence[Row], column: str) -> _Group | None:
        counts = Counter(dataset.text(row, column) for row in rows)
        one_place = all(known[column][label] == count for label, count in counts.items())
        return _group(dataset, rows, sums) if one_place else None

    totals = []
    run: list[Row] = []
    for row in dataset.rows:
        if row.line not in labels:
            run.append(row)
            continue
        column = labels[row.line]
        by = _by(dataset, row, column)
        least = 1 if _PLAIN_LABEL.fullmatch(dataset.text(row, column)) else 2
        for keys, group, whole in (
            (by, sharing(row, by), True),
            ((), sharing(row, ()), True),
            ((), alone(run, column), False),
        ):
            if group and len(group.rows) >= least and _adds_up(dataset, row, group):
                totals.append(TotalRow(row, column, keys, group.rows, whole))
                break
        run = []
    return tuple(totals)


def _doubtful_totals(dataset: Dataset, known: Iterable[TotalRow]) -> Iterator[TotalRow]:
    """Yield the rows, none of them *known*, that are called "Total" though no other rows add up to their figures."""
    dimensions, sums = _dimensions(dataset), _summed(dataset)
    lines = {total.row.line for total in known}
    labels = {row.line: label for row in dataset.rows if (label := _label(dataset, row, dimensions))}
    for row in dataset.rows:
        column = labels.get(row.line, "")
        if not column or row.line in lines or not _WHOLE_LABEL.fullmatch(dataset.text(row, column)):
            continue
        by = _by(dataset, row, column)
        parts = tuple(
            other
            for other in dataset.rows
            if other.line not in labels and all(dataset.text(other, name) == dataset.text(row, name) for name in by)
        )
        if len(parts) > 1 and any(_number(dataset, row, field.name) is not None for field in sums):
            yield TotalRow(row, column, by, parts, whole=True)


def _dimensions(dataset: Dataset) -> list[Field]:
    return [field for field in dataset.fields if field.role == "dimension" and not field.is_number]


def _summed(dataset: Dataset) -> list[Field]:
    """Return the columns whose figures add up."""
    return [f for f in dataset.measures if f.is_number and not f.unit_from and f.unit not in SHARES]


def _by(dataset: Dataset, row: Row, column: str) -> tuple[str, ...]:
    """Return the columns, beside the one of its label, in which a total names the rows that it is the total of."""
    names = [field.name for field in _dimensions(dataset) if field.name != column]
    return tuple(name for name in names if _says(dataset.text(row, name)))


def _label(dataset: Dataset, row: Row, dimensions: Sequence[Field]) -> str:
    """Return the column in which a row calls itself a total, or an empty string."""
    for field in dimensions:
        text = dataset.text(row, field.name)
        if _LABEL.fullmatch(text) and text not in field.constraints.enum:
            return field.name
    return ""


def _says(text: str) -> bool:
    return bool(text) and not missing_mark(text) and not _LABEL.fullmatch(text)


def _group(dataset: Dataset, rows: Sequence[Row], sums: Iterable[Field]) -> _Group:
    made: dict[str, tuple[Decimal, Decimal] | None] = {}
    for field in sums:
        terms = [number for row in rows if (number := _number(dataset, row, field.name)) is not None]
        made[field.name] = (sum(terms, Decimal(0)), _bound(terms, rounded=field.rounded)) if terms else None
    return _Group(tuple(rows), made)


def _adds_up(dataset: Dataset, row: Row, group: _Group) -> bool:
    """Tell whether every figure of *row* is the sum of those of *group*, and at least one is not zero."""
    compared = False
    for name, found in group.sums.items():
        printed = _number(dataset, row, name)
        if printed is None:
            continue
        bound = _bound([printed], rounded=dataset.field(name).rounded)
        if found is None or abs(found[0] - printed) > found[1] + bound:
            return False
        compared = compared or printed != 0
    return compared


def _number(dataset: Dataset, row: Row, name: str) -> Decimal | None:
    value = dataset.value(row, name)
    return value.number if isinstance(value, Quantity) else None


def _bound(numbers: Iterable[Decimal], *, rounded: bool) -> Decimal:
    """Return how far rounding may shift the sum of *numbers*: half a unit of the last printed place of each.

    >>> _bound([Decimal("5.0"), Decimal("7")], rounded=True)
    Decimal('0.55')
    """
    places = [number.as_tuple().exponent for number in numbers] if rounded else []
    return sum((Decimal(5).scaleb(place - 1) for place in places if isinstance(place, int)), Decimal(0))


def report_total_rows(dataset: Dataset) -> list[Diagnostic]:
    """Report each total that was left in as a row, with the line that says it in the sidecar."""
    problems = []
    found = total_rows(dataset)
    for total, adds_up in [*((t, True) for t in found), *((t, False) for t in _doubtful_totals(dataset, found))]:
        label = dataset.text(total.row, total.column)
        (entry,) = total_entries(dataset, [total], {known.id for known in dataset.totals})
        place = f"take it out, and write under 'totals' in {dataset.sidecar_path}: {entry}"
        enum = f"if it is no total, list its label in the enum of '{total.column}'"
        if adds_up:
            message, hint = f"the row '{label}' is the total of {len(total.parts)} other rows", f"{place}; {enum}"
        else:
            message = f"the row '{label}' calls itself a total, but no other rows add up to it"
            hint = f"compare it with the paper; if the paper prints it so, {place}; {enum}"
        problems.append(Diagnostic("csv-total-row", message, Location(dataset.csv_path, total.row.line, 1), hint=hint))
    return problems


def total_entries(dataset: Dataset, found: Iterable[TotalRow], used: set[str]) -> list[str]:
    """Write totals as entries of ``totals`` in the sidecar, those of one kind together; *used* ids are taken."""
    kinds: dict[tuple[str, ...], list[TotalRow]] = {}
    for total in found:
        lines = () if total.whole else (str(total.row.line),)
        kinds.setdefault((dataset.text(total.row, total.column), *total.by, *lines), []).append(total)
    return [_entry(dataset, totals, used) for totals in kinds.values()]


def _entry(dataset: Dataset, totals: Sequence[TotalRow], used: set[str]) -> str:
    first = totals[0]
    label = dataset.text(first.row, first.column)
    parts = [f"id: {_free('-'.join(['total', *(['by', *first.by] if first.by else [])]).replace('_', '-'), used)}"]
    parts.append(f"label: {yaml_text(label)}")
    if not first.whole:
        values = dict.fromkeys(dataset.text(part, first.column) for part in first.parts)
        parts.append(f"where: {{{first.column}: [{', '.join(map(yaml_text, values))}]}}")
    if first.by:
        parts.append(f"by: [{', '.join(first.by)}]")
    printed = []
    for total in totals:
        keys = [f"{name}: {yaml_text(dataset.text(total.row, name))}" for name in first.by]
        figures = [
            f"{field.name}: {yaml_text(_written(value))}"
            for field in dataset.measures
            if isinstance(value := dataset.value(total.row, field.name), Quantity)
            and value.number is not None
            and field.unit not in SHARES
            and not field.unit_from
        ]
        printed.append(f"{{{', '.join([*keys, *figures])}}}")
    return f"{{{', '.join(parts)}, printed: [{', '.join(printed)}]}}"


def _written(value: Quantity) -> str:
    mark = f"[{value.mark}]" if value.mark else ""
    return " ".join(part for part in (value.qualifier, f"{value.number:f}", mark) if part)


def _free(name: str, used: set[str]) -> str:
    """Return an id that is not in use, and take it."""
    number = 1
    while (free := name if number == 1 else f"{name}-{number}") in used:
        number += 1
    used.add(free)
    return free


def total_columns(dataset: Dataset, used: set[str]) -> list[str]:
    """Write the columns that are totals along the row as entries of ``totals`` in the sidecar; *used* ids are taken."""
    measures = [field for field in dataset.measures if field.is_number and field.unit not in SHARES]
    entries = []
    for position, total in enumerate(measures):
        named = "total" in total.name
        rest = [field for field in measures if field.name != total.name]
        runs = [rest] if named else []
        runs += [measures[start:position] for start in range(max(position - 1, 0))]
        for parts in runs:
            same = all((part.unit, part.of, part.unit_from) == (total.unit, total.of, "") for part in parts)
            if len(parts) >= 2 and same and _sums_along(dataset, total, parts):
                names = ", ".join(part.name for part in parts)
                lead = f"{{id: {_free(total.name.replace('_', '-'), used)}, label: {yaml_text(total.title)}"
                entries.append(f"{lead}, total: {total.name}, parts: [{names}]}}")
                break
    return entries


def _sums_along(dataset: Dataset, total: Field, parts: Sequence[Field]) -> bool:
    rows = 0
    for row in dataset.rows:
        printed = _number(dataset, row, total.name)
        terms = [_number(dataset, row, part.name) for part in parts]
        if printed is None or None in terms:
            continue
        numbers = [term for term in terms if term is not None]
        if abs(sum(numbers, Decimal(0)) - printed) > _bound([printed, *numbers], rounded=total.rounded):
            return False
        rows += printed != 0
    return rows >= 2
