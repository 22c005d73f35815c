"""Tell which patterns of a sidecar can be checked in little time on any text; all others are refused.

A regular expression may take years on one short cell.  Plain characters, classes with counts, and groups that begin
with a separator, as in ``[a-z]+(-[a-z]+)*``, cannot.
"""

from __future__ import annotations

import re

MAX_UNBOUNDED = 2
"""How many ``*``, ``+`` or open counts may stand outside groups: the time grows with that power of the length."""
_COUNT = r"(?:\{[0-9]{1,3}(?:,[0-9]{0,3})?\}|[*+?])"
_WORD = r"\[(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9])+\]"
_CLASS = r"\[(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9 _.,:/'()])+-?\]"
_ATOM = rf"(?:\\[dws.()/+*?-]|[^\\.\[\](){{}}*+?^$|]|\.|{_CLASS}){_COUNT}?"
_GROUP = rf"\([-/ ,:]{_WORD}{_COUNT}?\){_COUNT}?"
_SIMPLE = re.compile(rf"\^?(?:(?P<atom>{_ATOM})|{_GROUP}){{0,40}}\$?")
_PART = re.compile(rf"{_GROUP}|(?P<atom>{_ATOM})")


def is_simple(pattern: str) -> bool:
    r"""Tell whether *pattern* is quick to check on any text.

    >>> [is_simple(p) for p in ("^[svr][0-9]{3}$", "^[a-z0-9]+(-[a-z0-9]+)*$", r"\d{4}-\d\d")]
    [True, True, True]
    >>> [is_simple(p) for p in ("(a+)+$", "(a|a)*b", r"(.)\1", "a*a*a*b", "(-[a-z-]+)*")]
    [False, False, False, False, False]
    """
    if not _SIMPLE.fullmatch(pattern):
        return False
    try:
        re.compile(pattern)
    except re.error:  # e.g. a class that runs from z to a
        return False
    counts = [found["atom"] or "" for found in _PART.finditer(pattern.removeprefix("^").removesuffix("$"))]
    varied = [atom for atom in counts if atom.endswith(("*", "+", "?", "}")) and not re.search(r"\{[0-9]+\}$", atom)]
    return sum(not atom.endswith("?") for atom in varied) <= MAX_UNBOUNDED and len(varied) <= 2 * MAX_UNBOUNDED
