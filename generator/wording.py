"""Fill the roles in texts that are no markdown: titles, notes, descriptions, the head of a page.

There a figure becomes plain text, without a link.  Which texts of a thing are prose is decided here, once, for this and
for the comparison in `comparison`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from generator.config import Paper
from generator.datasets import EDITION, Dataset
from generator.diagnostics import Diagnostic, Location, hint_for
from generator.digest import digest
from generator.editions import chosen
from generator.frontmatter import FrontMatter
from generator.positioned import Entry, Items, Node, Table, Text
from generator.prose import place_in
from generator.roles import ROLE, ROLES, PrintedPart, ValuePart
from generator.values import BoundValue, bind

PROSE_KEYS = ("title", "subtitle", "alt", "notes", "label", "note")
"""The keys of a block whose texts readers read."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a role in a text may name."""

    datasets: Mapping[str, Dataset]
    papers: Mapping[str, Paper]
    edition: str = ""
    """The paper whose edition of a dataset is meant; empty for the newest."""

    def bind(self, part: ValuePart, problems: list[Diagnostic]) -> BoundValue | None:
        """Return the figure that *part* names."""
        dataset = self.datasets.get(part.dataset)
        if dataset is None:
            hint = hint_for(part.dataset, list(self.datasets), "datasets")
            message = f"there is no dataset '{part.dataset}'"
            problems.append(Diagnostic("unknown-dataset", message, part.at, hint=hint))
            return None
        named = [value for operand in part.operands for column, value in operand.where if column == EDITION]
        return bind(part, chosen(dataset, named, self.edition), problems)

    def check(self, part: PrintedPart, problems: list[Diagnostic]) -> bool:
        """Tell whether the paper of a quotation is known; note it if not."""
        if part.paper not in self.papers:
            hint = hint_for(part.paper, list(self.papers), "papers")
            message = f"there is no paper '{part.paper}' in sources.yaml"
            problems.append(Diagnostic("unknown-paper", message, part.at, hint=hint))
        return part.paper in self.papers

    def fill(self, text: str, at: Location, problems: list[Diagnostic], source: str = "") -> str:
        """Write the figures of the roles in *text*; *source* is the file it is from, where its place is not known."""
        if "{" not in text:
            return text

        def figure(found: re.Match[str]) -> str:
            place = place_in(source, at.path, text[: found.start()], found[0]) if source else at
            part = ROLES[found[1]](found[2], place)
            if isinstance(part, Diagnostic):
                problems.append(part)
            elif isinstance(part, PrintedPart):
                return part.figure if self.check(part, problems) else ""
            elif bound := self.bind(part, problems):
                return bound.text
            return ""

        return ROLE.sub(figure, text)

    def fill_block(self, table: Table, problems: list[Diagnostic]) -> Table:
        """Fill the texts of a block."""

        def filled(node: Node, *, is_prose: bool) -> Node:
            if isinstance(node, Text):
                return replace(node, value=self.fill(node.value, node.at, problems)) if is_prose else node
            if isinstance(node, Items):
                return replace(node, values=tuple(filled(child, is_prose=is_prose) for child in node.values))
            return self.fill_block(node, problems)

        entries = {
            key: Entry(entry.key_at, filled(entry.node, is_prose=key in PROSE_KEYS))
            for key, entry in table.entries.items()
        }
        return Table(entries, table.at)

    def fill_front(self, front: FrontMatter, source: str, problems: list[Diagnostic]) -> FrontMatter:
        """Fill the head of a page; *source* is its file."""
        title, description, summary, menu = (self.fill(text, front.at, problems, source) for text in front_texts(front))
        return replace(front, title=title, description=description, summary=summary, menu=menu)

    def fill_dataset(self, dataset: Dataset, source: str, problems: list[Diagnostic]) -> Dataset:
        """Fill the texts of a sidecar; *source* is its file."""
        if not any("{" in text for text in dataset_texts(dataset)):
            return dataset
        at = Location(dataset.sidecar_path)
        shelf = replace(self, edition=dataset.place.paper)

        def fill(text: str) -> str:
            return shelf.fill(text, at, problems, source)

        made = replace(
            dataset,
            title=fill(dataset.title),
            description=fill(dataset.description),
            notes=tuple(map(fill, dataset.notes)),
            fields=tuple(replace(field, description=fill(field.description)) for field in dataset.fields),
            totals=tuple(replace(total, label=fill(total.label)) for total in dataset.totals),
            claims=tuple(replace(claim, label=fill(claim.label)) for claim in dataset.claims),
            acknowledged=tuple(replace(note, reason=fill(note.reason)) for note in dataset.acknowledged),
        )
        return replace(made, digest=digest(dataset.digest, *dataset_texts(made)))


def front_texts(front: FrontMatter) -> tuple[str, str, str, str]:
    """Return the texts of the head of a page: title, description, summary and menu."""
    return front.title, front.description, front.summary, front.menu


def dataset_texts(dataset: Dataset) -> list[str]:
    """Return the texts of a sidecar that readers read."""
    return [
        dataset.title,
        dataset.description,
        *dataset.notes,
        *(field.description for field in dataset.fields),
        *(total.label for total in dataset.totals),
        *(claim.label for claim in dataset.claims),
        *(note.reason for note in dataset.acknowledged),
    ]


def block_texts(table: Table) -> Iterator[Text]:
    """Yield the texts of a block that readers read."""
    for key, entry in table.entries.items():
        nodes = list(entry.node.values) if isinstance(entry.node, Items) else [entry.node]
        for node in nodes:
            if isinstance(node, Table):
                yield from block_texts(node)
            elif isinstance(node, Text) and key in PROSE_KEYS:
                yield node
