"""Make the rows of a new edition from a council's table; rows that are there already are never changed.

What the table does not say, such as the unit or the section of an indicator, is carried over from the edition before,
or from the code list, where it is the same for every row that fits.  Nothing else is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from generator.cells import figure_of
from generator.datasets import EDITION, Dataset, Edition, Field
from generator.diagnostics import Checked, Diagnostic, Location, hint_for, nearest
from generator.extracts import plain_records
from generator.intake import Intake, Record, write_records
from generator.mappings import PERIOD, Plan, RowKind, factor_of, proposed_columns
from generator.workbooks import Line, Sheet, fold, header_of

NOTHING = frozenset({"", "-", "–", "—", "n/a", "N/A", "na", "..", ":"})
"""Cells that hold no figure; a row of the table without any figure gives no row."""

_TIMES = ("date", "year", "financial-year", "quarter")
"""Units of columns that belong to one edition and are never carried over to the next."""


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to be added."""

    cells: tuple[str, ...]
    places: tuple[str, ...]
    """Where each cell was taken from; empty for what was carried over."""


@dataclass(frozen=True, slots=True)
class Addition:
    """The rows of a new edition."""

    plan: Plan
    """With the sheet, the headings and the columns that were found."""
    rows: tuple[NewRow, ...]
    notes: tuple[str, ...]
    """What was found out, for the editor."""


def find_table(plan: Plan, sheets: Sequence[Sheet], dataset: Dataset) -> Checked[tuple[Sheet, Line] | None]:
    """Find the sheet and its row of headings."""
    names = [sheet.name for sheet in sheets]
    chosen = [sheet for sheet in sheets if not plan.sheet or sheet.name == plan.sheet]
    if not chosen:
        message, hint = f"there is no sheet '{plan.sheet}'", hint_for(plan.sheet, names, "sheets")
        return Checked(None, (Diagnostic("unknown-sheet", message, Location(sheets[0].path), hint=hint),))
    known = plan.headings or [text for field in dataset.fields for text in (field.title, field.name)]
    found = [(sheet, head) for sheet in chosen if (head := header_of(sheet, known, plan.header))]
    if not found:
        message = "no row of this file has the headings: " + ", ".join(known[:6])
        hint = "name the row with --header, and the columns with --columns column=Heading"
        return Checked(None, (Diagnostic("unknown-column", message, Location(sheets[0].path), hint=hint),))
    return Checked(max(found, key=lambda pair: len({*map(fold, known)} & {*map(fold, pair[1].cells)})))


def add_rows(
    dataset: Dataset, lists: Mapping[str, Dataset], plan: Plan, sheets: Sequence[Sheet], edition: Edition
) -> Checked[Addition | None]:
    """Make the rows of *edition* from a table; *dataset* is the edition before, *lists* are those it refers to."""
    table = find_table(plan, sheets, dataset)
    if table.value is None:
        return Checked(None, table.problems)
    sheet, header = table.value
    if not plan.headings:
        plan = replace(plan, columns=proposed_columns(dataset, header.cells))
    plan = replace(plan, sheet=sheet.name, header=plan.header or header.number)
    positions = {fold(cell): position for position, cell in reversed(list(enumerate(header.cells))) if cell}
    problems = [
        Diagnostic(
            "unknown-column",
            f"the table has no column '{heading}'",
            Location(sheet.path, header.number),
            hint=hint_for(heading, [cell for cell in header.cells if cell], "columns"),
        )
        for heading in plan.headings
        if fold(heading) not in positions
    ]
    if problems or not plan.headings:
        return Checked(None, tuple(problems))
    maker = _Maker(dataset, lists, plan, sheet, edition, positions, problems)
    rows = [row for line in sheet.lines if line.number > header.number for row in maker.rows(line)]
    notes = [
        f"{sheet.row_place(header)} of {sheet.path} holds the headings"
        if sheet.name
        else f"{sheet.path}: the headings are in line {header.number}"
    ]
    notes += [f"'{name}' is taken from the column '{heading}'" for name, heading in plan.columns.items()]
    if maker.carried:
        notes.append(f"carried over from the edition before: {', '.join(sorted(maker.carried))}")
    if maker.empty:
        named = "; ".join(maker.empty[:4]) + (" …" if len(maker.empty) > 4 else "")
        notes.append(f"{len(maker.empty)} rows without a figure were left out: {named}")
    return Checked(Addition(plan, _plain(dataset, rows), tuple(notes)), tuple(problems))


