"""Assemble the site: every address, who links to whom, what each page shows, and where each dataset is used."""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from generator.addresses import (
    CHANGES,
    CITE,
    INDEXES,
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
from generator.changes import Change
from generator.config import Paper, SiteConfig
from generator.datasets import Dataset
from generator.diagnostics import Checked, Diagnostic, Location, Severity, did_you_mean, hint_for
from generator.editions import taken_from, view
from generator.figures import Figure, KeyFigures, Library, Records, Resolved, resolve_block
from generator.markdown import BlockPart, LinkPart, Page
from generator.named_charts import check_use, read_named_charts, unused_chart, used_chart
from generator.paths import SLUG, SourcePath, UrlPath, bad_segment, slugify
from generator.ratings import Rated
from generator.reconcile import Check
from generator.roles import PrintedPart, ValuePart
from generator.sources import Snapshot
from generator.values import BoundValue

Key = ValuePart | Location
"""Under which a page's part is resolved: a value under itself, a block under its place."""

ATTACHMENTS = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".pdf": b"%PDF-",
               ".webp": b"RIFF"}  # fmt: skip
"""Files beside a page that are published, and how each kind begins."""
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ADDRESS = re.compile(r"(/[A-Za-z0-9._~-]+)+/")
MAX_IMAGE, MAX_PDF = 500_000, 15_000_000


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that pages are rendered from; relations are keys."""

    config: SiteConfig
    papers: Mapping[str, Paper]
    datasets: Mapping[str, Dataset]
    checks: Mapping[str, tuple[Check, ...]]
    ratings: Mapping[str, tuple[Rated, ...]]
    pages: Mapping[UrlPath, Page]
    resolved: Mapping[Key, Resolved | BoundValue]
    """What the values and blocks of all pages stand for."""
    named: Mapping[str, BlockPart]
    """The charts that stand in files of their own."""
    figures: Mapping[str, tuple[Figure, tuple[UrlPath, ...]]]
    """Figures by id, with the pages that show them; only a named chart has none or several."""
    attachments: Mapping[UrlPath, SourcePath]
    redirects: Mapping[UrlPath, UrlPath]
    used_by: Mapping[str, tuple[UrlPath, ...]]
    """Pages by the dataset they use."""
    changes: tuple[Change, ...] | None
    """The record of changed figures; `None` if the project keeps none."""

    @property
    def library(self) -> Library:
        """What blocks are resolved against."""
        return Library(self.datasets, self.checks, self.ratings, self.papers, self.config.council)


def quote_anchor(part: PrintedPart) -> str:
    """Return the anchor, on the page of its paper, of the place that a figure is quoted from."""
    return f"quoted-{slugify(part.place)}"


def quotes_of(site: Site, paper: str) -> list[tuple[str, str, tuple[str, ...], tuple[UrlPath, ...]]]:
    """Return what pages quote from *paper*: anchor, place, figures and pages, in the order of the pages."""
    found: dict[str, list[tuple[PrintedPart, UrlPath]]] = {}
    for url, page in site.pages.items():
        for part in page.parts:
            if isinstance(part, PrintedPart) and part.paper == paper:
                found.setdefault(quote_anchor(part), []).append((part, url))
    return [
        (
            anchor,
            quoted[0][0].place,
            tuple(dict.fromkeys(part.figure for part, _ in quoted)),
            tuple(dict.fromkeys(url for _, url in quoted)),
        )
        for anchor, quoted in found.items()
    ]


def assemble(
    config: SiteConfig,
    library: Library,
    pages: Iterable[Page],
    snapshot: Snapshot,
    *,
    drafts: bool = False,
) -> Checked[Site]:
    """Put pages and datasets together, and report whatever does not fit."""
    problems: list[Diagnostic] = []
    shown = [page for page in pages if drafts or not page.front.draft]
    by_url: dict[UrlPath, Page] = {}
    for page in shown:
        if segment := bad_segment(page.source):
            message = f"'{segment}' cannot stand in an address"
            hint = "rename the file or folder with a-z, 0-9 and single hyphens"
            problems.append(Diagnostic("bad-name", message, Location(page.source), hint=hint))
        by_url.setdefault(
            page.url,
            replace(
                page,
                front=replace(library, edition=page.front.paper).shelf.fill_front(
                    page.front, snapshot.text(page.source), problems
                ),
            ),
        )
    named = read_named_charts(snapshot)
    problems += named.problems
    resolved, used = _resolve(by_url, named.value, library, problems)
    figures = _figures(by_url, named.value, resolved, problems)
    attachments = _attachments(snapshot, problems)
    redirects = _redirects(by_url, problems)
    problems += check_addresses(_claims(shown, library, figures, attachments))
    site = Site(
        config=config,
        papers=library.papers,
        datasets=library.datasets,
        checks=library.checks,
        ratings=library.ratings,
        pages=MappingProxyType(by_url),
        resolved=MappingProxyType(resolved),
        named=named.value,
        figures=MappingProxyType(figures),
        attachments=MappingProxyType(attachments),
        redirects=MappingProxyType(redirects),
        used_by=MappingProxyType({name: tuple(dict.fromkeys(urls)) for name, urls in used.items()}),
        changes=library.changes,
    )
    return Checked(site, tuple(problems))


def _resolve(
    pages: Mapping[UrlPath, Page],
    named: Mapping[str, BlockPart],
    library: Library,
    problems: list[Diagnostic],
) -> tuple[dict[Key, Resolved | BoundValue], dict[str, list[UrlPath]]]:
    resolved: dict[Key, Resolved | BoundValue] = {}
    used: dict[str, list[UrlPath]] = {}
    for block in named.values():
        made = resolve_block(block, library, problems) if block.table.entries else None
        if made is not None:
            resolved[key_of(block)] = made
    for url, page in pages.items():
        here = replace(library, edition=page.front.paper)
        for part in page.parts:
            found: Resolved | BoundValue | None = None
            if isinstance(part, BlockPart) and (use := used_chart(part)):
                found = resolved.get(key_of(named[use.value])) if check_use(part, use, named, problems) else None
            elif isinstance(part, BlockPart):
                found = resolve_block(part, here, problems)
            elif isinstance(part, ValuePart):
                found = here.shelf.bind(part, problems)
            elif isinstance(part, PrintedPart):
                library.shelf.check(part, problems)
            if found is not None and isinstance(part, BlockPart | ValuePart):
                resolved[key_of(part)] = found
                for name in datasets_of(found):
                    used.setdefault(name, []).append(url)
        if page.front.paper and page.front.paper not in library.papers:
            message = f"there is no paper '{page.front.paper}' in sources.yaml"
            hint = hint_for(page.front.paper, list(library.papers), "papers")
            problems.append(Diagnostic("unknown-paper", message, page.front.paper_at, hint=hint))
        shown = [library.datasets[name] for name, urls in used.items() if url in urls]
        problems += check_commentary(page, shown, library.papers)
    return resolved, used


def check_commentary(page: Page, datasets: Iterable[Dataset], papers: Mapping[str, Paper]) -> list[Diagnostic]:
    """Report a page whose words are about an older edition than the figures that it shows."""
    front = page.front
    about = papers.get(front.commentary_for)
    if front.commentary_for and about is None:
        message = f"there is no paper '{front.commentary_for}' in sources.yaml"
        hint = hint_for(front.commentary_for, list(papers), "papers")
        return [Diagnostic("unknown-paper", message, front.commentary_at, hint=hint)]
    problems = []
    for dataset in datasets if about else ():
        shown = view(dataset, front.paper).place.paper
        if not dataset.editions or shown not in papers or not about or papers[shown].date <= about.date:
            continue
        message = f"the words of this page are about '{front.commentary_for}', and '{dataset.id}' shows '{shown}'"
        hint = f"read the page again; once its words fit, 'transparency review --reread {page.source}'"
        problems.append(Diagnostic("old-commentary", message, front.commentary_at, hint=hint))
    return problems[:1]


def key_of(part: BlockPart | ValuePart) -> Key:
    """Return the key of a part: a value is itself, a block is where it stands."""
    return part if isinstance(part, ValuePart) else part.at


def datasets_of(found: Resolved | BoundValue) -> list[str]:
    """Return the datasets that a part of a page shows or rests on."""
    if isinstance(found, KeyFigures):
        return [figure.value.dataset for figure in found.figures]
    return [found.dataset, *found.others] if isinstance(found, Figure) else [found.dataset]


def _figures(
    pages: Mapping[UrlPath, Page],
    named: Mapping[str, BlockPart],
    resolved: Mapping[Key, Resolved | BoundValue],
    problems: list[Diagnostic],
) -> dict[str, tuple[Figure, tuple[UrlPath, ...]]]:
    """Collect the figures by id; an id stands once in the whole site, since addresses hang on it."""
    figures: dict[str, tuple[Figure, tuple[UrlPath, ...]]] = {}
    taken: dict[str, Location] = {}
    for name, block in named.items():
        chart = resolved.get(key_of(block))
        taken[name] = chart.at if isinstance(chart, Figure) else block.at
        if isinstance(chart, Figure):
            figures[name] = (chart, ())
    for url, page in pages.items():
        anchors = {heading.id for heading in page.headings}
        for part in page.parts:
            found = resolved.get(part.at) if isinstance(part, BlockPart) else None
            if not isinstance(found, Figure | Records | KeyFigures) or not found.id:
                continue
            if isinstance(part, BlockPart) and isinstance(found, Figure) and used_chart(part):
                if found.id in anchors or url in figures[found.id][1]:
                    by = "a heading of" if found.id in anchors else "the same chart on"
                    message, hint = f"the id '{found.id}' is taken by {by} this page", "rename one, or show it once"
                    problems.append(Diagnostic("duplicate-id", message, part.at, hint=hint))
                figures[found.id] = (found, (*figures[found.id][1], url))
                continue
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


def _attachments(snapshot: Snapshot, problems: list[Diagnostic]) -> dict[UrlPath, SourcePath]:
    """Return the pictures and documents beside pages; each must be what its name says, and not too large."""
    found: dict[UrlPath, SourcePath] = {}
    for source in snapshot.under("content/"):
        suffix = posixpath.splitext(source.path)[1].casefold()
        if suffix in ("", ".md", ".yaml", ".csv"):
            continue
        at = Location(source.path)
        begins = ATTACHMENTS.get(suffix)
        limit = MAX_PDF if suffix == ".pdf" else MAX_IMAGE
        if name := unfit_name(source.path.removeprefix("content/")):
            hint = "rename it with letters, digits, hyphens and dots"
            problems.append(Diagnostic("bad-name", f"'{name}' cannot stand in an address", at, hint=hint))
        elif begins is None:
            hint = f"files that are published are {', '.join(sorted(ATTACHMENTS))}"
            problems.append(
                Diagnostic("unknown-file", f"'{suffix}' files are not published", at, Severity.WARNING, hint)
            )
        elif not source.data.startswith(begins):
            message = f"this is not a {suffix[1:].upper()} file"
            problems.append(Diagnostic("wrong-media-type", message, at, hint="save it again in that format"))
        elif len(source.data) > limit:
            message = f"this file has {len(source.data) / 1e6:.1f} MB; readers on slow lines need less"
            problems.append(Diagnostic("file-too-large", message, at, hint=f"stay below {limit / 1e6:.1f} MB"))
        else:
            found[UrlPath("/" + source.path.removeprefix("content/"))] = source.path
    return found


def _redirects(pages: Mapping[UrlPath, Page], problems: list[Diagnostic]) -> dict[UrlPath, UrlPath]:
    made: dict[UrlPath, UrlPath] = {}
    for url, page in pages.items():
        for former in page.front.formerly:
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


def _claims(
    pages: Iterable[Page],
    library: Library,
    figures: Mapping[str, tuple[Figure, tuple[UrlPath, ...]]],
    attachments: Mapping[UrlPath, SourcePath],
) -> Iterator[Address]:
    """Name everyone who claims an address; what is made from data comes first, so that problems stand at pages."""
    for name, dataset in library.datasets.items():
        owner = f"the dataset '{name}' ({dataset.sidecar_path})"
        for url in (dataset_url(name), download_url(name)):
            yield Address(url, owner, Location(dataset.sidecar_path))
    for name in library.papers:
        yield Address(source_url(name), f"the paper '{name}' (content/sources.yaml)", Location("content/sources.yaml"))
    for name, (figure, _) in figures.items():
        files = (specification_url(name), *(picture_url(name, suffix) for suffix in PICTURES))
        for url in (figure_url(name), *(files if figure.data else ())):
            yield Address(url, f"the figure '{name}' ({figure.at.path})", figure.at)
    written = {page.url for page in pages}
    for url in (*INDEXES, *([CHANGES] if library.changes is not None else [])):
        if url not in written:
            yield Address(url, "a list that the site makes itself", Location(f"content{url}index.md"))
    for page in pages:
        if not bad_segment(page.source):
            yield Address(page.url, page.source, Location(page.source))
    for url, path in attachments.items():
        yield Address(url, path, Location(path))
    for page in pages:
        for former in page.front.formerly:
            if is_address(former.value):
                yield Address(UrlPath(former.value), f"the former address of {page.source}", former.at)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: an address of the site with an anchor, or an address outside."""

    url: UrlPath
    anchor: str = ""
    outside: str = ""


