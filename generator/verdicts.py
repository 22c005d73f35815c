"""Decide whether a printed figure agrees with what other printed figures give, and say so in words.

The words for a disagreement are these and no others: the paper prints A, the others give B, the difference is C.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from generator.instances import Instance
from generator.intervals import Interval, compare, cut, exact
from generator.quantities import Quantity, format_number, round_half_up
from generator.terms import Term


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison ends with, in figures and in words."""

    result: str
    """A key of `generator.intervals.RESULTS`."""
    printed: str
    computed: str = ""
    difference: str = ""
    """By how much it differs; where nothing can be subtracted, what stands in the other place."""
    bound: Decimal = Decimal(0)
    """Largest difference that rounding explains, in the unit of the printed figure."""
    stated: str = ""
    """The same to more places, with a minus where the paper prints less, as a sidecar states it."""
    words: str = ""
    """Sentences on what the other figures give and by how much it differs; empty for a plain agreement."""


Intervals = Mapping[str, tuple[Interval, ...]]

COMPUTED: dict[str, Callable[[Intervals], Interval | None]] = {
    "sum": lambda terms: _sum(terms["parts"]),
    "equation": lambda terms: _sum(terms["plus"]) - _sum(terms["minus"]),
    "share": lambda terms: _percent(terms["part"][0] - _sum(terms["minus"]), _sum(terms["whole"])),
    "hundred": lambda terms: _sum(terms["shares"]),
    "change": lambda terms: terms["to"][0] - terms["from"][0],
    "growth": lambda terms: _percent(terms["to"][0] - terms["from"][0], terms["from"][0]),
    "ratio": lambda terms: _product(terms["over"]) / _product(terms["under"]),
    "same": lambda terms: _sum(terms["there"]),
}
"""What the other figures of a check give, in pounds or single things; `None` where it would divide by zero."""

GIVES = {
    "sum": "Its rows add up to",
    "equation": "The figures that it is made of give",
    "share": "The part and the whole give",
    "hundred": "The shares add up to",
    "change": "The two figures that it compares give",
    "growth": "The two figures that it compares give",
    "ratio": "The figures that it is made of give",
    "recount": "Counting the rows gives",
}


def _gives(instance: Instance) -> str:
    if instance.kind == "same":
        return f"In {_quoted(instance.other)} it is" if instance.other else "In the other place it is"
    return GIVES[instance.kind]


def _quoted(text: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}"


def opening(instance: Instance) -> str:
    """Return the words before the figure that is checked; the paper does not print what we add up ourselves."""
    if instance.kind == "hundred":
        return "the whole is"
    if instance.kind == "subset" and sum(map(len, instance.terms["part"])) > 1:
        return "the parts add up to"
    return "the paper prints"


def verdict_for(instance: Instance) -> Verdict:
    """Compare the printed figure with what the others give."""
    printed = instance.printed
    # what a paper has no figure for is no part of its total, but nothing else can be reckoned without it
    adds_nothing = {"", "z", "x"} if instance.kind == "sum" else {""}
    if any(term.mark not in adds_nothing for term in instance.all) and instance.kind != "recount":
        what = ("rows", "the sum") if instance.kind == "sum" else ("figures", "it")
        words = f"Some {what[0]} cannot be read, so {what[1]} cannot be checked."
        return Verdict("unknown", _shown(printed), words=words)
    special = {"whole-number": _whole_number, "subset": _subset, "series": _series}.get(instance.kind)
    if special:
        return special(instance)
    if any(isinstance(term.value, str) for term in instance.all) and instance.kind != "recount":
        return _same_words(instance)
    if instance.kind == "recount":
        rows = {role: sum(len(found) for found in instance.terms[role]) for role in ("count", "minus")}
        return _compare(instance, printed.interval, exact(rows["count"] - rows["minus"]))
    compute = COMPUTED[instance.kind]
    computed = compute(_intervals(instance, lambda term: term.interval))
    if computed is None:
        return Verdict("unknown", _shown(printed), words="It would divide by zero, so it cannot be checked.")
    if instance.kind == "hundred":
        return _compare(instance, exact(100), computed)
    verdict = _compare(instance, printed.interval, computed)
    cuts = compute(_intervals(instance, _cut))
    if verdict.result == "differs" and cuts is not None and _overlap(_cut(printed), cuts):
        words = f"{verdict.words} The figures agree if they are cut instead of rounded."
        return replace(verdict, result="cut", words=words)
    return verdict


def _intervals(instance: Instance, how: Callable[[Term], Interval]) -> Intervals:
    """Return one interval for each reference: the sum of the figures that it names."""
    return {
        role: tuple(_sum(how(term) for term in terms) for terms in references)
        for role, references in instance.terms.items()
    }


def _sum(terms: Iterable[Interval]) -> Interval:
    found, zero = list(terms), Decimal(0)
    ends = ([term.low for term in found], [term.high for term in found])
    return Interval(sum((term.value for term in found), zero), sum(ends[0], zero), sum(ends[1], zero))


def _product(terms: Iterable[Interval]) -> Interval:
    found = exact(1)
    for term in terms:
        found = found * term
    return found


def _percent(part: Interval, whole: Interval) -> Interval | None:
    return part * exact(100) / whole


def _cut(term: Term) -> Interval:
    number = term.value.number if isinstance(term.value, Quantity) else None
    if not term.is_rounded or number is None:
        return term.interval
    return cut(number).scaled(term.power)


def _overlap(one: Interval, other: Interval) -> bool:
    return one.low < other.high and other.low < one.high


