"""Plan the pages about data that the site makes itself: each dataset, each paper, and their lists."""

from __future__ import annotations

from itertools import groupby

from markupsafe import Markup

from generator.addresses import CHANGES, CHECKS, DATA, FIGURES, SOURCES, dataset_url, source_url
from generator.contexts import (
    CardGroupView,
    CardView,
    ColumnFactsView,
    DatasetContext,
    FactView,
    LinkView,
    ListingContext,
    QuoteView,
    SourceContext,
    SourceEntryView,
)
from generator.datasets import EDITION, Dataset
from generator.diagnostics import Diagnostic
from generator.downloads import published_columns
from generator.editions import view
from generator.figures import dataset_figure
from generator.paths import slugify
from generator.planner import Artifact, Planner, short
from generator.views import Desk
from generator.words import (
    BASES,
    FUNDINGS,
    GEOGRAPHIES,
    PERIOD_TYPES,
    PHASES,
    SIGNS,
    capital,
    date_words,
    long_date,
    place_words,
    size_words,
    unit_words,
)

DATA_LEAD = "Every figure on this site stands in one of these datasets. Each has its source and a file to download."


def dataset_page(planner: Planner, name: str) -> Artifact:
    """Return the page of a dataset."""
    url = dataset_url(name)

    def context(problems: list[Diagnostic]) -> object:
        desk, dataset = planner.desk(url), planner.site.datasets[name]
        files = (
            desk.download_link(dataset.id),
            LinkView("datapackage.json", "datapackage.json", note="description for programs, JSON"),
        )
        used = tuple(desk.page_link(page) for page in planner.site.used_by.get(name, ()))
        columns = []
        for field, noted in published_columns(dataset):
            unit = unit_words(field) or ("see column " + field.unit_from if field.unit_from else "words")
            columns.append(ColumnFactsView(field.name, field.title, unit, field.description))
            if noted:
                text = "Qualifier or shorthand of the value in words, or why there is none."
                columns.append(ColumnFactsView(f"{field.name}_note", f"{field.title}: notes", "words", text))
        return DatasetContext(
            **planner.base(desk, dataset.title, short(dataset.description)),
            banner=planner.site.library.phase(dataset),
            lead=dataset.description,
            facts=dataset_facts(planner, desk, dataset),
            figure=desk.figure(dataset_figure(dataset, planner.site.library)),
            columns=tuple(columns),
            downloads=files,
            used_by=used,
        )

    return planner.artifact(url, "pages/dataset.html", {}, context)


def dataset_facts(planner: Planner, desk: Desk, dataset: Dataset) -> tuple[FactView, ...]:
    """Return what a reader must know of a dataset: its source, its dates and what its figures mean."""
    paper = planner.site.papers.get(dataset.place.paper)
    place = dataset.place
    council = dataset.geography == "council"
    number = len(planner.site.checks.get(dataset.id, ()))
    recomputed = f"{number:,} {'figure' if number == 1 else 'figures'} recomputed" if number else ""
    rows = [
        ("Source", paper.title if paper else place.paper, desk.source_href(dataset.id, place.paper)),
        *_editions(planner, desk, dataset),
        ("Place in the paper", place_words(dataset), ""),
        ("Published", date_words(paper.date) if paper else "", ""),
        ("Stage of the figures", PHASES.get(dataset.phase, ""), ""),
        ("Period", dataset.period, ""),
        ("Kind of period", PERIOD_TYPES.get(dataset.period_type, ""), ""),
        ("Covers to", long_date(dataset.covers_to) if dataset.covers_to else "", ""),
        ("Reported in", dataset.reported_in, ""),
        ("Status", dataset.status, ""),
        ("Area", planner.site.config.council if council else capital(GEOGRAPHIES.get(dataset.geography, "")), ""),
        ("What is measured", BASES.get(dataset.basis, ""), ""),
        ("Funding", FUNDINGS.get(dataset.funding, ""), ""),
        ("Net or gross", dataset.net_or_gross.capitalize(), ""),
        ("Signs", SIGNS.get(dataset.sign, ""), ""),
        ("Compared with the paper", long_date(dataset.checked) if dataset.checked else "", ""),
        ("Checks", recomputed, f"{desk.href(CHECKS)}#{dataset.id}"),
        ("Licence", planner.site.config.licence.title, planner.site.config.licence.url),
    ]
    return tuple(FactView(label, value, href) for label, value, href in rows if value)


def _editions(planner: Planner, desk: Desk, dataset: Dataset) -> list[tuple[str, str, str]]:
    """Return the papers before the newest to which a dataset grew, where it is shown as a whole."""
    if len({dataset.text(row, EDITION) for row in dataset.rows} if dataset.editions else ()) < 2:
        return []
    earlier = [edition.paper for edition in dataset.editions if edition.paper != dataset.place.paper]
    papers = [planner.site.papers[paper] for paper in reversed(earlier) if paper in planner.site.papers]
    return [("Earlier source", paper.title, desk.source_href(dataset.id, paper.id)) for paper in papers]


