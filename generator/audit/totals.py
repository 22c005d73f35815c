"""Find which rows a printed total is the sum of, from the figures alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from types import MappingProxyType

from generator.audit.figures import ZERO, Number, Sheet, number_for
from generator.audit.guesses import Guess, tried
from generator.datasets import Printed, Total
from generator.quantities import MONEY_SCALES
from generator.terms import COUNT_SCALES, Term, cell_term

FAR = 0.35
"""A total that no rows give exactly is compared with all its rows only if it comes this near to their sum."""

Where = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """One printed figure of a total, and the rows that its keys leave."""

    printed: Number
    sums: Mapping[str, Mapping[str, Number]]
    """For each column of words, the sum for each of its values; under the empty name the sum of all rows."""

    def sum(self, where: Where) -> Number:
        """Return the sum of the rows that fit."""
        name, values = where[0] if where else ("", ("",))
        found = self.sums[name]
        return sum((found[value] for value in values if value in found), ZERO)


def guess_totals(sheet: Sheet) -> Iterator[Guess]:
    """Yield, for each total that the paper prints, the rows that it most likely is the sum of."""
    for total in sheet.dataset.totals:
        places = [place for entry in total.printed for column in entry.values
                  if (place := _place(sheet, entry, column))]  # fmt: skip
        if not places:
            continue
        wheres = [(), *_wheres(sheet, total, places)]
        cost = math.log2(len(wheres))
        trials = [(where, tried(((place.printed, place.sum(where)) for place in places), cost)) for where in wheres]
        where, best = max(trials, key=lambda found: (*found[1].merit, -len(found[0])))
        if not best.is_believed:
            where, best = trials[0]
            if any(abs(p.printed.value - p.sum(()).value) > FAR * abs(p.printed.value) for p in places):
                continue
        about = frozenset((sheet.dataset.sidecar_path, entry.at.line, column)
                          for entry in total.printed for column in entry.values)  # fmt: skip
        guessed = replace(total, where=MappingProxyType(dict(where)))
        yield Guess(sheet.dataset.id, "total", guessed, best.holds, best.of, max(best.bits, 0.0), about)


def _place(sheet: Sheet, entry: Printed, column: str) -> _Place | None:
    dataset = sheet.dataset
    field = dataset.field(column)
    rows = [row for row in dataset.rows if all(dataset.text(row, k) == v for k, v in entry.keys.items())]
    terms = [(row, cell_term(dataset, row, column)) for row in rows]
    if any(term.mark in ("lost", "c") for _, term in terms) or len({term.family for _, term in terms}) != 1:
        return None
    unit = terms[0][1].unit
    power = MONEY_SCALES.get(unit, COUNT_SCALES[field.scale])
    printed = number_for(Term(entry.values[column], unit, power, terms[0][1].is_rounded, None))
    sums: dict[str, dict[str, Number]] = {"": {"": ZERO}}
    for row, term in terms:
        number = number_for(term) or ZERO
        sums[""][""] += number
        for name in sheet.names:
            own = sums.setdefault(name, {})
            own[dataset.text(row, name)] = own.get(dataset.text(row, name), ZERO) + number
    return _Place(printed, sums) if printed else None


def _wheres(sheet: Sheet, total: Total, places: list[_Place]) -> Iterator[Where]:
    """Yield one value, a run of values, or, where they are few, any values of one column."""
    for name in sheet.names:
        if name not in total.by:
            values = list(dict.fromkeys(value for place in places for value in place.sums[name]))
            if 2 <= len(values) <= 7:
                groups = [group for size in range(1, len(values)) for group in combinations(values, size)]
            elif len(values) <= 30:
                spans = combinations(range(len(values) + 1), 2)
                groups = [tuple(values[a:b]) for a, b in spans if b - a < len(values)]
            else:
                groups = []
            yield from (((name, group),) for group in groups)
