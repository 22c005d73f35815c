"""Plan the pages of figures: one for each, at an address that stays, and the list of them all.

The page of a figure has the figure, how to cite it, and what stands behind it.
"""

from __future__ import annotations

import json
from dataclasses import replace

from markupsafe import Markup

from generator.addresses import CHECKS, FIGURES, dataset_url, exploration_url, figure_url, specification_url
from generator.assets import SCRIPT
from generator.charts.describe import kind_words
from generator.charts.explore import exploration
from generator.charts.shape import ChartData
from generator.charts.theme import VARIANTS, in_light
from generator.contexts import CardGroupView, CardView, FactView, FigureContext, LinkView, ListingContext
from generator.data_pages import dataset_facts
from generator.diagnostics import Diagnostic
from generator.digest import checksum
from generator.editions import view
from generator.figures import Figure
from generator.paths import UrlPath, output_for, slugify
from generator.planner import Artifact, Planner, plain, short
from generator.reconcile import sentences
from generator.views import explorable


def figure_page(planner: Planner, name: str) -> Artifact:
    """Return the page of a figure."""
    site, url = planner.site, figure_url(name)

    def context(problems: list[Diagnostic]) -> object:
        desk = planner.desk(url)
        figure, users = site.figures[name]
        dataset = view(site.datasets[figure.dataset], figure.paper)
        checks = sentences(site.checks.get(dataset.id, ()))
        kind = "chart" if figure.data else "table"
        where = f"{kind} on “{planner.title(users[0])}”" if users else kind
        text = short(f"The {where}, with its source, its checks and how to cite it: {figure.title}. {figure.subtitle}")
        base = planner.base(desk, figure.title, text)
        base["head_title"] = f"{figure.title}, {where} - {site.config.title}"
        rests_on = [FactView("Dataset", dataset.title, desk.href(dataset_url(dataset.id)))]
        rests_on += [FactView("With", site.datasets[o].title, desk.href(dataset_url(o))) for o in figure.others]
        files = [desk.download_link(dataset.id), *desk.picture_links(figure.id)]
        if figure.data:
            address = desk.href(specification_url(figure.id))
            files.append(LinkView("spec.json", address, note="specification of the chart, Vega-Lite"))
        return FigureContext(
            **base,
            lead=figure.subtitle,
            figure=desk.figure(replace(figure, checks=())),
            script=desk.asset(SCRIPT) if explorable(figure) else "",
            facts=(*rests_on, *dataset_facts(planner, desk, dataset)),
            citation=citation(figure, site.config.title, base["canonical"], site.library.source(dataset)),
            downloads=tuple(files),
            digest=checksum(planner.press.downloads[dataset.id]),
            checks=checks,
            all_checks=LinkView("All checks of this site", desk.href(CHECKS)),
            used_by=tuple(map(desk.page_link, users)),
        )

    return planner.artifact(url, "pages/figure.html", {}, context)


def figure_index(planner: Planner) -> Artifact:
    """Return the list of all figures, by the section of the page that shows them."""
    site = planner.site
    menu = [UrlPath(url) for url, _ in site.config.menu]

    def title(url: UrlPath) -> str:
        return "On no page" if url == FIGURES else planner.title(url)

    def context(problems: list[Diagnostic]) -> object:
        desk = planner.desk(FIGURES)
        found: dict[UrlPath, list[tuple[Figure, UrlPath]]] = {}
        for figure, users in sorted(site.figures.values(), key=lambda pair: pair[1]):
            shown_on = users[0] if users else FIGURES
            found.setdefault(_section(planner, shown_on), []).append((figure, shown_on))
        groups = []
        for section in sorted(found, key=lambda url: (menu.index(url) if url in menu else len(menu), url)):
            cards = tuple(
                CardView(f.title, desk.href(figure_url(f.id)), "", (_kind(f), title(shown_on)))
                for f, shown_on in found[section]
            )
            groups.append(CardGroupView(title(section), slugify(title(section)), cards))
        text = "Every chart and table of this site, by section, with an address for each that can be linked and cited."
        lead = "Every chart and table has a page of its own, to link to and to cite."
        return ListingContext(**planner.base(desk, "Figures", text), lead=lead, body=Markup(), groups=tuple(groups))

    return planner.artifact(FIGURES, "pages/listing.html", {}, context)


def _kind(figure: Figure) -> str:
    if isinstance(figure.data, ChartData):
        return kind_words(figure.data)
    return "Chart" if figure.data else "Table"


def _section(planner: Planner, url: UrlPath) -> UrlPath:
    """Return the highest authored page above *url*, or *url* itself; home stands above nothing here."""
    parts = url.strip("/").split("/")
    above = (UrlPath("/" + "/".join(parts[:n]) + "/") for n in range(1, len(parts)))
    return next((page for page in above if page in planner.site.heads), url)


def citation(figure: Figure, site: str, address: str, source: str) -> str:
    """Say in one text what to write beside a figure that is used elsewhere: its words, its address, its source."""
    parts = [f"“{figure.title}”.", figure.subtitle, f"{site}, {address}."]
    return " ".join(filter(None, (*parts, f"Source: {source}." if source else "")))


def figure_specification(planner: Planner, name: str) -> Artifact:
    """Return the Vega-Lite specification of the wide drawing, in colours that need no stylesheet."""

    def make() -> bytes:
        figure, _ = planner.site.figures[name]
        spec = json.loads(in_light(planner.press.specifications[name, VARIANTS[0].name]))
        spec["description"] = f"{figure.title}. {figure.subtitle} {figure.alt}"
        return (json.dumps(spec, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()

    return plain(output_for(specification_url(name)), {}, make)


def figure_exploration(planner: Planner, name: str) -> Artifact:
    """Return what the viewer shows of a chart."""

    def make() -> bytes:
        figure, _ = planner.site.figures[name]
        data, found = explorable(figure), planner.press.specifications
        assert data is not None, "only what can be explored is planned"
        return exploration(data, {variant.name: found[name, variant.name] for variant in VARIANTS}).encode()

    return plain(output_for(exploration_url(name)), {}, make)
