"""What an author writes in a ``chart``, ``table`` or ``ratings`` block, checked; knows nothing of datasets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.claims import read_where
from generator.diagnostics import Diagnostic, Location
from generator.markdown import BlockPart
from generator.paths import SLUG
from generator.positioned import Reader, Text

KINDS = (
    "bar", "line", "waterfall", "dumbbell", "slope", "lollipop", "bullet", "ratings", "diverging", "proportion",
    "tiles", "multiples",
    "timeline", "votes",
    "card", "scorecard",
    "area", "dots",
)  # fmt: skip
RATED = ("card", "scorecard")
"""Kinds that show rated indicators in words, and so have no side of numbers."""


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """What charts and tables have in common."""

    id: Text
    data: Text
    title: str
    subtitle: str
    """Empty for one made from the dataset: measure, place, period, phase."""
    where: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A chart as the author wrote it."""

    common: FigureSpec
    kind: str
    x: tuple[Text, ...]
    y: tuple[Text, ...]
    series: Text | None
    """Column whose values split the measure into series."""
    sum_by: bool
    """Whether rows with the same category are added; without it two such rows are an error."""
    stack: str
    """``true`` to set parts one after another, ``share`` to draw each whole equally long; else empty."""
    sort: str
    """``value`` or ``printed``; empty for the natural one."""
    limits: tuple[tuple[str, Text], ...]
    """Columns that hold a limit drawn across a line chart, each with its role: target, floor, lower or upper."""
    end: str
    """Label of the last bar of a waterfall, which is the sum of all steps."""
    alt: str
    """``auto``, or the author's own text alternative."""
    alt_at: Location
    rating: Text | None = None
    """For the kinds of `RATED`: the column of published ratings; a rating rule says where their results stand."""
    direction: Text | None = None
    """Column that says in words whether performance improves."""
    covers_to: Text | None = None
    """Column with the last day of the data of each rating."""
    period: Text | None = None
    """For cards: the column with the period of each result, where the result stands."""

    @property
    def columns(self) -> tuple[Text, ...]:
        """All columns that are named, but for the period, which may stand in another dataset."""
        singles = (self.series, self.rating, self.direction, self.covers_to)
        return (*self.x, *self.y, *filter(None, singles), *(name for _, name in self.limits))


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table as the author wrote it."""

    common: FigureSpec
    columns: tuple[Text, ...]
    """Columns to show; empty for all published ones."""
    rows: Text | None
    """With ``pivot`` and ``values``: the dimension down the side."""
    pivot: Text | None
    values: Text | None
    has_totals: bool


@dataclass(frozen=True, slots=True)
class RatingsSpec:
    """A ``ratings`` block as the author wrote it."""

    common: FigureSpec
    rating: Text
    """Id of the rating rule in the sidecar."""
    columns: tuple[Text, ...]
    """Columns shown after the name, e.g. the period of each result."""


def read_common(reader: Reader, at: Location) -> FigureSpec:
    """Read the keys that charts, tables and records share."""
    found = reader.texts("id", required=True)
    name = found[0] if found else Text("", at)
    if name.value and not SLUG.fullmatch(name.value):
        hint = "use a-z, 0-9 and single hyphens, e.g. 'haf-places-by-holiday'"
        reader.problem("bad-name", f"'{name.value}' cannot stand in an address", name.at, hint)
    data = reader.texts("data", required=True)
    return FigureSpec(
        id=name,
        data=data[0] if data else Text("", at),
        title=reader.text("title", required=True),
        subtitle=reader.text("subtitle"),
        where=read_where(reader.reader("where", "the filter")),
        notes=tuple(note.value for note in reader.texts("notes")),
        at=at,
    )


def read_alt(reader: Reader, at: Location) -> tuple[str, Location]:
    """Read the text alternative of a chart at *at*, which nobody may forget, with its place."""
    if not reader.has("alt"):
        hint = "add 'alt: auto' for one made from the data, or write it yourself"
        reader.problem("missing-alt", "the chart has no text alternative", at, hint)
    alt = reader.text("alt", default="auto")
    if reader.has("alt") and not reader.text("alt"):
        hint = "write 'alt: auto' for one made from the data, or write it yourself"
        reader.problem("missing-alt", "the text alternative is empty", reader.at("alt"), hint)
    return alt, reader.at("alt")


def _one(reader: Reader, key: str, *, required: bool = False) -> Text | None:
    found = reader.texts(key, required=required)
    return found[0] if found else None


def _limits(reader: Reader) -> tuple[tuple[str, Text], ...]:
    band = reader.texts("band")
    if band and len(band) != 2:
        hint = "name two columns: band: [lower, upper]"
        reader.problem("wrong-type", "a band has a lower and an upper end", reader.at("band"), hint)
    lines = ((name, _one(reader, name)) for name in ("target", "floor"))
    return (
        *((name, text) for name, text in lines if text),
        *(zip(("lower", "upper"), band, strict=True) if len(band) == 2 else ()),
    )


def read_chart(block: BlockPart, problems: list[Diagnostic]) -> ChartSpec:
    """Read a ``chart`` block."""
    reader = Reader(block.table, "the chart", problems)
    common = read_common(reader, block.at)
    kind = reader.choice("kind", KINDS, required=True)
    alt, alt_at = read_alt(reader, block.at)
    if kind in RATED:
        spec = _read_rated(reader, common, kind, alt)
        reader.close()
        return spec
    spec = ChartSpec(
        common=common,
        kind=kind,
        x=reader.texts("x", required=True),
        y=reader.texts("y", required=True),
        series=_one(reader, "series"),
        sum_by=reader.flag("sum"),
        stack=reader.choice("stack", ("true", "false", "share")).replace("false", ""),
        sort=reader.choice("sort", ("value", "printed")),
        limits=_limits(reader),
        end=reader.text("end"),
        alt=alt,
        alt_at=alt_at,
    )
    reader.close()
    return spec


def _read_rated(reader: Reader, common: FigureSpec, kind: str, alt: str) -> ChartSpec:
    """Read what only cards and scorecards have; nothing is added up, sorted or measured in them."""
    is_card = kind == "card"
    return ChartSpec(
        common=common,
        kind=kind,
        x=(),
        y=reader.texts("y", required=True),
        series=None if is_card else _one(reader, "series"),
        sum_by=False,
        stack="",
        sort="printed",
        limits=(),
        end="",
        alt=alt,
        alt_at=reader.at("alt"),
        rating=_one(reader, "rating", required=True),
        direction=_one(reader, "direction"),
        covers_to=_one(reader, "covers_to"),
        period=_one(reader, "period", required=True) if is_card else None,
    )


def read_table(block: BlockPart, problems: list[Diagnostic]) -> TableSpec:
    """Read a ``table`` block."""
    reader = Reader(block.table, "the table", problems)
    common = read_common(reader, block.at)
    spec = TableSpec(
        common=common,
        columns=reader.texts("columns"),
        rows=_one(reader, "rows", required=reader.has("pivot")),
        pivot=_one(reader, "pivot", required=reader.has("rows")),
        values=_one(reader, "values", required=reader.has("pivot")),
        has_totals=reader.flag("totals", default=True),
    )
    if spec.columns and spec.pivot:
        hint = "keep 'rows', 'pivot' and 'values', or 'columns'"
        reader.problem("wrong-type", "a pivoted table has no 'columns'", reader.at("columns"), hint)
    reader.close()
    return spec


def read_ratings(block: BlockPart, problems: list[Diagnostic]) -> RatingsSpec:
    """Read a ``ratings`` block."""
    reader = Reader(block.table, "the ratings block", problems)
    spec = RatingsSpec(
        common=read_common(reader, block.at),
        rating=_one(reader, "rating", required=True) or Text("", block.at),
        columns=reader.texts("columns"),
    )
    reader.close()
    return spec