def resolve_link(part: LinkPart, page: Page, site: Site) -> Target | Diagnostic:
    """Find what a link on *page* leads to, or say what is broken and what was likely meant."""
    text = part.target
    if _OUTSIDE.match(text) or text.startswith("//") or "\\" in text or not text:
        return Target(page.url, outside=text)  # a scheme that is not allowed was reported by the parser
    path, _, anchor = text.partition("#")
    if not path:
        return _with_anchor(part, page.url, anchor, site)
    if path.startswith("/"):
        url = UrlPath(path)
    else:
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(page.source), path))
        if joined.endswith(".md"):
            found = next((p.url for p in site.pages.values() if p.source == joined), None)
            if found is None:
                known = [p.source for p in site.pages.values()]
                return _broken(part, f"there is no page '{joined}'", hint_for(joined, known, ""))
            url = found
        else:
            inside = joined.removeprefix("content").strip("/")
            url = UrlPath(f"/{inside}" + ("/" if path.endswith("/") and inside else ""))
    if url in site.attachments:
        return Target(url)
    if part.is_image:
        return _broken(
            part, f"there is no picture '{text}' beside this page", "put the file into the folder of the page"
        )
    if url in addresses(site):
        return _with_anchor(part, url, anchor, site)
    near = did_you_mean(url, addresses(site)) or "write that page, or correct the address"
    if url + "/" in addresses(site):
        near = f"write '{url}/', with a slash at the end"
    return _broken(part, f"the link '{text}' leads nowhere", near)


