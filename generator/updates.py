"""Compare a new edition of a dataset with the one before: what is new, gone, changed, or a suspicious size.

A difference is not a mistake.  Each is a `Matter` with both values, both places and what to do; whether it needs a
decision depends on how often such a difference is a slip.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator.datasets import EDITION, Dataset, Row
from generator.diagnostics import Location
from generator.editions import edition_of
from generator.limits import terms_of
from generator.mappings import PERIOD
from generator.paths import slugify
from generator.quantities import Quantity, in_words

MEND, DECIDE, NOTHING = "mend", "decide", ""
"""What a matter needs: a mended file, somebody's word that it is so, or nothing."""
JUMP = 9
"""From how many times as much a change is looked at: a place too many gives ten, thousands for millions a thousand."""

Key = tuple[str, ...]
Places = Mapping[tuple[str, int], Sequence[str]]
"""Where the cells of a new row were taken from, by dataset and line."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that an update changes."""

    name: str
    """By which it is accepted, e.g. ``jump/kpi-values/developer-contributions/numerator``."""
    kind: str
    message: str
    at: Location
    taken_from: str = ""
    """The place in the council's table."""
    hint: str = ""
    need: str = NOTHING
    because: str = ""
    """Why it is accepted."""

    @property
    def is_open(self) -> bool:
        """Whether it keeps the update from being taken over."""
        return self.need == MEND or (self.need == DECIDE and not self.because)


@dataclass(frozen=True, slots=True)
class _Pair:
    """The editions that are compared."""

    old: Dataset
    new: Dataset
    keys: tuple[str, ...]
    """The columns that name a measure in both."""
    limits: tuple[Mapping[str, tuple[str, ...]], ...]
    """Which rows are targets or floor standards, as filters."""
    rated: frozenset[str]
    """The columns with published ratings."""
    places: Places

    def of(self, dataset: Dataset) -> dict[Key, list[Row]]:
        """Return the rows of an edition by their measure."""
        found: dict[Key, list[Row]] = {}
        for row in dataset.rows:
            found.setdefault(tuple(dataset.text(row, name) for name in self.keys), []).append(row)
        return found

    def matter(
        self, kind: str, key: Key, row: Row, message: str, *, column: str = "", need: str = NOTHING, hint: str = ""
    ) -> Matter:
        """Return what was found at a row of the new edition, or of the old one if it is gone."""
        name = "/".join([kind, self.new.id, *filter(None, map(slugify, key)), *([slugify(column)] if column else [])])
        position = self.new.index[column] if column else 0
        taken = self.places.get((self.new.id, row.line), ())
        place = taken[position] if position < len(taken) else ""
        return Matter(name, kind, message, Location(self.new.csv_path, row.line, 1), place, hint, need)


def compare(dataset: Dataset, datasets: Mapping[str, Dataset], places: Places) -> Iterator[Matter]:
    """Yield what the newest edition of *dataset* changes against the one before it."""
    before, now = (edition_of(dataset, edition.paper) for edition in dataset.editions[-2:])
    keys = tuple(name for name in dataset.primary_key if name not in (EDITION, PERIOD))
    rated = frozenset(rule.rating for rule in dataset.ratings)
    pair = _Pair(before, now, keys, _limits(dataset.id, datasets), rated, places)
    old, new = pair.of(before), pair.of(now)
    yield from _vanished(pair, old, new)
    added = [key for key in new if key not in old]
    if len(keys) == 1:
        for key in added:
            hint = "if it is not new, give the table's word for it with --alias, and import again"
            yield pair.matter("new", key, new[key][0], f"{key[0]} is new", need=DECIDE, hint=hint)
    elif added:
        first = new[added[0]][0]
        message = f"{len(added)} kinds of figures that the edition before does not have: {_some(added)}"
        yield pair.matter("new", (), first, message)
    for key in new:
        if len(old.get(key, ())) == len(new[key]) == 1:
            yield from _changed(pair, key, old[key][0], new[key][0])


def _limits(name: str, datasets: Mapping[str, Dataset]) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """Return how rating rules find targets and floor standards in the dataset *name*."""
    rules = (rule for dataset in datasets.values() for rule in dataset.ratings)
    return tuple(term.where for rule in rules for term in terms_of(rule) if term.met_when and term.data == name)


