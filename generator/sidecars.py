"""Read the sidecar of an extract: what the columns mean, where the figures come from, and which totals are printed.

A sidecar is a Frictionless Data Resource with a few keys of ours: ``source``, ``basis``, ``phase``, ``totals`` …
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from generator.claims import Claim, read_claims, read_where
from generator.datasets import (
    BASES,
    CLASSES,
    EDITION,
    FIELD_ROLES,
    FUNDINGS,
    GEOGRAPHIES,
    PERIOD_TYPES,
    PHASES,
    SIGNS,
    TYPES,
    Acknowledgement,
    Constraints,
    Edition,
    Field,
    ForeignKey,
    Partition,
    Place,
    Printed,
    Total,
)
from generator.diagnostics import Checked, Diagnostic, Location, Severity, hint_for
from generator.paths import SLUG
from generator.patterns import is_simple
from generator.positioned import Reader, Table, Text, parse_yaml
from generator.quantities import QUALIFIERS, ROUNDED_UNITS, TEXT_UNITS, UNITS, Quantity, parse_quantity
from generator.rating_rules import RatingRule, read_rating_rules


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What a sidecar says; ``head`` holds the fields of `Dataset` that are neither columns nor totals."""

    head: Mapping[str, Any]
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    totals: tuple[Total, ...]
    claims: tuple[Claim, ...]
    ratings: tuple[RatingRule, ...]
    acknowledged: tuple[Acknowledgement, ...]


def read_sidecar(name: str, path: str, text: str) -> Checked[Sidecar | None]:
    """Read the sidecar of the dataset *name*; `None` if it is not even YAML."""
    parsed = parse_yaml(text, path)
    problems = list(parsed.problems)
    if problems:
        return Checked(None, tuple(problems))
    reader = Reader(parsed.value, "the sidecar", problems)
    for key, expected in (("name", name), ("path", f"{name}.csv")):
        stated = reader.text(key, required=True)
        if stated and stated != expected:
            message = f"the {key} '{stated}' does not fit the file"
            reader.problem("wrong-name", message, reader.at(key), f"write '{expected}'")
    if not SLUG.fullmatch(name):
        message, hint = f"'{name}' cannot stand in an address", "rename both files with a-z, 0-9 and single hyphens"
        reader.problem("bad-name", message, Location(path), hint)
    fields, primary_key, foreign_keys = _read_schema(reader)
    totals = _read_totals(reader, fields, problems)
    ids = [total.id for total in totals]
    claims = read_claims(reader, [field.name for field in fields], ids)
    ids += [claim.id for claim in claims]
    ratings = read_rating_rules(reader, [field.name for field in fields], ids)
    ids += [rule.id for rule in ratings]
    sidecar = Sidecar(
        head=_read_head(reader, fields, problems),
        fields=fields,
        primary_key=primary_key,
        foreign_keys=foreign_keys,
        totals=totals,
        claims=claims,
        ratings=ratings,
        acknowledged=_read_acknowledged(reader, ids),
    )
    reader.close()
    return Checked(sidecar, tuple(problems))


def _read_head(reader: Reader, fields: tuple[Field, ...], problems: list[Diagnostic]) -> dict[str, Any]:
    """Read everything of the sidecar that is neither a column nor a total; figures must say what they are of."""
    has_figures = any(field.is_number and field.role == "measure" for field in fields)
    source = reader.reader("source", "the source", required=True) or Reader(
        Table({}, reader.table.at), "the source", []
    )
    place = Place(
        paper=source.text("paper", required=True),
        item=source.text("item", required=True),
        page=source.text("page"),
        table=source.text("table"),
        lines=source.text("lines"),
        at=source.at("paper"),
    )
    source.close()
    description = reader.text("description", required=True)
    if description and not 50 <= len(description) <= 5000:
        message = f"the description has {len(description)} characters; data catalogues take 50 to 5,000"
        problems.append(Diagnostic("description-length", message, reader.at("description"), Severity.WARNING))
    for key in ("licenses", "sources", "format", "mediatype", "encoding", "profile"):
        reader.node(key)  # known to Frictionless and free to stand here; what we publish is made by the site
    partition, names = [], [field.name for field in fields]
    for entry in reader.readers("partition", "the partition"):
        columns = tuple(item.value for item in entry.texts("columns"))
        partition.append(Partition(entry.text("name", required=True), columns, entry.text("rows")))
        for column in (*entry.texts("columns"), *entry.texts("rows")):
            if column.value not in names:
                hint = hint_for(column.value, names, "columns")
                entry.problem("unknown-column", f"there is no column '{column.value}'", column.at, hint)
        entry.close()
    head = {
        "title": reader.text("title", required=True),
        "description": description,
        "place": place,
        "period": reader.text("period", required=has_figures),
        "period_type": reader.choice("period_type", PERIOD_TYPES, required=has_figures),
        "covers_to": reader.date("covers_to"),
        "reported_in": reader.text("reported_in"),
        "status": reader.text("status"),
        "phase": reader.choice("phase", PHASES, required=has_figures),
        "basis": reader.choice("basis", BASES, required=has_figures),
        "funding": reader.choice("funding", FUNDINGS),
        "net_or_gross": reader.choice("net_or_gross", ("net", "gross")),
        "geography": reader.choice("geography", GEOGRAPHIES, required=has_figures),
        "sign": reader.choice("sign", SIGNS),
        "partition": tuple(partition),
        "qualifier": reader.choice("qualifier", QUALIFIERS),
        "notes": tuple(note.value for note in reader.texts("notes")),
        "checked": reader.date("checked"),
        "formerly": _read_formerly(reader),
    }
    return {**head, "editions": _read_editions(reader, head, names)}


