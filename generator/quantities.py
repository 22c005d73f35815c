"""Numbers as councils write them: read a cell of an extract, and write money, shares and counts for a reader.

A printed number is kept as a decimal with the places it was printed with, its qualifier ("at least") and its shorthand
mark (``[p]``).  The marks are those of the Government Analysis Function, plus ``[lost]`` for a value that stands in the
paper but cannot be read in our text copy of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MARKS: dict[str, str] = {
    "x": "not in this paper",
    "z": "not applicable",
    "c": "withheld so that no person can be identified",
    "lost": "not readable in our copy",
    "e": "estimated",
    "f": "forecast",
    "p": "provisional",
    "r": "revised",
    "b": "break in series",
    "u": "low reliability",
    "low": "rounds to 0",
}
"""Shorthand marks and the words a reader sees for them."""

MISSING_MARKS = frozenset({"x", "z", "c", "lost"})
"""Marks that stand instead of a number, each a state of its own."""

QUALIFIERS: dict[str, str] = {
    "at least": "the true number is this one or higher",
    "about": "the true number is close to this one",
    "over": "the true number is higher",
    "under": "the true number is lower",
    "up to": "the true number is this one or lower",
}
"""Words that a paper puts before a number, and what they say about it."""

MONEY_SCALES: dict[str, int] = {"gbp": 0, "gbp-thousand": 3, "gbp-million": 6}
"""Power of ten by which a printed value of this unit becomes pounds."""

UNITS: dict[str, str] = {
    "gbp": "£",
    "gbp-thousand": "£ thousand",
    "gbp-million": "£ million",
    "pence": "pence",
    "count": "number",
    "percent": "%",
    "percentage-points": "percentage points",
    "rate": "rate",
    "ratio": "ratio",
    "index": "index",
    "date": "date",
    "year": "year",
    "financial-year": "financial year",
    "quarter": "quarter",
    "rating": "rating",
    "direction": "direction of travel",
    "text": "text",
    "category": "category",
}
"""Every unit a column may have, and the words for a column heading."""

TEXT_UNITS = frozenset({"date", "year", "financial-year", "quarter", "rating", "direction", "text", "category"})
ROUNDED_UNITS = frozenset({*MONEY_SCALES, "pence", "percent", "percentage-points", "rate", "ratio", "index"})
"""Units whose printed values are rounded; a whole count is exact unless its column says otherwise."""

MINUS = "\N{MINUS SIGN}"
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_MARK = re.compile(r"\[([a-z]+)\]$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One printed value: a number or the reason why there is none, never both and never neither."""

    number: Decimal | None
    mark: str = ""
    """A key of `MARKS`, or empty."""
    qualifier: str = ""
    """One of `QUALIFIERS`, or empty."""

    @property
    def places(self) -> int:
        """How many decimals are printed."""
        exponent = self.number.as_tuple().exponent if self.number is not None else 0
        return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def parse_quantity(text: str) -> Quantity | str:
    """Read a number cell, or say in words what is wrong with it.

    >>> parse_quantity("7107 [p]")
    Quantity(number=Decimal('7107'), mark='p', qualifier='')
    >>> parse_quantity("at least 725532")
    Quantity(number=Decimal('725532'), mark='', qualifier='at least')
    >>> parse_quantity("[lost]")
    Quantity(number=None, mark='lost', qualifier='')
    >>> parse_quantity("1,234")
    "'1,234' is not a plain number: write it without thousands separators"
    >>> parse_quantity("")
    'an empty cell says nothing: write a number, or why there is none ([x], [z], [c], [lost])'
    """
    rest, mark = text.strip(), ""
    if found := _MARK.search(rest):
        mark, rest = found[1], rest[: found.start()].rstrip()
        if mark not in MARKS:
            return f"'[{mark}]' is not a shorthand mark; marks are {', '.join(f'[{m}]' for m in MARKS)}"
    qualifier = next((q for q in QUALIFIERS if rest.startswith(q + " ")), "")
    rest = rest.removeprefix(qualifier).strip()
    if not rest:
        if mark in MISSING_MARKS and not qualifier:
            return Quantity(None, mark)
        reason = f"the mark [{mark}] needs a number before it" if mark else "an empty cell says nothing"
        return f"{reason}: write a number, or why there is none ([x], [z], [c], [lost])"
    if mark in MISSING_MARKS:
        return f"'{text.strip()}' has a number and says that there is none"
    if not _NUMBER.fullmatch(rest):
        shown = rest if len(rest) <= 40 else rest[:40] + "…"
        return f"'{shown}' is not a plain number{_remedy(rest)}"
    return Quantity(Decimal(rest), mark, qualifier)


def joint_qualifier(first: str, second: str) -> str | None:
    """Return the qualifier of a sum of two values; `None` if no one word is true of it.

    >>> joint_qualifier("at least", ""), joint_qualifier("over", "at least"), joint_qualifier("about", "over")
    ('at least', 'over', None)
    """
    if not first or not second or first == second:
        return first or second
    return {("at least", "over"): "over", ("under", "up to"): "under"}.get((min(first, second), max(first, second)))


