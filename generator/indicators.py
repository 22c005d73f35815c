"""Write a new indicator into the datasets that hold indicators, or begin the first such dataset.

What was not said is a mark that says so, never a figure; a column that must hold a word and was given none is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

from generator.datasets import EDITION, Dataset
from generator.imports import NewRow, appended
from generator.paths import SourcePath
from generator.positioned import yaml_text
from generator.rating_rules import RatingRule, RatingTerm
from generator.sources import Snapshot

Rows = dict[str, list[dict[str, str]]]
"""Rows by dataset, each a text for every column."""
FIRST = "indicators"
"""What the first dataset of indicators is called."""
RULE = "target-and-floor"
POLARITIES = {"higher": "Higher is better", "lower": "Lower is better"}
MET_WHEN = {"higher": ("At or above", "Above"), "lower": ("At or below", "Below")}
"""When a limit is met, the usual words first."""
UNITS = ("percent", "percentage-points", "count", "ratio", "index", "gbp", "gbp-thousand", "gbp-million", "pence")
"""Units that the first dataset takes; a rate also needs its base, which stands in the sidecar."""

SIDECAR = Template("""\
# Begun by 'transparency new indicator'.  Say in your own words what the indicators are, and for whom.
name: $name
path: $name.csv
title: Indicators with their targets and floor standards
description: >-
  The result of each indicator, with its target, its floor standard and its rating, as the paper prints them.
source: {paper: $paper, item: $item}
period: $period
period_type: $period_type
phase: reported
basis: level
geography: council
editions:
  - {paper: $paper}
schema:
  primaryKey: [published_in, id]
  missingValues: ["", "[x]", "[z]", "[c]", "[lost]"]
  fields:
    - {name: published_in, type: string, title: Published in, role: dimension, unit: category,
       description: "The paper that published the row, by its name in the list of sources.",
       constraints: {required: true}}
    - {name: id, type: string, title: Short name, role: dimension, unit: category,
       description: "Our short name for the indicator, which does not change.",
       constraints: {required: true, pattern: "^[a-z0-9]+(-[a-z0-9]+)*$$"}}
    - {name: indicator, type: string, title: Indicator, role: dimension, unit: category, order: printed,
       description: "Name of the indicator as the paper prints it.",
       constraints: {required: true}}
    - {name: rating, type: string, title: Rating, role: measure, unit: rating,
       description: "Rating of the result against its target and floor standard, as the paper prints it.",
       constraints: {required: true, enum: [Green, Amber, Red]}}
    - {name: value, type: number, title: Result, role: measure, unit_from: unit, of_from: of,
       description: "The result."}
    - {name: target, type: number, title: Target, role: measure, unit_from: unit, of_from: of,
       description: "What the council aims for."}
    - {name: floor, type: number, title: Floor standard, role: measure, unit_from: unit, of_from: of,
       description: "The limit beyond which an indicator is Red. Where lower is better, it is an upper threshold."}
    - {name: unit, type: string, title: Unit, role: dimension, unit: category,
       description: "Unit of the result and of its limits.",
       constraints: {required: true, enum: [$units]}}
    - {name: of, type: string, title: Of what, role: dimension, unit: category,
       description: "What a count counts."}
    - {name: polarity, type: string, title: Which way is better, role: dimension, unit: category,
       description: "Whether a higher or a lower result is better.",
       constraints: {required: true, enum: [Higher is better, Lower is better]}}
    - {name: target_met, type: string, title: Target met, role: dimension, unit: category,
       description: "When the target is met.",
       constraints: {required: true, enum: [At or above, Above, At or below, Below]}}
    - {name: floor_met, type: string, title: Floor standard met, role: dimension, unit: category,
       description: "When the floor standard is met.",
       constraints: {required: true, enum: [At or above, Above, At or below, Below]}}
ratings:
  - id: recomputed-rating
    label: Rating
    rule: target-and-floor
    rating: rating
    name: indicator
    polarity: polarity
    value: {column: value}
    target: {column: target, met_when: target_met}
    floor: {column: floor, met_when: floor_met}
""")
"""The sidecar of a first dataset of indicators."""

PAGE = Template("""\
---
title: Indicators
description: The result of each indicator, with its target, its floor standard and its rating, as the paper prints them.
---
## Every indicator

Green means that the target is met. Amber means that the target is not met, but the floor standard is. Red means that
neither is met. Where no figure is shown, the table says why.

