"""Say which figures must not stand in one chart, on one line or in one sum, and why.

Side by side stand only figures of one unit, basis, kind of period and area.  What is joined, by a line, a stack or a
sum, must also be of one stage.  What is added must be parts of a whole that the sidecar declares, at one time if it is
a balance or a rolling figure, and must not lose the words and marks that stay with a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator.datasets import Dataset, Row, Value
from generator.diagnostics import Diagnostic, Location
from generator.quantities import MARKS, UNITS, Quantity, joint_qualifier
from generator.terms import all_covered
from generator.words import GEOGRAPHIES, PERIOD_TYPES, PHASES

TIMES = frozenset({"date", "year", "financial-year", "quarter"})
"""Units of columns that say when."""
NOT_ADDED_OVER_TIME = frozenset({"rolling-12-months", "year-to-date", "snapshot"})
"""Kinds of period that overlap or are moments, so that two of them have no sum."""
BRIDGES = (frozenset({"level", "change"}), frozenset({"balance", "movement"}))
"""What may be added to what: changes to a level, movements to a balance."""


@dataclass(frozen=True, slots=True)
class Operand:
    """One figure, with what decides beside which others it may stand."""

    name: str
    """For a message: its row, or its column."""
    row: Row
    field: str
    value: Value
    unit: str
    basis: str
    phase: str
    period_type: str
    geography: str
    time: tuple[str, ...]


def operand(dataset: Dataset, row: Row, column: str, name: str = "") -> Operand:
    """Return the cell of *row* in *column* as an operand called *name*, or else after the key of its row."""
    field = dataset.field(column)
    times = (dataset.text(row, other.name) for other in dataset.fields if not other.is_number and other.unit in TIMES)
    basis = dataset.text(row, field.basis_from) if field.basis_from else field.basis or dataset.basis
    return Operand(
        name=name or ", ".join(dataset.text(row, key) for key in dataset.primary_key) or f"line {row.line}",
        row=row,
        field=column,
        value=dataset.value(row, column),
        unit=dataset.unit(row, column),
        basis=basis,
        phase=field.phase or dataset.phase,
        period_type=field.period_type or dataset.period_type,
        geography=field.geography or dataset.geography,
        time=(field.period, *times),
    )


def check_compared(
    operands: Sequence[Operand], at: Location, problems: list[Diagnostic], *, is_bridge: bool = False
) -> None:
    """Note what must not stand side by side; a bridge adds changes to a level, or movements to a balance."""

    def report(code: str, message: str, hint: str) -> None:
        problems.append(Diagnostic(code, message, at, hint=hint))

    if pair := _pair(operands, "unit"):
        said = f"'{pair[0].name}' is in {_unit(pair[0])} and '{pair[1].name}' in {_unit(pair[1])}"
        report(
            "mixed-units",
            f"different units do not go together: {said}",
            "show figures of one unit: choose other columns, or filter the rows",
        )
    bases = {found.basis for found in operands}
    if len(operands) > 1 and "mixed" in bases:
        message = (
            f"the sidecar does not say whether '{operands[0].name}' and '{operands[1].name}' are levels or changes"
        )
        report("mixed-basis", message, "give the column its 'basis', or name the column that has it with 'basis_from'")
    elif not (is_bridge and any(bases <= bridge for bridge in BRIDGES)) and (pair := _pair(operands, "basis")):
        said = f"'{pair[0].name}' is a {pair[0].basis} and '{pair[1].name}' a {pair[1].basis}"
        message = f"a {pair[0].basis} and a {pair[1].basis} do not go together: {said}"
        report("mixed-basis", message, "filter the rows, or make two figures")
    if pair := _pair(operands, "period_type"):
        said = " and ".join(f"'{found.name}' is of the kind '{_period(found)}'" for found in pair)
        hint = "show figures of one kind of period, or make two figures"
        report("mixed-periods", f"different kinds of period do not go together: {said}", hint)
    if pair := _pair(operands, "geography"):
        said = " and ".join(f"'{found.name}' is for {GEOGRAPHIES[found.geography]}" for found in pair)
        hint = "show figures of one area, or make two figures"
        report("mixed-areas", f"different areas do not go together: {said}", hint)


def check_joined(operands: Sequence[Operand], at: Location, problems: list[Diagnostic]) -> None:
    """Note what one line, stack or sum must not join, although it may stand side by side."""
    if pair := _pair(operands, "phase"):
        said = " and ".join(f"'{found.name}' is '{PHASES[found.phase]}'" for found in pair)
        hint = "show each stage as a series of its own, or make two figures"
        problems.append(Diagnostic("mixed-phases", f"different stages are joined here: {said}", at, hint=hint))
    if len(operands) > 1 and any(found.period_type == "mixed" for found in operands):
        said = f"the sidecar does not say for what kind of period '{operands[0].name}' and '{operands[1].name}' are"
        problems.append(Diagnostic("mixed-periods", said, at, hint="give each column its 'period_type'"))


def check_added(dataset: Dataset, operands: Sequence[Operand], at: Location, problems: list[Diagnostic]) -> None:
    """Note why figures must not be added up, whether by a sum, a stack or a bridge."""
    check_joined(operands, at, problems)
    _check_times(operands, at, problems)
    _check_words(operands, at, problems)
    fields = list(dict.fromkeys(found.field for found in operands))
    if len(fields) > 1 and not _is_partition(dataset, fields):
        _overlapping(dataset, " and ".join(f"'{field}'" for field in fields), f"columns: [{', '.join(fields)}]", at,
                     problems)  # fmt: skip
    rows = list(dict.fromkeys(found.row for found in operands if found.field == fields[0]))
    varying = [
        field.name
        for field in dataset.fields
        if field.role == "dimension" and len({dataset.text(row, field.name) for row in rows}) > 1
    ]
    if len(rows) > 1 and not any(partition.rows in varying for partition in dataset.partition):
        names = [found.name for found in operands if found.field == fields[0]]
        _overlapping(dataset, f"'{names[0]}' and '{names[1]}'", f"rows: {(varying or ['…'])[0]}", at, problems)


def check_whole(dataset: Dataset, operands: Sequence[Operand], at: Location, problems: list[Diagnostic]) -> None:
    """Note parts whose shares would be shares of something smaller than the whole that the sidecar declares."""
    columns = {found.field for found in operands}
    found: list[list[str]] = []
    for partition in dataset.partition:
        shown = {dataset.text(each.row, partition.rows) for each in operands} if partition.rows else set()
        if len(columns) > 1 and columns <= set(partition.columns):
            found.append([dataset.field(name).title for name in partition.columns if name not in columns])
        elif len(columns) == 1 and len(shown) > 1:
            known = dict.fromkeys(dataset.text(row, partition.rows) for row in dataset.rows)
            found.append([name for name in known if name not in shown])
    if found and all(found):
        message = f"the parts are not the whole: '{found[0][0]}' is left out, so their shares would be too large"
        hint = "show all parts, or write 'stack: true' or 'kind: bar'"
        problems.append(Diagnostic("unfit-chart", message, at, hint=hint))


def check_bridge(operands: Iterable[Operand], at: Location, problems: list[Diagnostic]) -> None:
    """Note a step whose size is not known: the height of a bridge after it would be a guess."""
    for found in operands:
        if isinstance(found.value, Quantity) and found.value.qualifier:
            message = f"'{found.name}' is '{found.value.qualifier}' its number, so no difference can be taken from it"
            problems.append(Diagnostic("qualified-difference", message, at, hint="leave it out, or make a table"))
            return


def check_totals_mix(dataset: Dataset) -> tuple[Diagnostic, ...]:
    """Report printed totals that claim to add what cannot be added; each total is itself the claim that its rows do."""
    problems: list[Diagnostic] = []
    for total in dataset.totals:
        found: list[Diagnostic] = []
        if total.total:
            for row in dataset.rows[:1]:
                operands = [operand(dataset, row, part, dataset.field(part).title) for part in total.parts]
                _check_total(operands, total.at, found)
            if dataset.partition and not _is_partition(dataset, total.parts):
                said = " and ".join(f"'{part}'" for part in total.parts)
                _overlapping(dataset, said, f"columns: [{', '.join(total.parts)}]", total.at, found)
        for entry, lines in all_covered(dataset, total):
            rows = [row for row in dataset.rows if row.line in lines]
            for column in entry.values:
                _check_total([operand(dataset, row, column) for row in rows], total.at, found)
        problems += first_of_each(found)
    return tuple(problems)


def _check_total(operands: Sequence[Operand], at: Location, problems: list[Diagnostic]) -> None:
    if operands:
        check_compared(operands, at, problems, is_bridge=True)
        check_joined(operands, at, problems)
        _check_times(operands, at, problems)


def first_of_each(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the first problem of each code: one example tells the editor what to mend."""
    found: dict[str, Diagnostic] = {}
    for problem in problems:
        found.setdefault(problem.code, problem)
    return list(found.values())


