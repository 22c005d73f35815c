"""Find totals of one table that are sums of neighbouring rows of another: the columns meet by their names."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

from generator.audit.figures import ZERO, Figure, Number, Sheet, is_nameable, reference
from generator.audit.guesses import Entry, Guess, Trial, tried

LEAST = 4
"""So many columns must meet by their names."""

MOST_ROWS = 30


def guess_runs(sheets: tuple[Sheet, ...]) -> Iterator[Guess]:
    """Yield what the totals of a table, or its rows, are of the rows of another, where most columns agree."""
    for sheet in sheets:
        lines: dict[str, dict[str, Figure]] = {}
        for figure in sheet.stated:
            if not figure.keys:
                lines.setdefault(figure.total, {})[figure.column] = figure
        for other in sheets:
            for figures in lines.values():
                if other is not sheet:
                    yield from _guess_run(sheet, figures, other)


def _guess_run(sheet: Sheet, figures: dict[str, Figure], other: Sheet) -> Iterator[Guess]:
    key = other.dataset.primary_key
    columns = [name for name in figures if name in other.dataset.index and other.dataset.field(name).is_number]
    if len(key) != 1 or len(columns) < LEAST or len(other.rows) > MOST_ROWS:
        return
    names = [row[key[0]] for row in other.rows if key[0] in row]
    if len(names) < len(other.rows) or not is_nameable(names):
        return
    cells = {(figure.keys[key[0]], figure.column): figure.number for figure in other.cells}
    spans = [(a, b) for a, b in combinations(range(len(names) + 1), 2) if b - a > 1]
    best: tuple[Trial, tuple[int, int]] | None = None
    for a, b in spans:
        found = tried(((figures[c].number, _sum(cells, names[a:b], c)) for c in columns), math.log2(len(spans)))
        if found.is_believed and (best is None or found.merit > best[0].merit):
            best = found, (a, b)
    if best is None:
        return
    trial, (a, b) = best
    labels = {total.id: total.label for total in sheet.dataset.totals}
    for column in columns:
        figure = figures[column]
        if not figure.number.agrees(_sum(cells, names[a:b], column)) and figure.term.cell:
            there = reference(column, {key[0]: " | ".join(names[a:b])}, dataset=other.dataset.id)
            title = sheet.dataset.field(column).title
            entry: Entry = {"kind": "same", "label": f"{labels[figure.total]}, {title}",
                            "here": figure.reference({}), "there": there}  # fmt: skip
            about = frozenset({figure.term.cell})
            yield Guess(sheet.dataset.id, "rows of another table", entry, trial.holds, trial.of, trial.bits, about)


def _sum(cells: dict[tuple[str, str], Number], names: list[str], column: str) -> Number:
    return sum((cells.get((name, column), ZERO) for name in names), ZERO)
