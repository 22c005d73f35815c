"""Recompute what a paper prints: totals, equations, shares, changes, counts, and figures that stand in two places.

A total or check of a sidecar is a claim about printed figures; each place where it applies becomes one `Check`.  What
rounding explains follows from the printed places (`generator.intervals`).  A difference that no sidecar acknowledges
stops the build.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from generator.contexts import NoteView
from generator.datasets import Acknowledgement, Dataset
from generator.diagnostics import Checked, Diagnostic, Location, Severity, hint_for
from generator.instances import Instance, Keys, find_instances, for_whom
from generator.positioned import yaml_text
from generator.terms import Cell, all_covered
from generator.verdicts import Verdict, opening, verdict_for
from generator.words import capital


@dataclass(frozen=True, slots=True)
class Check:
    """One printed figure, compared with what other printed figures give."""

    dataset: str
    id: str
    kind: str
    """``sum`` for a printed total, ``rating`` for a published rating, else a key of `generator.claims.KINDS`."""
    name: str
    """What is checked, e.g. ``Total spending``."""
    label: str
    """The same with what it is for: ``Total spending (2024-25, core)``."""
    column: str
    keys: Keys
    cells: frozenset[Cell]
    """Every figure that takes part."""
    lines: frozenset[int]
    """The lines of this dataset's own rows among them, and of the rows that a printed total among them covers."""
    printed: str
    """The printed figure in words; so are the next two."""
    computed: str
    """What the other figures give; empty if one of them cannot be read."""
    difference: str
    bound: Decimal
    """Largest difference that rounding explains, in the unit of the printed figure."""
    result: str
    """A key of `generator.intervals.RESULTS`."""
    sentence: str
    """The result in words for a reader; empty for a plain agreement."""
    reason: str
    """What is known about a difference, from the sidecar."""
    cause: str
    """The class of an acknowledged difference, or empty."""
    at: Location
    stated: str = ""
    """The difference as a sidecar states it: precisely, and with a minus where the paper prints less."""


Below = Mapping[int, frozenset[int]]
"""Lines of the rows that each printed total is the sum of, by its own line in the sidecar."""


def rows_below(dataset: Dataset) -> Below:
    """Return the rows below each printed total of *dataset*."""
    found: dict[int, frozenset[int]] = {}
    for total in dataset.totals:
        for entry, lines in all_covered(dataset, total):
            found[entry.at.line] = found.get(entry.at.line, frozenset()) | lines
    return found


def check_dataset(dataset: Dataset, datasets: Mapping[str, Dataset]) -> Checked[tuple[Check, ...]]:
    """Recompute everything that the sidecar of *dataset* claims; *datasets* are all that it may refer to."""
    checks: list[Check] = []
    problems: list[Diagnostic] = []
    used: set[int] = set()
    below = rows_below(dataset)
    for found in find_instances(dataset, datasets):
        if isinstance(found, Diagnostic):
            problems.append(found)
            continue
        judged, note = judge(dataset, found, below)
        checks.append(judged.value)
        problems += judged.problems
        if note is not None and judged.value.result not in ("agrees", "rounding"):
            used.add(note)  # what cannot be checked for now may differ again
    ids = {check.id for check in checks}
    lost = {
        n
        for n, note in enumerate(dataset.acknowledged)
        if note.check in ids and not any(_fits(note, check.id, check.keys, check.column) for check in checks)
    }
    for n in sorted(lost):
        stray = dataset.acknowledged[n]
        problems.append(_unknown_place(stray, [check for check in checks if check.id == stray.check]))
    problems += needless(dataset, ids, used | lost)
    return Checked(tuple(checks), tuple(problems))


def needless(dataset: Dataset, ids: Collection[str], used: Collection[int]) -> list[Diagnostic]:
    """Report the acknowledgements of the checks *ids* that explain nothing; *used* are the positions of the others."""
    hint = "remove this acknowledgement; 'transparency check --fix' does so"
    return [
        Diagnostic(
            "needless-acknowledgement",
            f"nothing differs any more in '{note.check}' at this place",
            note.at,
            Severity.WARNING,
            hint,
        )
        for position, note in enumerate(dataset.acknowledged)
        if note.check in ids and position not in used
    ]


