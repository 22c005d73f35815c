"""Select and arrange the rows that a chart shows: from a spec and a dataset to plain categories, series and points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator.charts.refusals import refusals
from generator.charts.spec import ChartSpec
from generator.charts.thresholds import Limit, read_limits
from generator.codes import canonical
from generator.datasets import Dataset, Field, Row, missing_mark
from generator.diagnostics import Diagnostic, Location, hint_for
from generator.mixing import (
    Operand,
    check_added,
    check_bridge,
    check_compared,
    check_joined,
    check_whole,
    first_of_each,
    operand,
)
from generator.positioned import Text
from generator.quantities import (
    MARKS,
    MONEY_SCALES,
    UNITS,
    Quantity,
    add,
    format_number,
    round_half_up,
)
from generator.words import date_words, lower_first, unit_words

TILES = ("tile_row", "tile_column")
"""Columns of a code list that say where each of its names lies on a map of tiles, from the top left."""

TIMES = frozenset({"year", "financial-year", "quarter", "date"})


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a chart."""

    category: str
    series: str
    quantity: Quantity
    label: str
    """The value as it is written in the picture, with its qualifier and mark."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One rated indicator, in the words that a card or a scorecard shows."""

    name: str
    group: str
    """The section in which it stands; empty where there are none."""
    rating: str
    """``Green``, ``Amber``, ``Red``, ``Not rated``, or why the rating cannot be read."""
    direction: str
    """The direction of travel in the words of the paper, or why there are none; empty where it is not asked for."""
    older: str
    """Month to which the data run, where they are older than the rating; else empty."""
    result: str = ""
    result_of: str = ""
    """What is counted, and what is said of the number, e.g. ``people (provisional)``."""
    period: str = ""
    limits: tuple[tuple[str, str], ...] = ()
    """The target and the floor, each with its name: ``("Target", "at or above 65.0%")``."""


@dataclass(frozen=True, slots=True)
class ChartData:
    """Everything a chart is drawn and described from."""

    kind: str
    is_horizontal: bool
    is_stacked: bool
    categories: tuple[str, ...]
    series: tuple[str, ...]
    """Names of the series; a single one is named after the measure."""
    points: tuple[Point, ...]
    category_title: str
    measure_title: str
    unit: str
    unit_words: str
    """The unit for a column heading, e.g. ``£ thousand`` or ``places``."""
    is_time: bool
    """Whether the categories are years, quarters or dates, which stay in their order."""
    phase_line: str
    """Words that must travel with the picture, e.g. ``Initial draft, November 2023. Not the approved budget.``"""
    is_share: bool = False
    """Whether the bars of a stack are all equally long, and its parts their shares."""
    limits: tuple[Limit, ...] = ()
    """Lines across a line chart."""
    levels: tuple[str, ...] = ()
    """Categories of a waterfall that are levels (bars from zero), not changes."""
    places: tuple[tuple[int, int], ...] = ()
    """Row and column of the tile of each category on a map, from 1."""
    times: tuple[str, ...] = ()
    """When each category of a timeline is, in words; a timeline has no series and no points."""
    indicators: tuple[Indicator, ...] = ()
    """What cards and scorecards show in place of categories and series."""
    printed: tuple[str, ...] = ()
    """The categories in the order of the paper."""

    @property
    def is_cut(self) -> bool:
        """Whether the scale of dots leaves out zero, where that would take more than a third of the picture."""
        numbers = [point.quantity.number for point in self.points if point.quantity.number is not None]
        return self.kind == "dots" and (min(numbers) * 3 > max(numbers) > 0 or max(numbers) * 3 < min(numbers) < 0)

    def values(self, series: str) -> dict[str, Quantity]:
        """Return the values of a series by category."""
        return {point.category: point.quantity for point in self.points if point.series == series}


def shares_of(points: Sequence[Point]) -> list[Decimal]:
    """Return the share of each point in the sum of them all, in percent."""
    numbers = [point.quantity.number or Decimal(0) for point in points]
    return [number / sum(numbers, Decimal(0)) * 100 for number in numbers]


