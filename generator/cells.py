"""One cell of an extract as editors' programs write it, in the plain form: digits, ISO dates, text without padding.

What is the same value in another dress is put into the plain form, and the kinds of dress are named.  What could be two
values, or was changed by a spreadsheet, is refused with a remedy.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from generator.diagnostics import Diagnostic, Location
from generator.quantities import QUALIFIERS, TEXT_UNITS, UNITS, Quantity, parse_quantity

PADDING, SPACES, THOUSANDS, SYMBOL, NEGATIVE, DATE = "padding", "spaces", "thousands", "symbol", "negative", "date"
KINDS: dict[str, str] = {
    PADDING: "with spaces around the text",
    SPACES: "with unusual spaces",
    THOUSANDS: "with thousands separators",
    SYMBOL: "with the sign of the unit",
    NEGATIVE: "with a negative number in another form",
    DATE: "with a date in another form",
}
"""The kinds of dress that a cell may wear, in words that follow "3 cells"."""

LONGEST = 80
"""Characters of the longest cell that is looked at as a number; no paper prints longer ones."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                "november", "december")  # fmt: skip
_ODD_SPACES = "\u00a0\u2007\u2009\u202f"
_PLAIN_SPACES = str.maketrans(dict.fromkeys(_ODD_SPACES, " "))
_GAP, _MINUS = f"[ {_ODD_SPACES}]*", "[-\u2010\u2011\u2013\N{MINUS SIGN}]"
_QUALIFIER = "|".join(qualifier.replace(" ", r"\s+") for qualifier in QUALIFIERS)
_FIGURE = re.compile(
    rf"(?:(?P<qualifier>{_QUALIFIER})\s+)?(?P<open>\()?{_GAP}(?P<before>{_MINUS})?{_GAP}(?P<pound>£)?{_GAP}"
    rf"(?P<after>{_MINUS})?{_GAP}(?P<digits>[0-9](?:[0-9,{_ODD_SPACES}]*[0-9])?(?:\.[0-9]+)?){_GAP}"
    rf"(?P<suffix>%|p|k|K|m|thousand|million)?{_GAP}(?P<close>\))?\s*(?P<mark>\[[a-z]+\])?"
)
_SUFFIXES = {"%": ("percent",), "p": ("pence",), "k": ("gbp-thousand", "thousand"), "m": ("gbp-million", "million")}
"""What a sign after a number says: the unit of its column, or the scale of a count."""
_SHORT_DATE = re.compile(r"(\d{1,2})([-/. ])(\d{1,2}|[A-Za-z]{3,9})\2(\d{4})")
_MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?$")
_BROKEN = re.compile(r"#(REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A|SPILL!|CALC!)|#{3,}")
_DAY = re.compile(r"(\d{1,2})-([A-Z][a-z]{2})")
_MONTH = re.compile(r"([A-Z][a-z]{2})-(\d{2})")
_PERIODS = frozenset({"date", "year", "financial-year", "quarter"})
_NOTHING = re.compile(r"[-\u2010-\u2015\N{MINUS SIGN}*.:]+|n/?a|nil|none", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Plain:
    """A cell in the plain form, and the kinds of dress that it wore."""

    text: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is dressed in a cell; what the signs mean hangs on the unit of its column."""

    text: str
    """The plain form, which `parse_quantity` reads."""
    pound: bool
    suffix: str
    """``%``, ``p``, ``k``, ``m``, or empty."""
    separator: str
    kinds: tuple[str, ...]


def figure_of(cell: str) -> Figure | None:
    """Read the dress of a number; `None` if the cell is none, or could be two.

    >>> figure_of("(£1,234.5k)").text, figure_of("at least 12 % [p]").text, figure_of("1,23")
    ('-1234.5', 'at least 12 [p]', None)
    """
    found = _FIGURE.fullmatch(cell.strip()) if len(cell) <= LONGEST else None
    if not found or bool(found["open"]) != bool(found["close"]):
        return None
    digits, separators = found["digits"], set(re.findall(f"[,{_ODD_SPACES}]", found["digits"]))
    signs = [sign for sign in (found["open"], found["before"], found["after"]) if sign]
    separator = "".join(separators)
    if len(signs) > 1 or len(separators) > 1:
        return None
    if separator and not re.fullmatch(rf"[1-9][0-9]{{0,2}}({separator}[0-9]{{3}})+(\.[0-9]+)?", digits):
        return None
    qualifier = re.sub(r"\s+", " ", found["qualifier"] or "")
    number = f"{'-' if signs else ''}{digits.replace(separator, '')}"
    text = " ".join(part for part in (qualifier, number, found["mark"]) if part)
    suffix = {"K": "k", "thousand": "k", "million": "m"}.get(found["suffix"] or "", found["suffix"] or "")
    worn = {
        THOUSANDS: bool(separator),
        SYMBOL: bool(found["pound"] or suffix),
        NEGATIVE: bool(signs and signs != ["-"]),
    }
    kinds = tuple(kind for kind, worn_so in worn.items() if worn_so) or (SPACES,)
    if not isinstance(parse_quantity(text), Quantity):
        return None
    return Figure(text, bool(found["pound"]), suffix, separator, kinds)


def plain_number(cell: str, unit: str, scale: str = "", *, decimal_comma: bool = False) -> Plain | Diagnostic:
    """Put a cell of a number column into the plain form.

    *decimal_comma* tells that the file comes from a program that may write decimals with a comma: then ``1,234`` could
    be two numbers.

    >>> plain_number("£1,234", "gbp").text, plain_number("12%", "percentage-points").message
    ('1234', "'12%' is in %, and the column in percentage points")
    """
    text = cell.strip()
    reason = parse_quantity(cell)
    if isinstance(reason, Quantity):
        return Plain(text, (PADDING,) if text != cell else ())
    if problem := changed_by_spreadsheet(text, unit):
        return problem
    figure = figure_of(cell)
    if figure is None:
        return _no_figure(text, reason)
    if decimal_comma and figure.separator == "," and text.count(",") == 1 and "." not in text:
        return _bad(f"'{text}' can be read in two ways, for this file may write decimals with a comma",
                    f"write {figure.text}, or the same with a decimal point")  # fmt: skip
    return _wrong_sign(text, figure, unit, scale) or Plain(figure.text, figure.kinds)


def _bad(message: str, hint: str) -> Diagnostic:
    return Diagnostic("bad-number", message, Location(""), hint=hint)


def _no_figure(text: str, reason: str) -> Diagnostic:
    shown = text if len(text) <= 40 else text[:40] + "…"
    if _NOTHING.fullmatch(text):
        return _bad(f"'{text}' does not say why there is no number",
                    "write 0, or a mark: [x] not in this paper, [z] not applicable, [c] withheld")  # fmt: skip
    if re.fullmatch(r"[-(]?£?[0-9]+([.,\s][0-9]+)+\)?%?", text):
        return _bad(f"'{shown}' can be read in two ways",
                    "write it with a point before the decimals and nothing between the thousands")  # fmt: skip
    remedy = "write digits alone, with a point before decimals, or a mark that says why there is no number, such as [x]"
    return _bad(reason, remedy if reason.endswith("is not a plain number") else "")


def _wrong_sign(text: str, figure: Figure, unit: str, scale: str) -> Diagnostic | None:
    """Refuse a sign that says another unit than the column has: nothing is converted."""
    money = unit.startswith("gbp")
    said = _SUFFIXES.get(figure.suffix, ())
    fits = (not said or unit in said or (scale in said and not money)) and (not figure.pound or money)
    if fits and figure.pound and unit != "gbp" and not said:
        hint = f"write {figure.text} if the paper means {UNITS[unit]}; else correct the unit in the sidecar"
        return _bad(f"'{text}' is in pounds, and the column in {UNITS[unit]}", hint)
    if fits:
        return None
    words = {"%": "%", "p": "pence", "k": "thousands", "m": "millions"}.get(figure.suffix, "pounds")
    column = f"{UNITS[unit]}{', ' + scale + 's' if scale else ''}" if unit not in TEXT_UNITS else "another unit"
    return _bad(f"'{text}' is in {words}, and the column in {column}",
                "write the number in the unit of the column, or correct the unit in the sidecar")  # fmt: skip


def plain_date(cell: str) -> Plain | Diagnostic:
    """Put a cell of a date column into the plain form; numbers are read in British order, day first.

    >>> plain_date("31/03/2024").text, plain_date("1 April 2024").text
    ('2024-03-31', '2024-04-01')
    >>> plain_date("45292").hint
    'write 2024-01-01 if that is the day'
    """
    stripped = cell.strip()
    padding = (PADDING,) if stripped != cell else ()
    text = stripped.translate(_PLAIN_SPACES)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) and (day := _day(text[:4], text[5:7], text[8:])):
        return Plain(day, padding)
    if problem := changed_by_spreadsheet(text, "date"):
        return problem
    bare = _MIDNIGHT.sub("", text)
    found = _SHORT_DATE.fullmatch(bare)
    day = _day(found[4], found[3], found[1]) if found else _day(bare[:4], bare[5:7], bare[8:])
    if day and (found or re.fullmatch(r"\d{4}-\d{2}-\d{2}", bare)):
        return Plain(day, (*padding, DATE))
    if found and (american := _day(found[4], found[1], found[3])):
        message = f"'{text}' is no date in British order (day, month, year)"
        return Diagnostic("bad-date", message, Location(""), hint=f"write {american} if that is the day")
    return Diagnostic("bad-date", f"'{text}' is not a date", Location(""), hint="write it as 2024-03-31")


def _day(year: str, month: str, day: str) -> str:
    """Return the ISO date of three texts, or an empty one if there is no such day."""
    word = month.casefold()
    names = _LONG_MONTHS if len(word) > 3 else MONTHS
    number = names.index(word) + 1 if word in names else int(month) if re.fullmatch("[0-9]{1,2}", month) else 0
    try:
        return datetime.date(int(year), number, int(day)).isoformat()
    except ValueError:
        return ""


def plain_text(cell: str) -> Plain:
    r"""Put a text cell into the plain form.

    >>> plain_text(" North\u00a0West")
    Plain(text='North West', kinds=('padding', 'spaces'))
    """
    stripped = cell.strip()
    text = stripped.translate(_PLAIN_SPACES)
    worn = {PADDING: stripped != cell, SPACES: text != stripped}
    return Plain(text, tuple(kind for kind, worn_so in worn.items() if worn_so))


def changed_by_spreadsheet(text: str, unit: str) -> Diagnostic | None:
    """Refuse what a spreadsheet makes of ranges, years and long numbers when it takes them for dates.

    >>> changed_by_spreadsheet("05-Sep", "category").hint
    "if a range was meant, type '5-9' again with the column set to Text; if the paper prints it so, list it in the enum"
    >>> changed_by_spreadsheet("Nov-10", "financial-year").hint
    "type '2010-11' again with the column set to Text"
    """
    if _BROKEN.fullmatch(text):
        return _changed(f"'{text}' is what a spreadsheet shows for a formula that fails, or a column too narrow",
                        "type what the paper prints")  # fmt: skip
    if re.fullmatch(r"-?[0-9](\.[0-9]+)?E\+[0-9]+", text):
        return _changed(f"a spreadsheet has shortened this number to '{text}'", "type it again in full")
    if unit in _PERIODS and re.fullmatch(r"[34][0-9]{4}", text):
        day = (datetime.date(1899, 12, 30) + datetime.timedelta(int(text))).isoformat()
        return _changed(f"a spreadsheet has put the number {text} in place of a day", f"write {day} if that is the day")
    found = _DAY.fullmatch(text) or _MONTH.fullmatch(text)
    if not found:
        return None
    first, second = found.groups()
    name, number = (first, second) if first.isalpha() else (second, first)
    if name.casefold() not in MONTHS:
        return None
    month = MONTHS.index(name.casefold()) + 1
    message = f"'{text}' looks like what a spreadsheet makes of a range or a year"
    year = int(number)
    if unit == "financial-year" and first.isalpha() and (year + 1) % 100 == month:
        return _changed(message, f"type '20{number}-{month:02}' again with the column set to Text")
    if unit == "date":
        return _changed(f"'{text}' lacks the day or the year", "write the whole date, like 2024-03-31")
    typed = f"{month}-{year}" if first.isalpha() else f"{year}-{month}"
    return _changed(message, f"if a range was meant, type '{typed}' again with the column set to Text; "
                             "if the paper prints it so, list it in the enum")  # fmt: skip


def _changed(message: str, hint: str) -> Diagnostic:
    return Diagnostic("spreadsheet-cell", message, Location(""), hint=hint)
