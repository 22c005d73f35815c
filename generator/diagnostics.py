"""Say what is wrong with the content, as data.

A `Diagnostic` names one problem by a stable code, the place where it stands and what to do about it.  Stages return
`Checked` values: what they could make, plus the problems they met.  Nothing here prints, raises or exits.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

T = TypeVar("T")
LISTED = 12
"""How many known words a hint lists at most."""
REPEATED = 40
"""How many problems of one kind are shown for one file; the others are counted."""
SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
LONG_WORD, MANY_WORDS, LONG_MESSAGE = 100, 500, 500
"""From where a word is no slip of the pen, words are not compared, and a message is cut."""


class Severity(Enum):
    """How much it matters: an error stops publication, a warning does so with ``--strict``, a note never does."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a source file.  Lines and columns count from 1; 0 is unknown."""

    path: str
    line: int = 0
    column: int = 0
    width: int = 1

    def __str__(self) -> str:
        """Return ``path:line:column`` without the parts that are unknown."""
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}" if self.column else f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem, named by a stable kebab-case code that the documentation explains."""

    code: str
    message: str
    at: Location
    severity: Severity = Severity.ERROR
    hint: str = ""
    """What to do, as an action; empty where there is nothing better to say than the message."""


@dataclass(frozen=True, slots=True)
class Checked(Generic[T]):
    """A value together with the problems that were met while making it."""

    value: T
    problems: tuple[Diagnostic, ...] = ()


def is_error(problem: Diagnostic) -> bool:
    """Tell whether *problem* stops a build without ``--strict``."""
    return problem.severity is Severity.ERROR


def stops(problems: Iterable[Diagnostic], *, strict: bool) -> bool:
    """Tell whether *problems* stop publication."""
    stopping = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return any(problem.severity in stopping for problem in problems)


def sort_problems(problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Order by place, so that an editor walks each file from top to bottom; drop exact repetitions.

    Of one kind in one file, so many are kept that an editor can read them; where the next one stands is their number.
    """
    seen: dict[tuple[str, str, Severity], int] = {}
    kept: dict[tuple[str, str, Severity], Diagnostic] = {}
    found: list[Diagnostic] = []
    for problem in sorted(dict.fromkeys(problems), key=lambda p: (p.at, p.code, p.message)):
        kind = (problem.at.path, problem.code, problem.severity)
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= REPEATED:
            found.append(problem)
        else:
            kept.setdefault(kind, problem)
    for kind, problem in kept.items():
        message = f"{seen[kind] - REPEATED:,} more problems of this kind begin here"
        found.append(Diagnostic(problem.code, message, problem.at, problem.severity))
    return tuple(sorted(found, key=lambda p: (p.at, p.code, p.message)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest of *known*, or an empty string.

    Delimiters and case are ignored: most slips are ``Taken Up`` for ``taken_up``, not wrong letters.

    >>> did_you_mean("amout", ["amount", "year"])
    "did you mean 'amount'?"
    >>> did_you_mean("Taken Up", ["offered", "taken_up"])
    "did you mean 'taken_up'?"
    >>> did_you_mean("zebra", ["amount"])
    ''
    """
    near = nearest(word, known)
    return f"did you mean '{near}'?" if near else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the one of *known* that is most like *word*, or an empty string.

    >>> nearest("offerred", ["offered", "taken_up"])
    'offered'
    """
    if not word or len(word) > LONG_WORD:
        return ""
    short = [choice for choice in known if len(choice) <= LONG_WORD][:MANY_WORDS]
    choices = {_fold(choice): choice for choice in sorted(short, reverse=True)}
    near = difflib.get_close_matches(_fold(word), choices, n=1, cutoff=0.6)
    return choices[near[0]] if near else ""


def _fold(word: str) -> str:
    return "".join(ch for ch in word.casefold() if ch.isalnum())


def hint_for(word: str, known: Sequence[str], what: str) -> str:
    """Return the nearest known word as a hint, else the first dozen of them.

    >>> hint_for("zebra", ["amount", "year"], "columns")
    'columns are: amount, year'
    """
    if near := did_you_mean(word, known):
        return near
    more = f" and {len(known) - LISTED} more" if len(known) > LISTED else ""
    return f"{what} are: {', '.join(known[:LISTED])}{more}" if known and what else ""


def render(problem: Diagnostic, source: str = "") -> str:
    r"""Format *problem* as compilers do, quoting its line where the source is given.

    >>> amout = Diagnostic("unknown-column", "spend.csv has no column 'amout'",
    ...     Location("content/spend.md", 3, 4, 5), hint="did you mean 'amount'?")
    >>> print(render(amout, "---\ntitle: Spend\ny: amout\n"))
    content/spend.md:3:4: error[unknown-column]: spend.csv has no column 'amout'
      3 | y: amout
        |    ^^^^^
      hint: did you mean 'amount'?
    """
    at = problem.at
    text = [f"{at}: {problem.severity.value}[{problem.code}]: {_cut(problem.message)}"]
    if problem.hint:
        text.append(f"  hint: {_cut(problem.hint)}")
    first, *rest = map(visible, text)
    return "\n".join((first, *excerpt(at, source), *rest))


def visible(text: str) -> str:
    r"""Show what cannot be seen, or would move the cursor of a terminal, as the replacement character.

    >>> visible("\x1b[2Jgone\nnext") == "\N{REPLACEMENT CHARACTER}[2Jgone\N{REPLACEMENT CHARACTER}next"
    True
    """
    return "".join(ch if ch.isprintable() or ch in SPACES else "\N{REPLACEMENT CHARACTER}" for ch in text)


def _cut(text: str) -> str:
    return text if len(text) <= LONG_MESSAGE else text[:LONG_MESSAGE] + "…"


def excerpt(at: Location, source: str) -> list[str]:
    """Return the quoted line of *source* and its underline, or nothing where the place is unknown."""
    lines = source.removesuffix("\n").split("\n")
    if not source or not 0 < at.line <= len(lines):
        return []
    line = lines[at.line - 1]
    start = max(at.column - 1, 0)
    cut = max(0, start - 60)  # a CSV row may be long: keep the underlined part in sight
    shown = visible(line[cut : cut + 110].replace("\t", " ").rstrip("\r"))
    quoted = [f"  {at.line} | {shown}"]
    if at.column:
        width = max(1, min(at.width, len(shown) - (start - cut)))
        quoted.append(f"  {' ' * len(str(at.line))} | {' ' * (start - cut)}{'^' * width}")
    return quoted


def summary(problems: Sequence[Diagnostic]) -> str:
    """Count the problems in words.

    >>> summary([Diagnostic("a", "b", Location("c"))])
    '1 error'
    >>> summary([])
    'no problems'
    """
    counts = [(sum(p.severity is severity for p in problems), severity.value) for severity in Severity]
    parts = [f"{n} {word}{'s' if n != 1 else ''}" for n, word in counts if n]
    return ", ".join(parts) or "no problems"
