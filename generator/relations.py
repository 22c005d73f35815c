"""Relate pages, figures and data: who shows what, what stands below what, what may be linked, whose an address is."""

from __future__ import annotations

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
from generator.diagnostics import Checked, Diagnostic, Location
from generator.digest import Digest, digest
from generator.editions import papers_of
from generator.facts import Facts, Memo
from generator.figures import Figure, Library, Records
from generator.frontmatter import FrontMatter
from generator.links import Places
from generator.links import places as find_places
from generator.markdown import Page
from generator.paths import SLUG, SourcePath, UrlPath, bad_segment, slugify
from generator.positioned import Text
from generator.roles import PrintedPart
from generator.sheets import Named, Sheet

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_ADDRESS = re.compile(r"(/[A-Za-z0-9._~-]+)+/")
Quotes = tuple[tuple[str, str, tuple[str, ...], tuple[UrlPath, ...]], ...]
"""Anchor, place, figures and pages of what is quoted from each place of a paper, in the order of the pages."""


@dataclass(frozen=True, slots=True)
class Relations:
    """What pages, figures, datasets and papers are to each other.

    What is read while a page is rendered is `Facts`, so that it is noted as an input of that page.
    """

    heads: Mapping[UrlPath, FrontMatter]
    """What other pages show of a page."""
    below: Mapping[UrlPath, tuple[UrlPath, ...]]
    """The pages that a section lists: those with no other page between."""
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
    places: Places
    redirects: Mapping[UrlPath, UrlPath]


def relate(
    memo: Memo,
    library: Library,
    sheets: Mapping[UrlPath, Sheet],
    doubles: tuple[Page, ...],
    named: Mapping[str, Named],
    attachments: Mapping[UrlPath, SourcePath],
    withheld: Mapping[UrlPath, tuple[Page, str]],
) -> Checked[Relations]:
    """Relate everything.  Of a page only its outline counts, so that an edit of its text changes nothing here.

    *doubles* are pages whose address another one has, *withheld* those that are not published yet, with why.  Datasets,
    papers and named charts are `Facts`.
    """
    problems: list[Diagnostic] = []
    figures = _figures(sheets, named, problems)
    redirects = _redirects(sheets, problems) | {
        dataset_url(former.value): dataset_url(name)
        for name, dataset in library.datasets.items()
        for former in dataset.formerly
    }
    pages = (*(sheet.page for sheet in sheets.values()), *doubles)
    written = [(page.source, page.url, page.front.formerly) for page in pages]
    claims = (written, tuple(_claims_of_data(library, figures)), library.indexes, attachments)
    with memo.stage("addresses") as stage:
        problems += stage.recall(None, claims, _check_addresses, *claims)
    used: dict[str, list[UrlPath]] = {}
    requests = {name: each.request for name, each in named.items()}
    seen = {name: each.digest for name, each in named.items()}
    for url, sheet in sheets.items():
        for name in sheet.used:
            used.setdefault(name, []).append(url)
        for name, each in sheet.digests.items():
            seen.setdefault(name, each)
        for name, each in sheet.requests.items():
            requests.setdefault(name, each)
    taken: dict[str, list[str]] = {}
    for name, dataset in library.datasets.items():
        for paper in papers_of(dataset):
            taken.setdefault(paper, []).append(name)

    def facts(kind: str, values: Mapping[K, V]) -> Facts[K, V]:
        return Facts(memo, kind, values, {key: digest(repr(value)) for key, value in values.items()})

    relations = Relations(
        heads=Facts(
            memo,
            "head of page",
            {url: sheet.page.front for url, sheet in sheets.items()},
            {url: sheet.head for url, sheet in sheets.items()},
        ),
        below=facts("pages in section", _below(sheets)),
        figures=Facts(
            memo, "figure", figures, {name: digest(seen[name], *urls) for name, (_, urls) in figures.items()}
        ),
        requests=MappingProxyType(requests),
        quotes=facts("quotations of paper", _quotes(sheets, library.papers)),
        used_by=facts("pages that use dataset", {name: tuple(urls) for name, urls in used.items()}),
        taken_from=facts("datasets taken from paper", {paper: tuple(names) for paper, names in taken.items()}),
        places=find_places(memo, library, sheets, figures, attachments, withheld.values()),
        redirects=MappingProxyType(redirects),
    )
    return Checked(relations, tuple(problems))


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


def _check_addresses(
    written: list[tuple[SourcePath, UrlPath, tuple[Text, ...]]],
    made: tuple[Address, ...],
    indexes: tuple[UrlPath, ...],
    attachments: Mapping[UrlPath, SourcePath],
) -> tuple[Diagnostic, ...]:
    """Report each address that two claim; what is made from data comes first, so that problems stand at pages."""
    urls = {url for _, url, _ in written}
    lists = (url for url in indexes if url not in urls)
    fit = ((source, url) for source, url, _ in written if not bad_segment(source))
    return check_addresses(
        (
            *made,
            *(Address(u, "a list that the site makes itself", Location(f"content{u}index.md")) for u in lists),
            *(Address(url, source, Location(source)) for source, url in fit),
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
