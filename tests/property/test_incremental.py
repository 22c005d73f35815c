"""Whatever is edited in whatever order, a build that remembers the former ones makes what a clean build makes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.build import Build, Options, build
from generator.facts import Memo
from generator.memo import Store
from generator.sources import snapshot_of
from tests.command import FULL
from tests.conftest import EXTRACT, HOME, PAPERS, SIDECAR, SITE, page, site_files

CHART = "```chart\nid: visits\ndata: parks\nkind: bar\ny: park\nx: visits\ntitle: {}\nalt: auto\n```\n"
TABLE = "```table\nid: costs\ndata: parks\ncolumns: [park, cost]\ntitle: {}\n```\n"
COSTED = "```table\nid: costed\ndata: costs\ncolumns: [park, cost]\ntitle: Costs again\n```\n"
NAMED = "data: parks\nkind: bar\ny: park\nx: cost\ntitle: Costs\nalt: auto\n"
USE = "```chart\nuse: named\n```\n"
RAW = (
    "data: parks\ntitle: Visits\nalt: auto\nmark: bar\n"
    "encoding: {x: {field: visits}, y: {field: park}, text: {field: visits}}\n"
)
WRONG = RAW.replace("text: {field: visits}", "text: {field: visits, axes: 5}")
TOLD = "```chart\nid: told\n%s```\n\n```chart\nuse: words\n```\n"
RECORDS = "```records\nid: list\ndata: costs\ntitle: T\ngroup: park\nheading: park\namount: cost\nanchor: park\n```\n"
KEYS = '```figures\nid: key\nfigures: [{value: "costs: cost[park=North]", label: Cost, note: Of upkeep}]\n```\n'
AREAS = """\
name: areas
path: areas.csv
title: Areas
description: The areas that the plans of the council name, with their other spellings.
source: {paper: report, item: Item 8}
schema:
  primaryKey: [code]
  fields:
    - {name: code, type: string, title: Code, description: Its code., role: dimension, unit: category}
    - {name: name, type: string, title: Name, description: Its name., role: dimension, unit: category}
    - {name: aliases, type: string, title: Spellings, description: Other spellings., role: dimension, unit: text}
"""
COSTS = (
    SIDECAR.replace("name: parks", "name: costs").replace("parks.csv", "costs.csv").replace("Visits to parks", "Costs")
)
SAME = """\
checks:
  - {id: same, kind: same, label: Cost, here: "cost[park=North]", there: "parks: cost[park=North]", may_differ: [phase]}
"""
KEYED = SIDECAR.replace(
    "  primaryKey: [park]",
    "  primaryKey: [park]\n  foreignKeys: [{fields: park, reference: {resource: areas, fields: name}}]",
)
BOUND = "'{value}`parks: visits[park=North]` visits'"
MENU = SITE.replace("menu: [/data/]", "menu: [/data/, /b/]")
TWO = PAPERS + PAPERS.replace("report:", "later:").replace("2024-03-07", "2024-05-01").replace("Report", "Next report")
GROWN = """\
name: counts
path: counts.csv
title: Counts of visits
description: Visits to each park of the council in each quarter, counted at the gates.
source: {paper: report, item: Item 4}
period: Quarter 4 2023/24
covers_to: 2024-03-31
period_type: quarter
phase: reported
basis: level
geography: council
editions:
  - {paper: report}
  - {paper: later, period: Quarter 1 2024/25, covers_to: 2024-04-30, item: Item 6}
schema:
  primaryKey: [published_in, park]
  fields:
    - {name: published_in, type: string, title: Published in, description: The paper., role: dimension, unit: category}
    - {name: park, type: string, title: Park, description: Its name., role: dimension, unit: category}
    - {name: visits, type: integer, title: Visits, description: At the gates., role: measure, unit: count, of: visits}
checks:
  - {id: same, kind: same, label: Visits, where: {published_in: report}, here: "visits[park=North]",
     there: "parks: visits[park=North]", may_differ: [phase]}
