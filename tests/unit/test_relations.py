"""What pages, figures and data are to each other is related anew exactly where an edit can change it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import fields

import pytest

from generator.build import Options, load_config, parse_pages
from generator.diagnostics import Checked
from generator.facts import Facts, Memo
from generator.library import read_library
from generator.links import Places
from generator.relations import Relations
from generator.site import Site, assemble
from generator.sources import snapshot_of
from tests.conftest import EXTRACT, PAPERS, SIDECAR, page, site_files

TEXT = """\
## Visits

Words. {printed}`1% @ report: Item 4; lines 1` and [below](#visits).

```table
id: all-visits
data: parks
title: Visits
```

```chart
use: visits
```
"""
WORDS = """\
data: parks
title: The north has most visits
alt: auto
mark: text
encoding: {x: {field: visits}, y: {field: park}, text: {field: visits}}
"""
CHART = "data: parks\nkind: bar\ny: park\nx: visits\ntitle: The north has most visits\nalt: auto\n"
FILES: dict[str, str | bytes | None] = {
    "content/a.md": page(TEXT, more="formerly: [/old/]\n"),
    "content/a/b.md": page("Words alone.\n"),
    "content/a/c.md": page("Words.\n\n```table\nid: c\ndata: parks\ntitle: C\n```\n"),
    "content/a/d.md": page("Words.\n", more="publish: 2027-01-01\n"),
    "content/a/f.md": page(f"Words.\n\n```chart\nid: f\n{WORDS}```\n"),
    "content/charts/words.yaml": WORDS,
    "content/charts/visits.yaml": CHART,
    "content/p.pdf": b"%PDF-",
}


def related(files: Mapping[str, str | bytes | None], memo: Memo) -> Checked[Site]:
    snapshot = snapshot_of(site_files(files))
    config = load_config(snapshot, Options(), memo).value
    library = read_library(snapshot, config, memo).value
    day = datetime.date(2026, 1, 1)
    return assemble(config, library, parse_pages(snapshot, memo).value, snapshot, today=day, memo=memo)


def values(site: Site) -> dict[str, object]:
    """Return all relations, with the digests of those that are facts."""
    found: dict[str, object] = {}
    for owner, kind in ((site, Relations), (site.places, Places)):
        for each in fields(kind):
            value = getattr(owner, each.name)
            if isinstance(value, Mapping):
                found[each.name] = repr(list(value.items()))
            if each.name == "figures":
                found["as written"] = repr([getattr(figure.data, "written", None) for figure, _ in value.values()])
            if isinstance(value, Facts):
                found[f"digests of {each.name}"] = {key: value.seen(key) for key in value}
    return found


def replaced(name: str, former: str, present: str) -> tuple[str, dict[str, str | bytes | None]]:
    text = FILES[name]
    assert isinstance(text, str)
    assert former in text
    return f"{name}: {former} to {present}".replace("\n", " "), {name: text.replace(former, present)}


EDITS = dict(
    [
        replaced("content/a.md", "## Visits", "## Places"),
        replaced("content/a.md", "## Visits", "## Visits\n\n## More"),
        replaced("content/a.md", "title: Page", "title: Other page"),
        replaced("content/a.md", "/old/", "/older/"),
        replaced("content/a.md", "/old/", "not an address"),
        replaced("content/a.md", "/old/", "/data/"),
        replaced("content/a.md", "Words.", "Words.\n\nMore."),
        replaced("content/a.md", "1% @", "2% @"),
        replaced("content/a.md", "Item 4; lines", "Item 5; lines"),
        replaced("content/a.md", "all-visits", "some-visits"),
        replaced("content/a.md", "all-visits", "visits"),
        replaced("content/a.md", "title: Visits", "title: The visits"),
        replaced("content/a.md", "```chart\nuse: visits\n```\n", ""),
        replaced("content/a.md", "formerly", "draft: true\nformerly"),
        replaced("content/a.md", "formerly", "publish: 2027-01-01\nformerly"),
        replaced("content/a/b.md", "alone", "{value}`parks: visits[park=North]`"),
        replaced("content/a/b.md", "alone.", "alone.\n\n```chart\nuse: visits\n```"),
        replaced("content/a/c.md", "Words.", "Words.\n\nMore."),
        replaced("content/a/d.md", "2027-01-01", "2027-01-02"),
        replaced("content/a/d.md", "2027-01-01", "2025-01-01"),
        replaced("content/a/f.md", "text: {field: visits}", "text: {field: visits, axes: 5}"),
        replaced("content/a/f.md", "mark", "\n\nmark"),
        replaced("content/charts/words.yaml", "text: {field: visits}", "text: {field: visits, axes: 5}"),
        replaced("content/charts/words.yaml", "mark", "\n\nmark"),
        ("no chart", {"content/charts/visits.yaml": "broken: ["}),
        replaced("content/charts/visits.yaml", "The north", "The far north"),
        replaced("content/charts/visits.yaml", "kind: bar", "\nkind: bar"),
        replaced("content/charts/visits.yaml", "kind: bar", "kind: pie"),
        ("a chart moved down", {"content/charts/visits.yaml": f"\n{CHART}"}),
        ("a cell", {"content/data/parks.csv": EXTRACT.replace("1200", "1201")}),
        ("a dataset renamed", {"content/data/parks.yaml": SIDECAR + "formerly: [gardens]\n"}),
        ("a former name moved", {"content/data/parks.yaml": SIDECAR + "\n\nformerly: [gardens]\n"}),
        ("a dataset from another paper", {"content/data/parks.yaml": SIDECAR.replace("paper: report", "paper: other")}),
        ("a paper", {"content/sources.yaml": PAPERS + PAPERS.replace("report:", "other:", 1)}),
        ("another file", {"content/a/q.pdf": b"%PDF-"}),
        ("no file", {"content/p.pdf": None}),
        ("another page", {"content/a/e.md": page()}),
        ("no page", {"content/a/b.md": None}),
        ("a page at the same address", {"content/a/b/index.md": page(more="formerly: [/elsewhere/]\n")}),
        ("a page at the address of data", {"content/data/parks.md": page()}),
        ("a page that takes the place of a list", {"content/data.md": page(title="All data")}),
        ("a page below", {"content/a/b/c/d.md": page()}),
        ("a record of changes", {"content/changes.csv": "date,dataset,key,column,old,new,kind,reason\n"}),
        (
            "a council",
            {"content/site.yaml": str(site_files()["content/site.yaml"]).replace("Testing Council", "Other")},
        ),
    ]
)


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_relations_after_an_edit_are_those_of_a_clean_build(edit: dict[str, str | bytes | None]) -> None:
    memo = Memo()
    clean = related(FILES, Memo())
    for files in (FILES, {**FILES, **edit}, FILES, {**FILES, **edit}):
        again, clean = related(files, memo), related(files, Memo())
        assert values(again.value) == values(clean.value)
        assert again.problems == clean.problems


def test_edit_of_the_words_of_a_page_relates_nothing_anew() -> None:
    memo = Memo()
    former = related(FILES, memo).value
    for name in ("content/a.md", "content/a/b.md"):
        text = FILES[name]
        assert isinstance(text, str)
        present = related({**FILES, name: text.replace("Words", "Other [words](/a/)")}, memo).value
        assert all(getattr(present, each.name) is getattr(former, each.name) for each in fields(Relations))
        assert present.sheets != former.sheets