def source_page(planner: Planner, name: str) -> Artifact:
    """Return the page of a paper with the datasets taken from it."""
    url = source_url(name)

    def context(problems: list[Diagnostic]) -> object:
        desk, paper = planner.desk(url), planner.site.papers[name]
        taken = [view(planner.site.datasets[each], name) for each in planner.site.taken_from.get(name, ())]
        address = FactView("At the council", paper.url, paper.url)
        unknown = FactView("Address", "Not known here. Ask the council for the paper by its title and date.")
        return SourceContext(
            **planner.base(
                desk,
                paper.title,
                short(f"{', '.join(filter(None, (paper.publisher, paper.meeting)))}. {paper.description}"),
            ),
            lead=paper.description,
            facts=(
                FactView("Publisher", paper.publisher),
                *([FactView("Meeting", paper.meeting)] if paper.meeting else []),
                FactView("Date", date_words(paper.date)),
                address if paper.url else unknown,
                *([FactView("File as received", paper.file)] if paper.file else []),
                *([FactView("SHA-256 of the file", paper.sha256)] if paper.sha256 else []),
                FactView("Datasets taken from it", str(len(taken))),
            ),
            entries=tuple(
                SourceEntryView(d.id, d.title, desk.href(dataset_url(d.id)), place_words(d), _first(d.description))
                for d in taken
            ),
            quotes=tuple(
                QuoteView(anchor, place, figures, tuple(desk.page_link(user) for user in users))
                for anchor, place, figures, users in planner.site.quotes.get(name, ())
            ),
        )

    return planner.artifact(url, "pages/source.html", {}, context)


def data_index(planner: Planner) -> Artifact:
    """Return the list of all datasets, by paper."""

    def context(problems: list[Diagnostic]) -> object:
        desk = planner.desk(DATA)
        groups = []
        lists = sorted((d for d in planner.site.datasets.values() if d.is_code_list), key=lambda d: d.title)
        datasets = [d for d in planner.site.datasets.values() if not d.is_code_list]
        datasets.sort(key=lambda d: (list(planner.site.papers).index(d.place.paper)
                      if d.place.paper in planner.site.papers else -1, d.title))  # fmt: skip
        for paper, members in groupby(datasets, key=lambda d: d.place.paper):
            cards = tuple(_dataset_card(planner, desk, dataset) for dataset in members)
            title = planner.site.papers[paper].title if paper in planner.site.papers else paper
            groups.append(CardGroupView(title, slugify(paper), cards))
        if lists:
            cards = tuple(_dataset_card(planner, desk, dataset) for dataset in lists)
            groups.append(CardGroupView("Names and their spellings", "code-lists", cards))
        number = sum(map(len, planner.site.checks.values()))
        body = Markup("<p>{} {} <a href='{}'>{}</a>.</p><p>{} <a href='{}'>{}</a>. {} <a href='{}'>{}</a>.</p>").format(
            f"{len(datasets)} datasets.",
            f"{number:,} printed figures were recomputed; each dataset says what came of it. See",
            desk.href(CHECKS),
            "all checks",
            "Every dataset names the paper it is taken from:",
            desk.href(SOURCES),
            "all sources",
            "Every chart and table has a page of its own:",
            desk.href(FIGURES),
            "all figures",
        )
        if CHANGES in planner.site.places.addresses:
            body += Markup("<p>{} <a href='{}'>{}</a>.</p>").format(
                "What changed after it was published:", desk.href(CHANGES), "all changes"
            )
        text = "Every figure of this site as a dataset: what it says, where it comes from, and a CSV to download."
        return ListingContext(**planner.base(desk, "Data", text), lead=DATA_LEAD, body=body, groups=tuple(groups))

    return planner.artifact(DATA, "pages/listing.html", {}, context)


def _dataset_card(planner: Planner, desk: Desk, dataset: Dataset) -> CardView:
    size = size_words(len(planner.press.downloads[dataset.id]))
    facts = tuple(filter(None, (f"{len(dataset.rows)} rows", f"CSV, {size}", dataset.period)))
    return CardView(dataset.title, desk.href(dataset_url(dataset.id)), _first(dataset.description), facts)


def source_index(planner: Planner) -> Artifact:
    """Return the list of all papers."""

    def context(problems: list[Diagnostic]) -> object:
        desk = planner.desk(SOURCES)
        cards = []
        for paper in planner.site.papers.values():
            taken = planner.site.taken_from.get(paper.id, ())
            facts = tuple(filter(None, (paper.meeting, date_words(paper.date), f"{len(taken)} datasets")))
            cards.append(CardView(paper.title, desk.href(source_url(paper.id)), _first(paper.description), facts))
        text = "The council papers that the figures of this site are taken from, with the datasets taken from each."
        lead = "Every figure on this site is taken from one of these public papers."
        group = (CardGroupView("Papers", "papers", tuple(cards)),)
        return ListingContext(**planner.base(desk, "Sources", text), lead=lead, body=Markup(), groups=group)

    return planner.artifact(SOURCES, "pages/listing.html", {}, context)


def _first(text: str) -> str:
    """Return the first sentence.

    >>> _first("One dog. Two dogs.")
    'One dog.'
    """
    head, dot, _ = text.partition(". ")
    return head + "." if dot else text
