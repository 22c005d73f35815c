"""The commands `new page`, `new chart`, `new indicator` and `new site`: they write files that pass every check at once.

What is there already is never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.console import ROOT, ask, fail, stop_on, write
from generator.diagnostics import hint_for, is_error, render, summary
from generator.paths import SLUG, SourcePath, bad_segment, slugify, url_for

if TYPE_CHECKING:  # a command loads what it needs alone
    from generator.datasets import Dataset
    from generator.indicators import Rows


@click.command("page")
@click.argument("path")
@click.option("--title", required=True, help="The heading of the page.")
@ROOT
def new_page(path: str, title: str, root: Path) -> None:
    """Begin a page at PATH, as a draft that is kept back until you say so.

    PATH is the address without the slashes at its ends.

    Example: transparency new page budget/reserves --title "Reserves"
    """
    from generator.starts import page_text

    stem = path.strip("/").removeprefix("content/").removesuffix(".md")
    source = SourcePath(f"content/{stem}.md")
    if not stem or (bad := bad_segment(source)):
        what = f"'{bad}' cannot stand in an address" if stem else "a page needs an address"
        raise click.BadParameter(f"{what}; use a-z, 0-9 and single hyphens, e.g. budget/reserves", param_hint="PATH")
    if not " ".join(title.split()):
        raise click.BadParameter("a page needs a title", param_hint="--title")
    beside = f"content/{stem.removesuffix('/index')}.md" if stem.endswith("/index") else f"content/{stem}/index.md"
    for taken in (root / source, root / beside):
        if taken.exists():
            fail(f"{taken.as_posix()} is there already")
    _write(root / source, page_text(" ".join(title.split())).encode())
    click.echo(
        f"{(root / source).as_posix()} is written, for the address {url_for(source)}. Now write its description and "
        "its text.\n'transparency serve' shows it; take out 'draft: true' when it is ready."
    )


@click.command("chart")
@click.option("--dataset", required=True, help="The dataset to show.")
@click.option("--kind", default="", help="Kind of chart, e.g. line. [default: one that fits]")
@click.option("--id", "name", default="", help="Name of the chart, kept for ever. [default: from dataset and columns]")
@ROOT
def new_chart(dataset: str, kind: str, name: str, root: Path) -> None:
    """Begin a chart of a dataset in a file of its own, which any page can show.

    Example: transparency new chart --dataset haf-places --kind dumbbell
    """
    from generator.addresses import unfit_name
    from generator.build import Options, load_config, parse_pages
    from generator.charts.spec import KINDS
    from generator.library import read_library
    from generator.named_charts import CHARTS, read_named_charts
    from generator.sources import read_snapshot
    from generator.starts import draft_chart, ids_of

    if kind and kind not in KINDS:
        raise click.BadParameter(f"there is no kind '{kind}'; {hint_for(kind, KINDS, 'kinds')}", param_hint="--kind")
    snapshot = read_snapshot(root).value
    library = read_library(snapshot, load_config(snapshot, Options()).value).value
    known = [one for one, found in library.datasets.items() if not found.is_code_list]
    if dataset not in known:
        raise click.BadParameter(
            f"there is no dataset '{dataset}'; {hint_for(dataset, known, 'datasets')}", param_hint="--dataset"
        )
    drafted = draft_chart("draft", library.datasets[dataset], library, kind)
    draft = drafted.value
    if draft is None:
        for problem in drafted.problems:
            click.echo(render(problem).partition(": ")[2], err=True)
        fail(f"no {kind or 'chart'} fits '{dataset}'; nothing was written")
    name = name or slugify(f"{dataset} by {draft.category}")
    if not SLUG.fullmatch(name) or unfit_name(name):
        raise click.BadParameter(f"'{name}' cannot stand in an address; choose another", param_hint="--id")
    place = root / f"{CHARTS}{name}.yaml"
    if place.exists():
        fail(f"{place.as_posix()} is there already; choose another --id")
    if name in ids_of(parse_pages(snapshot).value, read_named_charts(snapshot).value):
        fail(f"a figure of a page is called '{name}' already; choose another --id")
    _write(place, draft.text.encode())
    click.echo(f"{place.as_posix()} is written: kind {draft.kind}, {draft.columns}.")
    for column, value in draft.where:
        click.echo(f"Only rows where {column} is '{value}' are shown; change 'where' to show others.")
    click.echo(
        f"Now reword its title, '{draft.title}': say in one sentence what the chart shows.\n"
        f"A page shows it by a chart block with 'use: {name}'."
    )


@click.command("indicator")
@click.argument("name", metavar="ID")
@click.option("--title", required=True, help="Its name, as the paper prints it.")
@click.option("--polarity", type=click.Choice(["higher", "lower"]), required=True, help="Which way is better.")
@click.option("--dataset", default="", help="The dataset that it joins. [default: the one that holds indicators]")
@click.option("--unit", default="percent", show_default=True, help="Unit of the result and of its limits.")
@click.option("--of", default="", help="What a count counts, e.g. complaints.")
@click.option("--value", default="", help="The result.")
@click.option("--target", default="", help="The target.")
@click.option("--floor", default="", help="The floor standard, or the upper threshold where lower is better.")
@click.option("--set", "more", multiple=True, metavar="COLUMN=TEXT", help="What stands in another column.")
@click.option("--paper", default="", help="Of the first indicator: the paper that prints it.")
@click.option("--item", default="", help="Of the first indicator: the item of the paper.")
@click.option("--period", default="", help="Of the first indicator: the period in words, e.g. 'Quarter 1 2024/25'.")
@ROOT
def new_indicator(name: str, title: str, dataset: str, root: Path, **said: Any) -> None:
    """Add an indicator to a dataset of indicators, or begin the first.

    Its rating is recomputed from its result, target and floor standard.  What you do not say is marked [x], which
    means that it is not in the paper.

    Example: transparency new indicator potholes-in-time --title "Potholes mended in time" --polarity higher --target 90
    """
    from generator.build import Options
    from generator.diagnostics import Severity
    from generator.facts import Memo
    from generator.indicators import Indicator, options_of, rows_of, rule_of, with_rows
    from generator.pending import with_sources
    from generator.review import standing
    from generator.sources import read_snapshot

    if not SLUG.fullmatch(name):
        raise click.BadParameter(f"'{name}' is no short name; use a-z, 0-9 and single hyphens", param_hint="ID")
    if not " ".join(title.split()):
        raise click.BadParameter("an indicator needs a name for readers", param_hint="--title")
    memo = Memo()
    before = standing(read_snapshot(root).value, Options(), memo)
    datasets = dict(before.site.datasets)
    made: dict[SourcePath, bytes] = {}
    if known := [one for one, found in datasets.items() if rule_of(found)]:
        dataset = dataset or (known[0] if len(known) == 1 else "")
        if dataset not in known:
            what = f"'{dataset}' is no dataset of indicators" if dataset else "say which dataset it joins"
            hint = hint_for(dataset, known, "datasets of indicators")
            raise click.BadParameter(f"{what}; {hint}", param_hint="--dataset")
    else:
        errors = tuple(filter(is_error, before.problems))  # one of them may hide the dataset that is looked for
        stop_on(errors, {problem.at.path: before.snapshot.text(problem.at.path) for problem in errors})
        first, made = _first(root, dataset, before.site.papers, said)
        dataset, datasets[first.id] = first.id, first
    snapshot, place = with_sources(before.snapshot, made), datasets[dataset]
    rule = rule_of(place)
    assert rule is not None
    if any(place.text(row, rule.key) == name for row in place.rows):
        fail(f"'{name}' is in {place.csv_path} already; a figure changes through 'transparency correct'")
    figures = {key: said[key] for key in ("value", "target", "floor") if said[key]}
    more = {column: text for column, _, text in (pair.partition("=") for pair in said["more"])}
    new = Indicator(name, " ".join(title.split()), said["polarity"], said["unit"], said["of"], figures, more)
    for column, option in options_of(rule, datasets, place).items():
        if column in more:
            raise click.BadParameter(f"'{column}' is filled by {option}", param_hint="--set")
    rows = rows_of(new, place, rule, datasets)
    _refuse_rows(rows, datasets, more)
    made |= with_rows(snapshot, rows, datasets)
    after = standing(with_sources(snapshot, made), Options(), memo)
    problems = [p for p in after.problems if p not in before.problems and p.severity is not Severity.NOTE]
    for problem in problems:
        click.echo(render(problem, made.get(SourcePath(problem.at.path), b"").decode()), err=True)
    if problems:
        fail(f"{summary(tuple(problems))}; nothing was written")
    write({root / path: data for path, data in made.items()})
    for path in made:
        click.echo(f"{(root / path).as_posix()} is written")
    marked = [column for column, text in rows[dataset][0].items() if text == "[x]"]
    click.echo(
        f"'{name}' joins '{dataset}'. "
        + (f"Marked [x], not in the paper: {', '.join(marked)}.\nWrite there what the paper prints; " if marked else "")
        + "'transparency check' recomputes the rating."
    )


def _first(root: Path, name: str, papers: Mapping[str, Any], said: Mapping[str, Any]) -> tuple[Dataset, Any]:
    """Return the first dataset of indicators, still without a row, and its files."""
    from generator.extracts import read_dataset
    from generator.indicators import FIRST, first_dataset

    name = name or FIRST
    paper = said["paper"] or (next(iter(papers)) if len(papers) == 1 else "")
    if not SLUG.fullmatch(name) or bad_segment(SourcePath(f"content/{name}.md")):
        raise click.BadParameter(f"'{name}' cannot stand in an address; choose another", param_hint="--dataset")
    if paper not in papers:
        hint = hint_for(paper, list(papers), "papers") if papers else "'transparency receive' registers one"
        raise click.BadParameter(f"say which paper prints the indicators; {hint}", param_hint="--paper")
    made = first_dataset(name, paper, said["item"] or ask("item", ""), said["period"] or ask("period", ""))
    for path in made:
        if (root / path).exists():
            fail(f"{(root / path).as_posix()} is there already; choose another --dataset")
    extract, sidecar, _ = made
    found = read_dataset(name, (sidecar, made[sidecar].decode()), (extract, made[extract])).value
    assert found is not None
    return found, made


def _refuse_rows(rows: Rows, datasets: Mapping[str, Dataset], more: Mapping[str, str]) -> None:
    """Refuse rows of which a word is missing, words for no column, and what was reviewed already."""
    columns = list(dict.fromkeys(column for one in rows for column in datasets[one].index))
    for column in more:
        if column not in columns:
            hint = hint_for(column, columns, "columns")
            raise click.BadParameter(f"there is no column '{column}'; {hint}", param_hint="--set")
    empty = {column: "" for found in rows.values() for row in found for column, text in row.items() if not text}
    if empty:
        raise click.UsageError(f"say what stands in {', '.join(empty)}: {' '.join(f'--set {c}=…' for c in empty)}")
    for one in rows:
        if datasets[one].editions and datasets[one].editions[-1].digest:
            fail(
                f"the rows of {datasets[one].csv_path} were reviewed and are sealed; "
                "a new indicator comes with the next report, through 'transparency import'"
            )


@click.command("site")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def new_site(folder: Path) -> None:
    """Begin a council's own site in DIR, with one example of each thing.

    The figures of the examples are made up and say so.

    Example: transparency new site our-figures
    """
    packaged = Path(str(files("generator"))) / "starter"
    if folder.exists() and any(folder.iterdir()):
        fail(f"{folder.as_posix()}/ is not empty; choose a new folder")
    found = sorted(place for place in packaged.rglob("*") if place.is_file())
    for place in found:
        name = place.relative_to(packaged).as_posix()
        _write(folder / (".gitignore" if name == "gitignore" else name), place.read_bytes())
    click.echo(
        f"{folder.as_posix()}/ holds {len(found)} files. All figures in it are made up, and say so.\n"
        f"Look at it with 'transparency serve --root {folder.as_posix()}'. "
        "Then say in content/site.yaml who you are, and replace the example by your own papers and figures."
    )


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("xb") as file:
        file.write(data)
