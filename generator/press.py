"""All that pages are rendered with: the site, its drawings, downloads and pictures, the assets and the templates."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup

from generator.addresses import picture_url
from generator.assets import FOLDER, Assets, plan_assets
from generator.charts.poster import Words, poster, with_fonts
from generator.charts.svg import Drawn
from generator.charts.theme import VARIANTS, WEB_FONTS
from generator.datasets import Dataset
from generator.diagnostics import Checked
from generator.digest import Digest, digest
from generator.downloads import published_csv
from generator.facts import Facts, Memo
from generator.figures import picture_words
from generator.paths import OutputPath, UrlPath
from generator.site import Site
from generator.sources import Snapshot
from generator.templates import PREFIX, Templates, render

K = TypeVar("K", bound=Hashable)
Named = tuple[bytes, Digest]


@dataclass(frozen=True, slots=True)
class Press:
    """What is read while a file is made; all but the two last are `Facts`."""

    site: Site
    drawings: Mapping[tuple[str, str], str]
    """SVG by figure and variant."""
    specifications: Mapping[tuple[str, str], str]
    downloads: Mapping[str, bytes]
    """The published CSV of every dataset."""
    pictures: Mapping[UrlPath, bytes]
    """The pictures of charts that readers may take away, by address."""
    names: Mapping[str, OutputPath]
    """Where each asset is published, e.g. ``site.css``."""
    sources: Mapping[str, Digest]
    """The templates, by the names that they call each other."""
    files: Mapping[OutputPath, bytes]
    """The assets as they are published."""
    templates: Templates

    def render(self, name: str, context: object) -> Checked[Markup]:
        """Render a template, which makes it and all that it includes an input."""
        for each in self.templates.closure(name):
            self.sources.get(each)
        return render(self.templates, name, context)


def load_templates(snapshot: Snapshot, memo: Memo) -> Checked[Templates]:
    """Return the templates, compiled anew only if one of them has changed."""
    inputs = [(source.path, source.digest) for source in snapshot.under(PREFIX, ".html")]
    with memo.stage("templates") as stage:
        return stage.recall(None, inputs, _templates, snapshot)


def _templates(snapshot: Snapshot) -> Checked[Templates]:
    templates = Templates(snapshot)
    return Checked(templates, templates.check())


def load_press(site: Site, drawn: Drawn, snapshot: Snapshot, templates: Templates, memo: Memo) -> Press:
    """Make what pages show beside their own text."""
    sources = snapshot.under(PREFIX)
    with memo.stage("assets") as stage:
        inputs = [(source.path, source.digest) for source in sources if source.path.startswith(FOLDER)]
        assets = stage.recall(None, (inputs, drawn.viewer), plan_assets, snapshot, drawn.viewer)
    with memo.stage("downloads") as stage:
        datasets = site.datasets.items()
        downloads = {name: stage.recall(name, dataset.digest, _download, dataset) for name, dataset in datasets}
    with memo.stage("digests of drawings") as stage:
        drawings = {place: stage.recall(place, svg, digest, svg) for place, svg in drawn.pictures.items()}
        specifications = {place: stage.recall((*place, "spec"), spec, digest, spec)
                          for place, spec in drawn.specifications.items()}  # fmt: skip
    pictures = _pictures(site, drawn, assets, memo)
    names = {name: digest(output) for name, output in assets.names.items()}
    digests = {source.path.removeprefix(PREFIX): source.digest for source in sources}
    return Press(
        site=site,
        drawings=Facts(memo, "drawing", drawn.pictures, drawings),
        specifications=Facts(memo, "specification", drawn.specifications, specifications),
        downloads=_facts(memo, "download", downloads),
        pictures=_facts(memo, "picture", pictures),
        names=Facts(memo, "asset", assets.names, names),
        sources=Facts(memo, "template", digests, digests),
        files=assets.files,
        templates=templates,
    )


def _facts(memo: Memo, kind: str, found: Mapping[K, Named]) -> Facts[K, bytes]:
    files = {key: data for key, (data, _) in found.items()}
    return Facts(memo, kind, files, {key: name for key, (_, name) in found.items()})


def _download(dataset: Dataset) -> Named:
    return _named(published_csv(dataset))


def _pictures(site: Site, drawn: Drawn, assets: Assets, memo: Memo) -> dict[UrlPath, Named]:
    fonts = {w: assets.files[assets.names[name]] for w, name in WEB_FONTS.items() if name in assets.names}
    versions = tuple(assets.names.get(name) for name in WEB_FONTS.values())
    found: dict[UrlPath, Named] = {}
    texts = words_of_pictures(site, memo)
    with memo.stage("pictures") as stage:
        for figure, _ in site.figures.values():
            svg = drawn.pictures.get((figure.id, VARIANTS[0].name))
            if figure.data and svg:
                words = texts[figure.id]
                found[picture_url(figure.id, "svg")] = stage.recall(
                    (figure.id, "svg"), (svg, words, versions), _poster, svg, words, fonts
                )
                image = drawn.images[figure.id]
                found[picture_url(figure.id, "png")] = stage.recall((figure.id, "png"), image, _named, image)
    return found


def words_of_pictures(site: Site, memo: Memo) -> dict[str, Words]:
    """Return what is written around each chart when its picture leaves the site."""
    with memo.stage("words of pictures") as stage:
        charts = ((name, figure) for name, (figure, _) in site.figures.items() if figure.data is not None)
        # in a tuple, the same figure is equal at a glance
        return {name: stage.recall(name, (figure,), picture_words, figure, site.library) for name, figure in charts}


def _poster(svg: str, words: Words, fonts: Mapping[int, bytes]) -> Named:
    return _named(with_fonts(poster(svg, words), fonts))


def _named(data: bytes) -> Named:
    return data, digest(data)
