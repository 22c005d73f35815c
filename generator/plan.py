"""Plan every output file as an `Artifact`: its path, how it is made, and the digests of what it is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup

from generator.charts.shape import phase_line
from generator.contexts import (
    CardGroupView,
    CardView,
    ColumnFactsView,
    DatasetContext,
    FactView,
    LinkView,
    ListingContext,
    NotFoundContext,
    PageContext,
    RedirectContext,
    SourceContext,
    SourceEntryView,
)
from generator.datasets import Dataset
from generator.diagnostics import Checked, Diagnostic
from generator.digest import Digest, digest, digest_of
from generator.downloads import descriptor, published_columns
from generator.feeds import redirects, robots, sitemap
from generator.figures import Figure, KeyFigures, Records, dataset_figure
from generator.markdown import BlockPart, Page, ValuePart
from generator.paths import OutputPath, UrlPath, output_for, slugify
from generator.site import INDEXES, dataset_url, download_url, key_of, source_url
from generator.sources import Snapshot
from generator.templates import render
from generator.views import Desk, Press, absolute_from, relative_to
from generator.words import (
    BASES,
    FUNDINGS,
    GEOGRAPHIES,
    PERIOD_TYPES,
    PHASES,
    SIGNS,
    long_date,
    month,
    size_words,
    unit_words,
)

DATA, SOURCES = INDEXES


@dataclass(frozen=True, slots=True)
class Artifact:
    """One output file."""

    output: OutputPath
    inputs: Mapping[str, Digest]
    """Labels in human words, e.g. ``dataset content/data/haf-places.csv``, with the digest of each."""
    make: Callable[[], Checked[bytes]]


def plan(press: Press, snapshot: Snapshot) -> tuple[Artifact, ...]:
    """Return every file of the site, sorted by path."""
    planner = _Planner(press, snapshot)
    return tuple(sorted(planner.artifacts(), key=lambda artifact: artifact.output))


class _Planner:
    """Knows what the files of a site have in common."""

    def __init__(self, press: Press, snapshot: Snapshot) -> None:
        self.press = press
        self.site = press.site
        self.snapshot = snapshot
        site = self.site
        templates = [source.digest for source in snapshot.under("templates/")]
        pairs = [(url, page.front.title) for url, page in site.pages.items()]
        self.shared: dict[str, Digest] = {
            "templates": digest(*templates),
            "site.yaml": digest_of(repr(site.config)),
            "navigation": digest_of([pairs, sorted(site.datasets), sorted(site.papers)]),
        }

    def artifacts(self) -> Iterator[Artifact]:
        site = self.site
        for output, data in self.press.assets.files.items():
            yield _fixed(output, data, f"asset {output}")
        for url, path in site.attachments.items():
            yield _fixed(output_for(url), self.snapshot.sources[path].data, f"file {path}")
        for page in site.pages.values():
            yield self._page(page)
        for dataset in site.datasets.values():
            yield self._dataset(dataset)
            yield _fixed(output_for(download_url(dataset.id)), self.press.downloads[dataset.id], _label(dataset))
            address = site.config.base_url.rstrip("/") + dataset_url(dataset.id)
            resource = descriptor(dataset, site.papers.get(dataset.place.paper), site.config.licence, address)
            yield _fixed(OutputPath(f"data/{dataset.id}/datapackage.json"), resource, _label(dataset))
        for name in site.papers:
            yield self._source(name)
        if DATA not in site.pages:
            yield self._data_index()
        if SOURCES not in site.pages:
            yield self._source_index()
        for former, url in site.redirects.items():
            yield self._redirect(former, url)
        if site.redirects:
            yield _fixed(OutputPath("_redirects"), redirects(site.redirects), "redirects")
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
        for url in (*INDEXES, *map(source_url, self.site.papers)):
            checked.setdefault(url, "")
        yield _fixed(OutputPath("sitemap.xml"), sitemap(base, checked), "navigation")
        yield _fixed(OutputPath("robots.txt"), robots(base), "site.yaml")

    # What every page has

    def _desk(self, url: UrlPath) -> Desk:
        return Desk(self.press, url, relative_to(url))

    def _base(self, desk: Desk, title: str, description: str, *, indexed: bool = True) -> dict[str, Any]:
        config, assets = self.site.config, self.press.assets
        home = desk.url == "/"
        return {
            "language": config.language,
            "site_title": config.title,
            "site_note": config.note,
            "title": title,
            "head_title": config.title if home else f"{title} - {config.title}",
            "description": description,
            "canonical": config.base_url.rstrip("/") + desk.url if indexed else "",
            "root": desk.href(UrlPath("/")),
            "stylesheet": self._asset(desk, "site.css"),
            "icon": self._asset(desk, "icon.svg"),
            "fonts": tuple(self._asset(desk, n) for n in sorted(assets.names) if n.endswith("regular.woff2")),
            "menu": tuple(self._menu_link(desk, UrlPath(url)) for url, _ in config.menu),
            "crumbs": () if home else self._crumbs(desk),
            "footer": tuple(self._menu_link(desk, UrlPath(url)) for url, _ in config.footer),
            "licence": LinkView(config.licence.title, config.licence.url),
            "attribution": config.attribution,
        }

    def _asset(self, desk: Desk, name: str) -> str:
        output = self.press.assets.names.get(name)
        return desk.href(UrlPath(f"/{output}")) if output else ""

    def _menu_link(self, desk: Desk, url: UrlPath) -> LinkView:
        return LinkView(self._title(url), desk.href(url), current=desk.url.startswith(url))

    def _title(self, url: UrlPath) -> str:
        page = self.site.pages.get(url)
        if page is not None:
            return page.front.menu or page.front.title
        names = {DATA: "Data", SOURCES: "Sources", UrlPath("/"): "Home"}
        if url in names:
            return names[url]
        return next((d.title for d in self.site.datasets.values() if dataset_url(d.id) == url), url.strip("/"))

    def _crumbs(self, desk: Desk) -> tuple[LinkView, ...]:
        """Link the pages above this one that exist."""
        parts = desk.url.strip("/").split("/")
        above = [UrlPath("/")] + [UrlPath("/" + "/".join(parts[:n]) + "/") for n in range(1, len(parts))]
        known = {*self.site.pages, *INDEXES}
        return tuple(
            LinkView("Home" if url == "/" else self._title(url), desk.href(url)) for url in above if url in known
        )

    def _artifact(
        self, url: UrlPath, template: str, inputs: Mapping[str, Digest], context: Callable[[list[Diagnostic]], object]
    ) -> Artifact:
        def make() -> Checked[bytes]:
            problems: list[Diagnostic] = []
            made = render(self.press.templates, template, context(problems))
            return Checked(made.value.encode(), (*problems, *made.problems))

        return Artifact(output_for(url), {**self.shared, **inputs}, make)

    def _dataset_inputs(self, names: Iterator[str] | list[str]) -> dict[str, Digest]:
        return {_label(self.site.datasets[name]): self.site.datasets[name].digest for name in sorted(set(names))}

    # The kinds of page

    def _page(self, page: Page) -> Artifact:
        names: list[str] = []
        inputs: dict[str, Digest] = {f"page {page.source}": page.digest}
        for part in page.parts:
            found = self.site.resolved.get(key_of(part)) if isinstance(part, BlockPart | ValuePart) else None
            if isinstance(found, KeyFigures):
                names += [figure.value.dataset for figure in found.figures]
            elif found is not None:
                names.append(found.dataset)
            if isinstance(found, Figure) and found.data:
                for variant in ("wide", "narrow"):
                    svg = self.press.drawn.pictures.get((found.id, variant), "")
                    inputs[f"chart {found.id} {variant}"] = digest(svg)

        def context(problems: list[Diagnostic]) -> object:
            return self._page_context(page, problems)

        return self._artifact(page.url, f"pages/{page.front.kind}.html", inputs | self._dataset_inputs(names), context)

    def _page_context(self, page: Page, problems: list[Diagnostic]) -> PageContext:
        desk = self._desk(page.url)
        front = page.front
        paper = self.site.papers.get(front.paper)
        contents = self._contents(page)
        return PageContext(
            **self._base(desk, front.title, front.description),
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
                else CardView(self._title(url), desk.href(url), DATA_LEAD if url == DATA else "")
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

    def _dataset(self, dataset: Dataset) -> Artifact:
        url = dataset_url(dataset.id)

        def context(problems: list[Diagnostic]) -> object:
            desk = self._desk(url)
            files = (
                desk.download_link(dataset.id),
                LinkView("datapackage.json", "datapackage.json", note="description for programs, JSON"),
            )
            used = tuple(
                LinkView(self.site.pages[page].front.title, desk.href(page))
                for page in self.site.used_by.get(dataset.id, ())
            )
            columns = []
            for field, noted in published_columns(dataset):
                unit = unit_words(field) or ("see column " + field.unit_from if field.unit_from else "words")
                columns.append(ColumnFactsView(field.name, field.title, unit, field.description))
                if noted:
                    text = "Qualifier or shorthand of the value in words, or why there is none."
                    columns.append(ColumnFactsView(f"{field.name}_note", f"{field.title}: notes", "words", text))
            return DatasetContext(
                **self._base(desk, dataset.title, _short(dataset.description)),
                banner=self.site.library.phase(dataset),
                lead=dataset.description,
                facts=self._dataset_facts(desk, dataset),
                figure=desk.figure(dataset_figure(dataset, self.site.library)),
                columns=tuple(columns),
                downloads=files,
                used_by=used,
            )

        inputs = {_label(dataset): dataset.digest, "used by": digest_of(self.site.used_by.get(dataset.id, ()))}
        return self._artifact(url, "pages/dataset.html", inputs, context)

    def _dataset_facts(self, desk: Desk, dataset: Dataset) -> tuple[FactView, ...]:
        paper = self.site.papers.get(dataset.place.paper)
        place = dataset.place
        council = dataset.geography == "council"
        rows = [
            ("Source", paper.title if paper else place.paper, desk.source_href(dataset.id)),
            ("Place in the paper", _place(dataset), ""),
            ("Published", long_date(paper.date) if paper else "", ""),
            ("Stage of the figures", PHASES[dataset.phase], ""),
            ("Period", dataset.period, ""),
            ("Kind of period", PERIOD_TYPES.get(dataset.period_type, ""), ""),
            ("Covers to", long_date(dataset.covers_to) if dataset.covers_to else "", ""),
            ("Area", self.site.config.council if council else GEOGRAPHIES[dataset.geography], ""),
            ("What is measured", BASES.get(dataset.basis, ""), ""),
            ("Funding", FUNDINGS.get(dataset.funding, ""), ""),
            ("Net or gross", dataset.net_or_gross.capitalize(), ""),
            ("Signs", SIGNS.get(dataset.sign, ""), ""),
            ("Compared with the paper", long_date(dataset.checked) if dataset.checked else "", ""),
            ("Licence", self.site.config.licence.title, self.site.config.licence.url),
        ]
        return tuple(FactView(label, value, href) for label, value, href in rows if value)

    def _source(self, name: str) -> Artifact:
        url = source_url(name)
        paper = self.site.papers[name]
        taken = [dataset for dataset in self.site.datasets.values() if dataset.place.paper == name]

        def context(problems: list[Diagnostic]) -> object:
            desk = self._desk(url)
            address = FactView("At the council", paper.url, paper.url)
            unknown = FactView("Address", "Not known here. Ask the council for the paper by its title and date.")
            return SourceContext(
                **self._base(desk, paper.title, _short(f"{paper.publisher}, {paper.meeting}. {paper.description}")),
                lead=paper.description,
                facts=(
                    FactView("Publisher", paper.publisher),
                    FactView("Meeting", paper.meeting),
                    FactView("Date", long_date(paper.date)),
                    address if paper.url else unknown,
                    FactView("Datasets taken from it", str(len(taken))),
                ),
                entries=tuple(
                    SourceEntryView(d.id, d.title, desk.href(dataset_url(d.id)), _place(d), _first(d.description))
                    for d in taken
                ),
            )

        inputs = {"sources.yaml": digest_of(repr(paper)), **self._dataset_inputs([d.id for d in taken])}
        return self._artifact(url, "pages/source.html", inputs, context)

    def _data_index(self) -> Artifact:
        def context(problems: list[Diagnostic]) -> object:
            desk = self._desk(DATA)
            groups = []
            datasets = sorted(self.site.datasets.values(), key=lambda d: (list(self.site.papers).index(d.place.paper)
                              if d.place.paper in self.site.papers else -1, d.title))  # fmt: skip
            for paper, members in groupby(datasets, key=lambda d: d.place.paper):
                cards = tuple(self._dataset_card(desk, dataset) for dataset in members)
                title = self.site.papers[paper].title if paper in self.site.papers else paper
                groups.append(CardGroupView(title, slugify(paper), cards))
            checks = [check for found in self.site.checks.values() for check in found]
            body = Markup("<p>{}</p><p>{} <a href='{}'>{}</a>.</p>").format(
                f"{len(self.site.datasets)} datasets. {len(checks):,} totals that the papers print were recomputed; "
                "each dataset says which agree, and shows every difference beside its table.",
                "Every dataset names the paper it is taken from:",
                desk.href(SOURCES),
                "all sources",
            )
            text = "Every figure of this site as a dataset: what it says, where it comes from, and a CSV to download."
            return ListingContext(**self._base(desk, "Data", text), lead=DATA_LEAD, body=body, groups=tuple(groups))

        return self._artifact(DATA, "pages/listing.html", self._dataset_inputs(list(self.site.datasets)), context)

    def _dataset_card(self, desk: Desk, dataset: Dataset) -> CardView:
        size = size_words(len(self.press.downloads[dataset.id]))
        facts = (f"{len(dataset.rows)} rows", f"CSV, {size}", dataset.period)
        return CardView(dataset.title, desk.href(dataset_url(dataset.id)), _first(dataset.description), facts)

    def _source_index(self) -> Artifact:
        def context(problems: list[Diagnostic]) -> object:
            desk = self._desk(SOURCES)
            cards = []
            for paper in self.site.papers.values():
                taken = sum(d.place.paper == paper.id for d in self.site.datasets.values())
                facts = (paper.meeting, long_date(paper.date), f"{taken} datasets")
                cards.append(CardView(paper.title, desk.href(source_url(paper.id)), _first(paper.description), facts))
            text = "The council papers that the figures of this site are taken from, with the datasets taken from each."
            lead = "Every figure on this site is taken from one of these public papers."
            group = (CardGroupView("Papers", "papers", tuple(cards)),)
            return ListingContext(**self._base(desk, "Sources", text), lead=lead, body=Markup(), groups=group)

        inputs = {"sources.yaml": digest_of(repr(list(self.site.papers.values())))}
        return self._artifact(SOURCES, "pages/listing.html", inputs, context)

    def _redirect(self, former: UrlPath, url: UrlPath) -> Artifact:
        def context(problems: list[Diagnostic]) -> object:
            desk = self._desk(former)
            target = LinkView(self._title(url), desk.href(url))
            text = f"This page has moved to {target.text}."
            return RedirectContext(**self._base(desk, "This page has moved", text, indexed=False), target=target)

        return self._artifact(former, "pages/redirect.html", {"redirect": digest(former, url)}, context)

    def _not_found(self) -> Artifact:
        def context(problems: list[Diagnostic]) -> object:
            desk = Desk(self.press, UrlPath("/404.html"), absolute_from(self.site.config.base_path))
            routes = tuple(LinkView(self._title(UrlPath(u)), desk.href(UrlPath(u))) for u, _ in self.site.config.menu)
            text = "There is no page at this address. The sections of the site are listed here."
            return NotFoundContext(**self._base(desk, "Page not found", text, indexed=False), routes=routes)

        made = self._artifact(UrlPath("/404.html"), "pages/404.html", {}, context)
        return Artifact(OutputPath("404.html"), made.inputs, made.make)


DATA_LEAD = "Every figure on this site stands in one of these datasets. Each has its source and a file to download."


def _label(dataset: Dataset) -> str:
    return f"dataset {dataset.csv_path}"


def _fixed(output: OutputPath, data: bytes, label: str) -> Artifact:
    return Artifact(output, {label: digest(data)}, lambda: Checked(data))


def _place(dataset: Dataset) -> str:
    """Say where in its paper a dataset stands; an appendix that its table names again is named once."""
    place = dataset.place
    above, comma, last = place.item.rpartition(", ")
    item = above if comma and place.table.startswith(last) else place.item
    return ", ".join(part for part in (item, place.table, f"page {place.page}" if place.page else "") if part)


def _first(text: str) -> str:
    """Return the first sentence.

    >>> _first("One dog. Two dogs.")
    'One dog.'
    """
    head, dot, _ = text.partition(". ")
    return head + "." if dot else text


def _short(text: str) -> str:
    """Cut a description between words to what search engines show."""
    if len(text) <= 160:
        return text
    return text[:157].rpartition(" ")[0].rstrip(".,;:") + "…"
