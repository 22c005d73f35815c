"""Read an extract and its sidecar into a `Dataset`: typed columns, provenance, and every bad cell with its place.

The sidecar is a Frictionless Data Resource with a few keys of ours (``source``, ``basis``, ``phase``, ``totals`` …).
Rows hold text, or a `Quantity` in number columns; nothing is guessed and nothing is filled in.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from generator.diagnostics import Checked, Diagnostic, Location, Severity, did_you_mean, hint_for
from generator.digest import Digest, digest
from generator.paths import SLUG
from generator.positioned import Reader, Table, Text, parse_yaml
from generator.quantities import (
    MISSING_MARKS,
    ROUNDED_UNITS,
    TEXT_UNITS,
    UNITS,
    Quantity,
    parse_quantity,
)

Value = str | Quantity

TYPES = ("string", "integer", "number", "date")
FIELD_ROLES = ("dimension", "measure", "provenance")
BASES = ("level", "change", "balance", "movement", "mixed")
PHASES = ("initial-draft", "approved", "plan-update", "forecast", "outturn", "reported", "policy")
PERIOD_TYPES = ("financial-year", "quarter", "year-to-date", "rolling-12-months", "snapshot", "school-year",
                "calendar-year", "programme", "mixed")  # fmt: skip
GEOGRAPHIES = ("kcc-area", "kent-and-medway", "medway", "district", "health-partnership", "england", "council")
SIGNS = ("budget-cost", "budget-reduction", "balance-up", "gap", "overspend", "increase")
FUNDINGS = ("core", "external", "total", "mixed")
CLASSES = ("rounding", "copy", "documents", "unexplained")
MAX_BYTES, MAX_ROWS, MAX_COLUMNS = 10_000_000, 100_000, 200


@dataclass(frozen=True, slots=True)
class Constraints:
    """The constraints of Table Schema that a column may have."""

    required: bool = False
    unique: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    enum: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a dataset."""

    name: str
    type: str
    title: str
    description: str
    role: str
    unit: str
    of: str
    """What a count counts, or what a rate is of, as a plural noun."""
    per: int
    """Base of a rate, e.g. 100000."""
    scale: str
    """``thousand`` for a count that is printed in thousands."""
    rounded: bool
    """Whether printed values are rounded to their last place; whole counts are exact."""
    has_order: bool
    """Whether the rows of this dimension stand in an order of their own (years, bands), which charts keep."""
    unit_from: str
    of_from: str
    basis_from: str
    basis: str
    sign: str
    phase: str
    period: str
    covers_to: datetime.date | None
    constraints: Constraints
    at: Location

    @property
    def is_number(self) -> bool:
        """Whether cells hold quantities."""
        return self.type in ("integer", "number")

    @property
    def is_published(self) -> bool:
        """Whether the column stands in downloads and tables."""
        return self.role != "provenance"


@dataclass(frozen=True, slots=True)
class Row:
    """One observation and the line of the extract where it begins."""

    line: int
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a council paper the figures stand.  ``lines`` serve verification and are not published."""

    paper: str
    item: str
    page: str
    table: str
    lines: str
    at: Location


@dataclass(frozen=True, slots=True)
class Printed:
    """One total that the paper prints: the keys it is for and the figures, by column."""

    keys: Mapping[str, str]
    values: Mapping[str, Quantity]
    at: Location


@dataclass(frozen=True, slots=True)
class Total:
    """Totals printed in the paper that the rows must add up to."""

    id: str
    label: str
    where: Mapping[str, tuple[str, ...]]
    by: tuple[str, ...]
    printed: tuple[Printed, ...]
    total: str
    """For a total along a row: the column that holds it; else empty."""
    parts: tuple[str, ...]
    """The columns that add up to ``total``."""
    at: Location


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A known disagreement of the paper with itself, with a reason that a resident can read."""

    check: str
    where: Mapping[str, str]
    cause: str
    """One of `CLASSES`; the key in the sidecar is ``class``."""
    reason: str
    at: Location


