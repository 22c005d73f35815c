"""Turn what the site holds into the views of one page, with every address relative to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

from generator.addresses import (
    CITE,
    EXPLORE,
    PICTURES,
    dataset_url,
    download_url,
    exploration_url,
    figure_url,
    picture_url,
    source_url,
)
from generator.assets import VIEWER
from generator.charts.shape import ChartData
from generator.charts.svg import name
from generator.charts.theme import VARIANTS
from generator.contexts import (
    CardView,
    ExploreView,
    FigureView,
    KeyFiguresView,
    KeyFigureView,
    LinkView,
    PictureView,
    RecordsView,
)
from generator.diagnostics import Diagnostic
from generator.editions import view
from generator.figures import Figure, KeyFigures, Records, Resolved
from generator.links import Target
from generator.markdown import LinkPart
from generator.paths import UrlPath, relative_url
from generator.press import Press
from generator.relations import quote_anchor
from generator.roles import PrintedPart
from generator.sheets import Sheet, datasets_of, key_of
from generator.values import BoundValue
from generator.words import size_words

COMPUTED = "value_computed"
"""An anchor that no heading can have: theirs hold hyphens only."""
COMPUTED_NOTE = (
    f'<p class="value-note"><span id="{COMPUTED}">Computed by this site</span>: figures underlined with dashes. '
    "They follow from the data that they link to.</p>\n"
)


@dataclass(frozen=True, slots=True)
class Desk:
    """One page being rendered: knows how to write addresses as seen from it."""

    press: Press
    url: UrlPath
    href: Callable[[UrlPath], str]

    def dataset_link(self, name: str) -> LinkView:
        """Link to the page of a dataset."""
        url = dataset_url(name)
        return LinkView(self.press.site.datasets[name].title, self.href(url), current=url == self.url)

    def page_link(self, url: UrlPath) -> LinkView:
        """Link to an authored page."""
        return LinkView(self.press.site.heads[url].title, self.href(url))

    def source_link(self, dataset: str, edition: str) -> LinkView:
        """Link to the entry of a dataset on the page of the paper that published an edition of it."""
        site = self.press.site
        place = view(site.datasets[dataset], edition).place
        paper = site.papers.get(place.paper)
        if paper is None:
            return LinkView("", "")
        where = ", ".join(part for part in (place.table, f"page {place.page}" if place.page else "") if part)
        return LinkView(f"{paper.title} ({where})" if where else paper.title, self.source_href(dataset, place.paper))

    def source_href(self, dataset: str, paper: str) -> str:
        """Return the address of a dataset's entry on the page of a paper."""
        return f"{self.href(source_url(paper))}#{dataset}"

    def download_link(self, dataset: str) -> LinkView:
        """Link to the CSV, with its size."""
        size = size_words(len(self.press.downloads[dataset]))
        return LinkView(f"{dataset}.csv", self.href(download_url(dataset)), note=f"CSV, {size}")

    def picture_links(self, figure: str) -> tuple[LinkView, ...]:
        """Link to the pictures of a chart as files; none for a table."""
        found = [(suffix, picture_url(figure, suffix)) for suffix in PICTURES]
        return tuple(
            LinkView(f"{figure}.{suffix}", self.href(url), note=suffix.upper())
            for suffix, url in found
            if url in self.press.pictures
        )

    def asset(self, name: str) -> str:
        """Return the address of an asset; empty if the templates have none of that name."""
        output = self.press.names.get(name)
        return self.href(UrlPath(f"/{output}")) if output else ""

    def explore(self, figure: Figure) -> ExploreView | None:
        """Say where a chart can be explored."""
        viewer = self.asset(VIEWER)
        if not viewer or explorable(figure) is None:
            return None
        page = figure_url(figure.id)
        link = LinkView("Explore this chart", f"{self.href(page)}#{EXPLORE}", current=page == self.url)
        return ExploreView(link, viewer, self.href(exploration_url(figure.id)))

    def figure(self, figure: Figure) -> FigureView:
        """Make the view of a chart or table; the table of a dataset's own page has no page besides."""
        known = self.press.site.figures.get(figure.id)
        has_page = known is not None and known[0].at == figure.at
        page = self.href(figure_url(figure.id)) if has_page else ""
        pictures = []
        for variant in VARIANTS if figure.data else ():
            svg = self.press.drawings.get((figure.id, variant.name))
            if svg:
                pictures.append(PictureView(variant.name, name(svg, figure.alt)))
        return FigureView(
            id=figure.id,
            title=figure.title,
            subtitle=figure.subtitle,
            summary=figure.summary,
            pictures=tuple(pictures),
            table=figure.table,
            notes=figure.notes,
            checks=figure.checks,
            dataset=self.dataset_link(figure.dataset),
            source=self.source_link(figure.dataset, figure.paper),
            download=self.download_link(figure.dataset),
            files=self.picture_links(figure.id) if has_page else (),
            page=LinkView("Link to this figure", page, current=figure_url(figure.id) == self.url),
            cite=LinkView("Cite", page and f"{page}#{CITE}"),
            explore=self.explore(figure),
        )

    def records(self, records: Records) -> RecordsView:
        """Make the view of a list of records."""
        return RecordsView(
            id=records.id,
            title=records.title,
            groups=records.groups,
            notes=records.notes,
            dataset=self.dataset_link(records.dataset),
            source=self.source_link(records.dataset, records.paper),
            download=self.download_link(records.dataset),
        )

    def value(self, value: BoundValue) -> Markup:
        """Write a bound figure as a link to where it comes from; the note below describes one that we computed."""
        link = '<a class="value" href="{}">{}</a>'
        if value.is_computed:
            link = f'<a class="value" aria-describedby="{COMPUTED}" href="{{}}">{{}}</a>'
        href = self.source_href(value.dataset, value.paper)
        return Markup(link).format(href, value.text)  # noqa: S704 - no text of an author

    def printed(self, part: PrintedPart) -> Markup:
        """Write a quoted figure as a link to its place in the list of what is quoted from its paper."""
        address = f"{self.href(source_url(part.paper))}#{quote_anchor(part)}"
        return Markup('<a class="value" href="{}">{}</a>').format(address, part.figure)

    def key_figures(self, block: KeyFigures) -> KeyFiguresView:
        """Make the view of a row of headline figures."""
        return KeyFiguresView(
            block.id, tuple(KeyFigureView(f.label, self.value(f.value), f.note) for f in block.figures)
        )

    def card(self, url: UrlPath) -> CardView:
        """Make the card of a page in a listing."""
        front = self.press.site.heads[url]
        return CardView(front.title, self.href(url), front.summary or front.description)

    def body(self, sheet: Sheet, problems: list[Diagnostic]) -> Markup:
        """Put the parts of a page together."""
        html: list[str] = []
        targets = iter(self.press.site.links[self.url].targets)
        for part in sheet.page.parts:
            if isinstance(part, str):
                html.append(part)
            elif isinstance(part, LinkPart):
                html.append(self._link(next(targets)))
            elif isinstance(part, PrintedPart):
                html.append(str(self.printed(part)))
            else:
                html.append(self._resolved(sheet.resolved.get(key_of(part)), problems))
        if any(f'aria-describedby="{COMPUTED}"' in piece for piece in html):
            html.append(COMPUTED_NOTE)
        return Markup("".join(html))  # noqa: S704 - the parser has escaped what authors wrote

    def _link(self, target: Target) -> str:
        if target.outside:
            return str(escape(target.outside))
        anchor = f"#{target.anchor}" if target.anchor else ""
        same = target.url == self.url and anchor
        return str(escape(anchor if same else self.href(target.url) + anchor))

    def _resolved(self, found: Resolved | BoundValue | None, problems: list[Diagnostic]) -> str:
        if found is None:
            return ""
        for rests_on in datasets_of(found):
            self.press.site.datasets.get(rests_on)  # the page rests on all of them, also on those it does not link to
        if isinstance(found, BoundValue):
            return self.value(found)
        if isinstance(found, Figure):
            made = self.press.render("partials/figure.html", self.figure(found))
        elif isinstance(found, Records):
            made = self.press.render("partials/records.html", self.records(found))
        else:
            made = self.press.render("partials/key-figures.html", self.key_figures(found))
        problems.extend(made.problems)
        return made.value


def explorable(figure: Figure) -> ChartData | None:
    """Return what can be explored of a figure: a chart of ours with marks of values; timelines and cards have words."""
    data = figure.data
    return data if isinstance(data, ChartData) and data.points and not data.indicators else None


def relative_to(url: UrlPath) -> Callable[[UrlPath], str]:
    """Return how addresses are written on the page at *url*: relative, so that the site works under any folder."""
    return lambda target: relative_url(url, target)


def absolute_from(base_path: str) -> Callable[[UrlPath], str]:
    """Return how addresses are written on ``404.html``, which a host serves at any address."""
    return lambda target: base_path.rstrip("/") + target
