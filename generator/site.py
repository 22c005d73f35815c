"""Assemble the site: every address, who links to whom, what each page shows, and where each dataset is used."""

from __future__ import annotations

import datetime
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from generator.addresses import (
    PICTURES,
    Address,
    check_addresses,
    dataset_url,
    download_url,
    figure_url,
    picture_url,
    source_url,
    specification_url,
    unfit_name,
)
from generator.attachments import find_attachments
from generator.comparison import Comparison
from generator.config import Paper, SiteConfig
from generator.datasets import Dataset
from generator.diagnostics import Checked, Diagnostic, Location, Severity, did_you_mean, hint_for
from generator.digest import Digest, digest
from generator.editions import papers_of
from generator.facts import Facts, Memo
from generator.figures import Figure, Library, Records
from generator.frontmatter import FrontMatter
from generator.library import compare_with
from generator.links import Links, Places, resolve_links, unpublished
from generator.links import places as find_places
from generator.markdown import Page
from generator.named_charts import read_named_charts, unused_chart
from generator.paths import SLUG, SourcePath, UrlPath, bad_segment, slugify
from generator.positioned import Text
from generator.reconcile import Check
from generator.roles import PrintedPart
from generator.sheets import Named, Sheet, read_named, read_sheet
from generator.sources import Snapshot
from generator.words import long_date

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_ADDRESS = re.compile(r"(/[A-Za-z0-9._~-]+)+/")


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that pages are rendered from; relations are keys.

    What is read while a page is rendered is `Facts`, so that it is noted as an input of that page.
    """

    config: SiteConfig
    library: Library
    sheets: Mapping[UrlPath, Sheet]
    """The pages, in the order of their files."""
    heads: Mapping[UrlPath, FrontMatter]
    """What other pages show of a page."""
    below: Mapping[UrlPath, tuple[UrlPath, ...]]
    """The pages that a section lists: those with no other page between."""
    named: Mapping[str, Named]
    """The charts that stand in files of their own."""
    figures: Mapping[str, tuple[Figure, tuple[UrlPath, ...]]]
    """Figures by id, with the pages that show them; only a named chart has none or several."""
    requests: Mapping[str, Digest]
    """Digest of what each chart is drawn from."""
    quotes: Mapping[str, Quotes]
    """What pages quote from each paper."""
    used_by: Mapping[str, tuple[UrlPath, ...]]
    """Pages by the dataset they use."""
    taken_from: Mapping[str, tuple[str, ...]]
    """Datasets by the paper they are taken from."""
    links: Mapping[UrlPath, Links]
    places: Places
    attachments: Mapping[UrlPath, SourcePath]
    redirects: Mapping[UrlPath, UrlPath]
    withheld: Mapping[UrlPath, str]
    """Pages that are shown here and not published yet, with why in words."""

    @property
    def papers(self) -> Mapping[str, Paper]:
        """The council papers."""
        return self.library.papers

    @property
    def datasets(self) -> Mapping[str, Dataset]:
        """All datasets and code lists."""
        return self.library.datasets

    @property
    def checks(self) -> Mapping[str, tuple[Check, ...]]:
        """The checks of each dataset."""
        return self.library.checks


Quotes = tuple[tuple[str, str, tuple[str, ...], tuple[UrlPath, ...]], ...]
"""Anchor, place, figures and pages of what is quoted from each place of a paper, in the order of the pages."""


def quote_anchor(part: PrintedPart) -> str:
    """Return the anchor, on the page of its paper, of the place that a figure is quoted from."""
    return f"quoted-{slugify(part.place)}"


def _quotes(sheets: Mapping[UrlPath, Sheet], papers: Iterable[str]) -> dict[str, Quotes]:
    found: dict[str, dict[str, list[tuple[PrintedPart, UrlPath]]]] = {name: {} for name in papers}
    for url, sheet in sheets.items():
        for part in sheet.quotes:
            found.setdefault(part.paper, {}).setdefault(quote_anchor(part), []).append((part, url))
    return {
        paper: tuple(
            (
                anchor,
                quoted[0][0].place,
                tuple(dict.fromkeys(part.figure for part, _ in quoted)),
                tuple(dict.fromkeys(url for _, url in quoted)),
            )
            for anchor, quoted in places.items()
        )
        for paper, places in found.items()
    }


def assemble(
    config: SiteConfig,
    library: Library,
    pages: Iterable[Page],
    snapshot: Snapshot,
    *,
    drafts: bool = False,
    today: datetime.date = datetime.date.max,
    memo: Memo | None = None,
) -> Checked[Site]:
    """Put pages and datasets together, and report whatever does not fit."""
    memo = memo or Memo()
    problems: list[Diagnostic] = []
    public = shown = list(pages)
    withheld: dict[UrlPath, tuple[Page, str]] = {}
    if held := {page.source: why for page in shown if (why := why_withheld(page.front, today))}:
        public = [page for page in shown if page.source not in held]
        # where a published file claims the same address, that is a problem of its own
        taken_urls = {page.url for page in public}
        withheld = {p.url: (p, held[p.source]) for p in shown if p.source in held and p.url not in taken_urls}
    shown = shown if drafts else public
    by_url = _by_url(shown, problems)
    comparison = compare_with(memo, library.datasets, "figures of dataset")
    named = _named(library, comparison, snapshot, memo, problems)
    sheets = _sheets(by_url, library, comparison, named, snapshot, memo, problems)
    figures = _figures(sheets, named, problems)
    attachments = find_attachments(snapshot, problems)
    redirects = _redirects(sheets, problems) | {
        dataset_url(former.value): dataset_url(name)
        for name, dataset in library.datasets.items()
        for former in dataset.formerly
    }
    written = [(page.source, page.url, page.front.formerly) for page in shown]
    made = tuple(_claims_of_data(library, figures))
    with memo.stage("addresses") as stage:
        claims = (written, made, library.indexes, attachments)
        problems += stage.recall(None, claims, _check_addresses, *claims)
    known = find_places(memo, library, sheets, figures, attachments, withheld.values())
    severity = Severity.WARNING if drafts else Severity.ERROR
    links: dict[UrlPath, Links] = {}
    with memo.stage("links") as stage:
        wanted = (
            (url, (sheet.page.source, sheet.page.digest, severity), resolve_links, (sheet.page, known, severity))
            for url, sheet in sheets.items()
        )
        for url, entry in zip(sheets, stage.entries(wanted), strict=True):
            links[url] = entry.value.value
            problems += entry.value.problems
    used: dict[str, list[UrlPath]] = {}
    for url, sheet in sheets.items():
        for name in sheet.used:
            used.setdefault(name, []).append(url)
    with memo.stage("listings") as stage:
        below = stage.recall(None, list(sheets), _below, list(sheets))
    taken: dict[str, list[str]] = {}
    for name, dataset in library.datasets.items():
        for paper in papers_of(dataset):
            taken.setdefault(paper, []).append(name)
    quotes = _quotes(sheets, library.papers)

    def facts(kind: str, values: Mapping[K, V]) -> Facts[K, V]:
        return Facts(memo, kind, values, {key: digest(repr(value)) for key, value in values.items()})

    seen = {name: each.digest for name, each in named.items()}
    requests = {name: each.request for name, each in named.items()}
    for sheet in sheets.values():
        if sheet.blocks:
            seen.update((name, each) for name, each in sheet.digests.items() if name not in seen)
            requests.update((name, each) for name, each in sheet.requests.items() if name not in requests)
    digests = {name: digest(seen[name], *urls) for name, (_, urls) in figures.items()}
    heads = {url: sheet.page.front for url, sheet in sheets.items()}
    site = Site(
        config=config,
        library=library,
        sheets=MappingProxyType(sheets),
        heads=Facts(memo, "head of page", heads, {url: sheet.head for url, sheet in sheets.items()}),
        below=facts("pages in section", below),
        named=named,
        figures=Facts(memo, "figure", figures, digests),
        requests=MappingProxyType(requests),
        quotes=facts("quotations of paper", quotes),
        used_by=facts("pages that use dataset", {name: tuple(urls) for name, urls in used.items()}),
        taken_from=facts("datasets taken from paper", {paper: tuple(names) for paper, names in taken.items()}),
        links=MappingProxyType(links),
        places=known,
        attachments=MappingProxyType(attachments),
        redirects=MappingProxyType(redirects),
        withheld=MappingProxyType({url: why for url, (_, why) in withheld.items() if drafts}),
    )
    return Checked(site, tuple(problems))


def why_withheld(front: FrontMatter, today: datetime.date) -> str:
    """Say why a page is not published yet; empty if it is.  The words follow "a page that"."""
    if front.draft:
        return "is a draft"
    if front.publish is not None and front.publish > today:
        return f"is not published before {long_date(front.publish)}"
    return ""


def _by_url(pages: Iterable[Page], problems: list[Diagnostic]) -> dict[UrlPath, Page]:
    by_url: dict[UrlPath, Page] = {}
    for page in pages:
        if segment := bad_segment(page.source):
            message = f"'{segment}' cannot stand in an address"
            hint = "rename the file or folder with a-z, 0-9 and single hyphens"
            problems.append(Diagnostic("bad-name", message, Location(page.source), hint=hint))
        by_url.setdefault(page.url, page)
    return by_url


def _sheets(
    pages: Mapping[UrlPath, Page],
    library: Library,
    comparison: Comparison,
    named: Mapping[str, Named],
    snapshot: Snapshot,
    memo: Memo,
    problems: list[Diagnostic],
) -> dict[UrlPath, Sheet]:
    sheets: dict[UrlPath, Sheet] = {}
    with memo.stage("sheets") as stage:
        wanted = (
            (page.source, (page.digest, library.council), read_sheet, (page, snapshot, library, comparison, named))
            for page in pages.values()
        )
        for url, entry in zip(pages, stage.entries(wanted), strict=True):
            sheets[url] = entry.value.value
            problems += entry.value.problems
    return sheets


def _below(urls: Iterable[UrlPath]) -> dict[UrlPath, tuple[UrlPath, ...]]:
    """Return for each page those that it is the nearest above.

    >>> _below([UrlPath(url) for url in ("/", "/a/", "/a/b/c/")])
    {'/': ('/a/',), '/a/': ('/a/b/c/',)}
    """
    found: dict[UrlPath, list[UrlPath]] = {url: [] for url in urls}
    for url in found:
        above = url
        while above != "/":
            above = UrlPath(above.rstrip("/").rpartition("/")[0] + "/")
            if above in found:
                found[above].append(url)
                break
    return {url: tuple(pages) for url, pages in found.items() if pages}


def _named(
    library: Library, comparison: Comparison, snapshot: Snapshot, memo: Memo, problems: list[Diagnostic]
) -> Facts[str, Named]:
    """Read the charts that stand in files of their own."""
    read = read_named_charts(snapshot)
    problems += read.problems
    named: dict[str, Named] = {}
    with memo.stage("named charts") as stage:
        for name, block in read.value.items():
            inputs = (snapshot.digest(block.at.path), library.council)
            found = stage.recall(name, inputs, read_named, block, snapshot, library, comparison)
            named[name] = found.value
            problems += found.problems
    return Facts(memo, "named chart", named, {name: digest(each.digest) for name, each in named.items()})


def _figures(
    sheets: Mapping[UrlPath, Sheet], named: Mapping[str, Named], problems: list[Diagnostic]
) -> dict[str, tuple[Figure, tuple[UrlPath, ...]]]:
    """Collect the figures by id; an id stands once in the whole site, since addresses hang on it."""
    figures: dict[str, tuple[Figure, tuple[UrlPath, ...]]] = {}
    taken: dict[str, Location] = {}
    for name, each in named.items():
        taken[name] = each.figure.at if each.figure else each.block.at
        if each.figure:
            figures[name] = (each.figure, ())
    for url, sheet in sheets.items():
        if not sheet.blocks and not sheet.named:
            continue
        anchors = {heading.id for heading in sheet.page.headings}
        for shared, at in sheet.named:
            users = figures[shared.id][1]
            if shared.id in anchors or url in users:
                by = "a heading of" if shared.id in anchors else "the same chart on"
                message, hint = f"the id '{shared.id}' is taken by {by} this page", "rename one, or show it once"
                problems.append(Diagnostic("duplicate-id", message, at, hint=hint))
            figures[shared.id] = (shared, (*users, url))
        for found in sheet.blocks:
            if found.id in taken or found.id in anchors:
                other = taken.get(found.id)
                message = f"the id '{found.id}' is taken" + (f" by {other}" if other else " by a heading of this page")
                hint = "give each figure an id of its own in the whole site"
                problems.append(Diagnostic("duplicate-id", message, found.at, hint=hint))
            if SLUG.fullmatch(found.id) and unfit_name(found.id):
                message = f"'{found.id}' cannot stand in an address"
                problems.append(Diagnostic("bad-name", message, found.at, hint="choose another id"))
            taken.setdefault(found.id, found.at)
            if isinstance(found, Records):
                _check_anchors(found, anchors, problems)
            if isinstance(found, Figure):
                figures.setdefault(found.id, (found, (url,)))
    return figures


def _check_anchors(records: Records, anchors: set[str], problems: list[Diagnostic]) -> None:
    """Report anchors of a page that stand twice; *anchors* are those so far, and grow."""
    for group in records.groups:
        for each in (group, *group.groups):
            for name in (each.anchor, *(record.anchor for record in each.records)):
                if name in anchors:
                    message = f"the place '#{name}' stands twice on this page"
                    hint = "choose an 'anchor' column whose values differ, or another 'id' for the block"
                    problems.append(Diagnostic("duplicate-id", message, records.at, hint=hint))
                anchors.add(name)


def _redirects(sheets: Mapping[UrlPath, Sheet], problems: list[Diagnostic]) -> dict[UrlPath, UrlPath]:
    made: dict[UrlPath, UrlPath] = {}
    for url, sheet in sheets.items():
        for former in sheet.page.front.formerly:
            if is_address(former.value):
                made[UrlPath(former.value)] = url
            else:
                message, hint = f"'{former.value}' is not an address here", "write it as it was: '/old/place/'"
                problems.append(Diagnostic("bad-address", message, former.at, hint=hint))
    return made


def is_address(text: str) -> bool:
    """Tell whether *text* can have been the address of a page.

    >>> is_address("/old/place/"), is_address("/../up/"), is_address("old/place"), is_address("/a/con/")
    (True, False, False, False)
    """
    return _ADDRESS.fullmatch(text) is not None and not unfit_name(text.strip("/"))


Written = tuple[SourcePath, UrlPath, tuple[Text, ...]]
"""A page: its file, its address, and its former addresses."""


def _check_addresses(
    written: list[Written],
    made: tuple[Address, ...],
    indexes: tuple[UrlPath, ...],
    attachments: Mapping[UrlPath, SourcePath],
) -> tuple[Diagnostic, ...]:
    """Report each address that two claim; what is made from data comes first, so that problems stand at pages."""
    urls = {url for _, url, _ in written}
    lists = (url for url in indexes if url not in urls)
    pages = ((source, url) for source, url, _ in written if not bad_segment(source))
    return check_addresses(
        (
            *made,
            *(Address(u, "a list that the site makes itself", Location(f"content{u}index.md")) for u in lists),
            *(Address(url, source, Location(source)) for source, url in pages),
            *(Address(url, path, Location(path)) for url, path in attachments.items()),
            *(
                Address(UrlPath(former.value), f"the former address of {source}", former.at)
                for source, _, formerly in written
                for former in formerly
                if is_address(former.value)
            ),
        )
    )


def _claims_of_data(library: Library, figures: Mapping[str, tuple[Figure, tuple[UrlPath, ...]]]) -> Iterator[Address]:
    """Name the addresses of what is made from data."""
    for name, dataset in library.datasets.items():
        owner = f"the dataset '{name}' ({dataset.sidecar_path})"
        for url in (dataset_url(name), download_url(name)):
            yield Address(url, owner, Location(dataset.sidecar_path))
        for former in dataset.formerly:
            yield Address(dataset_url(former.value), f"the former address of {dataset.sidecar_path}", former.at)
    for name in library.papers:
        yield Address(source_url(name), f"the paper '{name}' (content/sources.yaml)", Location("content/sources.yaml"))
    for name, (figure, _) in figures.items():
        files = (specification_url(name), *(picture_url(name, suffix) for suffix in PICTURES))
        for url in (figure_url(name), *(files if figure.data else ())):
            yield Address(url, f"the figure '{name}' ({figure.at.path})", figure.at)


def check_site(site: Site, today: datetime.date) -> tuple[Diagnostic, ...]:
    """Check what only the whole site can tell: links, menus, papers, dates, the home page, a contact."""
    problems: list[Diagnostic] = []
    known = site.places
    for path, at in (*site.config.menu, *site.config.footer):
        url = UrlPath(path)
        if why := known.withheld.get(url):
            severity = Severity.WARNING if url in site.withheld else Severity.ERROR
            problems.append(unpublished(f"the menu entry '{path}'", why, at, severity))
        elif url not in known.addresses:
            hint = did_you_mean(path, list(known.addresses)) or "write that page, or take the entry out"
            problems.append(Diagnostic("broken-link", f"the menu entry '{path}' leads nowhere", at, hint=hint))
    for dataset in site.datasets.values():
        if dataset.place.paper and dataset.place.paper not in site.papers:
            message = f"there is no paper '{dataset.place.paper}' in sources.yaml"
            hint = hint_for(dataset.place.paper, list(site.papers), "papers")
            problems.append(Diagnostic("unknown-paper", message, dataset.place.at, hint=hint))
        if dataset.id not in site.used_by and not dataset.is_code_list:
            message, at = "no page uses this dataset", Location(dataset.sidecar_path)
            hint = "show it on a page, so that residents find it"
            problems.append(Diagnostic("unused-dataset", message, at, Severity.WARNING, hint))
    problems += [unused_chart(name) for name, each in site.named.items() if each.figure and not site.figures[name][1]]
    fronts = (sheet.page.front for sheet in site.sheets.values())
    dated = [(front.checked, front.checked_at) for front in fronts if front.checked]
    dated += [(d.checked, Location(d.sidecar_path)) for d in site.datasets.values() if d.checked]
    for day, at in dated:
        if day > today:
            message = f"'checked: {day}' is later than today, {today}"
            problems.append(Diagnostic("future-date", message, at, Severity.WARNING, "correct the date"))
    if UrlPath("/") not in site.sheets:
        message, hint = "the site has no home page", "write content/index.md"
        problems.append(Diagnostic("no-home", message, Location("content/index.md"), hint=hint))
    if not site.config.contact:
        message = "no contact is given, so readers cannot report a problem"
        hint = "add 'contact: …' to site.yaml; until then the accessibility statement must say that there is none"
        problems.append(Diagnostic("no-contact", message, Location("content/site.yaml"), Severity.WARNING, hint))
    return tuple(problems)
