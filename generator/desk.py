"""The commands of the quarterly update: receive a paper, import a table, review what it changes, correct a figure.

Each writes only when all is well, each file in one step; what an import brings waits in a file of its own until it was
reviewed.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from generator.diagnostics import Diagnostic, hint_for, render, sort_problems, summary

ROOT = click.option("--root", type=click.Path(file_okay=False, path_type=Path), default=Path(),
                    help="Folder of the project. [default: this folder]")  # fmt: skip
TODAY = click.option("--today", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Act as on this day.")
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
    assert addition is not None
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


@click.command()
@click.option("--accept", multiple=True, metavar="NAME", help="Accept an open matter; '*' stands for any letters.")
@click.option("--because", default="", help="Why it is so, in plain words.")
@click.option("--reread", multiple=True, metavar="PAGE", help="Say that you read a page again and its words are true.")
@click.option("--finish", is_flag=True, help="Take the update over, if nothing is open.")
@click.option("--drop", is_flag=True, help="Forget the update.")
@TODAY
@ROOT
def review(
    accept: tuple[str, ...],
    because: str,
    reread: tuple[str, ...],
    finish: bool,
    drop: bool,
    today: datetime.datetime | None,
    root: Path,
) -> None:
    """Show what an imported update changes, and decide about it.

    It ends with exit code 1 while anything is open.

    Example: transparency review --accept 'target/*' --because 'Targets for 2024/25, as the report prints them.'
    """
    from generator.facts import Memo
    from generator.pending import FILE as PENDING
    from generator.pending import to_json
    from generator.review import ACKNOWLEDGED, acknowledgement, matching, owner_of, review_of, text, told
    from generator.sources import read_snapshot

    day = day_of(today)
    if drop:
        (root / PENDING).unlink(missing_ok=True)
        click.echo("the update is forgotten; what was published is as it was")
        return
    pending = load_pending(root)
    if not pending.editions:
        click.echo("no update waits; 'transparency import' brings one")
        return
    for page in reread:
        _reread(root, page, [edition["paper"] for edition in pending.editions.values()])
    snapshot = read_snapshot(root).value
    options, memo = options_for(day), Memo()
    before, after, found = review_of(snapshot, pending, options, memo)
    if accept:
        if not because.strip():
            raise click.UsageError("say why with --because; the reason is kept")
        chosen = [matter for pattern in accept for matter in matching(found, pattern)]
        if not chosen:
            names = [matter.name for matter in found.open]
            fail(f"nothing open is called so; {hint_for(accept[0], names, 'open matters')}")
        decisions, entries = dict(pending.decisions), dict(pending.acknowledged)
        for matter in chosen:
            problem = next((p for p in after.problems if (p.code, p.at, p.message) == told(matter)), None)
            owner = owner_of(matter, after.site.datasets)
            if problem and owner and matter.kind in ACKNOWLEDGED:
                edition = pending.editions.get(owner, {}).get("paper", "")
                entries[owner] = (*entries.get(owner, ()), acknowledgement(problem, edition, because))
            else:
                decisions[matter.name] = (matter.message, because)
        pending = replace(pending, decisions=decisions, acknowledged=entries)
        write({root / PENDING: to_json(pending).encode()})
        click.echo(f"{len(chosen)} accepted: {because}\n")
        before, after, found = review_of(snapshot, pending, options, memo)
    if found.open or not finish:
        click.echo(text(found))
    if found.open:
        sys.exit(1)
    if finish:
        _finish(root, snapshot, before.site, pending, after, day)


def _reread(root: Path, page: str, papers: Sequence[str]) -> None:
    """Note in the head of a page which paper its words are about."""
    from generator.additions import with_value
    from generator.frontmatter import split_head

    place = root / page
    if not page.endswith(".md") or not place.is_file():
        raise click.BadParameter(f"there is no page '{page}'", param_hint="--reread")
    text = place.read_bytes().decode()
    head, body, _ = split_head(text)
    if not head:
        fail(f"{page} has no front matter")
    made = with_value(head, "commentary_for", papers[-1])
    write({place: f"---\n{made}---\n{body}".encode()})
    click.echo(f"{page}: its words are about '{papers[-1]}' now")


def _finish(root: Path, snapshot: Any, site: Any, pending: Any, after: Any, day: datetime.date) -> None:
    """Write the update into the content, with the digest of each new edition and an entry in the record of changes."""
    from generator.changes import PATH, Change, with_change
    from generator.diagnostics import Location
    from generator.editions import edition_digest
    from generator.paths import SourcePath
    from generator.pending import FILE as PENDING
    from generator.pending import overlaid

    sealed = {}
    for name, entry in pending.editions.items():
        digest = edition_digest(after.site.datasets[name], entry["paper"])[:16]
        sealed[name] = {**entry, "digest": digest}
    changed = overlaid(snapshot, replace(pending, editions=sealed), site.datasets)
    record = snapshot.sources.get(SourcePath(PATH))
    data = record.data if record else None
    for name, entry in pending.editions.items():
        reasons = dict.fromkeys(
            because for matter, (_, because) in pending.decisions.items() if f"/{name}/" in f"{matter}/"
        )
        added = f"{len(pending.rows(name))} rows"
        reason = " ".join([f"From {site.papers[entry['paper']].title}, {entry['period']}.", *reasons])
        data = with_change(data, Change(day, name, entry["paper"], "", "", added, "edition", reason, Location(PATH)))
    assert data is not None
    write({**{root / path: made for path, made in changed.items()}, root / PATH: data})
    (root / PENDING).unlink()
    click.echo(f"taken over: {', '.join(sorted(map(str, changed)))} and {PATH}")


@click.command()
@click.argument("dataset")
@click.argument("key")
@click.argument("column")
@click.argument("value", metavar="NEWVALUE")
@click.option("--kind", type=click.Choice(["revision", "method", "council", "ours"]), default=None,
              help="Planned by the source, change of method, corrected by the council, or our error.")  # fmt: skip
@click.option("--because", default="", help="Why it changed, in plain words for readers.")
@TODAY
@ROOT
def correct(
    dataset: str,
    key: str,
    column: str,
    value: str,
    kind: str | None,
    because: str,
    today: datetime.datetime | None,
    root: Path,
) -> None:
    """Change a published figure, and record what it was and why it changed.

    KEY names the row as references do, e.g. 'id=potholes-in-time'; of a dataset with editions the newest is meant
    unless KEY names 'published_in'.

    Example: transparency correct haf-places 'holiday=Easter 2021' taken_up 8123 --kind council --because 'Recounted.'
    """
    from generator.changes import KINDS, PATH, REVISED, Change, sentence, with_change
    from generator.corrections import Corrected, corrected, row_named
    from generator.diagnostics import Location
    from generator.editions import edition_digest
    from generator.paths import SourcePath
    from generator.pending import with_sources

    snapshot, library = content(root)
    found = library.datasets.get(dataset)
    if found is None:
        raise click.UsageError(
            f"there is no dataset '{dataset}'; {hint_for(dataset, list(library.datasets), 'datasets')}"
        )
    row = row_named(found, key)
    if isinstance(row, str):
        raise click.BadParameter(row, param_hint="KEY")
    if column not in found.index:
        raise click.BadParameter(
            f"{found.csv_path} has no column '{column}'; {hint_for(column, list(found.index), 'columns')}",
            param_hint="COLUMN",
        )
    if kind is None:
        for name, words in list(KINDS.items())[1:]:
            click.echo(f"  {name}: {words}")
        kind = ask("kind", "", choices=[name for name in KINDS if name != "edition"])
    because = because or ask("because", "")
    made = corrected(
        found, row, column, value, snapshot.sources[SourcePath(found.csv_path)].data, marked=kind in REVISED
    )
    if not isinstance(made, Corrected):
        stop_on([made], {found.csv_path: snapshot.text(found.csv_path)})
        return
    sidecar = snapshot.text(found.sidecar_path)
    for edition in found.editions:
        if edition.digest and edition.paper == made.paper:
            new = edition_digest(made.dataset, edition.paper)[: len(edition.digest)]
            sidecar = sidecar.replace(edition.digest, new)
    change = Change(day_of(today), dataset, made.key, column, made.old, made.new, kind, because, Location(PATH))
    record = snapshot.sources.get(SourcePath(PATH))
    files = {root / found.csv_path: made.data, root / PATH: with_change(record.data if record else None, change)}
    if sidecar != snapshot.text(found.sidecar_path):
        files[root / found.sidecar_path] = sidecar.encode()
    write(files)
    click.echo(f"{found.csv_path}:{row.line}: {sentence(found, change)} {KINDS[kind]}.")
    click.echo(f"recorded in {PATH}")
    changed = with_sources(snapshot, {SourcePath(place.relative_to(root).as_posix()): d for place, d in files.items()})
    known = set(problems_of(snapshot))
    follow = [problem for problem in problems_of(changed) if problem not in known]
    for problem in follow:
        click.echo(render(problem), err=True)
    if follow:
        click.echo(f"{summary(follow)} from what rests on this figure; settle that before the site is built", err=True)


def problems_of(snapshot: Any) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the datasets of a project."""
    from generator.build import load_config
    from generator.library import read_library

    return read_library(snapshot, load_config(snapshot, options_for(datetime.date.max)).value).problems


