"""The commands that change published figures: review an update and take it over, correct one figure.

Each writes only when all is well.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from generator.console import (
    ROOT,
    TODAY,
    ask,
    content,
    day_of,
    fail,
    load_pending,
    options_for,
    problems_of,
    stop_on,
    write,
)
from generator.diagnostics import hint_for, render, summary


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