def phase_line(phase: str, paper_date: str) -> str:
    """Say in words what stage the figures are at; *paper_date* is a month with its year.

    >>> phase_line("initial-draft", "November 2023")
    'Initial draft, November 2023. Not the approved budget.'
    """
    return {
        "initial-draft": f"Initial draft, {paper_date}. Not the approved budget.",
        "plan-update": f"The plan as it stood in {paper_date}.",
        "forecast": f"Forecast, {paper_date}.",
        "approved": f"Approved budget, as printed in {paper_date}.",
        "outturn": f"Outturn, as printed in {paper_date}.",
    }.get(phase, "")


def select(
    dataset: Dataset, where: Mapping[str, tuple[str, ...]], at: Location, problems: list[Diagnostic]
) -> list[Row]:
    """Return the rows that fit the filter; a column or value that does not exist is a problem."""
    rows = list(dataset.rows)
    for column, values in where.items():
        if not has_column(dataset, column, at, problems):
            continue
        known = list(dict.fromkeys(dataset.text(row, column) for row in dataset.rows))
        for value in values:
            if value not in known:
                message = f"{dataset.csv_path} has no row where {column} is '{value}'"
                problems.append(Diagnostic("unknown-row", message, at, hint=hint_for(value, known, "values")))
        rows = [row for row in rows if dataset.text(row, column) in values]
    return rows


def has_column(dataset: Dataset, name: str, at: Location, problems: list[Diagnostic]) -> bool:
    """Tell whether *dataset* has the column; if not, note a problem that names the nearest one."""
    if name in dataset.index:
        return True
    hint = hint_for(name, [field.name for field in dataset.fields if field.is_published], "columns")
    message = f"{dataset.csv_path} has no column '{name}'"
    problems.append(Diagnostic("unknown-column", message, at, hint=hint))
    return False


def shape(
    spec: ChartSpec,
    dataset: Dataset,
    codes: Mapping[str, Dataset],
    phase_of: Callable[[Sequence[Field]], str],
    problems: list[Diagnostic],
) -> ChartData | None:
    """Arrange the rows for *spec*; `None` when it cannot be drawn, with the reasons in *problems*.

    *codes* are datasets, one of which may lay out a map; *phase_of* says in words what stage the figures of some
    columns are at.
    """
    start = len(problems)
    at = spec.common.at
    for name in spec.columns:
        has_column(dataset, name.value, name.at, problems)
    rows = select(dataset, spec.common.where, at, problems)
    if len(problems) > start or not spec.x or not spec.y:
        return None
    sides = _sides(spec, dataset, problems)
    if sides is None:
        return None
    category, measures, is_horizontal = sides
    if not rows:
        problems.append(Diagnostic("empty-chart", "no row fits the filter of this chart", at, hint="widen 'where'"))
        return None
    fields = [dataset.field(measure.value) for measure in measures]
    _refuse_mixing(spec, dataset, rows, category, fields, at, problems)
    values = _values(spec, dataset, rows, category, measures, at, problems)
    if values is None or len(problems) > start:
        return None
    unit = dataset.unit(rows[0], fields[0].name)
    categories = list(dict.fromkeys(key[0] for key in values))
    series = list(dict.fromkeys(key[1] for key in values))
    has_order = dataset.field(category.value).has_order
    printed = tuple(categories)
    categories = _sort(spec, categories, series, values, has_order=has_order)
    levels = _levels(spec, dataset, rows, category) if spec.kind == "waterfall" else ()
    if spec.kind == "waterfall" and spec.end:
        total = sum((value.number for value in values.values() if value.number is not None), Decimal(0))
        values[(spec.end, series[0])] = Quantity(total)
        categories.append(spec.end)
        levels = (*levels, spec.end)
    reasons = refusals(spec, categories, series, values, unit)
    problems += [Diagnostic("unfit-chart", message, at, hint=hint) for message, hint in reasons]
    places = _places(dataset, category, categories, codes, problems) if spec.kind == "tiles" else ()
    if len(problems) > start:
        return None
    points = tuple(
        Point(c, s, values[c, s], short_label(values[c, s], unit, sign=spec.kind == "waterfall" and c not in levels))
        for s in series
        for c in categories
        if (c, s) in values
    )
    limits = read_limits(spec, dataset, rows, problems)
    if len(problems) > start:
        return None
    return ChartData(
        kind=spec.kind,
        is_horizontal=is_horizontal,
        is_stacked=bool(spec.stack),
        is_share=spec.stack == "share",
        categories=tuple(categories),
        series=tuple(series),
        points=points,
        category_title=dataset.field(category.value).title,
        measure_title=measure_title(fields),
        unit=unit,
        unit_words=unit_words(fields[0]) or (UNITS[unit] if fields[0].unit_from else ""),
        is_time=dataset.field(category.value).unit in TIMES,
        phase_line=phase_of(fields),
        limits=limits,
        levels=levels,
        places=places,
        printed=printed,
    )


