"""Printed totals are recomputed, and a difference is told apart from rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generator.contexts import NoteView
from generator.diagnostics import Severity
from generator.reconcile import Check, check_dataset, sentences
from generator.terms import covered
from tests.conftest import EXTRACT, SIDECAR, parks, read_parks

SUM = "totals:\n  - {{id: all, label: All parks, printed: [{{cost: {printed}}}]}}\n"


def checks(totals: str, extract: str = EXTRACT) -> tuple[tuple[Check, ...], list[str]]:
    found = check_dataset(parks(SIDECAR + totals, extract), {})
    return found.value, [problem.code for problem in found.problems]


@pytest.mark.parametrize(
    ("printed", "result"),
    [
        ("28.4", "agrees"),
        ("28.40", "agrees"),
        ("28.5", "coarse"),
        ("28.6", "coarse"),
        ("28.2", "coarse"),
        ("28.7", "differs"),
        ("28.1", "differs"),
        ("29", "coarse"),
        ("30", "differs"),
    ],
)
def test_sum_may_differ_by_half_a_unit_for_each_term_and_the_total(printed: str, result: str) -> None:
    """Three terms and a total, each printed with one place: 4 * 0.05 = 0.2; a total without places adds 0.5."""
    found, problems = checks(SUM.format(printed=printed))
    assert [check.result for check in found] == [result]
    assert problems == ["total-differs"] * (result == "differs")


def test_whole_counts_are_exact() -> None:
    total = "totals:\n  - {id: all, label: All parks, printed: [{visits: 2061}]}\n"
    found, problems = checks(total)
    assert (found[0].result, found[0].bound) == ("differs", Decimal(0))
    assert problems == ["total-differs"]


def test_missing_value_adds_nothing_but_an_unreadable_one_makes_the_sum_unknown() -> None:
    total = "totals:\n  - {id: all, label: All, printed: [{visits: 2060}]}\n"
    assert checks(total)[0][0].result == "agrees"
    for mark in ("[lost]", "[c]"):
        found, problems = checks(total, EXTRACT.replace("[x]", mark))
        assert (found[0].result, found[0].computed, problems) == ("unknown", "", [])


def test_cell_that_is_refused_makes_no_difference_to_acknowledge() -> None:
    total = "totals:\n  - {id: all, label: All, printed: [{visits: 2060}]}\n"
    read = read_parks(SIDECAR + total, EXTRACT.replace("1200", "12OO"))
    assert [problem.code for problem in read.problems] == ["bad-number"]
    assert read.value is not None
    found = check_dataset(read.value, {})
    assert ([check.result for check in found.value], found.problems) == (["unknown"], ())


def test_totals_by_key_and_filter_take_only_their_rows() -> None:
    totals = (
        "totals:\n"
        "  - {id: each, label: Each, by: [park], printed: [{park: North, cost: 24.5}, {park: West, cost: 7.0}]}\n"
        "  - {id: two, label: Two, where: {park: [North, West]}, printed: [{cost: 31.5}]}\n"
    )
    found, problems = checks(totals)
    assert [check.result for check in found] == ["agrees"] * 3
    assert problems == []
    dataset = parks(SIDECAR + totals)
    assert covered(dataset, dataset.totals[1], dataset.totals[1].printed[0]) == {2, 4}


def test_totals_along_rows_are_checked_row_by_row() -> None:
    sidecar = SIDECAR.replace("unit: count, of: visits", "unit: gbp-thousand")
    total = "totals:\n  - {id: along, label: Sum, total: cost, parts: [visits]}\n"
    found = check_dataset(parks(sidecar + total, "park,visits,cost\nNorth,5,5\nSouth,5,9\nWest,5,[x]\n"), {})
    assert [(check.keys, check.result) for check in found.value] == [
        ((("park", "North"),), "agrees"),
        ((("park", "South"),), "differs"),
    ]
    assert [(p.code, p.at.path, p.at.line) for p in found.problems] == [("total-differs", "content/data/parks.csv", 3)]


def test_total_without_rows_is_reported() -> None:
    totals = "totals:\n  - {id: t, label: T, by: [park], printed: [{park: Nroth, cost: 0}]}\n"
    assert checks(totals)[1] == ["empty-total"]


NOTE = """\
acknowledged:
  - {check: all, at: {column: cost}, difference: £1.6k, class: documents, reason: The paper says so.}