"""
COUNTS = "published_in,park,visits\nreport,North,1200\nreport,South,860\nlater,North,1300 [r]\nlater,West,40\n"
COUNTED = """\
North had {{value}}`counts: visits[park=North]` visits.

```table
id: {}
data: counts
columns: [park, visits]
title: Visits
```
"""
RECORD = """\
date,dataset,key,column,old,new,kind,reason
2024-05-02,counts,later,,,2 rows,edition,"From Next report on parks, Quarter 1 2024/25."
2024-05-03,counts,later | North,visits,1250,1300 [r],revision,The counts of June came late.
"""
OVERRIDE = "{# context: PageContext #}\n<title>{{ head_title }}</title>{% include 'partials/extra.html' %}{{ body }}\n"

BASE: dict[str, str | bytes | None] = {
    "content/site.yaml": MENU,
    "content/index.md": HOME + "[a](a.md) [sec](b/index.md#below)\n\n" + KEYS,
    "content/a.md": page("## Here\n\n" + CHART.format("Visits") + TABLE.format("Costs"), title="A"),
    "content/b/index.md": page("## Below\n\n[c](c.md)\n", title="B"),
    "content/b/c.md": page("[a](../a.md#here) {printed}`4% @ report: page 3`\n\n" + RECORDS + COSTED + USE, title="C"),
    "content/data/parks.yaml": KEYED,
    "content/data/costs.yaml": COSTS + SAME,
    "content/data/costs.csv": EXTRACT,
    "content/data/codes/areas.yaml": AREAS,
    "content/data/codes/areas.csv": "code,name,aliases\nn,North,\ns,South,\nw,West,\n",
    "content/sources.yaml": TWO,
    "content/then.md": page(COUNTED.format("then"), title="Then", more="paper: report\ncommentary_for: report\n"),
    "content/now.md": page(COUNTED.format("now"), title="Now", more="commentary_for: later\n"),
    "content/data/counts.yaml": GROWN,
    "content/data/counts.csv": COUNTS,
    "content/changes.csv": RECORD,
    "content/b/p.pdf": b"%PDF-1",
    "content/charts/named.yaml": NAMED,
    "content/charts/words.yaml": RAW,
    "content/told.md": page(TOLD % RAW, title="Told"),
    "templates/pages/page.html": OVERRIDE,
    "templates/partials/extra.html": "{{ title }}\n",
    "templates/assets/site.css": "body { color: black }",
}
CONTENTS: dict[str, Sequence[str | bytes | None]] = {
    "content/site.yaml": [MENU, SITE, MENU.replace("title: F", "title: The f"), MENU + "footer: [/a/]\n", "title: T\n"],
    "content/changes.csv": [
        RECORD.replace("came late", "were late"),
        RECORD + "2024-05-04,parks,North,visits,1100,1200,ours,We typed it so.\n",
        RECORD.replace("counts,later | North", "count,later | North"),
        RECORD.partition("\n")[0] + "\n",
        "date\n",
        None,
    ],
    "content/then.md": [
        page(COUNTED.format("then"), title="Then", more="paper: later\ncommentary_for: report\n"),
        page(COUNTED.format("then"), title="Then"),
        None,
    ],
    "content/now.md": [page(COUNTED.format("now"), title="Now", more="commentary_for: next\n"), None],
    "content/data/changes/index.md": [page("Text.\n"), None],
    "content/data/counts.csv": [
        COUNTS.replace("1300", "1301"),
        COUNTS.replace("1200", "1201"),
        COUNTS + "next,North,5\n",
        COUNTS.partition("later")[0],
        None,
    ],
    "content/data/counts.yaml": [
        GROWN.replace("Quarter 1 2024/25", "April to June"),
        GROWN.replace("{paper: report}\n", "{paper: report, digest: 0123456789abcdef}\n"),
        GROWN.replace("paper: later", "paper: next"),
        None,
    ],
    "content/sources.yaml": [
        TWO.replace("2024-05-01", "2024-01-01"),
        TWO.replace("Next report", "Second report"),
        PAPERS,
        PAPERS.replace("Report on parks", "Park report"),
        PAPERS.replace("2024-03-07", "2023-03-07") + PAPERS.replace("report:", "other:"),
        PAPERS.replace("description: The", "description: 860 and 7,431 in the"),
        None,
    ],
    "content/index.md": [
        HOME,
        HOME.replace("Home", "Start") + "[a](a.md#here) [c](b/c.md)\n",
        HOME + "There were 860 visits, and 7,431.\n\n![x](b/p.pdf) [x](/data/sources/report/#costs)\n",
        HOME + "[figure](/figures/visits/#cite_this) [old](/old/) [d](d.md)\n",
        page("{value}`costs: all.cost` {value}`costs: cost[park=South] | pounds`\n"),
        None,
    ],
    "content/a.md": [
        page("## There\n\n" + CHART.format("Visits") + "More.\n", title="A"),
        page("Line.\n\n## Here\n\n" + CHART.format("Visits") + TABLE.format("Costs of parks"), title=BOUND),
        page("## Here\n", title="A", more="draft: true\n"),
        page("## Here\n", title="A", more="publish: 2024-06-01\n"),
        page("## Here\n[b](b/)\n", title="A2", more="publish: 2024-05-01\norder: 3\n"),
        page(TABLE.format("T") + TABLE.format("T"), title="A", more="formerly: [/old/]\nphase: draft\npaper: report\n"),
        None,
    ],
    "content/a/index.md": [page("## Here\n", title="Other A", more="menu: O\n"), None],
    "content/b/index.md": [page("## Below\n", title="B2"), page("Text.\n", more="kind: page\n"), None],
    "content/b/c.md": [page("Text.\n", title="C2", more="order: 1\n"), page(KEYS + USE), "no head", b"\xff\xfe", None],
    "content/b/d/e.md": [page("[up](../index.md)\n", title="E"), None],
    "content/d.md": [page(CHART.format("Visits"), title="D"), page("{printed}`5 @ other: page 1`\n", title="D"), None],
    "content/b/p.pdf": [b"%PDF-2", b"no", None],
    "content/data/parks.csv": [
        EXTRACT,
        EXTRACT.replace("24.5", "24.50"),
        EXTRACT.replace("24.5", "26.5"),
        EXTRACT + "East,5,5\n",
        EXTRACT.replace("1200", "many"),
        EXTRACT.replace(",", ";"),
        None,
    ],
    "content/data/parks.yaml": [
        SIDECAR,
        KEYED.replace("Visits to parks", "Visits"),
        KEYED.replace("gbp-thousand", "gbp-million"),
        KEYED.replace("Visits to each", "In all 1,200 visits, or 7,431, to each"),
        KEYED.replace("Visits to each", "{value}`costs: cost[park=North]` visits to each"),
        "name: parks\n",
        None,
    ],
    "content/data/costs.csv": [EXTRACT, EXTRACT.replace("24.5", "26.5"), None],
    "content/data/costs.yaml": [COSTS, COSTS + SAME, COSTS + SAME.replace("parks:", "park:"), None],
    "content/data/codes/areas.csv": [
        "code,name,aliases\nn,North,\ns,South,\nw,West,\n",
        "code,name,aliases\nn,North,N\nx,East,\ns,South,\nw,West,\n",
        "code,name,aliases\nn,Nord,North\ns,South,\n",
        None,
    ],
    "content/data/codes/areas.yaml": [AREAS.replace("title: Areas", "title: Places"), None],
    "content/charts/named.yaml": [
        NAMED, NAMED.replace("bar", "pie"), NAMED + "notes: ['{value}`costs: cost[park=North]`']\n", None,
    ],
    "content/charts/words.yaml": [WRONG, "\n" + WRONG, RAW.replace("data", "date"), "broken: [", None],
    "content/told.md": [page(TOLD % WRONG, title="Told"), page("Line.\n\n" + TOLD % WRONG, title="Told"),
                        page("## Words\n", title="Told")],
    "content/data/stray.csv": ["a,b\n1,2\n", None],
    "templates/pages/page.html": [
        OVERRIDE, OVERRIDE.replace("{{ body }}", "{{ body }}{{ lead }}"), "{{ nobody }}", "{% if %}",
        "{% include title %}",
    ],
    "templates/partials/extra.html": ["{{ title }}\n", "<b>{{ site_title }}</b>\n", None],
    "templates/assets/site.css": ["body { color: black }", "body { color: red }", None],
    "templates/unused.html": ["a", "b", None],
}  # fmt: skip
"""What may stand in each file; `None` takes it out."""
RENAMES = (
    ("content/a.md", "content/moved.md"),
    ("content/moved.md", "content/a.md"),
    ("content/b/c.md", "content/c.md"),
    ("content/b/c.md", "content/b/d/c.md"),
    ("content/data/costs.csv", "content/data/price.csv"),
    ("content/data/parks.yaml", "content/data/parcs.yaml"),
    ("content/data/parcs.yaml", "content/data/parks.yaml"),
    ("content/data/costs.yaml", "content/data/codes/costs.yaml"),
    ("templates/partials/extra.html", "templates/partials/more.html"),
)
Edit = tuple[str, str | bytes | None] | tuple[str, str, str]

edits = st.one_of(
    st.sampled_from([(path, content) for path, contents in CONTENTS.items() for content in contents]),
    st.sampled_from([("rename", *names) for names in RENAMES]),
    st.sampled_from(sorted(CONTENTS)).map(lambda path: ("restore", path, path)),
)


def edited(files: dict[str, str | bytes], edit: Edit) -> dict[str, str | bytes]:
    """Return a project after one edit."""
    files = dict(files)
    if len(edit) == 3:
        kind, old, new = edit
        content = base().get(old) if kind == "restore" else files.pop(old, None)
    else:
        new, content = edit
    if content is None:
        files.pop(new, None)
    else:
        files[new] = content
    return files


@cache
def base() -> dict[str, str | bytes]:
    return site_files(BASE)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Drawings are dear and not what is tested here: all builds of this module share them."""
    return Store(tmp_path_factory.mktemp("drawings"))


