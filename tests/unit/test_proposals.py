"""A raw file becomes a plain extract and a sidecar in which only what nobody can infer is left empty."""

from __future__ import annotations

import re

import pytest

from generator.datasets import Dataset
from generator.diagnostics import Diagnostic
from generator.extracts import read_dataset
from generator.proposals import Proposal, propose

RAW = (
    "Holiday ,Year,Places offered,Take-up (%),Cost,Seen on,,\r\n"
    'Easter 2021,2021-22,"1,200",82%,"£1,234.50",31/03/2024,,\r\n'
    "Summer 2021,2021-22,[x],(5%),£4,1/4/2024,,\r\n"
    ",,,,,,,\r\n"
)


def proposed(raw: str | bytes, paper: str = "report") -> tuple[Proposal, tuple[Diagnostic, ...]]:
    """Return what is proposed for a raw file, and the problems of the file."""
    found = propose("places", "/tmp/Places.csv", raw.encode() if isinstance(raw, str) else raw, paper)
    assert found.value is not None, found.problems
    return found.value, found.problems


def completed(proposal: Proposal) -> Dataset:
    """Fill in what was left empty, as an editor does, and return the dataset."""
    text = re.sub(
        r"^( *(?:title|item|description):)$", r"\1 " + "Words of an editor. " * 3, proposal.sidecar, flags=re.MULTILINE
    )
    text = re.sub(r"^( *unit:)$", r"\1 ratio", text, flags=re.MULTILINE)
    words = {"phase": "reported", "geography": "council", "period_type": "quarter", "basis": "level"}
    for key, word in words.items():
        text = text.replace(f"\n{key}:  #", f"\n{key}: {word}  #")
    text = text.replace("\nperiod:\n", "\nperiod: 2023-24\n")
    found = read_dataset("places", ("content/data/places.yaml", text), ("content/data/places.csv", proposal.extract))
    assert found.problems == ()
    assert found.value is not None
    return found.value


def test_extract_is_written_in_the_plain_form() -> None:
    proposal, problems = proposed(RAW)
    assert proposal.extract.decode() == (
        "holiday,year,places_offered,take_up,cost,seen_on\n"
        "Easter 2021,2021-22,1200,82,1234.50,2024-03-31\n"
        "Summer 2021,2021-22,[x],-5,4,2024-04-01\n"
    )
    assert {problem.code for problem in problems} == {"csv-normalised"}
    assert {problem.at.path for problem in problems} == {"/tmp/Places.csv"}
    assert {problem.hint for problem in problems} == {""}


def test_sidecar_lacks_only_what_an_editor_must_fill_in() -> None:
    proposal, _ = proposed(RAW)
    extract = ("content/data/places.csv", proposal.extract)
    problems = read_dataset("places", ("content/data/places.yaml", proposal.sidecar), extract).problems
    assert {problem.code for problem in problems} == {"missing-key"}
    lines = proposal.sidecar.splitlines()
    at = {problem.at.line for problem in problems}
    assert {lines[line - 1].partition("#")[0].rstrip() for line in at} == {
        "title:", "description:", "  item:", "phase:", "geography:", "period:", "period_type:", "basis:",
        "      description:",
    }  # fmt: skip
    assert len(at) == 8 + 6  # a description for each of the six columns


def test_columns_get_types_units_roles_and_a_key() -> None:
    found = completed(proposed(RAW)[0])
    assert [(f.name, f.title, f.type, f.unit, f.role) for f in found.fields] == [
        ("holiday", "Holiday", "string", "category", "dimension"),
        ("year", "Year", "string", "financial-year", "dimension"),
        ("places_offered", "Places offered", "integer", "count", "measure"),
        ("take_up", "Take-up (%)", "integer", "percent", "measure"),
        ("cost", "Cost", "number", "gbp", "measure"),
        ("seen_on", "Seen on", "date", "date", "dimension"),
    ]
    assert found.primary_key == ("holiday",)
    assert found.field("holiday").has_order
    assert found.place.paper == "report"


def test_thousands_with_a_no_break_space_are_numbers() -> None:
    proposal, problems = proposed("Area;Visits\nNorth;1\u00a0098\nSouth;1\u00a0068\n".encode("cp1252"))
    assert proposal.extract == b"area,visits\nNorth,1098\nSouth,1068\n"
    assert {problem.code for problem in problems} == {"csv-normalised", "csv-windows-1252"}


