"""The commands that bring in an update: receive a paper, import a table of it.

What an import brings waits in a file of its own until it was reviewed.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from generator.console import ROOT, ask, content, council, fail, load_pending, stop_on, write
from generator.diagnostics import hint_for

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
SOURCES = "content/sources.yaml"


@click.command()
@FILE
@click.option("--paper", required=True, help="A short name for it, for addresses: a-z, 0-9 and single hyphens.")
@click.option("--title", default="", help="Its title. [default: what the file says of itself]")
@click.option("--meeting", default="", help="The meeting that it went to.")
@click.option("--date", default="", help="Its date, as 2024-09-05. [default: what the file says of itself]")
@click.option("--publisher", default="", help="Who published it. [default: the council]")
@click.option("--description", default="", help="What it holds, in a sentence or two for readers.")
@click.option("--url", default="", help="Where the council publishes it.")
@ROOT
def receive(file: Path, paper: str, root: Path, **said: str) -> None:
    """Register a paper or workbook in sources.yaml, with the digest of its file.

    The digest tells it from any other.  What is not given is asked for, with what the file says of itself as a
    proposal.

    Example: transparency receive ~/Downloads/cabinet.pdf --paper cabinet-2024-09
    """
    from generator.additions import with_paper
    from generator.config import read_papers
    from generator.digest import checksum
    from generator.papers import said_by
    from generator.paths import SLUG

    place = root / SOURCES
    text = place.read_text("utf-8") if place.exists() else ""
    papers = read_papers(text, SOURCES).value
    data = file.read_bytes()
    digest = checksum(data)
    if not SLUG.fullmatch(paper):
        raise click.BadParameter(
            f"'{paper}' cannot stand in an address; use a-z, 0-9 and single hyphens", param_hint="--paper"
        )
    if paper in papers:
        same = papers[paper].sha256 == digest
        fail(f"'{paper}' is in {SOURCES} already" + (", and is this file" if same else "; choose another name"))
    if twin := next((known.id for known in papers.values() if known.sha256 == digest), ""):
        fail(f"this file is in {SOURCES} already, as '{twin}'")
    own = said_by(data)
    values = {
        "title": said["title"] or ask("title", own.title or file.stem),
        "meeting": said["meeting"] or ask("meeting", "", optional=True),
        "date": said["date"] or ask("date", own.date),
        "publisher": said["publisher"] or council(root),
        "description": said["description"] or ask("description", ""),
        "url": said["url"],
        "file": file.name,
        "sha256": digest,
    }
    made = with_paper(text, paper, values.items())
    problems = [p for p in read_papers(made, SOURCES).problems if p not in read_papers(text, SOURCES).problems]
    stop_on(problems, {SOURCES: made})
    write({place: made.encode()})
    click.echo(f"{SOURCES}: '{paper}' is added: {values['title']}, {values['date']}, SHA-256 {digest[:12]}…")


@click.command("import")
@FILE
@click.option("--dataset", "name", required=True, help="The dataset that the table adds rows to.")
@click.option("--paper", default="", help="The paper that published it. [default: the one that was received as FILE]")
@click.option("--period", default="", help="The period of the figures in words, e.g. 'Quarter 1 2024/25'.")
@click.option("--covers-to", default="", help="The last day of the period, as 2024-06-30.")
@click.option("--item", default="", help="The item of the paper.")
@click.option("--table", default="", help="The name of the table in the paper.")
@click.option("--sheet", default="", help="The sheet. [default: as last time, else the one with the right headings]")
@click.option("--header", type=click.IntRange(1), default=None, help="The row of the headings. [default: looked for]")
@click.option(
    "--columns", multiple=True, help="Which column of the dataset is which heading: 'value=Result, unit=Unit'."
)
@click.option("--rows", multiple=True, help="One kind of row that each row gives: 'what=target: value=Target'.")
@click.option("--alias", multiple=True, help="What the dataset calls a word of the table: '%=percent'.")
@click.option("--multiply", multiple=True, help="By what the numbers of a column are multiplied: 'value=0.001'.")
@click.option("--dry-run", is_flag=True, help="Show the rows, and write nothing.")
@ROOT
def import_(file: Path, name: str, root: Path, **said: Any) -> None:
    """Read the rows of a new edition from a table of the paper.

    The table is a CSV, XLSX or ODS, or text pasted from a PDF.  Nothing is published: the rows wait for 'transparency
    review'.  How columns become rows is remembered beside the
    sidecar, so that next quarter FILE, --dataset and --period are enough.

    Example: transparency import kpis.xlsx --dataset kpi-scorecard --period 'Quarter 1 2024/25'
    """
    from generator.datasets import PLAN
    from generator.digest import checksum
    from generator.imports import add_rows, keys_there
    from generator.mappings import check_plan, plan_yaml, read_plan
    from generator.workbooks import read_tables

    _, library = content(root)
    dataset = library.datasets.get(name)
    if dataset is None:
        raise click.UsageError(f"there is no dataset '{name}'; {hint_for(name, list(library.datasets), 'datasets')}")
    if not dataset.editions:
        fail(f"{dataset.sidecar_path} lists no 'editions'; /help/editing/quarterly-update/ says how a dataset grows")
    data = file.read_bytes()
    pending = load_pending(root)
    received = next((p.id for p in library.papers.values() if p.sha256 == checksum(data)), "")
    paper = said["paper"] or received or pending.editions.get(name, {}).get("paper", "")
    if paper not in library.papers:
        hint = hint_for(paper, list(library.papers), "papers")
        raise click.UsageError(
            f"say with --paper which paper published it; {hint}"
            if not paper
            else f"there is no paper '{paper}'; {hint}"
        )
    edition = _edition(dataset, pending.editions.get(name, {}), paper, said)
    place = root / dataset.sidecar_path.replace(".yaml", PLAN)
    path = place.relative_to(root).as_posix()
    old = read_plan(place.read_text("utf-8"), path, dataset) if place.exists() else None
    stop_on(old.problems if old else (), {path: place.read_text("utf-8") if place.exists() else ""})
    plan = _plan(old.value if old else None, said)
    stop_on(check_plan(plan, dataset, path), {})
    read = read_tables(file.name, data)
    if not read.value:
        stop_on(read.problems, {})
        fail(f"{file.name} holds no table")
    from generator.editions import edition_of

    made = add_rows(edition_of(dataset, _before(dataset, paper)), library.datasets, plan, read.value, edition)
    addition = made.value
    rows = addition.rows if addition else ()
    problems = [*read.problems, *made.problems, *keys_there(dataset, rows)]
    stop_on(problems, {})
    if addition is None or not rows:
        fail(f"no row of {file.name} could be read for '{name}'; name the columns with --columns column=Heading")
    for note in addition.notes:
        click.echo(note)
    if said["dry_run"]:
        for row in rows:
            click.echo(" | ".join(row.cells))
        click.echo(f"{len(rows)} rows for '{name}'; nothing was written")
        return
    entry = {"paper": paper, "period": edition.period, "covers_to": str(edition.covers_to or ""),
             "item": edition.place.item, "table": edition.place.table}  # fmt: skip
    entry = {key: text for key, text in entry.items() if text}
    kept = pending.with_rows(dataset, entry, f"{file.name}, {addition.plan.sheet}", rows)
    from generator.pending import FILE as PENDING
    from generator.pending import to_json

    write({place: plan_yaml(addition.plan).encode(), root / PENDING: to_json(kept).encode()})
    click.echo(f"{len(rows)} rows for '{name}' wait; 'transparency review' shows what they change")


def _before(dataset: Any, paper: str) -> str:
    """Return the edition before that of *paper*, from which names and units are carried over."""
    papers = [edition.paper for edition in dataset.editions if edition.paper != paper]
    return str(papers[-1]) if papers else ""


def _edition(dataset: Any, waiting: Mapping[str, str], paper: str, said: Mapping[str, Any]) -> Any:
    """Return the edition that an import is for: as it is published, as it waits, or as it was told."""
    from generator.datasets import Edition, Place
    from generator.diagnostics import Location

    if known := next((edition for edition in dataset.editions if edition.paper == paper), None):
        return known
    kept = waiting if waiting.get("paper") == paper else {}

    def told(key: str) -> str:
        return str(said[key] or kept.get(key, ""))

    if not told("period"):
        raise click.UsageError("say the period of the figures in words with --period, e.g. 'Quarter 1 2024/25'")
    try:
        covers_to = datetime.date.fromisoformat(told("covers_to")) if told("covers_to") else None
    except ValueError:
        raise click.BadParameter("write the day as 2024-06-30", param_hint="--covers-to") from None
    place = Place(paper, told("item"), "", told("table"), "", Location(dataset.sidecar_path))
    return Edition(place, told("period"), covers_to, "")


def _plan(old: Any, said: Mapping[str, Any]) -> Any:
    """Return how the table is read: as told, and else as last time."""
    from generator.mappings import Plan, pairs, row_kind

    plan = old or Plan()
    columns = {key: value for text in said["columns"] for key, value in pairs(text).items()}
    aliases = {text.rpartition("=")[0]: text.rpartition("=")[2] for text in said["alias"]}
    multiply = {key: value for text in said["multiply"] for key, value in pairs(text).items()}
    return replace(
        plan,
        sheet=said["sheet"] or plan.sheet,
        header=said["header"] or plan.header,
        columns={**plan.columns, **columns},
        rows=tuple(row_kind(text) for text in said["rows"]) or plan.rows,
        aliases={**plan.aliases, **aliases},
        multiply={**plan.multiply, **multiply},
    )
