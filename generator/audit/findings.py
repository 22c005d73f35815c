"""Turn guesses into findings: reckon each guess like a declared check, keep what differs, and rank it.

A finding is advice.  Certainty grows with how often a guess holds elsewhere, with how little it misses by, and with a
clue to what happened; it falls where two papers, or two dates, may explain it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from generator.audit.clues import clue, gap_of
from generator.audit.figures import Sheet, sheet_for
from generator.audit.frames import frames
from generator.audit.guesses import KINDS, Entry, Guess
from generator.audit.labels import guess_labels
from generator.audit.links import guess_links
from generator.audit.relations import guess_hundreds, guess_relations, guess_series
from generator.audit.runs import guess_runs
from generator.audit.totals import guess_totals
from generator.claims import read_claims
from generator.datasets import Dataset, Total
from generator.diagnostics import Diagnostic
from generator.instances import Instance, find_instances
from generator.positioned import Reader, parse_yaml, yaml_text
from generator.reconcile import Check, acknowledgement, check_dataset, rows_of
from generator.terms import Cell


@dataclass(frozen=True, slots=True)
class Finding:
    """One printed figure that disagrees with others, though no sidecar says so."""

    dataset: str
    path: str
    """The sidecar."""
    kind: str
    """A key of `generator.audit.guesses.KINDS`."""
    check: Check
    clue: str
    """What the difference looks like, in a sentence, or empty."""
    holds: int
    """In how many places the same guess holds."""
    of: int
    score: float
    entry: str
    """The line for ``checks`` of the sidecar; empty if the total already stands there."""
    acknowledged: str
    """The line for ``acknowledged``."""

    @property
    def key(self) -> str:
        """A name that stays the same as long as the finding does."""
        return f"{self.dataset}: {self.kind}: {self.check.label}: {self.check.column}"

    @property
    def rows(self) -> str:
        """The lines of the files that take part."""
        return rows_of(self.check).replace(") (", "; ").strip(" ()")


def audit(datasets: Mapping[str, Dataset], *, from_scratch: bool = False) -> tuple[Finding, ...]:
    """Return what differs and is not declared, the surest first; *from_scratch* forgets all that sidecars declare."""
    known: list[frozenset[Cell]] = []
    if from_scratch:
        datasets = {name: _bare(dataset) for name, dataset in datasets.items()}
    else:
        known = [check.cells for data in datasets.values() for check in check_dataset(data, datasets).value]
    sheets = tuple(sheet_for(dataset) for dataset in datasets.values())
    guesses = list(_guesses(sheets, with_totals=from_scratch))
    certain = {cell for guess in guesses if guess.holds == guess.of and guess.kind in ("total", "row sum")
               for cell in guess.about}  # fmt: skip
    found: dict[tuple[Cell, str], Finding] = {}
    for guess in guesses:
        if guess.claim is None or guess.holds == guess.of:
            continue
        for finding, cell in _findings(guess, datasets):
            is_known = any(finding.check.cells <= cells or cells <= finding.check.cells for cells in known)
            is_explained = cell in certain and guess.kind in ("row sum", "part of a whole", "roll")
            place = cell, guess.kind
            if not (is_known or is_explained) and (place not in found or found[place].score < finding.score):
                found[place] = finding
    ranked = sorted(found.values(), key=lambda finding: (-finding.score, finding.key))
    first: dict[frozenset[Cell], Finding] = {}
    for finding in ranked:  # a figure in two tables is found from both sides
        first.setdefault(finding.check.cells, finding)
    return tuple(first.values())


def _bare(dataset: Dataset) -> Dataset:
    """Forget everything that a sidecar declares but the figures that the paper prints."""
    totals = tuple(replace(total, where={}) for total in dataset.totals if total.printed)
    return replace(dataset, totals=totals, claims=(), acknowledged=())


def _guesses(sheets: tuple[Sheet, ...], *, with_totals: bool) -> Iterator[Guess]:
    for sheet in sheets:
        yield from guess_totals(sheet) if with_totals else ()
        for frame in frames(sheet):
            yield from guess_relations(frame)
            yield from guess_hundreds(frame)
            yield from guess_series(frame)
    yield from guess_links(sheets)
    yield from guess_runs(sheets)
    yield from guess_labels(sheets)


def _findings(guess: Guess, datasets: Mapping[str, Dataset]) -> Iterator[tuple[Finding, Cell]]:
    """Reckon a guess in all its places; nothing is found where the check could not stand in the sidecar."""
    dataset = datasets[guess.dataset]
    trial, name, entry = _with_claim(guess, dataset)
    everything = {**datasets, dataset.id: trial}
    instances = list(find_instances(trial, everything))
    if any(isinstance(one, Diagnostic) for one in instances):
        return
    for instance, check in zip(instances, check_dataset(trial, everything).value, strict=True):
        if isinstance(instance, Instance) and check.id == name and check.result in ("differs", "cut"):
            words = clue(instance, datasets)
            finding = Finding(
                dataset=dataset.id,
                path=dataset.sidecar_path,
                kind=guess.kind,
                check=check,
                clue=words,
                holds=guess.holds,
                of=guess.of,
                score=_score(guess, instance, check, words) - 20 * _may_differ(check.cells, datasets),
                entry=entry,
                acknowledged=acknowledgement(check),
            )
            if instance.printed.cell:
                yield finding, instance.printed.cell


def _with_claim(guess: Guess, dataset: Dataset) -> tuple[Dataset, str, str]:
    """Return the dataset as if its sidecar held the guess, the name of the check, and the line for the sidecar."""
    if isinstance(guess.claim, Total):
        return replace(dataset, totals=(guess.claim,), claims=(), acknowledged=()), guess.claim.id, ""
    trial, entry = with_check(guess.claim or {}, dataset)
    return trial, trial.claims[0].id, entry


def with_check(claim: Entry, dataset: Dataset) -> tuple[Dataset, str]:
    """Return the dataset with this check only, and the line for its sidecar."""
    entry = entry_line(claim, _taken(dataset))
    table = parse_yaml(f"checks:\n  - {entry}\n", dataset.sidecar_path).value
    claims = read_claims(Reader(table, "the sidecar", []), list(dataset.index), [])
    return replace(dataset, claims=claims, acknowledged=()), entry


def _taken(dataset: Dataset) -> frozenset[str]:
    return frozenset({*(total.id for total in dataset.totals), *(claim.id for claim in dataset.claims)})


def _score(guess: Guess, instance: Instance, check: Check, words: str) -> float:
    """Return how surely a finding is a disagreement, in points that mean nothing but an order."""
    kinds = list(KINDS)
    score = len(kinds) - kinds.index(guess.kind) + min(guess.bits, 40) / 2 + 20 * guess.holds / guess.of
    gap = gap_of(instance)
    if gap and gap[0] and gap[1]:
        score += min(max(math.log2(abs(float(gap[0] / gap[1]))), 0), 10)
    return score + 8 * bool(words) - 3 * (check.result == "cut")


def _may_differ(cells: Iterable[Cell], datasets: Mapping[str, Dataset]) -> bool:
    """Whether the figures are from papers of different standing or date."""
    paths = {path for path, _, _ in cells}
    own = [data for data in datasets.values() if paths & {data.csv_path, data.sidecar_path}]
    return len({(data.phase, data.place.paper) for data in own}) > 1


def entry_line(claim: Entry, taken: Iterable[str]) -> str:
    """Write a check as one line of a sidecar.

    >>> entry_line({"kind": "same", "label": "Net, 2024-25", "here": "net", "there": "plan: a[b=c]"}, {"net-2024-25"})
    '{id: net-2024-25-2, kind: same, label: "Net, 2024-25", here: net, there: "plan: a[b=c]"}'
    """
    name = re.sub(r"[^a-z0-9]+", "-", str(claim["label"]).casefold())[:50].strip("-") or "figure"
    ids = [name, *(f"{name}-{n}" for n in range(2, 99))]
    found = {"id": next(one for one in ids if one not in taken), **claim}
    return "{" + ", ".join(f"{key}: {_text(value)}" for key, value in found.items()) + "}"


def _text(value: str | tuple[str, ...] | Mapping[str, tuple[str, ...]]) -> str:
    if isinstance(value, str):
        return yaml_text(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(map(yaml_text, value)) + "]"
    return "{" + ", ".join(f"{key}: {_text(one)}" for key, one in value.items()) + "}"