def made(files: dict[str, str | bytes], store: Store, memo: Memo, *, drafts: bool = False) -> Build:
    return build(snapshot_of(files), store, Options(drafts=drafts, today=datetime.date(2024, 5, 20)), memo=memo)


def differences(warm: Build, clean: Build) -> Iterator[str]:
    """Say where two builds differ."""
    for name in sorted(warm.files.keys() | clean.files.keys()):
        if warm.files.get(name) != clean.files.get(name):
            yield f"{name}: {warm.files.get(name, b'absent')!r}, clean {clean.files.get(name, b'absent')!r}"[:2000]
    for problem in set(warm.problems) ^ set(clean.problems):
        yield f"{'clean' if problem in clean.problems else 'warm'} only: {problem}"
    if warm.problems != clean.problems:
        yield "the order or the number of the problems differs"
    if {**warm.counts, "charts drawn": 0, "charts remembered": 0} != {
        **clean.counts, "charts drawn": 0, "charts remembered": 0,
    }:  # fmt: skip
        yield f"counts: {warm.counts}, clean {clean.counts}"
    if warm.inputs.keys() != clean.inputs.keys():
        yield "the inputs are of other files"
    for name in warm.inputs.keys() & clean.inputs.keys():
        if warm.inputs[name] != clean.inputs[name]:
            yield f"inputs of {name}: {warm.inputs[name]}, clean {clean.inputs[name]}"


