"""Bind a mark and its encoding to the rows of a dataset, and refuse what would misrepresent them.

Columns get the internal names ``c0``, ``c1`` …, since Vega-Lite takes ``.`` and ``[`` in a name for a path and draws
nothing.  Order, type and title of a channel follow from the dataset, unless the author says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from generator.charts.raw import MARKS, RawSpec, fields_of, place_of, plain
from generator.charts.refusals import MAX_SERIES
from generator.charts.shape import category_text, has_column, select, short_label
from generator.datasets import Dataset, Field, Row
from generator.diagnostics import Diagnostic, Location, hint_for
from generator.mixing import Operand, check_added, check_compared, check_joined, first_of_each, operand
from generator.positioned import Table, Text
from generator.quantities import MARKS as MARKED
from generator.quantities import UNITS, Quantity, spoken
from generator.words import lower_first, unit_words

MAX_MARKS = 300
"""Rows of one picture: more make a page heavy and its table endless."""
LONGEST = 220
LEVELS = ("x", "y")
COLOURED = ("color", "fill", "stroke")
AXES = {"x": ("x", "x2"), "y": ("y", "y2")}
FILLED = ("bar", "area")
CUTS = frozenset({"zero", "domain", "domainMin", "domainMax", "domainMid", "type"})
"""Keys of a scale that can take the zero from it."""
Values = tuple[str | float | None, ...]


@dataclass(frozen=True, slots=True)
class RawChart:
    """All that a chart in Vega-Lite's words is drawn from."""

    mark: str
    """As JSON, as written."""
    encoding: str
    """As JSON, with the internal names of columns, and with what follows from the dataset."""
    rows: tuple[Values, ...]
    """Values by internal name: the first is that of ``c0``."""
    words: Mapping[str, tuple[str, ...]] = field(hash=False)
    """The different texts of each column of words, in the order of the rows."""
    titles: Mapping[str, str] = field(hash=False)
    """What each channel that measures is called, with its unit."""
    phase_line: str
    written: RawSpec = field(repr=False)
    """For the check of its words, and for the places of what is amiss; not for the drawing."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A chart with what is said about it."""

    chart: RawChart
    columns: tuple[str, ...]
    """Columns of the table: the key of the rows, as far as it differs, then what the picture shows."""
    measures: tuple[Field, ...]
    alt: str
    notes: tuple[str, ...]


def bind_raw(
    spec: RawSpec, dataset: Dataset, phase_of: Callable[[Sequence[Field]], str], problems: list[Diagnostic]
) -> Bound | None:
    """Return the chart that *spec* describes; `None` when it must not be drawn, with the reasons in *problems*."""
    start, at = len(problems), spec.common.at
    names = list(fields_of(spec.encoding))
    published = [each.name for each in dataset.fields if each.is_published]
    for name in names:
        if not name.value:
            problems.append(Diagnostic("wrong-type", "'field' must be the name of one column", name.at))
        elif has_column(dataset, name.value, name.at, problems) and name.value not in published:
            hint = hint_for(name.value, published, "columns")
            message = f"the column '{name.value}' is not published"
            problems.append(Diagnostic("unknown-column", message, name.at, hint=hint))
    rows = select(dataset, spec.common.where, at, problems)
    if len(problems) == start and not rows:
        problems.append(Diagnostic("empty-chart", "no row fits the filter of this chart", at, hint="widen 'where'"))
    if len(problems) > start:
        return None
    used = list(dict.fromkeys(name.value for name in names))
    measures = tuple(dataset.field(name) for name in used if dataset.field(name).is_number)
    binding = _Binding(spec, dataset, rows, used, problems)
    encoding = binding.channels()
    binding.refuse()
    if len(problems) > start:
        return None
    chart = RawChart(
        mark=_json({"type": spec.mark_type, **plain(spec.mark)}),
        encoding=_json(encoding),
        rows=tuple(tuple(binding.cell(row, n) for n in range(len(binding.cells))) for row in rows),
        words={f"c{n}": binding.different(n) for n, name in enumerate(used) if not dataset.field(name).is_number},
        titles=binding.titles,
        phase_line=phase_of(measures),
        written=spec,
    )
    keys = [k for k in dataset.primary_key if k in published and len({dataset.text(row, k) for row in rows}) > 1]
    alt = spec.alt
    if alt == "auto":
        alt = _describe(spec, dataset, rows, used, measures, problems)
    return Bound(chart, tuple(dict.fromkeys([*keys, *used])), measures, alt, tuple(binding.notes()))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


