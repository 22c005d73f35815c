"""A chart in a file of its own is one figure, wherever it is shown."""

from __future__ import annotations

import pytest

from generator.digest import digest
from generator.named_charts import read_named_charts
from generator.paths import OutputPath
from generator.reasons import Record, record
from generator.sources import snapshot_of
from tests.conftest import Builder, codes, page, site_files

NAMED = "data: parks\nkind: bar\ny: park\nx: visits\ntitle: The north has most visits\nalt: auto\n"
USE = page("```chart\nuse: visits\n```\n")
FILE = "content/charts/visits.yaml"
FIGURE = OutputPath("figures/visits/index.html")


def files(**more: str) -> dict[str, str | bytes]:
    """Return a project with a named chart on two pages."""
    return site_files({FILE: NAMED, "content/a.md": USE, "content/b.md": USE.replace("Page", "Other page"), **more})


def test_chart_on_two_pages_is_drawn_once_and_names_both(built: Builder) -> None:
    made = built(files())
    assert made.problems == ()
    assert made.counts["charts drawn"] == 2
    html = made.files[FIGURE].decode()
    assert '<a href="../../a/">Page</a>' in html
    assert '<a href="../../b/">Other page</a>' in html
    for name in ("a", "b"):
        assert '<figure id="visits">' in made.files[OutputPath(f"{name}/index.html")].decode()


def test_chart_that_no_page_shows_keeps_its_address_and_is_noted(built: Builder) -> None:
    made = built(site_files({FILE: NAMED}))
    assert codes(made) == ["unused-chart"]
    assert FIGURE in made.files
    assert OutputPath("figures/visits/visits.png") in made.files


def test_draft_alone_does_not_show_a_chart(built: Builder) -> None:
    found = site_files({FILE: NAMED, "content/a.md": USE.replace("---\n```", "draft: true\n---\n```")})
    assert codes(built(found)) == ["unused-chart"]
    assert codes(built(found, drafts=True)) == []


def test_mistake_in_a_chart_is_reported_once_at_its_place_in_its_file(built: Builder) -> None:
    made = built(files(**{FILE: NAMED.replace("x: visits", "x: vists")}))
    assert [(p.code, str(p.at)) for p in made.problems] == [("unknown-column", f"{FILE}:4:4")]


def test_page_may_link_to_a_chart_that_it_shows(built: Builder) -> None:
    assert built(files(**{"content/a.md": USE + "\n[it](#visits)\n"})).problems == ()


def test_dataset_of_a_chart_is_used_by_the_pages_that_show_it(built: Builder) -> None:
    index = {"content/index.md": page(title="Home")}
    assert codes(built(files(**index))) == []
    assert codes(built(site_files({FILE: NAMED, **index}))) == ["unused-chart", "unused-dataset"]


def test_figure_typed_in_a_chart_is_compared_with_its_dataset(built: Builder) -> None:
    made = built(files(**{FILE: NAMED.replace("most visits", "12345 visits")}))
    assert [(p.code, str(p.at)) for p in made.problems] == [("bare-figure", f"{FILE}:5:22")]
    assert codes(built(files(**{FILE: NAMED.replace("most visits", "1200 visits")}))) == []


@pytest.mark.parametrize("output", ["a/index.html", "b/index.html", "figures/visits/index.html"])
def test_file_of_a_chart_is_an_input_of_whatever_shows_it(built: Builder, output: str) -> None:
    changed = files(**{FILE: NAMED.replace("most", "more")})
    former: Record | None = None
    for project in (files(), changed):
        found = built(project)
        former = record(digest(), found.files, found.inputs, (), {}, snapshot_of(project), former)
    assert former is not None
    assert former.files[OutputPath(output)].why == (f"chart {FILE} changed",)
    assert former.files[OutputPath("index.html")].why == ("first build",)


def test_name_of_a_file_is_the_id() -> None:
    found = read_named_charts(snapshot_of({FILE: NAMED, "content/charts/index.md": USE}))
    assert list(found.value) == ["visits"]
    assert found.value["visits"].table.entries["id"].node.at.path == FILE
