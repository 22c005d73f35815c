"""Resolve the blocks and values of pages against the datasets: what stands on a page, before any address is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from generator.addresses import CHANGES, INDEXES
from generator.changes import Change
from generator.charts.describe import describe, picture_notes
from generator.charts.indicators import arrange
from generator.charts.milestones import milestones
from generator.charts.poster import Words
from generator.charts.raw import is_raw, read_raw
from generator.charts.raw_data import RawChart, bind_raw
from generator.charts.raw_drawing import crowded
from generator.charts.shape import ChartData, phase_line, select, shape
from generator.charts.spec import RATED, FigureSpec, TableSpec, read_chart, read_ratings, read_table
from generator.config import Paper
from generator.contexts import NoteView, RecordGroupView, TableView
from generator.datasets import EDITION, Dataset, Field
from generator.diagnostics import Diagnostic, Location, hint_for
from generator.editions import beside, chosen, view
from generator.limits import others
from generator.markdown import BlockPart
from generator.paths import UrlPath
from generator.positioned import Reader, Text
from generator.ratings import Rated, counts
from generator.reconcile import Check, sentences
from generator.records import read_records, record_groups, record_notes
from generator.roles import parse_value
from generator.tables import block_table, chart_table, indicators_table, ratings_table, table_notes, whole_table
from generator.values import BoundValue
from generator.wording import Shelf
from generator.words import date_words, month, place_words, subtitle


@dataclass(frozen=True, slots=True)
class Library:
    """What blocks may name: datasets with their checks, and papers."""

    datasets: Mapping[str, Dataset]
    checks: Mapping[str, tuple[Check, ...]]
    ratings: Mapping[str, tuple[Rated, ...]]
    papers: Mapping[str, Paper]
    council: str
    edition: str = ""
    """The paper whose edition of a dataset is meant; empty for the newest."""
    changes: tuple[Change, ...] | None = None
    """The record of changed figures; `None` if the project keeps none."""

    def phase(self, dataset: Dataset, columns: Sequence[Field] = ()) -> str:
        """Return the words on the phase of the figures in *columns* (all if empty), with the month of their paper.

        Columns of one table may be at different stages: last year's approved charge beside this year's draft.
        """
        paper = self.papers.get(dataset.place.paper)
        if paper is None:
            return ""
        titles: dict[str, list[str]] = {}
        for field in columns or dataset.measures:
            titles.setdefault(field.phase or dataset.phase, []).append(field.title)
        if len(titles) < 2:
            return phase_line(next(iter(titles), dataset.phase), month(paper.date))
        found = [(names, phase_line(phase, month(paper.date))) for phase, names in titles.items()]
        return " ".join(f"{', '.join(names)}: {line[:1].lower()}{line[1:]}" for names, line in found if line)

    def source(self, dataset: Dataset) -> str:
        """Say in one line where a dataset is taken from, for a citation or a picture that leaves the site."""
        paper = self.papers.get(dataset.place.paper)
        parts = (paper.publisher, paper.title, date_words(paper.date), place_words(dataset)) if paper else ()
        return ", ".join(filter(None, parts))

    @property
    def indexes(self) -> tuple[UrlPath, ...]:
        """The lists that the site makes itself unless an author writes them."""
        return INDEXES if self.changes is None else (*INDEXES, CHANGES)

    @property
    def shelf(self) -> Shelf:
        """What roles may name."""
        return Shelf(self.datasets, self.papers, self.edition)

    def find(self, common: FigureSpec, problems: list[Diagnostic]) -> Dataset | None:
        """Return the dataset that a block names, or note that there is none.

        Of one with editions it is the edition of this page, unless the block chooses them in its filter.
        """
        name = common.data
        found = self.datasets.get(name.value)
        if found is None and name.value:
            message = f"there is no dataset '{name.value}'"
            hint = hint_for(name.value, list(self.datasets), "datasets")
            problems.append(Diagnostic("unknown-dataset", message, name.at, hint=hint))
        return chosen(found, common.where.get(EDITION, ()), self.edition) if found else None


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart (with ``data``) or a table."""

    id: str
    dataset: str
    title: str
    subtitle: str
    table: TableView
    data: ChartData | RawChart | None
    alt: str
    notes: tuple[str, ...]
    checks: tuple[NoteView, ...]
    at: Location
    summary: tuple[str, ...] = ()
    """Sentences between the heading and the table, e.g. the counts of recomputed ratings."""
    others: tuple[str, ...] = ()
    """Further datasets that the figure rests on."""
    paper: str = ""
    """The paper that its figures are from."""


