"""Propose a dataset from a raw file: an extract in the plain form, and a sidecar with what the cells let one infer.

What cannot be inferred is left as an empty key, which `check` reports with its place; nothing is made up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from generator.audit.proofs import Proof, proved_checks
from generator.cells import MONTHS, Figure, Plain, figure_of, plain_date, plain_number, plain_text
from generator.datasets import BASES, GEOGRAPHIES, PERIOD_TYPES, PHASES, Dataset, Field, missing_mark
from generator.diagnostics import Checked, Diagnostic, Severity, is_error
from generator.extracts import plain_records, read_dataset
from generator.intake import Intake, read_records, write_records
from generator.paths import slugify
from generator.positioned import yaml_text
from generator.quantities import UNITS, Quantity
from generator.totalrows import SHARES, TotalRow, total_columns, total_entries, total_rows

_YEARS = re.compile(r"(19|20)\d{2}[-/–](\d{2}|(19|20)\d{2})")
_CALENDAR_YEAR = re.compile(r"(19|20)\d{2}")
_QUARTER = re.compile(r"(q|quarter )[1-4]\b.*", re.IGNORECASE)
_RATINGS = frozenset({"green", "amber", "red", "not rated", "n/a"})
_DIRECTIONS = frozenset({"improving", "stable", "worsening", "stable or no clear trend", "up", "down", "no change"})
_UNIT_WORDS = (
    ("gbp-thousand", re.compile(r"£ ?'?000s?|£ ?k\b|£ ?thousands?", re.IGNORECASE)),
    ("gbp-million", re.compile(r"£ ?m\b|£ ?mn\b|£ ?millions?", re.IGNORECASE)),
    ("gbp", re.compile(r"£|\bpounds\b", re.IGNORECASE)),
    ("percentage-points", re.compile(r"percentage points|% points", re.IGNORECASE)),
    ("percent", re.compile(r"%|\bper ?cent(age)?\b", re.IGNORECASE)),
    ("pence", re.compile(r"\bpence\b", re.IGNORECASE)),
    ("rate", re.compile(r"\bper ([1-9][0-9,]*0)\b", re.IGNORECASE)),
    ("ratio", re.compile(r"\bratio\b", re.IGNORECASE)),
    ("index", re.compile(r"\bindex\b", re.IGNORECASE)),
)
"""Words of a heading that say the unit of a column; the first that is found counts."""
_LONG_TEXT = 60
"""Characters from which a cell is a sentence rather than a name."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The two files of a new dataset and what was found out about them."""

    extract: bytes
    sidecar: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """What the heading and the cells of one column let one infer."""

    title: str
    type: str
    role: str
    unit: str
    """Empty where neither heading nor cells say it."""
    per: int
    order: str
    because: str
    """What was inferred, in words for the editor."""


def propose(name: str, path: str, data: bytes, paper: str = "") -> Checked[Proposal | None]:
    """Propose the dataset *name* from the bytes of the file at *path*; the value is `None` if they hold no table.

    The problems are those of the file: how it was read, and which of its cells the editor has to correct.
    """
    read = read_records(path, data)
    intake = read.value
    if intake is None:
        return Checked(None, read.problems)
    columns = _columns(intake)
    draft = _sidecar(name, paper, columns, [column.title for column in columns], (), [])
    found = read_dataset(name, (f"{name}.yaml", draft), (path, data))
    problems = tuple(problem for problem in found.problems if problem.at.path == path)
    dataset = found.value
    is_torn = any(problem.code == "csv-header" for problem in problems)
    if dataset is None or is_torn or _has_two_readings(intake, dataset.fields):
        return Checked(None, problems)
    names = _names(columns)
    fields = tuple(replace(field, name=new) for field, new in zip(dataset.fields, names, strict=True))
    index = MappingProxyType({new: position for position, new in enumerate(names)})
    dataset = replace(dataset, fields=fields, index=index, primary_key=())
    totals = total_rows(dataset)
    lines = {total.row.line for total in totals}
    dataset = replace(dataset, rows=tuple(row for row in dataset.rows if row.line not in lines))
    key = _primary_key(dataset)
    ids: set[str] = set()
    entries = total_entries(dataset, totals, ids)
    along = total_columns(dataset, ids)
    sidecar = _sidecar(name, paper, columns, names, key, [*entries, *along])
    kept = replace(intake, records=tuple(record for record in intake.records if record.line not in lines))
    extract = write_records([names, *plain_records(kept, fields)])
    proofs = _proofs(name, sidecar, extract)
    sidecar += "".join(["checks:\n", *(f"  - {proof.entry}\n" for proof in proofs)] if proofs else [])
    findings = [f"{len(dataset.rows)} rows, {len(fields)} columns"]
    findings += [
        f"column '{new}' ({column.title}): {column.because}" for column, new in zip(columns, names, strict=True)
    ]
    findings.append(f"key: {', '.join(key)}" if key else "no set of text columns tells the rows apart: there is no key")
    findings += [
        f"line {total.row.line}: '{dataset.text(total.row, total.column)}' is the total of {len(total.parts)} rows; "
        "it stands in the sidecar now"
        for total in totals
    ]
    doubtful = [problem for problem in problems if problem.code == "csv-total-row" and problem.at.line not in lines]
    findings += [f"line {problem.at.line}: {problem.message}; it was left where it is" for problem in doubtful]
    findings += [finding for total in totals for finding in _left_out(dataset, total)]
    findings += [f"a column is the total of others: {entry}" for entry in along]
    findings += [f"a check that holds in {_places(proof.places)}: {proof.entry}" for proof in proofs]
    if not (proofs or entries or along or doubtful):
        findings.append(f"no total and no check holds everywhere; 'transparency audit {name}' finds what holds mostly")
    left = (p for p in problems if p not in doubtful and not (is_error(p) and p.at.line in lines))
    told = tuple(replace(p, hint="") if p.severity is Severity.NOTE else p for p in left)
    return Checked(Proposal(extract, sidecar, tuple(findings)), told)


