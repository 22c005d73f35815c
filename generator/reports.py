"""Write the problems of one check for programs and for people in a hurry: JSON, annotations of GitHub, and a count.

How one problem reads for people is decided by `generator.diagnostics.render`; nothing here leaves a problem out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from generator.diagnostics import Diagnostic, Severity, visible

FEW = 5
"""Up to so many problems are seen at a glance and need no count."""
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
"""The words of GitHub for how much a problem matters."""


def report_json(problems: Sequence[Diagnostic]) -> str:
    """Return all *problems* with their places, and how many there are of each severity and code."""
    report = {
        "counts": {severity.value: sum(p.severity is severity for p in problems) for severity in Severity},
        "codes": dict(sorted(Counter(p.code for p in problems).items())),
        "problems": [
            {
                "path": p.at.path,
                "line": p.at.line or None,
                "column": p.at.column or None,
                "severity": p.severity.value,
                "code": p.code,
                "message": p.message,
                "hint": p.hint,
            }
            for p in problems
        ],
    }
    return json.dumps(report, indent=2, ensure_ascii=False)


def annotation(problem: Diagnostic, folder: str = "") -> str:
    r"""Return the line that makes GitHub show *problem* beside its line; *folder*, with a slash, holds the project.

    >>> from generator.diagnostics import Location
    >>> print(annotation(Diagnostic("lost", "100% gone", Location("a,b.md", 3, 4), hint="look"), "site/"))
    ::error file=site/a%2Cb.md,line=3,col=4,title=lost::100%25 gone%0Alook
    """
    at = problem.at
    places = {"file": folder + at.path, "line": at.line, "col": at.column if at.line else 0, "title": problem.code}
    named = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in places.items() if value)
    lines = [visible(text) for text in (problem.message, problem.hint) if text]
    return f"::{LEVELS[problem.severity]} {named}::{_escaped(chr(10).join(lines))}"


def _escaped(text: str, more: str = "") -> str:
    r"""Write the characters that end or part a command of GitHub as it wants them.

    >>> _escaped("50%:\n", ":")
    '50%25%3A%0A'
    """
    return "".join(f"%{ord(ch):02X}" if ch in "%\r\n" + more else ch for ch in text)


def tally(problems: Sequence[Diagnostic]) -> str:
    """Count *problems* by code, the most first, where they are more than a few; return an empty text otherwise.

    >>> from generator.diagnostics import Location
    >>> print(tally([*(Diagnostic("lost", "gone", Location("a.md", n)) for n in range(6))]))
      6 × error[lost] in 1 file
    """
    if len(problems) <= FEW:
        return ""
    kinds = Counter((p.severity.value, p.code) for p in problems)
    files = Counter((severity, code) for severity, code, _ in {(p.severity.value, p.code, p.at.path) for p in problems})
    width = len(str(max(kinds.values())))
    return "\n".join(
        f"  {count:>{width}} × {kind[0]}[{kind[1]}] in {files[kind]} file{'s' if files[kind] != 1 else ''}"
        for kind, count in sorted(kinds.items(), key=lambda found: (-found[1], found[0]))
    )
