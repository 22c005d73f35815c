"""Find the checks that a table passes in all its places, so that a new sidecar can declare them.

A check is proposed only if it is tried in more than one place, or is told by what stands there; what holds in most
places is left to the audit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from generator.audit.figures import sheet_for
from generator.audit.findings import with_check
from generator.audit.frames import frames
from generator.audit.guesses import NO_SUMS, Entry
from generator.audit.relations import guess_relations
from generator.datasets import Dataset, Field
from generator.quantities import Quantity
from generator.reconcile import check_dataset

LEAST = 3
"""So many rows must tell that a relation is no chance."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A check that holds wherever it applies, as a line of the sidecar."""

    entry: str
    places: int


def proved_checks(dataset: Dataset) -> tuple[Proof, ...]:
    """Return the checks that hold in all places of a dataset whose sidecar declares none."""
    found: list[Proof] = []
    for claim in _candidates(dataset) if len(dataset.rows) >= LEAST else ():
        trial, entry = with_check(claim, dataset)
        judged = check_dataset(trial, {dataset.id: trial})
        results = [check.result for check in judged.value if check.id == trial.claims[0].id]
        holds = sum(result in ("agrees", "rounding") for result in results)
        if 2 * holds > len(results) and set(results) <= {"agrees", "rounding", "coarse"} and not judged.problems:
            found.append(Proof(entry, len(results)))
            dataset = replace(dataset, claims=(*dataset.claims, *trial.claims))
    return tuple(found)


def _candidates(dataset: Dataset) -> Iterator[Entry]:
    key = dataset.primary_key
    if len(key) == 1 and dataset.field(key[0]).unit in ("year", "financial-year"):
        yield {"kind": "series", "label": dataset.field(key[0]).title, "series": key[0]}
    for guess in guess_relations(next(frames(sheet_for(dataset)))):
        if guess.kind == "share" and guess.holds == guess.of and isinstance(guess.claim, dict):
            yield guess.claim
    numbers = [field for field in dataset.measures if field.is_number and not field.unit_from]
    yield from _of_which(numbers)
    yield from _hundreds(dataset, numbers)


def _of_which(numbers: list[Field]) -> Iterator[Entry]:
    """A column that its heading calls a part is part of the nearest column of its unit before it that is none."""
    wholes: dict[str, Field] = {}
    for field in numbers:
        if not field.title.casefold().startswith("of which"):
            wholes[field.unit] = field
        elif (whole := wholes.get(field.unit)) and field.unit not in NO_SUMS:
            label = f"{field.title}, as part of {whole.title}"
            yield {"kind": "subset", "label": label, "part": field.name, "whole": whole.name}


def _hundreds(dataset: Dataset, numbers: list[Field]) -> Iterator[Entry]:
    """Percentages beside or below one another that add up to 100."""
    shares = [field for field in numbers if field.unit == "percent"]
    key = dataset.primary_key
    if key and len(shares) > 1:
        names = tuple(field.name for field in shares)
        yield {"kind": "hundred", "label": "Shares of each row", "by": key, "shares": names}
    for field in shares:
        values = [dataset.value(row, field.name) for row in dataset.rows]
        if sum(isinstance(value, Quantity) and bool(value.number) for value in values) >= LEAST:
            yield {"kind": "hundred", "label": field.title, "shares": field.name}
