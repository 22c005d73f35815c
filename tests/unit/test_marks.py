"""What is said of a value stays with it in a chart, a table, a sentence, a list and a download, and is explained."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from generator.charts.describe import describe
from generator.charts.shape import ChartData
from generator.contexts import TableView
from generator.datasets import Dataset
from generator.diagnostics import Diagnostic, Location
from generator.downloads import published_csv
from generator.figures import Figure, Library, Records, resolve_block
from generator.markdown import BlockPart
from generator.positioned import parse_yaml
from generator.quantities import MARKS, MISSING_MARKS, QUALIFIERS, Quantity
from generator.roles import parse_value
from tests.conftest import SIDECAR, parks

CELLS = [
    *(f"[{mark}]" for mark in sorted(MISSING_MARKS)),
    *(f"860 [{mark}]" for mark in sorted(MARKS.keys() - MISSING_MARKS)),
    *(f"{word} 860" for word in QUALIFIERS),
    "about 860 [p]",
]
BLOCKS = {
    "chart": "kind: bar\ny: park\nx: visits\nalt: auto",
    "table": "columns: [park, visits]",
    "records": "group: park\nheading: park\nanchor: park\namount: visits\nfacts: [cost]",
}


def dataset(cell: str, sidecar: str = SIDECAR) -> Dataset:
    return parks(sidecar, f"park,visits,cost\nNorth,1200,7\nSouth,{cell},{cell}\n")


def library(found: Dataset) -> Library:
    return Library({"parks": found}, {}, {}, {}, "Testing Council")


def block(kind: str, found: Dataset) -> Figure | Records:
    table = parse_yaml(f"id: f\ndata: parks\ntitle: T\n{BLOCKS[kind]}", "a.md").value
    problems: list[Diagnostic] = []
    made = resolve_block(BlockPart(kind, table, Location("a.md", 1)), library(found), problems)
    assert problems == []
    assert isinstance(made, Figure | Records)
    return made


def quantity(found: Dataset) -> Quantity:
    value = found.value(found.rows[1], "visits")
    assert isinstance(value, Quantity)
    return value


def is_said(value: Quantity, text: str, *, in_full: bool) -> bool:
    """Tell whether *text* has the number with its qualifier, and its mark in words or else as shorthand."""
    if value.number is None:
        return MARKS[value.mark] in text and not any(digit.isdigit() for digit in text)
    mark = f"({MARKS.get(value.mark)})" if in_full else f"[{value.mark}]"
    return f"{value.qualifier} 860".strip() in text and (not value.mark or mark in text)


def is_explained(value: Quantity, notes: tuple[str, ...]) -> bool:
    wanted = [MARKS[value.mark]] if value.mark and value.number is not None else []
    wanted += [QUALIFIERS[value.qualifier]] if value.qualifier else []
    return all(any(words in note for note in notes) for words in wanted)


def row_text(table: TableView, number: int) -> str:
    return " | ".join(f"{cell.text} [{cell.mark}]" if cell.mark else cell.text for cell in table.rows[number].cells)


@pytest.mark.parametrize("cell", [cell for cell in CELLS if "[u]" not in cell])  # which no chart shows
def test_chart_says_it_in_the_picture_in_the_text_alternative_and_below(cell: str) -> None:
    found = dataset(cell)
    made = block("chart", found)
    assert isinstance(made, Figure)
    assert isinstance(made.data, ChartData)
    value = quantity(found)
    assert is_said(value, made.data.points[-1].label, in_full=False)
    assert is_said(value, row_text(made.table, -1), in_full=False)
    assert is_explained(value, made.notes)
    said = describe(made.data)
    assert "1 of 2 values is missing" in said if value.number is None else is_said(value, said, in_full=True)


@pytest.mark.parametrize("cell", CELLS)
def test_table_says_it_in_the_cell_and_explains_it_beside_the_table(cell: str) -> None:
    found = dataset(cell)
    made = block("table", found)
    assert isinstance(made, Figure)
    assert is_said(quantity(found), row_text(made.table, 1), in_full=False)
    assert is_explained(quantity(found), made.notes)


@pytest.mark.parametrize("cell", CELLS)
def test_sentence_says_it_in_full(cell: str) -> None:
    found = dataset(cell)
    part = parse_value("parks: visits[park=South]", Location("a.md", 1))
    assert not isinstance(part, Diagnostic)
    made = library(found).shelf.bind(part, [])
    assert made is not None
    assert is_said(quantity(found), made.text, in_full=True)


@pytest.mark.parametrize("cell", CELLS)
def test_list_says_it_of_amounts_and_facts(cell: str) -> None:
    found = dataset(cell)
    made = block("records", found)
    assert isinstance(made, Records)
    record = made.groups[1].records[0]
    assert record.amount is not None
    value = quantity(found)
    if value.number is None:
        assert record.amount.text == record.facts[0].value == MARKS[value.mark]
    else:
        assert record.amount.text == f"{value.qualifier} +860".strip()
        assert record.amount.mark == value.mark
        assert is_said(value, record.facts[0].value, in_full=True)
    assert is_explained(value, made.notes)


@pytest.mark.parametrize("cell", CELLS)
def test_download_says_it_in_words_in_a_column_of_its_own(cell: str) -> None:
    found = dataset(cell)
    value = quantity(found)
    row = list(csv.DictReader(io.StringIO(published_csv(found).decode())))[1]
    assert row["visits"] == ("" if value.number is None else "860")
    assert row["visits_note"] == "; ".join(filter(None, (value.qualifier, MARKS.get(value.mark, ""))))


def test_what_a_paper_says_of_all_its_figures_is_said_of_each() -> None:
    found = dataset("860", f"{SIDECAR}qualifier: at least\n")
    assert quantity(found) == Quantity(Decimal(860), qualifier="at least")
    assert quantity(dataset("about 860", f"{SIDECAR}qualifier: at least\n")).qualifier == "about"
    assert quantity(dataset("[x]", f"{SIDECAR}qualifier: at least\n")) == Quantity(None, "x")


def test_total_of_qualified_figures_is_qualified() -> None:
    total = "totals:\n  - {id: all, label: All, printed: [{visits: 2060}]}\n"
    found = dataset("860", f"{SIDECAR}qualifier: at least\n{total}")
    assert found.totals[0].printed[0].values["visits"] == Quantity(Decimal(2060), qualifier="at least")


def test_word_before_every_number_of_a_column_stands_once_in_its_heading() -> None:
    made = block("table", dataset("860", f"{SIDECAR}qualifier: at least\n"))
    assert isinstance(made, Figure)
    assert made.table.columns[1].unit.endswith("each at least")
    assert [row.cells[1].text for row in made.table.rows] == ["1,200", "860"]
    assert is_explained(Quantity(Decimal(1), qualifier="at least"), made.notes)


@pytest.mark.parametrize("kind", ["line", "dumbbell"])
def test_picture_with_a_gap_says_in_a_note_what_it_leaves_open(kind: str) -> None:
    found = dataset("[lost]", SIDECAR.replace("unit: gbp-thousand", "unit: count"))
    table = parse_yaml(
        f"id: f\ndata: parks\ntitle: T\nkind: {kind}\nx: park\ny: [visits, cost]\nalt: auto", "a.md"
    ).value
    made = resolve_block(BlockPart("chart", table, Location("a.md", 1)), library(found), [])
    assert isinstance(made, Figure)
    assert made.notes[0] == "Left open in the picture, not readable in our copy: South, Visits; South, Cost."
