"""Pages and datasets become one site: addresses, links, ids, attachments, redirects."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

import pytest

from generator.build import Build, Options, load_config, parse_pages
from generator.diagnostics import Diagnostic
from generator.library import read_library
from generator.links import Target, resolve_link
from generator.markdown import LinkPart
from generator.paths import OutputPath, UrlPath
from generator.site import Site, assemble, check_site
from generator.sources import snapshot_of
from tests.conftest import EXTRACT, HOME, PAPERS, SIDECAR, SITE, Builder, codes, page, site_files

TABLE = "```table\nid: {}\ndata: parks\ntitle: T\n```\n"


def assembled(
    files: Mapping[str, str | bytes | None], *, drafts: bool = False, today: datetime.date = datetime.date.max
) -> tuple[Site, list[Diagnostic]]:
    """Assemble the smallest project with *files* in it; problems of the site alone."""
    snapshot = snapshot_of(site_files(files))
    config = load_config(snapshot, Options()).value
    library = read_library(snapshot, config).value
    site = assemble(config, library, parse_pages(snapshot).value, snapshot, drafts=drafts, today=today)
    return site.value, [*site.problems, *check_site(site.value, today)]


def problems(files: Mapping[str, str | bytes | None]) -> list[tuple[str, str]]:
    return [(problem.code, str(problem.at)) for problem in assembled(files)[1]]


def leads(target: str, **pages: str) -> Target | Diagnostic:
    """Resolve a link on the page ``content/a/b.md``; *pages* are others by name."""
    files: dict[str, str | bytes | None] = {f"content/{name}.md": text for name, text in pages.items()}
    files |= {"content/a/b.md": page(f"## Here\n\n[x](<{target}>)\n"), "content/a/p.pdf": b"%PDF-"}
    site, _ = assembled(files)
    here = site.sheets[UrlPath("/a/b/")].page
    return resolve_link(next(part for part in here.parts if isinstance(part, LinkPart)), here, site.places)


def test_smallest_project_has_no_problems() -> None:
    assert problems({}) == []


@pytest.mark.parametrize(
    ("target", "url", "anchor"),
    [
        ("../index.md", "/", ""),
        ("b.md", "/a/b/", ""),
        ("./b.md#here", "/a/b/", "here"),
        ("#here", "/a/b/", "here"),
        ("../c.md#there", "/c/", "there"),
        ("/c/", "/c/", ""),
        ("/c/#there", "/c/", "there"),
        ("../c/", "/c/", ""),
        ("/data/", "/data/", ""),
        ("/data/parks/#figures", "/data/parks/", "figures"),
        ("/data/parks/parks.csv", "/data/parks/parks.csv", ""),
        ("/data/sources/report/#parks", "/data/sources/report/", "parks"),
        ("p.pdf", "/a/p.pdf", ""),
        ("../", "/", ""),
    ],
)
def test_link_leads_to_its_page(target: str, url: str, anchor: str) -> None:
    assert leads(target, c=page("## There\n")) == Target(UrlPath(url), anchor)


@pytest.mark.parametrize(
    "target",
    [
        "https://a.example/",
        "mailto:a@b.example",
        "HTTPS://a.example/",
    ],
)
def test_link_outside_stays_as_it_is(target: str) -> None:
    found = leads(target)
    assert isinstance(found, Target)
    assert found.outside == target


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("../d.md", "did you mean 'content/c.md'?"),
        ("#hear", "did you mean 'here'?"),
        ("/c", "write '/c/', with a slash at the end"),
        ("/data/park/", "did you mean '/data/parks/'?"),
        ("../../up.md", ""),
        ("/data/parks/#rows", "places are: figures"),
    ],
)
def test_broken_link_is_reported_with_what_was_likely_meant(target: str, hint: str) -> None:
    found = leads(target, c=page())
    assert isinstance(found, Diagnostic)
    assert (found.code, found.at.line, found.at.column) == ("broken-link", 7, 1)
    assert found.hint.startswith(hint)


def test_drafts_are_shown_on_request_alone() -> None:
    files = {"content/secret.md": page(more="draft: true\n"), "content/index.md": HOME + "[x](secret.md)\n"}
    site, found = assembled(files)
    assert "/secret/" not in site.sheets
    assert [(problem.code, problem.severity.value) for problem in found] == [("unpublished-link", "error")]
    site, found = assembled(files, drafts=True)
    assert "/secret/" in site.sheets
    assert [(problem.code, problem.severity.value) for problem in found] == [("unpublished-link", "warning")]


def test_page_with_a_date_is_a_draft_until_that_day() -> None:
    files = {"content/soon.md": page(more="publish: 2024-05-07\n"), "content/index.md": HOME + "[x](soon.md)\n"}
    assert assembled(files, today=datetime.date(2024, 5, 7))[1] == []
    assert "/soon/" in assembled(files, today=datetime.date(2024, 5, 7))[0].sheets
    site, (problem,) = assembled(files, today=datetime.date(2024, 5, 6))
    assert "/soon/" not in site.sheets
    assert problem.message == "the link 'soon.md' leads to a page that is not published before 7 May 2024"


def test_menu_must_not_lead_to_a_draft() -> None:
    config = SITE.replace("menu: [/data/]", "menu: [/data/, /a/]")
    files = {"content/site.yaml": config, "content/a.md": page(more="draft: true\n")}
    assert problems(files) == [("unpublished-link", "content/site.yaml:6:16")]


def test_drafts_may_link_to_drafts() -> None:
    files = {"content/a.md": page("[x](b.md)\n", more="draft: true\n"), "content/b.md": page(more="draft: true\n")}
    assert assembled(files)[1] == assembled(files, drafts=True)[1] == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"content/A b.md": page()}, [("bad-name", "content/A b.md")]),
        ({"content/a.md": page(), "content/a/index.md": page()}, [("same-address", "content/a/index.md")]),
        ({"content/index.md": None}, [("no-home", "content/index.md"), ("unused-dataset", "content/data/parks.yaml")]),
        ({"content/site.yaml": SITE.replace("/data/", "/dtaa/")}, [("broken-link", "content/site.yaml:6:8")]),
        ({"content/sources.yaml": ""}, [("unknown-paper", "content/data/parks.yaml:5:17")]),
        (
            {"content/data/parks.yaml": SIDECAR.replace("paper: report", "paper: ''")},
            [],  # an empty key is reported where it is read, and names no paper
        ),
        ({"content/a.md": page(more="phase: outturn\npaper: x\n")}, [("unknown-paper", "content/a.md:5:8")]),
        ({"content/a.png": b"GIF89a"}, [("wrong-media-type", "content/a.png")]),
        ({"content/a.png": b"\x89PNG\r\n\x1a\n" + b"x" * 500_000}, [("file-too-large", "content/a.png")]),
        ({"content/a.pdf": b"%PDF-" + b"x" * 500_000}, []),
        ({"content/a.docx": b"PK"}, [("unknown-file", "content/a.docx")]),
        ({"content/LICENSE": "text"}, []),
        ({"content/a.md": page(more="formerly: [a]\n")}, [("bad-address", "content/a.md:4:12")]),
        ({"content/a.md": page(more="formerly: [/a/../b/]\n")}, [("bad-address", "content/a.md:4:12")]),
        ({"content/a.md": page(more="formerly: [/data/]\n")}, [("same-address", "content/a.md:4:12")]),
        ({"content/a.md": page(more="formerly: [/b/, /b/]\n")}, [("same-address", "content/a.md:4:17")]),
        ({"content/a.md": page("## T\n\n" + TABLE.format("t"))}, [("duplicate-id", "content/a.md:8:5")]),
        ({"content/a.md": page(TABLE.format("nul"))}, [("bad-name", "content/a.md:6:5")]),
        (
            {"content/a.md": page(TABLE.format("t")), "content/b.md": page(TABLE.format("t"))},
            [("duplicate-id", "content/b.md:6:5")],
        ),
    ],
    ids=lambda value: "" if isinstance(value, list) else ", ".join(value),
)
def test_what_does_not_fit_together_is_reported(
    files: dict[str, str | bytes | None], expected: list[tuple[str, str]]
) -> None:
    assert sorted(problems(files)) == sorted(expected)


@pytest.mark.parametrize(
    "files",
    [
        {"content/data/parks.md": page()},
        {"content/data/sources/report.md": page()},
        {"content/a.md": page(more="formerly: [/data/sources/report/]\n")},
        {"content/a.md": page(TABLE.format("t")), "content/figures/t.md": page()},
        {"content/a.md": page(TABLE.format("t"), more="formerly: [/figures/t/]\n")},
        {"content/data/parks.yaml": SIDECAR + "formerly: [parks]\n"},
    ],
    ids=["dataset", "paper", "former address", "figure", "former address of a figure", "former name of a dataset"],
)
def test_page_at_the_address_of_a_dataset_a_paper_or_a_figure_is_reported(files: dict[str, str | bytes | None]) -> None:
    assert [code for code, _ in problems(files)] == ["same-address"]


@pytest.mark.parametrize("former", ["/a b/", "/a/ /b/", "/a?b/", "/a#b/"])
def test_former_address_cannot_break_the_list_of_redirects(former: str) -> None:
    assert [code for code, _ in problems({"content/a.md": page(more=f"formerly: ['{former}']\n")})] == ["bad-address"]


@pytest.mark.parametrize(
    ("extract", "body", "expected"),
    [
        (EXTRACT, "", []),
        (EXTRACT.replace("South", "north!"), "", ["duplicate-id"]),
        (EXTRACT, "## North\n\n", ["duplicate-id"]),
        (EXTRACT, "## List 860\n\n", ["duplicate-id"]),
    ],
    ids=["none", "two records", "record and heading", "group and heading"],
)
def test_place_that_stands_twice_on_a_page_is_reported(extract: str, body: str, expected: list[str]) -> None:
    block = "```records\nid: list\ndata: parks\ntitle: T\ngroup: visits\nheading: park\nanchor: park\n```\n"
    found = problems({"content/a.md": page(body + block), "content/data/parks.csv": extract})
    assert [code for code, _ in found if code != "bare-figure"] == expected


def test_every_value_shows_its_own_figure_wherever_it_stands(built: Builder) -> None:
    """Inline footnotes have no place of their own, so a place cannot tell two values apart."""
    north, south = "{value}`parks: visits[park=North]`", "{value}`parks: cost[park=South] | pounds`"
    bodies = (
        f"One[^1] two[^2]\n\n[^1]: {north}\n[^2]: {south}\n",
        f"| a | b |\n|---|---|\n| {north} | {south.replace('|', chr(92) + '|')} |\n",
        f"- {north}\n  {south}\n",
        f"Term {north}\n: {south}\n",
    )
    for body in bodies:
        html = built(site_files({"content/index.md": page(body)})).files[OutputPath("index.html")].decode()
        assert re.findall(r'class="value"[^>]*>([^<]+)<', html) == ["1,200", "−£3,100"], body


def test_page_knows_where_its_datasets_are_used() -> None:
    site, _ = assembled({"content/a.md": page(TABLE.format("t") + TABLE.format("u"))})
    assert site.used_by == {"parks": ("/a/", "/")}


def test_addresses_and_anchors_are_those_that_the_site_serves() -> None:
    site, _ = assembled({"content/a.md": page("## H\n\n" + TABLE.format("t"))})
    assert set(site.places.addresses) == {
        "/", "/a/", "/data/", "/data/sources/", "/data/parks/", "/data/parks/parks.csv", "/data/sources/report/",
        "/data/checks/", "/figures/", "/figures/t/",
    }  # fmt: skip
    assert site.places.anchors[UrlPath("/a/")] == {"h", "t"}
    assert site.places.anchors[UrlPath("/figures/t/")] == {"t", "cite_this"}


def test_date_of_a_check_in_the_future_is_a_warning() -> None:
    files = {"content/a.md": page(more="checked: 2024-05-01\n")}
    day = datetime.date(2024, 4, 30)
    assert [problem.code for problem in assembled(files, today=day)[1]] == ["future-date"]
    assert assembled(files, today=day + datetime.timedelta(1))[1] == []


def test_missing_contact_is_a_warning_that_does_not_stop_the_build(built: Builder) -> None:
    made: Build = built(site_files({"content/site.yaml": SITE.replace("contact: figures@testing.example\n", "")}))
    assert codes(made) == ["no-contact"]
    assert not made.has_errors
    assert "index.html" in made.files


@pytest.mark.parametrize(
    ("date", "expected"), [("2016", []), ("March 2016", ["wrong-type"]), ("201", ["wrong-type"]), ("", ["missing-key"])]
)
def test_paper_is_dated_by_a_day_or_by_a_year_alone(built: Builder, date: str, expected: list[str]) -> None:
    made = built(site_files({"content/sources.yaml": PAPERS.replace("2024-03-07", date)}))
    assert codes(made) == expected


def test_paper_without_a_day_or_a_meeting_shows_what_is_known(built: Builder) -> None:
    shown = built(
        site_files({"content/sources.yaml": PAPERS.replace("2024-03-07", "2016").replace("  meeting: Cabinet\n", "")})
    )
    page = shown.files["data/sources/report/index.html"].decode()  # type: ignore[index]
    assert "Meeting" not in page
    assert re.search(r"Date\W.{0,40}\b2016\b", page, re.DOTALL)
    assert "Report on parks, 2016" in shown.files["data/parks/datapackage.json"].decode()  # type: ignore[index]


def test_error_anywhere_publishes_nothing(built: Builder) -> None:
    made = built(site_files({"content/a.md": page("[x](gone.md)")}))
    assert made.has_errors
    assert made.files == {}


def test_address_given_to_the_build_stands_above_the_one_in_the_configuration(built: Builder) -> None:
    made = built(site_files(), base_url="https://preview.example/x")
    assert b"https://preview.example/x/data/parks/" in made.files["data/parks/datapackage.json"]  # type: ignore[index]
    assert b'href="/x/data/"' in made.files["404.html"]  # type: ignore[index]
    assert b"figures.example" not in b"".join(made.files.values())


@pytest.mark.parametrize(
    ("path", "data", "line"),
    [
        ("content/a.md", page().encode() + b"Caf\xe9\n", 5),
        ("content/site.yaml", SITE.encode() + b"# Caf\xe9\n", SITE.count("\n") + 1),
        ("templates/assets/site.css", b"\xff", 1),
    ],
    ids=["page", "description", "stylesheet"],
)
def test_file_that_is_not_utf8_is_reported_where_it_stops_being_so(
    built: Builder, path: str, data: bytes, line: int
) -> None:
    made = built(site_files({path: data}))
    assert [(problem.code, str(problem.at)) for problem in made.problems] == [("not-utf8", f"{path}:{line}:1")]
    assert made.files == {}


def test_page_for_unknown_addresses_is_made_and_is_no_address_of_the_site(built: Builder) -> None:
    made = built(site_files())
    assert OutputPath("404.html") in made.files
    assert b"404" not in made.files[OutputPath("sitemap.xml")]
    assert not any("404" in address for address in assembled({})[0].places.addresses)
