"""What a new page or chart says before its editor has worded it passes every check."""

from __future__ import annotations

from collections import Counter

import pytest

from generator.build import Options, load_config, parse_pages
from generator.charts.spec import KINDS
from generator.figures import Library
from generator.library import read_library
from generator.markdown import parse_page
from generator.paths import SourcePath
from generator.site import assemble
from generator.sources import read_snapshot, snapshot_of
from generator.starts import draft_chart, ids_of, page_text
from tests.command import PROJECT
from tests.conftest import page, site_files

SIDECAR = """\
name: rooms
path: rooms.csv
title: Rooms
description: Rooms that were let and rooms that stood empty in each hall, in three years.
source: {paper: report, item: Item 4, table: Table 2}
period: 2021-22 to 2023-24
period_type: financial-year
phase: reported
basis: level
geography: council
schema:
  primaryKey: [year, hall]
  fields:
    - {name: year, type: string, title: Year, description: Year., role: dimension, unit: financial-year}
    - {name: hall, type: string, title: Hall, description: Hall., role: dimension, unit: category}
    - {name: let, type: integer, title: Let, description: Let., role: measure, unit: count, of: rooms}
    - {name: empty, type: integer, title: Empty, description: Empty., role: measure, unit: count, of: rooms}
"""
EXTRACT = "year,hall,let,empty\n" + "".join(
    f"{year},{hall},{n * 3 + m},{n + m}\n"
    for n, year in enumerate(("2021-22", "2022-23", "2023-24"))
    for m, hall in enumerate(("Town", "Guild"))
)


def library(extract: str = EXTRACT) -> Library:
    files = site_files({"content/data/rooms.yaml": SIDECAR, "content/data/rooms.csv": extract})
    snapshot = snapshot_of(files)
    return read_library(snapshot, load_config(snapshot, Options()).value).value


@pytest.mark.parametrize(
    ("kind", "keys", "where"),
    [
        ("", (("x", ("year",)), ("y", ("let",)), ("series", ("hall",))), ()),
        ("bar", (("y", ("hall",)), ("x", ("let",))), (("year", "2023-24"),)),
        ("dumbbell", (("y", ("hall",)), ("x", ("let", "empty"))), (("year", "2023-24"),)),
    ],
)
def test_chart_has_the_columns_that_its_kind_needs_at_the_latest_time(
    kind: str, keys: tuple[tuple[str, tuple[str, ...]], ...], where: tuple[tuple[str, str], ...]
) -> None:
    found = library()
    draft = draft_chart("rooms", found.datasets["rooms"], found, kind).value
    assert draft is not None
    assert (draft.kind, draft.keys, draft.where) == (kind or "line", keys, where)


def test_rows_are_chosen_so_that_the_chart_compares_something() -> None:
    found = library(EXTRACT.replace("2023-24,Guild,7,3\n", ""))
    draft = draft_chart("rooms", found.datasets["rooms"], found, "bar").value
    assert draft is not None
    assert draft.where == (("year", "2022-23"),)


def test_dataset_that_fits_no_chart_is_refused_with_the_reason() -> None:
    found = library(EXTRACT.partition("\n")[0] + "\n2021-22,Town,1,2\n")
    drafted = draft_chart("rooms", found.datasets["rooms"], found)
    assert drafted.value is None
    assert [problem.code for problem in drafted.problems] == ["unfit-chart"]


@pytest.mark.parametrize("title", ["A", "Reserves", "No", "2024-25", "A: 'b' #c [d]", "Long " * 60])
def test_new_page_has_no_problem_whatever_its_title(title: str) -> None:
    parsed = parse_page(SourcePath("content/new.md"), page_text(title.strip()))
    assert parsed.problems == ()
    assert (parsed.value.front.title, parsed.value.front.draft) == (title.strip(), True)


def test_names_of_figures_on_pages_and_in_files_are_known() -> None:
    chart = "```chart\nid: visits\ndata: parks\nkind: bar\ny: park\nx: visits\ntitle: Visits\nalt: auto\n```\n"
    pages = parse_pages(snapshot_of(site_files({"content/parks.md": page(chart)}))).value
    assert ids_of(pages, {}) == {"visits"}


def test_most_datasets_of_the_site_give_a_chart_without_any_problem() -> None:
    snapshot = read_snapshot(PROJECT).value
    config = load_config(snapshot, Options()).value
    found = read_library(snapshot, config).value
    datasets = {name: dataset for name, dataset in found.datasets.items() if not dataset.is_code_list}
    drafts = {name: draft_chart("draft", dataset, found).value for name, dataset in datasets.items()}
    made = {f"content/charts/new-{name}.yaml": draft.text for name, draft in drafts.items() if draft}
    assert len(made) > 0.7 * len(datasets)
    whole = snapshot_of({**{path: source.data for path, source in snapshot.sources.items()}, **made})
    pages = parse_pages(whole)
    site = assemble(config, found, pages.value, whole)
    assert [problem for problem in site.problems if problem.at.path in made] == []


def test_every_kind_is_drafted_from_some_dataset_of_the_site() -> None:
    snapshot = read_snapshot(PROJECT).value
    found = read_library(snapshot, load_config(snapshot, Options()).value).value
    missing = Counter(KINDS)
    for dataset in found.datasets.values():
        for kind in list(missing):
            if not dataset.is_code_list and draft_chart("draft", dataset, found, kind).value:
                del missing[kind]
    assert list(missing) == []
