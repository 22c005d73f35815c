"""Recompute published ratings from what a paper prints, and say what cannot be decided.

A result is an interval: the printed figure plus or minus half a unit of its last place.  Where the interval crosses a
limit, or a term is missing, nothing is guessed: the rating stays the published one and the missing term is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from generator.datasets import Acknowledgement, Dataset, missing_mark
from generator.diagnostics import Checked, Diagnostic, Location
from generator.limits import Case, Cell, Side, floor_name, interval, is_complete, said_of, side_of, terms_of
from generator.majorities import decide
from generator.quantities import MARKS, Quantity
from generator.rating_rules import Majority, RatingRule, RatingTerm
from generator.reconcile import Check, changed, needless

COLOURS = ("Green", "Amber", "Red")
TARGET = {True: frozenset({"Green"}), False: frozenset({"Amber", "Red"}), None: frozenset(COLOURS)}
FLOOR = {True: frozenset({"Green", "Amber"}), False: frozenset({"Red"}), None: frozenset(COLOURS)}
"""Which ratings are left when a limit is met, is not met, or cannot be told."""

OUTCOMES: dict[str, str] = {
    "agrees": "",
    "differs": "",
    "partly": "",
    "undecided": "Cannot be decided",
    "missing": "Cannot be recomputed from this copy",
    "comparative": "Cannot be rated",
}
"""Every outcome, with what stands in place of a recomputed rating where there is none."""

WELL, SLIGHTLY = 10, 5
"""Severity of a Red (council-2024-07, lines 430-431): well below the floor is over 10% or 10 points, slightly is less
than 5; what is between is moderately below."""


@dataclass(frozen=True, slots=True)
class Rated:
    """One published rating, recomputed as far as the paper allows."""

    rule: str
    """Id of the `RatingRule`."""
    key: str
    label: str
    published: str
    recomputed: str
    """A rating, ``Not Green`` or ``Not Red``, or the words of `OUTCOMES`."""
    outcome: str
    """A key of `OUTCOMES`."""
    basis: str
    """``figures``, ``words``, ``figures and words``, ``measures``, or empty where nothing bears on the rating."""
    sentence: str
    """Why, for a reader."""
    missing: tuple[str, ...]
    """The terms without which the rating cannot be decided, e.g. ``floor standard``."""
    cells: frozenset[tuple[str, int, str]]
    """Path, line and column of every cell that it rests on."""
    line: int
    note: Acknowledgement | None = None
    """What is known about a difference, from the sidecar."""


def band(distance: Decimal) -> int:
    """Return the band of severity: 0 is well below the limit, 1 moderately, 2 slightly.

    >>> [band(Decimal(n)) for n in ("10.1", "10", "5", "4.9")]
    [0, 1, 1, 2]
    """
    return 0 if distance > WELL else 2 if distance < SLIGHTLY else 1


def rate(
    dataset: Dataset, datasets: Mapping[str, Dataset], known: Mapping[str, Dataset] | None = None
) -> Checked[tuple[Rated, ...]]:
    """Recompute every published rating of *dataset*; a difference that its sidecar does not acknowledge is an error.

    Where *datasets* are single editions, *known* are the whole ones, whose values a rule may name.
    """
    problems: list[Diagnostic] = []
    rated: list[Rated] = []
    used: set[int] = set()
    for rule in dataset.ratings:
        if not is_complete(rule, dataset, known or datasets, problems):
            continue
        for row in dataset.rows:
            start = len(problems)
            if missing_mark(dataset.text(row, rule.rating)):
                continue
            found = _rate(Case(dataset, datasets, rule, row, problems))
            if len(problems) > start:
                continue
            if found.outcome == "differs":
                number = next((n for n, note in enumerate(dataset.acknowledged) if _fits(note, rule, found)), None)
                if number is None:
                    problems.append(_unacknowledged(dataset, rule, found))
                else:
                    used.add(number)
                    found = replace(found, note=dataset.acknowledged[number])
                    problems += changed(dataset.acknowledged[number], found.recomputed, found.sentence)
            rated.append(found)
    problems += needless(dataset, {rule.id for rule in dataset.ratings}, used)
    return Checked(tuple(rated), tuple(problems))


def _rate(case: Case) -> Rated:
    if case.rule.majority:
        return _majority(case, case.rule.majority)
    assert case.rule.floor is not None
    result = case.result()
    floor = side_of(case, floor_name(case), case.rule.floor, result)
    if case.rule.target is None:
        return _severity(case, case.rule.floor, result, floor)
    return _colour(case, result, side_of(case, "target", case.rule.target, result), floor)


def _colour(case: Case, result: Cell | None, target: Side, floor: Side) -> Rated:
    """Recompute a Green, Amber or Red from figures, and from words where figures do not decide it."""
    published = case.dataset.text(case.row, case.rule.rating)
    by_figures = TARGET[target.met] & FLOOR[floor.met]
    said = [
        (TARGET if name == "target" else FLOOR, name, *found)
        for name, term in (("target", case.rule.words_on_target), (floor.name, case.rule.words_on_floor))
        if term and (found := said_of(case, term))
    ]
    possible = by_figures
    for meaning, _, met, _ in said:
        possible &= meaning[met]
    known = {name for _, name, _, _ in said}
    open_sides = [] if len(possible) <= 1 else [s for s in (target, floor) if s.met is None and s.name not in known]
    figures = [
        side.sentence for side in (target, floor) if side.met is not None or (side in open_sides and side.sentence)
    ]
    if figures and result is not None:
        figures.insert(0, f"The result is {result.words}.")
    quotes = [f"The report says: “{quote}”." for meaning, _, met, quote in said if not by_figures <= meaning[met]]
    absent = {name: mark for side in open_sides for name, mark in side.missing.items()}
    if published not in possible:
        outcome = "differs"
    elif len(possible) == 1:
        outcome = "agrees"
    elif whys := [side.why for side in open_sides if side.why]:
        outcome = "comparative" if "comparative" in whys else "undecided"
    else:
        outcome = "partly" if len(possible) < len(COLOURS) else "missing"
    recomputed = OUTCOMES[outcome] or _name(possible)
    sentence = " ".join([*figures, *quotes, *_absences(absent)])
    if outcome == "differs":
        sentence = f"The paper prints {published}. {sentence} Together they give: {recomputed}."
    used = [word for word, found in (("figures", len(by_figures) < len(COLOURS)), ("words", quotes)) if found]
    return _rated(case, published, recomputed, outcome, " and ".join(used), sentence, tuple(absent))


def _name(possible: frozenset[str]) -> str:
    """Return a rating, or which one it is not."""
    if len(possible) == 1:
        return next(iter(possible))
    left = [colour for colour in COLOURS if colour not in possible]
    return f"Not {left[0]}" if len(left) == 1 else "No rating fits"


def _majority(case: Case, rule: Majority) -> Rated:
    """Recompute the word of an outcome from the words of its measures."""
    published = case.dataset.text(case.row, case.rule.rating)
    place, rows = case.rows(case.rule.value)
    words = [place.text(row, case.rule.value.column) for row in rows]
    marks = [mark for word in words if (mark := missing_mark(word)) and mark not in rule.not_counted]
    if marks or not words:
        absent = {"direction of a measure": (marks or [case.rule.absent])[0]}
        return _rated(case, published, OUTCOMES["missing"], "missing", "", " ".join(_absences(absent)), tuple(absent))
    word, sentence = decide([word for word in words if not missing_mark(word)], len(words), rule)
    if not word:
        return _rated(case, published, OUTCOMES["undecided"], "undecided", "measures", sentence, ())
    return _compared(case, published, word, sentence, "measures")


def _severity(case: Case, limit_at: RatingTerm, result: Cell | None, floor: Side) -> Rated:
    """Recompute how far beyond its floor a Red is; where the two tests of the report differ it cannot be decided."""
    published = case.dataset.text(case.row, case.rule.rating)
    sentence = " ".join([*([f"The result is {result.words}."] if result and floor.sentence else []), floor.sentence])
    if floor.missing or floor.why or result is None:
        outcome = floor.why or "missing"
        sentence = " ".join(filter(None, [sentence, *_absences(floor.missing)]))
        return _rated(case, published, OUTCOMES[outcome], outcome, "", sentence, tuple(floor.missing))
    if floor.met:
        return _compared(case, published, f"{floor.name.capitalize()} met", sentence)
    assert isinstance(result.value, Quantity)
    limit = case.limits(limit_at)[0][0].value
    assert isinstance(limit, Quantity)
    assert limit.number is not None
    distances = [abs(limit.number - end) for end in interval(result.value, result.unit)]
    tests = [distance / limit.number * 100 for distance in distances] if limit.number else []
    tests += distances if result.unit == "percent" else []
    bands = {band(distance) for distance in tests}
    if len(bands) != 1:
        sentence += " In points and in percent the result falls into different groups."
        return _rated(case, published, OUTCOMES["undecided"], "undecided", "figures", sentence, ())
    return _compared(case, published, case.rule.bands[bands.pop()], sentence)


def _compared(case: Case, published: str, found: str, sentence: str, basis: str = "figures") -> Rated:
    """Say whether a recomputed group or word is the published one."""
    if found == published:
        return _rated(case, published, found, "agrees", basis, sentence, ())
    sentence = f"The paper prints {published}. {sentence} Together they give: {found}."
    return _rated(case, published, found, "differs", basis, sentence, ())


def _rated(
    case: Case, published: str, recomputed: str, outcome: str, basis: str, sentence: str, missing: tuple[str, ...]
) -> Rated:
    label = case.dataset.text(case.row, case.rule.name)
    cells = {(case.dataset.csv_path, case.row.line, case.rule.rating)}
    for term in terms_of(case.rule):
        place, rows = case.rows(term)
        cells |= {(place.csv_path, row.line, term.column) for row in rows}
    return Rated(
        rule=case.rule.id,
        key=case.key,
        label=label,
        published=published,
        recomputed=recomputed,
        outcome=outcome,
        basis=basis,
        sentence=sentence.strip(),
        missing=missing,
        cells=frozenset(cells),
        line=case.row.line,
    )


def rating_checks(dataset: Dataset, rated: Sequence[Rated]) -> tuple[Check, ...]:
    """Return ratings as checks like any other; what cannot be decided in full cannot be checked."""
    rules = {rule.id: rule for rule in dataset.ratings}
    return tuple(
        Check(
            dataset=dataset.id,
            id=each.rule,
            kind="rating",
            name=rules[each.rule].label,
            label=f"{rules[each.rule].label} ({each.label})",
            column=rules[each.rule].rating,
            keys=((rules[each.rule].key, each.key),),
            cells=each.cells,
            lines=frozenset({each.line}),
            printed=each.published,
            computed=each.recomputed if each.outcome in ("agrees", "differs") else "",
            difference=each.recomputed if each.outcome == "differs" else "",
            bound=Decimal(0),
            result=each.outcome if each.outcome in ("agrees", "differs") else "unknown",
            sentence="" if each.outcome == "agrees" else f"{each.label}: {each.sentence}",
            reason=each.note.reason if each.note else "",
            cause=each.note.cause if each.note else "",
            at=Location(dataset.csv_path, each.line, 1),
        )
        for each in rated
    )


def _absences(absent: Mapping[str, str]) -> list[str]:
    """Name the terms that are not there, those with the same reason together."""
    found = []
    for mark in dict.fromkeys(absent.values()):
        names = [f"the {name}" for name, why in absent.items() if why == mark]
        listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
        found.append(f"{listed[:1].upper()}{listed[1:]} {'is' if len(names) == 1 else 'are'} {MARKS[mark]}.")
    return found


def _fits(note: Acknowledgement, rule: RatingRule, found: Rated) -> bool:
    return note.check == rule.id and note.where.get(rule.key) == found.key


def _unacknowledged(dataset: Dataset, rule: RatingRule, found: Rated) -> Diagnostic:
    message = f"rating '{rule.id}' of '{found.key}': {found.sentence}"
    hint = (
        "compare our copy with the paper; if the paper says so, add to 'acknowledged' in "
        f"{dataset.sidecar_path}: {{check: {rule.id}, at: {{{rule.key}: {found.key}}}, "
        f"difference: {found.recomputed}, class: unexplained, reason: The paper does not say why.}}"
    )
    return Diagnostic("rating-differs", message, Location(dataset.csv_path, found.line, 1), hint=hint)


def counts(rated: Sequence[Rated]) -> tuple[str, ...]:
    """Count the outcomes in words; a count of none is left out.

    >>> agrees = Rated("r", "a", "A", "Red", "Red", "agrees", "figures", "", (), frozenset(), 2)
    >>> for line in counts([agrees, replace(agrees, outcome="missing", basis="")]):
    ...     print(line)
    2 are published. Of these, 1 was recomputed and agrees: 1 from figures.
    1 cannot be recomputed from this copy. The table names what is missing.
    """
    agreed = [each for each in rated if each.outcome == "agrees"]
    bases = {basis: sum(each.basis == basis for each in agreed) for basis in ("figures", "words", "figures and words")}
    how = ", ".join(f"{number} from {basis}" for basis, number in bases.items() if number)
    verb = "was recomputed and agrees" if len(agreed) == 1 else "were recomputed and agree"
    are = "is" if len(rated) == 1 else "are"
    lines = [f"{len(rated)} {are} published. Of these, {len(agreed)} {verb}{f': {how}' if how else ''}."]
    for outcome, (one, many) in _COUNTED.items():
        number = sum(each.outcome == outcome for each in rated)
        if number:
            lines.append(f"{number} {one if number == 1 else many}")
    return tuple(lines)


_COUNTED = {
    "partly": (
        "can be checked in part, and agrees as far as that goes. The table names what is missing.",
        "can be checked in part, and agree as far as that goes. The table names what is missing.",
    ),
    "missing": ("cannot be recomputed from this copy. The table names what is missing.",) * 2,
    "undecided": ("cannot be decided. The table says why.",) * 2,
    "comparative": ("cannot be rated, because the target is not a figure.",) * 2,
    "differs": (
        "differs from what is printed. The table says how.",
        "differ from what is printed. The table says how.",
    ),
}
