"""The figures of a dataset as the audit sees them: numbers with their reach, words beside them, how to name them.

Reckoning is done in floats here, since it only proposes; what is shown is reckoned again from the printed decimals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from generator.datasets import Dataset
from generator.quantities import MONEY_SCALES, Quantity
from generator.terms import COUNT_SCALES, Term, cell_term

SMALL_WORDS = frozenset({
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "their", "to", "with",
})  # fmt: skip
MOST_VALUES = 40
"""A column with more values than this tells rows apart only if it is part of the key."""

UNNAMEABLE = re.compile(r"[;|]|^@|^$")
"""Values that cannot stand in a reference."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its reach, in pounds or single things; a sum of figures is one too."""

    value: float
    reach: float
    exact: bool = True
    """Whether it is made of whole counts only."""

    def __add__(self, other: Number) -> Number:
        """Add values and reaches."""
        return Number(self.value + other.value, self.reach + other.reach, self.exact and other.exact)

    def __neg__(self) -> Number:
        """Turn the sign."""
        return Number(-self.value, self.reach, self.exact)

    def agrees(self, other: Number) -> bool:
        """Whether one true value may stand behind both.

        >>> Number(4.2, 0.05).agrees(Number(4.23, 0.005)), Number(17, 0).agrees(Number(16, 0))
        (True, False)
        """
        return abs(self.value - other.value) <= self.reach + other.reach + 1e-9 * max(abs(self.value), 1)

    def surprise(self, other: Number) -> float:
        """Return how unlikely it is, in bits, that both agree by chance: long numbers seldom do.

        >>> round(Number(12987, 0).surprise(Number(12987, 0))), round(Number(2, 0).surprise(Number(2, 0)))
        (14, 2)
        """
        return math.log2(1 + abs(self.value) / max(2 * (self.reach + other.reach), 1 if self.exact else 1e-9))


ZERO = Number(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure: a cell, or a total that the sidecar states."""

    term: Term
    number: Number
    keys: Mapping[str, str]
    column: str
    total: str = ""
    """The id of the stated total, or empty for a cell."""

    def reference(self, where: Mapping[str, str] | None = None) -> str:
        """Write how a sidecar names it; *where* stands for its keys, if given."""
        return reference(self.column, self.keys if where is None else where, self.total)


def reference(column: str, where: Mapping[str, str], total: str = "", dataset: str = "") -> str:
    """Write a reference to figures.

    >>> reference("amount", {"year": "2024-25", "line": "@line"}, "net", "plan")
    'plan: net.amount[year=2024-25; line=@line]'
    """
    place = "; ".join(f"{key}={value}" for key, value in where.items())
    lead = f"{dataset}: " if dataset else ""
    return f"{lead}{total + '.' if total else ''}{column}{f'[{place}]' if place else ''}"


def is_nameable(values: Iterable[str]) -> bool:
    """Whether a reference can name rows by these values."""
    return not any(UNNAMEABLE.search(value) or value != value.strip() for value in values)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A dataset with its figures laid out once for all guesses."""

    dataset: Dataset
    names: tuple[str, ...]
    """The columns by whose values rows are told apart: words, not sentences."""
    rows: tuple[Mapping[str, str], ...]
    """The words of each row, by column."""
    cells: tuple[Figure, ...]
    """Every cell that holds a number."""
    stated: tuple[Figure, ...]
    """Every total that the paper prints beside its rows."""


def sheet_for(dataset: Dataset) -> Sheet:
    """Lay out the figures of a dataset."""
    names = []
    for field in dataset.fields:
        if field.is_published and not field.is_number:
            texts = {dataset.text(row, field.name) for row in dataset.rows}
            if (field.name in dataset.primary_key or len(texts) <= MOST_VALUES) and is_nameable(texts):
                names.append(field.name)
    rows = tuple({name: dataset.text(row, name) for name in names} for row in dataset.rows)
    found = []
    for row, keys in zip(dataset.rows, rows, strict=True):
        for field in dataset.measures:
            term = cell_term(dataset, row, field.name)
            if number := number_for(term):
                found.append(Figure(term, number, keys, field.name))
    return Sheet(dataset, tuple(names), rows, tuple(found), tuple(_stated(dataset)))


def _stated(dataset: Dataset) -> Iterator[Figure]:
    for total in dataset.totals:
        for entry in total.printed:
            for column, value in entry.values.items():
                field = dataset.field(column)
                power = MONEY_SCALES.get(field.unit, COUNT_SCALES[field.scale])
                place = (dataset.sidecar_path, entry.at.line, column)
                term = Term(value, field.unit, power, field.rounded, place)
                number = number_for(term)
                if number and not field.unit_from and is_nameable(entry.keys.values()):
                    yield Figure(term, number, entry.keys, column, total.id)


def number_for(term: Term) -> Number | None:
    """Return the number of a figure; `None` if it has none."""
    if not isinstance(term.value, Quantity) or term.value.number is None:
        return None
    interval = term.interval
    return Number(float(interval.value), float(interval.reach), interval.is_exact)


@cache
def tokens(text: str) -> frozenset[str]:
    """Return the words of a label without case, endings and small words, so that two spellings meet.

    >>> sorted(tokens("Sports, Activities, and the Outdoors")) == sorted(tokens("Sport, Activities and the Outdoors"))
    True
    """
    words = re.findall(r"[a-z0-9]+", text.casefold().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
    return frozenset(re.sub(r"(?<=[a-z]{3})s$", "", word) for word in words if word not in SMALL_WORDS)