def _left_out(dataset: Dataset, total: TotalRow) -> list[str]:
    """Name the figures of a total row that are no sums, such as shares: no total of the sidecar can hold them."""
    shown = [(field, dataset.value(total.row, field.name)) for field in dataset.fields if field.unit in SHARES]
    return [
        f"line {total.row.line}: {value.number} in '{field.name}' is no sum and was left out; a check can state it"
        for field, value in shown
        if isinstance(value, Quantity) and value.number is not None
    ]


def _proofs(name: str, sidecar: str, extract: bytes) -> tuple[Proof, ...]:
    """Return the checks that the new extract passes everywhere."""
    made = read_dataset(name, (f"{name}.yaml", sidecar), (f"{name}.csv", extract)).value
    return proved_checks(made) if made else ()


def _places(count: int) -> str:
    return "its one place" if count == 1 else f"all {count} places"


def _has_two_readings(intake: Intake, fields: Sequence[Field]) -> bool:
    """Tell whether a number with a comma, refused in a file with semicolons, would be read in one with commas."""
    if intake.delimiter != ";":
        return False
    rows = [record.cells for record in intake.records if len(record.cells) == len(fields)]
    numbers = [(position, field) for position, field in enumerate(fields) if field.is_number]
    return any(
        isinstance(plain_number(row[n], field.unit, decimal_comma=True), Diagnostic)
        and isinstance(plain_number(row[n], field.unit), Plain)
        for row in rows
        for n, field in numbers
    )


def _columns(intake: Intake) -> list[_Column]:
    rows = [record.cells for record in intake.records if len(record.cells) == len(intake.header.cells)]
    return [
        _column(title, [row[position] for row in rows if plain_text(row[position]).text])
        for position, title in enumerate(intake.header.cells)
    ]


def _names(columns: Sequence[_Column]) -> list[str]:
    """Return a name for each column: its heading in small letters, each once."""
    names: list[str] = []
    for number, column in enumerate(columns, 1):
        stem = slugify(column.title).replace("-", "_") or column.unit.replace("-", "_") or f"column_{number}"
        stem = re.sub("_note$", "_notes", stem)  # a download adds "x_note" to "x"
        names.append(next(n for n in (stem, *(f"{stem}_{more}" for more in range(2, 999))) if n not in names))
    return names


def _column(title: str, cells: Sequence[str]) -> _Column:
    """Infer what a column holds from its heading and the cells that are not empty.

    >>> _column("Spend (£m)", ["1.5", "[x]"]).unit, _column("Year", ["2023-24"]).unit, _column("Take-up", ["5%"]).unit
    ('gbp-million', 'financial-year', 'percent')
    """
    said = [plain_text(cell).text for cell in cells]
    said = [text for text in said if not missing_mark(text)]
    heading = title.casefold()
    if heading.replace(" ", "_") in ("lines", "source_lines"):
        return _Column(title, "string", "provenance", "text", 0, "", "where the figures stand; not published")
    if said and not any(isinstance(plain_date(text), Diagnostic) for text in said):
        return _Column(title, "date", "dimension", "date", 0, "", "every cell is a date")
    if said and "year" in heading and all(_CALENDAR_YEAR.fullmatch(text) for text in said):
        return _Column(title, "string", "dimension", "year", 0, "", "every cell is a year")
    figures = [figure for cell in cells if not missing_mark(cell.strip()) and (figure := figure_of(cell))]
    if figures and len(figures) * 5 >= len(said) * 3 and not any(re.match("0[0-9]", text) for text in said):
        return _figures(title, figures, len(said) - len(figures))
    unit, because = _text_unit(said)
    order = "printed" if unit == "category" and _has_order(said) else ""
    return _Column(title, "string", "dimension", unit, 0, order, because)


