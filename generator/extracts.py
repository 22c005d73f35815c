"""Read an extract with its sidecar into a `Dataset`; every bad cell, row and key is reported with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from generator.cells import Plain, changed_by_spreadsheet, plain_date, plain_number, plain_text
from generator.claims import Claim
from generator.datasets import ROW_BASES, Constraints, Dataset, Field, Row, Total, Value, missing_mark
from generator.diagnostics import Checked, Diagnostic, Location, hint_for, is_error, nearest
from generator.digest import digest
from generator.intake import DELIMITERS, Departure, Intake, Record, notes, read_records, write_records
from generator.quantities import UNITS, Quantity, parse_quantity
from generator.sidecars import read_sidecar
from generator.totalrows import report_total_rows

MAX_CELL = 10_000
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of text around."""


def read_dataset(name: str, sidecar: tuple[str, str], extract: tuple[str, bytes] | None) -> Checked[Dataset | None]:
    """Read the dataset *name* from its sidecar (path, text) and extract (path, bytes).

    The value is `None` when the sidecar or the header is too broken for the rows to mean anything.
    """
    path, text = sidecar
    found = read_sidecar(name, path, text)
    problems = list(found.problems)
    if extract is None:
        message, hint = f"the sidecar has no extract '{name}.csv' beside it", "add the CSV file, or remove the sidecar"
        problems.append(Diagnostic("no-extract", message, Location(path), hint=hint))
    described = found.value
    if extract is None or described is None or not described.fields:
        return Checked(None, tuple(problems))
    read = _read_rows(extract, path, described.fields, problems)
    if read is None:
        return Checked(None, tuple(problems))
    fields, rows = read
    index = MappingProxyType({field.name: position for position, field in enumerate(fields)})
    qualifier = described.head["qualifier"]
    rows = tuple(_qualified_row(row, fields, qualifier) for row in rows)
    dataset = Dataset(
        id=name,
        **described.head,
        primary_key=tuple(key for key in described.primary_key if key in index),
        foreign_keys=tuple(key for key in described.foreign_keys if key.field in index),
        fields=fields,
        index=index,
        rows=rows,
        totals=tuple(_qualified_total(total, qualifier) for total in described.totals if _is_about(total, index)),
        claims=tuple(claim for claim in described.claims if _names_known(claim, index)),
        ratings=described.ratings,
        acknowledged=described.acknowledged,
        csv_path=extract[0],
        sidecar_path=path,
        digest=digest(path, text, extract[1]),
    )
    problems += [*_check_rows(dataset), *report_total_rows(dataset)]
    if dataset.editions:
        last = dataset.editions[-1]
        dataset = replace(dataset, place=last.place, period=last.period, covers_to=last.covers_to)
    return Checked(dataset, tuple(problems))


def _qualified(quantity: Quantity, qualifier: str) -> Quantity:
    """Put the word that a paper says of all its figures before one that has none of its own."""
    is_plain = quantity.number is not None and not quantity.qualifier
    return replace(quantity, qualifier=qualifier) if is_plain else quantity


def _qualified_row(row: Row, fields: Iterable[Field], qualifier: str) -> Row:
    if not qualifier:
        return row
    values = (
        _qualified(value, qualifier) if isinstance(value, Quantity) and field.role == "measure" else value
        for value, field in zip(row.values, fields, strict=True)
    )
    return replace(row, values=tuple(values))


def _qualified_total(total: Total, qualifier: str) -> Total:
    """Return a printed total of qualified figures: it is qualified as they are."""
    printed = [
        replace(e, values=MappingProxyType({name: _qualified(found, qualifier) for name, found in e.values.items()}))
        for e in total.printed
    ]
    return replace(total, printed=tuple(printed))


def _read_rows(
    extract: tuple[str, bytes], sidecar: str, fields: tuple[Field, ...], problems: list[Diagnostic]
) -> tuple[tuple[Field, ...], tuple[Row, ...]] | None:
    """Read the columns and records of the extract; `None` when there are none to speak of."""
    read = read_records(*extract, [field.name for field in fields])
    problems += read.problems
    intake = read.value
    if intake is None:
        return None
    before = len(problems)
    fields = _columns(intake, sidecar, fields, problems)
    rows: list[Row] = []
    departures = list(intake.departures)
    for record in intake.records:
        if len(record.cells) != len(fields):
            message = f"this row has {len(record.cells)} cells; the header has {len(fields)}"
            hint = "add the cells"
            if len(record.cells) > len(fields):
                hint = f"put text that holds a {DELIMITERS[intake.delimiter][:-1]} into double quotes"
            problems.append(Diagnostic("csv-ragged-row", message, Location(intake.path, record.line, 1), hint=hint))
            continue
        values: list[Value] = []
        cells = _plain_cells(record, fields, intake.delimiter)
        for position, (cell, plain, field) in enumerate(zip(record.cells, cells, fields, strict=True)):
            value = _read_cell(plain, field) if isinstance(plain, Plain) else plain
            if isinstance(value, Diagnostic):
                message = f"column '{field.name}': {value.message}"
                problems.append(replace(value, message=message, at=intake.place(record.line, position)))
                text = "" if value.code == "hidden-character" else plain_text(cell).text
                value = Quantity(None, "lost") if field.is_number else text
            elif isinstance(plain, Plain) and plain.kinds:
                at = intake.place(record.line, position)
                departures += [Departure(kind, at, cell, plain.text) for kind in plain.kinds]
            values.append(value)
        rows.append(Row(record.line, tuple(values)))
    problems += notes(departures, fixable=not any(map(is_error, problems[before:])))
    return fields, tuple(rows)


