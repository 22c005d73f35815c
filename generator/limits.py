"""Find the result of a rating and its limits, and tell on which side of a limit the result is.

A result is an interval: the printed figure plus or minus half a unit of its last place.  Where the interval crosses a
limit, or a figure is not there, the side is not told but the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from generator.charts.shape import has_column, select
from generator.datasets import Dataset, Row, missing_mark
from generator.diagnostics import Diagnostic, Location, hint_for
from generator.intervals import exact, rounded
from generator.quantities import MARKS, ROUNDED_UNITS, Quantity, in_words, parse_quantity
from generator.rating_rules import RatingRule, RatingTerm

POLARITIES = {
    "higher is better": {"above"},
    "lower is better": {"below"},
    "inside a range is better": {"above", "below"},
}
"""The sides on which the limits of an indicator are met."""
MET_WHEN = {"at or above": "above", "above": "above", "at or below": "below", "below": "below"}
"""The words that say when a limit is met, each with its side."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure or a text with how it is said."""

    value: Quantity | str
    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class Side:
    """What figures say about one limit: its side, or why that cannot be told."""

    name: str
    met: bool | None = None
    sentence: str = ""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Terms that are not there, each with the mark that says why."""
    why: str = ""
    """``undecided`` or ``comparative`` where the terms are there and the side cannot be told."""


def interval(value: Quantity, unit: str) -> tuple[Decimal, Decimal]:
    """Return the least and the greatest number that a printed figure may stand for; counts are exact.

    >>> interval(Quantity(Decimal("73")), "percent")
    (Decimal('72.5'), Decimal('73.5'))
    >>> interval(Quantity(Decimal("320")), "count")
    (Decimal('320'), Decimal('320'))
    >>> interval(Quantity(Decimal("80"), qualifier="at least"), "percent")
    (Decimal('79.5'), Decimal('Infinity'))
    """
    assert value.number is not None
    found = rounded(value.number) if unit in ROUNDED_UNITS else exact(value.number)
    low, high = found.low, found.high
    if value.qualifier in ("under", "up to", "about"):
        low = Decimal("-Infinity")
    if value.qualifier in ("at least", "over", "about"):
        high = Decimal("Infinity")
    return low, high


def meets(value: Quantity, unit: str, limit: Decimal, met_when: str) -> bool | None:
    """Tell whether a result meets a limit; `None` where its rounding interval crosses the limit.

    >>> meets(Quantity(Decimal("14.8")), "percent", Decimal("15.0"), "below")
    True
    >>> meets(Quantity(Decimal("75")), "percent", Decimal("75"), "at or above") is None
    True
    """
    low, high = interval(value, unit)
    surely, perhaps = {
        "at or above": (low >= limit, high >= limit),
        "above": (low > limit, high > limit),
        "at or below": (high <= limit, low <= limit),
        "below": (high < limit, low < limit),
    }[met_when]
    return True if surely else None if perhaps else False


def terms_of(rule: RatingRule) -> tuple[RatingTerm, ...]:
    """Return the terms that a rule has."""
    return tuple(filter(None, (rule.value, rule.target, rule.floor, rule.words_on_target, rule.words_on_floor)))


def others(dataset: Dataset) -> tuple[str, ...]:
    """Return the other datasets that the ratings of *dataset* rest on."""
    return tuple(dict.fromkeys(term.data for rule in dataset.ratings for term in terms_of(rule) if term.data))


def is_complete(
    rule: RatingRule, dataset: Dataset, datasets: Mapping[str, Dataset], problems: list[Diagnostic]
) -> bool:
    """Tell whether everything that *rule* names is there."""
    start = len(problems)
    for name in filter(None, (rule.rating, rule.key, rule.name, rule.polarity)):
        has_column(dataset, name, rule.at, problems)
    for term in terms_of(rule):
        place = datasets.get(term.data) if term.data else dataset
        if place is None:
            message, hint = f"there is no dataset '{term.data}'", hint_for(term.data, list(datasets), "datasets")
            problems.append(Diagnostic("unknown-dataset", message, term.at, hint=hint))
            continue
        for name in filter(None, (term.key, term.column, term.met_when, term.quote)):
            has_column(place, name, term.at, problems)
        select(place, term.where, term.at, problems)
    return len(problems) == start


@dataclass(frozen=True, slots=True)
class Case:
    """One rating while it is recomputed."""

    dataset: Dataset
    datasets: Mapping[str, Dataset]
    rule: RatingRule
    row: Row
    problems: list[Diagnostic]

    @property
    def key(self) -> str:
        """The indicator."""
        return self.dataset.text(self.row, self.rule.key)

    @property
    def directions(self) -> set[str]:
        """The sides on which limits are met; a word that does not say it is a problem, and fits any limit."""
        words = self.dataset.text(self.row, self.rule.polarity)
        if words.casefold() not in POLARITIES:
            hint = f"write one of: {', '.join(POLARITIES)}"
            self.problem(f"'{words}' does not say which way is better", self.rule.at, hint)
        return POLARITIES.get(words.casefold(), {"above", "below"})

    def problem(self, message: str, at: Location, hint: str) -> None:
        """Note that a term cannot be used."""
        self.problems.append(Diagnostic("rating-term", f"{self.key}: {message}", at, hint=hint))

    def rows(self, term: RatingTerm) -> tuple[Dataset, list[Row]]:
        """Return where a term stands for this rating."""
        if not term.data:
            return self.dataset, [self.row]
        place = self.datasets[term.data]
        return place, [row for row in select(place, term.where, term.at, []) if place.text(row, term.key) == self.key]

    def result(self) -> Cell | None:
        """Return the result; `None` if there is no row for it."""
        term = self.rule.value
        place, rows = self.rows(term)
        if len(rows) > 1:
            message = f"{len(rows)} rows of {place.csv_path} could be the result"
            self.problem(message, term.at, "narrow 'where' until one is left")
        return cell_of(place, rows[0], term.column) if rows else None

    def limits(self, term: RatingTerm, unit: str = "") -> list[tuple[Cell, str]]:
        """Return the limits that a term names, each with the words that say when it is met; a range has two.

        *unit* is that of the result, for limits in a column of words.
        """
        place, rows = self.rows(term)
        found = []
        for row in rows:
            words = place.text(row, term.met_when)
            when = words.casefold()
            if when not in MET_WHEN:
                hint = f"write one of: {', '.join(MET_WHEN)}"
                self.problem(f"'{words}' does not say when a limit is met", term.at, hint)
            elif MET_WHEN[when] not in self.directions:
                way = self.dataset.text(self.row, self.rule.polarity).casefold()
                hint = f"correct the limit in {place.csv_path}, or which way is better"
                self.problem(f"a limit that is met {when} it does not fit '{way}'", term.at, hint)
            else:
                found.append((cell_of(place, row, term.column, unit), when))
        return found


def cell_of(dataset: Dataset, row: Row, column: str, unit_of_words: str = "") -> Cell:
    """Return a cell with its unit; a number in a column of words is a number too, of the unit given."""
    value, of_from = dataset.value(row, column), dataset.field(column).of_from
    unit = dataset.unit(row, column) if dataset.field(column).is_number else unit_of_words
    if isinstance(value, str):
        mark = missing_mark(value)
        number = Quantity(None, mark) if mark else parse_quantity(value)
        value = number if isinstance(number, Quantity) else value
    if isinstance(value, str):
        return Cell(value, unit, value)
    words = in_words(value if value.number is None else replace(value, mark=""), unit)
    if value.number is not None:
        of = dataset.text(row, of_from) if of_from else dataset.field(column).of
        words += f" {of}" if of and not missing_mark(of) and unit in ("count", "rate") else ""
        words += f" ({MARKS[value.mark]})" if value.mark else ""
    return Cell(value, unit, words)


def floor_name(case: Case) -> str:
    """Return what the second limit is called: an upper one where lower is better."""
    return "upper threshold" if case.directions == {"below"} else "floor standard"


def side_of(case: Case, name: str, term: RatingTerm, result: Cell | None) -> Side:
    """Say on which side of a limit the printed result is, or why that cannot be told."""
    limits = case.limits(term, result.unit if result else "")
    value = result.value if result and isinstance(result.value, Quantity) else Quantity(None, case.rule.absent)
    printed: list[tuple[Decimal, str, str]] = []
    mark = case.rule.absent
    for cell, when in limits:
        if isinstance(cell.value, str):
            return Side(name, sentence=f"The {name} is “{cell.value}”, which is not a figure.", why="comparative")
        mark = cell.value.mark or mark
        if cell.value.number is not None:
            printed.append((cell.value.number, cell.words, when))
            if result and cell.unit != result.unit:
                message = f"the {name} is in {cell.unit} and the result in {result.unit}"
                case.problem(message, term.at, "correct the unit of one of them")
    missing = {"result": value.mark} if value.number is None else {}
    missing |= {} if printed else {name: mark}
    if missing or result is None:
        return Side(name, missing=missing)
    sides = [meets(value, result.unit, number, when) for number, _, when in printed]
    sentence = f"The {name} is met {' and '.join(f'{when} {words}' for _, words, when in printed)}."
    if False not in sides and None in sides:
        return Side(name, sentence=f"{sentence} The printed result may be on either side of it.", why="undecided")
    return Side(name, False not in sides, sentence)


def said_of(case: Case, term: RatingTerm) -> tuple[bool, str] | None:
    """Return whether words say that a limit was met, and the words; `None` if there are none."""
    place, rows = case.rows(term)
    if not rows:
        return None
    side, quote = place.text(rows[0], term.column), place.text(rows[0], term.quote)
    if side not in ("Met", "Not met") or len(rows) > 1:
        message = f"'{side}' says neither 'Met' nor 'Not met'" if len(rows) == 1 else f"{len(rows)} rows hold its words"
        case.problem(message, term.at, f"correct {place.csv_path}, or narrow 'where'")
    return side == "Met", quote
