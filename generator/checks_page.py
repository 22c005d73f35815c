"""Plan the page of all checks with what came of each, and the same as JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from generator.addresses import CHECKS, dataset_url
from generator.claims import MEANINGS
from generator.contexts import (
    CellView,
    CheckGroupView,
    ChecksContext,
    ColumnView,
    DifferencesView,
    LinkView,
    RowView,
    TableView,
)
from generator.diagnostics import Diagnostic
from generator.intervals import RESULTS
from generator.paths import UrlPath
from generator.planner import Artifact, Planner
from generator.reconcile import Check, differences
from generator.site import Site
from generator.views import Desk

CHECKS_FILE = UrlPath("/data/checks.json")
LEAD = "What the papers print is recomputed from their other figures each time this site is built."
TEXT = "Every printed figure that this site recomputes, how it was compared, and what came of it."

EXPLAINED = {
    "agrees": "The other printed figures give the same figure.",
    "rounding": "The difference is no larger than rounding explains.",
    "cut": "The figures agree if their last places were cut off, not rounded.",
    "differs": "The difference is larger than rounding explains. Both figures are shown.",
    "coarse": "The figures are rounded so far that agreement says little.",
    "unknown": "A figure that is needed is not in the paper, or not readable in our copy.",
}
"""What each result means to a reader."""

CAUSES = {
    "rounding": "rounding",
    "copy": "may be our copy",
    "documents": "two documents or dates",
    "unexplained": "unexplained",
}
"""The classes of differences, in words."""


def checks_page(planner: Planner) -> Artifact:
    """Return the page of all checks."""
    site = planner.site

    def context(problems: list[Diagnostic]) -> object:
        desk = planner.desk(CHECKS)
        datasets = sorted(site.datasets.values(), key=lambda dataset: dataset.title)
        found = [(dataset, site.checks.get(dataset.id, ())) for dataset in datasets]
        return ChecksContext(
            **planner.base(desk, "Checks", TEXT),
            lead=LEAD,
            results=_results(check for _, checks in found for check in checks),
            differences=tuple(
                DifferencesView(_link(desk, site, dataset.id), shown)
                for dataset, checks in found
                if (shown := differences((c for c in checks if c.result in ("differs", "cut")), _class))
            ),
            groups=tuple(
                CheckGroupView(_link(desk, site, dataset.id), dataset.id, _table(dataset.title, checks))
                for dataset, checks in found
                if checks
            ),
            without=tuple(_link(desk, site, dataset.id) for dataset, checks in found if not checks),
            download=LinkView("checks.json", desk.href(CHECKS_FILE), note="for programs, JSON"),
        )

    return planner.artifact(CHECKS, "pages/checks.html", {}, context)


def _link(desk: Desk, site: Site, name: str) -> LinkView:
    return LinkView(site.datasets[name].title, desk.href(dataset_url(name)))


def _class(check: Check) -> str:
    return f" Class: {CAUSES[check.cause]}." if check.cause else ""


def _results(checks: Iterable[Check]) -> TableView:
    counts = Counter(check.result for check in checks)
    columns = (ColumnView("Result"), ColumnView("What it means"), ColumnView("Figures", kind="number"))
    rows = (
        RowView((CellView(words.capitalize()), CellView(EXPLAINED[result]), _number(counts[result])))
        for result, words in RESULTS.items()
    )
    return TableView("Results of all checks", columns, tuple(rows))


def _table(title: str, checks: Iterable[Check]) -> TableView:
    """Return one row for each total or check that the sidecar declares."""
    declared: dict[str, list[Check]] = {}
    for check in checks:
        declared.setdefault(check.id, []).append(check)
    columns = (ColumnView("What is checked"), ColumnView("Result"), ColumnView("Figures", kind="number"),
               ColumnView("How"))  # fmt: skip
    rows = []
    for found in declared.values():
        counts = Counter(check.result for check in found)
        results = [f"{words}: {counts[r]}" for r, words in RESULTS.items() if counts[r]]
        words = RESULTS[found[0].result] if len(counts) == 1 else "; ".join(results)
        label = found[0].label if len(found) == 1 else found[0].name
        rows.append(RowView((CellView(label), CellView(words), _number(len(found)), CellView(MEANINGS[found[0].kind]))))
    return TableView(title, columns, tuple(rows))


def _number(count: int) -> CellView:
    return CellView(f"{count:,}", "number")


def checks_file(site: Site) -> bytes:
    """Return every check with its result, as JSON."""
    checks = [
        {
            "dataset": check.dataset,
            "check": check.id,
            "kind": check.kind,
            "label": check.label,
            "column": check.column,
            "for": dict(check.keys),
            "printed": check.printed,
            "computed": check.computed,
            "difference": check.difference,
            "rounding_explains": f"{check.bound.normalize():f}",
            "result": check.result,
            "sentence": check.sentence,
            "reason": check.reason,
            "class": check.cause,
        }
        for found in site.checks.values()
        for check in found
    ]
    described = {"title": "Checks of the printed figures", "description": TEXT, "results": EXPLAINED, "checks": checks}
    return (json.dumps(described, indent=1, ensure_ascii=False) + "\n").encode()