def _read_formerly(reader: Reader) -> tuple[Text, ...]:
    """Read the names that the dataset had."""
    found = []
    for name in reader.texts("formerly"):
        if SLUG.fullmatch(name.value):
            found.append(name)
        else:
            message, hint = f"'{name.value}' cannot have been the name of a dataset", "write it as it was: 'old-name'"
            reader.problem("bad-name", message, name.at, hint)
    return tuple(found)


def _read_editions(reader: Reader, head: Mapping[str, Any], names: list[str]) -> tuple[Edition, ...]:
    """Read the papers to which the dataset grew; that of ``source`` is described in the head of the sidecar."""
    found = []
    for entry in reader.readers("editions", "the edition"):
        paper = entry.text("paper", required=True)
        is_own = paper == head["place"].paper
        place = Place(paper, entry.text("item"), entry.text("page"), entry.text("table"), "", entry.at("paper"))
        period, covers_to = entry.text("period", required=not is_own), entry.date("covers_to")
        found.append(
            Edition(
                place=head["place"] if is_own else place,
                period=period or head["period"],
                covers_to=covers_to or (head["covers_to"] if is_own else None),
                digest=entry.text("digest"),
            )
        )
        entry.close()
    if found and EDITION not in names:
        hint = f"add a column '{EDITION}' with the paper that each row is from"
        reader.problem("missing-column", f"a dataset with editions needs a column '{EDITION}'", reader.at("editions"),
                       hint)  # fmt: skip
        return ()
    return tuple(found)


def _read_schema(reader: Reader) -> tuple[tuple[Field, ...], tuple[str, ...], tuple[ForeignKey, ...]]:
    schema = reader.reader("schema", "the schema", required=True)
    if schema is None:
        return (), (), ()
    fields = tuple(_read_field(entry) for entry in schema.readers("fields", "the field", required=True))
    names = [field.name for field in fields]
    for key in schema.texts("primaryKey"):
        if key.value not in names:
            schema.problem("unknown-column", f"the primary key names no column '{key.value}'", key.at,
                           hint_for(key.value, names, "columns"))  # fmt: skip
    schema.node("missingValues")
    primary_key = tuple(key.value for key in schema.texts("primaryKey") if key.value in names)
    for field in fields:
        for other in filter(None, (field.unit_from, field.of_from, field.basis_from)):
            if other not in names:
                hint = hint_for(other, names, "columns")
                schema.problem("unknown-column", f"'{field.name}' points to no column '{other}'", field.at, hint)
    foreign_keys = tuple(filter(None, (_read_foreign_key(e, names) for e in schema.readers("foreignKeys", "the key"))))
    schema.close()
    return fields, primary_key, foreign_keys


def _read_foreign_key(entry: Reader, names: list[str]) -> ForeignKey | None:
    field, at = entry.text("fields", required=True), entry.at("fields")
    reference = entry.reader("reference", "the reference", required=True)
    entry.close()
    if reference is None:
        return None
    key = ForeignKey(field, reference.text("resource", required=True), reference.text("fields", required=True), at)
    reference.close()
    if field and field not in names:
        hint = hint_for(field, names, "columns")
        entry.problem("unknown-column", f"the foreign key names no column '{field}'", at, hint)
    return key if key.resource and key.column and field in names else None


def _read_field(reader: Reader) -> Field:
    name = reader.text("name", required=True)
    if name and not re.fullmatch(r"\w+", name):
        hint = "write letters, digits and '_', in the header of the extract too"
        reader.problem("bad-name", f"'{name}' cannot be the name of a column", reader.at("name"), hint)
    kind = reader.choice("type", TYPES, required=True, default="string")
    unit = reader.choice("unit", UNITS, required=not reader.has("unit_from"), default="text")
    if kind in ("integer", "number") and reader.text("unit") in TEXT_UNITS - {"year"}:
        reader.problem("wrong-unit", f"'{name}' holds numbers, and '{unit}' is no unit of numbers", reader.at("unit"))
    scale = reader.choice("scale", ("thousand", "million"))
    rounded = unit in ROUNDED_UNITS or bool(scale) or reader.has("unit_from")
    constraints = reader.reader("constraints", "the constraints")
    order = reader.choice("order", ("printed",))
    field = Field(
        name=name,
        type=kind,
        title=reader.text("title", required=True, default=name),
        description=reader.text("description", required=True),
        role=reader.choice("role", FIELD_ROLES, required=True, default="dimension"),
        unit=unit,
        of=reader.text("of"),
        per=reader.whole("per"),
        scale=scale,
        rounded=reader.flag("rounded", default=rounded),
        has_order=bool(order) or unit in ("year", "financial-year", "quarter", "date"),
        unit_from=reader.text("unit_from"),
        of_from=reader.text("of_from"),
        basis_from=reader.text("basis_from"),
        basis=reader.choice("basis", BASES),
        sign=reader.choice("sign", SIGNS),
        phase=reader.choice("phase", PHASES),
        period=reader.text("period"),
        period_type=reader.choice("period_type", PERIOD_TYPES),
        geography=reader.choice("geography", GEOGRAPHIES),
        covers_to=reader.date("covers_to"),
        constraints=_read_constraints(constraints) if constraints else Constraints(),
        at=reader.at("name"),
    )
    for key in ("missingValues", "format"):
        reader.node(key)
    reader.close()
    return field


