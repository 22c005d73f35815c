"""Compare the figures that were typed by hand with the cells of the datasets, and propose the cells to bind them to.

In the prose of a page each typed figure is a warning: nothing would notice if its cell changed.  In a title, a note or
a description it may stand as long as it is a figure of the dataset described, in its printed form or rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property

from generator.config import Paper
from generator.datasets import Dataset
from generator.diagnostics import Diagnostic, Location, Severity
from generator.markdown import BlockPart, Page
from generator.positioned import Text
from generator.prose import BLANK, Typed, find_typed, place_in
from generator.quantities import MONEY_SCALES, Quantity, round_half_up
from generator.roles import ROLE
from generator.sources import Snapshot
from generator.terms import covered_unit
from generator.wording import block_texts, dataset_texts, front_texts

MOST_PROPOSED = 3
Key = tuple[str, Decimal, int | None]
"""Kind, size, and the power of ten that it is rounded to; `None` for the size as printed."""
_KINDS = {**dict.fromkeys(MONEY_SCALES, "money"), "percent": "percent", "percentage-points": "points", "pence": "pence"}
_SCALES = {"thousand": 3, "million": 6}


class Book:
    """The figures of one dataset by their size, read when the first is looked up."""

    def __init__(self, dataset: Dataset) -> None:
        """Hold *dataset*."""
        self.dataset = dataset

    def find(self, typed: Typed) -> list[tuple[str, bool]]:
        """Return the references of the cells and totals that *typed* may be, with whether each is below zero."""
        if typed.number is None:
            return []
        keys: list[Key] = [(typed.kind, typed.number, None)]
        if typed.kind != "count" or typed.place > 0:  # only a number with a unit may be rounded
            keys.append((typed.kind, typed.number, typed.place))
        return list(dict.fromkeys(reference for key in keys for reference in self._figures.get(key, ())))

    def has(self, typed: Typed) -> bool:
        """Tell whether *typed* is a figure of the dataset, or is printed so in a table with the unit at its head."""
        if typed.number is None:
            return False
        printed = {("printed", typed.number, None)} if typed.kind == "count" else set()
        return bool(self.find(typed)) or not printed.isdisjoint(self._figures)

    @cached_property
    def _figures(self) -> dict[Key, list[tuple[str, bool]]]:
        found: dict[Key, list[tuple[str, bool]]] = {}
        for reference, number, unit, power in self._all():
            is_negative, size = number < 0, abs(number)
            kind = _KINDS.get(unit, "count")
            exponent = size.as_tuple().exponent
            whole = size.scaleb(power)
            keys: list[Key] = [(kind, whole, None), ("printed", size, None)]
            if isinstance(exponent, int):
                first = exponent + power
                last = 8 if kind in ("money", "count") else 0
                keys += [(kind, round_half_up(whole, -place), place) for place in range(first, last + 1)]
            for key in keys:
                if key[1] or not whole:
                    found.setdefault(key, []).append((reference, is_negative))
        return found

    def _all(self) -> Iterator[tuple[str, Decimal, str, int]]:
        """Yield reference, number, unit and power of ten of every figure of the dataset."""
        dataset = self.dataset
        names = [field.name for field in dataset.fields if field.role == "dimension" and not field.is_number]
        keys = dataset.primary_key or names
        for row in dataset.rows:
            where = "; ".join(f"{key}={dataset.text(row, key)}" for key in keys)
            for field in filter(lambda field: field.is_published, dataset.fields):
                value = dataset.value(row, field.name)
                if isinstance(value, Quantity) and value.number is not None:
                    unit = dataset.unit(row, field.name)
                    power = MONEY_SCALES.get(unit, _SCALES.get(field.scale, 0))
                    yield f"{dataset.id}: {field.name}[{where}]", value.number, unit, power
        for total in dataset.totals:
            for entry in total.printed:
                where = "; ".join(f"{key}={value}" for key, value in entry.keys.items())
                for column, value in entry.values.items():
                    if value.number is not None:
                        unit = covered_unit(dataset, total, entry, column)
                        power = MONEY_SCALES.get(unit, _SCALES.get(dataset.field(column).scale, 0))
                        place = f"[{where}]" if where else ""
                        yield f"{dataset.id}: {total.id}.{column}{place}", value.number, unit, power
        for name in names:
            different = len({dataset.text(row, name) for row in dataset.rows})
            yield f"{dataset.id}: count({name})", Decimal(different), "count", 0
        for field in dataset.fields:
            if field.per:  # a rate per 100,000 people
                yield "", Decimal(field.per), "count", 0


class Comparison:
    """Knows the figures of all datasets, and reports typed ones."""

    def __init__(self, books: Mapping[str, Book]) -> None:
        """Hold the *books* of all datasets; none is read before a typed figure is met."""
        self.books = books

    def check_page(self, page: Page, used: list[str], source: str) -> Iterator[Diagnostic]:
        """Yield the typed figures of *page* that are not bound, or are in no dataset of those *used* on it.

        *source* is its file.
        """
        for typed, at in page.typed:
            yield self._report(typed, at, used, f"'{typed.text}' is typed by hand, so it stays when the data changes")
        for text in front_texts(page.front):
            yield from self.check_text(text, used, page.source, source)
        for part in page.parts:
            if isinstance(part, BlockPart):
                yield from self.check_block(part, used, source)

    def check_block(self, block: BlockPart, used: list[str], source: str) -> Iterator[Diagnostic]:
        """Yield the figures in the texts of a block that are no figures of its dataset, or of *used* if it has none."""
        data = block.table.entries.get("data")
        name = data.node.value if data and isinstance(data.node, Text) else ""
        for words in block_texts(block.table):
            scope = [name] if name in self.books else used
            yield from self.check_text(words.value, scope, block.at.path, source, words.at.line)

    def check_dataset(self, dataset: Dataset, source: str) -> Iterator[Diagnostic]:
        """Yield the figures in the texts of a sidecar that are no figures of its dataset; *source* is the sidecar."""
        for text in dataset_texts(dataset):
            yield from self.check_text(text, [dataset.id], dataset.sidecar_path, source)

    def check_paper(self, paper: Paper, taken: Iterable[str], snapshot: Snapshot) -> tuple[Diagnostic, ...]:
        """Return the figures in the description of *paper* that are no figures of a dataset *taken* from it."""
        path = "content/sources.yaml"
        return tuple(self.check_text(paper.description, list(taken), path, snapshot.text(path)))

    def check_text(self, text: str, scope: list[str], path: str, source: str, line: int = 1) -> Iterator[Diagnostic]:
        """Yield the typed figures in *text* that no dataset of *scope* has; *source* is its file from *line* on."""
        words = ROLE.sub(lambda found: BLANK * len(found[0]), text)
        for typed in find_typed(words):
            if not any(self.books[name].has(typed) for name in scope):
                what = f"'{scope[0]}' has" if len(scope) == 1 else "the datasets shown here have"
                message = f"'{typed.text}' is typed by hand, and {what} no such figure"
                yield self._report(typed, place_in(source, path, text[: typed.start], typed.text, line), scope, message)

    def _report(self, typed: Typed, at: Location, near: list[str], message: str) -> Diagnostic:
        order = dict.fromkeys([*near, *self.books])
        found = (reference for name in order for reference in _references(self.books[name], typed))
        shown = [reference for reference, _ in zip(found, range(MOST_PROPOSED), strict=False)]
        if shown:
            hint = "write " + " or ".join(f"{{value}}`{reference}`" for reference in shown)
        else:
            hint = f"no cell holds it; quote the paper: {{printed}}`{typed.text} @ paper: page 1, paragraph 2`"
        return Diagnostic("bare-figure", message, at, Severity.WARNING, hint)


def _references(book: Book, typed: Typed) -> Iterator[str]:
    """Yield the references of *typed* with the format in which it was typed."""
    for reference, is_negative in book.find(typed):
        form = ""
        if typed.kind == "money":
            words = typed.text.casefold()
            form = next((word for word in ("million", "billion") if word in words), "")
            form = form or ("short" if words.endswith("m") else "pounds" if words[-1:].isdigit() else "")
        form = f"{form} without sign".strip() if is_negative else form
        if reference and "`" not in reference:
            yield f"{reference} | {form}" if form else reference
