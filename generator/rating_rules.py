"""Read from a sidecar how its published ratings are recomputed: a named rule, and where its terms stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from generator.claims import read_where
from generator.diagnostics import Location, hint_for
from generator.positioned import Reader
from generator.quantities import MISSING_MARKS

RULES = ("target-and-floor", "severity", "majority")
BANDS = 3
LEAST_IN_A_TIE = 2


@dataclass(frozen=True, slots=True)
class RatingTerm:
    """Where a rating rule finds a result, a limit or words about a limit: in the row itself, or in other datasets."""

    data: str
    """Another dataset; empty for the row itself."""
    key: str
    """Column of the other dataset that names the indicator."""
    where: Mapping[str, tuple[str, ...]]
    column: str
    met_when: str
    """For a limit: the column that says when it is met (``At or above``, ``Below`` …); empty for a result or words."""
    quote: str
    """For words about a limit: the column that holds the words; ``column`` then says ``Met`` or ``Not met``."""
    at: Location


@dataclass(frozen=True, slots=True)
class Majority:
    """What a paper says of measures that do not all have one word; what it leaves open is empty."""

    not_counted: frozenset[str]
    """Marks of measures that do not count, e.g. ``x`` where the paper prints n/a; any other mark is a missing word."""
    ties: Mapping[frozenset[str], str]
    """The words that may be equally many, each with the word that they give together."""
    single_stands: bool
    """Whether the word of a single measure is that of the whole."""


@dataclass(frozen=True, slots=True)
class RatingRule:
    """How the ratings of a dataset are recomputed from what is printed."""

    id: str
    label: str
    rule: str
    """One of `RULES`."""
    rating: str
    """Column with the published rating."""
    key: str
    """Column that names the indicator here."""
    name: str
    """Column with the name of the indicator for readers."""
    polarity: str
    """Column that says which way is better; empty for the rule ``majority``."""
    value: RatingTerm
    """The result; for the rule ``majority``, the words of all measures."""
    target: RatingTerm | None
    """`None` for the rule ``severity``, which looks at the floor only, and for ``majority``."""
    floor: RatingTerm | None
    """The floor standard, or the upper threshold where lower is better; `None` for the rule ``majority``."""
    words_on_target: RatingTerm | None
    words_on_floor: RatingTerm | None
    absent: str
    """Mark for a term without a row, e.g. ``lost`` where the paper has it in a chart that our copy lacks."""
    bands: tuple[str, ...]
    """For severity: the names of the three bands, the farthest from the floor first."""
    majority: Majority | None
    """For the rule ``majority``: what the paper says of ties, of measures without a word and of single measures."""
    at: Location


def read_rating_rules(reader: Reader, columns: Sequence[str], taken: Sequence[str]) -> tuple[RatingRule, ...]:
    """Read the ``ratings`` of a sidecar, those of them that are whole.

    *columns* are those of its dataset; *taken* are the ids of totals and checks, which share one set of names.
    """
    rules: list[RatingRule] = []
    for entry in reader.readers("ratings", "the rating"):
        start = len(entry.problems)
        rule = _read_rule(entry, columns)
        if rule.id in [*taken, *(other.id for other in rules)]:
            message, hint = f"another total, check or rating has the id '{rule.id}'", "give each an id of its own"
            entry.problem("duplicate-id", message, rule.at, hint)
        entry.close()
        if len(entry.problems) == start:
            rules.append(rule)
    return tuple(rules)


def _read_rule(entry: Reader, columns: Sequence[str]) -> RatingRule:
    kind = entry.choice("rule", RULES, required=True, default=RULES[0])
    bands = tuple(item.value for item in entry.texts("bands", required=kind == "severity"))
    if bands and len(bands) != BANDS:
        hint = "write three names, the farthest from the floor standard first"
        entry.problem("wrong-type", f"there are {BANDS} bands of severity, not {len(bands)}", entry.at("bands"), hint)

    def column(key: str, *, default: str = "") -> str:
        name = entry.text(key, required=not default, default=default)
        _know(entry, name, columns, entry.at(key))
        return name

    is_majority = kind == "majority"
    none = RatingTerm("", "", MappingProxyType({}), "", "", "", entry.table.at)
    return RatingRule(
        id=entry.text("id", required=True),
        label=entry.text("label", required=True),
        rule=kind,
        rating=column("rating"),
        key=column("key", default="id"),
        name=column("name"),
        polarity="" if is_majority else column("polarity"),
        value=_read_term(entry, "measures" if is_majority else "value", columns) or none,
        target=_read_term(entry, "target", columns) if kind == "target-and-floor" else None,
        floor=None if is_majority else _read_term(entry, "floor", columns) or none,
        words_on_target=None if is_majority else _read_term(entry, "words_on_target", columns, required=False),
        words_on_floor=None if is_majority else _read_term(entry, "words_on_floor", columns, required=False),
        absent=entry.choice("absent", sorted(MISSING_MARKS), default="x"),
        bands=bands,
        majority=_read_majority(entry) if is_majority else None,
        at=entry.at("id"),
    )


def _read_majority(entry: Reader) -> Majority:
    marks = entry.texts("not_counted")
    for mark in marks:
        if mark.value not in MISSING_MARKS:
            hint = f"marks without a word are {', '.join(sorted(MISSING_MARKS))}"
            entry.problem("unknown-value", f"'{mark.value}' does not stand for a measure without a word", mark.at, hint)
    ties: dict[frozenset[str], str] = {}
    for tie in entry.readers("ties", "the tie"):
        between = frozenset(word.value for word in tie.texts("between", required=True))
        if len(between) < LEAST_IN_A_TIE:
            hint = "write each word that may be as frequent as another, e.g. between: [Improving, Not improving]"
            tie.problem("wrong-type", "a tie is between two words or more", tie.at("between"), hint)
        ties[between] = tie.text("gives", required=True)
        tie.close()
    single = entry.flag("single_stands")
    return Majority(frozenset(mark.value for mark in marks), MappingProxyType(ties), single)


def _read_term(entry: Reader, key: str, columns: Sequence[str], *, required: bool = True) -> RatingTerm | None:
    reader = entry.reader(key, f"the {key.replace('_', ' ')}", required=required)
    if reader is None:
        return None
    is_limit, is_words = key in ("target", "floor"), key.startswith("words")
    data = reader.text("data")
    term = RatingTerm(
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
