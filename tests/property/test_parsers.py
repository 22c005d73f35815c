"""Whatever bytes an editor saves, the parsers answer with problems and never with an exception."""

from __future__ import annotations

import csv
import io
import os
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.charsets import text_of
from generator.comparison import Book
from generator.diagnostics import Checked, Diagnostic, Location, render, sort_problems
from generator.downloads import GUARD, published_csv
from generator.extracts import plain_extract, read_dataset
from generator.frontmatter import split_head
from generator.markdown import parse_page
from generator.paths import SLUG, SourcePath, slugify
from generator.positioned import Reader, Text, parse_yaml, yaml_text
from generator.proposals import propose
from generator.prose import find_typed, place_in
from generator.quantities import MARKS, MISSING_MARKS, QUALIFIERS, Quantity, parse_quantity
from generator.reconcile import check_dataset
from generator.roles import ROLES, PrintedPart, ValuePart
from generator.sidecars import read_sidecar
from generator.wording import Shelf
from tests.conftest import EXTRACT, SIDECAR, page, parks, read_parks

FULL = bool(os.environ.get("FULL"))
many = settings(
    max_examples=10_000 if FULL else 200,
    deadline=None,
    derandomize=not FULL,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)

TOTALS = "totals:\n  - {id: all, label: All, by: [park], printed: [{park: North, cost: 24.5}]}\n"
CHUNKS = [
    "---\n", "\n", "\n\n", "title: ", ": ", "- ", "[", "]", "{", "}", "```chart\n", "```\n", "{value}`", "`",
    "|", "|-|\n", "[^1]", "[^1]: ", "^[", "](", ")", "![", "<b>", "# ", "### ", ":::note\n", ":::\n", "> ",
    "    ", "\t", "\0", "\r", "\u2028", "&amp;", "*", "**", "_", "~~", "https://a.example/", "//", "\\",
    "parks: visits[park=North]", "é", "\ufeff", "'", '"', "!x", "&a", "*a", "? ", "#", "%", "@", "0", "-5",
    "[p]", ",", "at least ", "id: x\n", "\x0b", "\x85", "İ", "{printed}`", " @ ", "sum(", "change(", " -> ", " of ",
    "1,200", "£", ".5", " million", "aged ", "Table ", "2024", "٣", "²", "| percent up or down", "; lines 4",
]  # fmt: skip
"""What the parsers give a meaning to, so that random texts reach their branches."""
texts = st.lists(st.sampled_from(CHUNKS) | st.text(max_size=4), max_size=40).map("".join)
plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def spliced(base: str) -> st.SearchStrategy[str]:
    """Return *base* with one part replaced by something else: nearly right input goes deepest."""

    def splice(place: tuple[int, int], middle: str) -> str:
        start, end = sorted(place)
        return base[:start] + middle + base[end:]

    place = st.integers(0, len(base))
    return st.builds(splice, st.tuples(place, place.map(lambda n: n)), texts)


def shown(found: Checked[Any], source: str) -> None:
    """Render the problems, as the command does."""
    for problem in sort_problems(found.problems):
        assert render(problem, source)
        assert problem.at.line >= 0
        assert problem.at.column >= 0
        assert problem.at.width >= 1


