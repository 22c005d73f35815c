"""Say in plain English what the codes of a sidecar mean: units, places, phases, periods and signs."""

from __future__ import annotations

import datetime
import re

from generator.datasets import Dataset, Field
from generator.quantities import UNITS

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip

_YEAR_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")

GEOGRAPHIES = {
    "kcc-area": "Kent County Council area",
    "kent-and-medway": "Kent and Medway",
    "medway": "Medway",
    "district": "districts of Kent",
    "health-partnership": "health and care partnership areas",
    "england": "England",
    "council": "the council",
}
BASES = {
    "level": "Level: an amount in itself",
    "change": "Change: what is added to or taken from an earlier amount",
    "balance": "Balance: what is held on a day",
    "movement": "Movement: what goes into or out of a balance",
    "mixed": "Mixed: levels and changes, each row says which",
}
SIGNS = {
    "budget-cost": "Plus adds to the budget; minus reduces it",
    "budget-reduction": "Plus reduces the budget; minus adds to it",
    "balance-up": "Plus raises the balance; minus lowers it",
    "gap": "Plus is a gap; minus is a surplus",
    "overspend": "Plus is an overspend; minus is an underspend",
    "increase": "Plus is an increase; minus is a decrease",
}
PHASES = {
    "initial-draft": "Initial draft, not the approved budget",
    "approved": "Approved budget",
    "plan-update": "Update of a plan",
    "forecast": "Forecast",
    "outturn": "Outturn: what was spent",
    "reported": "Reported after the event",
    "policy": "Policy in force",
}
PERIOD_TYPES = {
    "financial-year": "Financial year, April to March",
    "quarter": "Quarter",
    "year-to-date": "Year to date",
    "rolling-12-months": "Rolling 12 months",
    "snapshot": "One day",
    "school-year": "School year",
    "calendar-year": "Calendar year",
    "programme": "Length of a programme",
    "mixed": "Mixed periods",
}
FUNDINGS = {
    "core": "Core funded",
    "external": "Externally funded",
    "total": "Core and externally funded together",
    "mixed": "Core and externally funded, shown apart",
}


NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
           "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
            "twelve": "twelfth"}  # fmt: skip


def number_words(number: int) -> str:
    """Write a whole number below 100 in words, a larger one in digits.

    >>> number_words(11), number_words(42), number_words(-3), number_words(1408)
    ('eleven', 'forty-two', 'minus three', '1,408')
    """
    if number < 0:
        return f"minus {number_words(-number)}"
    if number >= 100:
        return f"{number:,}"
    if number < 20:
        return NUMBERS[number]
    return TENS[number // 10] + (f"-{NUMBERS[number % 10]}" if number % 10 else "")


def ordinal_words(number: int) -> str:
    """Write the place in an order in words, a large one in digits.

    >>> ordinal_words(1), ordinal_words(12), ordinal_words(20), ordinal_words(42), ordinal_words(112)
    ('first', 'twelfth', 'twentieth', 'forty-second', '112th')
    """
    if number >= 100:
        last = number % 10 if number // 10 % 10 != 1 else 0
        return f"{number:,}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"
    head, hyphen, tail = number_words(number).rpartition("-")
    return head + hyphen + (ORDINALS.get(tail) or (tail[:-1] + "ie" if tail.endswith("y") else tail) + "th")


def long_date(day: datetime.date) -> str:
    """Write a date as people say it.

    >>> long_date(datetime.date(2023, 11, 23))
    '23 November 2023'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def lower_first(text: str) -> str:
    """Begin with a small letter, unless the word is an abbreviation, a month or a rating.

    >>> lower_first("Places offered"), lower_first("KPI"), lower_first("April to June")
    ('places offered', 'KPI', 'April to June')
    """
    is_name = text.partition(" ")[0] in (*MONTHS, "Green", "Amber", "Red")
    return text if text[1:2].isupper() or is_name else text[:1].lower() + text[1:]


def date_words(text: str) -> str:
    """Write an ISO date, or a month where no day is known, in words; anything else stays as it is.

    >>> date_words("2022-03-31"), date_words("2024-06"), date_words("[x]")
    ('31 March 2022', 'June 2024', '[x]')
    """
    if found := _YEAR_MONTH.fullmatch(text):
        return f"{MONTHS[int(found[2]) - 1]} {found[1]}"
    try:
        return long_date(datetime.date.fromisoformat(text))
    except ValueError:
        return text


def month(date: str) -> str:
    """Write the month of an ISO date; a year alone stays as it is.

    >>> month("2023-11-23"), month("2016")
    ('November 2023', '2016')
    """
    return date_words(date).partition(" ")[2] or date


def place_words(dataset: Dataset) -> str:
    """Say where in its paper a dataset stands; an appendix that its table names again is named once."""
    place = dataset.place
    above, comma, last = place.item.rpartition(", ")
    item = above if comma and place.table.startswith(last) else place.item
    return ", ".join(part for part in (item, place.table, f"page {place.page}" if place.page else "") if part)


def unit_words(field: Field) -> str:
    """Return the unit of a column for its heading; empty for words."""
    if not field.is_number or field.unit_from:
        return ""
    if field.unit == "count":
        noun = field.of or "number"
        if noun.casefold() in field.title.casefold():  # "Number of proposals" needs no second "proposals"
            return f"{field.scale}s" if field.scale else ""
        return f"{noun}, {field.scale}s" if field.scale else noun
    if field.unit == "rate":
        return f"per {field.per:,}" if field.per else "rate"
    return UNITS[field.unit].replace("£ ", "£\N{NO-BREAK SPACE}")


def size_words(size: int) -> str:
    """Write the size of a file.

    >>> size_words(180), size_words(2350), size_words(3_400_000)
    ('180 bytes', '2.4 kB', '3.4 MB')
    """
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def subtitle(dataset: Dataset, measures: str, phase: str, council: str) -> str:
    """Make the statistical subtitle of a figure: measure, place, period, then the phase."""
    place = council if dataset.geography == "council" else GEOGRAPHIES.get(dataset.geography, "")
    parts = [part for part in (measures, place, dataset.period) if part]
    return " ".join(filter(None, (f"{capital(', '.join(parts))}." if parts else "", phase)))


def capital(text: str) -> str:
    """Begin a text with a capital letter.

    >>> capital("districts of Kent")
    'Districts of Kent'
    """
    return text[:1].upper() + text[1:]
