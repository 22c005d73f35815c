"""Hold the words of a dataset against the code lists they refer to, and find the one name behind several spellings.

A code list is a dataset of names.  Papers spell one name in several ways, so a list may have a column ``aliases`` with
the other spellings, divided by ``|``.  A cell keeps the spelling that its paper prints.
"""

from __future__ import annotations

from collections.abc import Mapping

from generator.datasets import Dataset, ForeignKey, missing_mark
from generator.diagnostics import Diagnostic, Location, did_you_mean, hint_for

ALIASES = "aliases"


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