def _figures(title: str, figures: Sequence[Figure], others: int) -> _Column:
    """Infer the unit of a column of numbers: from its heading, then from the signs in its cells."""
    whole = all("." not in figure.text for figure in figures)
    unit, per, because = "", 0, "numbers; neither heading nor cells say in which unit"
    signs = {(figure.pound, figure.suffix) for figure in figures if figure.pound or figure.suffix}
    for name, pattern in _UNIT_WORDS:
        if found := pattern.search(title):
            unit, because = name, f"numbers in {UNITS[name]}, as the heading says"
            per = int(found[1].replace(",", "")) if name == "rate" else 0
            break
    else:
        pound, suffix = signs.pop() if len(signs) == 1 else (False, "")
        if suffix in ("%", "p") or pound:
            unit = {"%": "percent", "p": "pence", "k": "gbp-thousand", "m": "gbp-million"}.get(suffix, "gbp")
            signed = sum(bool(figure.pound or figure.suffix) for figure in figures)
            who = "the cells say" if signed == len(figures) else f"{signed} of {len(figures)} cells say"
            because = f"numbers in {UNITS[unit]}, as {who}"
        elif whole and not signs:
            unit, because = "count", "whole numbers, taken for a count"
    if others:
        because += f"; {others} cell{'s are' if others > 1 else ' is'} no number"
    return _Column(title, "integer" if whole else "number", "measure", unit, per, "", because)


def _text_unit(said: Sequence[str]) -> tuple[str, str]:
    words = {text.casefold() for text in said}
    if not words:
        return "", "no cell says anything"
    if all(_YEARS.fullmatch(text) for text in said):
        return "financial-year", "every cell is a financial year"
    if all(_QUARTER.fullmatch(text) for text in said):
        return "quarter", "every cell is a quarter"
    if words <= _RATINGS:
        return "rating", "every cell is a rating"
    if words <= _DIRECTIONS:
        return "direction", "every cell is a direction of travel"
    if max(map(len, words)) > _LONG_TEXT:
        return "text", "text"
    return "category", "names"


def _has_order(said: Sequence[str]) -> bool:
    """Tell whether names stand in an order of their own: ages, bands, months, terms of a year."""
    months = all(text.casefold()[:3] in MONTHS for text in said)
    return months or all(re.search("[0-9]", text) or len(text) == 1 for text in said)


def _primary_key(dataset: Dataset) -> tuple[str, ...]:
    """Return the smallest set of leading dimensions that tells all rows apart."""
    names = [f.name for f in dataset.fields if f.role == "dimension" and f.unit != "text"]
    for count in range(1, len(names) + 1):
        keys = [tuple(dataset.text(row, name) for name in names[:count]) for row in dataset.rows]
        if len(set(keys)) == len(keys):
            return tuple(names[:count])
    return ()


def _sidecar(
    name: str, paper: str, columns: Sequence[_Column], names: Sequence[str], key: Sequence[str], totals: Sequence[str]
) -> str:
    """Write the sidecar; keys that only an editor can fill in stay empty."""
    lines = [
        f"name: {name}",
        f"path: {name}.csv",
        "title:",
        "description:",
        "source:",
        f"  paper: {yaml_text(paper) if paper else ''}".rstrip(),
        "  item:",
        "period:",
        f"period_type:  # {', '.join(PERIOD_TYPES)}",
        f"phase:  # {', '.join(PHASES)}",
        f"basis:  # {', '.join(BASES)}",
        f"geography:  # {', '.join(GEOGRAPHIES)}",
        "schema:",
        *([f"  primaryKey: [{', '.join(key)}]"] if key else []),
        '  missingValues: ["", "[x]", "[z]", "[c]", "[lost]"]',
        "  fields:",
    ]
    for column, field in zip(columns, names, strict=True):
        lines += [
            f"    - name: {yaml_text(field)}",
            f"      type: {column.type}",
            f"      title: {yaml_text(column.title)}",
            "      description:",
            f"      role: {column.role}",
            f"      unit: {column.unit}".rstrip(),
        ]
        lines += [f"      per: {column.per}"] if column.per else []
        lines += [f"      order: {column.order}"] if column.order else []
    lines += ["totals:", *(f"  - {entry}" for entry in totals)] if totals else []
    return "\n".join(lines) + "\n"