def read_rows(dataset: Dataset, data: bytes) -> tuple[Dataset | None, list[Diagnostic]]:
    """Read the rows of *dataset* anew from other bytes of its extract, with what is wrong with them."""
    problems: list[Diagnostic] = []
    read = _read_rows((dataset.csv_path, data), dataset.sidecar_path, dataset.fields, problems)
    if read is None:
        return None, problems
    made = replace(dataset, rows=tuple(_qualified_row(row, read[0], dataset.qualifier) for row in read[1]))
    return made, [*problems, *_check_rows(made)]


def plain_extract(name: str, sidecar: tuple[str, str], extract: tuple[str, bytes]) -> bytes | None:
    """Return an extract in the plain form; `None` if it has that form, or if anything in it was refused."""
    described = read_sidecar(name, *sidecar).value
    if described is None or not described.fields:
        return None
    problems: list[Diagnostic] = []
    read = _read_rows(extract, sidecar[0], described.fields, problems)
    intake = read_records(*extract, [field.name for field in described.fields]).value
    if read is None or intake is None or not problems or any(map(is_error, problems)):
        return None
    return write_records([intake.header.cells, *plain_records(intake, read[0])])


def plain_records(intake: Intake, fields: tuple[Field, ...]) -> list[list[str]]:
    """Return the rows of an extract in the plain form; what is refused stays as the editor wrote it."""
    records = []
    for record in intake.records:
        cells = list(record.cells)
        if len(cells) == len(fields):
            plain = _plain_cells(record, fields, intake.delimiter)
            cells = [new.text if isinstance(new, Plain) else old for new, old in zip(plain, cells, strict=True)]
        records.append(cells)
    return records


def _is_about(total: Total, index: Mapping[str, int]) -> bool:
    """Tell whether all columns that a total names are there; a missing one is reported with the header."""
    printed = [column for entry in total.printed for column in entry.values]
    named = [*total.where, *total.by, *total.parts, *printed, *filter(None, [total.total])]
    return all(name in index for name in named)


def _names_known(claim: Claim, index: Mapping[str, int]) -> bool:
    """Tell whether all columns of this dataset that a check names are there."""
    own = [reference for reference in claim.references if not reference.dataset and reference.number is None]
    named = [*claim.where, *claim.by, *(r.column for r in own), *(name for r in own for name, _ in r.where)]
    return all(name in index for name in named)


def _columns(intake: Intake, sidecar: str, fields: tuple[Field, ...], problems: list[Diagnostic]) -> tuple[Field, ...]:
    """Return the columns in the order of the extract, and report where header and sidecar differ.

    A renamed column keeps the meaning that the sidecar gave it under its old name, so that everything else that used
    the old name is reported in the same run.
    """
    path, header = intake.path, intake.header.cells
    described = {field.name: field for field in fields}
    missing = [name for name in described if name not in header]
    columns: dict[str, Field] = {}
    nameless = [position for position, name in enumerate(header) if not name]
    if nameless:
        numbers = ", ".join(str(position + 1) for position in nameless)
        message = f"column{'s' if len(nameless) > 1 else ''} {numbers} {'have' if len(nameless) > 1 else 'has'} no name"
        hint = "name each column in this row; take out a heading that stands above it"
        problems.append(Diagnostic("csv-header", message, intake.place(intake.header.line, nameless[0]), hint=hint))
    for position, name in enumerate(header):
        at = intake.place(intake.header.line, position)
        if not name:
            name = f"column {position + 1}"
            columns[name] = replace(fields[0], name=name, type="string", unit="text", constraints=Constraints())
            continue
        if name in columns:
            problems.append(Diagnostic("csv-header", f"two columns are called '{name}'", at, hint="rename one of them"))
            name = f"{name} {position}"
        found = described.get(name)
        if found is None:
            likely = nearest(name, missing)
            message, hint = f"the sidecar describes no column '{name}'", f"describe it in {sidecar}, or remove it"
            if likely:
                hint = f"did you mean '{likely}'?"
            problems.append(Diagnostic("unknown-column", message, at, hint=hint))
            old = described[likely] if likely else fields[0]
            found = replace(old, name=name) if likely else replace(old, name=name, type="string", unit="text")
        columns[name] = found
    for name in missing:
        hint = hint_for(name, [name for name in header if name not in described], "columns left over")
        message = f"{path} has no column '{name}'"
        problems.append(Diagnostic("missing-column", message, described[name].at, hint=hint))
    return tuple(
        replace(
            field,
            unit_from=field.unit_from if field.unit_from in columns else "",
            of_from=field.of_from if field.of_from in columns else "",
            basis_from=field.basis_from if field.basis_from in columns else "",
        )
        for field in columns.values()
    )


