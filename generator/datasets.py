"""The values of a dataset: typed columns, rows, provenance, and the totals that its paper prints.

Rows hold text, or a `Quantity` in number columns; nothing is guessed and nothing is filled in.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from generator.claims import Claim
from generator.diagnostics import Location
from generator.digest import Digest
from generator.positioned import Text
from generator.quantities import MISSING_MARKS, Quantity
from generator.rating_rules import RatingRule

Value = str | Quantity

EDITION = "published_in"
"""Column that says which paper a row was published in, where one dataset grows with each paper."""
PLAN = ".import.yaml"
"""How the file ends that says how the tables of a council become rows of a dataset."""
CODES = "content/data/codes/"
"""Folder of the code lists: datasets of names, with the spellings that papers print."""


TYPES = ("string", "integer", "number", "date")
FIELD_ROLES = ("dimension", "measure", "provenance")
ROW_BASES = ("level", "change", "balance", "movement")
BASES = (*ROW_BASES, "mixed")
PHASES = ("initial-draft", "approved", "plan-update", "forecast", "outturn", "reported", "policy")
PERIOD_TYPES = ("financial-year", "quarter", "year-to-date", "rolling-12-months", "snapshot", "school-year",
                "calendar-year", "programme", "mixed")  # fmt: skip
GEOGRAPHIES = ("kcc-area", "kent-and-medway", "medway", "district", "health-partnership", "england", "council")
SIGNS = ("budget-cost", "budget-reduction", "balance-up", "gap", "overspend", "increase")
FUNDINGS = ("core", "external", "total", "mixed")
CLASSES = ("rounding", "copy", "documents", "unexplained")


@dataclass(frozen=True, slots=True)
class Constraints:
    """The constraints of Table Schema that a column may have."""

    required: bool = False
    unique: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    enum: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a dataset."""

    name: str
    type: str
    title: str
    description: str
    role: str
    unit: str
    of: str
    """What a count counts, or what a rate is of, as a plural noun."""
    per: int
    """Base of a rate, e.g. 100000."""
    scale: str
    """``thousand`` for a count that is printed in thousands."""
    rounded: bool
    """Whether printed values are rounded to their last place; whole counts are exact."""
    has_order: bool
    """Whether the rows of this dimension stand in an order of their own (years, bands), which charts keep."""
    unit_from: str
    of_from: str
    basis_from: str
    basis: str
    sign: str
    phase: str
    period: str
    period_type: str
    geography: str
    covers_to: datetime.date | None
    constraints: Constraints
    at: Location

    @property
    def is_number(self) -> bool:
        """Whether cells hold quantities."""
        return self.type in ("integer", "number")

    @property
    def is_published(self) -> bool:
        """Whether the column stands in downloads and tables."""
        return self.role != "provenance"


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A column whose words must stand in a column of another dataset, as Table Schema has it."""

    field: str
    resource: str
    column: str
    at: Location


@dataclass(frozen=True, slots=True)
class Row:
    """One observation and the line of the extract where it begins."""

    line: int
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a council paper the figures stand.  ``lines`` serve verification and are not published."""

    paper: str
    item: str
    page: str
    table: str
    lines: str
    at: Location


@dataclass(frozen=True, slots=True)
class Edition:
    """The rows of a dataset that one paper published."""

    place: Place
    period: str
    covers_to: datetime.date | None
    digest: str
    """The beginning of the digest of its rows when they were accepted; empty if it was not taken."""

    @property
    def paper(self) -> str:
        """The paper that published it."""
        return self.place.paper


@dataclass(frozen=True, slots=True)
class Printed:
    """One total that the paper prints: the keys it is for and the figures, by column."""

    keys: Mapping[str, str]
    values: Mapping[str, Quantity]
    at: Location


@dataclass(frozen=True, slots=True)
class Total:
    """Totals printed in the paper that the rows must add up to."""

    id: str
    label: str
    where: Mapping[str, tuple[str, ...]]
    by: tuple[str, ...]
    printed: tuple[Printed, ...]
    total: str
    """For a total along a row: the column that holds it; else empty."""
    parts: tuple[str, ...]
    """The columns that add up to ``total``."""
    at: Location


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A known disagreement of the paper with itself, with a reason that a resident can read."""

    check: str
    where: Mapping[str, str]
    difference: str
    """How large it is, with a minus where the paper prints less: a figure that changes must be looked at again."""
    cause: str
    """One of `CLASSES`; the key in the sidecar is ``class``."""
    reason: str
    at: Location


@dataclass(frozen=True, slots=True)
class Partition:
    """Columns, or the values of one column, that split a whole without overlap."""

    name: str
    columns: tuple[str, ...]
    rows: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A checked table of figures with everything a reader needs to judge them."""

    id: str
    title: str
    description: str
    place: Place
    period: str
    period_type: str
    covers_to: datetime.date | None
    reported_in: str
    status: str
    phase: str
    basis: str
    funding: str
    net_or_gross: str
    geography: str
    sign: str
    partition: tuple[Partition, ...]
    qualifier: str
    """One of `QUALIFIERS` when the paper says it of all its figures; empty otherwise."""
    notes: tuple[str, ...]
    checked: datetime.date | None
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    fields: tuple[Field, ...]
    index: Mapping[str, int]
    """Position of each column by its name."""
    rows: tuple[Row, ...]
    totals: tuple[Total, ...]
    claims: tuple[Claim, ...]
    ratings: tuple[RatingRule, ...]
    acknowledged: tuple[Acknowledgement, ...]
    csv_path: str
    sidecar_path: str
    digest: Digest
    editions: tuple[Edition, ...] = ()
    """The papers to which it grew, the newest last; none if one paper is the source of all rows."""
    formerly: tuple[Text, ...] = ()
    """Names that it had, whose addresses lead to it."""

    def field(self, name: str) -> Field:
        """Return the column called *name*, which must exist."""
        return self.fields[self.index[name]]

    def value(self, row: Row, name: str) -> Value:
        """Return the cell of *row* in the column *name*."""
        return row.values[self.index[name]]

    def text(self, row: Row, name: str) -> str:
        """Return the cell of *row* in a text column."""
        value = self.value(row, name)
        if isinstance(value, str):
            return value
        return f"[{value.mark}]" if value.number is None else str(value.number)

    def unit(self, row: Row, name: str) -> str:
        """Return the unit of a cell, which in a mixed table stands in the row."""
        field = self.field(name)
        return self.text(row, field.unit_from) if field.unit_from else field.unit

    @property
    def is_code_list(self) -> bool:
        """Whether it is a list of names that the columns of other datasets refer to."""
        return self.csv_path.startswith(CODES)

    @property
    def measures(self) -> tuple[Field, ...]:
        """The columns that hold figures."""
        return tuple(field for field in self.fields if field.role == "measure")


def missing_mark(text: str) -> str:
    """Return the mark if a text cell says why there is no text, else an empty string.

    >>> missing_mark("[lost]"), missing_mark("Improving")
    ('lost', '')
    """
    mark = text[1:-1] if text.startswith("[") and text.endswith("]") else ""
    return mark if mark in MISSING_MARKS else ""