def _with_anchor(part: LinkPart, url: UrlPath, anchor: str, site: Site) -> Target | Diagnostic:
    known = anchors(site, url)
    if anchor and anchor not in known:
        message = f"the page {url} has no place '#{anchor}'"
        return _broken(part, message, hint_for(anchor, sorted(known), "places"))
    return Target(url, anchor)


def _broken(part: LinkPart, message: str, hint: str) -> Diagnostic:
    return Diagnostic("broken-link", message, part.at, hint=hint)


def addresses(site: Site) -> set[UrlPath]:
    """Return every address of the site that a page may link to."""
    return {
        *site.pages,
        *INDEXES,
        *([CHANGES] if site.changes is not None else []),
        *map(dataset_url, site.datasets),
        *map(download_url, site.datasets),
        *map(source_url, site.papers),
        *map(figure_url, site.figures),
    }


def anchors(site: Site, url: UrlPath) -> set[str]:
    """Return the anchors of the page at *url*."""
    page = site.pages.get(url)
    if page is None:
        shown = next((name for name in site.figures if figure_url(name) == url), None)
        if shown is not None:
            return {shown, CITE}
        paper = next((name for name in site.papers if source_url(name) == url), "")
        datasets = {name for name, d in site.datasets.items() if taken_from(d, paper)}
        return {"figures", *datasets}
    found = {heading.id for heading in page.headings}
    for part in page.parts:
        item = site.resolved.get(part.at) if isinstance(part, BlockPart) else None
        if isinstance(item, Figure | KeyFigures):
            found.add(item.id)
        elif isinstance(item, Records):
            found.add(item.id)
            for group in item.groups:
                for each in (group, *group.groups):
                    found |= {each.anchor, *(record.anchor for record in each.records)}
    return found