def measure_title(fields: Sequence[Field]) -> str:
    """Name the measures of a chart in words."""
    titles = [field.title for field in fields]
    return titles[0] if len(titles) == 1 else ", ".join(titles[:-1]) + " and " + lower_first(titles[-1])


def _sides(spec: ChartSpec, dataset: Dataset, problems: list[Diagnostic]) -> tuple[Text, tuple[Text, ...], bool] | None:
    """Return category, measures and whether bars lie: the side with numbers is the measure."""

    def numbers(names: tuple[Text, ...]) -> bool:
        return all(dataset.field(name.value).is_number for name in names)

    for category, measures, is_horizontal in ((spec.y, spec.x, True), (spec.x, spec.y, False)):
        if len(category) == 1 and not dataset.field(category[0].value).is_number and numbers(measures):
            return category[0], measures, is_horizontal
    message = "one side of a chart is a column of words, the other one or more columns of numbers"
    names = [field.name for field in dataset.fields if field.is_number]
    hint = f"columns of numbers are: {', '.join(names)}"
    problems.append(Diagnostic("wrong-sides", message, spec.common.at, hint=hint))
    return None


def _values(
    spec: ChartSpec,
    dataset: Dataset,
    rows: list[Row],
    category: Text,
    measures: tuple[Text, ...],
    at: Location,
    problems: list[Diagnostic],
) -> dict[tuple[str, str], Quantity] | None:
    values: dict[tuple[str, str], Quantity] = {}
    for row in rows:
        for measure in measures:
            field = dataset.field(measure.value)
            name = category_text(dataset, row, spec.series.value) if spec.series else field.title
            key = (category_text(dataset, row, category.value), name)
            value = dataset.value(row, measure.value)
            quantity = value if isinstance(value, Quantity) else Quantity(None, "x")
            if key in values and not spec.sum_by:
                message = f"two rows have the category '{key[0]}'" + (f" in '{name}'" if spec.series else "")
                hint = "filter the rows with 'where', split them with 'series', or write 'sum: true' to add them"
                problems.append(Diagnostic("repeated-category", message, at, hint=hint))
                return None
            values[key] = add(values[key], quantity) if key in values else quantity
    return values


def _refuse_mixing(
    spec: ChartSpec,
    dataset: Dataset,
    rows: list[Row],
    category: Text,
    fields: Sequence[Field],
    at: Location,
    problems: list[Diagnostic],
) -> None:
    """Note figures that must not stand in one picture, be joined by a line, or be added up."""
    found: list[Diagnostic] = []
    bars: dict[tuple[str, str], list[Operand]] = {}
    for row in rows:
        for field in fields:
            name = category_text(dataset, row, category.value)
            series = category_text(dataset, row, spec.series.value) if spec.series else field.title
            label = field.title if len(fields) > 1 else ""
            bars.setdefault((name, series), []).append(operand(dataset, row, field.name, label))
    operands = [each for bar in bars.values() for each in bar]
    against = [operand(dataset, rows[-1], name.value, dataset.field(name.value).title) for _, name in spec.limits]
    check_compared([*operands, *against], at, found, is_bridge=spec.kind == "waterfall")
    lines: dict[str, list[Operand]] = {}
    wholes: dict[str, list[Operand]] = {}
    is_parts = spec.stack or (spec.kind == "area" and len({series for _, series in bars}) > 1)
    for (name, series), bar in bars.items():
        lines.setdefault(series, []).extend(bar)
        wholes.setdefault(name if is_parts else "", []).extend(bar)
        if spec.sum_by and len(bar) > 1:
            check_added(dataset, bar, at, found)
    for line in lines.values() if spec.kind in ("line", "area") else ():
        check_joined(line, at, found)
    for whole in wholes.values() if is_parts or spec.kind in ("waterfall", "proportion") else ():
        if len(whole) > 1:
            check_added(dataset, whole, at, found)
        if spec.stack == "share":
            check_whole(dataset, whole, at, found)
    if spec.kind == "waterfall":
        check_bridge(operands, at, found)
    problems += first_of_each(found)