def _check_times(operands: Sequence[Operand], at: Location, problems: list[Diagnostic]) -> None:
    if operands[0].basis != "balance" and operands[0].period_type not in NOT_ADDED_OVER_TIME:
        return
    if pair := _pair(operands, "time"):
        what = "balances" if operands[0].basis == "balance" else f"figures of the kind '{_period(operands[0])}'"
        times = [", ".join(filter(None, found.time)) or found.name for found in pair]
        message = f"{what} of two times cannot be added: {times[0]}; {times[1]}"
        problems.append(Diagnostic("added-periods", message, at, hint="filter the rows to one time"))


def _check_words(operands: Sequence[Operand], at: Location, problems: list[Diagnostic]) -> None:
    """Note a sum that would have to drop a qualifier or a mark."""
    values = [(found.name, found.value) for found in operands if isinstance(found.value, Quantity)]
    for words in (
        [(name, value.qualifier) for name, value in values if value.qualifier],
        [(name, MARKS[value.mark]) for name, value in values if value.number is not None and value.mark],
    ):
        for name, word in words[1:]:
            if word != words[0][1] and joint_qualifier(words[0][1], word) is None:
                message = (
                    f"'{words[0][0]}' is '{words[0][1]}' and '{name}' is '{word}', so their sum has no word for both"
                )
                problems.append(Diagnostic("mixed-qualifiers", message, at, hint="filter the rows, or make a table"))
                return


def _is_partition(dataset: Dataset, columns: Iterable[str]) -> bool:
    return any(set(columns) <= set(partition.columns) for partition in dataset.partition)


def _overlapping(dataset: Dataset, names: str, entry: str, at: Location, problems: list[Diagnostic]) -> None:
    message = f"{dataset.sidecar_path} does not say that {names} are parts of one whole, so they may overlap"
    hint = f"if they add up without overlap, declare it: partition: [{{name: …, {entry}}}]; else show them side by side"
    problems.append(Diagnostic("overlapping-parts", message, at, hint=hint))


def _pair(operands: Sequence[Operand], attribute: str) -> tuple[Operand, Operand] | None:
    """Return two operands that differ in *attribute*."""
    for other in operands[1:]:
        if getattr(other, attribute) != getattr(operands[0], attribute):
            return operands[0], other
    return None


def _unit(found: Operand) -> str:
    return UNITS.get(found.unit, found.unit)


def _period(found: Operand) -> str:
    return PERIOD_TYPES.get(found.period_type, found.period_type)
