"""Write datasets as the files that readers download: plain typed CSV, and the same as a Data Resource descriptor."""

from __future__ import annotations

import csv
import io
import json

from generator.config import Licence, Paper
from generator.datasets import Dataset, Field, Value, missing_mark
from generator.quantities import MARKS, Quantity

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""Beginnings that a spreadsheet would run, also after spaces."""
GUARD = "'"
"""Stands before such text, and before text that begins with it, so that taking away one gives every text back."""
GUARD_WORDS = (
    "In columns of type string, a text that a spreadsheet would run as a formula, and a text that begins with an "
    "apostrophe, has one apostrophe before it. Remove one apostrophe from the beginning of such a text to get it back. "
    "Numbers are never changed."
)


def guarded(text: str) -> str:
    """Return *text* so that no spreadsheet runs it; removing the first apostrophe undoes it.

    >>> guarded("=1+1"), guarded("'quoted'"), guarded("plain"), guarded(" -x")
    ("'=1+1", "''quoted'", 'plain', "' -x")
    """
    return GUARD + text if text.startswith(GUARD) or text.lstrip().startswith(FORMULA) or text[:1].isspace() else text


def published_columns(dataset: Dataset) -> list[tuple[Field, bool]]:
    """Return the columns of the published CSV, each with whether a note column follows it."""
    found = []
    for field in dataset.fields:
        if field.is_published:
            values = (dataset.value(row, field.name) for row in dataset.rows)
            found.append((field, any(_note(value) for value in values)))
    return found


def published_csv(dataset: Dataset) -> bytes:
    """Return the rows as RFC 4180: plain values; marks and qualifiers in words in a column ``<name>_note``."""
    columns = published_columns(dataset)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([name for f, noted in columns for name in ([f.name, f"{f.name}_note"] if noted else [f.name])])
    for row in dataset.rows:
        cells: list[str] = []
        for field, noted in columns:
            value = dataset.value(row, field.name)
            cells.append(_plain(value))
            if noted:
                cells.append(_note(value))
        writer.writerow(cells)
    return text.getvalue().encode()


def _plain(value: Value) -> str:
    if isinstance(value, Quantity):
        return "" if value.number is None else f"{value.number:f}"
    if missing_mark(value):
        return ""
    return guarded(value)


def _note(value: Value) -> str:
    mark = value.mark if isinstance(value, Quantity) else missing_mark(value)
    qualifier = value.qualifier if isinstance(value, Quantity) else ""
    words = MARKS[mark] if mark else ""
    return "; ".join(part for part in (qualifier, words) if part)


def _facts(dataset: Dataset) -> dict[str, str]:
    """Return what decides with which other figures those of a dataset may be compared or added."""
    return {
        "period": dataset.period,
        "period_type": dataset.period_type,
        "covers_to": dataset.covers_to.isoformat() if dataset.covers_to else "",
        "phase": dataset.phase,
        "basis": dataset.basis,
        "funding": dataset.funding,
        "net_or_gross": dataset.net_or_gross,
        "geography": dataset.geography,
        "sign": dataset.sign,
        "qualifier": dataset.qualifier,
    }


def descriptor(dataset: Dataset, paper: Paper | None, licence: Licence, address: str) -> bytes:
    """Return the Frictionless Data Resource descriptor of the published CSV."""
    fields = []
    for field, noted in published_columns(dataset):
        kind = "string" if field.type == "date" else field.type
        described = {"name": field.name, "type": kind, "title": field.title, "description": field.description}
        described |= {"role": field.role, "unit": field.unit_from or field.unit}
        fields.append(described)
        if noted:
            title = f"{field.title}: notes"
            text = "Qualifier or shorthand of the value in words, or why there is none."
            fields.append({"name": f"{field.name}_note", "type": "string", "title": title, "description": text})
    resource = {
        "name": dataset.id,
        "path": f"{dataset.id}.csv",
        "title": dataset.title,
        "description": dataset.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "homepage": address,
        "licenses": [{"title": licence.title, "path": licence.url}],
        "sources": [{"title": f"{paper.publisher}: {paper.title}, {paper.date}"}] if paper else [],
        **{key: value for key, value in _facts(dataset).items() if value},
        "notes": list(dataset.notes),
        "guard": {"prefix": GUARD, "types": ["string"], "description": GUARD_WORDS},
        "schema": {
            "fields": fields,
            "primaryKey": [name for name in dataset.primary_key if dataset.field(name).is_published],
            "missingValues": [""],
        },
    }
    return (json.dumps(resource, indent=2, ensure_ascii=False) + "\n").encode()