@dataclass(frozen=True, slots=True)
class Records:
    """A grouped list of the records of a dataset."""

    id: str
    dataset: str
    title: str
    groups: tuple[RecordGroupView, ...]
    notes: tuple[str, ...]
    at: Location
    paper: str = ""
    """The paper that they are from."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One headline figure."""

    label: str
    value: BoundValue
    note: str


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """A fixed row of headline figures."""

    id: str
    figures: tuple[KeyFigure, ...]
    at: Location


Resolved = Figure | Records | KeyFigures


def picture_words(figure: Figure, library: Library) -> Words:
    """Return what is written around a chart when its picture leaves the site."""
    source = library.source(view(library.datasets[figure.dataset], figure.paper))
    phase = figure.data.phase_line if figure.data else ""
    subtitle = figure.subtitle.removesuffix(phase).rstrip()  # the drawing says it
    return Words(figure.title, subtitle, figure.notes, f"Source: {source}." if source else "", figure.alt)


def resolve_block(block: BlockPart, library: Library, problems: list[Diagnostic]) -> Resolved | None:
    """Return what a block stands for; `None` with reasons in *problems* if it cannot be made."""
    makers = {"chart": _chart, "table": _table, "ratings": _ratings, "records": _records, "figures": _key_figures}
    return makers[block.kind](replace(block, table=library.shelf.fill_block(block.table, problems)), library, problems)


def _chart(block: BlockPart, library: Library, problems: list[Diagnostic]) -> Figure | None:
    if is_raw(block):
        return _raw(block, library, problems)
    spec = read_chart(block, problems)
    dataset = library.find(spec.common, problems)
    if dataset is None or not spec.kind:
        return None
    if spec.kind == "timeline":
        data = milestones(spec, dataset, library.phase(dataset), problems)
    else:
        make = arrange if spec.kind in RATED else shape
        data = make(
            spec, dataset, beside(dataset, library.datasets), lambda fields: library.phase(dataset, fields), problems
        )
    if data is None:
        return None
    alt = describe(data) if spec.alt == "auto" else spec.alt
    _check_alt(alt, spec.common.title, spec.alt_at, problems)
    table = indicators_table(data, "Indicators as a table") if data.indicators else chart_table(data)
    measures = ", ".join(filter(None, (data.measure_title, data.unit_words)))
    notes = []
    if spec.sum_by:
        notes.append("Sums of several rows are computed by this site.")
    elif spec.end:
        notes.append("The last bar is computed by this site.")
    notes += picture_notes(data)
    columns = {name.value for name in (*spec.x, *spec.y, *filter(None, (spec.rating,)))}
    made = _figure(spec.common, dataset, library, table, data, alt, measures, tuple(notes), columns)
    return replace(made, others=others(dataset)) if spec.kind == "card" else made


def _raw(block: BlockPart, library: Library, problems: list[Diagnostic]) -> Figure | None:
    spec = read_raw(block, problems)
    dataset = library.find(spec.common, problems) if spec else None
    if spec is None or dataset is None:
        return None
    bound = bind_raw(spec, dataset, lambda fields: library.phase(dataset, fields), problems)
    if bound is None:
        return None
    _check_alt(bound.alt, spec.common.title, spec.alt_at, problems)
    if name := crowded(bound.chart):
        message = f"there is no room for '{name}' below the plot on a phone"
        problems.append(Diagnostic("unfit-chart", message, block.at, hint="put the names on 'y'"))
        return None
    columns = tuple(Text(name, block.at) for name in bound.columns)
    table = block_table(TableSpec(spec.common, columns, None, None, None, has_totals=False), dataset, problems)
    if table is None:
        return None
    table = replace(table, caption="Figures as a table")  # the title is read above it
    measures = ", ".join(dict.fromkeys(bound.chart.titles.values()))
    used = {field.name for field in bound.measures}
    return _figure(spec.common, dataset, library, table, bound.chart, bound.alt, measures, bound.notes, used)


def _check_alt(alt: str, title: str, at: Location, problems: list[Diagnostic]) -> None:
    """Note a text alternative that says the title again."""
    if alt.strip().casefold() == title.strip().casefold():
        hint = "say what the picture shows, or write 'alt: auto'"
        problems.append(Diagnostic("alt-is-title", "the text alternative repeats the title", at, hint=hint))