def _vanished(pair: _Pair, old: Mapping[Key, list[Row]], new: Mapping[Key, list[Row]]) -> Iterator[Matter]:
    """Yield the measures that are gone; kinds of rows that the update does not have at all are told as one."""
    present = {name: {pair.new.text(row, name) for row in pair.new.rows} for name in pair.keys}
    enums = [name for name in pair.keys if pair.new.field(name).constraints.enum]
    left_out: dict[str, int] = {}
    for key, rows in old.items():
        if key in new or _same_but_detail(pair, key, new):
            continue
        said = dict(zip(pair.keys, key, strict=True))
        absent = next((said[name] for name in enums if said[name] not in present[name]), "")
        if absent:
            left_out[absent] = left_out.get(absent, 0) + len(rows)
            continue
        values = ", ".join(_said(pair.old, rows[0], field.name) for field in pair.old.measures)
        message = f"{', '.join(key)}: was {values}, and is not in the new edition"
        hint = "add it to the table and import again; or say why it is gone"
        yield pair.matter("vanished", key, rows[0], message, need=DECIDE, hint=hint)
    if left_out:
        listed = ", ".join(f"{kind} ({count})" for kind, count in sorted(left_out.items()))
        row = pair.old.rows[0]
        yield pair.matter("left-out", (), row, f"kinds of rows that this update does not have: {listed}",
                           need=DECIDE, hint="import them too, or say why they are left out")  # fmt: skip


def _same_but_detail(pair: _Pair, key: Key, new: Mapping[Key, list[Row]]) -> bool:
    """Tell whether a new row names the same limit in other words, such as ``Below`` for ``At or below``."""
    said = dict(zip(pair.keys, key, strict=True))
    return _is_limit(pair, said) and any(_limit_key(pair, key) == _limit_key(pair, other) for other in new)


def _limit_key(pair: _Pair, key: Key) -> Key:
    return tuple(word for name, word in zip(pair.keys, key, strict=True) if not pair.new.field(name).has_order
                 and name != "detail")  # fmt: skip


def _is_limit(pair: _Pair, said: Mapping[str, str]) -> bool:
    return any(all(said.get(name) in words for name, words in where.items()) for where in pair.limits)


def _changed(pair: _Pair, key: Key, old: Row, new: Row) -> Iterator[Matter]:
    """Yield what changed in one measure that needs to be looked at."""
    said = dict(zip(pair.keys, key, strict=True))
    named = ", ".join(key)
    for field in pair.new.measures:
        was, now = pair.old.value(old, field.name), pair.new.value(new, field.name)
        if was == now:
            continue
        words = f"{named}: {_said(pair.old, old, field.name)} before, {_said(pair.new, new, field.name)} now"
        if isinstance(was, str) or isinstance(now, str):
            if field.name in pair.rated:
                yield pair.matter("rating", key, new, words, column=field.name)
            continue
        if was.number is None or now.number is None:
            if now.number is None:
                yield pair.matter("vanished", key, new, words, column=field.name, need=DECIDE,
                                   hint="add the figure to the table and import again; or say why")  # fmt: skip
            continue
        yield from _numbers(pair, key, new, field.name, (was.number, now.number), words)
        if _is_limit(pair, said):
            hint = "compare it with the paper; if the council changed it, say so"
            yield pair.matter("target", key, new, words, column=field.name, need=DECIDE, hint=hint)


def _numbers(
    pair: _Pair, key: Key, row: Row, column: str, numbers: tuple[Decimal, Decimal], words: str
) -> Iterator[Matter]:
    was, now = numbers
    if was * now < 0:
        hint = "compare the sign with the paper; mend the table and import again, or say why"
        yield pair.matter("sign", key, row, f"{words}: the sign is the other way round", column=column, need=DECIDE,
                           hint=hint)  # fmt: skip
    elif was and now and not 1 / Decimal(JUMP) < abs(now / was) < JUMP:
        times = f"about {_times(abs(now / was))} times as much" if abs(now) > abs(was) else (
            f"about one part in {_times(abs(was / now))}")  # fmt: skip
        hint = "look for a shifted column, or thousands for millions; mend the table and import again, or say why"
        yield pair.matter("jump", key, row, f"{words}: {times}", column=column, need=DECIDE, hint=hint)


def _times(ratio: Decimal) -> str:
    """Write how many times, roughly.

    >>> _times(Decimal("1009.3")), _times(Decimal("9.4"))
    ('1,000', '9')
    """
    rounded = round(ratio, -max(ratio.adjusted(), 0) + (1 if ratio < 100 else 0))
    return f"{int(rounded):,}"


def _said(dataset: Dataset, row: Row, name: str) -> str:
    value = dataset.value(row, name)
    return in_words(value, dataset.unit(row, name)) if isinstance(value, Quantity) else value


def _some(keys: Sequence[Key]) -> str:
    shown = "; ".join(", ".join(key) for key in keys[:3])
    return f"{shown}; and {len(keys) - 3} more" if len(keys) > 3 else shown