def judge(dataset: Dataset, found: Instance, below: Below) -> tuple[Checked[Check], int | None]:
    """Recompute one printed figure; return also the position of the acknowledgement that is for its place."""
    column = found.printed.cell[2] if found.printed.cell else ""
    place = next((n for n, note in enumerate(dataset.acknowledged) if _fits(note, found.id, found.keys, column)), None)
    note = dataset.acknowledged[place] if place is not None else None
    check = _check(dataset, found, column, verdict_for(found), note, below)
    problems: list[Diagnostic] = []
    if check.result in ("differs", "cut"):
        if note:
            problems += changed(note, check.stated, check.sentence + rows_of(check))
        elif not found.may_differ:
            problems.append(_unacknowledged(dataset, check))
    return Checked(check, tuple(problems)), place


def _fits(note: Acknowledgement, name: str, keys: Keys, column: str) -> bool:
    place = {**dict(keys), "column": column}
    return note.check == name and all(place.get(key) == value for key, value in note.where.items())


def _unknown_place(note: Acknowledgement, checks: list[Check]) -> Diagnostic:
    """Report an acknowledgement that is for no place of its check: it is misspelt, or its row is gone."""
    places = [{**dict(check.keys), "column": check.column} for check in checks]
    known = {key: list(dict.fromkeys(place[key] for place in places)) for key in places[0]}
    for key, value in note.where.items():
        if key not in known:
            message, hint = f"the places of '{note.check}' have no '{key}'", hint_for(key, list(known), "keys")
            return Diagnostic("unknown-place", message, note.at, hint=hint)
        if value not in known[key]:
            message, hint = (
                f"'{note.check}' has no place where {key} is '{value}'",
                hint_for(value, known[key], "values"),
            )
            return Diagnostic("unknown-place", message, note.at, hint=hint)
    message, hint = f"'{note.check}' has no such place", "name the place as the hint of its message did"
    return Diagnostic("unknown-place", message, note.at, hint=hint)


def _check(
    dataset: Dataset, found: Instance, column: str, verdict: Verdict, note: Acknowledgement | None, below: Below
) -> Check:
    cells = frozenset(term.cell for term in found.all if term.cell)
    label = found.label + (f" ({for_whom(found.keys)})" if found.keys else "")
    sentence = f"{label}: {opening(found)} {verdict.printed}. {verdict.words}" if verdict.words else ""
    differs = verdict.result in ("differs", "cut")
    reason = note.reason if note and differs else ""
    if differs and not note and found.may_differ:
        reason = f"The two figures differ in {' and '.join(found.may_differ)}."
    return Check(
        dataset=dataset.id,
        id=found.id,
        kind=found.kind,
        name=found.name,
        label=label,
        column=column,
        keys=found.keys,
        cells=cells,
        lines=_lines(dataset, cells, below),
        printed=verdict.printed,
        computed=verdict.computed,
        difference=verdict.difference,
        bound=verdict.bound,
        result=verdict.result,
        sentence=sentence,
        reason=reason,
        cause=_cause(note, found) if differs else "",
        at=found.at,
        stated=verdict.stated or verdict.difference,
    )


def _lines(dataset: Dataset, cells: frozenset[Cell], below: Below) -> frozenset[int]:
    """Return the lines of the rows that take part, those below printed totals too."""
    rows = frozenset(line for path, line, _ in cells if path == dataset.csv_path)
    return rows.union(*(below.get(line, ()) for path, line, _ in cells if path == dataset.sidecar_path))


def _cause(note: Acknowledgement | None, found: Instance) -> str:
    return note.cause if note else "documents" if found.may_differ else ""


def changed(note: Acknowledgement, difference: str, sentence: str) -> list[Diagnostic]:
    """Report a difference that is no longer the one that was acknowledged."""
    if note.difference == difference:
        return []
    message = f"the difference in '{note.check}' was {note.difference} when this was written, and is {difference} now"
    hint = f"compare our copy with the paper; if the paper says so, write 'difference: {yaml_text(difference)}'"
    return [Diagnostic("changed-difference", f"{message}: {sentence}", note.at, hint=hint)]


