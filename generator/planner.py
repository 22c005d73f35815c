"""What all pages of a site have in common: head, menu, crumbs, footer, and the inputs that they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from generator.addresses import CHANGES, CHECKS, DATA, FIGURES, INDEXES, SOURCES, dataset_url
from generator.contexts import LinkView
from generator.diagnostics import Checked, Diagnostic
from generator.digest import Digest, digest_of
from generator.facts import Labelled
from generator.paths import OutputPath, UrlPath, output_for
from generator.press import Press
from generator.sources import Snapshot
from generator.views import Desk, relative_to


class Artifact(NamedTuple):
    """One output file; of thousands, each build makes all anew, and a tuple is made sooner."""

    output: OutputPath
    inputs: Labelled
    """What it is made from beside `Facts`, which note themselves; labels in words, e.g. ``page content/index.md``."""
    make: Callable[..., Checked[bytes]]
    """Makes the file from ``arguments``."""
    arguments: tuple[object, ...] = ()


class Planner:
    """Makes artifacts that share the furniture of the site."""

    def __init__(self, press: Press, snapshot: Snapshot) -> None:
        self.press = press
        self.site = press.site
        self.snapshot = snapshot
        self.shared: dict[str, Digest] = {"content/site.yaml": digest_of(repr(self.site.config))}

    def desk(self, url: UrlPath) -> Desk:
        """Return what a page at *url* needs to link and to show figures."""
        return Desk(self.press, url, relative_to(url))

    def base(self, desk: Desk, title: str, description: str, *, indexed: bool = True) -> dict[str, Any]:
        """Return the fields of `BaseContext`."""
        config, assets = self.site.config, self.press.names
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
            "fonts": tuple(desk.asset(n) for n in sorted(assets) if n.endswith("regular.woff2")),
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
        front = self.site.heads.get(url)
        if front is not None:
            return front.menu or front.title
        names = {DATA: "Data", SOURCES: "Sources", CHECKS: "Checks", CHANGES: "Changes", FIGURES: "Figures",
                 UrlPath("/"): "Home"}  # fmt: skip
        if url in names:
            return names[url]
        name = url.removeprefix(DATA).rstrip("/")
        return (
            self.site.datasets[name].title
            if dataset_url(name) == url and name in self.site.datasets
            else url.strip("/")
        )

    def crumbs(self, desk: Desk, url: UrlPath) -> tuple[LinkView, ...]:
        """Link the pages above *url* that exist."""
        parts = url.strip("/").split("/")
        above = [UrlPath("/")] + [UrlPath("/" + "/".join(parts[:n]) + "/") for n in range(1, len(parts))]
        return tuple(
            LinkView("Home" if url == "/" else self.title(url), desk.href(url))
            for url in above
            if url in INDEXES or url in self.site.heads
        )

    def artifact(
        self, url: UrlPath, template: str, inputs: Mapping[str, Digest], context: Callable[[list[Diagnostic]], object]
    ) -> Artifact:
        """Return a page that is made from *context* when it is needed."""

        def make() -> Checked[bytes]:
            problems: list[Diagnostic] = []
            made = self.press.render(template, context(problems))
            return Checked(made.value.encode(), (*problems, *made.problems))

        return Artifact(output_for(url), (self.shared, inputs), make)


def plain(output: OutputPath, inputs: Mapping[str, Digest], make: Callable[[], bytes]) -> Artifact:
    """Return a file that no template makes."""
    return Artifact(output, (inputs,), lambda: Checked(make()))


def short(text: str) -> str:
    """Cut a description between words to what search engines show."""
    if len(text) <= 160:
        return text
    return text[:157].rpartition(" ")[0].rstrip(".,;:") + "…"
