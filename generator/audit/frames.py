"""Lay the figures of a dataset out as tables, as it is stored and turned by the values of one column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.audit.figures import ZERO, Figure, Number, Sheet, reference
from generator.datasets import Dataset
from generator.terms import Cell

WIDEST = 40


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: how a check names it, and what it is called."""

    reference: str
    label: str
    is_total: bool
    """Whether it holds totals that the paper prints."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A table of numbers; places without a number, or with several, are `None`."""

    dataset: Dataset
    by: tuple[str, ...]
    """The columns whose values tell its rows apart; empty if a check is to run for each row of the extract."""
    places: tuple[tuple[str, ...], ...]
    """The values of ``by``, or of the primary key."""
    columns: tuple[Column, ...]
    numbers: tuple[tuple[Number | None, ...], ...]
    """By row, then by column."""
    units: tuple[tuple[str, ...], ...]
    """What each number may be added to."""
    cells: tuple[tuple[Cell | None, ...], ...]
    """The place of a number that is one printed figure, not a sum."""


def frames(sheet: Sheet) -> Iterator[Frame]:
    """Yield the extract as it is, and turned by each column of words."""
    figures, names = sheet.cells, sheet.names
    yield _as_stored(sheet)
    for name in names:
        values = tuple(dict.fromkeys(figure.keys[name] for figure in figures))
        by = tuple(other for other in names if other != name and not _tells(figures, other, name, finer=True)
                   and not _tells(figures, name, other, finer=False))  # fmt: skip
        if by and 2 <= len(values) <= WIDEST:
            for column in dict.fromkeys(figure.column for figure in figures):
                yield _turned(sheet, name, values, by, column)


def _tells(figures: tuple[Figure, ...], one: str, other: str, *, finer: bool) -> bool:
    """Whether the value of *one* tells that of *other*, as a line of a budget tells its section."""
    pairs = {(figure.keys[one], figure.keys[other]) for figure in figures}
    is_told = len(pairs) == len({a for a, _ in pairs})
    return is_told and (not finer or len(pairs) > len({b for _, b in pairs}))


def _as_stored(sheet: Sheet) -> Frame:
    dataset = sheet.dataset
    fields = [field for field in dataset.measures if field.is_number and not field.unit_from]
    found = {(f.term.cell[1], f.column): f for f in sheet.cells if f.term.cell}
    grid = [[found.get((row.line, field.name)) for field in fields] for row in dataset.rows]
    return Frame(
        dataset,
        (),
        tuple(tuple(dataset.text(row, key) for key in dataset.primary_key) for row in dataset.rows),
        tuple(Column(field.name, field.title, is_total=False) for field in fields),
        tuple(tuple(figure.number if figure else None for figure in line) for line in grid),
        tuple(tuple(figure.term.family if figure else "" for figure in line) for line in grid),
        tuple(tuple(figure.term.cell if figure else None for figure in line) for line in grid),
    )


def _turned(sheet: Sheet, name: str, values: tuple[str, ...], by: tuple[str, ...], column: str) -> Frame:
    dataset = sheet.dataset
    own = [figure for figure in sheet.cells if figure.column == column]
    totals = [figure for figure in sheet.stated if figure.column == column and set(figure.keys) == set(by)]
    places = tuple(dict.fromkeys(tuple(figure.keys[key] for key in by) for figure in own))
    ids = tuple(dict.fromkeys(figure.total for figure in totals))
    labels = {total.id: total.label for total in dataset.totals}
    groups: dict[tuple[tuple[str, ...], str], list[Figure]] = {}
    for figure in own:
        groups.setdefault((tuple(figure.keys[key] for key in by), figure.keys[name]), []).append(figure)
    for figure in totals:
        groups.setdefault((tuple(figure.keys[key] for key in by), f"{figure.total}."), []).append(figure)
    heads = [*values, *(f"{total}." for total in ids)]
    grid = [[groups.get((place, head), []) for head in heads] for place in places]
    columns = [Column(reference(column, {name: value}), value, is_total=False) for value in values]
    columns += [Column(reference(column, {key: f"@{key}" for key in by}, total), labels[total], is_total=True)
                for total in ids]  # fmt: skip
    return Frame(
        dataset,
        by,
        places,
        tuple(columns),
        tuple(tuple(sum((f.number for f in found), ZERO) if found else None for found in line) for line in grid),
        tuple(tuple(_family(found) for found in line) for line in grid),
        tuple(tuple(found[0].term.cell if len(found) == 1 else None for found in line) for line in grid),
    )


def _family(figures: list[Figure]) -> str:
    families = {figure.term.family for figure in figures}
    return families.pop() if len(families) == 1 else ""