def content(root: Path) -> tuple[Any, Any]:
    """Read the project and its datasets."""
    from generator.build import load_config
    from generator.library import read_library
    from generator.sources import read_snapshot

    snapshot = read_snapshot(root).value
    return snapshot, read_library(snapshot, load_config(snapshot, options_for(datetime.date.max)).value).value


def options_for(day: datetime.date) -> Any:
    """Return the options of a build that writes nothing."""
    from generator.build import Options

    return Options(today=day)


def day_of(today: datetime.datetime | None) -> datetime.date:
    """Return the day that was told, or this one."""
    return (today or datetime.datetime.now(datetime.UTC)).date()


def council(root: Path) -> str:
    """Return the council of the project, who publishes its papers."""
    from generator.build import load_config
    from generator.sources import read_snapshot

    return str(load_config(read_snapshot(root).value, options_for(datetime.date.max)).value.council)


def load_pending(root: Path) -> Any:
    """Return the update that waits, or an empty one."""
    from generator.pending import FILE as PENDING
    from generator.pending import Pending, from_json

    place = root / PENDING
    if not place.exists():
        return Pending()
    found = from_json(place.read_text("utf-8"))
    if found is None:
        fail(f"{place.name} is damaged; 'transparency review --drop' forgets it, then import again")
    return found


