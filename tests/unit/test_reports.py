"""Problems are written for programs, for GitHub and as a count, and none is lost on the way."""

from __future__ import annotations

import json

import pytest

from generator.diagnostics import Diagnostic, Location, Severity
from generator.reports import FEW, annotation, report_json, tally

LOST = Diagnostic("lost", "gone", Location("content/a.md", 3, 4), hint="look")
WHOLE = Diagnostic("stale", "old", Location("content/b.md"), Severity.WARNING)


def test_json_has_every_problem_with_place_and_hint_and_the_counts() -> None:
    found = json.loads(report_json([LOST, WHOLE, WHOLE]))
    assert found["counts"] == {"error": 1, "warning": 2, "note": 0}
    assert found["codes"] == {"lost": 1, "stale": 2}
    assert found["problems"][0] == {
        "path": "content/a.md",
        "line": 3,
        "column": 4,
        "severity": "error",
        "code": "lost",
        "message": "gone",
        "hint": "look",
    }
    assert (found["problems"][1]["line"], found["problems"][1]["column"]) == (None, None)
    assert len(found["problems"]) == 3


@pytest.mark.parametrize(
    ("problem", "written"),
    [
        pytest.param(LOST, "::error file=content/a.md,line=3,col=4,title=lost::gone%0Alook", id="with a hint"),
        pytest.param(WHOLE, "::warning file=content/b.md,title=stale::old", id="without a place in the file"),
        pytest.param(
            Diagnostic("lost", "gone", Location("a.md", 2), Severity.NOTE),
            "::notice file=a.md,line=2,title=lost::gone",
            id="a note without a column",
        ),
        pytest.param(
            Diagnostic("lost", "50%, or: more", Location("x%,y:z.md", 1, 1)),
            "::error file=x%25%2Cy%3Az.md,line=1,col=1,title=lost::50%25, or: more",
            id="characters that part a command",
        ),
    ],
)
def test_annotation_is_written_as_github_reads_it(problem: Diagnostic, written: str) -> None:
    assert annotation(problem) == written


def test_text_of_a_file_cannot_begin_a_command_of_its_own() -> None:
    written = annotation(Diagnostic("lost", "a\n::error::b\r\x1b[2J", Location("a\nb.md")))
    assert written.isprintable()
    assert "%0Ab.md" in written


def test_annotation_names_files_from_the_folder_that_holds_the_project() -> None:
    assert "file=site/content/b.md," in annotation(WHOLE, "site/")


def test_few_problems_are_not_counted_and_many_are_the_most_first() -> None:
    many = [Diagnostic("lost", "gone", Location(f"{n % 3}.md", n)) for n in range(FEW)]
    assert tally(many) == ""
    assert tally([WHOLE, *many]) == "  5 × error[lost] in 3 files\n  1 × warning[stale] in 1 file"
