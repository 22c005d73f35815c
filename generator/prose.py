"""Find figures that were typed by hand: numbers in a text that look like data.

Years, dates, times, lengths of time, ages, ordinals, and numbers of pages, tables, quarters and the like are no data.
Pure text in, places out; whether a figure is true is decided by `comparison`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from generator.diagnostics import Location
from generator.words import MONTHS, NUMBERS, TENS

MOST = 100
"""Figures that are reported of one text; one with more is no sentence."""
BLANK = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for each letter of what is not the author's words: a value, code, a picture."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A figure in a text, as it was typed."""

    text: str
    start: int
    kind: str
    """``money`` in pounds, ``percent``, ``points``, ``pence`` or ``count``."""
    number: Decimal | None
    """Its size without a sign; `None` if it was typed in words."""
    place: int
    """Power of ten of its last digit: 5 for £30.9 million, -1 for 4.5%."""

    @property
    def end(self) -> int:
        """Where the figure ends in its text."""
        return self.start + len(self.text)


_MONTH = rf"(?-i:{'|'.join(MONTHS)}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"
_DASH = "[-\N{EN DASH}]"
_TO = rf"\s*(?:{_DASH}|\bto\b|\band\b|\bor\b)\s*"
_LABEL = (
    "tables?|figures?|charts?|sections?|parts?|appendix|appendices|annex|annexes|pages?|pp?\\.|paragraphs?|paras?|"
    "items?|lines?|rows?|columns?|quarters?|steps?|stages?|phases?|rounds?|bands?|tiers?|grades?|levels?|versions?|"
    "schedules?|articles?|rules?|regulations?|chapters?|boxes|box|notes?|footnotes?|clauses?|key stages?|junctions?|"
    "zones?|no\\.|years?|weeks?"
)
_NUMBERS_OF_THINGS = (
    rf"\b(?:{_LABEL})\s+(?:no\.?\s*)?\(?\d{{1,9}}(?:\.\d{{1,9}}){{0,5}}\)?(?:\([a-z0-9]\)){{0,3}}"
    rf"(?:(?<=\d)(?:,\s*|{_TO})\d{{1,9}}(?:\.\d{{1,9}}){{0,5}}(?=\s*(?:[.,;:)]|$))){{0,9}}(?![\d%]|\.\d|,\d|\s?%)"
)
_AGES = (  # aged 16 to 18, and up to 25; under 5s; people over 65; 16-year-olds
    rf"\bage[sd]?\s+(?:groups?\s+)?(?:from\s+|between\s+)?(?:under\s+|over\s+|up to\s+)?\d{{1,3}}"
    rf"(?:{_TO}(?:over\b|under\b|\d{{1,3}}))?(?:,?\s+(?:and|or)\s+(?:up to|over|under)\s+\d{{1,3}}\b)?"
    r"|\b(?:under|over)[- ]\d{1,2}s\b|\bunder[- ]5\b(?![.,]?\d|\s?%)"
    r"|\b(?:children|people|those|adults|pupils|anyone|everyone|residents|men|women)(?:\s+aged)?"
    r"\s+(?:under|over)\s+\d{1,2}\b(?![.,]?\d|\s?%)"
    rf"|\b\d{{1,3}}(?:{_TO}\d{{1,3}})?[- ]years?[- ]olds?\b"
)
_LENGTHS_OF_TIME = (
    rf"(?<![\d.,£])\b\d{{1,3}}(?:\.\d{{1,9}})?(?:{_TO}\d{{1,3}})?[\s-](?:working |calendar |full |whole )?"
    r"(?:minute|hour|day|night|week|month|year)s?\b"
)
_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s)>]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]+", re.IGNORECASE)
_NO_DATA = [  # each has a digit
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)\b",
        r"\b(?:1[89]|20)\d\d\s?[-/\N{EN DASH}]\s?(?:(?:1[89]|20)\d\d|\d\d)\b(?![.,]?\d|\s?%)",  # 2024-25
        rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?:{_TO}\d{{1,2}}(?:st|nd|rd|th)?)?\s+(?:of\s+)?{_MONTH}",  # 31 March
        r"\b\d{1,2}:\d\d\b(?:\s?[ap]m\b)?|\b\d{1,2}(?:[.:]\d\d)?\s?[ap]m\b|\b24/7\b",
        r"\b\d+(?:st|nd|rd|th)\b",
        _NUMBERS_OF_THINGS,
        r"\bNo\.?\s*\d+\b|\(No\.\s*\d+\)",
        _AGES,
        _LENGTHS_OF_TIME,
        r"^\s*(?:\d{1,9}(?:\.\d{1,9}){1,5}\.?|\d{1,9}[.)])\s+(?-i:(?=[A-Z]))",  # the number of a heading
        r"(?<![\w£,.])0\d[\d ]{7,12}\d\b",  # a telephone number
        # letters and digits in one word: Q4, M25, Covid-19, v3.0, 4G
        r"\b[^\W\d_]\w*-?\d\w*(?:\.\d+)*|\b\d{1,9}(?:\.\d{1,9}){0,5}(?!(?:k|m|bn|p|pc|pp)\b)[^\W\d_]\w*",
        r"(?<![\w£,.])(?:1[89]|20)\d\d\b(?![.,]\d|\s?%|\s(?:million|billion|thousand|per\s?cent)\b)",  # a year
    )
]
_POWERS = {"hundred": 2, "thousand": 3, "k": 3, "million": 6, "m": 6, "billion": 9, "bn": 9}
_WORD = "|".join(sorted((*NUMBERS[1:], *TENS[2:], "hundred"), key=len, reverse=True))
_UNIT = r"%|per\s?cent\b|pc\b|percentage\s+points?\b|pp\b|pence\b|p\b|pounds?\b"
_FIGURE = re.compile(
    rf"(?P<pound>£\s?)?[-\N{{MINUS SIGN}}]?(?<![\d.,])(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?:\s?(?P<suffix>k|m|bn)\b|\s?(?P<power>hundred|thousand|million|billion)\b)?(?:\s?(?P<unit>{_UNIT}))?"
    rf"|\b(?P<words>(?:{_WORD})(?:[- ](?:{_WORD})){{0,5}})\s+"
    rf"(?:(?:hundred|thousand|million|billion)\b(?:\s+(?:{_UNIT}))?|(?:{_UNIT}))",
    re.IGNORECASE,
)