@dataclass(frozen=True, slots=True)
class Partition:
    """Columns, or the values of one column, that split a whole without overlap."""

    name: str
    columns: tuple[str, ...]
    rows: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A checked table of figures with everything a reader needs to judge them."""

    id: str
    title: str
    description: str
    place: Place
    period: str
    period_type: str
    covers_to: datetime.date | None
    reported_in: str
    status: str
    phase: str
    basis: str
    funding: str
    net_or_gross: str
    geography: str
    sign: str
    partition: tuple[Partition, ...]
    aliases: Mapping[str, str]
    qualifier: str
    notes: tuple[str, ...]
    checked: datetime.date | None
    primary_key: tuple[str, ...]
    fields: tuple[Field, ...]
    index: Mapping[str, int]
    """Position of each column by its name."""
    rows: tuple[Row, ...]
    totals: tuple[Total, ...]
    acknowledged: tuple[Acknowledgement, ...]
    csv_path: str
    sidecar_path: str
    digest: Digest

    def field(self, name: str) -> Field:
        """Return the column called *name*, which must exist."""
        return self.fields[self.index[name]]

    def value(self, row: Row, name: str) -> Value:
        """Return the cell of *row* in the column *name*."""
        return row.values[self.index[name]]

    def text(self, row: Row, name: str) -> str:
        """Return the cell of *row* in a text column."""
        value = self.value(row, name)
        return value if isinstance(value, str) else str(value.number)

    def unit(self, row: Row, name: str) -> str:
        """Return the unit of a cell, which in a mixed table stands in the row."""
        field = self.field(name)
        return self.text(row, field.unit_from) if field.unit_from else field.unit

    @property
    def measures(self) -> tuple[Field, ...]:
        """The columns that hold figures."""
        return tuple(field for field in self.fields if field.role == "measure")


def missing_mark(text: str) -> str:
    """Return the mark if a text cell says why there is no text, else an empty string.

    >>> missing_mark("[lost]"), missing_mark("Improving")
    ('lost', '')
    """
    mark = text[1:-1] if text.startswith("[") and text.endswith("]") else ""
    return mark if mark in MISSING_MARKS else ""


def read_dataset(name: str, sidecar: tuple[str, str], extract: tuple[str, bytes] | None) -> Checked[Dataset | None]:
    """Read the dataset *name* from its sidecar (path, text) and extract (path, bytes).

    The value is `None` when the sidecar or the header is too broken for the rows to mean anything.
    """
    path, text = sidecar
    parsed = parse_yaml(text, path)
    problems = list(parsed.problems)
    if problems:
        return Checked(None, tuple(problems))
    reader = Reader(parsed.value, "the sidecar", problems)
    stated = reader.text("name", required=True)
    file = reader.text("path", required=True)
    if stated and stated != name:
        reader.problem(
            "wrong-name", f"the name '{stated}' is not that of the file", reader.at("name"), f"write '{name}'"
        )
    if file and file != f"{name}.csv":
        reader.problem("wrong-name", f"the path '{file}' is not the extract", reader.at("path"), f"write '{name}.csv'")
    if not SLUG.fullmatch(name):
        message, hint = f"'{name}' cannot stand in an address", "rename both files with a-z, 0-9 and single hyphens"
        reader.problem("bad-name", message, Location(path), hint)
    fields, primary_key = _read_schema(reader)
    if extract is None:
        message = f"the sidecar has no extract '{name}.csv' beside it"
        reader.problem("no-extract", message, Location(path), "add the CSV file, or remove the sidecar")
    head = _read_head(reader, problems)
    totals = _read_totals(reader, fields, problems)
    acknowledged = _read_acknowledged(reader)
    reader.close()
    if extract is None or not fields:
        return Checked(None, tuple(problems))
    rows = _read_rows(extract, path, fields, problems)
    if rows is None:
        return Checked(None, tuple(problems))
    dataset = Dataset(
        id=name,
        **head,
        primary_key=primary_key,
        fields=fields,
        index=MappingProxyType({field.name: position for position, field in enumerate(fields)}),
        rows=rows,
        totals=totals,
        acknowledged=acknowledged,
        csv_path=extract[0],
        sidecar_path=path,
        digest=digest(text, extract[1]),
    )
    problems += _check_rows(dataset)
    return Checked(dataset, tuple(problems))


def _read_head(reader: Reader, problems: list[Diagnostic]) -> dict[str, Any]:
    """Read everything of the sidecar that is neither a column nor a total."""
    source = reader.reader("source", "the source", required=True) or Reader(
        Table({}, reader.table.at), "the source", []
    )
    place = Place(
        paper=source.text("paper", required=True),
        item=source.text("item", required=True),
        page=source.text("page"),
        table=source.text("table"),
        lines=source.text("lines"),
        at=source.at("paper"),
    )
    source.close()
    description = reader.text("description", required=True)
    if description and not 50 <= len(description) <= 5000:
        message = f"the description has {len(description)} characters; data catalogues take 50 to 5,000"
        problems.append(Diagnostic("description-length", message, reader.at("description"), Severity.WARNING))
    for key in ("licenses", "sources", "format", "mediatype", "encoding", "profile"):
        reader.node(key)  # known to Frictionless and free to stand here; what we publish is made by the site
    aliases = reader.reader("aliases", "the aliases")
    partition = []
    for entry in reader.readers("partition", "the partition"):
        columns = tuple(item.value for item in entry.texts("columns"))
        partition.append(Partition(entry.text("name", required=True), columns, entry.text("rows")))
        entry.close()
    return {
        "title": reader.text("title", required=True),
        "description": description,
        "place": place,
        "period": reader.text("period"),
        "period_type": reader.choice("period_type", PERIOD_TYPES),
        "covers_to": reader.date("covers_to"),
        "reported_in": reader.text("reported_in"),
        "status": reader.text("status"),
        "phase": reader.choice("phase", PHASES, required=True, default="reported"),
        "basis": reader.choice("basis", BASES),
        "funding": reader.choice("funding", FUNDINGS),
        "net_or_gross": reader.choice("net_or_gross", ("net", "gross")),
        "geography": reader.choice("geography", GEOGRAPHIES, required=True, default="council"),
        "sign": reader.choice("sign", SIGNS),
        "partition": tuple(partition),
        "aliases": MappingProxyType({key: aliases.text(key) for key in aliases.table.entries} if aliases else {}),
        "qualifier": reader.text("qualifier"),
        "notes": tuple(note.value for note in reader.texts("notes")),
        "checked": reader.date("checked"),
    }


def _read_schema(reader: Reader) -> tuple[tuple[Field, ...], tuple[str, ...]]:
    schema = reader.reader("schema", "the schema", required=True)
    if schema is None:
        return (), ()
    fields = tuple(_read_field(entry) for entry in schema.readers("fields", "the field", required=True))
    names = [field.name for field in fields]
    for key in schema.texts("primaryKey"):
        if key.value not in names:
            schema.problem("unknown-column", f"the primary key names no column '{key.value}'", key.at,
                           hint_for(key.value, names, "columns"))  # fmt: skip
    schema.node("missingValues")
    primary_key = tuple(key.value for key in schema.texts("primaryKey") if key.value in names)
    for field in fields:
        for other in filter(None, (field.unit_from, field.of_from, field.basis_from)):
            if other not in names:
                hint = hint_for(other, names, "columns")
                schema.problem("unknown-column", f"'{field.name}' points to no column '{other}'", field.at, hint)
    schema.close()
    return fields, primary_key


def _read_field(reader: Reader) -> Field:
    name = reader.text("name", required=True)
    kind = reader.choice("type", TYPES, required=True, default="string")
    unit = reader.choice("unit", UNITS, required=not reader.has("unit_from"), default="text")
    if kind in ("integer", "number") and unit in TEXT_UNITS - {"year"} and not reader.has("unit_from"):
        reader.problem("wrong-unit", f"'{name}' holds numbers, and '{unit}' is no unit of numbers", reader.at("unit"))
    scale = reader.choice("scale", ("thousand", "million"))
    rounded = unit in ROUNDED_UNITS or bool(scale) or reader.has("unit_from")
    constraints = reader.reader("constraints", "the constraints")
    order = reader.choice("order", ("printed",))
    field = Field(
        name=name,
        type=kind,
        title=reader.text("title", required=True, default=name),
        description=reader.text("description", required=True),
        role=reader.choice("role", FIELD_ROLES, required=True, default="dimension"),
        unit=unit,
        of=reader.text("of"),
        per=reader.whole("per"),
        scale=scale,
        rounded=reader.flag("rounded", default=rounded),
        has_order=bool(order) or unit in ("year", "financial-year", "quarter", "date"),
        unit_from=reader.text("unit_from"),
        of_from=reader.text("of_from"),
        basis_from=reader.text("basis_from"),
        basis=reader.choice("basis", BASES),
        sign=reader.choice("sign", SIGNS),
        phase=reader.choice("phase", PHASES),
        period=reader.text("period"),
        covers_to=reader.date("covers_to"),
        constraints=_read_constraints(constraints) if constraints else Constraints(),
        at=reader.at("name"),
    )
    for key in ("missingValues", "format"):
        reader.node(key)
    reader.close()
    return field


def _read_constraints(reader: Reader) -> Constraints:
    def number(key: str) -> Decimal | None:
        text = reader.text(key)
        found = parse_quantity(text) if text else Quantity(None)
        if isinstance(found, str):
            reader.problem("wrong-type", f"'{key}' must be a number", reader.at(key))
            return None
        return found.number

    pattern = reader.text("pattern")
    try:
        re.compile(pattern)
    except re.error as error:
        reader.problem("wrong-type", f"this pattern cannot be read: {error}", reader.at("pattern"))
        pattern = ""
    found = Constraints(
        required=reader.flag("required"),
        unique=reader.flag("unique"),
        minimum=number("minimum"),
        maximum=number("maximum"),
        enum=tuple(item.value for item in reader.texts("enum")),
        pattern=pattern,
    )
    reader.close()
    return found


def _read_totals(reader: Reader, fields: tuple[Field, ...], problems: list[Diagnostic]) -> tuple[Total, ...]:
    names = [field.name for field in fields]
    numbers = {field.name for field in fields if field.is_number}

    def known(item: Text) -> str:
        if item.value not in names:
            hint = hint_for(item.value, names, "columns")
            problems.append(Diagnostic("unknown-column", f"there is no column '{item.value}'", item.at, hint=hint))
        return item.value

    totals: list[Total] = []
    for entry in reader.readers("totals", "the total"):
        where = read_where(entry.reader("where", "the filter"))
        for column in where:
            known(Text(column, entry.at("where")))
        by = tuple(known(item) for item in entry.texts("by"))
        printed: list[Printed] = []
        for record in entry.readers("printed", "the printed total"):
            keys = {column: record.text(column, required=True) for column in by}
            values: dict[str, Quantity] = {}
            for column, found in record.rest().items():
                known(Text(column, found.key_at))
                value = parse_quantity(found.node.value) if isinstance(found.node, Text) else "a total is one number"
                if isinstance(value, str):
                    problems.append(Diagnostic("bad-number", value, found.node.at))
                elif column in numbers:
                    values[column] = value
            printed.append(Printed(MappingProxyType(keys), MappingProxyType(values), record.table.at))
        total = Total(
            id=entry.text("id", required=True),
            label=entry.text("label", required=True),
            where=where,
            by=by,
            printed=tuple(printed),
            total=entry.text("total"),
            parts=tuple(known(item) for item in entry.texts("parts")),
            at=entry.at("id"),
        )
        if bool(total.total) == bool(printed):
            message = f"the total '{total.id}' needs either 'printed' figures, or 'total' and 'parts' columns"
            entry.problem("missing-key", message, total.at)
        if total.total:
            known(Text(total.total, entry.at("total")))
        if any(total.id == other.id for other in totals):
            entry.problem(
                "duplicate-id", f"another total has the id '{total.id}'", total.at, "give each an id of its own"
            )
        entry.close()
        totals.append(total)
    return tuple(totals)


def read_where(reader: Reader | None) -> Mapping[str, tuple[str, ...]]:
    """Read a filter: column to value, or to a list of values."""
    if reader is None:
        return MappingProxyType({})
    columns = list(reader.table.entries)
    return MappingProxyType({column: tuple(item.value for item in reader.texts(column)) for column in columns})


def _read_acknowledged(reader: Reader) -> tuple[Acknowledgement, ...]:
    found = []
    for entry in reader.readers("acknowledged", "the acknowledgement"):
        at = entry.reader("at", "the place", required=True)
        found.append(
            Acknowledgement(
                check=entry.text("check", required=True),
                where=MappingProxyType({key: at.text(key) for key in at.table.entries} if at else {}),
                cause=entry.choice("class", CLASSES, required=True),
                reason=entry.text("reason", required=True),
                at=entry.table.at,
            )
        )
        entry.close()
    return tuple(found)


def _read_rows(
    extract: tuple[str, bytes], sidecar: str, fields: tuple[Field, ...], problems: list[Diagnostic]
) -> tuple[Row, ...] | None:
    """Read the records of the extract; `None` when its header does not fit the sidecar."""
    path, data = extract
    start = len(problems)
    if len(data) > MAX_BYTES:
        problems.append(Diagnostic("csv-too-large", f"more than {MAX_BYTES // 1_000_000} MB of data", Location(path)))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message, hint = "this file is not UTF-8", "save it again as 'CSV UTF-8'"
        problems.append(Diagnostic("csv-encoding", message, Location(path, line, 1), hint=hint))
        return None
    records: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for record in reader:
            records.append((line, record))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Diagnostic("csv-syntax", f"this is not CSV: {error}", Location(path, line, 1)))
        return None
    if not records:
        problems.append(
            Diagnostic("csv-header", "the file is empty", Location(path), hint="write a row of column names")
        )
        return None
    lines = text.splitlines()
    header = records[0][1]
    names = [field.name for field in fields]
    problems += _check_header(path, sidecar, header, names, fields)
    if len(records) > MAX_ROWS or len(header) > MAX_COLUMNS:
        message = f"more than {MAX_ROWS:,} rows or {MAX_COLUMNS} columns"
        problems.append(Diagnostic("csv-too-large", message, Location(path)))
    if len(problems) > start:
        return None
    rows: list[Row] = []
    for line, record in records[1:]:
        at = Location(path, line, 1)
        if not any(cell.strip() for cell in record):
            problems.append(Diagnostic("csv-blank-row", "this row is blank", at, hint="remove it"))
            continue
        if len(record) != len(fields):
            message = f"this row has {len(record)} cells; the header has {len(fields)}"
            hint = "put text that holds a comma into double quotes" if len(record) > len(fields) else "add the cells"
            problems.append(Diagnostic("csv-ragged-row", message, at, hint=hint))
            continue
        values: list[Value] = []
        for position, (cell, field) in enumerate(zip(record, fields, strict=True)):
            value = _read_cell(cell, field)
            if isinstance(value, Diagnostic):
                place = cell_location(path, line, lines[line - 1] if line <= len(lines) else "", position)
                problems.append(Diagnostic(value.code, value.message, place, hint=value.hint))
                value = Quantity(None, "x") if field.is_number else ""
            values.append(value)
        rows.append(Row(line, tuple(values)))
    return tuple(rows)


def _check_header(
    path: str, sidecar: str, header: list[str], names: list[str], fields: tuple[Field, ...]
) -> list[Diagnostic]:
    problems = []
    missing = [name for name in names if name not in header]
    for position, name in enumerate(header):
        at = cell_location(path, 1, ",".join(header), position)
        if header.count(name) > 1 and header.index(name) != position:
            problems.append(Diagnostic("csv-header", f"two columns are called '{name}'", at, hint="rename one of them"))
        elif name not in names:
            likely = did_you_mean(name.strip(), missing)
            hint = likely or f"describe it in {sidecar}, or remove it"
            problems.append(Diagnostic("unknown-column", f"the sidecar describes no column '{name}'", at, hint=hint))
    for field in fields:
        if field.name in missing:
            hint = hint_for(field.name, [name for name in header if name not in names], "columns left over")
            message = f"{path} has no column '{field.name}'"
            problems.append(Diagnostic("missing-column", message, field.at, hint=hint))
    if not problems and header != names:
        at, hint = Location(path, 1, 1), f"order them as in the sidecar: {','.join(names)}"
        problems.append(
            Diagnostic("csv-header", "the columns stand in another order than in the sidecar", at, hint=hint)
        )
    return problems


def _read_cell(cell: str, field: Field) -> Value | Diagnostic:
    if field.is_number:
        value = parse_quantity(cell)
        if isinstance(value, str):
            return Diagnostic("bad-number", f"column '{field.name}': {value}", Location(""))
        if field.type == "integer" and value.places:
            message = f"column '{field.name}': '{cell}' is not whole"
            return Diagnostic("bad-number", message, Location(""), hint="change the type of the column to 'number'")
        return value
    text = cell.strip()
    if not text and field.constraints.required:
        return Diagnostic("empty-cell", f"column '{field.name}' must not be empty", Location(""))
    if field.type == "date" and text and not missing_mark(text):
        try:
            datetime.date.fromisoformat(text)
        except ValueError:
            message = f"column '{field.name}': '{text}' is not a date"
            return Diagnostic("bad-date", message, Location(""), hint="write it as 2024-03-31")
    return text


def cell_location(path: str, line: int, text: str, position: int) -> Location:
    """Return the place of the cell at *position* in the physical line *text* of an extract.

    >>> cell_location("a.csv", 2, '"x, y",12,3', 1)
    Location(path='a.csv', line=2, column=8, width=2)
    """
    start, quoted, seen = 0, False, 0
    for offset, ch in enumerate(text):
        if ch == '"':
            quoted = not quoted
        elif ch == "," and not quoted:
            if seen == position:
                return Location(path, line, start + 1, max(offset - start, 1))
            seen, start = seen + 1, offset + 1
    return Location(path, line, start + 1, max(len(text) - start, 1)) if seen == position else Location(path, line, 1)


def _check_rows(dataset: Dataset) -> list[Diagnostic]:
    """Check keys and constraints; each problem names the cell."""
    problems: list[Diagnostic] = []

    def report(code: str, message: str, row: Row, hint: str = "") -> None:
        problems.append(Diagnostic(code, message, Location(dataset.csv_path, row.line, 1), hint=hint))

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
    return problems