@many
@given(st.binary(max_size=300) | spliced(EXTRACT).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_of_an_extract_raise(data: bytes) -> None:
    found = read_parks(SIDECAR, data)
    shown(found, data.decode("utf-8-sig", errors="replace"))
    if found.value is not None:
        check_dataset(found.value, {})


CELLS = st.sampled_from([
    "North", " South", "A\u00a0B", '"x, y"', '"a\nb"', "Total", "05-Sep", "1200", '"1,200"', "£5", "£5k", "(5)",
    "\u22125", "5%", "1,5", "[x]", "at least 7", "n/a", "", "#REF!", "Caf\u00e9", "31/03/2024",
])  # fmt: skip
rows = st.lists(st.tuples(CELLS, CELLS, CELLS, st.sampled_from(["", ";", "x"])), max_size=6)


@st.composite
def as_editors_write(draw: st.DrawFn) -> bytes:
    """Return a table as one program or another writes it."""
    mark = draw(st.sampled_from([",", ";", "\t"]))
    header = draw(
        st.sampled_from(["park visits cost", "park visits cost  ", " park visits\u00a0 cost", "park vsits cost"])
    )
    lines = [mark.join(header.split(" ")), *(mark.join(row).rstrip("x") for row in draw(rows))]
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    return draw(st.sampled_from(["\n", "\r\n", "\n\n"])).join(lines).encode(encoding, "replace")


def fixed(data: bytes) -> bytes:
    """Return an extract as ``check --fix`` leaves it."""
    sidecar, path = ("content/data/parks.yaml", SIDECAR), "content/data/parks.csv"
    return plain_extract("parks", sidecar, (path, data)) or data


@many
@given(as_editors_write() | st.binary(max_size=300) | spliced(EXTRACT).map(lambda t: t.encode("utf-8", "replace")))
def test_plain_form_is_final_and_says_the_same(data: bytes) -> None:
    once = fixed(data)
    assert fixed(once) == once
    before, after = read_parks(SIDECAR, data), read_parks(SIDECAR, once)
    assert (before.value is None) == (after.value is None)
    if before.value is not None and after.value is not None:
        assert [row.values for row in after.value.rows] == [row.values for row in before.value.rows]
    if once != data:
        assert not {"csv-normalised", "csv-windows-1252"} & {problem.code for problem in after.problems}


@many
@given(as_editors_write() | st.binary(max_size=300) | texts.map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_of_a_raw_file_raise_and_what_is_proposed_can_be_read(data: bytes) -> None:
    found = propose("parks", "Parks.csv", data)
    shown(found, text_of(data))
    assert found.value is not None or found.problems
    if found.value is not None:
        files = ("content/data/parks.yaml", found.value.sidecar), ("content/data/parks.csv", found.value.extract)
        read = read_dataset("parks", *files)
        assert read.value is not None
        known = {problem.code for problem in found.problems}
        left = {"missing-key", "csv-total-row"}  # for the editor to decide; both are told when it is proposed
        assert {problem.code for problem in read.problems} <= left | known


@many
@given(texts | plain)
def test_no_text_of_yaml_is_changed_by_writing_it(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    table = parse_yaml(f"key: {yaml_text(text)}\n", "a.yaml")
    assert table.problems == ()
    assert table.value.entries["key"].node == Text(text, table.value.entries["key"].node.at)


@many
@given(texts | plain | spliced(SIDECAR + TOTALS))
def test_no_text_of_a_sidecar_raises(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    shown(read_sidecar("parks", "content/data/parks.yaml", text), text)
    found = read_dataset("parks", ("content/data/parks.yaml", text), ("content/data/parks.csv", EXTRACT.encode()))
    if found.value is not None:
        check_dataset(found.value, {})
        published_csv(found.value)


@many
@given(texts | plain)
def test_no_text_of_yaml_raises(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    found = parse_yaml(text, "a.yaml", first_line=3)
    shown(found, text)
    reader = Reader(found.value, "the table", [])
    for key in list(found.value.entries):
        reader.texts(key)
        reader.date(key)
        reader.readers(key, "the entry")
    reader.close()


@many
@given(texts | plain | texts.map(page))
def test_no_text_of_a_page_raises(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    found = parse_page(SourcePath("content/a.md"), text)
    shown(found, text)
    html = "".join(part for part in found.value.parts if isinstance(part, str))
    assert "<b>" not in html
    assert "<script" not in html
    assert "\0" not in html
    assert " style=" not in html.replace("&", "<").partition("<code>")[0]


@many
@given(texts | plain)
def test_head_and_body_are_the_whole_page(text: str) -> None:
    head, body, line = split_head(text)
    assert text.endswith(body)
    assert head in text
    assert body == "".join(text.splitlines(keepends=True)[line - 1 :])


@many
@given(st.text())
def test_slug_of_a_slug_is_itself(text: str) -> None:
    slug = slugify(text)
    assert slugify(slug) == slug
    assert not slug or SLUG.fullmatch(slug)


@many
@given(texts | plain)
def test_cell_is_a_quantity_or_a_reason(text: str) -> None:
    found = parse_quantity(text)
    assert isinstance(found, Quantity) or found


PARKS = parks(SIDECAR + "partition: [{name: parks, rows: park}]\n")


@many
@given(texts | plain)
def test_typed_figures_of_any_text_stand_in_it_in_their_order(text: str) -> None:
    end, book = 0, Book(PARKS)
    for typed in find_typed(text):
        assert typed.start >= end
        assert text[typed.start :].startswith(typed.text)
        end = typed.start + len(typed.text)
        assert book.has(typed) >= bool(book.find(typed))
        assert place_in(text, "a.yaml", text[: typed.start], typed.text).line >= 1


REFERENCES = [
    "parks: sum(visits[park=North])", "parks: count(park) | words", "parks: share(cost[park=North] of cost)",
    "parks: change(visits[park=North] -> visits[park=South]) | percent up or down", "parks: rank(cost[park=North])",
    "4% @ report: page 2; lines 3-4",
]  # fmt: skip


@many
@given(texts | plain | st.sampled_from(REFERENCES).flatmap(spliced))
def test_reference_of_any_text_is_a_figure_or_a_problem(text: str) -> None:
    for role, parse in ROLES.items():
        part = parse(text, Location("a.md", 1, 1))
        assert isinstance(part, Diagnostic | ValuePart | PrintedPart)
        if isinstance(part, ValuePart):
            found: list[Diagnostic] = []
            assert (Shelf({"parks": PARKS}, {}).bind(part, found) is None) == bool(found), role


@many
@given(texts | plain)
def test_no_text_with_roles_raises(text: str) -> None:
    found: list[Diagnostic] = []
    Shelf({"parks": PARKS}, {}).fill(text, Location("a.yaml", 1, 1), found, text)
    shown(Checked(None, tuple(found)), text)


DIGITS, PLACES = 15, 6
"""How many digits a number may have before its point and after it."""
numbers = st.integers(0, PLACES).flatmap(
    lambda places: st.decimals(min_value=1 - 10**DIGITS, max_value=10**DIGITS - 1, places=places)
)
marks = st.sampled_from(["", *(mark for mark in MARKS if mark not in MISSING_MARKS)])
quantities = st.builds(Quantity, numbers, marks, st.sampled_from(["", *QUALIFIERS])) | st.builds(
    Quantity, st.none(), st.sampled_from(sorted(MISSING_MARKS))
)


def written(quantity: Quantity) -> str:
    """Write a quantity as an editor does."""
    number = "" if quantity.number is None else f"{quantity.number:f}"
    mark = f"[{quantity.mark}]" if quantity.mark else ""
    return " ".join(part for part in (quantity.qualifier, number, mark) if part)


@many
@given(quantities)
def test_cell_is_read_back_as_it_was_written(quantity: Quantity) -> None:
    assert parse_quantity(written(quantity)) == quantity


@many
@given(
    st.tuples(st.integers(10**DIGITS, 10**40), st.integers(0, 10**PLACES - 1))
    | st.tuples(st.integers(0, 10**DIGITS - 1), st.integers(10**PLACES, 10**40))
)
def test_number_of_more_digits_than_any_paper_prints_is_refused(parts: tuple[int, int]) -> None:
    found = parse_quantity(".".join(map(str, parts)))
    assert isinstance(found, str)
    assert "is not a plain number" in found


@many
@given(
    st.text("ab", max_size=3), st.characters(categories=["Cc"]) | st.sampled_from("\u2028\u202e\u2066"), st.text("ab")
)
def test_character_that_nobody_can_see_is_refused(before: str, hidden: str, after: str) -> None:
    extract = io.StringIO(newline="")
    csv.writer(extract, quoting=csv.QUOTE_ALL).writerows(
        [["park", "visits", "cost"], [f"a{before}{hidden}{after}b", "1", "2"]]
    )
    found = [problem.code for problem in read_parks(SIDECAR, extract.getvalue()).problems]
    assert found == ([] if hidden in "\t\r\n" else ["hidden-character"])


names = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12).filter(
    # a row of totals is refused, and a mark such as [x] says that there is no name
    lambda name: not re.search(r"all|total|^\[\w+\]$", name, re.IGNORECASE)
)


@many
@given(st.lists(st.tuples(names, quantities), min_size=1, max_size=8, unique_by=lambda row: row[0]))
def test_published_numbers_are_those_of_the_extract(rows: list[tuple[str, Quantity]]) -> None:
    sidecar = SIDECAR.replace("  primaryKey: [park]\n", "")
    extract = io.StringIO(newline="")
    csv.writer(extract).writerows([["park", "visits", "cost"], *([name, "1", written(cost)] for name, cost in rows)])
    dataset = read_parks(sidecar, extract.getvalue())
    assert dataset.value is not None
    assert dataset.problems == ()
    published = list(csv.DictReader(io.StringIO(published_csv(dataset.value).decode(), newline="")))
    assert [row["cost"] for row in published] == ["" if cost.number is None else f"{cost.number:f}" for _, cost in rows]
    back = [parse_quantity(row["cost"]) for row in published if row["cost"]]
    assert [found.number for found in back if isinstance(found, Quantity)] == [
        cost.number for _, cost in rows if cost.number is not None
    ]
    assert [row["park"].removeprefix(GUARD) for row in published] == [name for name, _ in rows]


@pytest.mark.parametrize("name", ["it's", "a,b", 'a"b', "a'b'c", ""])
def test_column_of_any_name_can_be_renamed(name: str) -> None:
    """The name that is likely meant stands between quotes in a hint; a name may hold quotes itself."""
    sidecar = SIDECAR.replace("name: cost", f"name: {name!r}" if "'" not in name else f'name: "{name}"')
    read_parks(sidecar, EXTRACT.replace("cost", "its"))
