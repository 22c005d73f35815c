"""Assemble the site: what is shown of each page, its links, and how all relate; and check the whole."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import chain
from types import MappingProxyType

from generator.attachments import find_attachments
from generator.comparison import Comparison
from generator.config import Paper, SiteConfig
from generator.datasets import Dataset
from generator.diagnostics import Checked, Diagnostic, Location, Severity, did_you_mean, hint_for
from generator.digest import digest
from generator.facts import Facts, Memo
from generator.figures import Library
from generator.frontmatter import FrontMatter
from generator.library import compare_with
from generator.links import Links, resolve_links, unpublished
from generator.markdown import Page
from generator.named_charts import read_named_charts, unused_chart
from generator.paths import SourcePath, UrlPath, bad_segment
from generator.reconcile import Check
from generator.relations import Relations, relate
from generator.sheets import Named, Sheet, read_named, read_sheet
from generator.sources import Snapshot
from generator.words import long_date


@dataclass(frozen=True, slots=True)
class Site(Relations):
    """Everything that pages are rendered from; one thing names another by its key."""

    config: SiteConfig
    library: Library
    sheets: Mapping[UrlPath, Sheet]
    """The pages, in the order of their files."""
    named: Mapping[str, Named]
    """The charts that stand in files of their own."""
    links: Mapping[UrlPath, Links]
    attachments: Mapping[UrlPath, SourcePath]
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
    dated = [page for page in shown if page.front.draft or page.front.publish]
    if held := {page.source: why for page in dated if (why := why_withheld(page.front, today))}:
        public = [page for page in shown if page.source not in held]
        # where a published file claims the same address, that is a problem of its own
        taken_urls = {page.url for page in public}
        withheld = {p.url: (p, held[p.source]) for p in shown if p.source in held and p.url not in taken_urls}
    shown = shown if drafts else public
    by_url = _by_url(shown, problems)
    comparison = compare_with(memo, library.datasets, "figures of dataset")
    named = _named(library, comparison, snapshot, memo, problems)
    sheets = _sheets(by_url, library, comparison, named, snapshot, memo, problems)
    attachments = find_attachments(snapshot, problems)
    doubles = tuple(page for page in shown if by_url[page.url] is not page) if len(by_url) < len(shown) else ()
    inputs = (
        [sheet.outline for sheet in sheets.values()],
        [(page.source, page.digest) for page in doubles],
        attachments,
        {url: (page.source, why) for url, (page, why) in withheld.items()},
        library.indexes,
    )
    with memo.stage("relations") as stage:
        related = stage.recall(None, inputs, relate, memo, library, sheets, doubles, named, attachments, withheld)
    problems += related.problems
    relations = related.value
    known = relations.places
    severity = Severity.WARNING if drafts else Severity.ERROR
    with memo.stage("links") as stage:
        parsed = [sheet.page for sheet in sheets.values()]
        entries = stage.entries(
            list(sheets), parsed, lambda number: resolve_links(parsed[number], known, severity), severity
        )
    found = [entry.value for entry in entries]
    problems += chain.from_iterable([each.problems for each in found])
    links = dict(zip(sheets, [each.value for each in found], strict=True))
    site = Site(
        config=config,
        library=library,
        sheets=MappingProxyType(sheets),
        named=named,
        links=MappingProxyType(links),
        attachments=MappingProxyType(attachments),
        withheld=MappingProxyType({url: why for url, (_, why) in withheld.items() if drafts}),
        **{each.name: getattr(relations, each.name) for each in fields(Relations)},
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
    with memo.stage("sheets") as stage:
        parsed = list(pages.values())
        entries = stage.entries(
            list(pages),
            parsed,
            lambda number: read_sheet(parsed[number], snapshot, library, comparison, named),
            library.council,
        )
    found = [entry.value for entry in entries]
    problems += chain.from_iterable([sheet.problems for sheet in found])
    return dict(zip(pages, [sheet.value for sheet in found], strict=True))


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
