"""Turn a snapshot of the sources into the bytes of a whole site: the chain, stage by stage."""

from __future__ import annotations

import datetime
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from importlib.resources import files
from itertools import chain
from types import MappingProxyType
from typing import Any

from generator.assets import FOLDER, SCRIPT
from generator.charts.raw_checks import check_schema
from generator.charts.raw_data import RawChart
from generator.charts.raw_drawing import raw_specification
from generator.charts.shape import ChartData
from generator.charts.svg import Drawing, Drawn, draw, request_digest
from generator.charts.theme import FONT_FILES, VARIANTS, Variant
from generator.charts.workers import Workers
from generator.config import SiteConfig, read_config
from generator.diagnostics import Checked, Diagnostic, Location, is_error, sort_problems
from generator.digest import Digest, digest
from generator.facts import Inputs, Memo
from generator.intervals import RESULTS
from generator.library import read_library
from generator.markdown import Page, parse_page
from generator.memo import Store
from generator.paths import OutputPath, SourcePath
from generator.plan import plan
from generator.press import Press, load_press, load_templates, words_of_pictures
from generator.site import Site, assemble, check_site
from generator.sources import Snapshot, Source, check_encoding


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who builds decides."""

    base_url: str = ""
    """Stands above the address in `site.yaml`; empty for that one."""
    drafts: bool = False
    today: datetime.date = datetime.date.max
    """Day for which the site is built; the clock is never asked."""
    workers: Workers = field(default_factory=Workers)
    """Processes for drawing."""
    on_step: Callable[[str, int, int], None] = field(default=lambda step, done, total: None)
    """Told of the progress of long steps."""


@dataclass(frozen=True, slots=True)
class Build:
    """A whole site in memory, with every problem that was met."""

    files: Mapping[OutputPath, bytes]
    """Empty if there are errors."""
    problems: tuple[Diagnostic, ...]
    base_path: str
    """Path below which the site is published, e.g. ``/`` or ``/finance/``."""
    counts: Mapping[str, int]
    """Pages, charts drawn and remembered, datasets, checks."""
    inputs: Mapping[OutputPath, Inputs]
    """What each file was made from."""

    @property
    def has_errors(self) -> bool:
        """Whether the site must not be published."""
        return any(map(is_error, self.problems))


def build(
    snapshot: Snapshot,
    store: Store,
    options: Options,
    problems: tuple[Diagnostic, ...] = (),
    memo: Memo | None = None,
) -> Build:
    """Build the site; *problems* are those met while reading the sources.

    A *memo* of a former build makes this one faster and changes nothing else.
    """
    memo = memo or Memo()
    site = read_site(snapshot, options, memo)
    templates = load_templates(snapshot, memo)
    found = [*problems, *site.problems]
    drawn = draw_charts(site.value, snapshot, store, options, memo, only_raw=any(map(is_error, found)))
    found += drawn.problems
    counts = {
        "pages": len(site.value.sheets),
        "charts drawn": drawn.value.drawn,
        "charts remembered": drawn.value.remembered,
        "datasets": sum(not dataset.is_code_list for dataset in site.value.datasets.values()),
        "checks": sum(map(len, site.value.checks.values())),
    }
    results = Counter(check.result for checks in site.value.checks.values() for check in checks)
    counts |= {words: results[result] for result, words in RESULTS.items()}
    made: Checked[Made] = Checked(Made({}, {}))
    if not any(map(is_error, found)):
        made = render_site(
            load_press(site.value, drawn.value, snapshot, templates.value, memo), snapshot, options, memo
        )
        found += [*templates.problems, *made.problems]
    if any(map(is_error, found)):
        made = Checked(Made({}, {}))
    return Build(
        MappingProxyType(made.value.files), sort_problems(found), site.value.config.base_path, MappingProxyType(counts),
        MappingProxyType(made.value.inputs),
    )  # fmt: skip


def read_site(snapshot: Snapshot, options: Options, memo: Memo) -> Checked[Site]:
    """Read and check a whole site; nothing is drawn or written."""
    config = load_config(snapshot, options, memo)
    library = read_library(snapshot, config.value, memo)
    pages = parse_pages(snapshot, memo)
    site = assemble(
        config.value, library.value, pages.value, snapshot, drafts=options.drafts, today=options.today, memo=memo
    )
    problems = (
        *check_encodings(snapshot, memo),
        *config.problems,
        *library.problems,
        *pages.problems,
        *site.problems,
        *check_site(site.value, options.today),
    )
    return Checked(site.value, problems)


def load_config(snapshot: Snapshot, options: Options, memo: Memo | None = None) -> Checked[SiteConfig]:
    """Read `content/site.yaml`."""
    path = "content/site.yaml"
    with (memo or Memo()).stage("site.yaml") as stage:
        inputs = (snapshot.digest(path), options.base_url)
        config = stage.recall(path, inputs, read_config, snapshot.text(path), path, base_url=options.base_url)
    if path not in snapshot.sources:
        missing = Diagnostic("no-config", "there is no site.yaml", Location(path), hint="write content/site.yaml")
        return Checked(config.value, (missing,))
    return config


def parse_pages(snapshot: Snapshot, memo: Memo | None = None) -> Checked[tuple[Page, ...]]:
    """Parse every page below ``content/``."""
    sources = snapshot.under("content/", ".md")
    with (memo or Memo()).stage("pages") as stage:
        entries = stage.entries(
            [source.path for source in sources], sources, lambda number: _parse(sources[number], snapshot)
        )
    parsed = [entry.value for entry in entries]
    return Checked(
        tuple([page.value for page in parsed]), tuple(chain.from_iterable([page.problems for page in parsed]))
    )


def _parse(source: Source, snapshot: Snapshot) -> Checked[Page]:
    page = parse_page(source.path, snapshot.text(source.path))
    return Checked(page.value, (*check_encoding(source), *page.problems))


def check_encodings(snapshot: Snapshot, memo: Memo) -> tuple[Diagnostic, ...]:
    """Report the texts that are not UTF-8; pages are checked when they are parsed."""
    with memo.stage("encodings") as stage:
        others = snapshot.under("", others_than=(".md",))
        found = [stage.recall(source.path, source.digest, check_encoding, source) for source in others]
    return tuple(chain.from_iterable(found))


def draw_charts(
    site: Site, snapshot: Snapshot, store: Store, options: Options, memo: Memo, *, only_raw: bool = False
) -> Checked[Drawn]:
    """Draw each chart at each width, or recall it.

    *only_raw* where the site has errors already: of charts in Vega-Lite's own words, drawing finds mistakes to report
    with the others; the rest can wait until the site is mended.
    """
    fonts = {name: s for name in FONT_FILES if (s := snapshot.sources.get(SourcePath(FOLDER + name)))}
    versions = tuple((name, source.digest) for name, source in fonts.items())
    code = chart_code()
    refused: dict[str, tuple[Diagnostic, ...]] = {}
    with memo.stage("schemas") as stage:
        for name, (figure, _) in site.figures.items():
            if isinstance(figure.data, RawChart):
                places = digest(repr(figure.data.written))
                found = stage.recall(name, places, check_schema, figure.data.written, store)
                refused |= {name: tuple(found)} if found else {}
    known: dict[tuple[str, str], Pictured] = {}
    missing: dict[tuple[str, str], tuple[tuple[object, ...], Drawing]] = {}
    is_drawn = any(figure.data is not None and name not in refused for name, (figure, _) in site.figures.items())
    with_viewer = is_drawn and SourcePath(FOLDER + SCRIPT) in snapshot.sources
    texts = words_of_pictures(site, memo)
    with memo.stage("drawings") as stage:
        viewer = stage.known("viewer", None) if with_viewer else None
        for name, (figure, _) in site.figures.items():
            if figure.data is None or name in refused:
                continue
            request = site.requests[name]
            for variant in VARIANTS:
                words = texts[name] if variant is VARIANTS[0] else None
                inputs: tuple[object, ...] = (request, words, versions)
                if entry := stage.known((name, variant.name), inputs):
                    known[name, variant.name] = entry.value
                    continue
                if only_raw and not isinstance(figure.data, RawChart):
                    continue
                drawing = Drawing(
                    figure=name,
                    variant=variant.name,
                    request=request_digest(request, variant.name, code),
                    specify=partial(_specify, figure.data, variant),
                    at=figure.at,
                    words=words,
                )
                missing[name, variant.name] = inputs, drawing

        def on_progress(done: int, total: int) -> None:
            options.on_step("Drawing charts", done, total)

        drawn = draw(
            [drawing for _, drawing in missing.values()],
            store,
            {name: source.data for name, source in fonts.items()},
            workers=options.workers,
            with_viewer=with_viewer and viewer is None and not only_raw,
            on_progress=on_progress,
        )
        if drawn.viewer:
            stage.keep("viewer", None, drawn.viewer)
        for place, (inputs, _) in missing.items():
            if place in drawn.pictures:
                image = drawn.images.get(place[0], b"") if place[1] == VARIANTS[0].name else b""
                stage.keep(place, inputs, Pictured(drawn.pictures[place], drawn.specifications[place], image))
    problems = [problem for found in refused.values() for problem in found]
    problems += [
        Diagnostic(
            "chart-failed", f"the {variant} chart '{name}' could not be drawn: {problem}", missing[name, variant][1].at
        )
        for (name, variant), problem in drawn.failures.items()
    ]
    whole = Drawn(
        pictures={**{place: made.svg for place, made in known.items()}, **drawn.pictures},
        specifications={**{place: made.specification for place, made in known.items()}, **drawn.specifications},
        images={**{name: made.image for (name, _), made in known.items() if made.image}, **drawn.images},
        viewer=viewer.value if viewer else drawn.viewer,
        failures=drawn.failures,
        drawn=drawn.drawn,
        remembered=drawn.remembered + len(known),
    )
    return Checked(whole, tuple(problems))


@dataclass(frozen=True, slots=True)
class Pictured:
    """A drawing as it is kept from build to build."""

    svg: str
    specification: str
    image: bytes
    """PNG; empty for all widths but the first."""


def _specify(data: ChartData | RawChart, variant: Variant) -> dict[str, Any]:
    if isinstance(data, RawChart):
        return raw_specification(data, variant)
    from generator.charts.kinds import specification  # Altair takes half a second to import: only when needed

    return specification(data, variant)


@dataclass(frozen=True, slots=True)
class Made:
    """The files of a site, and what each was made from."""

    files: Mapping[OutputPath, bytes]
    inputs: Mapping[OutputPath, Inputs]


def render_site(press: Press, snapshot: Snapshot, options: Options, memo: Memo) -> Checked[Made]:
    """Make every planned file."""
    artifacts = plan(press, snapshot)
    outputs, inputs = [artifact.output for artifact in artifacts], [artifact.inputs for artifact in artifacts]
    with memo.stage("files") as stage:
        entries = stage.entries(
            outputs,
            inputs,
            lambda number: artifacts[number].make(*artifacts[number].arguments),
            on_made=lambda done: options.on_step("Writing pages", done, len(artifacts)),
        )
    made = [entry.value for entry in entries]
    reads = [entry.reads for entry in entries]
    return Checked(
        Made(
            files=dict(zip(outputs, [file.value for file in made], strict=True)),
            inputs=dict(zip(outputs, zip(inputs, reads, strict=True), strict=True)),
        ),
        tuple(chain.from_iterable([file.problems for file in made])),
    )


@lru_cache(maxsize=1)
def chart_code() -> Digest:
    """Return the digest of the code that decides what a chart looks like."""
    folder = files("generator") / "charts"
    sources = sorted((entry.name, entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".py"))
    return digest(*(part for name, data in sources for part in (name, data)), ".".join(map(str, sys.version_info[:2])))
