"""Arrange the rated indicators that a card or a scorecard shows: published ratings, in the words of the paper.

Where a result and its limits stand is said by the rating rule of the sidecar.  What is not there is named as missing;
no rating is worked out here and none is filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from generator.charts.refusals import refuse_rated
from generator.charts.shape import (
    ChartData,
    Indicator,
    Point,
    category_text,
    has_column,
    measure_title,
    select,
    short_label,
)
from generator.charts.spec import ChartSpec
from generator.charts.theme import UNRATED
from generator.datasets import Dataset, Field, Row, missing_mark
from generator.diagnostics import Diagnostic
from generator.limits import Case, floor_name, is_complete
from generator.positioned import Text
from generator.quantities import MARKS, Quantity
from generator.rating_rules import RatingRule, RatingTerm
from generator.words import capital, month


def arrange(
    spec: ChartSpec,
    dataset: Dataset,
    datasets: Mapping[str, Dataset],
    phase_of: Callable[[Sequence[Field]], str],
    problems: list[Diagnostic],
) -> ChartData | None:
    """Return what *spec* shows; `None` when it cannot be drawn, with the reasons in *problems*."""
    start, at = len(problems), spec.common.at
    for name in spec.columns:
        has_column(dataset, name.value, name.at, problems)
    rows = select(dataset, spec.common.where, at, problems)
    if len(problems) > start or spec.rating is None or len(spec.y) != 1:
        return None
    if not rows:
        problems.append(Diagnostic("empty-chart", "no row fits the filter of this chart", at, hint="widen 'where'"))
        return None
    if spec.covers_to and dataset.field(spec.covers_to.value).type != "date":
        message, hint = f"'{spec.covers_to.value}' is no column of dates", "choose one, or leave out 'covers_to'"
        problems.append(Diagnostic("unfit-chart", message, spec.covers_to.at, hint=hint))
    rule = _rule(spec, dataset, datasets, spec.rating, problems) if spec.kind == "card" else None
    if len(problems) > start:
        return None
    found: dict[str, Indicator] = {}
    points = []
    ratings = [dataset.text(row, spec.rating.value) for row in rows]
    for row in rows:
        indicator, result = _indicator(spec, dataset, datasets, rule, row)
        if indicator.name in found:
            message, hint = f"two rows have the name '{indicator.name}'", "filter the rows with 'where'"
            problems.append(Diagnostic("repeated-category", message, at, hint=hint))
            return None
        found[indicator.name] = indicator
        if result is not None:
            points.append(result)
    directions = [dataset.text(row, spec.direction.value) for row in rows] if spec.direction else []
    reasons = refuse_rated(
        spec.kind,
        [UNRATED if missing_mark(word) else word for word in ratings],
        [word for word in directions if not missing_mark(word)],
        has_result=any(point.quantity.number is not None for point in points),
    )
    problems += [Diagnostic("unfit-chart", message, at, hint=hint) for message, hint in reasons]
    if reasons:
        return None
    rating = dataset.field(spec.rating.value)
    return ChartData(
        kind=spec.kind,
        is_horizontal=True,
        is_stacked=False,
        categories=tuple(found),
        series=(),
        points=tuple(points),
        category_title=dataset.field(spec.y[0].value).title,
        measure_title=measure_title([rating]),
        unit="rating",
        unit_words="",
        is_time=False,
        phase_line=phase_of([rating]),
        indicators=tuple(found.values()),
    )


def _rule(
    spec: ChartSpec, dataset: Dataset, datasets: Mapping[str, Dataset], rating: Text, problems: list[Diagnostic]
) -> RatingRule | None:
    """Return the rule that says where the results and targets of a rating stand."""
    rules = [rule for rule in dataset.ratings if rule.rating == rating.value and rule.target]
    if not rules:
        message = f"{dataset.sidecar_path} does not say where the results and targets of '{rating.value}' stand"
        hint = "add a rule to its 'ratings', or write 'kind: scorecard', which shows ratings alone"
        problems.append(Diagnostic("unfit-chart", message, rating.at, hint=hint))
    elif is_complete(rules[0], dataset, datasets, problems):
        place = datasets[rules[0].value.data] if rules[0].value.data else dataset
        if spec.period and has_column(place, spec.period.value, spec.period.at, problems):
            return rules[0]
    return None


def _indicator(
    spec: ChartSpec, dataset: Dataset, datasets: Mapping[str, Dataset], rule: RatingRule | None, row: Row
) -> tuple[Indicator, Point | None]:
    """Return one indicator in words and, for a card, its result."""
    assert spec.rating

    def said(name: Text | None) -> str:
        return category_text(dataset, row, name.value) if name else ""

    rating = dataset.text(row, spec.rating.value)
    plain = Indicator(
        name=said(spec.y[0]),
        group=said(spec.series),
        rating=UNRATED if missing_mark(rating) == "z" else said(spec.rating),
        direction=said(spec.direction),
        older=_older(dataset, row, spec.rating, spec.covers_to),
    )
    if rule is None or rule.target is None or rule.floor is None:
        return plain, None
    case = Case(dataset, datasets, rule, row, [])
    place, results = case.rows(rule.value)
    unread = Quantity(None, rule.absent)
    value = place.value(results[0], rule.value.column) if results else unread
    quantity = value if isinstance(value, Quantity) else unread
    unit = place.unit(results[0], rule.value.column) if results else ""
    limits = tuple(
        (name, _limit(case, term, unit))
        for name, term in (("Target", rule.target), (capital(floor_name(case)), rule.floor))
    )
    plainly = replace(quantity, mark="") if quantity.number is not None else quantity  # the mark is said in words
    label = short_label(plainly, unit)
    period = category_text(place, results[0], spec.period.value) if results and spec.period else ""
    card = replace(
        plain,
        result=label,
        result_of=_said_of(place, results[0], rule.value.column, quantity) if results else "",
        period=period,
        limits=limits,
    )
    return card, Point(plain.name, "Result", quantity, label)


def _older(dataset: Dataset, row: Row, rating: Text, column: Text | None) -> str:
    """Return the month to which the data of a rating run, if they end before the time that the rating is for."""
    text = dataset.text(row, column.value) if column else ""
    end = dataset.field(rating.value).covers_to or dataset.covers_to
    if not text or missing_mark(text) or end is None or text >= end.isoformat():
        return ""
    return month(text)


def _said_of(dataset: Dataset, row: Row, column: str, quantity: Quantity) -> str:
    """Say what a result counts and what its mark means."""
    field = dataset.field(column)
    unit = dataset.unit(row, column)
    of = dataset.text(row, field.of_from) if field.of_from else field.of
    words = of if unit in ("count", "rate") and not missing_mark(of) else ""
    if unit == "rate" and field.per and " per " not in words:
        words += f" per {field.per:,}"
    mark = f"({MARKS[quantity.mark]})" if quantity.mark and quantity.number is not None else ""
    return f"{words.strip()} {mark}".strip()


def _limit(case: Case, term: RatingTerm, unit: str) -> str:
    """Write a limit with when it is met; a range has two ends."""
    found = [
        f"{when} {cell.words}" if isinstance(cell.value, Quantity) and cell.value.number is not None else cell.words
        for cell, when in case.limits(term, unit)
    ]
    return " and ".join(found) or MARKS[case.rule.absent]
