"""Bind a figure in prose to a cell, or to a total that the paper prints, and write it for the sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace

from generator.charts.shape import has_column, select
from generator.datasets import Dataset, Field
from generator.diagnostics import Diagnostic, hint_for
from generator.markdown import ValuePart
from generator.quantities import MARKS, MONEY_SCALES, Quantity, format_money, in_words
from generator.terms import covered_unit
from generator.words import date_words


@dataclass(frozen=True, slots=True)
class BoundValue:
    """A figure ready for its sentence, and the dataset it comes from."""

    text: str
    dataset: str


def bind(part: ValuePart, dataset: Dataset, problems: list[Diagnostic]) -> BoundValue | None:
    """Return the figure that *part* names; `None` with the reason in *problems* if there is no such single figure."""
    if not has_column(dataset, part.column, part.at, problems):
        return None
    field = dataset.field(part.column)
    found = _total(part, dataset, problems) if part.total else _cell(part, dataset, problems)
    if found is None:
        return None
    quantity, unit = found
    if isinstance(quantity, str):
        return BoundValue(date_words(quantity) if field.type == "date" else quantity, dataset.id)
    if any(word in part.format for word in ("million", "billion", "pounds")) and unit not in MONEY_SCALES:
        message = f"'{part.format}' is a format of money, and '{field.name}' is in {unit}"
        problems.append(Diagnostic("bad-value-reference", message, part.at, hint="leave the format out"))
        return None
    text = _write(quantity, unit, field, part.format)
    if quantity.number is not None and quantity.mark:
        text += f" ({MARKS[quantity.mark]})"  # a provisional value stays one in a sentence
    return BoundValue(text, dataset.id)


def _write(quantity: Quantity, unit: str, field: Field, form: str) -> str:
    if quantity.number is None:
        return MARKS[quantity.mark]
    if form.endswith("without sign"):
        quantity = replace(quantity, number=abs(quantity.number))
        form = form.removesuffix("without sign").strip() or "as printed"
    assert quantity.number is not None
    lead = f"{quantity.qualifier} " if quantity.qualifier else ""
    if form in ("million", "billion", "pounds"):
        return lead + format_money(quantity.number, unit, form)
    if form == "number":
        return lead + in_words(Quantity(quantity.number), "count")
    if unit in MONEY_SCALES and unit != "gbp":
        # in a sentence £24,119.1k reads badly: thousands become millions with all their places
        shown = quantity.number.scaleb(-3) if unit == "gbp-thousand" else quantity.number
        return lead + in_words(Quantity(shown), "gbp-million").removesuffix("m") + " million"
    text = in_words(Quantity(quantity.number), unit)
    if field.scale:
        text += f" {field.scale}"
    return lead + text


def _cell(part: ValuePart, dataset: Dataset, problems: list[Diagnostic]) -> tuple[Quantity | str, str] | None:
    start = len(problems)
    rows = select(dataset, {column: (value,) for column, value in part.where}, part.at, problems)
    if len(problems) > start:
        return None
    if len(rows) != 1:
        message = f"{len(rows) or 'no'} rows of {dataset.csv_path} fit here; a figure is one cell"
        keys = ", ".join(dataset.primary_key)
        hint = f"name one row in square brackets, e.g. by {keys}" if keys else "name one row in square brackets"
        problems.append(Diagnostic("unknown-row", message, part.at, hint=hint))
        return None
    return dataset.value(rows[0], part.column), dataset.unit(rows[0], part.column)


def _total(part: ValuePart, dataset: Dataset, problems: list[Diagnostic]) -> tuple[Quantity, str] | None:
    total = next((total for total in dataset.totals if total.id == part.total), None)
    if total is None:
        message = f"{dataset.sidecar_path} has no total '{part.total}'"
        hint = hint_for(part.total, [total.id for total in dataset.totals], "totals")
        problems.append(Diagnostic("unknown-total", message, part.at, hint=hint))
        return None
    wanted = dict(part.where)
    fits = [entry for entry in total.printed if dict(entry.keys) == wanted and part.column in entry.values]
    if len(fits) != 1:
        message = f"the total '{part.total}' is not printed for {', '.join(wanted.values()) or 'all rows'}"
        keys = "; ".join(f"{key}={value}" for key, value in total.printed[0].keys.items()) if total.printed else ""
        hint = f"name it by its keys, e.g. [{keys}]" if keys else "leave out the square brackets"
        problems.append(Diagnostic("unknown-row", message, part.at, hint=hint))
        return None
    return fits[0].values[part.column], covered_unit(dataset, total, fits[0], part.column)
