"""Find every place where a total or check of a sidecar applies, with all the figures that take part in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.claims import Claim
from generator.datasets import Dataset, Row, Total
from generator.diagnostics import Diagnostic, Location, hint_for
from generator.quantities import Quantity
from generator.references import Reference
from generator.terms import Term, all_covered, cell_term, find_terms, is_in, total_term

Keys = tuple[tuple[str, str], ...]
"""What a figure is for, e.g. ``(("year", "2024-25"), ("funding", "core"))``."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A claim at one place: the figure it is about, and all figures it names."""

    id: str
    kind: str
    """``sum`` for a printed total, else a key of `generator.claims.KINDS`."""
    name: str
    """What the sidecar calls it, e.g. ``Total spending``."""
    label: str
    """The same with the column, where a total is printed for several."""
    keys: Keys
    terms: Mapping[str, tuple[tuple[Term, ...], ...]]
    """For each role, the figures of each of its references; the first is the figure that is checked."""
    may_differ: tuple[str, ...]
    other: str
    """The title of the other dataset, if one takes part."""
    at: Location

    @property
    def printed(self) -> Term:
        """The figure that is checked."""
        return next(iter(self.terms.values()))[0][0]

    @property
    def all(self) -> tuple[Term, ...]:
        """Every figure that takes part."""
        return tuple(term for references in self.terms.values() for terms in references for term in terms)


def find_instances(dataset: Dataset, datasets: Mapping[str, Dataset]) -> Iterator[Instance | Diagnostic]:
    """Yield every sum and check of *dataset*; *datasets* are all that a check may refer to."""
    yield from _total_instances(dataset)
    for claim in dataset.claims:
        yield from _claim_instances(claim, dataset, datasets)


def _total_instances(dataset: Dataset) -> Iterator[Instance | Diagnostic]:
    """Yield every sum that a total claims: down the rows, or along a row."""
    for total in dataset.totals:
        if total.total and not total.parts:
            message, hint = f"the total '{total.id}' has no parts", "name the columns that add up in 'parts'"
            yield Diagnostic("empty-total", message, total.at, hint=hint)
        elif total.total:
            for row in dataset.rows:
                printed = dataset.value(row, total.total)
                if is_in(dataset, row, total.where) and isinstance(printed, Quantity) and printed.number is not None:
                    keys = tuple((name, dataset.text(row, name)) for name in dataset.primary_key)
                    parts = tuple(cell_term(dataset, row, part) for part in total.parts)
                    at = Location(dataset.csv_path, row.line, 1)
                    yield _sum(total, total.label, keys, cell_term(dataset, row, total.total), parts, at)
        for entry, lines in all_covered(dataset, total):
            rows = [row for row in dataset.rows if row.line in lines]
            for column, quantity in entry.values.items():
                if quantity.number is None:
                    continue
                keys = tuple(entry.keys.items())
                if not rows:
                    message = f"the total '{total.id}' for {for_whom(keys) or 'all rows'} has no rows"
                    yield Diagnostic("empty-total", message, entry.at, hint="correct its filter or its keys")
                    continue
                terms = tuple(cell_term(dataset, row, column) for row in rows)
                title, label = dataset.field(column).title, total.label
                if len(total.printed[0].values) > 1:
                    label = title if title.startswith(label) else f"{label}, {title}"
                stated = total_term(dataset, total, entry, column)
                yield _sum(total, label, keys, stated, terms, entry.at)


def _sum(total: Total, label: str, keys: Keys, printed: Term, parts: tuple[Term, ...], at: Location) -> Instance:
    return Instance(
        total.id, "sum", total.label, label, keys, {"printed": ((printed,),), "parts": (parts,)}, (), "", at
    )


def _claim_instances(
    claim: Claim, dataset: Dataset, datasets: Mapping[str, Dataset]
) -> Iterator[Instance | Diagnostic]:
    """Yield every place where a check of the sidecar applies: each row, each value of ``by``, or once."""
    rows = [row for row in dataset.rows if is_in(dataset, row, claim.where)]
    others = sorted({reference.dataset for reference in claim.references} - {""})
    title = next((datasets[name].title for name in others if name in datasets), "")
    seen: set[Diagnostic] = set()
    for keys, here, chosen in _places(dataset, claim, rows):
        values = {name: dataset.text(here, name) for name in dataset.index} if here else dict(keys)
        terms: dict[str, tuple[tuple[Term, ...], ...]] = {}
        found: list[Diagnostic] = []
        for role, references in claim.terms.items():
            named = []
            for reference in references:
                own = [here] if reference.is_here and here and role != "count" else chosen
                result = _find(claim, role, reference, dataset, datasets, own, values)
                if isinstance(result, Diagnostic):
                    found.append(result)
                else:
                    named.append(result)
            terms[role] = tuple(named)
        instance = Instance(
            claim.id, claim.kind, claim.label, claim.label, keys, terms, claim.may_differ, title, claim.at
        )
        if not found and (refused := _worded(instance) or _mixed(instance) or _qualified(instance)):
            found.append(refused)
        if not found:
            yield instance
        yield from (problem for problem in found if problem not in seen)
        seen.update(found)


