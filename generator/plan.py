"""Plan every output file as an `Artifact`: its path, how it is made, and the digests of what it is made from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from operator import attrgetter

from generator.addresses import (
    CHANGES,
    CHECKS,
    DATA,
    FIGURES,
    SOURCES,
    dataset_url,
    descriptor_url,
    download_url,
    figure_url,
    source_url,
)
from generator.assets import VIEWER
from generator.changes_page import changes_page
from generator.charts.shape import phase_line
from generator.checks_page import CHECKS_FILE, checks_file, checks_page
from generator.contexts import (
    CardView,
    LinkView,
    NotFoundContext,
    PageContext,
    RedirectContext,
)
from generator.data_pages import DATA_LEAD, data_index, dataset_page, source_index, source_page
from generator.diagnostics import Checked, Diagnostic
from generator.digest import digest, digest_of
from generator.downloads import descriptor
from generator.facts import Labelled
from generator.feeds import redirects, robots, sitemap
from generator.figure_pages import figure_exploration, figure_index, figure_page, figure_specification
from generator.figures import Records
from generator.markdown import BlockPart, Page
from generator.paths import OutputPath, UrlPath, output_for
from generator.planner import Artifact, Planner, plain
from generator.press import Press
from generator.sheets import Sheet
from generator.sources import Snapshot
from generator.views import Desk, absolute_from, explorable
from generator.words import (
    long_date,
    month,
)


def plan(press: Press, snapshot: Snapshot) -> tuple[Artifact, ...]:
    """Return every file of the site, sorted by path."""
    planner = _SitePlanner(press, snapshot)
    return tuple(sorted(planner.artifacts(), key=attrgetter("output")))


class _SitePlanner(Planner):
    """Lists the files, and makes the authored pages."""

    def artifacts(self) -> Iterator[Artifact]:
        site, press = self.site, self.press
        for output, data in press.files.items():
            yield plain(output, {f"asset {output}": digest(output)}, partial(bytes, data))
        for url, path in site.attachments.items():
            source = self.snapshot.sources[path]
            yield plain(output_for(url), {f"file {path}": source.digest}, partial(bytes, source.data))
        yield from self._pages()
        for name in site.datasets:
            yield dataset_page(self, name)
            yield plain(output_for(download_url(name)), {}, partial(press.downloads.__getitem__, name))
            yield plain(output_for(descriptor_url(name)), self.shared, partial(self._descriptor, name))
        for name, (figure, _) in site.figures.items():
            yield figure_page(self, name)
            if figure.data:
                yield figure_specification(self, name)
            if explorable(figure) and VIEWER in press.names:
                yield figure_exploration(self, name)
        for url in press.pictures:
            yield plain(output_for(url), {}, partial(press.pictures.__getitem__, url))
        for name in site.papers:
            yield source_page(self, name)
        if DATA not in site.sheets:
            yield data_index(self)
        if SOURCES not in site.sheets:
            yield source_index(self)
        if CHECKS not in site.sheets:
            yield checks_page(self)
        if FIGURES not in site.sheets:
            yield figure_index(self)
        if site.library.changes is not None and CHANGES not in site.sheets:
            yield changes_page(self, site.library.changes)
        yield plain(output_for(CHECKS_FILE), {}, partial(checks_file, site))
        for former, url in site.redirects.items():
            yield self._redirect(former, url)
        if site.redirects:
            moved = dict(site.redirects)
            for dataset in site.datasets.values():  # a file cannot say that it moved, so only the host can lead on
                for old in dataset.formerly:
                    moved[download_url(old.value)] = download_url(dataset.id)
                    moved[descriptor_url(old.value)] = descriptor_url(dataset.id)
            inputs = {"former addresses": digest_of(sorted(moved.items()))}
            yield plain(OutputPath("_redirects"), inputs, partial(redirects, moved))
        yield from self._crawl_files()
        yield self._not_found()

    def _descriptor(self, name: str) -> bytes:
        site, dataset = self.site, self.site.datasets[name]
        address = site.config.base_url.rstrip("/") + dataset_url(name)
        return descriptor(dataset, site.papers.get(dataset.place.paper), site.config.licence, address)

    def _crawl_files(self) -> Iterator[Artifact]:
        """Make the sitemap and `robots.txt`."""
        base = self.site.config.base_url.rstrip("/")
        checked = {
            url: day.isoformat() if (day := sheet.page.front.checked) else "" for url, sheet in self.site.sheets.items()
        }
        for dataset in self.site.datasets.values():
            checked[dataset_url(dataset.id)] = dataset.checked.isoformat() if dataset.checked else ""
        for figure, _ in self.site.figures.values():
            checked[figure_url(figure.id)] = checked[dataset_url(figure.dataset)]
        for url in (*self.site.library.indexes, *map(source_url, self.site.papers)):
            checked.setdefault(url, "")
        inputs = {**self.shared, "addresses with their dates": digest("\n".join(checked), "\n".join(checked.values()))}
        yield plain(OutputPath("sitemap.xml"), inputs, partial(sitemap, base, checked))
        yield plain(OutputPath("robots.txt"), self.shared, partial(robots, base))

    def _pages(self) -> Iterator[Artifact]:
        shared, links, withheld, make = self.shared, self.site.links, self.site.withheld, self._make_page
        for (url, sheet), found in zip(self.site.sheets.items(), links.values(), strict=True):
            inputs: Labelled = (shared, sheet.inputs, found.inputs)
            if url in withheld:
                inputs = (*inputs, {"notice": digest(withheld[url])})
            yield Artifact(sheet.output, inputs, make, (url, sheet))

    def _make_page(self, url: UrlPath, sheet: Sheet) -> Checked[bytes]:
        problems: list[Diagnostic] = []
        context = self._page_context(url, sheet, problems)
        made = self.press.render(f"pages/{context.kind}.html", context)
        return Checked(made.value.encode(), (*problems, *made.problems))

    def _page_context(self, url: UrlPath, sheet: Sheet, problems: list[Diagnostic]) -> PageContext:
        desk = self.desk(url)
        front = sheet.page.front
        paper = self.site.papers.get(front.paper) if front.paper else None
        contents = self._contents(sheet)
        why = self.site.withheld.get(url, "")
        return PageContext(
            **self.base(desk, front.title, front.description),
            kind=front.kind,
            notice=f"This page {why}. It is shown in the preview only." if why else "",
            banner=phase_line(front.phase, month(paper.date)) if paper else "",
            lead=front.summary,
            body=desk.body(sheet, problems),
            contents=contents if len(contents) >= 3 else (),
            children=self._children(desk, sheet.page),
            checked=long_date(front.checked) if front.checked else "",
        )

    def _contents(self, sheet: Sheet) -> tuple[LinkView, ...]:
        """Link the second-level headings and the groups of record lists, in their order on the page."""
        found = []
        page = sheet.page
        headings = iter(page.headings)
        by_line = sorted(
            [(heading.at.line, heading) for heading in headings if heading.level == 2]
            + [(part.at.line, part) for part in page.parts if isinstance(part, BlockPart) and part.kind == "records"],
            key=lambda pair: pair[0],
        )
        for _, item in by_line:
            if isinstance(item, BlockPart):
                records = sheet.resolved.get(item.at)
                if isinstance(records, Records):
                    found.append(LinkView(records.title, f"#{records.id}"))
                    found += [LinkView(group.title, f"#{group.anchor}") for group in records.groups]
            else:
                found.append(LinkView(item.text, f"#{item.id}"))
        return tuple(found)

    def _children(self, desk: Desk, page: Page) -> tuple[CardView, ...]:
        if page.front.kind == "home":
            urls = [UrlPath(url) for url, _ in self.site.config.menu]
            return tuple(
                desk.card(url)
                if url in self.site.heads
                else CardView(self.title(url), desk.href(url), DATA_LEAD if url == DATA else "")
                for url in urls
            )
        if page.front.kind != "section":
            return ()
        below = [(self.site.heads[url], url) for url in self.site.below.get(page.url, ())]
        return tuple(desk.card(url) for _, url in sorted(below, key=lambda pair: (pair[0].order, pair[0].title)))

    def _redirect(self, former: UrlPath, url: UrlPath) -> Artifact:
        def context(problems: list[Diagnostic]) -> object:
            desk = self.desk(former)
            target = LinkView(self.title(url), desk.href(url))
            text = f"This page has moved to {target.text}."
            return RedirectContext(**self.base(desk, "This page has moved", text, indexed=False), target=target)

        return self.artifact(former, "pages/redirect.html", {"redirect": digest(former, url)}, context)

    def _not_found(self) -> Artifact:
        def context(problems: list[Diagnostic]) -> object:
            desk = Desk(self.press, UrlPath("/404.html"), absolute_from(self.site.config.base_path))
            routes = tuple(LinkView(self.title(UrlPath(u)), desk.href(UrlPath(u))) for u, _ in self.site.config.menu)
            text = "There is no page at this address. The sections of the site are listed here."
            return NotFoundContext(**self.base(desk, "Page not found", text, indexed=False), routes=routes)

        made = self.artifact(UrlPath("/404.html"), "pages/404.html", {}, context)
        return Artifact(OutputPath("404.html"), made.inputs, made.make)