def _read_constraints(reader: Reader) -> Constraints:
    def number(key: str) -> Decimal | None:
        text = reader.text(key)
        found = parse_quantity(text) if text else Quantity(None)
        if isinstance(found, str):
            reader.problem("wrong-type", f"'{key}' must be a number", reader.at(key))
            return None
        return found.number

    pattern = reader.text("pattern")
    if not is_simple(pattern):
        hint = "use characters and classes with counts like [0-9]{3}, or list the values under 'enum'"
        reader.problem(
            "wrong-type", "this pattern cannot be read, or may take too long to check", reader.at("pattern"), hint
        )
        pattern = ""
    found = Constraints(
        required=reader.flag("required"),
        unique=reader.flag("unique"),
        minimum=number("minimum"),
        maximum=number("maximum"),
        enum=tuple(item.value for item in reader.texts("enum")),
        pattern=pattern,
    )
    reader.close()
    return found


def _read_totals(reader: Reader, fields: tuple[Field, ...], problems: list[Diagnostic]) -> tuple[Total, ...]:
    names = [field.name for field in fields]
    numbers = {field.name for field in fields if field.is_number}

    def known(item: Text) -> str:
        if item.value not in names:
            hint = hint_for(item.value, names, "columns")
            problems.append(Diagnostic("unknown-column", f"there is no column '{item.value}'", item.at, hint=hint))
        return item.value

    def number(item: Text) -> str:
        if item.value in names and item.value not in numbers:
            message = f"'{item.value}' is a column of words and has no total"
            problems.append(Diagnostic("wrong-type", message, item.at, hint="name a column of numbers"))
        return known(item)

    totals: list[Total] = []
    for entry in reader.readers("totals", "the total"):
        where = read_where(entry.reader("where", "the filter"))
        for column in where:
            known(Text(column, entry.at("where")))
        by = tuple(known(item) for item in entry.texts("by"))
        printed: list[Printed] = []
        for record in entry.readers("printed", "the printed total"):
            keys = {column: record.text(column, required=True) for column in by}
            values: dict[str, Quantity] = {}
            for column, found in record.rest().items():
                number(Text(column, found.key_at))
                value = parse_quantity(found.node.value) if isinstance(found.node, Text) else "a total is one number"
                if isinstance(value, str):
                    problems.append(Diagnostic("bad-number", value, found.node.at))
                elif column in numbers:
                    values[column] = value
            printed.append(Printed(MappingProxyType(keys), MappingProxyType(values), record.table.at))
        total = Total(
            id=entry.text("id", required=True),
            label=entry.text("label", required=True),
            where=where,
            by=by,
            printed=tuple(printed),
            total=entry.text("total"),
            parts=tuple(number(item) for item in entry.texts("parts")),
            at=entry.at("id"),
        )
        if bool(total.total) == bool(printed):
            message = f"the total '{total.id}' needs either 'printed' figures, or 'total' and 'parts' columns"
            entry.problem("missing-key", message, total.at)
        if total.total:
            number(Text(total.total, entry.at("total")))
        if any(total.id == other.id for other in totals):
            entry.problem(
                "duplicate-id", f"another total has the id '{total.id}'", total.at, "give each an id of its own"
            )
        entry.close()
        totals.append(total)
    return tuple(totals)


def _read_acknowledged(reader: Reader, known: list[str]) -> tuple[Acknowledgement, ...]:
    found = []
    for entry in reader.readers("acknowledged", "the acknowledgement"):
        at = entry.reader("at", "the place", required=True)
        check = entry.text("check", required=True)
        if check and check not in known:
            hint = hint_for(check, known, "checks")
            entry.problem("unknown-check", f"there is no total or check '{check}'", entry.at("check"), hint)
        found.append(
            Acknowledgement(
                check=check,
                where=MappingProxyType({key: at.text(key) for key in at.table.entries} if at else {}),
                difference=entry.text("difference", required=True),
                cause=entry.choice("class", CLASSES, required=True),
                reason=entry.text("reason", required=True),
                at=entry.table.at,
            )
        )
        entry.close()
    return tuple(found)