def rows_of(check: Check) -> str:
    """Name the rows that take part, by file."""
    paths: dict[str, list[int]] = {}
    for path, line, _ in sorted(check.cells):
        paths.setdefault(path, []).append(line)
    return "".join(f" ({path}: {'line' if len(set(n)) == 1 else 'lines'} {spans(n)})" for path, n in paths.items())


def spans(numbers: Iterable[int]) -> str:
    """Write line numbers shortly.

    >>> spans([9, 2, 3, 4])
    '2 to 4, 9'
    """
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(f"{span[0]} to {span[-1]}" if len(span) > 1 else str(span[0]) for span in found)


def _unacknowledged(dataset: Dataset, check: Check) -> Diagnostic:
    hint = (
        "compare our copy with the paper; if the paper says so, add to 'acknowledged' in "
        f"{dataset.sidecar_path}: {acknowledgement(check)}"
    )
    rows = rows_of(check)
    if check.kind == "sum":
        return Diagnostic("total-differs", f"total '{check.id}': {check.sentence}{rows}", check.at, hint=hint)
    return Diagnostic("check-differs", f"check '{check.id}': {check.sentence}{rows}", check.at, hint=hint)


def acknowledgement(check: Check) -> str:
    """Write the line that acknowledges a difference in a sidecar."""
    place = ", ".join(f"{key}: {yaml_text(value)}" for key, value in (*check.keys, ("column", check.column)) if value)
    cause, reason = "unexplained", "The paper does not say why."
    if check.result == "cut":
        cause, reason = "rounding", "The paper cuts figures instead of rounding them."
    return (
        f"{{check: {check.id}, at: {{{place}}}, difference: {yaml_text(check.stated)}, class: {cause}, "
        f"reason: {reason}}}"
    )


def sentences(checks: Iterable[Check]) -> tuple[NoteView, ...]:
    """Sum up the checks of a dataset for its readers: the agreements in one sentence, and every difference."""
    found = list(checks)
    lines: list[str] = []
    for noun, chosen in (
        ("printed total", [check for check in found if check.kind == "sum"]),
        ("rating", [check for check in found if check.kind == "rating"]),
        ("figure", [check for check in found if check.kind not in ("sum", "rating")]),
    ):
        exact = sum(check.result == "agrees" for check in chosen)
        near = sum(check.result == "rounding" for check in chosen)
        how = ", exactly" if not near else ", within rounding"
        if exact and near:
            how = f": {exact} exactly, {near} within rounding"
        said = f"other {noun}" if lines and noun == "figure" else noun
        if exact + near == 1:
            lines.append(f"1 {said} was recomputed and agrees with the paper{how}.")
        elif exact + near:
            lines.append(f"{exact + near} {said}s were recomputed and agree with the paper{how}.")
    coarse = sum(check.result == "coarse" for check in found)
    if coarse:
        lines.append(f"{coarse} {'figure is' if coarse == 1 else 'figures are'} rounded too coarsely to check.")
    told = [c for c in found if c.result in ("differs", "cut") or (c.result == "unknown" and c.kind != "rating")]
    return (*map(NoteView, lines), *differences(told))


def differences(checks: Iterable[Check], end: Callable[[Check], str] = lambda check: "") -> tuple[NoteView, ...]:
    """Say each difference; those of one total or check stand together, so that what is known of all is said once.

    *end* is said after the reason.
    """
    groups: dict[tuple[str, str, str], list[Check]] = {}
    for check in checks:
        groups.setdefault((check.id, check.reason, end(check)), []).append(check)
    return tuple(
        NoteView(f"{found[0].name}:", tuple(map(_for_one, found)), f"{reason}{after}".strip())
        if len(found) > 1
        else NoteView(f"{found[0].sentence} {reason}".strip() + after)
        for (_, reason, after), found in groups.items()
    )


def _for_one(check: Check) -> str:
    """Return the sentence of a check without its name, which stands above it."""
    said = check.label.removeprefix(check.name).lstrip(", ")
    said = said[1:-1] if said.startswith("(") else said
    return f"{capital(said)}: {check.sentence.removeprefix(f'{check.label}: ')}"
