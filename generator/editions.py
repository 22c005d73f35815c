"""Choose between the editions of a dataset: the rows that one paper published, and what holds for those alone.

A dataset to which each quarter's paper adds rows says in the column ``published_in`` which paper a row is from, and
lists the papers under ``editions``, the newest last.  A page that names a ``paper`` shows that edition; any other the
newest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from generator.datasets import EDITION, Dataset
from generator.diagnostics import Diagnostic, Location, Severity, hint_for
from generator.digest import Digest, digest


def edition_of(dataset: Dataset, paper: str) -> Dataset:
    """Return the rows that *paper* published, with the checks and acknowledgements that are for them."""
    if not dataset.editions:
        return dataset
    first = dataset.editions[0].paper
    found = next((edition for edition in dataset.editions if edition.paper == paper), None)
    return replace(
        dataset,
        place=found.place if found else dataset.place,
        period=found.period if found else dataset.period,
        covers_to=found.covers_to if found else dataset.covers_to,
        rows=tuple(row for row in dataset.rows if dataset.text(row, EDITION) == paper),
        totals=tuple(total for total in dataset.totals if paper in total.where.get(EDITION, (first,))),
        claims=tuple(claim for claim in dataset.claims if paper in claim.where.get(EDITION, (paper,))),
        acknowledged=tuple(
            replace(note, where=MappingProxyType({key: v for key, v in note.where.items() if key != EDITION}))
            for note in dataset.acknowledged
            if note.where.get(EDITION, first) == paper
        ),
    )


def newest(dataset: Dataset) -> str:
    """Return the paper of the newest edition; empty if the dataset has none."""
    return dataset.editions[-1].paper if dataset.editions else ""


def view(dataset: Dataset, paper: str) -> Dataset:
    """Return the edition of *paper*, or the newest if there is none of that paper."""
    papers = [edition.paper for edition in dataset.editions]
    return edition_of(dataset, paper if paper in papers else newest(dataset))


def chosen(dataset: Dataset, named: Sequence[str], paper: str) -> Dataset:
    """Return what a filter that names the editions *named* looks at; of one that names none, the edition of *paper*."""
    if len(set(named)) > 1 or any(name not in (edition.paper for edition in dataset.editions) for name in named):
        return dataset
    return view(dataset, named[0] if named else paper)


def papers_of(dataset: Dataset) -> tuple[str, ...]:
    """Return the papers that rows of *dataset* are from."""
    return tuple(dict.fromkeys((dataset.place.paper, *(edition.paper for edition in dataset.editions))))


def views(dataset: Dataset, datasets: Mapping[str, Dataset]) -> list[tuple[Dataset, Mapping[str, Dataset]]]:
    """Return each edition of *dataset* with what it is held against: the same edition of the others."""
    papers = [edition.paper for edition in dataset.editions]
    found = [edition_of(dataset, paper) for paper in papers] or [dataset]
    return [(edition, beside(edition, datasets)) for edition in found]


def beside(edition: Dataset, datasets: Mapping[str, Dataset]) -> Mapping[str, Dataset]:
    """Return what belongs to an edition of a dataset: the same edition of the others, and those without editions."""
    return Beside(datasets, edition_of if edition.editions else view, edition.place.paper)


@dataclass(frozen=True, slots=True)
class Beside(Mapping[str, Dataset]):
    """Editions of the datasets; only what is asked for is read, so that nothing else counts as an input."""

    datasets: Mapping[str, Dataset]
    choose: Callable[[Dataset, str], Dataset]
    paper: str

    def __getitem__(self, name: str) -> Dataset:
        return self.choose(self.datasets[name], self.paper)

    def __contains__(self, name: object) -> bool:
        return name in self.datasets

    def __iter__(self) -> Iterator[str]:
        return iter(self.datasets)

    def __len__(self) -> int:
        return len(self.datasets)


def edition_digest(dataset: Dataset, paper: str) -> Digest:
    """Return the digest of the published cells of an edition."""
    fields = [field for field in dataset.fields if field.is_published]
    rows = edition_of(dataset, paper).rows
    return digest(*(repr(dataset.value(row, field.name)) for row in rows for field in fields))


def check_editions(dataset: Dataset, papers: Collection[str]) -> list[Diagnostic]:
    """Report rows and editions that do not fit each other, and figures that changed without a record."""
    problems: list[Diagnostic] = []
    known = [edition.paper for edition in dataset.editions]
    for edition in dataset.editions:
        if edition.paper not in papers:
            message = f"there is no paper '{edition.paper}' in sources.yaml"
            hint = hint_for(edition.paper, list(papers), "papers")
            problems.append(Diagnostic("unknown-paper", message, edition.place.at, hint=hint))
        if edition.digest and edition.digest != edition_digest(dataset, edition.paper)[: len(edition.digest)]:
            message = f"figures published in '{edition.paper}' have changed without a record"
            hint = "put them back, and change them with 'transparency correct', which records why"
            problems.append(
                Diagnostic("unrecorded-change", message, Location(dataset.csv_path), Severity.WARNING, hint)
            )
    for row in dataset.rows if known else ():
        paper = dataset.text(row, EDITION)
        if paper not in known:
            message = f"'{paper}' is none of the editions in {dataset.sidecar_path}"
            at = Location(dataset.csv_path, row.line, 1)
            problems.append(Diagnostic("unknown-edition", message, at, hint=hint_for(paper, known, "editions")))
    return problems
