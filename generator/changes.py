"""The record of every published figure that changed, and of every edition that was added.

A revision is planned by the source; a correction puts a mistake right, the council's or ours.  Marks in the extract,
notes at the dataset and the list of changes all follow from ``content/changes.csv``, which only the commands write.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from generator.datasets import EDITION, Dataset, Row
from generator.diagnostics import Checked, Diagnostic, Location, hint_for
from generator.digest import digest
from generator.intake import read_records, write_records
from generator.paths import SLUG
from generator.quantities import TEXT_UNITS, Quantity, in_words, parse_quantity
from generator.words import long_date

PATH = "content/changes.csv"
COLUMNS = ("date", "dataset", "key", "column", "old", "new", "kind", "reason")
KINDS = {
    "edition": "New figures",
    "revision": "Revision, planned by the source",
    "method": "Change of method",
    "council": "Correction by the council",
    "ours": "Correction of our error",
}
"""Every kind of change, in words for readers."""
REVISED = ("revision", "method")
"""Kinds after which a figure carries the mark ``[r]``; a correction is no revision, and is told in a note."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the record."""

    date: datetime.date
    dataset: str
    key: str
    """The values of the key of the row, divided by `` | ``; for a new edition its paper."""
    column: str
    old: str
    new: str
    kind: str
    reason: str
    at: Location


def read_changes(data: bytes | None, datasets: Mapping[str, Dataset]) -> Checked[tuple[Change, ...]]:
    """Read the record; what does not fit the datasets is a problem."""
    if data is None:
        return Checked(())
    read = read_records(PATH, data, COLUMNS)
    intake, problems = read.value, list(read.problems)
    if intake is None or intake.header.cells != COLUMNS:
        message, hint = f"the record of changes has the columns {', '.join(COLUMNS)}", "put its first line back"
        return Checked((), (*problems, Diagnostic("bad-record", message, Location(PATH, 1, 1), hint=hint)))
    found = []
    for record in intake.records:
        at = Location(PATH, record.line, 1)
        change = _change(record.cells, datasets, at)
        if isinstance(change, Diagnostic):
            problems.append(change)
        else:
            found.append(change)
    return Checked(tuple(found), tuple(problems))


def _change(cells: Sequence[str], datasets: Mapping[str, Dataset], at: Location) -> Change | Diagnostic:
    remedy = "put the line back as 'transparency correct' wrote it"
    if len(cells) != len(COLUMNS):
        return Diagnostic("bad-record", f"this line has {len(cells)} cells, not {len(COLUMNS)}", at, hint=remedy)
    date, dataset, key, column, old, new, kind, reason = cells
    try:
        day = datetime.date.fromisoformat(date)
    except ValueError:
        return Diagnostic("bad-record", f"'{date}' is not a date", at, hint=remedy)
    if kind not in KINDS:
        return Diagnostic("bad-record", f"'{kind}' is no kind of change", at, hint=hint_for(kind, list(KINDS), "kinds"))
    if dataset not in datasets:
        return Diagnostic("unknown-dataset", f"there is no dataset '{dataset}'", at,
                          hint=hint_for(dataset, list(datasets), "datasets"))  # fmt: skip
    if not reason.strip():
        return Diagnostic("bad-record", "no reason is given", at, hint="write why, in words for readers")
    return Change(day, dataset, key, column, old, new, kind, reason, at)


def with_change(data: bytes | None, change: Change) -> bytes:
    """Return the record with an entry more at its end."""
    above = data or write_records([COLUMNS])
    cells = [change.date.isoformat(), change.dataset, change.key, change.column, change.old, change.new, change.kind,
             change.reason]  # fmt: skip
    return above + (b"" if above.endswith(b"\n") else b"\n") + write_records([cells])


def key_words(dataset: Dataset, change: Change, row: Row | None) -> str:
    """Name the row of a change for readers: without its paper and its unit, and by the name that a code stands for."""
    hidden = {EDITION, *(field.unit_from for field in dataset.fields)}
    words = dict(zip(dataset.primary_key, change.key.split(" | "), strict=False))
    shown = [dataset.text(row, _named(dataset, name)) if row else word for name, word in words.items()
             if name not in hidden]  # fmt: skip
    return ", ".join(shown)


def _named(dataset: Dataset, name: str) -> str:
    """Return the column with the name that each code of the column *name* stands for; itself if it holds no codes."""
    codes = [dataset.text(row, name) for row in dataset.rows]
    if not all(SLUG.fullmatch(code) for code in codes) or not any("-" in code for code in codes):
        return name
    for field in dataset.fields:
        if field.role == "dimension" and field.unit == "category" and field.name not in dataset.primary_key:
            names = [dataset.text(row, field.name) for row in dataset.rows]
            if len(set(zip(codes, names, strict=True))) == len(set(codes)) == len(set(names)):
                return field.name
    return name


def sentence(dataset: Dataset, change: Change) -> str:
    """Say one change in a sentence."""
    if change.kind == "edition":
        return f"{change.new} were added."
    row = next((r for r in dataset.rows if row_key(dataset, r) == change.key), None)
    named = key_words(dataset, change, row)
    if change.column not in dataset.index:
        return f"{named}: {change.column} was {change.old} and is {change.new}."
    field = dataset.field(change.column)
    unit = dataset.unit(row, field.name) if row else field.unit
    old, new = (_in_words(text, unit if field.is_number else "text") for text in (change.old, change.new))
    return f"{named}: {field.title} was {old} and is {new}."


def _in_words(text: str, unit: str) -> str:
    found = parse_quantity(text) if unit not in TEXT_UNITS else text
    return in_words(found, unit) if isinstance(found, Quantity) else text


def row_key(dataset: Dataset, row: Row) -> str:
    """Return how the record names a row."""
    return " | ".join(dataset.text(row, name) for name in dataset.primary_key)


def noted(dataset: Dataset, changes: Sequence[Change]) -> Dataset:
    """Return a dataset with a note about each of its figures that changed after it was published."""
    notes = tuple(
        f"{long_date(change.date)}: {sentence(dataset, change)} {KINDS[change.kind]}. {change.reason}"
        for change in changes
        if change.dataset == dataset.id and change.kind != "edition"
    )
    return replace(dataset, notes=(*dataset.notes, *notes), digest=digest(dataset.digest, *notes)) if notes else dataset