def test_cell_that_is_refused_anyway_does_not_keep_a_file_with_semicolons_from_being_written() -> None:
    proposal, problems = proposed("Reason;Share (%)\nLate;<1%\nLost;45%\nOther;55%\n")
    assert proposal.extract == b"reason,share\nLate,<1%\nLost,45\nOther,55\n"
    (refused,) = [problem for problem in problems if problem.code == "bad-number"]
    assert refused.message == "column 'Share (%)': '<1%' is not a plain number: write 'under 1'"


def test_heading_above_the_names_of_the_columns_is_one_problem() -> None:
    found = propose("places", "/tmp/Places.csv", b"Spending,,\nArea,Visits,Cost\nNorth,1,2\n")
    assert found.value is None
    (problem,) = found.problems
    assert (problem.code, problem.message) == ("csv-header", "columns 2, 3 have no name")
    assert problem.hint == "name each column in this row; take out a heading that stands above it"


def test_number_with_two_readings_keeps_a_file_with_semicolons_from_being_written() -> None:
    found = propose("places", "/tmp/Places.csv", b"Area;Visits\nNorth;1,234\nSouth;5\n")
    assert found.value is None
    assert [problem.code for problem in found.problems if problem.code != "csv-normalised"] == ["bad-number"]


def column(heading: str, *cells: str) -> tuple[str, str, str]:
    """Return type, unit and role that are inferred for a column."""
    rows = "".join(f'{n},"{cell}"\n' for n, cell in enumerate(cells))
    text = proposed(f'key,"{heading}"\n{rows}')[0].sidecar
    entry = text.split("    - name: ")[2]
    found = [re.search(rf"^      {key}:(.*)$", entry, re.MULTILINE) for key in ("type", "unit", "role")]
    kind, unit, role = (match[1].strip() if match else "" for match in found)
    return kind, unit, role


@pytest.mark.parametrize(
    ("heading", "cells", "kind", "unit"),
    [
        ("Spend (£m)", ["1.5", "2"], "number", "gbp-million"),
        ("Spend £000", ["1.5", "2"], "number", "gbp-thousand"),
        ("Spend £'000s", ["1", "2"], "integer", "gbp-thousand"),
        ("Spend (£k)", ["1.5", "2"], "number", "gbp-thousand"),
        ("Spend", ["£1.5k", "£2k"], "number", "gbp-thousand"),
        ("Spend", ["£1.5m", "[x]"], "number", "gbp-million"),
        ("Spend", ["£1", "2"], "integer", "gbp"),
        ("Change, percentage points", ["1.5"], "number", "percentage-points"),
        ("Share", ["5%", "6%"], "integer", "percent"),
        ("Percentage in time", ["5", "6"], "integer", "percent"),
        ("Charge", ["5p"], "integer", "pence"),
        ("Admissions per 100,000", ["5.5"], "number", "rate"),
        ("Visits", ["5", "[lost]"], "integer", "count"),
        ("Visits", ["5", "n/a", "7"], "integer", "count"),
        ("Mixed", ["5%", "£6"], "integer", ""),
        ("Score", ["5.5"], "number", ""),
        ("Year", ["2022", "2023"], "string", "year"),
        ("Period", ["2022-23", "2023/24"], "string", "financial-year"),
        ("Period", ["Q1 2023", "Quarter 2"], "string", "quarter"),
        ("Status", ["Green", "RED"], "string", "rating"),
        ("Travel", ["Improving", "Worsening"], "string", "direction"),
        ("Reason", ["a sentence that is long enough to be a reason and no name at all"], "string", "text"),
        ("Code", ["01", "02"], "string", "category"),
        ("Name", ["5", "North", "South"], "string", "category"),
        ("Nothing", ["", ""], "string", ""),
        ("Day", ["31/03/2024", "[x]"], "date", "date"),
    ],
)
def test_type_and_unit_are_inferred_or_left_open(heading: str, cells: list[str], kind: str, unit: str) -> None:
    assert column(heading, *cells)[:2] == (kind, unit)


