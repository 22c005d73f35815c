"""Find figures that words join: one name with two values, and a stated change beside the figures that it compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations

from generator.audit.figures import Figure, Number, Sheet, is_nameable, reference, tokens
from generator.audit.guesses import NO_SUMS, Entry, Guess

VAGUE = tokens("total amount change number printed column block")
"""Words that join nothing."""

EARLIER = tokens("previous last earlier before prior")

DIGITS = 1000
"""A figure is long enough to be known again if it is this many times as large as its rounding."""

FAR = 10.0
"""A stated change further off than this, in points, is taken for another change."""


@dataclass(frozen=True, slots=True)
class Named:
    """A figure with the words and the years that belong to it."""

    sheet: Sheet
    figure: Figure
    words: frozenset[str]
    years: frozenset[str]


def guess_labels(sheets: tuple[Sheet, ...]) -> Iterator[Guess]:
    """Yield figures that nearly are another of the same name, and changes that are not what they compare."""
    yield from _near_misses(sheets)
    yield from _stated_changes(sheets)


def _near_misses(sheets: tuple[Sheet, ...]) -> Iterator[Guess]:
    """Yield a coarse figure that a finer one of the same name misses by a unit or two of its last place."""
    named = sorted((one for sheet in sheets for one in _named(sheet)), key=lambda one: abs(one.figure.number.value))
    for index, one in enumerate(named):
        mine = one.figure.number
        near = []
        for step in (-1, 1):
            other = index + step
            while 0 <= other < len(named) and _gap(mine, named[other].figure.number) <= 4 * mine.reach:
                near.append(named[other])
                other += step
        kin = [other for other in near if other.sheet is not one.sheet and _are_kin(one, other)]
        finer = [other for other in kin if other.figure.number.reach < mine.reach]
        if finer and not any(
            _gap(mine, other.figure.number) <= mine.reach + other.figure.number.reach for other in kin
        ):
            best = max(finer, key=lambda other: (len(one.words & other.words), other.figure.number.value > 0))
            if mine.value * best.figure.number.value > 0:
                here = one.figure.reference(_keys(one.sheet, one.figure))
                there = _there(best.sheet, best.figure)
                entry: Entry = {"kind": "same", "label": _label(one.sheet, one.figure), "here": here, "there": there}
                yield _guess(one.sheet, one.figure, "same name", entry)


def _named(sheet: Sheet) -> Iterator[Named]:
    labels = {total.id: total.label for total in sheet.dataset.totals}
    for figure in (*sheet.cells, *sheet.stated):
        if figure.term.family == "money" and abs(figure.number.value) >= DIGITS * figure.number.reach:
            texts = [*figure.keys.values(), labels.get(figure.total, "")]
            found = frozenset().union(*map(tokens, texts))
            years = frozenset(word for word in found if word.isdigit() and len(word) == 4)
            yield Named(sheet, figure, found - years - VAGUE, years)


def _gap(one: Number, other: Number) -> float:
    return abs(abs(one.value) - abs(other.value))


def _are_kin(one: Named, other: Named) -> bool:
    return len(one.words & other.words) >= 2 and (not one.years or not other.years or bool(one.years & other.years))


def _stated_changes(sheets: tuple[Sheet, ...]) -> Iterator[Guess]:
    """Yield a change that a paper states, if the two figures that its words name give another."""
    lines = [line for sheet in sheets for line in _lines(sheet)]
    for sheet in sheets:
        for figure in sheet.cells:
            if sheet.dataset.basis == "change" or sheet.dataset.field(figure.column).basis == "change":
                yield from _stated_change(sheet, figure, lines)


@dataclass(frozen=True, slots=True)
class _Line:
    """Figures of one thing at several times."""

    sheet: Sheet
    words: frozenset[str]
    figures: Mapping[frozenset[str], Figure]
    """By the words for the time."""


def _lines(sheet: Sheet) -> Iterator[_Line]:
    data = sheet.dataset
    totals: dict[str, dict[frozenset[str], Figure]] = {}
    for figure in sheet.stated:
        if not figure.keys:
            totals.setdefault(figure.total, {})[tokens(data.field(figure.column).title)] = figure
    for found in totals.values():
        yield _Line(sheet, tokens(data.title), found)
    if len(data.primary_key) == 1 and data.primary_key[0] in sheet.names:
        columns: dict[str, dict[frozenset[str], Figure]] = {}
        for figure in sheet.cells:
            columns.setdefault(figure.column, {})[tokens(figure.keys[data.primary_key[0]])] = figure
        for column, found in columns.items():
            yield _Line(sheet, tokens(data.field(column).title), found)


def _stated_change(sheet: Sheet, figure: Figure, lines: list[_Line]) -> Iterator[Guess]:
    title = tokens(sheet.dataset.field(figure.column).title)
    words = title.union(*map(tokens, figure.keys.values()))
    for line in lines:
        if line.sheet is sheet or len(line.figures) < 2 or len((words & line.words) - VAGUE) < 2:
            continue
        found = [pair for now, then in permutations(figure.keys.values(), 2)
                 if (pair := _compared(line, tokens(now), tokens(then)))]  # fmt: skip
        kind = "change"
        if figure.term.unit == "percent" and found and found[0][0].term.family not in NO_SUMS:
            kind = "growth"
        changes = [_change(to.number, start.number, kind) for to, start in found]
        family = {one.term.family for pair in found for one in pair}
        if len(family) != 1 or (kind == "change" and family != {figure.term.family}):
            continue
        if any(figure.number.agrees(change) for change in changes):
            continue
        places = list(line.figures.values())
        to, start = max(found, key=lambda pair: places.index(pair[0]))
        if kind == "growth" and abs(figure.number.value - _change(to.number, start.number, kind).value) > FAR:
            continue
        keys = _keys(sheet, figure)
        label = ", ".join((sheet.dataset.field(figure.column).title, *keys.values()))
        terms = {kind: figure.reference(keys), "from": _there(line.sheet, start), "to": _there(line.sheet, to)}
        yield _guess(sheet, figure, "stated change", {"kind": kind, "label": label, **terms})


def _change(to: Number, start: Number, kind: str) -> Number:
    if kind == "growth" and start.value:
        value = 100 * (to.value / start.value - 1)
        return Number(value, 100 * (to.reach + start.reach) / abs(start.value), exact=False)
    return to + -start


def _compared(line: _Line, now: frozenset[str], then: frozenset[str]) -> tuple[Figure, Figure] | None:
    """Return the two figures whose times the words name; a year must be among them, or an earlier period."""
    if not any(map(_is_year, now)) or not (any(map(_is_year, then)) or then & EARLIER):
        return None
    to = _fitting(line, now, 1.0, None)
    start = _fitting(line, then, 0.5, to)
    return (to, start) if to and start else None


def _is_year(word: str) -> bool:
    return word.isdigit() and len(word) == 4


def _fitting(line: _Line, words: frozenset[str], least: float, but: Figure | None) -> Figure | None:
    """Return the figure whose time the words name best."""
    scores = [((len(words & time) / max(len(words), 1), len(words & time) / max(len(time), 1)), figure)
              for time, figure in line.figures.items() if figure is not but]  # fmt: skip
    best = max((score for score, _ in scores), default=(0.0, 0.0))
    found = [figure for score, figure in scores if score == best]
    return found[0] if best[0] >= least and len(found) == 1 else None


def _guess(sheet: Sheet, figure: Figure, kind: str, entry: Entry) -> Guess:
    about = frozenset({figure.term.cell} if figure.term.cell else ())
    is_one = bool(figure.total or sheet.dataset.primary_key) and is_nameable(figure.keys.values())
    return Guess(sheet.dataset.id, kind, entry if is_one else None, 0, 1, 0.0, about)


def _keys(sheet: Sheet, figure: Figure) -> Mapping[str, str]:
    if figure.total:
        return figure.keys
    return {name: figure.keys[name] for name in sheet.dataset.primary_key if name in figure.keys}


def _there(sheet: Sheet, figure: Figure) -> str:
    return reference(figure.column, _keys(sheet, figure), figure.total, sheet.dataset.id)


def _label(sheet: Sheet, figure: Figure) -> str:
    labels = {total.id: total.label for total in sheet.dataset.totals}
    title = labels.get(figure.total) or sheet.dataset.field(figure.column).title
    place = ", ".join(_keys(sheet, figure).values())
    return f"{title} ({place})" if place else title