def test_base_is_right(store: Store) -> None:
    assert [str(problem) for problem in made(base(), store, Memo()).problems] == []


@settings(
    max_examples=500 if FULL else 30,
    deadline=None,
    derandomize=not FULL,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.lists(edits, min_size=1, max_size=3), min_size=1, max_size=7), st.booleans())
def test_build_after_any_edits_is_the_clean_build(store: Store, steps: list[list[Edit]], drafts: bool) -> None:
    memo, files = Memo(), base()
    made(files, store, memo, drafts=drafts)
    for step in steps:
        for edit in step:
            files = edited(files, edit)
        assert (
            list(differences(made(files, store, memo, drafts=drafts), made(files, store, Memo(), drafts=drafts))) == []
        )


SOLE = [(path, content) for path, contents in CONTENTS.items() for content in contents]


def test_each_edit_alone_and_its_undoing_give_the_clean_build(store: Store) -> None:
    memo = Memo()
    whole = made(base(), store, memo)
    for edit in SOLE if FULL else SOLE[::3]:
        files = edited(base(), edit)
        assert list(differences(made(files, store, memo), made(files, store, Memo()))) == [], edit
        assert list(differences(made(base(), store, memo), whole)) == [], edit


def test_image_whose_words_have_changed_is_still_the_new_one_after_the_next_build(store: Store) -> None:
    memo = Memo()
    made(base(), store, memo)
    note = next(text for text in CONTENTS["content/charts/named.yaml"] if text and "notes" in str(text))
    files = edited(base(), ("content/charts/named.yaml", note))
    made(files, store, memo)
    assert list(differences(made(files, store, memo), made(files, store, Memo()))) == []


