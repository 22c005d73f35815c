"""Change single digits of the figures of the site, and tell what the checks that hold a figure make of it.

A check is weak where one changed digit need not show: a part that stays below its whole, a share that stays possible,
rows that are counted and not read, years of a series, a rating, figures that may differ, bounds too coarse to check.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from math import prod
from pathlib import Path
from random import Random
from typing import NamedTuple

from generator.datasets import Dataset
from generator.extracts import read_dataset
from generator.instances import Instance, find_instances
from generator.quantities import Quantity
from generator.ratings import rate
from generator.reconcile import Check, judge
from generator.terms import Cell, Term
from tests.command import FULL

DATA = Path(__file__).parents[2] / "content" / "data"
NAMES = tuple(sorted(path.stem for path in DATA.glob("*.yaml")))
WEAK_KINDS = ("subset", "series", "whole-number")


class Holder(NamedTuple):
    """A check that holds a figure, as it ends on the site as it is."""

    dataset: Dataset
    instance: Instance
    check: Check
    is_acknowledged: bool

    def is_weak(self, cell: Cell) -> bool:
        """Tell whether a changed digit of *cell* need not show."""
        if self.instance.kind in WEAK_KINDS or self.check.result in ("coarse", "unknown"):
            return True
        if self.instance.kind == "recount" and cell != self.instance.printed.cell:
            return True
        return bool(self.instance.may_differ) and not self.is_acknowledged


def paths(name: str) -> tuple[str, str]:
    """Return the sidecar and the extract of a dataset as the build names them."""
    return f"content/data/{name}.yaml", f"content/data/{name}.csv"


@cache
def read(name: str) -> Dataset:
    sidecar, extract = paths(name)
    text, data = (DATA / f"{name}.yaml").read_text(encoding="utf-8"), (DATA / f"{name}.csv").read_bytes()
    found = read_dataset(name, (sidecar, text), (extract, data))
    assert found.value is not None, found.problems
    return found.value


@cache
def library() -> Mapping[str, Dataset]:
    return {name: read(name) for name in NAMES}


@cache
def holders() -> Mapping[Cell, tuple[Holder, ...]]:
    """Return the checks that each figure takes part in."""
    found: dict[Cell, list[Holder]] = defaultdict(list)
    for dataset in library().values():
        for instance in find_instances(dataset, library()):
            if isinstance(instance, Instance):
                judged, note = judge(dataset, instance, {})
                for cell in judged.value.cells:
                    found[cell].append(Holder(dataset, instance, judged.value, note is not None))
    return {cell: tuple(held) for cell, held in found.items()}


@cache
def rated() -> frozenset[Cell]:
    """Return the figures that a published rating is recomputed from."""
    return frozenset(cell for data in library().values() for each in rate(data, library()).value for cell in each.cells)


def cells(dataset: Dataset) -> Iterator[tuple[Cell, Decimal]]:
    """Yield every figure of an extract, and every printed total of its sidecar."""
    for row in dataset.rows:
        for field in dataset.fields:
            value = row.values[dataset.index[field.name]]
            if field.role != "provenance" and isinstance(value, Quantity) and value.number is not None:
                yield (dataset.csv_path, row.line, field.name), value.number
    for total in dataset.totals:
        for printed in total.printed:
            for column, value in printed.values.items():
                if value.number is not None:
                    yield (dataset.sidecar_path, printed.at.line, column), value.number


def changes(cell: Cell, number: Decimal) -> list[Decimal]:
    """Return the number with one digit changed: one that is always the same, or with FULL each digit in turn."""
    text, random = f"{number:f}", Random(repr(cell))
    digits = [n for n, ch in enumerate(text) if ch.isdigit()]
    chosen = digits if FULL else [random.choice(digits)]
    return [Decimal(text[:n] + random.choice("0123456789".replace(text[n], "")) + text[n + 1 :]) for n in chosen]


def changed_instance(instance: Instance, cell: Cell, number: Decimal) -> Instance:
    """Return a check with another number in one of its figures."""

    def change(term: Term) -> Term:
        if term.cell != cell or not isinstance(term.value, Quantity):
            return term
        return replace(term, value=replace(term.value, number=number))

    terms = {
        role: tuple(tuple(change(term) for term in named) for named in references)
        for role, references in instance.terms.items()
    }
    return replace(instance, terms=terms)


def gap(instance: Instance) -> Decimal | None:
    """Return by how much the figures of a check miss each other, in the unit of the figure that is checked.

    This is the plain arithmetic of the printed numbers, without what the generator knows about rounding.
    """
    each = {
        role: [sum((number_of(term).scaleb(term.power) for term in named), Decimal(0)) for named in references]
        for role, references in instance.terms.items()
    }
    of: dict[str, Decimal] = {role: sum(numbers, Decimal(0)) for role, numbers in each.items()}
    minus = of.get("minus", Decimal(0))
    first = next(iter(of.values()))
    if instance.kind in ("share", "growth") and not of["whole" if instance.kind == "share" else "from"]:
        return None
    if instance.kind == "ratio" and not all(each["under"]):
        return None
    match instance.kind:
        case "sum":
            other = of["parts"]
        case "equation":
            other = of["plus"] - minus
        case "share":
            other = (of["part"] - minus) / of["whole"] * 100
        case "hundred":
            other = Decimal(100)
        case "change":
            other = of["to"] - of["from"]
        case "growth":
            other = (of["to"] - of["from"]) / of["from"] * 100
        case "ratio":
            other = prod(each["over"], start=Decimal(1)) / prod(each["under"], start=Decimal(1))
        case "same":
            other = of["there"]
        case "recount":
            counted = {role: sum(map(len, references)) for role, references in instance.terms.items()}
            other = Decimal(counted["count"] - counted.get("minus", 0))
        case _:
            return None
    return abs(first - other).scaleb(-instance.printed.power)


def number_of(term: Term) -> Decimal:
    return (term.value.number if isinstance(term.value, Quantity) else None) or Decimal(0)


NAMED = re.compile(r" \((content/data/[^ ()]+): lines? ([0-9]+(?: to [0-9]+)?(?:, [0-9]+(?: to [0-9]+)?)*)\)")


def places_in(message: str) -> set[tuple[str, int]]:
    """Return the files and lines that a message names.

    >>> sorted(places_in("It differs. (content/data/a.csv: lines 2 to 3, 9) (content/data/b.yaml: line 7)"))
    [('content/data/a.csv', 2), ('content/data/a.csv', 3), ('content/data/a.csv', 9), ('content/data/b.yaml', 7)]
    """
    found = set()
    for path, lines in NAMED.findall(message):
        for span in lines.split(", "):
            ends = [int(end) for end in span.split(" to ")]
            found |= {(path, line) for line in range(ends[0], ends[-1] + 1)}
    return found


def changed_dataset(dataset: Dataset, cell: Cell, number: Decimal) -> Dataset:
    """Return a dataset with another number in one of its figures."""
    path, line, column = cell
    position = dataset.index[column]
    if path == dataset.csv_path:
        rows = list(dataset.rows)
        at = next(n for n, row in enumerate(rows) if row.line == line)
        values, old = list(rows[at].values), rows[at].values[position]
        assert isinstance(old, Quantity)
        values[position] = replace(old, number=number)
        rows[at] = replace(rows[at], values=tuple(values))
        return replace(dataset, rows=tuple(rows))
    totals = tuple(
        replace(
            total,
            printed=tuple(
                replace(entry, values={**entry.values, column: replace(entry.values[column], number=number)})
                if entry.at.line == line and column in entry.values
                else entry
                for entry in total.printed
            ),
        )
        for total in dataset.totals
    )
    return replace(dataset, totals=totals)
