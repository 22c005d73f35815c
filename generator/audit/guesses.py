"""A guess of the audit: the check that an editor would write, and how surely it is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.audit.figures import Number
from generator.datasets import Total
from generator.terms import Cell

Entry = Mapping[str, str | tuple[str, ...] | Mapping[str, tuple[str, ...]]]
"""A check as it stands in a sidecar, without its id."""

TOTAL_WORDS = frozenset({"total", "all", "grand", "overall", "net", "sum", "whole"})

NO_SUMS = frozenset({"percent", "rate", "ratio", "index", "pence", ""})
"""Units whose figures do not add up."""

KINDS = {
    "total": "a printed total is the sum of its rows",
    "row sum": "a column is the sum of others",
    "rows of another table": "a total is the sum of some rows of another table",
    "two places": "a figure stands in two tables",
    "count": "a figure counts rows of another table",
    "roll": "what one period ends with, the next begins with",
    "hundred": "shares add up to 100",
    "share": "a percentage is the share of one figure in another, or its growth",
    "stated change": "a stated change is that of the two figures that its words name",
    "series": "years follow one another",
    "part of a whole": "a part is not larger than its whole",
    "same name": "one name has one value",
}
"""Every kind of guess, the surest first, in words for an editor."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What some figures of a dataset may be to one another, there and in many other places."""

    dataset: str
    kind: str
    """A key of `KINDS`."""
    claim: Entry | Total | None
    """The check; a total of the sidecar, which needs none; `None` if its places cannot be named."""
    holds: int
    """In how many places it holds."""
    of: int
    bits: float
    """How unlikely it is that it holds there by chance."""
    about: frozenset[Cell] = frozenset()
    """The printed figures that it gives."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How often a guess holds, and with how long figures."""

    holds: int
    of: int
    bits: float

    @property
    def is_believed(self) -> bool:
        """Whether it holds in most places, by no chance."""
        return self.bits >= 10 and 2 * self.holds >= self.of

    @property
    def merit(self) -> tuple[int, float]:
        """What makes one guess better than another about the same figures."""
        return 3 * self.holds - 2 * self.of, self.bits


def tried(pairs: Iterable[tuple[Number, Number]], cost: float = 0.0) -> Trial:
    """Compare printed with computed numbers; *cost* is the logarithm of how many guesses were made.

    The same number again is little new evidence, and two zeros are no place at all.

    >>> tried([(Number(12987, 0), Number(12987, 0)), (Number(757, 0), Number(905, 0))], 2).is_believed
    True
    """
    holds, of, bits = 0, 0, -cost
    seen: set[float] = set()
    for printed, computed in pairs:
        if not (printed.value or computed.value):
            continue
        of += 1
        if printed.agrees(computed):
            holds += 1
            bits += min(printed.surprise(computed), 1 if printed.value in seen else 20)
            seen.add(printed.value)
    return Trial(holds, of, bits)