```table
id: $name-table
data: $name
columns: [indicator, rating, value, target, floor]
title: Every indicator with its result and its limits
```
""")
"""The page that shows it."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """What an editor said of a new indicator; what is empty was not said."""

    id: str
    title: str
    polarity: str
    """A key of `POLARITIES`."""
    unit: str
    of: str
    """What a count counts."""
    figures: Mapping[str, str]
    """``value``, ``target`` and ``floor``, those that were said."""
    more: Mapping[str, str]
    """Other columns with their words."""


def rule_of(dataset: Dataset) -> RatingRule | None:
    """Return the rule by which a dataset of indicators rates from a target and a floor standard."""
    return next((rule for rule in dataset.ratings if rule.rule == RULE), None)


def options_of(rule: RatingRule, datasets: Mapping[str, Dataset], dataset: Dataset) -> dict[str, str]:
    """Return what fills each column that no other words may fill, by the column."""
    found = {EDITION: "--paper", rule.key: "ID", rule.name: "--title", rule.polarity: "--polarity"}
    for name, term in (("value", rule.value), ("target", rule.target), ("floor", rule.floor)):
        if term is not None:
            field = datasets.get(term.data, dataset).field(term.column)
            found |= {field.unit_from: "--unit", field.of_from: "--of", term.column: f"--{name}"}
    return found


def rows_of(
    new: Indicator, dataset: Dataset, rule: RatingRule, datasets: Mapping[str, Dataset]
) -> dict[str, list[dict[str, str]]]:
    """Return the rows of a new indicator by dataset; a cell that nothing was said of is empty."""
    terms = {"value": rule.value, "target": rule.target, "floor": rule.floor}
    own = {rule.key: new.id, rule.name: new.title, rule.polarity: POLARITIES[new.polarity]}
    rows: Rows = {dataset.id: [own]}
    for name, term in terms.items():
        if term is None:
            continue
        if not term.data:
            own |= _figure(new, name, term, dataset)
        elif name in new.figures:
            place = datasets[term.data]
            where = {column: words[0] for column, words in term.where.items()}
            title = {rule.name: new.title} if rule.name in place.index else {}
            row = {**where, **title, term.key: new.id, **_figure(new, name, term, place)}
            rows.setdefault(place.id, []).append(row)
    return {name: [_filled(row, new, datasets[name]) for row in found] for name, found in rows.items()}


def _figure(new: Indicator, name: str, term: RatingTerm, dataset: Dataset) -> dict[str, str]:
    """Return the cells that a figure takes: itself, its unit, what it counts, and when a limit is met."""
    field = dataset.field(term.column)
    usual, said = MET_WHEN[new.polarity][0], new.more.get(term.met_when, "")
    cells = {
        term.column: new.figures.get(name, "[x]"),
        field.unit_from: new.unit,
        field.of_from: new.of or "[z]",
        term.met_when: said if said in MET_WHEN[new.polarity] else usual,
    }
    return {column: text for column, text in cells.items() if column}


def _filled(row: Mapping[str, str], new: Indicator, dataset: Dataset) -> dict[str, str]:
    """Return a whole row: what is known, what was said, and marks; empty where a word is needed."""
    edition = {EDITION: dataset.editions[-1].paper} if dataset.editions else {}
    known = {**new.more, **edition, **row}
    marks = {
        field.name: "[x]" if field.role == "measure" else "" if field.constraints.required else "[z]"
        for field in dataset.fields
    }
    return {name: known.get(name, mark) for name, mark in marks.items()}


def with_rows(snapshot: Snapshot, rows: Rows, datasets: Mapping[str, Dataset]) -> dict[SourcePath, bytes]:
    """Return the extracts with the new rows at their ends."""
    made = {}
    for name, found in rows.items():
        path = SourcePath(datasets[name].csv_path)
        new = [NewRow(tuple(row[column] for column in datasets[name].index), ()) for row in found]
        made[path] = appended(snapshot.sources[path].data, new)
    return made


def first_dataset(name: str, paper: str, item: str, period: str) -> dict[SourcePath, bytes]:
    """Return the files of a first dataset of indicators, still without a row, and of a page that shows it."""
    words = {"paper": paper, "item": item, "period": period}
    type_ = "quarter" if period.lower().startswith("quarter") else "mixed"
    said = {key: yaml_text(text) for key, text in words.items()}
    sidecar = SIDECAR.substitute(name=name, period_type=type_, units=", ".join(UNITS), **said)
    fields = [line.partition("name: ")[2].partition(",")[0] for line in sidecar.splitlines() if "- {name: " in line]
    return {
        SourcePath(f"content/data/{name}.csv"): f"{','.join(fields)}\n".encode(),
        SourcePath(f"content/data/{name}.yaml"): sidecar.encode(),
        SourcePath(f"content/{name}.md"): PAGE.substitute(name=name).encode(),
    }
