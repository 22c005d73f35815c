"""Plan the page of each figure, at an address that stays: the figure, how to cite it, and what stands behind it."""

from __future__ import annotations

import json
from dataclasses import replace

from generator.addresses import CHECKS, dataset_url, exploration_url, figure_url, specification_url
from generator.assets import SCRIPT
from generator.charts.explore import exploration
from generator.charts.shape import ChartData
from generator.charts.theme import VARIANTS, in_light
from generator.contexts import FactView, FigureContext, LinkView
from generator.data_pages import dataset_facts
from generator.diagnostics import Diagnostic
from generator.digest import checksum, digest_of
from generator.figures import Figure
from generator.paths import output_for
from generator.planner import Artifact, Planner, fixed, short
from generator.reconcile import sentences
from generator.views import has_values


def figure_page(planner: Planner, figure: Figure) -> Artifact:
    """Return the page of a figure."""
    site, url = planner.site, figure_url(figure.id)
    dataset, shown_on = site.datasets[figure.dataset], site.figures[figure.id][1]
    checks = sentences(site.checks.get(dataset.id, ()))
    kind = "chart" if figure.data else "table"

    def context(problems: list[Diagnostic]) -> object:
        desk = planner.desk(url)
        where = f"{kind} on “{planner.title(shown_on)}”"
        text = short(f"The {where}, with its source, its checks and how to cite it: {figure.title}. {figure.subtitle}")
        base = planner.base(desk, figure.title, text)
        crumbs = planner.crumbs(desk, shown_on) if shown_on != "/" else ()
        base["crumbs"] = (
            *crumbs,
            LinkView("Home" if shown_on == "/" else planner.title(shown_on), desk.href(shown_on)),
        )
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
            script=desk.asset(SCRIPT) if has_values(figure) else "",
            facts=(*rests_on, *dataset_facts(planner, desk, dataset)),
            citation=citation(figure, site.config.title, base["canonical"], site.library.source(dataset)),
            downloads=tuple(files),
            digest=checksum(planner.press.downloads[dataset.id]),
            checks=checks,
            all_checks=LinkView("All checks of this site", desk.href(CHECKS)),
            used_by=(desk.page_link(shown_on),),
        )

    inputs = {
        f"figure {figure.id}": digest_of(repr(figure)),
        "checks": digest_of(repr(checks)),
        "sources.yaml": digest_of(repr(site.papers.get(dataset.place.paper))),
        **planner.drawing_inputs(figure),
        **planner.dataset_inputs([dataset.id, *figure.others]),
    }
    return planner.artifact(url, "pages/figure.html", inputs, context)


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
