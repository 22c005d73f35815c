"""Read the tables of a workbook, a CSV or text pasted from a PDF as rows of text, each cell with its place.

Numbers are taken as they are stored; how a workbook shows them, for instance as percent, is not known.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from generator.charsets import Undecodable, decode
from generator.diagnostics import Checked, Diagnostic, Location
from generator.intake import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, read_records

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin: XLSX and ODS, and the older XLS."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table."""

    number: int
    """Where it stands: the row of the sheet, or the line of the file."""
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file."""

    path: str
    name: str
    """The name of the sheet; empty for a file that is one table."""
    lines: tuple[Line, ...]
    """The rows that say anything."""

    def place(self, line: Line, position: int) -> str:
        """Say where a cell stands, e.g. ``kpis.xlsx, sheet Indicators, cell F12``."""
        cell = f"cell {letters(position)}{line.number}" if self.name else f"line {line.number}, column {position + 1}"
        return ", ".join(filter(None, (self.path, self.name and f"sheet {self.name}", cell)))

    def row_place(self, line: Line) -> str:
        """Say where a row stands, e.g. ``sheet Indicators, row 12``."""
        return f"sheet {self.name}, row {line.number}" if self.name else f"line {line.number} of {self.path}"


def letters(position: int) -> str:
    """Return the name of a column as spreadsheets have it.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    return (letters(position // 26 - 1) if position >= 26 else "") + chr(ord("A") + position % 26)


def read_tables(name: str, data: bytes) -> Checked[tuple[Sheet, ...]]:
    """Read the tables of the file *name*; none with the reason in the problems if it holds no table."""
    if len(data) > MAX_BYTES:
        return _refused(
            "csv-too-large", name, f"more than {MAX_BYTES // 1_000_000} MB of data", "take out what is not needed"
        )
    if data.startswith(WORKBOOKS):
        return _workbook(name, data)
    if not name.casefold().endswith(".txt"):
        read = read_records(name, data)
        intake = read.value
        records = [intake.header, *intake.records] if intake else []
        lines = tuple(Line(record.line, tuple(map(str.strip, record.cells))) for record in records)
        return Checked((Sheet(name, "", lines),) if lines else (), read.problems)
    decoded = decode(data)
    if isinstance(decoded, Undecodable):
        return _refused("csv-encoding", name, decoded.message, decoded.hint)
    return Checked((Sheet(name, "", pasted(decoded.text)),))


def pasted(text: str) -> tuple[Line, ...]:
    r"""Divide text pasted from the table of a PDF: at tabs, or where two spaces or more stand between words.

    >>> pasted("Indicator    Result   Target\n\nCalls answered   91.5%   95%\n")[1]
    Line(number=3, cells=('Calls answered', '91.5%', '95%'))
    """
    form = re.compile("\t" if "\t" in text else r" {2,}")
    found = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    return tuple(Line(number, tuple(map(str.strip, form.split(line)))) for number, line in found if line)


def _workbook(name: str, data: bytes) -> Checked[tuple[Sheet, ...]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # only an import needs it

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = [(title, book.get_sheet_by_name(title).to_python(skip_empty_area=False)) for title in book.sheet_names]
    except PasswordError:
        return _refused("bad-workbook", name, "this workbook is locked with a password", "save it without one")
    except (CalamineError, OSError, ValueError) as error:
        return _refused("bad-workbook", name, f"this workbook cannot be read: {error}", "save it again, or as CSV")
    sheets = []
    for title, rows in found:
        if len(rows) > MAX_ROWS or any(len(row) > MAX_COLUMNS for row in rows[:1]):
            message = f"the sheet '{title}' has more than {MAX_ROWS:,} rows or {MAX_COLUMNS} columns"
            return _refused("csv-too-large", name, message, "delete what is not part of the table")
        lines = (Line(number, tuple(map(cell_text, row))) for number, row in enumerate(rows, 1))
        sheets.append(Sheet(name, title, tuple(line for line in lines if any(line.cells))))
    return Checked(tuple(sheet for sheet in sheets if sheet.lines))


def cell_text(value: object) -> str:
    """Write the value of a cell of a workbook; numbers without the noise of their binary form.

    >>> cell_text(97.0), cell_text(0.1 + 0.2), cell_text(datetime.date(2024, 6, 30)), cell_text(True)
    ('97', '0.3', '2024-06-30', 'TRUE')
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        text = f"{value:.15g}"
        return text if "e" not in text else f"{value:f}"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value).strip()


def _refused(code: str, name: str, message: str, hint: str) -> Checked[tuple[Sheet, ...]]:
    return Checked((), (Diagnostic(code, message, Location(name), hint=hint),))


def fold(text: str) -> str:
    """Return what counts when headings and names are compared.

    >>> fold("Target  met when:") == fold("target met-when")
    True
    """
    return "".join(ch for ch in text.casefold() if ch.isalnum() or ch in "%£")


def header_of(sheet: Sheet, known: Sequence[str], row: int = 0) -> Line | None:
    """Return the row of headings: the one numbered *row*, or the one that has most of the *known* names."""
    if row:
        return next((line for line in sheet.lines if line.number == row), None)
    names = {fold(name) for name in known}
    first = sheet.lines[:40]
    best = max(first, key=lambda line: len(names & {fold(cell) for cell in line.cells if cell}), default=None)
    return best if best and names & set(map(fold, best.cells)) else None
