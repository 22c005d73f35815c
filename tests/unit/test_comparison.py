"""A figure that was typed by hand is compared with the cells, and the cells that hold it are proposed."""

from __future__ import annotations

import pytest

from generator.comparison import Book
from generator.diagnostics import Diagnostic, Severity
from generator.prose import find_typed
from tests.conftest import DESCRIPTION, HOME, PAPERS, SIDECAR, Builder, page, parks, site_files

TOTALS = "totals:\n  - {id: all, label: All parks, by: [], printed: [{visits: 2060, cost: 28.4}]}\n"
BLOCK = """\
```table
id: parks
data: parks
title: %s
notes:
  - >-
    The north park had
    %s visits.
```
"""


def warnings(built: Builder, files: dict[str, str | bytes | None]) -> list[Diagnostic]:
    """Return the warnings about typed figures in a site with these files."""
    return [p for p in built(site_files({**files})).problems if p.code == "bare-figure"]


def prose(built: Builder, text: str) -> list[Diagnostic]:
    """Return the warnings about figures in the text of a page."""
    return warnings(built, {"content/a.md": page(text), "content/data/parks.yaml": SIDECAR + TOTALS})


@pytest.mark.parametrize(
    ("typed", "references"),
    [
        ("1,200", ["parks: visits[park=North]"]),
        ("860", ["parks: visits[park=South]"]),
        ("£24.5k", ["parks: cost[park=North]"]),
        ("£24,500", ["parks: cost[park=North]"]),
        ("£25,000", []),
        ("£24,000", []),
        ("£25 thousand", ["parks: cost[park=North]"]),
        ("£0.02 million", ["parks: cost[park=North]"]),
        ("£3.1k", ["parks: cost[park=South]"]),
        ("2,060", ["parks: all.visits"]),
        ("3", ["parks: count(park)"]),
        ("24.5%", []),
        ("1.2 thousand", ["parks: visits[park=North]"]),
        ("1,201", []),
    ],
)
def test_figure_finds_its_cells(typed: str, references: list[str]) -> None:
    (figure,) = find_typed(typed)
    found = Book(parks(SIDECAR + TOTALS)).find(figure)
    assert [reference for reference, _ in found if "count" not in reference or typed == "3"] == references


def test_typed_figure_in_prose_is_a_warning_that_proposes_its_cell(built: Builder) -> None:
    (found,) = prose(built, "First.\n\nThe *north* park\nhad 1,200 visits.\n")
    assert (str(found.at), found.at.width, found.severity) == ("content/a.md:8:5", 5, Severity.WARNING)
    assert found.message == "'1,200' is typed by hand, so it stays when the data changes"
    assert found.hint == "write {value}`parks: visits[park=North]`"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("It cost £24.5k.", "write {value}`parks: cost[park=North]`"),
        ("It cost £24,500.", "write {value}`parks: cost[park=North] | pounds`"),
        ("It cost £0.02 million.", "write {value}`parks: cost[park=North] | million`"),
        ("It lost £3,100.", "write {value}`parks: cost[park=South] | pounds without sign`"),
        ("It had 77 visits.", "no cell holds it; quote the paper: {printed}`77 @ paper: page 1, paragraph 2`"),
    ],
)
def test_proposal_has_the_format_that_was_typed(built: Builder, text: str, hint: str) -> None:
    assert [found.hint for found in prose(built, text)] == [hint]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("## Of 1,200 visits\n", [(5, 7)]),
        ("- a\n- 1,200 visits\n", [(6, 3)]),
        ("> 1,200 visits\n", [(5, 3)]),
        ("| a | b |\n|---|---|\n| c | 1,200 |\n", [(7, 7)]),
        (":::note All 1,200\nText.\n:::\n", [(5, 1)]),
        ("A[^1].\n\n[^1]: Of 1,200.\n", [(7, 10)]),
        ("Term\n: Of 1,200.\n", [(6, 6)]),
        ("See [the 1,200](https://a.example/300/).\n", [(5, 10)]),
        ("**1,200** and *1,300*\n", [(5, 3), (5, 16)]),
        ("a &amp; 1,200 \\| b 1,300\n", [(5, 9), (5, 20)]),
        ("£24.5\nmillion\n", [(5, 1)]),
        ("`1,200` and {value}`parks: visits[park=North]`\n", []),
        ("```\n1,200\n```\n", []),
        ("1. One\n2. Two\n", []),
        ("In Quarter\n4 of 2023/24.\n", []),
    ],
)
def test_typed_figures_are_found_to_the_column(built: Builder, text: str, places: list[tuple[int, int]]) -> None:
    assert [(found.at.line, found.at.column) for found in prose(built, text)] == places


@pytest.mark.parametrize(("title", "note", "typed"), [
    ("Parks had 2,060 visits", "1,200", []),
    ("Parks had 2,061 visits", "1,200", ["2,061"]),
    ("Three parks", "1,200 of 1,300", ["1,300"]),
])  # fmt: skip
def test_figures_of_a_block_are_compared_with_its_dataset(
    built: Builder, title: str, note: str, typed: list[str]
) -> None:
    files: dict[str, str | bytes | None] = {
        "content/a.md": page(BLOCK % (title, note)),
        "content/data/parks.yaml": SIDECAR + TOTALS,
    }
    found = warnings(built, files)
    assert [p.message for p in found] == [f"'{t}' is typed by hand, and 'parks' has no such figure" for t in typed]
    assert [p.at.line for p in found] == [8 if t == "2,061" else 12 for t in typed]