def remade(edit: Edit, store: Store) -> list[str]:
    """Return the files that are made anew after an edit, though some may come out the same."""
    memo = Memo()
    before, after = made(base(), store, memo), made(edited(base(), edit), store, memo)
    assert after.files
    return [name for name, data in after.files.items() if before.files.get(name) is not data]


def test_change_of_the_text_of_a_page_makes_one_page(store: Store) -> None:
    changed = str(BASE["content/a.md"]).replace("## Here\n", "Another line.\n\n## Here\n")
    assert remade(("content/a.md", changed), store) == ["a/index.html"]


def test_change_of_an_extract_makes_what_uses_it(store: Store) -> None:
    found = remade(("content/data/costs.csv", EXTRACT.replace("7.0", "7.1")), store)
    assert found == [
        "b/c/index.html", "data/checks.json", "data/checks/index.html", "data/costs/costs.csv",
        "data/costs/datapackage.json", "data/costs/index.html", "data/index.html", "data/sources/report/index.html",
        "figures/costed/index.html", "figures/index.html", "index.html",
    ]  # fmt: skip


def test_change_of_the_record_makes_what_shows_its_datasets(store: Store) -> None:
    assert remade(("content/changes.csv", RECORD.replace("came late", "were late")), store) == [
        "data/changes/index.html", "data/checks.json", "data/checks/index.html", "data/counts/datapackage.json",
        "data/counts/index.html", "data/index.html", "data/sources/later/index.html", "data/sources/report/index.html",
        "figures/now/index.html", "figures/then/index.html", "now/index.html", "then/index.html",
    ]  # fmt: skip


def test_change_of_an_edition_makes_what_shows_the_dataset(store: Store) -> None:
    assert remade(("content/data/counts.csv", COUNTS.replace("later,West,40", "later,West,41")), store) == [
        "data/changes/index.html", "data/checks.json", "data/checks/index.html", "data/counts/counts.csv",
        "data/counts/datapackage.json", "data/counts/index.html", "data/index.html", "data/sources/later/index.html",
        "data/sources/report/index.html", "figures/index.html", "figures/now/index.html", "figures/then/index.html",
        "now/index.html", "then/index.html",
    ]  # fmt: skip


def test_change_of_a_partial_makes_the_pages_that_include_it(store: Store) -> None:
    found = remade(("templates/partials/extra.html", "<b>{{ title }}</b>\n"), store)
    assert found == [f"{name}/index.html" for name in ("a", "b/c", "now", "then", "told")]


def test_change_of_a_title_makes_the_pages_that_show_it(store: Store) -> None:
    changed = str(BASE["content/b/c.md"]).replace("title: C", "title: Sea")
    assert remade(("content/b/c.md", changed), store) == [
        "b/c/index.html", "b/index.html", "data/costs/index.html", "data/parks/index.html",
        "data/sources/report/index.html", "figures/costed/index.html", "figures/index.html", "figures/named/index.html",
    ]  # fmt: skip


def test_template_that_nothing_uses_makes_nothing(store: Store) -> None:
    assert remade(("templates/unused.html", "a"), store) == []
