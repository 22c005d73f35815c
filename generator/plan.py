"""Plan every output file as an `Artifact`: its path, how it is made, and the digests of what it is made from."""

from __future__ import annotations

from collections.abc import Iterator

from generator.addresses import (
    CHANGES,
    CHECKS,
    DATA,
    FIGURES,
    INDEXES,
    SOURCES,
    dataset_url,
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
from generator.diagnostics import Diagnostic
from generator.digest import Digest, digest
from generator.downloads import descriptor
from generator.feeds import redirects, robots, sitemap
from generator.figure_pages import figure_exploration, figure_index, figure_page, figure_specification
from generator.figures import Figure, Records
from generator.markdown import BlockPart, Page
from generator.paths import OutputPath, UrlPath, output_for
from generator.planner import Artifact, Planner, fixed, label
from generator.roles import ValuePart
from generator.site import datasets_of, key_of
from generator.sources import Snapshot
from generator.views import Desk, Press, absolute_from, explorable
from generator.words import (
    long_date,
    month,
)


def plan(press: Press, snapshot: Snapshot) -> tuple[Artifact, ...]:
    """Return every file of the site, sorted by path."""
    planner = _SitePlanner(press, snapshot)
    return tuple(sorted(planner.artifacts(), key=lambda artifact: artifact.output))


class _SitePlanner(Planner):
    """Lists the files, and makes the authored pages."""

    def artifacts(self) -> Iterator[Artifact]:
        site = self.site
        for output, data in self.press.assets.files.items():
            yield fixed(output, data, f"asset {output}")
        for url, path in site.attachments.items():
            yield fixed(output_for(url), self.snapshot.sources[path].data, f"file {path}")
        for page in site.pages.values():
            yield self._page(page)
        for dataset in site.datasets.values():
            yield dataset_page(self, dataset)
            yield fixed(output_for(download_url(dataset.id)), self.press.downloads[dataset.id], label(dataset))
            address = site.config.base_url.rstrip("/") + dataset_url(dataset.id)
            resource = descriptor(dataset, site.papers.get(dataset.place.paper), site.config.licence, address)
            yield fixed(OutputPath(f"data/{dataset.id}/datapackage.json"), resource, label(dataset))
        for figure, _ in site.figures.values():
            yield figure_page(self, figure)
            if figure.data:
                yield figure_specification(self, figure)
            if (chart := explorable(figure)) and VIEWER in self.press.assets.names:
                yield figure_exploration(self, figure, chart)
        for url, data in self.press.pictures.items():
            yield fixed(output_for(url), data, f"picture {url}")
        for name in site.papers:
            yield source_page(self, name)
        if DATA not in site.pages:
            yield data_index(self)
        if SOURCES not in site.pages:
            yield source_index(self)
        if CHECKS not in site.pages:
            yield checks_page(self)
        if FIGURES not in site.pages:
            yield figure_index(self)
        if self.site.changes is not None and CHANGES not in site.pages:
            yield changes_page(self, self.site.changes)
        yield fixed(output_for(CHECKS_FILE), checks_file(site), "checks")
        for former, url in site.redirects.items():
            yield self._redirect(former, url)
        if site.redirects:
            yield fixed(OutputPath("_redirects"), redirects(site.redirects), "redirects")
        yield from self._crawl_files()
        yield self._not_found()

    def _crawl_files(self) -> Iterator[Artifact]:
        """Make the sitemap and `robots.txt`."""
        base = self.site.config.base_url.rstrip("/")
        checked: dict[UrlPath, str] = {}
        for page in self.site.pages.values():
            checked[page.url] = page.front.checked.isoformat() if page.front.checked else ""
        for dataset in self.site.datasets.values():
            checked[dataset_url(dataset.id)] = dataset.checked.isoformat() if dataset.checked else ""
        for figure, _ in self.site.figures.values():
            checked[figure_url(figure.id)] = checked[dataset_url(figure.dataset)]
        made = [CHANGES] if self.site.changes is not None else []
        for url in (*INDEXES, *made, *map(source_url, self.site.papers)):
            checked.setdefault(url, "")
        yield fixed(OutputPath("sitemap.xml"), sitemap(base, checked), "navigation")
        yield fixed(OutputPath("robots.txt"), robots(base), "site.yaml")

    def _page(self, page: Page) -> Artifact:
        names: list[str] = []
        inputs: dict[str, Digest] = {f"page {page.source}": page.digest}
        for part in page.parts:
            found = self.site.resolved.get(key_of(part)) if isinstance(part, BlockPart | ValuePart) else None
            names += datasets_of(found) if found is not None else []
            if isinstance(found, Figure):
                inputs |= self.drawing_inputs(found)

        def context(problems: list[Diagnostic]) -> object:
            return self._page_context(page, problems)

        return self.artifact(page.url, f"pages/{page.front.kind}.html", inputs | self.dataset_inputs(names), context)

    def _page_context(self, page: Page, problems: list[Diagnostic]) -> PageContext:
        desk = self.desk(page.url)
        front = page.front
        paper = self.site.papers.get(front.paper)
        contents = self._contents(page)
        return PageContext(
            **self.base(desk, front.title, front.description),
            kind=front.kind,
            banner=phase_line(front.phase, month(paper.date)) if paper else "",
            lead=front.summary,
            body=desk.body(page, problems),
            contents=contents if len(contents) >= 3 else (),
            children=self._children(desk, page),
            checked=long_date(front.checked) if front.checked else "",
        )

    def _contents(self, page: Page) -> tuple[LinkView, ...]:
        """Link the second-level headings and the groups of record lists, in their order on the page."""
        found = []
        headings = iter(page.headings)
        by_line = sorted(
            [(heading.at.line, heading) for heading in headings if heading.level == 2]
            + [(part.at.line, part) for part in page.parts if isinstance(part, BlockPart) and part.kind == "records"],
            key=lambda pair: pair[0],
        )
        for _, item in by_line:
            if isinstance(item, BlockPart):
                records = self.site.resolved.get(item.at)
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
                desk.card(self.site.pages[url])
                if url in self.site.pages
                else CardView(self.title(url), desk.href(url), DATA_LEAD if url == DATA else "")
                for url in urls
            )
        if page.front.kind != "section":
            return ()
        depth = page.url.count("/")
        below = [p for u, p in self.site.pages.items() if u.startswith(page.url) and u != page.url]
        nearest = [p for p in below if p.url.count("/") == depth + 1 or not self._has_parent(p.url, page.url)]
        return tuple(desk.card(p) for p in sorted(nearest, key=lambda p: (p.front.order, p.front.title)))

    def _has_parent(self, url: UrlPath, section: UrlPath) -> bool:
        """Tell whether a page between *section* and *url* lists it already."""
        parts = url.strip("/").split("/")
        above = (UrlPath("/" + "/".join(parts[:n]) + "/") for n in range(section.count("/"), len(parts)))
        return any(parent in self.site.pages for parent in above)

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
