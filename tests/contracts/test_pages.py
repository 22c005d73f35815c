"""Every page of the real site keeps what the site promises, whoever wrote it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import yaml

from generator.config import read_config
from tests.command import PROJECT, expect_none

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905
ADDRESSES = ("href", "src", "poster", "action", "formaction", "data", "xlink:href")
HERE = "https://here.invalid"


@dataclass
class Element:
    """An element with where it stands; *inside* are the elements around it, outermost first."""

    name: str
    attributes: dict[str, str]
    line: int
    inside: tuple[Element, ...] = field(repr=False)
    inner: list[Element] = field(default_factory=list, repr=False)
    """Everything inside it, at any depth, in order."""
    text: str = ""

    def __str__(self) -> str:
        words = "".join(
            f' {name}="{value}"' for name, value in self.attributes.items() if name in ("id", "href", "class")
        )
        return f"line {self.line}: <{self.name}{words}>"

    def within(self, *names: str) -> Element | None:
        return next((outer for outer in reversed(self.inside) if outer.name in names), None)


class Page(HTMLParser):
    """A page as a list of elements, with whatever is wrong with its nesting."""

    def __init__(self, url: str, html: str) -> None:
        super().__init__()
        self.url = url
        self.elements: list[Element] = []
        self.mistakes: list[str] = []
        self.doctype = ""
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        self.mistakes += [f"{element} is never closed" for element in self._open]

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)
        if tag not in VOID:
            self._open.append(self.elements[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)
        if tag not in VOID and not self.elements[-1].within("svg") and tag != "svg":
            self.mistakes.append(f"{self.elements[-1]} is no void element: its slash means nothing")

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        doubled = [name for name, number in Counter(name for name, _ in attrs).items() if number > 1]
        self.elements.append(
            Element(tag, {name: value or "" for name, value in attrs}, self.getpos()[0], tuple(self._open))
        )
        for outer in self._open:
            outer.inner.append(self.elements[-1])
        self.mistakes += [f"{self.elements[-1]} has two attributes '{name}'" for name in doubled]

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].name == tag:
            self._open.pop()
        else:
            inner = str(self._open[-1]) if self._open else "nothing"
            self.mistakes.append(f"line {self.getpos()[0]}: </{tag}> ends {inner}")

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *names: str) -> list[Element]:
        return [element for element in self.elements if element.name in names]

    def meta(self, name: str) -> list[str]:
        found = [
            e.attributes for e in self.all("meta") if name in (e.attributes.get("name"), e.attributes.get("property"))
        ]
        return [attributes.get("content", "") for attributes in found]

    def links(self, relation: str) -> list[str]:
        found = [e for e in self.all("link") if relation in e.attributes.get("rel", "").split()]
        return [element.attributes.get("href", "") for element in found]

    def ids(self) -> list[str]:
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]

    @property
    def leads_on(self) -> bool:
        """Whether this is a page at a former address."""
        return any(e.attributes.get("http-equiv") == "refresh" for e in self.all("meta"))

    @property
    def indexed(self) -> bool:
        return self.url != "/404.html" and not self.leads_on


Pages = Mapping[str, Page]


@pytest.fixture(scope="session")
def pages(real_site: Path) -> Pages:
    """Return every page of the site by its address."""
    found = {}
    for place in sorted(real_site.rglob("*.html")):
        url = "/" + place.relative_to(real_site).as_posix().removesuffix("index.html")
        found[url] = Page(url, place.read_text(encoding="utf-8"))
    assert len(found) > 10
    return found


@pytest.fixture(scope="session")
def base_url() -> str:
    text = (PROJECT / "content" / "site.yaml").read_text(encoding="utf-8")
    return read_config(text, "content/site.yaml").value.base_url


def repeated(texts: Mapping[str, str]) -> list[str]:
    """Return the texts that more than one page has, with these pages."""
    by_text = sorted((text, url) for url, text in texts.items())
    groups = [(text, [url for _, url in group]) for text, group in itertools.groupby(by_text, key=lambda pair: pair[0])]
    return [f"{text!r}: {', '.join(urls)}" for text, urls in groups if len(urls) > 1]


def test_pages_are_well_formed(pages: Pages) -> None:
    expect_none(f"{url} {mistake}" for url, page in pages.items() for mistake in page.mistakes)
    assert {page.doctype for page in pages.values()} == {"doctype html"}


def test_titles_are_unique_and_name_page_and_site(pages: Pages) -> None:
    titles = {url: [e.text for e in page.all("title") if not e.within("svg")] for url, page in pages.items()}
    assert {url: found for url, found in titles.items() if len(found) != 1 or not found[0].strip()} == {}
    expect_none(repeated({url: found[0] for url, found in titles.items() if pages[url].indexed}))
    site = titles["/"][0]
    assert [found[0] for url, found in titles.items() if url != "/" and not found[0].endswith(f" - {site}")] == []


def test_every_page_has_one_first_level_heading(pages: Pages) -> None:
    found = {url: [e.text.strip() for e in page.all("h1")] for url, page in pages.items()}
    assert {url: texts for url, texts in found.items() if len(texts) != 1 or not texts[0]} == {}


def test_headings_skip_no_level(pages: Pages) -> None:
    skips = []
    for url, page in pages.items():
        before = 0
        for heading in page.all("h1", "h2", "h3", "h4", "h5", "h6"):
            if int(heading.name[1]) > before + 1 or not heading.text.strip():
                skips.append(f"{url} {heading} '{heading.text.strip()}' after level {before}")
            before = int(heading.name[1])
    expect_none(skips)


def test_descriptions_are_unique_and_as_long_as_search_engines_show(pages: Pages) -> None:
    found = {url: page.meta("description") for url, page in pages.items()}
    assert [url for url, texts in found.items() if len(texts) != 1] == []
    indexed = {url: texts[0] for url, texts in found.items() if pages[url].indexed}
    expect_none(repeated(indexed))
    expect_none(f"{url} {len(text)}: {text}" for url, text in indexed.items() if not 50 <= len(text) <= 160)


def test_canonical_address_is_absolute_and_the_pages_own(pages: Pages, base_url: str) -> None:
    found = {url: page.links("canonical") for url, page in pages.items()}
    expected = {url: [base_url.rstrip("/") + url] if page.indexed else [] for url, page in pages.items()}
    assert found == expected


def test_pages_that_are_no_place_of_their_own_stay_out_of_indexes(pages: Pages) -> None:
    assert {url for url, page in pages.items() if "noindex" in " ".join(page.meta("robots"))} == {
        url for url, page in pages.items() if not page.indexed
    }


def test_language_encoding_and_viewport_are_stated(pages: Pages) -> None:
    for url, page in pages.items():
        assert [e.attributes.get("lang") for e in page.all("html")] == ["en-GB"], url
        assert page.all("meta")[0].attributes == {"charset": "utf-8"}, url
        assert page.meta("viewport") == ["width=device-width, initial-scale=1"], url


def test_nothing_in_a_page_needs_a_looser_security_policy(pages: Pages) -> None:
    loose = []
    for url, page in pages.items():
        for element in page.elements:
            handlers = [name for name in element.attributes if name.startswith("on") or name == "style"]
            own = element.name == "script" and re.fullmatch(r"/figures/[a-z0-9-]+/", url)
            if own and set(element.attributes) == {"src", "defer"} and not element.text.strip() and not handlers:
                continue
            if element.name in {"script", "style", "iframe", "object", "embed", "form", "base"} or handlers:
                loose.append(f"{url} {element} {handlers}")
            for value in element.attributes.values():
                if re.match(r"\s*(javascript|data|vbscript|blob):", value, re.IGNORECASE):
                    loose.append(f"{url} {element} {value[:40]}")
    expect_none(loose)


def test_nothing_is_loaded_from_another_host(pages: Pages, base_url: str) -> None:
    foreign = []
    for url, page in pages.items():
        for element, address in addresses(page):
            split = urlsplit(address)
            if not split.scheme and not split.netloc:
                continue
            own = (
                element.name == "link" and element.attributes.get("rel") == "canonical" and address.startswith(base_url)
            )
            link = element.name == "a" and split.scheme in {"http", "https", "mailto", "tel"}
            if not own and not link:
                foreign.append(f"{url} {element}")
    expect_none(foreign)


def test_links_and_anchors_lead_to_what_is_there(pages: Pages, real_site: Path) -> None:
    broken = []
    ids = {url: set(page.ids()) for url, page in pages.items()}
    for url, page in pages.items():
        for element, address in [*addresses(page), *refreshes(page)]:
            split = urlsplit(address)
            if split.scheme or split.netloc:
                continue
            target = urlsplit(urljoin(HERE + url, address))
            path, anchor = unquote(target.path), unquote(target.fragment)
            place = real_site / (path.removeprefix("/") + ("index.html" if path.endswith("/") else ""))
            if not place.is_file() or not place.resolve().is_relative_to(real_site.resolve()):
                broken.append(f"{url} {element} leads to no file: {path}")
            elif anchor and anchor not in ids.get(path, set()):
                broken.append(f"{url} {element} leads to no place '#{anchor}' of {path}")
    expect_none(broken)


def addresses(page: Page) -> Iterator[tuple[Element, str]]:
    for element in page.elements:
        for name in ADDRESSES:
            if name in element.attributes:
                yield element, element.attributes[name]
        for candidate in element.attributes.get("srcset", "").split(","):
            if candidate.strip():
                yield element, candidate.split()[0]


def refreshes(page: Page) -> Iterator[tuple[Element, str]]:
    for element in page.all("meta"):
        if element.attributes.get("http-equiv") == "refresh":
            yield element, element.attributes["content"].partition("url=")[2]


def test_ids_are_unique_in_a_page(pages: Pages) -> None:
    doubled = {
        url: [i for i, n in Counter(page.ids()).items() if n > 1 or not i.strip()] for url, page in pages.items()
    }
    assert {url: ids for url, ids in doubled.items() if ids} == {}


def test_elements_are_named_by_ids_of_their_page(pages: Pages) -> None:
    lost = []
    for url, page in pages.items():
        ids = set(page.ids())
        for element in page.elements:
            for name in ("aria-labelledby", "aria-describedby", "aria-controls", "headers", "for"):
                lost += [f"{url} {element} {i}" for i in element.attributes.get(name, "").split() if i not in ids]
            for value in element.attributes.values():
                lost += [f"{url} {element} url(#{i})" for i in re.findall(r"url\(#([^)]*)\)", value) if i not in ids]
    expect_none(lost)


def test_pictures_have_a_text_alternative(pages: Pages) -> None:
    mute = []
    for url, page in pages.items():
        mute += [f"{url} {element}" for element in page.all("img") if not element.attributes.get("alt", "").strip()]
        for element in page.all("svg"):
            if element.attributes.get("role") != "img" or not element.attributes.get("aria-label", "").strip():
                mute.append(f"{url} {element}")
    expect_none(mute)


def test_links_say_where_they_lead(pages: Pages) -> None:
    vague = {"here", "click here", "more", "read more", "link", "this page", "download", "source", "details"}
    empty = [
        f"{url} {a} '{a.text.strip()}'"
        for url, page in pages.items()
        for a in page.all("a")
        if not a.text.strip() or a.text.strip().casefold() in vague or a.within("a", "button", "summary")
    ]
    expect_none(empty)


def test_every_figure_table_and_value_links_to_its_source(pages: Pages) -> None:
    entries = {
        f"{url}#{e.attributes['id']}"
        for url, page in pages.items()
        if re.fullmatch(r"/data/sources/[a-z0-9-]+/", url)
        for e in page.all("li")
        if "id" in e.attributes and any(outer.attributes.get("class") == "entries" for outer in e.inside)
    }
    assert entries
    unsourced = []
    counted = Counter[str]()
    for url, page in pages.items():
        targets = [(a, urljoin(HERE + url, a.attributes.get("href", "")).removeprefix(HERE)) for a in page.all("a")]
        sourced = {id(a) for a, target in targets if target in entries}
        for element in page.elements:
            classes = element.attributes.get("class", "").split()
            if element.name == "a" and "value" in classes:
                found = id(element) in sourced
            elif element.name == "table" and url == "/data/checks/":
                continue  # it counts the site's own checks
            elif element.name == "table" and not element.within("figure"):
                found = not unbound_figures(element)  # its values are links to their sources, each checked here
            elif element.name in ("figure", "table") or (element.name == "section" and "records" in classes):
                found = any(id(a) in sourced for a in (element.within("figure") or element).inner)
            else:
                continue
            counted[element.name] += 1
            if not found:
                unsourced.append(f"{url} {element}")
    expect_none(unsourced)
    assert set(counted) >= {"a", "figure", "table"}, "the check has found nothing to check"


def unbound_figures(table: Element) -> list[str]:
    """Return what looks like a figure, and neither like a year nor a date, in the cells of a table of words."""
    found = []
    for cell in table.inner:
        if cell.name in ("th", "td"):
            text = cell.text
            for value in cell.inner:
                if value.name == "a" and "value" in value.attributes.get("class", "").split():
                    text = text.replace(value.text, "", 1)
            text = re.sub(r"\b(\d{1,2} )?([A-Z][a-z]+ )?20\d\d(-\d\d|/\d\d)?\b", "", text)
            found += re.findall(r"[£%]|\d+", text)
    return found


def test_every_dataset_has_a_page_a_file_and_an_entry_among_the_sources(pages: Pages, real_site: Path) -> None:
    for sidecar in sorted((PROJECT / "content" / "data").glob("*.yaml")):
        name = sidecar.stem
        paper = yaml.safe_load(sidecar.read_text(encoding="utf-8"))["source"]["paper"]
        assert f"/data/{name}/" in pages
        assert name in pages[f"/data/sources/{paper}/"].ids()
        assert (real_site / "data" / name / f"{name}.csv").read_bytes().endswith(b"\r\n")


def test_figures_with_pictures_have_their_table_closed_beside_them(pages: Pages) -> None:
    wrong = []
    for url, page in pages.items():
        for figure in page.all("figure"):
            tables = [e for e in figure.inner if e.name == "table"]
            drawn = any(e.name == "svg" for e in figure.inner)
            closed = [bool(table.within("details")) for table in tables]
            if closed != [drawn]:
                wrong.append(f"{url} {figure}: pictures {drawn}, tables in details {closed}")
    expect_none(wrong)


def test_tables_name_themselves_their_columns_and_their_rows(pages: Pages) -> None:
    wrong = []
    for url, page in pages.items():
        for table in page.all("table"):
            if not table.within("figure"):
                continue
            heads = [e for e in table.inner if e.name == "th" and e.within("thead")]
            rows = [e for e in table.inner if e.name == "tr" and e.within("tbody")]
            captions = [e for e in table.inner if e.name == "caption" and e.text.strip()]
            scopes = {e.attributes.get("scope") for e in heads}
            if len(captions) != 1 or scopes != {"col"} or not rows:
                wrong.append(f"{url} {table} captions {len(captions)}, scopes {scopes}, rows {len(rows)}")
            for row in rows:
                cells = [e for e in row.inner if e.name in ("th", "td")]
                kinds = [(e.name, e.attributes.get("scope")) for e in cells]
                if len(cells) != len(heads) or kinds[0] != ("th", "row") or ("th", "row") in kinds[1:]:
                    wrong.append(f"{url} {row} has {len(cells)} cells of {len(heads)}, first {kinds[:1]}")
                wrong += [f"{url} {e} beside '{cells[0].text}' is empty" for e in cells if not e.text.strip()]
    expect_none(wrong)
