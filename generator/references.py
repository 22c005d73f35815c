"""Read a reference to printed figures: a column, narrowed to rows by the values of other columns.

``amount`` is the cell of the row at hand; ``amount[line=Total spending]`` the cell of a named row;
``net.amount[year=2024-25]`` a total that the sidecar states; ``other-dataset: amount[…]`` stands in another dataset;
``@year`` means the value of that column in the row at hand; ``9`` is just a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from generator.diagnostics import Diagnostic, Location

_REFERENCE = re.compile(r"(?:([a-z0-9-]+)\s*:\s+)?(?:([a-z0-9-]+)\.)?([A-Za-z_]\w*)\s*(?:\[(.*)\])?")
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Reference:
    """One or several cells, one or several stated totals, or a number."""

    dataset: str
    """Empty for the dataset of the sidecar."""
    total: str
    """The id of a stated total, or empty."""
    column: str
    where: tuple[tuple[str, tuple[str, ...]], ...]
    """Column and allowed values; ``@column`` is the value in the row at hand."""
    number: Decimal | None
    at: Location

    @property
    def is_here(self) -> bool:
        """Whether it means the cell of the row at hand."""
        return not (self.dataset or self.total or self.where) and self.number is None


def parse_reference(text: str, at: Location) -> Reference | Diagnostic:
    """Read a reference, e.g. ``haf-places: offered[holiday=Easter 2021]``; several values are separated by ``|``.

    >>> parse_reference("net.amount[year=@year; funding=core | external]", Location("a.yaml")).where
    (('year', ('@year',)), ('funding', ('core', 'external')))
    """
    if _NUMBER.fullmatch(text):
        return Reference("", "", "", (), Decimal(text), at)
    found = _REFERENCE.fullmatch(text)
    where = []
    for item in filter(None, (item.strip() for item in (found[4] or "").split(";"))) if found else ():
        key, equals, values = item.partition("=")
        if not equals:
            found = None
            break
        where.append((key.strip(), tuple(value.strip() for value in values.split("|"))))
    if not found:
        hint = "write 'column', 'column[key=value; key=value]' or 'dataset: column[key=value]'"
        if re.search(" [-+] ", text):
            hint = "write several figures as a list, [first, second]; what is taken away stands under 'minus'"
        return Diagnostic("bad-reference", f"'{text}' does not name a figure", at, hint=hint)
    return Reference(found[1] or "", found[2] or "", found[3], tuple(where), None, at)