class _Binding:
    """One chart while its channels are bound to columns."""

    def __init__(
        self, spec: RawSpec, dataset: Dataset, rows: list[Row], used: list[str], problems: list[Diagnostic]
    ) -> None:
        self.spec = spec
        self.dataset = dataset
        self.rows = rows
        self.cells: list[tuple[str, bool]] = [(name, False) for name in used]
        """Column of each internal name, and whether its numbers are written as words."""
        self.problems = problems
        self.titles: dict[str, str] = {}
        self.channel: dict[str, tuple[Table, dict[str, Any], Field | None]] = {}

    def unfit(self, message: str, at: Location, hint: str) -> None:
        self.problems.append(Diagnostic("unfit-chart", message, at, hint=hint))

    def cell(self, row: Row, n: int) -> str | float | None:
        """Return the value of a row under the internal name *n*."""
        name, is_label = self.cells[n]
        value = self.dataset.value(row, name)
        if not isinstance(value, Quantity):
            return category_text(self.dataset, row, name)
        if is_label:
            return short_label(value, self.dataset.unit(row, name))
        return None if value.number is None else float(value.number)

    def different(self, n: int) -> tuple[str, ...]:
        """Return the different texts of a column in the order of the rows."""
        return tuple(dict.fromkeys(str(self.cell(row, n)) for row in self.rows))

    def channels(self) -> dict[str, Any]:
        """Return the encoding with internal names, types, orders and titles."""
        made = {}
        for name, entry in self.spec.encoding.entries.items():
            assert isinstance(entry.node, Table)
            made[name] = self._bound(name, entry.node)
        return made

    def _bound(self, name: str, written: Table) -> dict[str, Any]:
        definition: dict[str, Any] = self._renamed(plain(written))
        own = written.entries.get("field")
        column = self.dataset.field(own.node.value) if own and isinstance(own.node, Text) else None
        self.channel[name] = (written, definition, column)
        counts = definition.get("aggregate") == "count"
        if name == "text" and column is None and not counts:
            self.unfit("what a picture says must come from the data", written.at, "write 'text: {field: …}'")
        if column is None and not counts:
            return definition
        is_number = counts or (column is not None and column.is_number)
        if name == "text" and column is not None and column.is_number:
            self.cells.append((column.name, True))
            return {"field": f"c{len(self.cells) - 1}", "type": "nominal"}
        if name.endswith("2"):
            return definition
        takes = ("quantitative",) if is_number else ("nominal", "ordinal")
        kind = definition.setdefault("type", takes[0])
        if kind in ("quantitative", "temporal", "geojson", "nominal", "ordinal") and kind not in takes:
            said = column.name if column else "count"
            hint = f"leave 'type' out, or write {' or '.join(takes)}"
            self.unfit(f"'{said}' cannot be drawn as '{kind}'", place_of(written, ("type",)), hint)
        if kind in ("nominal", "ordinal") and name not in ("text", "detail", "order"):
            definition.setdefault("sort", None)
        elif kind == "quantitative":
            title = f"{column.title}" if column else "Number of rows"
            unit = (unit_words(column) or (self._unit(column) if column.unit_from else "")) if column else ""
            self.titles[name] = f"{title} ({unit})" if unit and lower_first(unit) != lower_first(title) else title
        return definition

    def _unit(self, column: Field) -> str:
        unit = self.dataset.unit(self.rows[0], column.name)
        return UNITS.get(unit, unit)

    def _renamed(self, node: Any) -> Any:
        """Return *node* with the internal names of columns."""
        if isinstance(node, dict):
            names = [name for name, _ in self.cells]
            return {k: f"c{names.index(v)}" if k == "field" else self._renamed(v) for k, v in node.items()}
        return [self._renamed(child) for child in node] if isinstance(node, list) else node

    def refuse(self) -> None:
        """Note what the picture would misrepresent."""
        at, mark = self.spec.common.at, self.spec.mark_type
        if len(self.rows) > MAX_MARKS:
            hint = "filter them with 'where', or make a table"
            self.unfit(f"{len(self.rows)} rows are too many for one picture; {MAX_MARKS} is the most", at, hint)
        if not {"x", "y"} & self.channel.keys():
            self.unfit("a chart needs an 'x' or a 'y'", self.spec.encoding.at, "name a column for one of them")
        for name, (written, definition, column) in self.channel.items():
            scale = definition.get("scale")
            limits = scale if isinstance(scale, dict) else {}
            measured = definition.get("type") == "quantitative"
            if name in COLOURED and column is not None:
                self._refuse_colour(name, written, definition, column)
            if name in LEVELS and measured and not definition.get("bin") and self._is_filled(name):
                for key in sorted(CUTS & limits.keys()):
                    if (key, limits[key]) not in (("zero", True), ("type", "linear")):
                        hint = "leave it out, or take 'mark: point'"
                        self.unfit("a bar tells by its length from zero", place_of(written, ("scale", key)), hint)
        if any(set(self._numbers(f)) == {None} for _, _, f in self.channel.values() if f and f.is_number):
            self.unfit("a column of the chart holds no number", at, "choose other rows, or make a table")
        values = [self.dataset.value(row, f.name) for _, _, f in self.channel.values() if f for row in self.rows]
        if any(isinstance(value, Quantity) and value.mark == "u" for value in values):
            self.unfit("figures of low reliability look firm in a picture", at, "leave them out, or make a table")
        found: list[Diagnostic] = []
        for names in AXES.values():
            operands = [each for name in names for each in self._operands(name, label=True)]
            check_compared(operands, at, found)
            for name in names[:1]:
                if mark in ("line", "area", "trail"):
                    for group in self._group(name, (*COLOURED, "strokeDash", "detail")):
                        check_joined(group, at, found)
                if self._is_filled(name):
                    beside = self._group(name, ("x", "y", "xOffset", "yOffset"))
                    for group in (group for group in beside if len(group) > 1):
                        check_added(self.dataset, group, at, found)
                        self._refuse_stack(group, at)
        for name in ("size", "opacity", "strokeWidth"):
            check_compared(self._operands(name), at, found)
        self.problems += first_of_each(found)

    def _refuse_colour(self, name: str, written: Table, definition: dict[str, Any], column: Field) -> None:
        at = place_of(written, ("field",))
        if definition.get("type") == "quantitative":
            self.unfit("a colour cannot be read as a number", at, "show it by 'x', 'y' or 'size'")
            return
        count = len({self.dataset.text(row, column.name) for row in self.rows})
        if count > MAX_SERIES:
            hint = f"show {MAX_SERIES} at most, or make a table"
            self.unfit(f"{count} colours are too many to tell apart", at, hint)
        others = ("x", "y", "xOffset", "yOffset", "shape", "strokeDash", "text")
        told = any(self.channel[other][2] is column for other in others if other in self.channel)
        if not told and self.spec.mark_type not in FILLED:
            other = "strokeDash" if self.spec.mark_type in ("line", "trail") else "shape"
            said = f"write also '{other}: {{field: {column.name}}}'"
            hint = said if other == "strokeDash" else f"take 'mark: point' and {said}"
            self.unfit(f"nothing but its colour tells '{column.name}'", at, hint)

    def _refuse_stack(self, group: Sequence[Operand], at: Location) -> None:
        numbers = [each.value.number for each in group if isinstance(each.value, Quantity)]
        if any(number is None or number < 0 for number in numbers):
            hint = "write 'xOffset' or 'yOffset' to set the bars side by side"
            self.unfit("a stack with a missing or a negative part would look like a whole", at, hint)

    def _numbers(self, column: Field) -> list[Decimal | None]:
        values = (self.dataset.value(row, column.name) for row in self.rows)
        return [value.number for value in values if isinstance(value, Quantity)]

    def _operands(self, name: str, *, label: bool = False) -> list[Operand]:
        _, definition, column = self.channel.get(name, (None, {}, None))
        if column is None or not column.is_number or definition.get("bin"):
            return []
        several = label and any(f"{n}2" in self.channel for n in LEVELS)
        return [operand(self.dataset, row, column.name, column.title if several else "") for row in self.rows]

    def _is_filled(self, name: str) -> bool:
        """Tell whether the marks reach from zero to the value of a channel, one upon the other."""
        return self.spec.mark_type in FILLED and f"{name}2" not in self.channel

    def _group(self, name: str, by: Sequence[str]) -> list[list[Operand]]:
        """Sort the figures of a channel by the words of the channels *by*."""
        groups: dict[tuple[str, ...], list[Operand]] = {}
        columns = [self.channel[other][2] for other in by if other in self.channel and other != name]
        words = [column for column in columns if column and not column.is_number]
        for each in self._operands(name):
            key = tuple(self.dataset.text(each.row, column.name) for column in words)
            groups.setdefault(key, []).append(each)
        return list(groups.values())

    def _is_cut(self, scale: dict[str, Any], column: Field) -> bool:
        """Tell whether an axis leaves zero out: by the limits that the author set, or because no value is near it."""
        known = [float(number) for number in self._numbers(column) if number is not None]
        domain = scale.get("domain")
        ends = [end for end in domain if isinstance(end, int | float)] if isinstance(domain, list) else []
        if ends or "domainMin" in scale or "domainMax" in scale:
            low = scale.get("domainMin", min([*ends, *(known if not ends else [])]))
            high = scale.get("domainMax", max([*ends, *(known if not ends else [])]))
            return not (isinstance(low, int | float) and isinstance(high, int | float) and low <= 0 <= high)
        return scale.get("zero") is False and not min(known) <= 0 <= max(known)

    def notes(self) -> list[str]:
        """Say what the picture leaves open, counts, or does not show from zero."""
        found = []
        if any(definition.get("aggregate") for _, definition, _ in self.channel.values()):
            found.append("Rows are counted by this site.")
        for name, (_, definition, column) in self.channel.items():
            scale = definition.get("scale")
            if name in LEVELS and column and isinstance(scale, dict):
                if column.is_number and self._is_cut(scale, column):
                    found.append(f"The axis of “{column.title}” does not show the whole range from zero.")
                if scale.get("type", "linear") != "linear":
                    found.append(f"Equal steps on the axis of “{column.title}” are not equal amounts.")
        missing: dict[str, int] = {}
        for row in self.rows:
            values = (self.dataset.value(row, name) for name, is_label in self.cells if not is_label)
            for mark in {v.mark for v in values if isinstance(v, Quantity) and v.number is None}:
                missing[MARKED[mark]] = missing.get(MARKED[mark], 0) + 1
        found += [f"Left open in the picture, {reason}: {count} of {len(self.rows)} rows."
                  for reason, count in missing.items()]  # fmt: skip
        return found


