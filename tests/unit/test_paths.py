"""Sources, addresses and output files are told apart, and lead to each other."""

from __future__ import annotations

import posixpath
from urllib.parse import urljoin

import pytest

from generator.paths import SourcePath, UrlPath, bad_segment, output_for, relative_url, slugify, url_for


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("content/index.md", "/"),
        ("content/about.md", "/about/"),
        ("content/budget/index.md", "/budget/"),
        ("content/budget/deep/one.md", "/budget/deep/one/"),
        ("content/reindex.md", "/reindex/"),
        ("content/budget/my-index.md", "/budget/my-index/"),
    ],
)
def test_address_is_a_folder_named_after_the_source(source: str, url: str) -> None:
    assert url_for(SourcePath(source)) == url


@pytest.mark.parametrize(
    ("url", "output"), [("/", "index.html"), ("/a/b/", "a/b/index.html"), ("/404.html", "404.html")]
)
def test_output_is_what_a_static_host_serves_at_the_address(url: str, output: str) -> None:
    assert output_for(UrlPath(url)) == output


@pytest.mark.parametrize("base", ["/", "/a/", "/a/b/", "/a/b/c/", "/404.html"])
@pytest.mark.parametrize("target", ["/", "/a/", "/a/b/", "/x/", "/a/x.csv", "/x.csv"])
def test_relative_link_leads_to_its_target_below_any_folder(base: str, target: str) -> None:
    link = relative_url(UrlPath(base), UrlPath(target))
    assert not posixpath.isabs(link)
    for folder in ("https://h.example", "https://h.example/finance"):
        assert urljoin(folder + base, link) == folder + target


@pytest.mark.parametrize(
    ("source", "bad"),
    [
        ("content/index.md", ""),
        ("content/2024-25/page.md", ""),
        ("content/Spend/index.md", "Spend"),
        ("content/a b/c.md", "a b"),
        ("content/a--b.md", "a--b"),
        ("content/-a.md", "-a"),
        ("content/404.md", "404"),
        ("content/assets/x.md", "assets"),
        ("content/nul.md", "nul"),
        ("content/index/x.md", "index"),
        ("content/é.md", "é"),
        (f"content/{'a' * 101}.md", "a" * 101),
    ],
)
def test_first_part_that_cannot_stand_in_an_address_is_found(source: str, bad: str) -> None:
    assert bad_segment(SourcePath(source)) == bad


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Children’s services & education", "childrens-services-and-education"),
        ("  2024/25:  a plan ", "2024-25-a-plan"),
        ("STRASSE Straße", "strasse-strasse"),
        ("£", ""),
    ],
)
def test_slug_has_ascii_words_and_single_hyphens(text: str, slug: str) -> None:
    assert slugify(text) == slug