def _plain_cells(record: Record, fields: tuple[Field, ...], delimiter: str) -> list[Plain | Diagnostic]:
    """Put the cells of a row into the plain form; the unit of a cell may stand in another cell of its row."""
    stated = {field.name: plain_text(cell).text for cell, field in zip(record.cells, fields, strict=True)}
    units = [stated[field.unit_from] if field.unit_from else field.unit for field in fields]
    return [
        _plain_cell(cell, field, unit if unit in UNITS else "text", delimiter)
        for cell, field, unit in zip(record.cells, fields, units, strict=True)
    ]


def _plain_cell(cell: str, field: Field, unit: str, delimiter: str) -> Plain | Diagnostic:
    """Put a cell into the plain form, or say why it is refused."""
    if len(cell) > MAX_CELL:
        message = f"the cell has more than {MAX_CELL:,} characters"
        return Diagnostic("csv-too-large", message, Location(""), hint="look for a double quote that is not closed")
    if hidden := _HIDDEN.search(cell):
        message = f"the cell holds an invisible character (U+{ord(hidden[0]):04X})"
        return Diagnostic("hidden-character", message, Location(""), hint="type the cell anew")
    if field.is_number:
        return plain_number(cell, unit, field.scale, decimal_comma=delimiter == ";")
    text = plain_text(cell)
    if field.type == "date" and text.text and not missing_mark(text.text):
        return plain_date(cell)
    changed = changed_by_spreadsheet(text.text, unit) if text.text not in field.constraints.enum else None
    return changed or text


def _read_cell(plain: Plain, field: Field) -> Value | Diagnostic:
    """Return the value of a cell in the plain form, or say what is wrong with it."""
    if not field.is_number:
        if not plain.text and field.constraints.required:
            return Diagnostic("empty-cell", "it must not be empty", Location(""))
        return plain.text
    value = parse_quantity(plain.text)
    if isinstance(value, str):
        return Diagnostic("bad-number", value, Location(""))
    if field.type == "integer" and value.places:
        message = f"'{plain.text}' is not whole"
        return Diagnostic("bad-number", message, Location(""), hint="change the type of the column to 'number'")
    return value


def _check_rows(dataset: Dataset) -> list[Diagnostic]:
    """Check keys and constraints; each problem names the cell."""
    problems: list[Diagnostic] = []

    def report(code: str, message: str, row: Row, hint: str = "") -> None:
        problems.append(Diagnostic(code, message, Location(dataset.csv_path, row.line, 1), hint=hint))

    for field in dataset.fields:
        if field.name.endswith("_note") and field.name.removesuffix("_note") in dataset.index:
            message = f"the download adds notes to '{field.name.removesuffix('_note')}' under the name '{field.name}'"
            problems.append(Diagnostic("bad-name", message, field.at, hint="rename this column"))
    seen: dict[tuple[str, ...], int] = {}
    for row in dataset.rows if dataset.primary_key else ():
        key = tuple(dataset.text(row, name) for name in dataset.primary_key)
        if key in seen:
            report("duplicate-key", f"the key {', '.join(key)} stands twice", row, f"the first is in line {seen[key]}")
        seen.setdefault(key, row.line)
    for field in dataset.fields:
        limits, values = field.constraints, [(row, dataset.value(row, field.name)) for row in dataset.rows]
        once: dict[Value, int] = {}
        for row, value in values:
            number = value.number if isinstance(value, Quantity) else None
            text = value if isinstance(value, str) else str(number)
            if limits.enum and text not in limits.enum and not missing_mark(text):
                report("bad-value", f"'{text}' is not allowed in '{field.name}'", row,
                       hint_for(text, limits.enum, "values"))  # fmt: skip
            if limits.pattern and isinstance(value, str) and text and not re.search(limits.pattern, text):
                report("bad-value", f"'{text}' does not fit the pattern of '{field.name}'", row)
            if number is not None and limits.minimum is not None and number < limits.minimum:
                report("bad-value", f"{number} in '{field.name}' is below the minimum {limits.minimum}", row)
            if number is not None and limits.maximum is not None and number > limits.maximum:
                report("bad-value", f"{number} in '{field.name}' is above the maximum {limits.maximum}", row)
            if limits.unique and value in once:
                report("duplicate-key", f"'{text}' stands twice in '{field.name}'", row, f"first in line {once[value]}")
            once.setdefault(value, row.line)
        if field.unit_from:
            for row in dataset.rows:
                unit = dataset.text(row, field.unit_from)
                if unit not in UNITS:
                    report("unknown-value", f"'{unit}' is not a unit", row, hint_for(unit, list(UNITS), "units"))
        if field.basis_from:
            for row in dataset.rows:
                basis = dataset.text(row, field.basis_from)
                if basis not in ROW_BASES:
                    report("unknown-value", f"'{basis}' is not a basis", row, hint_for(basis, ROW_BASES, "bases"))
    return problems