def _describe(
    spec: RawSpec,
    dataset: Dataset,
    rows: Sequence[Row],
    used: Sequence[str],
    measures: Sequence[Field],
    problems: list[Diagnostic],
) -> str:
    """Write a text alternative of what is drawn as it stands in the data; what is counted has none."""
    counted = any(key in text for key in ("aggregate", "bin") for text in map(_json, [plain(spec.encoding)]))
    if counted or not measures:
        message = "no text alternative can be made for a chart of counts or of words"
        problems.append(Diagnostic("missing-alt", message, spec.alt_at, hint="write it yourself"))
        return ""
    words = [dataset.field(name) for name in used if not dataset.field(name).is_number]
    by = f" by {_and([lower_first(each.title) for each in words])}" if words else ""
    text = f"{MARKS[spec.mark_type]}: {_and([lower_first(each.title) for each in measures])}{by}, {len(rows)} values."
    for each in measures:
        values = [(dataset.value(row, each.name), dataset.unit(row, each.name)) for row in rows]
        known = [(v, unit) for v, unit in values if isinstance(v, Quantity) and v.number is not None]
        missing = len(rows) - len(known)
        if missing:
            text += f" {each.title}: {missing} of {len(rows)} {'is' if missing == 1 else 'are'} missing."
        low, high = (pick(known, key=lambda pair: pair[0].number or 0) for pick in (min, max))
        sentence = f" {each.title}: from {spoken(*low)} to {spoken(*high)}."
        text += sentence if len(text) + len(sentence) <= LONGEST else ""
    return text


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
