"""A printed number as the interval of true values that it may stand for, and the comparison of two such intervals.

A printed number is its value plus or minus half a unit of its last printed place (Analysis Function guidance on
rounding); a whole count is exact.  What is computed from printed numbers is therefore an interval too, and a sum of n
rounded terms may miss its printed total by (n + 1)/2 units without any disagreement.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

RESULTS = {
    "agrees": "agrees",
    "rounding": "agrees within rounding",
    "cut": "agrees if cut instead of rounded",
    "differs": "differs",
    "coarse": "too coarse to check",
    "unknown": "cannot be checked",
}
"""What a comparison can end with, and the words a reader sees."""

COARSE = Decimal("0.005")
"""A rounding bound above this part of a total lets through too much to call it checked."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and the lowest and highest true value that it may stand for."""

    value: Decimal
    low: Decimal
    high: Decimal

    def __add__(self, other: Interval) -> Interval:
        """Add value to value and end to end."""
        return Interval(self.value + other.value, self.low + other.low, self.high + other.high)

    def __neg__(self) -> Interval:
        """Turn the interval around zero."""
        return Interval(-self.value, -self.high, -self.low)

    def __sub__(self, other: Interval) -> Interval:
        """Subtract; the uncertainties add up."""
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        """Multiply; the ends are among the products of the ends."""
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(self.value * other.value, min(ends), max(ends))

    def __truediv__(self, other: Interval) -> Interval | None:
        """Divide; `None` when the divisor may be zero."""
        if other.low <= 0 <= other.high:
            return None
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(self.value / other.value, min(ends), max(ends))

    def scaled(self, power: int) -> Interval:
        """Multiply by a power of ten."""
        if not power:
            return self
        return Interval(self.value.scaleb(power), self.low.scaleb(power), self.high.scaleb(power))

    @property
    def is_exact(self) -> bool:
        """Whether it stands for one value only."""
        return self.low == self.high

    @property
    def reach(self) -> Decimal:
        """The largest distance of a true value from the printed one."""
        return max(self.high - self.value, self.value - self.low)


def exact(number: Decimal | int) -> Interval:
    """Return the interval of a count or a constant."""
    return Interval(Decimal(number), Decimal(number), Decimal(number))


def rounded(number: Decimal) -> Interval:
    """Return the interval of a number that was rounded to its last printed place.

    >>> rounded(Decimal("4.2")).low, rounded(Decimal("4.2")).high
    (Decimal('4.15'), Decimal('4.25'))
    """
    half = unit_of(number) / 2
    return Interval(number, number - half, number + half)


def cut(number: Decimal) -> Interval:
    """Return the interval of a number whose further places were cut off instead of rounded.

    >>> cut(Decimal("-4.2")).low, cut(Decimal("-4.2")).high
    (Decimal('-4.3'), Decimal('-4.2'))
    """
    unit = unit_of(number)
    return Interval(number, number - unit if number < 0 else number, number + unit if number >= 0 else number)


def unit_of(number: Decimal) -> Decimal:
    """Return one unit of the last printed place.

    >>> unit_of(Decimal("4.20")), unit_of(Decimal("17"))
    (Decimal('0.01'), Decimal('1'))
    """
    exponent = number.as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def compare(printed: Interval, computed: Interval, *, is_total: bool) -> str:
    """Compare a printed figure with what other printed figures give: one of `RESULTS`, save ``cut`` and ``unknown``.

    A total is too coarse to check when rounding explains more than half a percent of it, unless finer figures leave no
    other printed form open; a share, rate or ratio when the figures it is made of leave more than one unit of its last
    printed place open.

    >>> compare(rounded(Decimal("12.0")), rounded(Decimal("5.99")) + rounded(Decimal("5.99")), is_total=True)
    'rounding'
    >>> compare(rounded(Decimal("6.6")), rounded(Decimal("6.5694")), is_total=True)
    'rounding'
    >>> compare(exact(17), exact(16), is_total=True)
    'differs'
    """
    if printed.value == computed.value or (computed.is_exact and printed.low <= computed.value <= printed.high):
        return "agrees"
    if printed.high < computed.low or computed.high < printed.low:
        return "differs"
    if printed.low <= computed.low and computed.high <= printed.high:
        return "rounding"
    if is_total:
        return "coarse" if printed.reach + computed.reach > abs(printed.value) * COARSE else "rounding"
    return "coarse" if computed.reach > 2 * printed.reach else "rounding"
