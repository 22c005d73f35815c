"""Read an extract as editors' programs write it: bytes to records of text, each departure from plain CSV noted.

The plain form is UTF-8, commas, one header row, no blank rows, nothing beyond the last column.  Another encoding,
another delimiter, blank rows and empty cells beyond the last column lose nothing when they are put right, so they are
read and noted.  What could be read in two ways is refused.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from generator.cells import KINDS, plain_text
from generator.charsets import UTF8, WINDOWS, Undecodable, decode
from generator.diagnostics import Checked, Diagnostic, Location, Severity

MAX_BYTES, MAX_ROWS, MAX_COLUMNS = 10_000_000, 100_000, 200
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
FIX = "nothing is lost; 'transparency check --fix' writes the file in the plain form"


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one row and the line where it begins."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Departure:
    """One place where a file departs from the plain form, and how it was read."""

    kind: str
    at: Location
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """The records of an extract as text."""

    path: str
    lines: tuple[str, ...]
    """The physical lines, to find the places of cells."""
    delimiter: str
    header: Record
    """The names of the columns, without padding."""
    records: tuple[Record, ...]
    departures: tuple[Departure, ...]

    def place(self, line: int, position: int) -> Location:
        """Return the place of the cell at *position* of the record that begins in *line*."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return cell_location(self.path, line, text, position, self.delimiter)


def read_records(path: str, data: bytes, names: Sequence[str] = ()) -> Checked[Intake | None]:
    """Read the records of an extract whose columns should be called *names*; without names the rows decide.

    The value is `None` when the file cannot be read as rows at all.
    """
    if len(data) > MAX_BYTES:
        return _refused("csv-too-large", f"more than {MAX_BYTES // 1_000_000} MB of data", Location(path))
    decoded = decode(data)
    if isinstance(decoded, Undecodable):
        line = data.count(b"\n", 0, decoded.offset) + 1
        return _refused("csv-encoding", decoded.message, Location(path, line, 1), decoded.hint)
    text = decoded.text
    problems = [_windows_1252(path, text)] if decoded.encoding == WINDOWS else []
    departures = [Departure("encoding", Location(path, 1, 1), decoded.encoding)]
    if decoded.encoding in (UTF8, WINDOWS):
        departures.clear()
    delimiter = _delimiter(text, names)
    if not delimiter:
        message = "the columns could be parted by more than one of commas, semicolons and tabs"
        return _refused("csv-delimiter", message, Location(path, 1, 1), "save the file again with commas")
    if delimiter != ",":
        departures.append(Departure("delimiter", Location(path, 1, 1), DELIMITERS[delimiter]))
    found = _records(text, delimiter)
    if isinstance(found, tuple):
        line, reason = found
        return _refused("csv-syntax", f"this is not CSV: {reason}", Location(path, line, 1))
    full = [record for record in found if any(cell.strip() for cell in record.cells)]
    if not full:
        return _refused("csv-header", "the file is empty", Location(path), "write a row of column names")
    if len(full) > MAX_ROWS or len(full[0].cells) > MAX_COLUMNS:
        return _refused("csv-too-large", f"more than {MAX_ROWS:,} rows or {MAX_COLUMNS} columns", Location(path))
    kept = set(full)
    departures += [Departure("blank", Location(path, r.line, 1)) for r in found if r not in kept]
    width = _width(full)
    cut = [Record(record.line, _cut(record.cells, width)) for record in full]
    departures += [
        Departure("beyond", Location(path, record.line, 1))
        for record, short in zip(full, cut, strict=True)
        if len(short.cells) < len(record.cells)
    ]
    cleaned = [plain_text(name) for name in cut[0].cells]
    header = Record(cut[0].line, tuple(name.text for name in cleaned))
    intake = Intake(path, tuple(text.split("\n")), delimiter, header, tuple(cut[1:]), ())
    departures += [
        Departure(kind, intake.place(header.line, position), cut[0].cells[position], name.text)
        for position, name in enumerate(cleaned)
        for kind in name.kinds
    ]
    return Checked(replace(intake, departures=tuple(departures)), tuple(problems))


def _refused(code: str, message: str, at: Location, hint: str = "") -> Checked[Intake | None]:
    problem = Diagnostic(code, message, at, hint=hint)
    return Checked(None, (problem,))