@dataclass(slots=True)
class _Maker:
    """Makes rows from the lines of one table, and collects what it met."""

    dataset: Dataset
    lists: Mapping[str, Dataset]
    plan: Plan
    sheet: Sheet
    edition: Edition
    positions: Mapping[str, int]
    problems: list[Diagnostic]
    carried: set[str]
    empty: list[str]

    def __init__(
        self,
        dataset: Dataset,
        lists: Mapping[str, Dataset],
        plan: Plan,
        sheet: Sheet,
        edition: Edition,
        positions: Mapping[str, int],
        problems: list[Diagnostic],
    ) -> None:
        self.dataset, self.lists, self.plan, self.sheet, self.edition = dataset, lists, plan, sheet, edition
        self.positions, self.problems, self.carried, self.empty = positions, problems, set(), []

    def rows(self, line: Line) -> list[NewRow]:
        """Return the rows that a line of the table gives, one for each kind whose figures are there."""
        made = [row for kind in self.plan.kinds if (row := self.row(line, kind))]
        if not made and sum(cell not in NOTHING for cell in line.cells) > 1:
            self.empty.append(next(cell for cell in line.cells if cell))
        return made

    def row(self, line: Line, kind: RowKind) -> NewRow | None:
        """Return one row; `None` if the line holds none of its figures."""
        taken: dict[str, tuple[str, str]] = {}
        for name, heading in kind.takes.items():
            position = self.positions[fold(heading)]
            cell = line.cells[position] if position < len(line.cells) else ""
            taken[name] = (self.cell(name, cell), self.sheet.place(line, position))
        measures = [f.name for f in self.dataset.measures if f.name in taken]
        if all(taken[name][0] in NOTHING for name in measures):
            return None
        known = {name: text for name, (text, _) in taken.items() if text not in NOTHING} | dict(kind.says)
        cells, places = [], []
        for field in self.dataset.fields:
            text, place = taken.get(field.name, ("", ""))
            if field.name not in known:
                text, place = self.rest(field, known, kind, line), place
            cells.append(known.get(field.name, text))
            places.append(place)
        return NewRow(tuple(cells), tuple(places))

    def cell(self, name: str, cell: str) -> str:
        """Return a cell in the words of the dataset, multiplied where the plan says so."""
        text = self.plan.aliases.get(cell, cell)
        factor = factor_of(self.plan, name)
        figure = figure_of(text) if factor != 1 and self.dataset.field(name).is_number else None
        if figure is None:
            return text
        number = next(word for word in figure.text.split() if word.lstrip("-")[:1].isdigit())
        return figure.text.replace(number, f"{(Decimal(number) * factor).normalize():f}")

    def rest(self, field: Field, known: Mapping[str, str], kind: RowKind, line: Line) -> str:
        """Return what the table does not say."""
        if field.name == EDITION:
            return self.edition.paper
        if field.name == PERIOD:
            return self.edition.period
        if not field.is_published:
            return self.sheet.row_place(line)
        if field.role == "measure":
            return "[x]"
        if field.unit in _TIMES:
            return "[x]"
        found = self.carry(field.name, known, kind)
        if found is not None:
            self.carried.add(field.name)
            return found
        if field.name in self.dataset.primary_key or field.constraints.required:
            self.unknown(field, known, line)
        return ""

    def carry(self, name: str, known: Mapping[str, str], kind: RowKind) -> str | None:
        """Return the one word that all rows before have which say the same; first those of the same kind."""
        words = {key: word for key, word in known.items() if self.dataset.field(key).role == "dimension"}
        own = [{key: self.dataset.text(row, key) for key in self.dataset.index} for row in self.dataset.rows]
        loose = {key: word for key, word in words.items() if key not in kind.says and key in kind.takes}
        for rows, wanted in ((own, words), (own, loose), (self.listed(), loose), (own, kind.says)):
            fits = [row for row in rows if name in row and (shared := wanted.keys() & row.keys())
                    and all(row[key] == wanted[key] for key in shared)]  # fmt: skip
            if len(found := {row[name] for row in fits}) == 1:
                return found.pop()
        return None

    def listed(self) -> list[dict[str, str]]:
        """Return the entries of the lists that the dataset refers to, under the names that the dataset uses."""
        found = []
        for key in self.dataset.foreign_keys:
            codes = self.lists.get(key.resource)
            for row in codes.rows if codes else ():
                entry = {name: codes.text(row, name) for name in codes.index if name in self.dataset.index}  # type: ignore[union-attr]
                found.append({**entry, key.field: codes.text(row, key.column)})  # type: ignore[union-attr]
        return found

    def unknown(self, field: Field, known: Mapping[str, str], line: Line) -> None:
        """Report a row for which a column cannot be filled: its name is new, or nothing says what stands there."""
        name, label = next(((k, w) for k, w in known.items() if self.dataset.field(k).unit == "category"), ("", ""))
        label = label or next(filter(None, line.cells))
        names = sorted({row[name] for row in (*self.listed(), *_texts(self.dataset)) if name in row})
        message = f"{self.sheet.row_place(line)}: nothing says what the '{field.name}' of '{label}' is"
        hint = f"say it for all such rows with --rows '… {field.name}=…: …', or name its column with --columns"
        if name and label not in names:
            message = f"{self.sheet.row_place(line)}: '{label}' is new, so its '{field.name}' is not known"
            near = nearest(label, names)
            hint = f"if it is '{near}', add --alias '{label}={near}'" if near else hint
        self.problems.append(Diagnostic("unknown-label", message, Location(self.sheet.path, line.number), hint=hint))