def ask(what: str, proposal: str, *, optional: bool = False, choices: Sequence[str] = ()) -> str:
    """Ask for what was not told; where nobody can answer, say which option to give."""
    if not sys.stdin.isatty():
        if optional or (proposal and what != "description"):
            return proposal
        raise click.UsageError(f"give --{what}")
    kind = click.Choice(list(choices)) if choices else str
    default = proposal or ("" if optional else None)
    return str(click.prompt(what.capitalize(), default=default, type=kind, show_default=bool(proposal)))


def stop_on(problems: Sequence[Diagnostic], texts: Mapping[str, str]) -> None:
    """Show problems, and stop if one is an error."""
    from generator.diagnostics import is_error

    for problem in sort_problems(problems):
        click.echo(render(problem, texts.get(problem.at.path, "")), err=True)
    if any(map(is_error, problems)):
        fail(f"{summary(tuple(problems))}; nothing was written")


def fail(message: str) -> None:
    """Say why nothing was done, and stop."""
    click.echo(f"error: {message}", err=True)
    sys.exit(1)


def write(files: Mapping[Path, bytes]) -> None:
    """Exchange each file in one step; all are written beside their places first."""
    beside = {}
    for place, data in files.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        beside[place] = place.with_name(f".{place.name}.new")
        beside[place].write_bytes(data)
    for place, new in beside.items():
        new.replace(place)


COMMANDS = (receive, import_, review, correct)
