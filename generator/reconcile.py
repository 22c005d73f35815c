"""Recompute the totals that a paper prints, and say in words whether its rows add up to them.

A printed number stands for an interval: the value plus or minus half a unit of its last printed place.  A sum of n
rounded terms may therefore differ from its printed total by (n + 1)/2 units without any disagreement (Analysis Function
guidance on rounding).  Whole counts are exact.  A difference that no sidecar acknowledges stops the build.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from generator.datasets import Acknowledgement, Dataset, Field, Printed, Row, Total, Value
from generator.diagnostics import Checked, Diagnostic, Location, Severity
from generator.quantities import Quantity, format_number


@dataclass(frozen=True, slots=True)
class TotalCheck:
    """One printed total, recomputed."""

    total: Total
    column: str
    keys: tuple[tuple[str, str], ...]
    """What the total is for, e.g. ``(("year", "2024-25"), ("funding", "core"))``."""
    lines: frozenset[int]
    """The lines of the rows that it is the total of."""
    printed: Decimal
    computed: Decimal | None
    """The sum of the rows; `None` if a row that belongs to it cannot be read."""
    bound: Decimal
    """Largest difference that rounding explains."""
    result: str
    """``agrees``, ``rounding``, ``differs`` or ``unknown``."""
    sentence: str
    """The result in words for a reader; empty for a plain agreement."""
    reason: str
    """What is known about a difference, from the sidecar."""


def check_totals(dataset: Dataset) -> Checked[tuple[TotalCheck, ...]]:
    """Recompute every printed total of *dataset*."""
    checks: list[TotalCheck] = []
    problems: list[Diagnostic] = []
    used: set[int] = set()
    for total in dataset.totals:
        for column, keys, printed, terms, lines, at in _sums(dataset, total):
            found = next(
                (n for n, note in enumerate(dataset.acknowledged) if _fits(note, total, column, keys)), None
            )  # fmt: skip
            known = dataset.acknowledged[found] if found is not None else None
            field = dataset.field(column)
            if field.unit_from and total.printed:
                entry = next(entry for entry in total.printed if entry.at == at)
                field = replace(field, unit=covered_unit(dataset, total, entry, column))
            check = _check(field, total, column, keys, printed, terms, lines, known)
            checks.append(check)
            if found is not None and check.result == "differs":
                used.add(found)
            if check.result == "differs" and known is None and terms:
                problems.append(_unacknowledged(dataset, check, at))
            if not terms:
                message = f"the total '{total.id}' for {_for_whom(keys) or 'all rows'} has no rows"
                problems.append(Diagnostic("empty-total", message, at, hint="correct its filter or its keys"))
    ids = {total.id for total in dataset.totals}
    for n, note in enumerate(dataset.acknowledged):
        if n not in used and note.check in ids:
            message = f"nothing differs any more in '{note.check}' at this place"
            hint = "remove this acknowledgement"
            problems.append(Diagnostic("needless-acknowledgement", message, note.at, Severity.WARNING, hint))
    return Checked(tuple(checks), tuple(problems))


def covered_unit(dataset: Dataset, total: Total, entry: Printed, column: str) -> str:
    """Return the unit of a printed total: that of its rows, which in a mixed table say it themselves."""
    lines = covered(dataset, total, entry)
    units = {dataset.unit(row, column) for row in dataset.rows if row.line in lines}
    return units.pop() if len(units) == 1 else dataset.field(column).unit


_Sum = tuple[str, tuple[tuple[str, str], ...], Decimal, tuple[Value, ...], frozenset[int], Location]


def covered(dataset: Dataset, total: Total, entry: Printed) -> frozenset[int]:
    """Return the lines of the rows that a printed total is the sum of."""
    rows = (row for row in dataset.rows if _in(dataset, row, total))
    return frozenset(row.line for row in rows if all(dataset.text(row, k) == v for k, v in entry.keys.items()))


def _sums(dataset: Dataset, total: Total) -> Iterable[_Sum]:
    """Yield column, keys, printed figure, terms and place of every sum that *total* claims."""
    rows = [row for row in dataset.rows if _in(dataset, row, total)]
    if total.total:
        for row in rows:
            printed = dataset.value(row, total.total)
            if isinstance(printed, Quantity) and printed.number is not None:
                keys = tuple((name, dataset.text(row, name)) for name in dataset.primary_key)
                terms = tuple(dataset.value(row, part) for part in total.parts)
                yield (
                    total.total,
                    keys,
                    printed.number,
                    terms,
                    frozenset([row.line]),
                    Location(dataset.csv_path, row.line, 1),
                )
    for entry in total.printed:
        chosen = [row for row in rows if all(dataset.text(row, k) == v for k, v in entry.keys.items())]
        for column, quantity in entry.values.items():
            if quantity.number is not None:
                terms = tuple(dataset.value(row, column) for row in chosen)
                lines = frozenset(row.line for row in chosen)
                yield column, tuple(entry.keys.items()), quantity.number, terms, lines, entry.at


def _in(dataset: Dataset, row: Row, total: Total) -> bool:
    return all(dataset.text(row, column) in values for column, values in total.where.items())


def _fits(note: Acknowledgement, total: Total, column: str, keys: tuple[tuple[str, str], ...]) -> bool:
    place = {**dict(keys), "column": column}
    return note.check == total.id and all(place.get(key) == value for key, value in note.where.items())


def _check(
    field: Field,
    total: Total,
    column: str,
    keys: tuple[tuple[str, str], ...],
    printed: Decimal,
    terms: tuple[Value, ...],
    lines: frozenset[int],
    known: Acknowledgement | None,
) -> TotalCheck:
    quantities = [term for term in terms if isinstance(term, Quantity)]
    numbers = [term.number for term in quantities if term.number is not None]
    hidden = any(term.mark in ("c", "lost") for term in quantities)
    computed = None if hidden else sum(numbers, Decimal(0))
    half = sum((_half_unit(number) for number in [*numbers, printed]), Decimal(0)) if field.rounded else Decimal(0)
    difference = abs(computed - printed) if computed is not None else None
    if difference is None:
        result = "unknown"
    elif difference == 0:
        result = "agrees"
    else:
        result = "rounding" if difference <= half else "differs"
    label = total.label + (f" ({_for_whom(keys)})" if keys else "")
    if total.printed and len(total.printed[0].values) > 1:
        label = field.title if field.title.startswith(label) else f"{label}, {field.title}"
    sentence = _sentence(result, label, printed, computed, half, field)
    return TotalCheck(
        total, column, keys, lines, printed, computed, half, result, sentence, known.reason if known else ""
    )


def _half_unit(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    return Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)


def _sentence(result: str, label: str, printed: Decimal, computed: Decimal | None, half: Decimal, field: Field) -> str:
    """Say the result as DOMAIN's words for a disagreement do, and in no other words."""

    def words(number: Decimal) -> str:
        return format_number(number, field.unit)

    if result == "agrees":
        return ""
    if computed is None:
        return f"{label}: the paper prints {words(printed)}. Some rows cannot be read, so the sum cannot be checked."
    difference = words(abs(computed - printed))
    if result == "rounding":
        return (
            f"{label}: the paper prints {words(printed)}. Its rows add up to {words(computed)}. "
            f"Rounding explains a difference of up to {words(half.normalize() + 0)}."
        )
    return (
        f"{label}: the paper prints {words(printed)}. Its rows add up to {words(computed)}. "
        f"The difference is {difference}."
    )