def test_base_of_a_rate_is_read_from_the_heading() -> None:
    assert "      per: 100000\n" in proposed("Area,Rate per 100\u202f000,Admissions per 100,000\n".replace(
        "Admissions per 100,000", '"Admissions per 100,000"') + "N,1.5,2.5\n")[0].sidecar  # fmt: skip


def test_column_called_lines_is_provenance() -> None:
    assert column("Lines", "5-9", "396, 530") == ("string", "text", "provenance")


def test_totals_are_moved_from_the_rows_to_the_sidecar() -> None:
    raw = "Area,Boys,Girls,Total\nNorth,1,2,3\nSouth,4,5,9\nTotal,5,7,12\n"
    proposal, problems = proposed(raw)
    assert problems == ()
    found = completed(proposal)
    assert [row.values[0] for row in found.rows] == ["North", "South"]
    assert [(total.id, total.total, total.parts) for total in found.totals] == [
        ("total", "", ()),
        ("total-2", "total", ("boys", "girls")),
    ]
    assert "line 4: 'Total' is the total of 2 rows; it stands in the sidecar now" in proposal.findings


def test_row_called_total_that_no_rows_add_up_to_stays_for_the_editor_to_compare() -> None:
    proposal, problems = proposed("Area,Visits\nNorth,1\nSouth,2\nTotal,4\n")
    assert problems == ()
    why = "the row 'Total' calls itself a total, but no other rows add up to it"
    assert f"line 4: {why}; it was left where it is" in proposal.findings
    assert proposal.extract.decode().endswith("Total,4\n")


def test_key_is_the_smallest_set_of_leading_columns_that_tells_the_rows_apart() -> None:
    assert completed(proposed("Year,Area,Visits\n2022-23,N,1\n2022-23,S,2\n2023-24,N,3\n")[0]).primary_key == (
        "year",
        "area",
    )
    proposal, _ = proposed("Area,Visits\nN,1\nN,2\n")
    assert completed(proposal).primary_key == ()
    assert any("there is no key" in finding for finding in proposal.findings)


def test_headings_become_names_each_once() -> None:
    proposal, _ = proposed('Visits (2022),"Visits, 2022",£,"say ""x"": #1"\n1,2,3,4\n')
    assert proposal.extract.startswith(b"visits_2022,visits_2022_2,gbp,say_x_1\n")
    completed(proposal)


def test_cell_that_is_refused_is_reported_in_the_file_and_kept_for_the_editor() -> None:
    proposal, problems = proposed("Area,Visits\nN,1\nS,n/a\nW,3\n")
    assert [(p.code, p.at.line, p.at.column) for p in problems] == [("bad-number", 3, 3)]
    assert b"\nS,n/a\n" in proposal.extract


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "csv-header"),
        (b"PK\x03\x04", "csv-encoding"),
        (b"a;b,c\n1;2,3\n", "csv-delimiter"),
        (b"a,a\n1,2\n", "csv-header"),
        (b"Table 3,,\na,b,c\n1,2,3\n", "csv-header"),
        (b"a;b\nN;1,234\n", "bad-number"),
        (b'a,"b\n', "csv-syntax"),
    ],
)
def test_file_that_holds_no_table_or_could_hold_another_is_refused(raw: bytes, code: str) -> None:
    found = propose("places", "Places.csv", raw)
    assert found.value is None
    assert code in {problem.code for problem in found.problems}


def test_paper_that_was_not_named_is_left_to_the_editor() -> None:
    assert "\n  paper:\n" in proposed(RAW, "")[0].sidecar


def test_column_gets_no_name_that_the_download_needs_for_notes() -> None:
    proposal, _ = proposed("park,visits,visits note\nNorth,1,late\nSouth,2,[x]\n")
    assert proposal.extract.decode().partition("\n")[0] == "park,visits,visits_notes"


def test_shares_of_a_total_row_and_units_that_few_cells_say_are_told() -> None:
    proposal, _ = proposed("park,visits,open\nNorth,1,80%\nSouth,2,90\nTotal,3,85\n")
    assert "line 4: 85 in 'open' is no sum and was left out; a check can state it" in proposal.findings
    assert "column 'open' (open): numbers in %, as 1 of 3 cells say" in proposal.findings
