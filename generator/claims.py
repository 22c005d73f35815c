"""Read what a sidecar claims about its figures beside totals: the closed set of checks, each with its terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from generator.diagnostics import Diagnostic, Location, hint_for
from generator.positioned import Reader, Text
from generator.references import Reference, parse_reference

KINDS: dict[str, dict[str, str]] = {
    "equation": {"result": "one", "plus": "any", "minus": "any"},
    "share": {"share": "one", "part": "one", "minus": "any", "whole": "some"},
    "hundred": {"shares": "some"},
    "change": {"change": "one", "from": "one", "to": "one"},
    "growth": {"growth": "one", "from": "one", "to": "one"},
    "ratio": {"result": "one", "over": "some", "under": "any"},
    "whole-number": {"share": "one", "base": "one"},
    "recount": {"printed": "one", "count": "some", "minus": "any"},
    "subset": {"part": "some", "whole": "some"},
    "same": {"here": "one", "there": "some"},
    "series": {"series": "one"},
}
"""Every kind of check with its terms: one figure, one or more (``some``), or none or more (``any``)."""

MEANINGS = {
    "sum": "Rows or columns add up to a printed total",
    "equation": "Figures add up, with their signs",
    "share": "A share is its part of its whole",
    "hundred": "Shares add up to 100",
    "change": "A change is the difference of two figures",
    "growth": "A rate is the change of two figures",
    "ratio": "A figure is computed from two others",
    "whole-number": "A percentage is a whole number of its base",
    "recount": "Rows are counted again",
    "subset": "A part is not larger than its whole",
    "same": "Two places print the same figure",
    "series": "No period is missing or stands twice",
    "rating": "A published rating follows from its result and its limits",
}
"""What each kind of check compares, for a reader; ``sum`` is a total, ``rating`` a published rating."""

MAY_DIFFER = ("phase", "date", "scope", "method")
"""Why two figures for one thing may differ without disagreeing."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One check of a sidecar, for each row, for each value of ``by``, or once."""

    id: str
    kind: str
    label: str
    where: Mapping[str, tuple[str, ...]]
    by: tuple[str, ...]
    terms: Mapping[str, tuple[Reference, ...]]
    may_differ: tuple[str, ...]
    at: Location

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every figure that it names."""
        return tuple(reference for references in self.terms.values() for reference in references)


def read_claims(reader: Reader, columns: list[str], taken: list[str]) -> tuple[Claim, ...]:
    """Read ``checks``; *taken* are the ids of the totals, which share one set of names with the checks."""
    claims: list[Claim] = []
    for entry in reader.readers("checks", "the check"):
        kind = entry.choice("kind", KINDS, required=True)
        start = len(entry.problems)
        terms = {role: _read_terms(entry, role, amount) for role, amount in KINDS.get(kind, {}).items()}
        is_whole = len(entry.problems) == start  # half of a check would find a difference that is none
        where = read_where(entry.reader("where", "the filter"))
        by = entry.texts("by")
        may_differ = entry.texts("may_differ") if kind == "same" else ()
        claim = Claim(
            id=entry.text("id", required=True),
            kind=kind,
            label=entry.text("label", required=True),
            where=where,
            by=tuple(item.value for item in by),
            terms=MappingProxyType(terms),
            may_differ=tuple(item.value for item in may_differ),
            at=entry.at("id"),
        )
        for item in may_differ:
            if item.value not in MAY_DIFFER:
                hint = hint_for(item.value, MAY_DIFFER, "reasons")
                entry.problem("unknown-value", f"'{item.value}' is no reason to differ", item.at, hint)
        references = [r for r in claim.references if r.column and not r.dataset]
        own = [Text(name, r.at) for r in references for name in (r.column, *(key for key, _ in r.where))]
        for item in (*by, *own, *(Text(column, entry.at("where")) for column in where)):
            if item.value not in columns:
                hint = hint_for(item.value, columns, "columns")
                entry.problem("unknown-column", f"there is no column '{item.value}'", item.at, hint)
        if claim.id in [*taken, *(other.id for other in claims)]:
            message, hint = f"another total or check has the id '{claim.id}'", "give each an id of its own"
            entry.problem("duplicate-id", message, claim.at, hint)
        if kind == "equation" and is_whole and not terms["plus"] and not terms["minus"]:
            entry.problem("missing-key", "the equation has no terms", claim.at, "add 'plus: …' or 'minus: …'")
        if kind:
            entry.close()
        if kind and is_whole:
            claims.append(claim)
    return tuple(claims)


def _read_terms(entry: Reader, role: str, amount: str) -> tuple[Reference, ...]:
    texts = entry.texts(role, required=amount != "any")
    if amount == "one" and len(texts) > 1:
        entry.problem("wrong-type", f"'{role}' is one figure", texts[1].at, "name one figure")
    found = []
    for text in texts:
        reference = parse_reference(text.value, text.at)
        if isinstance(reference, Diagnostic):
            entry.problems.append(reference)
        else:
            found.append(reference)
    return tuple(found)


def read_where(reader: Reader | None) -> Mapping[str, tuple[str, ...]]:
    """Read a filter: column to value, or to a list of values."""
    if reader is None:
        return MappingProxyType({})
    columns = list(reader.table.entries)
    return MappingProxyType({column: tuple(item.value for item in reader.texts(column)) for column in columns})
