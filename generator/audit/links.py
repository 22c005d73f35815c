"""Find figures that stand in two datasets: cell for cell, or as sums or counts of part of the other's rows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from generator.audit.figures import ZERO, Figure, Number, Sheet, reference, tokens
from generator.audit.guesses import NO_SUMS, Entry, Guess, Trial, tried
from generator.terms import Cell

Words = frozenset[str]
Where = tuple[tuple[str, str], ...]

MOST_FILTERS = 16
"""A column with more values than this is no filter."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Figures of one column that differ in the values of ``by`` only."""

    sheet: Sheet
    by: tuple[str, ...]
    figures: Mapping[tuple[Words, ...], Figure]


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum or count of some rows."""

    number: Number
    keys: Mapping[str, str]
    """The values of ``by`` as they are written."""
    family: str
    cells: tuple[Cell, ...]
    """The figure itself, if it is one only."""


@dataclass(frozen=True, slots=True)
class View:
    """Sums, or counts, of the rows of another dataset that fit ``where``, for each value of ``by``."""

    sheet: Sheet
    by: tuple[str, ...]
    column: str
    """Empty for a count of rows."""
    total: str
    where: Where
    numbers: Mapping[tuple[Words, ...], Sum]


@dataclass(frozen=True, slots=True)
class Link:
    """A slice whose figures a view gives, in most places."""

    slice: Slice
    view: View
    sign: int
    trial: Trial
    manner: tuple[object, ...]
    """How it joins, if names say that it is meant; columns that join in the same manner support each other."""

    @property
    def cells(self) -> frozenset[Cell]:
        """The figures that the view gives exactly, and their counterparts."""
        return frozenset(cell for key, figure in self.slice.figures.items()
                         if key in self.view.numbers and figure.number.value and self._agrees(key)
                         for cell in (figure.term.cell, *self.view.numbers[key].cells) if cell)  # fmt: skip

    def _agrees(self, key: tuple[Words, ...]) -> bool:
        number = self.view.numbers[key].number
        return self.slice.figures[key].number.agrees(number if self.sign > 0 else -number)

    @property
    def differing(self) -> Iterator[tuple[Words, ...]]:
        """The places where it does not hold."""
        return (key for key in self.slice.figures if key in self.view.numbers and not self._agrees(key))


def guess_links(sheets: tuple[Sheet, ...]) -> Iterator[Guess]:
    """Yield what figures of one dataset are in another, where that holds in most places."""
    values = {(sheet.dataset.id, name): frozenset(tokens(row[name]) for row in sheet.rows)
              for sheet in sheets for name in sheet.names}  # fmt: skip
    views: dict[tuple[str, tuple[str, ...]], tuple[View, ...]] = {}
    for sheet in sheets:
        slices = tuple(_slices(sheet))
        for other in sheets:
            if other is not sheet:
                found = [links for piece in slices if (links := _links(piece, other, values, views))]
                yield from _guesses(found)


def _guesses(candidates: list[list[Link]]) -> Iterator[Guess]:
    """Turn the links between two datasets into guesses; what one link explains, no other doubts."""
    named: dict[tuple[object, ...], list[float]] = {}
    for links in candidates:
        kin: dict[tuple[object, ...], float] = {}
        for link in links:
            if link.manner:
                kin[link.manner] = max(kin.get(link.manner, 0.0), link.trial.bits)
        for manner, bits in kin.items():
            named.setdefault(manner, []).append(bits)
    believed = [best for links in candidates if (best := _best(links, named))]
    explained = frozenset(cell for link in believed for cell in link.cells)
    for link in sorted(believed, key=lambda link: link.trial.merit, reverse=True):
        for key in link.differing:
            figure = link.slice.figures[key]
            cells = {figure.term.cell, *link.view.numbers[key].cells}
            if not cells & explained and link.trial.holds >= 3 * (link.trial.of - link.trial.holds):
                kind = "two places" if link.view.column else "count"
                data = link.slice.sheet.dataset.id
                about = frozenset({figure.term.cell} if figure.term.cell else ())
                yield Guess(data, kind, _entry(link, key), link.trial.holds, link.trial.of, link.trial.bits, about)


def _best(links: list[Link], named: Mapping[tuple[object, ...], list[float]]) -> Link | None:
    """Return the best link of a slice, if it is believed; columns that meet by their names support each other."""
    cost = math.log2(len(links))
    sure = [link for link in links if 3 * link.trial.holds >= 2 * link.trial.of
            and (sum(named[link.manner]) if link.manner else link.trial.bits) - cost >= 10]  # fmt: skip
    return max(sure, key=lambda link: link.trial.merit, default=None)


def _entry(link: Link, key: tuple[Words, ...]) -> Entry | None:
    """Write the check for one place."""
    figure, view = link.slice.figures[key], link.view
    data = figure.keys if figure.total else _own_keys(link.slice.sheet, figure)
    here = figure.reference(data)
    written = view.numbers[key].keys
    dataset = view.sheet.dataset
    column = view.column or dataset.fields[0].name
    there = reference(column, {**dict(view.where), **written}, view.total, dataset.id)
    field = link.slice.sheet.dataset.field(figure.column)
    labels = {total.id: total.label for total in link.slice.sheet.dataset.totals}
    place = ", ".join(value for value in data.values())
    label = f"{labels.get(figure.total, field.title)}{f' ({place})' if place else ''}"
    if not view.column:
        return {"kind": "recount", "label": label, "printed": here, "count": there}
    if link.sign < 0:
        return {"kind": "equation", "label": label, "result": here, "plus": ("0",), "minus": (there,)}
    return {"kind": "same", "label": label, "here": here, "there": there}


def _own_keys(sheet: Sheet, figure: Figure) -> Mapping[str, str]:
    return {name: figure.keys[name] for name in sheet.dataset.primary_key if name in figure.keys}


def _slices(sheet: Sheet) -> Iterator[Slice]:
    """Yield all figures of one column, or of one stated total, that differ in one or two of their keys."""
    groups: dict[tuple[str, str], list[Figure]] = {}
    if all(name in sheet.names for name in sheet.dataset.primary_key):
        for figure in (*sheet.cells, *sheet.stated):
            groups.setdefault((figure.column, figure.total), []).append(figure)
    for figures in groups.values():
        keys = tuple(figures[0].keys) if figures[0].total else sheet.dataset.primary_key
        for size in (1, 2, 3):
            for by in combinations(keys, size):
                rest = [key for key in keys if key not in by]
                pieces: dict[tuple[str, ...], dict[tuple[Words, ...], Figure]] = {}
                for figure in figures:
                    piece = pieces.setdefault(tuple(figure.keys[key] for key in rest), {})
                    piece[tuple(tokens(figure.keys[key]) for key in by)] = figure
                yield from (Slice(sheet, by, piece) for piece in pieces.values() if len(piece) > 2)


def _links(
    piece: Slice,
    other: Sheet,
    values: Mapping[tuple[str, str], frozenset[Words]],
    views: dict[tuple[str, tuple[str, ...]], tuple[View, ...]],
) -> list[Link]:
    """Compare a slice with every view of another dataset that has most of its keys."""
    own = [frozenset(key[n] for key in piece.figures) for n in range(len(piece.by))]
    fits = [[name for name in other.names if _meet(words, values[other.dataset.id, name])] for words in own]
    links: list[Link] = []
    for by in product(*fits):
        if len(set(by)) < len(by):
            continue
        key = other.dataset.id, by
        if key not in views:
            views[key] = tuple(_views(other, by))
        for view in views[key]:
            shared = [place for place in piece.figures if place in view.numbers]
            if len(shared) < 0.6 * len(piece.figures):
                continue
            if any(view.numbers[p].family != piece.figures[p].term.family for p in shared):
                continue
            for sign in (1, -1) if view.column else (1,):
                pairs = [(piece.figures[p].number, _signed(view.numbers[p].number, sign)) for p in shared]
                trial = tried(pairs)
                if trial.holds > 1:
                    links.append(Link(piece, view, sign, trial, _manner(piece, view)))
    return links


def _manner(piece: Slice, view: View) -> tuple[object, ...]:
    """Name the manner of a link: the same column, or a count of the rows that are what the column is called."""
    figure = next(iter(piece.figures.values()))
    if view.column:
        is_named = view.column == figure.column and not (view.where or view.total or figure.total)
    else:
        title = tokens(piece.sheet.dataset.field(figure.column).title)
        is_named = len(view.where) == 1 and tokens(view.where[0][1]) == title
    return (bool(view.column), piece.by, view.by, *(name for name, _ in view.where)) if is_named else ()


def _meet(some: frozenset[Words], others: frozenset[Words]) -> bool:
    return len(some & others) >= max(2, 0.6 * len(some))


def _signed(number: Number, sign: int) -> Number:
    return number if sign > 0 else -number


def _views(sheet: Sheet, by: tuple[str, ...]) -> Iterator[View]:
    """Yield every sum and count of the rows by some columns, for all rows and for those with one or two values."""
    rest = [name for name in sheet.names if name not in by]
    few = {name: values for name in rest if 2 <= len(values := _values(sheet, name)) <= MOST_FILTERS}
    single = [(name, value) for name, values in few.items() for value in values]
    wheres: list[Where] = [(), *((one,) for one in single)]
    wheres += [(a, b) for a, b in combinations(single, 2) if a[0] != b[0]]
    for where in wheres:
        chosen = [figure for figure in sheet.cells if all(figure.keys[name] == value for name, value in where)]
        columns = dict.fromkeys(figure.column for figure in chosen)
        for column in columns:
            yield _view(sheet, by, column, "", where, [figure for figure in chosen if figure.column == column])
        yield _count(sheet, by, where)
    for total in sheet.dataset.totals:
        own = [figure for figure in sheet.stated if figure.total == total.id and set(by) <= set(figure.keys)]
        others = dict.fromkeys(tuple((k, v) for k, v in figure.keys.items() if k not in by) for figure in own)
        for where in others:
            chosen = [figure for figure in own if all(figure.keys[k] == v for k, v in where)]
            for column in dict.fromkeys(figure.column for figure in chosen):
                yield _view(sheet, by, column, total.id, where, [f for f in chosen if f.column == column])


def _view(sheet: Sheet, by: tuple[str, ...], column: str, total: str, where: Where, figures: list[Figure]) -> View:
    groups: dict[tuple[str, ...], list[Figure]] = {}
    for figure in figures:
        groups.setdefault(tuple(figure.keys[name] for name in by), []).append(figure)
    numbers = {}
    for key, found in groups.items():
        families = {figure.term.family for figure in found}
        if len(families) == 1 and (len(found) == 1 or not families & NO_SUMS):
            cells = tuple(figure.term.cell for figure in found if figure.term.cell) if len(found) == 1 else ()
            number = sum((figure.number for figure in found), ZERO)
            words = tuple(tokens(value) for value in key)
            numbers[words] = Sum(number, dict(zip(by, key, strict=True)), families.pop(), cells)
    return View(sheet, by, column, total, where, numbers)


def _count(sheet: Sheet, by: tuple[str, ...], where: Where) -> View:
    counts = Counter(tuple(row[name] for name in by) for row in sheet.rows
                     if all(row[name] == value for name, value in where))  # fmt: skip
    numbers = {
        tuple(tokens(value) for value in key): Sum(Number(count, 0), dict(zip(by, key, strict=True)), "count", ())
        for key, count in counts.items()
    }
    return View(sheet, by, "", "", where, numbers)


def _values(sheet: Sheet, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row[name] for row in sheet.rows))
