"""Find what the columns of one table are to one another: sums, shares, growth, parts of a whole, rolled balances."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import combinations

from generator.audit.figures import ZERO, Number, is_nameable, reference, tokens
from generator.audit.frames import Column, Frame
from generator.audit.guesses import NO_SUMS, TOTAL_WORDS, Entry, Guess, Trial, tried

Picked = tuple[int, ...]
WHOLE_WORDS = TOTAL_WORDS | {"offered", "available", "capacity"}
OVERLAPPING = frozenset({"send", "neet", "which", "multiple"})
"""Words of columns that count again what other columns count."""

FEW = 9
"""Up to so many columns, any of them may be the sum of any others."""

PERIODS = frozenset({"financial-year", "year", "date", "quarter"})


Found = tuple[Column, list[int], Trial, Entry | None]
"""The column that a guess gives, in which rows, how it fared, and the check."""


def guess_relations(frame: Frame) -> Iterator[Guess]:
    """Yield what columns are to one another in most rows of a table."""
    summed: dict[str, str] = {}
    for kind, search in (("row sum", _sums), ("share", _shares), ("part of a whole", _parts), ("roll", _rolls)):
        best: dict[tuple[str, bool], tuple[Trial, Guess]] = {}
        for column, rows, trial, entry in search(frame):
            plus = (entry or {}).get("plus", ())
            if kind == "row sum":
                summed.update(dict.fromkeys(plus, column.reference))
            if any(summed.get(part, column.reference) != column.reference for part in (entry or {}).get("part", ())):
                continue  # the quarters of one year are no part of another
            key = column.reference, len((entry or {}).get("part", "")) > 1
            if key not in best or trial.merit > best[key][0].merit:
                cells = frozenset(cell for row in rows if (cell := frame.cells[row][frame.columns.index(column)]))
                guess = Guess(frame.dataset.id, kind, entry, trial.holds, trial.of, trial.bits, cells)
                best[key] = trial, guess
        yield from (guess for _, guess in best.values())


def _sums(frame: Frame) -> Iterator[Found]:
    """One column is the sum of others: of a run, or of any where they are few."""
    for target, column in enumerate(frame.columns):
        others = [n for n in range(len(frame.columns)) if n != target]
        plain = [n for n in others if not frame.columns[n].is_total]
        if len(plain) > 12 or (len(frame.columns) > FEW and not _is_total(column)):
            continue
        groups = {run for run in _runs(plain) if len(run) > 1}
        few = others if len(others) <= 8 else [n for n in others if frame.columns[n].is_total]
        if len(few) <= 8:
            groups |= {group for size in range(2, len(few) + 1) for group in combinations(few, size)}
        cost = math.log2(max(len(groups), 1))
        for group in sorted(groups):
            rows = _rows(frame, (target, *group), frame.units, at_least=2)
            found = [(_at(frame, row, target), _add(frame, row, group)) for row in rows]
            if len(found) < 3 or any(frame.units[row][target] in NO_SUMS for row in rows):
                continue
            trial = tried(found, cost)
            named = [row for row in rows if all(frame.numbers[row][n] for n in group)]
            if trial.is_believed:
                plus = tuple(frame.columns[n].reference for n in group)
                more: Entry = {"result": column.reference, "plus": plus}
                yield column, rows, trial, _entry(frame, named, "equation", column.label, more)


def _shares(frame: Frame) -> Iterator[Found]:
    """A percentage is the share of one column in another, or of a column in its sum, or how much one grew."""
    width = range(len(frame.columns) if len(frame.columns) <= 12 else 0)
    cost = math.log2(max(len(width) ** 2, 1))
    for target in width:
        if not any(units[target] == "percent" for units in frame.units):
            continue
        for part in width:
            for whole in width:
                if len({target, part, whole}) == 3:
                    yield from _share(frame, (target, part, whole), cost)
            if found_share := _share_of_all(frame, target, part, cost):
                yield found_share


def _share(frame: Frame, picked: Picked, cost: float) -> Iterator[Found]:
    """One column is the share of the second in the third, or how much the third grew to the second."""
    target, part, whole = picked
    rows = [row for row in _rows(frame, picked) if _is_share(frame, row, target, part, whole)]
    if len(rows) < 3:
        return
    refer = [frame.columns[n].reference for n in picked]
    for kind, roles in (("share", ("part", "whole")), ("growth", ("to", "from"))):
        is_growth = kind == "growth"
        trial = tried(((_at(frame, row, target), _percent(_at(frame, row, part), _at(frame, row, whole),
                                                          is_growth=is_growth)) for row in rows), cost)  # fmt: skip
        if trial.is_believed:
            column = frame.columns[target]
            more = {kind: refer[0], roles[0]: refer[1], roles[1]: refer[2]}
            yield column, rows, trial, _entry(frame, rows, kind, column.label, more)


def _share_of_all(frame: Frame, target: int, part: int, cost: float) -> Found | None:
    """A percentage is the share of each row in all rows."""
    key = frame.dataset.primary_key
    rows = [row for row in _rows(frame, (target, part)) if frame.units[row][target] == "percent"]
    if frame.by or len(key) != 1 or len(rows) < 3 or target == part or len(rows) < len(frame.places):
        return None
    if any(frame.units[row][part] in NO_SUMS for row in rows) or not is_nameable(place[0] for place in frame.places):
        return None
    whole = sum((_at(frame, row, part) for row in rows), ZERO)
    trial = tried([(_at(frame, row, target), _percent(_at(frame, row, part), whole)) for row in rows], cost)
    everywhere = f"{frame.columns[part].reference}[{key[0]}={' | '.join(place[0] for place in frame.places)}]"
    entry: Entry = {"kind": "share", "label": frame.columns[target].label, "share": frame.columns[target].reference,
                    "part": frame.columns[part].reference, "whole": everywhere}  # fmt: skip
    return (frame.columns[target], rows, trial, entry) if trial.is_believed else None


def _parts(frame: Frame) -> Iterator[Found]:
    """A column is not smaller than the sum of a run of others, if that nearly fills it or it is called a whole."""
    if len(frame.columns) > FEW or frame.by:
        return
    for target, column in enumerate(frame.columns):
        plain = [n for n, other in enumerate(frame.columns)
                 if n != target and not other.is_total and not tokens(other.label) & OVERLAPPING]  # fmt: skip
        is_whole = bool(tokens(column.label) & WHOLE_WORDS)
        groups = [group for group in _runs(plain) if len(group) > 1 or is_whole]
        best: dict[bool, tuple[float, Found]] = {}
        for group in groups:
            rows = _rows(frame, (target, *group), frame.units)
            if len(rows) < 5 or any(frame.units[row][target] in NO_SUMS for row in rows):
                continue
            parts = [(_add(frame, row, group), _at(frame, row, target)) for row in rows]
            fits = [part.value <= whole.value + part.reach + whole.reach for part, whole in parts]
            bits = sum(_fills(part, whole) for part, whole in parts) + 5 * is_whole - math.log2(len(groups))
            trial = Trial(sum(fits), len(rows), bits if sum(fits) >= 0.8 * len(rows) else 0.0)
            is_run = len(group) > 1
            if trial.is_believed and (is_run not in best or bits > best[is_run][0]):
                more: Entry = {"part": tuple(frame.columns[n].reference for n in group), "whole": column.reference}
                best[is_run] = (
                    bits,
                    (column, rows, trial, _entry(frame, rows, "subset", _part_label(frame, target, group), more)),
                )
        yield from (found for _, found in best.values())


def _part_label(frame: Frame, target: int, group: Picked) -> str:
    *names, last = (frame.columns[n].label for n in group)
    return f"{', '.join(names)}{' and ' if names else ''}{last}, as part of {frame.columns[target].label}"


def _fills(part: Number, whole: Number) -> float:
    """Return how telling it is, in bits, that a part fits into a whole: one that fits barely tells most."""
    if not 0 <= part.value <= whole.value or not whole.value:
        return 0.0
    return min(-math.log2(max(1 - part.value / whole.value, 1 / 16)), 4.0)


def _rolls(frame: Frame) -> Iterator[Found]:
    """What one period ends with, the next begins with."""
    period = next((key for key in frame.by if frame.dataset.field(key).unit in PERIODS), "")
    if not period:
        return
    index = frame.by.index(period)
    follows = _following(frame, index)
    cost = math.log2(len(frame.columns) ** 2)
    for start, opening in enumerate(frame.columns):
        for end, closing in enumerate(frame.columns):
            pairs = [(row, then) for row, then in follows
                     if start != end and frame.cells[row][end] and frame.cells[then][start]
                     and frame.units[row][end] == frame.units[then][start] != ""]  # fmt: skip
            trial = tried(((_at(frame, then, start), _at(frame, row, end)) for row, then in pairs), cost)
            for row, then in pairs if trial.is_believed and trial.of > 1 else ():
                if not _at(frame, then, start).agrees(_at(frame, row, end)):
                    now, before = (dict(zip(frame.by, frame.places[n], strict=True)) for n in (then, row))
                    entry: Entry = {
                        "kind": "same",
                        "label": opening.label,
                        "by": frame.by,
                        "where": {key: (value,) for key, value in now.items()},
                        "here": _named(opening, now),
                        "there": _named(closing, before, dataset=frame.dataset.id),
                    }
                    yield opening, [then], trial, entry


def _following(frame: Frame, index: int) -> list[tuple[int, int]]:
    """Pair each row with that of the next period."""
    periods = sorted({place[index] for place in frame.places})
    known = {place: row for row, place in enumerate(frame.places)}
    found = []
    for place, row in known.items():
        after = periods.index(place[index]) + 1
        then = (*place[:index], periods[after], *place[index + 1 :]) if after < len(periods) else None
        if then in known:
            found.append((row, known[then]))
    return found


def _named(column: Column, place: dict[str, str], dataset: str = "") -> str:
    """Write the reference of a column out for one place."""
    head, _, rest = column.reference.partition("[")
    own = dict(item.split("=", 1) for item in rest.removesuffix("]").split("; ") if item and "=@" not in item)
    return reference(head, {**own, **place}, dataset=dataset)


def guess_hundreds(frame: Frame) -> Iterator[Guess]:
    """Yield percentages that nearly add up to 100."""
    for number, column in enumerate(frame.columns if not frame.by else ()):
        found = [line[number] for line in frame.numbers]
        known = [one for one in found if one is not None]
        if len(known) < max(3, len(found)) or {units[number] for units in frame.units} != {"percent"}:
            continue
        whole = sum(known, ZERO)
        if not Number(100, 0).agrees(whole) and abs(whole.value - 100) <= 5:
            entry: Entry = {"kind": "hundred", "label": column.label, "shares": column.reference}
            yield Guess(frame.dataset.id, "hundred", entry, 0, 1, 5.0)


def guess_series(frame: Frame) -> Iterator[Guess]:
    """Yield series of years with a gap."""
    data = frame.dataset
    for key in data.primary_key if data.rows and not frame.by else ():
        years = [data.text(row, key)[:4] for row in data.rows]
        if data.field(key).unit in ("financial-year", "year") and all(map(str.isdigit, years)):
            found = sorted({int(year) for year in years})
            span = found[-1] - found[0] + 1
            if 3 <= len(found) < span <= 2 * len(found):
                by = tuple(other for other in data.primary_key if other != key)
                entry: Entry = {"kind": "series", "label": data.field(key).title, "by": by, "series": key}
                yield Guess(data.id, "series", entry, len(found), span, 2.0 * len(found))


def _runs(members: list[int]) -> Iterator[Picked]:
    for a, b in combinations(range(len(members) + 1), 2):
        yield tuple(members[a:b])


def _rows(
    frame: Frame, picked: Iterable[int], same: tuple[tuple[str, ...], ...] | None = None, at_least: int = 0
) -> list[int]:
    """Return the rows where the first of *picked* is one figure, and all are numbers, of one unit if asked."""
    first, *others = picked
    found = []
    for row, line in enumerate(frame.numbers):
        # in a turned table no row is no money; in a table as stored a cell without a number is not known
        if not frame.cells[row][first] or any(line[n] is None and not (at_least and frame.by) for n in others):
            continue
        if same and len({same[row][n] for n in (first, *others)} - ({""} if at_least else set())) > 1:
            continue
        if at_least and sum(bool(_at(frame, row, n).value) for n in others) < at_least:
            continue
        found.append(row)
    return found


def _at(frame: Frame, row: int, column: int) -> Number:
    return frame.numbers[row][column] or ZERO


def _add(frame: Frame, row: int, group: Picked) -> Number:
    return sum((_at(frame, row, n) for n in group), ZERO)


def _is_share(frame: Frame, row: int, target: int, part: int, whole: int) -> bool:
    units = frame.units[row]
    return units[target] == "percent" and units[part] == units[whole] and units[part] not in NO_SUMS


def _percent(part: Number, whole: Number, *, is_growth: bool = False) -> Number:
    """Return the share of *part* in *whole* in percent, or how much *whole* grew to *part*."""
    if abs(whole.value) <= whole.reach:
        return Number(math.inf, 0)
    value = 100 * part.value / whole.value
    reach = abs(value) * (part.reach / max(abs(part.value), 1e-9) + whole.reach / abs(whole.value))
    return Number(value - 100 if is_growth else value, reach, exact=False)


def _is_total(column: Column) -> bool:
    return column.is_total or bool(tokens(column.label) & TOTAL_WORDS)


def _entry(frame: Frame, rows: list[int], kind: str, label: str, terms: Entry) -> Entry | None:
    """Write a check that runs for these rows; `None` if they cannot be named."""
    head: Entry = {"kind": kind, "label": label}
    if frame.by:
        head = {**head, "by": frame.by}
    names = frame.by or frame.dataset.primary_key
    if len(rows) < len(frame.places):
        if len(names) != 1:
            return None
        head = {**head, "where": {names[0]: tuple(frame.places[row][0] for row in rows)}}
    return {**head, **terms}