def check_site(site: Site, today: datetime.date) -> tuple[Diagnostic, ...]:
    """Check what only the whole site can tell: links, menus, papers, dates, the home page, a contact."""
    problems: list[Diagnostic] = []
    for page in site.pages.values():
        for part in page.parts:
            if isinstance(part, LinkPart):
                target = resolve_link(part, page, site)
                if isinstance(target, Diagnostic):
                    problems.append(target)
    known = addresses(site)
    for path, at in (*site.config.menu, *site.config.footer):
        if path not in known:
            hint = did_you_mean(path, known) or "write that page, or take the entry out"
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
    problems += [unused_chart(name) for name in site.named if name in site.figures and not site.figures[name][1]]
    dated = [(p.front.checked, p.front.checked_at) for p in site.pages.values()]
    dated += [(d.checked, Location(d.sidecar_path)) for d in site.datasets.values()]
    for day, at in dated:
        if day is not None and day > today:
            message = f"'checked: {day}' is later than today, {today}"
            problems.append(Diagnostic("future-date", message, at, Severity.WARNING, "correct the date"))
    if UrlPath("/") not in site.pages:
        message, hint = "the site has no home page", "write content/index.md"
        problems.append(Diagnostic("no-home", message, Location("content/index.md"), hint=hint))
    if not site.config.contact:
        message = "no contact is given, so readers cannot report a problem"
        hint = "add 'contact: …' to site.yaml; until then the accessibility statement must say that there is none"
        problems.append(Diagnostic("no-contact", message, Location("content/site.yaml"), Severity.WARNING, hint))
    return tuple(problems)
