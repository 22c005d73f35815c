"""The audit finds a disagreement planted into clean tables without being told where, and is silent on clean tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import product

import pytest

from generator.audit.findings import Finding, audit
from generator.audit.report import report, report_json
from generator.datasets import Dataset
from generator.diagnostics import Severity
from generator.reconcile import check_dataset
from tests.conftest import read_parks

HEAD = """\
name: {name}
path: {name}.csv
title: {title}
description: Figures of a council for tests, each in a place that the audit must find by itself.
source: {{paper: {paper}, item: Item 4, table: Table 1}}
period: "2023-24"
period_type: financial-year
phase: {phase}
basis: {basis}
geography: council
schema:
  primaryKey: [{key}]
  fields:
"""
WORDS = "    - {{name: {0}, type: string, title: {1}, description: Words., role: dimension, unit: {2}}}\n"
NUMBERS = "    - {{name: {0}, type: number, title: {1}, description: Numbers., role: measure, unit: {2}}}\n"


def table(
    extract: str, units: str, more: str = "", name: str = "money", titles: Mapping[str, str] | None = None, **head: str
) -> Dataset:
    """Make a dataset; *units* are those of its columns in order, ``key`` and ``word`` for columns of words."""
    columns = extract.splitlines()[0].split(",")
    kinds = dict(zip(columns, units.split(), strict=True))
    key = ", ".join(column for column, unit in kinds.items() if unit in ("key", "financial-year"))
    said = {"title": "Money of the council", "paper": "report", "phase": "reported", "basis": "level", **head}
    sidecar = HEAD.format(name=name, key=key, **said)
    for column, unit in kinds.items():
        title = (titles or {}).get(column, column.replace("_", " ").capitalize())
        form = WORDS if unit in ("key", "word", "financial-year") else NUMBERS
        sidecar += form.format(column, title, "category" if unit in ("key", "word") else unit)
    found = read_parks(sidecar + more, extract, name)
    assert [problem.message for problem in found.problems] == []
    assert found.value is not None
    return found.value


def find(*datasets: Dataset, from_scratch: bool = True) -> list[Finding]:
    return list(audit({dataset.id: dataset for dataset in datasets}, from_scratch=from_scratch))


def kinds(*datasets: Dataset) -> list[tuple[str, str]]:
    return [(finding.kind, finding.check.difference) for finding in find(*datasets)]


TOTAL = "totals:\n  - {{id: all, label: Total, printed: [{{roads: {0}, parks: 7777, schools: 91234}}]}}\n"
PLACES = "place,roads,parks,schools\nNorth,1234,1111,30617\nSouth,2345,2222,40506\nWest,3210,4444,20111\n"


def test_printed_total_that_its_rows_do_not_give_is_found_by_the_totals_beside_it() -> None:
    assert kinds(table(PLACES, "key count count count", TOTAL.format(6789))) == []
    found = find(table(PLACES, "key count count count", TOTAL.format(5555)))
    assert [(f.kind, f.check.column, f.holds, f.of) for f in found] == [("total", "roads", 2, 3)]
    assert found[0].clue == "The difference is as large as the row North."
    assert found[0].check.sentence == (
        "Total, Roads: the paper prints 5,555. Its rows add up to 6,789. The difference is 1,234."
    )


def test_rows_that_a_total_leaves_out_are_found_not_told() -> None:
    extract = "place,sort,roads,parks,schools\nNorth,a,1234,1111,30617\nSouth,a,2345,2222,40506\n"
    extract += "West,a,3210,4444,20111\nof which coast,b,910,87,911\n"
    where = "totals:\n  - {{id: all, label: Total, where: {{sort: a}}, "
    where += "printed: [{{roads: {0}, parks: 7777, schools: {1}}}]}}\n"
    assert kinds(table(extract, "key word count count count", where.format(6789, 91234))) == []
    assert kinds(table(extract, "key word count count count", where.format(6798, 91234))) == [("total", "9")]


def test_total_that_nothing_gives_is_compared_with_all_rows_if_it_is_near() -> None:
    near, far = "roads: 7000", "roads: 70000"
    total = "totals:\n  - {{id: all, label: Total, printed: [{{{0}}}]}}\n"
    assert kinds(table(PLACES, "key count count count", total.format(near))) == [("total", "211")]
    assert kinds(table(PLACES, "key count count count", total.format(far))) == []


def test_row_whose_columns_do_not_add_up_as_in_other_rows_is_found() -> None:
    extract = (
        "place,core,external,all\nNorth,1234,111,1345\nSouth,2345,222,2567\nWest,3210,444,{0}\nEast,4321,555,4876\n"
    )
    assert kinds(table(extract.format("3654"), "key count count count")) == []
    found = find(table(extract.format("3645"), "key count count count"))
    assert [(f.kind, dict(f.check.keys)) for f in found] == [("row sum", {"place": "West"})]
    assert found[0].clue == "Both figures have the same digits in another order."


def test_sum_of_lines_is_found_in_a_long_table_for_each_year() -> None:
    lines = [("2021-22", 1250.4, 310.7, 1561.1), ("2022-23", 1301.9, 287.2, 1589.1), ("2023-24", 1344.6, 296.3, 1640.9)]
    rows = [f"{year},{line},{value}" for year, *values in lines
            for line, value in zip(("wages", "rent", "spent"), values, strict=True)]  # fmt: skip
    clean = "year,line,cost\n" + "\n".join(rows) + "\n"
    units = "financial-year key gbp-thousand"
    assert kinds(table(clean, units)) == []
    assert ("row sum", "£10.0k") in kinds(table(clean.replace("1589.1", "1599.1").replace("1561.1", "1561.1"), units))


def test_share_that_is_not_its_part_of_the_whole_is_found() -> None:
    extract = "place,repaired,reported,share\nNorth,7688,8011,96.0\nSouth,1203,1391,86.5\nWest,905,1302,{0}\n"
    extract += "East,77,402,19.2\n"
    units = "key count count percent"
    assert [kind for kind, _ in kinds(table(extract.format("69.5"), units))] == []
    assert kinds(table(extract.format("65.9"), units)) == [("share", "3.608 percentage points")]


def test_share_of_all_rows_and_shares_that_do_not_add_up_to_100_are_found() -> None:
    extract = "theme,spent,share\nA,420857,5.2\nB,1205821,14.8\nC,1385728,17.0\nD,2148872,26.4\nE,2969078,{0}\n"
    assert kinds(table(extract.format("36.5"), "key gbp percent")) == []
    found = dict(kinds(table(extract.format("38.5"), "key gbp percent")))
    assert found == {"share": "1.982 percentage points", "hundred": "1.9 percentage points"}


def test_part_that_is_larger_than_its_whole_is_found_where_other_parts_fit_closely() -> None:
    rows = [(1237, 2446, 4000), (1379, 2949, 4500), (803, 1714, 2600), (906, 804, 1750), (809, 3871, 4800),
            (520, 3440, 4100), (142, 1631, 1800), (339, 796, 1150)]  # fmt: skip
    clean = "place,young,old,people\n" + "".join(f"p{n},{a},{b},{c}\n" for n, (a, b, c) in enumerate(rows))
    assert kinds(table(clean, "key count count count")) == []
    assert kinds(table(clean.replace("1750", "1650"), "key count count count")) == [("part of a whole", "60")]


def test_year_that_does_not_begin_with_what_the_last_one_ended_with_is_found() -> None:
    years = [
        ("2020-21", 1315.6, 1400.9),
        ("2021-22", 1400.9, 1477.2),
        ("2022-23", 1477.2, 1538.3),
        ("2023-24", 1538.3, 1602.5),
    ]
    rows = [
        f"{year},{line},{value}" for year, *both in years for line, value in zip(("base", "end"), both, strict=True)
    ]
    clean = "year,line,cost\n" + "\n".join(rows) + "\n"
    assert kinds(table(clean, "financial-year key gbp-million")) == []
    changed = clean.replace("2022-23,base,1477.2", "2022-23,base,1471.2")
    assert ("roll", "£6.0m") in kinds(table(changed, "financial-year key gbp-million"))


def test_gap_in_a_series_of_years_is_found() -> None:
    rows = "".join(f"{year}-{year - 1999},{year * 7 % 97}\n" for year in range(2010, 2018))
    assert kinds(table("year,cost\n" + rows, "financial-year gbp-million")) == []
    found = find(table("year,cost\n" + rows.replace("2014-15,", "2018-19,"), "financial-year gbp-million"))
    assert [(f.kind, f.check.difference) for f in found] == [("series", "2014")]


THERE = "area,people\nNorth,1234\nSouth,2345\nWest,{0}\nEast,4321\nMiddle,777\n"


def test_figure_that_stands_in_another_table_with_another_value_is_found_once() -> None:
    here = table(THERE.format(3210).replace("area", "place"), "key count")
    assert kinds(here, table(THERE.format(3210), "key count", name="other")) == []
    found = find(here, table(THERE.format(3201), "key count", name="other"))
    assert [(f.kind, f.check.difference) for f in found] == [("two places", "9")]


def test_money_of_another_scale_and_sign_is_the_same_figure() -> None:
    here = table("area,cost\nNorth,1.235\nSouth,-2.346\nWest,3.210\nEast,4.321\n", "key gbp-million")
    there = "area,saving\nNorth,-1235\nSouth,2346\nWest,{0}\nEast,-4321\n"
    assert kinds(here, table(there.format(-3210), "key gbp-thousand", name="other")) == []
    assert [kind for kind, _ in kinds(here, table(there.format(-3310), "key gbp-thousand", name="other"))] == [
        "two places"
    ]


def test_figure_that_is_the_sum_of_part_of_another_table_is_found() -> None:
    rows = "".join(f"{n},{area},{sort},{value}\n" for n, (area, sort, value) in enumerate(
        [("North", "core", 1000), ("North", "core", 234), ("North", "extra", 90), ("South", "core", 2345),
         ("West", "core", 3000), ("West", "core", 210), ("West", "extra", 17), ("East", "core", 4321)]))  # fmt: skip
    there = table("id,area,sort,people\n" + rows, "key word word count", name="other")
    here = "place,persons\nNorth,1234\nSouth,2345\nWest,{0}\nEast,4321\n"
    assert kinds(table(here.format(3210), "key count"), there) == []
    found = find(table(here.format(3012), "key count"), there)
    assert [(f.kind, f.check.difference) for f in found] == [("two places", "198")]
    assert "sort=core" in found[0].entry


def test_count_of_rows_of_another_table_is_found() -> None:
    sizes = {"North": 12, "South": 9, "West": 17, "East": 23}
    rows = [f"{area}{n},{area}" for area, size in sizes.items() for n in range(size)]
    there = table("id,area,cost\n" + "".join(f"{row},{n * 37 % 101}\n" for n, row in enumerate(rows)),
                  "key word gbp", name="other")  # fmt: skip
    here = "place,templates\nNorth,12\nSouth,9\nWest,{0}\nEast,23\n"
    assert kinds(table(here.format(17), "key count"), there) == []
    assert kinds(table(here.format(18), "key count"), there) == [("count", "1")]


def test_total_that_is_the_sum_of_neighbouring_rows_of_another_table_is_found() -> None:
    columns = "place,a,b,c,d,e\n"
    there = table(columns + "X,7,9,8,6,5\nY,1234,2345,3210,111,4321\nZ,99,1987,45,3456,678\nV,3,1,4,1,5\n",
                  "key count count count count count", name="other")  # fmt: skip
    total = "totals:\n  - {{id: all, label: All, printed: [{{a: 1333, b: 4332, c: 3255, d: {0}, e: 4999}}]}}\n"
    here = columns + "N,1000,4000,3000,3000,4000\nM,333,332,255,567,999\n"
    units = "key count count count count count"
    assert kinds(table(here, units, total.format(3567)), there) == []
    wrong = table(here.replace("567", "577"), units, total.format(3577))
    assert kinds(wrong, there) == [("rows of another table", "10")]


def test_coarse_figure_that_just_misses_a_finer_one_of_the_same_name_is_found() -> None:
    finer = table("line,cost\nNet budget requirement,1415450.7\nOther,3.1\n", "key gbp-thousand", name="other")
    here = "figure,amount\nAssumed net budget,{0}\nStaff,12.5\n"
    assert kinds(table(here.format("1415.5"), "key gbp-million"), finer) == []
    found = find(table(here.format("1415.4"), "key gbp-million"), finer)
    assert [(f.kind, f.check.result) for f in found] == [("same name", "cut")]


def test_stated_growth_and_stated_change_are_compared_with_the_figures_that_their_words_name() -> None:
    titles = {"a": "12 months to March 2023", "b": "12 months to March 2024"}
    total = "totals:\n  - {id: all, label: All, printed: [{a: 5157, b: 5593}]}\n"
    data = table("service,a,b\nRoads,5000,5500\nParks,157,93\n", "key count count", total, "other", titles,
                 title="Complaints received by service")  # fmt: skip
    said = (
        "measure,period,compared_with,change\nComplaints received,12 months to March 2024,12 months to March 2023,{0}\n"
    )
    assert kinds(table(said.format("8.5"), "key key key percent", basis="change"), data) == []
    assert kinds(table(said.format("9.1"), "key key key percent", basis="change"), data) == [
        ("stated change", "0.645 percentage points")
    ]


def test_papers_of_other_standing_make_a_difference_less_sure() -> None:
    here = table(THERE.format(3210), "key count")
    same = table(THERE.format(3201), "key count", name="other")
    later = table(THERE.format(3201), "key count", name="other", phase="plan-update")
    assert find(here, later)[0].score == find(here, same)[0].score - 20


def test_what_a_sidecar_declares_is_not_found_again() -> None:
    extract = (
        "place,core,external,all\nNorth,1234,111,1345\nSouth,2345,222,2567\nWest,3210,444,3645\nEast,4321,555,4876\n"
    )
    undeclared = table(extract, "key count count count")
    (finding,) = find(undeclared, from_scratch=False)
    declared = table(extract, "key count count count", pasted([finding]))
    assert check_dataset(declared, {"money": declared}).problems == ()
    assert find(declared, from_scratch=False) == []
    assert len(find(declared)) == 1


def pasted(findings: list[Finding]) -> str:
    """Write the lines that findings offer as they would stand in the sidecar."""
    checks = dict.fromkeys(finding.entry for finding in findings if finding.entry)
    notes = dict.fromkeys(finding.acknowledged for finding in findings)
    return "".join(("checks:\n" if checks else "", *(f"  - {line}\n" for line in checks),
                    "acknowledged:\n", *(f"  - {line}\n" for line in notes)))  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("43210", "One figure is ten times the other."),
        ("-4321", "Only the sign differs."),
        ("4312", "Both figures have the same digits in another order."),
        ("4999", ""),
    ],
)
def test_finding_says_what_its_difference_looks_like(printed: str, words: str) -> None:
    other = THERE.format(3210)
    (found,) = find(table(other, "key count"), table(other.replace("4321", printed), "key count", name="other"))
    assert found.clue == words


@pytest.mark.parametrize("shown", [40, 0])
def test_report_ends_with_a_count_and_names_rows_and_lines_for_the_sidecar(shown: int) -> None:
    findings = find(table(THERE.format(3210), "key count"), table(THERE.format(3201), "key count", name="other"))
    text = report(findings, shown)
    assert text.endswith("1 finding" if shown else "1 finding, 1 more with --all")
    assert ("checks: - {id: people-west" in text) is bool(shown)
    assert report([], 40) == "nothing found"
    assert (
        json.loads(report_json(findings))[0]["rows"] == "content/data/money.csv: line 4; content/data/other.csv: line 4"
    )


@pytest.mark.parametrize(
    ("units", "rows"),
    [
        *product(
            ["key count count", "word count percent"],
            ["", "x,0,0\n", "x,5,[lost]\ny,[x],50\n", "a;b,1,1\n@c,2,2\n"],
        ),
        ("financial-year gbp-million count", ""),
        ("financial-year gbp-million count", "2023-24,5,[lost]\n2024-25,[x],50\n"),
    ],
)
def test_tables_with_few_or_odd_rows_have_no_findings_and_raise_nothing(units: str, rows: str) -> None:
    extract = f"line,cost,part\n{rows}"
    assert kinds(table(extract, units), table(extract, units, name="other")) == []


def test_findings_are_advice_in_the_words_for_readers() -> None:
    findings = find(table(PLACES, "key count count count", TOTAL.format(5555)))
    text = report(findings, 40).casefold()
    assert not any(word in text for word in ("error", "wrong", "failed", "misleading", Severity.ERROR.value))
