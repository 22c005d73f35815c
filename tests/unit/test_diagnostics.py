"""Problems are data: ordered, hinted, counted, and rendered as compilers do."""

from __future__ import annotations

import pytest

from generator.diagnostics import (
    Diagnostic,
    Location,
    Severity,
    did_you_mean,
    excerpt,
    hint_for,
    is_error,
    render,
    sort_problems,
    stops,
    summary,
)


def problem(
    path: str = "a.md", line: int = 0, column: int = 0, code: str = "c", severity: Severity = Severity.ERROR
) -> Diagnostic:
    return Diagnostic(code, "m", Location(path, line, column), severity)


@pytest.mark.parametrize(
    ("location", "written"),
    [
        (Location("a.md"), "a.md"),
        (Location("a.md", 3), "a.md:3"),
        (Location("a.md", 3, 4), "a.md:3:4"),
        (Location("a.md", 0, 4), "a.md"),
    ],
    ids=["path", "line", "column", "column without line"],
)
def test_place_is_written_without_its_unknown_parts(location: Location, written: str) -> None:
    assert str(location) == written


def test_problems_are_sorted_by_place_and_exact_repetitions_are_dropped() -> None:
    late, early, whole = problem(line=9), problem(line=2, column=5), problem()
    other = problem("b.md")
    assert sort_problems([other, late, early, late, whole]) == (whole, early, late, other)


def test_problems_with_the_same_place_but_other_codes_are_all_kept() -> None:
    assert [p.code for p in sort_problems([problem(code="b"), problem(code="a")])] == ["a", "b"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [("amout", "amount"), ("Amount", "amount"), ("AMOUNT_", "amount"), ("taken-up", "taken_up"), ("yeer", "year")],
)
def test_nearest_word_is_suggested_whatever_its_case_and_delimiters(word: str, meant: str) -> None:
    assert did_you_mean(word, ["amount", "taken_up", "year"]) == f"did you mean '{meant}'?"


def test_nothing_is_suggested_for_a_word_like_no_other() -> None:
    assert did_you_mean("zebra", ["amount", "year"]) == ""
    assert did_you_mean("zebra", []) == ""


def test_suggestion_does_not_hang_on_the_order_of_the_known_words() -> None:
    for known in (["Offered", "offered"], ["rate_2021", "rate_2022", "rate_2023"]):
        assert did_you_mean(f"{known[0]}x", known) == did_you_mean(f"{known[0]}x", reversed(known))


def test_hint_lists_a_dozen_words_and_counts_the_others() -> None:
    known = [f"k{n}" * 9 for n in range(15)]
    assert hint_for("zebra", known, "columns") == f"columns are: {', '.join(known[:12])} and 3 more"
    assert hint_for("zebra", known, "") == ""
    assert hint_for("zebra", [], "columns") == ""


def test_rendering_quotes_the_line_and_underlines_the_word() -> None:
    found = render(Diagnostic("wrong", "not so", Location("a.md", 2, 4, 3), hint="do so"), "one\nx: two\n")
    assert found == "a.md:2:4: error[wrong]: not so\n  2 | x: two\n    |    ^^^\n  hint: do so"


def test_rendering_without_place_or_source_is_one_line() -> None:
    assert render(Diagnostic("wrong", "not so", Location("a.md", 2), Severity.WARNING)) == (
        "a.md:2: warning[wrong]: not so"
    )


@pytest.mark.parametrize("line", [0, 3, 99])
def test_nothing_is_quoted_for_a_line_that_does_not_exist(line: int) -> None:
    assert excerpt(Location("a.md", line, 1), "one\ntwo") == []


def test_excerpt_of_a_long_line_keeps_the_underlined_part_in_sight() -> None:
    quoted, marks = excerpt(Location("a.csv", 1, 301, 3), "x" * 300 + "bad" + "y" * 300)
    start = marks.index("^")
    assert quoted[start : start + 3] == "bad"
    assert len(quoted) < 120


def test_tabs_are_quoted_as_one_space_so_that_the_underline_fits() -> None:
    quoted, marks = excerpt(Location("a.csv", 1, 3, 1), "\t\tx")
    assert quoted.index("x") == marks.index("^")


def test_underline_does_not_reach_beyond_the_line() -> None:
    assert excerpt(Location("a.md", 1, 2, 50), "abc")[1].count("^") == 2


@pytest.mark.parametrize(
    ("severities", "words"),
    [
        ([], "no problems"),
        ([Severity.ERROR], "1 error"),
        ([Severity.ERROR, Severity.WARNING, Severity.ERROR], "2 errors, 1 warning"),
        ([Severity.WARNING, Severity.WARNING], "2 warnings"),
        ([Severity.NOTE, Severity.ERROR], "1 error, 1 note"),
    ],
    ids=["none", "error", "both", "warnings", "note"],
)
def test_summary_counts_in_words(severities: list[Severity], words: str) -> None:
    assert summary([problem(severity=severity) for severity in severities]) == words


@pytest.mark.parametrize(
    ("severity", "loose", "strict"),
    [(Severity.ERROR, True, True), (Severity.WARNING, False, True), (Severity.NOTE, False, False)],
    ids=str,
)
def test_warning_stops_publication_on_request_and_a_note_never_does(
    severity: Severity, loose: bool, strict: bool
) -> None:
    found = [problem(severity=Severity.NOTE), problem(severity=severity)]
    assert (stops(found, strict=False), stops(found, strict=True)) == (loose, strict)


def test_only_errors_stop_a_build() -> None:
    assert is_error(problem())
    assert not is_error(problem(severity=Severity.WARNING))
