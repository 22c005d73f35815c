"""Write the first form of a page or a named chart, which passes every check and which an editor then puts into words.

A chart is drafted from its dataset: the kinds, categories and measures that fit are tried in order, and the first that
the program itself would draw is taken.  What no kind shows is refused with the reason; nothing is made up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from generator.charts.shape import TIMES
from generator.charts.spec import RATED
from generator.datasets import Dataset, Field, Row, missing_mark
from generator.diagnostics import Checked, Diagnostic, Location
from generator.figures import Library, resolve_block
from generator.frontmatter import DESCRIPTION_LENGTH
from generator.markdown import BlockPart, Page
from generator.named_charts import CHARTS, read_named_charts
from generator.positioned import Text, yaml_text
from generator.sources import snapshot_of
from generator.words import lower_first

SIDES = {"dumbbell": 2, "slope": 2, "diverging": 2, "bullet": 3, "multiples": 3, "votes": 3, "ratings": 3}
"""How many columns of numbers a kind needs; all others need one."""
JOINED = ("line", "area")
MANY = 3
"""Times from which a line shows more than bars."""
TRIED = 400
"""Drafts that are tried at most."""
ABOUT = "say in one or two sentences what this page shows"


def page_text(title: str) -> str:
    r"""Return a page called *title* that is kept back until its editor has written it.

    >>> print(page_text("Reserves").partition("\n---\n\n")[0])
    ---
    title: Reserves
    description: "Reserves: say in one or two sentences what this page shows"
    draft: true
    """
    description = f"{title}: {ABOUT}"
    if len(description) > DESCRIPTION_LENGTH[1]:
        description = f"A page of figures from the council's public papers: {ABOUT}"
    elif len(description) < DESCRIPTION_LENGTH[0]:
        description += " and from which paper"
    head = f"---\ntitle: {yaml_text(title)}\ndescription: {yaml_text(description)}\ndraft: true\n---\n\n"
    return head + "## First heading\n\nBegin with what a resident wants to know, in short sentences.\n"


@dataclass(frozen=True, slots=True)
class ChartDraft:
    """A named chart before its editor has worded it."""

    data: str
    kind: str
    category: str
    """The column of names or times."""
    keys: tuple[tuple[str, tuple[str, ...]], ...]
    """Keys that name columns, in the order of writing."""
    where: tuple[tuple[str, str], ...]
    title: str

    @property
    def columns(self) -> str:
        """What is shown, in words for the editor."""
        return ", ".join(f"{key} is {' and '.join(names)}" for key, names in self.keys)

    @property
    def text(self) -> str:
        """The file."""
        lines = [
            "# Begun by 'transparency new chart'.  Reword the title: say in one sentence what the chart shows.",
            f"data: {self.data}",
            f"kind: {self.kind}",
            *(f"{key}: {_listed(names)}" for key, names in self.keys),
        ]
        if self.where:
            lines.append(f"where: {{{', '.join(f'{name}: {yaml_text(value)}' for name, value in self.where)}}}")
        return "\n".join([*lines, f"title: {yaml_text(self.title)}", "alt: auto"]) + "\n"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def draft_chart(name: str, dataset: Dataset, library: Library, kind: str = "") -> Checked[ChartDraft | None]:
    """Draft the chart *name* of *dataset*, of any fitting kind if none is given.

    The value is `None` where nothing fits; the problems are then those of the draft that was tried first.
    """
    first: tuple[Diagnostic, ...] = ()
    for draft in islice(_drafts(dataset, kind), TRIED):
        problems = _problems(name, draft, library)
        if not problems:
            return Checked(draft)
        first = first or problems
    hint = "show it as a table, or choose another dataset"
    message = f"the columns of '{dataset.id}' make no {kind or 'chart'}"
    return Checked(None, first or (Diagnostic("unfit-chart", message, Location(dataset.sidecar_path), hint=hint),))


def ids_of(pages: Iterable[Page], named: Mapping[str, BlockPart]) -> set[str]:
    """Return what the figures of *pages* and the named charts are called."""
    blocks = [part for page in pages for part in page.parts if isinstance(part, BlockPart)]
    nodes = [entry.node for block in blocks if (entry := block.table.entries.get("id"))]
    return {*named, *(node.value for node in nodes if isinstance(node, Text))}


def _problems(name: str, draft: ChartDraft, library: Library) -> tuple[Diagnostic, ...]:
    read = read_named_charts(snapshot_of({f"{CHARTS}{name}.yaml": draft.text}))
    problems = list(read.problems)
    resolve_block(read.value[name], library, problems)
    return tuple(problems)


def _drafts(dataset: Dataset, kind: str) -> Iterator[ChartDraft]:
    """Yield what may fit, the likeliest first."""
    words = [f for f in dataset.fields if f.is_published and not f.is_number and f.unit != "text"]
    words.sort(key=lambda f: f.unit in ("rating", "direction"))
    times = [f for f in words if f.unit in TIMES]
    names = [f for f in words if f.unit not in TIMES]
    if kind == "timeline":
        events = [f for f in dataset.fields if f.is_published and not f.is_number and f.unit not in TIMES]
        for time in (f for f in times if f.unit == "date"):
            for event in events:
                title = f"{event.title} by {lower_first(time.title)}"
                yield ChartDraft(dataset.id, kind, event.name, (("x", (time.name,)), ("y", (event.name,))), (), title)
    elif kind in RATED:
        yield from _rated(dataset, kind, words)
    elif kind:
        for category in [*times, *names] if kind in JOINED else [*names, *times]:
            yield from _of_numbers(dataset, kind, category, words)
    else:
        for time in times:
            if len(_values(dataset, dataset.rows, time)) >= MANY:
                yield from _of_numbers(dataset, "line", time, words)
        for category in [*names, *times]:
            yield from _of_numbers(dataset, "bar", category, words)
        for other in ("timeline", "scorecard"):
            yield from _drafts(dataset, other)


def _rated(dataset: Dataset, kind: str, words: Sequence[Field]) -> Iterator[ChartDraft]:
    for rating in (f for f in words if f.unit == "rating"):
        for name in (f for f in words if f.unit not in ("rating", "direction")):
            title = f"{rating.title} by {lower_first(name.title)}"
            keys = (("y", (name.name,)), ("rating", (rating.name,)))
            for period in [f for f in words if f not in (rating, name)] if kind == "card" else [None]:
                more = (("period", (period.name,)),) if period else ()
                yield ChartDraft(dataset.id, kind, name.name, (*keys, *more), (), title)


def _of_numbers(dataset: Dataset, kind: str, category: Field, words: Sequence[Field]) -> Iterator[ChartDraft]:
    """Yield the drafts of one category: columns side by side, or one column with its values split by another."""
    count = SIDES.get(kind, 1)
    numbers = [f for f in dataset.fields if f.is_published and f.is_number]
    splits = [f for f in words if f is not category and 2 <= len(_values(dataset, dataset.rows, f)) <= 4]
    stands = kind in JOINED or (kind == "bar" and category.unit in TIMES)
    alone: list[tuple[tuple[Field, ...], Field | None]] = [(pair, None) for pair in combinations(numbers, count)]
    split_up: list[tuple[tuple[Field, ...], Field | None]] = [((n,), split) for n in numbers for split in splits]
    wanted = [*split_up, *alone] if kind in JOINED else [*alone, *(split_up if count > 1 else ())]
    for measures, split in wanted:
        kept = [category, *([split] if split else [])]
        said = {name for f in measures for name in (f.unit_from, f.of_from, f.basis_from) if name}
        where, rows = _filter(dataset, kept, said)
        if count == 1 and any(len(_values(dataset, rows, column)) < 2 for column in kept):
            continue
        sides = (category.name,), tuple(measure.name for measure in measures)
        keys = [("x", sides[0]), ("y", sides[1])] if stands else [("y", sides[0]), ("x", sides[1])]
        keys += [("series", (split.name,))] if split else []
        first, *others = [measure.title for measure in measures]
        shown = " and ".join([first, *map(lower_first, others)])
        chosen = (value for name, value in where if name not in said)
        title = ", ".join([f"{shown} by {lower_first(category.title)}", *chosen])
        yield ChartDraft(dataset.id, kind, category.name, tuple(keys), where, title)


def _filter(
    dataset: Dataset, kept: Sequence[Field], said: set[str]
) -> tuple[tuple[tuple[str, str], ...], Sequence[Row]]:
    """Choose rows until each place of the chart has one, so that most places stay: the latest time, or the first value.

    Columns in *said*, which say what a number is, must have one value whether or not rows share a place.
    """
    rows: Sequence[Row] = dataset.rows
    found: list[tuple[str, str]] = []

    def places(chosen: Sequence[Row]) -> list[tuple[str, ...]]:
        return [tuple(dataset.text(row, column.name) for column in kept) for row in chosen]

    others = [f for f in dataset.fields if f.is_published and not f.is_number and f not in kept]
    for other in sorted(others, key=lambda f: f.name not in said):
        values = list(_values(dataset, rows, other))
        if len(values) < 2 or (other.name not in said and len(set(places(rows))) == len(rows)):
            continue
        fitting = {value: [row for row in rows if dataset.text(row, other.name) == value] for value in values}
        ordered = sorted(values, reverse=True) if other.unit in TIMES else values
        value = max(ordered, key=lambda value: len(set(places(fitting[value]))))
        found.append((other.name, value))
        rows = fitting[value]
    return tuple(found), rows


def _values(dataset: Dataset, rows: Sequence[Row], column: Field) -> Counter[str]:
    """Count the words of a column, in their order, without those that say why there is none."""
    texts = (dataset.text(row, column.name) for row in rows)
    return Counter(text for text in texts if text and not missing_mark(text))
