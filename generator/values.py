"""Bind a figure in prose to a cell, a printed total or an aggregate, and write it for the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from generator.aggregates import Computed, compute
from generator.datasets import Dataset, Field
from generator.diagnostics import Diagnostic
from generator.operands import NamedFigure, find_term
from generator.quantities import (
    MARKS,
    MONEY_SCALES,
    Quantity,
    format_money,
    format_number,
    round_half_up,
)
from generator.roles import ValuePart
from generator.words import date_words, number_words, ordinal_words


@dataclass(frozen=True, slots=True)
class BoundValue:
    """A figure ready for its sentence, and the dataset it comes from."""

    text: str
    dataset: str
    is_computed: bool
    """Whether this site computed it, so that no paper prints it."""
    paper: str = ""
    """The paper that it is from."""


def bind(part: ValuePart, dataset: Dataset, problems: list[Diagnostic]) -> BoundValue | None:
    """Return the figure that *part* names; `None` with the reason in *problems* if there is no such single figure."""
    found: NamedFigure | Computed | None
    if part.function:
        found = compute(part, dataset, problems)
    else:
        found = find_term(part.operands[0], dataset, part.at, problems)
    if found is None:
        return None
    if isinstance(found, Computed):
        value, marks = found.quantity, found.marks
    elif isinstance(found.value, str):
        text = date_words(found.value) if found.field.type == "date" else found.value
        return BoundValue(text, dataset.id, is_computed=False, paper=dataset.place.paper)
    else:
        value = found.value
        marks = (value.mark,) if value.mark else ()
    if value.number is None:
        return BoundValue(MARKS[value.mark], dataset.id, is_computed=False, paper=dataset.place.paper)
    if reason := _misfit(part, found, value.number):
        hint = "take another format" if part.function else "leave the format out"
        problems.append(Diagnostic("bad-value-reference", reason, part.at, hint=hint))
        return None
    text = _with_manner(part, value, found)
    if marks:  # a provisional value stays one in a sentence
        text += f" ({', '.join(MARKS[mark] for mark in marks)})"
    return BoundValue(text, dataset.id, is_computed=bool(part.function), paper=dataset.place.paper)


def _misfit(part: ValuePart, found: NamedFigure | Computed, number: Decimal) -> str:
    """Say why the format does not fit the figure; empty if it does."""
    name, unit = found.field.name, found.unit
    if part.scale in ("million", "billion", "pounds", "short") and unit not in MONEY_SCALES:
        return f"'{part.scale}' is a format of money, and '{name}' is in {unit}"
    if part.scale.startswith("percent") and unit != "percent":
        return f"'percent' is a format of shares and changes, and '{name}' is in {unit}"
    if part.scale in ("ordinal", "words") and (unit not in ("count", "rank") or number != number.to_integral_value()):
        return f"'{part.scale}' is a format of whole numbers, and '{name}' is in {unit}"
    if part.scale == "ordinal" and number <= 0:
        return "'ordinal' is a format of numbers above 0"
    if part.manner not in ("", "without sign") and found.basis not in ("change", "movement"):
        return f"'{part.manner}' is a format of changes, and '{name}' is none"
    return ""


def _with_manner(part: ValuePart, quantity: Quantity, found: NamedFigure | Computed) -> str:
    number = quantity.number
    assert number is not None
    shown = abs(number) if part.manner else number
    lead = f"{quantity.qualifier} " if quantity.qualifier else ""
    text = lead + _write(shown, found.unit, found.field, part.scale, is_computed=isinstance(found, Computed))
    if part.manner == "up or down":
        return "unchanged" if number == 0 else f"up {text}" if number > 0 else f"down {text}"
    if part.manner == "rise or fall":
        return "no change" if number == 0 else f"a rise of {text}" if number > 0 else f"a fall of {text}"
    if part.manner == "more or fewer":
        return "as many" if number == 0 else f"{text} more" if number > 0 else f"{text} fewer"
    return text


def _write(number: Decimal, unit: str, field: Field, scale: str, *, is_computed: bool) -> str:
    if unit == "rank" or scale == "ordinal":
        return number_words(int(number)) if scale == "words" else ordinal_words(int(number))
    if scale == "words":
        return number_words(int(number)) if abs(number) < 100 else format_number(number, "count")
    if unit == "percent" and is_computed:
        return _percent(number, scale)
    if scale in ("million", "billion", "pounds"):
        return format_money(number, unit, scale)
    if scale == "short":
        is_large = abs(number.scaleb(MONEY_SCALES[unit])) >= 1_000_000
        return (
            format_money(number, unit, "million").replace(" million", "m") if is_large else format_number(number, unit)
        )
    if scale == "number":
        return format_number(number, "count")
    if unit in MONEY_SCALES and unit != "gbp":
        # in a sentence £24,119.1k reads badly: thousands become millions with all their places
        shown = number.scaleb(-3) if unit == "gbp-thousand" else number
        return format_number(shown, "gbp-million").removesuffix("m") + " million"
    text = format_number(number, unit)
    return f"{text} {field.scale}" if field.scale and field.is_number else text


def _percent(number: Decimal, scale: str) -> str:
    """Write a computed percentage; one that is not nothing is never shown as 0%."""
    places = {"percent to 1 place": 1, "percent to 2 places": 2}.get(scale, 0)
    rounded = round_half_up(number, places)
    if not rounded and number:
        least = Decimal(1).scaleb(-places)
        if number < 0:
            return f"between {format_number(-least, 'percent')} and 0%"
        return f"less than {format_number(least, 'percent')}"
    return format_number(rounded, "percent")