def _table(block: BlockPart, library: Library, problems: list[Diagnostic]) -> Figure | None:
    spec = read_table(block, problems)
    dataset = library.find(spec.common, problems)
    table = block_table(spec, dataset, problems) if dataset else None
    if dataset is None or table is None:
        return None
    columns = {name.value for name in spec.columns} | ({spec.values.value} if spec.values else set())
    shown = [field for field in dataset.measures if not columns or field.name in columns]
    measures = ", ".join(dict.fromkeys(f.title for f in shown[:1])) if len(shown) == 1 else ""
    return _figure(spec.common, dataset, library, table, None, "", measures, (), columns)


def _ratings(block: BlockPart, library: Library, problems: list[Diagnostic]) -> Figure | None:
    """Make the table of published and recomputed ratings, below a count of each outcome."""
    spec = read_ratings(block, problems)
    dataset = library.find(spec.common, problems)
    if dataset is None:
        return None
    ids = [rule.id for rule in dataset.ratings]
    if spec.rating.value not in ids:
        message = f"{dataset.sidecar_path} has no rating '{spec.rating.value}'"
        hint = hint_for(spec.rating.value, ids, "ratings")
        problems.append(Diagnostic("unknown-rating", message, spec.rating.at, hint=hint))
        return None
    lines = {row.line for row in select(dataset, spec.common.where, spec.common.at, problems)}
    rated = [r for r in library.ratings.get(dataset.id, ()) if r.rule == spec.rating.value and r.line in lines]
    table = ratings_table(spec, dataset, rated, problems)
    if table is None:
        return None
    made = _figure(spec.common, dataset, library, table, None, "", "", (), {name.value for name in spec.columns})
    return replace(made, summary=counts(rated), checks=(), others=others(dataset))


def _figure(
    common: FigureSpec,
    dataset: Dataset,
    library: Library,
    table: TableView,
    data: ChartData | RawChart | None,
    alt: str,
    measures: str,
    notes: tuple[str, ...],
    columns: set[str],
) -> Figure:
    phase = library.phase(dataset, [f for f in dataset.measures if f.name in columns])
    text = f"{common.subtitle} {phase}".strip() if common.subtitle else ""
    lines = {row.line for row in select(dataset, common.where, common.at, [])}
    found = library.checks.get(dataset.id, ())
    checks = [check for check in found if (not columns or check.column in columns) and check.lines <= lines]
    return Figure(
        id=common.id.value,
        dataset=dataset.id,
        title=common.title,
        subtitle=text or subtitle(dataset, measures, phase, library.council),
        table=table,
        data=data,
        alt=alt,
        notes=(*common.notes, *notes, *table_notes(table)),
        checks=sentences(checks),
        at=common.id.at,
        paper=dataset.place.paper,
    )


def dataset_figure(dataset: Dataset, library: Library) -> Figure:
    """Return the table of a dataset's own page."""
    table = whole_table(dataset)
    return Figure(
        id="figures",
        dataset=dataset.id,
        title=dataset.title,
        subtitle=subtitle(dataset, "", library.phase(dataset), library.council),
        table=table,
        data=None,
        alt="",
        notes=(*dataset.notes, *table_notes(table)),
        checks=sentences(library.checks.get(dataset.id, ())),
        at=Location(dataset.sidecar_path),
        paper=dataset.place.paper,
    )


def _records(block: BlockPart, library: Library, problems: list[Diagnostic]) -> Records | None:
    spec = read_records(block, problems)
    dataset = library.find(spec.common, problems)
    groups = record_groups(spec, dataset, problems) if dataset else None
    if dataset is None or groups is None:
        return None
    common = spec.common
    notes = (*common.notes, *record_notes(groups))
    return Records(common.id.value, dataset.id, common.title, groups, notes, common.id.at, dataset.place.paper)


def _key_figures(block: BlockPart, library: Library, problems: list[Diagnostic]) -> KeyFigures | None:
    start = len(problems)
    reader = Reader(block.table, "the figures block", problems)
    found = []
    name = next(iter(reader.texts("id", required=True)), Text("", block.at))
    for entry in reader.readers("figures", "the figure", required=True):
        written = entry.text("value", required=True)
        part = parse_value(written, entry.at("value")) if written else None
        if isinstance(part, Diagnostic):
            problems.append(part)
        elif part is not None and (value := library.shelf.bind(part, problems)):
            label, note = entry.text("label", required=True), entry.text("note", required=True)
            found.append(KeyFigure(label, value, note))
        else:
            entry.text("label")
            entry.text("note")
        entry.close()
    reader.close()
    return None if len(problems) > start else KeyFigures(name.value, tuple(found), name.at)
