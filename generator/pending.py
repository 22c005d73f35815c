"""An update that waits for its review: new rows, their editions, and what was decided; nothing of it is in the content.

It is kept as one file, from which, with the content as it is, the content as it would be is made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from generator.additions import flow, with_entry
from generator.datasets import Dataset
from generator.imports import NewRow, appended
from generator.paths import SourcePath
from generator.sources import Snapshot, snapshot_of

FILE = ".update.json"


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits; all by the name of the dataset."""

    editions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The entry of the sidecar for the new edition."""
    parts: Mapping[str, Mapping[str, tuple[NewRow, ...]]] = field(default_factory=dict)
    """The rows of each table, by its file and sheet."""
    acknowledged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Entries of the sidecar for differences that the paper prints."""
    decisions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """The message and the reason of what was accepted, by the name of the matter."""

    def with_rows(self, dataset: Dataset, edition: Mapping[str, str], table: str, rows: tuple[NewRow, ...]) -> Pending:
        """Return the update with the rows of a table.

        They take the place of what came from the same table, of any that has one of their rows, as the mended copy of a
        workbook has, and of another edition.
        """
        key = [dataset.index[column] for column in dataset.primary_key]

        def keys(part: tuple[NewRow, ...]) -> set[tuple[str, ...]]:
            return {tuple(row.cells[position] for position in key) for row in part}

        mine, name = keys(rows), dataset.id
        kept = self.parts.get(name, {}) if self.editions.get(name, edition)["paper"] == edition["paper"] else {}
        parts = {other: part for other, part in kept.items() if other != table and not keys(part) & mine}
        parts[table] = rows
        return replace(self, editions={**self.editions, name: edition}, parts={**self.parts, name: parts})

    def rows(self, dataset: str) -> tuple[NewRow, ...]:
        """Return all new rows of a dataset."""
        return tuple(row for rows in self.parts.get(dataset, {}).values() for row in rows)


def to_json(pending: Pending) -> str:
    """Write an update as it is kept."""
    parts = {
        dataset: {table: [[row.cells, row.places] for row in rows] for table, rows in found.items()}
        for dataset, found in pending.parts.items()
    }
    kept = {"editions": pending.editions, "parts": parts, "acknowledged": pending.acknowledged,
            "decisions": pending.decisions}  # fmt: skip
    return json.dumps(kept, indent=1, ensure_ascii=False, default=dict) + "\n"


def from_json(text: str) -> Pending | None:
    """Read an update; `None` if the file is damaged."""
    try:
        kept = json.loads(text)
        parts = {
            dataset: {table: tuple(NewRow(tuple(c), tuple(p)) for c, p in rows) for table, rows in found.items()}
            for dataset, found in kept["parts"].items()
        }
        decisions = {name: (message, because) for name, (message, because) in kept["decisions"].items()}
        acknowledged = {name: tuple(entries) for name, entries in kept["acknowledged"].items()}
        editions = {name: {key: str(text) for key, text in entry.items()} for name, entry in kept["editions"].items()}
        if not all(entry["paper"] for entry in editions.values()):
            return None
        return Pending(editions, parts, acknowledged, decisions)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def overlaid(snapshot: Snapshot, pending: Pending, datasets: Mapping[str, Dataset]) -> dict[SourcePath, bytes]:
    """Return the sources that the update changes, as they would be."""
    changed: dict[SourcePath, bytes] = {}
    for name, edition in pending.editions.items():
        dataset = datasets.get(name)
        if dataset is None:
            continue
        extract, sidecar = SourcePath(dataset.csv_path), SourcePath(dataset.sidecar_path)
        changed[extract] = appended(snapshot.sources[extract].data, pending.rows(name))
        text = snapshot.text(sidecar)
        if edition["paper"] not in (known.paper for known in dataset.editions):
            text = with_entry(text, "editions", flow(edition))
        for entry in pending.acknowledged.get(name, ()):
            text = with_entry(text, "acknowledged", entry)
        changed[sidecar] = text.encode()
    return changed


def with_sources(snapshot: Snapshot, changed: Mapping[SourcePath, bytes]) -> Snapshot:
    """Return a snapshot in which some sources are others."""
    contents = {str(path): source.data for path, source in snapshot.sources.items()}
    return snapshot_of({**contents, **{str(path): data for path, data in changed.items()}})
