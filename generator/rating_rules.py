"""Read from a sidecar how its published ratings are recomputed: a named rule, and where its terms stand."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from generator.datasets import RATING_RULES, RatingRule, Term
from generator.diagnostics import Location, hint_for
from generator.positioned import Reader, read_where
from generator.quantities import MISSING_MARKS

BANDS = 3


def read_rating_rules(reader: Reader, columns: Sequence[str]) -> tuple[RatingRule, ...]:
    """Read the ``ratings`` of a sidecar, those of them that are whole; *columns* are those of its dataset."""
    rules: list[RatingRule] = []
    for entry in reader.readers("ratings", "the rating"):
        start = len(entry.problems)
        rule = _read_rule(entry, columns)
        if any(rule.id == other.id for other in rules):
            message, hint = f"another rating has the id '{rule.id}'", "give each an id of its own"
            entry.problem("duplicate-id", message, rule.at, hint)
        entry.close()
        if len(entry.problems) == start:
            rules.append(rule)
    return tuple(rules)


def _read_rule(entry: Reader, columns: Sequence[str]) -> RatingRule:
    kind = entry.choice("rule", RATING_RULES, required=True, default=RATING_RULES[0])
    bands = tuple(item.value for item in entry.texts("bands", required=kind == "severity"))
    if bands and len(bands) != BANDS:
        hint = "write three names, the farthest from the floor standard first"
        entry.problem("wrong-type", f"there are {BANDS} bands of severity, not {len(bands)}", entry.at("bands"), hint)

    def column(key: str, *, default: str = "") -> str:
        name = entry.text(key, required=not default, default=default)
        _know(entry, name, columns, entry.at(key))
        return name

    none = Term("", "", MappingProxyType({}), "", "", "", entry.table.at)
    return RatingRule(
        id=entry.text("id", required=True),
        label=entry.text("label", required=True),
        rule=kind,
        rating=column("rating"),
        key=column("key", default="id"),
        name=column("name"),
        polarity=column("polarity"),
        value=_read_term(entry, "value", columns) or none,
        target=_read_term(entry, "target", columns) if kind == "target-and-floor" else None,
        floor=_read_term(entry, "floor", columns) or none,
        words_on_target=_read_term(entry, "words_on_target", columns, required=False),
        words_on_floor=_read_term(entry, "words_on_floor", columns, required=False),
        absent=entry.choice("absent", sorted(MISSING_MARKS), default="x"),
        bands=bands,
        at=entry.at("id"),
    )


def _read_term(entry: Reader, key: str, columns: Sequence[str], *, required: bool = True) -> Term | None:
    reader = entry.reader(key, f"the {key.replace('_', ' ')}", required=required)
    if reader is None:
        return None
    is_limit, is_words = key in ("target", "floor"), key.startswith("words")
    data = reader.text("data")
    term = Term(
        data=data,
        key=reader.text("key", required=bool(data)),
        where=read_where(reader.reader("where", "the filter")),
        column=reader.text("column", required=True),
        met_when=reader.text("met_when", required=True) if is_limit else "",
        quote=reader.text("quote", required=True) if is_words else "",
        at=reader.table.at,
    )
    if not data:
        for name in (term.column, term.met_when, term.quote):
            _know(reader, name, columns, reader.table.at)
    reader.close()
    return term


def _know(reader: Reader, name: str, columns: Sequence[str], at: Location) -> None:
    if name and name not in columns:
        reader.problem("unknown-column", f"there is no column '{name}'", at, hint_for(name, columns, "columns"))
