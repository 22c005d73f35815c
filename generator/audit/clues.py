"""Say what a difference looks like: a row left out or counted twice, digits exchanged, a factor of ten, a sign."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from generator.datasets import Dataset
from generator.instances import Instance
from generator.quantities import Quantity
from generator.terms import Term

SIGNS = {"parts": 1, "plus": 1, "there": 1, "minus": -1}
"""How the figures of each role count; other checks have no difference that could be one of their figures."""


def gap_of(instance: Instance) -> tuple[Decimal, Decimal] | None:
    """Return a printed figure and by how much it is above what the others give; `None` if that means nothing."""
    roles = list(instance.terms.items())[1:]
    if not roles or any(role not in SIGNS for role, _ in roles) or isinstance(instance.printed.value, str):
        return None
    printed = instance.printed.interval.value
    computed = sum((SIGNS[role] * term.interval.value for role, groups in roles for terms in groups for term in terms),
                   Decimal(0))  # fmt: skip
    return printed, printed - computed


def clue(instance: Instance, datasets: Mapping[str, Dataset]) -> str:
    """Say in a sentence what the difference looks like; empty if like nothing."""
    found = gap_of(instance)
    if found is None or not found[1]:
        return ""
    printed, gap = found
    parts = [term for groups in list(instance.terms.values())[1:] for terms in groups for term in terms]
    if len(parts) > 2:
        same = [term for term in parts if term.interval.value and abs(gap) == abs(term.interval.value)]
        if len(same) == 1:
            return f"The difference is as large as {_name(same[0], datasets)}."
    computed = printed - gap
    if computed == -printed:
        return "Only the sign differs."
    if abs(computed) in (abs(printed) * 10, abs(printed) / 10):
        return "One figure is ten times the other."
    before, after = str(abs(printed.normalize())), str(abs(computed.normalize()))
    if len(before) == len(after) and sorted(before) == sorted(after) and before != after:
        return "Both figures have the same digits in another order."
    return ""


def _name(term: Term, datasets: Mapping[str, Dataset]) -> str:
    path, line, column = term.cell or ("", 0, "")
    for dataset in datasets.values():
        for row in dataset.rows:
            if dataset.csv_path == path and row.line == line:
                names = ", ".join(dataset.text(row, key) for key in dataset.primary_key)
                return f"the row {names}" if names else f"line {line}"
    number = term.value.number if isinstance(term.value, Quantity) else None
    return f"{column} {number}"