"""


def test_acknowledged_difference_does_not_stop_the_build_and_is_shown_with_its_reason() -> None:
    found, problems = checks(SUM.format(printed="30.0") + NOTE)
    assert problems == []
    (note,) = sentences(found)
    said = "All parks: the paper prints £30.0k. Its rows add up to £28.4k. The difference is £1.6k. The paper says so."
    assert (note.text, note.parts) == (said, ())


@pytest.mark.parametrize("printed", ["2028.4", "2028.5"], ids=["agrees", "rounding"])
def test_acknowledgement_of_what_agrees_is_needless(printed: str) -> None:
    found = check_dataset(parks(SIDECAR + SUM.format(printed=printed) + NOTE, LARGE), {})
    assert [(p.code, p.severity) for p in found.problems] == [("needless-acknowledgement", Severity.WARNING)]


def test_acknowledgement_stays_while_its_check_cannot_be_decided() -> None:
    assert check_dataset(parks(SIDECAR + SUM.format(printed="28.5") + NOTE), {}).problems == ()


@pytest.mark.parametrize(
    ("place", "message", "hint"),
    [
        ("{column: visits}", "'all' has no place where column is 'visits'", "values are: cost"),
        ("{column: costs}", "'all' has no place where column is 'costs'", "did you mean 'cost'?"),
        ("{colum: cost}", "the places of 'all' have no 'colum'", "did you mean 'column'?"),
    ],
)
def test_acknowledgement_of_a_place_that_its_check_does_not_have_is_no_needless_one(
    place: str, message: str, hint: str
) -> None:
    note = NOTE.replace("{column: cost}", place)
    differs, unknown = check_dataset(parks(SIDECAR + SUM.format(printed="30.0") + note), {}).problems
    assert (differs.code, unknown.code) == ("total-differs", "unknown-place")
    assert (unknown.message, unknown.hint, unknown.severity) == (message, hint, Severity.ERROR)


def test_hint_can_be_pasted_into_the_sidecar() -> None:
    total = SUM.format(printed="30.0")
    hint = check_dataset(parks(SIDECAR + total), {}).problems[0].hint
    pasted = hint[hint.index("{check") :]
    assert check_dataset(parks(f"{SIDECAR}{total}acknowledged:\n  - {pasted}\n"), {}).problems == ()


LARGE = "park,visits,cost\nNorth,1200,2024.5\nSouth,860 [p],-3.1\nWest,[x],7.0\n"


@pytest.mark.parametrize(
    ("printed", "how"),
    [
        (["2028.4"], "1 printed total was recomputed and agrees with the paper, exactly."),
        (["2028.5"], "1 printed total was recomputed and agrees with the paper, within rounding."),
        (
            ["2028.4", "2028.5"],
            "2 printed totals were recomputed and agree with the paper: 1 exactly, 1 within rounding.",
        ),
        (["2028.4", "2028.4"], "2 printed totals were recomputed and agree with the paper, exactly."),
    ],
)
def test_agreements_are_summed_up_in_one_sentence(printed: list[str], how: str) -> None:
    totals = "totals:\n" + "".join(
        f"  - {{id: t{n}, label: T, printed: [{{cost: {number}}}]}}\n" for n, number in enumerate(printed)
    )
    assert sentences(checks(totals, LARGE)[0]) == (NoteView(how),)


def test_total_that_rounding_leaves_too_open_is_not_called_checked() -> None:
    """Four numbers with one place may be off by 0.2 together, which is more than half a percent of 28."""
    found, problems = checks(SUM.format(printed="28.5"))
    assert (sentences(found), problems) == ((NoteView("1 figure is rounded too coarsely to check."),), [])
    assert found[0].sentence.endswith("Rounding explains a difference of up to £0.2k. That is too coarse to check it.")


def test_check_of_a_total_belongs_to_the_rows_that_the_total_covers() -> None:
    """A figure shows the checks of the rows it shows: a total with no rows of its own would stand under every one."""
    claim = 'checks:\n  - {id: twice, kind: same, label: Twice, here: "all.cost", there: "28.4"}\n'
    found, _ = checks(SUM.format(printed="28.4") + claim)
    assert {check.id: check.lines for check in found} == {"all": {2, 3, 4}, "twice": {2, 3, 4}}


def test_unreadable_sum_is_said_to_be_unchecked() -> None:
    found, _ = checks("totals:\n  - {id: t, label: T, printed: [{visits: 5}]}\n", EXTRACT.replace("[x]", "[lost]"))
    said = "T: the paper prints 5. Some rows cannot be read, so the sum cannot be checked."
    assert sentences(found) == (NoteView(said),)


def test_differences_of_one_total_stand_together_and_what_is_known_of_both_is_said_once() -> None:
    totals = "totals:\n  - {id: t, label: All parks, printed: [{visits: 5, cost: 30.0}]}\n"
    same = "class: unexplained, reason: The paper does not say why."
    noted = f"acknowledged:\n  - {{check: t, at: {{}}, difference: £1.6k, {same}}}\n"
    (note,) = sentences(checks(totals + noted)[0])
    assert (note.text, note.end) == ("All parks:", "The paper does not say why.")
    assert [part.partition(" Its rows")[0] for part in note.parts] == [
        "Visits: the paper prints 5.",
        "Cost: the paper prints £30.0k.",
    ]


def test_dataset_without_totals_says_nothing() -> None:
    assert sentences(checks("")[0]) == ()


def test_difference_that_is_no_longer_the_acknowledged_one_is_reported_with_its_rows() -> None:
    found = check_dataset(parks(SIDECAR + SUM.format(printed="31.0") + NOTE), {})
    assert [(p.code, p.severity) for p in found.problems] == [("changed-difference", Severity.ERROR)]
    assert found.problems[0].message.startswith(
        "the difference in 'all' was £1.6k when this was written, and is £2.6k now: "
    )
    assert found.problems[0].message.endswith(
        " (content/data/parks.csv: lines 2 to 4) (content/data/parks.yaml: line 18)"
    )
    assert found.problems[0].hint.endswith("write 'difference: \"£2.6k\"'")


def test_total_that_is_only_a_rounded_form_of_finer_figures_is_checked_however_small() -> None:
    """Half a unit of 28 is more than half a percent of it, but everything from 28.0005 to 28.2015 is printed as 28."""
    fine = EXTRACT.replace("24.5", "24.201")
    found, problems = checks(SUM.format(printed="28"), fine)
    assert ([check.result for check in found], problems) == (["rounding"], [])


@pytest.mark.parametrize(
    ("printed", "extract", "stated"),
    [("26.8", EXTRACT, "-£1.6k"), ("30.0", EXTRACT.replace("24.5", "24.4996"), "£1.6004k")],
    ids=["as large, the other way", "smaller than the sentence shows"],
)
def test_difference_is_stated_with_its_sign_and_precisely(printed: str, extract: str, stated: str) -> None:
    sidecar = SIDECAR + SUM.format(printed=printed)
    found = check_dataset(parks(sidecar + NOTE, extract), {})
    assert [p.code for p in found.problems] == ["changed-difference"]
    assert found.problems[0].hint.endswith(f"write 'difference: \"{stated}\"'")
    assert check_dataset(parks(sidecar + NOTE.replace("£1.6k", stated), extract), {}).problems == ()
