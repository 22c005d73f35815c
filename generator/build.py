"""Turn a snapshot of the sources into the bytes of a whole site: the chain, stage by stage."""

from __future__ import annotations

import datetime
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from generator.assets import FOLDER, SCRIPT, plan_assets
from generator.changes import PATH as RECORD
from generator.changes import noted, read_changes
from generator.charts.raw_checks import check_schema
from generator.charts.raw_data import RawChart
from generator.charts.raw_drawing import raw_specification
from generator.charts.shape import ChartData
from generator.charts.svg import Drawing, Drawn, draw, request_digest
from generator.charts.theme import FONT_FILES, VARIANTS, Variant
from generator.codes import check_codes
from generator.comparison import Comparison
from generator.config import SiteConfig, read_config, read_papers
from generator.datasets import CODES, PLAN, Dataset
from generator.diagnostics import Checked, Diagnostic, Location, is_error, sort_problems
from generator.digest import Digest, digest
from generator.editions import check_editions, views
from generator.extracts import read_dataset
from generator.figures import Library, picture_words
from generator.intervals import RESULTS
from generator.markdown import Page, parse_page
from generator.memo import Store
from generator.mixing import check_totals_mix
from generator.paths import OutputPath, SourcePath
from generator.plan import plan
from generator.ratings import Rated, rate, rating_checks
from generator.reconcile import Check, check_dataset
from generator.site import Site, assemble, check_site
from generator.sources import Snapshot, check_encoding
from generator.templates import environment
from generator.views import Press
from generator.wording import Shelf


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who builds decides."""

    base_url: str = ""
    """Stands above the address in `site.yaml`; empty for that one."""
    drafts: bool = False
    today: datetime.date = datetime.date.max
    """Day for which the site is built; the clock is never asked."""
    jobs: int = 0
    """Worker processes for drawing; 0 for as many as there are cores."""
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

    @property
    def has_errors(self) -> bool:
        """Whether the site must not be published."""
        return any(map(is_error, self.problems))


def build(snapshot: Snapshot, store: Store, options: Options, problems: tuple[Diagnostic, ...] = ()) -> Build:
    """Build the site; *problems* are those met while reading the sources."""
    config = load_config(snapshot, options)
    library = read_library(snapshot, config.value)
    pages = parse_pages(snapshot)
    site = assemble(config.value, library.value, pages.value, snapshot, drafts=options.drafts)
    checks = check_site(site.value, options.today)
    comparison = Comparison(site.value.datasets).check_pages(pages.value, site.value, snapshot)
    drawn = draw_charts(site.value, snapshot, store, options)
    found = [
        *problems,
        *check_encoding(snapshot),
        *config.problems,
        *library.problems,
        *pages.problems,
        *site.problems,
        *checks,
        *comparison,
        *drawn.problems,
    ]
    counts = {
        "pages": len(site.value.pages),
        "charts drawn": drawn.value.drawn,
        "charts remembered": drawn.value.remembered,
        "datasets": sum(not dataset.is_code_list for dataset in site.value.datasets.values()),
        "checks": sum(map(len, site.value.checks.values())),
    }
    results = Counter(check.result for checks in site.value.checks.values() for check in checks)
    counts |= {words: results[result] for result, words in RESULTS.items()}
    made: Checked[Mapping[OutputPath, bytes]] = Checked({})
    if not any(map(is_error, found)):
        made = render_site(site.value, drawn.value, snapshot, options)
        found += made.problems
    files = {} if any(map(is_error, found)) else made.value
    return Build(MappingProxyType(files), sort_problems(found), config.value.base_path, MappingProxyType(counts))


def load_config(snapshot: Snapshot, options: Options) -> Checked[SiteConfig]:
    """Read `content/site.yaml`."""
    path = "content/site.yaml"
    config = read_config(snapshot.text(path), path, base_url=options.base_url)
    if path not in snapshot.sources:
        missing = Diagnostic("no-config", "there is no site.yaml", Location(path), hint="write content/site.yaml")
        return Checked(config.value, (missing,))
    return config


def read_library(snapshot: Snapshot, config: SiteConfig) -> Checked[Library]:
    """Read papers and datasets, and recompute the printed totals and the published ratings."""
    papers = read_papers(snapshot.text("content/sources.yaml"), "content/sources.yaml")
    problems = list(papers.problems)
    datasets: dict[str, Dataset] = {}
    folder = "content/data/"
    sidecars = [source for source in snapshot.under(folder, ".yaml") if not source.path.endswith(PLAN)]
    for sidecar in sidecars:
        stem = sidecar.path.removesuffix(".yaml")
        name = stem.removeprefix(CODES).removeprefix(folder)
        if name in datasets:
            message, hint = f"there are a dataset and a code list '{name}'", "rename one of them"
            problems.append(Diagnostic("duplicate-id", message, Location(sidecar.path), hint=hint))
        extract = snapshot.sources.get(SourcePath(f"{stem}.csv"))
        text = (sidecar.path, snapshot.text(sidecar.path))
        read = read_dataset(name, text, (extract.path, extract.data) if extract else None)
        problems += read.problems
        if read.value is not None:
            datasets[name] = read.value
            problems += check_totals_mix(read.value)
    problems += check_codes(datasets)
    known = {sidecar.path.removesuffix(".yaml") for sidecar in sidecars}
    for extract in snapshot.under(folder, ".csv"):
        stem = extract.path.removesuffix(".csv")
        if stem not in known:
            hint = f"describe it in {stem}.yaml"
            problems.append(Diagnostic("no-sidecar", "this extract has no sidecar", Location(extract.path), hint=hint))
    record = snapshot.sources.get(SourcePath(RECORD))
    changes = read_changes(record.data if record else None, datasets)
    problems += changes.problems
    checks: dict[str, tuple[Check, ...]] = {}
    ratings: dict[str, tuple[Rated, ...]] = {}
    comparison = Comparison(datasets)
    problems += comparison.check_papers(papers.value.values(), snapshot.text("content/sources.yaml"))
    shelf = Shelf(MappingProxyType(dict(datasets)), papers.value)
    for name, dataset in shelf.datasets.items():
        sidecar_text = snapshot.text(dataset.sidecar_path)
        problems += comparison.check_dataset(dataset, sidecar_text)
        datasets[name] = noted(shelf.fill_dataset(dataset, sidecar_text, problems), changes.value)
    for name, dataset in datasets.items():
        problems += check_editions(dataset, list(papers.value))
        for edition, others in views(dataset, datasets):
            checked, rated = check_dataset(edition, others), rate(edition, others, datasets)
            checks[name] = (*checks.get(name, ()), *checked.value, *rating_checks(edition, rated.value))
            ratings[name] = (*ratings.get(name, ()), *rated.value)
            problems += [*checked.problems, *rated.problems]
    library = Library(
        MappingProxyType(datasets), MappingProxyType(checks), MappingProxyType(ratings), papers.value, config.council,
        changes=changes.value if record else None,
    )  # fmt: skip
    return Checked(library, tuple(problems))


def parse_pages(snapshot: Snapshot) -> Checked[tuple[Page, ...]]:
    """Parse every page below ``content/``."""
    parsed = [parse_page(source.path, snapshot.text(source.path)) for source in snapshot.under("content/", ".md")]
    return Checked(tuple(page.value for page in parsed), tuple(p for page in parsed for p in page.problems))


def draw_charts(site: Site, snapshot: Snapshot, store: Store, options: Options) -> Checked[Drawn]:
    """Draw each chart at each width, or recall it."""
    fonts = {name: s.data for name in FONT_FILES if (s := snapshot.sources.get(SourcePath(FOLDER + name)))}
    code = chart_code()
    raw = {name: figure.data for name, (figure, _) in site.figures.items() if isinstance(figure.data, RawChart)}
    refused = {name: found for name, chart in raw.items() if (found := check_schema(chart.written, store))}
    drawings = [
        Drawing(
            figure=name,
            variant=variant.name,
            request=request_digest(repr(figure.data), variant.name, code),
            specify=partial(_specify, figure.data, variant),
            at=figure.at,
            words=picture_words(figure, site.library) if variant is VARIANTS[0] else None,
        )
        for name, (figure, _) in site.figures.items()
        if figure.data is not None and name not in refused
        for variant in VARIANTS
    ]

    def on_progress(done: int, total: int) -> None:
        options.on_step("Drawing charts", done, total)

    with_viewer = bool(drawings) and SourcePath(FOLDER + SCRIPT) in snapshot.sources
    drawn = draw(drawings, store, fonts, jobs=options.jobs, with_viewer=with_viewer, on_progress=on_progress)
    places = {(drawing.figure, drawing.variant): drawing.at for drawing in drawings}
    problems = [problem for found in refused.values() for problem in found]
    problems += [
        Diagnostic("chart-failed", f"the {variant} chart '{name}' could not be drawn: {problem}", places[name, variant])
        for (name, variant), problem in drawn.failures.items()
    ]
    return Checked(drawn, tuple(problems))


def _specify(data: ChartData | RawChart, variant: Variant) -> dict[str, Any]:
    if isinstance(data, RawChart):
        return raw_specification(data, variant)
    from generator.charts.kinds import specification  # Altair takes half a second to import: only when needed

    return specification(data, variant)


def render_site(site: Site, drawn: Drawn, snapshot: Snapshot, options: Options) -> Checked[Mapping[OutputPath, bytes]]:
    """Make every planned file."""
    press = Press(site, drawn, plan_assets(snapshot, drawn.viewer), environment(snapshot))
    artifacts = plan(press, snapshot)
    made: dict[OutputPath, bytes] = {}
    problems: list[Diagnostic] = []
    for done, artifact in enumerate(artifacts, 1):
        result = artifact.make()
        made[artifact.output] = result.value
        problems += result.problems
        options.on_step("Writing pages", done, len(artifacts))
    return Checked(made, tuple(problems))


@lru_cache(maxsize=1)
def chart_code() -> Digest:
    """Return the digest of the code that decides what a chart looks like."""
    folder = files("generator") / "charts"
    sources = sorted((entry.name, entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".py"))
    return digest(*(part for name, data in sources for part in (name, data)), ".".join(map(str, sys.version_info[:2])))
