"""The audit is measured on the site's own figures: what it finds again, what of it is real, and how long it takes."""

from __future__ import annotations

import csv
import re
import textwrap
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from generator.audit.findings import Finding, audit
from generator.build import Options, load_config
from generator.datasets import Dataset
from generator.instances import Instance, find_instances
from generator.library import read_library
from generator.reconcile import check_dataset
from generator.sidecars import read_sidecar
from generator.sources import read_snapshot
from generator.terms import Cell
from tests.command import CHECKOUT

FIRST = 40
"""An editor reads so many findings."""

SECONDS = 10
"""The audit of the whole site takes less processor time than this, as the README says."""

JUDGED = Path(__file__).parent / "judged.csv"
MEASURED = re.compile(r"<!-- measured -->\n(.*?)\n<!-- end -->", re.DOTALL)


@dataclass(frozen=True)
class Measured:
    """The site's datasets and what the audit finds in them without being told anything."""

    datasets: Mapping[str, Dataset]
    findings: tuple[Finding, ...]
    seconds: float


@pytest.fixture(scope="module")
def measured() -> Measured:
    snapshot = read_snapshot(CHECKOUT).value
    library = read_library(snapshot, load_config(snapshot, Options()).value).value
    started = time.process_time()
    found = audit(library.datasets, from_scratch=True)
    return Measured(library.datasets, found, time.process_time() - started)


def acknowledged(datasets: Mapping[str, Dataset]) -> dict[Cell, str]:
    """Return the figures that sidecars acknowledge as differing by some amount; words that differ are no arithmetic."""
    found = {}
    for dataset in datasets.values():
        instances = [one for one in find_instances(dataset, datasets) if isinstance(one, Instance)]
        for instance, check in zip(instances, check_dataset(dataset, datasets).value, strict=True):
            cell = instance.printed.cell
            if cell and check.cause and not instance.may_differ and not isinstance(instance.printed.value, str):
                found[cell] = check.label
    return found


def missed(measured: Measured) -> list[str]:
    cells = frozenset(cell for finding in measured.findings for cell in finding.check.cells)
    return [label for cell, label in acknowledged(measured.datasets).items() if cell not in cells]


def judged() -> dict[str, dict[str, str]]:
    with JUDGED.open(encoding="utf-8", newline="") as file:
        return {row["finding"]: row for row in csv.DictReader(file)}


def real(measured: Measured) -> list[Finding]:
    return [f for f in measured.findings[:FIRST] if judged()[f.key]["verdict"] == "real"]


def test_audit_finds_again_nine_of_ten_acknowledged_differences(measured: Measured) -> None:
    known = acknowledged(measured.datasets)
    assert len(known) >= 10
    assert len(missed(measured)) <= len(known) / 10, missed(measured)


def test_each_of_the_first_findings_is_judged_and_half_are_real(measured: Measured) -> None:
    keys = [finding.key for finding in measured.findings[:FIRST]]
    assert [key for key in keys if key not in judged()] == []
    assert len(real(measured)) >= len(keys) / 2


def test_each_judgement_gives_its_place_in_the_paper_and_a_reason() -> None:
    for key, row in judged().items():
        assert row["verdict"] in ("real", "false alarm"), key
        assert re.fullmatch(r"\d+(-\d+)?(, \d+(-\d+)?)*", row["lines"]), key
        assert len(row["reason"]) > 40, key


def test_every_real_finding_is_acknowledged_or_mended(measured: Measured) -> None:
    undeclared = {finding.key for finding in audit(measured.datasets)}
    assert [finding.key for finding in real(measured) if finding.key in undeclared] == []


def test_lines_that_findings_offer_leave_nothing_to_report_once_pasted(measured: Measured) -> None:
    for name in dict.fromkeys(finding.dataset for finding in measured.findings):
        own = [finding for finding in measured.findings if finding.dataset == name]
        lines = {"checks": dict.fromkeys(f.entry for f in own if f.entry),
                 "acknowledged": dict.fromkeys(f.acknowledged for f in own)}  # fmt: skip
        blocks = [f"{key}:\n" + "".join(f"  - {line}\n" for line in found) for key, found in lines.items() if found]
        pasted = _paste(measured.datasets[name], "".join(blocks))
        everything = {**measured.datasets, name: pasted}
        assert [problem.message for problem in check_dataset(pasted, everything).problems] == []


def _paste(dataset: Dataset, text: str) -> Dataset:
    """Read the lines as part of a whole sidecar."""
    whole = (CHECKOUT / dataset.sidecar_path).read_text(encoding="utf-8")
    head = re.sub(r"(?ms)^(checks|acknowledged):.*?(?=^\S|\Z)", "", whole)
    read = read_sidecar(dataset.id, dataset.sidecar_path, head + text)
    assert [problem.message for problem in read.problems] == []
    assert read.value is not None
    return replace(dataset, totals=read.value.totals, claims=read.value.claims, acknowledged=read.value.acknowledged)


def test_audit_of_the_whole_site_is_quick(measured: Measured) -> None:
    assert measured.seconds < SECONDS


def test_readme_gives_the_measured_figures(measured: Measured, request: pytest.FixtureRequest) -> None:
    """Run with ``--update-golden`` to write them after a change."""
    known, lost = len(acknowledged(measured.datasets)), len(missed(measured))
    first = len(measured.findings[:FIRST])
    datasets = sum(not dataset.is_code_list for dataset in measured.datasets.values())
    words = textwrap.fill(
        f"Measured on the {datasets} datasets of the site that it ships with, told nothing of what they "
        f"declare: it finds again {known - lost} of the {known} differences that the sidecars acknowledge. It makes "
        f"{len(measured.findings)} findings; of the first {first}, {len(real(measured))} are real, each judged by hand "
        f"in `tests/audit/judged.csv`. It takes less than {SECONDS} seconds of one processor.",
        120,
        break_on_hyphens=False,
    )
    readme = CHECKOUT / "README.md"
    text = readme.read_text(encoding="utf-8")
    expected = MEASURED.sub(f"<!-- measured -->\n{words}\n<!-- end -->", text)
    if request.config.getoption("--update-golden"):
        readme.write_text(expected, encoding="utf-8")
    else:
        assert MEASURED.search(text)
        assert text == expected
