"""What the README says of checking figures is so: its examples run on its own table and end as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.claims import KINDS, MAY_DIFFER
from generator.datasets import CLASSES, Dataset
from generator.diagnostics import Diagnostic, Location
from generator.extracts import read_dataset
from generator.intervals import RESULTS
from generator.reconcile import Check, check_dataset
from generator.references import parse_reference

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SECTION = README.split("\n## Check the figures\n")[1].split("\n## ")[0]
EXTRACT = re.findall(r"```csv\n(.+?)```", SECTION, re.DOTALL)[0]
TOTALS, CHECKS, ACKNOWLEDGED, FORECAST = re.findall(r"```yaml\n(.+?)```", SECTION, re.DOTALL)
EXAMPLES = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \| [^|]+ \| `(.+)` \|$", SECTION, re.MULTILINE)

WORDS = {"year": "financial-year", "library": "category", "rating": "rating"}
UNITS = {"share": "percent", "growth": "percent", "satisfied": "percent", "per_hour": "rate"}


def dataset(checks: str, name: str = "libraries") -> Dataset:
    """Read the table of the section with checks of its sidecar."""
    lines = [
        f"name: {name}", f"path: {name}.csv", "title: Libraries", f"description: {'Libraries of a council. ' * 3}",
        "source: {paper: report, item: Item 4}", "period: 2022-23 to 2023-24", "period_type: financial-year",
        "phase: reported", "basis: level", "geography: council",
        "schema:", "  primaryKey: [year, library]", "  fields:",
    ]  # fmt: skip
    for column in EXTRACT.splitlines()[0].split(","):
        unit = WORDS.get(column) or UNITS.get(column, "count")
        kind, role = ("string", "dimension") if column in WORDS else ("number", "measure")
        lines.append(f"    - {{name: {column}, type: {kind}, title: T, description: D, role: {role}, unit: {unit}}}")
    sidecar = "\n".join(lines) + "\n" + checks
    found = read_dataset(name, (f"{name}.yaml", sidecar), (f"{name}.csv", EXTRACT.encode()))
    assert found.problems == ()
    assert found.value is not None
    return found.value


def reckoned(checks: str) -> tuple[tuple[Check, ...], tuple[Diagnostic, ...]]:
    """Return the checks of the table, and the problems."""
    libraries = dataset(checks)
    found = check_dataset(libraries, {"libraries": libraries, "forecast": dataset("", "forecast")})
    return found.value, found.problems


def test_totals_agree_but_for_the_one_difference_that_the_section_tells_of() -> None:
    found, (problem,) = reckoned(TOTALS)
    assert [check.label for check in found if check.result != "agrees"] == ["All libraries, T (2023-24)"]
    assert "the paper prints 21,050. Its rows add up to 21,000. The difference is 50." in problem.message
    assert len(found) == 2 * 2 + 4


def test_acknowledgement_of_the_section_is_the_line_that_the_message_has() -> None:
    assert reckoned(TOTALS + ACKNOWLEDGED)[1] == ()
    hint = reckoned(TOTALS)[1][0].hint
    pasted = f"acknowledged:\n  - {hint[hint.index('{check') :]}\n"
    assert dataset(TOTALS + pasted).acknowledged[0].reason == dataset(TOTALS + ACKNOWLEDGED).acknowledged[0].reason


def test_checks_written_out_agree_in_every_row_that_they_are_for() -> None:
    found, problems = reckoned(CHECKS)
    assert problems == ()
    assert [(check.id, check.result) for check in found] == [("share-of-visits", "agrees")] * 4 + [
        ("stock-rolls-on", "agrees")
    ] * 2


@pytest.mark.parametrize(("kind", "terms", "example"), EXAMPLES, ids=[kind for kind, *_ in EXAMPLES])
def test_example_of_each_kind_agrees(kind: str, terms: str, example: str) -> None:
    assert re.findall("`(.+?)`", terms) == list(KINDS[kind])
    check = f"checks:\n  - {{id: example, kind: {kind}, label: An example, {example}}}\n"
    found, problems = reckoned(TOTALS + ACKNOWLEDGED + check)
    results = {check.result for check in found if check.id == "example"}
    assert (problems, results) == ((), {"agrees"})


def test_every_form_of_a_term_can_be_read() -> None:
    table = SECTION.split("| a term | means |")[1].split("\n\n")[0]
    terms = [term.replace("\\|", "|") for term in re.findall(r"^\| `([^`\[][^`]*)` \|", table, re.MULTILINE)]
    assert len(terms) == 6
    assert [term for term in terms if isinstance(parse_reference(term, Location("")), Diagnostic)] == []


def test_every_kind_result_class_and_reason_is_listed() -> None:
    assert [kind for kind, *_ in EXAMPLES] == list(KINDS)
    listed = re.findall(r"^\| ([a-z ]+) \| ", SECTION.split("### Results")[1], re.MULTILINE)
    assert listed == ["result", *RESULTS.values()]
    for word in (*CLASSES, *MAY_DIFFER):
        assert f"`{word}`" in SECTION


def test_difference_that_may_be_needs_no_acknowledgement() -> None:
    found, problems = reckoned(TOTALS + ACKNOWLEDGED + FORECAST)
    assert problems == ()
    assert (found[-1].result, found[-1].reason) == ("differs", "The two figures differ in phase and date.")
