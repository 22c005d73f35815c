"""Read papers, datasets and code lists, and recompute what each dataset claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from generator.changes import PATH as RECORD
from generator.changes import Change, noted, read_changes
from generator.codes import check_codes
from generator.comparison import Book, Comparison
from generator.config import Paper, SiteConfig, read_papers
from generator.datasets import CODES, PLAN, Dataset
from generator.diagnostics import Checked, Diagnostic, Location
from generator.digest import Digest, digest_of
from generator.editions import check_editions, papers_of, views
from generator.extracts import read_dataset
from generator.facts import Facts, Memo, Reads
from generator.figures import Library
from generator.mixing import check_totals_mix
from generator.paths import SourcePath
from generator.ratings import Rated, rate, rating_checks
from generator.reconcile import Check, check_dataset
from generator.sources import Snapshot, Source
from generator.wording import Shelf

PAPERS = SourcePath("content/sources.yaml")
FOLDER = "content/data/"


def read_library(snapshot: Snapshot, config: SiteConfig, memo: Memo | None = None) -> Checked[Library]:
    """Read papers and datasets, and recompute the printed totals and the published ratings."""
    memo = memo or Memo()
    problems: list[Diagnostic] = []
    papers = _papers(snapshot, memo, problems)
    written = _datasets(snapshot, memo, problems)
    comparison = compare_with(memo, written, "figures as written")
    with memo.stage("papers compared") as stage:
        for paper in papers.values():
            taken = tuple(name for name, dataset in written.items() if paper.id in papers_of(dataset))
            inputs = (taken, snapshot.digest(PAPERS))
            problems += stage.recall(paper.id, inputs, comparison.check_paper, paper, taken, snapshot)
    known = Facts(memo, "paper", papers, {name: digest_of(repr(paper)) for name, paper in papers.items()})
    shelf = Shelf(Facts(memo, "dataset as written", written, _digests(written)), known)
    record = snapshot.sources.get(SourcePath(RECORD))
    with memo.stage("record of changes") as stage:
        given = (record and record.digest, list(written))
        changes = stage.recall(RECORD, given, read_changes, record.data if record else None, written)
    problems += changes.problems
    filled: dict[str, Dataset] = {}
    with memo.stage("texts of datasets") as stage:
        for name, dataset in written.items():
            mine = tuple(change for change in changes.value if change.dataset == name)
            full = stage.recall(name, (dataset.digest, mine), _filled, dataset, mine, shelf, comparison, snapshot)
            problems += full.problems
            filled[name] = full.value
    datasets = Facts(memo, "dataset", filled, _digests(filled))
    checks: dict[str, tuple[Check, ...]] = {}
    ratings: dict[str, tuple[Rated, ...]] = {}
    found_by: dict[str, Digest] = {}
    with memo.stage("checks") as stage:
        for name, dataset in filled.items():
            entry = stage.entry(name, dataset.digest, _recomputed, dataset, datasets)
            (checks[name], ratings[name]), new = entry.value.value, entry.value.problems
            problems += new
            found_by[name] = basis(dataset.digest, entry.reads)
    library = Library(
        datasets, Facts(memo, "checks", checks, found_by), Facts(memo, "ratings", ratings, found_by), known,
        config.council, changes=changes.value if record else None,
    )  # fmt: skip
    return Checked(library, tuple(problems))


def basis(own: Digest, reads: Reads) -> Digest:
    """Name what something was made from: its own digest and the facts that were read."""
    return digest_of(
        [own, sorted((kind, str(key), seen) for kind, found in reads.items() for key, seen in found.items())]
    )


def compare_with(memo: Memo, datasets: Mapping[str, Dataset], kind: str) -> Comparison:
    """Return what compares typed figures with the cells of *datasets*, whose figures are read once."""
    with memo.stage(kind) as stage:
        books = {name: stage.recall(name, d.digest, Book, d) for name, d in datasets.items()}
    return Comparison(Facts(memo, kind, books, _digests(datasets)))


def _digests(datasets: Mapping[str, Dataset]) -> dict[str, Digest]:
    return {name: dataset.digest for name, dataset in datasets.items()}


def _papers(snapshot: Snapshot, memo: Memo, problems: list[Diagnostic]) -> Mapping[str, Paper]:
    with memo.stage("papers") as stage:
        papers = stage.recall(PAPERS, snapshot.digest(PAPERS), read_papers, snapshot.text(PAPERS), PAPERS)
    problems += papers.problems
    return papers.value


def _datasets(snapshot: Snapshot, memo: Memo, problems: list[Diagnostic]) -> dict[str, Dataset]:
    """Read every dataset as its files have it, and hold its words against the code lists."""
    datasets: dict[str, Dataset] = {}
    sidecars = [source for source in snapshot.under(FOLDER, ".yaml") if not source.path.endswith(PLAN)]
    with memo.stage("datasets") as stage:
        for sidecar in sidecars:
            stem = sidecar.path.removesuffix(".yaml")
            name = stem.removeprefix(CODES).removeprefix(FOLDER)
            if name in datasets:
                message, hint = f"there are a dataset and a code list '{name}'", "rename one of them"
                problems.append(Diagnostic("duplicate-id", message, Location(sidecar.path), hint=hint))
            extract = snapshot.sources.get(SourcePath(f"{stem}.csv"))
            inputs = (sidecar.digest, extract and extract.digest)
            read = stage.recall(sidecar.path, inputs, _dataset, name, sidecar, extract, snapshot)
            problems += read.problems
            if read.value is not None:
                datasets[name] = read.value
    facts = Facts(memo, "dataset as read", datasets, _digests(datasets))
    with memo.stage("codes") as stage:
        for name, dataset in datasets.items():
            problems += stage.recall(name, dataset.digest, check_codes, dataset, facts)
    problems += _without_sidecar(snapshot.under(FOLDER, ".csv"), {s.path.removesuffix(".yaml") for s in sidecars})
    return datasets


def _dataset(name: str, sidecar: Source, extract: Source | None, snapshot: Snapshot) -> Checked[Dataset | None]:
    text = (sidecar.path, snapshot.text(sidecar.path))
    read = read_dataset(name, text, (extract.path, extract.data) if extract else None)
    return Checked(read.value, (*read.problems, *(check_totals_mix(read.value) if read.value else ())))


def _without_sidecar(extracts: Iterable[Source], known: set[str]) -> Iterable[Diagnostic]:
    for extract in extracts:
        stem = extract.path.removesuffix(".csv")
        if stem not in known:
            hint = f"describe it in {stem}.yaml"
            yield Diagnostic("no-sidecar", "this extract has no sidecar", Location(extract.path), hint=hint)


def _filled(
    dataset: Dataset, changes: Sequence[Change], shelf: Shelf, comparison: Comparison, snapshot: Snapshot
) -> Checked[Dataset]:
    """Compare the figures that are typed into a sidecar, fill its roles, and add a note for each of its *changes*."""
    text = snapshot.text(dataset.sidecar_path)
    problems = [*comparison.check_dataset(dataset, text), *check_editions(dataset, shelf.papers)]
    return Checked(noted(shelf.fill_dataset(dataset, text, problems), changes), tuple(problems))


def _recomputed(
    dataset: Dataset, datasets: Mapping[str, Dataset]
) -> Checked[tuple[tuple[Check, ...], tuple[Rated, ...]]]:
    """Recompute what each edition of a dataset claims, and its ratings."""
    checks: list[Check] = []
    ratings: list[Rated] = []
    problems: list[Diagnostic] = []
    for edition, others in views(dataset, datasets):
        checked, rated = check_dataset(edition, others), rate(edition, others, datasets)
        checks += [*checked.value, *rating_checks(edition, rated.value)]
        ratings += rated.value
        problems += [*checked.problems, *rated.problems]
    return Checked((tuple(checks), tuple(ratings)), tuple(problems))