def test_sentence_that_no_longer_holds_is_named_when_the_extract_changes(built: Builder) -> None:
    files: dict[str, str | bytes | None] = {"content/a.md": page(BLOCK % ("Parks", "1,200"))}
    assert warnings(built, files) == []
    files["content/data/parks.csv"] = "park,visits,cost\nNorth,1300,24.5\nSouth,860 [p],-3.1\nWest,[x],7.0\n"
    assert [(found.at.line, found.at.column) for found in warnings(built, files)] == [(12, 5)]


def test_bound_sentence_changes_with_the_extract(built: Builder) -> None:
    text = "Costs went {value}`parks: change(cost[park=West] -> cost[park=North]) | percent up or down`."
    made = built(site_files({"content/a.md": page(text)}))
    assert ">up 250%</a>" in made.files["a/index.html"].decode()  # type: ignore[index]
    extract = "park,visits,cost\nNorth,1200,3.5\nSouth,860 [p],-3.1\nWest,[x],7.0\n"
    made = built(site_files({"content/a.md": page(text), "content/data/parks.csv": extract}))
    assert ">down 50%</a>" in made.files["a/index.html"].decode()  # type: ignore[index]


@pytest.mark.parametrize(
    ("head", "typed"),
    [
        ("summary: Parks had 1,200 visits.", []),
        ("summary: Parks had 1,201 visits.", ["1,201"]),
        ('summary: "Parks had {value}`parks: visits[park=North]` visits, {printed}`5 @ report: page 1` new."', []),
    ],
)
def test_head_of_a_page_is_compared_with_the_datasets_of_the_page(built: Builder, head: str, typed: list[str]) -> None:
    home = HOME.replace("---\nParks", f"{head}\n---\nParks")
    assert [
        found.message.partition("'")[2].partition("'")[0] for found in warnings(built, {"content/index.md": home})
    ] == typed


def test_roles_in_the_head_of_a_page_and_in_a_block_are_filled(built: Builder) -> None:
    title = '"North had {value}`parks: visits[park=North]` and {printed}`5 @ report: page 1` more"'
    block = BLOCK % ("North in words", "{value}`parks: visits[park=North]`")
    made = built(site_files({"content/a.md": page(block, title=title)}))
    html = made.files["a/index.html"].decode()  # type: ignore[index]
    assert [p for p in made.problems if p.code != "unused-dataset"] == []
    assert "<h1>North had 1,200 and 5 more</h1>" in html
    assert "The north park had 1,200 visits." in html


def test_figures_of_a_sidecar_are_compared_and_its_roles_are_filled(built: Builder) -> None:
    notes = "notes: ['Of {value}`parks: count(park)` parks one had 1,200 visits and 77 dogs.']\n"
    (found,) = warnings(built, {"content/data/parks.yaml": SIDECAR + notes})
    assert found.message == "'77' is typed by hand, and 'parks' has no such figure"
    line = (SIDECAR + notes).count("\n")
    assert (found.at.line, found.at.column) == (line, notes.index("77") + 1)
    made = built(site_files({"content/data/parks.yaml": SIDECAR + notes}))
    assert "Of 3 parks one" in made.files["data/parks/index.html"].decode()  # type: ignore[index]


def test_role_in_a_sidecar_that_names_nothing_is_placed(built: Builder) -> None:
    notes = "notes: ['Of {value}`parks: count(prk)` parks, {printed}`5 @ reprt: page 1` closed.']\n"
    made = built(site_files({"content/data/parks.yaml": SIDECAR + notes}))
    line = (SIDECAR + notes).count("\n")
    assert [(p.code, p.at.line, p.at.column) for p in made.problems] == [
        ("unknown-column", line, notes.index("{value}") + 1),
        ("unknown-paper", line, notes.index("{printed}") + 1),
    ]


def test_description_of_a_paper_is_compared_with_its_datasets(built: Builder) -> None:
    papers = PAPERS.replace("The yearly report", "Report on 3 parks and 99 dogs. The yearly report")
    (found,) = warnings(built, {"content/sources.yaml": papers})
    assert (found.at.path, found.message.partition(" is")[0]) == ("content/sources.yaml", "'99'")


def test_draft_is_compared_only_when_it_is_shown(built: Builder) -> None:
    files = site_files({"content/a.md": page("Had 1,200.\n", more="draft: true\n")})
    assert [p.code for p in built(files).problems] == []
    assert [p.code for p in built(files, drafts=True).problems] == ["bare-figure"]


def test_description_is_measured_without_the_text_of_its_roles(built: Builder) -> None:
    role = "{value}`parks: visits[park=North]`"
    head = f'"{DESCRIPTION} There are {role} of them, {role} of them, {role} of them."'
    made = built(site_files({"content/a.md": page().replace(DESCRIPTION, head)}))
    assert [p.code for p in made.problems] == []
