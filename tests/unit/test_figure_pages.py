"""Each figure has a page of its own that says how to cite it and what stands behind it."""

from __future__ import annotations

import hashlib
import json
import re

from generator.paths import OutputPath
from tests.conftest import PAPERS, SIDECAR, Builder, page, site_files

CHART = """\
```chart
id: visits
data: parks
kind: bar
y: park
x: visits
title: The north has most visits
alt: auto
```
"""
TABLE = "```table\nid: t\ndata: parks\ntitle: Visits and costs\n```\n"


def output(name: str) -> OutputPath:
    return OutputPath(f"figures/{name}")


def test_page_of_a_figure_stands_below_the_list_of_figures_and_leads_to_the_page_that_shows_it(
    built: Builder,
) -> None:
    made = built(site_files({"content/a/index.md": page(title="A"), "content/a/b.md": page(TABLE, title="B")}))
    html = made.files[output("t/index.html")].decode()
    assert re.findall(r'<a href="([^"]*)">(Home|Figures|A|B)</a>', html) == [
        ("../../", "Home"), ("../", "Figures"), ("../../a/b/", "B"),
    ]  # fmt: skip


def test_list_of_figures_names_each_by_section_with_its_kind_and_its_page(built: Builder) -> None:
    files = {"content/a/index.md": page(CHART, title="A"), "content/a/b.md": page(TABLE, title="B")}
    html = built(site_files(files)).files[OutputPath("figures/index.html")].decode()
    assert re.findall(r"<h2.*?>(.*?)</h2>", html) == ["A"]
    assert [line for line in html.splitlines() if 'href="visits/"' in line or 'href="t/"' in line] == [
        '<a href="visits/">The north has most visits</a> Bar chart, A',
        '<a href="t/">Visits and costs</a> Table, B',
    ]


def test_citation_names_title_stage_address_and_paper(built: Builder) -> None:
    draft = SIDECAR.replace("phase: reported", "phase: initial-draft")
    made = built(site_files({"content/a.md": page(TABLE), "content/data/parks.yaml": draft}))
    html = made.files[output("t/index.html")].decode()
    cited = html.partition('<p id="cite_this">')[2].partition("</p>")[0]
    assert cited == (
        "“Visits and costs”. Testing Council, 2023-24. Initial draft, March 2024. Not the approved budget. "
        "Figures of Testing, https://figures.example/figures/t/. "
        "Source: Testing Council, Report on parks, 7 March 2024, Item 4, Table 1."
    )


def test_page_states_the_checksum_of_the_file_that_it_offers(built: Builder) -> None:
    made = built(site_files({"content/a.md": page(TABLE)}))
    html = made.files[output("t/index.html")].decode()
    assert hashlib.sha256(made.files[OutputPath("data/parks/parks.csv")]).hexdigest() in html
    assert 'href="../../data/parks/parks.csv"' in html


def test_checks_of_the_whole_dataset_are_said_for_a_part_of_it(built: Builder) -> None:
    totals = "totals:\n  - {id: all, label: All, printed: [{cost: 28.4}]}\n"
    part = TABLE.replace("title:", "where: {park: North}\ntitle:")
    made = built(site_files({"content/a.md": page(part), "content/data/parks.yaml": SIDECAR + totals}))
    assert made.problems == ()
    assert "agree" in made.files[output("t/index.html")].decode()


def test_specification_needs_neither_the_stylesheet_nor_anything_outside(built: Builder) -> None:
    made = built(site_files({"content/a.md": page(CHART + TABLE)}))
    spec = json.loads(made.files[output("visits/spec.json")])
    assert spec["description"].startswith("The north has most visits. Visits, Testing Council, 2023-24. Bar chart")
    text = json.dumps({key: value for key, value in spec.items() if key != "$schema"})
    assert "var(" not in text
    assert "://" not in text
    assert output("t/spec.json") not in made.files


def test_words_of_a_paper_reach_the_page_of_a_figure(built: Builder) -> None:
    files = site_files({"content/a.md": page(TABLE), "content/sources.yaml": PAPERS.replace("on parks\n", "on <b>\n")})
    html = built(files).files[output("t/index.html")].decode()
    assert "Report on &lt;b&gt;" in html
    assert "<b>" not in html


def test_picture_says_its_stage_once_and_its_source(built: Builder) -> None:
    draft = SIDECAR.replace("phase: reported", "phase: initial-draft")
    made = built(site_files({"content/a.md": page(CHART), "content/data/parks.yaml": draft}))
    picture = made.files[output("visits/visits.svg")].decode()
    assert picture.count("Initial draft, March 2024. Not the approved budget.") == 1
    assert "Source: Testing Council, Report on parks, 7 March 2024, Item 4, Table 1" in picture
    assert "[p] means provisional." in picture
    assert ">The north has most visits</text>" in picture


def test_chart_can_be_taken_away_as_picture_and_image_and_a_table_cannot(built: Builder) -> None:
    made = built(site_files({"content/a.md": page(CHART + TABLE)}))
    files = {name for name in made.files if name.startswith("figures/") and name != "figures/index.html"}
    assert files == {output(f"visits/{name}") for name in ("index.html", "spec.json", "visits.png", "visits.svg")} | {
        output("t/index.html")
    }
    assert made.files[output("visits/visits.png")].startswith(b"\x89PNG")


def test_figure_leads_to_its_data_its_pictures_its_page_and_its_citation(built: Builder) -> None:
    made = built(site_files({"content/a.md": page(CHART + TABLE)}))
    html = made.files[OutputPath("a/index.html")].decode()
    links = dict(re.findall(r'<a href="([^"]*)">([^<]*)</a>', html))
    assert links["../figures/visits/"] == "Link to this figure"
    assert links["../figures/visits/#cite_this"] == "Cite"
    assert links["../figures/t/"] == "Link to this figure"
    assert links["../figures/visits/visits.svg"] == "visits.svg"
    assert links["../figures/visits/visits.png"] == "visits.png"


def test_table_of_a_dataset_leads_to_no_figure_even_one_of_the_same_name(built: Builder) -> None:
    files = site_files({"content/a.md": page(CHART.replace("id: visits", "id: figures"))})
    files["templates/pages/dataset.html"] = "{{ figure.page.href }}|{{ figure.cite.href }}|{{ figure.files }}"
    assert built(files).files[OutputPath("data/parks/index.html")] == b"||()"
