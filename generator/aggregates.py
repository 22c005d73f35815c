"""Compute the sums, counts, shares, changes and ranks that sentences name, or say why they must not be computed.

Only what adds up is added: one unit, one basis, rows that the sidecar declares as parts of a whole.  A figure that is
missing is never left out, a qualified one ("at least") is never compared, and districts are never ranked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator.datasets import Dataset, Field, Row, missing_mark
from generator.diagnostics import Diagnostic
from generator.mixing import NOT_ADDED_OVER_TIME, TIMES
from generator.operands import NamedFigure, find_rows, find_term, term_of
from generator.quantities import MARKS, Quantity, joint_qualifier, round_half_up
from generator.roles import Operand, ValuePart
from generator.terms import all_covered
from generator.words import MONTHS

NEVER_ADDED = {"percent": "percentages", "percentage-points": "percentage points", "rate": "rates", "ratio": "ratios",
               "index": "index numbers", "year": "years"}  # fmt: skip
NO_LEAGUE = re.compile("district|directorate", re.IGNORECASE)
"""Names of columns whose rows stand side by side and are never ranked."""
_DATES = re.compile(rf"\d+|\b(?:{'|'.join(MONTHS)})\b")


@dataclass(frozen=True, slots=True)
class Computed:
    """A figure that this site computed."""

    quantity: Quantity
    unit: str
    field: Field
    basis: str
    marks: tuple[str, ...] = ()
    """Marks of the figures that it was computed from."""


class _RefusedError(Exception):
    """A figure that must not be computed: the reason and what to do; both empty if the problem is noted already."""

    def __init__(self, reason: str = "", hint: str = "") -> None:
        self.reason, self.hint = reason, hint


def compute(part: ValuePart, dataset: Dataset, problems: list[Diagnostic]) -> Computed | None:
    """Return the aggregate that *part* names; `None` with the reason in *problems*."""
    work = {"sum": _sum, "count": _count, "share": _share, "change": _change, "rank": _rank}[part.function]
    try:
        return work(_Table(part, dataset, problems))
    except _RefusedError as refused:
        if refused.reason:
            problems.append(Diagnostic("refused-figure", refused.reason, part.at, hint=refused.hint))
        return None


@dataclass(frozen=True, slots=True)
class _Table:
    """What one aggregate is computed from."""

    part: ValuePart
    dataset: Dataset
    problems: list[Diagnostic]

    def term(self, operand: Operand) -> NamedFigure:
        found = find_term(operand, self.dataset, self.part.at, self.problems)
        if found is None:
            raise _RefusedError
        return found

    def rows(self, operand: Operand) -> list[Row]:
        found = find_rows(operand, self.dataset, self.part.at, self.problems)
        if found is None:
            raise _RefusedError
        return found

    def others(self) -> list[Row]:
        """Return the rows of the second operand; all rows if there is none."""
        return self.rows(self.part.operands[1]) if len(self.part.operands) == 2 else list(self.dataset.rows)


def _sum(table: _Table) -> Computed:
    operand = table.part.operands[0]
    return _added(table.dataset, table.rows(operand), operand.column)


def _added(dataset: Dataset, rows: Sequence[Row], column: str) -> Computed:
    terms = [term_of(dataset, row, column) for row in rows]
    quantities = _quantities(dataset, terms)
    first = terms[0]
    if first.unit in NEVER_ADDED:
        raise _RefusedError(f"{NEVER_ADDED[first.unit]} are not added up", "name one row")
    times = [field.name for field in dataset.fields if field.unit in TIMES and field.role == "dimension"]
    period_type = first.field.period_type or dataset.period_type
    is_moment = period_type in NOT_ADDED_OVER_TIME or first.basis == "balance"
    if is_moment and any(len({dataset.text(row, name) for row in rows}) > 1 for name in times):
        raise _RefusedError("figures of several dates that overlap, or are one day each, have no sum", "name one date")
    if len(terms) > 1 and not _is_declared(dataset, rows, column):
        hint = f"declare in {dataset.sidecar_path} what adds up, as 'totals' or 'partition', or name other rows"
        raise _RefusedError(f"nothing says that these {len(rows)} rows are parts of one whole", hint)
    qualifier = ""
    for quantity in quantities:
        joint = joint_qualifier(qualifier, quantity.qualifier)
        if joint is None:
            words = f"'{qualifier}' and '{quantity.qualifier}'"
            raise _RefusedError(f"figures with {words} have no sum that says what it is", "name them apart")
        qualifier = joint
    total = sum(map(_number, quantities), Decimal(0))
    places = [quantity.places for quantity in quantities]
    rounded = round_half_up(total, min(places) if first.field.rounded else max(places))
    return Computed(Quantity(rounded, "", qualifier), first.unit, first.field, first.basis, _marks(quantities))


def _count(table: _Table) -> Computed:
    """Count the different values of a column."""
    operand, dataset = table.part.operands[0], table.dataset
    values = {dataset.text(row, operand.column) for row in table.rows(operand)}
    field = dataset.field(operand.column)
    if field.role == "measure" and field.is_number:
        hint = "count a column of names, e.g. the key of the table"
        raise _RefusedError(f"'{operand.column}' holds amounts, and equal ones would count once", hint)
    if any(map(missing_mark, values)):
        raise _RefusedError(f"a value of '{operand.column}' is missing in these rows", "count another column")
    return Computed(Quantity(Decimal(len(values))), "count", field, "level")


def _share(table: _Table) -> Computed:
    dataset, operands = table.dataset, table.part.operands
    one, whole = table.term(operands[0]), operands[-1]
    if len(operands) == 2 and whole.total:
        terms = [table.term(whole)]
        sums = _number(_quantities(dataset, terms)[0])
    else:
        rows = table.others()
        terms = [term_of(dataset, row, whole.column) for row in rows]
        sums = _number(_added(dataset, rows, whole.column).quantity)
    quantities = _quantities(dataset, [one, *terms], is_compared=True)
    if not one.lines <= frozenset[int]().union(*(term.lines for term in terms)):
        raise _RefusedError("the part is not among the rows of the whole", "correct one of the filters")
    if any(_number(quantity) < 0 for quantity in quantities) or not sums:
        raise _RefusedError("only a whole of plus amounts has shares", "give the amounts themselves")
    share = _number(quantities[0]) / sums * 100
    return Computed(Quantity(share), "percent", one.field, "level", _marks(quantities))


def _change(table: _Table) -> Computed:
    old, new = map(table.term, table.part.operands)
    quantities = _quantities(table.dataset, [old, new], is_compared=True)
    if any(quantity.mark == "b" for quantity in quantities):
        raise _RefusedError("there is a break in the series between the two", "give both figures")
    if table.dataset.period_type == "mixed" and _length(old.field) != _length(new.field):
        reason = f"'{old.field.title}' and '{new.field.title}' are not of one length"
        raise _RefusedError(reason, "compare periods of one length")
    before, after = map(_number, quantities)
    marks = _marks(quantities)
    if not table.part.scale.startswith("percent"):
        unit = "percentage-points" if old.unit == "percent" else old.unit
        return Computed(Quantity(after - before), unit, old.field, "change", marks)
    if old.unit in NEVER_ADDED:
        hint = "leave 'percent' out: a change of percentages is then given in points"
        raise _RefusedError(f"a change of {NEVER_ADDED[old.unit]} is not given in percent", hint)
    if old.basis in ("change", "movement", "mixed") or before <= 0:
        reason = "a change in percent needs an amount above 0 to start from, not a change or a movement"
        raise _RefusedError(reason, "leave 'percent' out")
    return Computed(Quantity((after - before) / before * 100), "percent", old.field, "change", marks)


def _length(field: Field) -> str:
    """Return the title of a column without its dates: what is left says how long its period is."""
    kept = re.sub(r"\b(\d{1,2})(?= (?:months|weeks|days|years))", lambda found: "#" * int(found[1]), field.title)
    return _DATES.sub("", kept).casefold()


def _rank(table: _Table) -> Computed:
    """Return the place of a row among others, the largest first."""
    dataset = table.dataset
    one, rows = table.term(table.part.operands[0]), table.others()
    for field in dataset.fields:
        varies = field.role == "dimension" and len({dataset.text(row, field.name) for row in rows}) > 1
        if dataset.geography == "district" or (varies and NO_LEAGUE.search(f"{field.name} {field.title}")):
            hint = "give the figures side by side; the reader may sort the table"
            raise _RefusedError("districts and directorates are not ranked", hint)
    terms = [term_of(dataset, row, one.field.name) for row in rows]
    numbers = list(map(_number, _quantities(dataset, terms, is_compared=True)))
    places = [place for place, term in enumerate(terms) if term.lines == one.lines]
    if len(places) != 1:
        raise _RefusedError("the row is not among those it is ranked with", "correct one of the filters")
    own = numbers[places[0]]
    if numbers.count(own) > 1:
        raise _RefusedError("another row has the same figure, so there is no single rank", "name both rows")
    rank = Quantity(Decimal(1 + sum(number > own for number in numbers)))
    return Computed(rank, "rank", one.field, "level")


def _quantities(dataset: Dataset, terms: Sequence[NamedFigure], *, is_compared: bool = False) -> list[Quantity]:
    """Return the numbers of *terms*, which must be figures of one kind."""
    field = terms[0].field
    kinds: tuple[tuple[str, Callable[[NamedFigure], str]], ...] = (
        ("units", lambda term: term.unit),
        ("things", lambda term: term.of),
        ("kinds (level, change, balance, movement)", lambda term: term.basis),
    )
    for words, kind in kinds:
        found = sorted({kind(term) for term in terms})
        if len(found) > 1:
            shown = ", ".join(filter(None, found))
            raise _RefusedError(f"these figures are of different {words}: {shown}", "name figures of one kind")
    if terms[0].basis == "mixed" and len(terms) > 1:
        hint = f"say in {dataset.sidecar_path} by 'basis_from' which rows are levels and which are changes"
        raise _RefusedError(f"'{field.name}' holds levels and changes together", hint)
    quantities = []
    for term in terms:
        if not isinstance(term.value, Quantity):
            raise _RefusedError(f"'{field.name}' is a column of words", "name a column of numbers")
        if term.value.number is None:
            raise _RefusedError(f"a figure is missing: {MARKS[term.value.mark]}", "name rows that have all figures")
        if is_compared and term.value.qualifier:
            reason = f"'{term.value.qualifier} {term.value.number}' is no exact figure and is not compared"
            raise _RefusedError(reason, "give the figures themselves")
        quantities.append(term.value)
    return quantities


def _is_declared(dataset: Dataset, rows: Sequence[Row], column: str) -> bool:
    """Tell whether the sidecar says that *rows* do not overlap: by a printed total over them, or by a partition."""
    lines = {row.line for row in rows}
    if any(
        column in entry.values and lines <= below
        for total in dataset.totals
        for entry, below in all_covered(dataset, total)
    ):
        return True
    names = [field.name for field in dataset.fields if field.role == "dimension" and not field.is_number]
    keys = dataset.primary_key or names
    differing = {name for name in keys if len({dataset.text(row, name) for row in rows}) > 1}
    return any(differing == {partition.rows} for partition in dataset.partition if partition.rows)


def _number(quantity: Quantity) -> Decimal:
    assert quantity.number is not None
    return quantity.number


def _marks(quantities: Sequence[Quantity]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(quantity.mark for quantity in quantities if quantity.mark))
