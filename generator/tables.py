"""Make the tables of the site from datasets: what a cell says, columns or a pivot, and the totals the paper prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from generator.charts.shape import ChartData, category_text, has_column, select
from generator.charts.spec import RatingsSpec, TableSpec
from generator.codes import ALIASES, split_aliases
from generator.contexts import CellView, ColumnView, RowView, TableView
from generator.datasets import Dataset, Field, Row, Value, missing_mark
from generator.diagnostics import Diagnostic
from generator.mixing import check_compared, operand
from generator.quantities import MARKS, QUALIFIERS, UNITS, Quantity, format_number, group_digits
from generator.ratings import Rated
from generator.terms import all_covered, covered_unit
from generator.words import capital, date_words, lower_first, unit_words

EACH = "each "
"""Stands before a qualifier in the heading of a column whose every number has it."""
RATINGS = {"Green": "green", "Amber": "amber", "Red": "red"}


def cell_view(value: Value, field: Field, unit: str, of: str = "") -> CellView:
    """Make a cell; a missing value is said in words, never left blank.

    *unit* is that of the row and *of* what it counts, where the units of a column are mixed.
    """
    if isinstance(value, Quantity):
        if value.number is None:
            return CellView(MARKS[value.mark], "missing")
        text = format_number(value.number, unit) if field.unit_from else group_digits(value.number)
        if field.unit_from and of and unit in ("count", "rate", "ratio", "index") and not missing_mark(of):
            text += f" {of}"
        return CellView(f"{value.qualifier} {text}".strip(), "number", value.mark)
    if mark := missing_mark(value):
        return CellView(MARKS[mark], "missing")
    if field.unit == "date":
        return CellView(date_words(value))
    if field.unit == "rating":
        return CellView(value, "rating", rating=RATINGS.get(value, ""))
    return CellView(value or MARKS["x"], "direction" if field.unit == "direction" else "text")


def row_cell(dataset: Dataset, row: Row, field: Field, *, shown: Sequence[Field] = ()) -> CellView:
    """Make the cell of a row with its own unit; what is counted is left out where a column *shown* says it."""
    if dataset.is_code_list and field.name == ALIASES:
        spellings = split_aliases(dataset.text(row, ALIASES))
        return CellView("; ".join(spellings)) if spellings else CellView("none", "missing")
    text = dataset.text(row, field.name)
    if text in UNITS and any(other.unit_from == field.name for other in dataset.fields):
        return CellView(UNITS[text])
    unit = dataset.unit(row, field.name) if field.is_number else field.unit
    says = any(other.name == field.of_from for other in shown)
    of = dataset.text(row, field.of_from) if field.of_from and not says else ""
    return cell_view(dataset.value(row, field.name), field, unit, of)


def column_view(field: Field) -> ColumnView:
    """Make the heading of a column."""
    return ColumnView(field.title, unit_words(field), "number" if field.is_number else "text")


def whole_table(dataset: Dataset) -> TableView:
    """Show all published columns and rows of a dataset, with its printed totals."""
    fields = [field for field in dataset.fields if field.is_published]
    return _plain(dataset, list(dataset.rows), fields, dataset.title, has_totals=True)


def _plain(
    dataset: Dataset, rows: Sequence[Row], fields: Sequence[Field], caption: str, *, has_totals: bool
) -> TableView:
    body = [
        RowView(
            tuple(row_cell(dataset, row, field, shown=fields) for field in fields)
        )
        for row in rows
    ]  # fmt: skip
    if has_totals:
        body += _total_rows(dataset, rows, fields)
    return _lifted(TableView(caption, tuple(map(column_view, fields)), tuple(body)))


def _beside_total(field: Field) -> CellView:
    """Say what stands in a total row where no total is printed; no cell is left blank."""
    if field.is_number:
        return CellView(MARKS["x"], "missing")
    return CellView("all", "missing") if field.role == "dimension" else CellView(MARKS["z"], "missing")


def _total_rows(dataset: Dataset, rows: Sequence[Row], fields: Sequence[Field]) -> list[RowView]:
    """Return the totals that the paper prints for exactly these rows."""
    lines = frozenset(row.line for row in rows)
    found = []
    for total in dataset.totals:
        for entry, below in all_covered(dataset, total):
            if below != lines or not any(field.name in entry.values for field in fields):
                continue
            cells = [CellView(total.label)]
            for field in fields[1:]:
                quantity = entry.values.get(field.name)
                unit = covered_unit(dataset, total, entry, field.name)
                cells.append(cell_view(quantity, field, unit) if quantity else _beside_total(field))
            found.append(RowView(tuple(cells), total=True))
    return found


def chart_table(data: ChartData) -> TableView:
    """Show the figures of a chart: categories down, series across; of a timeline the dates and the events.

    Its caption does not repeat the title, which is read above it.
    """
    across, down = data.measure_title, data.category_title
    if data.times:
        across, down = down, across
    caption = f"{across} by {lower_first(down)}, as a table"
    unit = data.unit_words
    columns = [ColumnView(data.category_title)]
    if data.times:
        body = (
            RowView((CellView(time), CellView(name))) for time, name in zip(data.times, data.categories, strict=True)
        )
        return TableView(caption, (ColumnView(data.measure_title), *columns), tuple(body))
    for name in data.series:
        columns.append(ColumnView(name, unit, "number"))
    rows = []
    for category in data.categories:
        cells = [CellView(category)]
        for name in data.series:
            quantity = data.values(name).get(category, Quantity(None, "z"))
            if quantity.number is None:
                cells.append(CellView(MARKS[quantity.mark], "missing"))
            else:
                text = f"{quantity.qualifier} {group_digits(quantity.number)}".strip()
                cells.append(CellView(text, "number", quantity.mark))
        rows.append(RowView(tuple(cells)))
    return _lifted(TableView(caption, tuple(columns), tuple(rows)))


def indicators_table(data: ChartData, caption: str) -> TableView:
    """Show what cards or a scorecard say, in the order of the paper; a column that is empty throughout is left out."""
    found = data.indicators
    columns = [(data.category_title, [CellView(each.name) for each in found])]
    columns += _spoken("Group", [each.group for each in found])
    columns += _spoken("Result", [f"{each.result} {each.result_of}".strip() for each in found])
    columns += _spoken("Period", [each.period for each in found])
    for pairs in zip(*(each.limits for each in found), strict=True):
        heads = dict.fromkeys(name for name, _ in pairs)  # one indicator may have a floor, the next an upper threshold
        columns += _spoken(capital(" or ".join(map(lower_first, heads))), [limit for _, limit in pairs])
    columns.append(("Rating", [_rating(each.rating) for each in found]))
    columns += _spoken("Older data to", [each.older for each in found])
    columns += _spoken("Direction of travel", [each.direction for each in found], "direction")
    rows = zip(*(cells for _, cells in columns), strict=True)
    return TableView(caption, tuple(ColumnView(head) for head, _ in columns), tuple(map(RowView, rows)))


def _spoken(head: str, texts: Sequence[str], kind: str = "text") -> list[tuple[str, list[CellView]]]:
    """Return a column of words with its heading; nothing if all of it is empty."""
    words = [text or MARKS["z"] for text in texts]
    cells = [CellView(word, "missing" if word in MARKS.values() else kind) for word in words]
    return [(head, cells)] if any(texts) else []


def block_table(spec: TableSpec, dataset: Dataset, problems: list[Diagnostic]) -> TableView | None:
    """Make the table of a ``table`` block; `None` with reasons in *problems* if it names what is not there."""
    start = len(problems)
    at = spec.common.at
    for name in (*spec.columns, *filter(None, (spec.rows, spec.pivot, spec.values))):
        has_column(dataset, name.value, name.at, problems)
    rows = select(dataset, spec.common.where, at, problems)
    if len(problems) > start:
        return None
    if not rows:
        problems.append(Diagnostic("empty-table", "no row fits the filter of this table", at, hint="widen 'where'"))
        return None
    if spec.rows and spec.pivot and spec.values:
        return _pivoted(spec, dataset, rows, problems)
    shown = [dataset.field(name.value) for name in spec.columns] or [f for f in dataset.fields if f.is_published]
    return _plain(dataset, rows, shown, spec.common.title, has_totals=spec.has_totals)


def _pivoted(spec: TableSpec, dataset: Dataset, rows: list[Row], problems: list[Diagnostic]) -> TableView | None:
    assert spec.rows
    assert spec.pivot
    assert spec.values
    side, top, field = dataset.field(spec.rows.value), spec.pivot.value, dataset.field(spec.values.value)
    heads = list(dict.fromkeys(dataset.text(row, top) for row in rows))
    mixed: list[Diagnostic] = []
    check_compared([operand(dataset, row, field.name) for row in rows], spec.common.at, mixed, is_bridge=True)
    if mixed:
        problems += mixed
        return None
    cells: dict[tuple[str, str], CellView] = {}
    for row in rows:
        key = (category_text(dataset, row, side.name), dataset.text(row, top))
        if key in cells:
            message = f"two rows stand for {key[0]} and {key[1]}"
            hint = "filter the rows with 'where' until one is left for each cell"
            problems.append(Diagnostic("repeated-category", message, spec.common.at, hint=hint))
            return None
        cells[key] = row_cell(dataset, row, field)
    none = CellView(MARKS["z"], "missing")
    names = list(dict.fromkeys(key[0] for key in cells))
    body = [RowView((CellView(name), *(cells.get((name, head), none) for head in heads))) for name in names]
    if spec.has_totals:
        body += _pivoted_totals(dataset, rows, top, heads, field)
    unit = unit_words(field)
    columns = (
        ColumnView(side.title),
        *(ColumnView(MARKS.get(missing_mark(head), head), unit, "number") for head in heads),
    )
    return _lifted(TableView(spec.common.title, columns, tuple(body)))


def _pivoted_totals(
    dataset: Dataset, rows: Sequence[Row], top: str, heads: Sequence[str], field: Field
) -> list[RowView]:
    """Return a total row for each label the paper prints below every one of the columns."""
    lines = {head: frozenset(row.line for row in rows if dataset.text(row, top) == head) for head in heads}
    labels: dict[str, dict[str, CellView]] = {}
    for total in dataset.totals:
        for entry, below in all_covered(dataset, total):
            quantity = entry.values.get(field.name)
            for head in heads:
                if quantity and below == lines[head]:
                    unit = covered_unit(dataset, total, entry, field.name)
                    labels.setdefault(total.label, {})[head] = cell_view(quantity, field, unit)
    return [
        RowView((CellView(label), *(found[head] for head in heads)), total=True)
        for label, found in labels.items()
        if len(found) == len(heads)
    ]


def ratings_table(
    spec: RatingsSpec, dataset: Dataset, rated: Sequence[Rated], problems: list[Diagnostic]
) -> TableView | None:
    """Set published and recomputed ratings side by side, with the reason in words."""
    start = len(problems)
    for name in spec.columns:
        has_column(dataset, name.value, name.at, problems)
    if len(problems) > start:
        return None
    shown = [dataset.field(name.value) for name in spec.columns]
    rows = {row.line: row for row in dataset.rows}
    body = []
    for each in rated:
        cells = [CellView(each.label), *(row_cell(dataset, rows[each.line], field, shown=shown) for field in shown)]
        cells += [
            _rating(each.published),
            _rating(each.recomputed),
            CellView(f"{each.sentence} {each.note.reason if each.note else ''}".strip()),
        ]
        body.append(RowView(tuple(cells)))
    rule = next(rule for rule in dataset.ratings if rule.id == spec.rating.value)
    heads = [dataset.field(rule.name).title, *(field.title for field in shown), "Published", "Recomputed", "Why"]
    return TableView(spec.common.title, tuple(map(ColumnView, heads)), tuple(body))


def _rating(word: str) -> CellView:
    return CellView(word, "rating", rating=RATINGS[word]) if word in RATINGS else CellView(word)


def _lifted(table: TableView) -> TableView:
    """Say a word that stands before every number of a column once, in its heading."""
    columns, rows = list(table.columns), [list(row.cells) for row in table.rows]
    for n, column in enumerate(columns):
        numbers = [cells[n] for cells in rows if cells[n].kind == "number"]
        words = {_qualifier(cell) for cell in numbers}
        if len(numbers) > 1 and len(words) == 1 and (word := words.pop()):
            columns[n] = replace(column, unit=f"{column.unit}, {EACH}{word}".removeprefix(", "))
            for cells in rows:
                if cells[n].kind == "number":
                    cells[n] = replace(cells[n], text=cells[n].text.removeprefix(f"{word} "))
    body = tuple(replace(row, cells=tuple(cells)) for row, cells in zip(table.rows, rows, strict=True))
    return replace(table, columns=tuple(columns), rows=body)


def _qualifier(cell: CellView) -> str:
    return next((word for word in QUALIFIERS if cell.kind == "number" and cell.text.startswith(f"{word} ")), "")


def table_notes(table: TableView) -> tuple[str, ...]:
    """Explain the shorthand marks and the qualifiers that stand in a table."""
    headings = (column.unit.rpartition(EACH)[2] for column in table.columns if EACH in column.unit)
    return cell_notes([cell for row in table.rows for cell in row.cells], tuple(headings))


def cell_notes(cells: Iterable[CellView], words: Iterable[str] = ()) -> tuple[str, ...]:
    """Explain the shorthand marks and the qualifiers of cells; *words* are qualifiers that stand elsewhere."""
    found = list(cells)
    marks = dict.fromkeys(cell.mark for cell in found if cell.mark)
    qualifiers = dict.fromkeys(filter(None, (*words, *map(_qualifier, found))))
    said = "\N{LEFT DOUBLE QUOTATION MARK}{}\N{RIGHT DOUBLE QUOTATION MARK} before a number means that {}."
    return (
        *(f"[{mark}] means {MARKS[mark]}." for mark in marks),
        *(said.format(word.capitalize(), QUALIFIERS[word]) for word in qualifiers),
    )