def _sort(
    spec: ChartSpec,
    categories: list[str],
    series: list[str],
    values: Mapping[tuple[str, str], Quantity],
    *,
    has_order: bool,
) -> list[str]:
    order = spec.sort or ("printed" if has_order or spec.kind != "bar" or len(series) > 1 else "value")
    if order == "printed":
        return categories

    def size(category: str) -> Decimal:
        number = values.get((category, series[0]), Quantity(None, "x")).number
        return number if number is not None else Decimal("-Infinity")

    return sorted(categories, key=size, reverse=True)


def _levels(spec: ChartSpec, dataset: Dataset, rows: list[Row], category: Text) -> tuple[str, ...]:
    measure = next(dataset.field(name.value) for name in (*spec.x, *spec.y) if dataset.field(name.value).is_number)
    if not measure.basis_from:
        return ()
    levels = (row for row in rows if dataset.text(row, measure.basis_from) == "level")
    return tuple(dict.fromkeys(category_text(dataset, row, category.value) for row in levels))


def _places(
    dataset: Dataset,
    category: Text,
    categories: Sequence[str],
    codes: Mapping[str, Dataset],
    problems: list[Diagnostic],
) -> tuple[tuple[int, int], ...]:
    """Return where the code list of the category lays its tiles."""
    for key in dataset.foreign_keys:
        found = codes.get(key.resource)
        if key.field == category.value and found and set(TILES) <= found.index.keys():
            laid = {found.text(row, key.column): tuple(found.value(row, name) for name in TILES) for row in found.rows}
            cells = [laid.get(canonical(found, key.column, name) or "", ()) for name in categories]
            numbers = [[cell.number for cell in pair if isinstance(cell, Quantity)] for pair in cells]
            places = tuple((int(pair[0]), int(pair[1])) for pair in numbers if len(pair) == 2 and pair[0] and pair[1])
            if len(places) == len(categories):
                return places
    message = f"no code list says where the tiles of '{category.value}' lie"
    hint = f"give the code list the columns {' and '.join(TILES)}, or make a bar chart"
    problems.append(Diagnostic("unfit-chart", message, category.at, hint=hint))
    return ()


def category_text(dataset: Dataset, row: Row, name: str) -> str:
    """Return a cell of a dimension as a reader sees it: dates in words, and why there is nothing."""
    text = dataset.text(row, name)
    if mark := missing_mark(text):
        return MARKS[mark]
    return date_words(text) if dataset.field(name).unit == "date" else text


def short_label(quantity: Quantity, unit: str, *, sign: bool = False) -> str:
    """Write a value as it stands beside its bar.

    >>> short_label(Quantity(Decimal("80924.7")), "gbp-thousand")
    '£80.9m'
    >>> short_label(Quantity(Decimal("7107"), mark="p"), "count")
    '7,107 [p]'
    """
    if quantity.number is None:
        return MARKS[quantity.mark]
    number = quantity.number
    if unit in MONEY_SCALES and number == 0:
        text = "£0"
    elif unit == "gbp-thousand" and abs(number) >= 1000:
        text = format_number(round_half_up(number.scaleb(-3), 1), "gbp-million", sign=sign)
    elif unit == "gbp-thousand" and abs(number) >= 10:
        text = format_number(round_half_up(number, 0), unit, sign=sign)
    elif unit == "gbp" and abs(number) >= 1_000_000:
        text = format_number(round_half_up(number.scaleb(-6), 2), "gbp-million", sign=sign)
    else:
        text = format_number(number, unit, sign=sign)
    text = f"{quantity.qualifier} {text}" if quantity.qualifier else text
    return f"{text} [{quantity.mark}]" if quantity.mark else text


def axis_label(number: Decimal, unit: str) -> str:
    """Write a round value on an axis.

    >>> axis_label(Decimal(500000), "gbp-thousand"), axis_label(Decimal("1.50"), "percent")
    ('£500m', '1.5%')
    """
    if unit in MONEY_SCALES:
        millions = number.scaleb(MONEY_SCALES[unit] - 6)
        if number == 0:
            return "£0"
        if abs(millions) >= 1:
            return format_number(_trim(millions), "gbp-million")
    return format_number(_trim(number), unit)


def _trim(number: Decimal) -> Decimal:
    trimmed = number.normalize()
    return trimmed.quantize(Decimal(1)) if trimmed == trimmed.to_integral() else trimmed
