"""A changed digit of a figure is found: by the checks that hold the figure, and by the text of its paper."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest

from generator.datasets import Dataset
from generator.diagnostics import is_error
from generator.extracts import read_dataset
from generator.reconcile import check_dataset, judge
from generator.terms import Cell
from tests.command import FULL
from tests.papers.mutations import (
    DATA,
    NAMES,
    Holder,
    cells,
    changed_dataset,
    changed_instance,
    changes,
    gap,
    holders,
    library,
    paths,
    places_in,
    rated,
)
from tests.papers.test_papers import Reading

Record = Callable[[str, object], None]


def outcome_of(holder: Holder, cell: Cell, number: Decimal) -> tuple[str, bool]:
    """Return which changes one more change belongs to, and whether the check finds it and names its rows."""
    changed = changed_instance(holder.instance, cell, number)
    judged, _ = judge(holder.dataset, changed, {})
    if holder.is_weak(cell):
        return "weak", bool(judged.problems)
    distance, is_exact = gap(changed), holder.check.bound == 0
    if not is_exact and distance is not None and distance <= judged.value.bound:
        return "within", bool(judged.problems)
    rows = {(path, line) for path, line, _ in holder.check.cells}
    is_named = any(f"'{holder.check.id}'" in p.message and places_in(p.message) == rows for p in judged.problems)
    if holder.is_acknowledged and distance == 0:
        is_named = says_that_nothing_differs(holder, cell, number)
    return "exact" if is_exact else "rounding", is_named


def says_that_nothing_differs(holder: Holder, cell: Cell, number: Decimal) -> bool:
    """Tell whether the acknowledgement of a difference is reported when the figures agree."""
    datasets = dict(library())
    owner = next(dataset for dataset in datasets.values() if cell[0] in (dataset.csv_path, dataset.sidecar_path))
    datasets[owner.id] = changed_dataset(owner, cell, number)
    found = check_dataset(datasets[holder.dataset.id], datasets)
    return any(p.code == "needless-acknowledgement" and f"'{holder.check.id}'" in p.message for p in found.problems)


@pytest.mark.parametrize("name", NAMES)
def test_every_changed_digit_is_found_by_the_checks_that_hold_it(name: str, record_property: Record) -> None:
    counts: Counter[str] = Counter()
    missed = []
    for cell, number in cells(library()[name]):
        for holder in holders().get(cell, ()):
            for other in changes(cell, number):
                group, is_caught = outcome_of(holder, cell, other)
                counts[group] += 1
                counts[f"{group}, caught"] += is_caught
                if group in ("exact", "rounding") and not is_caught:
                    missed.append(f"{cell}: {number} changed to {other} is not found by '{holder.check.id}'")
    record_property("mutations", dict(counts))
    assert not missed, f"{len(missed)} changes:\n" + "\n".join(missed[:20])


def test_most_figures_take_part_in_a_check(record_property: Record) -> None:
    figures = [cell for name in NAMES for cell, _ in cells(library()[name])]
    strong = {cell for cell in figures if any(not holder.is_weak(cell) for holder in holders().get(cell, ()))}
    weak = {cell for cell in figures if cell in holders() or cell in rated()} - strong
    counts = {"cells": len(figures), "unchecked": len(figures) - len(strong) - len(weak), "weakly checked": len(weak)}
    record_property("mutations", counts)
    assert len(strong) > len(figures) / 2


def test_the_paper_finds_most_changed_digits(record_property: Record) -> None:
    changed = caught = 0
    for name in NAMES:
        reading = Reading(library()[name])
        for figure in reading.figures:
            for other in changes(figure.cell, figure.number):
                changed += 1
                # most numbers stand nowhere in the lines, which is quickly seen
                caught += not reading.may_stand(figure, other) or bool(
                    reading.unfound(figure.cell, other) or reading.out_of_line(figure.cell, other)
                )
    record_property("mutations", {"paper": changed, "paper, caught": caught})
    assert caught / changed >= 0.95


def reread(cell: Cell, number: Decimal, old: Decimal) -> Dataset | None:
    """Read a dataset again with other bytes in place of one figure; `None` if its line prints the figure twice."""
    path, line, column = cell
    name = path.removeprefix("content/data/").rsplit(".", 1)[0]
    sidecar, extract = paths(name)
    text = (DATA / f"{name}.yaml").read_text(encoding="utf-8").split("\n")
    table = (DATA / f"{name}.csv").read_text(encoding="utf-8").split("\n")
    where, at = (table, library()[name].index[column]) if path == extract else (text, None)
    if at is not None:
        record = next(csv.reader([where[line - 1]]))
        record[at] = record[at].replace(f"{old:f}", f"{number:f}")
        written = io.StringIO()
        csv.writer(written, lineterminator="").writerow(record)
        where[line - 1] = written.getvalue()
    else:
        where[line - 1], times = re.subn(
            rf"(?<![\w.-]){re.escape(f'{old:f}')}(?![\w.-])", f"{number:f}", where[line - 1]
        )
        if times != 1:
            return None
    found = read_dataset(name, (sidecar, "\n".join(text)), (extract, "\n".join(table).encode()))
    assert found.value is not None, found.problems
    return found.value


@pytest.mark.parametrize("name", NAMES if FULL else NAMES[::9])
def test_changed_bytes_give_what_changed_values_give(name: str) -> None:
    clean = dict(library())
    known = sorted(cell for cell, _ in cells(clean[name]) if cell in holders())
    numbers = dict(cells(clean[name]))
    for cell in known[:: max(1, len(known) // 3)]:
        other = changes(cell, numbers[cell])[0]
        again = reread(cell, other, numbers[cell])
        if again is None:
            continue
        in_memory = [
            problem.message
            for holder in holders()[cell]
            for problem in judge(holder.dataset, changed_instance(holder.instance, cell, other), {})[0].problems
        ]
        datasets = {**clean, name: again}
        owners = {holder.dataset.id for holder in holders()[cell]}
        read = [p.message for owner in owners for p in check_dataset(datasets[owner], datasets).problems if is_error(p)]
        assert sorted(read) == sorted(in_memory), (cell, other)