def find_typed(text: str) -> tuple[Typed, ...]:
    """Return the figures in *text*, the first `MOST` of them.

    >>> [found.text for found in find_typed("By 31 March 2024, 1,408 complaints (up 8.6%) cost £30.9m, see Table 2.")]
    ['1,408', '8.6%', '£30.9m']
    >>> find_typed("Quarter 4 2023/24, the 12 months to March 2024, aged 16 to 18, two indicators")
    ()
    """
    if not re.search(rf"\d|\b(?:{_WORD})\b", text, re.IGNORECASE):
        return ()
    for pattern in (_ADDRESS, *_NO_DATA) if re.search(r"\d", text) else (_ADDRESS,):
        text = pattern.sub(lambda found: BLANK * len(found[0]), text)
    return tuple(map(_typed, islice(_FIGURE.finditer(text), MOST)))


def _typed(found: re.Match[str]) -> Typed:
    unit = (found["unit"] or "").casefold()
    power = _POWERS.get((found["suffix"] or found["power"] or "").casefold(), 0)
    kind = "count"
    if found["pound"] or unit.startswith("pound"):
        kind = "money"
    elif unit.startswith("percentage") or unit == "pp":
        kind = "points"
    elif unit in ("%", "pc") or unit.startswith("per"):
        kind = "percent"
    elif unit.startswith("p"):
        kind = "pence"
    elif (found["suffix"] or "").casefold() in ("k", "m", "bn"):
        kind = "money"
    if found["words"]:
        return Typed(found[0], found.start(), kind, None, 0)
    digits = found["digits"].replace(",", "")
    places = len(digits.partition(".")[2])
    return Typed(found[0], found.start(), kind, Decimal(digits).scaleb(power), power - places)


def place_in(source: str, path: str, before: str, text: str, line: int = 1) -> Location:
    r"""Find *text*, which follows on *before*, in the file it is from, where YAML may have folded it over lines.

    >>> place_in("notes:\n  - The paper prints\n    a rise of 4%\n", "a.yaml", "The paper prints a rise of ", "4%")
    Location(path='a.yaml', line=3, column=15, width=2)
    """
    start = sum(map(len, source.splitlines(keepends=True)[: line - 1]))
    head = before.split()[-6:]
    folded = r"\s+".join(map(re.escape, text.split()))
    for words in (head, head[-2:], []):
        lead = r"\s+".join(map(re.escape, words)) + (r"\s*" if words else "")
        if found := re.compile(f"{lead}({folded})").search(source, start):
            row = source.count("\n", 0, found.start(1)) + 1
            return Location(path, row, found.start(1) - source.rfind("\n", 0, found.start(1)), len(text))
    return Location(path, line, 1)
