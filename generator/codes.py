"""Hold the words of a dataset against the code lists they refer to, and find the one name behind several spellings.

A code list is a dataset of names.  Papers spell one name in several ways, so a list may have a column ``aliases`` with
the other spellings, divided by ``|``.  A cell keeps the spelling that its paper prints.  Portfolios and indicators come
and go: columns ``valid_from`` and ``valid_to`` say for which days a name stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from generator.datasets import EDITION, Dataset, ForeignKey, Row, missing_mark
from generator.diagnostics import Diagnostic, Location, did_you_mean, hint_for

ALIASES, VALID_FROM, VALID_TO = "aliases", "valid_from", "valid_to"


def canonical(codes: Dataset, column: str, text: str) -> str | None:
    """Return the name in *column* that *text* is, or is another spelling of; `None` if the list does not know it."""
    return _spellings(codes, column).get(text)


def _spellings(codes: Dataset, column: str) -> dict[str, str]:
    """Return every accepted spelling with its name."""
    found = {codes.text(row, column): codes.text(row, column) for row in codes.rows}
    for row in codes.rows if ALIASES in codes.index else ():
        for alias in split_aliases(codes.text(row, ALIASES)):
            found.setdefault(alias, codes.text(row, column))
    return found


def split_aliases(text: str) -> list[str]:
    """Divide a cell of other spellings.

    >>> split_aliases("ASCH | Adult Social Care & Health"), split_aliases("")
    (['ASCH', 'Adult Social Care & Health'], [])
    """
    return [alias.strip() for alias in text.split("|") if alias.strip()]


def check_codes(dataset: Dataset, datasets: Mapping[str, Dataset]) -> tuple[Diagnostic, ...]:
    """Report every cell that is not in the list it refers to, and every spelling that stands for two names."""
    problems: list[Diagnostic] = []
    for key in dataset.foreign_keys:
        _check_key(dataset, key, datasets, problems)
    if dataset.is_code_list:
        _check_aliases(dataset, problems)
    return tuple(problems)


def _check_key(dataset: Dataset, key: ForeignKey, datasets: Mapping[str, Dataset], problems: list[Diagnostic]) -> None:
    codes = datasets.get(key.resource)
    if codes is None:
        hint = hint_for(key.resource, list(datasets), "datasets")
        message = f"'{key.field}' refers to a dataset '{key.resource}' that is not there"
        problems.append(Diagnostic("unknown-dataset", message, key.at, hint=hint))
        return
    if key.column not in codes.index:
        hint = hint_for(key.column, list(codes.index), "columns")
        message = f"{codes.csv_path} has no column '{key.column}'"
        problems.append(Diagnostic("unknown-column", message, key.at, hint=hint))
        return
    known = _spellings(codes, key.column)
    for row in dataset.rows:
        text = dataset.text(row, key.field)
        if text not in known and not missing_mark(text):
            message = f"'{text}' in '{key.field}' is not in {codes.csv_path}"
            hint = did_you_mean(text, list(known)) or f"add the name or the spelling to {codes.csv_path}"
            problems.append(Diagnostic("unknown-code", message, Location(dataset.csv_path, row.line, 1), hint=hint))
        elif (day := _day(dataset, row)) and (span := _outside(codes, key.column, known[text], day)):
            message = f"'{text}' in '{key.field}' stands in {codes.csv_path} {span}, and the row is for {day}"
            hint = "name what stood at the time, or correct the days of the name"
            problems.append(Diagnostic("code-not-valid", message, Location(dataset.csv_path, row.line, 1), hint=hint))


def _day(dataset: Dataset, row: Row) -> str:
    """Return the day that a row covers to, as far as its edition or its dataset says it."""
    paper = dataset.text(row, EDITION) if dataset.editions else ""
    covers = next((edition.covers_to for edition in dataset.editions if edition.paper == paper), dataset.covers_to)
    return covers.isoformat() if covers else ""


def _outside(codes: Dataset, column: str, name: str, day: str) -> str:
    """Return for which days *name* stands, if *day* is not among them; ISO dates compare as text."""
    spans = []
    for row in codes.rows:
        if codes.text(row, column) == name:
            found = (codes.text(row, limit) if limit in codes.index else "" for limit in (VALID_FROM, VALID_TO))
            first, last = ("" if missing_mark(date) else date for date in found)
            if (not first or first <= day) and (not last or day <= last):
                return ""
            spans.append(" ".join(filter(None, (first and f"from {first}", last and f"to {last}"))))
    return " and ".join(spans)


def _check_aliases(codes: Dataset, problems: list[Diagnostic]) -> None:
    names = {codes.text(row, "name"): row.line for row in codes.rows} if "name" in codes.index else {}
    seen = dict(names)
    for row in codes.rows if ALIASES in codes.index else ():
        for alias in split_aliases(codes.text(row, ALIASES)):
            if alias in seen:
                message = f"the spelling '{alias}' stands for two names"
                hint = f"the other is in line {seen[alias]}; keep one of them"
                at = Location(codes.csv_path, row.line, 1)
                problems.append(Diagnostic("repeated-alias", message, at, hint=hint))
            seen[alias] = row.line
