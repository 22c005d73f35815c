"""What all pages of a site have in common: head, menu, crumbs, footer, and the inputs that they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from generator.addresses import CHANGES, CHECKS, DATA, FIGURES, INDEXES, SOURCES, dataset_url
from generator.charts.theme import VARIANTS
from generator.contexts import LinkView
from generator.datasets import Dataset
from generator.diagnostics import Checked, Diagnostic
from generator.digest import Digest, digest, digest_of
from generator.figures import Figure
from generator.paths import OutputPath, SourcePath, UrlPath, output_for
from generator.sources import Snapshot
from generator.templates import render
from generator.views import Desk, Press, relative_to


@dataclass(frozen=True, slots=True)
class Artifact:
    """One output file."""

    output: OutputPath
    inputs: Mapping[str, Digest]
    """Labels in human words, e.g. ``dataset content/data/haf-places.csv``, with the digest of each."""
    make: Callable[[], Checked[bytes]]


class Planner:
    """Makes artifacts that share the furniture of the site."""

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

    def desk(self, url: UrlPath) -> Desk:
        """Return what a page at *url* needs to link and to show figures."""
        return Desk(self.press, url, relative_to(url))

    def base(self, desk: Desk, title: str, description: str, *, indexed: bool = True) -> dict[str, Any]:
        """Return the fields of `BaseContext`."""
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
            "stylesheet": desk.asset("site.css"),
            "icon": desk.asset("icon.svg"),
            "fonts": tuple(desk.asset(n) for n in sorted(assets.names) if n.endswith("regular.woff2")),
            "menu": tuple(self._menu_link(desk, UrlPath(url)) for url, _ in config.menu),
            "crumbs": () if home else self.crumbs(desk, desk.url),
            "footer": tuple(self._menu_link(desk, UrlPath(url)) for url, _ in config.footer),
            "licence": LinkView(config.licence.title, config.licence.url),
            "attribution": config.attribution,
        }

    def _menu_link(self, desk: Desk, url: UrlPath) -> LinkView:
        return LinkView(self.title(url), desk.href(url), current=desk.url.startswith(url))

    def title(self, url: UrlPath) -> str:
        """Return the words for a link to *url*."""
        page = self.site.pages.get(url)
        if page is not None:
            return page.front.menu or page.front.title
        names = {
            DATA: "Data",
            SOURCES: "Sources",
            CHECKS: "Checks",
            CHANGES: "Changes",
            FIGURES: "Figures",
            UrlPath("/"): "Home",
        }
        if url in names:
            return names[url]
        return next((d.title for d in self.site.datasets.values() if dataset_url(d.id) == url), url.strip("/"))

    def crumbs(self, desk: Desk, url: UrlPath) -> tuple[LinkView, ...]:
        """Link the pages above *url* that exist."""
        parts = url.strip("/").split("/")
        above = [UrlPath("/")] + [UrlPath("/" + "/".join(parts[:n]) + "/") for n in range(1, len(parts))]
        known = {*self.site.pages, *INDEXES}
        return tuple(
            LinkView("Home" if url == "/" else self.title(url), desk.href(url)) for url in above if url in known
        )

    def artifact(
        self, url: UrlPath, template: str, inputs: Mapping[str, Digest], context: Callable[[list[Diagnostic]], object]
    ) -> Artifact:
        """Return a page that is made from *context* when it is needed."""

        def make() -> Checked[bytes]:
            problems: list[Diagnostic] = []
            made = render(self.press.templates, template, context(problems))
            return Checked(made.value.encode(), (*problems, *made.problems))

        return Artifact(output_for(url), {**self.shared, **inputs}, make)

    def drawing_inputs(self, figure: Figure) -> dict[str, Digest]:
        """Return the labelled digests of a chart in a file of its own and of its drawings; none for a table."""
        pictures = self.press.drawn.pictures
        names = [(figure.id, variant.name) for variant in VARIANTS] if figure.data else []
        found = {f"chart {' '.join(name)}": digest(pictures.get(name, "")) for name in names}
        if figure.id in self.site.named:
            found[f"chart {figure.at.path}"] = self.snapshot.sources[SourcePath(figure.at.path)].digest
        return found

    def dataset_inputs(self, names: Iterable[str]) -> dict[str, Digest]:
        """Return the labelled digests of datasets."""
        return {label(self.site.datasets[name]): self.site.datasets[name].digest for name in sorted(set(names))}


def label(dataset: Dataset) -> str:
    """Return the label of a dataset among inputs."""
    return f"dataset {dataset.csv_path}"


def fixed(output: OutputPath, data: bytes, label: str) -> Artifact:
    """Return a file whose bytes are known already."""
    return Artifact(output, {label: digest(data)}, lambda: Checked(data))


def short(text: str) -> str:
    """Cut a description between words to what search engines show."""
    if len(text) <= 160:
        return text
    return text[:157].rpartition(" ")[0].rstrip(".,;:") + "…"
