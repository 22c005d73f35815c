"""What templates see: one documented, frozen context for each kind of page, and the views it is made of.

A template gets the fields of exactly one ``*Context``, flattened.  Every text is plain and is escaped by the template;
what is already HTML is `Markup`.  Every ``href`` is ready to be written, relative to its page.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link with its text."""

    text: str
    href: str
    current: bool = False
    """True for the page itself, or in the menu for the section that holds it."""
    note: str = ""
    """A short remark beside the link, e.g. ``CSV, 2 kB``."""


@dataclass(frozen=True, slots=True)
class CardView:
    """A page or dataset in a listing."""

    title: str
    href: str
    summary: str
    facts: tuple[str, ...] = ()
    """Short facts under the summary, e.g. ``12 rows``."""


@dataclass(frozen=True, slots=True)
class CardGroupView:
    """A titled group of cards; the anchor names its heading."""

    title: str
    anchor: str
    cards: tuple[CardView, ...]


@dataclass(frozen=True, slots=True)
class FactView:
    """A label with its value, for description lists; the value may be a link."""

    label: str
    value: str
    href: str = ""

    @property
    def is_short(self) -> bool:
        """Whether it may stand in a line with others; a sentence needs a line of its own."""
        return len(self.value) <= 60


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of a table, ready to be read."""

    text: str
    kind: str = "text"
    """``number``, ``text``, ``missing``, ``rating`` or ``direction``; decides alignment and look."""
    mark: str = ""
    """Shorthand mark shown after a number, e.g. ``p``; explained in the notes of the table."""
    rating: str = ""
    """``red``, ``amber`` or ``green`` for a rating cell; its shape and colour hang on it."""


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column heading; the unit stands in the heading, never in the cells."""

    title: str
    unit: str = ""
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class RowView:
    """A row: its first cell is the row heading; a total row is marked."""

    cells: tuple[CellView, ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class TableView:
    """A data table with one heading row."""

    caption: str
    columns: tuple[ColumnView, ...]
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class PictureView:
    """One drawing of a chart for one width of the column."""

    variant: str
    """``wide`` or ``narrow``; the stylesheet shows one of them."""
    svg: Markup


@dataclass(frozen=True, slots=True)
class NoteView:
    """What came of checks: a sentence; or words, a list of what they are for, and a sentence for all of the list."""

    text: str
    parts: tuple[str, ...] = ()
    end: str = ""


@dataclass(frozen=True, slots=True)
class ExploreView:
    """Where a chart can be explored, on its own page, and what the script of that page needs for it."""

    link: LinkView
    viewer: str
    """The program that draws it, loaded when a reader asks for it."""
    chart: str
    """What it draws, as JSON."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """A chart or a table with everything that belongs to it."""

    id: str
    title: str
    subtitle: str
    summary: tuple[str, ...]
    """Sentences before the table, e.g. how many ratings were recomputed and agree."""
    pictures: tuple[PictureView, ...]
    """Empty for a figure that is a table only: then the table stands open."""
    table: TableView
    notes: tuple[str, ...]
    checks: tuple[NoteView, ...]
    """Sentences on printed figures: what agrees, and each difference with both figures."""
    dataset: LinkView
    source: LinkView
    """The entry of the dataset on the page of the paper it comes from."""
    download: LinkView
    """The CSV with its size."""
    files: tuple[LinkView, ...]
    """Its picture as files, with their kinds; empty for a table."""
    page: LinkView
    """The page of the figure, to link to; without an address where there is none."""
    cite: LinkView
    """How to cite it, on that page."""
    explore: ExploreView | None
    """None for a table, and where the templates have no script for it."""


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record of a long list a resident can read, e.g. a budget proposal."""

    anchor: str
    heading: str
    text: str
    amount: CellView | None
    facts: tuple[FactView, ...]


@dataclass(frozen=True, slots=True)
class RecordGroupView:
    """Records under one heading, with the total of its records where the paper prints one."""

    title: str
    anchor: str
    total: str
    """E.g. ``£80,924.7k, 14 entries``."""
    records: tuple[RecordView, ...]
    groups: tuple[RecordGroupView, ...] = ()
    """Second level of grouping; records then stand in the groups."""


@dataclass(frozen=True, slots=True)
class RecordsView:
    """A grouped list of records made from a dataset."""

    id: str
    title: str
    groups: tuple[RecordGroupView, ...]
    notes: tuple[str, ...]
    dataset: LinkView
    source: LinkView
    download: LinkView


@dataclass(frozen=True, slots=True)
class KeyFigureView:
    """A headline figure: what it is, the value, and what it covers."""

    label: str
    value: Markup
    """A link to the source around the value."""
    note: str


@dataclass(frozen=True, slots=True)
class KeyFiguresView:
    """A fixed row of headline figures."""

    id: str
    figures: tuple[KeyFigureView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseContext:
    """What every page has."""

    language: str
    site_title: str
    site_note: str
    """Who runs the site and where its figures come from; in the header and footer of every page."""
    title: str
    """The ``h1``."""
    head_title: str
    """``<title>``: page, then site."""
    description: str
    canonical: str
    """Absolute address; empty for pages that must not be indexed."""
    root: str
    """Prefix from this page to the root of the site, e.g. ``../../``; ``./`` at the root."""
    stylesheet: str
    icon: str
    fonts: tuple[str, ...]
    """Font files to load early."""
    menu: tuple[LinkView, ...]
    crumbs: tuple[LinkView, ...]
    """From home to the parent of this page; empty at home."""
    footer: tuple[LinkView, ...]
    licence: LinkView
    attribution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext(BaseContext):
    """An authored page: home, section or page."""

    kind: str
    """``home``, ``section`` or ``page``."""
    notice: str
    """Why the page is not published yet, above all else; empty for a page that is."""
    banner: str
    """The phase of the figures, above the heading, e.g. ``Initial draft, November 2023. Not the approved budget.``"""
    lead: str
    """The summary under the heading; empty if there is none."""
    body: Markup
    contents: tuple[LinkView, ...]
    """Links to the second-level headings, if there are three or more."""
    children: tuple[CardView, ...]
    """Pages of the section, or all sections for the home page."""
    checked: str
    """Day on which the page was last checked against its papers, in words; empty if not stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetContext(BaseContext):
    """A dataset: what it is, its figures, its columns, its source, its downloads and where it is used."""

    banner: str
    lead: str
    facts: tuple[FactView, ...]
    figure: FigureView
    columns: tuple[ColumnFactsView, ...]
    downloads: tuple[LinkView, ...]
    used_by: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureContext(BaseContext):
    """A figure at an address of its own: all that its page shows, how to cite it, and what stands behind it."""

    lead: str
    """Measure, place, period and phase."""
    figure: FigureView
    script: str
    """What lets a reader explore the chart; empty for a table.  No other page has a script."""
    facts: tuple[FactView, ...]
    """What a reader must know of its dataset, with the dates."""
    citation: str
    downloads: tuple[LinkView, ...]
    digest: str
    """SHA-256 of the CSV."""
    checks: tuple[NoteView, ...]
    """What came of all checks of the dataset; empty if there are none."""
    all_checks: LinkView
    used_by: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class ColumnFactsView:
    """A column as a reader of the CSV needs to know it."""

    name: str
    title: str
    unit: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingContext(BaseContext):
    """A list of datasets or sources in groups."""

    lead: str
    body: Markup
    groups: tuple[CardGroupView, ...]


@dataclass(frozen=True, slots=True)
class DifferencesView:
    """The figures of a dataset that differ, each with both figures."""

    dataset: LinkView
    notes: tuple[NoteView, ...]


@dataclass(frozen=True, slots=True)
class CheckGroupView:
    """The checks of a dataset."""

    dataset: LinkView
    anchor: str
    table: TableView


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksContext(BaseContext):
    """Every check and its result."""

    lead: str
    results: TableView
    """How many figures ended with each result."""
    differences: tuple[DifferencesView, ...]
    groups: tuple[CheckGroupView, ...]
    without: tuple[LinkView, ...]
    """Datasets that have nothing to check against."""
    download: LinkView


@dataclass(frozen=True, slots=True)
class SourceEntryView:
    """One dataset taken from a paper: the anchor that figures and values link to."""

    anchor: str
    title: str
    href: str
    place: str
    """Item, page and table in the paper."""
    summary: str


@dataclass(frozen=True, slots=True)
class QuoteView:
    """Figures that pages quote from one place of a paper and that are in no dataset."""

    anchor: str
    place: str
    figures: tuple[str, ...]
    pages: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceContext(BaseContext):
    """A council paper with the datasets taken from it and the figures quoted from it."""

    lead: str
    facts: tuple[FactView, ...]
    entries: tuple[SourceEntryView, ...]
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFoundContext(BaseContext):
    """The page that a host serves for an unknown address; its links start with the base path."""

    routes: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectContext(BaseContext):
    """A page at a former address that leads to the new one."""

    target: LinkView


FIGURE_TEMPLATES: dict[str, type] = {
    "partials/figure.html": FigureView,
    "partials/records.html": RecordsView,
    "partials/key-figures.html": KeyFiguresView,
}
"""Partials that are rendered on their own into the body of a page; each gets its view flattened."""

PAGE_TEMPLATES: dict[str, type[BaseContext]] = {
    "pages/home.html": PageContext,
    "pages/section.html": PageContext,
    "pages/page.html": PageContext,
    "pages/dataset.html": DatasetContext,
    "pages/figure.html": FigureContext,
    "pages/listing.html": ListingContext,
    "pages/source.html": SourceContext,
    "pages/checks.html": ChecksContext,
    "pages/404.html": NotFoundContext,
    "pages/redirect.html": RedirectContext,
}
"""The closed set of page templates and what each is given."""