def _windows_1252(path: str, text: str) -> Diagnostic:
    offset = next(offset for offset, ch in enumerate(text) if not ch.isascii())
    at = Location(path, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
    name = unicodedata.name(text[offset], "unnamed").casefold()
    message = f"this file is not UTF-8; read as Windows-1252 it has '{text[offset]}' here ({name})"
    hint = "compare it with the paper; then 'transparency check --fix', or saving as 'CSV UTF-8', mends the file"
    return Diagnostic("csv-windows-1252", message, at, Severity.WARNING, hint)


def _records(text: str, delimiter: str) -> list[Record] | tuple[int, str]:
    """Return all records, or the line and the reason why there are none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[Record] = []
    line = 1
    try:
        for cells in reader:
            records.append(Record(line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        return line, str(error)
    return records


def _delimiter(text: str, names: Sequence[str]) -> str:
    r"""Return what parts the columns, or an empty string if that cannot be said.

    With *names* it is what makes them appear in the header; without, what gives each row as many cells as the header.

    >>> _delimiter("a;b\n1,5;2\n", ["a", "b"]), _delimiter("a;b\n1;2\n", []), _delimiter("a;b,c\n1;2,3\n", [])
    (';', ';', '')
    """
    if names:
        headers = {mark: _header(text, mark) for mark in DELIMITERS}
        named = {mark: len({*names} & header) for mark, header in headers.items()}
        best = [mark for mark, count in named.items() if count == max(named.values())]
        some = [mark for mark, count in named.items() if count]
        return best[0] if best[0] == "," or len(some) == 1 else ""
    widths = {mark: _widths(_records(text, mark)) for mark in DELIMITERS}
    even = [mark for mark, found in widths.items() if len(found) == 1 and found != {1}]
    likely = even or [mark for mark in DELIMITERS if len(_header(text, mark)) > 1]
    return "," if not likely else likely[0] if len(likely) == 1 else ""


def _widths(records: list[Record] | tuple[int, str]) -> set[int]:
    """Return how many cells the rows have that say anything; none if there are no rows."""
    if isinstance(records, tuple):
        return set()
    return {len(record.cells) for record in records if any(map(str.strip, record.cells))}


def _header(text: str, delimiter: str) -> set[str]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return {plain_text(name).text for name in next((row for row in reader if any(map(str.strip, row))), [])}
    except csv.Error:
        return set()


def _width(records: Sequence[Record]) -> int:
    """Return how many columns there are: those without a name and without any value do not count."""
    header = records[0].cells
    named = len(header)
    while named and not header[named - 1].strip():
        named -= 1
    beyond = (cell for record in records[1:] for cell in record.cells[named : len(header)])
    return len(header) if any(cell.strip() for cell in beyond) else named


def _cut(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return cells if any(cell.strip() for cell in cells[width:]) else cells[:width]


def notes(departures: Iterable[Departure], *, fixable: bool) -> list[Diagnostic]:
    """Say how a file was read: one note for each kind, with its count and its first place.

    *fixable* tells that nothing else is wrong with the file, so that it can be written in the plain form.
    """
    kinds: dict[str, list[Departure]] = {}
    for departure in departures:
        kinds.setdefault(departure.kind, []).append(departure)
    made = []
    for kind, found in kinds.items():
        first = min(found, key=lambda departure: departure.at)
        count, one = len(found), len(found) == 1
        if kind in KINDS:
            before, after = _shown(first.before), _shown(first.after)
            lead = f"'{before}'" if one else f"the first, '{before}',"
            message = f"{count} cell{'' if one else 's'} {KINDS[kind]}; {lead} was read as '{after}'"
        else:
            rows = f"{count} row{'' if one else 's'}"
            message = {
                "encoding": f"the file is {first.before} and was read as such",
                "delimiter": f"the columns are parted by {first.before} and were read so",
                "blank": f"{rows} without any value {'was' if one else 'were'} left out",
                "beyond": f"{rows} with empty cells beyond the last column, which were left out",
            }[kind]
        made.append(
            Diagnostic("csv-normalised", message, first.at, Severity.NOTE, FIX if fixable else "nothing is lost")
        )
    return made


def _shown(text: str) -> str:
    flat = text.replace("\n", "⏎").replace("\r", "")
    return flat if len(flat) <= 40 else flat[:40] + "…"


def write_records(records: Iterable[Sequence[str]]) -> bytes:
    r"""Write records in the plain form.

    >>> write_records([["park", "visits"], ["A, B", "5"], [""]])
    b'park,visits\n"A, B",5\n""\n'
    """
    lines = (",".join(_quoted(cell, alone=len(cells) == 1) for cell in cells) for cells in records)
    return "".join(f"{line}\n" for line in lines).encode()


def _quoted(cell: str, *, alone: bool) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if any(ch in cell for ch in ',;\t"\r\n') or (alone and not cell) else cell


def cell_location(path: str, line: int, text: str, position: int, delimiter: str = ",") -> Location:
    """Return the place of the cell at *position* in the physical line *text* of an extract.

    >>> cell_location("a.csv", 2, '"x, y",12,3', 1)
    Location(path='a.csv', line=2, column=8, width=2)
    """
    start, quoted, seen = 0, False, 0
    for offset, ch in enumerate(text):
        if ch == '"':
            quoted = not quoted
        elif ch == delimiter and not quoted:
            if seen == position:
                return Location(path, line, start + 1, max(offset - start, 1))
            seen, start = seen + 1, offset + 1
    return Location(path, line, start + 1, max(len(text) - start, 1)) if seen == position else Location(path, line, 1)