def _texts(dataset: Dataset) -> list[dict[str, str]]:
    return [{key: dataset.text(row, key) for key in dataset.index} for row in dataset.rows]


def _plain(dataset: Dataset, rows: Sequence[NewRow]) -> tuple[NewRow, ...]:
    """Put the cells of rows into the plain form; what cannot be is left for the review to refuse."""
    records = tuple(Record(number, row.cells) for number, row in enumerate(rows, 2))
    intake = Intake(dataset.csv_path, (), ",", Record(1, tuple(dataset.index)), records, ())
    plain = plain_records(intake, dataset.fields)
    return tuple(replace(row, cells=tuple(cells)) for row, cells in zip(rows, plain, strict=True))


def keys_there(dataset: Dataset, rows: Sequence[NewRow]) -> list[Diagnostic]:
    """Report rows whose key the whole *dataset* has already: what is published changes through a correction only."""
    lines = {tuple(dataset.text(row, name) for name in dataset.primary_key): row.line for row in dataset.rows}
    problems = []
    for row in rows:
        key = tuple(row.cells[dataset.index[name]] for name in dataset.primary_key)
        if key in lines:
            message = f"a row for {', '.join(key)} is there already; an import adds rows and changes none"
            hint = "a published figure changes through 'transparency correct'"
            problems.append(Diagnostic("row-exists", message, Location(dataset.csv_path, lines[key], 1), hint=hint))
    return problems


def appended(data: bytes, rows: Sequence[NewRow]) -> bytes:
    """Return an extract with rows at its end; those before stay as they are, byte for byte."""
    end = b"" if not data or data.endswith(b"\n") else b"\n"
    return data + end + write_records([row.cells for row in rows])