def _compare(instance: Instance, printed: Interval, computed: Interval) -> Verdict:
    """Compare two intervals in pounds or single things, and word the result in the unit of the printed figure."""
    term = instance.printed
    is_total = instance.kind in ("sum", "equation", "same", "recount", "change")
    result = compare(printed, computed, is_total=is_total)
    if instance.kind == "same" and result in ("rounding", "coarse") and len(instance.all) == 2:
        # one figure printed twice: the finer form must round to the coarser one, so 8.1 is not 8.2
        result = "rounding" if _overlap(printed, computed) else "differs"
    printed, computed = printed.scaled(-term.power), computed.scaled(-term.power)
    bound = printed.reach + computed.reach
    value = _tidy(computed.value, printed.value)
    gap = abs(value - printed.value)
    is_percent = term.unit == "percent"
    before, after = _number(printed.value, term.unit), _number(value, term.unit)
    unit = "percentage-points" if is_percent else term.unit
    difference = _number(gap, unit)
    if result == "agrees":
        return Verdict(result, before, before if value == printed.value else after, difference, bound)
    words = f"{_gives(instance)} {after}."
    if result == "differs":
        words += f" The difference is {difference}."
    else:
        allowed = _number(_tidy(bound, printed.value), unit)
        words += f" Rounding explains a difference of up to {allowed}."
        if result == "coarse":
            words += " That is too coarse to check it."
    if any(term.mark == "x" for term in instance.all):
        words += " Rows without a figure are left out."
    precise = abs(_tidy(computed.value, printed.value, 6) - printed.value)
    stated = ("-" if printed.value < computed.value else "") + _number(precise, unit)
    return Verdict(result, before, after, difference, bound, stated, words)


def _tidy(value: Decimal, like: Decimal, more: int = 2) -> Decimal:
    """Cut the endless places of a quotient down to two (or *more*) beyond those of the printed figure.

    >>> _tidy(Decimal("33.33333"), Decimal("33")), _tidy(Decimal("28.40"), Decimal("28.5"))
    (Decimal('33.33'), Decimal('28.4'))
    """
    exponent = like.as_tuple().exponent
    places = max(-exponent, 0) if isinstance(exponent, int) else 0
    found = round_half_up(value, places + more)
    return found.normalize() if found.normalize().as_tuple().exponent < 0 else found.quantize(Decimal(1))  # type: ignore[operator]


def _number(value: Decimal, unit: str) -> str:
    return format_number(value, unit or "count")


def _shown(term: Term) -> str:
    if isinstance(term.value, str):
        return term.value
    return "" if term.value.number is None else _number(term.value.number, term.unit)


def _whole_number(instance: Instance) -> Verdict:
    """A share of a base of n is k of n for a whole number k."""
    share, base = instance.terms["share"][0][0], instance.terms["base"][0][0].interval
    printed = _shown(share)
    if base.value <= 0 or not base.is_exact:
        return Verdict("unknown", printed, words="The base is not a whole number, so it cannot be checked.")
    low, high = share.interval.low * base.value / 100, share.interval.high * base.value / 100
    below = (share.interval.value * base.value / 100).to_integral_value("ROUND_FLOOR")
    if high - low >= 1:
        return Verdict("coarse", printed, words=f"With a base of {base.value:,f} every share is possible.")
    fits = [k for k in (below, below + 1) if low <= k <= high]
    if fits:
        return Verdict("agrees", printed, f"{fits[0]:,f} of {base.value:,f}")
    near = " or ".join(
        f"{k:,f} ({_number(_tidy(k * 100 / base.value, Decimal('0.0')), 'percent')})" for k in (below, below + 1)
    )
    return Verdict("differs", printed, near, near, words=f"Of {base.value:,f} the nearest whole numbers are {near}.")


def _subset(instance: Instance) -> Verdict:
    """A part is not larger than its whole."""
    found = _intervals(instance, lambda term: term.interval)
    part, whole = _sum(found["part"]), _sum(found["whole"])
    term, other = instance.printed, instance.terms["whole"][0][0]
    printed = _number(part.value.scaleb(-term.power), term.unit)
    of = _number(whole.value.scaleb(-other.power), other.unit)
    if part.low <= whole.high:
        return Verdict("agrees", printed, of)
    gap = _number((part.value - whole.value).scaleb(-term.power), term.unit)
    words = f"The whole that it is part of is {of}. The part is larger by {gap}."
    if sum(map(len, instance.terms["part"])) > 1:
        words = f"The whole that they are part of is {of}. The parts are larger by {gap}."
    return Verdict("differs", printed, of, gap, words=words)


def _same_words(instance: Instance) -> Verdict:
    here, there = instance.printed, instance.terms["there"][0][0]
    printed, other = _shown(here), _shown(there)
    if printed.casefold() == other.casefold():
        return Verdict("agrees", printed, other)
    words = f"{_gives(instance)} {_quoted(other)}."
    return Verdict("differs", printed, other, other, words=words)


_YEAR = re.compile(r"(\d{4})(?:[-/](\d{2}|\d{4}))?")


def _series(instance: Instance) -> Verdict:
    """The years of a series stand once each, without a gap."""
    texts = [_shown(term).replace(",", "") for term in instance.terms["series"][0]]
    found = [_YEAR.fullmatch(text) for text in texts]
    if not all(found) or not found:
        return Verdict("unknown", ", ".join(texts), words="Its periods are not years, so it cannot be checked.")
    years = sorted(int(match[1]) for match in found if match)
    span = f"{min(texts)} to {max(texts)}"
    missing = [str(year) for year in range(years[0], years[-1]) if year not in years]
    twice = sorted({str(year) for year in years if years.count(year) > 1})
    words = [f"There is no figure for the year that begins in {', '.join(missing)}."] if missing else []
    words += [f"There are several figures for the year that begins in {', '.join(twice)}."] if twice else []
    gap = ", ".join([*missing, *twice])
    return Verdict("differs" if words else "agrees", span, difference=gap, words=" ".join(words))
