"""Change one published cell of an extract, and leave every other byte of it as it is."""

from __future__ import annotations

from dataclasses import dataclass

from generator.changes import row_key
from generator.charsets import text_of
from generator.datasets import EDITION, Dataset, Row
from generator.diagnostics import Diagnostic, Location, hint_for, is_error
from generator.editions import newest
from generator.extracts import plain_records, read_rows
from generator.intake import Intake, Record, read_records, write_records
from generator.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Corrected:
    """An extract with one cell changed."""

    data: bytes
    dataset: Dataset
    """With its rows as they are now."""
    key: str
    paper: str
    """The edition of the row; empty if the dataset has none."""
    old: str
    new: str


def row_named(dataset: Dataset, key: str) -> Row | str:
    """Return the one row that *key* names, e.g. ``id=potholes-in-time``, or why there is not one."""
    where: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in key.split(";"))):
        name, equals, value = part.partition("=")
        if not equals:
            return f"name the row as 'column=value; column=value', with {', '.join(dataset.primary_key)}"
        where[name.strip()] = value.strip()
    if dataset.editions:
        where.setdefault(EDITION, newest(dataset))
    rows = list(dataset.rows)
    for name, value in where.items():
        if name not in dataset.index:
            return f"{dataset.csv_path} has no column '{name}'; {hint_for(name, list(dataset.index), 'columns')}"
        known = list(dict.fromkeys(dataset.text(row, name) for row in rows))
        rows = [row for row in rows if dataset.text(row, name) == value]
        if not rows:
            return f"no row has '{value}' in '{name}'; {hint_for(value, known, 'values')}"
    if len(rows) > 1:
        left = [name for name in dataset.primary_key if name not in where]
        differ = [name for name in left if len({dataset.text(row, name) for row in rows}) > 1]
        return f"{len(rows)} rows fit; name also {' or '.join(differ or left)}"
    return rows[0]


def corrected(
    dataset: Dataset, row: Row, column: str, value: str, data: bytes, *, marked: bool
) -> Corrected | Diagnostic:
    """Put *value* into a cell; *marked* puts ``[r]`` after a number, for a figure that was revised."""
    intake = read_records(dataset.csv_path, data, list(dataset.index)).value
    record = next((r for r in intake.records if r.line == row.line), None) if intake else None
    if intake is None or record is None:
        return Diagnostic("csv-syntax", "this extract cannot be read", Location(dataset.csv_path))
    position = dataset.index[column]
    at = intake.place(row.line, position)
    field, old = dataset.field(column), record.cells[position].strip()
    new = value.strip()
    if field.is_number and marked and "[" not in new:
        new = f"{new} [r]"
    cells = [*record.cells]
    cells[position] = new
    single = Intake(dataset.csv_path, (), ",", intake.header, (Record(row.line, tuple(cells)),), ())
    new = plain_records(single, dataset.fields)[0][position]
    if new == old:
        message = f"'{column}' is '{old}' already"
        return Diagnostic("same-value", message, at, hint="give the new value")
    lines = text_of(data).split("\n")
    line = lines[row.line - 1]
    quoted = write_records([[new, ""]]).decode().rpartition(",")[0]
    start, width = at.column - 1, at.width
    if "\n" in "".join(record.cells) or line[start : start + width].strip().strip('"').replace('""', '"') != old:
        message = "this row goes over several lines"
        return Diagnostic("csv-syntax", message, at, hint="run 'transparency check --fix', or change it by hand")
    lines[row.line - 1] = line[:start] + quoted + line[start + width :]
    made = "\n".join(lines).encode()
    found, problems = read_rows(dataset, made)
    if refused := next((p for p in problems if is_error(p) and p.at.line == row.line), None):
        return refused
    if found is None:
        return Diagnostic("csv-syntax", "this extract could not be read any more", at)
    key = row_key(dataset, row)
    paper = dataset.text(row, EDITION) if dataset.editions else ""
    return Corrected(made, found, key, paper, _shown(dataset, row, column), new)


def _shown(dataset: Dataset, row: Row, column: str) -> str:
    value = dataset.value(row, column)
    if isinstance(value, str):
        return value
    assert isinstance(value, Quantity)
    number = "" if value.number is None else str(value.number)
    return " ".join(filter(None, (value.qualifier, number, f"[{value.mark}]" if value.mark else "")))
