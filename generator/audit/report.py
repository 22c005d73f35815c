"""Write findings for an editor: the sentence, the rows, why it is believed, and the lines for the sidecar."""

from __future__ import annotations

import json
from collections.abc import Sequence

from generator.audit.findings import Finding
from generator.audit.guesses import KINDS


def report(findings: Sequence[Finding], shown: int) -> str:
    """Write the first findings, and how many there are."""
    parts = [_one(number, finding) for number, finding in enumerate(findings[:shown], 1)]
    count = len(findings)
    words = f"{count} {'finding' if count == 1 else 'findings'}" if count else "nothing found"
    left = count - len(parts)
    return "\n\n".join([*parts, f"{words}{f', {left} more with --all' if left else ''}"])


def _one(number: int, finding: Finding) -> str:
    lines = [f"{number}. {finding.check.sentence} {finding.clue}".rstrip(), f"   rows: {finding.rows}"]
    why = KINDS[finding.kind]
    if finding.holds:
        why += f"; {finding.holds} of {finding.of} places agree"
    lines += [f"   why: {why}", f"   in {finding.path}:"]
    if finding.entry:
        lines.append(f"     checks: - {finding.entry}")
    lines.append(f"     acknowledged: - {finding.acknowledged}")
    return "\n".join(lines)


def report_json(findings: Sequence[Finding]) -> str:
    """Write all findings for a program."""
    made = [
        {
            "dataset": finding.dataset,
            "kind": finding.kind,
            "sentence": finding.check.sentence,
            "clue": finding.clue,
            "rows": finding.rows,
            "places_that_agree": finding.holds,
            "places": finding.of,
            "score": round(finding.score, 1),
            "sidecar": finding.path,
            "check": finding.entry,
            "acknowledged": finding.acknowledged,
        }
        for finding in findings
    ]
    return json.dumps(made, indent=2, ensure_ascii=False)
