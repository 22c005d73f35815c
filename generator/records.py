"""Make long lists that a resident can read, such as the proposals of a budget, from a ``records`` block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from generator.charts.shape import category_text, has_column, select
from generator.charts.spec import FigureSpec, read_common
from generator.contexts import CellView, FactView, RecordGroupView, RecordView
from generator.datasets import Dataset, Field, Row
from generator.diagnostics import Diagnostic
from generator.markdown import BlockPart
from generator.paths import slugify
from generator.positioned import Reader, Text
from generator.quantities import MARKS, Quantity, format_money, format_number
from generator.tables import cell_notes, cell_view, row_cell
from generator.terms import all_covered


@dataclass(frozen=True, slots=True)
class RecordsSpec:
    """A ``records`` block as the author wrote it."""

    common: FigureSpec
    group: tuple[Text, ...]
    """One or two columns whose values make the groups."""
    heading: Text
    text: Text | None
    amount: Text | None
    facts: tuple[Text, ...]
    anchor: Text
    """Column with a stable name for each record; its address ends with it."""


def read_records(block: BlockPart, problems: list[Diagnostic]) -> RecordsSpec:
    """Read a ``records`` block."""
    reader = Reader(block.table, "the records block", problems)
    none = Text("", block.at)

    def one(key: str, *, required: bool = False) -> Text | None:
        found = reader.texts(key, required=required)
        return found[0] if found else None

    spec = RecordsSpec(
        common=read_common(reader, block.at),
        group=reader.texts("group", required=True),
        heading=one("heading", required=True) or none,
        text=one("text"),
        amount=one("amount"),
        facts=reader.texts("facts"),
        anchor=one("anchor", required=True) or none,
    )
    if len(spec.group) > 2:
        reader.problem("wrong-type", "records have two levels of groups at most", spec.group[2].at)
    reader.close()
    return spec


def record_groups(
    spec: RecordsSpec, dataset: Dataset, problems: list[Diagnostic]
) -> tuple[RecordGroupView, ...] | None:
    """Arrange the rows in groups, in their printed order, with the totals that the paper prints for them."""
    start = len(problems)
    named = (*spec.group, spec.heading, spec.anchor, *spec.facts, *filter(None, (spec.text, spec.amount)))
    for name in named:
        has_column(dataset, name.value, name.at, problems)
    rows = select(dataset, spec.common.where, spec.common.at, problems)
    if len(problems) > start or not spec.group:
        return None
    return _groups(spec, dataset, rows, [name.value for name in spec.group], spec.common.id.value)


def _groups(
    spec: RecordsSpec, dataset: Dataset, rows: Sequence[Row], columns: Sequence[str], prefix: str
) -> tuple[RecordGroupView, ...]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(category_text(dataset, row, columns[0]), []).append(row)
    found = []
    for title, chosen in groups.items():
        anchor = f"{prefix}-{slugify(title)}"
        inner = _groups(spec, dataset, chosen, columns[1:], anchor) if len(columns) > 1 else ()
        records = () if inner else tuple(_record(spec, dataset, row) for row in chosen)
        found.append(RecordGroupView(title, anchor, _total(spec, dataset, chosen), records, inner))
    return tuple(found)


def _total(spec: RecordsSpec, dataset: Dataset, rows: Sequence[Row]) -> str:
    count = f"{len(rows)} {'entry' if len(rows) == 1 else 'entries'}"
    if spec.amount is None:
        return count
    lines = frozenset(row.line for row in rows)
    for total in dataset.totals:
        for entry, below in all_covered(dataset, total):
            quantity = entry.values.get(spec.amount.value)
            if quantity and quantity.number is not None and below == lines:
                words = _amount(quantity, dataset.field(spec.amount.value).unit)
                return f"{words}{_mark(quantity.mark)}, {count}"
    return count


def _amount(quantity: Quantity, unit: str) -> str:
    """Write an amount with its sign; thousands in whole pounds, in which no printed digit is lost."""
    assert quantity.number is not None
    if unit == "gbp-thousand":
        return f"{quantity.qualifier} {format_money(quantity.number, unit, 'pounds', sign=True)}".strip()
    return f"{quantity.qualifier} {format_number(quantity.number, unit, sign=True)}".strip()


def _mark(mark: str) -> str:
    return f" ({MARKS[mark]})" if mark else ""


def _fact(dataset: Dataset, row: Row, field: Field) -> FactView:
    cell = row_cell(dataset, row, field)
    return FactView(field.title, cell.text + _mark(cell.mark))


def record_notes(groups: Iterable[RecordGroupView]) -> tuple[str, ...]:
    """Explain the shorthand marks and the qualifiers of the amounts in a list."""
    return cell_notes(_amounts(groups))


def _amounts(groups: Iterable[RecordGroupView]) -> Iterator[CellView]:
    for group in groups:
        yield from _amounts(group.groups)
        yield from (record.amount for record in group.records if record.amount)


def _record(spec: RecordsSpec, dataset: Dataset, row: Row) -> RecordView:
    amount = None
    if spec.amount is not None:
        field = dataset.field(spec.amount.value)
        value = dataset.value(row, field.name)
        amount = cell_view(value, field, field.unit)
        if isinstance(value, Quantity) and value.number is not None:
            words = _amount(value, dataset.unit(row, field.name))
            amount = CellView(words, "number", value.mark)
    facts = tuple(_fact(dataset, row, dataset.field(name.value)) for name in spec.facts)
    text = category_text(dataset, row, spec.text.value) if spec.text else ""
    anchor = slugify(dataset.text(row, spec.anchor.value))
    return RecordView(anchor, category_text(dataset, row, spec.heading.value), text, amount, facts)
