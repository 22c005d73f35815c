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
from generator.digest import checksum, digest_of
from generator.editions import view
from generator.figures import Figure
from generator.paths import UrlPath, output_for, slugify
from generator.planner import Artifact, Planner, fixed, short
from generator.reconcile import sentences
from generator.views import explorable


def figure_page(planner: Planner, figure: Figure) -> Artifact:
    """Return the page of a figure."""
    site, url = planner.site, figure_url(figure.id)
    dataset, users = view(site.datasets[figure.dataset], figure.paper), site.figures[figure.id][1]
    checks = sentences(site.checks.get(dataset.id, ()))
    kind = "chart" if figure.data else "table"

    def context(problems: list[Diagnostic]) -> object:
        desk = planner.desk(url)
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

    inputs = {
        f"figure {figure.id}": digest_of(repr(figure)),
        "checks": digest_of(repr(checks)),
        "sources.yaml": digest_of(repr(site.papers.get(dataset.place.paper))),
        "pages that show it": digest_of(users),
        **planner.drawing_inputs(figure),
        **planner.dataset_inputs([dataset.id, *figure.others]),
    }
    return planner.artifact(url, "pages/figure.html", inputs, context)


def figure_index(planner: Planner) -> Artifact:
    """Return the list of all figures, by the section of the page that shows them."""
    site = planner.site
    menu = [UrlPath(url) for url, _ in site.config.menu]
    found: dict[UrlPath, list[tuple[Figure, UrlPath]]] = {}
    for figure, users in sorted(site.figures.values(), key=lambda pair: pair[1]):
        shown_on = users[0] if users else FIGURES
        found.setdefault(_section(planner, shown_on), []).append((figure, shown_on))
    sections = sorted(found, key=lambda url: (menu.index(url) if url in menu else len(menu), url))

    def title(url: UrlPath) -> str:
        return "On no page" if url == FIGURES else planner.title(url)

    def context(problems: list[Diagnostic]) -> object:
        desk = planner.desk(FIGURES)
        groups = []
        for section in sections:
            cards = tuple(
                CardView(f.title, desk.href(figure_url(f.id)), "", (_kind(f), title(shown_on)))
                for f, shown_on in found[section]
            )
            groups.append(CardGroupView(title(section), slugify(title(section)), cards))
        text = "Every chart and table of this site, by section, with an address for each that can be linked and cited."
        lead = "Every chart and table has a page of its own, to link to and to cite."
        return ListingContext(**planner.base(desk, "Figures", text), lead=lead, body=Markup(), groups=tuple(groups))

    entries = [(url, [(f.id, f.title, _kind(f), title(on)) for f, on in found[url]]) for url in sections]
    return planner.artifact(FIGURES, "pages/listing.html", {"figures": digest_of(entries)}, context)


def _kind(figure: Figure) -> str:
    if isinstance(figure.data, ChartData):
        return kind_words(figure.data)
    return "Chart" if figure.data else "Table"


def _section(planner: Planner, url: UrlPath) -> UrlPath:
    """Return the highest authored page above *url*, or *url* itself; home stands above nothing here."""
    parts = url.strip("/").split("/")
    above = (UrlPath("/" + "/".join(parts[:n]) + "/") for n in range(1, len(parts)))
    return next((page for page in above if page in planner.site.pages), url)


def citation(figure: Figure, site: str, address: str, source: str) -> str:
    """Say in one text what to write beside a figure that is used elsewhere: its words, its address, its source."""
    parts = [f"“{figure.title}”.", figure.subtitle, f"{site}, {address}."]
    return " ".join(filter(None, (*parts, f"Source: {source}." if source else "")))


def figure_specification(planner: Planner, figure: Figure) -> Artifact:
    """Return the Vega-Lite specification of the wide drawing, in colours that need no stylesheet."""
    spec = json.loads(in_light(planner.press.drawn.specifications[figure.id, VARIANTS[0].name]))
    spec["description"] = f"{figure.title}. {figure.subtitle} {figure.alt}"
    text = json.dumps(spec, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    return fixed(output_for(specification_url(figure.id)), text.encode(), f"chart {figure.id}")


def figure_exploration(planner: Planner, figure: Figure, data: ChartData) -> Artifact:
    """Return what the viewer shows of a chart."""
    specifications = planner.press.drawn.specifications
    text = exploration(data, {variant.name: specifications[figure.id, variant.name] for variant in VARIANTS})
    return fixed(output_for(exploration_url(figure.id)), text.encode(), f"chart {figure.id}")