def _places(dataset: Dataset, claim: Claim, rows: list[Row]) -> Iterator[tuple[Keys, Row | None, list[Row]]]:
    """Yield what a check is about, the row at hand if there is one, and the rows to choose from.

    A check of each row of *rows* may name any other row; one by group, or of all together, stays within *rows*.
    """
    if claim.by:
        groups: dict[Keys, list[Row]] = {}
        for row in rows:
            groups.setdefault(tuple((name, dataset.text(row, name)) for name in claim.by), []).append(row)
        for keys, members in groups.items():
            yield keys, None, members
    elif _has_row_at_hand(claim):
        for row in rows:
            yield tuple((name, dataset.text(row, name)) for name in dataset.primary_key), row, list(dataset.rows)
    else:
        yield (), None, rows


def _has_row_at_hand(claim: Claim) -> bool:
    """Tell whether a check runs for each row; what is counted or forms a series is always several rows."""
    several = ("shares", "series", "count")
    return any(term.is_here for role, terms in claim.terms.items() if role not in several for term in terms)


def _find(
    claim: Claim,
    role: str,
    reference: Reference,
    dataset: Dataset,
    datasets: Mapping[str, Dataset],
    rows: list[Row],
    here: Mapping[str, str],
) -> tuple[Term, ...] | Diagnostic:
    found = find_terms(reference, dataset, datasets, rows, here)
    if isinstance(found, Diagnostic) or role == "count" or (claim.kind, role) == ("recount", "minus"):
        return found
    is_one = role in ("result", "share", "change", "growth", "from", "to", "printed", "here", "base")
    if not found or (is_one and len(found) > 1):
        who = ", ".join(here[key] for key in (claim.by or dataset.primary_key) if key in here)
        message = f"the check '{claim.id}' finds {len(found) or 'no'} figures for '{role}'{f' at {who}' if who else ''}"
        hint = "name the row in square brackets, or narrow the check with 'where' and 'by'"
        if not found:
            hint = _unknown_value(reference, datasets.get(reference.dataset, dataset)) or hint
        return Diagnostic("empty-check", message, reference.at, hint=hint)
    return found


def _worded(instance: Instance) -> Diagnostic | None:
    """Refuse to reckon with words; what is only counted, or compared as it stands, may be words."""
    if instance.kind in ("same", "series"):
        return None
    uncounted = (terms for role, terms in instance.terms.items() if instance.kind != "recount" or role == "printed")
    found = (term for references in uncounted for terms in references for term in terms)
    worded = next((term.cell[2] for term in found if isinstance(term.value, str) and term.cell), "")
    if not worded:
        return None
    message = f"the check '{instance.id}' reckons with '{worded}', which is a column of words"
    return Diagnostic("wrong-type", message, instance.at, hint="name a column of numbers")


def _unknown_value(reference: Reference, target: Dataset) -> str:
    """Say which value of a reference no row has; empty if each stands somewhere."""
    for name, values in reference.where:
        known = list(dict.fromkeys(target.text(row, name) for row in target.rows))
        for value in values:
            if not value.startswith("@") and value not in known:
                return f"no row has '{value}' in '{name}'; {hint_for(value, known, 'values')}"
    return ""


def _mixed(instance: Instance) -> Diagnostic | None:
    """Refuse to add, subtract or compare figures of different units."""
    groups = {"share": ("part", "minus", "whole"), "growth": ("from", "to")}.get(instance.kind, tuple(instance.terms))
    if instance.kind in ("ratio", "whole-number", "recount", "series", "hundred"):
        return None
    families = sorted({t.family for role in groups for terms in instance.terms[role] for t in terms if t.cell})
    if len(families) < 2:
        return None
    message = f"the check '{instance.id}' compares {' with '.join(families)}"
    return Diagnostic("mixed-units", message, instance.at, hint="name figures of one unit")


def _qualified(instance: Instance) -> Diagnostic | None:
    """Refuse to subtract or divide values that are only "at least", "about" or "over" something."""
    if instance.kind not in ("change", "growth", "ratio", "share") and not instance.terms.get("minus"):
        return None
    values = [term.value for term in instance.all if isinstance(term.value, Quantity)]
    found = next((value.qualifier for value in values if value.qualifier), "")
    if not found:
        return None
    message = f"the check '{instance.id}' reckons with a value that is only '{found}' something"
    hint = "compare it with 'same' or 'subset', or leave the check out"
    return Diagnostic("qualified-difference", message, instance.at, hint=hint)


def for_whom(keys: Keys) -> str:
    """Name what a figure is for."""
    return ", ".join(value for _, value in keys)