def _for_whom(keys: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(value for _, value in keys)


def _unacknowledged(dataset: Dataset, check: TotalCheck, at: Location) -> Diagnostic:
    place = ", ".join([f"{key}: {value}" for key, value in check.keys] + [f"column: {check.column}"])
    hint = (
        "compare our copy with the paper; if the paper says so, add to 'acknowledged' in "
        f"{dataset.sidecar_path}: {{check: {check.total.id}, at: {{{place}}}, class: unexplained, "
        "reason: The paper does not say why.}"
    )
    message = f"total '{check.total.id}': {check.sentence}"
    return Diagnostic("total-differs", message, at, hint=hint)


def sentences(checks: Iterable[TotalCheck]) -> tuple[str, ...]:
    """Sum up the checks of a dataset for its readers: the agreements in one sentence, every difference in its own."""
    found = list(checks)
    if not found:
        return ()
    exact = sum(check.result == "agrees" for check in found)
    near = sum(check.result == "rounding" for check in found)
    lines = []
    if exact + near:
        how = "exactly" if not near else "within rounding" if not exact else f"{exact} exactly, {near} within rounding"
        if exact + near == 1:
            lines.append(f"The one printed total that was recomputed agrees with the paper, {how}.")
        else:
            lines.append(f"Totals agree with the paper: {exact + near} printed totals were recomputed ({how}).")
    for check in found:
        if check.result in ("differs", "unknown"):
            lines.append(f"{check.sentence} {check.reason}".strip())
    return tuple(lines)
