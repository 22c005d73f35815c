"""Arrange the events of a timeline: from a spec and a dataset to events with their dates in words, in order.

Dates are as fine as the paper prints them, a day or a month; nothing is measured between them, and no clock is asked
which of them are past.  A date that our copy has lost leaves the event where the paper prints it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator.charts.refusals import MAX_CATEGORIES
from generator.charts.shape import ChartData, category_text, has_column, select
from generator.charts.spec import ChartSpec
from generator.datasets import Dataset, Field, Row
from generator.diagnostics import Diagnostic
from generator.words import date_words

_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_LOST = "[lost]"
LOST_WORDS = "Date not readable"
"""What stands beside an event whose date is not readable."""


def milestones(spec: ChartSpec, dataset: Dataset, phase_line: str, problems: list[Diagnostic]) -> ChartData | None:
    """Arrange the rows for *spec*; `None` when they make no timeline, with the reasons in *problems*."""
    start, at = len(problems), spec.common.at
    for name in (*spec.x, *spec.y):
        has_column(dataset, name.value, name.at, problems)
    rows = select(dataset, spec.common.where, at, problems)
    if len(problems) > start:
        return None
    sides = _sides([dataset.field(name.value) for name in (*spec.x, *spec.y)])
    if sides is None:
        dates = [field.name for field in dataset.fields if field.unit == "date"]
        hint = f"columns of dates are: {', '.join(dates)}" if dates else "give the column of dates 'unit: date'"
        problems.append(Diagnostic("wrong-sides", "a timeline is one column of dates and one of words", at, hint=hint))
        return None
    when, event = sides
    times = [dataset.text(row, when.name) for row in rows]
    reasons = _refusals(spec, times)
    problems += [Diagnostic("unfit-chart", message, at, hint=hint) for message, hint in reasons]
    if reasons:
        return None
    ordered = _in_order(rows, times)
    return ChartData(
        kind=spec.kind,
        is_horizontal=True,
        is_stacked=False,
        categories=tuple(category_text(dataset, row, event.name) for row, _ in ordered),
        series=(),
        points=(),
        category_title=event.title,
        measure_title=when.title,
        unit="date",
        unit_words="",
        is_time=True,
        phase_line=phase_line,
        times=tuple(LOST_WORDS if time == _LOST else date_words(time) for _, time in ordered),
    )


def _sides(fields: Sequence[Field]) -> tuple[Field, Field] | None:
    """Return the column of dates and that of words, whichever side each was written on."""
    dates = [field for field in fields if field.unit == "date"]
    words = [field for field in fields if field.unit != "date" and not field.is_number]
    return (dates[0], words[0]) if len(fields) == 2 and len(dates) == len(words) == 1 else None


def _refusals(spec: ChartSpec, times: Sequence[str]) -> list[tuple[str, str]]:
    """Return why no timeline must be drawn of *times*, and what to do instead."""
    if spec.series or spec.limits or spec.sum_by or spec.stack:
        hint = "leave out 'series', 'target', 'sum' and 'stack', or write 'kind: bar'"
        return [("a timeline has dates and no figures", hint)]
    dated = [time for time in times if time != _LOST]
    if len(dated) < 2:
        return [("one event is no timeline", "say it in a sentence, or widen 'where'")]
    if len(times) > MAX_CATEGORIES:
        return [(f"{len(times)} events are too many for one picture", "filter them, or make a table")]
    if unfit := [time for time in dated if not _DATE.fullmatch(time) or date_words(time) == time]:
        hint = "write 2024-06 or 2024-06-30, filter the rows with 'where', or make a table"
        return [(f"'{unfit[0]}' is no month and no day, so it has no place in the order", hint)]
    return []


def _in_order(rows: Sequence[Row], times: Sequence[str]) -> list[tuple[Row, str]]:
    """Sort by month, and by day in months whose every event has a day; else the order of the file stands.

    An event of "June" may be before or after the tenth: only the paper's own order can tell.  An event whose date is
    lost comes after the one that the paper prints before it.
    """
    vague = {time for time in times if len(time) == 7}
    keys: list[tuple[str, str]] = []
    for time in times:
        if time == _LOST:
            keys.append(keys[-1] if keys else ("", ""))
        else:
            keys.append((time[:7], "" if time[:7] in vague else time))
    ordered = sorted(range(len(times)), key=keys.__getitem__)
    return [(rows[place], times[place]) for place in ordered]