def add(first: Quantity, second: Quantity) -> Quantity:
    """Add two values; a missing one makes the sum missing, and what is said of one is said of the sum.

    >>> add(Quantity(Decimal(5), qualifier="at least"), Quantity(Decimal(6), "p"))
    Quantity(number=Decimal('11'), mark='p', qualifier='at least')
    """
    if first.number is None or second.number is None:
        return first if first.number is None else second
    qualifier = joint_qualifier(first.qualifier, second.qualifier)
    return Quantity(first.number + second.number, first.mark or second.mark, qualifier or "")


def _remedy(text: str) -> str:
    if re.fullmatch(r"[-\N{MINUS SIGN}]?[\d,\s]+(\.\d+)?", text) and "," in text:
        return ": write it without thousands separators"
    if text[:1] in "<>":
        return f": write '{'under' if text[0] == '<' else 'over'} {text[1:].strip(' %')}'"
    if any(ch in text for ch in "£%"):
        return ": the unit stands in the sidecar, not in the cell"
    if MINUS in text or text.startswith("("):
        return ": write a negative number with a hyphen, like -12.5"
    return ""


def round_half_up(number: Decimal, places: int) -> Decimal:
    """Round as people do.

    >>> round_half_up(Decimal("2.5"), 0), round_half_up(Decimal("-0.05"), 1)
    (Decimal('3'), Decimal('-0.1'))
    """
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def group_digits(number: Decimal) -> str:
    """Write a number with commas and a true minus, keeping its places; zero has no sign.

    >>> group_digits(Decimal("-24119.1")), group_digits(Decimal("-0.0"))
    ('−24,119.1', '0.0')
    """
    return f"{abs(number):,f}" if number == 0 else f"{number:,f}".replace("-", MINUS)


def format_number(number: Decimal, unit: str, *, sign: bool = False) -> str:
    """Write a number with its unit for a sentence or a label, in its printed precision.

    >>> format_number(Decimal("-24119.1"), "gbp-thousand"), format_number(Decimal("48.8"), "gbp-million")
    ('−£24,119.1k', '£48.8m')
    >>> format_number(Decimal("92"), "percent"), format_number(Decimal("7107"), "count", sign=True)
    ('92%', '+7,107')
    """
    lead = MINUS if number < 0 else "+" if sign and number > 0 else ""
    digits = f"{abs(number):,f}"
    suffixes = {"gbp": "", "gbp-thousand": "k", "gbp-million": "m"}
    if unit in suffixes:
        return f"{lead}£{digits}{suffixes[unit]}"
    points = " percentage point" if abs(number) == 1 else " percentage points"
    tail = {"percent": "%", "percentage-points": points, "pence": "p"}.get(unit, "")
    return f"{lead}{digits}{tail}"


def format_money(number: Decimal, unit: str, scale: str, *, sign: bool = False) -> str:
    """Write money in another scale: ``million`` with one decimal at most, ``billion`` with two, ``pounds`` whole.

    No decimal is added that is not printed: £17m stays £17 million.

    >>> format_money(Decimal("1415450.7"), "gbp-thousand", "million")
    '£1,415.5 million'
    >>> format_money(Decimal("1415450.7"), "gbp-thousand", "billion")
    '£1.42 billion'
    """
    pounds = number.scaleb(MONEY_SCALES[unit])
    power, places, word = {"pounds": (0, 0, ""), "million": (6, 1, " million"), "billion": (9, 2, " billion")}[scale]
    shown = pounds.scaleb(-power)
    exponent = shown.as_tuple().exponent
    printed = max(-exponent, 0) if isinstance(exponent, int) else places
    rounded = round_half_up(shown, min(places, printed))
    return format_number(rounded, "gbp", sign=sign) + word


def in_words(quantity: Quantity, unit: str) -> str:
    """Write a whole value with its qualifier and the words of its mark, for a sentence.

    >>> in_words(Quantity(Decimal("725532"), qualifier="at least"), "count")
    'at least 725,532'
    >>> in_words(Quantity(Decimal("7107"), "p"), "count")
    '7,107 (provisional)'
    >>> in_words(Quantity(None, "lost"), "count")
    'not readable in our copy'
    """
    if quantity.number is None:
        return MARKS[quantity.mark]
    words = f"{quantity.qualifier} {format_number(quantity.number, unit)}".strip()
    return f"{words} ({MARKS[quantity.mark]})" if quantity.mark else words


def spoken(quantity: Quantity, unit: str) -> str:
    """Write a value as a voice should say it: many thousands become millions.

    >>> spoken(Quantity(Decimal("80924.7")), "gbp-thousand"), spoken(Quantity(Decimal("24.5")), "gbp-thousand")
    ('£80.9m', '£24.5k')
    """
    if unit == "gbp-thousand" and quantity.number is not None and abs(quantity.number) >= 1000:
        rounded = round_half_up(quantity.number.scaleb(-3), 1)
        return in_words(Quantity(rounded, quantity.mark, quantity.qualifier), "gbp-million")
    return in_words(quantity, unit)
